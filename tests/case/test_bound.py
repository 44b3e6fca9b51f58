"""Whatever a case does all day, its rows are those that its log tells of; what another program does to them is named."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.case import material
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages.preview import open_package
from workbench.case.storage.backup import restore
from workbench.cli import main
from workbench.identity import Bureau, Officer, TrustList
from workbench.ledger.verification.verify import open_ledger, verify_case


def sound(case: Case) -> None:
    """By the command and by the program that uses nothing of ours."""
    from tests.ledger.test_binding import program

    found = case.log.verify()
    assert found.loc[found["state"] == "bad", "said"].tolist() == []
    assert found.loc[found["check"] == "ledger rows", "state"].tolist() == ["ok"]
    assert program().verify(case.context.ledger.connection) == []


def work(case: Case) -> None:
    """Extract, judge, and judge again, mark, state, put a table in, withdraw and restore, set aside and reopen."""
    case.extract()
    pair = [find_entity(case.context, "Ada Brook"), find_entity(case.context, "Cleo Dunn")]
    for same in (False, True):
        case.judgements.judge(pair, same=same, because="as the passport says")
    first = case.context.passages["passage_id"].iloc[0]
    case.review.note("The van matters.", passages=[first])
    case.evidence.add("Person", source=first, because="said so", name="Dara Finch")
    case.handling.mark("note.md", handling=["H1"], because="as received")
    sound(case)
    case.add(case.context.folder.path.parent / "material")
    case.sources.withdraw("note.md", because="not ours")
    case.sources.restore("note.md", because="ours")
    case.report("found.html")
    sound(case)


@pytest.mark.slow
def test_a_day_of_work_leaves_rows_that_the_log_tells_of(case: Case, tmp_path: Path) -> None:
    work(case)
    case.privacy.erase("note.md", because="request 7", sure=True)
    sound(case)
    case.storage.backup(tmp_path / "case.backup")
    restored = open_case(restore(tmp_path / "case.backup", tmp_path / "again"), officer="ada", purpose="test")
    sound(restored)
    restored.close()
    case.storage.encrypt("four words and a comma")
    case.review.note("in an encrypted case")
    sound(case)


def officer(name: str, bureau: str, country: str) -> tuple[Officer, Bureau]:
    chief = identity.create_temporary(bureau, bureau=bureau, country=country, role="bureau")
    made = identity.create_temporary(name, bureau=bureau, country=country)
    card = identity.issue(made.card, chief, until="2099-12-31T23:59:59Z")
    return made.replace_card(card), Bureau.from_card(chief.card)


@pytest.mark.slow
def test_a_package_is_bound_where_it_is_taken_in(tmp_path: Path) -> None:
    (ada, valdora), (bo, sarnia) = officer("ada", "NCB Valdora", "QM"), officer("bo", "NCB Sarnia", "QN")
    mine = open_case(tmp_path / "mine", officer=ada, purpose="training")
    mine.add(material.write(tmp_path))
    path = mine.packages.pack(to=[bo.card], reason="joint case", trust=TrustList((valdora, sarnia)))
    sound(mine)
    theirs = open_case(tmp_path / "theirs", officer=bo, purpose="training")
    with open_package(path, officer=bo, trust=TrustList((valdora, sarnia))) as package:
        package.add_to(theirs)
    sound(theirs)
    theirs.add(tmp_path / "material")
    sound(theirs)
    for case in (mine, theirs):
        case.close()


def test_an_edited_row_is_named_by_the_command(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    folder = case.context.folder
    case.close()
    assert main(["verify", str(folder.path)]) == 0
    assert re.search(r"rows in \d\d tables match the log\.", capsys.readouterr().out)
    sql = sqlite3.connect(folder.ledger, isolation_level=None)
    sql.create_function("plain", 1, str)
    sql.execute("UPDATE passages SET text = replace(text, 'grey van', 'blue van')")
    sql.close()
    assert main(["verify", str(folder.path)]) == 1
    told = capsys.readouterr().out
    assert re.search(r"\(collection: run note\.md\): 1 of \d+ rows of passages is changed: ", told)
    assert main(["verify", str(folder.path), "--log-only"]) == 0
    entry = next(one.entry for one in verify_case(open_ledger(folder.ledger)) if one.state == "bad")
    assert f"The first entry that you cannot rely on is {entry}." in told

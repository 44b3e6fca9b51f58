"""A way in which a file came counts nowhere once its message is erased, whatever happens to the other message that attaches the file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.case.test_excluded_attachments import letter, pack
from tests.case.test_files_of_chats import (
    BO,
    DANA,
    SHARED,
    find_shown,
    lines,
    mailbox,
    page,
    phone,
    signal,
    telegram,
    to_tar,
)
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.erasure import purge

if TYPE_CHECKING:
    import pandas as pd

pytestmark = pytest.mark.slow

THREE = (("Dana Lee", "files/s.txt"), ("Bo Stone", "files/s.txt"), ("Cy Open", "files/open.txt"))
BESIDE = {"files/s.txt": SHARED, "files/open.txt": b"Open windlass of Cy."}
SAID = (("Dana Lee", "s.txt (file attached)"), ("Bo Stone", "s.txt (file attached)"), ("Cy Open", "hello there"))
CHAT = telegram(*THREE).replace(b'"Cy Open", "from_id": "user9"', b'"Cy Open", "from_id": "user7"')
ONE = {
    "Telegram": ("t.zip", pack({"result.json": CHAT, **BESIDE})),
    "Telegram, both forms": ("t.zip", pack({"result.json": CHAT, "messages.html": page(*THREE), **BESIDE})),
    "Telegram, TAR": ("t.tar.gz", to_tar({"result.json": CHAT, **BESIDE})),
    "Telegram, a ZIP in a ZIP": ("t.zip", pack({"in.zip": pack({"result.json": CHAT, **BESIDE})})),
    "WhatsApp": ("w.zip", pack({"WhatsApp Chat with Dana.txt": lines(*SAID), "s.txt": SHARED})),
    "Signal": ("s.zip", pack({"Dana/data.json": signal(*THREE), **{f"Dana/{k}": v for k, v in BESIDE.items()}})),
    "mailbox": ("m.mbox", mailbox("Dana Lee", "Bo Stone")),
    "phone": ("p.ufdr", phone([(DANA, "a/s.txt"), (BO, "a/s.txt")], {"a/s.txt": SHARED})),
}
"""Files in which two messages attach one file."""
TWO = {
    "two archives": {
        "a.zip": pack({"result.json": telegram(("Dana Lee", "files/s.txt")), "files/s.txt": SHARED}),
        "b.zip": pack({"WhatsApp Chat with Bo.txt": lines(SAID[1], SAID[2]), "s.txt": SHARED}),
    }
}
"""Two files, in each of which a message attaches one file."""
FORMS = {**{form: {name: data} for form, (name, data) in ONE.items()}, **TWO}


def find_messages(case: Case, who: str) -> list[str]:
    sent = case.messages()
    named = sent["sender"].astype(str).str.contains(who)
    return sorted({str(key) for key in sent.loc[named, "document_id"]})


def erase(case: Case, who: str) -> None:
    case.privacy.erase(find_messages(case, who), because="order", sure=True)


def exclude(case: Case, who: str) -> None:
    case.sources.exclude(sender="Dana Lee" if who == "Dana" else "Bo Stone", because="counsel")


def mark(case: Case, who: str) -> None:
    case.handling.mark(find_messages(case, who), level="EXERCISE RESTRICTED", because="secret")


def withdraw(case: Case, who: str) -> None:
    case.sources.withdraw("a.zip" if who == "Dana" else "b.zip", because="wrong file")


HOW = {"erased": erase, "excluded": exclude, "marked": mark, "withdrawn": withdraw}
ENDS = [
    (form, first, then)
    for form in FORMS
    for first in HOW
    for then in HOW
    if "erased" in (first, then) and (form in TWO or "withdrawn" not in (first, then))
]


@pytest.fixture
def filled(tmp_path: Path) -> Callable[[str], Case]:
    """A case with the files of a form."""

    def fill(form: str) -> Case:
        made = open_case(tmp_path / "case", officer="ada", purpose="test")
        for name, data in FORMS[form].items():
            (tmp_path / name).write_bytes(data)
            made.add(tmp_path / name)
        return made

    return fill


@pytest.mark.parametrize(("form", "first", "then"), ENDS)
def test_a_file_goes_with_the_last_way_that_counts(
    filled: Callable[[str], Case], tmp_path: Path, form: str, first: str, then: str
) -> None:
    with closing(filled(form)) as case:
        assert find_shown(case) == {"Shared"}
        HOW[first](case, "Bo")
        assert find_shown(case) == {"Shared"}, "one way counts still"
        HOW[then](case, "Dana")
        assert find_shown(case) == set()
    with closing(open_case(tmp_path / "case", officer="bob", purpose="test")) as case:
        assert find_shown(case) == set()
        files = case.sources.list()
        standing = files[files["name"].str.endswith("s.txt") & (files["state"] != "withdrawn")]
        assert standing.empty or "excluded" in (first, then)
        told = [row for row in case.sources.issues()["message"] if "received in another way" in row]
        assert not told, "an erased way is no other way"
    kept = [path for path in (tmp_path / "case" / "sources").iterdir() if path.read_bytes() == SHARED]
    assert bool(kept) == ({first, then} != {"erased"})


def count_rows(table: pd.DataFrame, what: str) -> int:
    return int(table.loc[table["what"] == what, "number"].sum())


def test_the_answer_counts_attached_files_that_go_and_names_those_that_stay(filled: Callable[[str], Case]) -> None:
    with closing(filled("WhatsApp")) as case:
        bo, dana = (find_messages(case, who) for who in ("Bo", "Dana"))
        for sure in (False, True):
            told = case.privacy.erase(bo, because="order", sure=sure)
            stays = told[told["what"] == "attached files, which stay"]
            assert stays["number"].tolist() == [1] and "w.zip/s.txt" in stays["note"].iloc[0]
            assert count_rows(told, "of these, attached to it or in it") == 0
        for sure in (False, True):
            told = case.privacy.erase(dana, because="order", sure=sure)
            assert count_rows(told, "of these, attached to it or in it") == 1
            assert count_rows(told, "attached files, which stay") == 0


@pytest.mark.parametrize("form", ["Telegram", "WhatsApp", "mailbox"])
@pytest.mark.parametrize("then", ["erased", "excluded", "marked"])
def test_an_erased_way_does_not_come_back_with_a_later_export(
    filled: Callable[[str], Case], tmp_path: Path, form: str, then: str
) -> None:
    later = {
        "Telegram": pack(
            {"more/result.json": CHAT, "more/new.txt": b"new", **{f"more/{k}": v for k, v in BESIDE.items()}}
        ),
        "WhatsApp": pack({"WhatsApp Chat with Dana.txt": lines(*SAID, ("Cy Open", "again")), "s.txt": SHARED}),
        "mailbox": mailbox("Dana Lee", "Bo Stone", "Cy Open"),
    }
    with closing(filled(form)) as case:
        erase(case, "Bo")
        (tmp_path / f"later {ONE[form][0]}").write_bytes(later[form])
        case.add(tmp_path / f"later {ONE[form][0]}")
        if form == "mailbox":  # the mail of Cy attaches it too
            erase(case, "Cy")
        assert find_shown(case) == {"Shared"}
        HOW[then](case, "Dana")
        assert find_shown(case) == set()


@pytest.mark.parametrize("form", ["Telegram", "WhatsApp", "Signal"])
def test_a_way_that_an_older_workbench_kept_goes_when_the_case_is_opened(
    filled: Callable[[str], Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    before = "source IN temp.er_source OR outer_source IN temp.er_source"
    kept = tuple((table, called, before if table == "arrivals" else rows) for table, called, rows in purge.DELETE)
    with closing(filled(form)) as case, monkeypatch.context() as older:
        older.setattr(purge, "DELETE", kept)
        erase(case, "Bo")
        erase(case, "Dana")
        assert find_shown(case) == {"Shared"}, "as it was left"
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        assert find_shown(case) == set()
        assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    assert not [path for path in (tmp_path / "case" / "sources").iterdir() if path.read_bytes() == SHARED]


def test_a_file_that_only_a_withdrawn_archive_holds_comes_back_with_it(filled: Callable[[str], Case]) -> None:
    with closing(filled("two archives")) as case:
        withdraw(case, "Bo")
        erase(case, "Dana")
        assert find_shown(case) == set()
        case.sources.restore("b.zip", because="right after all")
        assert find_shown(case) == {"Shared"}
        assert set(case.log.verify()["state"]) <= {"ok", "not checked"}


def test_a_held_file_keeps_the_last_message_that_attaches_it(filled: Callable[[str], Case]) -> None:
    with closing(filled("WhatsApp")) as case:
        case.privacy.hold("w.zip/s.txt", because="order of the court")
        erase(case, "Bo")
        with pytest.raises(CaseError, match="on legal hold"):
            erase(case, "Dana")
        assert find_shown(case) == {"Shared"}


def test_a_file_is_not_called_by_an_erased_way(tmp_path: Path) -> None:
    files = {
        "law.eml": letter("Dana Lee <dl@law.example>", {"quietname.txt": SHARED}),
        "boss.eml": letter("Bo Stone <bs@x.example>", {"openname.txt": SHARED}),
    }
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
            case.add(tmp_path / name)
        erase(case, "Dana")
        assert case.sources.list()["name"].tolist() == ["boss.eml", "boss.eml/openname.txt"]
        assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    kept = b"".join(path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file())
    assert b"quietname" not in kept

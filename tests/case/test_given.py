"""What people give by mistake is told in words, before anything is done, and is never answered by an empty table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest

import workbench as wb
from workbench import identity
from workbench.app.pipeline import Job, run_job
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.review import decisions
from workbench.case.review.decisions import KNOWLEDGE
from workbench.errors import CaseError, PackageError, WorkbenchError

REGISTER = "name,birthDate,phone\nAna Ruiz,1984-03-01,+44 7700 900123\nAna Ruiz,1984-03-01,+44 7700 900124\n"
LETTER = "From: ana@b.example\nTo: bo@b.example\nDate: Thu, 13 Mar 2025 09:00:00 +0100\nSubject: seal\n\nThe seal of Ana Ruiz.\n"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("given")
    (folder / "register.csv").write_text(REGISTER)
    (folder / "letter.eml").write_text(LETTER)
    made = open_case(
        folder / "case", officer=identity.create_temporary("ada", bureau="A", country="QM"), purpose="training"
    )
    for name in ("register.csv", "letter.eml"):
        made.add(folder / name)
    yield made
    made.close()


WRONG: dict[str, tuple[Callable[[Case], object], str]] = {
    "nothing opened": (lambda _: wb.open_case(None, officer="ada", purpose="x"), "`open_case: folder` must be text or a path, not None"),  # type: ignore[arg-type]
    "is not a folder": (lambda _: wb.open_case("", officer="ada", purpose="x"), "folder` is empty"),
    "no path": (lambda case: case.add(""), "path` is empty"),
    "a list of paths": (lambda case: case.add(["a.txt"]), "`add: path` must be text or a path, not a value of the type `list`"),  # type: ignore[arg-type]
    "a number searched": (lambda case: case.search(447700900123), "text` must be text, not 447700900123"),  # type: ignore[arg-type]
    "hits in words": (lambda case: case.search("seal", limit="ten"), "limit` must be a whole number"),  # type: ignore[arg-type]
    "no hits": (lambda case: case.search("seal", limit=0), "`limit`: 0"),
    "a table on a chart": (lambda case: case.chart(case.entities()), "net` must be a graph from `case.graph`"),  # type: ignore[arg-type]
    "a graph of others": (lambda case: case.chart(nx.path_graph(3)), "net` must be a graph from `case.graph`"),  # type: ignore[arg-type]
    "a list about": (lambda case: case.graph(["Ana Ruiz"]), "`graph: about` must be text, not a value of the type `list`"),  # type: ignore[arg-type]
    "no hop": (lambda case: case.graph("Ana Ruiz", hops=-1), "`hops`: -1"),
    "a word judged": (lambda case: case.judgements.judge(case.judgements.duplicates(), same="yes", because="x"),
        "`True` or `False` or `None`, not 'yes'"),  # type: ignore[arg-type]
    "no reason": (lambda case: case.judgements.judge(case.judgements.duplicates(), same=True), "missing a required argument: 'because'"),  # type: ignore[call-arg]
    "an unknown option": (lambda case: case.search("seal", sinse="2025"), "unexpected keyword argument 'sinse'"),  # type: ignore[call-arg]
    "a schema": (lambda case: case.entities("Persn"), "'Persn' is not a type of entity. Did you mean Person"),
    "pairs of a schema": (lambda case: case.judgements.duplicates("person"), "'person' is not a type of entity"),
    "a kind": (lambda case: case.search("seal", kind="Emails"), "'Emails' is not a type of entity. Did you mean Email"),
    "a period": (lambda case: case.search("seal", since="2025-10-01", until="2025-09"), ") is later than the end (until"),
    "a detail of a note": (lambda case: case.review.note("So it is.", kind="conclusion", natur="fact"),
        "A note has no field 'natur'"),
    "a degree": (lambda case: case.review.note("So it is.", kind="conclusion", confidence="sehr"), "confidence: 'sehr' is not known"),
    "a probability that is no word": (lambda case: case.review.note("So it is.", kind="conclusion", probability="potato"),
        "probability: 'potato' is not known. Use one of these: remote chance"),
    "a probability as a number": (lambda case: case.review.note("So it is.", kind="conclusion", probability="70%"),
        "probability: '70%' is not known"),
    "an entity split for no reason": (lambda case: case.judgements.split("Ana Ruiz", because=" "), "split: because` is empty"),
    "a source withdrawn for no reason": (lambda case: case.sources.withdraw("letter.eml", because=""), "withdraw: because` is empty"),
    "a source restored for no reason": (lambda case: case.sources.restore("letter.eml", because="\t"), "restore: because` is empty"),
    "a note withdrawn for no reason": (lambda case: case.review.withdraw("note", because=""), "withdraw: because` is empty"),
    "a person classified for no reason": (lambda case: case.evidence.classify("Ana Ruiz", "witness", because=" "), "because` is empty"),
    "a value corrected for no reason": (lambda case: case.evidence.correct("Ana Ruiz", "name", "Ann", source=KNOWLEDGE, because=" "),
        "`evidence.correct: because` is empty"),
    "a source graded for no reason": (lambda case: case.evidence.grade("letter.eml", "A1", because=" "), "grade: because` is empty"),
    "a mark for no reason": (lambda case: case.handling.mark("letter.eml", tlp="red", because="  "), "mark: because` is empty"),
    "a folder as report": (lambda case: case.report(case.context.folder.path), "is not a name for a report"),
    "a report in Word": (lambda case: case.report("found.docx"), "is not a name for a report"),
    "a disk that is not there": (lambda case: case.storage.backup(case.context.folder.path.parent / "stick" / "b.backup"),
        "does not exist. Create it"),
    "a day of no calendar": (lambda case: case.evidence.add("Person", birthDate="31/02/1980", source=KNOWLEDGE),
        "'31/02/1980' is not a date"),
    "a day in two ways": (lambda case: case.evidence.add("Person", birthDate="03/04/1980", source=KNOWLEDGE),
        "'03/04/1980' is not a date"),
    "a person and a number": (lambda case: case.judgements.judge(["person", "number"], same=True, because="x"),
        "can never be the same item"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_told_in_words(case: Case, mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    things = case.entities()
    ends = {"person": "Person", "number": "TelephoneNumber"}
    found = {name: things.loc[things["schema"] == schema, "canonical_id"].iloc[0] for name, schema in ends.items()}
    monkeypatch.setattr(decisions, "find_entity", lambda context, name: found.get(name) or find_entity(context, name))
    does, said = WRONG[mistake]
    with pytest.raises(WorkbenchError) as told:
        does(case)
    assert said in str(told.value)


def test_one_text_stands_for_a_list_of_one(case: Case, tmp_path: Path) -> None:
    passage = str(case.search("seal")["passage_id"].iloc[0])
    case.review.note("One passage.", passages=passage)  # type: ignore[arg-type]
    assert case.review.notes()["passages"].iloc[-1] == [passage]
    with pytest.raises(CaseError, match=r"nowhere\.txt cannot be read"):
        case.log.verify(checkpoints=str(tmp_path / "nowhere.txt"))
    with pytest.raises(WorkbenchError, match=r"card bo\.json cannot be read"):
        case.packages.pack(to="bo.json", reason="x")


@pytest.mark.slow
def test_one_row_of_the_pairs_is_judged(case: Case) -> None:
    row, before = case.judgements.duplicates("Person").iloc[0], len(case.entities("Person"))
    case.judgements.judge(row, same=True, because="same birth date")  # type: ignore[arg-type]
    assert len(case.entities("Person")) == before - 1
    case.judgements.judge(row, same=None, because="not sure")  # type: ignore[arg-type]
    assert len(case.entities("Person")) == before


def test_a_package_that_is_over_is_not_made(case: Case) -> None:
    bo = identity.create_temporary("bo", bureau="B", country="QN")
    with pytest.raises(CaseError, match=r"2020-01-01.* is in the past"):
        case.packages.pack(to=[bo.card], reason="x", valid_until="2020-01-01", unknown_addressee="test")
    made = case.packages.pack(to=[bo.card], reason="x", unknown_addressee="test")
    with pytest.raises(PackageError, match=r"stick.inbox does not exist"):
        case.packages.send(made, case.context.folder.path.parent / "stick" / "inbox")
    opened = wb.open_package(made, officer=bo, trust=identity.TrustList(()))
    opened.close()
    with pytest.raises(PackageError, match="The package is closed"):
        opened.documents()


def test_a_job_without_material_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="does not exist"):
        run_job(Job(tmp_path / "nowhere", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_closed_case_says_so(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test", title="Shut")
    case.close()
    assert repr(case) == "Case 'Shut': closed"
    for verb in (case.documents, case.charts.panel, case.sources.issues):
        with pytest.raises(CaseError, match="The case is closed"):
            verb()


def test_each_degree_of_the_scale_may_be_written(case: Case) -> None:
    for word in ("likely, probable", "probable", "almost certain"):
        case.review.note("So it is.", kind="conclusion", probability=word)
    details = list(case.review.notes()["detail"])
    assert {"likely, probable", "probable", "almost certain"} <= {one.get("probability") for one in details}

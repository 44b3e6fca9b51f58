"""What is set aside is counted and found nowhere: a walk through every public verb looks for it."""

from __future__ import annotations

import inspect
import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from workbench.case.case import Case, open_case
from workbench.errors import CaseError

SECRET = "quillfeather"
"""Stands in what the lawyer writes and receives, and nowhere else."""
LAWYER = "+31 97 014 0001"
CALLS = (
    "Calling Number,Called Number,Start Time,Duration\n"
    "+31970140002,+31970140003,2024-03-01T09:00:00,60\n"
    "+31970140002,+31970140001,2024-03-01T10:07:13,60\n"
)


def letter(sender: str, text: str, attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, "marta@example.org", "Fri, 01 Mar 2024 09:00:00 +0100"
    message["Subject"], message["Message-ID"] = "About the matter", f"<{abs(hash((sender, text)))}@example.org>"
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="zip", filename="papers.zip")
    return message.as_bytes()


def papers() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("plea.txt"), f"The {SECRET} plea says that Rodolfo Quillfeather was in Lisbon."
        )
    return buffer.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "counsel").mkdir(parents=True)
    (folder / "a.eml").write_bytes(letter("Ilse Raadsman <ilse@law.example>", f"My {SECRET} advice, Marta.", papers()))
    (folder / "b.eml").write_bytes(
        letter("Bob Stevedore <bob@example.org>", "The boat leaves at nine, says Marta Oliveira.")
    )
    (folder / "calls.csv").write_text(CALLS)
    (folder / "counsel" / "memo.txt").write_text(f"Memo on the {SECRET} file for Rodolfo Quillfeather.")
    (folder / "report.txt").write_text("Bob Stevedore was seen at the quay.")
    return folder


@pytest.fixture
def case(tmp_path: Path, files: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(files)
    yield made
    made.close()


def flat(answer: object) -> str:
    """Everything that an answer shows, as text."""
    if isinstance(answer, pd.DataFrame):
        return answer.to_csv() + repr(answer.attrs)
    if isinstance(answer, nx.Graph):
        return repr(list(answer.nodes(data=True))) + repr(list(answer.edges(data=True)))
    if isinstance(answer, Path):
        return answer.read_bytes().decode("utf-8", "replace")
    html = getattr(answer, "_repr_html_", None)
    return repr(answer) + (html() if html else "")


def walk(case: Case, folder: Path) -> Iterator[tuple[str, str]]:
    """Name of each verb that answers, and what it answers."""
    for name in (
        "audit",
        "decisions",
        "documents",
        "duplicates",
        "entities",
        "evidence",
        "issues",
        "notes",
        "ranking",
        "set_asides",
    ):
        yield name, flat(getattr(case, name)())
    for text in (SECRET, "plea", "advice", "Lisbon", "Marta", "boat"):
        found = case.search(text)
        yield f"search {text}", flat(found.drop(columns="matched"))
        assert not found["text"].str.contains(SECRET, case=False).any()
    yield "like", flat(case.search(like=f"the {SECRET} advice of counsel"))
    yield "graph", flat(case.graph(accounts="apart", services=True))
    yield "chart", flat(case.chart())
    yield "report", flat(case.report(folder / "report.html"))
    calls = case.calls
    for answer in (
        calls.summary(),
        calls.contacts("+31970140002"),
        calls.days("+31970140002"),
        calls.rhythm(),
        calls.devices(),
    ):
        yield f"calls: {answer.title}", flat(answer.table) + answer.picture + flat(answer.records())
    for name in ("Marta", "Bob Stevedore"):
        try:
            yield f"why {name}", flat(case.why("Bob Stevedore", name))
        except CaseError as error:
            yield f"why {name}", str(error)
    with pytest.raises(CaseError) as refused:
        case.evidence(SECRET)
    yield "error", str(refused.value).replace(repr(SECRET), "")
    for path in sorted(case.book.folder.derived.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


SEEN_ELSEWHERE = {
    "accept", "add", "close", "correct", "describe", "extract", "judge", "mapping", "note", "paths", "plan", "reject", "remap",
    "reopen", "restore", "set_aside", "show", "sources", "split", "state", "withdraw",
}  # fmt: skip
"""Verbs that say or change something, or tell of files: the walk goes through those that answer about the material."""


def test_the_walk_knows_every_verb() -> None:
    verbs = {name for name, _ in inspect.getmembers(Case, inspect.isfunction) if not name.startswith("_")}
    walked = {
        "audit",
        "decisions",
        "documents",
        "duplicates",
        "entities",
        "evidence",
        "issues",
        "notes",
        "ranking",
        "set_asides",
    }
    assert verbs - walked - {"search", "graph", "chart", "report", "why"} - SEEN_ELSEWHERE == set()


def test_before_reading_it_is_found_and_afterwards_nowhere(case: Case, tmp_path: Path) -> None:
    case.extract()
    assert len(case.search(SECRET)) and SECRET in flat(case.evidence()).casefold()
    assert case.set_aside(sender="ilse@law.example", because="counsel")["documents"].item() == 3
    case.set_aside(folder="counsel", because="counsel")
    assert case.set_aside(number=LAWYER, because="counsel")["rows"].item() == 1
    case.extract()
    for name, text in walk(case, tmp_path):
        shown = text.casefold().replace("'quillfeather'", "")
        if name != "audit":
            assert SECRET not in shown, name
            assert "t10:07:13" not in shown, name
    assert set(case.set_asides()["state"]) == {"set aside"}


def test_it_is_taken_before_anybody_reads_it(case: Case, files: Path, tmp_path: Path) -> None:
    case.set_aside(sender="ilse@law.example", because="counsel")
    (files / "later.eml").write_bytes(letter("Ilse <ilse@law.example>", f"One more {SECRET} word.", papers()))
    case.add(files)
    case.set_aside(folder="counsel", because="counsel")
    case.extract()
    assert case.search(SECRET).empty or not case.search(SECRET)["text"].str.contains(SECRET, case=False).any()
    assert case.set_asides()["documents"].tolist() == [4, 1]


def test_only_a_named_role_reopens_with_a_reason(case: Case) -> None:
    before = len(case.documents())
    key = case.set_aside(term=SECRET, because="counsel")["set_aside_id"].item()
    assert len(case.documents()) == before - 4
    with pytest.raises(CaseError, match="may not reopen"):
        case.reopen(key, role="analyst", because="curious")
    with pytest.raises(CaseError, match="reason"):
        case.reopen(key, role="independent counsel", because="")
    case.reopen(key, role="independent counsel", because="order of the court")
    assert len(case.documents()) == before
    case.extract()
    assert case.search(SECRET)["text"].str.contains(SECRET, case=False).any()
    assert case.set_asides()["reopened_by"].item() == "independent counsel: order of the court"
    said = " ".join(case.audit()["detail"])
    assert "order of the court" in said and '"set aside"' in said


def test_a_period_takes_messages_and_rows_of_tables(case: Case) -> None:
    row = case.set_aside(since="2024-03-01T09:30", until="2024-03-01", ground="out of period", because="order")
    assert row["rows"].item() == 1


def test_what_says_nothing_is_refused(case: Case) -> None:
    with pytest.raises(CaseError, match="nothing says what"):
        case.set_aside(because="counsel")
    with pytest.raises(CaseError, match="reason"):
        case.set_aside(term="x", because="")
    with pytest.raises(CaseError, match="nobody in this case"):
        case.set_aside(sender="Nobody Known", because="counsel")
    with pytest.raises(CaseError, match="ground"):
        case.set_aside(term="x", ground="dislike", because="counsel")

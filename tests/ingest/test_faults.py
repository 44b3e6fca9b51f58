"""Hostile and damaged input: no exception but SourceError, no hang, no time that grows faster than the input."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest

from tests.cost import linear, within
from tests.ingest.tables.sheets import CALLS, PERSONS, workbook
from tests.ingest.test_chat import EXPORT
from tests.ingest.test_mail import letter
from tests.ingest.test_pdf import portable
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.chats import chat_export as chat
from workbench.ingest.chats import service_senders
from workbench.ingest.mail import mail_reader as mail
from workbench.ingest.mail import mail_rows as mailrows
from workbench.ingest.reading import html_text, participants
from workbench.ingest.reading.passages import split_pieces
from workbench.ingest.tables.columns import cell_values
from workbench.model import identifiers
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, Passage, Trace
from workbench.model.table_schemas import build_arrow_schema

SLOWEST = 2.0
"""CPU seconds after which a reader counts as hanging."""
SPICE = (
    b"", b"\x00", b"\n", b"\n\n", b"\xff", b'"', b";", b",", b"=?utf-8?q?", b"?=", b"(", b")", b" | From: ", b" | To: ",
    b"Content-Type: multipart/mixed; boundary=x\n", b"--x\n", b"charset=utf-9", b"<", b">", b"\r", b"\xed\xa0\x80", b"0" * 50,
    b"Content-Transfer-Encoding: base64\n", b"=\n", b"[", b"]", b"9999-99-99T99:99:99", b"\xe2\x80\xae", b"\x1f", b"PK\x03\x04",
)  # fmt: skip


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to five accidents: bits turned, pieces cut out, doubled, moved, or put in."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(out) + 1)
        length = dice.randint(0, 40)
        match dice.randrange(5):
            case 0 if out:
                out[at % len(out)] ^= 1 << dice.randrange(8)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                out = out[: max(at, 1)]
            case _:
                out[at:at] = dice.choice(SPICE)
    return bytes(out)


def plain(kind: pa.DataType) -> pa.DataType:
    """Type of the values of a column, also where they are written as numbers of a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def survives(name: str, data: bytes, reader: str | None = None) -> int:
    """Read all rows and check what every reader promises of them; how many there were, 0 where the file was refused."""
    file = SourceFile(Path("/nowhere"), "0" * 64, name, data)
    start = time.process_time()
    try:
        rows = list(read(file, reader=reader))
        assert rows, "neither a row nor a reason: the file is lost"
    except SourceError as error:
        assert len(str(error)) > 20  # noqa: PT017 - either rows or a reason
        rows = []
    documents = {row.id for row in rows if isinstance(row, Document)}
    traces = [row for row in rows if isinstance(row, Trace)]
    assert len({trace.id for trace in traces}) == len(traces)
    assert {trace.document_id for trace in traces} == documents
    known = documents | {""}
    for row in rows:
        match row:
            case Batch():
                assert [(one.name, plain(one.type)) for one in row.rows.schema] == [
                    (one.name, one.type) for one in build_arrow_schema(row.table)
                ]
                assert set(row.rows.column("document_id").to_pylist()) <= documents
            case Enclosure():
                assert row.document_id in known and row.name and isinstance(row.data, bytes)
            case Passage():
                assert row.document_id in documents and row.text
            case Issue():
                assert row.document_id in known and row.message
            case Claim() | Trace():
                assert row.document_id in known
    if time.process_time() - start > SLOWEST:
        within(SLOWEST, lambda: _tried(file, reader))
    return len(rows)


def _tried(file: SourceFile, reader: str | None) -> None:
    with suppress(SourceError):
        list(read(file, reader=reader))


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "data", "reader", "times"),
    [
        ("box.mbox", b"From a\n" + letter().as_bytes() + b"\nFrom b\n" + letter(Subject="").as_bytes(), "mail", 1_000),
        ("persons.csv", PERSONS.encode(), "table", 1_500),
        ("book.xlsx", workbook({"A": [["Name", "Phone"], ["Ada", "+31644891202"]]}), "table", 300),
        ("r.pdf", portable("One page."), "pdf", 500),
        ("t.md", EXPORT.encode("utf-16"), "text", 500),
        ("p.html", b"<p>One <b>two</b></p><script>x</script><!-- c --><td>1", "text", 1_000),
        ("unknown", EXPORT.encode(), None, 1_000),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_damaged_files_never_raise(name: str, data: bytes, reader: str | None, times: int) -> None:
    dice = random.Random(name)
    for _ in range(times):
        survives(name, mutated(data, dice), reader)


@pytest.mark.faults
def test_attached_damage_never_raises() -> None:
    dice = random.Random("attached")
    outer = letter()
    outer.add_attachment(EXPORT.encode(), maintype="text", subtype="plain", filename="chats.txt")
    outer.add_attachment(CALLS.encode(), maintype="text", subtype="csv", filename="calls.csv")
    outer.add_attachment(letter(Subject="inner"))
    for _ in range(500):
        survives("a.eml", mutated(outer.as_bytes(), dice), "mail")


PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in (chat, mail, mailrows, html_text, participants, service_senders, cell_values, identifiers)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
SEEDS = (
    "a",
    "0",
    " ",
    "1,",
    "1.",
    "a b ",
    "--",
    "-a_",
    "\n",
    "+1 ",
    "http",
    "code ",
    "win ",
    "t.me/",
    "On a wrote",
    "_",
    "(",
    "x@",
    ": ",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_patterns_take_linear_time(name: str) -> None:
    pattern = PATTERNS[name]
    for seed in SEEDS:
        subjects = [(seed * (size // len(seed))) for size in (20_000, 200_000)]
        if isinstance(pattern.pattern, bytes):
            subjects = [subject.encode() for subject in subjects]
        linear(lambda text: [pattern.search(text), pattern.fullmatch(text)], *subjects, least=0.005)


@pytest.mark.slow
@pytest.mark.parametrize(
    "work",
    [
        lambda n: html_text.extract_text("<" * n),
        lambda n: html_text.extract_text("<!--" * n),
        lambda n: html_text.extract_text("<script>" * n),
        lambda n: html_text.extract_text('<a "' * n),
        lambda n: html_text.extract_text("<p>" * n + "</p>" * n),
        lambda n: list(split_pieces(["word " * n])),
        lambda n: list(split_pieces(["w" * n])),
        lambda n: list(split_pieces(["", "w"] * n)),
        lambda n: participants.split_participants("a (b), " * n),
        lambda n: participants.split_participants("(" * n + ", " * n),
        lambda n: detect(SourceFile(Path("/nowhere"), "0" * 64, "x", b"a: b\n" * n)),
        lambda n: list(read(SourceFile(Path("/nowhere"), "0" * 64, "x.csv", b'a,"b\n' * (n // 50)))),
        lambda n: list(
            read(SourceFile(Path("/nowhere"), "0" * 64, "x.eml", b"From: a@b.c\nTo: " + b"a@b.c, " * (n // 50)))
        ),
        lambda n: list(
            read(SourceFile(Path("/nowhere"), "0" * 64, "x.eml", b"From: a@b.c\nTo: " + b"<(" * (n // 50) + b"\n"))
        ),
        lambda n: list(
            read(SourceFile(Path("/nowhere"), "0" * 64, "x.eml", b"From: a@b.c\nTo: b\nX: " + b"=?a?q?" * (n // 50)))
        ),
    ],
    ids=lambda _: "",
)
def test_readers_take_linear_time(work: Callable[[int], object]) -> None:
    linear(work, 5_000, 50_000)

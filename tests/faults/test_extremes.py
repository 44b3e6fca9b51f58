"""No value of a file breaks a case: times, numbers, positions and texts beyond all limits, in every reader, before every verb.

A verb answers or refuses in words of its own; what a sound file says is answered as without the others; what is bad is told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from tests.case.walking import verbs as walked_verbs
from tests.cost import within
from tests.faults import verbs
from tests.faults.extremes import LETTER, Sample, samples, spiced
from tests.faults.verbs import ASKED, LAST, NEEDS_MORE, Target
from tests.model.test_bounds import batch
from workbench.case.case import Case, open_case
from workbench.case.network.calls import CallRecords
from workbench.errors import CaseError, SchemaError, SourceError
from workbench.ingest import READERS, SourceFile, read
from workbench.ledger import Arrival, Run
from workbench.ledger.parquet_rows import RowsWriter
from workbench.model.rows import Claim, Document, Issue, LedgerRow, Passage, Trace
from workbench.model.time_zones import is_far
from workbench.model.values.limits import LABEL, PASSAGE, find_fault

ZONE = "Pacific/Kiritimati"
GOOD = "Marta Oliveira met Bob Stevedore at the crane. Call +44 7700 900123."
ALL = samples()
BAD_MAIL = (
    f"From: Marta Oliveira <m@x.example>\r\nTo: b@y.example\r\nSubject: s\r\nDate: {LETTER}\r\n\r\nThe crane fell."
)
"""The e-mail that broke a case."""


def one_of_each(seed: int) -> dict[str, bytes]:
    """A spiced file for each reader."""
    made = {}
    for reader, many in ALL.items():
        dice = random.Random(f"{reader} {seed}")
        sample = dice.choice(many)
        made[sample.name] = spiced(sample, dice.choice)
    return made


def filled(folder: Path, files: dict[str, bytes]) -> Case:
    """A case with the good file and others, read for names."""
    place = folder / "in"
    place.mkdir(parents=True)
    (place / "good.txt").write_text(GOOD, "utf-8")
    for name, data in files.items():
        (place / name).write_bytes(data)
    case = open_case(folder / "case", officer="ada", purpose="test")
    case.add(place, options={"region": "GB"})
    case.extract()
    return case


def target(case: Case, folder: Path, number: int = 0) -> Target:
    """Something to ask about: a thing of the bad files, and the good one's person beside it."""
    out = folder / f"out-{number}"
    out.mkdir(exist_ok=True)
    (out / "note.txt").write_text("A note.", "utf-8")
    ids = list(case.entities()["canonical_id"])
    return Target(
        "good.txt",
        ids[number % len(ids)],
        ids[-1 - number % len(ids)],
        case.context.passages["passage_id"].iloc[0],
        out,
    )


def answers(case: Case) -> dict[str, set[tuple[object, ...]]]:
    """What the case answers of the good file."""
    documents = case.documents()
    rows = documents[
        documents["document_id"].isin(case.context.traces.query("source_name == 'good.txt'")["document_id"])
    ]
    hits = case.search("crane", limit=1_000)
    said = case.evidence.list()
    said = said[said["document_id"].isin(rows["document_id"])]
    return {
        "documents": set(rows[["document_id", "title", "at", "at_utc"]].itertuples(index=False, name=None)),
        "hits": set(
            hits.loc[hits["source_name"] == "good.txt", ["text", "passage_id"]].itertuples(index=False, name=None)
        ),
        "evidence": set(said[["entity_id", "schema", "prop", "value", "start"]].itertuples(index=False, name=None)),
    }


@pytest.fixture(autouse=True, scope="module")
def home_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An identity home of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[object, ...]]]:
    """What a case answers that holds the good file and no other."""
    with closing(filled(tmp_path_factory.mktemp("alone"), {})) as case:
        return answers(case)


def give_zone(case: Case) -> None:
    """Say in which zone each source was written; of one whose file the test has not made, without reading it again."""
    for source in case.sources.list()["source"]:
        if case.context.folder.get_source_path(source).exists():
            case.sources.describe(source, zone=ZONE, because="the phone says so")
        else:
            case.context.ledger.describe_source(source, {"zone": ZONE}, "the phone says so")


def check(case: Case, folder: Path, alone: dict[str, set[tuple[object, ...]]], *, names: int) -> None:
    """Ask everything about some things, then change everything, then ask again under a zone."""
    asked = {name: ask for name, ask in ASKED.items() if name not in LAST}
    about = [
        name
        for name in ("evidence", "graph", "chart", "subject_access", "access_extract", "paths", "why", "draft")
        if name in asked
    ]
    assert verbs.failures(case, target(case, folder), asked) == {}
    assert verbs.beside(case, "+447700900123") == {}
    for number in range(1, names):
        assert verbs.failures(case, target(case, folder, number), {name: asked[name] for name in about}) == {}
    now = answers(case)
    assert {name: found - now[name] for name, found in alone.items()} == {name: set() for name in alone}
    give_zone(case)
    assert (
        verbs.failures(
            case,
            target(case, folder),
            {name: asked[name] for name in ("documents", "search", "chart", "charts.workspace", "report")},
        )
        == {}
    )
    assert verbs.failures(case, target(case, folder), {name: ASKED[name] for name in LAST}) == {}


def sound(case: Case) -> None:
    """Hold that no table hands on a value beyond the limits."""
    assert not case.documents()["at"].map(is_far).any()
    rows = case.evidence.list()
    assert not [pair for pair in zip(rows["prop"], rows["value"], strict=True) if find_fault(*pair)]
    assert case.entities()["caption"].str.len().max() <= LABEL
    assert case.context.passages["text"].str.len().max() <= PASSAGE


def test_every_reader_has_files_and_every_verb_is_asked() -> None:
    assert {reader for reader, many in ALL.items() if many} == set(READERS)
    assert walked_verbs() == (set(ASKED) | NEEDS_MORE) - {"desk.draft"}
    assert not set(ASKED) & NEEDS_MORE
    assert verbs.public(CallRecords) == set(verbs.CALLS)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_keeps_all_values_within_their_limits(reader: str) -> None:
    for sample in ALL[reader]:
        for seed in range(3):
            data = spiced(sample, random.Random(f"{sample.name} {seed}").choice)
            try:
                rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, sample.name, data), reader=reader))
            except SourceError as error:
                assert len(str(error)) > 20  # noqa: PT017 - either rows or a reason
                continue
            for row in rows:
                match row:
                    case Document():
                        assert not is_far(row.at) and len(row.title) <= LABEL
                    case Claim():
                        assert not find_fault(row.prop, row.value)
                        repr((row.value, row.original_value)).encode()
                    case Passage():
                        row.text.encode()
                        assert len(row.text) <= PASSAGE


@pytest.mark.slow
def test_the_mail_that_broke_a_case(tmp_path: Path, alone: dict[str, set[tuple[object, ...]]]) -> None:
    with closing(filled(tmp_path, {"evil.eml": BAD_MAIL.encode()})) as case:
        told = case.sources.issues().query("source_name == 'evil.eml'")
        assert "bad-date" in set(told["code"])
        assert told["message"].str.contains("9999-12-31").any()
        sound(case)
        check(case, tmp_path, alone, names=3)
        assert case.search("crane fell")["source_name"].tolist()[:1] == ["evil.eml"]


def dates_gone(sample: Sample) -> bytes:
    """The file with every date beyond the calendar, and nothing else changed."""
    text = sample.data.decode("utf-8", "surrogateescape")
    made = re.sub(r"\b(?:19|20)\d\d(-\d\d-\d\d)", r"10000\1", text)
    made = re.sub(r"\b\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", LETTER, made)
    return re.sub(r"\b(\d\d[/.]\d\d[/.])(?:19|20)\d\d\b", r"\g<1>10000", made).encode("utf-8", "surrogateescape")


TEXTUAL = sorted(
    {one.name for many in ALL.values() for one in many if one.data[:2] not in (b"PK", b"%P", b"\xd0\xcf", b"PA")}
)


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_time_beyond_the_calendar_is_told_or_stands_in_the_text(name: str) -> None:
    sample = next(one for many in ALL.values() for one in many if one.name == name)
    data = dates_gone(sample)
    if data == sample.data:
        return
    try:
        rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, name, data), reader=sample.reader))
    except SourceError:
        return
    issues = [row for row in rows if isinstance(row, Issue)]
    texts = [row.text for row in rows if isinstance(row, Passage)]
    said = [*texts, *(f"{row.message} {row.code}" for row in issues)]
    elsewhere = all(row.at for row in rows if isinstance(row, Document))
    assert elsewhere or any(re.search("date|time|10000|9999|bad-row", text) for text in said), (
        "a time went without a word"
    )


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("reader", READERS)
def test_every_verb_answers_whatever_a_file_holds(
    reader: str, tmp_path_factory: pytest.TempPathFactory, alone: dict[str, set[tuple[object, ...]]]
) -> None:
    """With values drawn anew in each run; the folder that a failure names holds the files."""
    folder, dice = tmp_path_factory.mktemp("spiced"), random.SystemRandom()
    files = {sample.name: spiced(sample, dice.choice) for sample in ALL[reader]}
    with closing(filled(folder, files)) as case:
        sound(case)
        check(case, folder, alone, names=6)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_file_of_every_reader_at_once(tmp_path: Path, alone: dict[str, set[tuple[object, ...]]]) -> None:
    with closing(filled(tmp_path, one_of_each(1))) as case:
        sound(case)
        check(case, tmp_path, alone, names=4)
        silent = [
            row.name
            for row in case.sources.list().itertuples()
            if row.state == "quarantined" and row.source not in set(case.sources.issues()["source"])
        ]
        assert silent == []


# Ledgers of earlier releases ---------------------------------------------------------------------------------------------


def said(schema: str, entity: str, document: str, **values: str) -> list[Claim]:
    return [Claim(entity, schema, prop, value, document_id=document) for prop, value in values.items()]


SOURCE, RUN = "ab" * 32, Run("add", "table", "0", "ab" * 32)
OLD: list[LedgerRow] = [
    Document("d1", "Email", "Far", "9999-12-31T23:59:59-23:59"), Document("d2", "Message", "Naive", "9999-12-31T23:30:00"),
    Document("d3", "Message", "First", "0001-01-01T00:00:00+14:00"), Document("d4", "Message", "Sound", "2024-03-01T09:00:00"),
    *(Trace(f"t{n}", f"d{n}", SOURCE, place=f"row {n}") for n in range(1, 5)),
    *(Passage(f"p{n}", f"d{n}", 0, "Marta Oliveira met Bob at the crane.") for n in range(1, 5)),
    Passage("p9", "d4", 1, "Marta Oliveira met Bob. " * 1_000),
    Claim("person-" + "a" * 24, "Person", "name", "Marta Oliveira " * 70_000, document_id="d1", passage_id="p1"),
    Claim("person-" + "b" * 24, "Person", "name", "Bob Stevedore", document_id="d4", passage_id="p4", trace_id="t4"),
    *(
        Claim("person-" + "b" * 24, "Person", "birthDate", value, document_id="d4", trace_id="t4")
        for value in ("10000-01-01", "0000-00-00", "9999-12-31T23:59:59-23:59", "1980-02-01", "")
    ),
    *(
        Claim(f"address-{n:024}", "Address", prop, value, document_id="d4", trace_id="t4")
        for n, pair in enumerate([("1e400", "4.5"), ("nan", "inf"), ("91", "-181"), ("51.9", "4.5")])
        for prop, value in zip(("latitude", "longitude"), pair, strict=True)
    ),
    *said("Event", "event-" + "c" * 24, "d4", name="Meeting", startDate="9999-12-31T23:59:59", endDate="9999-12-31"),
    *said("Message", "message-" + "d" * 24, "d2", senderAccount="person-" + "a" * 24, recipientAccount="person-" + "b" * 24),
    *said("Payment", "payment-" + "e" * 24, "d4", payer="person-" + "a" * 24, beneficiary="person-" + "b" * 24, date="99999-01-01"),
    *said("Payment", "payment-" + "e" * 24, "d4", amount="1e400"), *said("Payment", "payment-" + "e" * 24, "d4", amount="nan"),
]  # fmt: skip
"""What an earlier release would have kept."""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Path]]:
    """A case whose ledger and mass rows hold values that would not come in today."""
    folder = tmp_path_factory.mktemp("old")
    case = filled(folder, {})
    context, big = case.context, 6_000_000_000_000
    context.ledger.add_source(SOURCE, Arrival("old.csv"), 1, {})
    calls = batch(
        "calls", document_id=["d4"] * 4, row=[1, 2, 3, 4], start=[1_700_000_000, big, -big, 253402300799],
        end=[big, None, None, 253402300799],
        start_utc=[1_700_000_000, big, -big, 253402300799], a=["+447700900123"] * 4, b=["+447700900456"] * 4, target=["+447700900123"] * 4,
        duration=[60, (1 << 63) - 1, -(1 << 63), 5], lat=[51.9, 1e308, float("nan"), -91.0], lon=[4.5, float("inf"), 500.0, 0.0],
        event=["voice"] * 4, b_kind=["number"] * 4, first_cell=["234-10-1-2"] * 4, bytes_up=[(1 << 63) - 1] * 4,
    )  # fmt: skip
    positions = batch(
        "positions", document_id=["d4"] * 3, row=[1, 2, 3], holder=["person-" + "b" * 24] * 3,
        at=["10000-01-01T00:00:00", "2024-03-01T09:00:00", ""],
        lat=[51.9, float("inf"), 52.0], lon=[4.5, 4.5, float("nan")], radius=[float("inf"), 1e308, 5.0],
    )  # fmt: skip
    cells = batch(
        "cells",
        document_id=["d4"],
        row=[1],
        cell=["234-10-1-2"],
        lat=[95.0],
        lon=[4.0],
        range=[float("inf")],
        valid_from=["0000-00-00"],
    )
    with RowsWriter(context.folder.rows, RUN, context.folder.vault) as writer:
        for one in (calls, positions, cells):
            writer.add(one)
        context.ledger.finish(RUN, OLD, {"documents": 4}, files=writer.close())
    with closing(case):
        case.handling.reveal(
            "minors", because="a date of birth that lies ahead counts as a child's, and hides what it is about"
        )
        case.extract()
        yield case, folder


@pytest.mark.slow
def test_an_old_ledger_tells_of_each_value_and_hands_on_none(old: tuple[Case, Path]) -> None:
    case, _ = old
    told = case.sources.issues().query("source_name == 'old.csv'")
    bad = "9999-12-31T23:59:59-23:59 9999-12-31T23:30:00 0001-01-01 10000-01-01 1e400 nan 91 -181 99999-01-01".split()
    assert [text for text in bad if not told["message"].str.contains(text, regex=False).any()] == []
    assert {"bad-date", "bad-row", "bad-position", "truncated"} <= set(told["code"])
    documents = case.documents().set_index("document_id")
    assert dict(documents.loc[["d1", "d2", "d3", "d4"], "at"]) == {
        "d1": "",
        "d2": "",
        "d3": "",
        "d4": "2024-03-01T09:00:00",
    }
    rows = case.evidence.list()
    assert not [pair for pair in zip(rows["prop"], rows["value"], strict=True) if find_fault(*pair)]
    give_zone(case)
    utc = case.documents().set_index("document_id")["at_utc"]
    assert (utc["d2"], utc["d4"]) == ("", "2024-02-29T19:00:00Z")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_old_ledger_answers_every_verb(old: tuple[Case, Path], alone: dict[str, set[tuple[object, ...]]]) -> None:
    case, folder = old
    check(case, folder, alone, names=5)


def test_what_an_officer_says_is_bounded_where_it_enters(tmp_path: Path) -> None:
    with closing(filled(tmp_path, {})) as case:
        for prop, value in (
            ("birthDate", "9999-12-31T23:59:59-23:59"),
            ("name", "x" * 5_000),
            ("birthDate", "10000-01-01"),
        ):
            with pytest.raises((CaseError, SchemaError)) as refused:
                case.evidence.add("Person", source="officer's knowledge", **{"name": "Eve", prop: value})
            assert prop in str(refused.value)
        with pytest.raises((CaseError, SchemaError)):
            case.evidence.add("Address", source="officer's knowledge", latitude="inf", longitude="4")
        table = pd.DataFrame(
            [{"entity_id": "person-" + "f" * 24, "schema": "Person", "prop": "birthDate", "value": "10000-01-01"}]
        )
        assert case.evidence.add(table, source="officer's knowledge")["state"].tolist() == ["rejected"]
        for zone in ("", "Mars/Base", "\x00", "../../etc/passwd"):
            if zone:
                with pytest.raises(CaseError):
                    case.sources.describe("good.txt", zone=zone, because="said so")


# What costs nothing --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_name_of_a_megabyte_costs_a_report_little(tmp_path: Path) -> None:
    files = {"people.csv": f"name,phone\n{'Marta Oliveira ' * 70_000},+447700900201\n".encode()}
    with closing(filled(tmp_path, files)) as case:
        within(60, lambda: case.report(tmp_path / "report.html"))
        assert (tmp_path / "report.html").stat().st_size < 20_000_000
        assert "truncated" in set(case.sources.issues()["code"])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_things_of_one_name(tmp_path: Path) -> None:
    rows = "".join(f"Marta Oliveira,{1900 + n % 100}-01-01,{n}\n" for n in range(20_000))
    with closing(filled(tmp_path, {"people.csv": f"name,birthDate,id\n{rows}".encode()})) as case:
        within(60, case.judgements.duplicates)
        within(60, lambda: case.report(tmp_path / "report.html"))

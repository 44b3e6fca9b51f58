"""Packages of a sender who lies: nothing of them is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed, source
from workbench import identity
from workbench.case.case import Case
from workbench.case.packages.preview import open_package
from workbench.errors import PackageError
from workbench.exchange.package import write_package as make_package
from workbench.identity import TrustList
from workbench.model.ids import compute_digest

Payload = dict[str, bytes]


def bad_json(payload: Payload, _: Case) -> None:
    payload["ledger/documents.jsonl"] += b"{nothing\n"


def no_object(payload: Payload, _: Case) -> None:
    payload["ledger/documents.jsonl"] += b"[1]\n"


def no_about(payload: Payload, _: Case) -> None:
    payload["ledger/about.json"] = b"[]"


def newer(payload: Payload, _: Case) -> None:
    payload["ledger/about.json"] = payload["ledger/about.json"].replace(b'"format": 1', b'"format": 2')


def other_original(payload: Payload, case: Case) -> None:
    payload[f"sources/{source(case, 'note.md')}"] = b"# Another report"


def no_parquet(payload: Payload, _: Case) -> None:
    name = next(name for name in payload if name.endswith(".parquet"))
    payload[name] = b"PAR1" + bytes(500) + b"PAR1"


def missing_parquet(payload: Payload, _: Case) -> None:
    del payload[next(name for name in payload if name.endswith(".parquet"))]


def other_source(payload: Payload, case: Case) -> None:
    """Mass rows that say of themselves that they are of another source."""
    told = json.loads(payload["ledger/row_files.jsonl"])
    told["source"] = source(case, "note.md")
    payload["ledger/row_files.jsonl"] = json.dumps(told).encode()


def more_rows(payload: Payload, _: Case) -> None:
    told = json.loads(payload["ledger/row_files.jsonl"])
    payload["ledger/row_files.jsonl"] = json.dumps({**told, "rows": told["rows"] + 1}).encode()


def far_too_many_rows(payload: Payload, _: Case) -> None:
    """A few bytes that stand for five million rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = next(name for name in payload if name.endswith(".parquet"))
    one = pq.read_table(pa.BufferReader(payload[name])).slice(0, 1)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, one.schema, compression="zstd") as file:
        for _piece in range(5):
            file.write_table(one.take(pa.repeat(0, 1_000_000)))
    payload[name] = sink.getvalue().to_pybytes()
    told = json.loads(payload["ledger/row_files.jsonl"])
    payload["ledger/row_files.jsonl"] = json.dumps({**told, "rows": 5_000_000}).encode()


def another_encoding(payload: Payload, _: Case) -> None:
    """The same rows in other bytes than those of the hash that is stated."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = next(name for name in payload if name.endswith(".parquet"))
    sink = pa.BufferOutputStream()
    pq.write_table(pq.read_table(pa.BufferReader(payload[name])), sink, compression="none")
    payload[name] = sink.getvalue().to_pybytes()


def lying_under(document: Callable[[str, int], str | None]) -> Callable[[Payload, Case], None]:
    """Mass rows, hashed and named as they should be, under other documents than those that their file brings."""

    def lie(payload: Payload, _: Case) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        told = json.loads(payload["ledger/row_files.jsonl"])
        table = pq.read_table(pa.BufferReader(payload.pop(f"rows/{told['path']}")))
        at = table.schema.get_field_index("document_id")
        made = [document(str(one), number) for number, one in enumerate(table.column(at).to_pylist())]
        sink = pa.BufferOutputStream()
        pq.write_table(table.set_column(at, table.schema.field(at), pa.array(made, table.schema.field(at).type)), sink)
        data = sink.getvalue().to_pybytes()
        key = sha256(data).hexdigest()
        told |= {"sha256": key, "path": f"calls-{key[:24]}.parquet", "size": len(data)}
        payload["ledger/row_files.jsonl"] = json.dumps(told).encode()
        payload[f"rows/{told['path']}"] = data

    return lie


def in_another_file(payload: Payload, case: Case) -> None:
    """Mass rows under a document of the package that was read from another file."""
    other = next(
        row
        for line in payload["ledger/traces.jsonl"].splitlines()
        if (row := json.loads(line))["source"] == source(case, "note.md")
    )
    lying_under(lambda *_: str(other["document_id"]))(payload, case)


no_document, half_without, foreign_document = (
    lying_under(made)
    for made in (lambda *_: None, lambda one, number: one if number % 2 else None, lambda *_: "0" * 24)
)
for made, name in (
    (no_document, "no_document"),
    (half_without, "half_without"),
    (foreign_document, "foreign_document"),
):
    made.__name__ = name


def climbing(payload: Payload, _: Case) -> None:
    told = json.loads(payload["ledger/row_files.jsonl"])
    payload["ledger/row_files.jsonl"] = json.dumps({**told, "path": "../ledger.db"}).encode()


def silent_about_an_original(payload: Payload, case: Case) -> None:
    del payload[f"sources/{source(case, 'note.md')}"]


def saying(**fields: object) -> Callable[[Payload, Case], None]:
    """What the sender says of the whole in another form."""

    def lie(payload: Payload, _: Case) -> None:
        payload["ledger/about.json"] = json.dumps({**json.loads(payload["ledger/about.json"]), **fields}).encode()

    lie.__name__ = f"about {compute_digest(repr(fields))}"
    return lie


LEVELS: dict[str, object] = {"name": "X", "levels": ["LOW"], "base": ""}
WRONG: dict[str, list[object]] = {
    "title": [1, None, ["x"]], "format": [True, 1.0, "1"], "Default": [{}], "defaults": [{"level": ["RESTRICTED"]}],
    "reference": [{}], "bureau": [0], "kept_back": [[], {"x": "why"}, {"a" * 64: 1}],
    "default": [
        "RESTRICTED", ["RESTRICTED"], {"level": "RESTRICTED"}, {"level": [1]}, {"rank": ["RESTRICTED"]}, {"tlp": ["AMBER"]},
        {"barred": ["qn"]}, {"handling": ["h1"]}, None,
    ],
    "scheme": ["EXERCISE", {**LEVELS, "levels": "LOW"}, {**LEVELS, "levels": [1]}, {**LEVELS, "name": 1}, {**LEVELS, "base": []},
        {**LEVELS, "Levels": ["HIGH"]},
    ],
}  # fmt: skip
FORMLESS = [saying(**{field: value}) for field, values in WRONG.items() for value in values]


def twice_in_about(payload: Payload, _: Case) -> None:
    """A default mark, and after it another one that would count alone."""
    about = payload["ledger/about.json"]
    payload["ledger/about.json"] = about.replace(b'"default"', b'"default": {"barred": ["QX"]}, "default"', 1)


def twice_in_a_row(payload: Payload, _: Case) -> None:
    rows = payload["ledger/terms.jsonl"]
    payload["ledger/terms.jsonl"] = rows.replace(b'"value"', b'"value":"[]","value"', 1)


def with_file(name: str) -> Callable[[Payload, Case], None]:
    """A file that no package has."""

    def lie(payload: Payload, _: Case) -> None:
        payload[name] = b'{"target_kind":"source","level":"EXERCISE CONFIDENTIAL"}\n'

    lie.__name__ = f"with {compute_digest(name)}"
    return lie


UNKNOWN = [
    *map(with_file, ("ledger/marks.jsonl", "sources2/x.txt", "about.json", "ledger/notes.json", "reports/x.html", "rows/x.csv")),
    *map(with_file, (f"sources/{'0' * 64}", f"rows/calls-{'0' * 24}.parquet", "sources/a/b")),
]  # fmt: skip


def claiming(**fields: str) -> Callable[[Payload, Case], None]:
    """Statements that use words which the vocabulary does not have."""

    def lie(payload: Payload, _: Case) -> None:
        statements = [json.loads(line) for line in payload["ledger/statements.jsonl"].splitlines()]
        for row in statements:
            row.update(fields)
            row["id"] = compute_digest("statement", *(row[name] for name in ("entity_id", "schema", "prop", "value")))
        payload["ledger/statements.jsonl"] = write_lines(statements)

    lie.__name__ = f"claiming {compute_digest(repr(fields))}"
    return lie


def telling(name: str, value: str) -> Callable[[Payload, Case], None]:
    """A fact about a file that cannot be one."""

    def lie(payload: Payload, case: Case) -> None:
        said = {
            "source": source(case, "note.md"),
            "name": name,
            "value": value,
            "officer": "ada",
            "at": "2026-01-01T00:00:00Z",
        }
        payload["ledger/source_facts.jsonl"] = write_lines([said])

    lie.__name__ = f"telling {compute_digest(name, value)}"
    return lie


def write_lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


LIES = [
    *UNKNOWN,
    claiming(schema="Zzz"),
    claiming(prop="zzz.:@"),
    telling("zone", "Mars/X"),
    telling("own zone", "../../etc/passwd"),
    telling("verified", "not a day"),
    silent_about_an_original,
    *FORMLESS,
    bad_json,
    no_object,
    no_about,
    twice_in_about,
    twice_in_a_row,
    newer,
    other_original,
    no_parquet,
    missing_parquet,
    other_source,
    more_rows,
    far_too_many_rows,
    another_encoding,
    no_document,
    half_without,
    foreign_document,
    in_another_file,
    climbing,
]


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if ".db" not in path.name}


@pytest.mark.slow
def test_of_a_sender_who_lies_nothing_is_taken_in(sent: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    with bo.open(packed(sent, ada, bo)) as package:
        honest = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = package.header.cover
    mine = bo.case()
    version = mine.context.ledger.get_version()
    for lie in LIES:
        payload = dict(honest)
        lie(payload, sent)
        made = make_package(payload, cover, ada.officer, [bo.card], tmp_path / lie.__name__)
        with bo.open(made.path) as package:
            assert package.state == "VALID", lie.__name__
            with pytest.raises(PackageError):
                package.add_to(mine)
        assert mine.documents().empty and mine.sources.list().empty and mine.context.ledger.get_version() == version, (
            lie.__name__
        )
        assert tree(mine.context.folder.path) <= {
            ".lock",
            "case.toml", "derived", "reports", "rows", "sources", "inbox", "outbox",
        }  # fmt: skip
    with bo.open(make_package(honest, cover, ada.officer, [bo.card], tmp_path / "honest").path) as package:
        package.add_to(mine)
    assert len(mine.documents()) == len(sent.documents())
    mine.close()


@pytest.mark.slow
def test_a_name_alone_makes_nobody_the_bureau_that_has_brought_a_thing(ada: Side, bo: Side, tmp_path: Path) -> None:
    """A card that anybody can write says what the real bureau says: nothing of it counts on what that bureau has brought."""
    (tmp_path / "guests.csv").write_text("name,phone\nMarta Oliveira,+447700900123\n")
    with closing(ada.case(title="Tip")) as theirs:
        theirs.add(tmp_path / "guests.csv")
        path = packed(theirs, ada, bo)
    with bo.open(path) as opened:
        payload, cover = {name: opened.opened.read_content(name) for name in opened.opened.names}, opened.header.cover
    key = json.loads(payload["ledger/sources.jsonl"].splitlines()[0])["sha256"]
    fake = identity.create_temporary("ada", bureau=ada.card.bureau, country=ada.card.country)
    with closing(bo.case(title="Q")) as mine:
        with bo.open(path) as opened:
            opened.add_to(mine)
        for sender, day in ((fake, 1), (ada.officer, 2)):
            said = {
                "id": f"t.{day}", "target_kind": "source", "target_id": key, "facet": "tlp", "value": '["TLP:RED"]',
                "officer": "ada (NCB Valdora)", "because": "x", "at": f"2026-11-0{day}T00:00:00Z",
            }  # fmt: skip
            marked = {**payload, "ledger/terms.jsonl": json.dumps(said).encode() + b"\n"}
            made = make_package(marked, cover, sender, [bo.card], tmp_path / f"sent-{day}")
            with bo.open(made.path) as opened:
                opened.add_to(mine, unknown_sender=True)
            assert ("TLP:RED" in mine.sources.list()["mark"].iloc[0]) == (sender is ada.officer)
        told = mine.review.remarks()
        told = told[told["text"].str.contains("TLP:RED")]
        assert len(told) and told["bureau"].str.contains(fake.card.fingerprint, regex=False).all()


@pytest.mark.slow
def test_what_a_sender_brought_before_anybody_vouched_stays_the_senders(ada: Side, bo: Side, tmp_path: Path) -> None:
    (tmp_path / "guests.csv").write_text("name,phone\nMarta Oliveira,+447700900123\n")
    with closing(ada.case(title="Tip")) as theirs, closing(bo.case(title="Q")) as mine:
        theirs.add(tmp_path / "guests.csv")
        with open_package(packed(theirs, ada, bo), officer=bo.officer, trust=TrustList()) as opened:
            opened.add_to(mine, unknown_sender=True)
        theirs.handling.mark("guests.csv", tlp="TLP:AMBER", because="of the source")
        with bo.open(packed(theirs, ada, bo)) as opened:
            opened.add_to(mine)
        assert "TLP:AMBER" in mine.sources.list()["mark"].iloc[0] and mine.review.remarks().empty

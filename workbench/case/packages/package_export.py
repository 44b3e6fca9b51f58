"""The case into a package for another bureau: only what all addressees may have, under its mark, with what was withheld counted.

In the package: `sources/` the original files; `ledger/` rows as JSON lines, a file a table, and `about.json`; `rows/` mass rows;
`reports/`; `withheld.json`; and the whole described in `ro-crate-metadata.json`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import clearances, controller, handling_codes, mark_propagation, marks
from workbench.case.context import source_lookup, visible_rows
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.evidence import flag_review
from workbench.case.packages import addressees, sealing
from workbench.case.packages.sealing import PackageContent
from workbench.errors import CaseError, PackageError
from workbench.exchange import package, ro_crate
from workbench.exchange.package_header import Cover
from workbench.ledger import Object, now
from workbench.ledger.access import hidden_bulk_rows, terms
from workbench.ledger.access.access_filter import UNKNOWN, AccessFilter, Reader
from workbench.ledger.records import row_tables
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.transfer.parquet_export import export_files
from workbench.ledger.transfer.row_export import FORMAT, Parcel
from workbench.ledger.transfer.row_validation import check_row
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import TLP, merge_marks

if TYPE_CHECKING:
    from workbench.exchange.file_digests import Content
    from workbench.exchange.package import PackedFile
    from workbench.identity import Card, Officer, TrustList

EVERYTHING = "everything"
ABOUT, WITHHELD = "ledger/about.json", "withheld.json"
INSIDE = ("sources", "documents", "messages", "passages", "statements", "evidence", "judgements", "decisions", "notes")
"""Tables whose rows the cover counts."""
KEPT_BACK, SET_ASIDE = "original files that were not sent", "documents set aside"


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """What is asked for.

    Attributes
    ----------
    reason : str
        Why it is sent.
    what : str or sequence of str
        'everything', or names of sources.
    report : bool
        With a report on what is sent, cut to the addressees.
    valid_until : str
        UTC; '' open.
    clearance, country : str
        Level up to which all addressees may see, and their country, where no trusted bureau says it on their cards.
    judicial : bool, optional
        Whether they are of judicial proceedings; told by the words on their cards if not given.
    unknown_addressee : str
        Why it is sealed to addressees for whom no trusted bureau vouches; '' to none of them.
    """

    reason: str
    what: str | Sequence[str] = EVERYTHING
    report: bool = False
    valid_until: str = ""
    clearance: str = ""
    country: str = ""
    judicial: bool | None = None
    unknown_addressee: str = ""

    @property
    def source_names(self) -> tuple[str, ...]:
        """Names of sources; none where everything goes."""
        return () if self.what == EVERYTHING else (self.what,) if isinstance(self.what, str) else tuple(self.what)


def write_package(context: CaseContext, to: Sequence[Card], trust: TrustList, wish: PackageRequest) -> PackedFile:
    """Make a package and put it into the case's outbox; the disclosure is logged before it is sealed.

    Raises
    ------
    CaseError
        Without reason, addressee or key; to a card that is not valid now, or unknown without a reason; or where case.toml requires
        a status of persons and one is missing.
    PackageError
        If it is too large, or the disk is full.
    """
    officer = _get_officer(context)
    if not wish.reason.strip():
        raise context.ledger.refuse(
            "disclosure",
            Object("package"),
            Sentence("A package needs a reason. Give the reason, for example: `reason='joint case 114/26'`."),
        )
    if not to:
        raise CaseError(
            Sentence("A package needs at least one addressee. Give the cards of the addressees: `to=[card]`.")
        )
    unknown = addressees.list_unvouched(context, to, trust, wish.unknown_addressee)
    sources = [source_lookup.find_source(context, name) for name in wish.source_names] if wish.source_names else None
    readers = [build_addressee(context, card, trust, wish) for card in to]
    try:
        with (
            sealing.create_work_folder(context, context.folder.derived) as place,
            _open_restricted(context, readers) as reader,
        ):
            _check_any_content(context, reader, sources, readers)
            handling_codes.check_person_status(reader, _list_persons(reader), "package")
            parts = [handling_codes.describe_withheld(reader, one) for one in readers]

            def gather() -> PackageContent:
                return _gather_content(reader, Path(tempfile.mkdtemp(dir=place)), officer, sources, wish)

            gathered = sealing.gather_unique(context, gather, officer, to)
            told = {"unknown addressees": unknown, "sealed to them": wish.unknown_addressee.strip()} if unknown else {}
            made = sealing.seal_package(context, gathered, officer, to, {"cut": parts, **told})
        print_message(next((said["say"] for said in parts if "say" in said), ""), context.say)
        return made
    except OSError as error:
        raise PackageError(
            Sentence(
                "The package was not created ({error}). Check that the disk has free space and that you can "
                "write to the case folder. Then create the package again.",
                error=error.strerror,
            )
        ) from error


def build_addressee(context: CaseContext, card: Card, trust: TrustList, wish: PackageRequest) -> Reader:
    """What the holder of a card may see: as a trusted bureau says on it; what it says by itself opens nothing."""
    found = trust.assess_card(card)
    valid = found.state == "valid"
    granted = found.clearance if valid and found.clearance in controller.get_scheme(context).levels else ""
    nation = card.country if valid else wish.country
    words = f"{card.name} {card.role} {card.bureau}"
    reader = clearances.build_addressee(
        context, words, clearance=granted or wish.clearance, nation=nation, judicial=wish.judicial
    )
    own = context.settings.bureau or (context.ledger.identity.card.bureau if context.ledger.identity else "")
    return replace(reader, outside=reader.outside or not valid or card.bureau != own)


def _check_any_content(
    context: CaseContext, seen: CaseContext, sources: Sequence[str] | None, readers: Sequence[Reader]
) -> None:
    """Refuse to pack for whom nothing of it is, or not what was named.

    Raises
    ------
    CaseError
        With what to say, where the country of an addressee is not known; it is logged.
    """
    mine, theirs = (set(row_tables.list_sources(one.ledger)["source"]) for one in (context, seen))
    gone = (mine if sources is None else set(sources)) - theirs
    if not gone or (sources is None and theirs):
        return
    key = f"refused.pack.{'nothing' if sources is None else 'closed'}"
    where = "_country" if any(one.country == UNKNOWN for one in readers) else ""
    why = Sentence(f"{key}{where}", **({} if sources is None else {"count": len(gone)}))
    raise context.ledger.refuse("disclosure", Object("package", count=len(gone)), why)


@contextmanager
def _open_restricted(context: CaseContext, readers: Sequence[Reader]) -> Iterator[CaseContext]:
    """The case as the officer who works and all addressees may see it."""
    with clearances.view_as_reader(context, readers[0]) as reader:
        mine = clearances.build_reader(context)
        all_of_them = (mine, *(clearances.build_product_reader(context, one) for one in readers))
        reader.ledger.gate = AccessFilter(all_of_them, controller.get_scheme(context))
        yield reader


def _get_officer(context: CaseContext) -> Officer:
    if context.ledger.identity is None:
        raise context.ledger.refuse(
            "disclosure",
            Object("package"),
            Sentence(
                "A package must be signed, but no key is unlocked. Create a key (`workbench identity new`), then "
                "open the case with `officer=identity.unlock('name', passphrase)`."
            ),
        )
    return context.ledger.identity


def _list_persons(context: CaseContext) -> list[str]:
    things = context.canonical_entities
    confirmed = things[(things["schema"] == "Person") & (things["layer"] != "suggested")]
    return [str(key) for key in confirmed["canonical_id"]]


MARKED = ("sources", "documents", "passages", "evidence", "notes")
"""Tables of whose rows the mark of a package is made where it is a part of the case."""
TOLD = {"sources": "sha256", "documents": "id", "statements": "entity_id", "notes": "id"}
"""Table of a package -> column that names of what it tells."""


@dataclass(slots=True)
class _Counts:
    """How many rows of each table go, and what the crate is told."""

    inside: dict[str, int] = field(default_factory=dict)
    steps: list[ro_crate.Step] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    rows: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in MARKED})


def _gather_content(
    context: CaseContext, place: Path, officer: Officer, sources: Sequence[str] | None, wish: PackageRequest
) -> PackageContent:
    counts = _Counts()
    payload: dict[str, Content] = {}
    with Parcel(
        context.ledger, officer.card.bureau, sources, visible_rows.list_unshown(context, context.stated_evidence)
    ) as parcel:
        mass = _write_mass_rows(context, parcel, place / "rows")
        for table in TABLES:
            rows = (row for row, _ in mass) if table == "row_files" else parcel.list_rows(table)
            payload[f"ledger/{table}.jsonl"] = _write_lines(place / f"{table}.jsonl", table, rows, counts)
        originals, partial = parcel.list_originals(), parcel.list_partial_sources()
        payload |= {f"rows/{row['path']}": path for row, path in mass}
        payload |= {
            f"sources/{key}": path
            for key in originals
            if (path := sealing.find_original(context, key, place / "sources"))
        }
        kept_back = {key: partial[key] for key in _list_withheld_files(payload, counts) if key in partial}
        withheld = _count_withheld(context, parcel, kept_back)
    payload |= _build_report(context, wish) if wish.report else {}
    payload[ABOUT] = _encode_json(_describe_case(context, officer, kept_back))
    payload[WITHHELD] = _encode_json({"items": withheld})
    cover = _build_cover(context, wish, counts, withheld)
    sums = package.measure_payload(payload)
    payload[ro_crate.FILE] = ro_crate.encode_metadata(_build_crate(context, cover, officer, counts), sums, counts.steps)
    return PackageContent(
        payload,
        {**sums, **package.measure_payload({ro_crate.FILE: payload[ro_crate.FILE]})},
        cover,
        frozenset(counts.told),
    )


def _build_report(context: CaseContext, wish: PackageRequest) -> dict[str, Content]:
    """A report on what the addressees may see."""
    from workbench import report as printing
    from workbench.case.reports import case_report

    made = case_report.build_report(
        context, case_report.ReportRequest(wish.reason, "the addressees of the package", ())
    )
    return {"reports/report.html": printing.to_html(made).encode(), "reports/report.pdf": printing.to_pdf(made)}


def _write_mass_rows(context: CaseContext, parcel: Parcel, target: Path) -> list[tuple[Row, Path]]:
    """Files of mass rows that go; sources of which rows are left out keep their original file back."""
    files = list(parcel.list_rows("row_files"))
    kept = list(
        export_files(
            files, context.folder.rows, hidden_bulk_rows.load_hidden(context.ledger), target, context.folder.vault
        )
    )
    whole = {(row["run_id"], row["path"]) for row, _ in kept}
    parcel.keep_back([str(row["source"]) for row in files if (row["run_id"], row["path"]) not in whole])
    return kept


def _write_lines(path: Path, table: str, rows: Iterator[Row], counts: _Counts) -> Path:
    """Write rows as JSON lines."""
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(
                json.dumps(check_row(table, row), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
            )
            number += 1
            _count_row(table, row, counts)
    if number and table in INSIDE:
        counts.inside[table] = number
    return path


def _count_row(table: str, row: Row, counts: _Counts) -> None:
    """What the crate says (names of sources, runs, calls and transfers), and of whom the package tells."""
    if table in TOLD:
        counts.told.add(str(row[TOLD[table]]))
    if table in MARKED:
        counts.rows[table].add(str(row["sha256" if table == "sources" else "id"]))
    if table == "sources":
        counts.names[f"sources/{row['sha256']}"] = str(row["name"])
    elif table == "row_files":
        counts.inside[str(row["kind"])] = counts.inside.get(str(row["kind"]), 0) + int(row["rows"])
    elif table == "runs":
        told = {str(name): str(value) for name, value in json.loads(str(row["parameters"])).items()}
        inputs = (f"sources/{row['source']}",) if row["source"] else ()
        names = ("id", "kind", "method", "version", "officer", "at")
        key, kind, method, version, officer, at = (str(row[name]) for name in names)
        step = ro_crate.Step(key, kind, method, version, told, officer, at, inputs, ("ledger/evidence.jsonl",))
        counts.steps.append(step)


def _list_withheld_files(payload: Mapping[str, Content], counts: _Counts) -> list[str]:
    """Sources whose rows go and whose files do not."""
    return [name.removeprefix("sources/") for name in counts.names if name not in payload]


def _count_withheld(context: CaseContext, parcel: Parcel, kept_back: Mapping[str, str]) -> dict[str, int]:
    """How many of what is withheld, and why; never what."""
    gate = context.ledger.gate
    found = dict(gate.count_withheld(context.ledger)) if isinstance(gate, AccessFilter) else {}
    found |= {KEPT_BACK: len(kept_back), SET_ASIDE: parcel.count_excluded()}
    return {why: number for why, number in sorted(found.items()) if number}


def _describe_case(context: CaseContext, officer: Officer, kept_back: Mapping[str, str]) -> dict[str, object]:
    said, levels = context.settings, controller.get_scheme(context)
    whole = {
        name: list(values)
        for name, values in terms.list_current_terms(context.ledger).get(("case", ""), {}).items()
        if name in mark_propagation.MARKING
    }
    if said.level:
        whole["level"] = sorted({*whole.get("level", ()), said.level})
    return {
        "format": FORMAT, "title": said.title, "reference": said.reference, "bureau": officer.card.bureau,
        "scheme": {"name": levels.name, "levels": list(levels.levels), "base": levels.base}, "default": whole,
        "kept_back": dict(kept_back),
    }  # fmt: skip


def _build_cover(context: CaseContext, wish: PackageRequest, counts: _Counts, withheld: Mapping[str, int]) -> Cover:
    said, known = context.settings, marks.get_marks(context)
    mark = known.visible
    if wish.source_names and not wish.report:  # a report tells of all
        mark = merge_marks(
            [known.default, *(known.mark_of(kind, key) for kind, ids in counts.rows.items() for key in ids)]
        )
    tlp = [TLP[mark.tlp]] if mark.tlp >= 0 else []
    flags = flag_review.describe_flags(
        context, flag_review.find_flagged_passages(context, counts.told), counts.told, "package"
    )
    conditions = (*sorted(mark.conditions), *filter(None, [flags]))
    return Cover(
        said.title, said.reference, known.label(mark), (*sorted(mark.handling), *tlp), conditions,
        context.ledger.purpose, wish.reason.strip(), now(), wish.valid_until, counts.inside, dict(withheld),
    )  # fmt: skip


def _build_crate(context: CaseContext, cover: Cover, officer: Officer, counts: _Counts) -> ro_crate.Crate:
    return ro_crate.Crate(
        cover.title, cover.created, f"Part of the case {cover.title}, for {cover.purpose}.", cover.mark, cover.conditions,
        officer.card.bureau, counts.names,
    )  # fmt: skip


def _encode_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"

"""A case into other tools' files: the format by the file's ending, the content by what is given, each logged as a disclosure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import networkx as nx
import pandas as pd

from workbench.case.access import clearances, handling_codes, marks
from workbench.case.context import call_engine, graph_ids
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.evidence import case_record, flag_review, product_basis, provenance, release_filter
from workbench.case.evidence.notes import describe_unsourced_notes
from workbench.case.files import products
from workbench.errors import CaseError
from workbench.graph import list_attributions
from workbench.ledger import now
from workbench.ledger import parquet_rows as rows
from workbench.ledger.access.access_filter import Reader
from workbench.ledger.records import charts, disclosures
from workbench.ledger.records.disclosures import Disclosure
from workbench.ledger.records.products import ABOUT
from workbench.model.catalogue import Sentence, Translator, get_term
from workbench.model.schema import RELATIONS
from workbench.model.table_schemas import iterate_rows
from workbench.report import exports
from workbench.report.exports import map_features

LARGEST = 2_000
"""Entities for which a chart gets a layout; more stand in a grid."""
KINDS = {
    "evidence": {"evidence_id", "prop", "value"}, "pairs": {"left_id", "right_id", "score"}, "hits": {"passage_id", "matched"},
    "ranking": {"betweenness", "rank"}, "issues": {"issue_id", "severity"}, "paths": {"path", "step"},
    "passages behind a link": {"relation", "marked"}, "documents": {"document_id", "title", "at_utc"},
    "entities": {"canonical_id", "caption", "mentions"}, "notes": {"note_id"}, "audit log": {"operation", "auth_method"},
    "decisions": {"target_kind", "verdict"}, "sources": {"reader", "received_at"}, "set aside": {"set_aside_id"},
    "call records": {"start", "dq"},
}  # fmt: skip
"""What a table is called, by columns that it has and others have not."""
TOLD = ("warning", "method", "limits")
"""What the verbs say of a table beside it."""

What: TypeAlias = pd.DataFrame | nx.Graph | None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Who is to have it and why, whom it is cut to (None: who works), the chart whose positions a graph keeps."""

    to: str
    reason: str
    chart: str
    reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is to be written: its name, how many rows, how, its mark, ids of what it tells of, what must be said of it, on what it rests."""

    what: str
    rows: int
    write: Callable[[exports.About], bytes]
    mark: str
    named: Collection[str] = ()
    notes: tuple[str, ...] = ()
    rests: Collection[str] = ()

    @property
    def logged_ids(self) -> set[str]:
        """All of which the log is told."""
        return {*self.named, *self.rests}


@dataclass(frozen=True, slots=True)
class LimitedCase:
    """The case of the officer who works, and as the addressee may see it (the same where there is none)."""

    context: CaseContext
    seen: CaseContext


def export_file(context: CaseContext, path: Path, what: What, wanted: ExportRequest) -> Path:
    """Write the file and what is said of it beside it; returns the path.

    The disclosure is logged before the file is there: what was interrupted is in the log, what is in no log is not there.
    """
    end = exports.get_ending(path.name)
    place = products.place_of(context, path)
    with clearances.view_as_reader(context, wanted.reader) if wanted.reader else nullcontext(context) as seen:
        draft = _plan_export(LimitedCase(context, seen), end, what, wanted)
        about = _build_about(seen, draft, wanted, exports.NOTES.get(end, ()))
        left = handling_codes.describe_withheld(seen, wanted.reader)
    with products.redirect_temporary_files(context):
        data = draft.write(about)
    sha256 = hashlib.sha256(data).hexdigest()
    beside = place.with_name(f"{place.name}{ABOUT}")
    out = Disclosure(
        "export", wanted.to, place.name, sha256, about.mark, wanted.reason, draft.what, draft.rows, cut=left
    )
    disclosures.record_disclosure(context.ledger, out, draft.logged_ids)
    said = products.Product(beside, about.to_json(place.name, sha256), about.mark, draft.logged_ids)
    _, written = products.write_products(context, [said, products.Product(place, data, about.mark)])
    if context.ledger.identity:
        context.ledger.sign_checkpoint()
    print_message(left.get("say"), context.say)
    return written


def _build_about(seen: CaseContext, draft: ExportPlan, wanted: ExportRequest, notes: tuple[str, ...]) -> exports.About:
    """What is said of an export; persons who go to somebody else have a status, or it says who has none."""
    unsettled = handling_codes.check_person_status(seen, draft.named, "export") if wanted.to else ""
    flags = flag_review.describe_flags(
        seen, flag_review.find_flagged_passages(seen, draft.named), draft.named, "export"
    )
    cut = (
        [
            case_record.describe_withheld(seen.say, row.why, int(row.items))
            for row in iterate_rows(handling_codes.count_withheld(seen))
        ]
        if wanted.reader
        else []
    )
    return exports.About(
        title=seen.settings.title,
        mark=draft.mark,
        reference=seen.settings.reference,
        officer=seen.ledger.officer,
        purpose=seen.ledger.purpose,
        at=now(),
        to=wanted.to,
        reason=wanted.reason,
        what=seen.say.term("export.what", draft.what),
        rows=draft.rows,
        notes=(
            *draft.notes,
            *cut,
            *filter(None, [unsettled, flags]),
            *(seen.say(f"export.note.{one}") for one in notes),
        ),
        say=seen.say,
    )


def _plan_export(cut: LimitedCase, end: str, what: What, wanted: ExportRequest) -> ExportPlan:
    if end in exports.TABLES:
        return _plan_table(cut, end, what)
    if end in exports.ENDINGS["a graph"]:
        return _plan_graph(cut, end, what, wanted.chart)
    if end in exports.MAPS:
        return _plan_map(cut, end, what)
    return _plan_persons(cut, end, what) if end in exports.PEOPLE else _plan_claims(cut, end, what)


def _plan_table(cut: LimitedCase, end: str, what: What) -> ExportPlan:
    """Any table; without one, the entities."""
    given = cut.seen.list_entities() if what is None else what
    if not isinstance(given, pd.DataFrame):
        raise _build_error(end, what)
    passed = (
        release_filter.ReleasedTable(given)
        if what is None
        else release_filter.filter_table(cut.context, cut.seen, given)
    )
    frame = provenance.add_mark_column(cut.seen, passed.frame)
    said = [str(given.attrs[name]) for name in TOLD if given.attrs.get(name)]
    notes = (
        *said,
        *_format_omission(cut.seen.say, passed.rejected, "rejected"),
        *_format_omission(cut.seen.say, passed.withheld, "withheld"),
        *([describe_unsourced_notes(cut.seen.say, passed.unsourced)] if passed.unsourced else ()),
    )
    write = partial(exports.TABLES[end], frame)
    named, behind = release_filter.find_named_ids(cut.seen, frame), product_basis.list_table_basis(cut.seen, frame)
    return ExportPlan(_get_table_name(given), len(frame), write, str(frame.attrs["mark"]), named, notes, behind)


def _plan_graph(cut: LimitedCase, end: str, what: What, chart: str) -> ExportPlan:
    """A graph; without one, that of the whole case. A chart for i2 has positions."""
    given = release_filter.build_full_graph(cut.seen) if what is None else what
    if not isinstance(given, nx.Graph):
        raise _build_error(end, what)
    net, withheld = (given, 0) if what is None else release_filter.filter_graph(cut.context, cut.seen, given)
    net = provenance.restamp_graph(cut.seen, net)
    write = partial(
        exports.GRAPHS.get(end, _encode_chart), _add_positions(cut.context, net, chart, layout=end == exports.CHART)
    )
    notes = tuple(_format_omission(cut.seen.say, withheld, "withheld"))
    named, behind = graph_ids.list_named_ids(net), product_basis.list_graph_basis(cut.seen, net)
    return ExportPlan("graph", len(net), write, str(net.graph["mark"]), named, notes, behind)


def _encode_chart(net: nx.Graph, about: exports.About) -> bytes:
    """The graph as a chart for i2, as charts of the workbench are written; as at a day, so that it is the same all day long."""
    from workbench.views import to_anx

    told = {"title": about.title, "subject": about.reference, "mark": about.mark, "as_at": about.at[:10]}
    return to_anx(net, said=told)


def _add_positions(context: CaseContext, net: nx.Graph, chart: str, *, layout: bool) -> nx.Graph:
    """The graph with positions: those that were kept under the name of a chart, or of a layout."""
    kept = charts.get_positions(context.ledger, charts.get_stored_name(context.ledger, chart)) if chart else {}
    if chart and not kept:
        raise CaseError(
            Sentence("There is no saved chart '{name}'. To save one: `case.chart(net, name='{name}')`.", name=chart)
        )
    drawn = all("x" in data and "y" in data for _, data in net.nodes(data=True))
    if layout and not kept and not drawn and len(net) <= LARGEST and all(isinstance(node, str) for node in net):
        from workbench.views.chart import draw_chart as view

        kept = view(net).positions
    if not kept:
        return net
    placed = net.copy()
    for node in placed:
        if node in kept:
            placed.nodes[node]["x"], placed.nodes[node]["y"] = kept[node]
    return placed


def _plan_map(cut: LimitedCase, end: str, what: What) -> ExportPlan:
    """Places of what is given, or the rows of a table with positions; without either, all places and positions."""
    notes: tuple[str, ...] = ()
    mark, behind = marks.format_mark(cut.seen), set[str]()
    if isinstance(what, pd.DataFrame) and map_features.has_positions(what):
        passed = release_filter.filter_table(cut.context, cut.seen, what)
        drawn, mark = (
            map_features.from_table(passed.frame),
            str(provenance.add_mark_column(cut.seen, passed.frame).attrs["mark"]),
        )
        named, behind = (
            release_filter.find_named_ids(cut.seen, passed.frame),
            product_basis.list_table_basis(cut.seen, passed.frame),
        )
        notes = tuple(_format_omission(cut.seen.say, passed.withheld, "withheld"))
    else:
        firm, chosen = _select_confirmed_claims(_list_valid_claims(cut.seen)), _resolve_entities(cut, end, what)
        firm = firm if chosen is None else _select_place_claims(firm, chosen)
        mark = mark if what is None else _get_mark(cut.seen, firm)
        drawn, there = map_features.from_claims(firm), firm[firm["schema"].isin(["Address", "Event"])]
        named, behind = release_filter.find_named_ids(cut.seen, there), product_basis.list_table_basis(cut.seen, firm)
        if what is None:
            drawn, behind = (
                drawn + _build_position_map(cut.seen),
                behind | set(rows.list_live_files(cut.seen.ledger)["source"]),
            )
    notes += tuple(_format_omission(cut.seen.say, drawn.left_out, "impossible"))
    return ExportPlan("places and positions", len(drawn), partial(exports.MAPS[end], drawn), mark, named, notes, behind)


def _plan_persons(cut: LimitedCase, end: str, what: What) -> ExportPlan:
    """Persons of what is given; without it, all that a source or an officer names."""
    firm, chosen = _select_confirmed_claims(_list_valid_claims(cut.seen)), _resolve_entities(cut, end, what)
    named = firm[(firm["schema"] == "Person") & firm["prop"].isin(["name", "alias", "weakAlias"])]
    people = {key for key in named["canonical_id"].unique() if chosen is None or key in chosen}
    theirs = firm[(firm["schema"] != "Person") | firm["canonical_id"].isin(people)]
    held = list_attributions(cut.seen.evidence, cut.seen.canonical)
    held = held[held["layer"] != "suggested"]
    write, behind = (
        partial(exports.PEOPLE[end], theirs, held),
        product_basis.list_entity_places(cut.seen, _find_related(theirs, held, people)),
    )
    return ExportPlan("persons", len(people), write, _get_mark(cut.seen, theirs), people, (), behind)


def _find_related(claims: pd.DataFrame, held: pd.DataFrame, people: set[str]) -> set[str]:
    """Persons, what each uses, their addresses, and the links by which these are theirs."""
    found, names = set(people), dict(zip(claims["entity_id"], claims["canonical_id"], strict=True))
    while more := set(held.loc[held["holder"].isin(found), "held"]) - found:
        found |= more
    points = claims["value"].map(lambda value: names.get(value, value))
    addresses = points[claims["canonical_id"].isin(found) & (claims["prop"] == "addressEntity")]
    return found | set(addresses) | set(claims.loc[points.isin(found), "canonical_id"])


def _plan_claims(cut: LimitedCase, end: str, what: What) -> ExportPlan:
    """Claims of what is given; without it, all. Where the format cannot mark a suggestion, none is written."""
    sound, notes = _list_valid_claims(cut.seen), list[str]()
    if isinstance(what, pd.DataFrame) and {"evidence_id", "statement_id"} & set(what.columns):
        passed = release_filter.filter_table(cut.context, cut.seen, what)
        key = "evidence_id" if "evidence_id" in what else "statement_id"
        sound = sound[sound[key].isin(passed.frame[key])]
        notes += _format_omission(cut.seen.say, passed.withheld, "withheld")
    elif (chosen := _resolve_entities(cut, end, what)) is not None:
        sound = sound[sound["canonical_id"].isin(chosen | _find_links_between(sound, chosen))]
    whole = end.startswith(".statements")
    rows = sound if whole else _select_confirmed_claims(sound)
    notes += _format_omission(
        cut.seen.say, sound["statement_id"].nunique() - rows["statement_id"].nunique(), "suggested"
    )
    count = rows["statement_id" if whole else "canonical_id"].nunique()
    write = partial(exports.CLAIMS[end], rows)
    told, kind = release_filter.find_named_ids(cut.seen, rows), "statements" if whole else "entities"
    return ExportPlan(
        kind,
        count,
        write,
        _get_mark(cut.seen, rows),
        told,
        tuple(notes),
        product_basis.list_table_basis(cut.seen, rows),
    )


def _get_mark(seen: CaseContext, rows: pd.DataFrame) -> str:
    return str(marks.add_mark_column(seen, rows).attrs["mark"])


def _list_valid_claims(context: CaseContext) -> pd.DataFrame:
    """Claims that no officer rejected."""
    return context.evidence[context.evidence["verdict"] != "rejected"]


def _select_confirmed_claims(sound: pd.DataFrame) -> pd.DataFrame:
    """Claims of sources and officers, and suggestions that an officer accepted."""
    return sound[(sound["kind"] != "suggested") | (sound["verdict"] == "accepted")]


def _resolve_entities(cut: LimitedCase, end: str, what: What) -> set[str] | None:
    """Canonical ids of the entities that a table or graph names; None where nothing is given."""
    if what is None:
        return None
    ids: set[str] | None = None
    if isinstance(what, nx.Graph):
        net, _ = release_filter.filter_graph(cut.context, cut.seen, what)
        ids = set(net) | {account for _, data in net.nodes(data=True) for account in data.get("accounts", ())}
    elif isinstance(what, pd.DataFrame):
        ids = release_filter.select_entities(cut.context, cut.seen, what)
    if ids is None:
        raise _build_error(end, what)
    return {cut.seen.canonical.get(key, key) for key in ids}


def _find_links_between(sound: pd.DataFrame, chosen: set[str]) -> set[str]:
    """Links (canonical ids) both of whose ends are among the chosen entities."""
    names = dict(zip(sound["entity_id"], sound["canonical_id"], strict=True))
    found: set[str] = set()
    for schema, relation in RELATIONS.items():
        links = sound[sound["schema"] == schema]
        ends = (
            {key for key, value in _list_values(links, prop) if names.get(value, value) in chosen}
            for prop in (relation.source, relation.target)
        )
        found |= set.intersection(*ends)
    return found


def _select_place_claims(firm: pd.DataFrame, chosen: set[str]) -> pd.DataFrame:
    """Claims of the chosen entities, of the places to which they point, and of the events at chosen places."""
    names = dict(zip(firm["entity_id"], firm["canonical_id"], strict=True))
    pointed = list(_list_values(firm, "addressEntity"))
    wanted = chosen | {names.get(value, value) for key, value in pointed if key in chosen}
    events = {key for key, value in pointed if names.get(value, value) in chosen}
    return firm[firm["canonical_id"].isin(wanted | events)]


def _list_values(claims: pd.DataFrame, prop: str) -> Iterator[tuple[str, str]]:
    found = claims.loc[claims["prop"] == prop, ["canonical_id", "value"]].drop_duplicates()
    yield from found.itertuples(index=False, name=None)


def _build_position_map(context: CaseContext) -> exports.Map:
    """Positions of the mass rows, without what is set aside."""
    if "positions" not in set(rows.list_live_files(context.ledger)["kind"]):
        return exports.Map()
    found = call_engine.get_engine(context).query_frame("SELECT * FROM positions")
    titles = dict(zip(context.documents["document_id"], context.documents["title"], strict=True))
    holders = [context.get_caption(one) for one in found["holder"]]
    return map_features.from_positions(found.assign(title=found["document_id"].map(titles).fillna(""), holder=holders))


def _get_table_name(frame: pd.DataFrame) -> str:
    """What a table is called."""
    return next((name for name, needed in KINDS.items() if needed <= set(frame.columns)), "table")


def _format_omission(say: Translator, count: int, why: str) -> Iterator[str]:
    """What is said of what was left out; nothing where nothing was."""
    if count:
        yield say(f"export.without.{why}", count=say.figure(count))


def _build_error(end: str, what: object) -> CaseError:
    """What is wrong with what was given, and where it would fit."""
    holds = next(name for name, ends in exports.ENDINGS.items() if end in ends)
    given: str = get_term("refused.export.holds", "a graph")
    ends = exports.ENDINGS["a graph"]
    if not isinstance(what, nx.Graph):
        one, other = (f"`{name}`" for name in release_filter.NAMING[:2])
        given = Sentence(
            "a table without the column {columns}", columns=Sentence("{one} or {other}", one=one, other=other)
        )
        ends = exports.ENDINGS["a table"]
    said = {"holds": get_term("refused.export.holds", holds), "given": given, "ends": ends}
    return CaseError(
        Sentence(
            "Files of the type {end} contain {holds}, but you gave {given}. Use one of these file types: {ends}.",
            end=end,
            **said,
        )
    )

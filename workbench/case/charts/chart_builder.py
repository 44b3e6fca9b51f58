"""A graph into the link chart and its linked views, bound to the case; and into the chart of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.charts import timeline_events
from workbench.case.charts.annotations import Drawings
from workbench.case.charts.chart_edits import Acting
from workbench.case.charts.chart_queries import ChartSource
from workbench.case.context import graph_ids
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.evidence import citations, product_basis, staleness
from workbench.case.evidence.link_strength import add_strengths
from workbench.case.files import products
from workbench.case.network import document_quotations, entity_graph, link_evidence, row_evidence
from workbench.case.network.entity_graph import Scope
from workbench.case.verbs.error_translation import translate_errors, wrap_acts
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.records import charts, disclosures
from workbench.ledger.records.disclosures import Disclosure
from workbench.ledger.sessions import gone_rows
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import merge_marks
from workbench.model.stored_sentences import translate_place
from workbench.model.text.transliteration import format_parties
from workbench.report import content
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import pandas as pd

    from workbench.views import Passage
    from workbench.views.linked_views import Binding, CaseChart, CaseModel, Edge

FEW = 5
"""Names of charts that an error lists."""
PASSAGES = 6
"""Passages that the chart shows for one link; the rest are in `case.why`."""


def build_chart(context: CaseContext, net: nx.MultiDiGraph, name: str, title: str) -> CaseChart:
    """The chart, bound to the case; with a name, places and drawings are read from the case and kept there."""
    from workbench.views.linked_views import CaseChart, build_case_model

    stored = charts.get_stored_name(context.ledger, name) if name else ""
    known, (kept, cut) = (
        charts.get_positions(context.ledger, stored) if stored else {},
        staleness.refresh_graph(context, net),
    )
    asked = ChartSource(context, add_strengths(context, kept), find_scope(context, kept))
    acting = Acting(asked)
    words = {
        "title": title or context.settings.title,
        "mark": str(asked.net.graph["mark"]),
        "as_at": now()[:16],
        "language": context.say.catalogue_language,
    }
    model = build_case_model(asked.net, asked, acting, places=known, **words)
    asked.changed = lambda mark: model.set_trait("mark", mark)
    asked.linked = lambda ids: _resolve_ids(model, ids)
    bound = _Bound(context, asked, context.say("reporting.chart_note") + f" {context.say('left_out.stale')}" * cut)
    made = CaseChart(model, bound.build_binding())
    bound.chart = made
    if name:
        _open_drawings(bound, (name, stored), made)
    return made


def _open_drawings(bound: _Bound, names: tuple[str, str], made: CaseChart) -> None:
    """Draw on a chart what the case has under its name, cut to the reader item by item, and keep there what becomes of it."""
    context, model, (name, stored) = bound.context, made.model, names
    model.session.restore_drawings(pins=charts.list_pinned(context.ledger, stored))
    bound.drawings = drawings = Drawings(bound.asked, name)
    bound.asked.drawn = drawings.mark
    drawings.load_drawings(model)
    bound.asked.mark()
    _save_positions(context, name, made)
    model.observe(lambda _: _save_positions(context, name, made), ["positions", "pinned"])
    model.observe(lambda _: drawings.save_drawings(model), "shape")


def _resolve_ids(model: CaseModel, ids: Iterable[str]) -> tuple[list[str], list[Edge]]:
    """Nodes and links that are meant by ids on a chart."""
    nodes, links = model.resolve_ids(ids)
    return nodes, [(str(source), str(target), str(key)) for source, target, key in links]


def find_scope(context: CaseContext, net: nx.MultiDiGraph) -> Scope:
    """What a graph is made of: as it says itself, else as its links show."""
    said = net.graph
    shown = any(entity_graph.find_holder(context, str(node)) != node for node in net)
    suggested = any(data.get("layer") == "suggested" for *_, data in net.edges(data=True))
    return Scope(
        str(said.get("accounts") or ("apart" if shown else "held")),
        suggested=bool(said.get("suggested", suggested)),
        services=bool(said.get("services", any(service for _, service in net.nodes(data="service")))),
    )


def _save_positions(context: CaseContext, name: str, made: CaseChart) -> None:
    """Keep positions and pins by the chart's name, as its reader knows it now; those of what is not on it now stay."""
    name = charts.get_stored_name(context.ledger, name)
    known, pinned, on = (
        charts.get_positions(context.ledger, name),
        charts.list_pinned(context.ledger, name),
        made.positions,
    )
    now_at, now_pinned = known | on, pinned - on.keys() | made.model.pins
    if now_at != known or now_pinned != pinned:
        context.ledger.save_positions(name, now_at, now_pinned)


def list_charts(context: CaseContext) -> pd.DataFrame:
    """Charts that are kept, the latest first: name, officer, at, entities (how many the reader sees), mark."""
    found, known, things = (
        charts.list_charts(context.ledger),
        marks.get_marks(context),
        set(context.canonical_entities.index),
    )
    seen = [[one for one in ids if context.canonical.get(one, one) in things] for ids in found.pop("ids")]
    found["entities"] = [len(ids) for ids in seen]
    found["mark"] = [
        known.label(merge_marks([known.default, known.mass, *(known.mark_of("entities", one) for one in ids)]))
        for ids in seen
    ]
    found.attrs["mark"] = marks.format_mark(context)
    _tell_damaged(context, found.attrs["damaged"])
    return found


def _tell_damaged(context: CaseContext, names: Sequence[str]) -> None:
    """Name the charts that are left out."""
    if names:
        print_message(
            Sentence(
                "Charts with damaged positions are not shown: {names}. Another program may have changed the "
                "positions. A new chart with the same name replaces the damaged chart. To see the details, run "
                "`workbench verify` in a terminal.",
                names=", ".join(map(escape_unprintable, names[:FEW])),
            ),
            context.say,
        )


def load_chart(context: CaseContext, name: str) -> nx.MultiDiGraph:
    """The graph of a chart that is kept, as the case has its entities now.

    Raises
    ------
    CaseError
        If none is kept under that name, or nothing that was on it is linked now.
    """
    found = charts.list_charts(context.ledger)
    known = found.set_index("name")["ids"]
    if name in found.attrs["damaged"]:
        raise CaseError(
            Sentence(
                "Charts with damaged positions are not shown: {names}. Another program may have changed the "
                "positions. A new chart with the same name replaces the damaged chart. To see the details, run "
                "`workbench verify` in a terminal.",
                names=escape_unprintable(name),
            )
        )
    if name not in known.index:
        listed = ", ".join(map(repr, known.index[:FEW]))
        key = "refused.chart.not_kept" if listed else "refused.chart.none_kept"
        raise CaseError(Sentence(key, name=name, names=listed))
    ids = {context.canonical.get(one, one) for one in known[name]}
    apart = any(entity_graph.find_holder(context, one) != one for one in ids)
    drawn = Scope("apart" if apart else "held", services=True)
    net = entity_graph.build_link_graph(context, ids, drawn)
    made = net.subgraph([node for node in net if node in ids]).copy()
    if not len(made):
        raise CaseError(
            Sentence(
                "No entity of the chart '{name}' has links in the case now. Draw another chart: `case.chart()`.",
                name=name,
            )
        )
    made.graph.update(accounts=drawn.accounts, suggested=drawn.suggested, services=drawn.services)
    return marks.stamp_graph(context, made, link_evidence.list_link_places(context))


@wrap_acts
class _Bound:
    """What a chart's views ask of the case (`workbench.views.linked_views.Binding`)."""

    def __init__(self, context: CaseContext, asked: ChartSource, note: str) -> None:
        self.context, self.asked, self.note = context, asked, note
        self.chart: CaseChart | None = None
        self.drawings: Drawings | None = None
        self.version = context.ledger.get_version()

    def build_binding(self) -> Binding:
        """The binding."""
        from workbench.views.linked_views import Binding

        return Binding(
            net=lambda: self.asked.net, passages=translate_errors(self.asked.list_passages), carried=self.list_first_passages,
            events=translate_errors(self.list_events), places=translate_errors(self.list_places),
            fresh=translate_errors(self.refresh_chart), keep=translate_errors(self.save_file),
            note=lambda: self.note, zone=self.context.settings.zone or "UTC",
        )  # fmt: skip

    def list_events(self) -> pd.DataFrame:
        """The table of a timeline, logged."""
        made = timeline_events.list_events(self.context, self.asked.net, self.asked.scope)
        return consultation_log.log_answer(self.context, "timeline", made, *sorted(self.asked.net))

    def list_places(self) -> pd.DataFrame:
        """The table of a map, logged."""
        made = timeline_events.list_places(self.context, self.asked.net, self.asked.scope)
        return consultation_log.log_answer(self.context, "map", made, *sorted(self.asked.net))

    def list_first_passages(self, links: Iterable[Edge]) -> dict[Edge, list[Passage]]:
        """The first passages of each link, for a page without a kernel."""
        return citations.list_link_passages(self.context, self.asked.net, list(links), PASSAGES)

    def refresh_chart(self) -> None:
        """Renew the chart where something was rejected, set aside, erased or closed to the reader since it was made.

        A title of its own goes where it may name what was erased, excluded or closed to the reader.
        """
        if self.chart is None:
            return
        is_secret = staleness.has_secret(self.context, self.asked.net)
        if marks.get_exclusion_digest(self.context) == self.asked.counted and not is_secret:
            return
        model, ledger = self.chart.model, self.context.ledger
        if is_secret or gone_rows.has_changed(ledger.connection, self.version):
            model.set_trait("title", self.context.settings.title)
        self.version = ledger.get_version()
        model.renew(self.asked.rebuild_graph(())[0])
        if self.drawings is not None:
            self.drawings.load_drawings(model)
            self.asked.mark()
        self.note = f"{self.context.say('reporting.chart_note')} {self.context.say('left_out.stale')}"
        self.chart.foot = self.note

    def save_file(self, made: CaseChart, path: Path, data: bytes) -> Path:
        """Write a file of the chart; what leaves the case is logged as a disclosure first."""
        context, seen, path = self.context, made.graph, products.refuse_own(self.context, path)
        told = (
            graph_ids.list_named_ids(seen) | product_basis.list_graph_basis(context, seen) | self._list_basis_ids(made)
        )
        if not context.folder.is_inside(path):
            out = Disclosure("chart", "", path.name, sha256(data).hexdigest(), made.mark, count=len(seen))
            disclosures.record_disclosure(context.ledger, out, told)
        return products.write_product(context, path, data, made.mark, told)

    def _list_basis_ids(self, made: CaseChart) -> set[str]:
        """What the words on the chart rest on; on one without a name, all that has come onto it."""
        if self.drawings is not None:
            return self.drawings.list_basis_ids()
        state = made.model.session.state
        return product_basis.list_graph_basis(self.context, self.asked.net) if state.notes or state.groups else set()


def build_report_chart(context: CaseContext, net: nx.MultiDiGraph, title: str) -> content.Chart | None:
    """The chart for a report: static picture and interactive page."""
    if not len(net):
        return None
    from workbench.views.chart import draw_chart as view

    drawn, note = add_strengths(context, staleness.refresh_graph(context, net)[0]), context.say("reporting.chart_note")
    made = view(
        drawn, list_link_evidence(context, drawn), title=title or context.settings.title,
        mark=str(drawn.graph["mark"]), as_at=now()[:16], note=note,
        language=context.say.catalogue_language,
    )  # fmt: skip
    return content.Chart(made.svg, note, made.html)


def list_link_evidence(context: CaseContext, net: nx.MultiDiGraph) -> dict[link_evidence.Edge, list[dict[str, object]]]:
    """For each link (source, target, key): its first passages with text, time, source, exhibit and trace ids.

    Of calls in large tables their first records.
    """
    language, calls = context.say.language, row_evidence.list_edge_records(context, net, net.edges(keys=True), PASSAGES)
    places = link_evidence.list_link_places(context)
    chosen = {edge: places.get(edge, [])[:PASSAGES] for edge in net.edges(keys=True)}
    wanted = sorted({place for found in chosen.values() for place in found})
    table = document_quotations.quote_documents(
        context, [document for document, _ in wanted], [passage for _, passage in wanted]
    )
    cards = {place: _build_card(row, language) for place, row in zip(wanted, _list_records(table), strict=True)}
    return {
        edge: _merge_cards(
            [cards[place] for place in found],
            [_build_card(row, language) for row in _list_records(calls[edge])] if edge in calls else [],
        )
        for edge, found in chosen.items()
    }


def _merge_cards(passages: list[dict[str, object]], calls: list[dict[str, object]]) -> list[dict[str, object]]:
    """The first of both in time."""
    if not passages or not calls:
        return passages or calls
    return sorted([*passages, *calls], key=lambda card: (not card["at"], str(card["at"])))[:PASSAGES]


def _list_records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.to_numpy()]


def _build_card(row: dict[str, object], language: str) -> dict[str, object]:
    recipients = row["recipients"] if isinstance(row["recipients"], list) else []
    who = format_parties(str(row["sender"]), recipients)
    return {
        "at": row["at"], "who": who, "text": row["text"], "marks": [], "source": row["source_name"], "exhibit": row["exhibit"],
        "place": translate_place(str(row["place"]), language), "traces": row.get("traces", []),
    }  # fmt: skip

"""What happened to the entities of a chart, and where sources put them: the tables of a timeline and a map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from workbench import graph as rooms
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.evidence import link_strength
from workbench.case.network import call_links, entity_graph
from workbench.ledger import parquet_rows
from workbench.model.table_schemas import iterate_rows
from workbench.model.time_zones import parse_moment
from workbench.patterns import call_times

if TYPE_CHECKING:
    import networkx as nx

    from workbench.model.catalogue import Translator

EVENTS = 20_000
"""Calls out of large tables that a timeline takes one by one; where there are more, it takes their days."""
MASTS, TRACKED = 2_000, 5_000
"""Cells of numbers, and positions of tracks, that a map takes."""
SHOWN = 90
"""Signs of a passage beside its event."""
DAY = 3
"""Index of the day in `workbench.model.time_zones.GRAINS`."""
TIMELINE = ("start", "end", "grain", "relation", "members", "label", "layer", "happening_id")
PUT = ("node", "lat", "lon", "radius", "azimuth", "beam", "start", "label", "layer", "place_id")


def list_events(context: CaseContext, net: nx.MultiDiGraph, scope: entity_graph.Scope) -> pd.DataFrame:
    """What happened between the entities of a chart, as a timeline takes it; `.attrs['left_out']` says what it lacks, '' nothing.

    Columns: start, end (milliseconds since 1970, UTC), grain, relation, members, label, layer (confirmed, unconfirmed, tentative),
    happening_id.
    """
    nodes, zones = set(net), dict(zip(context.documents["document_id"], context.documents["zone"], strict=True))
    links = entity_graph.list_links(context, scope.accounts)
    if not scope.suggested:
        links = links[links["layer"] != "suggested"]
    found = rooms.list_dated_events(links, context.evidence, nodes, zones)
    texts = dict(zip(context.passages["passage_id"], context.passages["text"], strict=True))
    made = found.assign(
        layer=link_strength.compute_event_strengths(
            context, list(found["layer"]), list(found["relation"]), list(found["statement_ids"])
        ),
        label=[_shorten_text(texts.get(passage, "")) for passage in found["passage_id"]],
    )
    called, left_out = _list_calls(context, net)
    both = [part for part in (made[list(TIMELINE)], called) if len(part)]
    table = (
        pd.concat(both, ignore_index=True).sort_values(["start", "happening_id"], ignore_index=True) if both else called
    )
    table.attrs["left_out"] = left_out
    return table


def _list_calls(context: CaseContext, net: nx.MultiDiGraph) -> tuple[pd.DataFrame, str]:
    """Calls that are rows only: one by one, or by day where they are too many."""
    ends = {
        pair: (source, target)
        for source, target, data in net.edges(data=True) for pair in data.get("numbers", ())
    }  # fmt: skip
    documents = call_links.list_unclaimed_tables(context) if ends else []
    if not documents:
        return pd.DataFrame(columns=pd.Index(TIMELINE)), ""
    found = call_times.list_moments(call_links.count_pairs(context), ends, documents=documents, limit=EVENTS)
    made = [
        (
            float(row.begun), float("nan"), DAY if found.daily else 0, "calls of a day" if found.daily else "called",
            ends[row.a, row.b], f"{row.a} → {row.b}: {_describe_event(context.say, row, daily=found.daily)}", "confirmed",
            f"{row.a}-{row.b}-{row.begun}",
        )
        for row in iterate_rows(found.table)
    ]  # fmt: skip
    more = found.days > EVENTS
    said = call_links.describe_omitted("days" if more else "daily", found.days if more else found.records, EVENTS)
    return pd.DataFrame(made, columns=pd.Index(TIMELINE)), said if found.daily else ""


def _describe_event(say: Translator, row: object, *, daily: bool) -> str:
    if daily:
        return say.count("{n} call record on this day", "{n} call records on this day", int(row.records))  # type: ignore[attr-defined]
    seconds = row.duration  # type: ignore[attr-defined]
    event = say.term("happened.event", str(row.event))  # type: ignore[attr-defined]
    return event if pd.isna(seconds) else say("{event}, {seconds} s", event=event, seconds=f"{seconds:.0f}")


def _shorten_text(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def list_places(context: CaseContext, net: nx.MultiDiGraph, scope: entity_graph.Scope) -> pd.DataFrame:
    """Where sources put the entities of a chart, as a map takes it; `.attrs['left_out']` says what it lacks, '' nothing.

    Columns: node, lat, lon (degrees), radius (metres), azimuth, beam (degrees), start (milliseconds since 1970, UTC), label, layer,
    place_id. Of a number in call records the cells that served it, each once, with how often: not where anybody was.
    """
    own = rooms.list_places(context.evidence, list(net))
    own = own.assign(start=[parse_moment(at, "")[0] for at in own["at"]], layer=own["layer"].map(LAYERS))
    parts, said = [own[list(PUT)]], []
    for part, left_out in (_list_cells(context, net, scope), _list_track_positions(context, net)):
        parts.append(part)
        said += [left_out] if left_out else []
    full = [part for part in parts if len(part)]
    made = pd.concat(full, ignore_index=True) if full else parts[0]
    made.attrs["left_out"] = "\n".join(said)
    return made


LAYERS = {"decided": "confirmed", "received": "confirmed", "suggested": "unconfirmed"}


def _list_cells(context: CaseContext, net: nx.MultiDiGraph, scope: entity_graph.Scope) -> tuple[pd.DataFrame, str]:
    """Cells that the numbers of a chart used."""
    held = {number: node for node in net for number in call_links.list_numbers(context, [node], scope.accounts)}
    if not held or not {"cells", "calls"} <= set(parquet_rows.list_live_files(context.ledger)["kind"]):
        return pd.DataFrame(columns=pd.Index(PUT)), ""
    found = call_times.list_cells(call_engine.get_engine(context), held, MASTS)
    made = [
        (
            held[row.target],
            row.lat,
            row.lon,
            row.range,
            row.azimuth,
            row.beam,
            row.first.timestamp() * 1000,
            context.say.count(
                "{cell}: {n} record of {number}, from {first} to {last}",
                "{cell}: {n} records of {number}, from {first} to {last}",
                int(row.records),
                cell=row.name or row.cell,
                number=row.target,
                first=f"{row.first:%Y-%m-%d}",
                last=f"{row.last:%Y-%m-%d}",
            ),
            "confirmed",
            f"{row.target}-{row.cell}",
        )
        for row in iterate_rows(found.rename(columns={"name": "name_"}).assign(name=found["name"]))
        if row.first == row.first
    ]
    count = int(found["masts"].iloc[0]) if len(found) else 0
    return pd.DataFrame(made, columns=pd.Index(PUT)), _describe_omitted("cells", count, len(found))


def _list_track_positions(context: CaseContext, net: nx.MultiDiGraph) -> tuple[pd.DataFrame, str]:
    """Positions of tracks whose holder is on the chart."""
    if "positions" not in set(parquet_rows.list_live_files(context.ledger)["kind"]):
        return pd.DataFrame(columns=pd.Index(PUT)), ""
    engine = call_engine.get_engine(context)
    known = dict(
        _find_holder_nodes(
            context, net, engine.query_frame("SELECT DISTINCT holder FROM positions ORDER BY 1")["holder"].tolist()
        )
    )
    found = call_times.list_positions(engine, known, TRACKED)
    made = [
        (
            known[row.holder],
            row.lat,
            row.lon,
            row.radius,
            float("nan"),
            float("nan"),
            parse_moment(str(row.at), "")[0],
            context.say("{what} at {at}", what=row.method or context.say("position", context="happened"), at=row.at),
            "confirmed",
            f"{row.document_id}-{row.row}",
        )
        for row in iterate_rows(found)
    ]
    count = int(found["positions"].iloc[0]) if len(found) else 0
    return pd.DataFrame(made, columns=pd.Index(PUT)), _describe_omitted("positions", count, len(found))


def _find_holder_nodes(context: CaseContext, net: nx.MultiDiGraph, holders: list[str]) -> Iterator[tuple[str, str]]:
    """Holder of a track -> the node that stands for it on the chart."""
    for holder in filter(None, holders):
        key = context.canonical.get(holder, holder)
        node = key if key in net else entity_graph.find_holder(context, key)
        if node in net:
            yield holder, node


def _describe_omitted(what: str, count: int, shown: int) -> str:
    return call_links.describe_omitted(what, count, shown) if count > shown else ""


__all__ = ["EVENTS", "MASTS", "TRACKED", "list_events", "list_places"]

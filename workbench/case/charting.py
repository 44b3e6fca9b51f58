"""A graph into the link chart, with the passages behind each link and positions kept in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case import linking
from workbench.case.book import Book
from workbench.ledger import frames, now
from workbench.report import content

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.views import PortableChart

PASSAGES = 6
"""Passages that the chart shows for one link; the rest are in `case.why`."""
NOTE = (
    "A link says that the data supplied records something between two entities; positions are positions in that data."
)


def chart(book: Book, net: nx.MultiDiGraph, name: str, title: str) -> PortableChart:
    """The chart; with a name, its positions are read from the case and kept there."""
    from workbench.views import chart as view

    known = frames.positions(book.ledger, name) if name else {}
    made = view(
        net,
        evidence(book, net),
        positions=known or None,
        title=title or book.settings.title,
        mark=book.settings.mark,
        as_at=now()[:16],
        note=NOTE,
    )
    if name and made.positions != known:
        book.ledger.save_positions(name, made.positions)
    return made


def picture(book: Book, net: nx.MultiDiGraph, title: str) -> content.Chart | None:
    """The chart for a report: static picture and interactive page."""
    if not len(net):
        return None
    made = chart(book, net, "", title)
    return content.Chart(made.svg, NOTE, made.html)


def evidence(book: Book, net: nx.MultiDiGraph) -> dict[linking.Edge, list[dict[str, object]]]:
    """For each link (source, target, key): its first passages with text, time, source, exhibit and trace ids."""
    places = linking.places(book)
    chosen = {edge: places.get(edge, [])[:PASSAGES] for edge in net.edges(keys=True)}
    wanted = sorted({place for found in chosen.values() for place in found})
    table = linking.quote(book, [document for document, _ in wanted], [passage for _, passage in wanted])
    cards = {place: _card(row) for place, row in zip(wanted, _records(table), strict=True)}
    return {edge: [cards[place] for place in found] for edge, found in chosen.items()}


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.to_numpy()]


def _card(row: dict[str, object]) -> dict[str, object]:
    recipients = row["recipients"] if isinstance(row["recipients"], list) else []
    who = f"{row['sender']} → {', '.join(recipients)}" if recipients else str(row["sender"])
    return {
        "at": row["at"], "who": who, "text": row["text"], "marks": [], "source": row["source_name"], "exhibit": row["exhibit"],
        "place": row["place"], "traces": row["traces"],
    }  # fmt: skip

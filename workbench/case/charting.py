"""A graph into the link chart, with the passages behind each link and positions kept in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case import linking
from workbench.case.book import Book
from workbench.ledger import frames, now
from workbench.report import content

if TYPE_CHECKING:
    import networkx as nx

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


def evidence(book: Book, net: nx.MultiDiGraph) -> dict[tuple[str, str, str], list[dict[str, object]]]:
    """For each link (source, target, key): its first passages with text, time, source, exhibit and trace ids."""
    order = book.documents.set_index("document_id")["at"].to_dict()
    chosen: dict[tuple[str, str, str], list[str]] = {}
    for source, target, key, documents in net.edges(keys=True, data="document_ids"):
        chosen[source, target, key] = sorted(documents, key=lambda item: (order.get(item, ""), item))[:PASSAGES]
    wanted = sorted({document for documents in chosen.values() for document in documents})
    table = linking.quote(book, wanted, [""] * len(wanted)).set_index("document_id")
    cards = {
        str(key): _card(dict(zip(table.columns, row, strict=True)))
        for key, row in zip(table.index, table.to_numpy(), strict=True)
    }
    return {
        edge: [cards[document] for document in documents if document in cards] for edge, documents in chosen.items()
    }


def _card(row: dict[str, object]) -> dict[str, object]:
    recipients = row["recipients"] if isinstance(row["recipients"], list) else []
    who = f"{row['sender']} → {', '.join(recipients)}" if recipients else str(row["sender"])
    return {
        "at": row["at"], "who": who, "text": row["text"], "marks": [], "source": row["source_name"], "exhibit": row["exhibit"],
        "place": row["place"], "traces": row["traces"],
    }  # fmt: skip

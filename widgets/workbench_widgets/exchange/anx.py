"""A chart in the exchange form of i2 Analyst's Notebook (ANX), by anxwritter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench_widgets.exchange.spelling import spelt
from workbench_widgets.portable.drawing import CONFIRMED, SUGGESTED, TENTATIVE, UNCONFIRMED
from workbench_widgets.portable.icons import icon

if TYPE_CHECKING:
    import networkx as nx
    from anxwritter import ANXChart

    from workbench_widgets.portable.added import Added, Places

STYLES = {CONFIRMED: "solid", UNCONFIRMED: "dashed", TENTATIVE: "dotted"}
TYPES = {
    "Address": "Location", "BankAccount": "Account", "Company": "Business", "CryptoWallet": "Wallet", "LegalEntity": "Legal Entity",
    "Organization": "Organization", "PublicBody": "Public Body", "Sim": "SIM Card", "TelephoneNumber": "Telephone",
    "UserAccount": "User Account", "Document": "Document", "Email": "Document", "Message": "Document", "": "Entity",
}  # fmt: skip
"""Names that charts give to a schema, under which the program keeps its icons; the others have the label of their icon."""
TOLD = frozenset(
    {"caption", "label", "name", "schema", "relation", "strength", "directed", "x", "y", "grade", "first", "last"}
)
"""Attributes that are more than an attribute on the chart."""
GRADE = re.compile(r"([A-F])\s*/?\s*([1-6])")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?")
WIDEST = 7
LINE_END = "\ue00a"
COMMENT = re.compile(r"<!--.*?-->\n?")
NOTE = "Solid links are confirmed, dashed ones unconfirmed, dotted ones tentative. Places on the chart say nothing of distances."


def anx(graph: nx.MultiDiGraph, places: Places, said: Mapping[str, str], added: Added) -> bytes:
    """The chart as XML in UTF-8, as Analyst's Notebook 9 and the workbench read it.

    Parameters
    ----------
    graph : MultiDiGraph
        Node attributes caption, schema, grade ('B2'), first; edge attributes relation, strength, layer, count, directed, first, last,
        grade. Every other attribute of a node or edge becomes an attribute of its item.
    places : mapping
        Node -> (x, y) in pixels.
    said : mapping
        title, mark, as_at, author: the summary of the chart.
    added : Added
        Texts become text blocks.

    Returns
    -------
    bytes
        The same bytes for the same input. Links are solid, dashed or dotted by their strength; their date is that of their first
        occurrence. The identity of an item is its id.
    """
    from anxwritter import ANXChart, GradeCollection, SummaryCfg

    chart = ANXChart()
    chart.settings.summary = SummaryCfg(
        title=_text(said.get("title", "")), category=_text(said.get("mark", "")), author=_text(said.get("author", "")),
        comments=_text(" ".join(filter(None, (_as_at(said), NOTE)))), created=_created(said),
    )  # fmt: skip
    for strength, style in STYLES.items():
        chart.add_strength(strength.title(), dot_style=style)
    chart.grades_one, chart.grades_two = GradeCollection(items=[*"ABCDEF"]), GradeCollection(items=[*"123456"])
    if said.get("mark"):
        chart.add_legend_item(_text(said["mark"]), item_type="Text")
    for strength, style in STYLES.items():
        chart.add_legend_item(strength.title(), item_type="Line", dash_style=style)
    for node, data in graph.nodes(data=True):
        chart.add_icon(**_icon(str(node), data, places.get(str(node), (0.0, 0.0))))
    for number, one in enumerate(added.texts, 1):
        chart.add_text_block(id=f"note:{number}", type="Text", label=_text(one.text), x=round(one.x), y=round(one.y))
    _links(chart, graph)
    text = COMMENT.sub("", chart.to_xml(), count=1)
    return text.replace(LINE_END, "&#10;").encode()


def _icon(node: str, data: Mapping[str, object], place: tuple[float, float]) -> dict[str, object]:
    schema = str(data.get("schema") or "")
    label = str(data.get("caption") or data.get("label") or data.get("name") or node)
    return {
        "id": _text(node), "type": _text(TYPES.get(schema) or icon(schema).label), "label": _text(label),
        "x": round(place[0]), "y": round(place[1]), **_moment(data.get("first")), **_graded(data),
        "attributes": dict(_attributes(data)),
    }  # fmt: skip


def _links(chart: ANXChart, graph: nx.MultiDiGraph) -> None:
    """Links; those of one pair run the same way, and anxwritter lays them side by side."""
    for source, target, data in graph.edges(data=True):
        low, high = sorted((str(source), str(target)))
        chart.add_link(from_id=_text(low), to_id=_text(high), **_link(data, turned=str(source) != low))


def _link(data: Mapping[str, object], *, turned: bool) -> dict[str, object]:
    relation, count = str(data.get("relation") or "linked to"), data.get("count")
    often = isinstance(count, int) and count > 1
    stated = data.get("strength")
    strength = str(stated) if stated in STYLES else UNCONFIRMED if data.get("layer") == SUGGESTED else CONFIRMED
    arrow = {"arrow": "tail" if turned else "head"} if data.get("directed", True) else {}
    return {
        "type": _text(relation), "label": _text(f"{relation} ×{count:,}" if often else relation), "strength": strength.title(),
        "line_width": min(WIDEST, 1 + len(str(count)) if often else 1), **arrow, **_moment(data.get("first")), **_graded(data),
        "attributes": dict(_attributes({**data, "until": data.get("last")})),
    }  # fmt: skip


def _attributes(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What else is known of an item, as texts; what says nothing is left out."""
    for name, value in data.items():
        if name in TOLD or value is None or value in ("", 0):
            continue
        listed = isinstance(value, list | tuple | set | frozenset)
        words = ", ".join(map(str, value)) if listed else "yes" if value is True else str(value)  # type: ignore[call-overload]
        if words:
            yield _text(str(name)), _text(words)


def _graded(data: Mapping[str, object]) -> dict[str, int]:
    """Grades of source and information, by their place among the grades."""
    found = GRADE.fullmatch(str(data.get("grade") or "").strip().upper())
    return {"grade_one": "ABCDEF".index(found[1]), "grade_two": int(found[2]) - 1} if found else {}


def _moment(value: object) -> dict[str, str]:
    """Day and time of an item; nothing where there is no whole date."""
    found = MOMENT.match(str(value or ""))
    if not found:
        return {}
    try:
        datetime.fromisoformat(found[0])
    except ValueError:
        return {}
    clock = f"{found[2]}:00"[:8] if found[2] else ""
    return {"date": found[1], **({"time": clock} if clock else {})}


def _as_at(said: Mapping[str, str]) -> str:
    return f"As at {said['as_at']}." if said.get("as_at") else ""


def _created(said: Mapping[str, str]) -> str:
    """Time of making for the summary: that of the data, so that the same chart gives the same bytes."""
    found = MOMENT.match(said.get("as_at", ""))
    day = f"{found[1]}T{f'{found[2]}:00'[:8] if found[2] else '00:00:00'}" if found else ""
    return day or datetime(1970, 1, 1, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _text(text: str) -> str:
    """Text as XML can hold it in an attribute; an end of a line is put in at the end."""
    return spelt("\n".join(text.replace(LINE_END, "").splitlines())).replace("\n", LINE_END)

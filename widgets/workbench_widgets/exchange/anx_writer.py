"""A graph as a chart in the exchange form of i2 Analyst's Notebook (ANX), by anxwritter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import ceil, isfinite, sqrt
from typing import TYPE_CHECKING

from workbench_widgets.link_attributes import CONFIRMED, TENTATIVE, UNCONFIRMED, get_strength, is_yes
from workbench_widgets.portable.annotations import NOTHING
from workbench_widgets.portable.icons import translate_schema
from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    import networkx as nx
    from anxwritter import ANXChart

    from workbench_widgets.portable.annotations import Annotations, Places, Text

STYLES = {CONFIRMED: "solid", UNCONFIRMED: "dashed", TENTATIVE: "dotted"}
TYPES = {
    "Address": "Location", "BankAccount": "Account", "Company": "Business", "CryptoWallet": "Wallet", "LegalEntity": "Legal Entity",
    "Organization": "Organization", "PublicBody": "Public Body", "Sim": "SIM Card", "TelephoneNumber": "Telephone",
    "UserAccount": "User Account", "Document": "Document", "Email": "Document", "Message": "Document", "": "Entity",
}  # fmt: skip
"""Names that charts give to a schema, under which the program keeps its icons; the others have the label of their icon."""
UNIQUE = frozenset({"BankAccount", "CryptoWallet", "Sim", "TelephoneNumber", "UserAccount", "Vehicle"})
"""Schemata whose caption is what identifies the thing, on other charts too."""
TOLD = frozenset(
    {"caption", "label", "name", "schema", "relation", "strength", "directed", "x", "y", "grade", "first", "last"}
)
"""Attributes that are more than an attribute on the chart."""
SHOWN = "count"
"""The attribute whose value stands under its item; the others are in its properties."""
GRADE = re.compile(r"([A-F])\s*/?\s*([1-6])")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?")
STEP = 160
"""Between the icons that have no place."""
WIDEST = 7
STAND_INS = str.maketrans({"\n": "\ue00a", "\t": "\ue009"})
"""What stands for signs that an attribute in XML would lose, until the XML is written."""
COMMENT = re.compile(r"<!--.*?-->\n?")
NOTE = "Solid links are confirmed, dashed ones unconfirmed, dotted ones tentative. Positions on the chart do not show distances."

Item = dict[str, object]


def to_anx(
    graph: nx.Graph, places: Places | None = None, said: Mapping[str, str] | None = None, added: Annotations = NOTHING
) -> bytes:
    """The chart as XML in UTF-8, as Analyst's Notebook 9 and the workbench read it.

    Parameters
    ----------
    graph : Graph
        Node attributes caption, schema, grade ('B2'), first; edge attributes relation, strength, layer, count, directed, first, last,
        grade. Every other attribute of a node or edge becomes an attribute of its item.
    places : mapping, optional
        Node -> (x, y) in pixels; in its stead node attributes x and y. What has neither stands in a grid.
    said : mapping, optional
        title, subject, mark, as_at, author: the summary of the chart.
    added : Added, optional
        Texts become text blocks.

    Returns
    -------
    bytes
        The same bytes for the same input. Links are solid, dashed or dotted by their strength, a suggestion of which nothing else is
        said is tentative; their date is that of their first occurrence. The program has no link from an item to itself: such a one
        is an attribute of its icon.

    Raises
    ------
    ValueError
        If two nodes have the same text as their id.

    Notes
    -----
    The identity of an item is the id of its node, so that two persons of one name stay two when charts are joined; that of a
    number, account or vehicle is itself.

    References
    ----------
    i2 Analyst's Notebook Exchange XML, version 9.
    """
    names, told = _list_identities(graph), said or {}
    icons = [*_list_icons(graph, names, places or {})]
    links = [*_list_links(graph, names)]
    chart = _build_chart(told)
    for name in sorted({name for item in (*icons, *links) for name in item["attributes"]}):  # type: ignore[attr-defined]
        chart.add_attribute_class(name, type="text", show_value=name == SHOWN)
    for one in icons:
        chart.add_icon(**one)
    for one in _list_texts(added.texts):
        chart.add_text_block(**one)
    for one in links:
        chart.add_link(**one)
    text = COMMENT.sub("", chart.to_xml(), count=1)
    for sign, stand_in in STAND_INS.items():
        text = text.replace(stand_in, f"&#{sign};")
    return text.encode()


def _build_chart(said: Mapping[str, str]) -> ANXChart:
    """An empty chart with summary, strengths, grades and legend."""
    from anxwritter import ANXChart, GradeCollection, SummaryCfg

    chart, mark = ANXChart(), _escape_text(said.get("mark", ""))
    as_at = f"As at {said['as_at']}." if said.get("as_at") else ""
    chart.settings.summary = SummaryCfg(
        title=_escape_text(said.get("title", "")), subject=_escape_text(said.get("subject", "")), category=mark,
        author=_escape_text(said.get("author", "")),
        comments=_escape_text(" ".join(filter(None, (as_at, NOTE)))), created=_get_creation_time(said),
    )  # fmt: skip
    chart.settings.legend_cfg.show = True
    chart.grades_one, chart.grades_two = GradeCollection(items=[*"ABCDEF"]), GradeCollection(items=[*"123456"])
    if mark:
        chart.add_legend_item(mark, item_type="Text")
    for strength, style in STYLES.items():
        chart.add_strength(strength.title(), dot_style=style)
        chart.add_legend_item(strength.title(), item_type="Line", dash_style=style)
    return chart


def _list_identities(graph: nx.Graph) -> dict[object, str]:
    """Node -> what identifies its item: a number, account or vehicle that stands there once is itself, all else is its id."""
    ids = {node: _escape_text(str(node)) or "–" for node in graph}
    if len(set(ids.values())) < len(ids):
        raise ValueError("two nodes have the same text as their id, such as 1 and '1'. Rename one of them.")
    said = Counter([*ids.values(), *(_format_caption(node, data) for node, data in graph.nodes(data=True))])
    own = {
        node: caption
        for node, data in graph.nodes(data=True)
        if data.get("schema") in UNIQUE and (caption := _format_caption(node, data)) and said[caption] == 1
    }
    return ids | own


def _format_caption(node: object, data: Mapping[str, object]) -> str:
    return _escape_text(str(data.get("caption") or data.get("label") or data.get("name") or node))


def _list_icons(graph: nx.Graph, names: Mapping[object, str], places: Places) -> Iterator[Item]:
    across, loops = ceil(sqrt(len(graph))), _list_loops(graph)
    for number, (node, data) in enumerate(graph.nodes(data=True)):
        schema = str(data.get("schema") or "")
        x, y = places.get(str(node), (data.get("x"), data.get("y")))
        yield {
            "id": names[node], "type": _escape_text(TYPES.get(schema) or translate_schema(schema)), "label": _format_caption(node, data),
            "x": _round_coordinate(x, number % across * STEP), "y": _round_coordinate(y, number // across * STEP),
            **_build_details({**loops.get(node, {}), **data}),
        }  # fmt: skip


def _round_coordinate(value: object, otherwise: int) -> int:
    return round(value) if isinstance(value, int | float) and isfinite(value) else otherwise


def _list_loops(graph: nx.Graph) -> dict[object, dict[str, str]]:
    """Node -> relations that it has to itself, and how often."""
    found: dict[object, dict[str, str]] = {}
    for source, target, data in graph.edges(data=True):
        if source == target:
            often = f" ×{data['count']}" if data.get("count") else ""
            found.setdefault(source, {})[f"{_get_relation(data)} itself"] = f"{_get_strength(data)}{often}"
    return found


def _list_links(graph: nx.Graph, names: Mapping[object, str]) -> Iterator[Item]:
    """Links; those of one pair run the same way, and anxwritter lays them side by side."""
    for source, target, data in graph.edges(data=True):
        if source == target:
            continue
        (low, high), relation = sorted((names[source], names[target])), _escape_text(_get_relation(data))
        directed, turned = is_yes(data.get("directed", graph.is_directed())), names[source] != low
        yield {
            "from_id": low, "to_id": high, "type": relation, "label": relation, "strength": _get_strength(data).title(),
            "line_width": _compute_width(data.get("count")), **({"arrow": "tail" if turned else "head"} if directed else {}),
            **_build_details(data),
        }  # fmt: skip


def _get_relation(data: Mapping[str, object]) -> str:
    return str(data.get("relation") or "linked to")


def _get_strength(data: Mapping[str, object]) -> str:
    return get_strength(data, suggested=TENTATIVE)


def _compute_width(count: object) -> int:
    """Width of a line: one more for each digit of its count."""
    return min(WIDEST, 1 + len(str(count))) if isinstance(count, int) and count > 1 else 1


def _list_texts(texts: Iterable[Text]) -> Iterator[Item]:
    for number, one in enumerate(texts, 1):
        yield {
            "id": f"note:{number}",
            "type": "Text",
            "label": _escape_text(one.text),
            "x": round(one.x),
            "y": round(one.y),
        }


def _build_details(data: Mapping[str, object]) -> Item:
    """Date, grades and attributes of an item; a date or grade that the program does not know is an attribute."""
    first, grade = data.get("first"), data.get("grade")
    moment, grades = _encode_moment(first), _encode_grades(grade)
    rest = {"from": None if moment else first, "until": data.get("last"), "graded": None if grades else grade}
    return {**moment, **grades, "attributes": dict(_list_attributes(rest)) | dict(_list_attributes(data))}


def _list_attributes(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What else is known of an item, as texts; what says nothing is left out."""
    for name, value in data.items():
        if name in TOLD or value is None or value in ("", 0):
            continue
        listed = isinstance(value, list | tuple | set | frozenset)
        words = ", ".join(map(str, value)) if listed else "yes" if value is True else str(value)  # type: ignore[call-overload]
        if words not in ("", "nan", "NaT", "<NA>"):
            yield _escape_text(str(name)), _escape_text(words)


def _encode_grades(grade: object) -> dict[str, int]:
    """Grades of source and information, by their place among the grades."""
    found = GRADE.fullmatch(str(grade or "").strip().upper())
    return {"grade_one": "ABCDEF".index(found[1]), "grade_two": int(found[2]) - 1} if found else {}


def _encode_moment(value: object) -> dict[str, str]:
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


def _get_creation_time(said: Mapping[str, str]) -> str:
    """Time of making for the summary: that of the data, so that the same chart gives the same bytes."""
    found = _encode_moment(said.get("as_at"))
    day = f"{found['date']}T{found.get('time', '00:00:00')}" if found else ""
    return day or datetime(1970, 1, 1, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _escape_text(text: str) -> str:
    """Text as XML can hold it in an attribute; line ends and tabs are put in at the end."""
    plain = text.translate(dict.fromkeys(map(ord, STAND_INS.values())))
    return escape_hidden("\n".join(plain.splitlines())).translate(STAND_INS)

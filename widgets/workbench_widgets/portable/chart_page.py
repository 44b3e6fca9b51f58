"""The chart as one HTML file: pyvis' network, our own page around it, a strict policy, no request at all."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbench_widgets import words
from workbench_widgets.link_attributes import CONFIRMED, TENTATIVE, UNCONFIRMED
from workbench_widgets.portable import icons
from workbench_widgets.portable.drawing import Item, Line, Picture, build_picture
from workbench_widgets.portable.drawing_sheet import format_counts
from workbench_widgets.portable.static_svg import draw_svg
from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    import networkx as nx

HERE = Path(__file__).parent
ENGINE = Path("templates", "lib", "vis-9.1.2", "vis-network.min.js")
SIZE = 24
SAID = ("signs", "strength_lines", "strength_marks")
"""Lists of codes that the page says by itself."""
BUSY = 600
ROUNDNESS = 0.785
ROUNDEST = 0.45
DASHES: dict[str, list[int] | bool] = {CONFIRMED: False, UNCONFIRMED: [7, 6], TENTATIVE: [2, 5]}

Card = Mapping[str, object]
Key = tuple[str, str, str] | str
Cards = Sequence[Card]
Evidence = Mapping[tuple[str, str, str], Cards] | Mapping[str, Cards] | Mapping[Key, Cards]
"""(source, target, key) of an edge, or a node -> passages."""


def build_chart_page(  # noqa: PLR0913 - what is printed on the page is named one by one
    graph: nx.MultiDiGraph,
    positions: Mapping[str, tuple[float, float]],
    *,
    title: str,
    mark: str = "",
    as_at: str = "",
    evidence: Evidence | None = None,
    note: str = "",
    language: str = "en",
) -> str:
    """The link chart as one page that opens in any browser, without a network.

    Parameters
    ----------
    graph : MultiDiGraph
        Node attributes caption, latin, schema, custodian, service, layer, mentions, accounts, more; edge attributes relation, layer,
        count, first, last, directed, service. All are optional.
    positions : mapping
        Node -> (x, y) in pixels, as the layouts give them.
    title, mark, as_at, note : str
        Printed on the page: heading, marking ('EXERCISE – FOR TRAINING'), date of the data, a remark on the method.
    language : str
        Of what the page says beside the data; with it goes the direction of the whole.
    evidence : mapping, optional
        (source, target, key) of an edge, or a node -> passages: at, who, text, marks (pairs of places in the text), source,
        exhibit, place, traces (list). Other fields are ignored.

    Returns
    -------
    str
        The same bytes for the same input. Whatever comes from the data is text and never markup; the page's policy allows
        its own scripts by their hashes, and images that lie in the page.

    Raises
    ------
    ValueError
        With more than 2,000 nodes, or where a position is missing.
    """
    drawn = build_picture(graph, positions, language=language)
    styles, scripts = (
        _read_resource("chart.css"),
        [_read_resource("script_class.js"), _load_engine(), _read_resource("elements.js"), _read_resource("chart.js")],
    )
    network = _build_network(drawn)
    nodes, edges, *_, options = network.get_network_data()
    return _build_environment().get_template("template.html").render(
        policy=_build_policy(styles, scripts), heading=escape_hidden(title),
        mark=escape_hidden(mark), as_at=escape_hidden(as_at), note=escape_hidden(note),
        counts=format_counts(drawn, language), style=styles, early=scripts[0], engine=scripts[1], elements=scripts[2], chart=scripts[3],
        nodes=nodes, edges=edges, options=json.loads(options), facts=_build_facts(drawn, dict((evidence or {}).items()), language),
        twin=draw_svg(graph, positions, title=title, mark=mark, as_at=as_at, note=note, language=language),
        say=words.Translator(language), language=language, direction=words.get_direction(language),
    )  # fmt: skip


def describe_chart(graph: nx.MultiDiGraph, title: str = "", language: str = "en") -> str:
    """A chart in a line of text: what it is, and how many entities and links it has."""
    say = words.Translator(language)
    what = f"{say('Link chart')} {title!r}" if title else say("Link chart")
    entities = say.count("{n} entity", "{n} entities", graph.number_of_nodes())
    links = say.count("{n} link", "{n} links", graph.number_of_edges())
    return say("{what}: {entities}, {links}", what=what, entities=entities, links=links)


def _build_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


@lru_cache(maxsize=8)
def _read_resource(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _load_engine() -> str:
    """vis-network as pyvis ships it."""
    import pyvis

    text = (Path(pyvis.__file__).parent / ENGINE).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n").replace("</script", "<\\/script")


def _build_policy(style: str, scripts: Sequence[str]) -> str:
    allowed = " ".join(_compute_hash(script) for script in scripts)
    rest = "img-src data:; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {allowed}; style-src {_compute_hash(style)}; {rest}"


def _compute_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _build_network(drawn: Picture):  # type: ignore[no-untyped-def]  # noqa: ANN202 - pyvis has no types
    """The chart as a pyvis network. Its own page is never used: it asks the network and runs what stands in titles."""
    from pyvis.network import Network

    network = Network(directed=True)
    number = {item.id: index for index, item in enumerate(drawn.items)}
    network.nodes = [
        {"id": index, "x": item.x, "y": item.y, "shape": "image", "size": SIZE}
        for index, item in enumerate(drawn.items)
    ]
    network.edges = [_encode_edge(line, index, number, drawn) for index, line in enumerate(drawn.lines)]
    network.options = _build_options(len(drawn.items))
    return network


def _encode_edge(line: Line, index: int, number: dict[str, int], drawn: Picture) -> dict[str, object]:
    a, b = number[line.source], number[line.target]
    way = "".join(
        arrow for arrow in ("from " * (line.directed and line.back > 0), "to" * (line.directed and line.there > 0))
    )
    return {
        "id": f"l{index}", "from": a, "to": b, "arrows": way, "width": line.width, "dashes": DASHES[line.strength],
        "smooth": _encode_bend(line, drawn.items[a], drawn.items[b]),
    }  # fmt: skip


def _encode_bend(line: Line, a: Item, b: Item) -> dict[str, object] | bool:
    """How far a line is bent so that it does not hide another one of its pair."""
    if not line.bend:
        return False
    far = max(((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5, 1.0)
    share = min(abs(line.bend) * 1.6 / (ROUNDNESS * far), ROUNDEST)
    return {"enabled": True, "type": "curvedCW" if line.bend > 0 else "curvedCCW", "roundness": round(share, 3)}


def _build_options(count: int) -> dict[str, object]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "nodes": {"borderWidth": 0, "shapeProperties": {"useBorderWithImage": False, "interpolation": count <= BUSY}},
        "edges": {"arrowStrikethrough": False, "selectionWidth": 1.5, "arrows": {"to": {"scaleFactor": 0.6}, "from": {"scaleFactor": 0.6}}},
        "interaction": {
            "hover": False, "keyboard": False, "multiselect": False, "selectConnectedEdges": True,
            "hideEdgesOnDrag": count > BUSY, "hideEdgesOnZoom": count > BUSY, "tooltipDelay": 10**9,
        },
    }  # fmt: skip


# What the page knows of each entity and link ------------------------------------------------------------------------------


def _build_facts(drawn: Picture, evidence: Mapping[Key, Cards], language: str) -> dict[str, object]:
    """Everything that the page says in words; passages stand once, however many links they are behind."""
    cards: dict[str, int] = {}
    order = {item.id: rank for rank, item in enumerate(sorted(drawn.items, key=lambda item: item.rank))}
    nodes = [
        _encode_item(item, order[item.id], _list_card_numbers(evidence.get(item.id, ()), cards)) for item in drawn.items
    ]
    lines = [_encode_line(line, drawn, _list_card_numbers(_list_cards(line, evidence), cards)) for line in drawn.lines]
    say = words.Translator(language)
    kinds = {(item.schema, item.how): icons.encode_icon(item.schema, item.how) for item in drawn.items}
    return {
        "nodes": nodes,
        "lines": lines,
        "cards": [json.loads(card) for card in cards],
        "icons": {f"{schema}|{how}": uri for (schema, how), uri in sorted(kinds.items())},
        "labels": {
            schema: icons.translate_schema(schema, language) for schema in sorted({item.schema for item in drawn.items})
        },
        "language": language,
        "words": dict(words.load_texts(language, ("portable",))),
        "lists": {name: say.terms(name) for name in SAID},
        "commonest": drawn.commonest,
        "ring": icons.RING,
        "grey": icons.GREY,
    }


def _encode_item(item: Item, rank: int, cards: list[int]) -> dict[str, object]:
    return {
        "id": escape_hidden(item.id), "caption": escape_hidden(item.caption), "rows": [escape_hidden(row) for row in item.rows],
        "latin": escape_hidden(item.latin), "below": [escape_hidden(row) for row in item.below], "schema": item.schema,
        "how": item.how, "mentions": item.mentions, "degree": item.degree, "more": item.more, "rank": rank,
        "accounts": [escape_hidden(account) for account in item.accounts], "cards": cards,
    }  # fmt: skip


def _encode_line(line: Line, drawn: Picture, cards: list[int]) -> dict[str, object]:
    return {
        "relation": escape_hidden(line.relation), "suggested": line.is_suggested, "strength": line.strength, "directed": line.directed,
        "service": line.service,
        "there": line.there, "back": line.back, "first": escape_hidden(line.first), "last": escape_hidden(line.last),
        "label": escape_hidden(drawn.label(line)), "key": escape_hidden(line.key), "cards": cards,
    }  # fmt: skip


def _list_cards(line: Line, evidence: Mapping[Key, Cards]) -> list[Card]:
    cards = [card for edge in line.edges for card in evidence.get(edge, ())]
    return sorted(cards, key=lambda card: (not card.get("at"), str(card.get("at", ""))))


def _list_card_numbers(cards: Sequence[Card], known: dict[str, int]) -> list[int]:
    """Numbers of passages, each passage written down once."""
    texts = [json.dumps(_encode_card(card), sort_keys=True) for card in cards]
    return list(dict.fromkeys(known.setdefault(text, len(known)) for text in texts))


def _encode_card(card: Card) -> dict[str, object]:
    names = ("at", "who", "text", "source", "exhibit", "place")
    told: dict[str, object] = {name: escape_hidden(str(card.get(name) or "")) for name in names}
    traces, marks = card.get("traces"), card.get("marks")
    told["traces"] = (
        [escape_hidden(str(trace)) for trace in traces]
        if isinstance(traces, Sequence) and not isinstance(traces, str)
        else []
    )
    told["marks"] = _list_highlights(str(card.get("text") or ""), marks if isinstance(marks, Sequence) else ())
    return told


def _list_highlights(text: str, marks: Sequence[object]) -> list[list[int]]:
    """Places in the text, in order and apart, counted as a browser counts: in units of UTF-16."""
    found: list[list[int]] = []
    for mark in sorted(tuple(mark) for mark in marks if isinstance(mark, Sequence) and len(mark) == 2):
        start, end = (max(0, min(int(str(place)), len(text))) for place in mark)
        before, inside = (len(escape_hidden(text[a:b]).encode("utf-16-le")) // 2 for a, b in ((0, start), (start, end)))
        if inside and (not found or before >= found[-1][1]):
            found.append([before, before + inside])
    return found

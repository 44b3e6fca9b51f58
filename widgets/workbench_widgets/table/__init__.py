"""The entities of a chart as a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import pandas as pd
import traitlets as t

from workbench_widgets.linked_views import LinkedView, check_frame
from workbench_widgets.model import CaseModel
from workbench_widgets.model.state import compute_visible
from workbench_widgets.portable.icons import translate_schema
from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

__all__ = ["EntityTable"]

KINDS = ("text", "number", "time", "facet")
ROWS = 20
LINE = 24


class EntityTable(LinkedView, bundle="table"):
    """What is on the chart as rows: found by words, counted by facets, sorted; a choice here is a choice on the chart.

    Parameters
    ----------
    what : Graph or CaseModel
    more : DataFrame, optional
        Further columns, indexed by the id of the node.
    kinds : mapping, optional
        Column of `more` -> text, number, time (milliseconds since 1970 in UTC) or facet (counted beside the table); by default
        number where it holds numbers, otherwise text.
    """

    columns = t.Dict().tag(sync=True)

    def __init__(
        self,
        what: nx.Graph | CaseModel,
        more: pd.DataFrame | None = None,
        *,
        kinds: Mapping[str, str] | None = None,
        zone: str = "UTC",
        language: str | None = None,
    ) -> None:
        columns = {} if more is None else encode_columns(check_frame(more, "further columns"), kinds or {})
        super().__init__(what, zone=zone, language=language, columns=columns)

    def to_svg(self) -> str:
        """The first rows as a picture: the most linked entities."""
        table, (nodes, links) = (
            self.model.session.table,
            compute_visible(self.model.session.table, self.model.session.state),
        )
        degree = [0] * len(table)
        for row in links.nonzero()[0].tolist():
            for end in table.pairs[row].tolist():
                degree[end] += table.counts[row]
        rows = sorted(nodes.nonzero()[0].tolist(), key=lambda row: (-degree[row], row))
        if not rows:
            return ""
        lines = [(self.say.word("Name", "noun"), self.say.word("Type", "noun"), self.say.word("Links", "noun"))]
        for row in rows[:ROWS]:
            schema = table.schemas[table.kinds[row]]
            lines.append((table.labels[row], translate_schema(schema, self.language), f"{degree[row]:,}"))
        if len(rows) > ROWS:
            lines.append((self.say("and {count} more", count=len(rows) - ROWS), "", ""))
        return _draw_svg(
            lines, " · ".join(filter(None, (self.model.mark, self.model.title or self.say.word("Entities", "noun"))))
        )


def encode_columns(more: pd.DataFrame, kinds: Mapping[str, str]) -> dict[str, object]:
    """Columns as they travel to the browser.

    Raises
    ------
    ValueError
        For a kind that is none of text, number, time, facet, or of a column that is not there, and where a number is none.
    """
    if absent := [name for name in kinds if name not in map(str, more.columns)]:
        raise ValueError(f"There is no column {absent[0]!r}. The columns are {', '.join(map(str, more.columns))}.")
    made: dict[str, object] = {}
    for name in more.columns:
        kind = kinds.get(str(name)) or ("number" if pd.api.types.is_numeric_dtype(more[name]) else "text")
        if kind not in KINDS:
            raise ValueError(f"column {name!r} is of the kind {kind!r}; it can be {', '.join(KINDS)}.")
        try:
            cells = {str(node): _encode_cell(value, kind) for node, value in more[name].items()}
        except ValueError as problem:
            raise ValueError(
                f"column {name!r} contains a value that is not of the kind {kind}: {problem}."
            ) from problem
        made[str(name)] = {
            "label": escape_hidden(str(name)).replace("_", " ").capitalize(),
            "kind": kind,
            "cells": cells,
        }
    return made


def _encode_cell(value: Hashable, kind: str) -> object:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return float(str(value)) if kind in ("number", "time") else escape_hidden(str(value))


def _draw_svg(lines: list[tuple[str, str, str]], head: str) -> str:
    width, height = 720, 34 + LINE * len(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" font-family="sans-serif" font-size="13">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><text x="12" y="18" font-weight="600">{escape(head)}</text>'
    ]
    for at, (name, kind, links) in enumerate(lines):
        y, bold = 46 + LINE * at, ' font-weight="600"' if not at else ""
        short = name if len(name) <= 52 else f"{name[:51]}…"
        cells = ((12, "start", short), (430, "start", kind), (width - 20, "end", links))
        parts += [f'<text x="{x}" y="{y}" text-anchor="{end}"{bold}>{escape(text)}</text>' for x, end, text in cells]
        parts.append(f'<path d="M8 {y + 8}H{width - 8}" stroke="#e5e8eb"/>')
    return f"{''.join(parts)}</svg>"

"""The association matrix: who is linked with whom, how often and how surely."""

from __future__ import annotations

from collections import defaultdict
from html import escape

from workbench_widgets.linked_views import LinkedView
from workbench_widgets.model.state import compute_visible

__all__ = ["Matrix"]

MOST = 30
SQUARE, GUTTER, HEAD = 18, 190, 120


class Matrix(LinkedView, bundle="matrix"):
    """Entities against entities: a square where two are linked, darker where more often, hatched where nothing confirms it.

    Those who deal with each other stand together. It takes the 60 most linked entities of the chart, or those that are chosen.
    A square says how often the data supplied links two, not how close they are.
    """

    def to_svg(self) -> str:
        """The 30 most linked entities as a picture; '' where nothing is linked."""
        table = self.model.session.table
        _, links = compute_visible(table, self.model.session.state)
        pairs: dict[tuple[int, int], list[int]] = {}
        degree: defaultdict[int, int] = defaultdict(int)
        for row in links.nonzero()[0].tolist():
            low, high = sorted(table.pairs[row].tolist())
            cell = pairs.setdefault((low, high), [0, 2])
            cell[0], cell[1] = cell[0] + table.counts[row], min(cell[1], table.strength[row])
            for end in (low, high):
                degree[end] += 1
        nodes = sorted(degree, key=lambda node: (-degree[node], node))[:MOST]
        return self._draw_svg(nodes, pairs) if nodes else ""

    def _draw_svg(self, nodes: list[int], pairs: dict[tuple[int, int], list[int]]) -> str:
        labels = self.model.session.table.labels
        size = len(nodes) * SQUARE
        width, height = GUTTER + size + 90, HEAD + size + 10
        head = escape(
            " · ".join(filter(None, (self.model.mark, self.model.title or self.say.term("titles", "matrix"))))
        )
        shape = f'viewBox="0 0 {width} {height}" width="{width}" font-family="sans-serif" font-size="11"'
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {shape}><rect width="{width}" height="{height}" fill="#fff"/>',
            f'<text x="8" y="16" font-weight="600">{head}</text>',
        ]
        for at, node in enumerate(nodes):
            name = escape(labels[node] if len(labels[node]) <= 26 else f"{labels[node][:25]}…")
            short = escape(labels[node] if len(labels[node]) <= 15 else f"{labels[node][:14]}…")
            x, y = GUTTER + (at + 0.6) * SQUARE, HEAD + (at + 0.7) * SQUARE
            parts.append(f'<text x="{GUTTER - 8}" y="{y:.1f}" text-anchor="end">{name}</text>')
            parts.append(f'<text transform="translate({x:.1f} {HEAD - 6}) rotate(-55)">{short}</text>')
        for row, one in enumerate(nodes):
            for column, other in enumerate(nodes):
                parts.append(
                    _draw_square(
                        GUTTER + column * SQUARE,
                        HEAD + row * SQUARE,
                        pairs.get((min(one, other), max(one, other))),
                        one == other,
                    )
                )
        return f"{''.join(parts)}</svg>"


def _draw_square(x: int, y: int, cell: list[int] | None, same: bool) -> str:  # noqa: FBT001 - the diagonal
    fill = "#eceff2" if same else "#ffffff"
    text = ""
    if cell and not same:
        fill = "#0072b2" if not cell[1] else "#cfe3f1"
        ink = "#ffffff" if not cell[1] else "#1b1f24"
        count = f"{cell[0]}" if cell[0] < 1000 else f"{cell[0] // 1000}k"
        text = f'<text x="{x + SQUARE / 2}" y="{y + 12}" font-size="9" text-anchor="middle" fill="{ink}">{count}</text>'
    dash = ' stroke-dasharray="2 2"' if cell and cell[1] else ""
    return f'<rect x="{x}" y="{y}" width="{SQUARE}" height="{SQUARE}" fill="{fill}" stroke="#c3c9cf"{dash}/>{text}'

"""Groups, text boxes and colours of a chart under its name: read from the case when the chart is opened, kept there as they change.

They lie where the positions of the chart lie (`charts.get_stored_name`): what a reader draws on a chart of a name that is free for that
reader changes nothing on a chart that has the name for others.

What a reader may not see stays in the case as it is, whatever the reader changes: members of a group that are not on the reader's
chart, and words that were written over what is withheld.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from workbench.case.access import marks
from workbench.case.evidence import product_basis
from workbench.ledger.records import chart_annotations, charts
from workbench.ledger.records.chart_annotations import GROUP, STYLE, TEXT, Drawing
from workbench.views.linked_views import format_group_name

if TYPE_CHECKING:
    from workbench.case.charts.chart_queries import ChartSource
    from workbench.model.handling_marks import Mark
    from workbench.views.linked_views import CaseModel

Item = dict[str, object]
"""A group or text box as the chart has it."""


@dataclass
class Drawings:
    """What is drawn on one chart.

    Attributes
    ----------
    asked : Asked
        Who knows what has come onto the chart.
    chart : str
        Its name, as its reader knows it.
    stored : str
        The name under which it was kept when it was read.
    shown, kept : dict
        Id on the chart -> as the chart has it, and as the case keeps it.
    gone : list
        What was taken off, in both forms: undo brings it back.
    style : str
        By what the entities are coloured on the chart.
    """

    asked: ChartSource
    chart: str
    stored: str = ""
    shown: dict[str, Item] = field(default_factory=dict)
    kept: dict[str, Drawing] = field(default_factory=dict)
    gone: list[tuple[Item, Drawing]] = field(default_factory=list)
    style: str = ""

    def load_drawings(self, model: CaseModel) -> None:
        """Put on the chart what the case has, as its reader may see it."""
        self.shown, self.kept = {}, {}
        on = set(model.session.node_ids())
        ledger = self.asked.context.ledger
        self.stored = charts.get_stored_name(ledger, self.chart)
        stored = chart_annotations.list_drawings(ledger, self.stored)
        for one in stored:
            if one.kind != STYLE and (item := self._build_item(one, on)) is not None:
                self.shown[str(item["id"])], self.kept[str(item["id"])] = item, one
        by = next((str(one.body["by"]) for one in stored if one.kind == STYLE), "")
        self.style = by if by in model.styles else ""
        model.session.restore_drawings(
            groups=self._select_items(GROUP), notes=self._select_items(TEXT), style=self.style
        )
        model.refresh()

    def save_drawings(self, model: CaseModel) -> None:
        """Keep in the case what is drawn otherwise now; nothing where nothing is."""
        self._follow()
        state = model.session.state
        now = {str(one["id"]): one for one in (*state.groups, *state.notes)}
        changed = [name for name, one in now.items() if one != self.shown.get(name)]
        gone = [name for name in self.shown if name not in now]
        styles = [Drawing(STYLE, STYLE, {"by": state.style})] if state.style != self.style else []
        if not changed and not gone and not styles:
            return
        ledger, on = self.asked.context.ledger, set(model.session.node_ids())
        stored = {one.key: one for one in chart_annotations.list_drawings(ledger, self.stored)}
        before = {name: self._find_previous_drawing(name, now[name]) for name in changed}
        taken = [self.kept.pop(name) for name in gone]
        left = [part for one in taken if (part := self._reduce_group(stored.get(one.key, one), on))]
        for name, one in before.items():
            self.kept[name] = self._build_drawing(now[name], stored.get(one.key, one) if one else None, on)
        drawn = [*styles, *left, *(self.kept[name] for name in changed)]
        off = {one.key for one in taken} - {one.key for one in left}
        chart_annotations.save_annotations(ledger, self.stored, drawn, sorted(off), self.chart)
        self.gone += [(self.shown[name], one) for name, one in zip(gone, taken, strict=True)]
        self.shown, self.style = now, state.style

    def _follow(self) -> None:
        """Draw all anew where the chart is kept under another name since something on it became secret to its reader."""
        stored = charts.get_stored_name(self.asked.context.ledger, self.chart)
        if stored != self.stored:
            self.stored, self.shown, self.kept, self.style = stored, {}, {}, ""

    def _reduce_group(self, one: Drawing, on: set[str]) -> Drawing | None:
        """What is left of a group that its reader dissolves: the members that are not on the reader's chart."""
        unseen = [name for name in self._list_members(one) if name not in on] if one.kind == GROUP else []
        return replace(one, body={**one.body, "members": unseen}) if unseen else None

    def mark(self) -> Mark:
        """The mark of what the words on the chart were written over."""
        return marks.get_places_mark(self.asked.context, self.list_basis_ids())

    def list_basis_ids(self) -> set[str]:
        """What the words on the chart were written over: ids of passages, documents and statements."""
        return {key for name in self.shown for key in self.kept[name].rests}

    def _find_previous_drawing(self, name: str, item: Item) -> Drawing | None:
        """What was drawn there before; of what undo brings back, what it was."""
        back = (one for other, one in self.gone if other == item)
        return self.kept[name] if name in self.shown else next(back, None)

    def _select_items(self, kind: str) -> tuple[Item, ...]:
        return tuple(item for name, item in self.shown.items() if self.kept[name].kind == kind)

    def _build_item(self, one: Drawing, on: set[str]) -> Item | None:
        """As the chart has it; None where the reader sees nothing of it."""
        number = 1 + sum(other.kind == one.kind for other in self.kept.values())
        readable = chart_annotations.is_readable(self.asked.context.ledger, one)
        if one.kind == TEXT:
            return {"id": f"note:{number}", **one.body} if readable else None
        members = [name for name in self._list_members(one) if name in on]
        if len(members) < 2:
            return None
        label = (str(one.body["label"]) if readable else "") or format_group_name(members)
        return {"id": f"group:{number}", "label": label, "members": members, "open": one.body["open"]}

    def _build_drawing(self, item: Item, before: Drawing | None, on: set[str]) -> Drawing:
        """As the case keeps it. Words rest on what has come onto the chart until they were written."""
        key = before.key if before else secrets.token_hex(12)
        if "text" in item:
            body = {name: item[name] for name in ("text", "x", "y")}
            said = before is None or before.body["text"] != body["text"]
            return Drawing(key, TEXT, body, self._list_words_basis(before, said=said))
        members = cast("list[str]", item["members"])
        unseen = [name for name in self._list_members(before) if name not in on] if before else []
        own = str(item["label"]) if item["label"] != format_group_name(members) else ""
        if before and before.words and not chart_annotations.is_readable(self.asked.context.ledger, before):
            own = ""  # the name that it has for others stays
        label = own or (str(before.body["label"]) if before else "")
        said = bool(own) and (before is None or before.body["label"] != own)
        body = {"label": label, "members": list(dict.fromkeys([*members, *unseen])), "open": item["open"]}
        return Drawing(key, GROUP, body, self._list_words_basis(before, said=said))

    def _list_members(self, one: Drawing) -> list[str]:
        """Members of a group by the ids that they have now."""
        canonical = self.asked.context.canonical
        return list(dict.fromkeys(canonical.get(name, name) for name in cast("list[str]", one.body["members"])))

    def _list_words_basis(self, before: Drawing | None, *, said: bool) -> tuple[str, ...]:
        over = product_basis.list_graph_places(self.asked.context, self.asked.net) if said else set()
        return tuple(sorted({*(before.rests if before else ()), *over}))

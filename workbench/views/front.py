"""The first page of an open case: what is new, charts that are kept, a button with its help for each thing that one does next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.views import cards
from workbench.views.controls import Field, answer, bar, button, choice, moment
from workbench.views.panel import Panel
from workbench.visible import visible

if TYPE_CHECKING:
    from workbench.views.lobby import Room

PANEL = {
    "Add files": "Drop files or choose them; look at each before it is kept.",
    "Overview": "Files, persons, period, doubts: the case at a glance.",
    "Search": "Everything at once: words, a “quoted phrase” or a whole sentence.",
    "Review": "Is this pair one person, is this name right? You decide, one at a time.",
}
"""Tabs of the panel, and what each is for."""
VIEWS = {
    "Chart": "Who is linked with whom. Click a line to read what is behind it.",
    "Timeline": "What happened when, a lane for each person or thing.",
    "Map": "Where sources put something. Not where anybody was.",
    "Workspace": "Chart, matrix, evidence, entities, timeline and map, linked.",
}
"""Views that are drawn, and what each is for."""
REPORT = "One page and a PDF with the chart, the passages and the mark; stays in the case."
KINDS = {
    "source": ("file", "files"), "passage": ("passage", "passages"), "suggestion": ("suggestion of a machine", "suggestions of machines"),
    "decision": ("decision of others", "decisions of others"), "note": ("note of others", "notes of others"),
    "issue": ("doubt about the data", "doubts about the data"),
}  # fmt: skip
"""Kinds of news, as one and as several are called."""
ROWS, CHARTS, LETTERS = 20, 6, 40
"""Rows of news that are shown, charts that are listed, letters of a name on a button."""
KEPT = ("name", "officer", "at", "entities", "mark")
"""What is told of a chart that is kept."""
OVERVIEW = "overview"
"""Name under which the chart of the best connected is kept."""


class Front(w.VBox):
    """The page of an open case.

    Parameters
    ----------
    room : Room
    left : callable
        Called once the case is closed.
    """

    def __init__(self, room: Room, left: Callable[[], None]) -> None:
        self.room, self.left = room, left
        self.news, self.charts = News(room), w.VBox()
        self.panel = Panel(room.desk, self.refresh)
        self.about = Field("About", "names, parted by ; – empty: the best connected")
        self.named = Field("Keep as", "name of the chart, to open it again")
        self.said, self.below, self.stage = w.HTML(), w.Output(), w.VBox([self.panel])
        head = w.HTML(
            cards.block(f'<h2><span class="mark">{cards.esc(room.mark)}</span>{cards.alone(room.title)}</h2>')
        )
        out = button("Close the case", self.leave, "Close this case and go back to the list of cases")
        top = w.Box([self.news, self.charts])
        top.add_class("wb-choices")
        super().__init__([bar(head, out), top, self._tiles(), self.said, self.below, self.stage])
        self.show_tab("Add files" if room.empty else "Overview")
        self.list_charts()

    def _tiles(self) -> w.Widget:
        """A button with its help for each thing that one does next."""
        looks = [_tile(name, hint, partial(self.show_tab, name)) for name, hint in PANEL.items()]
        draws = [_tile(name, hint, partial(self.draw, name)) for name, hint in VIEWS.items()]
        asked = w.Box([self.about, self.named])
        asked.add_class("wb-fields")
        report = _tile("Report", REPORT, lambda: self.show("Report", Report(self.room)))
        return w.VBox([_grid(*looks, report), _section("Draw", asked, _grid(*draws))])

    def show_tab(self, name: str) -> None:
        """The panel, on one of its tabs."""
        self.panel.turn(name)
        self.show(name, self.panel)

    def show(self, name: str, widget: w.Widget) -> None:
        """Put something below the buttons."""
        self.stage.children = (widget,)
        self.said.value = cards.block(cards.said(f"{name}: below."))

    def draw(self, kind: str) -> None:
        """Draw a view of what is asked for."""
        about = [name.strip() for name in self.about.value.split(";") if name.strip()]
        name = self.named.value or "; ".join(about) or OVERVIEW
        self._work(kind, lambda: self.room.draw(kind.lower(), about, name))

    def again(self, name: str) -> None:
        """A chart that is kept."""
        self._work(visible(name), lambda: self.room.again(name))

    def _work(self, name: str, work: Callable[[], w.Widget]) -> None:
        """Show what is drawn, or say why it is not."""
        self.said.value = cards.block(cards.said(f"{name}: drawing …"))
        self.below.clear_output()

        def drawn() -> str:
            self.show(name, work())
            self.list_charts()
            return cards.said(f"{name}: below.")

        with self.below:
            self.said.value = cards.block(answer(drawn))

    def list_charts(self) -> None:
        """Show the charts that are kept, the latest first."""
        kept = self.room.charts().head(CHARTS)
        rows = [self._kept(*row) for row in kept[list(KEPT)].itertuples(index=False, name=None)]
        hint = "Opened again with a click." if rows else "None yet. Each chart that you draw is kept by its name."
        self.charts.children = (_section("Last charts", w.HTML(cards.block(cards.said(hint))), *rows),)

    def _kept(self, name: str, officer: str, at: str, entities: int, mark: str) -> w.Widget:
        go = button(visible(name)[:LETTERS], lambda: self.again(name), f"Open the chart {visible(name)} again")
        facts = " · ".join((f"entities: {entities:,}", cards.alone(officer), cards.esc(moment(at)), cards.esc(mark)))
        return w.VBox([bar(go), w.HTML(cards.block(f'<p class="meta">{facts}</p>'))])

    def refresh(self) -> None:
        """Count again what a new file or a decision has changed."""
        self.news.count()

    def leave(self) -> None:
        """Close the case."""
        self.room.close()
        self.left()


class News(w.VBox):
    """How much has come since the officer was here before, by kind; a click shows it."""

    def __init__(self, room: Room) -> None:
        self.room, self.seen = room, ""
        before = room.openings()[:ROWS]
        moments = {f"you opened it on {moment(at)}": at for at in before}
        self.when = choice("Since", {**moments, "the beginning": "0000"}, self._turn)
        self.when.layout.width = "auto"
        self.counts, self.rows = w.VBox(), w.HTML()
        self.since = next(iter(moments.values()), "0000")
        super().__init__([_section("What is new", self.when, self.counts, self.rows)])
        self.count()

    def _turn(self, since: str) -> None:
        self.since = since
        self.count()

    def count(self) -> None:
        """Count what is new."""
        self.found = self.room.news(self.since)
        numbers = self.found["kind"].value_counts()
        made = [self._counted(kind, int(numbers[kind])) for kind in KINDS if kind in numbers]
        nothing = w.HTML(cards.block(cards.said("Nothing since then.")))
        self.counts.children = (bar(*made),) if made else (nothing,)
        self.rows.value = self._listed() if self.seen in numbers else ""

    def _counted(self, kind: str, number: int) -> w.Widget:
        one, several = KINDS[kind]
        words = f"{number:,} {one if number == 1 else several}"
        return button(words, lambda: self.see(kind), f"Show the {several} that are new, or hide them")

    def see(self, kind: str) -> None:
        """Show the rows of a kind, or hide them."""
        self.seen = "" if self.seen == kind else kind
        self.rows.value = self._listed() if self.seen else ""

    def _listed(self) -> str:
        rows = self.found[self.found["kind"] == self.seen].assign(at=lambda found: found["at"].map(moment))
        return cards.block(
            f"<h3>{cards.esc(KINDS[self.seen][1].capitalize())}</h3>", cards.table(rows, ["what", "who", "at"], ROWS)
        )


class Report(w.VBox):
    """What a report answers and for whom; then it is written."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.question = Field("Question", "what the report answers")
        self.to = Field("For", "its reader, to whom it is cut – empty: yourself")
        self.said, self.below = w.HTML(), w.Output()
        go = button("Write the report", self.write, REPORT, primary=True)
        fields = w.Box([self.question, self.to])
        fields.add_class("wb-fields")
        super().__init__([_section("Report", fields, bar(go), self.said, self.below)])

    def write(self) -> None:
        """Write it; what is written for somebody else stands in the log as disclosed."""
        self.said.value = cards.block(cards.said("Writing …"))
        self.below.clear_output()
        with self.below:
            self.said.value = cards.block(
                answer(lambda: cards.said(self.room.report(self.question.value, self.to.value), "done"))
            )


def _tile(name: str, hint: str, work: Callable[[], None]) -> w.Widget:
    """A button, and below it what it is for."""
    made = w.VBox([button(name, work, hint), w.HTML(cards.block(cards.said(hint)))])
    made.add_class("wb-tile")
    return made


def _grid(*tiles: w.Widget) -> w.Box:
    made = w.Box(tiles)
    made.add_class("wb-tiles")
    return made


def _section(title: str, *children: w.Widget) -> w.VBox:
    """A heading and what stands under it."""
    made = w.VBox([w.HTML(cards.block(f"<h3>{cards.esc(title)}</h3>")), *children])
    made.add_class("wb-card")
    return made

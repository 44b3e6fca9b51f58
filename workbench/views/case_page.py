"""The first page of an open case: what is new, charts that are kept, a button with its help for each thing that one does next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.views import html_tables
from workbench.views.controls import Field, build_bar, build_button, build_choice, format_moment, run_work
from workbench.views.panel import Panel
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from workbench.views.start_backend import Room

PANEL, VIEWS = ("add", "overview", "search", "review"), ("chart", "timeline", "map", "workspace")
"""Tabs of the panel and views that are drawn, as `views.tab` and `views.hint` of the catalogue name them."""
KINDS = ("source", "passage", "suggestion", "decision", "note", "issue")
"""Kinds of news."""
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
        self.room, self.left, self.say = room, left, room.say
        say = self.say
        self.news, self.charts = News(room), w.VBox()
        self.panel = Panel(room.desk, self.refresh)
        self.about = Field(
            say("Entities", context="views front"),
            say("names, separated by semicolons (leave empty to draw the entities with the most links)"),
        )
        self.named = Field(say("Save as"), say("name of the chart, to open it again later"))
        self.said, self.below, self.stage = w.HTML(), w.Output(), w.VBox([self.panel])
        head = w.HTML(
            html_tables.build_block(
                f'<h2><span class="mark">{html_tables.escape_text(room.mark)}</span>{html_tables.isolate_text(room.title)}</h2>'
            )
        )
        out = build_button(say("Close case"), self.leave, say("Closes this case and goes back to the list of cases"))
        top = w.Box([self.news, self.charts])
        top.add_class("wb-choices")
        super().__init__([build_bar(head, out), top, self._build_tiles(), self.said, self.below, self.stage])
        self.show_tab("add" if room.is_empty else "overview")
        self.list_charts()

    def _build_tiles(self) -> w.Widget:
        """A button with its help for each thing that one does next."""
        looks = [self._tile(name, partial(self.show_tab, name)) for name in PANEL]
        draws = [self._tile(name, partial(self.draw, name)) for name in VIEWS]
        asked = w.Box([self.about, self.named])
        asked.add_class("wb-fields")
        report = self._tile("report", lambda: self.show(self.say("views.tab.report"), Report(self.room)))
        return w.VBox(
            [
                _build_grid(*looks, report),
                _build_section(self.say("Draw", context="views front"), asked, _build_grid(*draws)),
            ]
        )

    def _tile(self, name: str, work: Callable[[], None]) -> w.Widget:
        return _build_tile(self.say(f"views.tab.{name}"), self.say(f"views.hint.{name}"), work)

    def show_tab(self, name: str) -> None:
        """The panel, on one of its tabs."""
        self.panel.select_tab(name)
        self.show(self.say(f"views.tab.{name}"), self.panel)

    def show(self, name: str, widget: w.Widget) -> None:
        """Put something below the buttons."""
        self.stage.children = (widget,)
        self.said.value = html_tables.build_block(
            html_tables.format_sentence(self.say("{name} is shown below.", name=name))
        )

    def draw(self, kind: str) -> None:
        """Draw a view of what is asked for."""
        about = [name.strip() for name in self.about.value.split(";") if name.strip()]
        name = self.named.value or "; ".join(about) or OVERVIEW
        self._run_work(self.say(f"views.tab.{kind}"), lambda: self.room.draw(kind, about, name))

    def open_chart(self, name: str) -> None:
        """A chart that is kept."""
        self._run_work(escape_hidden(name), lambda: self.room.open_chart(name))

    def _run_work(self, name: str, work: Callable[[], w.Widget]) -> None:
        """Show what is drawn, or say why it is not."""
        self.said.value = html_tables.build_block(html_tables.format_sentence(self.say("Drawing {name}…", name=name)))
        self.below.clear_output()

        def draw_chart() -> str:
            self.show(name, work())
            self.list_charts()
            return html_tables.format_sentence(self.say("{name} is shown below.", name=name))

        with self.below:
            self.said.value = html_tables.build_block(run_work(draw_chart, self.say))

    def list_charts(self) -> None:
        """Show the charts that are kept, the latest first."""
        kept = self.room.charts().head(CHARTS)
        rows = [self._build_saved_row(*row) for row in kept[list(KEPT)].itertuples(index=False, name=None)]
        hint = (
            self.say("Click a chart to open it.")
            if rows
            else self.say("No charts yet. Each chart that you draw is saved under its name.")
        )
        self.charts.children = (
            _build_section(
                self.say("Latest charts"), w.HTML(html_tables.build_block(html_tables.format_sentence(hint))), *rows
            ),
        )

    def _build_saved_row(self, name: str, officer: str, at: str, entities: int, mark: str) -> w.Widget:
        go = build_button(
            escape_hidden(name)[:LETTERS],
            lambda: self.open_chart(name),
            self.say("Opens the chart {name} again", name=escape_hidden(name)),
        )
        facts = " · ".join(
            (
                html_tables.escape_text(self.say("entities: {n}", n=self.say.figure(entities))),
                html_tables.isolate_text(officer),
                html_tables.escape_text(format_moment(at)),
                html_tables.escape_text(mark),
            )
        )
        return w.VBox([build_bar(go), w.HTML(html_tables.build_block(f'<p class="meta">{facts}</p>'))])

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
        self.room, self.seen, self.say = room, "", room.say
        say = self.say
        before = room.openings()[:ROWS]
        moments = {say("you opened the case on {at}", at=format_moment(at)): at for at in before}
        self.when = build_choice(
            say("Since", context="views front"), {**moments, say("the beginning"): "0000"}, self._set_since
        )
        self.when.layout.width = "auto"
        self.counts, self.rows = w.VBox(), w.HTML()
        self.since = next(iter(moments.values()), "0000")
        super().__init__([_build_section(say("What is new"), self.when, self.counts, self.rows)])
        self.count()

    def _set_since(self, since: str) -> None:
        self.since = since
        self.count()

    def count(self) -> None:
        """Count what is new."""
        self.found = self.room.news(self.since)
        numbers = self.found["kind"].value_counts()
        made = [self._build_count_button(kind, int(numbers[kind])) for kind in KINDS if kind in numbers]
        nothing = w.HTML(html_tables.build_block(html_tables.format_sentence(self.say("Nothing new since then."))))
        self.counts.children = (build_bar(*made),) if made else (nothing,)
        self.rows.value = self._format_rows() if self.seen in numbers else ""

    def _build_count_button(self, kind: str, number: int) -> w.Widget:
        words = self.say.count(f"views.news.{kind}", number)
        return build_button(words, lambda: self.toggle_rows(kind), self.say(f"views.news_hint.{kind}"))

    def toggle_rows(self, kind: str) -> None:
        """Show the rows of a kind, or hide them."""
        self.seen = "" if self.seen == kind else kind
        self.rows.value = self._format_rows() if self.seen else ""

    def _format_rows(self) -> str:
        rows = self.found[self.found["kind"] == self.seen].assign(at=lambda found: found["at"].map(format_moment))
        return html_tables.build_block(
            f"<h3>{html_tables.escape_text(self.say(f'views.news_title.{self.seen}'))}</h3>",
            html_tables.build_table(rows, ["what", "who", "at"], ROWS, say=self.say),
        )


class Report(w.VBox):
    """What a report answers and for whom; then it is written."""

    def __init__(self, room: Room) -> None:
        self.room, say = room, room.say
        self.question = Field(say("Question", context="views front"), say("the question that the report answers"))
        self.to = Field(
            say("Reader", context="views front"),
            say("name of the reader; the report shows only what this reader may see (leave empty for yourself)"),
        )
        self.said, self.below = w.HTML(), w.Output()
        go = build_button(say("Write report"), self.write, say("views.hint.report"), primary=True)
        fields = w.Box([self.question, self.to])
        fields.add_class("wb-fields")
        super().__init__([_build_section(say("views.tab.report"), fields, build_bar(go), self.said, self.below)])

    def write(self) -> None:
        """Write it; what is written for somebody else stands in the log as disclosed."""
        self.said.value = html_tables.build_block(html_tables.format_sentence(self.room.say("Writing the report…")))
        self.below.clear_output()
        with self.below:
            self.said.value = html_tables.build_block(
                run_work(
                    lambda: html_tables.format_sentence(self.room.report(self.question.value, self.to.value), "done"),
                    self.room.say,
                )
            )


def _build_tile(name: str, hint: str, work: Callable[[], None]) -> w.Widget:
    """A button, and below it what it is for."""
    made = w.VBox([build_button(name, work, hint), w.HTML(html_tables.build_block(html_tables.format_sentence(hint)))])
    made.add_class("wb-tile")
    return made


def _build_grid(*tiles: w.Widget) -> w.Box:
    made = w.Box(tiles)
    made.add_class("wb-tiles")
    return made


def _build_section(title: str, *children: w.Widget) -> w.VBox:
    """A heading and what stands under it."""
    made = w.VBox([w.HTML(html_tables.build_block(f"<h3>{html_tables.escape_text(title)}</h3>")), *children])
    made.add_class("wb-card")
    return made

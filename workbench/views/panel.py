"""The case as a panel of ipywidgets: overview, search, review of suggestions, adding files. Every click is a verb of the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import ipywidgets as w
from workbench_widgets.drop import Drop
from workbench_widgets.region import Region

from workbench.errors import WorkbenchError
from workbench.views import cards
from workbench.views.review import Review

if TYPE_CHECKING:
    import pandas as pd

TABS = ("Overview", "Search", "Review", "Add files")
HINT = "Words, a “quoted phrase” or a whole sentence; -word leaves out, begin* completes. Press Enter."


class Desk(Protocol):
    """What the panel needs of a case."""

    def overview(self) -> str:
        """HTML of the overview, escaped."""

    def search(self, text: str, **options: str) -> pd.DataFrame:
        """Hits (HITS)."""

    def pairs(self) -> pd.DataFrame:
        """Unjudged candidate pairs (PAIRS)."""

    def facts(self, entity: str) -> list[tuple[str, str]]:
        """What is known of an entity: name and value."""

    def mentions(self) -> pd.DataFrame:
        """Suggested entities without a verdict: entity_id, caption, schema, mentions."""

    def example(self, entity: str) -> dict[str, object]:
        """A passage in which a suggested entity is named (keys of HITS)."""

    def judge(self, pair: tuple[str, str], *, same: bool | None, because: str) -> None:
        """Judge a pair."""

    def review(self, entity: str, *, accept: bool, because: str) -> None:
        """Accept or reject a suggested entity."""

    def drop(self, name: str, content: bytes) -> str:
        """Add a file; what became of it, in a sentence."""


class Panel(w.VBox):
    """The panel: tabs Overview, Search, Review, Add files.

    Where widgets do not run (an export, a notebook opened again), its overview stands in its place.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.overview = w.HTML(desk.overview())
        self.finder = Search(desk)
        self.reviewer = Review(desk, self.refresh)
        children = [self.overview, self.finder, self.reviewer, Add(desk, self.refresh)]
        super().__init__([w.HTML(cards.STYLE), Region("Case"), w.Tab(children, titles=TABS)])
        self.add_class("wb-panel")

    def refresh(self) -> None:
        """Show what a decision or a new file changed."""
        self.overview.value = self.desk.overview()
        self.finder.forget()

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle: dict[str, object] = super()._repr_mimebundle_(**kwargs)
        return {
            **bundle,
            "text/html": cards.page(self.desk.overview()),
            "text/plain": f"Panel of a case: {', '.join(TABS)}",
        }


class Search(w.VBox):
    """A box to type in, bounds on time and sender, and the hits with the match marked. Faults are shown below."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.asked: dict[str, str] = {}
        self.text = _field("Search for", "seal changed at night", "30em")
        since, until = (_field(name, f"{name} 2025-09-14", "11em") for name in ("since", "until"))
        self.bounds = {"since": since, "until": until, "sender": _field("sender", "sender", "13em")}
        self.out, self.below = w.HTML(cards.block(cards.said(HINT))), w.Output()
        go = w.Button(description="Search", button_style="primary")
        go.on_click(self.run)
        for field in (self.text, *self.bounds.values()):
            field.observe(self.run, "value")
        super().__init__([bar(self.text, go), bar(*self.bounds.values()), self.out, self.below])

    def run(self, _: object) -> None:
        """Search, unless this is the question that is answered already (Enter and a click come together)."""
        asked = {"text": self.text.value.strip(), **{name: f.value.strip() for name, f in self.bounds.items()}}
        if not asked["text"] or asked == self.asked:
            return
        self.asked = asked
        self.out.value = cards.block(cards.said("Searching …"))
        self.below.clear_output()
        with self.below:
            self.out.value = cards.block(answer(self._hits))

    def forget(self) -> None:
        """The same question may now have another answer."""
        self.asked = {}

    def _hits(self) -> str:
        found = self.desk.search(**self.asked)
        return (cards.said(f"{len(found)} passages, best first") if len(found) else "") + cards.hits(found)


class Add(w.VBox):
    """Drop or choose files; a sentence for each says what became of it. Progress and faults are shown below."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self.changed = desk, changed
        self.lines: list[str] = []
        self.out, self.below = w.HTML(), w.Output()
        hint = cards.said(
            "The files are copied into the case, named by their hash, and read. Nothing leaves this machine."
        )
        super().__init__([Drop(self.received), w.HTML(cards.block(hint)), self.out, self.below])

    def received(self, name: str, content: bytes) -> None:
        """Add a file."""
        self.out.value = cards.block(*self.lines, cards.said(f"Reading {name} …"))
        self.below.clear_output()
        with self.below:
            self.lines.append(answer(lambda: cards.said(self.desk.drop(name, content), "done")))
            self.out.value = cards.block(*self.lines)
            self.changed()


def answer(work: Callable[[], str]) -> str:
    """What the work gives, or the error's sentence in its place."""
    try:
        return work()
    except WorkbenchError as error:
        return cards.said(error, "warn")


def bar(*children: w.Widget) -> w.HBox:
    """Widgets beside each other, on the next line where there is no room."""
    made = w.HBox(children)
    made.add_class("wb-bar")
    return made


def _field(name: str, placeholder: str, width: str) -> w.Text:
    """A text field that reports its value on Enter and when it is left."""
    return w.Text(placeholder=placeholder, tooltip=name, continuous_update=False, layout=w.Layout(width=width))

"""The case as a panel of ipywidgets: overview, search, review of suggestions, adding files. Every click is a verb of the case."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w
from workbench_widgets.region import Region

from workbench.views import html_tables
from workbench.views.controls import build_bar, build_button, run_work
from workbench.views.panel_backend import PanelBackend
from workbench.views.review_view import Review
from workbench.views.wizard import Wizard

TABS = ("overview", "search", "review", "add")
"""Tabs, as `views.tab` of the catalogue names them."""


class Panel(w.VBox):
    """The panel: tabs Overview, Search, Review, Add files.

    Where widgets do not run (an export, a notebook opened again), its overview stands in its place. `changed` is called when a
    decision or a new file has changed the case.
    """

    def __init__(self, desk: PanelBackend, changed: Callable[[], None] = lambda: None) -> None:
        self.desk, self.changed = desk, changed
        self.overview = w.HTML(desk.overview())
        self.finder = Search(desk)
        self.reviewer = Review(desk, self.refresh)
        children = [self.overview, self.finder, self.reviewer, Wizard(desk, self.refresh)]
        self.tabs = w.Tab(children, titles=self._list_titles())
        super().__init__([w.HTML(html_tables.STYLE), Region(desk.say("Case", context="views panel")), self.tabs])
        for name in ("wb-panel", f"wb-{desk.say.direction}"):
            self.add_class(name)

    def refresh(self) -> None:
        """Show what a decision or a new file changed."""
        self.overview.value = self.desk.overview()
        self.finder.forget()
        self.changed()

    def _list_titles(self) -> list[str]:
        return [self.desk.say(f"views.tab.{name}") for name in TABS]

    def select_tab(self, tab: str) -> None:
        """Turn to one of TABS."""
        self.tabs.selected_index = TABS.index(tab)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle: dict[str, object] = super()._repr_mimebundle_(**kwargs)
        return {
            **bundle,
            "text/html": html_tables.build_page(self.desk.overview(), direction=self.desk.say.direction),
            "text/plain": self.desk.say("Case panel: {tabs}", tabs=", ".join(self._list_titles())),
        }


class Search(w.VBox):
    """A box to type in, bounds on time and sender, and the hits with the match marked. Faults are shown below."""

    def __init__(self, desk: PanelBackend) -> None:
        self.desk = desk
        self.asked: dict[str, str] = {}
        self.say = say = desk.say
        names = {name: say(f"views.panel.{name}") for name in ("since", "until", "sender")}
        self.text = _build_field(say("Search for"), say("seal changed at night"), "30em")
        since, until = (
            _build_field(names[one], say("{name} 2025-09-14", name=names[one]), "11em") for one in ("since", "until")
        )
        self.bounds = {"since": since, "until": until, "sender": _build_field(names["sender"], names["sender"], "13em")}
        self.out, self.below = (
            w.HTML(
                html_tables.build_block(
                    html_tables.format_sentence(
                        say(
                            "Enter words, a “quoted phrase” or a whole sentence. To exclude a word, put a minus sign before "
                            "it: `-word`. To find all words that begin with the same letters, put an asterisk after the "
                            "letters: `transf*`. Press Enter."
                        )
                    )
                )
            ),
            w.Output(),
        )
        go = build_button(
            say("views.tab.search"), lambda: self.run(None), say("Searches all texts in the case"), primary=True
        )
        for field in (self.text, *self.bounds.values()):
            field.observe(self.run, "value")
        super().__init__([build_bar(self.text, go), build_bar(*self.bounds.values()), self.out, self.below])

    def run(self, _: object) -> None:
        """Search, unless this is the question that is answered already (Enter and a click come together)."""
        asked = {"text": self.text.value.strip(), **{name: f.value.strip() for name, f in self.bounds.items()}}
        if not asked["text"] or asked == self.asked:
            return
        self.asked = asked
        self.out.value = html_tables.build_block(
            html_tables.format_sentence(self.say("Searching…", context="views panel"))
        )
        self.below.clear_output()
        with self.below:
            self.out.value = html_tables.build_block(run_work(self._build_hits, self.say))

    def forget(self) -> None:
        """The same question may now have another answer."""
        self.asked = {}

    def _build_hits(self) -> str:
        found = self.desk.search(**self.asked)
        return (
            html_tables.format_sentence(self.say.count("{n} passage", "{n} passages, best first", len(found)))
            if len(found)
            else ""
        ) + html_tables.build_hits(found, self.say)


def _build_field(name: str, placeholder: str, width: str) -> w.Text:
    """A text field that reports its value on Enter and when it is left."""
    return w.Text(placeholder=placeholder, tooltip=name, continuous_update=False, layout=w.Layout(width=width))

"""The start page: choose a case, and see what there is to do in it. For an analyst who types no code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w
from workbench_widgets.region import Region

from workbench.views import html_tables
from workbench.views.case_chooser import Entrance
from workbench.views.case_page import Front

if TYPE_CHECKING:
    from workbench.model.catalogue import Translator
    from workbench.views.start_backend import Lobby, Room

STYLE = """<style>
.wb-start{container-type:inline-size}
.wb-start .wb h2{font-size:1.35em;font-weight:600;margin:.3em 0;overflow-wrap:anywhere}
.wb-start .wb h2 .mark{font-size:.62em;vertical-align:.15em}
.wb-start .wb-card h3{margin-top:.5em}
.wb-start .wb .warn{margin:.1em 0 .4em}
.wb-start .wb-choices,.wb-start .wb-tiles,.wb-start .wb-fields{display:grid;gap:0 14px;align-items:start;overflow:visible;
grid-template-columns:repeat(auto-fit,minmax(min(100%,var(--wb-least)),1fr))}
.wb-start .wb-choices{--wb-least:420px}
.wb-start .wb-fields{--wb-least:400px}
.wb-start .wb-tiles{--wb-least:190px;gap:6px 14px}
.wb-start .wb-tile .widget-button,.wb-start .wb-tile .jupyter-button{width:100%}
.wb-start .wb-known{border-top:1px solid var(--jp-border-color2,#8884);padding:4px 0}
.wb-start .wb-known .widget-button,.wb-start .wb-known .jupyter-button{max-width:20rem;overflow:hidden;text-overflow:ellipsis}
.wb-start .widget-vbox{overflow:visible}
.wb-start .widget-text .widget-label,.wb-start .widget-dropdown .widget-label{flex:0 0 auto;width:6.5em}
.wb-start .widget-text input{min-width:0}
</style>"""


class Start(w.VBox):
    """The start page.

    Attributes
    ----------
    room : Room or None
        The case that is open; `start.room.case` is the case itself, for a cell of Python.
    """

    def __init__(self, lobby: Lobby) -> None:
        self.lobby = lobby
        self.room: Room | None = None
        self.body = w.VBox()
        super().__init__([w.HTML(html_tables.STYLE + STYLE), Region(lobby.say("views.start.title")), self.body])
        for name in ("wb-panel", "wb-start"):
            self.add_class(name)
        self.leave()

    def set_language(self, language: str) -> None:
        """Show the page, and open cases, in another language."""
        self.lobby.set_language(language)
        self.leave()

    def _set_direction(self, say: Translator) -> None:
        """Let the page run as its language does."""
        self.remove_class("wb-ltr").remove_class("wb-rtl").add_class(f"wb-{say.direction}")

    def enter(self, room: Room) -> None:
        """Show the page of a case."""
        front = Front(room, self.leave)
        self._set_direction(room.say)
        self.room, self.body.children = room, (front,)

    def leave(self) -> None:
        """Show the cases to choose from."""
        say = self.lobby.say
        self._set_direction(say)
        self.room, self.body.children = None, (Entrance(self.lobby, self.enter, self.set_language),)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        """The page; where no kernel runs, a line of what it is for. It never names a case."""
        bundle: dict[str, object] = super()._repr_mimebundle_(**kwargs)
        say = self.lobby.say
        title = f"<h3>{html_tables.escape_text(say('views.start.title'))}</h3>"
        twin = html_tables.build_page(
            title,
            html_tables.format_sentence(
                say(
                    "Run this cell to open a case, add files to it and see what is new. You do not have "
                    "to write code. The code cells below do the same in Python, step by step."
                )
            ),
            direction=say.direction,
        )
        return {**bundle, "text/html": twin, "text/plain": say("Start page")}

"""Where a case is chosen: who works, recent cases, a new one, another folder, the training case. Nothing has to be typed in code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.views import cards
from workbench.views.controls import Field, bar, button, moment
from workbench.views.lobby import Visitor
from workbench.visible import visible

if TYPE_CHECKING:
    from workbench.views.lobby import Known, Lobby, Room

NEEDED = {
    "officer": "Say who works: your name stands under all that you say.",
    "purpose": "Say what for: this case is no exercise, and the log shows it. For instance: investigation 2026/114.",
    "reason": "Say why you open it now: this case is no exercise, and the log shows it with each look.",
    "passphrase": "This case is locked. Type its passphrase, or your own where its key was shared with you.",
}
"""What is said beside a field that is empty and must not be."""
STATES = {
    "gone": "There is no case in this folder now. It was moved, or its disk is not there.",
    "locked": "Locked: type the passphrase above, then open it.",
}
LETTERS = 60
"""Letters of a title on a button."""


class Entrance(w.VBox):
    """Who works, and which case.

    Parameters
    ----------
    lobby : Lobby
    entered : callable
        Called with the case that was opened.
    """

    def __init__(self, lobby: Lobby, entered: Callable[[Room], None]) -> None:
        self.lobby, self.entered = lobby, entered
        self.who = Who(lobby)
        self.recent, self.said, self.below = w.VBox(), w.HTML(), w.Output()
        self.new, self.other = NewCase(self), OtherCase(self)
        train = button(
            "Open the training case", self.train, "An invented case with material of every kind; nothing in it is real"
        )
        training = _card(
            "Training case",
            "Operation Grey Heron, invented: chats, mail, reports, calls, bank bookings. Reading it takes half a minute, once.",
            bar(train),
        )
        choices = w.Box([self.recent, self.new, self.other, training])
        choices.add_class("wb-choices")
        super().__init__([self.who, self.said, self.below, choices])
        self.list_recent()

    def list_recent(self) -> None:
        """Show the cases that were opened."""
        known = self.lobby.recent()
        rows = [self._row(one) for one in known]
        hint = "The last one stands first." if known else "None yet. A case that you open here is listed from then on."
        self.recent.children = (_card("Recent cases", hint, *rows),)

    def _row(self, known: Known) -> w.Widget:
        title = visible(known.title) or "(no title)"
        go = button(title[:LETTERS], lambda: self.enter(known.folder), f"Open the case {title}", primary=True)
        go.disabled = known.state == "gone"
        drop = button(
            "Remove", lambda: self.forget(known.folder), f"Take {title} off this list; the case itself stays as it is"
        )
        when = f"opened {cards.esc(moment(known.opened))}"
        facts = " · ".join((cards.alone(known.mark), cards.alone(known.folder), when))
        state = cards.said(STATES[known.state], "warn") if known.state else ""
        row = w.VBox([bar(go, drop), w.HTML(cards.block(f'<p class="meta">{facts}</p>{state}'))])
        row.add_class("wb-known")
        return row

    def forget(self, folder: str) -> None:
        """Take a case off the list."""
        self.lobby.forget(folder)
        self.list_recent()

    def enter(self, folder: str, title: str = "") -> None:
        """Open a case of the list, another, or with a title a new one."""

        def opened() -> Room | None:
            complete = self.who.complete(self.lobby.asks(folder))
            return self.lobby.open(folder, self.who.visitor, title) if complete else None

        self._work("Opening …", opened)

    def train(self) -> None:
        """Open the training case."""

        def opened() -> Room | None:
            return self.lobby.train(self.who.visitor) if self.who.complete(()) else None

        self._work("Opening the training case; the first time it is read, which takes half a minute …", opened)

    def _work(self, waiting: str, work: Callable[[], Room | None]) -> None:
        """Go into what was opened, or say why nothing was."""
        self.said.value = cards.block(cards.said(waiting))
        self.below.clear_output()
        with self.below:
            try:
                room = work()
            except WorkbenchError as error:
                self.said.value = cards.block(cards.said(error, "warn"))
                return
            self.said.value = ""
            if room:
                self.who.fields["passphrase"].text.value = ""
                self.entered(room)


class Who(w.VBox):
    """The officer, what for, why now, and a passphrase where one is asked for."""

    def __init__(self, lobby: Lobby) -> None:
        self.fields = {
            "officer": Field(
                "Officer", "your name, as it stands under what you say", lobby.officer(), offers=lobby.officers()
            ),
            "purpose": Field("Purpose", "training – or: investigation 2026/114"),
            "reason": Field("Reason", "why now; asked for outside exercises"),
            "passphrase": Field("Passphrase", "only of a locked case, or of your key", secret=True),
        }
        fields = w.Box(list(self.fields.values()))
        fields.add_class("wb-fields")
        super().__init__(
            [_card("Who works", "It stands in the log of the case that you open. Nothing leaves this machine.", fields)]
        )

    @property
    def visitor(self) -> Visitor:
        """As it was typed."""
        return Visitor(**{name: field.value for name, field in self.fields.items()})

    def complete(self, asked: Collection[str]) -> bool:
        """Whether all is there that a case asks for; what is not is said beside its field."""
        missing = {name for name in ("officer", *asked) if not self.fields[name].value}
        for name, field in self.fields.items():
            field.say(NEEDED[name] if name in missing else "")
        return not missing


class NewCase(w.VBox):
    """Name and folder of a new case; the folder follows the name until somebody types another."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance, self.lobby = entrance, entrance.lobby
        self.offered = self.lobby.place("")
        self.title = Field("Name", "what the case is called")
        self.folder = Field("Folder", "where it lies", self.offered)
        self.title.text.observe(self._follow, "value")
        make = button(
            "Make the case",
            self.make,
            "Make the folder and open the case; a new case is an exercise until case.toml says otherwise",
            primary=True,
        )
        hint = "A case is a folder. It is an exercise until its case.toml says otherwise."
        super().__init__([_card("New case", hint, self.title, self.folder, bar(make))])

    def _follow(self, _: object) -> None:
        before, self.offered = self.offered, self.lobby.place(self.title.value)
        if self.folder.value == before:
            self.folder.text.value = self.offered

    def make(self) -> None:
        """Make it, or say beside the field what is wrong."""
        folder, title = self.folder.value, self.title.value
        self.title.say("" if title else "Say what the case is called.")
        self.folder.say(self.lobby.objection(folder, new=True))
        if not (self.title.wrong or self.folder.wrong):
            self.entrance.enter(folder, title)


class OtherCase(w.VBox):
    """The folder of a case that is not listed."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance = entrance
        self.folder = Field("Case folder", "folder of a case that is not listed", entrance.lobby.given())
        go = button("Open the folder", self.enter, "Open the case that lies in this folder")
        super().__init__(
            [_card("Another case", "A case that a colleague made, or that lies on another disk.", self.folder, bar(go))]
        )

    def enter(self) -> None:
        """Open it, or say beside the field what is wrong."""
        self.folder.say(self.entrance.lobby.objection(self.folder.value, new=False))
        if not self.folder.wrong:
            self.entrance.enter(self.folder.value)


def _card(title: str, hint: str, *children: w.Widget) -> w.VBox:
    """A heading, what it is for, and its controls."""
    made = w.VBox([w.HTML(cards.block(f"<h3>{cards.esc(title)}</h3>", cards.said(hint))), *children])
    made.add_class("wb-card")
    return made

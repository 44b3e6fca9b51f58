"""Where a case is chosen: who works, recent cases, a new one, another folder, the training case. Nothing has to be typed in code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.views import html_tables
from workbench.views.controls import Field, build_bar, build_button, build_choice, format_moment
from workbench.views.start_backend import Visitor
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from workbench.views.start_backend import Lobby, RecentCase, Room

TONGUES = {"English": "en", "Français": "fr", "Español": "es", "العربية": "ar"}
"""What a language calls itself -> its code."""
ASKED = ("officer", "purpose", "reason", "passphrase")
"""What an officer says before a case is opened."""
LETTERS = 60
"""Letters of a title on a button."""


class Entrance(w.VBox):
    """Who works, and which case.

    Parameters
    ----------
    lobby : Lobby
    entered : callable
        Called with the case that was opened.
    speak : callable
        Called with the language that was chosen.
    """

    def __init__(self, lobby: Lobby, entered: Callable[[Room], None], speak: Callable[[str], None]) -> None:
        self.lobby, self.entered, self.say = lobby, entered, lobby.say
        say = self.say
        self.who = Who(lobby, speak)
        self.recent, self.said, self.below = w.VBox(), w.HTML(), w.Output()
        self.new, self.other = NewCase(self), OtherCase(self)
        train = build_button(
            say("views.entrance.train"),
            self.train,
            say("Opens the training case, which is invented and has all kinds of material"),
        )
        training = _build_card(
            say("views.entrance.training"),
            say(
                "Operation Grey Heron is an invented case with chats, e-mails, reports, calls and bank "
                "transactions. The first time, the program needs about half a minute to read it."
            ),
            build_bar(train),
        )
        choices = w.Box([self.recent, self.new, self.other, training])
        choices.add_class("wb-choices")
        super().__init__([self.who, self.said, self.below, choices])
        self.list_recent()

    def list_recent(self) -> None:
        """Show the cases that were opened."""
        known = self.lobby.recent()
        rows = [self._build_row(one) for one in known]
        hint = (
            self.say("The case that you opened last is at the top.")
            if known
            else self.say("No recent cases. When you open a case here, it is added to this list.")
        )
        self.recent.children = (_build_card(self.say("views.entrance.recent"), hint, *rows),)

    def _build_row(self, known: RecentCase) -> w.Widget:
        say = self.say
        title = escape_hidden(known.title) or self.say("(no title)")
        go = build_button(
            title[:LETTERS], lambda: self.enter(known.folder), say("views.entrance.go", title=title), primary=True
        )
        go.disabled = known.state == "gone"
        drop = build_button(
            say("views.entrance.remove"),
            lambda: self.forget(known.folder),
            say("Removes {title} from this list. The case itself is not changed.", title=title),
        )
        when = html_tables.escape_text(say("views.entrance.opened", at=format_moment(known.opened)))
        facts = " · ".join((html_tables.isolate_text(known.mark), html_tables.isolate_text(known.folder), when))
        state = html_tables.format_sentence(say(f"views.entrance.{known.state}"), "warn") if known.state else ""
        row = w.VBox([build_bar(go, drop), w.HTML(html_tables.build_block(f'<p class="meta">{facts}</p>{state}'))])
        row.add_class("wb-known")
        return row

    def forget(self, folder: str) -> None:
        """Take a case off the list."""
        self.lobby.forget(folder)
        self.list_recent()

    def enter(self, folder: str, title: str = "") -> None:
        """Open a case of the list, another, or with a title a new one."""

        def open_room() -> Room | None:
            complete = self.who.complete(self.lobby.required_fields(folder))
            return self.lobby.open(folder, self.who.visitor, title) if complete else None

        self._run_work(self.say("views.entrance.opening"), open_room)

    def train(self) -> None:
        """Open the training case."""

        def open_training() -> Room | None:
            return self.lobby.train(self.who.visitor) if self.who.complete(()) else None

        self._run_work(
            self.say(
                "Opening the training case… The first time, the program reads all the files of the case. This "
                "takes about half a minute."
            ),
            open_training,
        )

    def _run_work(self, waiting: str, work: Callable[[], Room | None]) -> None:
        """Go into what was opened, or say why nothing was."""
        self.said.value = html_tables.build_block(html_tables.format_sentence(waiting))
        self.below.clear_output()
        with self.below:
            try:
                room = work()
            except WorkbenchError as error:
                self.said.value = html_tables.build_block(
                    html_tables.format_sentence(error.translate_to(self.say.language), "warn")
                )
                return
            self.said.value = ""
            if room:
                self.who.fields["passphrase"].text.value = ""
                self.entered(room)


class Who(w.VBox):
    """The officer, what for, why now, a passphrase where one is asked for, and the language."""

    def __init__(self, lobby: Lobby, speak: Callable[[str], None]) -> None:
        self.say = say = lobby.say
        named = {name: (say(f"views.who.{name}"), say(f"views.who.{name}_hint")) for name in ASKED}
        self.fields = {
            "officer": Field(*named["officer"], lobby.officer(), offers=lobby.officers()),
            "purpose": Field(*named["purpose"]),
            "reason": Field(*named["reason"]),
            "passphrase": Field(*named["passphrase"], secret=True),
        }
        tongue = build_choice(say("Language", context="views"), TONGUES, speak, value=say.catalogue_language)
        fields = w.Box(list(self.fields.values()))
        fields.add_class("wb-fields")
        super().__init__([_build_card(say("views.who.title"), say("views.who.about"), fields, tongue)])

    @property
    def visitor(self) -> Visitor:
        """As it was typed."""
        return Visitor(**{name: field.value for name, field in self.fields.items()})

    def complete(self, asked: Collection[str]) -> bool:
        """Whether all is there that a case asks for; what is not is said beside its field."""
        missing = {name for name in ("officer", *asked) if not self.fields[name].value}
        for name, field in self.fields.items():
            field.show_error(self.say(f"views.who.{name}_needed") if name in missing else "")
        return not missing


class NewCase(w.VBox):
    """Name and folder of a new case; the folder follows the name until somebody types another."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance, self.lobby = entrance, entrance.lobby
        self.say = say = self.lobby.say
        self.offered = self.lobby.place("")
        self.title = Field(say("views.entrance.name"), say("name of the case"))
        self.folder = Field(say("views.entrance.folder"), say("where the case is saved"), self.offered)
        self.title.text.observe(self._follow, "value")
        make = build_button(
            say("views.entrance.make"),
            self.make,
            say(
                "Creates the folder and opens the case. A new case is an exercise until you change this in its "
                "`case.toml`."
            ),
            primary=True,
        )
        hint = say("A case is a folder. A new case is an exercise until you change this in its `case.toml`.")
        super().__init__([_build_card(say("New case"), hint, self.title, self.folder, build_bar(make))])

    def _follow(self, _: object) -> None:
        before, self.offered = self.offered, self.lobby.place(self.title.value)
        if self.folder.value == before:
            self.folder.text.value = self.offered

    def make(self) -> None:
        """Make it, or say beside the field what is wrong."""
        folder, title = self.folder.value, self.title.value
        self.title.show_error("" if title else self.say("Enter a name for the case."))
        self.folder.show_error(self.lobby.objection(folder, new=True))
        if not (self.title.wrong or self.folder.wrong):
            self.entrance.enter(folder, title)


class OtherCase(w.VBox):
    """The folder of a case that is not listed."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance = entrance
        say = entrance.say
        hint = say("folder of a case that is not listed")
        self.folder = Field(say("Case folder"), hint, entrance.lobby.given_folder())
        go = build_button(say("Open folder"), self.enter, say("Opens the case in this folder"))
        about = say("Use this for a case that a colleague created, or that is on another disk.")
        super().__init__([_build_card(say("views.entrance.another"), about, self.folder, build_bar(go))])

    def enter(self) -> None:
        """Open it, or say beside the field what is wrong."""
        self.folder.show_error(self.entrance.lobby.objection(self.folder.value, new=False))
        if not self.folder.wrong:
            self.entrance.enter(self.folder.value)


def _build_card(title: str, hint: str, *children: w.Widget) -> w.VBox:
    """A heading, what it is for, and its controls."""
    made = w.VBox(
        [
            w.HTML(
                html_tables.build_block(f"<h3>{html_tables.escape_text(title)}</h3>", html_tables.format_sentence(hint))
            ),
            *children,
        ]
    )
    made.add_class("wb-card")
    return made

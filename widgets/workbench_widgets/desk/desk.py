"""The widget of the message desk. It knows lines, messages and forms; who keeps them is an `Office`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import traitlets as t

from workbench_widgets import page, words
from workbench_widgets.desk.blank_form import Blank
from workbench_widgets.desk.desk_content import Line, Office, encode_part
from workbench_widgets.desk.desk_picture import draw_desk
from workbench_widgets.kernel_questions import Answer, AskedView
from workbench_widgets.linked_views import list_colours

CHANGING = (
    "more",
    "read",
    "compose",
    "reply",
    "mend",
    "attach",
    "approve",
    "discard",
    "send",
    "went",
    "correct",
    "done",
    "reopen",
)
"""What the office is asked and after which its lines may be other ones."""
ASKED = (*CHANGING, "links", "draft", "change", "acknowledge", "preview", "outgoing", "export")
SHOWN = {"subject", "to", "type", "urgency", "reply_by", "confidentiality"}
"""Fields of a draft that its line shows."""
ROOMS = ("kit", "desk")
"""Folders of the scripts whose texts the desk says."""
CARRIED = 200
"""Messages that a saved page carries."""


class MessageDesk(AskedView, bundle="desk"):
    """Inbox, messages and drafts. Every click and every pause in typing is a question to the office, which keeps what came of it.

    Parameters
    ----------
    office : Office
        Who keeps messages and drafts.
    blanks : callable
        Language -> forms that can be filled in, by name.
    categories : mapping or callable, optional
        Code -> words, from which an officer chooses another category; or language -> that.
    words : mapping, optional
        Language -> English text of the desk -> what it says in its place.
    title, mark : str
        Heading and handling mark of all that is on the desk.
    as_at : str
        Moment for which a saved page tells deadlines, as ISO 8601.

    Attributes
    ----------
    language : str
        In which the desk speaks; with it goes the direction of the whole.
    opened : str
        Id of the message or draft that is open, '' for none; setting it opens one.
    """

    rows: t.List[dict[str, Any]] = t.List().tag(sync=True)
    blanks = t.Dict().tag(sync=True)
    categories = t.Dict().tag(sync=True)
    icons = t.Dict().tag(sync=True)
    title = t.Unicode("").tag(sync=True)
    mark = t.Unicode("").tag(sync=True)
    as_at = t.Unicode("").tag(sync=True)
    opened = t.Unicode("").tag(sync=True)
    carried = t.Dict().tag(sync=True)
    alive = t.Bool(default_value=True).tag(sync=True)
    beyond = t.Bool(default_value=False).tag(sync=True)

    def __init__(
        self, office: Office, blanks: Callable[[str], Mapping[str, Blank]], *, words: Mapping[str, Mapping[str, str]] | None = None,
        categories: Mapping[str, str] | Callable[[str], Mapping[str, str]] = MappingProxyType({}), **traits: object,
    ) -> None:  # fmt: skip
        self.office, self._blanks, self._own, self._categories = office, blanks, words or {}, categories
        self._sent: dict[Line, dict[str, Any]] = {}
        super().__init__(**traits)
        self._update_language()
        self.rows = self._list_lines()
        self.observe(self._update_language, "language")

    def _update_language(self, _: object = None) -> None:
        """Forms, categories, kinds and answers in the language of the desk."""
        self.office.language = self.language
        found = self._categories
        with self.hold_sync():
            self.icons = list_colours(self.language)
            self.categories = dict(found(self.language) if callable(found) else found)
            self.blanks = {name: blank.to_dict() for name, blank in self._blanks(self.language).items()}

    def _send_texts(self, _: object = None) -> None:
        """Send the texts of every language: the desk lets one choose."""
        languages = dict.fromkeys((*words.LANGUAGES, *self._own))
        self.words = {language: self._load_texts(language) for language in languages}

    def _load_texts(self, language: str) -> dict[str, words.Told]:
        """Texts of the desk in a language, with those that it was given in place of others; English is in the scripts."""
        found, own = words.load_texts(language, ROOMS), self._own.get(language, {})
        given = {
            one: own[english] for one in words.load_texts("fr", ROOMS) if (english := words.get_english(one)) in own
        }
        return {**found, **given}

    def questions(self) -> Mapping[str, Callable[..., Answer]]:
        """What the office is asked."""
        return {name: partial(self._ask_office, name) for name in ASKED}

    def _ask_office(self, name: str, *given: Any) -> Answer:  # noqa: ANN401 - as it comes from the browser
        part = getattr(self.office, name)(*given)
        if name in CHANGING or (name == "change" and SHOWN & {*given[1]}):
            self.refresh()
        if name == "change":  # what was typed stays in the browser, where it may be newer by now
            part = replace(part, values={key: value for key, value in part.values.items() if key not in given[1]})
        return part if isinstance(part, str) else encode_part(part), ()

    def _list_lines(self) -> list[dict[str, Any]]:
        self._sent = {line: self._sent.get(line) or encode_part(line) for line in self.office.lines()}
        self.beyond = self.office.has_more
        return [*self._sent.values()]

    def refresh(self) -> None:
        """Look at the lines again: what is other goes to the browser, and nothing else."""
        before, now = {row["id"]: row for row in self.rows}, self._list_lines()
        changed = {row["id"]: row for row in now if before.get(row["id"]) != row}
        order = [row["id"] for row in now]
        if changed or order != [*before]:
            self.rows[:] = now  # in place, so that not all of them are sent
            self.send({"rows": changed, "order": order if order != [*before] else None, "beyond": self.beyond})

    def to_svg(self) -> str:
        """The first lines of the inbox as a picture."""
        return draw_desk([row for row in self.rows if row["folder"] == "inbox"], self.head(), self.mark, self.language)

    def to_html(self) -> str:
        """Lines and messages as one page that is read without a kernel and a network; nothing can be written there."""
        made = self.build_copy()
        text = page.build_page([made], title=self.title or self.say("Message desk"))
        self.office.record_release(text, [row["id"] for row in made.rows])
        return text

    def build_copy(self) -> MessageDesk:
        """A copy that carries the first messages (CARRIED) and no draft, for a page without a kernel."""
        made = MessageDesk(
            self.office,
            self._blanks,
            words=self._own,
            categories=self._categories,
            title=self.title,
            mark=self.mark,
            as_at=self.as_at,
            language=self.language,
        )
        made.rows = [row for row in self.rows if row["folder"] != "drafts"]
        first = [row["id"] for row in made.rows[:CARRIED]]
        made.carried = {message: encode_part(self.office.read(message)) for message in self.office.watch(first)}
        made.opened = self.opened if self.opened in made.carried else ""
        return made

    def head(self) -> str:
        """What is on the desk, in words."""
        counts = {folder: sum(row["folder"] == folder for row in self.rows) for folder in ("inbox", "drafts", "sent")}
        unread = sum(row["unread"] for row in self.rows)
        told = self.say("inbox {inbox}, unread {unread}, drafts {drafts}, sent {sent}", unread=unread, **counts)
        return self.say("{title}: {said}", title=self.title, said=told) if self.title else told

    def __repr__(self) -> str:
        return self.say("Message desk: {head}", head=self.head())

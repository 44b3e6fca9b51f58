"""Participants whom a messenger or a phone report names by parts: an identifier, a label, and which of them is the owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbench.ingest.chats.service_senders import is_service_name
from workbench.ingest.reading.participants import (
    LONGEST_LABEL,
    Participant,
    build_comparison_key,
    find_name_kind,
    is_address,
)
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text, normalise_name

SYSTEM = "System message"
"""Sender of what the program itself writes into a conversation."""
SELF_NAMED = "~ "
"""Before a name that somebody chose who is not in the address book: it may be that of somebody who is."""
SHOWN = 5


class Names:
    """From the string by which a participant goes in the rows to its parts.

    The forensic chat export has one string 'X (Y)' and no way to tell 'Rosa (work)' from an identifier with a label. Here
    the parts are known, so each string is remembered with them; a string that is not known is one name as it stands.
    """

    def __init__(self) -> None:
        self.known: dict[str, Participant] = {}
        self.owners: set[str] = set()
        self.posing: dict[str, None] = {}

    def add(
        self, identifier: str, label: str = "", *, kind: str = "", owner: bool = False, is_chosen: bool = False
    ) -> str:
        """String of a participant; '' of one without identifier and label.

        Parameters
        ----------
        identifier : str
            Number, messenger id or user name, '' if only a name is known.
        label : str
            Name that the source has for it.
        kind : {'', 'identifier', 'group', 'name'}
            What the identifier is; '' finds out by its form, as of a name.
        owner : bool
            Whether it is whoever the device or the export belongs to.
        is_chosen : bool
            Whether its bearer may have chosen the label: a number is no number then, and the name of a program no program.
        """
        name, label = clean_text(identifier)[:LONGEST_LABEL], clean_text(label)[:LONGEST_LABEL]
        name, label, kind = (name, label, kind or "identifier") if name else (label, "", kind)
        if not name:
            return ""
        is_named = is_chosen and not kind
        label = "" if build_comparison_key(label) == build_comparison_key(name) else label
        raw = f"{name} ({label})" if label else name
        for text, said in ((raw, label), (name, "")):
            if text not in self.known:
                made = _build_participant(text, name, said, kind or ("name" if is_named else find_name_kind(name)))
                self.known[text] = self._add_choice(made) if is_named or (is_chosen and said) else made
        self.owners.update({raw, name} if owner else set())
        return raw

    def add_self_named(self, raw: str, name: str, *, is_stored: bool) -> None:
        """Remember a string with a name that its bearer chose; `is_stored`: whether somebody is stored under this name.

        The mark stays before it then, and before what looks like a number or the name of a program.
        """
        mark = SELF_NAMED if is_stored or is_address(name) or is_service_name(normalise_name(name)) else ""
        plain = _build_participant(raw, mark + name, "", "name")
        key = f"{mark}{plain.key}"
        marked = replace(plain, key=key, names=frozenset({key}), mark=mark) if mark else plain
        self.known[raw] = self._add_choice(marked)

    def _add_choice(self, who: Participant) -> Participant:
        """The participant as one whose bearer chose the name."""
        chosen = replace(who, is_chosen=True, names=frozenset(one for one in who.names if not is_service_name(one)))
        self.posing.update({chosen.label or chosen.name: None} if chosen.is_posing else {})
        return chosen

    def list_issues(self) -> Iterator[Issue]:
        """Names that look like numbers or addresses, once for the file."""
        if self.posing:
            names = [repr(name[:LONGEST_LABEL]) for name in list(self.posing)[:SHOWN]]
            told = Sentence(
                "row.chat.posing", count=len(self.posing), listed=format_list(names, count=len(self.posing))
            )
            yield build_issue("sender-unknown", told, fix=Sentence("fix.say.who"))

    def __call__(self, raw: str) -> Participant:
        """Participant of a string."""
        if raw not in self.known:
            name = clean_text(raw)[:LONGEST_LABEL]
            self.known[raw] = _build_participant(raw, name, "", find_name_kind(name))
        return self.known[raw]


def _build_participant(raw: str, name: str, label: str, kind: str) -> Participant:
    key = normalise_name(name)
    return Participant(raw, name, label, kind, key, frozenset({key, normalise_name(label)} - {""}))

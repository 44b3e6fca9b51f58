"""Participants whom a messenger or a phone report names by parts: an identifier, a label, and which of them is the owner."""

from __future__ import annotations

from dataclasses import replace

from workbench.ingest.reading.participants import LONGEST_LABEL, Participant, build_comparison_key, find_name_kind
from workbench.model.identifiers import is_telephone
from workbench.model.text.normalise import clean_text, normalise_name

SYSTEM = "System message"
"""Sender of what the program itself writes into a conversation."""


class Names:
    """From the string by which a participant goes in the rows to its parts.

    The forensic chat export has one string 'X (Y)' and no way to tell 'Rosa (work)' from an identifier with a label. Here
    the parts are known, so each string is remembered with them; a string that is not known is one name as it stands.
    """

    def __init__(self) -> None:
        self.known: dict[str, Participant] = {}
        self.owners: set[str] = set()

    def add(self, identifier: str, label: str = "", *, kind: str = "", owner: bool = False) -> str:
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
        """
        name, label = clean_text(identifier)[:LONGEST_LABEL], clean_text(label)[:LONGEST_LABEL]
        name, label, kind = (name, label, kind or "identifier") if name else (label, "", kind)
        if not name:
            return ""
        label = "" if build_comparison_key(label) == build_comparison_key(name) else label
        raw = f"{name} ({label})" if label else name
        for text, said in ((raw, label), (name, "")):
            if text not in self.known:
                self.known[text] = _build_participant(text, name, said, kind or find_name_kind(name))
        self.owners.update({raw, name} if owner else set())
        return raw

    def add_self_named(self, raw: str, name: str, *, mark: str) -> None:
        """Remember a string with a name that its bearer chose; `mark`: what tells it from one who is stored under this name, ''."""
        mark = "" if is_telephone(name) else mark
        plain = _build_participant(raw, mark + name, "", "name" if mark else find_name_kind(name))
        key = f"{mark}{plain.key}"
        self.known[raw] = replace(plain, key=key, names=frozenset({key}), mark=mark) if mark else plain

    def __call__(self, raw: str) -> Participant:
        """Participant of a string."""
        if raw not in self.known:
            name = clean_text(raw)[:LONGEST_LABEL]
            self.known[raw] = _build_participant(raw, name, "", find_name_kind(name))
        return self.known[raw]


def _build_participant(raw: str, name: str, label: str, kind: str) -> Participant:
    key = normalise_name(name)
    return Participant(raw, name, label, kind, key, frozenset({key, normalise_name(label)} - {""}))

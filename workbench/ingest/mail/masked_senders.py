"""Addresses of a mail beside those of its sender and readers: one that is shown as a name, one in the line above it in a mailbox."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from unicodedata import normalize

from workbench.ingest.mail.headers import MOST
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

ADDRESS = re.compile(r"[^\s<>,;:()\"'\\\[\]]{1,64}@[^\s<>,;:()\"'\\\[\]@]{1,255}")
CLOCK = re.compile(r"\d:\d\d")
MADE_UP = "@xxx"
"""End of what stands for a sender in the mailboxes that Google exports."""

FIELDS = {"emitters": "From"}
QUOTED = 100
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """A line that is searched with the message, and the issue about it: key of its sentence and what it names."""

    line: str
    key: str
    text: str

    def build_issue(self) -> Issue:
        """The issue, its place not yet told."""
        said = Sentence(self.key, text=repr(self.text[:QUOTED]))
        return build_issue("other-words", said, fix=Sentence("fix.compare.source_of_mail"))


def list_masked(parties: Iterable[tuple[str, str, str]]) -> Iterator[Beside]:
    """Senders and recipients whose name is another address than theirs, as a mail program shows it.

    Each party is its address, all that is written of it, and what it is (`emitters`, `recipients`).
    """
    found = {written: prop for address, written, prop in parties if _has_other_address(address, written)}
    for written, prop in list(found.items())[:SHOWN]:
        yield Beside(f"{FIELDS.get(prop, 'To')}: {written}", "row.mail.masked", written)


def _has_other_address(address: str, written: str) -> bool:
    shown = ADDRESS.findall(normalize("NFKC", written).casefold())
    return len(shown) > 1 and any(one.strip(".") != address.casefold() for one in shown)


def list_envelope(message: EmailMessage, above: str) -> Iterator[Beside]:
    """The line above a message in a mailbox, where it names a sender that no field of the message names, or anything else."""
    fields = " ".join(str(value)[:MOST] for _, value in message.raw_items()).casefold()
    senders = ADDRESS.findall(above.casefold())
    unknown = [one for one in senders if not one.endswith(MADE_UP) and one not in fields]
    if unknown or (not CLOCK.search(above) and any(map(str.isalpha, above)) and above.casefold() not in fields):
        yield Beside(f"From {above[:MOST]}", "row.mail.envelope", above)

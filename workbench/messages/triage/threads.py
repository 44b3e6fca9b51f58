"""Threads: which messages are one exchange. References decide, never the subject."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.messages.model.message import Correspondence, Message
from workbench.messages.model.message_json import to_json
from workbench.messages.templates.opening_texts import FOLLOWS
from workbench.model.ids import compute_digest

Reference = tuple[str, str]
"""The bureau whose reference it is, and the reference."""


def get_own_reference(message: Correspondence) -> Reference:
    """The reference under which its sender keeps the message."""
    return message.from_bureau, message.our_ref


def list_references(message: Correspondence) -> list[Reference]:
    """References that the message follows, the one that it is an answer to first: of its addressees, then its sender's own."""
    if not isinstance(message, Message):
        return []
    refs = [ref for ref in (message.your_ref, *message.other_refs) if ref]
    theirs = [(bureau, ref) for ref in refs for bureau in (*message.to, *message.cc)]
    own = [(message.from_bureau, ref) for ref in message.other_refs if ref]
    return [*own, *theirs] if message.type in FOLLOWS and not message.your_ref else [*theirs, *own]


def find_thread(message: Correspondence, known: Mapping[Reference, str]) -> str:
    """Name of the thread of a message: as it says itself, else that of a reference in it, else that of its own reference.

    Whichever of two messages comes first, both are in one thread. One without any reference is alone in its own.

    Parameters
    ----------
    known : mapping
        Reference -> thread, of messages that are filed.
    """
    if message.thread_id:
        return message.thread_id
    cited = list_references(message)
    found = (known[one] for one in (*cited, get_own_reference(message)) if one in known)
    first = (cited or [get_own_reference(message)])[0]
    return (
        next(found, "")
        or f"thread-{compute_digest('thread', *first, '' if first[1] else message.message_id or to_json(message))}"
    )

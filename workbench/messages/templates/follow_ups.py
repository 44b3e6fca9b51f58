"""Messages that follow another: a reply or an acknowledgement of theirs; a reminder, a cancellation or a correction of ours."""

from __future__ import annotations

from dataclasses import replace

from workbench.messages.model.message import Correspondence, Message
from workbench.messages.templates.opening_texts import ANSWERS, FOLLOWS, SAID, format_message_name
from workbench.messages.templates.subject_lines import build_subject, get_last_part
from workbench.messages.wording.invisible_characters import remove_invisible
from workbench.model.catalogue import translate


def create_follow_up(made: Message, first: Correspondence, their_ref: str = "") -> Message:
    """A draft that follows another message: addressee, references, thread, and what both have in common.

    Parameters
    ----------
    their_ref : str
        Reference of the addressee, where one of its messages in the thread has told it.
    """
    answers = made.type in ANSWERS or made.type not in FOLLOWS
    key = f"draft.{made.type}"
    opening = translate(key, made.language, message=format_message_name(first, made.language)) if key in SAID else ""
    return replace(
        made, to=(first.from_bureau,) if answers else first.to, cc=() if answers else first.cc, thread_id=first.thread_id,
        your_ref=first.our_ref if answers else their_ref or first.our_ref,
        other_refs=() if answers or not their_ref else (first.our_ref,), crime_area=first.crime_area, purpose=first.purpose,
        confidentiality=first.confidentiality, handling=first.handling, handling_text=first.handling_text, tlp=first.tlp,
        summary_of_facts=made.summary_of_facts or opening,
        subject=made.subject or build_subject(made, first.crime_area, remove_invisible(get_last_part(first.subject))),
    )  # fmt: skip

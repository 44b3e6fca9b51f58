"""Drafts to begin with: what each kind of message has of itself, and what an answer takes from the message that it answers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from workbench.errors import SchemaError
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Correspondence, LetterOfRequest, Message, Notice
from workbench.messages.wording.crime_areas import get_area_title
from workbench.messages.wording.invisible_characters import remove_invisible
from workbench.model.catalogue import LANGUAGES, Sentence, load_former_texts, translate

LETTER = "letter of request"
PURPOSES = {
    "red": "wanted", "blue": "person_info", "green": "warn", "yellow": "missing", "black": "identify", "orange": "warn",
    "purple": "trends", "silver": "person_info",
}  # fmt: skip
"""Colour of a notice -> its purpose (our encoding)."""
ANSWERS = frozenset({"reply", "acknowledgement"})
"""Types that follow a message of another bureau."""
FOLLOWS = frozenset({"reminder", "cancellation", "correction"})
"""Types that follow a message of one's own."""
SECRETARIAT = "IPSG"
"""To whom notices go; diffusions go to bureaux."""


def list_draft_kinds() -> tuple[str, ...]:
    """What can be drafted. UN special notices are only taken in and screened."""
    colors = [color for color in get_codes("notice_types") if color in PURPOSES]
    notices = [f"{color} {what}" for color in colors for what in ("notice", "diffusion")]
    return (*get_codes("message_types"), *notices, LETTER)


def build_draft(kind: str, language: str = "en") -> Correspondence:
    """A draft of a kind, with what is the same in all of them.

    Raises
    ------
    SchemaError
        If there is no such kind; it lists those that there are.
    """
    if kind not in list_draft_kinds():
        raise SchemaError(
            Sentence(
                "'{kind}' is not a message type. Known types: {kinds}.",
                kind=kind,
                kinds=", ".join(list_draft_kinds()),
            )
        )
    said: dict[str, Any] = {
        "language": language, "urgency": "normal", "confidentiality": "FOUO", "handling": "H1", "tlp": "TLP:AMBER",
        "conditions_of_use": translate("draft.conditions", language),
    }  # fmt: skip
    if kind == LETTER:
        return LetterOfRequest(**said)
    color, _, what = kind.rpartition(" ")
    if not color:
        return Message(**said, type=kind)
    to = () if what == "diffusion" else (SECRETARIAT,)
    return Notice(
        **said, color=color, diffusion=what == "diffusion", to=to, purpose=PURPOSES[color], pilot=color == "silver"
    )


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
        subject=made.subject or build_subject(made, first.crime_area, remove_invisible(_get_last_part(first.subject))),
    )  # fmt: skip


SAID = frozenset(f"draft.{kind}" for kind in (*ANSWERS, *FOLLOWS))
"""Texts of the catalogue with which a message that follows another begins."""
QUERY, REPLY = "draft.query", "draft.reply"
LISTED = re.compile(r"^– .*$", re.MULTILINE)
"""A line of such a question that tells what is lacking."""
REF, DAY, MESSAGE = "\x01", "\x02", "\x03"
"""Stand for what such a text is told of, where it is looked for."""


def format_message_name(message: Correspondence, language: str) -> str:
    """A message as a text names it: by its reference, or its id, and its day, where it has one."""
    reference, day = message.our_ref or message.message_id, message.date_time[:10]
    return translate("draft.named", language, ref=reference, day=day) if day else reference


def find_opening_end(text: str, key: str) -> int:
    """Where what people wrote begins, behind a text of the catalogue in any language; 0 where it does not begin with that."""
    found = (_match_opening(text, key, language) for language in LANGUAGES)
    return max((match.end() for match in found if match), default=0)


def blank_out_list(message: Correspondence) -> Correspondence:
    """A message with blanks where a question to a sender lists what their message lacks, and quotes it: places of the rest stay."""
    text = message.summary_of_facts
    return replace(message, summary_of_facts=LISTED.sub(_to_spaces, text)) if find_opening_end(text, QUERY) else message


def _to_spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def change_language(message: Correspondence, before: str) -> Correspondence:
    """A message whose language has changed, with what the catalogue said in the one `before` in that of now; what people wrote stays."""
    now, subject, text = message.language, message.subject, message.summary_of_facts
    began, begins = (build_subject(replace(message, language=one), message.crime_area, "") for one in (before, now))
    if f"{subject} / ".startswith(f"{began} / "):
        subject = begins + subject.removeprefix(began)
    for key in (*sorted(SAID), QUERY):
        if match := _match_opening(text, key, before):
            text = translate(key, now, message=_translate_name(match["message"], before, now)) + text[match.end() :]
            break
    alike = message.conditions_of_use in (
        translate("draft.conditions", before),
        *load_former_texts(before).get("draft.conditions", ()),
    )
    conditions = translate("draft.conditions", now) if alike else message.conditions_of_use
    return replace(message, subject=subject, summary_of_facts=text, conditions_of_use=conditions)


def _match_opening(text: str, key: str, language: str) -> re.Match[str] | None:
    """A text of the catalogue at the beginning of another, whatever message it names."""
    return next(filter(None, (pattern.match(text) for pattern in _build_opening_patterns(key, language))), None)


@cache
def _build_opening_patterns(key: str, language: str) -> tuple[re.Pattern[str], ...]:
    """What finds a text of the catalogue, as it is now and as it was in earlier versions."""
    texts = (translate(key, language, message=MESSAGE), *load_former_texts(language).get(key, ()))
    said = (re.escape(text.replace("{message}", MESSAGE)).replace(MESSAGE, "(?P<message>.{1,240}?)") for text in texts)
    return tuple(re.compile(rf"{text}(?!\S)") for text in said)


def _translate_name(name: str, before: str, now: str) -> str:
    """A message as the one language names it, in the other."""
    said = re.escape(translate("draft.named", before, ref=REF, day=DAY))
    match = re.fullmatch(said.replace(REF, "(?P<ref>.{1,200}?)").replace(DAY, "(?P<day>.{1,40})"), name)
    return translate("draft.named", now, **match.groupdict()) if match else name


def build_subject(made: Correspondence, crime_area: tuple[str, ...], name: str) -> str:
    """The subject: crime, what is wanted, family name in capitals."""
    word = made.type if isinstance(made, Message) else made.color if isinstance(made, Notice) else "letter"
    crime = get_area_title(crime_area[0], made.language) if crime_area else ""
    parts = (crime.upper(), translate(f"subject.{word}", made.language), name.upper())
    return " / ".join(filter(None, dict.fromkeys(parts)))[:120]


def _get_last_part(subject: str) -> str:
    return subject.rpartition(" / ")[2] if " / " in subject else ""

"""Fixed texts with which a message begins that follows another: found again in any language, and translated."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from workbench.messages.model.message import Correspondence
from workbench.messages.templates.subject_lines import build_subject
from workbench.model.catalogue import LANGUAGES, load_former_texts, translate

ANSWERS = frozenset({"reply", "acknowledgement"})
"""Types that follow a message of another bureau."""
FOLLOWS = frozenset({"reminder", "cancellation", "correction"})
"""Types that follow a message of one's own."""
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

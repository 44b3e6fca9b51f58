"""A message as its addressee sees it: text only, in its language and direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from html import escape

from workbench.messages.model.message import Correspondence, LetterOfRequest, Message, Notice
from workbench.messages.templates.blank_form import translate_code
from workbench.model.catalogue import RIGHT_TO_LEFT, has_key, translate
from workbench.visible import LITERAL, escape_hidden

FIRST = (
    "from_bureau", "to", "cc", "date_time", "our_ref", "your_ref", "other_refs", "urgency", "urgency_reason", "reply_by", "subject",
)  # fmt: skip
LAST = ("conditions_of_use", "attachments", "confidentiality", "handling", "handling_text", "tlp", "author", "approver")
UNSHOWN = frozenset({
    "message_id", "thread_id", "language", "type", "color", "diffusion", "signature", "pilot", "scale", "source_grade",
    "information_grade",
})  # fmt: skip
CODED = frozenset({
    "urgency", "purpose", "crime_area", "status", "requested_action", "sought", "measures", "assistance", "sex", "accepted_languages",
    "kind",
})  # fmt: skip
"""Fields whose values are codes, for which the catalogue has words."""
NUMBER = re.compile(r"\+\d[\d ]{5,}\d")
"""A telephone number, whose sign stands before it in a text of any direction."""
STYLE = """<style>
.wb-message { font: 14px/1.5 system-ui, sans-serif; max-width: 46rem; border: 1px solid #8886; border-radius: 6px; padding: .8rem 1.1rem }
.wb-message h3 { margin: .1rem 0 .6rem; font-size: 1.1rem } .wb-message h4 { margin: .8rem 0 .2rem; font-size: .95rem }
.wb-message dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem .9rem; margin: 0 }
.wb-message dl + dl { margin-top: .8rem } .wb-message dt { opacity: .72 }
.wb-message dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.wb-message .mark { font-weight: 700; letter-spacing: .03em } .wb-message .state { opacity: .72; float: inline-end }
@media (max-width: 40rem) { .wb-message dl { grid-template-columns: 1fr } .wb-message dd { margin-inline-start: .8rem } }
</style>"""
Line = tuple[str, str]


def format_title(message: Correspondence) -> str:
    """What the message is, in its language."""
    language = message.language
    if isinstance(message, Notice):
        color = translate(f"color.{message.color}", language) if has_key(f"color.{message.color}") else message.color
        return translate("kind.diffusion" if message.diffusion else "kind.notice", language, color=color)
    if isinstance(message, LetterOfRequest):
        return translate("kind.letter", language)
    name = f"kind.{message.type}" if isinstance(message, Message) else ""
    return translate(name, language) if has_key(name) else ""


def build_sections(message: Correspondence) -> list[tuple[str, list[Line]]]:
    """Headings, each with its lines of label and text: the head, the lists, the handling. Empty fields are left out."""
    names = [field.name for field in fields(message) if field.name not in UNSHOWN]
    heads = [*FIRST, *(name for name in names if name not in FIRST + LAST)]
    head, tail = (list(_list_plain_lines(message, order, names)) for order in (heads, LAST))
    lists = (part for name in sorted(names, key=LAST.__contains__) for part in _list_parts(message, name))
    return [part for part in (("", head), *lists, ("", tail)) if part[1]]


def _list_plain_lines(message: Correspondence, order: Iterable[str], names: Iterable[str]) -> Iterator[Line]:
    """Lines of fields that are no lists of parts, and that somebody has filled."""
    blank = {field.name: field.default for field in fields(message)}
    for name in (one for one in order if one in names and getattr(message, one) != blank[one]):
        value = getattr(message, name)
        if not _is_list(value) and not is_dataclass(value) and (text := format_field(name, value, message.language)):
            yield get_field_label(name, message.language), text


def _list_parts(message: Correspondence, name: str) -> Iterator[tuple[str, list[Line]]]:
    """The entries of a list, and a part that stands alone."""
    value, label = getattr(message, name), get_field_label(name, message.language)
    many = value if _is_list(value) else (value,) if is_dataclass(value) else ()
    for number, part in enumerate(many, 1):
        yield f"{label} {number}" if len(many) > 1 else label, list(_list_lines(part, message.language))


def format_html(message: Correspondence, state: str = "") -> str:
    """The message for a notebook or a page: no markup of its own, right to left where its language runs so."""
    way = "rtl" if message.language in RIGHT_TO_LEFT else "ltr"
    mark = " · ".join(filter(None, (message.confidentiality, message.handling, message.tlp)))
    said = f'<span class="state">{_escape_text(state)}</span>' if state else ""
    parts = "".join(_format_section(heading, lines) for heading, lines in build_sections(message))
    head = f'<div class="mark">{_escape_text(mark)}</div><h3>{_escape_text(format_title(message))}</h3>'
    return f'{STYLE}<div class="wb-message {LITERAL}" dir="{way}" lang="{escape(message.language)}">{said}{head}{parts}</div>'


def get_field_label(name: str, language: str) -> str:
    """Label of a field."""
    return translate(f"field.{name}", language) if has_key(f"field.{name}") else name.replace("_", " ").capitalize()


def format_field(name: str, value: object, language: str) -> str:
    """A value of a field as it is read: codes in words, where the catalogue has them."""
    if name in CODED:
        codes = value if isinstance(value, tuple) else (value,)
        return ", ".join(translate_code(name, str(one), language) for one in codes if one)
    return format_value(value)


def format_value(value: object) -> str:
    """A value as it is read."""
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(format_value, value)))
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(filter(None, (format_value(getattr(value, field.name)) for field in fields(value))))
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and any(map(is_dataclass, value))


def _list_lines(part: object, language: str) -> Iterator[Line]:
    for field in fields(part):  # type: ignore[arg-type]
        if field.name not in UNSHOWN and (text := format_field(field.name, getattr(part, field.name), language)):
            yield get_field_label(field.name, language), text
    scale, *grade = (str(getattr(part, name, "")) for name in ("scale", "source_grade", "information_grade"))
    if any(grade):
        yield translate("field.grade", language), f"{''.join(grade)} ({scale})" if scale else "".join(grade)


def _format_section(heading: str, lines: list[Line]) -> str:
    rows = "".join(
        f"<dt>{_escape_text(label)}</dt><dd><bdi>{_isolate_numbers(text)}</bdi></dd>" for label, text in lines
    )
    return f"{f'<h4>{_escape_text(heading)}</h4>' if heading else ''}<dl>{rows}</dl>"


def _isolate_numbers(text: str) -> str:
    return NUMBER.sub(lambda found: f'<bdi dir="ltr">{found[0]}</bdi>', _escape_text(text))


def _escape_text(text: str) -> str:
    return escape(escape_hidden(text))

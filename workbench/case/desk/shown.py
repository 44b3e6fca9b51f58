"""A message as its addressee sees it: text only, in its language and direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html import escape

from workbench.messages.message import Correspondence, LetterOfRequest, Message, Notice
from workbench.model.catalogue import RIGHT_TO_LEFT, has, say
from workbench.visible import visible

FIRST = (
    "from_bureau", "to", "cc", "date_time", "our_ref", "your_ref", "other_refs", "urgency", "urgency_reason", "reply_by", "subject",
)  # fmt: skip
LAST = ("conditions_of_use", "attachments", "confidentiality", "handling", "handling_text", "tlp", "author", "approver")
UNSHOWN = frozenset({"message_id", "thread_id", "language", "type", "color", "diffusion", "signature", "pilot"})
STYLE = """<style>
.wb-message { font: 14px/1.5 system-ui, sans-serif; max-width: 46rem; border: 1px solid #8886; border-radius: 6px; padding: .8rem 1.1rem }
.wb-message h3 { margin: .1rem 0 .6rem; font-size: 1.1rem } .wb-message h4 { margin: .8rem 0 .2rem; font-size: .95rem }
.wb-message dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem .9rem; margin: 0 }
.wb-message dt { opacity: .72 } .wb-message dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.wb-message .mark { font-weight: 700; letter-spacing: .03em } .wb-message .state { opacity: .72; float: inline-end }
@media (max-width: 40rem) { .wb-message dl { grid-template-columns: 1fr } .wb-message dd { margin-inline-start: .8rem } }
</style>"""
Line = tuple[str, str]


def title(message: Correspondence) -> str:
    """What the message is, in its language."""
    language = message.language
    if isinstance(message, Notice):
        color = say(f"color.{message.color}", language) if has(f"color.{message.color}") else message.color
        return say("kind.diffusion" if message.diffusion else "kind.notice", language, color=color)
    if isinstance(message, LetterOfRequest):
        return say("kind.letter", language)
    name = f"kind.{message.type}" if isinstance(message, Message) else ""
    return say(name, language) if has(name) else ""


def sections(message: Correspondence) -> list[tuple[str, list[Line]]]:
    """Headings, each with its lines of label and text; empty fields are left out."""
    names = [field.name for field in fields(message) if field.name not in UNSHOWN]
    order = [*FIRST, *(name for name in names if name not in FIRST + LAST), *LAST]
    found: list[tuple[str, list[Line]]] = [("", [])]
    for name in (one for one in order if one in names):
        value, label = getattr(message, name), labelled(name, message.language)
        if _is_list(value):
            many = len(value) > 1
            parts = [
                (f"{label} {n}" if many else label, list(_lines(one, message.language)))
                for n, one in enumerate(value, 1)
            ]
            found += [part for part in parts if part[1]]
        elif is_dataclass(value):
            found += [(label, lines)] if (lines := list(_lines(value, message.language))) else []
        elif text := written(value):
            found[0][1].append((label, text))
    return found


def html(message: Correspondence, state: str = "") -> str:
    """The message for a notebook or a page: no markup of its own, right to left where its language runs so."""
    way = "rtl" if message.language in RIGHT_TO_LEFT else "ltr"
    mark = " · ".join(filter(None, (message.confidentiality, message.handling, message.tlp)))
    said = f'<span class="state">{_text(state)}</span>' if state else ""
    parts = "".join(_section(heading, lines) for heading, lines in sections(message))
    head = f'<div class="mark">{_text(mark)}</div><h3>{_text(title(message))}</h3>'
    return f'{STYLE}<div class="wb-message" dir="{way}" lang="{escape(message.language)}">{said}{head}{parts}</div>'


def labelled(name: str, language: str) -> str:
    """Label of a field."""
    return say(f"field.{name}", language) if has(f"field.{name}") else name.replace("_", " ").capitalize()


def written(value: object) -> str:
    """A value as it is read."""
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(written, value)))
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(filter(None, (written(getattr(value, field.name)) for field in fields(value))))
    if isinstance(value, bool):
        return "✓" if value else "–"
    return "" if value is None else str(value)


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and any(map(is_dataclass, value))


def _lines(part: object, language: str) -> Iterator[Line]:
    for field in fields(part):  # type: ignore[arg-type]
        if text := written(getattr(part, field.name)):
            yield labelled(field.name, language), text


def _section(heading: str, lines: list[Line]) -> str:
    rows = "".join(f'<dt>{_text(label)}</dt><dd dir="auto">{_text(text)}</dd>' for label, text in lines)
    return f"{f'<h4>{_text(heading)}</h4>' if heading else ''}<dl>{rows}</dl>"


def _text(text: str) -> str:
    return escape(visible(text))

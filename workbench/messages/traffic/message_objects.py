"""Messages in JSON: ours, notices of the public service, and objects of other systems whose names of fields are labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.errors import SourceError
from workbench.messages import notices
from workbench.messages.model.message import FORMS
from workbench.messages.model.message_json import LONGEST, DoubledFieldError, from_dict, parse_doubled, parse_json
from workbench.messages.traffic import field_labels
from workbench.messages.traffic.labelled_line import Line
from workbench.messages.traffic.labelled_values import ReadMessage, SurroundingText, build_message
from workbench.messages.traffic.message_builder import ONE_LINE
from workbench.model import notice_json as public
from workbench.model.catalogue import Sentence

DEEPEST = 6
MOST = 500
"""Values of one object of another system."""
WRAPPERS = ("messages", "items", "records", "data", "results")
"""Names under which other systems keep the list of their messages."""
SERVED = ("total", "query", "_links")
"""Members that the public service writes beside its notices."""


def read_messages(text: str, *, color: str = "") -> Iterator[ReadMessage]:
    """Messages of a JSON text: an object, a list of them, or one a line; what is none comes with the reason.

    Parameters
    ----------
    color : str, optional
        Colour of the notices, where the file does not show it.
    """
    for place, value in read_objects(text):
        if isinstance(value, Broken):
            yield ReadMessage(place, None, reason=value.why, texts=(value.text,))
        elif envelope := public.list_notices(value):
            yield from (
                _build_taken(one, f"{place} notice {number}".strip(), color) for number, one in enumerate(envelope, 1)
            )
        else:
            yield _build_taken(value, place, color)


def list_surroundings(text: str) -> Iterator[SurroundingText]:
    """What a JSON text says around its messages: members beside their list, and items and lines that are no message."""
    plain = text.lstrip("\ufeff")
    envelope = _parse_json(plain) if not _is_lines(plain) else None
    for name, value in _list_envelope(envelope):
        yield SurroundingText(name, "\n".join(list_texts(value, name)), name not in SERVED)
    for place, value in read_objects(plain):
        if isinstance(value, Broken):
            yield SurroundingText(place, value.text)
        elif not _is_message(value):
            yield SurroundingText(place, "\n".join(list_texts(value)))


def _list_envelope(envelope: object) -> Iterator[tuple[str, object]]:
    """Name and value of each member of an object beside the list of messages, or of notices, that it wraps."""
    if not isinstance(envelope, dict):
        return
    wrapped = None if public.list_notices(envelope) else _find_items(envelope)
    for name, value in envelope.items():
        if name == "_embedded" and public.list_notices(envelope):
            yield from ((one, told) for one, told in value.items() if one != "notices")
        elif (wrapped is not None or public.list_notices(envelope)) and value is not wrapped:
            yield str(name), value


def _is_message(value: object) -> bool:
    """Whether a message is made of an item, or would be if nothing were wrong with it."""
    if not isinstance(value, dict):
        return False
    known = value.get("form") in FORMS or public.is_notice(value) or bool(public.list_notices(value))
    return known or _parse_value(value, "", "").message is not None


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that is no JSON, and why."""

    text: str
    why: str


def read_objects(text: str) -> Iterator[tuple[str, object]]:
    """Place and value of each object of a JSON text; a `Broken` in the place of what is no JSON."""
    plain = text.lstrip("\ufeff")
    if _is_lines(plain):
        for number, line in enumerate(plain.split("\n"), 1):
            if line.strip():
                yield f"line {number}", _parse_json(line)
        return
    whole = _parse_json(plain)
    listed = _find_items(whole)
    yield from [("", whole)] if listed is None else ((f"item {number}", one) for number, one in enumerate(listed, 1))


def _is_lines(text: str) -> bool:
    """Whether a text has an object a line."""
    first, _, more = text.lstrip().partition("\n")
    return bool(more.strip()) and first.startswith("{") and isinstance(_parse_json(first), dict)


def _parse_json(text: str) -> object:
    try:
        return parse_json(text)
    except DoubledFieldError as error:
        doubled = _parse_notices(text) if len(text) <= LONGEST else None
        return Broken(text, str(error)) if doubled is None else doubled
    except SourceError as error:
        return Broken(text, str(error))


def _parse_notices(text: str) -> object:
    """Notices of the public service although one of them has a field twice; None where the text holds none, or anything else is wrong."""
    try:
        value = parse_doubled(text)
    except (ValueError, RecursionError):
        return None
    items = value if isinstance(value, list) else [value]
    own = any(isinstance(one, dict) and one.get("form") in FORMS for one in items)
    found = any(public.is_notice(one) or public.list_notices(one) for one in items)
    return value if found and not own else None


def _find_items(value: object) -> list[Any] | None:
    """Items of a list, or of the one list that an object wraps."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and "form" not in value:
        return next((value[name] for name in WRAPPERS if isinstance(value.get(name), list)), None)
    return None


def _build_taken(value: object, place: str, color: str) -> ReadMessage:
    return replace(_parse_value(value, place, color), texts=("\n".join(list_texts(value)),))


def list_texts(value: object, label: str = "", under: str = "") -> Iterator[str]:
    """Every text of an object, behind the name that it has there, and names as well; of a part of a message the path."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            path = f"{under}.{name}" if under else str(name)
            yield from list_texts(one, path if field_labels.is_known_path(path) else str(name), path)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from list_texts(one, label, under)
    elif value not in (None, ""):
        yield f"{label}: {_to_text(value)}"


def _parse_value(value: object, place: str, color: str) -> ReadMessage:
    if isinstance(value, dict) and value.get("form") in FORMS:
        try:
            return ReadMessage(place, from_dict(value))
        except SourceError as error:
            return ReadMessage(place, None, reason=str(error))
    if isinstance(value, dict) and public.is_notice(value):
        return notices.from_public(value, place, color=color)
    if isinstance(value, dict):
        return build_message(place, list(_list_lines(value, "", place, 0))[:MOST])
    return ReadMessage(place, None, reason=Sentence("refused.form.object", what=repr(str(value)[:60])))


def _list_lines(value: Mapping[str, Any], under: str, place: str, depth: int) -> Iterator[Line]:
    """Values of an object, those of objects within it under the field that holds them."""
    for name, one in value.items():
        path = _find_path(name, under)
        where = f"{place} {under and under + '.'}{name}".strip()
        entries = one if isinstance(one, list) else [one]
        if any(isinstance(each, dict) for each in entries) and depth < DEEPEST:
            yield from _list_nested_lines(entries, path or name, where, place, depth)
        elif one not in (None, "", [], {}):
            yield Line(name, "; ".join(map(_to_text, entries)), where, path)


def _list_nested_lines(entries: list[Any], path: str, where: str, place: str, depth: int) -> Iterator[Line]:
    """Values of objects in a field: of a part its fields, of a short text or several what each says, else as if they stood outside."""
    known = path if field_labels.is_known_path(path) else ""
    for each in entries:
        if not isinstance(each, dict):
            yield Line(path, _to_text(each), where, known)
        elif known and field_labels.is_part(known):
            yield Line(path, "", where, path)
            yield from _list_lines(each, path, place, depth + 1)
        elif known and (field_labels.is_list(known) or known in ONE_LINE):
            yield from (replace(one, field=known) for one in _list_lines(each, "", place, depth + 1))
        else:
            yield from _list_lines(each, "", place, depth + 1)


def _find_path(name: str, under: str) -> str:
    """Path of the field that a name means, within a part of a message the fields of that part before others."""
    for inside in (f"{under}.{name}", f"{under}.{'kind' if name == 'type' else name}"):
        if under and field_labels.is_known_path(inside):
            return inside
    found = field_labels.find_field(name.replace("_", " ")) or field_labels.find_field(name)
    return found if not under or found.split("[")[0].startswith(under) else ""


def _to_text(value: Any) -> str:  # noqa: ANN401
    text = (
        value if isinstance(value, str) else "yes" if value is True else "no" if value is False else json.dumps(value)
    )
    return text.encode("utf-8", "replace").decode()

"""Correspondence to and from JSON, without loss. What does not fit is refused in words, and nothing of it is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from math import isfinite
from typing import Any, get_args, get_origin, get_type_hints

from workbench.errors import SourceError
from workbench.messages.model.message import FORMS, Correspondence
from workbench.model.catalogue import Sentence, get_term, join_sentences
from workbench.model.text.doubled_names import number_doubled_names

LONGEST = 4_000_000
"""Characters of a message in JSON."""
SHORT = 50_000
"""Characters of a message that is kept at hand."""
MOST = 10_000
"""Entries of one list."""


class DoubledFieldError(SourceError):
    """Of a JSON text in which an object has a field twice."""


class _TwiceError(ValueError):
    """Raised where the parser meets a field twice."""


def to_dict(message: Correspondence) -> dict[str, Any]:
    """A message as plain dicts, lists and values; `form` says what it is (message, notice or letter)."""
    return {"form": message.form, **_to_plain(message)}


def to_json(message: Correspondence) -> str:
    """A message as JSON with sorted keys: the same message is always the same text."""
    return json.dumps(to_dict(message), ensure_ascii=False, sort_keys=True, indent=1)


def from_json(text: str) -> Correspondence:
    """The message in a JSON text.

    Raises
    ------
    SourceError
        If it is no message: broken JSON, an unknown field, a value of another kind, a field twice, too long. The text says
        which field, what stands there and what belongs there.
    """
    if len(text) > LONGEST:
        raise SourceError(Sentence("refused.form.long", count=len(text), most=LONGEST))
    return _parse_cached(text) if len(text) <= SHORT else from_dict(parse_json(text))


@lru_cache(256)
def _parse_cached(text: str) -> Correspondence:
    """The message in a text that may be asked for again at once: to be sorted, categorised, checked."""
    return from_dict(parse_json(text))


def parse_json(text: str) -> object:
    """What a JSON text holds.

    Raises
    ------
    SourceError
        If it is broken, nested too deeply, or holds what is no number; a DoubledFieldError if it holds a field twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_reject_duplicates, parse_constant=_reject_constant)
    except RecursionError:
        raise SourceError(Sentence("refused.form.deep")) from None
    except _TwiceError as error:
        raise DoubledFieldError(Sentence("refused.form.no_json", error=error.args[0])) from None
    except ValueError as error:
        raise SourceError(Sentence("refused.form.no_json", error=error.args[0])) from None


def parse_doubled(text: str) -> object:
    """What a JSON text holds that has a field twice: the second one is called 'name (2)', as the reader of sources calls it.

    Raises
    ------
    ValueError, RecursionError
        If it is broken otherwise.
    """
    return json.loads(text, object_pairs_hook=number_doubled_names, parse_constant=_reject_constant)


def from_dict(data: object) -> Correspondence:
    """The message in what `to_dict` gave; refuses what `from_json` refuses."""
    if not isinstance(data, Mapping):
        raise SourceError(Sentence("refused.form.object", what=_describe_value(data)))
    form = data.get("form")
    if not isinstance(form, str) or form not in FORMS:
        raise SourceError(Sentence("refused.form.form", what=_describe_value(form), known=", ".join(FORMS)))
    made: Correspondence = _build_dataclass(
        FORMS[form], {key: value for key, value in data.items() if key != "form"}, ""
    )
    return made


def _to_plain(value: Any) -> Any:  # noqa: ANN401
    if is_dataclass(value):
        return {field.name: _to_plain(getattr(value, field.name)) for field in fields(value)}
    return [_to_plain(one) for one in value] if isinstance(value, tuple) else value


@cache
def get_field_types(made: type) -> dict[str, Any]:
    """Field -> type of a class of the model."""
    found = get_type_hints(made)
    return {field.name: found[field.name] for field in fields(made)}


def _build_dataclass(wanted: type, data: object, place: str) -> Any:  # noqa: ANN401
    if not isinstance(data, Mapping):
        raise SourceError(
            Sentence("refused.form.value", place=place, what=_describe_value(data), wanted=get_term("wanted", "object"))
        )
    known = get_field_types(wanted)
    for name in data:
        if name not in known:
            raise SourceError(Sentence("refused.form.no_field", place=_join_path(place, name), known=", ".join(known)))
    return wanted(**{name: _build_value(known[name], value, _join_path(place, name)) for name, value in data.items()})


def _build_value(wanted: Any, value: object, place: str) -> Any:  # noqa: ANN401
    if get_origin(wanted) is tuple:
        return _build_list(get_args(wanted)[0], value, place)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _build_dataclass(wanted, value, place)
    kinds = get_args(wanted) or (wanted,)
    if type(value) is int and float in kinds:
        return _to_float(value, place)
    if type(value) not in kinds:
        raise SourceError(
            Sentence("refused.form.value", place=place, what=_describe_value(value), wanted=_describe_types(kinds))
        )
    if isinstance(value, float) and not isfinite(value):
        raise SourceError(Sentence("refused.form.value", place=place, what=value, wanted=get_term("wanted", "float")))
    return _check_text(value, place) if isinstance(value, str) else value


def _build_list(wanted: Any, value: object, place: str) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list | tuple):
        raise SourceError(
            Sentence("refused.form.value", place=place, what=_describe_value(value), wanted=get_term("wanted", "list"))
        )
    if len(value) > MOST:
        raise SourceError(Sentence("refused.form.entries", place=place, count=len(value), most=MOST))
    return tuple(_build_value(wanted, one, f"{place}[{number}]") for number, one in enumerate(value))


def _to_float(value: int, place: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise SourceError(Sentence("refused.form.too_large", place=place)) from None


def _check_text(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise SourceError(Sentence("refused.form.half", place=place)) from None
    return value


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _TwiceError(Sentence("refused.form.twice", name=next(name for name in counts if counts[name] > 1)))
    return found


def _reject_constant(name: str) -> None:
    raise ValueError(Sentence("refused.form.no_number", name=name))


def _describe_types(kinds: Iterable[type]) -> str:
    """What may stand in a field, in words."""
    return join_sentences("wanted.or", (get_term("wanted", kind.__name__) for kind in kinds))


def _describe_value(value: object) -> str:
    if value is None:
        return Sentence("refused.form.missing")
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _join_path(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)

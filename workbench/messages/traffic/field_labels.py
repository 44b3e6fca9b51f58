"""What bureaux call the fields of a message and its codes, in four languages, and which field a label means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from workbench.messages.model.message import FORMS
from workbench.messages.model.message_json import get_field_types
from workbench.messages.model.safe_yaml import parse_yaml
from workbench.model.text.normalise import fold_text, normalise_digits, normalise_name

HERE = Path(__file__).parent
STEP = re.compile(r"(\w+)(?:\[([\w ]{1,40})\])?")
"""A step of a path: a field and, in brackets, which entry of a list: its number, or the kind that it is of."""
NUMBERED = re.compile(r"(?: n| no| nr| num)? \d{1,3}$")
COUNTED = re.compile(r"(\w[\w ]{1,30}?) (\d{1,2}) (\w[\w ]{1,30})")
LONGEST = 60
"""Characters of a label."""
NAME = "name"
"""Family name and forenames of a person in one: no field of the model, and put into both."""
FORM = "form"


def find_field(label: str) -> str:
    """Path of the field that a label means; '' if it means none. The path of a field, as rules write it, is a label of it."""
    if not label or len(label := fold_text(label).strip()) > LONGEST:
        return ""
    plain, path = normalise_label(label), label.lower()
    found = _load_fields().get(plain) or _load_fields().get(NUMBERED.sub("", plain))
    return found or (path if is_known_path(path) else _find_numbered_path(plain))


def get_label(path: str, language: str = "en") -> str:
    """What our own forms call a field; the path itself where no language has a label."""
    bare = re.sub(r"\[\d+\]", "", path)
    named = _load_labels().get(bare, {})
    return next(iter(named.get(language) or named.get("en") or (path,)))


def list_labels(path: str) -> tuple[str, ...]:
    """All labels of a field, in every language."""
    return tuple(name for each in _load_labels().get(path, {}).values() for name in each)


def get_code_words(name: str) -> Mapping[str, str]:
    """Words for the codes of a field as they are compared, with their codes."""
    return _load_codes().get(name, {})


@cache
def list_level_names() -> frozenset[str]:
    """Names of levels of confidentiality that other services use, as they are compared."""
    return frozenset(map(normalise_label, _load_file()["levels"]))


def _find_numbered_path(plain: str) -> str:
    """Path of a label with the number of a part in it: 'person 2 surname'."""
    match = COUNTED.fullmatch(plain)
    if not match or int(match[2]) < 1:
        return ""
    head, path = _load_fields().get(match[1], ""), _load_fields().get(match[3], "")
    return (
        f"{head}[{int(match[2]) - 1}]{path.removeprefix(head)}"
        if is_list_of_parts(head) and path.startswith(f"{head}.")
        else ""
    )


def list_all_labels() -> frozenset[str]:
    """All labels, as they are compared."""
    return frozenset(_load_fields())


def find_code(name: str, written: str) -> str:
    """Code of what is written in a field of that name; as written where no list knows it."""
    return _load_codes().get(name, {}).get(normalise_label(written), written)


def normalise_label(text: str) -> str:
    """Form in which labels and words for codes are compared; single letters with points between them are one word each."""
    return " ".join(normalise_name(normalise_digits(fold_text(text))).replace("'", " ").replace("-", " ").split())


def is_known_path(path: str) -> bool:
    """Whether a path names a field of the model, or the full name of a person."""
    steps = [STEP.fullmatch(step) for step in path.split(".")]
    kinds: Mapping[str, Any] = get_form_fields()
    for number, step in enumerate(steps):
        if step is None or step[1] not in kinds:
            return False
        kind = get_part_class(kinds[step[1]])
        if kind is None:
            return number == len(steps) - 1
        kinds = {**get_field_types(kind), NAME: str} if step[1] == "persons" else get_field_types(kind)
    return True


def is_list_of_parts(path: str) -> bool:
    """Whether a path names a list of parts, so that its label alone begins a further part: 'Person 2'."""
    return is_list(path) and is_part(path)


def is_list(path: str) -> bool:
    """Whether a field holds several values."""
    return get_origin(_get_type(path)) is tuple


def is_part(path: str) -> bool:
    """Whether a field holds parts with fields of their own."""
    return get_part_class(_get_type(path)) is not None


def _get_type(path: str) -> Any:  # noqa: ANN401
    """Type of a field; None for what is none."""
    kinds, kind = get_form_fields(), None
    for step in filter(None, map(STEP.fullmatch, path.split("."))):
        kind = kinds.get(step[1])
        inside = get_part_class(kind) if kind is not None else None
        kinds = get_field_types(inside) if inside else {}
    return kind


def get_part_class(kind: Any) -> type | None:  # noqa: ANN401
    """Class of the parts that a field holds, one or a list of them; None for a plain field."""
    one = get_args(kind)[0] if get_origin(kind) is tuple else kind
    return one if isinstance(one, type) and is_dataclass(one) else None


@cache
def get_form_fields() -> Mapping[str, Any]:
    """Fields of all forms of correspondence by name, with their types; and `form`, which says which it is."""
    forms: tuple[type, ...] = tuple(FORMS.values())
    return {FORM: str, **{name: kind for one in forms for name, kind in get_field_types(one).items()}}


@cache
def _load_file() -> Mapping[str, Any]:
    return parse_yaml((HERE / "labels.yaml").read_text(encoding="utf-8"), "labels.yaml")


def _load_labels() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = _load_file()["fields"]
    return found


@cache
def _load_fields() -> Mapping[str, str]:
    """Label as it is compared -> path."""
    return {
        normalise_label(name): path
        for path, languages in _load_labels().items()
        for names in languages.values()
        for name in names
    }


@cache
def _load_codes() -> Mapping[str, Mapping[str, str]]:
    """Name of a field -> word as it is compared -> code."""
    return {
        name: {normalise_label(word): code for code, words in codes.items() for word in (code, *words)}
        for name, codes in _load_file()["codes"].items()
    }

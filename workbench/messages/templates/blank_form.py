"""Blank forms: which fields a message, notice or letter has, in sections, what is written into each, and what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import FORMS
from workbench.messages.model.message_json import get_field_types
from workbench.messages.model.safe_yaml import parse_yaml
from workbench.model.catalogue import has_key, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankField:
    """A field of a blank form.

    Attributes
    ----------
    name, label : str
        As the model calls it, and as people do.
    kind : str
        text, long, date, number, tick (yes or no), yes (yes, no or not given), choice, choices, list, part, parts.
    choices : mapping
        Code -> words.
    fields : tuple of BlankField
        Of 'part' and 'parts'.
    hint : str
        An example.
    """

    name: str
    label: str
    kind: str
    choices: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[BlankField, ...] = ()
    hint: str = ""


@cache
def list_sections(form: str, language: str = "en") -> tuple[tuple[str, tuple[BlankField, ...]], ...]:
    """Sections of a form (message, notice, letter): heading and fields. What no section names comes last."""
    model: type = FORMS[form]
    known = get_field_types(model)
    sections = _load_file()["sections"][form]
    named = {name for names in sections.values() for name in names} | set(_load_file()["left_out"])
    parts = {**sections, "more": [name for name in known if name not in named]}
    return tuple(
        (
            translate(f"section.{name}", language),
            tuple(_build_field(model, one, language) for one in names if one in known),
        )
        for name, names in parts.items()
    )


def get_form_title(form: str, language: str = "en") -> str:
    """What people call a form."""
    return translate(f"form.{form}", language)


def translate_code(name: str, code: str, language: str) -> str:
    """A code of a field in words; what the catalogue lacks stands as it is."""
    return _get_text(f"area.{code}" if name == "crime_area" else f"code.{code}", code, language)


def _get_text(key: str, name: str, language: str) -> str:
    return translate(key, language) if has_key(key) else name.replace("_", " ")


def _build_field(model: type, name: str, language: str) -> BlankField:
    wanted, codes = get_field_types(model)[name], _list_codes(model, name)
    inner = next((one for one in (wanted, *get_args(wanted)) if is_dataclass(one)), None)
    choices = {code: translate_code(name, code, language) for code in codes}
    fields = (
        tuple(_build_field(inner, one, language) for one in get_field_types(inner)) if isinstance(inner, type) else ()
    )
    return BlankField(
        name=name, label=_get_text(f"field.{name}", name, language), kind=_get_field_kind(wanted, name, bool(codes)),
        choices=choices, fields=fields,
        hint=str(_load_file()["hints"].get(name, "")),
    )  # fmt: skip


def _list_codes(model: type, name: str) -> tuple[str, ...]:
    lists = _load_file()["codes"]
    known = lists.get(f"{model.__name__}.{name}") or lists.get(name)
    return get_codes(known) if known else ()


def _get_field_kind(wanted: Any, name: str, coded: bool) -> str:  # noqa: ANN401, FBT001
    if get_origin(wanted) is tuple:
        return "choices" if coded else "parts" if is_dataclass(get_args(wanted)[0]) else "list"
    if is_dataclass(wanted):
        return "part"
    if wanted is bool:
        return "tick"
    if kinds := get_args(wanted):
        return "yes" if bool in kinds else "number"
    return next((kind for kind in ("long", "date") if name in _load_file()[kind]), "choice" if coded else "text")


@cache
def _load_file() -> Mapping[str, Any]:
    path = Path(__file__).parent / "blank.yaml"
    return parse_yaml(path.read_text(encoding="utf-8"), path.name)

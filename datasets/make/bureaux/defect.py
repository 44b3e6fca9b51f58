"""What a defect is: a rule that is broken on purpose, the place, and the change that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bureaux.story_language import Tongue
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import list_values, replace_field

Change = Callable[[Correspondence, Tongue], tuple[Correspondence, str]]
Fits = Callable[[Correspondence], bool]


@dataclass(frozen=True)
class Defect:
    """A way to break a rule.

    Attributes
    ----------
    rule : str
    kinds : frozenset of str
        Forms, types of messages and colours of notices that it can be planted in.
    change : callable
        Gives the spoiled message and the field that is wrong.
    fits : callable
        Whether a message has what the change needs.
    also : tuple of str
        Rules that are broken with it.
    """

    rule: str
    kinds: frozenset[str]
    change: Change
    fits: Fits
    also: tuple[str, ...] = ()


def is_any_message(message: Correspondence) -> bool:
    """Fits every message."""
    return True


def defect(rule: str, kinds: str, change: Change, fits: Fits = is_any_message, also: tuple[str, ...] = ()) -> Defect:
    """A defect; `kinds` are words with blanks between them."""
    return Defect(rule, frozenset(kinds.split()), change, fits, also)


def kinds_of(message: Correspondence) -> set[str]:
    """The form of a message, and its type or colour."""
    return {message.form, getattr(message, "type", ""), getattr(message, "color", "")}


def put(path: str, *choices: Any, wrong: str = "") -> Change:  # noqa: ANN401
    """A change that puts one of some values into a field; `wrong` is the field that is then wrong, where it is another."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        return replace_field(message, path, tongue.dice.pick(choices)), wrong or path

    return change


def build_emptying_change(*paths: str) -> Change:
    """A change that empties one of some fields."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        path = tongue.dice.pick(paths)
        value = next(found for _, found in list_values(message, path))
        return replace_field(message, path, type(value)() if value is not None else None), path

    return change


def build_sentence_change(name: str) -> Change:
    """A change that adds a sentence to the summary of facts, before the last one."""

    def change(message: Correspondence, tongue: Tongue) -> tuple[Correspondence, str]:
        return append_sentence(message, tongue.pick_fault(name))

    return change


def append_sentence(message: Correspondence, sentence: str) -> tuple[Correspondence, str]:
    """The message with one sentence more."""
    text = f"{message.summary_of_facts} {sentence}".strip()
    return replace_field(message, "summary_of_facts", text), "summary_of_facts"

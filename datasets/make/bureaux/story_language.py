"""A language of the traffic: sentences of its story, filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from workbench.messages.model.message import Person

if TYPE_CHECKING:
    from greyheron.random_choices import Dice

HERE = Path(__file__).parent
EITHER = re.compile(r"\[([^|\[\]]*)\|([^|\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


@cache
def story(code: str) -> dict[str, Any]:
    """Sentences of sound messages in a language, by what they are for."""
    return _read("story", code)


@cache
def faults(code: str) -> dict[str, list[str]]:
    """Sentences that break a rule, by what is wrong with them; `innocent` ones look like it and break none."""
    return _read("faults", code)


def _read(folder: str, code: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((HERE / folder / f"{code}.yaml").read_text(encoding="utf-8"))
    return data


@dataclass(frozen=True)
class Tongue:
    """The sentences of one message: its language, its day, and whom it is about."""

    code: str
    dice: Dice
    today: date
    who: Person

    def pick_sentence(self, name: str) -> str:
        """One sentence of the story."""
        return self.fill(self.dice.pick(story(self.code)[name]))

    def pick_fault(self, name: str) -> str:
        """One sentence that breaks a rule."""
        return self.fill(self.dice.pick(faults(self.code)[name]))

    def fill(self, sentence: str, **known: str) -> str:
        """The sentence with its slots filled: {who}, {day}, {place}, {sum} and what is given."""
        chosen = EITHER.sub(lambda match: match[1] if self.who.sex == "M" else match[2], sentence)
        return SLOT.sub(lambda match: known.get(match[1]) or self._slot(match[1]), chosen)

    def day(self, when: date) -> str:
        """A date as people write it, the month in words."""
        said = story(self.code)
        return str(said["date"]).format(d=when.day, month=said["months"][when.month - 1], y=when.year)

    def _slot(self, name: str) -> str:
        if name == "who":
            return f"{self.who.family_name} {self.who.forename}"
        if name == "sum":
            amount = f"{self.dice.random_between(3, 480)} {self.dice.random_between(1, 9)}00"
            return str(story(self.code)["money"]).format(n=amount)
        if name == "day":
            return self.day(self.today - timedelta(days=self.dice.random_between(70, 700)))
        if name == "n":
            return str(self.dice.random_between(12, 420))
        return str(self.dice.pick(story(self.code)["places"]))

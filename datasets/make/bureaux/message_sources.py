"""Where what a message says comes from: its sources, when they were asked last, and names as their owners write them."""

from __future__ import annotations

from datetime import datetime, timedelta

from workbench.messages.model.message import Source

LETTERS = {
    "sch": "ش", "sz": "ش", "sh": "ش", "ch": "ش", "th": "ث", "kh": "خ", "ou": "و", "ck": "ك", "qu": "ك",
    "a": "ا", "b": "ب", "c": "ك", "d": "د", "e": "ي", "f": "ف", "g": "غ", "h": "ه", "i": "ي", "j": "ج", "k": "ك", "l": "ل", "m": "م",
    "n": "ن", "o": "و", "p": "ب", "q": "ق", "r": "ر", "s": "س", "t": "ت", "u": "و", "v": "ف", "w": "و", "x": "كس", "y": "ي", "z": "ز",
}  # fmt: skip
"""Latin letters -> Arabic ones, the longer ones first."""


def arabic(name: str) -> str:
    """A name letter by letter in Arabic script."""
    rest, made = name.lower(), ""
    while rest:
        taken = next((one for one in LETTERS if rest.startswith(one)), rest[0])
        made, rest = made + LETTERS.get(taken, taken), rest[len(taken) :]
    return made


def build_source_fields(country: str, reference: str, moment: datetime) -> dict[str, object]:
    """Fields of a message: two sources of the lowest mark, a recent verification, and a review to come."""
    day = moment.date()
    received = (day - timedelta(days=9)).isoformat()
    names = (f"Criminal police of {country}", f"Court registry of {country}")
    return {
        "sources": tuple(
            Source(
                name=name, country=country, document=f"{reference}-S{number}", locator="page 1", received=received,
                confidentiality="FOUO", handling="H0",
            )
            for number, name in enumerate(names, 1)
        ),
        "last_verified": (day - timedelta(days=4)).isoformat(),
        "review_due": (day + timedelta(days=1500)).isoformat(),
    }  # fmt: skip

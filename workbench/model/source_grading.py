"""Grades of a source and of what it says: four scales, each kept as it came. Source and information are graded apart.

A conversion to another scale loses something and says so (≈). Grades are letters and digits, never numbers to reckon with,
and no program gives one: the best grade is never a default.

References
----------
4x4: Europol Regulation article 29 and UNODC; 5x5x5: HMRC MLR3C14000 (gov.uk); 3x5x2: College of Policing (wording from
general knowledge); Admiralty: MISP taxonomies, admiralty-scale v5. The table of conversions is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

SOURCE = MappingProxyType({
    "4x4": {"A": "no doubt of authenticity, trustworthiness, competence", "B": "in most instances reliable",
            "C": "in most instances unreliable", "X": "reliability cannot be assessed"},
    "5x5x5": {"A": "always reliable", "B": "mostly reliable", "C": "sometimes reliable", "D": "unreliable", "E": "untested source"},
    "3x5x2": {"1": "reliable", "2": "untested", "3": "not reliable"},
    "admiralty": {"A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
                  "E": "unreliable", "F": "reliability cannot be judged"},
})  # fmt: skip
"""Scale -> code -> words, for the source."""
INFORMATION = MappingProxyType({
    "4x4": {"1": "accuracy not in doubt", "2": "known personally to the source, not to the official passing it on",
            "3": "not known personally to the source but corroborated", "4": "cannot be corroborated"},
    "5x5x5": {"1": "known to be true without reservation", "2": "known personally to the source, not to the officer",
              "3": "not personally known to the source but corroborated", "4": "cannot be judged", "5": "suspected to be false"},
    "3x5x2": {"A": "known directly to the source", "B": "known indirectly to the source but corroborated",
              "C": "known indirectly to the source", "D": "not known", "E": "suspected to be false"},
    "admiralty": {"1": "confirmed by other sources", "2": "probably true", "3": "possibly true", "4": "doubtful",
                  "5": "improbable", "6": "truth cannot be judged"},
})  # fmt: skip
"""Scale -> code -> words, for the information."""
PRINTED = re.compile(r"(\w+) \((\w+)\)")
"""A grade as it is printed: code and scale."""
UNKNOWN = MappingProxyType({"4x4": "X4", "5x5x5": "E4", "3x5x2": "2D", "admiralty": "F6"})
"""What stands where nobody has graded: untested, cannot be judged."""
SOURCE_ROWS = (
    {"4x4": "A", "5x5x5": "A", "3x5x2": "1", "admiralty": "A"}, {"4x4": "B", "5x5x5": "B", "3x5x2": "1", "admiralty": "B"},
    {"4x4": "C", "5x5x5": "C", "3x5x2": "3", "admiralty": "C"}, {"4x4": "C", "5x5x5": "D", "3x5x2": "3", "admiralty": "D"},
    {"4x4": "C", "5x5x5": "D", "3x5x2": "3", "admiralty": "E"}, {"4x4": "X", "5x5x5": "E", "3x5x2": "2", "admiralty": "F"},
)  # fmt: skip
INFORMATION_ROWS = (
    {"4x4": "1", "5x5x5": "1", "3x5x2": "A", "admiralty": "1"}, {"4x4": "2", "5x5x5": "2", "3x5x2": "A", "admiralty": "2"},
    {"4x4": "3", "5x5x5": "3", "3x5x2": "B", "admiralty": "2"}, {"4x4": "4", "5x5x5": "4", "3x5x2": "C", "admiralty": "3"},
    {"4x4": "4", "5x5x5": "4", "3x5x2": "D", "admiralty": "4"}, {"4x4": "4", "5x5x5": "5", "3x5x2": "E", "admiralty": "5"},
    {"4x4": "4", "5x5x5": "4", "3x5x2": "D", "admiralty": "6"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade on the scale on which it came: source and information."""

    scale: str
    source: str
    information: str

    def __str__(self) -> str:
        """As it is printed: 'B2 (4x4)'."""
        return f"{self.source}{self.information} ({self.scale})"

    @property
    def words(self) -> str:
        """What it says."""
        return f"source: {SOURCE[self.scale][self.source]}; information: {INFORMATION[self.scale][self.information]}"


def get_grade(code: str, scale: str) -> Grade:
    """A grade by its code: 'B2' on '4x4'; '5x5x5' and '3x5x2' may carry their handling code at the end, which is no grade.

    Raises
    ------
    CaseError
        If the scale is not known or has no such code.
    """
    if scale not in SOURCE:
        raise CaseError(
            Sentence(
                "The scale '{scale}' is not known. Use one of these: {scales}.", scale=scale, scales=", ".join(SOURCE)
            )
        )
    written = code.strip().upper()
    if len(written) not in (2, 3) or written[0] not in SOURCE[scale] or written[1] not in INFORMATION[scale]:
        known = {"sources": "/".join(SOURCE[scale]), "facts": "/".join(INFORMATION[scale])}
        raise CaseError(
            Sentence(
                "'{code}' is not a grade of {scale}. Write the source grade ({sources}), then the information "
                "grade ({facts}), as in '{example}'.",
                code=code,
                scale=scale,
                **known,
                example=UNKNOWN[scale],
            )
        )
    return Grade(scale, written[0], written[1])


def parse_grade(text: str) -> Grade:
    """A grade as it is printed, 'B2 (4x4)'.

    Raises
    ------
    CaseError
        If it is none.
    """
    fits = PRINTED.fullmatch(text)
    if not fits:
        raise CaseError(
            Sentence(
                "'{text}' is not a grade. Write the code of the grade, then its scale in brackets: 'B2 (4x4)'.",
                text=text,
            )
        )
    return get_grade(fits[1], fits[2])


def is_grade(text: str) -> bool:
    """Whether a text is a grade as it is printed: a code that its scale has, and nothing else."""
    try:
        return str(parse_grade(text)) == text
    except CaseError:
        return False


def format_grade(text: str, scale: str) -> str:
    """A grade as it is printed, on the scale on which it came and, where another is asked for, on that: 'B2 (4x4) ≈ B2 (5x5x5)'.

    What is no grade stands as it was said.
    """
    made = convert_grade(parse_grade(text), scale) if scale and is_grade(text) else ""
    return f"{text} {made}" if made not in ("", text) else text


def convert_grade(given: Grade, scale: str) -> str:
    """A grade for show on another scale, marked '≈' since something is lost; itself on its own."""
    if scale not in SOURCE:
        raise CaseError(
            Sentence(
                "The scale '{scale}' is not known. Use one of these: {scales}.", scale=scale, scales=", ".join(SOURCE)
            )
        )
    if scale == given.scale:
        return str(given)
    source = next(row[scale] for row in SOURCE_ROWS if row[given.scale] == given.source)
    information = next(row[scale] for row in INFORMATION_ROWS if row[given.scale] == given.information)
    return f"≈ {Grade(scale, source, information)}"

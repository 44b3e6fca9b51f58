"""Subject lines of messages: crime, what is wanted, family name."""

from __future__ import annotations

from workbench.messages.model.message import Correspondence, Message, Notice
from workbench.messages.wording.crime_areas import get_area_title
from workbench.model.catalogue import translate


def build_subject(made: Correspondence, crime_area: tuple[str, ...], name: str) -> str:
    """The subject: crime, what is wanted, family name in capitals."""
    word = made.type if isinstance(made, Message) else made.color if isinstance(made, Notice) else "letter"
    crime = get_area_title(crime_area[0], made.language) if crime_area else ""
    parts = (crime.upper(), translate(f"subject.{word}", made.language), name.upper())
    return " / ".join(filter(None, dict.fromkeys(parts)))[:120]


def get_last_part(subject: str) -> str:
    """The last part of a subject, which names a person; '' if it has one part.

    >>> get_last_part("FRAUD / REQUEST / EKMAN"), get_last_part("Hello")
    ('EKMAN', '')
    """
    return subject.rpartition(" / ")[2] if " / " in subject else ""

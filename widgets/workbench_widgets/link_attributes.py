"""What attributes of nodes and links say, however a program has spelled them: how sure a link is, and yes or no."""

from __future__ import annotations

from collections.abc import Mapping

CONFIRMED, UNCONFIRMED, TENTATIVE = STRENGTHS = ("confirmed", "unconfirmed", "tentative")
SUGGESTED = "suggested"
NO = frozenset({"", "0", "0.0", "false", "no", "none", "nan"})


def get_strength(data: Mapping[str, object], suggested: str = UNCONFIRMED) -> str:
    """One of STRENGTHS; `suggested` for what a program said. A word that is none of them is unconfirmed: nobody has said 'confirmed'.

    >>> get_strength({}), get_strength({"strength": "Tentative "}), get_strength({"strength": "rejected"})
    ('confirmed', 'tentative', 'unconfirmed')
    """
    said = _normalise_word(data.get("strength"))
    if said in STRENGTHS:
        return said
    if said not in NO:
        return UNCONFIRMED
    return suggested if _normalise_word(data.get("layer")) == SUGGESTED else CONFIRMED


def is_yes(value: object) -> bool:
    """Whether an attribute says yes, also where a file has it as a word.

    >>> is_yes(True), is_yes("True"), is_yes("no"), is_yes(None)
    (True, True, False, False)
    """
    return _normalise_word(value) not in NO


def _normalise_word(value: object) -> str:
    return "" if value is None else str(value).strip().casefold()

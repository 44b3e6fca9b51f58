"""Blank drafts: what each kind of message has of itself."""

from __future__ import annotations

from typing import Any

from workbench.errors import SchemaError
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Correspondence, LetterOfRequest, Message, Notice
from workbench.model.catalogue import Sentence, translate

LETTER = "letter of request"
PURPOSES = {
    "red": "wanted", "blue": "person_info", "green": "warn", "yellow": "missing", "black": "identify", "orange": "warn",
    "purple": "trends", "silver": "person_info",
}  # fmt: skip
"""Colour of a notice -> its purpose (our encoding)."""

SECRETARIAT = "IPSG"
"""To whom notices go; diffusions go to bureaux."""


def list_draft_kinds() -> tuple[str, ...]:
    """What can be drafted. UN special notices are only taken in and screened."""
    colors = [color for color in get_codes("notice_types") if color in PURPOSES]
    notices = [f"{color} {what}" for color in colors for what in ("notice", "diffusion")]
    return (*get_codes("message_types"), *notices, LETTER)


def build_draft(kind: str, language: str = "en") -> Correspondence:
    """A draft of a kind, with what is the same in all of them.

    Raises
    ------
    SchemaError
        If there is no such kind; it lists those that there are.
    """
    if kind not in list_draft_kinds():
        raise SchemaError(
            Sentence(
                "'{kind}' is not a message type. Known types: {kinds}.",
                kind=kind,
                kinds=", ".join(list_draft_kinds()),
            )
        )
    said: dict[str, Any] = {
        "language": language, "urgency": "normal", "confidentiality": "FOUO", "handling": "H1", "tlp": "TLP:AMBER",
        "conditions_of_use": translate("draft.conditions", language),
    }  # fmt: skip
    if kind == LETTER:
        return LetterOfRequest(**said)
    color, _, what = kind.rpartition(" ")
    if not color:
        return Message(**said, type=kind)
    to = () if what == "diffusion" else (SECRETARIAT,)
    return Notice(
        **said, color=color, diffusion=what == "diffusion", to=to, purpose=PURPOSES[color], pilot=color == "silver"
    )

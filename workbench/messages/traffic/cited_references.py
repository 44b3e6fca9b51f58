"""References that the first lines of a text name in the usual phrases: 'further to your message QM-2026-7 of 3 March'.

Only what stands right behind such a phrase and is written as references are is taken for one: no date, no telephone, no bare number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workbench.messages.model.code_lists import get_words
from workbench.messages.model.message import Message
from workbench.messages.traffic.labelled_values import Origin, ReadMessage
from workbench.model.text.normalise import normalise_digits

THEIRS, OURS, ANY = "their message", "our message", "reference"
"""Lists of the words behind which a reference stands: of the addressee, of the sender, of whoever is named behind it."""
LINES = 4
"""Lines of a text in which a reference of the exchange stands; further down others are told of."""
SIGN = re.compile(
    r"[\s:.]{0,4}(?:(?:n°|nº|no|nr|number|num[ée]ro|n[úu]mero|r[ée]f|رقم|المرجع)(?!\w)[.:\s]{0,4}){0,2}[(\[\"“«]?\s?",
    re.IGNORECASE,
)
"""What may stand between the phrase and the reference."""
REFERENCE = re.compile(r"(?=\S{0,40}\d)[A-Z0-9][A-Z0-9.]{0,20}(?:[-/][A-Z0-9.]{0,20}[A-Z0-9]){1,6}(?![\w/-])")
DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|(?:0?[1-9]|[12]\d|3[01])[-/](?:0?[1-9]|1[0-2])")
"""What is a day, or may be one, though it looks like a reference."""
OF = re.compile(r"[)\]\"”»]?\s{1,3}(?:of|from|de|du|de la|de l'|من)\s{1,3}", re.IGNORECASE)


def add_references(taken: ReadMessage) -> ReadMessage:
    """A message that says in no field which one it follows, with the references of its first lines; anything else as it is."""
    message = taken.message
    if not isinstance(message, Message) or message.your_ref:
        return taken
    found = dict(_find_references(_extract_first_lines(message.summary_of_facts), message))
    found = {ref: whose for ref, whose in found.items() if ref != message.our_ref and ref not in message.other_refs}
    theirs = next((ref for ref, whose in found.items() if whose == THEIRS), "")
    others = [ref for ref in found if ref != theirs]
    if not found:
        return taken
    place = next((one.place for one in taken.origins if one.field == "summary_of_facts"), taken.place)
    said = [Origin("your_ref" if ref == theirs else "other_refs", place, found[ref], ref) for ref in found]
    made = replace(message, your_ref=theirs, other_refs=(*message.other_refs, *others))
    return replace(taken, message=made, origins=(*taken.origins, *said))


def _extract_first_lines(text: str) -> str:
    """The first lines of a text, figures as English writes them."""
    return normalise_digits("\n".join([line for line in text.split("\n") if line.strip()][:LINES]))


def _find_references(text: str, message: Message) -> Iterator[tuple[str, str]]:
    """References, each with whose it is (THEIRS, OURS, or ANY where nobody says)."""
    for name in (ANY, OURS, THEIRS):
        for end in sorted(end for one in get_words(name) for _, end, _ in one.find(text)):
            between = SIGN.match(text, end)
            match = REFERENCE.match(text, between.end() if between else end)
            if match and not DAY.fullmatch(match[0]):
                yield match[0], name if name != ANY else _find_owner(text[match.end() :], message)


def _find_owner(rest: str, message: Message) -> str:
    """Whose a reference is by the bureau that is named behind it."""
    behind = OF.match(rest)
    bureau = rest[behind.end() :].casefold() if behind else ""
    if any(bureau.startswith(each.casefold()) for each in (*message.to, *message.cc) if each):
        return THEIRS
    return OURS if message.from_bureau and bureau.startswith(message.from_bureau.casefold()) else ANY

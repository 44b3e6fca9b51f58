"""Senders who say their own name: "It's Joseph, new number". A suggestion of who uses the account, for an officer to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from workbench.extract.extraction_method import Method, Span, suggest_claim
from workbench.extract.names.lexicon import has_letter_case, is_name, trim_span
from workbench.extract.names.names import build_mention_key
from workbench.model.identifiers import Key, build_attribution_id
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Passage
from workbench.model.text.normalise import normalise_name

NAME = "self-naming"
RULES = "1"
REACH = 240
"""Characters from the beginning of a message in which people say who writes."""

PLAIN = re.compile(
    r"(?i:\b(?:my (?:full )?name(?: is|'s|’s)|you can call me|je m['’]appelle|mon nom est|me llamo|mi nombre es)"
    r"|(?<!\w)اسمي)\s+(?:هو\s+)?"
)
"""Nothing else can be meant than the speaker's name."""

LIKELY = re.compile(
    r"(?:^|[.!?…\n,]\s*)(?i:(?:(?:hi|hey|hello|hallo|bonjour|salut|hola|السلام عليكم|مرحبا)\b[ ,!.]*)?"
    r"(?:it['’]?s|it is|this is|c['’]est|ici|moi c['’]est|soy|habla|معك|أنا))\s+"
)
"""At the beginning of a sentence; something else may follow ('this is important'), so the words after it decide."""

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SINGLE = re.compile(
    r"\s*(?:$|[.,!?;:)\n(–-]|here\b|speaking\b|from\b|again\b|ici\b|aquí\b|de nuevo\b|my new\b|new number\b)"
)
"""What follows a name and not a sentence that goes on."""
WORDS = 3
SURE, PROBABLE = 0.9, 0.6
"""Confidence of the reading by PLAIN and by LIKELY; a judgement of ours, measured on no marked set."""
NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes "
    "sabado domingo here there home god jesus allah bitcoin whatsapp telegram signal instagram facebook google police".split()
)


def build_self_naming_method(senders: Mapping[str, str]) -> Method:
    """Method that reads how senders name themselves.

    Parameters
    ----------
    senders : mapping
        Document id -> entity id of the account from which it was sent. Documents with several senders are left out by the
        caller: nobody knows which of them speaks.

    Returns
    -------
    Method
        For each place a suggested name of a Person, the same entity as other mentions of that name, and a suggested
        Attribution of the account to it with the basis 'self-naming'.

    Notes
    -----
    English, French, Spanish and Arabic, by rules. People joke, quote and pretend: that an account says it is Joseph's does
    not make it his. A suggested attribution moves nothing on a chart until an officer accepts it.
    """
    version = (
        f"{RULES}+{compute_digest(*sorted(f'{document}={account}' for document, account in senders.items()))[:12]}"
    )

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            if account := senders.get(passage.document_id):
                for span, confidence in find_self_names(passage.text):
                    yield from _build_claims(passage, span, account, (NAME, version, confidence))

    return Method(NAME, version, extract)


def find_self_names(text: str) -> Iterator[tuple[Span, float]]:
    """Places where a sender says the own name, in order, with the confidence of the reading."""
    head = text[:REACH]
    seen: set[int] = set()
    for rule, confidence in ((PLAIN, SURE), (LIKELY, PROBABLE)):
        for match in rule.finditer(head):
            span = _match_name(head, match.end(), certain=rule is PLAIN)
            if span is not None and span.start not in seen:
                seen.add(span.start)
                yield span, confidence


def _match_name(text: str, start: int, *, certain: bool) -> Span | None:
    """The words of a name from `start` on; None if what stands there is none."""
    end, count = start, 0
    while count < WORDS and (word := WORD.match(text, end if count == 0 else end + 1)):
        if count and text[end] != " ":
            break
        if has_letter_case(word[0]) and not word[0][0].isupper():
            break
        end, count = word.end(), count + 1
        if not has_letter_case(word[0]):
            break
    span = trim_span(text, Span(start, end)) if count else None
    if span is None or not is_name(text, span) or normalise_name(text[span.start : span.end]) in NOT_NAMES:
        return None
    return span if certain or SINGLE.match(text, end) else None


def _build_claims(passage: Passage, span: Span, account: str, by: tuple[str, str, float]) -> Iterator[Claim]:
    who = build_mention_key("Person", passage.text[span.start : span.end])
    yield suggest_claim(passage, span, "Person", "name", who, by=by)
    said = build_attribution_id(who.entity_id, account, NAME)
    for prop, value in (("holder", who.entity_id), ("held", account), ("basis", NAME)):
        yield suggest_claim(passage, span, "Attribution", prop, Key(said, value), by=by)

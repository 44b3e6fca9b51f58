"""What an erasure takes: from what an officer names to ids, and to the words by which texts still speak of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.case.context.case_context import CaseContext
from workbench.ledger.erasure import entity_footprint
from workbench.ledger.erasure.entity_footprint import Fact
from workbench.ledger.erasure.erasure_closure import ErasureIds
from workbench.ledger.erasure.purge import LONG
from workbench.ledger.erasure.text_redaction import Words
from workbench.model.pseudonyms import name_matching
from workbench.model.pseudonyms.name_matching import ERASED, Phrases
from workbench.model.schema import NAMES, list_identifiers, list_property_types
from workbench.model.text.normalise import normalise_digits, normalise_name

NAMING = (*NAMES, "firstName", "lastName", "middleName", "secondName", "fatherName", "motherName", "username")
"""Properties whose values are names."""
PLACES = frozenset({"full", "address"})
"""Properties whose values are addresses of houses."""
SHORT, SHORT_NUMBER, SHORT_NAME = 3, 5, 3
"""Characters below which a word, a number, a name is not looked for: it stands everywhere."""
SHORT_ID, LONG_NUMBER = 6, 7
"""Letters and figures of a register's id, and figures of one without letters, below which it is not looked for everywhere."""
COMMON = 3
"""Documents up to which a run of words is a quotation."""
PERSONS = ("Person", "LegalEntity")


@dataclass(frozen=True, slots=True)
class Sayings:
    """Words by which something is spoken of, and how far they reach."""

    wide: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    wide_parts: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    near_parts: frozenset[str] = frozenset()


def resolve_targets(context: CaseContext, targets: Sequence[tuple[str, str]]) -> ErasureIds:
    """What is to go, by kind; of entities all that judgements have joined, with what is theirs alone and the rows about them."""
    found: dict[str, set[str]] = {kind: set() for kind in ("source", "document", "passage", "entity", "note")}
    for kind, key in targets:
        found[kind].add(key)
    entities = _add_joined(context, found["entity"])
    entities |= entity_footprint.find_belongings(context.ledger, entities)
    found["passage"].update(entity_footprint.find_own_rows(context.ledger, entities))
    found["document"].update(entity_footprint.find_own_notices(context.ledger, entities))
    kept = {f"{kind}s": frozenset(keys) for kind, keys in found.items() if kind != "entity"}
    return ErasureIds(**kept, entities=frozenset(entities))


def build_struck_words(context: CaseContext, what: ErasureIds) -> Words:
    """What is struck in texts that stay."""
    passages = {*what.passages, *entity_footprint.list_document_passages(context.ledger, what.documents)}
    documents = entity_footprint.list_source_documents(context.ledger, what.sources)
    passages.update(entity_footprint.list_document_passages(context.ledger, documents))
    texts = entity_footprint.list_written_texts(context.ledger, passages)
    quoted = {text for text in texts if max(len(text), name_matching.count_letters([text])) >= LONG}
    said = build_sayings(context, what.entities) if what.entities else Sayings()
    small = _find_unusual(said.wide_parts | said.near_parts)
    exact = dict.fromkeys(said.exact, ERASED)
    named = Phrases(dict.fromkeys(said.wide, ERASED), dict.fromkeys(said.wide_parts, ERASED), small=small, exact=exact)
    wide = Phrases.merge_phrases(
        named, Phrases(dict.fromkeys(quoted, ERASED), runs=find_quotations(context, texts, passages))
    )
    near = Phrases(dict.fromkeys(said.near, ERASED), dict.fromkeys(said.near_parts, ERASED), small=small)
    reach = entity_footprint.find_reach(context.ledger, what.entities) if what.entities else frozenset()
    reach |= entity_footprint.list_naming(context.ledger, named) if near else frozenset()
    return Words(wide, near, reach)


def _find_unusual(parts: Collection[str]) -> frozenset[str]:
    """Words of names that are struck in small letters too."""
    from workbench.extract.names.lexicon import find_unusual  # with it come the methods that read names

    return find_unusual(parts)


def _find_ordinary(parts: Collection[str]) -> frozenset[str]:
    """Words of names that are ordinary words too."""
    from workbench.extract.names.lexicon import find_ordinary

    return find_ordinary(parts)


def find_quotations(
    context: CaseContext, texts: Iterable[str], passages: Collection[str]
) -> frozenset[tuple[str, ...]]:
    """Runs of words by which other documents quote these texts; those of many documents are phrases of nobody."""
    mine = {run for text in texts for run in name_matching.list_runs(text)}
    found: dict[tuple[str, ...], set[str]] = {}
    for said in entity_footprint.list_passages(context.ledger) if mine else ():
        if said.passage not in passages:
            for run in mine.intersection(name_matching.list_runs(said.text)):
                found.setdefault(run, set()).add(said.document)
    return frozenset(run for run in mine if len(found.get(run, ())) <= COMMON)


def list_joined(context: CaseContext, targets: Sequence[tuple[str, str]]) -> list[str]:
    """Entities that judgements have joined to those among some targets; a backup may bring them back without the judgement."""
    return sorted(_add_joined(context, {key for kind, key in targets if kind == "entity"}))


def _add_joined(context: CaseContext, entities: Collection[str]) -> set[str]:
    """Entities with all that judgements have joined to them."""
    canonical = context.canonical
    wanted = {canonical.get(key, key) for key in entities}
    return {*entities, *wanted, *(key for key, name in canonical.items() if name in wanted)}


def build_sayings(context: CaseContext, entities: Collection[str]) -> Sayings:
    """Names and numbers of entities, in every way of writing.

    A name that another entity bears as well, a single word of a name that stands in another's, an ordinary word and a day of birth
    are struck only in documents that speak of these entities.
    """
    facts = entity_footprint.list_facts(context.ledger, entities)
    others = entity_footprint.list_other_names(context.ledger, entities, NAMING)
    borne = {normalise_name(name) for name in others}
    joined = {"".join(name_matching.split_words(name)) for name in others}
    shared = {word for name in others for word in name_matching.split_words(name)}
    wide: set[str] = set()
    exact: set[str] = set()
    near: set[str] = set()
    wide_parts: set[str] = set()
    near_parts: set[str] = set()
    for fact in facts:
        written = {fact.value, fact.written} - {""}
        if fact.prop in NAMING:
            for name in written:
                _add_name(name, borne if not _is_part_of_name(name, joined) else {normalise_name(name)}, wide, near)
                near.update(name_matching.list_unbroken_words(name))
            for word in name_words(fact):
                alone = len(name_matching.split_words(fact.value)) == 1
                _add_word(word, borne if alone else shared, wide_parts, near_parts)
            near.update(
                name_matching.list_initials(fact.value) if fact.schema in PERSONS and fact.value[:1].isupper() else ()
            )
        elif fact.prop in list_numbers():
            for number in list_number_forms(fact.prop, written):
                (wide if _is_enough(fact.prop, number) else near).add(number)
            codes = {number for number in written if is_short_code(number)}
            exact |= codes
            near |= {"".join(name_matching.split_words(number)) for number in codes}
        elif fact.prop == "birthDate":
            near.update(
                way for date in (*written, *read_days(fact.value)) for way in name_matching.list_day_forms(date)
            )
    for name in entity_footprint.list_row_ids(context.ledger, entities):
        (wide if _is_telling(name) else near).add(name)
    common = _find_ordinary(wide_parts)
    return Sayings(
        frozenset(wide),
        frozenset(exact),
        frozenset(wide_parts - common),
        frozenset(near),
        frozenset(near_parts | common),
    )


def is_short_code(number: str) -> bool:
    """Whether a number that is too short to be looked for in every way of writing has letters and figures, as a plate has.

    It stands for the same thing wherever it is written exactly so; figures alone, or letters alone, do not.
    """
    signs = [sign for sign in number if sign.isalnum()]
    return len(signs) < SHORT_NUMBER and any(map(str.isalpha, signs)) and any(map(str.isdigit, signs))


def list_numbers() -> frozenset[str]:
    """Properties whose values are numbers, addresses and the like that belong to one."""
    return list_identifiers() | PLACES


def read_days(date: str) -> list[str]:
    """The days or months (ISO 8601) that a date of birth means, also one that is kept as it is written."""
    from workbench.extract.identifiers.dates import find_dates  # with it come the methods that read texts

    if name_matching.find_day(date):
        return [name_matching.find_day(date)]
    return [
        day
        for found in find_dates(normalise_digits(date), day_first=True)
        if (day := name_matching.find_day(found.value))
    ]


def _is_enough(prop: str, number: str) -> bool:
    """Whether a number is looked for everywhere: long enough, no address on the web, and no ordinary word, as a password may be."""
    made = name_matching.split_words(number)
    if name_matching.count_letters(made) < SHORT_NUMBER or list_property_types().get(prop) == "url":
        return False
    return len(made) > 1 or not made[0].isalpha() or not _find_ordinary(made)


def _is_telling(name: str) -> bool:
    """Whether the id that a register gives stands for nobody else by chance: letters with figures, or many figures."""
    made = name_matching.split_words(name)
    figures = sum(len(word) for word in made if word.isdigit())
    return name_matching.count_letters(made) >= SHORT_ID and figures > 0 and (figures >= LONG_NUMBER or len(made) > 1)


def name_words(fact: Fact) -> list[str]:
    """Words of a name by which somebody is spoken of: of a person's name those with a capital, of other names the only one."""
    found = name_matching.split_words(fact.value)
    if len(found) == 1:
        return found
    if fact.schema not in PERSONS or fact.prop == "username":
        return []
    small = {word.casefold() for word in fact.value.split() if word.islower()}
    return found if fact.value.islower() else [word for word in found if word not in small]


def _is_part_of_name(name: str, others: Iterable[str]) -> bool:
    """Whether a name without word boundaries stands in the name of another: '李明' in '李明華'."""
    compact = "".join(name_matching.split_words(name))
    return name_matching.is_unbroken(compact) and any(compact in other for other in others)


def _add_name(name: str, borne: Collection[str], wide: set[str], near: set[str]) -> None:
    """A name of several words, or a user name with a figure in it."""
    made = name_matching.split_words(name)
    whole = name_matching.count_letters(made)
    if whole < SHORT_NAME or (len(made) == 1 and made[0].isalpha()):
        return
    chosen = near if normalise_name(name) in borne or whole < SHORT_NUMBER else wide
    chosen.update(name_matching.list_name_orders(name))
    chosen.update(list_number_forms("number", [name]) if any(word.isdigit() for word in made) else ())


def _add_word(word: str, shared: Collection[str], wide: set[str], near: set[str]) -> None:
    """A single word of a name."""
    if len(word) >= SHORT and word.isalpha():
        (near if word in shared else wide).add(word)


def list_number_forms(prop: str, values: Iterable[str]) -> Iterator[str]:
    """Numbers in the ways in which they are written."""
    for value in values:
        yield value
        if prop in ("imei", "imeisv"):
            yield from name_matching.list_handset_forms(value)
        digits = "".join(word for word in name_matching.split_words(value.partition("@")[0]) if word.isdigit())
        if prop in ("number", "phone", "username", "email") and len(digits) >= 7:
            yield digits
            if value.startswith("+") or "@" in value:
                yield from name_matching.list_telephone_forms(f"+{digits}")

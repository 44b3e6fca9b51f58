"""Checks that need reckoning: a rule calls one by its name. Each gives the places where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from workbench.messages.model import value_formats
from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import get_codes, get_words
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts, list_values
from workbench.messages.rules import source_checks, summary_facts, treaty_scope
from workbench.messages.templates.opening_texts import FOLLOWS, REPLY, find_opening_end
from workbench.messages.wording import (
    alarm_words,
    crime_areas,
    invisible_characters,
    message_language,
    opinions,
    quoted_speech,
    text_names,
    text_numbers,
)
from workbench.messages.wording.empty_phrases import is_empty_phrase
from workbench.model.text.normalise import normalise_digits

Check = Callable[[Correspondence, Surroundings], Iterator[FieldSpan]]
AMBIGUOUS = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)")
ABBREVIATION = re.compile(r"(?<![\w/-])(?<![A-Z]{2} )(?<!\d )[A-Z]{2,5}(?![\w/-]|\.\w| \d| [A-Z]{2})")
"""Two to five capitals that stand alone: between figures they are of a plate, beside other capitals of a heading."""
DOCUMENT = re.compile(r"(?<!\w)(?=[A-Z0-9]*\d{5})[A-Z]{1,3}\d{5,9}[A-Z]?(?!\w)")
NAMED_DOCUMENT = re.compile(
    r"(?i)(?<!\w)(?:passport|identity card|ID(?: card)?|passeport|carte d'identité|CNI|pasaporte|cédula|DNI|NIE|CURP|RUT|C\.?C\."
    r"|و?(?:ال)?(?:جواز|بطاقة|قومي|هوية))\W{1,3}(?:(?:no|n[°º]|number|numéro|número|de|identité|ciudadanía|سفر|السفر|وطنية|الوطنية|التعريف|شخصية|رقم)\W{1,3}){0,4}"
    r"(?=[\w.-]*\d{3})[A-Z0-9][A-Z0-9.-]{5,19}(?!\w)"
)
"""A number after a word for a document of identity."""
BIRTH = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} (?:de )?[^\W\d]{3,10}\.? (?:de )?(?:19|20)\d{2})(?!\d)"
)
BORN_ON = re.compile(
    rf"(?i)(?:\bborn|\bDOB|\bnée?|\bnacid[oa]|مواليد|المولودة?)\W{{1,3}}(?:\w{{1,4}} ){{0,2}}{BIRTH.pattern}"
)
REFERENCE = re.compile(
    r"(?i)(?<!\w)(?:case|file|investigation|matter|dossier|affaire|procédure|enquête|caso|expediente|asunto|causa"
    r"|diligencias(?: previas| preliminares)?|sumario|averiguación previa|carpeta de investigación|noticia criminal"
    r"|و?(?:ال)?(?:قضية|ملف|دعوى))"
    r"\s+(?:(?:number|file|numéro|número|reference|référence|ref|réf)\.?\s*)?(?:no\.?\s*|n\.?[°º]\s*|n[oº]?\.\s*|رقم\s*)?"
    r"(\d{1,6} (?:لسنة|لعام) \d{4}|[A-Z]{0,4}[/-]?\d[\w/-]{3,20})"
)


def shift_date(now: datetime, amount: int, unit: str) -> datetime:
    """So many days or years from now; 29 February becomes 28 February."""
    if unit == "days":
        return now + timedelta(days=amount)
    try:
        return now.replace(year=min(max(now.year + amount, 1), 9999))
    except ValueError:
        return now.replace(year=min(max(now.year + amount, 1), 9999), day=28)


def ambiguous_date(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Dates such as 03/04/2024, in which day and month cannot be told apart."""
    for field, text in list_texts(message):
        for match in AMBIGUOUS.finditer(text):
            one, other = int(match[1]), int(match[3])
            if 1 <= one <= 12 and 1 <= other <= 12 and one != other:
                yield FieldSpan(field, *match.span(), match[0])


def unknown_abbreviation(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Capitals that no list of abbreviations has, that are no code of a country and part of no name, and that nothing explains."""
    known = {match for one in get_words("abbreviations") for match in one.instead}
    named = " ".join(f"{one.family_name} {one.forename} {' '.join(one.aliases)}" for one in message.persons).upper()
    text = text_numbers.blank_matches(
        quoted_speech.QUOTED, text_numbers.blank_matches(text_numbers.IBAN, message.summary_of_facts)
    )
    for match in ABBREVIATION.finditer(text):
        short = match[0]
        explained = (
            f"({short})" in text or short.lower() in known or value_formats.is_country(short) or _is_heading(short)
        )
        if not explained and not re.search(rf"\b{short}\b", named) and not text_names.is_near_name(text, match.span()):
            yield FieldSpan("summary_of_facts", *match.span(), short)


def _is_heading(word: str) -> bool:
    return any(
        one.pattern.fullmatch(word)
        for name in ("headings", "articles", "before_firm", "firms")
        for one in get_words(name)
    )


def personal_subject(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A full date of birth or a document number in the subject."""
    for pattern in (BIRTH, DOCUMENT, NAMED_DOCUMENT):
        yield from (FieldSpan("subject", *match.span(), match[0]) for match in pattern.finditer(message.subject))
    known = (document.number for one in message.persons for document in one.documents if len(document.number) > 4)
    for number in known:
        start = message.subject.find(number)
        if start >= 0 and not DOCUMENT.fullmatch(number):
            yield FieldSpan("subject", start, start + len(number), number)


def personal_method(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Dates of birth, numbers of documents and telephones in the description of a method."""
    for field in ("modus_operandi", "summary_of_facts"):
        text = str(getattr(message, field, ""))
        for pattern in (BORN_ON, DOCUMENT, text_numbers.INTERNATIONAL):
            yield from (FieldSpan(field, *match.span(), match[0]) for match in pattern.finditer(text))


def duplicate(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A message of the same form, with the same text but for a few words, that went to one of the addressees before."""
    reference = around.find_duplicate(message) if message.summary_of_facts else None
    if reference is not None:
        yield FieldSpan("summary_of_facts", detail=reference)


def several_cases(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """References of more than one case in the text, or words such as “in another case”."""
    text = message.summary_of_facts
    theirs = {normalise_digits(one) for one in (getattr(message, "your_ref", ""), *getattr(message, "other_refs", ()))}
    found = [match for match in REFERENCE.finditer(text) if match[1] not in theirs]
    others = [match for match in found if match[1] != found[0][1]]
    yield from (FieldSpan("summary_of_facts", *match.span(), match[0]) for match in others[:1])
    if not others:
        spoken = sorted((start, end) for start, end, _ in quoted_speech.find_own_words(text, "other_case"))
        yield from (FieldSpan("summary_of_facts", *span, text[slice(*span)]) for span in spoken[:1])


def no_danger(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A reason that does not say that life is in danger."""
    if message.urgency_reason and not alarm_words.has_danger(message.urgency_reason):
        yield FieldSpan("urgency_reason", quote=message.urgency_reason[:120])


def restricted_addressee(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Addressees in a country that a source of the message is closed to."""
    for path in ("to", "cc"):
        for number, bureau in enumerate(getattr(message, path)):
            if (code := around.nation(bureau)) in around.restricted:
                yield FieldSpan(f"{path}[{number}]", quote=bureau, detail=code)


def withdrawn_source(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Values that stand in the message still and that only withdrawn material states."""
    for path, value, file in around.withdrawn:
        found = next((one for _, one in list_values(message, path)), None)
        texts = found if isinstance(found, tuple) else (found,)
        if value and any(value.casefold() in str(one).casefold() for one in texts if one is not None):
            yield FieldSpan(path, quote=value, detail=file)


def attachment_hash(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Attachments whose file has another SHA-256 than the message says."""
    for number, one in enumerate(message.attachments):
        found = around.hashes.get(one.name, one.sha256)
        if found.lower() != one.sha256.lower():
            yield FieldSpan(f"attachments[{number}].sha256", quote=one.sha256, better=found)


def attachment_mark(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Attachments that are marked higher than the message."""
    levels = get_codes("confidentiality")
    rank = {level: number for number, level in enumerate(levels)}
    highest = max(
        (one.confidentiality for one in message.attachments), key=lambda level: rank.get(level, 0), default=""
    )
    for number, one in enumerate(message.attachments):
        if rank.get(one.confidentiality, 0) > rank.get(message.confidentiality, 0):
            yield FieldSpan(
                f"attachments[{number}].confidentiality", quote=one.confidentiality, better=highest, detail=one.name
            )


def named_attachment(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Files that a person or a decision names and that are not attached."""
    known = {one.name for one in message.attachments}
    for path in ("persons.photo", "persons.fingerprints", "persons.dna", "decisions.attachment"):
        yield from (
            FieldSpan(place, quote=name) for place, name in list_values(message, path) if name and name not in known
        )


def unknown_reference(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A reference of the addressee that nothing in the case has; who follows a message of their own may give its reference instead."""
    own = around.own_references if getattr(message, "type", "") in FOLLOWS else ()
    for place, reference in list_values(message, "your_ref"):
        if around.references is not None and reference and reference not in around.references and reference not in own:
            yield FieldSpan(place, quote=reference)


def no_answer(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """A text that says nothing behind the fixed words with which a reply begins."""
    text = message.summary_of_facts
    if is_empty_phrase(text[find_opening_end(text, REPLY) :]) and (
        text or message.persons or message.objects or message.attachments
    ):
        yield FieldSpan("summary_of_facts")


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        ambiguous_date,
        unknown_abbreviation,
        personal_subject,
        personal_method,
        duplicate,
        several_cases,
        no_danger,
        restricted_addressee,
        withdrawn_source,
        attachment_hash,
        attachment_mark,
        named_attachment,
        unknown_reference,
        no_answer,
        text_numbers.local_telephone,
        text_numbers.listed_telephone,
        text_numbers.check_digit,
        text_numbers.ninth_sign,
        text_names.not_structured,
        text_names.two_spellings,
        text_names.unclear_order,
        text_names.unknown_place,
        opinions.unmarked_opinion,
        quoted_speech.crime_as_told,
        quoted_speech.person_for_number,
        message_language.other_language,
        message_language.mixed_scales,
        message_language.likelihood_with_confidence,
        message_language.help_alone,
        message_language.coercion_in_text,
        message_language.sensitive,
        summary_facts.missing_when,
        summary_facts.missing_where,
        summary_facts.missing_who,
        summary_facts.missing_what,
        summary_facts.missing_how,
        summary_facts.impossible_day,
        summary_facts.facts_to_come,
        source_checks.mark_below_sources,
        source_checks.handling_below_sources,
        source_checks.unknown_grade,
        source_checks.best_grade_alone,
        source_checks.unconfirmed_alone,
        source_checks.original_script,
        source_checks.subject_pattern,
        source_checks.empty_reason,
        source_checks.measure_against_protected,
        source_checks.witness_laid_bare,
        source_checks.nobody_identified,
        source_checks.minor,
        source_checks.minor_at_facts,
        source_checks.foreign_charge,
        source_checks.unaccepted_language,
        source_checks.public_without_permission,
        crime_areas.unknown_area,
        treaty_scope.below_serious,
        treaty_scope.untold_penalty,
        treaty_scope.untold_group,
        treaty_scope.no_treaty,
        treaty_scope.unnamed_treaty,
        invisible_characters.invisible_signs,
    )
}

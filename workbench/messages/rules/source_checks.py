"""Where what a message says comes from, what it is marked, and whom it protects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import dropwhile, islice

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import LANGUAGES, find_first_word, get_codes, get_words
from workbench.messages.model.message import Correspondence, Person, Source
from workbench.messages.model.message_fields import FieldSpan, list_texts, list_values
from workbench.messages.model.value_formats import parse_day
from workbench.messages.wording.empty_phrases import is_empty_phrase
from workbench.messages.wording.message_language import detect_language
from workbench.messages.wording.person_words import list_name_parts
from workbench.messages.wording.quoted_speech import SENTENCE
from workbench.messages.wording.text_dates import find_fact_days
from workbench.model import source_grading

LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
OTHER = re.compile(r"[^\W\d_A-Za-zÀ-ɏ]")
GRADES = {"source_grade": source_grading.SOURCE, "information_grade": source_grading.INFORMATION}
"""Field -> scale -> its grades."""
GRADED = ("persons", "objects")
"""Lists whose entries have a grade."""
BEST = ("A", "1"), ("1", "A")
"""Best grades of source and information: 4x4, 5x5x5 and Admiralty, and 3x5x2."""
CORROBORATED = ("4x4", "3")
"""Scale and grade of what the source does not know itself and others support."""
PROTECTED = {"victim": "victims", "witness": "witnesses"}
"""Status of a person against whom nothing is done -> the list of words for one."""
NAMELESS = ("black", "purple")
"""Colours of notices that are about nobody who has a name."""
ABOUT_A_PERSON = "blue"
"""Colour of the notice that seeks who somebody is, where they are and what they do."""
IDENTIFYING = ("date_of_birth", "nationalities", "documents", "parents", "description", "fingerprints", "dna", "photo")
"""Fields that tell a person from others of the same name."""
NEEDLESS = ("parents", "fingerprints", "dna", "aliases")
"""Fields of a witness that the facts do not need."""
PARTS = 3
"""Parts of a subject: crime / request / surname."""


def mark_below_sources(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Sources that are marked higher than the message."""
    yield from _find_weaker_mark(message, "confidentiality")


def handling_below_sources(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Sources with a stricter handling code than the message."""
    yield from _find_weaker_mark(message, "handling")


def _find_weaker_mark(message: Correspondence, name: str) -> Iterator[FieldSpan]:
    rank = {code: number for number, code in enumerate(get_codes(name))}
    mine = getattr(message, name)
    highest = max(message.sources, key=lambda one: rank.get(getattr(one, name), -1), default=Source())
    theirs = getattr(highest, name)
    if mine in rank and rank.get(theirs, -1) > rank[mine]:
        yield FieldSpan(name, quote=mine, better=theirs, detail=theirs)


def unknown_grade(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Grades of persons and objects that their scale does not have."""
    graded = ((f"{path}[{number}]", one) for path in GRADED for number, one in enumerate(getattr(message, path)))
    for place, one in graded:
        for name, scales in GRADES.items():
            given, known = getattr(one, name), scales.get(one.scale, {})
            if known and given.strip() and given not in known:
                yield FieldSpan(f"{place}.{name}", quote=given, detail=f"{one.scale} ({', '.join(known)})")


def best_grade_alone(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons and objects with the best grade that there is, where the message has one source only."""
    if len({(one.name, one.country) for one in message.sources}) != 1:
        return
    for path in GRADED:
        for number, one in enumerate(getattr(message, path)):
            if (one.source_grade, one.information_grade) in BEST:
                yield FieldSpan(f"{path}[{number}].source_grade", quote=one.source_grade + one.information_grade)


def unconfirmed_alone(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons and objects that are graded as corroborated (4x4: 3) where one source alone is named, and the text does not say so."""
    if len({(one.name, one.country) for one in message.sources}) != 1 or find_first_word(
        message.summary_of_facts, "unconfirmed"
    ):
        return
    for path in GRADED:
        for number, one in enumerate(getattr(message, path)):
            if (one.scale, one.information_grade) == CORROBORATED:
                yield FieldSpan(f"{path}[{number}].information_grade", quote=one.source_grade + one.information_grade)


def original_script(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons of a country that does not write in Latin letters, whose name is given in Latin letters alone."""
    other = around.other_scripts if around.other_scripts is not None else frozenset(get_codes("other_scripts"))
    home = {message.from_bureau[:2]} if detect_language(message.summary_of_facts) == "ar" else set()
    for number, one in enumerate(message.persons):
        if (
            set(one.nationalities) & (other | home)
            and LATIN.search(one.family_name + one.forename)
            and not _has_other_script(one)
        ):
            yield FieldSpan(
                f"persons[{number}].name_in_original_script", detail=f"{one.family_name} {one.forename}".strip()
            )


def _has_other_script(one: Person) -> bool:
    return any(OTHER.search(name) for name in (one.name_in_original_script, one.family_name, *one.aliases))


def subject_pattern(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Subjects that are not written CRIME / REQUEST / Surname; where nobody is named the surname may be missing."""
    said = [part for part in re.split(r"\s*[/|]\s*|\s+[–—-]\s+", message.subject) if part.strip()]
    said = list(dropwhile(_is_without_crime, said))
    minor = sum(bool(re.fullmatch(r"(?i)MINOR|MINEURE?|MENOR|قاصر", part.strip())) for part in said)
    named = any(one.family_name for one in message.persons) and getattr(message, "color", "") not in NAMELESS
    if message.subject and len(said) - minor < PARTS - (not named):
        yield FieldSpan("subject", quote=message.subject)


def _is_without_crime(part: str) -> bool:
    """Whether a part of a subject has only words such as urgent, request or re."""
    return not re.sub(r"[\W\d_]+", "", "".join(_remove_words(part, "no crime")))


def _remove_words(text: str, name: str) -> str:
    for one in get_words(name):
        text = one.pattern.sub(" ", text)
    return text


def empty_reason(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Statements of a serious ordinary-law crime that state nothing: yes, serious, see file."""
    filler = {word for one in get_words("filler") for word in one.instead}
    for place, said in list_values(message, "serious_crime_reason"):
        told = [word for word in re.findall(r"[\w'’-]+", said.lower().replace("’", "'")) if word not in filler]
        if said and not told:
            yield FieldSpan(place, quote=said)


def measure_against_protected(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Sentences that ask for arrest, surveillance or the like of a person who is listed as a victim or witness."""
    protected = [one for one in message.persons if one.status in PROTECTED]
    others = [one for one in message.persons if one.status not in PROTECTED]
    for field, text in list_texts(message):
        for match in SENTENCE.finditer(text):
            said = match[0]
            asked = find_first_word(said, "asking") and find_first_word(said, "measures")
            meant = any(_is_mentioned(said, one) for one in protected) or (
                not others and find_first_word(said, "measures of them")
            )
            if (
                protected
                and asked
                and meant
                and not any(_is_mentioned(said, one) for one in others)
                and not find_first_word(said, "wrongdoers")
            ):
                yield FieldSpan(field, *match.span(), said.strip())


def witness_laid_bare(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Witnesses of whom more is given than the facts need; a document whose number the text or an object names is needed.

    A blue notice is about a person and needs what identifies them.
    """
    if getattr(message, "color", "") == ABOUT_A_PERSON:
        return
    for number, one in enumerate(message.persons):
        if one.status == "witness" and (
            any(getattr(one, name) for name in NEEDLESS) or _has_needless_document(one, message)
        ):
            yield FieldSpan(f"persons[{number}].documents")


def _has_needless_document(person: Person, message: Correspondence) -> bool:
    """Whether a document of a person has a number that neither the text nor an object names."""
    named = _keep_alphanumeric(*(text for _, text in list_texts(message)), *(one.number for one in message.objects))
    return any(not paper.number or _keep_alphanumeric(paper.number) not in named for paper in person.documents)


def _keep_alphanumeric(*said: str) -> str:
    """Letters and figures alone, by which a number is found however it is written."""
    return " ".join(re.sub(r"[\W_]", "", one).upper() for one in said)


def nobody_identified(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Lists of persons in which nobody has a full name and something that tells them from others of that name."""
    if not any(_has_full_name(one) and any(getattr(one, name) for name in IDENTIFYING) for one in message.persons):
        yield FieldSpan("persons")


def _has_full_name(one: Person) -> bool:
    """Whether a person has a family name and a forename, and neither is a part played, a nickname or a number: the driver, El Rubio."""
    named = f"{one.family_name} {one.forename}".strip() or one.name_in_original_script
    role = any(
        each.pattern.match(named) for name in ("actors", "titles", "holders", "nameless") for each in get_words(name)
    )
    nicked = re.search(r"[\d«“\"]", named) or any(each.pattern.fullmatch(named) for each in get_words("nicknames"))
    return len(named.split()) > 1 and not role and not nicked and not named[0].islower()


def _is_mentioned(said: str, one: Person) -> bool:
    """Whether a sentence names a person, in whatever script, or calls one by its status."""
    name = one.family_name and re.search(rf"(?<!\w){re.escape(one.family_name)}(?!\w)", said, re.IGNORECASE)
    other = any(
        list_name_parts(each) <= list_name_parts(said)
        for each in (one.name_in_original_script, *one.aliases)
        if list_name_parts(each)
    )
    return bool(name or other or (one.status in PROTECTED and find_first_word(said, PROTECTED[one.status])))


def minor(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons who are under eighteen today, by the date of birth that is given."""
    yield from _find_minors(message, around.now.date())


def minor_at_facts(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons who were under eighteen at the time of the facts: the date that is given or, without one, the first day of the text."""
    given = [parse_day(value) for _, value in list_values(message, "date_of_facts")]
    when = next(filter(None, (*given, *find_fact_days(message.summary_of_facts))), None)
    if when:
        yield from _find_minors(message, when)


def _find_minors(message: Correspondence, when: date) -> Iterator[FieldSpan]:
    for place, value in list_values(message, "persons.date_of_birth"):
        born = parse_day(value)
        if born and (when.year - born.year - ((when.month, when.day) < (born.month, born.day))) in range(18):
            yield FieldSpan(place, quote=value)


def foreign_charge(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Charges in another language than the four, by what is said of them or by their words, without a translation."""
    for number, charge in enumerate(getattr(message, "charges", ())):
        said = charge.language and charge.language not in LANGUAGES
        if (said or _is_foreign_text(charge.text)) and not charge.translation:
            yield FieldSpan(f"charges[{number}].text", quote=charge.text)


def _is_foreign_text(text: str) -> bool:
    """Whether a text has letters that none of the four languages has, or more words of another language than small ones of theirs."""
    if re.search(r"[^\W\d_A-Za-zÀ-ÿŒœŸ\u0600-\u06ff]", text):
        return True
    theirs, ours = (
        len({start for one in get_words(name) for start, _, _ in one.find(text)}) for name in ("foreign", "small")
    )
    return theirs > ours


def unaccepted_language(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Letters in a language that the requested State does not accept, as the letter or the surroundings say."""
    for place, said in list_values(message, "accepted_languages"):
        accepted = said or around.languages.get(getattr(message, "requested_state", ""), ())
        if accepted and message.language and message.language not in accepted:
            yield FieldSpan(
                "language" if not said else place, quote=message.language, detail=", ".join(sorted(accepted))
            )


def public_without_permission(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """What is to be shown to the public, by its field or its words, without the source's permission."""
    if not is_empty_phrase(getattr(message, "public_permission", "")):
        return
    if getattr(message, "public", False):
        yield FieldSpan("public_permission")
        return
    said = (
        (field, text, found) for field, text in list_texts(message) if (found := find_first_word(text, "publication"))
    )
    yield from (FieldSpan(field, *span, text[slice(*span)]) for field, text, span in islice(said, 1))

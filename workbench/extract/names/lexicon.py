"""Ordinary words of English, and the rules by which a mention is trimmed or refused as a name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ModelError
from workbench.extract.extraction_method import Span
from workbench.extract.identifiers.amounts import CURRENCIES
from workbench.extract.names.spacy_import import import_spacy
from workbench.model.machine.model_registry import check_model, is_installed
from workbench.model.text.normalise import normalise_name

if TYPE_CHECKING:
    from spacy.lookups import Lookups

EVERYDAY = Path(__file__).with_name("everyday.toml")
"""Words of everyday language that are names of people as well."""
CHAT = frozenset(
    "hi hello hey heya hlo yo hiya dear haha hahaha hihi lol lmao omg wtf ok okay oke k yep yeah yea yes nope nah no bro bruh "
    "man mate dude babe baby darling honey sweetie sis sister bro bud buddy thanks thx tnx ty thank please pls plz sorry "
    "morning afternoon evening night tonight tomorrow today yesterday asap btw fyi nice cool great awesome damn shit fuck "
    "wow ooh ohh oh ah hmm hm yay welcome congrats congratulations cheers bye goodbye ciao gr regards sir madam ma'am mom "
    "dad mum mama papa grandma grandpa boss u ur r im ill dont cant wont whats thats its gonna wanna gotta lets urgent "
    "click here register download subscribe join free bonus profit daily promo code dm inbox link app sms mms wifi pin otp "
    "missed call outgoing incoming voice note sticker photo video image audio attachment message "
    "bonjour bonsoir salut merci coucou oui non mdr ptdr stp svp bisous hola gracias buenas adiós vale sí jaja jajaja".split()
)
"""What people say in chats, and what apps write there, that is taken for a name."""
TITLE = re.compile(r"(?i)^(?:the|a|an)\s+")
POSSESSIVE = re.compile(r"(?:['’`´]s|['’])$", re.IGNORECASE)
DRAWN_OUT = re.compile(r"(\w)\1\1", re.IGNORECASE)
"""A letter three times: 'niceeee'."""
NO_NAMES = frozenset("utc gmt cet cest est edt pst bst am pm kyc apr apy nft atm gps usb".split()) | frozenset(
    CURRENCIES
)
"""Clocks, currencies and abbreviations that stand where a name could."""
LOUD = 0.8
"""Share of capitals from which a line is shouted, so that capitals say nothing."""
LOUD_LETTERS = 12
MAX_NAME = 80
SMALLEST = 4
"""Letters of a name that is known in small letters: shorter ones are words of some language."""
MARKS = ("@", "://", "www.", "_", "|", "=")
"""Signs of an address or of program text."""
ENGLISH_PARTS = ("verb", "adj", "adv")
ARTICLES = {
    "fr": re.compile(r"^(?:l['’]|d['’]|(?:les?|la|des?|du|un|une|au|aux|m|mm|mme|mlle|me|dr)\.?\s+)"),
    "es": re.compile(r"^(?:(?:el|la|los|las|un|una|del?|al)\s+)"),
}
"""Articles, prepositions and titles that stand before a name without being part of it, as they are written inside a sentence;
by language. With a capital an article is part of the name: La Poste, El Salvador."""
HONOURS = re.compile(r"^(?:M|MM|Mme|Mlle|Me|Dr|Sr|Sra|Srta|Don|Doña|D|Dña)\.?\s+")


@lru_cache(maxsize=1)
def list_ordinary_words() -> frozenset[str]:
    """Words that are a verb, adjective, adverb, stop word or chat word of English, in lower case.

    Nouns are not among them: WordNet, from which the model's list comes, counts 'joseph' and 'holland' as nouns.
    """
    return _read_english()[0] | list_stop_words()


def list_nouns() -> frozenset[str]:
    """Words that WordNet counts as nouns of English, in lower case; 'joseph' and 'holland' are among them."""
    return _read_english()[1]


@lru_cache(maxsize=1)
def _read_english() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs, adjectives and adverbs of English, and its nouns, out of one reading of the model's lists."""
    tables = _open_tables("spacy-en" if is_installed("spacy-en") else "spacy-en-small")
    index, forms = tables.get_table("lemma_index"), tables.get_table("lemma_exc")
    words = {str(word) for part in ENGLISH_PARTS for word in (*index[part], *forms.get(part, ()))}
    return frozenset(words), frozenset(map(str, index["noun"]))


def _open_tables(model: str) -> Lookups:
    """Lists of words of a model."""
    import_spacy()
    from spacy.lookups import Lookups

    return Lookups().from_disk(check_model(model) / "lemmatizer" / "lookups")


def list_stop_words() -> frozenset[str]:
    """Ordinary words of English that are known without any model."""
    import_spacy()
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | CHAT


@lru_cache(maxsize=1)
def list_name_words() -> frozenset[str]:
    """Words of everyday English that are given names or family names of many as well, in lower case."""
    return frozenset(tomllib.loads(EVERYDAY.read_text("utf-8"))["english"].split())


@lru_cache(maxsize=4)
def list_common_words(code: str) -> frozenset[str]:
    """Words of a language that are no name alone, in lower case: `ordinary` for English, and where no other list is known."""
    import_spacy()
    if code == "fr":
        from spacy.lang.fr.stop_words import STOP_WORDS as FRENCH

        return frozenset(FRENCH | CHAT)
    if code == "es":
        from spacy.lang.es.stop_words import STOP_WORDS as SPANISH

        return frozenset(SPANISH | CHAT)
    return list_ordinary_words()


@lru_cache(maxsize=1)
def list_everyday_words() -> frozenset[str]:
    """Words of English, French and Spanish in the form in which names are compared; nouns are among them."""
    spanish = tomllib.loads(EVERYDAY.read_text("utf-8"))["spanish"].split()
    words = {*list_ordinary_words(), *list_nouns(), *list_common_words("fr"), *list_common_words("es"), *spanish}
    if is_installed("spacy-fr"):
        index = _open_tables("spacy-fr").get_table("lemma_index")
        words.update(str(word) for part in index for word in index[part])
    return frozenset(word if word.isascii() else normalise_name(word) for word in words)


def find_ordinary(words: Iterable[str]) -> frozenset[str]:
    """Words that are ordinary ones of English; where the lists of a model cannot be read, those that are known without it."""
    found = frozenset(words)
    try:
        return found & list_ordinary_words() if found else found
    except ModelError:
        return found & list_stop_words()


def find_unusual(words: Iterable[str]) -> frozenset[str]:
    """Words (in the form in which names are compared) that mean nothing but somebody, also in small letters.

    None where the lists of a model cannot be read: of no word is it known then.
    """
    long = [word for word in words if len(word) >= SMALLEST]
    try:
        return frozenset(long) - list_everyday_words() if long else frozenset()
    except ModelError:
        return frozenset()


def trim_span(text: str, span: Span, code: str = "en") -> Span:
    """The place without article, title, possessive, punctuation and emoji at its ends, and cut at a line end."""
    start = span.start
    end = start + len(text[start : span.end].split("\n", maxsplit=1)[0])
    before = None
    while before != (start, end):
        before = (start, end)
        while start < end and not text[start].isalnum():
            start += 1
        while start < end and not text[end - 1].isalnum() and not text[start:end].endswith("’"):
            end -= 1
        mention = text[start:end]
        article = ARTICLES.get(code, TITLE).match(mention) or (HONOURS.match(mention) if code in ARTICLES else None)
        owner = POSSESSIVE.search(mention) if code not in ARTICLES else None
        start += article.end() if article else 0
        end -= len(owner[0]) if owner and end > start else 0
    return Span(start, max(start, end))


def is_name(text: str, span: Span, code: str = "en") -> bool:
    """Whether a trimmed place can be a name at all. What it refuses is a form, never a person."""
    mention = text[span.start : span.end]
    letters = [c for c in mention if c.isalpha()]
    if len(letters) < 2 or len(mention) > MAX_NAME or sum(c.isdigit() for c in mention) >= len(letters):
        return False
    if any(mark in mention for mark in MARKS) or (has_letter_case(mention) and not any(c.isupper() for c in mention)):
        return False
    words = mention.split()
    if mention.casefold() in NO_NAMES or DRAWN_OUT.search(mention):
        return False
    if sum(word[0].islower() for word in words) > sum(word[0].isupper() for word in words):
        return False
    plain = [word.strip("'’.,!?").casefold() for word in words]
    if all(word in CHAT for word in plain) or (len(plain) == 1 and plain[0] in list_common_words(code)):
        return False
    return not (mention.isupper() and is_in_capitals(text, span))


def has_letter_case(text: str) -> bool:
    """Whether the script tells capitals from small letters."""
    return any(c.isupper() or c.islower() for c in text)


def is_in_capitals(text: str, span: Span) -> bool:
    """Whether the line around a place is written in capitals."""
    start = text.rfind("\n", 0, span.start) + 1
    stop = text.find("\n", span.end)
    letters = [c for c in text[start : stop if stop >= 0 else len(text)] if has_letter_case(c)]
    return len(letters) >= LOUD_LETTERS and sum(c.isupper() for c in letters) >= LOUD * len(letters)

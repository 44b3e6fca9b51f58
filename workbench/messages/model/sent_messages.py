"""What a bureau sent before, and whether a message says the same again: word by word, or with a few words changed.

References
----------
Broder, On the resemblance and containment of documents (1997): shingles, and the least hashes by which like texts are found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from workbench.messages.model.message import Correspondence
from workbench.model.text.normalise import normalise_digits

ALIKE = 0.8
"""Share of their pairs of words that two texts have in common if one says the other again: one word in seventeen is another one."""
BANDS, ROWS = 6, 2
"""How often least hashes are compared, and how many at once: of texts that are just ALIKE 998 in 1,000 are found, of others more."""
WORD = re.compile(r"\w+")
SENTENCE = re.compile(r"[^.!?؟\n]+")
PRIME = 2**31 - 1
FACTORS = np.random.default_rng(1997).integers(1, PRIME, (2, BANDS * ROWS, 1), dtype=np.int64)
Pairs = NDArray[np.int64]


class Row(NamedTuple):
    """A message that went out: its ids, and its pairs of words as hashes."""

    message_id: str
    our_ref: str
    pairs: Pairs


class SentMessages:
    """What a bureau sent before, by what it says and to whom: however much that is, a message is looked up at the same cost.

    Texts are kept as digests alone.
    """

    def __init__(self, messages: Iterable[Correspondence] = ()) -> None:
        self._known: dict[tuple[bytes, str], list[Row]] = defaultdict(list)
        for message in messages:
            self.add(message)

    def add(self, message: Correspondence) -> None:
        """Take in a message that went out."""
        if message.summary_of_facts:
            row = Row(message.message_id, message.our_ref, _list_pairs(normalise_digits(message.summary_of_facts)))
            for place in _list_places(message, row.pairs):
                self._known[place].append(row)

    def find_duplicate(self, message: Correspondence) -> str | None:
        """Reference of another message of the same form and text that went to one of the addressees, None where there is none.

        A text is the same though a few words are others (ALIKE); not where it names another person, thing, number or place, or has a
        sentence more.
        """
        pairs = _list_pairs(normalise_digits(message.summary_of_facts))
        found = (row for place in _list_places(message, pairs) for row in self._known.get(place, ()))
        others = (row for row in found if row.message_id != message.message_id)
        return next((row.our_ref for row in others if _is_similar(row.pairs, pairs)), None)


def _list_pairs(text: str) -> Pairs:
    """Each two words of a text that stand side by side, as hashes."""
    words = ["", *WORD.findall(text.lower()), ""]
    return np.unique(np.array([crc32(f"{one} {other}".encode()) for one, other in pairwise(words)], np.int64))


def _is_similar(one: Pairs, other: Pairs) -> bool:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common >= ALIKE * (len(one) + len(other) - common)


def _list_places(message: Correspondence, pairs: Pairs) -> Iterator[tuple[bytes, str]]:
    """Where a message is kept and looked for: by what it is about, a few of its least hashes, and an addressee."""
    about = "\0".join(_list_features(message)).encode("utf-8", "replace")
    least = ((FACTORS[0] * (pairs % PRIME) + FACTORS[1]) % PRIME).min(axis=1).reshape(BANDS, ROWS)
    for number, band in enumerate(least):
        place = blake2b(about + bytes([number]) + band.tobytes(), digest_size=16).digest()
        yield from ((place, bureau) for bureau in message.to)


def _list_features(message: Correspondence) -> Iterator[str]:
    """Form and type, persons and things, what the text names, and how many sentences it has."""
    sentences = [WORD.findall(match[0]) for match in SENTENCE.finditer(normalise_digits(message.summary_of_facts))]
    yield from (message.form, str(getattr(message, "type", "")), str(sum(map(bool, sentences))))
    yield from sorted(f"{one.family_name} {one.forename} {one.date_of_birth}".lower() for one in message.persons)
    yield from sorted(f"{one.kind} {one.number}".lower() for one in message.objects)
    yield from sorted({word.lower() for words in sentences for word in _list_names(words)})


def _list_names(words: list[str]) -> Iterator[str]:
    """Names and numbers of a sentence: what has a figure, or a capital letter and does not begin it."""
    for number, word in enumerate(words):
        if any(sign.isdigit() for sign in word) or (number and word[0].isupper()):
            yield word

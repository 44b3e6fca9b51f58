"""What kind of addressee words speak of: of judicial proceedings, of the police, or of nobody knows what.

Words are read in English, French, Spanish and Arabic, case, accents, vowel signs and the article aside.

References
----------
SIENA handling code H1 (Council documents 6243/18, 6261/18): not in judicial proceedings without the provider's permission.
"""

from __future__ import annotations

import re

from workbench.model.text.normalise import ARTICLE, normalise_name

JUDICIAL = (
    # English
    "prosecut", "court", "judg", "judic", "magistra", "tribunal", "attorney", "counsel", "defen", "barrister", "solicitor", "lawyer",
    "advocate", "justice", "jury", "procurat", "legal", "coroner", "notar",
    # French
    "procur", "parquet", "juge", "avocat", "greff", r"cour\b", r"cours\b", "assises", "ministere public",
    # Spanish
    "fiscal", "juez", "juec", "juzgad", "abogad", r"corte\b", r"cortes\b", "audiencia", "ministerio public", "letrad", "justicia",
    # Arabic, as `normalise` folds it
    "نياب", "محكم", "محاكم", "قاض", "قضا", "مدعي", "ادعا", "محام", "وكيل", "عدل", "دفاع", "عدال",
)  # fmt: skip
"""Beginnings of words that speak of judicial proceedings, in their compared form."""
POLICE = (
    "polic", "poliz", r"ncbs?\b", "bureau central", "interpol", "europol", "frontex", "gendarm", "constab", "detectiv", "carabinier",
    "customs", "douan", "aduan", "guardia civil", r"bcn\b", r"ocn\b", "شرط", "جمارك", "درك", "مباحث", "انتربول", "يوروبول",
)  # fmt: skip
"""Beginnings of words that speak of the police and nobody else."""
SIGN = re.compile(r"[وفبكل](?=[\u0621-\u064a]{3})")


def is_judicial(text: str) -> bool | None:
    """Whether an addressee is one of judicial proceedings; None where the words do not tell.

    >>> is_judicial("Fiscalía de Zandhaven"), is_judicial("للنيابة العامة"), is_judicial("NCB Valdora"), is_judicial("Ada Lind")
    (True, True, False, None)
    """
    words = normalise_name(text)
    forms = (
        words,
        ARTICLE.sub("", words),
        " ".join(SIGN.sub("", word, count=1) if SIGN.match(word) else word for word in words.split()),
    )
    if any(_has_word(JUDICIAL, form) for form in forms):
        return True
    return False if any(_has_word(POLICE, form) for form in forms) else None


def _has_word(beginnings: tuple[str, ...], words: str) -> bool:
    return re.search(rf"\b(?:{'|'.join(beginnings)})", words) is not None

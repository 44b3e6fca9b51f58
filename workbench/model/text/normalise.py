"""Forms in which names and words are compared, in every script. The original spelling is always kept beside them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Signs of direction and width, which no label needs."""
NO_SHAPE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Signs without a shape of their own, for a class of a regular expression: Unicode's Default_Ignorable_Code_Point, and the signs
around annotations."""
SHAPELESS = re.compile(f"[{NO_SHAPE}]")
SPACE = re.compile(r"\s+")
NOT_NAME = re.compile(r"[^\w' -]+")
PARTING = re.compile(r"['\u02b9-\u02bf\u02c8\u02ca\u02cb-]+")
"""What is left between the parts of a word in a normalised name: the hyphen, and signs that stand for an apostrophe and are letters."""

MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
"""Arabic vowel signs and the stroke that draws words out, for a class of a regular expression: nothing hangs on them."""
ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdf9\ufe70-\ufefc\uff10-\uff19]")
NO_MARKS = re.compile(f"[{MARKS}]")
ARTICLE = re.compile(r"(?<![^\W_])(?:[وف]?[بك]?ال|[وف]?لل)(?=[\u0621-\u064a]{3})")
"""The article, with the 'and', 'in', 'like', 'for' that are written in one with it, before three letters or more."""
DIGITS = {
    ord(sign): str(value)
    for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９")
    for value, sign in enumerate(row)
}
LETTERS = {ord(a): b for a, b in zip("آأإٱىیئؤةکہھۀ", "ااااييي" + "وهكههه", strict=True)}
"""Letters that are written in one another's place."""
FORMS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFDFA), *range(0xFE80, 0xFEFD))
    if unicodedata.normalize("NFKC", chr(code)).isalpha()
}
"""Letters in the shape that they have within a word, as some programs write them -> the letters."""
LOOKING = str.maketrans(
    "АВЕЅІЈКМНОРСТУХѴԁаеіјорсухѕԛԝӏҺһҮ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαικνορυϲϳ",
    "ABESIJKMHOPCTYXVdaeijopcyxsqwlHhY" + "ABEZHIKMNOPTYXCaiknopucj",
)
"""Letters of Cyrillic and Greek -> the Latin ones that a reader takes them for."""
NUMBERS = DIGITS | {0x066B: ".", 0x066C: ","}


def clean_text(text: str) -> str:
    r"""Text without control and direction marks, white space folded; the form in which a label is shown.

    >>> clean_text("Ada\u200e  \u2764\ufe0f") == "Ada \u2764\ufe0f"  # how a sign looks is kept
    True
    """
    return SPACE.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


@lru_cache(8192)
def normalise_name(name: str) -> str:
    """Form in which two names are compared: compatibility forms, accents and Arabic variants folded, lower case.

    Letters and digits only; the digits of Arabic and Persian are those of English.

    >>> normalise_name("  José  GARCÍA ")
    'jose garcia'
    >>> normalise_name("أحـمـد") == normalise_name("احمد")
    True
    """
    decomposed = unicodedata.normalize("NFKD", clean_text(name))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("\u0640", "")
    plain = plain.translate(LETTERS).translate(DIGITS)
    return SPACE.sub(" ", NOT_NAME.sub(" ", plain.replace("_", " "))).strip().casefold()


def sort_name_words(name: str) -> str:
    """Form in which two names are compared in any order of their words, whatever mark or blank parts them: 'Lee, Dana' is Dana Lee.

    >>> sort_name_words("Lee, Dana") == sort_name_words("DANA  LÉE")
    True
    >>> sort_name_words("O'Brien-Hall, Ann") == sort_name_words("Ann O’Brien Hall") == sort_name_words("Ann O Brien‑Hall")
    True
    """
    return " ".join(sorted(PARTING.sub(" ", normalise_name(name)).split()))


def fold_text(text: str) -> str:
    r"""Text as one sees it: wide, joined and other forms of a sign as the plain one, without signs that have no shape.

    >>> fold_text("ＴＬＰ：R\u00adE\u200eD")
    'TLP:RED'
    """
    return text if text.isascii() else SHAPELESS.sub("", unicodedata.normalize("NFKC", text))


def normalise_digits(text: str) -> str:
    """Text with the digits and number marks of Arabic and Persian as those of English; each sign keeps its place.

    >>> normalise_digits("٠٦٤٤ ۱۲٫۵")
    '0644 12.5'
    """
    return text if text.isascii() else text.translate(NUMBERS)


def normalise_search_text(text: str) -> str:
    """Form in which words are indexed and looked for: Arabic without vowel signs, variants of letters and article.

    Accents of Latin letters, case and endings are the full-text index's own business.
    """
    if text.isascii() or not ARABIC.search(text):
        return text
    plain = NO_MARKS.sub("", text.translate(FORMS)).translate(LETTERS).translate(DIGITS)
    return ARTICLE.sub("", plain)

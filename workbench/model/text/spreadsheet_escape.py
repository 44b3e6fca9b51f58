"""Texts in cells of tables: written so that no spreadsheet makes a formula of them, and had back as they were."""

from __future__ import annotations

import re

from workbench.visible import HIDDEN, format_codepoint

UNSEEN = r"\s'\"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""What a spreadsheet passes over, or shows as nothing, before it looks whether a cell is a formula."""
BEFORE = rf"(?:(?![\n\t\r])[{UNSEEN}])*"
FIRST = rf"(?={BEFORE}[=+\-@＝＋－＠\t\r\n])"
LATER = rf"(?={BEFORE}[=+\-@＝＋－＠])"
LIVE = re.compile(rf"\A{FIRST}|(?<=[;\n\t]){LATER}")
GUARDED = re.compile(rf"\A'{FIRST}|(?<=[;\n\t])'{LATER}")
SPELT = re.compile(r"⟨U\+((?:10|[0-9A-F])?[0-9A-F]{4})⟩")
SPELL = re.compile(HIDDEN.pattern + r"|⟨(?=U\+[0-9A-F]{4,6}⟩)|_(?=x[0-9A-Fa-f]{4}_)")


def escape_unseen(text: str) -> str:
    r"""Text in which what cannot be seen, or would turn the text around, stands as its code point. `unspell` undoes it.

    Control characters (but not tab and line feed), direction overrides, broken surrogates; and what would be taken for such
    a code point itself: '⟨U+' and the '_x0041_' of workbooks.

    >>> escape_unseen("a\u202eb"), unescape_unseen(escape_unseen("a\u202eb")) == "a\u202eb"
    ('a⟨U+202E⟩b', True)
    """
    return SPELL.sub(lambda found: format_codepoint(found[0]), text)


def unescape_unseen(text: str) -> str:
    """The text before `spell`: what stood in a cell of a workbook."""
    return SPELT.sub(lambda found: chr(int(found[1], 16)), text)


def escape_formula(text: str) -> str:
    """Text for a CSV cell of which no spreadsheet makes a formula. `unguard` gives the text back.

    A text that begins with = + - @, their full-width forms, tab or line end, also after blanks and quotation marks, gets a
    leading apostrophe. So does each part after a semicolon, a tab or a line feed: a spreadsheet that takes these for the end
    of a cell finds no formula there either. Before that the text is spelt (`spell`).

    >>> escape_formula("=1+1"), escape_formula("+44 7700 900142"), escape_formula("plain; =1")
    ("'=1+1", "'+44 7700 900142", "plain;' =1")
    """
    return LIVE.sub("'", escape_unseen(text))


def unescape_formula(text: str) -> str:
    """The text before `guard`: what stood in a cell of a CSV file."""
    return unescape_unseen(GUARDED.sub("", text))

"""Character sets that a text names itself. Only sets of characters: Python knows codecs by name that are none of them."""

from __future__ import annotations

import codecs

FAMILIES = ("utf-8", "utf-16", "utf-32", "utf-7", "cp", "iso8859", "koi8", "gb", "big5", "shift_jis", "euc_", "mac-", "iso2022",
            "tis-620", "johab", "hz", "ascii", "kz1048", "ptcp154")  # fmt: skip
AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
"""Sets that are read as a wider one, as every browser does (WHATWG Encoding Standard)."""

LONGEST = 40


def named(label: str) -> str:
    """Name of the codec for a character set as a text names it, '' if it is none.

    >>> named("ISO-8859-1"), named("windows-1256"), named("punycode")
    ('iso8859-1', 'cp1256', '')
    """
    label = label.strip("\"' \t\r\n")
    if not label or len(label) > LONGEST or not label.isascii():
        return ""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return name if name.startswith(FAMILIES) else ""


def decoded(data: bytes, label: str, otherwise: str) -> tuple[str, str]:
    """Text of a web page in the character set that it names, and the codec used; `otherwise` where that one does not fit."""
    name = named(label) or otherwise
    name = AS_BROWSERS.get(name, name)
    try:
        return data.decode(name), name
    except (UnicodeDecodeError, UnicodeError):
        return data.decode(otherwise, "replace"), otherwise

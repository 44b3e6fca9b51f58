"""Character sets that a text names itself: those of web pages and mail. In none of them do plain letters become others.

A name of any other set (a mainframe's, one of Python's own) is passed over, and the text read as if it named none.

References
----------
WHATWG Encoding Standard, 4.2 (names and labels); RFC 2152 (UTF-7, in mail only).
"""

from __future__ import annotations

import codecs
import re
import string

from workbench.ingest.reading.text_lines import LEGACY, tell_guess
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

KNOWN = frozenset(
    """utf-8 utf-16 utf-16-le utf-16-be ascii cp866 cp874 cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256
    cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10
    iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 tis-620 koi8-r koi8-u mac-roman mac-cyrillic gb2312 gbk gb18030 hz
    big5 big5hkscs euc_jp iso2022_jp shift_jis euc_kr iso2022_kr utf-7""".split()
)
"""Python's names of the sets of pages and mail."""
MAILED = "utf-7"
"""Mail programs read it, browsers do not."""
WIDE = ("utf-16", "utf-16-le", "utf-16-be")
"""A page whose plain bytes name one of these is none in it."""
LABELS = {
    **dict.fromkeys(("unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"), "utf-8"),
    **{f"iso8859{part}": f"iso8859-{part}" for part in (*range(1, 12), *range(13, 16))},
    **{f"x-cp{page}": f"cp{page}" for page in range(1250, 1259)},
    **dict.fromkeys(("csiso88596e", "csiso88596i", "iso-8859-6-e", "iso-8859-6-i"), "iso8859-6"),
    **dict.fromkeys(("csiso88598e", "csiso88598i", "iso-8859-8-e", "iso-8859-8-i", "visual", "logical"), "iso8859-8"),
    **dict.fromkeys(("koi", "koi8"), "koi8-r"),
    **dict.fromkeys(("csmacintosh", "mac", "x-mac-roman"), "mac-roman"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("dos-874", "windows-874"), "cp874"),
    **dict.fromkeys(("csgb2312", "gb_2312", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("cn-big5", "x-x-big5"), "big5"),
    **dict.fromkeys(("cseucpkdfmtjapanese", "x-euc-jp"), "euc_jp"),
    **dict.fromkeys(("windows-31j", "x-sjis"), "cp932"),
    **dict.fromkeys(
        ("cseuckr", "csksc56011987", "iso-ir-149", "ks_c_5601-1989", "ksc_5601", "ks_c_5601-1987", "windows-949"),
        "cp949",
    ),
    **dict.fromkeys(("csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff"), "utf-16-le"),
    "unicodefffe": "utf-16-be",
    "sun_eu_greek": "iso8859-7",
    "csisolatin9": "iso8859-15",
    "koi8-ru": "koi8-u",
}
"""Labels of the standard that Python does not know, or takes for a narrower set."""
AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
"""Sets that are read as a wider one, as every browser does (WHATWG Encoding Standard)."""
NUMBERED = {
    10000: "mac-roman", 10006: "mac-greek", 10007: "mac-cyrillic", 10029: "mac-latin2", 20127: "ascii", 20866: "koi8-r",
    20932: "euc_jp", 21866: "koi8-u", 50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp", 50225: "iso2022_kr",
    51932: "euc_jp", 51936: "gb2312", 51949: "euc_kr", 52936: "hz", 54936: "gb18030", 65000: "utf-7",
    **{28590 + part: f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))},
}  # fmt: skip
"""Code pages of Windows that Python has under other names."""
PLAIN = (string.ascii_letters + string.digits).encode()

LONGEST = 40
TOP = 4096
META = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE)
"""Where a page names its character set, among its first bytes."""
CONTROLS = re.compile(rb"[\x80-\x9f]")
"""Bytes that are letters and signs in code pages of Windows, and nothing in the sets of ISO 8859."""


def find_meta_charset(data: bytes) -> str:
    """Character set that a page names itself, as written; ''."""
    found = META.search(data[:TOP])
    return found[1].decode("ascii") if found else ""


def find_codec(label: str) -> str:
    """Name of the codec for a character set as a text names it, '' if it is none of pages and mail.

    >>> find_codec("ISO-8859-1"), find_codec("windows-1256"), find_codec("x-sjis"), find_codec("cp037"), find_codec("punycode")
    ('iso8859-1', 'cp1256', 'cp932', '', '')
    """
    label = label.strip("\"' \t\r\n").lower()
    if not label or len(label) > LONGEST or not label.isascii():
        return ""
    name = LABELS.get(label) or _get_codec(label)
    return name if name in KNOWN else ""


def find_fitting_codec(data: bytes, label: str) -> str:
    r"""Name of the codec for bytes whose text names a character set; '' where that one is not taken at its word.

    Where bytes have no letter in the set that is named, they are read in the wider one that browsers take for it.

    >>> find_fitting_codec(b"Pay", "utf-8"), find_fitting_codec(b"Pay 40", "utf-16"), find_fitting_codec(b"P\0a\0y\0", "utf-16")
    ('utf-8', '', 'utf-16')
    >>> find_fitting_codec(b"\xe9", "iso-8859-1"), find_fitting_codec(b"\x80 5", "iso-8859-1")
    ('iso8859-1', 'cp1252')
    """
    name = find_codec(label)
    if name in WIDE and b"\x00" not in data and _is_decodable(data, "utf-8"):
        return ""
    wider = AS_BROWSERS.get(name, "") if name != "ascii" else ""
    if not wider or (_is_decodable(data, name) and not (name.startswith("iso8859") and CONTROLS.search(data))):
        return name
    return wider if _is_decodable(data, wider) else name


def get_page_codec(number: int) -> str:
    """Name of the codec for a code page of Windows or DOS, '' if there is none or plain letters are others in it.

    >>> get_page_codec(1251), get_page_codec(850), get_page_codec(37)
    ('cp1251', 'cp850', '')
    """
    name = NUMBERED.get(number) or _get_codec(f"cp{number}")
    return name if name and PLAIN.decode(name, "replace").encode() == PLAIN else ""


def is_of_pages(label: str) -> bool:
    """Whether a web page is taken at its word when it names this character set."""
    return find_codec(label) not in ("", MAILED)


def tell_page(label: str, used: str) -> list[Issue]:
    """What is doubtful about the character set of a page: it names none of pages, one it is not in, or none at all."""
    name = find_codec(label)
    if label and (not is_of_pages(label) or (used in LEGACY and used != AS_BROWSERS.get(name, name))):
        return [report_charset(label, used)]
    return [] if label else tell_guess(used)


def decode_page(data: bytes, label: str, otherwise: str) -> tuple[str, str]:
    """Text of a web page in the character set that it names, and the codec used; `otherwise` where that one does not fit."""
    name = find_codec(label)
    name = otherwise if name in ("", MAILED, *WIDE) else AS_BROWSERS.get(name, name)
    try:
        return data.decode(name), name
    except (UnicodeDecodeError, UnicodeError):
        return data.decode(otherwise, "replace"), otherwise


def report_charset(label: str, used: str) -> Issue:
    """That a text is not in the character set that it names, or that this is none of pages and mail; and as what it was read."""
    return build_issue("bad-encoding", Sentence("row.mail.charset", charset=repr(label[:LONGEST]), used=used))


def _get_codec(label: str) -> str:
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""


def _is_decodable(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True

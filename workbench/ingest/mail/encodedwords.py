"""Words in header fields that name their character set: `=?utf-8?Q?caf=C3=A9?=`, `filename*=utf-8''caf%C3%A9`.

The e-mail package takes any codec of Python at its word; here the sets of mail count only.

References
----------
RFC 2047 (encoded words), RFC 2231 (parameters).
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from workbench.ingest.reading.charsets import find_fitting_codec
from workbench.ingest.reading.text_lines import detect_encoding

WORD = re.compile(
    r"(?P<before>=\?)(?P<set>[^?*\s]{1,80})(?P<behind>(?:\*[^?\s]{0,40})?\?(?P<how>[bBqQ])\?)(?P<text>[^?]*)(?=\?=)"
    r"|(?P<equals>\*(?:0\*)?\s*=\s*\"?)(?P<charset>[^'\"\s;=]{1,80})(?P<language>'[^'\s;]{0,40}')(?P<value>[^\s;\"]*)"
)


def replace_charsets(field: str) -> str:
    """A header field whose words name sets of mail that the e-mail package knows; those that name another, what they are read as.

    >>> replace_charsets("=?cp037?Q?Pay?= =?x-sjis?B?gqA=?="), replace_charsets("a; filename*=cp500''b.txt")
    ('=?utf-8?Q?Pay?= =?cp932?B?gqA=?=', "a; filename*=utf-8''b.txt")
    """
    return WORD.sub(_replace_charset, field) if "=" in field else field


def find_odd(field: str) -> Iterator[tuple[str, str]]:
    """Names of character sets in a header field that are not taken at their word, and as what their words are read."""
    for found in WORD.finditer(field) if "=" in field else ():
        label, data = _decode_word(found)
        if not find_fitting_codec(data, label):
            yield label, detect_encoding(data)


def _replace_charset(found: re.Match[str]) -> str:
    label, data = _decode_word(found)
    name = find_fitting_codec(data, label) or detect_encoding(data)
    if found["equals"]:
        return f"{found['equals']}{name}{found['language']}{found['value']}"
    return f"{found['before']}{name}{found['behind']}{found['text']}"


def _decode_word(found: re.Match[str]) -> tuple[str, bytes]:
    """The character set that a word names, and its bytes."""
    if found["equals"]:
        return found["charset"], unquote_to_bytes(found["value"].encode("utf-8", "surrogateescape"))
    text = found["text"].encode("utf-8", "surrogateescape")
    data = quopri.decodestring(text, header=True) if found["how"] in "qQ" else _from_base64(text)
    return found["set"], data


def _from_base64(text: bytes) -> bytes:
    try:
        return b64decode(text + b"==")
    except binascii.Error:
        return b""

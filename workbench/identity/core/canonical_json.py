"""The one form in which cards and trust lists are written, signed and read; anything else is refused.

References
----------
RFC 8785, JSON Canonicalization Scheme: what is written here (text, truth values, whole numbers, names in ASCII) has its form.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from pathlib import Path

from workbench.errors import IdentityError
from workbench.model.catalogue import Sentence, get_term
from workbench.model.machine.atomic_write import read_bounded

DEPTH = 4
"""Objects and lists within each other; deeper files are refused before they are parsed."""
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def encode_object(value: Mapping[str, object]) -> str:
    """JSON with sorted names and no spaces, characters as themselves."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decode_object(text: str, what: str, *, largest: int) -> dict[str, object]:
    """The object that a stranger's text holds; one line break at its end is allowed.

    Parameters
    ----------
    text : str
        As received.
    what : str
        What it was taken for, for the message: `card`, `trust_list`, `receipt` or `header`.
    largest : int
        Bytes in UTF-8 that are read at most.

    Raises
    ------
    IdentityError
        If it is too large or too deep, no JSON object, or not in the canonical form.
    """
    text = text.removesuffix("\n")
    try:
        if len(text) > largest or len(text.encode()) > largest:
            raise IdentityError(
                Sentence(
                    "{what} is not valid: it is larger than {most} bytes. Ask the sender for the right file.",
                    what=get_term("identity_file", what),
                    most=largest,
                )
            )
        value = json.loads(text) if count_depth(text) <= DEPTH else None
        if isinstance(value, dict) and encode_object(value) == text:
            return value
    except (ValueError, RecursionError):
        pass
    raise IdentityError(
        Sentence(
            "{what} does not have the required JSON form (field names sorted, no spaces, at most {deep} "
            "levels deep). The file was changed or is another kind of file. Ask the sender for the original "
            "file.",
            what=get_term("identity_file", what),
            deep=DEPTH,
        )
    )


def read_text(path: Path, what: str, *, largest: int) -> str:
    """Text of a stranger's file; raises as `content`, and if it is no UTF-8."""
    try:
        return read_bytes(path, what, largest=largest + 1).decode("utf-8")  # an editor may have put a line end
    except UnicodeDecodeError as error:
        raise IdentityError(
            Sentence(
                "{path} is not a {what}: it is not UTF-8 text. Use the right file.",
                path=path,
                what=get_term("identity_kind", what),
            )
        ) from error


def read_bytes(path: Path, what: str, *, largest: int) -> bytes:
    """Bytes of a stranger's file, of which no more than `largest` are read.

    `what` is what it was taken for: `card`, `trust_list`, `certificate` or `keys`.

    Raises
    ------
    IdentityError
        If it cannot be read, or is larger.
    """
    try:
        data = read_bounded(path, largest + 1)
    except OSError as error:
        kind, why = get_term("identity_kind", what), error.strerror or error
        raise IdentityError(
            Sentence(
                "The {what} {path} cannot be read: {error}. Check the path and your permission to read the file.",
                what=kind,
                path=path,
                error=why,
            )
        ) from error
    if len(data) > largest:
        raise IdentityError(
            Sentence(
                "{path} is not a {what}: it is larger than {most} bytes. Use the right file.",
                path=path,
                what=get_term("identity_kind", what),
                most=largest,
            )
        )
    return data


def encode_b64(data: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_b64(text: str) -> bytes:
    """Bytes of base64, which has one spelling only.

    Raises
    ------
    IdentityError
        If it is none, or a second spelling of the same bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not text.isascii() or encode_b64(data) != text:
        raise IdentityError(
            Sentence(
                "A key or signature is not valid base64. The file was changed or is damaged. Ask the sender for "
                "the file again."
            )
        )
    return data


def count_depth(text: str) -> int:
    """Objects and lists within each other in a JSON text, counted without parsing it."""
    deepest = level = 0
    for found in TOKEN.finditer(text):
        if found.group() in "[{":
            level += 1
            deepest = max(deepest, level)
        elif found.group() in "]}":
            level -= 1
    return deepest

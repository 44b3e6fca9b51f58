"""Names of files: what readers say of one that an officer brought under another name, and titles that are made of one."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from unicodedata import normalize

from workbench.model.text.normalise import clean_text

ENTRY = re.compile(r"attachments \d+\n.*?^name: (.*)\nsha256: [0-9A-Fa-f]{64}", re.DOTALL | re.MULTILINE)
"""An attachment in the list of a message, as `police_message` writes it."""

SHA256 = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")
"""A hash that stands alone in a text."""


def replace_file_name(text: str | None, first: str | None, name: str | None) -> str | None:
    """A text that may name a file as it came first, with the name of the copy; None where there is none.

    >>> replace_file_name("'memo.txt' is empty", "memo.txt", "guess.txt"), replace_file_name("memo", "memo.txt", "guess.txt")
    ("'guess.txt' is empty", 'guess')
    """
    if text is None or first is None or name is None:
        return None
    if text == PurePosixPath(first).stem:
        return PurePosixPath(name).stem
    return text.replace(first, name).replace(PurePosixPath(first).name, PurePosixPath(name).name)


def is_title_of_text(title: str | None, text: str | None) -> bool:
    r"""Whether a title stands in a text.

    >>> is_title_of_text("The van waits…", "So:  The van\nwaits at the quay"), is_title_of_text("The van", "A boat")
    (True, False)
    """
    return clean_text(title or "").removesuffix("…").rstrip() in clean_text(text or "")


def is_title_of_file(title: str | None, name: str | None) -> bool:
    """Whether a title is the name of a file, with or without a part of it.

    >>> [is_title_of_file(title, "box/a.xlsx") for title in ("a.xlsx", "box/a.xlsx, sheet 2", "a.xlsx: contacts", "a.xlsxes")]
    [True, True, True, False]
    """
    names = {clean_text(name or ""), clean_text(PurePosixPath(name or "").name)} - {""}
    return any(
        clean_text(title or "") == one or clean_text(title or "").startswith((f"{one}, ", f"{one}: ")) for one in names
    )


def is_file_named(text: str | None, name: str | None) -> bool:
    r"""Whether a text names a file: as the value of a line, or by a name with a suffix that stands alone in the text.

    >>> [is_file_named(text, "box/Memo.txt") for text in ("see memo.txt, page 2", "photo: Memo.txt", "old_memo.txt", "a memo")]
    [True, True, False, False]
    >>> [is_file_named(text, "memo") for text in ("see memo", "head\nphoto: memo")]
    [False, True]
    """
    base, said = (_fold(one) for one in ((name or "").rpartition("/")[2], text or ""))
    if not base or base not in said:
        return False
    if any(line == base or line.partition(": ")[2] == base for line in said.split("\n")):
        return True
    return bool(PurePosixPath(base).suffix) and bool(re.search(rf"(?<![\w.-]){re.escape(base)}(?!\w|[.-]\w)", said))


def find_attachment_name(text: str | None) -> str:
    r"""The name in the entry of an attachment; '' where a passage is none.

    >>> find_attachment_name("attachments 1\nmedia_type: text/plain\nname: a.txt\nsha256: " + 64 * "0")
    'a.txt'
    """
    found = ENTRY.fullmatch(text or "")
    return found[1] if found else ""


def list_hashes(text: str | None) -> str:
    """The SHA-256 that a text gives, in small letters: a list in JSON.

    >>> list_hashes(f"The file {64 * 'A'} was seized, not {65 * 'B'}.") == json.dumps([64 * "a"])
    True
    """
    return json.dumps([found.lower() for found in SHA256.findall(text or "")])


def _fold(text: str) -> str:
    return normalize("NFC", text).casefold().strip()

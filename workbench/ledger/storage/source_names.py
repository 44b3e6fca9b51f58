"""Names of files: what readers say of one that an officer brought under another name, and titles that are made of one."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from workbench.model.text.normalise import INVISIBLE, clean_text, fold_text

ENTRY = re.compile(r"attachments \d+\n.*?^name: (.*)\nsha256: [0-9A-Fa-f]{64}", re.DOTALL | re.MULTILINE)
"""An attachment in the list of a message, as `police_message` writes it."""

SHA256 = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")
"""A hash that stands alone in a text."""


WORD = re.compile(r"[^\W_]+")
BREAK = r"(?:%20|[\W_])+"
"""What parts the words in the name of a file: a link and a program write it otherwise, a quoted text breaks the line."""
COPY = re.compile(r"\s*\(\d{1,3}\)$")
"""How a program numbers a copy."""
REPLACED = "\ufffd"
SIDECARS = (".xmp", ".aae", ".thm")
"""Files that tell of another with the same name before the suffix."""
LONG = 12
"""Characters from which a name without its suffix is no ordinary word."""


def replace_file_name(text: str | None, first: str | None, name: str | None) -> str | None:
    """A text that may name a file as it came first, with the name of the copy; None where there is none.

    >>> replace_file_name("'memo.txt' is empty", "memo.txt", "guess.txt"), replace_file_name("memo", "memo.txt", "guess.txt")
    ("'guess.txt' is empty", 'guess')
    >>> replace_file_name("a.zip/o: o is an album, a.zip/o.x", "a.zip/o", "mail/o.txt")
    'mail/o.txt: o.txt is an album, a.zip/o.x'
    """
    if text is None or first is None or name is None:
        return None
    if text == PurePosixPath(first).stem:
        return PurePosixPath(name).stem
    forms = {PurePosixPath(first).name: PurePosixPath(name).name, first: name}
    found = "|".join(re.escape(one) for one in sorted(forms, key=len, reverse=True) if one)
    return re.sub(rf"(?<!\w)(?:{found})(?![\w]|\.\w)", lambda one: forms[one[0]], text) if found else text


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

    Blanks, signs that nobody sees, and the forms of a blank in a link count for one another. A long name is known without its suffix.

    >>> [is_file_named(text, "box/Memo.txt") for text in ("see memo.txt, page 2", "photo: Memo.txt", "old_memo.txt", "a memo")]
    [True, True, False, False]
    >>> [is_file_named(text, "memo") for text in ("see memo", "head\nphoto: memo")]
    [False, True]
    >>> [is_file_named(text, "My memo.txt") for text in ("> see My\n> memo.txt", "my%20memo.txt", "MY_MEMO.TXT")]
    [True, True, True]
    >>> [is_file_named(text, "Statement of Ann.docx") for text in ("Re: statement of Ann", "statement of Anna", "Statement of Bob")]
    [True, False, False]
    """
    base, said = _fold(get_base_name(name)), _fold(text or "")
    known = get_known_name(base)
    words = WORD.findall(known)
    if not words or words[0] not in said:
        return False
    lines = [" ".join(line.split()) for line in said.split("\n")]
    if any(line == base or line.partition(": ")[2] == base for line in lines):
        return True
    if len(known) < LONG and not PurePosixPath(base).suffix:
        return False
    end = r"(?!\w)" if len(known) >= LONG else r"(?!\w|[.-]\w)"
    return bool(re.search(rf"(?<![\w.-]){BREAK.join(map(re.escape, words))}{end}", said))


def find_attachment_name(text: str | None) -> str:
    r"""The name in the entry of an attachment; '' where a passage is none.

    >>> find_attachment_name("attachments 1\nmedia_type: text/plain\nname: a.txt\nsha256: " + 64 * "0")
    'a.txt'
    """
    found = ENTRY.fullmatch(text or "")
    return found[1] if found else ""


def get_base_name(name: str | None) -> str:
    """The name of a file without its folders.

    >>> get_base_name("box/Memo.txt"), get_base_name("memo")
    ('Memo.txt', 'memo')
    """
    return (name or "").rpartition("/")[2]


def get_known_name(name: str | None) -> str:
    """By what a text is known to name a file: its name, without suffixes and the number of a copy where it is long.

    >>> get_known_name("box/Statement of Ann (2).docx"), get_known_name("Memo.txt"), get_known_name("Memo%20of%20today.txt")
    ('Statement of Ann', 'Memo.txt', 'Memo of today')
    """
    base = get_base_name(name).replace("%20", " ")
    path = PurePosixPath(base)
    stem = path.stem if len(path.suffixes) < 2 or " " in path.suffixes[-2] else PurePosixPath(path.stem).stem
    stem = COPY.sub("", stem)
    return stem if len(stem) >= LONG else base


def find_longest_word(name: str | None) -> str:
    """The longest word by which a text is known to name a file, '' if its name has none.

    >>> find_longest_word("box/The statement of Ann.docx"), find_longest_word("….….")
    ('statement', '')
    """
    return max(WORD.findall(_fold(get_known_name(name))), key=len, default="")


def list_words(text: str | None) -> str:
    """The words of a text as names of files are compared: a list in JSON."""
    return json.dumps(sorted({*WORD.findall(_fold(text or "").replace("%20", " "))}))


def is_sidecar(name: str | None, of: str | None) -> bool:
    """Whether a file tells of another beside it, by the names of both.

    >>> is_sidecar("a/IMG_1.jpg.json", "a/IMG_1.jpg"), is_sidecar("a/IMG_1.xmp", "a/IMG_1.jpg"), is_sidecar("a/IMG_1.png", "a/IMG_1.jpg")
    (True, True, False)
    """
    name, of = _fold(name or ""), _fold(of or "")
    stem = of.removesuffix(PurePosixPath(of).suffix)
    return bool(of) and name != of and (name.startswith(f"{of}.") or name in [stem + one for one in SIDECARS])


def get_folder(name: str | None) -> str:
    """The folder in the name of a file; '' where it gives none.

    >>> get_folder("box/old/Memo.txt"), get_folder("memo")
    ('box/old', '')
    """
    return (name or "").rpartition("/")[0]


def list_hashes(text: str | None) -> str:
    """The SHA-256 that a text gives, in small letters: a list in JSON.

    >>> list_hashes(f"The file {64 * 'A'} was seized, not {65 * 'B'}.") == json.dumps([64 * "a"])
    True
    """
    return json.dumps([found.lower() for found in SHA256.findall(text or "")])


def _fold(text: str) -> str:
    """The form in which names and texts are compared; what a reader puts for an invisible sign of a name counts for nothing either."""
    return INVISIBLE.sub("", fold_text(text)).replace(REPLACED, "").casefold().strip()

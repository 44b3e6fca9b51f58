"""Names of files: what readers say of one that an officer brought under another name, and titles that are made of one."""

from __future__ import annotations

from pathlib import PurePosixPath

from workbench.model.text.normalise import clean_text


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

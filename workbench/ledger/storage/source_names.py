"""What readers say of a file, where an officer brought a copy of it under another name."""

from __future__ import annotations

from pathlib import PurePosixPath


def replace_file_name(text: str | None, first: str | None, name: str | None) -> str | None:
    """A text that may name a file as it came first, with the name of the copy; None where there is none.

    >>> renamed("'memo.txt' is empty", "memo.txt", "guess.txt"), renamed("memo", "memo.txt", "guess.txt")
    ("'guess.txt' is empty", 'guess')
    """
    if text is None or first is None or name is None:
        return None
    if text == PurePosixPath(first).stem:
        return PurePosixPath(name).stem
    return text.replace(first, name).replace(PurePosixPath(first).name, PurePosixPath(name).name)

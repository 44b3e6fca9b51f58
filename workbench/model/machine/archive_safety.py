"""Rules for archives that somebody else made: which names are safe, and from when on a member is a bomb.

Whoever reads case material notes what breaks a rule and goes on; whoever opens a package of another bureau refuses it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from workbench.model.catalogue import Sentence

RATIO = 200
SMALL = 10 * 1024**2
"""A member over SMALL that unpacks to more than RATIO times its size is a bomb: logs and sparse tables reach 100."""

LONGEST_NAME = 300
LONGEST_PART = 255
"""Bytes of one part of a path, at most: what file systems take."""

HIDDEN = frozenset(
    map(chr, [*range(0x20), 0x7F, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
"""Control characters and marks that turn the direction of writing: with them 'fdp.exe' is shown as 'exe.pdf'."""

FORBIDDEN = frozenset('<>:"|?*\\')
"""Characters that Windows does not take in a name."""
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"]
)
"""Names that Windows takes for devices, with any suffix."""
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Categories of Unicode that show nothing, or half a character."""


def clean_name(name: str) -> str:
    """A name that is safe to show and to keep: hidden characters replaced, cut where it goes on and on."""
    return "".join("\ufffd" if c in HIDDEN else c for c in name)[:LONGEST_NAME]


def is_odd(name: str) -> bool:
    """Whether a name leads out of the archive (absolute, drive letter, '..') or holds hidden characters."""
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts or parts[0].endswith(":") or not HIDDEN.isdisjoint(name)


def is_bomb(size: int, packed: int) -> bool:
    """Whether so many bytes out of so few are more than honest material gives."""
    return size > SMALL and size > RATIO * max(packed, 1)


def find_name_fault(name: str, deepest: int) -> str:
    """Why a path cannot be written alike on Linux, macOS and Windows, or leads astray; '' if it can.

    Parameters
    ----------
    name : str
        Path with '/' between its parts.
    deepest : int
        Parts that it may have.
    """
    if not name or len(name) > LONGEST_NAME:
        return _describe_fault("empty") if not name else _describe_fault("long", most=LONGEST_NAME)
    if is_odd(name):
        return _describe_fault("odd")
    parts = name.split("/")
    if len(parts) > deepest:
        return _describe_fault("deep", most=deepest)
    return next((why for part in parts if (why := _find_part_fault(part))), "")


def _find_part_fault(part: str) -> str:
    if part in ("", ".", "..") or part != part.strip(" ") or part.endswith("."):
        return _describe_fault("part")
    if not FORBIDDEN.isdisjoint(part):
        return _describe_fault("windows")
    if any(unicodedata.category(c) in UNSEEN for c in part):
        return _describe_fault("unseen")
    if part.partition(".")[0].rstrip(" ").casefold() in RESERVED:
        return _describe_fault("device")
    return _describe_fault("long_part", most=LONGEST_PART) if len(part.encode()) > LONGEST_PART else ""


def fold_name(name: str) -> str:
    """The name as a file system that knows no case and no forms of Unicode takes it: two alike names are one file there."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def find_path_fault(paths: Iterable[str], deepest: int) -> tuple[str, str]:
    """The first of several paths that cannot be written beside the others, and why; two empty texts if all can.

    Parameters
    ----------
    paths : iterable of str
        One that ends in '/' is a folder.
    deepest : int
        Parts that a path may have.
    """
    spelt: dict[str, str] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        name = path.removesuffix("/")
        if why := find_name_fault(name, deepest):
            return path, why
        above = _list_parent_folders(name)
        if any(spelt.setdefault(fold_name(part), part) != part for part in (*above, name)):
            return path, _describe_fault("alike")
        if name in files or not files.isdisjoint(above) or (name in folders and path == name):
            return path, _describe_fault("twice")
        folders.update(above)
        (files if path == name else folders).add(name)
    return "", ""


def _describe_fault(what: str, **values: object) -> str:
    return Sentence(f"refused.name.{what}", **values)


def _list_parent_folders(name: str) -> list[str]:
    """The folders in which a path lies."""
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]

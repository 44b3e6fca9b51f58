"""Files within a file: how deep they are read, under which name, and which options of the outer file hold for them."""

from __future__ import annotations

from collections.abc import Mapping

DEEP = 6
"""Files within files are read this deep; real material (a mailbox in an archive with an archive attached) needs four."""
INHERITED = ("region", "ocr", "zone")


def inherit_options(options: Mapping[str, str]) -> dict[str, str]:
    """The options of a file that hold for the files within it: what is mapped for the outer file is not for them."""
    return {name: options[name] for name in INHERITED if name in options}


def name_inner_file(outer: str, inner: str) -> str:
    """The name under which a file within a file is received."""
    return f"{outer}/{inner}"

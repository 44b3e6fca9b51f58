"""Where this machine's pip looks for packages, so that uv looks there too."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sources:
    """Places and limits that the machine's owner has set for pip.

    Attributes
    ----------
    find_links : tuple of str
        Folders or pages with wheels.
    constraints : tuple of str
        Files that cap versions.
    index : str
        A mirror that stands in for the public index; empty for the public one.
    extra_indexes : tuple of str
        Indexes beside it.
    """

    find_links: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    index: str = ""
    extra_indexes: tuple[str, ...] = ()

    def list_link_options(self) -> list[str]:
        """Options that name the wheels' folders and the caps, the same for pip and uv."""
        return [
            *(part for place in self.find_links for part in ("--find-links", place)),
            *(part for path in self.constraints for part in ("--constraint", path)),
        ]

    def list_index_options(self) -> list[str]:
        """Options that name the indexes, the same for pip and uv."""
        return [
            *(["--index-url", self.index] if self.index else []),
            *(part for url in self.extra_indexes for part in ("--extra-index-url", url)),
        ]


def parse_listing(listing: str) -> Sources:
    """Read what `pip config list` prints: lines like ``global.find-links='a b'``; the environment comes first.

    Parameters
    ----------
    listing : str
        The command's output.

    Returns
    -------
    Sources
        Each place once, in the order given.
    """
    found: dict[str, list[str]] = {}
    for line in listing.splitlines():
        key, separator, value = line.partition("=")
        if separator:
            name = key.rpartition(".")[2]
            found.setdefault(name, []).extend(str(ast.literal_eval(value)).split())
    unique = {name: tuple(dict.fromkeys(values)) for name, values in found.items()}
    return Sources(
        find_links=unique.get("find-links", ()),
        constraints=unique.get("constraint", ()),
        index=next(iter(unique.get("index-url", ())), ""),
        extra_indexes=unique.get("extra-index-url", ()),
    )


def read_sources(python: Path) -> Sources:
    """Ask the pip of this Python; files and environment variables are taken together by pip itself."""
    command = [str(python), "-m", "pip", "config", "list"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return parse_listing(result.stdout) if result.returncode == 0 else Sources()

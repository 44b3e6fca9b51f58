"""Which source a person means by a name, and which files lie at a place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.errors import CaseError
from workbench.ledger.access import hidden_parts
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd


HASH = re.compile(r"[0-9A-Fa-f]{12,64}")
"""A SHA-256, or its beginning."""


def find_source(context: CaseContext, name: str) -> str:
    """SHA-256 of a source by its hash, its file name, its exhibit or the beginning of its hash.

    Raises
    ------
    CaseError
        If none or several fit.
    """
    fits = find_sources(context, name)
    if len(fits) != 1:
        raise _build_refusal(context, name, len(fits))
    return str(fits["source"].iloc[0])


def _build_refusal(context: CaseContext, name: str, count: int) -> CaseError:
    """What is said where a name fits no source, or more than one."""
    listed = ", ".join(known for known in _list_readable_sources(context)["name"].head(8) if count or known != name)
    return CaseError(
        Sentence(
            "'{name}' matches {count} sources of this case. Enter the file name or the hash of one source. "
            "Sources in this case include: {listed}.",
            name=name,
            count=count,
            listed=listed,
        )
    )


def find_readable_source(context: CaseContext, name: str) -> str:
    """SHA-256 of a source, as `find_source`, whose original file the officer may hand on: nothing of it is hidden or excluded.

    Raises
    ------
    CaseError
        If none or several fit, or a part is hidden; where the officer may not know of the part, as if the file were not there.
    """
    source = find_source(context, name)
    _check_whole(context, source, name)
    return source


def check_readable(context: CaseContext, source: str) -> None:
    """Refuse a source, by its hash alone whatever files are called, that `find_readable_source` refuses.

    Raises
    ------
    CaseError
        As there.
    """
    if not is_whole(context, source):
        raise _build_refusal(context, source, 0)
    _check_whole(context, source, source)


def _check_whole(context: CaseContext, source: str, name: str) -> None:
    if parts := hidden_parts.list_hidden_parts(context.ledger, source):
        gate = context.ledger.current_filter
        if gate and parts & gate.list_secret_ids(context.ledger):
            raise _build_refusal(context, name, 0)
        raise CaseError(
            Sentence(
                "'{name}' cannot be attached, sent or exported. A part of this file is hidden from you or "
                "excluded, and the original file would show that part. `case.handling.withheld()` shows how many "
                "items are hidden. `case.sources.exclusions()` shows what is excluded.",
                name=name,
            )
        )


def find_sources(context: CaseContext, name: str) -> pd.DataFrame:
    """Sources that a person can mean by a name (rows of SOURCES): none of which a part is secret to that person.

    The hash of a source, also its beginning (HASH), is that source alone, whatever others are called: a sender chooses the names
    of files.
    """
    known = _list_readable_sources(context)
    if HASH.fullmatch(name) and (by_hash := known["source"].str.startswith(name.lower())).any():
        return known[by_hash]
    return known[
        (known["name"] == name)
        | (known["name"].map(os.path.basename) == name)
        | (known["exhibit"] == name)
        | (known["source"].str.startswith(name) & (len(name) >= 6))
    ]


def is_whole(context: CaseContext, source: str) -> bool:
    """Whether a source is known to the officer, and nothing in it is secret: only such a file is read again."""
    return source in set(_list_readable_sources(context)["source"])


def is_partial(context: CaseContext, key: str) -> bool:
    """Whether something in a source, or in a document with files in it, is secret to the officer, who then does nothing with it."""
    return bool((gate := context.ledger.current_filter) and key in gate.partial)


def check_folder(context: CaseContext, folder: str) -> None:
    """Refuse what would act on a file in which something is secret to the officer, and on whatever lies in it; and no name at all.

    Raises
    ------
    CaseError
        As if the file were not there.
    """
    known = row_tables.list_sources(context.ledger)
    if not folder or any(is_partial(context, key) for key in known.loc[known["name"] == folder, "source"]):
        raise _build_refusal(context, folder or "/", 0)


def _list_readable_sources(context: CaseContext) -> pd.DataFrame:
    """Sources of which nothing is secret to the officer, no document and no file in them."""
    known = row_tables.list_sources(context.ledger)
    return known[~known["source"].isin(gate.partial)] if (gate := context.ledger.current_filter) else known


def list_files(path: Path) -> Iterator[tuple[Path, str]]:
    """Regular files with their names below `path`, but for what is passed over."""
    return ((entry.path, entry.name) for entry in folder_walk.walk_folder(path) if not entry.why)

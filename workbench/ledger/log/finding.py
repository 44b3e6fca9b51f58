"""What a check of a ledger found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

OK, BAD, OPEN = "ok", "bad", "not checked"


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One finding.

    Attributes
    ----------
    check : str
        'ledger', 'earlier log', 'entries', 'texts', 'ledger rows', 'index of words', 'checkpoints', 'signatures', 'sources', 'rows',
        'products', 'key files', 'left over'.
    state : str
        'ok', 'bad' or 'not checked'.
    said : str
        A sentence.
    entry : int
        The first entry that cannot be relied on, 0 where none is named.
    about : frozenset of str, optional
        What the sentence names or counts: SHA-256 of sources, places of products, ids in rows. None where that cannot be told, so that
        it may be anything that is in the case.
    """

    check: str
    state: str
    said: str
    entry: int = 0
    about: frozenset[str] | None = frozenset()

    def may_concern(self, ids: Collection[str]) -> bool:
        """Whether the sentence names or counts one of these ids, or may."""
        return bool(ids) if self.about is None else not self.about.isdisjoint(ids)

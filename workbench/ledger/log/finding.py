"""What a check of a ledger found."""

from __future__ import annotations

from dataclasses import dataclass

OK, BAD, OPEN = "ok", "bad", "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
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
    """

    check: str
    state: str
    said: str
    entry: int = 0

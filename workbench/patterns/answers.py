"""What a question to the records answers: a table, a picture, how it was made, what it does not say, and the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from workbench.patterns.questions import asked
from workbench.visible import visible

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.analytics import Analytics

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer to one question.

    Attributes
    ----------
    title : str
        The question.
    table : DataFrame
        Each function says its columns.
    picture : str
        SVG of the table; '' where there is nothing to draw.
    method, limits : str
        How it was made; what it does not say.
    mark : str
        Of the records that went in, as it is printed.
    """

    title: str
    table: pd.DataFrame
    picture: str
    method: str
    limits: str
    _engine: Analytics = field(repr=False, compare=False)
    _query: str = field(repr=False, compare=False)
    _parameters: Mapping[str, object] = field(repr=False, compare=False)
    mark: str = ""

    def records(self, contact: str = "", *, limit: int = 1_000) -> pd.DataFrame:
        """The records behind the answer, in order of their time, and where each stands in its source.

        Columns: source (SHA-256 of the file), document_id, row (number in the source), start, zone, a, b, event, direction,
        duration [s], first_cell, imei, imsi, dq.

        Parameters
        ----------
        contact : str, optional
            Only records in which this number is a party too.
        limit : int
            Records at most.
        """
        given = {**self._parameters, "contact": contact, "limit": limit}
        return self._engine.frame(*asked(self._query, given))

    def _repr_html_(self) -> str:
        """Show the answer in a notebook: escaped text, the picture, the first lines of the table."""
        more = f"<p>{len(self.table) - SHOWN:,} more lines.</p>" if len(self.table) > SHOWN else ""
        return (
            f"<p><b>{_told(self.mark)}</b></p><h4>{_told(self.title)}</h4>{self.picture}"
            f"{_seen(self.table.head(SHOWN)).to_html(index=False, escape=True)}{more}"
            f"<p><b>Method.</b> {_told(self.method)}</p><p><b>Limits.</b> {_told(self.limits)}</p>"
        )


def _told(text: str) -> str:
    """Text that is no markup, every sign of it visible."""
    return escape(visible(text))


def _seen(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda value: visible(value) if isinstance(value, str) else value).rename(columns=visible)

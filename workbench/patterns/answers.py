"""What a question to the records answers: a table, a picture, how it was made, what it does not say, and the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Protocol

from workbench.model.catalogue import Translator
from workbench.patterns.call_questions import prepare_query
from workbench.visible import LITERAL, escape_hidden

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20


class RecordReader(Protocol):
    """What gives the records behind an answer: the engine that was asked, or a case, which looks what counts by then."""

    def query_frame(self, query: str, parameters: Mapping[str, object]) -> pd.DataFrame:
        """Answer of one SELECT as a table."""


@dataclass(frozen=True, slots=True, repr=False)
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
    say : Voice
        In which language the answer is shown. Title, method and limits read English as texts, as the log has them.
    """

    title: str
    table: pd.DataFrame
    picture: str
    method: str
    limits: str
    _engine: RecordReader = field(repr=False, compare=False)
    _query: str = field(repr=False, compare=False)
    _parameters: Mapping[str, object] = field(repr=False, compare=False)
    mark: str = ""
    say: Translator = field(default_factory=Translator, repr=False, compare=False)

    def records(self, contact: str = "", *, limit: int = 1_000) -> pd.DataFrame:
        """The records behind the answer, in order of their time, and where each stands in its source.

        Out of a case, they are those that count and that you may see when you ask for them, and the log tells that you did.

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
        return self._engine.query_frame(*prepare_query(self._query, given))

    def __repr__(self) -> str:
        """The answer as text: mark, question, the first lines of the table, method and limits."""
        more = (
            self.say("Rows that are not shown here: {count}.", count=len(self.table) - SHOWN)
            if len(self.table) > SHOWN
            else ""
        )
        shown = _escape_frame(self.table.head(SHOWN)).to_string(index=False)
        said = (
            f"{self.say(key)} {self.say.translate_value(text)}"
            for key, text in (("calls.head.method", self.method), ("calls.head.limits", self.limits))
        )
        title = str(self.say.translate_value(self.title))
        return "\n".join(filter(None, (self.mark, escape_hidden(title), shown, more, *map(escape_hidden, said))))

    def _repr_html_(self) -> str:
        """Show the answer in a notebook: escaped text, the picture, the first lines of the table."""
        more = (
            self._escape_text(self.say("Rows that are not shown here: {count}.", count=len(self.table) - SHOWN))
            if len(self.table) > SHOWN
            else ""
        )
        under = (("calls.head.method", self.method), ("calls.head.limits", self.limits))
        said = "".join(
            f"<p><b>{self._escape_text(self.say(key))}</b> {self._escape_text(text)}</p>" for key, text in under
        )
        return (
            f'<div class="{LITERAL}" dir="{self.say.direction}"><p><b>{self._escape_text(self.mark)}</b></p>'
            f"<h4>{self._escape_text(self.title)}</h4>"
            f'<div dir="ltr">{self.picture}{_escape_frame(self.table.head(SHOWN)).to_html(index=False, escape=True)}</div>'
            f"{more and f'<p>{more}</p>'}{said}</div>"
        )

    def _escape_text(self, text: str) -> str:
        """A text in the language that is no markup, every sign of it visible."""
        return escape(escape_hidden(str(self.say.translate_value(text))))


def _escape_frame(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda value: escape_hidden(value) if isinstance(value, str) else value).rename(
        columns=escape_hidden
    )

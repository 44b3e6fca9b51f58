"""Tables as a notebook prints them: a name out of the data turns no line around, and moves no cursor.

Sentences in a table that knows the language of its reader (`set_table_language`) are printed in it; the table itself stays English.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from workbench.model.stored_sentences import translate_lines
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter


class Printer(Protocol):
    """What IPython prints on."""

    def text(self, text: str) -> None:
        """Print a text."""


def set_table_escapes() -> None:
    """In IPython and Jupyter: print tables with every control character and direction override as its code point.

    pandas escapes markup, not these. The values of a table stay as they are.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and shell.display_formatter is not None:
        register_formats(shell.display_formatter)


def set_table_language(frame: pd.DataFrame, language: str, sentences: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """The table, told in the language where it is printed: columns, and the groups of the catalogue of their sentences."""
    frame.attrs |= {"language": language, "sentences": tuple(sentences)}
    return frame


def register_formats(formatter: DisplayFormatter) -> None:
    """Let a formatter of IPython print tables so; said twice, it is the same."""
    formatter.formatters["text/html"].for_type(pd.DataFrame, _format_html)
    for kind in (pd.DataFrame, pd.Series):
        formatter.formatters["text/plain"].for_type(kind, _print_text)


def _format_html(frame: pd.DataFrame) -> str | None:
    with pd.option_context("display.html.use_mathjax", False):  # noqa: FBT003 - a notebook takes what is between two $ for a formula
        made = _translate_frame(frame)._repr_html_()  # type: ignore[operator]
    return escape_hidden(made) if isinstance(made, str) else None


def _print_text(frame: pd.DataFrame | pd.Series, printer: Printer, cycle: object) -> None:
    del cycle
    printer.text(escape_hidden(repr(_translate_frame(frame) if isinstance(frame, pd.DataFrame) else frame)))


def _translate_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its sentences in the language of its reader."""
    language, made = frame.attrs.get("language", ""), frame
    for name, group in frame.attrs.get("sentences", ()):
        if name in made:
            texts = [translate_lines(text, group, language) if isinstance(text, str) else text for text in made[name]]
            made = made.assign(**{name: texts})
    return made

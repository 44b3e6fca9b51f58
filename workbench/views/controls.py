"""Controls that the views share: buttons, choices, lines of them, and an error as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.views import html_tables

if TYPE_CHECKING:
    from workbench.model.catalogue import Translator


def run_work(work: Callable[[], str], say: Translator) -> str:
    """What the work gives, or in its place what the error says, in the language of the voice."""
    try:
        return work()
    except WorkbenchError as error:
        return html_tables.format_sentence(error.translate_to(say.language), "warn")


def build_bar(*children: w.Widget) -> w.HBox:
    """Widgets beside each other, on the next line where there is no room."""
    made = w.HBox(children)
    made.add_class("wb-bar")
    return made


def build_button(name: str, work: Callable[[], None], hint: str, *, primary: bool = False) -> w.Button:
    """A button that does its work; the hint is shown under the mouse and read out."""
    made = w.Button(
        description=name, tooltip=hint, button_style="primary" if primary else "", layout=w.Layout(width="auto")
    )
    made.on_click(lambda _: work())
    return made


def build_choice(name: str, values: Mapping[str, str], work: Callable[[str], None], *, value: str = "") -> w.Dropdown:
    """One of several values, by the words that are shown for them."""
    first = value if value in values.values() else next(iter(values.values()), "")
    made = w.Dropdown(options=list(values.items()), value=first, description=name, layout=w.Layout(width="17em"))
    made.observe(lambda change: work(str(change["new"])), "value")
    return made


def format_moment(at: str) -> str:
    """A time in UTC as it is shown: '2025-09-14 22:30 UTC'."""
    return f"{at[:16].replace('T', ' ')} UTC"


class Field(w.VBox):
    """A line of text with its name before it, and below it what is wrong with what was typed.

    Attributes
    ----------
    text : Widget
        The control.
    wrong : str
        What is said below it, '' if nothing.
    """

    def __init__(
        self, name: str, hint: str, value: str = "", *, offers: Sequence[str] = (), secret: bool = False
    ) -> None:
        kind = w.Password if secret else w.Combobox if offers else w.Text
        given = {"options": list(offers), "ensure_option": False} if offers else {}
        self.text = kind(
            value=value, description=name, placeholder=hint, tooltip=hint, layout=w.Layout(width="auto"), **given
        )
        self.wrong, self.below = "", w.HTML()
        super().__init__([self.text, self.below])

    @property
    def value(self) -> str:
        """What was typed; of all but a passphrase without the blanks around it."""
        typed = str(self.text.value)
        return typed if isinstance(self.text, w.Password) else typed.strip()

    def show_error(self, wrong: str) -> None:
        """Say what is wrong; '' takes it back."""
        self.wrong = wrong
        self.below.value = html_tables.build_block(html_tables.format_sentence(wrong, "warn")) if wrong else ""

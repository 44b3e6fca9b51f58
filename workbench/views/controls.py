"""Controls that the views share: buttons, choices, lines of them, and an error as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.views import cards


def answer(work: Callable[[], str]) -> str:
    """What the work gives, or the error's sentence in its place."""
    try:
        return work()
    except WorkbenchError as error:
        return cards.said(error, "warn")


def bar(*children: w.Widget) -> w.HBox:
    """Widgets beside each other, on the next line where there is no room."""
    made = w.HBox(children)
    made.add_class("wb-bar")
    return made


def button(name: str, work: Callable[[], None], hint: str, *, primary: bool = False) -> w.Button:
    """A button that does its work; the hint is shown under the mouse and read out."""
    made = w.Button(
        description=name, tooltip=hint, button_style="primary" if primary else "", layout=w.Layout(width="auto")
    )
    made.on_click(lambda _: work())
    return made


def choice(name: str, values: Mapping[str, str], work: Callable[[str], None], *, value: str = "") -> w.Dropdown:
    """One of several values, by the words that are shown for them."""
    first = value if value in values.values() else next(iter(values.values()), "")
    made = w.Dropdown(options=list(values.items()), value=first, description=name, layout=w.Layout(width="17em"))
    made.observe(lambda change: work(str(change["new"])), "value")
    return made

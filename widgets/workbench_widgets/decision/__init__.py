"""Buttons of a decision with a field for its reason. A click counts for what was shown when it was made, and once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from workbench_widgets import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Choice = dict[str, str]


class Decision(anywidget.AnyWidget):
    """A line with a reason and buttons.

    Parameters
    ----------
    decided : callable
        Called with the name of a choice, once for each click on what is due.
    choices : sequence of dict
        name, label and hint of each button, in order.
    reason : dict
        label (shown in the empty field) and hint of the reason.
    language : str
        Sets the direction of the line.

    Attributes
    ----------
    due : str
        What is to be decided; '' for nothing. A click that was made while something else was shown is dropped.
    because : str
        The reason as it stands in the field.
    """

    _esm = Path(__file__).parent / "decision.js"
    _css = Path(__file__).parent / "decision.css"
    choices: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    reason = traitlets.Dict().tag(sync=True)
    direction = traitlets.Unicode("ltr").tag(sync=True)
    due = traitlets.Unicode("").tag(sync=True)
    because = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, decided: Callable[[str], None], choices: Sequence[Choice], reason: Choice, *, language: str = "en"
    ) -> None:
        super().__init__(choices=list(choices), reason=reason, direction=words.get_direction(language))
        self._decided = decided
        self.on_msg(self._receive_choice)

    def press(self, name: str) -> None:
        """Do what a click on a button does."""
        self._receive_choice(self, {"choice": name, "due": self.due}, [])

    def _receive_choice(self, _: object, content: dict[str, str], __: list[memoryview]) -> None:
        known = [choice["name"] for choice in self.choices]
        try:
            if self.due and content.get("due") == self.due and content.get("choice") in known:
                self._decided(content["choice"])
        finally:
            self.send({"heard": content.get("due", "")})

"""One decision at a time: is this pair one thing, is this name right? What is decided is signed and leaves the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as w

from workbench.errors import WorkbenchError
from workbench.model.latin import beside
from workbench.model.schema import label
from workbench.views import cards

if TYPE_CHECKING:
    import pandas as pd

    from workbench.views.panel import Desk

Row = dict[str, object]
HELP = {
    "Same": "These two are one; sign it with your reason", "Not same": "These two are not one; sign it with your reason",
    "Unsure": "You looked and cannot say; sign it with your reason", "Accept": "What the machine read is right; drawn solid from then on",
    "Reject": "What the machine read is wrong; it counts no longer", "Confirm": "It tells of that; hidden until revealed",
    "Dismiss": "It does not tell of that; it does not come back",
}  # fmt: skip
"""What each decision means."""


class Queue(w.VBox):
    """The first of a list, a field for the reason, and a button for each decision; 'Later' shows the next.

    Parameters
    ----------
    title : str
        What is asked.
    rows : callable
        The list as it is now.
    show : callable
        HTML of a row.
    choices : sequence of (str, callable)
        What a button says and does with a row and a reason; it returns what was done, in words.
    """

    def __init__(
        self,
        title: str,
        rows: Callable[[], pd.DataFrame],
        show: Callable[[Row], str],
        choices: Sequence[tuple[str, Callable[[Row, str], str]]],
    ) -> None:
        self.title, self.rows, self.show = title, rows, show
        self.at = 0
        self.card, self.said, self.below = w.HTML(), w.HTML(), w.Output()
        self.because = w.Text(
            placeholder="because … (kept with your decision)", tooltip="Reason", layout=w.Layout(width="26em")
        )
        self.buttons = [self._button(name, work) for name, work in choices]
        later = w.Button(description="Later", layout=w.Layout(width="6em"), tooltip="Show the next; decide nothing")
        later.on_click(self.later)
        line = w.HBox([self.because, *self.buttons, later])
        line.add_class("wb-bar")
        super().__init__([self.card, line, self.said, self.below])
        self.fill()

    def fill(self) -> None:
        """Show the row that is due."""
        rows = self.rows()
        self.at = self.at % len(rows) if len(rows) else 0
        self.row: Row = {str(key): value for key, value in rows.iloc[self.at].items()} if len(rows) else {}
        head = f"<h3>{cards.esc(self.title)}</h3>"
        count = cards.said(f"{self.at + 1:,} of {len(rows):,}")
        self.card.value = (
            cards.block(head, count, self.show(self.row))
            if self.row
            else cards.block(head, cards.said("Nothing left to decide."))
        )
        for button in self.buttons:
            button.disabled = not self.row

    def later(self, _: object = None) -> None:
        """Show the next row."""
        self.at += 1
        self.fill()

    def decide(self, work: Callable[[Row, str], str]) -> None:
        """Do what a button says; an error is shown and the row stays."""
        self.said.value = cards.block(cards.said("Signing …"))
        self.below.clear_output()
        with self.below:
            self.said.value = cards.block(self._done(work))

    def _done(self, work: Callable[[Row, str], str]) -> str:
        try:
            done = work(self.row, self.because.value.strip())
        except WorkbenchError as error:
            return cards.said(error, "warn")
        self.because.value = ""
        self.fill()
        return cards.said(f"Signed: {done}.", "done")

    def _button(self, name: str, work: Callable[[Row, str], str]) -> w.Button:
        button = w.Button(description=name, layout=w.Layout(width="7em"), tooltip=HELP[name])
        button.on_click(lambda _: self.decide(work))
        return button


class Review(w.VBox):
    """Three queues: candidate pairs, what a program read out of text, and what may tell of a special category or a minor."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self.changed = desk, changed
        judgements = (("Same", True), ("Not same", False), ("Unsure", None))
        verdicts = (("Accept", True), ("Reject", False))
        self.pairs = Queue(
            "One and the same?",
            desk.pairs,
            self._pair,
            [(name, self._judge(name, same=same)) for name, same in judgements],
        )
        self.mentions = Queue(
            "Read out of text by a program: right?", desk.mentions, self._mention,
            [(name, self._verdict(name, accept=good)) for name, good in verdicts],
        )  # fmt: skip
        self.flags = Queue(
            "May tell of a special category of data, or of a minor: right?", desk.flags, self._flag,
            [("Confirm", self._ruling(confirm=True)), ("Dismiss", self._ruling(confirm=False))],
        )  # fmt: skip
        super().__init__([self.pairs, self.mentions, self.flags])

    def _pair(self, row: Row) -> str:
        facts = [
            [("kind", label(str(row["schema"]))), *self.desk.facts(str(row[f"{side}_id"]))]
            for side in ("left", "right")
        ]
        return cards.sides([str(row["left"]), str(row["right"])], facts) + cards.bullets(
            str(row["reasons"]).split("\n")
        )

    def _judge(self, name: str, *, same: bool | None) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            if not because:
                raise WorkbenchError("Say why first: a judgement is kept with its reason.")
            self.desk.judge((str(row["left_id"]), str(row["right_id"])), same=same, because=because)
            self.changed()
            return f"{beside(str(row['left']))} – {beside(str(row['right']))}: {name.lower()}"

        return work

    def _mention(self, row: Row) -> str:
        places = f"{row['mentions']} places" if row["mentions"] != 1 else "1 place"
        head = cards.sides([str(row["caption"])], [[("kind", label(str(row["schema"]))), ("named in", places)]])
        return head + cards.hit(self.desk.example(str(row["entity_id"])))

    def _verdict(self, name: str, *, accept: bool) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            self.desk.review(str(row["entity_id"]), accept=accept, because=because)
            self.changed()
            return f"{beside(str(row['caption']))}: {name.lower()}ed"

        return work

    def _flag(self, row: Row) -> str:
        standing = [
            f"{when}: {row[name]}" for when, name in (("at the source", "at_source"), ("today", "today")) if row[name]
        ]
        facts = [
            ("category", str(row["category"])),
            ("perhaps about", str(row["who"])),
            ("minor or of age", ", ".join(standing)),
        ]
        return cards.sides([str(row["words"])], [[fact for fact in facts if fact[1]]]) + cards.hit(
            self.desk.flagged(row)
        )

    def _ruling(self, *, confirm: bool) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            if not because:
                raise WorkbenchError("Say why first: a decision on a flag is kept with its reason.")
            self.desk.decide(str(row["flag_id"]), confirm=confirm, because=because)
            self.changed()
            return f"{beside(str(row['words']))}: {'confirmed' if confirm else 'dismissed'}"

        return work

"""One decision at a time: is this pair one thing, is this name right? What is decided is signed and leaves the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as w
from workbench_widgets.decision import Decision

from workbench.errors import WorkbenchError
from workbench.model.schema import translate_schema
from workbench.model.stored_sentences import translate_lines
from workbench.model.text.transliteration import add_transliteration
from workbench.views import html_tables

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.catalogue import Translator
    from workbench.views.panel_backend import PanelBackend

Row = dict[str, object]


class Queue(w.VBox):
    """The first of a list, a field for the reason, and a button for each decision; 'Later' shows the next.

    Parameters
    ----------
    say : Voice
    title : str
        What is asked.
    rows : callable
        The list as it is now.
    show : callable
        HTML of a row.
    choices : sequence of (str, callable)
        What is decided (a key of `views.review`) and what that does with a row and a reason; it returns what was done, in words.
    """

    def __init__(
        self,
        say: Translator,
        title: str,
        rows: Callable[[], pd.DataFrame],
        show: Callable[[Row], str],
        choices: Sequence[tuple[str, Callable[[Row, str], str]]],
    ) -> None:
        self.say, self.title, self.rows, self.show = say, title, rows, show
        self.at = 0
        self.works = dict(choices)
        self.card, self.said, self.below = w.HTML(), w.HTML(), w.Output()
        self.line = Decision(
            self.decide,
            [
                {"name": name, "label": say(f"views.review.{name}"), "hint": say(f"views.review.{name}_hint")}
                for name in (*self.works, "later")
            ],
            {"label": say("views.review.because"), "hint": say("views.review.reason")},
            language=say.language,
        )
        super().__init__([self.card, self.line, self.said, self.below])
        self.fill()

    def fill(self) -> None:
        """Show the row that is due."""
        say, rows = self.say, self.rows()
        self.at = self.at % len(rows) if len(rows) else 0
        self.row: Row = {str(key): value for key, value in rows.iloc[self.at].items()} if len(rows) else {}
        head = f"<h3>{html_tables.escape_text(self.title)}</h3>"
        count = html_tables.format_sentence(
            say("views.review.place", at=say.figure(self.at + 1), n=say.figure(len(rows)))
        )
        self.card.value = (
            html_tables.build_block(head, count, self.show(self.row))
            if self.row
            else html_tables.build_block(head, html_tables.format_sentence(say("views.review.done")))
        )
        self.line.due = "\t".join(str(value) for name, value in self.row.items() if name.endswith("_id"))

    def show_next(self) -> None:
        """Show the next row."""
        self.at += 1
        self.fill()

    def decide(self, name: str) -> None:
        """Do what a button says; an error is shown and the row stays."""
        if name == "later":
            self.show_next()
            return
        self.said.value = html_tables.build_block(html_tables.format_sentence(self.say("views.review.signing")))
        self.below.clear_output()
        with self.below:
            self.said.value = html_tables.build_block(self._run_work(self.works[name]))

    def _run_work(self, work: Callable[[Row, str], str]) -> str:
        try:
            done = work(self.row, self.line.because.strip())
        except WorkbenchError as error:
            return html_tables.format_sentence(error.translate_to(self.say.language), "warn")
        self.line.because = ""
        self.fill()
        return html_tables.format_sentence(self.say("views.review.signed", done=done), "done")


class Review(w.VBox):
    """Three queues: candidate pairs, what a program read out of text, and what may tell of a special category or a minor."""

    def __init__(self, desk: PanelBackend, changed: Callable[[], None]) -> None:
        self.desk, self.changed = desk, changed
        self.say = say = desk.say
        judgements = (("same", True), ("distinct", False), ("unsure", None))
        verdicts = (("accept", True), ("reject", False))
        self.pairs = Queue(
            say,
            say("views.review.pairs"),
            desk.pairs,
            self._build_pair,
            [(name, self._judge(name, same=same)) for name, same in judgements],
        )
        self.mentions = Queue(
            say, say("views.review.mentions"), desk.mentions, self._build_mention,
            [(name, self._build_verdict(name, accept=good)) for name, good in verdicts],
        )  # fmt: skip
        self.flags = Queue(
            say, say("views.review.flags"), desk.flags, self._flag,
            [("confirm", self._build_ruling("confirm", confirm=True)), ("dismiss", self._build_ruling("dismiss", confirm=False))],
        )  # fmt: skip
        super().__init__([self.pairs, self.mentions, self.flags])

    def _build_pair(self, row: Row) -> str:
        facts = [
            self._translate_facts(
                [
                    ("kind", translate_schema(str(row["schema"]), self.say.language)),
                    *self.desk.facts(str(row[f"{side}_id"])),
                ]
            )
            for side in ("left", "right")
        ]
        return html_tables.build_sides([str(row["left"]), str(row["right"])], facts) + html_tables.build_bullets(
            translate_lines(str(row["reasons"]), "reason", self.say.language).split("\n")
        )

    def _judge(self, name: str, *, same: bool | None) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            if not because:
                raise WorkbenchError(self.say("Enter a reason first. A judgement is saved with its reason."))
            self.desk.judge((str(row["left_id"]), str(row["right_id"])), same=same, because=because)
            self.changed()
            names = {"left": add_transliteration(str(row["left"])), "right": add_transliteration(str(row["right"]))}
            return self.say("{left} – {right}: {verdict}", **names, verdict=self.say(f"views.review.said_{name}"))

        return work

    def _build_mention(self, row: Row) -> str:
        places = self.say.count("views.review.places", int(str(row["mentions"])))
        facts = self._translate_facts(
            [("kind", translate_schema(str(row["schema"]), self.say.language)), ("named in", places)]
        )
        return html_tables.build_sides([str(row["caption"])], [facts]) + html_tables.build_hit(
            self.desk.example(str(row["entity_id"])), self.say
        )

    def _translate_facts(self, facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Facts under their names in the language of the case."""
        return [(self.say.term("views.fact", name), value) for name, value in facts]

    def _build_verdict(self, name: str, *, accept: bool) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            self.desk.review(str(row["entity_id"]), accept=accept, because=because)
            self.changed()
            return self._format_done(str(row["caption"]), name)

        return work

    def _flag(self, row: Row) -> str:
        standing = [
            self.say("views.review.standing", when=self.say.term("views.fact", when), age=row[name])
            for when, name in (("at the source", "at_source"), ("today", "today"))
            if row[name]
        ]
        facts = [
            ("category", self.say.term("special", str(row["category"]))),
            ("perhaps about", str(row["who"])),
            ("minor or of age", ", ".join(standing)),
        ]
        return html_tables.build_sides(
            [str(row["words"])], [self._translate_facts([fact for fact in facts if fact[1]])]
        ) + html_tables.build_hit(self.desk.find_flagged_passage(row), self.say)

    def _build_ruling(self, name: str, *, confirm: bool) -> Callable[[Row, str], str]:
        def work(row: Row, because: str) -> str:
            if not because:
                raise WorkbenchError(self.say("Enter a reason first. A decision on a flag is saved with its reason."))
            self.desk.decide(str(row["flag_id"]), confirm=confirm, because=because)
            self.changed()
            return self._format_done(str(row["words"]), name)

        return work

    def _format_done(self, what: str, name: str) -> str:
        return self.say(
            "{name}: {verdict}", name=add_transliteration(what), verdict=self.say(f"views.review.said_{name}")
        )

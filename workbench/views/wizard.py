"""Adding files with a look at them first: what each is taken for, its rows, its columns, a trial; then add, withdraw or map again.

Everything is an ordinary control: it works with the mouse and with Tab, arrows and Enter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import ipywidgets as w
from workbench_widgets.drop import Drop

from workbench.model.issue_codes import translate_fix, translate_message
from workbench.model.stored_sentences import translate_lines, translate_place
from workbench.views import html_tables
from workbench.views.controls import build_bar, build_button, build_choice, run_work
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.catalogue import Translator
    from workbench.views.wizard_backend import Importer, WizardPlan, WizardTrial

LEFT_OUT = "left out"
"""What stands for a column that is not taken."""
DELIMITERS = {"found": "", "comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
ENCODINGS = {"found": "", "utf8": "utf-8", "western": "cp1252", "arabic": "cp1256", "utf16": "utf-16"}
DATES = {"found": "", "day_first": "dmy", "month_first": "mdy"}
DECIMALS = {"found": "", "point": ".", "decimal_comma": ","}
UNITS = {"found": "", "seconds": "s", "minutes": "min", "milliseconds": "ms"}
"""Choices, as `wizard.choice` of the catalogue names them, and what each says to a plan."""
ZONES = ("", "UTC", "Europe/London", "Europe/Paris", "Europe/Madrid", "Europe/Amsterdam", "Africa/Casablanca", "Africa/Cairo",
         "Asia/Dubai", "Asia/Beirut", "America/Bogota", "America/Mexico_City", "America/New_York")  # fmt: skip
"""Zones that are offered; any other name can be typed."""
ROWS, MOST, BELOW = 8, 40, 4
"""Rows of a table that are shown: so many, or as many as lead to four below its header, but never more than the second."""
COLUMNS = 60
"""Columns of a table that can be changed by hand here; `Plan.mean` changes all."""


class Wizard(w.VBox):
    """Drop or choose files; each gets a card."""

    def __init__(self, importer: Importer, changed: Callable[[], None]) -> None:
        self.importer, self.changed, self.say = importer, changed, importer.say
        self.files = w.VBox()
        self.said, self.below = w.HTML(), w.Output()
        hint = html_tables.format_sentence(
            self.say(
                "No file is saved until you press Add. Then the program copies the file into the case. The case "
                "identifies the copy by the hash of the file."
            )
        )
        drop = Drop(self.inspect_file, label=self.say("Drop files here, or click to select them"))
        super().__init__([drop, w.HTML(html_tables.build_block(hint)), self.said, self.below, self.files])

    def inspect_file(self, name: str, content: bytes) -> None:
        """Look at a file."""
        self.said.value = html_tables.build_block(html_tables.format_sentence(self.say("Checking {name}…", name=name)))
        self.below.clear_output()
        with self.below:
            self.said.value = run_work(lambda: self._add_card(name, content), self.say)

    def _add_card(self, name: str, content: bytes) -> str:
        card = FileCard(self.importer, self.importer.plan(name, content), self.changed)
        self.files.children = (card, *self.files.children)
        return ""


class FileCard(w.VBox):
    """One file: what it is taken for, and the buttons."""

    def __init__(self, importer: Importer, plan: WizardPlan, changed: Callable[[], None]) -> None:
        self.importer, self.plan, self.changed, self.source = importer, plan, changed, ""
        self.say = say = importer.say
        self.head, self.said, self.below, self.editor = w.HTML(), w.HTML(), w.Output(), w.VBox()
        self.add = build_button(
            say("Add", context="wizard"),
            self._add,
            say("Copies the file into the case and reads it with these settings"),
            primary=True,
        )
        self.look = build_button(say("Check settings"), self._toggle_editor, say("Shows rows, columns and settings"))
        self.trial = build_button(
            say("Try", context="wizard"),
            self._trial,
            say("Reads the file without saving it: shows what would be imported and what would not"),
        )
        self.because = w.Text(
            placeholder=say("Reason for the withdrawal…"),
            tooltip=say("Reason", context="wizard"),
            layout=w.Layout(width="16em"),
        )
        self.back = build_button(
            say("Withdraw", context="wizard"), self._withdraw, say("Withdraws what was read from this file")
        )
        self.undo = build_bar(self.because, self.back)
        self.undo.layout.display = "none"
        super().__init__(
            [self.head, build_bar(self.add, self.look, self.trial), self.editor, self.said, self.undo, self.below]
        )
        self.add_class("wb-card")
        self.show()

    def show(self) -> None:
        """Say what the file is taken for."""
        say, plan = self.say, self.plan
        taken = (
            say("Read as: {reader}. {why}", reader=plan.reader, why=plan.why)
            if plan.reader
            else say("This file cannot be added. {why}", why=plan.why)
        )
        self.head.value = html_tables.build_block(
            f"<h3>{html_tables.isolate_text(plan.name)}</h3>", html_tables.format_sentence(taken)
        )
        for one in (self.add, self.trial):
            one.disabled = not self.plan.reader

    def change(self, plan: WizardPlan) -> None:
        """Go on with another plan."""
        self.plan = plan
        self.said.value = ""
        self.show()

    def _run_work(self, work: Callable[[], str], waiting: str) -> None:
        self.said.value = html_tables.build_block(html_tables.format_sentence(waiting))
        self.below.clear_output()
        with self.below:
            self.said.value = html_tables.build_block(run_work(work, self.say))

    def _add(self) -> None:
        def work() -> str:
            table = self.plan.add()
            self.source = str(table["source"].iloc[0])
            done = html_tables.format_sentence(self.importer.read_added(table), "done")
            self.undo.layout.display = ""
            self.add.description = self.say("Read again")
            self.changed()
            return done

        self._run_work(work, self.say("Reading…", context="wizard"))

    def _withdraw(self) -> None:
        def work() -> str:
            done = html_tables.format_sentence(self.importer.withdraw(self.source, self.because.value.strip()), "done")
            self.undo.layout.display = "none"
            self.changed()
            return done

        self._run_work(work, self.say("Withdrawing…", context="wizard"))

    def _trial(self) -> None:
        self._run_work(lambda: format_trial(self.plan.trial(), self.say), self.say("Trying…", context="wizard"))

    def _toggle_editor(self) -> None:
        if self.editor.children:
            self.editor.children, self.look.description = (), self.say("Check settings")
        else:
            self.editor.children, self.look.description = (Editor(self),), self.say("Close", context="wizard")


class Editor(w.VBox):
    """Rows, settings and columns of one file; each change makes a new plan."""

    def __init__(self, card: FileCard) -> None:
        self.card, self.named = card, card.say
        self.sheet = card.plan.sheets[0] if card.plan.sheets else ""
        self.rows, self.said, self.first, self.columns = w.HTML(), w.HTML(), w.VBox(), w.VBox()
        self.header = w.BoundedIntText(
            min=0, max=10_000_000, description=self.named("Header row"), layout=w.Layout(width="11em")
        )
        self.offered: tuple[tuple[str, ...], ...] = ()
        super().__init__(
            [self.first, self.rows, *self._build_settings(), self.columns, *self._build_save_row(), self.said]
        )
        self.show()
        self.header.observe(lambda change: self._set_header(int(change["new"])), "value")

    def show(self) -> None:
        """Show the chosen table, its header and its columns as the plan has them."""
        plan = self.card.plan
        self.sheet = self.sheet if self.sheet in plan.sheets else next(iter(plan.sheets), "")
        self._update_choices()
        self.rows.value = html_tables.build_block(
            run_work(
                lambda: (
                    _describe_tables(plan.tables, self.sheet, self.named) + _build_rows(plan, self.sheet, self.named)
                ),
                self.named,
            )
        )
        self.columns.children = (Columns(self, self.sheet),) if plan.is_table else ()
        self.header.value = plan.header(self.sheet) if plan.is_table else 0

    def apply(self, work: Callable[[WizardPlan], WizardPlan]) -> None:
        """Change the plan, or say why not."""

        def apply_change() -> str:
            self.card.change(work(self.card.plan))
            self.show()
            return ""

        self.said.value = html_tables.build_block(run_work(apply_change, self.named))

    def _update_choices(self) -> None:
        """Offer readers and tables; what is offered already stays, so that the keyboard stays where it is."""
        plan = self.card.plan
        readers, tables = tuple(plan.choices["reader"]), list_table_labels(plan.tables, self.named)
        if self.offered == (readers, tuple(tables)):
            return
        self.offered = readers, tuple(tables)
        offers = []
        if len(readers) > 1:
            ways = {name: name for name in readers}
            offers.append(
                build_choice(
                    self.named("Read as"),
                    ways,
                    lambda name: self.apply(lambda p: p.read_as(name)),
                    value=plan.reader,
                )
            )
        if len(tables) > 1:
            offers.append(
                build_choice(self.named("Table", context="wizard"), tables, self._select_sheet, value=self.sheet)
            )
        self.first.children = (build_bar(*offers),)

    def _select_sheet(self, sheet: str) -> None:
        self.sheet = sheet
        self.show()

    def _set_header(self, row: int) -> None:
        """Say which row is the header of the table that is shown; nothing where the field only follows the plan."""
        if self.card.plan.is_table and row != self.card.plan.header(self.sheet):
            self.apply(lambda plan: plan.say(header=row, sheet=self.sheet))

    def _build_settings(self) -> list[w.Widget]:
        say = self.named
        zone = w.Combobox(
            value=self.card.plan.zone, options=ZONES, placeholder=say("time zone"), description=say("Time zone of the times in the file"),
            ensure_option=False, continuous_update=False, layout=w.Layout(width="17em"),
        )  # fmt: skip
        zone.observe(
            lambda change: self._build_handler(lambda p, x: p.say(zone=x.strip()))(str(change["new"])), "value"
        )
        if not self.card.plan.is_table:
            return [build_bar(zone)]
        region = w.Text(
            placeholder="FR",
            description=say("Country", context="wizard"),
            tooltip=say(
                "Sets the country of phone numbers that have no international prefix. Enter two letters, for "
                "example FR."
            ),
            continuous_update=False,
            layout=w.Layout(width="12em"),
        )
        region.observe(
            lambda c: self._build_handler(lambda p, x: p.say(region=x.strip().upper()))(str(c["new"])), "value"
        )
        marks = self._build_choice("separator", DELIMITERS, lambda p, x: p.say(delimiter=x))
        letters = self._build_choice("letters", ENCODINGS, lambda p, x: p.say(encoding=x))
        dates = self._build_choice("dates", DATES, lambda p, x: p.say(dates=x))
        decimals = self._build_choice("decimals", DECIMALS, lambda p, x: p.say(decimal=x))
        units = self._build_choice("durations", UNITS, lambda p, x: p.say(unit=x))
        return [build_bar(self.header, marks, letters), build_bar(dates, decimals, units), build_bar(zone, region)]

    def _build_choice(
        self, name: str, values: Mapping[str, str], change: Callable[[WizardPlan, str], WizardPlan]
    ) -> w.Dropdown:
        offered = {self.named(f"wizard.choice.{one}"): value for one, value in values.items()}
        return build_choice(self.named(f"wizard.{name}"), offered, self._build_handler(change))

    def _build_handler(self, change: Callable[[WizardPlan, str], WizardPlan]) -> Callable[[str], None]:
        return lambda value: self.apply(lambda plan: change(plan, value))

    def _build_save_row(self) -> list[w.Widget]:
        if not self.card.plan.is_table:
            return []
        say = self.named
        name = w.Text(
            placeholder=say("name of the profile"),
            tooltip=say("Profile", context="wizard"),
            layout=w.Layout(width="16em"),
        )

        def save() -> None:
            self.said.value = html_tables.build_block(run_work(save_profile, self.named))

        def save_profile() -> str:
            profile = self.card.plan.save(name.value, sheet=self.sheet)
            return html_tables.format_sentence(
                say(
                    "The profile was saved. The program will read tables with these headers with the profile '{name}'.",
                    name=profile,
                ),
                "done",
            )

        return [
            build_bar(
                name,
                build_button(
                    say("Save as profile"), save, say("Uses these settings for all later tables with these headers")
                ),
            )
        ]


class Columns(w.VBox):
    """What each column is: one line with its name, an example and a choice."""

    def __init__(self, editor: Editor, sheet: str) -> None:
        self.editor, self.sheet, self.say = editor, sheet, editor.named
        say = self.say
        plan = editor.card.plan
        kinds = plan.kinds()
        self.kind = build_choice(
            say("Row type"),
            {say("something else"): "", **{name: name for name in kinds}},
            self._set_kind,
            value=plan.kind(sheet),
        )
        rows = plan.fields(sheet)
        known = kinds.get(plan.kind(sheet), {})
        fields = {
            say("text only"): "",
            **{_describe_field(field, header): field for field, header in known.items()},
            say("left out"): LEFT_OUT,
        }
        lines = [self._build_line(*cells, fields=fields) for cells in _list_columns(rows.head(COLUMNS))]
        left = html_tables.build_block(
            html_tables.format_sentence(
                say.count("and {n} more column", "and {n} more columns", max(0, len(rows) - COLUMNS))
            )
        )
        more = [w.HTML(left)] if len(rows) > COLUMNS else []
        super().__init__([build_bar(self.kind), *lines, *more])

    def _build_line(self, name: str, example: str, field: str, why: str, *, fields: Mapping[str, str]) -> w.Widget:
        options = fields if field in fields.values() else {**fields, field: field}
        pick = w.Dropdown(options=list(options.items()), value=field, layout=w.Layout(width="17em"))
        pick.tooltip = self.say("Selects the meaning of the column {name}", name=escape_hidden(name))
        pick.observe(lambda change: self._assign_field(name, str(change["new"])), "value")
        text = f"<b>{html_tables.isolate_text(name)}</b> <span class=meta>{html_tables.isolate_text(example)}</span>"
        told = "; ".join(translate_lines(one, "ground", self.say.language) for one in why.split("; "))
        note = f"<span class=meta>{html_tables.escape_text(told)}</span>"
        line = w.HBox([w.HTML(html_tables.build_block(text)), pick, w.HTML(html_tables.build_block(note))])
        line.add_class("wb-column")
        return line

    def _set_kind(self, kind: str) -> None:
        self.editor.apply(lambda plan: plan.mean({}, kind=kind, sheet=self.sheet))

    def _assign_field(self, column: str, field: str) -> None:
        def work(plan: WizardPlan) -> WizardPlan:
            if field == LEFT_OUT:
                return plan.leave_out(column, sheet=self.sheet)
            return plan.mean({column: field}, kind=plan.kind(self.sheet), sheet=self.sheet)

        self.editor.apply(work)


def _describe_field(field: str, header: str) -> str:
    """A field as it is offered: 'b: called number', 'duration'."""
    name = field.replace("_", " ")
    return name if name == header else f"{name}: {header}"


def _list_columns(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """Name, example, field and reason of each column."""
    for cells in zip(rows["column"], rows["example"], rows["field"], rows["why"], strict=True):
        yield (str(cells[0]), str(cells[1]), str(cells[2]), str(cells[3]))


def list_table_labels(tables: pd.DataFrame, say: Translator) -> dict[str, str]:
    """What a table is called where one is chosen -> its name: 'Export, table 2: cells'."""
    several = tables["sheet"].value_counts().to_dict()
    made = {}
    for name, sheet, number, kind in tables[["name", "sheet", "number", "kind"]].itertuples(index=False):
        which = say("table {number}", number=number) if several[sheet] > 1 else ""
        place = ", ".join(filter(None, (escape_hidden(sheet), which))) or say("the table")
        made[f"{place}: {kind}" if kind else place] = name
    return made


def _describe_tables(tables: pd.DataFrame, sheet: str, say: Translator) -> str:
    """Which table of a sheet that holds several is shown; '' where there is nothing to say."""
    beside = tables[tables["sheet"].isin(tables.loc[tables["name"] == sheet, "sheet"])]
    if len(beside) < 2:
        return ""
    shown = beside.rename(columns={"number": "table", "begin": "from row", "header": "header row", "kind": "rows are"})
    listed = html_tables.build_table(
        shown,
        ["table", "from row", "header row", "rows are", "columns"],
        strong=list(beside["name"]).index(sheet),
        say=say,
    )
    return (
        html_tables.format_sentence(
            say.count(
                "There is {n} table here.",
                "There are {n} tables here, one below the other. Each is read separately.",
                len(beside),
            )
        )
        + listed
    )


def _build_rows(plan: WizardPlan, sheet: str, say: Translator) -> str:
    """Rows as they stand in the file, the header among them."""
    frame = plan.preview(MOST, sheet=sheet)
    if not plan.is_table:
        return html_tables.build_table(frame, list(frame.columns), ROWS, say=say)
    at = next(iter(frame.index[frame["row"] == plan.header(sheet)]), -1)
    shown = frame.head(max(ROWS, int(at) + 1 + BELOW))
    return html_tables.build_table(shown, list(shown.columns), MOST, strong=int(at), say=say)


def format_trial(trial: WizardTrial, say: Translator) -> str:
    """HTML of what a trial gave."""
    parts = [
        html_tables.build_table(_translate_column(trial.counts, "what", "trial", say), ["what", "number"], say=say),
        html_tables.build_table(
            _translate_column(trial.things, "kind", "schema", say), ["kind", "number", "example"], say=say
        ),
    ]
    if len(trial.rejected):
        parts += [
            _format_heading(say("Values that could not be read")),
            html_tables.build_table(_translate_issues(trial.rejected, say), ["message", "place", "fix"], say=say),
        ]
    if len(trial.issues):
        parts += [
            _format_heading(say("Doubtful data", context="wizard")),
            html_tables.build_table(_translate_issues(trial.issues, say), ["severity", "message", "fix"], say=say),
        ]
    if not trial.whole:
        parts.insert(0, html_tables.format_sentence(say("The program read only the beginning of this large file.")))
    return "".join(parts)


def _translate_column(found: pd.DataFrame, column: str, group: str, say: Translator) -> pd.DataFrame:
    """A table whose column says something of a group of the catalogue, in a language."""
    return found.assign(**{column: [translate_lines(text, group, say.language) for text in found[column]]})


def _translate_issues(found: pd.DataFrame, say: Translator) -> pd.DataFrame:
    """Issue rows as they are told in a language."""
    told = {
        "severity": lambda code: say.term("word", code), "message": lambda text: translate_message(text, say.language),
        "fix": lambda text: translate_fix(text, say.language), "place": lambda text: translate_place(text, say.language),
    }  # fmt: skip
    return found.assign(**{name: found[name].map(tell) for name, tell in told.items() if name in found})


def _format_heading(text: str) -> str:
    return f"<h3>{html_tables.escape_text(text)}</h3>"

"""Text of OOXML parts (DOCX, PPTX): paragraphs, tables, notes, comments, tracked changes, text boxes, form fields.

Names of elements are taken without their namespace, so that the transitional and the strict form read alike.

References
----------
ECMA-376 part 1, §17 (WordprocessingML) and §21.1 (DrawingML text).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from workbench.errors import SourceError
from workbench.ingest.office.office_package import Package, Relation, get_attribute, get_count, get_local_name
from workbench.ingest.office.office_text import Story
from workbench.ingest.office.unread_text import decode_symbol
from workbench.ingest.reading.special_labels import Place
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

SKIPPED = frozenset({"Fallback", "pPr", "tblPr", "tcPr", "trPr", "sdtPr", "sectPr"})
"""Elements without text of their own: properties, and the second form of a drawing for older programs."""

WIDTHS = frozenset({"gridSpan", "gridBefore"})
"""Properties of a cell and of a row that tell the columns."""

PARAGRAPHS = frozenset({"p", "text"})
SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
NUMBERS = frozenset({"slidenum"})
OFF = ("0", "false", "off")
DAMAGED = 20
"""Parts beside the text that may be damaged before the document is given up."""


class Text:
    """Tells a story from the events of a part.

    Parameters
    ----------
    story : Story
    relations : mapping
        What the part refers to: targets of its links.
    authors : mapping, optional
        Names of the authors of comments by their number, where the comments have numbers only.
    """

    def __init__(
        self, story: Story, relations: Mapping[str, Relation], authors: Mapping[str, str] | None = None
    ) -> None:
        self.story, self.relations, self.authors = story, relations, authors or {}
        self.is_hidden = False
        self._skip = 0
        self._moved = 0
        self._run_hidden = self._in_run = False
        self._paragraphs: list[list[str]] = []
        self._sink: list[str] | None = None
        self._labels: list[str] = []
        self._deleted: list[tuple[str, list[tuple[str, Place | None]]]] = []
        self._by = self._mover = ""
        self._plots = 0
        self._choices: list[str] = []
        self._chosen: dict[str, str] = {}
        self._told_plots: set[str] = set()
        self._coming = 0
        self._widths: list[int] = []
        self._leaving: list[str] = []
        self._arriving: list[str] = []
        self._left: list[tuple[str, str, Place | None]] = []
        self._arrived: set[str] = set()
        self._starts = self._build_start_handlers()
        self._ends = self._build_end_handlers()

    def _build_start_handlers(self) -> dict[str, Callable[[dict[str, str]], object]]:
        return {
            "p": self._start_paragraph, "text": self._start_plain, "r": self._run, "vanish": self._vanish, "t": self._start_text,
            "tab": lambda _: self._add_text("\t"), "br": lambda _: self._add_text("\n"), "cr": lambda _: self._add_text("\n"),
            "noBreakHyphen": lambda _: self._add_text("-"), "del": self._set_deletion_label, "delText": self._start_deleted,
            "moveFrom": self._move, "instrText": self._start_deleted, "hyperlink": self._add_hyperlink, "hlinkClick": self._add_hyperlink,
            "tr": lambda _: self.story.open_row(), "tc": self._start_cell, "gridSpan": self._span,
            "gridBefore": lambda said: self.story.add_covered_cells(get_count(said, "val")),
            "footnote": partial(self._note, "footnote"), "endnote": partial(self._note, "endnote"),
            "comment": self._start_comment, "cm": self._start_comment,
            "sld": self._read_slide, "tx": self._plot, "cat": self._plot, "v": self._start_plot_value, "sym": self._add_symbol,
            "textpath": self._add_art, "listEntry": self._add_choice,
            "result": partial(self._choose, "result"), "default": partial(self._choose, "default"),
            "ddList": lambda _: self._chosen.clear(), "moveTo": self._move_in,
            "commentRangeStart": partial(self._refer, "comment", begins=True), "commentReference": partial(self._refer, "comment"),
            "commentRangeEnd": partial(self._refer, "comment", begins=False), "footnoteReference": partial(self._refer, "footnote"),
            "endnoteReference": partial(self._refer, "endnote"),
        }  # fmt: skip

    def _build_end_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "p": self._end_paragraph, "text": self._end_plain, "t": self._end_text, "r": self._run_end,
            "delText": self._end_deleted, "moveFrom": self._move_end, "instrText": self._end_instruction,
            "tr": self.story.close_row, "tc": self._end_cell, "tbl": self.story.end_table,
            "footnote": lambda: self.story.close_side_text("Footnote"), "endnote": lambda: self.story.close_side_text("Endnote"),
            "comment": self._end_comment, "cm": self._end_comment, "tx": self._plot_end, "cat": self._plot_end, "v": self._end_plot_value,
            "ddList": self._end_choices, "moveTo": self._move_in_end,
        }  # fmt: skip

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = get_local_name(tag)
        if self._skip or name in SKIPPED or (name == "fld" and get_attribute(attributes, "type") in NUMBERS):
            if self._skip == 1 and name in WIDTHS:
                self._starts[name](attributes)
            self._skip += 1
            return
        if handler := self._starts.get(name):
            handler(attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skip:
            self._skip -= 1
        elif handler := self._ends.get(get_local_name(tag)):
            handler()

    def data(self, text: str) -> None:
        """Text stands here."""
        if self._sink is not None and not self._skip:
            self._sink.append(text)

    def finish(self) -> None:
        """The part has ended: what was deleted in it follows."""
        self._end_moves()
        self._delete_moved()
        self.story.mark_tables()
        for label, texts in self._deleted:
            for _, held in groupby(texts, lambda one: self.story.get_props(one[1])):
                pieces = list(held)
                self.story.open_side_text(place=pieces[0][1])
                self.story.add_line("".join(text for text, _ in pieces))
                self.story.close_side_text(label)

    # Tables

    def _start_cell(self, attributes: dict[str, str]) -> None:
        del attributes
        self._widths.append(1)
        self.story.open_cell()

    def _span(self, attributes: dict[str, str]) -> None:
        """The cell goes over several columns."""
        self._widths[-1:] = [get_count(attributes, "val")]

    def _end_cell(self) -> None:
        self.story.close_cell(self._widths.pop() if self._widths else 1)

    # Paragraphs and runs

    def _start_paragraph(self, attributes: dict[str, str]) -> None:
        del attributes
        self._paragraphs.append([])

    def _end_paragraph(self) -> None:
        self._end_moves()
        if self._paragraphs:
            self.story.add_line("".join(self._paragraphs.pop()))
        if self._deleted and (last := self._deleted[-1][1][-1])[0] != "\n":
            self._deleted[-1][1].append(("\n", last[1]))

    def _start_plain(self, attributes: dict[str, str]) -> None:
        self._start_paragraph(attributes)
        self._sink = self._paragraphs[-1]

    def _end_plain(self) -> None:
        self._sink = None
        self._end_paragraph()

    def _run(self, attributes: dict[str, str]) -> None:
        del attributes
        self._run_hidden, self._in_run = False, True

    def _run_end(self) -> None:
        self._run_hidden = self._in_run = False

    def _vanish(self, attributes: dict[str, str]) -> None:
        self._run_hidden = self._in_run and get_attribute(attributes, "val") not in OFF

    def _start_text(self, attributes: dict[str, str]) -> None:
        del attributes
        self._sink = []

    def _end_text(self) -> None:
        text = "".join(self._sink or ())
        self._sink = None
        if self._moved:
            self._leaving.append(text)
            return
        if self._coming:
            self._arriving.append(text)
        self.story.hidden += len(text) if self._run_hidden else 0
        self._add_text(text)

    def _add_text(self, text: str) -> None:
        if self._paragraphs and not self._moved:
            self._paragraphs[-1].append(text)

    # Tracked changes

    def _set_deletion_label(self, attributes: dict[str, str]) -> None:
        who = get_attribute(attributes, "author")
        self._by = (
            f"Deleted text{f', deleted by {who}' if who else ''}{_format_date(get_attribute(attributes, 'date'))}"
        )

    def _start_deleted(self, attributes: dict[str, str]) -> None:
        del attributes
        self._sink = []

    def _end_deleted(self) -> None:
        text = "".join(self._sink or ())
        self._sink = None
        if text:
            self._delete(self._by, text, self.story.mark())

    def _delete(self, label: str, text: str, place: Place | None) -> None:
        self.story.hidden += len(text.rstrip("\n"))
        if not self._deleted or self._deleted[-1][0] != label:
            self._deleted.append((label, []))
        self._deleted[-1][1].append((text, place))

    def _move(self, attributes: dict[str, str]) -> None:
        who = get_attribute(attributes, "author")
        self._mover = f"Deleted text{f', moved away by {who}' if who else ', moved away'}{_format_date(get_attribute(attributes, 'date'))}"
        self._moved += 1

    def _move_end(self) -> None:
        self._moved -= 1

    def _move_in(self, attributes: dict[str, str]) -> None:
        del attributes
        self._coming += 1

    def _move_in_end(self) -> None:
        self._coming -= 1

    def _end_moves(self) -> None:
        """A paragraph ends: what was moved out of it, and into it."""
        if self._leaving:
            self._left.append((self._mover, "".join(self._leaving), self.story.mark()))
        if self._arriving:
            self._arrived.add("".join(self._arriving))
        self._leaving, self._arriving = [], []

    def _delete_moved(self) -> None:
        """What was moved away and arrived nowhere is deleted text."""
        for label, text, place in self._left:
            if text not in self._arrived:
                self._delete(label, f"{text}\n", place)

    # Links and fields

    def _add_hyperlink(self, attributes: dict[str, str]) -> None:
        relation = self.relations.get(get_attribute(attributes, "id"))
        if relation and relation.outside:
            self.story.link(relation.target)

    def _end_instruction(self) -> None:
        text = "".join(self._sink or ()).strip()
        self._sink = None
        kind, _, rest = text.partition(" ")
        if kind.upper() == "HYPERLINK":
            self.story.link(rest.strip().strip('"').split('"')[0])

    def _add_symbol(self, attributes: dict[str, str]) -> None:
        if not self._moved:
            self._add_text(decode_symbol(attributes))

    def _add_art(self, attributes: dict[str, str]) -> None:
        """Words that are drawn as a picture stand in an attribute."""
        if text := get_attribute(attributes, "string"):
            self._add_text(f" {text} ")

    def _choose(self, which: str, attributes: dict[str, str]) -> None:
        self._chosen[which] = get_attribute(attributes, "val")

    def _add_choice(self, attributes: dict[str, str]) -> None:
        self._choices.append(get_attribute(attributes, "val"))

    def _end_choices(self) -> None:
        """A list of choices ends: what who filled it in chose is seen, else what was set beforehand, else the first."""
        at = self._chosen.get("result") or self._chosen.get("default") or "0"
        if at.isascii() and at.isdigit() and len(at) < 6 and int(at) < len(self._choices):
            self._add_text(self._choices[int(at)])
        self._choices, self._chosen = [], {}

    # Notes and comments

    def _refer(self, kind: str, attributes: dict[str, str], *, begins: bool | None = None) -> None:
        self.story.refer(f"{kind} {get_attribute(attributes, 'id')}", begins=begins)

    def _note(self, kind: str, attributes: dict[str, str]) -> None:
        if get_attribute(attributes, "type") in SEPARATORS:
            self._skip += 1
            return
        self.story.open_side_text(f"{kind} {get_attribute(attributes, 'id')}")

    def _start_comment(self, attributes: dict[str, str]) -> None:
        who = get_attribute(attributes, "author") or self.authors.get(get_attribute(attributes, "authorId"), "")
        at = (
            get_attribute(attributes, "date") or get_attribute(attributes, "dt") or get_attribute(attributes, "created")
        )
        self._labels.append(f"Comment{f' by {who}' if who else ''}{_format_date(at)}")
        self.story.open_side_text(f"comment {get_attribute(attributes, 'id')}")

    def _end_comment(self) -> None:
        self.story.close_side_text(self._labels.pop() if self._labels else "Comment")

    # Charts

    def _plot(self, attributes: dict[str, str]) -> None:
        """Names of what is plotted stand in 'tx' and 'cat', as paragraphs or as values of cells."""
        del attributes
        self._plots += 1

    def _plot_end(self) -> None:
        self._plots -= 1

    def _start_plot_value(self, attributes: dict[str, str]) -> None:
        if self._plots:
            self._start_plain(attributes)

    def _end_plot_value(self) -> None:
        """A name of what is plotted ends; one that several series have is told once."""
        if not self._plots:
            return
        name = "".join(self._paragraphs[-1]) if self._paragraphs else ""
        if name in self._told_plots:
            self._paragraphs[-1].clear()
        self._told_plots.add(name)
        self._end_plain()

    # Slides

    def _read_slide(self, attributes: dict[str, str]) -> None:
        self.is_hidden = attributes.get("show") in OFF


def _format_date(date: str) -> str:
    return f", {date}" if date else ""


@dataclass(slots=True)
class Telling:
    """Tells the story of a package part by part.

    Attributes
    ----------
    wrong : list of Issue
        Parts that could not be read.
    authors : dict
        Names of the authors of comments by number, where the format keeps them apart.
    """

    package: Package
    story: Story = field(default_factory=Story)
    wrong: list[Issue] = field(default_factory=list)
    authors: dict[str, str] = field(default_factory=dict)

    def read_part(self, name: str, relations: Mapping[str, Relation], story: Story | None = None) -> Text:
        """Tell one part. Raises SourceError if it cannot be read."""
        events = Text(story or self.story, relations, self.authors)
        self.package.parse(name, events)
        events.finish()
        return events

    def add_related_parts(self, relations: Mapping[str, Relation], asides: Mapping[str, str]) -> None:
        """Tell the parts that stand beside a part: their kinds, and the label of each ('' where the part itself says it).

        The same text of the same kind (the header of every section) is told once.
        """
        for kind, label in asides.items():
            told: set[tuple[str, ...]] = set()
            for one in relations.values():
                if one.kind == kind and not one.outside and (aside := self._read_related_part(one.target)):
                    lines = tuple(line for part in aside.list_parts() for line in part.lines)
                    if not label or lines not in told:
                        told.add(lines)
                        self.story.add(aside, label)

    def _read_related_part(self, name: str) -> Story | None:
        story = Story()
        try:
            self.read_part(name, self.package.read_relations(name), story)
        except SourceError as error:
            self.note_failure(name, error)
            return None
        return story

    def note_failure(self, name: str, error: SourceError) -> None:
        """Note a part that cannot be read; raise the error where there are too many of them."""
        if len(self.wrong) >= DAMAGED:
            raise error
        self.wrong.append(build_issue("bad-row", str(error), place=name[:200]))

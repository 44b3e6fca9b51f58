"""Text forms: 'FROM: IP MADRID', 'OUR REF: …', with values over several lines, numbered paragraphs, in four languages; and back.

A line opens a field where what stands before its first colon is a known label. A reference, a date, a code or an addressee ends with
its line; what is written in words goes on. Text without a label is the summary of facts. Quoted mail belongs to an earlier message.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import takewhile
from typing import Any

from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import Correspondence
from workbench.messages.traffic import field_labels, running_text
from workbench.messages.traffic.cited_references import add_references
from workbench.messages.traffic.labelled_line import COLON, ENDS, QUOTED, Line
from workbench.messages.traffic.labelled_values import FEWEST, ReadMessage, SurroundingText, build_message
from workbench.messages.traffic.message_builder import ONE_LINE, RUNNING
from workbench.model.text.normalise import INVISIBLE, SHAPELESS, fold_text

NUMBERED = re.compile(r"^(?:\(?[0-9٠-٩]{1,2} ?[.)\-]\s*|[a-zA-Z][.)]\s+|[-–*•]\s+)")
"""Number or bullet before a label or a paragraph."""
BULLET = re.compile(r"^[-–*•]\s+")
SEVERAL = re.compile(r" {1,4}(?:/{1,2}|\|) {1,4}| {3,40}|\t{1,9}")
"""Between labels that stand in one line: 'FROM: IP MADRID / TO: IP VALDORRA'."""
BARE = frozenset({"from_bureau", "to", "cc", "our_ref", "your_ref", "date_time", "urgency", "subject"})
"""Fields of the head of a telex whose labels, in capitals, need no colon: 'FM IP MADRID'."""
ALONE = ("urgency", "confidentiality")
"""Fields of the head whose words stand in a line without any label: 'URGENT'."""
UNFINISHED = re.compile(r"[-/&,;،؛]$")
"""What ends a line that goes on in the next."""
FULL = 40
"""Characters from which on a line may be too full for the next word."""
RULE = re.compile(r"[-=_*~#.]{3,}")
TELEX = frozenset({"nnnn", "bt", "end", "end of message", "fin", "fin du message", "fin del mensaje", "انتهى", "انتهي"})
"""Lines that begin or end a telex."""
BEGINS, CLOSES = "ZCZC", "NNNN"
"""Before the number of a telex, and the line below it. What stands outside them is of whoever passed it on."""
PART = re.compile(r"\f|^[ \t]*(?:NNNN|={10,}|\*{10,}|#{10,})[ \t]*$", re.MULTILINE)
"""What parts the messages of one file."""
PAGE = "\f"
SIGNED = re.compile(
    r"(?:(?:kind|best|with|warm)\b.{0,20})?regards\b|yours (?:sincerely|faithfully)|(?:bien )?cordialement|bien à vous"
    r"|veuillez agréer|(?:un )?(?:cordial|atento) saludo|saludos|atentamente|مع (?:خالص|أطيب|فائق)|وتفضلوا",
    re.IGNORECASE,
)
"""What a letter ends with; below it stand the name and the telephone of who wrote it."""
OTHERS = ("persons", "objects")
"""Fields of those whom a message is about."""
NARRATIVE = "summary_of_facts"
UNLABELLED = frozenset({"", "quoted", "title", BEGINS, CLOSES})
"""What stands for the label of a value that has none."""
UNKNOWN = 40
"""Characters, at most, of a label that nobody knows."""
INDENT = "    "


@dataclass(slots=True)
class Open:
    """A field that is being read: its label, its path, how far to the right it stands, its lines so far."""

    label: str
    field: str
    place: str
    indent: int
    blank: bool = False
    lines: list[str] = dataclasses.field(default_factory=list)
    below: bool = False

    def __post_init__(self) -> None:
        """Note whether all of its value stands below its label."""
        self.below = not self.lines

    @property
    def is_prose(self) -> bool:
        """Whether it is written in paragraphs."""
        return self.field.rpartition(".")[2] in RUNNING

    @property
    def is_one_line(self) -> bool:
        """Whether its value ends with its line, as that of a label does that nobody knows."""
        return not self.field or self.field.rpartition(".")[2] in ONE_LINE

    def is_continued_by(self, bare: str, *, deeper: bool) -> bool:
        """Whether a line without a label goes on with it."""
        if self.is_prose:
            return True
        listed = self.below and field_labels.is_list(self.field)
        if self.blank and (not deeper or (self.is_one_line and self.lines)):
            return False
        if (self.is_one_line or field_labels.is_list_of_parts(self.field)) and running_text.is_running_text(bare):
            return False
        if deeper or not self.lines:
            return deeper or listed or not NUMBERED.match(bare)
        if self.is_one_line or NUMBERED.match(bare):
            return listed or self._is_continuation(bare)
        return listed or bare[:1].islower() or not running_text.is_running_text(bare)

    def _is_continuation(self, bare: str) -> bool:
        """Whether the line before plainly goes on in this one."""
        before = self.lines[-1]
        return UNFINISHED.search(before) is not None or (len(before) >= FULL and bare[:1].islower())

    def build_line(self) -> Line:
        """The value: running text as it is written, all else without marks of direction, in one line unless it is a list."""
        if self.is_prose:
            return Line(self.label, "\n".join(self.lines).strip(), self.place, self.field)
        listed = field_labels.is_list(self.field)
        told = [self._strip_bullet(line) for line in self.lines if line]
        text = ("\n" if listed else " ").join(told)
        return Line(self.label, INVISIBLE.sub("", text).strip(), self.place, self.field)

    def _strip_bullet(self, line: str) -> str:
        """A line without the number or bullet that it has in a list."""
        if not self.below or not field_labels.is_list(self.field):
            return line
        return (BULLET if self.is_one_line else NUMBERED).sub("", line, 1)


def split_messages(text: str) -> Iterator[tuple[int, str]]:
    """Messages of a text, each with the number of its first line.

    A rule below a title or above a signature parts nothing, and the end of a page only where a second head follows.
    """
    bounds = [0, *(edge for match in PART.finditer(text) for edge in match.span()), len(text)]
    start, end = bounds[:2]
    whole = _is_form(text[start:end])
    for first, last in zip(bounds[2::2], bounds[3::2], strict=True):
        another = _is_form(text[first:last])
        if whole and another and (text[end:first] != PAGE or _is_headed(text[start:end], text[first:last])):
            yield text.count("\n", 0, start) + 1, text[start:end]
            start, whole = first, False
        end, whole = last, whole or another
    yield text.count("\n", 0, start) + 1, text[start:]


def _is_form(text: str) -> bool:
    return len({one.field for one in read_lines(text) if one.label} - {""}) >= FEWEST


def _is_headed(before: str, behind: str) -> bool:
    """Whether a text begins with a head that says otherwise in the fields that the head before it has too."""
    heads = [{one.field: one.text for one in read_lines(text) if one.field in BARE} for text in (before, behind)]
    both = heads[0].keys() & heads[1].keys()
    return len(both) >= FEWEST and any(heads[0][name] != heads[1][name] for name in both)


def read_messages(text: str) -> Iterator[ReadMessage]:
    """Messages of a text of forms."""
    found = list(split_messages(text))
    for number, part in found:
        made = add_references(build_message(f"line {number}" if len(found) > 1 else "", read_lines(part, number)))
        yield dataclasses.replace(made, texts=(part,))


def list_surroundings(text: str) -> Iterator[SurroundingText]:
    """What stands above the first and below the last of several messages: behind a rule, or above the beginning of a telex."""
    if len(list(split_messages(text))) == 1:
        return
    pieces = PART.split(text)
    above = list(takewhile(lambda one: not _is_form(one), pieces))
    below = list(takewhile(lambda one: not _is_form(one), reversed(pieces)))
    head, begins, _ = pieces[len(above)].partition(f"\n{BEGINS}")
    texts = {
        "above the first message": [*above, head if begins and not _is_form(head) else ""],
        "below the last message": below[::-1],
    }
    yield from (SurroundingText(place, "\n".join(found)) for place, found in texts.items() if "".join(found).strip())


def read_lines(text: str, first: int = 1) -> list[Line]:
    """Labelled values of one form, in their order; `first` is the number of its first line."""
    reading = _Reading()
    for number, raw in enumerate(text.split("\n"), first):
        for one in ENDS.split(raw.rstrip("\r")):
            reading.read_line(one, f"line {number}")
    return reading.finish()


class _Reading:
    """Reads the lines of one form."""

    def __init__(self) -> None:
        self.done: list[Line] = []
        self.open: Open | None = None
        self.quoted = self.signed = self.ended = False

    def read_line(self, raw: str, place: str) -> None:
        bare = SHAPELESS.sub("", raw).strip()
        self.quoted = self.quoted or QUOTED.match(bare) is not None
        self.signed = self.signed or SIGNED.match(bare) is not None
        if self.quoted:
            if bare:
                self._close()
                self.done.append(Line("quoted", bare, place))
        elif bare.startswith(BEGINS):
            self._start_telex(bare.removeprefix(BEGINS).strip(), place)
        elif bare.upper() == CLOSES:
            self._close()
            self.ended = True
        elif not bare or RULE.fullmatch(bare) or bare.casefold() in TELEX:
            self._add_blank()
        elif found := self._find_fields(raw, place):
            self._close()
            self.done += [one.build_line() for one in found[:-1]]
            self.open, self.ended = found[-1], False
        elif self.ended:
            self.done.append(Line(CLOSES, bare, place))
        else:
            self._go_on(raw, place)

    def finish(self) -> list[Line]:
        """The values. A title above the first label is no summary of facts where others follow, but a sentence is."""
        self._close()
        first = next((at for at, one in enumerate(self.done) if one.label), len(self.done))
        if any(one.field == NARRATIVE for one in self.done[first:]):
            self.done[:first] = [
                one if any(map(running_text.is_sentence, one.text.split("\n"))) else Line("title", one.text, one.place)
                for one in self.done[:first]
            ]
        return self.done

    def _start_telex(self, number: str, place: str) -> None:
        """Note the number of a telex; text above it is none of its facts."""
        self._close()
        self.ended = False
        self.done = [one if one.label else dataclasses.replace(one, label=BEGINS, field="") for one in self.done]
        self.done.append(Line(BEGINS, number, place))

    def _close(self) -> None:
        if self.open:
            self.done.append(self.open.build_line())
        self.open = None

    def _add_blank(self) -> None:
        if self.open:
            self.open.blank = True
            if self.open.is_prose:
                self.open.lines.append("")

    def _go_on(self, raw: str, place: str) -> None:
        """Add a line to the field that is open, or begin the summary of facts."""
        bare, plain, indent = raw.strip(), SHAPELESS.sub("", raw).strip(), _count_indent(raw)
        now = self.open
        deeper = now is not None and indent > now.indent
        if now is None or not now.is_continued_by(plain, deeper=deeper):
            self._close()
            now = self.open = Open("", NARRATIVE, place, -1 if not indent else indent - 1)
        if now.blank and not now.is_prose and now.lines:
            now.lines.append("")
        now.blank = False
        now.lines.append(
            bare if not now.is_prose else raw[min(indent, now.indent + len(INDENT)) :].rstrip() if deeper else bare
        )

    def _find_fields(self, raw: str, place: str) -> list[Open]:
        """Fields that a line opens; none where it goes on with the last."""
        indent = _count_indent(raw)
        if self.open and self.open.is_prose and any(self.open.lines) and indent > self.open.indent >= 0:
            return []
        pieces = SEVERAL.split(raw)
        found = [one for piece in pieces if (one := self._find_field(piece, place, indent)) and one.field]
        if len(pieces) > 1 and len(found) == len(pieces):
            return found
        whole = (
            self._find_field(raw, place, indent)
            or self._find_bare_label(raw, place, indent)
            or self._find_lone_word(raw, place, indent)
        )
        return [whole] if whole else []

    def _find_lone_word(self, raw: str, place: str, indent: int) -> Open | None:
        """A field of the head whose word stands alone in its line: 'URGENT'."""
        word = INVISIBLE.sub("", raw).strip()
        if (self.open and (self.open.is_prose or not self.open.lines)) or word[:1].islower() or not word[:1].isalpha():
            return None
        path = next((path for path in ALONE if field_labels.find_code(path, word) in get_codes(path)), "")
        return Open(path, path, place, indent, lines=[word]) if path else None

    def _find_bare_label(self, raw: str, place: str, indent: int) -> Open | None:
        """A field of the head whose label in capitals stands without a colon."""
        words = INVISIBLE.sub("", raw).split()
        if (self.open and (self.open.is_prose or self.open.blank)) or COLON.search(raw.strip()):
            return None
        for count in (3, 2, 1):
            label = " ".join(words[:count])
            if len(words) > count and label.isupper() and (path := field_labels.find_field(label)) in BARE:
                return Open(label, path, place, indent, lines=[" ".join(words[count:])])
        return None

    def _find_field(self, raw: str, place: str, indent: int) -> Open | None:
        label, value = split_line(raw)
        path = field_labels.find_field(label)
        if not label and field_labels.is_list_of_parts(
            heading := field_labels.find_field(INVISIBLE.sub("", raw).strip())
        ):
            return Open(raw.strip(), heading, place, indent)
        if not label or (not path and not self._is_head(label, value, indent)) or self._is_prose_label(path, value):
            return None
        return Open(label, path, place, indent, lines=[value] if value else [])

    def _is_prose_label(self, path: str, value: str) -> bool:
        """Whether a label stands in running text: a sentence follows where a person would, or it is below the signature."""
        named = path == "persons" and running_text.is_sentence(value)
        return named or (self.signed and path.startswith(OTHERS))

    def _is_head(self, label: str, value: str, indent: int) -> bool:
        """Whether a label that nobody knows is one: it stands among the fields above the text, is short, and no sentence follows."""
        now = self.open
        in_value = now is not None and (now.is_prose or not now.label or (bool(now.lines) and indent > now.indent))
        short = len(label) <= UNKNOWN and len(label.split()) <= 5
        return not in_value and bool(self.done or now) and short and not running_text.is_sentence(value)


def split_line(raw: str) -> tuple[str, str]:
    """Label and value of a line; ('', '') where it has none. Numbers before the label and points behind it are no part of it."""
    match = COLON.search(raw := raw.strip())
    if not match or raw[match.end() :].startswith("//"):
        return "", ""
    before = fold_text(raw[: match.start()])
    if len(before) >= field_labels.LONGEST + 20:
        return "", ""
    numbered = NUMBERED.match(before)
    label = before[numbered.end() if numbered else 0 :].strip(" .…_-*")
    return (label, raw[match.end() :].strip()) if any(map(str.isalpha, label)) else ("", "")


def _count_indent(raw: str) -> int:
    plain = INVISIBLE.sub("", raw).expandtabs(4)
    return len(plain) - len(plain.lstrip())


def format_message(message: Correspondence, language: str = "en") -> str:
    """A message as a text form with the labels of a language. `read` gives the message back.

    What a form cannot hold is changed: blanks at the ends of lines, control characters, the parts of a list that hold a semicolon.
    """
    told = [
        _format_field("form", message.form, language),
        *(_format_field(*one, language) for one in flatten_fields(message)),
    ]
    return "\n".join(told) + "\n"


def _format_field(path: str, value: str, language: str) -> str:
    heading = path.endswith("]")
    label = field_labels.get_label(path.rpartition("[")[0] if heading else path, language)
    first, *more = ENDS.split(value)
    head = f"{label.upper()}: {first}".rstrip()
    return "\n".join([head, *(f"{INDENT}{line}".rstrip() for line in more)])


def flatten_fields(thing: Any, under: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Path and text of each field of a message that holds something, in the order of the model. A part of a list has a line itself."""
    for one in fields(thing):
        value, path = getattr(thing, one.name), f"{under}.{one.name}" if under else one.name
        yield from _flatten_value(value, path)


def _flatten_value(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if is_dataclass(value):
        yield from flatten_fields(value, path)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for number, one in enumerate(value):
            yield f"{path}[{number}]", ""
            yield from flatten_fields(one, f"{path}[{number}]")
    elif isinstance(value, tuple):
        yield from ((path, str(one)) for one in value)
    elif isinstance(value, bool):
        yield path, "yes" if value else "no"
    elif value not in (None, ""):
        yield path, str(value)

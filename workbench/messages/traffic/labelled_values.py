"""From labelled values, as a form, a mail, a table or an object of JSON writes them, to a message, each value with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import FORMS, Attachment, Correspondence
from workbench.messages.model.message_json import get_field_types
from workbench.messages.traffic import field_labels
from workbench.messages.traffic.labelled_line import Contradiction, Line
from workbench.messages.traffic.marks import markings
from workbench.messages.traffic.message_builder import Filling
from workbench.model.catalogue import Sentence

FEWEST = 2
"""Different fields without which a text is no message."""
LEFT = "no field is called so, or it holds another value already"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: the field that it is now ('' where it is none), its place, its label, and what is written there.

    `meant`: the field that its label means.
    """

    field: str
    place: str
    label: str
    written: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class SurroundingText:
    """A text of a file that stands around its messages: where, and what it says.

    `told`: whether an officer is told of it where it bears no mark; not of what programs write, and of names.
    """

    place: str
    text: str
    told: bool = True


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """What was made of one message of a file.

    Attributes
    ----------
    place : str
        Where in the file: 'row 7', 'message 2', '' for the whole.
    message : Correspondence or None
        None where nothing could be made of it; `reason` says why.
    origins : tuple of Origin
        Every value of the source in its order.
    contradictions : tuple of Contradiction
        What it says several times and each time otherwise.
    texts : tuple of str
        The whole decoded text of the source, part by part, with all signs that readers leave out.
    """

    place: str
    message: Correspondence | None
    origins: tuple[Origin, ...] = ()
    reason: str = ""
    contradictions: tuple[Contradiction, ...] = ()
    texts: tuple[str, ...] = ()

    def list_source_texts(self) -> tuple[str, ...]:
        """What the source says, label and value a line: as it came, or the values that were read where nothing else is known."""
        return self.texts or ("\n".join(f"{one.label}: {one.written}" for one in self.origins),)

    @property
    def unmapped_values(self) -> tuple[Origin, ...]:
        """Values that went into no field. They stay in the source."""
        return tuple(one for one in self.origins if not one.field and one.written.strip())


def build_line(label: str, text: str, place: str, given: Mapping[str, str] | None = None) -> Line:
    """A labelled value; the field is what was `given` for the label, else what the label means."""
    return Line(label, text, place, given[label] if given and label in given else field_labels.find_field(label))


def build_message(
    place: str, lines: Iterable[Line], *, attached: Iterable[Attachment] = (), fewest: int = FEWEST
) -> ReadMessage:
    """The message that labelled values make; none where fewer than `fewest` fields are filled."""
    listed = list(markings.split_codes(lines))
    listed += markings.list_subject_marks(listed)
    filling = Filling(find_form(listed))
    put = {at: _put_value(filling, listed[at]) for at in markings.sort_lines(listed) if listed[at].field}
    origins = tuple(Origin(put.get(at, ""), one.place, one.label, one.text, one.field) for at, one in enumerate(listed))
    files = [_add_attachment(filling, file, place) for file in attached]
    filled = {one.field for one in origins if one.field and one.written.strip()}
    if len(filled) < fewest:
        return ReadMessage(place, None, origins, _describe_failure(listed, len(filled), fewest))
    return ReadMessage(
        place, filling.build_message(), (*origins, *files), contradictions=tuple(markings.find_contradictions(listed))
    )


def _describe_failure(lines: list[Line], filled: int, fewest: int) -> str:
    """Why no message could be made of what is written."""
    if not any(one.text.strip() for one in lines):
        return Sentence("row.traffic.nothing")
    if not filled:
        return Sentence("row.traffic.no_label", fewest=fewest)
    return Sentence("row.traffic.labels", n=filled, fewest=fewest)


def _put_value(filling: Filling, one: Line) -> str:
    """Put a value in; who stands behind 'Suspect:' is one."""
    status = field_labels.find_code("status", one.label) if one.field == "persons" else ""
    return filling.put(one.field, one.text, status if status in get_codes("person_status") else "")


def find_form(lines: list[Line]) -> str:
    """Which form of correspondence the values are of: as they say, else the first that has a field for each."""
    said = next(
        (
            field_labels.find_code(field_labels.FORM, one.text.strip())
            for one in lines
            if one.field == field_labels.FORM
        ),
        "",
    )
    if said in FORMS:
        return said
    wanted = {one.field.partition(".")[0].partition("[")[0] for one in lines if one.field} - {field_labels.FORM}
    kinds: dict[str, type] = dict(FORMS)
    return next((name for name, kind in kinds.items() if wanted <= set(get_field_types(kind))), next(iter(kinds)))


def _add_attachment(filling: Filling, file: Attachment, place: str) -> Origin:
    path = filling.add_value("attachments", file.name or "unnamed")
    at = path.rpartition(".")[0]
    for name in () if not path else ("sha256", "media_type", "confidentiality"):
        filling.put(f"{at}.{name}", getattr(file, name))
    return Origin(path, place, "attachment", file.name)

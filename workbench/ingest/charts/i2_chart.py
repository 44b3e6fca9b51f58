"""A chart of i2 as its file holds it: entities, links and texts with their cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.xml_elements import Elements, get_local_name
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's


METHOD = "anx"


VERSION = "4"


WHOLE = frozenset({"ChartItem"})


GRADES = ("GradeOne", "GradeTwo", "GradeThree")


TYPES = ("EntityType", "LinkType", "AttributeClass", "Strength")


STYLES = frozenset(
    {"IconStyle", "BoxStyle", "CircleStyle", "ThemeStyle", "EventStyle", "TextBlockStyle", "FrameStyle", "OLEItemStyle"}
)


NONE = frozenset({"", "-", "--", "none", "default"})


LONGEST = 100_000


@dataclass(slots=True)
class ItemCard:
    """A card of an item: what was noted about it, with its source."""

    summary: str = ""
    text: str = ""
    at: str = ""
    source: str = ""
    grades: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The card in one line."""
        graded = f"graded {'/'.join(self.grades)}" if self.grades else ""
        told = f"source: {self.source}" if self.source else ""
        return "; ".join(filter(None, (self.at, self.summary, self.text, told, graded)))


@dataclass(slots=True)
class ChartItem:
    """An entity or a link of a chart.

    Attributes
    ----------
    keys : tuple of str
        Ids under which links refer to an entity; empty for a link.
    ends : tuple of str
        Ids of the entities at the ends of a link; empty for an entity.
    is_text : bool
        Whether it is a text that stands on the chart.
    attributes : list of (class, value)
    """

    place: str
    label: str = ""
    identity: str = ""
    type: str = ""
    description: str = ""
    at: str = ""
    strength: str = ""
    arrow: str = ""
    source: str = ""
    grades: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    ends: tuple[str, str] | tuple[()] = ()
    is_text: bool = False
    attributes: list[tuple[str, str]] = field(default_factory=list)
    cards: list[ItemCard] = field(default_factory=list)


class Chart:
    """Items of a chart; a second pass reads the file again. `problem` says why the last pass stopped early, '' if not."""

    def __init__(self, source: SourceFile) -> None:
        self.source, self.problem = source, ""
        self.names: dict[str, str] = {}
        self.grades: dict[str, list[str]] = {name: [] for name in GRADES}
        self._gather()

    def _gather(self) -> None:
        """Names of types and words of the grades: some charts define them after the items."""
        inside = ""
        begun = False
        with self.source.open() as stream:
            elements = Elements(stream, self.source.name)
            for piece in elements:
                begun = True
                if piece.name in GRADES:
                    inside = piece.name if piece.begins else ""
                elif piece.begins and piece.name == "String" and inside:
                    self.grades[inside].append(clean_text(piece.element.get("Text", "")))
                elif piece.begins and piece.name in TYPES and piece.element.get("Id"):
                    self.names[piece.element.get("Id", "")] = clean_text(piece.element.get("Name", ""))
        if not begun:
            raise SourceError(Sentence("refused.file.chart_xml", name=self.source.name, problem=elements.problem))

    def __iter__(self) -> Iterator[ChartItem]:
        """Items in the order of the file."""
        count = 0
        with self.source.open() as stream:
            elements = Elements(stream, self.source.name, WHOLE)
            for piece in elements:
                if piece.name == "ChartItem" and not piece.begins:
                    count += 1
                    yield self._read_item(piece.element, f"item {count}")
        self.problem = elements.problem

    def _read_item(self, element: Element, place: str) -> ChartItem:
        made = ChartItem(place, _get_attribute(element, "Label"), description=_get_attribute(element, "Description"))
        made.at, made.source, made.grades = _read_moment(element), _format_source(element), self._list_grades(element)
        for child in element.iter():
            name = get_local_name(child.tag)
            if name == "Entity":
                made.identity = _get_attribute(child, "Identity")
                made.keys = tuple(
                    filter(None, (_get_attribute(child, "EntityId"), _get_attribute(element, "Id"), made.identity))
                )
            elif name == "Link":
                made.ends = (_get_end_id(child, "1"), _get_end_id(child, "2"))
            elif name == "LinkStyle" or name in STYLES:
                made.type = self._resolve_name(
                    child, "Type", ("LinkTypeReference", "EntityTypeReference", "IconTypeReference")
                )
                made.strength = made.strength or _drop_placeholder(
                    self._resolve_name(child, "Strength", ("StrengthReference",))
                )
                made.arrow = _get_attribute(child, "ArrowStyle")
                made.is_text |= name == "TextBlockStyle"
            elif name == "Attribute":
                made.attributes.append(
                    (
                        self._resolve_name(child, "AttributeClass", ("AttributeClassReference",)),
                        _get_attribute(child, "Value"),
                    )
                )
            elif name == "Card":
                text = clean_text(" ".join(child.itertext()))[:LONGEST]
                card = ItemCard(
                    _get_attribute(child, "Summary"),
                    _get_attribute(child, "Text") or text,
                    _read_moment(child),
                    _format_source(child),
                )
                card.grades = self._list_grades(child)
                made.cards.append(card)
        return made

    def _resolve_name(self, element: Element, name: str, references: tuple[str, ...]) -> str:
        """An attribute, or the name of what it refers to by id."""
        return _get_attribute(element, name) or next(
            (found for one in references if (found := self.names.get(element.get(one, "")))), ""
        )

    def _list_grades(self, element: Element) -> tuple[str, ...]:
        """Words of the grades, those that say nothing left out."""
        found = []
        for name in GRADES:
            index = element.get(f"{name}Index", "")
            known = self.grades[name]
            word = (
                known[int(index)]
                if index.isascii() and index.isdigit() and len(index) < 6 and int(index) < len(known)
                else ""
            )
            found.append(_drop_placeholder(word))
        return tuple(word for word in found if word)


def _get_attribute(element: Element, name: str) -> str:
    return clean_text(element.get(name, ""))[:LONGEST]


def _get_end_id(link: Element, number: str) -> str:
    return _get_attribute(link, f"End{number}Id") or _get_attribute(link, f"End{number}Reference")


def _drop_placeholder(word: str) -> str:
    """The word, '' where it is the mark of nothing said."""
    return "" if word.casefold() in NONE else word


def _format_source(element: Element) -> str:
    return ", ".join(filter(None, (_get_attribute(element, "SourceReference"), _get_attribute(element, "SourceType"))))


def _read_moment(element: Element) -> str:
    """Date of an item, with its time where one was set; '' if none was."""
    at = _get_attribute(element, "DateTime")
    if not at or element.get("DateSet", "").casefold() not in ("true", "1"):
        return ""
    day, _, clock = at.partition("T")
    timed = element.get("TimeSet", "").casefold() in ("true", "1")
    return f"{day}T{clock.removesuffix('.000')}" if timed and clock else day

"""The message desk from plain tables: lines of an inbox, faults of a message, fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from workbench_widgets.desk import (
    LARGEST,
    Blank,
    Draft,
    Field,
    Issue,
    Line,
    Links,
    Mention,
    MessageDesk,
    Office,
    Outgoing,
    Product,
    Reading,
    Section,
    Told,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LARGEST", "Blank", "Draft", "Issue", "Line", "Links", "Mention", "MessageDesk", "Office", "Outgoing", "Product", "Reading", "Told",
    "build_blank", "build_desk", "list_issues",
    "list_lines",
]  # fmt: skip


class FieldDescription(Protocol):
    """A field of a form, as the model of messages describes it."""

    @property
    def name(self) -> str:
        """As the model calls it."""

    @property
    def label(self) -> str:
        """As people call it."""

    @property
    def kind(self) -> str:
        """What is written into it."""

    @property
    def choices(self) -> Mapping[str, str]:
        """Code -> words."""

    @property
    def fields(self) -> Sequence[FieldDescription]:
        """Fields of a part."""

    @property
    def hint(self) -> str:
        """An example."""


Sections = Iterable[tuple[str, Sequence[FieldDescription]]]


def build_desk(
    office: Office,
    blanks: Callable[[str], Mapping[str, Blank]],
    **traits: Any,  # noqa: ANN401
) -> MessageDesk:
    """The desk of an office; `traits` are those of `MessageDesk`: categories, words, language, title, mark, as_at."""
    return MessageDesk(office, blanks, **traits)


def build_blank(label: str, sections: Sections) -> Blank:
    """A form to fill in, from what describes it; sections without a field are left out."""
    return Blank(label, [Section(name, [*map(_build_field, fields)]) for name, fields in sections if fields])


def _build_field(one: FieldDescription) -> Field:
    inner = [*map(_build_field, one.fields)]
    return Field(name=one.name, label=one.label, kind=one.kind, choices=one.choices, fields=inner, hint=one.hint)


def list_lines(table: pd.DataFrame) -> list[Line]:
    """Lines of a desk from a table whose columns are named as those of `Line`; what is missing is left out."""
    return [Line(**_select_values(row, Line)) for row in table.to_dict("records")]


def list_issues(faults: pd.DataFrame) -> list[Issue]:
    """Issues of a message from a table of faults (`workbench.messages.table`); those with a reason in `stands` are acknowledged.

    The id of an issue is its rule, field and words, and which one of several it is, so that it stays while one types elsewhere.
    """
    found, seen = [], dict[str, int]()
    for row in faults.to_dict("records"):
        key = "\t".join((str(row["rule"]), str(row["field"]), str(row["quote"])))
        seen[key] = seen.get(key, 0) + 1
        found.append(
            Issue(id=f"{key}\t{seen[key]}", acknowledged=bool(row.get("stands")), **_select_values(row, Issue))
        )
    return found


def _select_values(row: Mapping[Any, Any], part: type) -> dict[str, Any]:
    """Values of a row that a part has and that are not missing."""
    import pandas as pd

    names = cast("Mapping[str, object]", part.__annotations__)
    given = {str(name): _to_python(value) for name, value in row.items() if name in names}
    return {name: value for name, value in given.items() if isinstance(value, list) or not pd.isna(value)}


def _to_python(value: Any) -> Any:  # noqa: ANN401
    """A figure as Python has it."""
    return value.item() if hasattr(value, "item") else value

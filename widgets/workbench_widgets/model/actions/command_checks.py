"""What a caller of a command means, looked at before it is done: each check gives it back, or says in words what is wrong with it.

Commands from a browser or a log pass over what is no longer there; who writes a command by hand is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import networkx as nx

from workbench_widgets.link_attributes import STRENGTHS
from workbench_widgets.model.actions.commands import PAIR, is_on_chart, list_rows
from workbench_widgets.model.state import NO_FILTERS
from workbench_widgets.model.table import parse_moment
from workbench_widgets.words import RefusedError

if TYPE_CHECKING:
    from workbench_widgets.model.actions.session import Session

FEW = 3
"""Names that an error tells of."""
WORDS = ("title", "mark", "as_at", "language")


def check_graph(graph: object, words: Mapping[str, object] | None = None) -> None:
    """A networkx graph, and options of a chart.

    Raises
    ------
    ValueError
        If it is another thing, or there is no such option.
    """
    if not isinstance(graph, nx.Graph):
        raise ValueError(f"A chart needs a networkx graph or a CaseModel, not {graph!r:.60}. Give `nx.Graph(...)`.")
    if unknown := [name for name in words or {} if name not in WORDS]:
        raise ValueError(f"A chart has no option {unknown[0]!r}. Its options are {', '.join(WORDS)}.")


def check_beginning(graph: nx.Graph, shown: object, given: object) -> None:
    """Ids to begin with, which the graph has, and places in pixels.

    Raises
    ------
    ValueError
        If one of the ids is not in the graph, or a place is none.
    """
    check_data_ids(check_names(() if shown is None else shown, "the ids to begin with"), map(str, graph))
    check_places(given or {})


def check_names(names: object, what: str) -> list[str]:
    """Several names; one text is not taken for its letters."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"{what} are a list, not {names!r:.60}. Write [{names!r:.60}].")
    return [*map(str, names)]


def check_chart_ids(session: Session, ids: Iterable[object]) -> list[str]:
    """Ids of nodes, links, groups or notes on the chart.

    Raises
    ------
    ValueError
        If one of them is not on the chart.
    """
    wanted = [*map(str, ids)]
    for name in wanted:
        if not is_on_chart(session.table, session.state, name):
            raise ValueError(_describe_absence(session, name))
    return wanted


def _describe_absence(session: Session, name: str) -> str:
    if name in session.table.rows:
        return f"{name!r} is not on the chart now. `add` adds it; `restore` shows everything that was removed."
    on = session.node_ids()
    called = [one for one in on if session.table.labels[session.table.rows[one]].casefold() == name.casefold()]
    if called:
        return f"{name!r} is a name on the chart, not an id. Give {_format_first(called)}."
    some = f"Give an id, such as {_format_first(on)}; " if on else ""
    return f"There is no {name!r} on the chart. {some}`search` finds ids by names, and `add` adds them to the chart."


def _format_first(names: Iterable[str]) -> str:
    some = [*map(repr, names)]
    return ", ".join(some[:FEW])


def check_selection(session: Session, ids: list[str]) -> list[str]:
    """The ids; without any, what is chosen.

    Raises
    ------
    ValueError
        If nothing is chosen either.
    """
    found = ids or list(session.state.selection)
    if not found:
        raise ValueError("Nothing is selected. Use `select`, or give ids.")
    return found


def check_log(commands: object) -> list[dict[str, object]]:
    """Commands as `history` has them."""
    made = []
    for one in commands if isinstance(commands, Iterable) else [commands]:
        if not isinstance(one, Mapping) or "do" not in one:
            raise ValueError(f"{one!r:.80} is not a command of a log. Give `history`, or a saved `history`.")
        made.append(dict(one))
    return made


def check_data_ids(ids: Iterable[str], found: Iterable[str]) -> None:
    """Ids of which all are among those that the data of the chart have.

    Raises
    ------
    ValueError
        If one of them is not.
    """
    there = set(found)
    for name in ids:
        if name not in there:
            raise RefusedError(
                "'{name}' is not in the data of this chart. To find the id of an entity, search for its name with `search`.",
                name=name,
            )


def check_members(session: Session, ids: Iterable[str]) -> list[str]:
    """Ids of a group: two nodes on the chart at least."""
    wanted = check_chart_ids(session, ids)
    count = len(list_rows(session.table, session.state, wanted))
    if count < PAIR:
        raise ValueError(f"A group needs at least two entities, and these are {count}. Select more, or give their ids.")
    return wanted


def check_group(session: Session, name: str) -> str:
    """The id of a group."""
    there = [str(one["id"]) for one in session.state.groups]
    if name not in there:
        raise ValueError(f"There is no group {name!r}. Groups here: {', '.join(there) or 'none'}.")
    return name


def check_label(text: object) -> str:
    """The name of a group."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"The name of a group must be a text that is not empty, not {text!r:.60}.")
    return text.strip()


def check_note(session: Session, text: object, name: str) -> str:
    """The words of a note; none only for one that is there."""
    if not isinstance(text, str):
        raise ValueError(f"A note must be a text, not {text!r:.60}.")
    there = [str(one["id"]) for one in session.state.notes]
    if name and name not in there:
        raise ValueError(f"There is no note {name!r}. Notes here: {', '.join(there) or 'none'}.")
    if not text and not name:
        raise ValueError("A note needs a text. To remove a note, give its name.")
    return text


def check_place(x: object, y: object) -> tuple[float, float]:
    """A place in pixels."""
    for value in (x, y):
        if isinstance(value, bool | str) or not hasattr(value, "__float__") or not math.isfinite(float(value)):
            raise ValueError(f"A position is two numbers in pixels, not {x!r:.30} and {y!r:.30}.")
    return float(x), float(y)  # type: ignore[arg-type]


def check_chart_places(session: Session, given: object) -> dict[str, list[float]]:
    """Id on the chart -> x and y."""
    made = check_places(given)
    check_chart_ids(session, made)
    return made


def check_places(given: object) -> dict[str, list[float]]:
    """Id -> x and y in pixels."""
    if not isinstance(given, Mapping):
        raise ValueError(f"Positions must be a mapping of ids to (x, y), not {given!r:.60}.")
    made: dict[str, list[float]] = {}
    for name, spot in given.items():
        pair = tuple(spot) if isinstance(spot, Iterable) and not isinstance(spot, str) else ()
        if len(pair) != PAIR:
            raise ValueError(f"The position of {name!r} is (x, y), not {spot!r:.60}.")
        made[str(name)] = [*check_place(*pair)]
    return made


def check_filters(session: Session, given: Mapping[str, object]) -> dict[str, object]:
    """Filters by name, with what they hide."""
    style = session.table.styles.get(session.state.style)
    table, values = session.table, style.classes if style else ()
    there = {"schemas": table.schemas, "relations": table.relations, "strengths": STRENGTHS, "values": values}
    made: dict[str, object] = {}
    for name, value in given.items():
        if name not in NO_FILTERS:
            raise ValueError(f"There is no filter {name!r}. The filters are {', '.join(NO_FILTERS)}.")
        if name == "least":
            made[name] = check_whole_number(value, "the least count")
            continue
        made[name] = wanted = check_names(value, name)
        if absent := [one for one in wanted if one not in there[name]]:
            raise ValueError(
                f"none of the {name} is {absent[0]!r}. Here are: {', '.join(filter(None, there[name])) or 'none'}."
            )
    return made


def check_whole_number(value: object, what: str) -> int:
    """A whole number from nought on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{what} must be a whole number of at least 0, not {value!r:.60}.")
    return value


def check_period(start: object, end: object) -> dict[str, float | None]:
    """Both ends of a time, or none."""
    if (start is None) != (end is None):
        raise ValueError("A period needs a start and an end. Give both, or neither for all times.")
    return {"start": check_moment(start), "end": check_moment(end)}


def check_moment(value: object) -> float | None:
    """A time in milliseconds since 1970 UTC: of a number as it is, of a date, or of a text as ISO 8601 has it."""
    if value is None:
        return None
    counted = not isinstance(value, bool | str | date) and hasattr(value, "__float__")
    made = float(value) if counted else parse_moment(value)  # type: ignore[arg-type]
    if not math.isfinite(made):
        raise ValueError(
            f"{value!r:.60} is not a time. Give milliseconds since 1970 UTC, a datetime, or a text such as '2024-05-01T08:00'."
        )
    return made

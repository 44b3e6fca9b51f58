"""The commands of a chart that need nothing but its table and state. The same ones, with the same results, are in commands.js.

Each takes the table, the state and its own arguments as JSON has them, and gives a patch: the fields that change and their
new values. Ids that are not on the chart are passed over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sized
from typing import TYPE_CHECKING, cast

import numpy as np

from workbench_widgets.model.paths import find_path
from workbench_widgets.model.state import NO_FILTERS, Json, State, compute_visible
from workbench_widgets.model.table import Table
from workbench_widgets.visible_text import replace_surrogates

if TYPE_CHECKING:
    from numpy.typing import NDArray

Patch = dict[str, object]
Ids = Iterable[str]
PAIR = 2
NOTE, NAME = 4_000, 200
"""Characters of a note, and of the name of a group."""


def list_rows(table: Table, state: State, ids: Ids) -> list[int]:
    """Rows of the nodes that are meant, on the chart now: closed and open groups stand for their members."""
    groups = {str(group["id"]): cast("list[str]", group["members"]) for group in state.groups}
    found: dict[int, None] = {}
    for name in ids:
        for member in groups.get(name, [name]):
            row = table.rows.get(member)
            if row is not None and row < len(state.nodes) and state.nodes[row]:
                found[row] = None
    return list(found)


def link_row(name: str, size: int) -> int | None:
    """The row of a link by its id; None where there is none."""
    head, _, tail = name.partition(":")
    return int(tail) if head == "link" and tail.isascii() and tail.isdecimal() and int(tail) < size else None


def is_on_chart(table: Table, state: State, name: str) -> bool:
    """Whether an id is something on the chart."""
    row = table.rows.get(name)
    if row is not None:
        return row < len(state.nodes) and bool(state.nodes[row])
    link = link_row(name, len(state.links))
    if link is not None:
        return bool(state.links[link])
    return any(one["id"] == name for one in (*state.groups, *state.notes))


def select_items(table: Table, state: State, ids: Ids = (), add: bool = False) -> Patch:  # noqa: FBT001, FBT002 - as JSON has it
    """Choose; with `add` beside what is chosen, and what was chosen before is then no longer."""
    wanted = [name for name in dict.fromkeys(ids) if is_on_chart(table, state, name)]
    if not add:
        return {"selection": tuple(wanted)}
    before, after = set(state.selection), set(wanted)
    kept = [name for name in state.selection if name not in after]
    return {"selection": (*kept, *(name for name in wanted if name not in before))}


def invert_selection(table: Table, state: State) -> Patch:
    """Choose every node that is seen and not chosen."""
    nodes, _ = compute_visible(table, state)
    chosen = set(state.selection)
    return {"selection": tuple(table.ids[row] for row in np.flatnonzero(nodes) if table.ids[row] not in chosen)}


def select_neighbours(table: Table, state: State) -> Patch:
    """Choose, beside what is chosen, what it is linked to."""
    nodes, links = compute_visible(table, state)
    start = np.zeros(len(nodes), bool)
    start[list_rows(table, state, state.selection)] = True
    pairs = table.pairs[links]
    near = np.zeros(len(nodes), bool)
    near[pairs[start[pairs[:, 0]], 1]] = True
    near[pairs[start[pairs[:, 1]], 0]] = True
    chosen = set(state.selection)
    more = [table.ids[row] for row in np.flatnonzero(near & nodes) if table.ids[row] not in chosen]
    return {"selection": (*state.selection, *more)}


def dismiss_items(table: Table, state: State, ids: Ids = ()) -> Patch:
    """Take off the chart: nodes, links, notes."""
    wanted = dict.fromkeys(ids)
    nodes, links = state.nodes.copy(), state.links.copy()
    nodes[list_rows(table, state, wanted)] = 0
    for name in wanted:
        row = link_row(name, len(links))
        if row is not None:
            links[row] = 0
    notes = tuple(note for note in state.notes if note["id"] not in wanted)
    gone = set(wanted) | {table.ids[row] for row in np.flatnonzero(state.nodes & ~nodes & 1)}
    kept = tuple(name for name in state.selection if name not in gone)
    return {"nodes": nodes, "links": links, "notes": notes, "selection": kept}


def dismiss_others(table: Table, state: State, ids: Ids = ()) -> Patch:
    """Leave only these nodes on the chart; nothing happens where none of them is."""
    rows = list_rows(table, state, ids)
    if not rows:
        return {}
    nodes = np.zeros_like(state.nodes)
    nodes[rows] = 1
    left = {table.ids[row] for row in rows} | {str(one["id"]) for one in (*state.groups, *state.notes)}
    return {"nodes": nodes, "selection": tuple(name for name in state.selection if name in left)}


def restore_items(_table: Table, state: State) -> Patch:
    """Bring back all that was dismissed or had been on the chart before."""
    return {"nodes": np.ones_like(state.nodes), "links": np.ones_like(state.links)}


def move_items(table: Table, state: State, places: dict[str, list[float]]) -> Patch:
    """Put nodes, groups and notes at places; nodes are pinned there."""
    at, pinned, notes = state.positions.copy(), state.pinned.copy(), [dict(note) for note in state.notes]
    for name, (x, y) in places.items():
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        rows = list_rows(table, state, [name])
        middle = compute_centre(at, rows) if name not in table.rows else (0.0, 0.0)
        for row in rows:
            offset = (0.0, 0.0) if name in table.rows else (float(at[2 * row]), float(at[2 * row + 1]))
            at[2 * row], at[2 * row + 1] = offset[0] + x - middle[0], offset[1] + y - middle[1]
            pinned[row] = 1
        for note in notes:
            if note["id"] == name:
                note["x"], note["y"] = x, y
    return {"positions": at, "pinned": pinned, "notes": tuple(notes)}


def compute_centre(at: NDArray[np.float32], rows: list[int]) -> tuple[float, float]:
    """The middle of some nodes."""
    x = y = 0.0
    for row in rows:
        x, y = x + float(at[2 * row]), y + float(at[2 * row + 1])
    return (x / len(rows), y / len(rows)) if rows else (0.0, 0.0)


def pin_nodes(table: Table, state: State, ids: Ids = (), on: bool = True) -> Patch:  # noqa: FBT001, FBT002 - as JSON has it
    """Keep nodes where they are, whatever a layout does; or no longer."""
    pinned = state.pinned.copy()
    pinned[list_rows(table, state, ids)] = 1 if on else 0
    return {"pinned": pinned}


def set_filters(_table: Table, state: State, **filters: object) -> Patch:
    """Set filters: schemas, relations, strengths and values of the style that are not shown, the least count that is."""
    known_ones = {name: value for name, value in filters.items() if name in NO_FILTERS}
    for name, value in known_ones.items():
        known_ones[name] = (
            max(1, int(str(value))) if name == "least" else list(dict.fromkeys(map(str, cast("list[str]", value))))
        )
    return {"filters": {**state.filters, **known_ones}}


def set_period(_table: Table, _state: State, start: float | None = None, end: float | None = None) -> Patch:
    """Show dated links of a time only, in milliseconds since 1970 UTC; of all times where one end is missing."""
    return {"time_range": None if start is None or end is None else (min(start, end), max(start, end))}


def group_nodes(table: Table, state: State, ids: Ids = (), label: str = "") -> Patch:
    """Draw nodes as one; those of another group leave it."""
    members = [table.ids[row] for row in list_rows(table, state, ids)]
    if len(members) < PAIR:
        return {}
    others = remove_from_groups(state, members)
    made = {
        "id": find_free_id("group", state.groups),
        "label": replace_surrogates(label) or format_group_name(members),
        "members": members,
        "open": False,
    }
    return {"groups": (*others, made), "selection": (made["id"],)}


def remove_from_groups(state: State, members: list[str]) -> list[Json]:
    """The groups without some members; a group of fewer than two is none."""
    gone, kept = set(members), []
    for one in state.groups:
        left = [name for name in cast("list[str]", one["members"]) if name not in gone]
        if len(left) >= PAIR:
            kept.append(narrow_group(one, left))
    return kept


def narrow_group(group: Json, members: list[str]) -> Json:
    """A group with fewer members; where it is called by their number, by the new one."""
    label = (
        format_group_name(members)
        if group["label"] == format_group_name(cast("list[str]", group["members"]))
        else group["label"]
    )
    return {**group, "label": label, "members": members}


def format_group_name(members: Sized) -> str:
    """What a group is called that nobody named."""
    return f"{len(members)} entities"


def find_free_id(kind: str, taken: Iterable[Json]) -> str:
    """The next free id of a group or note."""
    return f"{kind}:{max((int(str(one['id']).partition(':')[2]) for one in taken), default=0) + 1}"


def open_group(_table: Table, state: State, id: str = "", on: bool = True) -> Patch:  # noqa: A002, FBT001, FBT002 - as JSON has it
    """Show the members of a group; or, with `on` false, draw it as one again."""
    return {"groups": tuple({**one, "open": on} if one["id"] == id else one for one in state.groups)}


def name_group(_table: Table, state: State, id: str = "", label: str = "") -> Patch:  # noqa: A002 - as JSON has it
    """Give a group another name; without one it keeps its own."""
    name = replace_surrogates(label[:NAME])
    return {"groups": tuple({**one, "label": name} if one["id"] == id else one for one in state.groups)} if name else {}


def remove_group(_table: Table, state: State, id: str = "") -> Patch:  # noqa: A002 - as JSON has it
    """Take a group apart; its members are chosen."""
    members = next((cast("list[str]", one["members"]) for one in state.groups if one["id"] == id), None)
    if members is None:
        return {}
    return {"groups": tuple(one for one in state.groups if one["id"] != id), "selection": tuple(members)}


def set_note(_table: Table, state: State, text: str = "", x: float = 0.0, y: float = 0.0, id: str = "") -> Patch:  # noqa: A002
    """Write a text on the chart, or another text in a note that is there; an empty text takes it away."""
    words = replace_surrogates(text[:NOTE])
    if any(one["id"] == id for one in state.notes):
        written = tuple({**one, "text": words} if one["id"] == id else one for one in state.notes)
        return {"notes": tuple(one for one in written if one["text"])}
    if not words:
        return {}
    made = {"id": find_free_id("note", state.notes), "text": words, "x": x, "y": y}
    return {"notes": (*state.notes, made), "selection": (made["id"],)}


def set_links_apart(_table: Table, _state: State, on: bool = True) -> Patch:  # noqa: FBT001, FBT002 - as JSON has it
    """Draw parallel links apart, or as one with their count."""
    return {"apart": on}


def set_style(table: Table, state: State, by: str = "") -> Patch:
    """Colour the nodes by an attribute, or by their schemas again; one that cannot be shown is passed over."""
    if by and by not in table.styles:
        return {}
    return {"style": by, "filters": {**state.filters, "values": []}} if by != state.style else {}


def select_path(table: Table, state: State, start: str = "", end: str = "", timed: bool = False) -> Patch:  # noqa: FBT001, FBT002
    """Choose a shortest path between two nodes over the links that are seen; with `timed` one that goes forward in time."""
    ends = list_rows(table, state, [start]), list_rows(table, state, [end])
    if not (ends[0] and ends[1]):
        return {}
    nodes, links = compute_visible(table, state)
    found = (
        find_path(table, links, ends[0][0], ends[1][0], timed=timed)
        if nodes[ends[0][0]] and nodes[ends[1][0]]
        else None
    )
    if found is None:
        return {}
    rows, passed = found
    return {"selection": (*(table.ids[row] for row in rows), *(f"link:{row}" for row in passed))}


COMMANDS: dict[str, Callable[..., Patch]] = {
    "select": select_items, "invert": invert_selection, "neighbours": select_neighbours, "dismiss": dismiss_items,
    "dismiss_others": dismiss_others,
    "restore": restore_items, "move": move_items, "pin": pin_nodes, "filter": set_filters, "during": set_period, "group": group_nodes,
    "open_group": open_group, "name_group": name_group, "ungroup": remove_group, "note": set_note,
    "apart": set_links_apart, "style": set_style,
    "path": select_path,
}  # fmt: skip
"""By the name under which they are logged."""

"""Sessions of work on a chart, made up from a seed: every command, with the ids that are there at the time, and some that are not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from workbench_widgets.model import ARRANGEMENTS, Session
from workbench_widgets.model.actions.commands import COMMANDS

if TYPE_CHECKING:
    from workbench_widgets.model.actions.session import Command

PAGE = (*sorted(COMMANDS), "undo", "undo", "undo", "redo", "redo")
"""What a page does without a kernel; undo and redo as often as people need them."""
KERNEL = (*PAGE, "expand", "expand", "add", "arrange", "show_all")
TEXTS = ("Seen <b>here</b>", "محمد", "<img src=x onerror=alert(1)>", "", "a\nb", "👍🏽" * 30)
DAY = 86_400_000


class Author:
    """Writes the next command of a session that it can see.

    Parameters
    ----------
    session : Session
    names : sequence of str
        Commands to choose from.
    seed : int
    """

    def __init__(self, session: Session, names: tuple[str, ...], seed: int) -> None:
        self.session, self.names, self.random = session, names, random.Random(seed)
        self.arguments: dict[str, Callable[[], dict[str, object]]] = {
            "select": lambda: {"ids": self.ids(), "add": self.toss()},
            **dict.fromkeys(("dismiss", "dismiss_others", "add"), lambda: {"ids": self.ids()}),
            "pin": lambda: {"ids": self.ids(), "on": self.toss()},
            "group": lambda: {"ids": self.ids(), "label": self.random.choice(TEXTS)},
            "move": lambda: {"places": {name: [self.pixel(), self.pixel()] for name in self.ids()}},
            "filter": self.filters,
            "during": self.times,
            "open_group": lambda: {"id": self.one(), "on": self.toss()},
            "ungroup": lambda: {"id": self.one()},
            "name_group": lambda: {"id": self.one(), "label": self.random.choice(("", " the two ", "<b>"))},
            "note": lambda: {"text": self.random.choice(TEXTS), "x": self.pixel(), "y": self.pixel(), "id": self.one()},
            "apart": lambda: {"on": self.toss()},
            "style": lambda: {"by": self.random.choice([*self.session.table.styles, "", "nothing"])},
            "path": lambda: {"start": self.one(), "end": self.one(), "timed": self.toss()},
            "expand": lambda: {"ids": self.ids(), "hops": self.random.randint(1, 2), "limit": self.random.randint(0, 6)},
            "arrange": lambda: {"how": self.random.choice(ARRANGEMENTS), "seed": self.random.randint(1, 3)},
        }  # fmt: skip

    def next(self) -> tuple[str, dict[str, object]]:
        """Name and arguments of a command."""
        name = self.random.choice(self.names)
        return name, self.arguments.get(name, dict)()

    def known(self) -> list[str]:
        """Ids of everything that there is, on the chart or off it."""
        state, table = self.session.state, self.session.table
        links = [f"link:{self.random.randrange(len(table.keys) + 1)}" for _ in range(4)]
        return [*table.ids, *links, *(str(one["id"]) for one in (*state.groups, *state.notes) for _ in range(4))]

    def ids(self) -> list[str]:
        return self.random.choices([*self.known(), "nobody"], k=self.random.randint(0, 6))

    def one(self) -> str:
        return self.random.choice([*self.known(), ""])

    def toss(self) -> bool:
        return self.random.random() < 0.5

    def pixel(self) -> float:
        return round(self.random.uniform(-900, 900), 3)

    def filters(self) -> dict[str, object]:
        some = {
            "schemas": self.random.sample(["Person", "Vehicle", "Company", "None"], self.random.randint(0, 2)),
            "relations": self.random.sample(["contacted", "owns", "uses"], self.random.randint(0, 1)),
            "strengths": self.random.sample(["confirmed", "unconfirmed", "tentative"], self.random.randint(0, 1)),
            "values": self.random.sample(self.classes(), self.random.randint(0, 2)),
            "least": self.random.randint(0, 3),
        }
        return {name: some[name] for name in self.random.sample(sorted(some), self.random.randint(1, 2))}

    def classes(self) -> list[str]:
        """Values of the style that is shown, and one that is none."""
        style = self.session.table.styles.get(self.session.state.style)
        return [*(style.classes if style else ()), "", "none of them"]

    def times(self) -> dict[str, object]:
        day = lambda: 1_709_251_200_000 + DAY * self.random.randint(-10, 90)  # noqa: E731 - March to May 2024
        return {"start": day(), "end": self.random.choice([day(), day(), None])}


def session_of(begin: Session, names: tuple[str, ...], seed: int, count: int = 200) -> Session:
    """The session after so many commands; its `history` is the script."""
    author = Author(begin, names, seed)
    for _ in range(count):
        name, given = author.next()
        begin.do(name, **given)
    return begin


def script(begin: Session, names: tuple[str, ...], seed: int, count: int = 200) -> list[Command]:
    """A log of so many commands."""
    return list(session_of(begin, names, seed, count).history)


def names_in(logs: list[list[Command]]) -> Iterator[str]:
    """Commands that occur."""
    yield from {str(command["do"]) for log in logs for command in log}

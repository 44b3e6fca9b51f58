"""Ten minutes of work: 200 commands with undo and redo come to the same chart as their log, in Python, in the page, and in both at once."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frontend
import pytest
from workbench_widgets.model import CaseModel, Session, is_same_state

from tests.widgets.graphs import sample
from tests.widgets.scripted import KERNEL, PAGE, Author, names_in, script, session_of
from tests.widgets.test_model import GRAPH, NODES, PLACES, columns, plain

HERE = Path(__file__).parent
SEEDS = range(6)
COUNT = 200
TRAITS = (
    "table",
    "nodes",
    "links",
    "positions",
    "pinned",
    "shape",
    "selection",
    "depth",
    "status",
    "answered",
    "alive",
    "hover",
)


def some() -> Session:
    """A chart that begins with nine of thirty nodes."""
    return Session(GRAPH, shown=NODES[:9], places=PLACES)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_session_and_its_log_come_to_the_same_chart(seed: int) -> None:
    session = session_of(some(), KERNEL, seed)
    assert len(session.history) == COUNT
    again = some()
    again.replay(json.loads(json.dumps(session.history)))  # as a log is kept in a file
    assert is_same_state(session.state, again.state)
    assert session.depth == again.depth
    assert plain(session) == plain(again)


@pytest.mark.slow
def test_every_command_is_in_it() -> None:
    assert set(names_in([script(some(), KERNEL, seed) for seed in SEEDS])) == set(Session.commands()) - {"act"}, (
        "deeds are a case's"
    )


def test_a_page_without_a_kernel_comes_to_the_same_charts(tmp_path: Path) -> None:
    begin = Session(GRAPH, places=PLACES)
    logs = [script(Session(GRAPH, places=PLACES), PAGE, seed, COUNT) for seed in SEEDS]
    material = {"columns": columns(begin), "begin": plain(begin), "logs": logs}
    path = tmp_path / "material.json"
    path.write_text(json.dumps(material), encoding="utf-8")
    found = subprocess.run(
        [str(frontend.get_node().program), str(HERE / "twin.mjs"), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    for log, theirs in zip(logs, json.loads(found.stdout), strict=True):
        session = Session(GRAPH, places=PLACES)
        session.replay(log)
        assert theirs == json.loads(json.dumps(plain(session)))


class Page:
    """The browser's half of a model, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tell(self, **message: object) -> dict[str, Any]:
        """Say something to the page; what it says."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(message, default=coded) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the page ended"
        return dict(json.loads(line))


def coded(value: object) -> object:
    """Bytes as the page takes them."""
    assert isinstance(value, bytes)
    return {"base64:": base64.b64encode(value).decode()}


@contextmanager
def page() -> Iterator[Page]:
    command = [str(frontend.get_node().program), str(HERE / "page.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Page(process)


class Between:
    """What is on its way between a page and its kernel, in both directions; each direction keeps its order."""

    def __init__(self, model: CaseModel, there: Page) -> None:
        self.model, self.there = model, there
        self.up: deque[dict[str, Any]] = deque()
        self.down: deque[dict[str, object]] = deque()
        self.last: dict[str, object] = {}
        self.changed()
        self.arrive()

    def changed(self) -> None:
        """The kernel sends what is new."""
        now = {name: getattr(self.model, name) for name in TRAITS}
        new = {name: value for name, value in now.items() if name not in self.last or self.last[name] != value}
        self.last = now
        self.down.append(json.loads(json.dumps(new, default=coded)))

    def work(self, name: str, given: dict[str, object]) -> None:
        """A person at the page gives a command."""
        self.up.extend(self.there.tell(do=name, given=given)["sent"])

    def rise(self) -> None:
        """The oldest message of the page arrives at the kernel."""
        if self.up:
            self.model._handle_message(None, self.up.popleft(), [])
            self.changed()

    def arrive(self) -> None:
        """The oldest news of the kernel arrive at the page."""
        if self.down:
            self.there.tell(news=self.down.popleft())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.slow
def test_a_page_and_its_kernel_end_at_the_same_chart_however_late_their_messages_are(seed: int) -> None:
    model = CaseModel(sample(60, seed=seed), shown=[f"n{number:04}" for number in range(14)])
    chance = random.Random(seed)
    author = Author(model.session, KERNEL, seed)
    with page() as there:
        between = Between(model, there)
        for _ in range(COUNT):
            name, given = author.next()
            if chance.random() < 0.15:
                model.do(name, **given)  # in a cell of the notebook
                between.changed()
            else:
                between.work(name, given)
            for _ in range(chance.randrange(4)):
                chance.choice([between.rise, between.arrive])()
        while between.up or between.down:
            between.rise()
            between.arrive()
        theirs = there.tell(tell=True)["state"]
    ours = json.loads(json.dumps(plain(model.session)))
    assert theirs == {name: ours[name] for name in theirs}
    assert len(model.history) == COUNT
    again = CaseModel(sample(60, seed=seed), shown=[f"n{number:04}" for number in range(14)])
    again.replay(model.history)
    assert is_same_state(again.session.state, model.session.state)

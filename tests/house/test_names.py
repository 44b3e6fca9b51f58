"""Files and functions are named for what they hold and do, and no two files of a room share a name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.imports import ROOT

FUNCTIONS = frozenset((Path(__file__).parent / "old_words.txt").read_text("utf-8").split("\n", 1)[1].split())
"""Participles, prepositions and adverbs that say nothing of what a function does."""
FILES = frozenset(
    """aside around asked behind beside blotting bound book doomed drawn early enclosed entrance flat front further gate gl hollow kept
    known linked lobby own painting pane parcel parted parts planned pointing reach rest rests said seen several shown spoken standing
    story surroundings taking tally things told unseen walking ways whole whose window without""".split()
)
"""Names of files that told a newcomer nothing."""
ROOMS = ("workbench", "widgets/workbench_widgets", "datasets/make", "tools")


def _sources(*endings: str) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in endings and not {"static", "node_modules", "__pycache__"} & {*path.parts}:
                yield path


def test_no_function_has_a_name_of_the_old_vocabulary() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _sources(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in FUNCTIONS
    ]
    assert found == []


def test_no_file_has_a_name_of_the_old_vocabulary() -> None:
    found = [str(path.relative_to(ROOT)) for path in _sources(".py", ".js") if path.name.split(".")[0] in FILES]
    assert found == []


def test_no_two_files_of_a_room_share_a_name() -> None:
    files = [path.relative_to(ROOT).parts for path in _sources(".py") if path.name != "__init__.py"]
    rooms = Counter((*parts[:2], parts[-1]) for parts in files if parts[0] == "workbench")
    assert sorted(room for room, count in rooms.items() if count > 1) == []

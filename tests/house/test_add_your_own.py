"""The code of `docs/add-your-own.md` works as pasted: into a copy of the repository, at the places that the page names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]
COPIED = ("workbench", "widgets", "datasets", "tests", "tools", "docs", "benchmarks", "pyproject.toml", "conftest.py")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".*")
BLOCK = re.compile(r"^```(?!sh)\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(
    r"`(?P<file>[\w./-]+)`, (?:(?P<whole>new file|at the end)|(?P<where>above|below|instead of)\s+"
    r"(?:`` (?P<long>[^\n]+?) ``|`(?P<line>[^`\n]+)`)):\s*\Z"
)
"""The end of the text before a block: its file and its place."""
HEADED = re.compile(r"^\| English \| fr \| es \| ar \|\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
PROMISED = re.compile(r"\*\*Files(?: to change)?: (\d+)\*\*")
BESIDES = ("tests/", "workbench/model/catalogue/", "widgets/workbench_widgets/words/", "workbench/messages/packs/")
"""Where tests and translations are, but for a pack of rules itself."""
PACK = re.compile(r"workbench/messages/packs/\w+\.yaml")

TRANSLATE = """
import json, sys
import frontend, strings
given = json.load(sys.stdin)
for _, path in strings.list_domains():
    made = strings.read_catalogue(path)
    for message in made:
        if message.id in given and not message.string:
            message.string = given[message.id][path.stem]
    strings.write_catalogue(made, path)
frontend.STATIC.mkdir(exist_ok=True)
frontend.STAMP.write_text(frontend.compute_fingerprint())
"""
"""Writes the translations of the page into the PO files; then tells the bundles of the widgets that they need not be built."""
READER = """
import workbench as wb
case = wb.open_case("cases/reader", officer="ada", purpose="test")
added = case.add("night.txt", options={"custodian": "Ada Winter"})
assert added["reader"].tolist() == ["harbour-talk"], added.iloc[0]
assert sorted(case.documents()["at"]) == ["2026-03-01T22:10:00+01:00", "2026-03-01T22:11:00+01:00"]
assert {"Rosa Blum", "Ada Winter"} <= set(case.entities()["caption"])
assert case.search("van waits")["text"].iloc[0] == "The van waits at gate 4."
case.close()
"""
QUESTION = """
import workbench as wb
from tests.patterns.test_telephony import ADAS
open("calls.csv", "w").write(ADAS)
case = wb.open_case("cases/question", officer="ada", purpose="test")
case.add("calls.csv", options={"region": "GB"})
answer = case.calls.longest("+44 7700 900100", limit=2)
assert answer.table["seconds"].tolist() == [60, 30] and "recorded user" in answer.table, answer.table
assert "voicemail" in answer.limits and "duration" in answer.method and answer.picture
assert answer.title == "Longest calls of +447700900100: 2" and answer.title.translate_to("ar") != answer.title
case.close()
"""
RULE = """
import sys
sys.path.insert(0, "datasets/make")
from bureaux.flow import traffic
from workbench.messages import Surroundings, check, load
pack = load("workbench/messages/packs/messages.yaml")
planted, told = set(), set()
for one in traffic(7, 1200):
    planted |= {one.message.message_id} if "MSG-49" in one.rules else set()
    told |= {one.message.message_id for fault in check(one.message, Surroundings(), [pack]) if fault.rule.id == "MSG-49"}
assert planted and planted == told, (planted, told)
"""
LAYOUT = """
import networkx as nx
from workbench_widgets.chart import LinkChart
from workbench_widgets.model import ARRANGEMENTS
chart = LinkChart(nx.star_graph(8))
CALL
assert chart.model.places["0"] == (0.0, 0.0) and len(set(chart.model.places.values())) == 9 and "coil" in ARRANGEMENTS
"""
CHECKED = (
    "tests/ingest/chats/test_harbour_talk.py",
    "tests/patterns/test_telephony.py",
    "tests/widgets/test_layouts.py",
    "tests/frozen/test_frozen_names.py",
    "tests/house/test_imports.py",
    "tests/case/test_outside.py",
    "tests/case/test_every_format.py",
    "tests/case/test_consulting.py",
    "tests/case/guide/test_help.py",
    "tests/faults/test_extremes.py",
    "tests/house/test_names.py",
    "tests/messages/test_packs.py",
    "tests/messages/test_translations.py",
    "tests/model/test_strings.py",
    "tests/views/test_reasons.py",
)
CHOSEN = (
    "(harbour_talk or harbour-talk or night or longest or coil or MSG-49 or test_frozen_names or test_imports or test_translations or "
    "test_every_way_in or test_what_holds_a_row or test_no_reader or test_questions_to_call or test_every_verb_has or test_a_subject_has "
    "or test_names or test_strings or test_every_reader_has) and not test_every_verb_answers"
)
"""Of these files."""


@dataclass(frozen=True)
class Block:
    """A block of code, the file that it goes into, how, and the beginning of the line that it goes to."""

    file: str
    how: str
    line: str
    text: str


def list_blocks(text: str) -> list[Block]:
    """The blocks of a page, but for commands.

    Raises
    ------
    AssertionError
        If the text before one has no file and no place.
    """
    found, begin = [], 0
    for block in BLOCK.finditer(text):
        mark = MARK.search(text[begin : block.start()])
        assert mark, f"no file and place before:\n{block[1][:200]}"
        found.append(Block(mark["file"], mark["whole"] or mark["where"], mark["long"] or mark["line"] or "", block[1]))
        begin = block.end()
    return found


def paste_block(block: Block, root: Path) -> None:
    """Put a block where the page says."""
    path = root / block.file
    if block.how == "new file":
        assert not path.exists(), f"{block.file} is not new"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    gap = "\n\n" if path.suffix == ".py" and not block.text.startswith(" ") else "\n"
    if block.how == "at the end":
        lines += [gap, block.text]
    else:
        at = [number for number, line in enumerate(lines) if line.strip().startswith(block.line)]
        assert len(at) == 1, f"{len(at)} lines of {block.file} begin with {block.line!r}"
        new = block.text if block.how != "above" else block.text + gap
        lines[at[0] : at[0] + 1] = {"above": [new, lines[at[0]]], "below": [lines[at[0]], new]}.get(block.how, [new])
    path.write_text("".join(lines), "utf-8")


def run_python(root: Path, *command: str, given: str = "") -> str:
    """Run Python in the copy; what it printed.

    Raises
    ------
    AssertionError
        If it failed.
    """
    paths = [str(root / part) for part in ("", "widgets", "tools", "tests/offline")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "WORKBENCH_HOME": str(root / "home")}
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env=env, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def list_translations(text: str) -> dict[str, dict[str, str]]:
    """English -> language -> translation, of the tables of a page."""
    rows = [row.strip("| ").split(" | ") for table in HEADED.findall(text) for row in table.splitlines()]
    return {english: dict(zip(("fr", "es", "ar"), others, strict=True)) for english, *others in rows}


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "docs" / "add-your-own.md").read_text("utf-8")


@pytest.fixture(scope="module")
def pasted(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with all that the page says put into it."""
    root = tmp_path_factory.mktemp("own")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(ROOT / name, root / name)
    for block in list_blocks(page):
        paste_block(block, root)
    run_python(root, "tools/strings.py", "update")
    run_python(root, "-c", TRANSLATE, given=json.dumps(list_translations(page)))
    return root


def test_the_page_counts_the_files_that_change(page: str) -> None:
    parts = PROMISED.split(page)
    for promised, text in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        files = {block.file for block in list_blocks(text.partition("\n## ")[0].partition("\n### ")[0])}
        counted = {one for one in files if PACK.fullmatch(one) or not one.startswith(BESIDES)}
        counted -= {"fr/ours.yaml", "try_rule.py"}
        assert len(counted) == promised <= 4, sorted(counted)


def test_every_sentence_has_its_translations(pasted: Path) -> None:
    assert "every sentence is in every language" in run_python(pasted, "tools/strings.py", "check")


def test_the_reader_reads_the_sample_export(pasted: Path) -> None:
    run_python(pasted, "-c", READER)


def test_the_question_is_answered(pasted: Path) -> None:
    run_python(pasted, "-c", QUESTION)


def test_the_rule_of_a_bureau_reports(pasted: Path) -> None:
    told = run_python(pasted, "try_rule.py")
    assert "Empty DataFrame" in told and "Add the vehicle with its plate." in told


def test_the_shipped_rule_reports_what_is_planted(pasted: Path) -> None:
    run_python(pasted, "-c", RULE)


def test_the_layout_arranges(page: str, pasted: Path) -> None:
    called = re.search(r"adds `(chart\.[\w.]+\(\"\w+\"\))`", page)
    assert called, "the page does not say how the layout is called"
    run_python(pasted, "-c", LAYOUT.replace("CALL", called[1]))


def test_the_tests_of_the_page_pass(pasted: Path) -> None:
    """Those that it has its reader write, and the quick ones of those that complain."""
    run_python(pasted, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", CHOSEN, *CHECKED)

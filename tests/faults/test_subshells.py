"""A widget's click while a cell runs, as JupyterLab 4.6 and ipykernel 7 do it: on a subshell of the kernel, which is a thread."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jupyter_client.manager import KernelManager

from tests.case import work
from workbench.case.case import open_case

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient

SECONDS = 60
OPEN = """
import json, time, workbench as wb
from tests.case import work
case = wb.open_case({folder!r}, officer="ada", purpose="test", passphrase={phrase!r}, encrypted={encrypted})
case.add({first!r})
waited = []
"""
ADD = """
added, end = 0, time.monotonic() + {seconds}
while time.monotonic() < end:
    place = work.write(__import__("pathlib").Path({more!r}) / f"more-{{added}}", 30, 13)
    assert set(case.add(place)["state"]) <= {{"read", "known"}}
    added += 1
"""
CLICK = """
start = time.monotonic()
work.{name}(case, {number})
waited.append(["{name}", time.monotonic() - start])
"""
STEPS = ("note", "search", "judge", "graph", "mark", "look")


@contextmanager
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A running kernel in the folder of the project."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(Path(__file__).parents[2]))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(120)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def subshell(client: BlockingKernelClient) -> str:
    """Make a subshell; its id."""
    asked = client.session.msg("create_subshell_request", {})
    client.control_channel.send(asked)
    return str(client.get_control_msg(timeout=60)["content"]["subshell_id"])


def send(client: BlockingKernelClient, code: str, shell: str = "") -> str:
    """Ask for code to be run, in a subshell if one is named; id of the request."""
    content = {
        "code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False,
        "stop_on_error": True,
    }  # fmt: skip
    asked = client.session.msg("execute_request", content)
    if shell:
        asked["header"]["subshell_id"] = shell
    client.shell_channel.send(asked)
    return str(asked["header"]["msg_id"])


def answer(
    client: BlockingKernelClient, request: str, known: dict[str, dict[str, object]], patience: float
) -> dict[str, object]:
    """The answer to a request; those to others that come before it are known from then on."""
    end = time.monotonic() + patience
    while request not in known:
        assert time.monotonic() < end, f"no answer in {patience} s"
        told = client.get_shell_msg(timeout=patience)
        known[str(told["parent_header"]["msg_id"])] = told["content"]
    told = known[request]
    assert told["status"] == "ok", told
    return told


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("phrase", ["", "correct horse battery"], ids=["plain", "encrypted"])
def test_clicks_while_a_cell_adds(tmp_path: Path, phrase: str) -> None:
    first = work.write(tmp_path / "first", 3)
    given = {"folder": str(tmp_path / "case"), "phrase": phrase, "encrypted": bool(phrase), "first": str(first)}
    with kernel() as (_, client):
        known: dict[str, dict[str, object]] = {}
        answer(client, send(client, OPEN.format(**given)), known, 120)
        shell = subshell(client)
        cell = send(client, ADD.format(seconds=SECONDS, more=str(tmp_path)))
        number, counts = 0, dict.fromkeys(STEPS, 0)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            name = STEPS[number % len(STEPS)]
            answer(client, send(client, CLICK.format(name=name, number=number), shell), known, 60)
            counts[name], number = counts[name] + 1, number + 1
        answer(client, cell, known, 120)
        tell = "open({path!r}, 'w').write(json.dumps([added, waited])); case.close()"
        answer(client, send(client, tell.format(path=str(tmp_path / "told.json"))), known, 60)
    added, waited = json.loads((tmp_path / "told.json").read_text())
    for name in STEPS:
        took = sorted(seconds for step, seconds in waited if step == name)
        print(
            f"{name}: {len(took)} clicks, median {took[len(took) // 2]:.2f} s, longest {took[-1]:.2f} s; {added} folders"
        )
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=phrase)
    assert min(counts.values()) > 0 and len(case.review.notes()) == counts["note"]
    assert len(case.sources.list()) == 4 + 30 * added
    assert work.sound(case)
    case.close()

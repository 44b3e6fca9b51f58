"""Starts `workbench lab` as a person would and works its pages with a Chromium from which nothing outside can be reached."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
from waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Locator, Page, Route

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/\S*)\?token=([0-9a-f]+)(?=\s)")
HERE = ("data:", "blob:", "about:")
WATCH = """cell => { const prompt = cell.querySelector('.jp-InputPrompt'), states = cell.promptStates = [];
  for (const one of cell.querySelectorAll('.jp-OutputArea-child')) one.dataset.before = '';
  cell.promptWatch?.disconnect();
  cell.promptWatch = new MutationObserver(() => states.push(prompt.textContent));
  cell.promptWatch.observe(prompt, { childList: true, characterData: true, subtree: true }); }"""
RAN = """cell => cell.promptStates.some(said => said.includes('*')) && /\\d/.test(cell.promptStates.at(-1))
  && !cell.querySelector('.jp-OutputArea-child[data-before]')"""
"""Whether a cell that is watched was run to its end since, and shows nothing of a run before."""


@dataclass(frozen=True)
class Server:
    """A running `workbench lab`."""

    root: Path
    base: str
    path: str
    token: str
    log: Path

    @property
    def address(self) -> str:
        """What the command tells the person to open."""
        return f"{self.base}{self.path}?token={self.token}"


@contextmanager
def server(root: Path, case: Path) -> Iterator[Server]:
    """`workbench lab` in a folder, with settings of its own; ended with everything that it started."""
    log = root / "lab.log"
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = {
        **os.environ,
        **{f"JUPYTER_{name}_DIR": str(root / ".jupyter" / folder) for name, folder in folders.items()},
        "JUPYTERLAB_WORKSPACES_DIR": str(root / ".jupyter" / "workspaces"),
        "IPYTHONDIR": str(root / ".jupyter" / "ipython"),
    }
    command = [sys.executable, "-m", "workbench.cli", "lab", str(case), "--no-browser", "--port", str(_free_port())]
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        found = _address(log, process)
        yield Server(root, f"http://127.0.0.1:{found[1]}", found[2], found[3], log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)


def _free_port() -> int:
    """A port that nobody uses now; where somebody takes it first, the server takes one after it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _address(log: Path, process: subprocess.Popen[bytes]) -> re.Match[str]:
    end = time.monotonic() + chromium.PATIENCE / 1000
    while time.monotonic() < end and process.poll() is None:
        if found := ADDRESS.search(log.read_text()):
            return found
        time.sleep(0.1)
    raise AssertionError(f"workbench lab did not start:\n{log.read_text()[-3000:]}")


def notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    written = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for n, text in enumerate(cells)
    ]
    path.parent.mkdir()
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": written}))


@dataclass
class Window:
    """A page with a record of what it asked for outside, what it said of errors, and which dialogs it opened."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def hear(self, dialog: Dialog) -> None:
        """Leave a page that asks to stay; write down every other dialog."""
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

    def run(self, number: int) -> Locator:
        """Run a cell as a person does, with Shift+Enter; its output, when the kernel is done with it."""
        cell = self.page.locator(".jp-Notebook .jp-Cell").nth(number)
        cell.scroll_into_view_if_needed()
        cell.evaluate(WATCH)
        cell.locator(".cm-content").click()
        cell.locator(".cm-content").press("Shift+Enter")
        until(self.page, lambda: cell.evaluate(RAN))
        return cell.locator(".jp-Cell-outputArea")


def window(browser: Browser, base: str, **options: object) -> Window:
    """A page from which each request that is not the server's is stopped and written down."""
    made = Window(chromium.window(browser, viewport={"width": 1400, "height": 1000}, **options))

    def route(asked: Route) -> None:
        if asked.request.url.startswith((base, *HERE)):
            asked.continue_()
        else:
            made.outside.append(asked.request.url)
            asked.abort()

    made.page.context.route("**/*", route)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("dialog", made.hear)
    return made

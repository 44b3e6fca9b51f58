"""Starts `workbench lab` as a person would and works its pages with a Chromium from which nothing outside can be reached."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/\S*)\?token=([0-9a-f]+)")
HERE = ("data:", "blob:", "about:")


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
    command = [sys.executable, "-m", "workbench.cli", "lab", str(case), "--no-browser", "--port", "8950"]
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
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _address(log: Path, process: subprocess.Popen[bytes], patience: float = 60) -> re.Match[str]:
    end = time.monotonic() + patience
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
        """Run a cell as a person does, with Shift+Enter; its output, when it is there."""
        cell = self.page.locator(".jp-Notebook .jp-Cell").nth(number)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        return cell.locator(".jp-Cell-outputArea")


def window(browser: Browser, base: str, **options: object) -> Window:
    """A page from which each request that is not the server's is stopped and written down."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 1400, "height": 1000}, service_workers="block", **options
    )  # type: ignore[arg-type]
    made = Window(context.new_page())

    def route(asked: Route) -> None:
        if asked.request.url.startswith((base, *HERE)):
            asked.continue_()
        else:
            made.outside.append(asked.request.url)
            asked.abort()

    context.route("**/*", route)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("dialog", made.hear)
    return made

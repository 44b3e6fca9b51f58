"""The Chromium of this machine, from which no test needs another flag than these."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

PATH = os.environ.get("WORKBENCH_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--enable-precise-memory-info", "--js-flags=--expose-gc",
)  # fmt: skip
GL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""WebGL by software."""
NO_GL = ("--disable-gpu", "--disable-software-rasterizer", "--disable-webgl", "--disable-webgl2")


@contextmanager
def started() -> Iterator[Browser]:
    """A browser with WebGL."""
    with sync_playwright() as play:
        browser = launched(play.chromium)
        yield browser
        browser.close()


def launched(kind: BrowserType, graphics: tuple[str, ...] = GL) -> Browser:
    """A browser; beside another one it may have other graphics."""
    return kind.launch(executable_path=PATH, args=[*FLAGS, *graphics])

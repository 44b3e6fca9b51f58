"""The Chromium of this machine, from which no test needs another flag than these; and its windows, which wait for a slow machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

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
PATIENCE = 180_000
"""Milliseconds after which something is taken never to come, however busy the machine is."""
SLOWER = float(os.environ.get("WORKBENCH_SLOW_BROWSER", "1"))
"""How many times slower than it is the browser's processor is made, to find what does not wait."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser with WebGL."""
    with sync_playwright() as play:
        browser = launched(play.chromium)
        yield browser
        browser.close()


def launched(kind: BrowserType, graphics: tuple[str, ...] = GL) -> Browser:
    """A browser; beside another one it may have other graphics."""
    return kind.launch(executable_path=PATH, args=[*FLAGS, *graphics], timeout=PATIENCE)


def window(browser: Browser, **look: object) -> Page:
    """A page in a context of its own, in which nothing gives up early."""
    context = browser.new_context(service_workers="block", **look)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    if SLOWER > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page

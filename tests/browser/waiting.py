"""Waits for what a page is to show: a test looks again until it is there, and counts on no speed of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from chromium import PATIENCE
from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Told = TypeVar("Told")
PAUSE = 100
"""Milliseconds between two looks."""


def until(page: Page, ask: Callable[[], Told], right: Callable[[Told], object] = bool) -> Told:
    """What is told, as soon as it is right; a script that stumbles over what is not on the page yet is asked again.

    Raises
    ------
    AssertionError
        If it never is: with what was told last.
    """
    end = time.monotonic() + PATIENCE / 1000
    while True:
        last: object
        try:
            if right(told := ask()):
                return told
            last = told
        except Error as error:
            last = error
        assert time.monotonic() < end, f"still {last!r:.500}"
        page.wait_for_timeout(PAUSE)


def becomes(page: Page, script: str, value: object) -> None:
    """Wait until a script on the page gives this value."""
    until(page, lambda: page.evaluate(script), lambda told: told == value)


def drawn_again(page: Page) -> None:
    """Wait until the page has drawn what it was told to draw at its next frame."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def settled(page: Page, ask: Callable[[], Told]) -> Told:
    """What is told, as soon as it is told twice with something drawn in between."""
    last: list[Told] = []

    def again() -> bool:
        drawn_again(page)
        last.append(ask())
        return len(last) > 1 and last[-1] == last[-2]

    until(page, again)
    return last[-1]


def still(part: Page | Locator) -> bytes:
    """The picture of a page or of a part of it, as soon as nothing in it moves."""
    return settled(getattr(part, "page", part), part.screenshot)


def spot(part: Locator, script: str, given: object = None) -> tuple[float, float]:
    """Where a script on an element says that a point of it is on the screen, as soon as it stays there."""
    part.scroll_into_view_if_needed()
    x, y = settled(part.page, lambda: part.evaluate(script, given))
    return x, y

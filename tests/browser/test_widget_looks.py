"""What every widget looks like, light and dark, narrow and wide, beside a picture that somebody has looked at.

`python tests/browser/test_widget_looks.py` makes the pictures in looks/ anew; look at each before it is committed.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), *(str(HERE.parents[1] / name) for name in (".", "widgets", "tools"))]

import chromium  # noqa: E402
import standalone  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402, TC002
from standalone import drawn, opened  # noqa: E402
from waiting import still  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOKS = HERE / "looks"
STYLES: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 480, "height": 900}},
    "wide": {"viewport": {"width": 1600, "height": 1000}},
}
ROOTS = {"evidence": ".wv", "table": ".we", "chart": ".wb-chart", "timeline": ".wt", "map": ".wm", "matrix": ".wx"}
ACROSS = 320
"""Pixels of a kept picture from side to side: enough to tell a layout, too few to tell a font."""
ALIKE = 7.0
"""Mean difference, of 255, up to which two pictures are taken for the same: fonts differ between machines."""
LARGEST = 60_000


def pictures(browser: Browser, folder: Path, look: str) -> Iterator[tuple[str, Image.Image]]:
    """Each widget in one look, as a small picture."""
    made = standalone.views()
    made["chart"].model.select("p0", "p15")  # type: ignore[attr-defined]
    with opened(browser, folder, list(made.values()), **STYLES[look]) as (page, _):
        drawn(page)
        for name, selector in ROOTS.items():
            if name == "matrix":
                page.evaluate("document.querySelector('.wb-chart').wbChart.store.runCommand('select', { ids: [] })")
            yield f"{name}-{look}", shot(page, selector)
    with opened(browser, folder, [standalone.workspace()], **STYLES[look]) as (page, _):
        drawn(page)
        yield f"workspace-{look}", shot(page, ".ww")


def shot(page: Page, selector: str) -> Image.Image:
    """What is seen of an element, made small."""
    one = page.locator(selector).first
    one.scroll_into_view_if_needed()
    page.mouse.move(2, 2)
    whole = Image.open(io.BytesIO(still(one))).convert("RGB")
    return whole.resize((ACROSS, round(whole.height * ACROSS / whole.width)), Image.Resampling.LANCZOS)


def numbers(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), dtype=np.int16)


@pytest.mark.parametrize("look", STYLES)
def test_widgets_look_as_they_did_when_somebody_looked(browser: Browser, tmp_path: Path, look: str) -> None:
    seen = []
    for name, now in pictures(browser, tmp_path, look):
        kept = Image.open(LOOKS / f"{name}.png")
        assert abs(kept.height - now.height) < 0.12 * kept.height, name
        seen.append((name, round(float(np.abs(numbers(kept) - numbers(now.resize(kept.size))).mean()), 2)))
        assert len(np.unique(numbers(now).reshape(-1, 3) // 32, axis=0)) > 6, f"{name} is blank"
    assert [one for one in seen if one[1] > ALIKE] == [], seen


def test_kept_pictures_are_small_and_all_there() -> None:
    kept = {path.stem: path.stat().st_size for path in LOOKS.glob("*.png")}
    assert set(kept) == {f"{name}-{look}" for name in (*ROOTS, "workspace") for look in STYLES}
    assert max(kept.values()) < LARGEST


if __name__ == "__main__":
    LOOKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium.started() as started:
        for style in STYLES:
            for title, image in pictures(started, Path(place), style):
                image.quantize(64).save(LOOKS / f"{title}.png", optimize=True)

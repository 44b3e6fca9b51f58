"""What the message desk looks like, in light and dark, in both directions, wide and narrow, beside pictures that somebody looked at.

`python tests/browser/test_desk_looks.py` makes the pictures in looks/desk/ anew; look at each before it is committed.
"""

from __future__ import annotations

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
import piped  # noqa: E402
import practice  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402, TC002
from test_widget_looks import ALIKE, LARGEST, numbers, shot  # noqa: E402

from workbench.messages import Message  # noqa: E402
from workbench.messages.model.message import Person  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOKS = HERE / "looks" / "desk"
NARROW = {"viewport": {"width": 700, "height": 900}}
STYLES: dict[str, tuple[str, dict[str, object]]] = {
    "light": ("en", {}),
    "dark": ("en", {"color_scheme": "dark"}),
    "right": ("ar", {}),
    "right-dark": ("ar", {"color_scheme": "dark"}),
    "narrow": ("en", NARROW),
    "narrow-right": ("ar", NARROW),
}
SIGHTS = ("inbox", "read", "links", "compose", "preview")
TEXT = "On 3 March 2026 in Valdorra the criminal OLIVEIRA Marta sold cars. Call 0612345678 before 03/04/2026.\nيطلب تحديد هوية صاحب الرقم"
FACTS = (
    "On 14 February 2026 in Port Valdorra, OLIVEIRA Marta is alleged to have sold three cars that she did not own, by means of forged "
    "papers. The buyers paid 41 000 EUR to an account in your country. Her number is +447700900123."
)
SUBJECTS = (
    "MISSING CHILD / WARNING", "FRAUD / IDENTIFICATION / OLIVEIRA", "أسلحة نارية / استعلام", "VÉHICULE VOLÉ / VÉRIFICATION",
    "DOCUMENTOS FALSOS / CONSULTA", "MONEY LAUNDERING / BANK DATA", "احتيال / استعلام", "ROBBERY / LOCATE",
)  # fmt: skip
MESSAGES = [
    Message(
        type="request", our_ref=f"XB-2026-{at:04}", from_bureau="XB-NCB" if at % 2 else "XC-NCB", to=("XA-NCB",), subject=subject,
        date_time=f"2026-11-{26 - at}T08:30:00+00:00", reply_by="" if at % 3 else "2026-11-25", crime_area=("fraud",), language="en",
        urgency="normal", purpose="person_info", legal_basis="Code of criminal procedure, section 12", summary_of_facts=FACTS,
        confidentiality="RESTRICTED" if at % 4 == 3 else "FOUO", handling="H1", requested_action=("identify",),
        persons=(Person(family_name="OLIVEIRA", forename="Marta", sex="F", status="suspect", phones=("+447700900123",)),),
    ) for at, subject in enumerate(SUBJECTS)
]  # fmt: skip
"""Messages of their own, so that no change of the traffic changes a picture."""
CLOCK = practice.NOW.timestamp() * 1000
OVERLAP = """() => { const boxes = [...document.querySelectorAll('.wd button, .wd input, .wd textarea, .wd select')]
  .filter(e => !e.closest('.wd-issues, .wd-links, .wd-bar, .wd-each')).map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width);
  const both = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const pane = e => e.closest('.wd-pane, .wd-inbox, .wd-head');
  return boxes.flatMap(([e, a], at) => boxes.slice(at + 1).filter(([f, b]) => both(a, b) && pane(e) === pane(f))
    .map(([f]) => [e.outerHTML.slice(0, 80), f.outerHTML.slice(0, 80)])); }"""
"""Controls that lie over one another."""


def pictures(browser: Browser, folder: Path, style: str) -> Iterator[tuple[str, Image.Image]]:
    """Each sight of the desk in one style, as a small picture; no control lies over another."""
    language, look = STYLES[style]
    office = Path(tempfile.mkdtemp(dir=folder)) / "office"
    with piped.live(browser, folder, practice.opened(office, messages=MESSAGES, language=language), **look) as (
        page,
        _,
    ):
        page.evaluate("(now) => { Date.now = () => now; document.querySelector('.wd').wbView.build(); }", CLOCK)

        def seen(name: str) -> tuple[str, Image.Image]:
            page.evaluate("document.activeElement.blur()")
            assert page.evaluate(OVERLAP) == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            return f"{name}-{style}", shot(page, ".wd")

        yield seen("inbox")
        page.locator(".wd-line").nth(1).click()
        page.locator(".wd-reading").wait_for()
        yield seen("read")
        page.locator("button.wd-named").first.click()
        page.locator(".wd-links").wait_for()
        yield seen("links")
        page.locator(".wd-close").click()
        page.locator(".wd-reading .wd-primary").click()
        page.locator('[data-place="summary_of_facts"] textarea').fill(TEXT)
        page.locator(".wd-under", has_text="the criminal").wait_for()
        yield seen("compose")
        page.locator(".wd-tab").nth(1).click()
        page.locator(".wd-preview").wait_for()
        yield seen("preview")


@pytest.mark.parametrize("style", STYLES)
def test_the_desk_looks_as_it_did_when_somebody_looked(browser: Browser, tmp_path: Path, style: str) -> None:
    found = []
    for name, now in pictures(browser, tmp_path, style):
        kept = Image.open(LOOKS / f"{name}.png")
        assert abs(kept.height - now.height) < 0.12 * kept.height, name
        found.append((name, round(float(np.abs(numbers(kept) - numbers(now.resize(kept.size))).mean()), 2)))
        assert len(np.unique(numbers(now).reshape(-1, 3) // 32, axis=0)) > 6, f"{name} is blank"
    assert [one for one in found if one[1] > ALIKE] == [], found


def test_kept_pictures_are_small_and_all_there() -> None:
    kept = {path.stem: path.stat().st_size for path in LOOKS.glob("*.png")}
    assert set(kept) == {f"{name}-{style}" for name in SIGHTS for style in STYLES}
    assert max(kept.values()) < LARGEST


if __name__ == "__main__":
    LOOKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium.started() as started:
        for style in STYLES:
            for title, image in pictures(started, Path(place), style):
                image.quantize(64).save(LOOKS / f"{title}.png", optimize=True)

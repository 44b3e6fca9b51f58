"""The base of widgets whose browser half is bundled into static/ by the package's build."""

from __future__ import annotations

from pathlib import Path

import anywidget

STATIC = Path(__file__).parent / "static"


class Bundled(anywidget.AnyWidget):
    """A widget with a bundle: `class Chart(Bundled, bundle="chart")` runs static/chart.js with static/chart.css.

    Raises
    ------
    RuntimeError
        When one is made and its bundle was never built.
    """

    bundle = ""

    def __init_subclass__(cls, bundle: str = "") -> None:
        if bundle:
            cls.bundle = bundle
            for name, ending in (("_esm", "js"), ("_css", "css")):
                path = STATIC / f"{bundle}.{ending}"
                if path.is_file():
                    setattr(cls, name, path)
        super().__init_subclass__()

    def __init__(self, **traits: object) -> None:
        if not hasattr(self, "_esm"):
            raise RuntimeError(
                f"the browser half of {type(self).__name__} was never built: static/{self.bundle}.js is missing. In a checkout run "
                "`python3 tools/frontend.py build`, then start the kernel again; otherwise install the package again."
            )
        super().__init__(**traits)

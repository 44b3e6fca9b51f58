"""The base of widgets whose browser half is bundled into static/ by the package's build."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets as t

from workbench_widgets.words import Translator, load_texts

STATIC = Path(__file__).parent / "static"


class Bundled(anywidget.AnyWidget):
    """A widget with a bundle: `class Chart(Bundled, bundle="chart")` runs static/chart.js with static/chart.css.

    Attributes
    ----------
    rooms : tuple of str
        Folders of the scripts whose texts the browser half needs; by default 'kit' and that of the bundle.
    language : str
        In which the widget speaks: en, fr, es or ar; with it goes the direction of the whole.

    Raises
    ------
    RuntimeError
        When one is made and its bundle was never built.
    """

    bundle = ""
    rooms: tuple[str, ...] = ()
    language = t.Unicode("en").tag(sync=True)
    words = t.Dict().tag(sync=True)

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
                f"The browser part of {type(self).__name__} was never built: static/{self.bundle}.js is missing. In a checkout run "
                "`python3 tools/frontend.py build`, then start the kernel again; otherwise install the package again."
            )
        super().__init__(**traits)
        self._send_texts()
        self.observe(self._send_texts, "language")

    @property
    def say(self) -> Translator:
        """What says texts in the language of the widget."""
        return Translator(self.language)

    def _send_texts(self, _: object = None) -> None:
        """Send the texts of the language that the scripts have; English is in the scripts."""
        found = load_texts(self.language, self.rooms or ("kit", self.bundle))
        self.words = {self.language: dict(found)} if found else {}

"""What every view has: a picture beside it, for where no kernel runs, and a line of text."""

from __future__ import annotations

import base64
import secrets
from html import escape
from typing import TYPE_CHECKING, Any, cast

import traitlets as t

from workbench_widgets.bundled_widget import Bundled

if TYPE_CHECKING:
    from collections.abc import Callable

WIDGET = "application/vnd.jupyter.widget-view+json"


class View(Bundled):
    """A widget with a static twin.

    In a notebook the picture is shown first and taken away when the widget is there. A notebook that is opened again, is not
    trusted, or was exported keeps the picture. Widget state is not needed for it.
    """

    twin = t.Unicode("").tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(twin=secrets.token_hex(6), **traits)

    def to_svg(self) -> str:
        """The picture as SVG; '' where there is none."""
        return ""

    def __repr__(self) -> str:
        return type(self).__name__

    def _repr_mimebundle_(self, **options: object) -> tuple[dict[str, object], dict[str, object]]:
        """The widget, its picture and a line of text."""
        data, metadata = super()._repr_mimebundle_(**cast("dict[Any, Any]", options)) or ({}, {})
        picture = self.to_svg()
        return {**data, **({"image/svg+xml": picture} if picture else {}), "text/plain": repr(self)}, metadata

    def _ipython_display_(self) -> None:
        """Show the picture, and over it the widget, which hides it."""
        from IPython import display as shown

        display = cast("Callable[..., None]", shown.display)

        data, metadata = self._repr_mimebundle_()
        picture = data.pop("image/svg+xml", "")
        if picture:
            source = base64.b64encode(str(picture).encode()).decode()
            image = f'<img alt="{escape(repr(self))}" src="data:image/svg+xml;base64,{source}" style="max-width:100%">'
            twin = {"text/html": f'<div data-wb-twin="{self.twin}">{image}</div>', "text/plain": repr(self)}
            display(twin, raw=True)
        display(data, metadata=metadata, raw=True)

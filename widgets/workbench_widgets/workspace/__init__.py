"""Several views of one model in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import traitlets as t

from workbench_widgets import page
from workbench_widgets.visible_text import escape_hidden
from workbench_widgets.widget_view import View

__all__ = ["Workspace"]

AREAS = ("main", "side", "below")


class Workspace(View, bundle="workspace"):
    """Views that show the same model, side by side and in tabs: what is chosen in one is chosen in all.

    Parameters
    ----------
    main, side, below : mapping of str to View
        Heading -> view; several views of an area are tabs. The first view of `main` gives the picture.
    language : str, optional
        By default that of the first view.

    Raises
    ------
    ValueError
        If there is no view in `main`, or an area holds another thing.
    """

    areas = t.Dict().tag(sync=True)

    def __init__(
        self, main: Mapping[str, View], side: Mapping[str, View] | None = None, below: Mapping[str, View] | None = None,
        *, language: str | None = None,
    ) -> None:  # fmt: skip
        for name, views in zip(AREAS, (main, side or {}, below or {}), strict=True):
            if not _is_area(views):
                raise ValueError(
                    f"the area {name!r} is a mapping of headings to views, such as {{'Chart': chart}}, not {views!r:.60}."
                )
        if not main:
            raise ValueError("A workspace needs a view in its main area.")
        self.views: dict[str, View] = {**main, **(side or {}), **(below or {})}
        parts = {name: [*_list_parts(views or {})] for name, views in zip(AREAS, (main, side, below), strict=True)}
        super().__init__(areas=parts, language=language or next(iter(main.values())).language)

    def _send_texts(self, change: object = None) -> None:
        """Send the texts of the language, in which all views in it speak."""
        super()._send_texts(change)
        for view in self.views.values():
            view.language = self.language

    def head(self, headings: Mapping[str, str]) -> None:
        """Give views other headings: the present one -> another."""
        self.views = {headings.get(name, name): view for name, view in self.views.items()}
        self.areas = {
            area: [{**part, "title": headings.get(part["title"], part["title"])} for part in parts]
            for area, parts in self.areas.items()
        }

    def parts(self) -> Sequence[View]:
        """The views in it."""
        return list(self.views.values())

    def to_svg(self) -> str:
        """The picture of the first view."""
        return next(iter(self.views.values())).to_svg()

    def to_html(self, *, title: str = "") -> str:
        """All views, linked, as one interactive file that needs no kernel and no network."""
        return page.build_page([self], title=title or self.say.word("Workspace", "noun"))

    def __repr__(self) -> str:
        return self.say("{what}: {views}", what=self.say.word("Workspace", "noun"), views=", ".join(self.views))


def _is_area(views: object) -> bool:
    return isinstance(views, Mapping) and all(isinstance(view, View) for view in views.values())


def _list_parts(views: Mapping[str, View]) -> Sequence[dict[str, str]]:
    return [{"title": escape_hidden(title), "ref": f"anywidget:{view.model_id}"} for title, view in views.items()]

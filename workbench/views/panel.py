"""The case as a panel of ipywidgets: overview, search, review of suggestions, adding files. Every click is a verb of the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from workbench.views import cards

if TYPE_CHECKING:
    import ipywidgets as w

SHOWN = 12
"""Pairs and suggestions that the review tab lists at once."""


class Desk(Protocol):
    """What the panel needs of a case."""

    def overview(self) -> str:
        """Escaped HTML of the overview."""

    def search(self, text: str, **options: str) -> pd.DataFrame:
        """Hits (HITS)."""

    def pairs(self) -> pd.DataFrame:
        """Unjudged candidate pairs (PAIRS)."""

    def mentions(self) -> pd.DataFrame:
        """Suggested entities without a verdict: entity_id, caption, schema, mentions, text (an example)."""

    def judge(self, pair: tuple[str, str], same: bool | None, because: str) -> None:
        """Judge a pair."""

    def review(self, entity: str, accept: bool, because: str) -> None:
        """Accept or reject a suggested entity."""

    def drop(self, name: str, content: bytes) -> str:
        """Add a file; what became of it, in a sentence."""


def panel(desk: Desk) -> w.Tab:
    """The panel: tabs Overview, Search, Review, Add."""
    import ipywidgets as w

    overview = w.HTML(desk.overview())
    refresh: Callable[[], None] = lambda: setattr(overview, "value", desk.overview())  # noqa: E731
    tabs = w.Tab(children=[overview, search_tab(desk), review_tab(desk, refresh), add_tab(desk, refresh)])
    for number, title in enumerate(("Overview", "Search", "Review", "Add files")):
        tabs.set_title(number, title)
    tabs.add_class("wb-panel")
    return tabs


def search_tab(desk: Desk) -> w.VBox:
    """Search box with bounds; hits with the match marked."""
    import ipywidgets as w

    box = w.Text(placeholder="words, a \"phrase\", or a whole sentence", layout=w.Layout(width="26em"), tooltip="Searches words and meaning together")
    since, until = (w.Text(placeholder=name, layout=w.Layout(width="9em"), tooltip=f"{name}: 2022-07-08") for name in ("since", "until"))
    sender = w.Text(placeholder="sender", layout=w.Layout(width="10em"), tooltip="Only from this person or account")
    go = w.Button(description="Search", button_style="primary", icon="search")
    out = w.HTML(cards.page('<p class="small">Type what you look for and press Enter.</p>'))

    def run(_: object) -> None:
        if box.value.strip():
            out.value = cards.page('<p class="small">Searching …</p>')
            out.value = _answer(lambda: cards.hits(desk.search(box.value, since=since.value, until=until.value, sender=sender.value)))

    go.on_click(run)
    box.on_submit(run) if hasattr(box, "on_submit") else None
    return w.VBox([w.HBox([box, go]), w.HBox([since, until, sender]), out])


def review_tab(desk: Desk, changed: Callable[[], None]) -> w.VBox:
    """Candidate pairs and suggested entities, each with buttons; what is decided leaves the list."""
    import ipywidgets as w

    because = w.Text(placeholder="because … (a reason is signed with your decision)", layout=w.Layout(width="32em"))
    said = w.HTML()
    rows = w.VBox()

    def act(work: Callable[[str], None], what: str) -> None:
        reason = because.value.strip()
        if not reason:
            said.value = cards.page('<p class="warn">Say why first: the reason is kept with your decision.</p>')
            return
        said.value = _answer(lambda: work(reason) or f"<p>{cards.esc(what)}</p>")
        fill()
        changed()

    def fill() -> None:
        pairs = [_pair_row(row, act, desk) for row in desk.pairs().head(SHOWN).itertuples()]
        found = [_mention_row(row, act, desk) for row in desk.mentions().head(SHOWN).itertuples()]
        rows.children = [_title("Same or not?"), *pairs, _title("Read out of text by a program"), *found]

    fill()
    return w.VBox([because, said, rows])


def _pair_row(row: object, act: Callable[[Callable[[str], None], str], None], desk: Desk) -> w.HBox:
    pair = (str(row.left_id), str(row.right_id))  # type: ignore[attr-defined]
    names = f"{row.left} – {row.right}"  # type: ignore[attr-defined]
    text = f"<b>{cards.esc(names)}</b><div class='small'>{cards.esc(row.reasons)}</div>"  # type: ignore[attr-defined]
    choices = (("Same", True), ("Not same", False), ("Unsure", None))
    return _actions(text, [
        (label, lambda same=same, label=label: act(lambda why: desk.judge(pair, same, why), f"{names}: {label.lower()}")) for label, same in choices
    ])  # fmt: skip


def _mention_row(row: object, act: Callable[[Callable[[str], None], str], None], desk: Desk) -> w.HBox:
    key, name = str(row.entity_id), f"{row.caption} ({row.schema})"  # type: ignore[attr-defined]
    text = f"<b>{cards.esc(name)}</b> · {row.mentions} places<div class='small'>{cards.esc(row.text)}</div>"  # type: ignore[attr-defined]
    choices = (("Accept", True), ("Reject", False))
    return _actions(text, [
        (label, lambda good=good, label=label: act(lambda why: desk.review(key, good, why), f"{name}: {label.lower()}ed")) for label, good in choices
    ])  # fmt: skip


def _actions(text: str, buttons: list[tuple[str, Callable[[], None]]]) -> w.HBox:
    import ipywidgets as w

    made = []
    for label, work in buttons:
        button = w.Button(description=label, layout=w.Layout(width="7em"))
        button.on_click(lambda _, work=work: work())
        made.append(button)
    return w.HBox([w.HTML(cards.page(text), layout=w.Layout(width="34em")), *made], layout=w.Layout(align_items="center"))


def add_tab(desk: Desk, changed: Callable[[], None]) -> w.VBox:
    """Drop or choose files; a sentence for each says what became of it."""
    import ipywidgets as w

    from workbench_widgets.drop import Drop

    out = w.HTML()
    lines: list[str] = []

    def received(name: str, content: bytes) -> None:
        out.value = cards.page(*lines, f'<p class="small">Reading {cards.esc(name)} …</p>')
        lines.append(f"<p>{_answer(lambda: cards.esc(desk.drop(name, content)), bare=True)}</p>")
        out.value = cards.page(*lines)
        changed()

    return w.VBox([Drop(received), out])


def _title(text: str) -> w.HTML:
    import ipywidgets as w

    return w.HTML(cards.page(f"<h3>{cards.esc(text)}</h3>"))


def _answer(work: Callable[[], str], *, bare: bool = False) -> str:
    """What the work gives, or the error's sentence in its place."""
    from workbench.errors import WorkbenchError

    try:
        body = work()
    except WorkbenchError as error:
        body = f'<span class="warn">{cards.esc(error)}</span>'
    return body if bare else cards.page(body)

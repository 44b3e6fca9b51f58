"""What the start page needs of the machine's cases, and of the one that is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import ipywidgets as w
    import pandas as pd

    from workbench.model.catalogue import Translator
    from workbench.views.panel_backend import PanelBackend


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opens a case: the officer's name, what for, why now, and a passphrase of the officer or the case."""

    officer: str
    purpose: str = ""
    reason: str = ""
    passphrase: str = ""


class RecentCase(Protocol):
    """A case that was opened before."""

    @property
    def folder(self) -> str:
        """Where it lies."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def mark(self) -> str:
        """Its handling mark when it was opened last."""

    @property
    def opened(self) -> str:
        """When that was, in UTC."""

    @property
    def state(self) -> str:
        """'', 'gone' or 'locked'."""


class Lobby(Protocol):
    """What the start page needs where no case is open."""

    @property
    def say(self) -> Translator:
        """Strings in the language of the page."""

    def set_language(self, language: str) -> None:
        """Show the page, and open cases, in another language."""

    def recent(self) -> Sequence[RecentCase]:
        """Cases that were opened, the latest first."""

    def forget(self, folder: str) -> None:
        """Take one off the list."""

    def officer(self) -> str:
        """Name that is offered."""

    def officers(self) -> Sequence[str]:
        """Names of the identities of this user."""

    def place(self, title: str) -> str:
        """Folder that is offered for a new case of that title."""

    def given_folder(self) -> str:
        """Folder of the case that the page was made for, '' if for none."""

    def objection(self, folder: str, *, new: bool) -> str:
        """Why a folder will not do for a new case, or holds none that can be opened; '' if it will."""

    def required_fields(self, folder: str) -> Collection[str]:
        """What a case asks for before it opens: fields of Visitor."""

    def open(self, folder: str, visitor: Visitor, title: str = "") -> Room:
        """Open a case, or make one."""

    def train(self, visitor: Visitor) -> Room:
        """Open the shipped training case; read it first where that is not done yet."""


class Room(Protocol):
    """What the start page needs of an open case."""

    @property
    def say(self) -> Translator:
        """Strings in the language of the case."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def mark(self) -> str:
        """Mark of all in it that its reader may see."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received yet."""

    @property
    def desk(self) -> PanelBackend:
        """What the panel needs."""

    def openings(self) -> Sequence[str]:
        """When the officer opened it before, latest first."""

    def news(self, since: str) -> pd.DataFrame:
        """What has come since then (NEWS)."""

    def charts(self) -> pd.DataFrame:
        """Charts that are kept: name, officer, at, entities, mark."""

    def draw(self, kind: str, about: Sequence[str], name: str) -> w.Widget:
        """A chart, timeline, map or workspace, of some entities or of the best connected; kept under a name."""

    def open_chart(self, name: str) -> w.Widget:
        """A chart that is kept, opened again."""

    def report(self, question: str, to: str) -> str:
        """Write a report; where it lies, in words."""

    def close(self) -> None:
        """Close the case."""

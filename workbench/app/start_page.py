"""The start page: joins cases on this machine to the widgets of `workbench.views`."""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import identity
from workbench.app import pipeline, recent_cases
from workbench.case import case_panel
from workbench.case.access import controller, marks
from workbench.case.case import Case, open_case
from workbench.case.context.base_context import check_language
from workbench.case.network import entity_graph
from workbench.case.verbs import unlock
from workbench.case.verbs.error_translation import wrap_acts
from workbench.errors import CaseError, IdentityError
from workbench.identity.core import key_store
from workbench.ledger import Folder, now
from workbench.ledger.records import updates
from workbench.ledger.storage.case_key import is_encrypted
from workbench.model.catalogue import Sentence, Translator
from workbench.model.handling_marks import EXERCISE, remove_conditions
from workbench.model.machine import platform
from workbench.views.start import Start

if TYPE_CHECKING:
    import ipywidgets as w
    import pandas as pd

    from workbench.identity import Officer
    from workbench.views.panel_backend import PanelBackend
    from workbench.views.start_backend import Visitor

VARIABLE = "WORKBENCH_CASE"
"""Names the case folder that `workbench lab` was given."""
CASES, TRAINING = "cases", "training"
MOST = 50
"""Entities of a first chart."""
EXERCISING = "training"
"""What an exercise is opened for where nothing is said."""


def start(folder: str | Path = "", *, language: str = "") -> Start:
    """The start page: recent cases, a new one, files to drop, what is new, charts and reports, without a line of code.

    Nothing is opened or written before somebody clicks. Cases that are opened here are listed in the officer's own home
    (`recent_cases.json` beside the identities, readable by its owner alone): title, mark, folder and time, nothing else of them;
    and the language that was chosen.

    Parameters
    ----------
    folder : str or Path
        Case folder that is offered; that of `workbench lab` if not given. New cases are offered a place beside it.
    language : {'en', 'fr', 'es', 'ar'}, optional
        Of the page and of the cases that are opened on it; without it the one that was chosen last. Where none was, the page and
        new cases have that of the system, and a case that there is speaks its own.

    Returns
    -------
    Start
        A widget; `.room.case` is the case that is open.
    """
    given = str(folder) or os.environ.get(VARIABLE, "")
    check_language(language)
    return Start(_Lobby(Path(given).expanduser().resolve() if given else None, language))


class _Lobby:
    """What the start page asks of the machine (`workbench.views.start_backend.Lobby`)."""

    def __init__(self, given: Path | None, language: str) -> None:
        self.language = language or recent_cases.get_language()
        self.case = given
        self.base = given.parent if given else Path.cwd() / CASES

    @property
    def say(self) -> Translator:
        """Strings in the language of the page."""
        return Translator(self.language or platform.get_system_language())

    def set_language(self, language: str) -> None:
        """Show the page, and open cases, in another language, from now on."""
        self.language = language
        with suppress(IdentityError, OSError):  # a home that cannot be written keeps no choice
            recent_cases.save_language(language)

    def recent(self) -> list[recent_cases.Recent]:
        """Cases that were opened, the latest first."""
        return recent_cases.list_cases()

    def forget(self, folder: str) -> None:
        """Take one off the list."""
        recent_cases.remove_case(folder)

    def officer(self) -> str:
        """Name that was given last, else of the only identity, else by which the system knows who works."""
        names = key_store.names()
        return recent_cases.get_officer() or (names[0] if len(names) == 1 else _get_login_name())

    def officers(self) -> list[str]:
        """Names of the identities of this user."""
        return key_store.names()

    def place(self, title: str) -> str:
        """Folder that is offered for a new case: one that does not exist yet."""
        if not title and self.case and not self.case.exists():
            return str(self.case)
        name = re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:40] or "new-case"
        numbered = (self.base / (f"{name}-{number}" if number > 1 else name) for number in range(1, 1000))
        return str(next((one for one in numbered if not one.exists()), self.base / name))

    def given_folder(self) -> str:
        """Folder of the case that the page was made for, '' where there is none yet."""
        return str(self.case) if self.case and Folder(self.case).ledger.is_file() else ""

    def objection(self, folder: str, *, new: bool) -> str:
        """Why a folder will not do, in words; '' if it will."""
        if not folder:
            return self.say("Enter the path of the folder.")
        place = Path(folder).expanduser()
        try:
            Folder(place).check()
            there = Folder(place).ledger.is_file()
        except CaseError as error:
            return error.translate_to(self.say.language)
        except (OSError, ValueError) as error:
            return str(error)
        if there and new:
            return self.say(
                "There is already a case in this folder. Open the case under “Another case”, or "
                "enter the path of another folder."
            )
        return (
            ""
            if there or new
            else self.say(
                "There is no case in {place}. Check the path of the folder, or create a new case.", place=place
            )
        )

    def required_fields(self, folder: str) -> Collection[str]:
        """A passphrase where the case is locked; purpose and reason where it is no exercise."""
        place = Path(folder).expanduser()
        if not Folder(place).ledger.is_file():
            return ()
        locked = is_encrypted(place) and not unlock.is_unlocked(place)
        return [*(() if _is_exercise(place) else ("purpose", "reason")), *(("passphrase",) if locked else ())]

    def open(self, folder: str, visitor: Visitor, title: str = "") -> _Room:
        """Open a case, or make one; it is the first of the list from then on."""
        place = Path(folder).expanduser().resolve()
        purpose = visitor.purpose or EXERCISING
        new = not Folder(place).ledger.is_file()
        case = open_case(
            place, officer=_find_officer(visitor, place), purpose=purpose, title=title, reason=visitor.reason or purpose,
            passphrase=visitor.passphrase if is_encrypted(place) else "",
            language=self.say.catalogue_language if new else self.language,
        )  # fmt: skip
        if not (visitor.reason or controller.is_exercise(case.context)):
            case.close()
            raise CaseError(
                Sentence(
                    "This case is not an exercise. Enter the reason why you open the case. The log records "
                    "this reason each time you view something."
                )
            )
        context = case.context
        with suppress(IdentityError, OSError):  # a home that cannot be written keeps no list
            recent_cases.add_case(
                recent_cases.Recent(
                    str(place), context.settings.title, remove_conditions(marks.format_mark(context)), now()
                ),
                visitor.officer,
            )
        return _Room(case)

    def train(self, visitor: Visitor) -> _Room:
        """Open the training case, and read what is shipped where it is not in it yet."""
        shipped = pipeline.shipped_folder()
        told = tomllib.loads((shipped / "demo.toml").read_text("utf-8"))
        room = self.open(str(self.base / TRAINING), visitor, str(told["title"]))
        if room.is_empty:
            room.case.add(shipped / "files", zone=str(told["zone"]))
            room.case.extract()
        return room


@wrap_acts
class _Room:
    """What the start page asks of an open case (`workbench.views.start_backend.Room`)."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @property
    def say(self) -> Translator:
        """Strings in the language of the case."""
        return self.case.context.say

    @property
    def title(self) -> str:
        """What it is called."""
        return self.case.context.settings.title

    @property
    def mark(self) -> str:
        """Mark of all in it that its reader may see."""
        return marks.format_mark(self.case.context)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received yet."""
        return self.case.sources.list().empty

    @property
    def desk(self) -> PanelBackend:
        """What the panel needs."""
        return case_panel.build_panel_backend(self.case)

    def openings(self) -> list[str]:
        """When the officer opened it before, latest first."""
        return list(updates.list_openings(self.case.context.ledger))

    def news(self, since: str) -> pd.DataFrame:
        """What has come since then."""
        return self.case.review.updates(since)

    def charts(self) -> pd.DataFrame:
        """Charts that are kept."""
        return self.case.charts.list()

    def draw(self, kind: str, about: Sequence[str], name: str) -> w.Widget:
        """A view of some entities, or of the best connected; of what machines suggest where no source states a link."""
        title = name if about else ""
        chart = self.case.chart(self.case.graph(*about) if about else None, name=name, title=title)
        if not len(chart.graph):
            chart = self.case.chart(
                entity_graph.build_overview(self.case.context, MOST, entity_graph.Scope()), name=name, title=title
            )
        return self.case.charts.workspace(chart) if kind == "workspace" else self.case.chart(chart, kind=kind)

    def open_chart(self, name: str) -> w.Widget:
        """A chart that is kept."""
        return self.case.chart(name)

    def report(self, question: str, to: str) -> str:
        """Write a report; where it lies."""
        name = f"report-{re.sub('[^0-9]', '', now())}.html"
        path = self.case.report(name, question=question, to=to)
        return self.case.context.say("Report saved: {path}. The PDF is in the same folder.", path=path)

    def close(self) -> None:
        """Close the case."""
        self.case.close()


def _find_officer(visitor: Visitor, place: Path) -> str | Officer:
    """The officer with a key where one of that name is unlocked, else the name as it is given.

    Raises
    ------
    IdentityError
        If the passphrase opens neither the key nor, where the case is encrypted, perhaps the case.
    """
    name = visitor.officer
    if name not in key_store.names() or not (visitor.passphrase or identity.is_unlocked(name)):
        return name
    try:
        return identity.unlock(name, visitor.passphrase)
    except IdentityError:
        if is_encrypted(place):
            return name
        raise


def _is_exercise(place: Path) -> bool:
    """Whether case.toml says that a case is an exercise."""
    return Folder(place).load_settings().scheme == EXERCISE


def _get_login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""

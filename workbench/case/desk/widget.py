"""The message desk as a widget: joins its verbs to `workbench.views.desk`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.widget_backend import Office
from workbench.messages.model.message import FORMS
from workbench.messages.templates.blank_form import get_form_title as called
from workbench.messages.templates.blank_form import list_sections
from workbench.messages.triage.category import AREAS
from workbench.messages.wording.crime_areas import get_area_title
from workbench.messages.wording.cue_words import load_lists
from workbench.views import desk as view

if TYPE_CHECKING:
    from workbench.case.desk.desk import Desk
    from workbench.identity import Card, TrustList


def show_desk(
    desk: Desk,
    context: CaseContext,
    to_cards: Sequence[Card],
    trust: TrustList | None,
    clearance: str,
    language: str,
) -> view.MessageDesk:
    """The desk of a case; messages are sealed to those of the cards whose bureau or country they name."""
    heading, mark = context.settings.title, marks.format_mark(context)
    now = pd.Timestamp.now("UTC").isoformat(timespec="seconds")
    office = Office(desk, context, to_cards, trust, clearance)
    return view.build_desk(
        office, build_blanks, categories=list_areas, title=heading, mark=mark, as_at=now, language=language
    )


def list_areas(language: str) -> dict[str, str]:
    """The crime areas that are suggested, in a language."""
    return {code: get_area_title(code, language) for code in load_lists()["en"][AREAS]}


def build_blanks(language: str) -> dict[str, view.Blank]:
    """The blank forms in a language."""
    return {form: view.build_blank(called(form, language), list_sections(form, language)) for form in FORMS}

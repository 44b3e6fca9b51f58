"""What case.toml says of access counts once the log says it too: noticed at opening, confirmed by the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import clearances, controller
from workbench.case.context.base_context import to_language
from workbench.case.context.progress import print_message
from workbench.errors import CaseError
from workbench.ledger import Object
from workbench.ledger.log.finding import BAD, LogFinding
from workbench.ledger.verification import settings_commitments
from workbench.model.catalogue import Sentence, Translator
from workbench.model.handling_marks import PLAIN

if TYPE_CHECKING:
    import sqlite3

    from workbench.case.context.case_context import CaseContext
    from workbench.ledger import Folder, Ledger, Settings


def print_unknown_settings(place: Folder, language: str) -> None:
    """Tell of names in case.toml that say nothing: who has misspelt one believes that it counts."""
    if names := place.list_unknown_settings():
        print_message(
            Sentence(
                "The program does not know these settings in `case.toml`: {names}. The program ignores them and "
                "uses the default values. Check the spelling.",
                names=tuple(map(repr, names)),
            ),
            Translator(language),
        )


def resolve_settings(ledger: Ledger, settings: Settings) -> tuple[Settings, dict[str, object]]:
    """At opening: the settings that count, and what the entry of the opening tells of them.

    A change that nobody has confirmed is told and logged as refused.
    """
    said = settings_commitments.find_recorded(ledger.connection)
    if said is None or (
        settings_commitments.is_empty_case(ledger.connection) and settings_commitments.list_differing(said, settings)
    ):
        return settings, {settings_commitments.DETAIL: settings_commitments.get_bound_settings(settings)}
    names = settings_commitments.list_differing(said, settings)
    if not names:
        return settings, {}
    why = Sentence(
        "For {names}, `case.toml` and the case log have different values. The stricter setting applies "
        "until the controller confirms the change: `case.access.confirm_settings(because=…)`.",
        names=tuple(names),
    )
    ledger.refuse("alteration", Object("case", count=len(names)), why)
    print_message(why, Translator(settings.language))
    return settings_commitments.build_stricter_settings(said, settings), {}


def confirm_settings(context: CaseContext, because: str) -> None:
    """Let case.toml count as it stands now: the controller, with a reason."""
    settings = to_language(context.folder.load_settings(), context.settings.language)
    what = Object("case", context.folder.path.name)
    controller.check_controller(context, "alteration", what, "confirms")
    if not because.strip():
        raise context.ledger.refuse(
            "alteration",
            what,
            Sentence(
                "This decision needs a reason. Give the reason, for example: `because='levels of the service as "
                "of 3 May'`."
            ),
        )
    context.ledger.record(
        "alteration",
        what,
        {settings_commitments.DETAIL: settings_commitments.get_bound_settings(settings), "because": because},
    )
    context.settings = settings
    context.ledger.amend(mark=controller.get_scheme(context).label(PLAIN))
    clearances.set_access_filter(context)
    context.forget()


def list_findings(sql: sqlite3.Connection, folder: Folder) -> list[LogFinding]:
    """What a check says where case.toml is not as the log holds it, is gone, or cannot be read; nothing where it is as held."""
    try:
        settings = folder.load_settings()
    except CaseError as error:
        return [
            LogFinding(
                "settings",
                BAD,
                Sentence("The settings in the log cannot be compared with `case.toml`: {why}", why=error.sentence),
            )
        ]
    try:
        said = settings_commitments.find_recorded(sql)
    except CaseError:  # told of where the log is walked
        return []
    names = settings_commitments.list_differing(said, settings) if said else []
    return (
        [
            LogFinding(
                "settings",
                BAD,
                Sentence(
                    "For {names}, `case.toml` and the case log have different values. The stricter setting applies "
                    "until the controller confirms the change: `case.access.confirm_settings(because=…)`.",
                    names=tuple(names),
                ),
            )
        ]
        if names
        else []
    )

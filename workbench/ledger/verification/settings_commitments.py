"""Settings of access that are bound to the log: what case.toml says of them counts once an entry of the log says the same.

Whoever can write the folder can edit case.toml. An entry of kind 'case' holds these settings as they were when the case was first
opened, while nothing was in it, or as its controller has confirmed them since.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from workbench.errors import CaseError
from workbench.ledger.storage.case_folder import Settings
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import build_scheme

FIELDS = (
    "scheme",
    "levels",
    "level",
    "mark",
    "controller",
    "everyone",
    "country",
    "auditors",
    "keys",
    "years",
    "reopened_by",
)
DETAIL = "settings"
"""Name of the detail of an entry that holds them."""
Bound = Mapping[str, object]


def get_bound_settings(settings: Settings) -> dict[str, object]:
    """The settings that are bound, as an entry holds them."""
    found = {name: getattr(settings, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def find_recorded(sql: sqlite3.Connection) -> Bound | None:
    """The latest that the log holds; None where it holds none.

    Raises
    ------
    CaseError
        If an entry that may hold them is not as it was written: no older one counts in its place.
    """
    query = """SELECT a.entry, t.text FROM audit_texts AS t JOIN audit AS a ON a.seq = t.seq
        WHERE t.field = 'tool.params' AND t.text LIKE ? ORDER BY t.seq DESC"""
    found = sql.execute(query, (f'%"{DETAIL}":%',))
    return next((said for entry, text in found if (said := _parse_entry(entry, text)) is not None), None)


def _parse_entry(entry: str, text: str) -> Bound | None:
    """The settings of an entry, None if it is about something else."""
    try:
        told, said = json.loads(entry), json.loads(text).get(DETAIL)
        ours = told["object"]["kind"] == "case" and told["result"] == "ok"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CaseError(Sentence("refused.log.changed")) from error
    return said if ours and isinstance(said, dict) and set(said) == set(FIELDS) else None


def list_differing(said: Bound, settings: Settings) -> list[str]:
    """Names of settings of which case.toml says something else than the log."""
    return [name for name, value in get_bound_settings(settings).items() if value != said[name]]


def build_stricter_settings(said: Bound, settings: Settings) -> Settings:
    """What counts until the controller confirms case.toml: as the log holds it, or stricter where case.toml is."""
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    held = replace(settings, **given)  # type: ignore[arg-type]
    years = [one for one in (held.years, settings.years) if one]
    return replace(
        held,
        everyone=_select_lower_level(held, settings.everyone),
        keys=held.keys or settings.keys,
        auditors=tuple(one for one in held.auditors if one in settings.auditors),
        reopened_by=tuple(one for one in held.reopened_by if one in settings.reopened_by),
        years=min(years, default=0),
    )


def _select_lower_level(held: Settings, other: str) -> str:
    """The lower of two levels that everyone may see; the one of the log where the other is no level of its scheme."""
    known = [level.upper() for level in (held.levels or _list_levels(held))]
    ranks = {"": 0, **{level: number for number, level in enumerate(known)}}
    mine, theirs = ranks.get(held.everyone.upper()), ranks.get(other.upper())
    return other if mine is not None and theirs is not None and theirs < mine else held.everyone


def _list_levels(held: Settings) -> tuple[str, ...]:
    from workbench.errors import CaseError

    try:
        return build_scheme(held.scheme, held.levels, held.mark).levels
    except CaseError:
        return ()


def is_empty_case(sql: sqlite3.Connection) -> bool:
    """Whether nothing is in a case yet: while it is set up, its settings are edited freely."""
    query = "SELECT 1 FROM sources UNION ALL SELECT 1 FROM statements LIMIT 1"
    return sql.execute(query).fetchone() is None

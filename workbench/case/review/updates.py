"""What has come into the case since its officer opened it last: read out of its runs and decisions, through the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.evidence import case_record
from workbench.case.network import search
from workbench.errors import CaseError
from workbench.ledger.records import row_tables
from workbench.ledger.records import updates as rows
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import translate_message
from workbench.model.schema import translate_schema
from workbench.model.table_schemas import NEWS, iterate_rows

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext

ABOUT = {
    "source": ("source",), "passage": ("document_id", "passage_id"), "suggestion": ("canonical_id",), "decision": ("canonical_id",),
    "note": (), "issue": ("source", "document_id"),
}  # fmt: skip
"""Kinds of news, in the order in which they are told, and the ids that each has beside time, author and words."""
Items = Iterable[rows.Row]


def list_news(context: CaseContext, since: str = "") -> pd.DataFrame:
    """What is new since a moment (NEWS); `.attrs['since']` is that moment.

    If it is one at which the officer opened the case, or is not given, it is new by the log, whatever the clock said then.

    Raises
    ------
    CaseError
        If it is no date.
    """
    moment = _resolve_since(context, since)
    found: dict[str, Items] = {
        "source": rows.list_new_sources(context.ledger, moment), "passage": rows.list_new_passages(context.ledger, moment),
        "suggestion": _list_suggestions(context, moment), "decision": _list_decisions(context, moment),
        "note": _list_notes(context, moment),
        "issue": _list_issues(context, moment),
    }  # fmt: skip
    parts = [_build_frame(kind, items) for kind, items in found.items()]
    made = pd.concat(parts, ignore_index=True).fillna("")[list(NEWS)]
    made.attrs["since"] = moment.moment
    return made


def _build_frame(kind: str, items: Items) -> pd.DataFrame:
    columns = pd.Index(["at", "who", "what", *ABOUT[kind]])
    return pd.DataFrame(list(items), columns=columns, dtype=object).assign(kind=kind)


def _resolve_since(context: CaseContext, since: str) -> rows.Since:
    """Since when something is new: after the opening that is meant, the last one if none is said."""
    openings = rows.list_openings(context.ledger)
    meant = since.strip() or next(iter(openings), "")
    return (
        rows.Since(meant, openings[meant]) if meant in openings else rows.Since(_parse_moment(since) if since else "")
    )


def _parse_moment(since: str) -> str:
    given = since.strip().removesuffix("Z")
    if not search.BOUND.fullmatch(given):
        raise CaseError(
            Sentence(
                "{field}: '{value}' is not a date. Write it like this: 2025-09-14 or 2025-09-14T22:30.",
                field="since",
                value=since,
            )
        )
    return given


def _list_suggestions(context: CaseContext, since: rows.Since) -> Items:
    """Things that nothing but a machine names; dates and amounts are none."""
    things = context.canonical_entities[
        (context.canonical_entities["layer"] == "suggested") & (context.canonical_entities["schema"] != "Mention")
    ]
    for at, method, entity in rows.list_new_suggestions(context.ledger, since):
        key = context.canonical.get(entity, entity)
        if key in things.index:
            yield (
                at,
                method,
                f"{context.display_name(key)} ({translate_schema(str(things.at[key, 'schema']), context.say.language)})",
                key,
            )


def _list_decisions(context: CaseContext, since: rows.Since) -> Items:
    """Judgements, and decisions on rows, of others than the officer who works."""
    say = context.say
    for row in iterate_rows(
        _select_others_rows(context, row_tables.list_judgements(context.ledger), "judgements", since)
    ):
        pair = {"one": context.display_name(row.left_id), "other": context.display_name(row.right_id)}
        yield (
            row.at,
            row.officer,
            say("{one} and {other}: {verdict}", **pair, verdict=say.term("verdict", row.judgement)),
            row.left_id,
        )
    for row in iterate_rows(
        _select_others_rows(context, row_tables.list_decisions(context.ledger), "decisions", since)
    ):
        what = case_record.describe_target(context, row.target_id)
        about = row.target_kind if what == row.target_id else what
        yield row.at, row.officer, say("{verdict}: {what}", verdict=say.term("verdict", row.verdict), what=about), ""


def _list_notes(context: CaseContext, since: rows.Since) -> Items:
    for row in iterate_rows(
        _select_others_rows(
            context, row_tables.list_notes(context.ledger).rename(columns={"note_id": "id"}), "notes", since
        )
    ):
        yield (
            row.at,
            row.officer,
            context.say("{kind}: {text}", kind=context.say.term("noted", row.kind), text=row.text),
        )


def _list_issues(context: CaseContext, since: rows.Since) -> Items:
    came = rows.list_new_issues(context.ledger, since)
    for row in iterate_rows(row_tables.list_issues(context.ledger)):
        if row.issue_id in came:
            yield (
                came[row.issue_id],
                row.severity,
                translate_message(row.message, context.say.language),
                row.source,
                row.document_id,
            )


def _select_others_rows(context: CaseContext, frame: pd.DataFrame, table: str, since: rows.Since) -> pd.DataFrame:
    """Rows of a table that others than the officer who works have said since then."""
    frame = frame[frame["officer"] != context.ledger.officer]
    if not since.entry:
        return frame[frame["at"] >= since.moment]
    came, columns = rows.list_new_keys(context.ledger, table, since), rows.KEYS[table]
    return frame[[key in came for key in frame[list(columns)].itertuples(index=False, name=None)]]

"""Flags: passages and birth dates that may tell of a special category or of a child. What is found, and what officers decide on it.

A flag is a suggestion on a passage. It hides nothing and states nothing of anybody. Confirmed, the passage (of a birth date: the
person) is marked with the category, and the gate hides it until it is revealed; dismissed, it does not come back for that passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.case.access import handling_codes
from workbench.errors import CaseError
from workbench.ledger import Object
from workbench.ledger.access import flag_records
from workbench.ledger.access.access_filter import MINORS
from workbench.ledger.access.flag_records import CONFIRMED, DISMISSED
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence, get_term
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.schema import NAMES
from workbench.model.table_schemas import FLAGS, iterate_rows

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext
    from workbench.model.rows import Issue

CATEGORIES = {
    "religion": "religion", "ethnicity": "ethnic origin", "political": "political opinion", "tradeUnion": "trade union membership",
    "health": "health", "sexLife": "sex life", "biometrics": "biometrics", "genetics": "genetics",
}  # fmt: skip
"""Property of a flag -> category as it is marked and revealed; every other property is of a minor."""
STATES = {DISMISSED: DISMISSED, CONFIRMED: CONFIRMED}
SUGGESTED = "suggested"
NEAR = 60
"""Characters between what tells of a minor and the name of a person who is then suggested."""
BIRTHS = ("birth-dates", "1")
"""Method and version of flags that rest on a stated birth date."""


def list_flags(context: CaseContext) -> pd.DataFrame:
    """All flags that the reader may see (FLAGS), those in text first."""
    return context.cache_by_version("flags", lambda: _build_flags(context))


def open_flags(context: CaseContext) -> pd.DataFrame:
    """Flags that nobody has dismissed."""
    found = list_flags(context)
    return found[found["state"] != DISMISSED]


def _build_flags(context: CaseContext) -> pd.DataFrame:
    import pandas as pd

    rows = [*_list_text_flags(context), *_list_birth_flags(context)]
    return pd.DataFrame(rows, columns=pd.Index(FLAGS))


def _list_text_flags(context: CaseContext) -> Iterator[tuple[object, ...]]:
    """Flags in passages; rows of a register state birth and age in columns, which are read as such."""
    today, rows = _get_today(), flag_records.list_flags(context.ledger)
    people = _find_person_places(context, rows.loc[~rows["prop"].isin(CATEGORIES), "passage_id"])
    for row in iterate_rows(rows):
        category = CATEGORIES.get(row.prop, MINORS)
        minor = category == MINORS
        standing = flag_records.compute_standings(row.prop, row.value, row.at or "", today) if minor else ("", "")
        if minor and row.prop != "minor" and (row.of == "Table" or not flag_records.is_relevant(row.prop, standing)):
            continue
        about = _find_nearest_person(people.get(row.passage_id, ()), row.start, row.end) if minor else ""
        yield (
            row.flag_id, category, row.original_value or row.value, about, context.get_caption(about) if about else "", row.passage_id,
            row.document_id, row.start, row.end, row.at or "", *standing, row.method, row.version, row.confidence,
            STATES.get(row.verdict, SUGGESTED), row.officer, row.because,
        )  # fmt: skip


def _find_person_places(context: CaseContext, passages: Iterable[str]) -> Mapping[str, list[tuple[int, int, str]]]:
    """Passage id -> places at which persons are named in it."""
    rows = context.evidence
    rows = rows[rows["passage_id"].isin(set(passages)) & (rows["schema"] == "Person") & (rows["start"] >= 0)]
    rows = rows[rows["prop"].isin(NAMES) & (rows["verdict"] != "rejected")]
    found: dict[str, list[tuple[int, int, str]]] = {}
    for row in iterate_rows(rows):
        found.setdefault(row.passage_id, []).append((int(row.start), int(row.end), row.canonical_id))
    return found


def _find_nearest_person(places: Iterable[tuple[int, int, str]], start: int, end: int) -> str:
    """The person named nearest to a place, '' where none is near or two are as near."""
    apart = sorted((max(left - end, start - right, 0), key) for left, right, key in places)
    near = [(far, key) for far, key in apart if far <= NEAR]
    tied = {key for far, key in near if far == near[0][0]}
    return near[0][1] if len(tied) == 1 else ""


def _list_birth_flags(context: CaseContext) -> Iterator[tuple[object, ...]]:
    """Persons whose birth date makes a minor of them today, or at the date of the first source that speaks of them."""
    today, rows = _get_today(), context.evidence
    births = rows[(rows["schema"] == "Person") & (rows["prop"] == "birthDate") & (rows["verdict"] != "rejected")]
    first, verdicts = _find_first_documents(context, set(births["canonical_id"])), _list_verdicts(context)
    for row in iterate_rows(births.drop_duplicates(["canonical_id", "value"])):
        at, document = first.get(row.canonical_id, ("", row.document_id))
        standing = flag_records.compute_standings(flag_records.BY_BIRTH, row.value, at, today)
        if not flag_records.is_relevant(flag_records.BY_BIRTH, standing):
            continue
        key = compute_digest("flag", MINORS, row.entity_id, row.value)
        yield (
            key, MINORS, f"born {row.value}", row.canonical_id, context.get_caption(row.canonical_id), row.passage_id, document, -1, -1, at,
            *standing, *BIRTHS, row.confidence, *verdicts.get(key, (SUGGESTED, "", "")),
        )  # fmt: skip


def _find_first_documents(context: CaseContext, people: set[str]) -> Mapping[str, tuple[str, str]]:
    """Canonical id -> time and id of the first dated document that speaks of the person."""
    dated = context.documents.loc[context.documents["at"] != "", ["at", "document_id"]]
    rows = context.evidence.loc[context.evidence["canonical_id"].isin(people), ["canonical_id", "document_id"]]
    joined = rows.drop_duplicates().merge(dated, on="document_id").sort_values(["at", "document_id"])
    firsts = joined.drop_duplicates("canonical_id")
    return {row.canonical_id: (row.at, row.document_id) for row in iterate_rows(firsts)}


def _list_verdicts(context: CaseContext) -> Mapping[str, tuple[str, str, str]]:
    """Flag id -> state, officer, reason of the latest decision."""
    rows = row_tables.list_decisions(context.ledger)
    rows = rows[rows["target_kind"] == "flag"].drop_duplicates("target_id", keep="last")
    return {row.target_id: (STATES.get(row.verdict, SUGGESTED), row.officer, row.because) for row in iterate_rows(rows)}


def _get_today() -> str:
    return datetime.now(UTC).date().isoformat()


# Decided ----------------------------------------------------------------------------------------------------------------


def decide_flags(
    context: CaseContext, what: str | Sequence[str] | pd.DataFrame, verdict: str, because: str
) -> pd.DataFrame:
    """Decide on flags; what they are now. What is confirmed is marked with its category.

    Raises
    ------
    CaseError
        Without a reason (logged), or for what is no flag of this case.
    """
    chosen = _select_flags(context, what)
    if not because.strip():
        why = Sentence(
            "A decision on a flag ({verdict}) needs a reason. Give the reason, for example: `because='the "
            "whisky is 15 years old, not a person'`.",
            verdict=Sentence(f"refused.flag.verdict.{verdict}"),
        )
        raise context.ledger.refuse("alteration", Object("flag", count=len(chosen)), why)
    rests_on = _find_birth_statements(context, chosen)
    context.ledger.decide("flag", list(chosen["flag_id"]), verdict, because, rests_on=rests_on)
    made = chosen.assign(state=STATES.get(verdict, SUGGESTED), officer=context.ledger.officer, because=because)
    if verdict == CONFIRMED:
        _mark_confirmed(context, chosen, because)
    return made.reset_index(drop=True)


def flag_ids(context: CaseContext) -> set[str]:
    """Ids of the flags that the reader may see."""
    return set(list_flags(context)["flag_id"])


def _select_flags(context: CaseContext, what: str | Sequence[str] | pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if isinstance(what, pd.DataFrame) and "flag_id" not in what:
        raise CaseError(Sentence("The table has no column `flag_id`. Give rows from `case.review.flags()`."))
    column = what["flag_id"] if isinstance(what, pd.DataFrame) else [what] if isinstance(what, str) else what
    wanted, known = list(dict.fromkeys(map(str, column))), list_flags(context).drop_duplicates("flag_id")
    unknown = [key for key in wanted if key not in set(known["flag_id"])]
    if not wanted:
        raise CaseError(Sentence("No flag was given. Give ids or rows from `case.review.flags()`."))
    if unknown:
        raise CaseError(
            Sentence(
                "This case has no flag {names}. Use ids from the column `flag_id` of `case.review.flags()`.",
                names=repr(unknown[0]),
            )
        )
    return known[known["flag_id"].isin(wanted)]


def _find_birth_statements(context: CaseContext, chosen: pd.DataFrame) -> dict[str, str]:
    """Flag of a birth date -> the statement with which a decision on it is hidden and erased."""
    births = chosen[chosen["method"] == BIRTHS[0]]
    if births.empty:
        return {}
    rows = context.evidence[(context.evidence["schema"] == "Person") & (context.evidence["prop"] == "birthDate")]
    known = {compute_digest("flag", MINORS, row.entity_id, row.value): row.statement_id for row in iterate_rows(rows)}
    return {key: known[key] for key in births["flag_id"]}


def _mark_confirmed(context: CaseContext, chosen: pd.DataFrame, because: str) -> None:
    """Mark what was confirmed: the passage, or the person whose birth date it is."""
    for category, group in chosen.groupby("category"):
        of_birth = group["method"] == BIRTHS[0]
        targets = [*group.loc[~of_birth, "passage_id"], *group.loc[of_birth, "about"]]
        handling_codes.mark_material(
            context, sorted(set(targets)), handling_codes.Handling(special=[str(category)]), because
        )


# Told -------------------------------------------------------------------------------------------------------------------


def list_issues(context: CaseContext) -> Iterator[Issue]:
    """An issue for each category of which there are flags that nobody has decided on."""
    rows = list_flags(context)
    waiting = rows[rows["state"] == SUGGESTED]
    for category, group in waiting.groupby("category", sort=True):
        places = group["passage_id"].where(group["passage_id"] != "", group["about"]).nunique()
        special = get_term("special", str(category))
        said = (
            Sentence("row.derived.flagged_one", special=special)
            if places == 1
            else Sentence("row.derived.flagged", count=places, special=special)
        )
        yield build_issue("flagged", said, fix=Sentence("fix.look.flags"))


def describe_flags(context: CaseContext, passages: Iterable[str], people: Iterable[str], product: str) -> str:
    """A sentence on flags in what goes into a product, '' where there are none: passages by id, persons by canonical id."""
    rows = open_flags(context)
    inside = rows["passage_id"].isin(set(passages) - {""}) | (
        (rows["method"] == BIRTHS[0]) & rows["about"].isin(set(people))
    )
    counts = rows[inside].drop_duplicates(["category", "passage_id", "about"])["category"].value_counts().sort_index()
    if counts.empty:
        return ""
    say = context.say
    listed = ", ".join(f"{say.term('special', str(name))} ({say.figure(number)})" for name, number in counts.items())
    return say(f"reporting.flagged.{product}", listed=listed)


def find_flagged_passages(context: CaseContext, named: Iterable[str]) -> list[str]:
    """Flagged passages of the documents, and those with claims about the entities, that are named by id."""
    ids, rows = set(named), open_flags(context)
    keys = set(rows["passage_id"]) - {""}
    evidence = context.evidence[context.evidence["passage_id"].isin(keys)]
    hits = set(evidence.loc[evidence["canonical_id"].isin(ids) | evidence["entity_id"].isin(ids), "passage_id"])
    return sorted((set(rows.loc[rows["document_id"].isin(ids), "passage_id"]) - {""}) | hits)


def describe_person_flags(context: CaseContext, key: str) -> str:
    """What is said of a person in a product: 'Minor' where an officer confirmed it, 'Possibly a minor (…)' where it is a suggestion."""
    rows = open_flags(context)
    rows = rows[(rows["category"] == MINORS) & (rows["about"] == key)]
    if rows.empty:
        return ""
    if (rows["state"] == CONFIRMED).any():
        return context.say("MINOR (confirmed by an officer)")
    first = rows.iloc[0]
    when = f", {first['at'][:10]}" if first["at"] else ""
    return context.say("Possibly a minor (suggested: {words})", words=f"{first['words']}{when}")


def describe_passage_flags(context: CaseContext, passages: Iterable[str]) -> Mapping[str, str]:
    """Passage id -> what it is flagged for: 'health (suggested), minors (confirmed)'."""
    rows = open_flags(context)
    rows = rows[rows["passage_id"].isin(set(passages)) & (rows["passage_id"] != "") & (rows["method"] != BIRTHS[0])]
    found = rows[["passage_id", "category", "state"]].drop_duplicates().sort_values(["category", "state"])
    term = context.say.term
    return {
        str(key): ", ".join(
            f"{term('special', row.category)} ({term('special', row.state)})" for row in iterate_rows(group)
        )
        for key, group in found.groupby("passage_id")
    }

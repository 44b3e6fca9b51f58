"""Remarks of other bureaux: which there are, what they say, and what they warn of (`adoption` makes one's own word of them).

A remark is a row of a package that points at something which its sender did not bring (`ledger.foreign.remarks`). Whatever it
says, it changes nothing here. To adopt one is to say the same as an officer of
this case: signed, logged, and taken back like any other word of one's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import controller, marks
from workbench.case.context.entity_index import find_entity
from workbench.case.evidence import case_record
from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.remarks import DISMISSED, Remark
from workbench.ledger.records import row_tables
from workbench.model import handling_marks
from workbench.model.table_schemas import MINOR, MISTAKEN, PROTECTED, REMARKS, WARNINGS
from workbench.model.values.age import MINOR as UNDER_AGE
from workbench.model.values.age import assess_age_by_birth
from workbench.views import Passage

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext

KINDS = {
    "evidence": "claim", "judgements": "judgement", "decisions": "decision", "terms": "mark", "source_facts": "fact", "notes": "note",
}  # fmt: skip
"""Table for which a row was written -> kind of remark; every other one is a copy."""
COPY, SUPERSEDED = "copy", "superseded"
GUARDED = ("victim", "witness", "missing")
"""Statuses of persons who are to be protected."""


def build_remark_table(context: CaseContext, about: str = "") -> pd.DataFrame:
    """Remarks that the reader may see (REMARKS), warnings first; about one thing, if it is given by its name or id."""
    return list_remarks(context, [find_entity(context, about)] if about else None)


def list_remarks(context: CaseContext, ids: Iterable[str] | None) -> pd.DataFrame:
    """Remarks about some entities (REMARKS), warnings first; all if none are given. Each has its own mark with that of the case."""
    found = remarks.list_remarks(context.ledger) if ids is None else _find_remarks(context, ids)
    told = sorted(((get_warning(one), one) for one in found), key=lambda pair: _get_urgency(pair[0]))
    rows = [_build_row(context, one, word) for word, one in told]
    whole, scheme = marks.get_marks(context).visible, controller.get_scheme(context)
    own = [
        whole | handling_marks.build_mark({facet: list(values) for facet, values in one.marks.items()}, scheme)
        for _, one in told
    ]
    return marks.label_rows(context, pd.DataFrame(rows, columns=pd.Index(REMARKS)), own)


def _list_members(context: CaseContext, ids: Iterable[str]) -> set[str]:
    """The ids with those of all entities that are judged to be the same."""
    wanted, known = set(ids), context.entities
    return wanted | set(known.loc[known["canonical_id"].isin(wanted), "entity_id"])


def _find_remarks(context: CaseContext, ids: Iterable[str]) -> list[Remark]:
    """Remarks on entities: on themselves, and notes on passages, which are about all that the passages state."""
    members, rows = _list_members(context, ids), context.evidence
    stated = rows["entity_id"].isin(members) | rows["canonical_id"].isin(members) | rows["value"].isin(members)
    passages = set(rows.loc[stated & (rows["passage_id"] != ""), "passage_id"])
    found = remarks.list_remarks(context.ledger, members | passages)
    return [one for one in found if one.kind == "notes" or not members.isdisjoint(one.targets)]


def list_warnings(context: CaseContext, ids: Iterable[str]) -> list[Remark]:
    """Remarks on entities that warn of something and that nobody here has dismissed, the most urgent first."""
    found = [one for one in _find_remarks(context, ids) if one.state != DISMISSED and get_warning(one)]
    return sorted(found, key=lambda one: _get_urgency(get_warning(one)))


def list_warning_passages(context: CaseContext, nodes: Iterable[str]) -> list[Passage]:
    """What other bureaux warn of on things of this case; it stands before all else, and changes nothing by itself."""
    say = context.say
    return [
        Passage(
            one.id,
            say("{bureau} states: {text}", bureau=one.bureau, text=format_remark(context, one)),
            at=one.at,
            source=one.package,
            says=say("{bureau} warns: {warning}", bureau=one.bureau, warning=say.term("warning", get_warning(one))),
            kind="decided" if one.state else "remark",
        )
        for one in list_warnings(context, nodes)
    ]


def parse_remark_ids(chosen: str | Sequence[str] | pd.DataFrame) -> list[str] | None:
    """Ids of remarks, out of an id, several, or rows of `remarks`; None where something else is meant."""
    if isinstance(chosen, pd.DataFrame):
        return [str(key) for key in chosen["remark_id"]] if "remark_id" in chosen else None
    ids = [chosen] if isinstance(chosen, str) else [str(key) for key in chosen]
    return ids if all(key.startswith("remark-") for key in ids) and ids else None


def get_warning(one: Remark) -> str:
    """What a remark warns of (`table_schemas.WARNINGS`), '' where it warns of nothing."""
    from workbench.messages.wording import alarm_words

    body, found = one.body, set(alarm_words.find_warnings(" ".join(_list_words(one))))
    if one.kind == "judgements" and body["judgement"] == "not same":
        found.add(MISTAKEN)
    if one.kind == "decisions" and body["verdict"] == "rejected":
        found.add(MISTAKEN)
    if one.kind == "terms" and body["facet"] in ("special", "restricted"):
        found.add(MINOR if "minors" in str(body["value"]) else PROTECTED)
    if one.kind == "evidence":
        found |= _find_warnings(str(body["prop"]), str(body["value"]), one.at)
    return next((name for name in WARNINGS if name in found), "")


def format_remark(context: CaseContext, one: Remark) -> str:
    """What a remark says, in words."""
    if one.kind in ("notes", "passages"):
        return str(one.body["text"])
    say = SAYS.get(one.kind)
    return (
        say(context, one)
        if say
        else context.say("In the files of the other bureau: {values}", values=" · ".join(_list_words(one)))
    )


def _say_claim(context: CaseContext, one: Remark) -> str:
    from workbench.case.evidence.citations import format_value

    prop, value = str(one.body["prop"]), str(one.body["value"])
    said = (
        context.display_name(value) if value in context.canonical_entities.index else format_value(context, prop, value)
    )
    return context.say("{property}: {value}", property=context.say.term("property", prop), value=said)


def _say_judgement(context: CaseContext, one: Remark) -> str:
    pair = {
        "one": context.display_name(str(one.body["left_id"])),
        "other": context.display_name(str(one.body["right_id"])),
    }
    return context.say(
        "{one} and {other}: {verdict}", **pair, verdict=context.say.term("verdict", str(one.body["judgement"]))
    )


def _say_decision(context: CaseContext, one: Remark) -> str:
    what = _display_name(context, str(one.body["target_id"]))
    said = context.say("{verdict}: {what}", verdict=context.say.term("verdict", str(one.body["verdict"])), what=what)
    if one.body["verdict"] != SUPERSEDED:
        return said
    made = (
        _display_name(context, str(one.body["replacement"]))
        if one.body["replacement"]
        else context.say("an item that is not in this case")
    )
    return context.say("{said}. Replaced by: {replacement}", said=said, replacement=made)


def _say_mark(context: CaseContext, one: Remark) -> str:
    values = ", ".join(json.loads(str(one.body["value"])))
    return context.say("Mark: {facet} {values}", facet=str(one.body["facet"]), values=values)


def _say_fact(context: CaseContext, one: Remark) -> str:
    return context.say("Source: {name} {value}", name=str(one.body["name"]), value=str(one.body["value"]))


SAYS: dict[str, Callable[[CaseContext, Remark], str]] = {
    "evidence": _say_claim, "judgements": _say_judgement, "decisions": _say_decision, "terms": _say_mark, "source_facts": _say_fact,
}  # fmt: skip
"""Table for which a row was written -> what it says, in words."""


def _build_row(context: CaseContext, one: Remark, word: str) -> tuple[str, ...]:
    about = ", ".join(dict.fromkeys(_display_name(context, key) for key in one.targets))
    return (
        one.id, one.bureau, str(one.body.get("officer", "")), word, KINDS.get(one.kind, COPY), about,
        format_remark(context, one), one.state,
        one.at, one.package, str(one.body.get("because", "")),
    )  # fmt: skip


def _display_name(context: CaseContext, key: str) -> str:
    """What an id is called."""
    canonical = context.canonical.get(key, key)
    if canonical in context.canonical_entities.index:
        return context.display_name(canonical)
    called = context.cache_by_version("names of places", lambda: _list_place_names(context)).get(key)
    return called or case_record.describe_target(context, key)


def _list_place_names(context: CaseContext) -> dict[str, str]:
    """Id of a source, document or passage -> name of the source, title of the document."""
    sources = row_tables.list_sources(context.ledger)
    found = dict(zip(sources["source"], sources["name"], strict=True))
    found.update(zip(context.documents["document_id"], context.documents["title"], strict=True))
    places = zip(context.passages["passage_id"], context.passages["document_id"], strict=True)
    found.update((passage, found[document]) for passage, document in places if document in found)
    return found


WORDS = ("value", "text", "because", "title", "message", "custodian", "device", "subject", "name")
"""Columns of a row in which words stand."""


def _list_words(one: Remark) -> list[str]:
    return [str(one.body[name]) for name in WORDS if one.body.get(name)]


def _find_warnings(prop: str, value: str, day: str) -> set[str]:
    """What a claim about a person warns of."""
    found = {MINOR} if prop == "birthDate" and assess_age_by_birth(value, day[:10]) == UNDER_AGE else set()
    return found | ({PROTECTED} if prop == "status" and value in GUARDED else set())


def _get_urgency(name: str) -> int:
    return WARNINGS.index(name) if name else len(WARNINGS)


# Adopt ------------------------------------------------------------------------------------------------------------------

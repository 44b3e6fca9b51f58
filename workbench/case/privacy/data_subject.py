"""Whose data: the ids, names, numbers and accounts by which a case speaks of one person, and when numbers were held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.case.context.entity_index import find_entity
from workbench.case.privacy.erasure_scope import NAMING, list_numbers
from workbench.graph import list_attributions

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.case_context import CaseContext

ACCOUNTS = ("iban", "accountNumber")
Period = tuple[str, str]
"""First and last day or moment, ISO 8601; '' open."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One person in a case, as its reader sees it.

    Attributes
    ----------
    key : str
        Canonical id.
    members : frozenset of str
        All ids that judgements have joined, the canonical one among them.
    held : mapping
        Canonical id of a number, account or handset that the person is recorded as using -> when; suggested ones do not count.
    names, numbers, accounts : mapping or frozenset
        Values of these; numbers and accounts with when they were held.
    """

    key: str
    members: frozenset[str]
    held: Mapping[str, tuple[Period, ...]]
    names: frozenset[str]
    numbers: Mapping[str, tuple[Period, ...]]
    accounts: Mapping[str, tuple[Period, ...]]

    @property
    def ids(self) -> frozenset[str]:
        """The person and all that the person is recorded as using."""
        return self.members | self.held.keys()

    def is_held_at(self, thing: str, moment: str) -> bool:
        """Whether something of the person's was the person's at a moment; where either is not known, it counts."""
        return thing in self.members or _is_within(self.held.get(thing, ()), moment)

    def has_value_at(self, value: str, moment: str) -> bool:
        """Whether a number or account was the person's at a moment; where that is not known, it counts."""
        periods = self.numbers.get(value) or self.accounts.get(value)
        return periods is not None and _is_within(periods, moment)


def find_subject(context: CaseContext, name: str) -> Whose:
    """The person that is meant; raises as `CaseContext.find`."""
    key = find_entity(context, name)
    ids = {str(one) for one in context.entities.loc[context.entities["canonical_id"] == key, "entity_id"]}
    held = _find_held_things(context, key)
    rows = context.evidence[context.evidence["verdict"] != "rejected"]
    mine = rows[rows["canonical_id"].isin({key, *held})]
    names = mine.loc[mine["prop"].isin({*NAMING, *list_numbers()}), "value"]
    return Whose(
        key, frozenset({key, *ids}), held, frozenset(names), _list_value_periods(mine, held, key, ("number", "phone")),
        _list_value_periods(mine, held, key, ACCOUNTS),
    )  # fmt: skip


def _find_held_things(context: CaseContext, key: str) -> dict[str, tuple[Period, ...]]:
    """What a person is recorded as using, and what these things use in their turn: a handset with its number."""
    uses = list_attributions(context.evidence, context.canonical)
    uses = uses[uses["layer"] != "suggested"]
    times = _list_periods(context, uses["attribution_id"])
    found: dict[str, tuple[Period, ...]] = {}
    reach = {key}
    while reach:
        rows = uses[uses["holder"].isin(reach) & ~uses["held"].isin({key, *found})]
        reach = set(rows["held"])
        for thing in reach:
            own = rows.loc[rows["held"] == thing, "attribution_id"]
            found[thing] = tuple(dict.fromkeys(times.get(one, ("", "")) for one in own))
    return found


def _list_periods(context: CaseContext, ids: Iterable[str]) -> dict[str, Period]:
    """When each attribution holds, as far as it is stated."""
    rows = context.evidence[context.evidence["entity_id"].isin(set(ids))]
    since, until = (
        rows[rows["prop"] == prop].groupby("entity_id")["value"].agg(choose).to_dict()
        for prop, choose in (("startDate", "min"), ("endDate", "max"))
    )
    return {str(key): (str(since.get(key, "")), str(until.get(key, ""))) for key in {*since, *until}}


def _list_value_periods(
    mine: pd.DataFrame, held: Mapping[str, tuple[Period, ...]], key: str, props: Iterable[str]
) -> dict[str, tuple[Period, ...]]:
    """Value -> when it was the person's; without end where it stands with the person's own data."""
    found: dict[str, tuple[Period, ...]] = {}
    chosen = mine[mine["prop"].isin(tuple(props))]
    for value, thing in chosen[["value", "canonical_id"]].drop_duplicates().itertuples(index=False):
        periods = (("", ""),) if thing == key else held[thing]
        found[value] = (*found.get(value, ()), *periods)
    return found


def _is_within(periods: Iterable[Period], moment: str) -> bool:
    return not moment or any(
        (not since or moment[: len(since)] >= since[: len(moment)]) and (not until or moment[: len(until)] <= until)
        for since, until in periods
    )

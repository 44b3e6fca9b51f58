"""Candidate pairs: two entities that may be one thing, with the reasons for and against. An officer judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

import pandas as pd

from workbench.model.catalogue import Sentence, Translator, translate
from workbench.model.schema import IDENTIFYING, NAMES, is_comparable
from workbench.model.table_schemas import PAIRS, iterate_rows
from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name
from workbench.resolve.entity_table import list_captions, map_canonical_ids
from workbench.resolve.name_variants import MAX_BLOCK, Alike, Common, Name, name_reasons

LISTED = 20
"""Common values that are told one by one."""
MOST_PAIRS = 100_000
"""Pairs that are kept of all; of more entities than that, one for each."""
MOST_PARTNERS = 64
"""Pairs that are kept of one entity where there are more than MOST_PAIRS; it is halved until they fit."""
MOST_VARIANTS = 20 * MAX_BLOCK
"""Pairs that the variants of one name may make."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two entities may be the same (weight > 0) or are not (weight < 0). `places`: pieces of evidence behind it."""

    text: str
    weight: float
    places: int = 1


@dataclass(slots=True)
class Candidates:
    """Reasons collected by pair of entity ids."""

    schema: dict[str, str]
    service: frozenset[str]
    names: Mapping[str, str]
    reasons: dict[tuple[str, str], list[Reason]] = field(default_factory=dict)
    common: list[Common] = field(default_factory=list)
    left_out: int = 0
    _floor: dict[str, float] = field(default_factory=dict)

    def add_pairs(self, ids: Iterable[str], reason: Reason, shared: tuple[str, str]) -> None:
        """Note a reason for every two of several; where they are too many, that what they share (how, value) is common."""
        chosen = self.select_few(ids, *shared)
        for left, right in combinations(chosen, 2):
            self.add(left, right, reason)

    def select_few(self, ids: Iterable[str], how: str, value: str) -> list[str]:
        """The ids in order; none where more share the value than are compared, which is noted."""
        chosen = sorted(set(ids))
        if len(chosen) <= MAX_BLOCK:
            return chosen
        self.common.append(Common(how, value, len(chosen)))
        return []

    def add_cross_pairs(
        self, left: Iterable[str], right: Iterable[str], reason: Reason, shared: tuple[str, str]
    ) -> None:
        """Note a reason for each of some with each of others, unless they are too many together."""
        one, other = set(left), set(right)
        if self.select_few(one | other, *shared):
            for pair in product(sorted(one), sorted(other)):
                self.add(*pair, reason)

    def add(self, left: str, right: str, reason: Reason) -> None:
        """Note a reason, unless the two cannot be the same kind of thing or one of them is a service."""
        if (
            left == right
            or left in self.service
            or right in self.service
            or left not in self.schema
            or right not in self.schema
        ):
            return
        if is_comparable(self.schema[left], self.schema[right]):
            key = (min(left, right), max(left, right))
            if (known := self.reasons.get(key)) is not None:
                if all(reason.text != one.text for one in known):
                    known.append(reason)
            elif reason.weight <= min(self._floor.get(left, 0.0), self._floor.get(right, 0.0)):
                self.left_out += 1
            else:
                self.reasons[key] = [reason]
                if len(self.reasons) > 2 * self.limit:
                    self.keep_best()

    @property
    def limit(self) -> int:
        """Pairs that are kept."""
        return max(MOST_PAIRS, len(self.schema))

    def keep_best(self) -> None:
        """Let go of pairs where they are too many: each entity keeps its best, so that those of many pairs crowd out nobody else's."""
        if len(self.reasons) <= self.limit:
            return
        ordered = sorted((-_compute_score(reasons), key) for key, reasons in self.reasons.items())
        partners, kept = MOST_PARTNERS, list[tuple[float, tuple[str, str]]]()
        while not kept or (len(kept) > self.limit and partners > 1):
            counts: dict[str, int] = defaultdict(int)
            kept, partners = [], max(1, partners // 2)
            for score, (left, right) in ordered:
                if counts[left] < partners or counts[right] < partners:
                    kept.append((score, (left, right)))
                    counts[left] += 1
                    counts[right] += 1
        self.left_out += len(ordered) - len(kept)
        self.reasons = {key: self.reasons[key] for _, key in kept}
        self._floor = {}
        for score, pair in kept:  # the last one of an entity is its worst
            self._floor.update({one: -score for one in pair if counts[one] >= partners})


def find_candidate_pairs(evidence: pd.DataFrame, entities: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Candidate pairs (columns PAIRS), best first.

    Parameters
    ----------
    evidence : DataFrame
        EVIDENCE, live and with canonical ids.
    entities : DataFrame
        ENTITIES.
    judgements : DataFrame
        The latest judgement on each pair; a pair that was judged keeps its judgement, pairs that are joined by others are left out.

    Notes
    -----
    Reasons for: the same identifier; recorded as using the same account, number or handset; the same normalised name; an
    alias or nickname that a source gives; named as the sender of the same message; initials; a name that is part of the
    other; spelled alike, also across scripts. Reasons against: different dates of birth, different sex. `score` = 1 -
    product(1 - weight) over the reasons for, lowered by those against: an order in which to review, no probability that the
    two are the same.

    A value that more than MAX_BLOCK things share (a name, a number, an account) is too common to be a hint and makes no pair by itself:
    `.attrs['left_out']` has a sentence for each. Where there are more than MOST_PAIRS all the same, each entity keeps its best, and
    `.attrs['left_out']` says how many suggestions are left out.
    """
    live = evidence[evidence["verdict"] != "rejected"]
    found = Candidates(
        schema=dict(zip(entities["canonical_id"], entities["schema"], strict=True)),
        service=frozenset(entities.loc[entities["service"], "canonical_id"]),
        names={str(key): str(value) for key, value in list_captions(live).items()},
    )
    for step in STEPS:
        step(live, found)
    found.keep_best()
    table = _build_table(found, entities, judgements)
    table.attrs["left_out"] = _describe_omissions(found)
    return table


def add_same_identifier(live: pd.DataFrame, found: Candidates) -> None:
    """Two entities with one value of a property of which one value belongs to one thing."""
    chosen = live[live["prop"].isin(IDENTIFYING)]
    for (prop, value), group in chosen.groupby(["prop", "value"], sort=True):
        told = _describe_identifier(str(prop), str(value))
        found.add_pairs(group["canonical_id"], Reason(told, 0.9, len(group)), ("value", str(value)))


def add_same_account(live: pd.DataFrame, found: Candidates) -> None:
    """Two holders of one account, number or handset, with the basis of each."""
    names = found.names
    for held, holders in _list_attributions(live).groupby("held", sort=True):
        if not found.select_few(holders["holder"], "account", names.get(str(held), str(held))):
            continue
        for left, right in combinations(holders.drop_duplicates("holder").sort_values("holder").itertuples(), 2):
            bases = sorted({str(left.basis), str(right.basis)})
            note = next((str(x) for x in (left.description, right.description) if x), "")
            text = _describe_account(names.get(str(held), str(held)), bases, note)
            found.add(str(left.holder), str(right.holder), Reason(text, 0.8, 2))


def add_same_message(live: pd.DataFrame, found: Candidates) -> None:
    """Two accounts that copies of one message name as its sender: they and their holders.

    Recipients say less: the copies of a message to a group name each telephone's own user.
    """
    holders = _list_attributions(live).groupby("held")["holder"].agg(lambda ids: sorted(set(ids))).to_dict()
    names = found.names
    for (left, right), number in sorted(_find_conflicts(live[live["prop"] == "senderAccount"], found).items()):
        reason = Reason(Translator().count("reason.message", number), min(0.9, 0.3 + 0.2 * number), number)
        found.add(left, right, reason)
        found.add_cross_pairs(holders.get(left, ()), holders.get(right, ()), reason, ("account", names.get(left, left)))


def add_same_name(live: pd.DataFrame, found: Candidates) -> None:
    """Two entities of one normalised name, or with one name that is an alias, initials, part or variant of the other."""
    naming = live[live["prop"].isin(NAMES)]
    by_name: dict[str, set[str]] = defaultdict(set)
    spelled: dict[str, Name] = {}
    for canonical_id, value in naming[["canonical_id", "value"]].drop_duplicates().itertuples(index=False):
        key = normalise_name(value)
        if key and found.schema.get(canonical_id, "") in (
            "Person",
            "LegalEntity",
            "Organization",
            "Company",
            "PublicBody",
        ):
            by_name[key].add(canonical_id)
            spelled.setdefault(key, Name(value))
    for key in sorted(by_name):
        weight = 0.75 if " " in key else 0.55
        name = spelled[key].text
        found.add_pairs(by_name[key], Reason(translate("reason.name", name=name), weight), ("name", name))
    alike = list(name_reasons([spelled[key] for key in sorted(spelled)], found.common))
    crowded = _find_crowded_names(alike, by_name)
    found.common += [Common("name", spelled[key].text, count) for key, count in sorted(crowded.items())]
    for one, other, text, weight in alike:
        if one.key not in crowded and other.key not in crowded:
            found.add_cross_pairs(by_name[one.key], by_name[other.key], Reason(text, weight), ("name", one.text))


def _find_crowded_names(alike: Iterable[Alike], by_name: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Names of which the variants would make more than MOST_VARIANTS pairs, with the number of entities that have the name or a variant."""
    pairs: dict[str, int] = defaultdict(int)
    things = {key: len(ids) for key, ids in by_name.items()}
    for one, other, _, _ in alike:
        for key, near in ((one.key, other.key), (other.key, one.key)):
            pairs[key] += len(by_name[key]) * len(by_name[near])
            things[key] += len(by_name[near])
    return {key: things[key] for key, count in pairs.items() if count > MOST_VARIANTS}


def add_birth_reasons(live: pd.DataFrame, found: Candidates) -> None:
    """A reason against: dates of birth that cannot be one date; and one for, where they are the same."""
    births = (
        live[live["prop"] == "birthDate"]
        .groupby("canonical_id")["value"]
        .agg(lambda values: sorted(set(values)))
        .to_dict()
    )
    sexes = (
        live[live["prop"] == "gender"]
        .groupby("canonical_id")["value"]
        .agg(lambda values: sorted(set(values)))
        .to_dict()
    )
    for left, right in list(found.reasons):
        if left in births and right in births:
            one, other = births[left], births[right]
            agree = any(a.startswith(b) or b.startswith(a) for a in one for b in other)
            apart = translate("reason.born_apart", one=one[0], other=other[0])
            found.add(
                left, right, Reason(translate("reason.born", date=one[0]) if agree else apart, 0.6 if agree else -0.8)
            )
        if left in sexes and right in sexes and not set(sexes[left]) & set(sexes[right]):
            found.add(
                left, right, Reason(translate("reason.sex_apart", sex=sexes[left][0], sex2=sexes[right][0]), -0.7)
            )


STEPS: tuple[Callable[[pd.DataFrame, Candidates], None], ...] = (
    add_same_identifier,
    add_same_account,
    add_same_message,
    add_same_name,
    add_birth_reasons,
)


def _build_table(found: Candidates, entities: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    names, canonical = found.names, map_canonical_ids(entities)
    judged = {
        tuple(
            sorted((canonical.get(row.left_id, row.left_id), canonical.get(row.right_id, row.right_id)))
        ): row.judgement
        for row in iterate_rows(judgements)
    }
    rows = []
    for (left, right), reasons in found.reasons.items():
        ordered = sorted(reasons, key=lambda reason: (-reason.weight, reason.text))
        text = "\n".join(reason.text for reason in ordered)
        judgement = judged.get((left, right), "")
        judgement = "" if judgement == "open" else judgement
        places = sum(reason.places for reason in reasons)
        shown = (name for key in (left, right) for name in (names[key], transliterate_name(names[key])))
        rows.append((left, right, found.schema[left], *shown, _compute_score(reasons), text, judgement, places))
    frame = pd.DataFrame(rows, columns=pd.Index(PAIRS))
    return frame.sort_values(
        ["score", "evidence", "left_id", "right_id"], ascending=[False, False, True, True]
    ).reset_index(drop=True)


def _compute_score(reasons: Iterable[Reason]) -> float:
    miss, against = 1.0, 1.0
    for reason in reasons:
        if reason.weight > 0:
            miss *= 1 - reason.weight
        else:
            against *= 1 + reason.weight
    return round((1 - miss) * against, 4)


def _list_attributions(live: pd.DataFrame) -> pd.DataFrame:
    """Attributions: holder and held as canonical ids, basis, description; one row each."""
    rows = live[live["schema"] == "Attribution"]
    wide = rows.drop_duplicates(["canonical_id", "prop"]).pivot_table(
        index="canonical_id", columns="prop", values="value", aggfunc="first"
    )
    wide = wide.reindex(columns=["holder", "held", "basis", "description"]).dropna(subset=["holder", "held"])
    wide = wide.astype(object).fillna("")  # a column that nobody filled would be numbers
    canonical = map_canonical_ids(live)
    for column in ("holder", "held"):
        wide[column] = wide[column].map(lambda value: canonical.get(value, value))
    return wide


def _find_conflicts(claims: pd.DataFrame, found: Candidates) -> dict[tuple[str, str], int]:
    """Pairs of accounts that copies of one message name as its sender, with the number of messages."""
    senders: dict[str, set[str]] = defaultdict(set)
    for message, sender in zip(claims["canonical_id"].tolist(), claims["value"].tolist(), strict=True):
        senders[message].add(sender)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for message in sorted(key for key, several in senders.items() if len(several) > 1):
        for pair in combinations(found.select_few(senders[message], "message", message), 2):
            counts[pair] += 1
    return counts


def _describe_omissions(found: Candidates) -> tuple[Sentence, ...]:
    """How many suggestions are left out, and what is shared by so many that no pair is made of it.

    The most common first; after LISTED of them how many more.
    """
    crowded = Sentence(
        "Too many possible pairs were found. The list shows only the best pairs for each entity. Pairs not listed: {count}.",
        count=found.left_out,
    )
    most: dict[tuple[str, str], int] = {}
    for one in found.common:
        most[one.how, one.value] = max(one.count, most.get((one.how, one.value), 0))
    ordered = sorted(most.items(), key=lambda item: (-item[1], item[0]))
    told = [Sentence(f"reason.common.{how}", count=count, value=value) for (how, value), count in ordered[:LISTED]]
    return (
        *([crowded] if found.left_out else []),
        *told,
        *([Sentence("reason.common.more", count=len(ordered) - LISTED)] if len(ordered) > LISTED else []),
    )


def _describe_identifier(prop: str, value: str) -> str:
    return translate("reason.identifier", identifier=Translator().term("identifier", prop), value=value)


def _describe_account(account: str, bases: list[str], note: str) -> str:
    """That two use an account, on which basis or bases, and where that stands."""
    key = f"reason.account{'s' if len(bases) > 1 else ''}{'_noted' if note else ''}"
    return translate(key, account=account, attribution=bases[0], attribution2=bases[-1], note=note)

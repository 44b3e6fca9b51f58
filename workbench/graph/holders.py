"""Persons are not accounts: who uses which account, number or handset, and links seen as links between persons.

That somebody uses an account is a claim with a basis. A chart of persons stands on these claims, so each projected row
keeps the account it came through, and rejecting the claim brings the account back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from workbench.graph.link_occurrences import LAYERS, STRENGTH
from workbench.model.table_schemas import is_among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

BASES = (
    "officer",
    "custodian",
    "register",
    "subscriber",
    "self-naming",
    "label of the export",
    "display name",
    "contact name",
    "contact number",
    "account identifier",
)
"""Bases of an attribution, the strongest first; one that is not listed comes last, what an officer decided first."""

HELD = frozenset({"UserAccount", "TelephoneNumber", "Handset", "Sim"})
"""Schemata that are projected onto their holder. A vehicle or a bank account stays what it is."""

COLUMNS = ("attribution_id", "holder", "held", "held_schema", "basis", "layer", "statement_id")


def list_attributions(evidence: pd.DataFrame, canonical: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Live attributions: who is recorded as using what, and on which basis.

    Parameters
    ----------
    evidence : DataFrame
        Live rows of EVIDENCE; rejected suggestions are ignored.
    canonical : mapping, optional
        Entity id -> canonical id; without it, the pairs in `evidence` are used.

    Returns
    -------
    DataFrame
        Columns attribution_id, holder, held, held_schema ('' if the case says nothing else of it), basis ('' if none is
        stated), layer, statement_id (that of the holder), strongest basis first.
    """
    is_live = evidence["verdict"] != "rejected"
    names = dict(zip(evidence["entity_id"], evidence["canonical_id"], strict=True)) if canonical is None else canonical
    rows = evidence[is_live & (evidence["schema"] == "Attribution")]
    strength = rows["kind"].mask(rows["verdict"] == "accepted", "decided").map(STRENGTH).astype(int)
    rows = rows.assign(strength=strength).sort_values(["strength", "evidence_id"], ascending=[False, True])
    holder, held = (_select_values(rows, prop) for prop in ("holder", "held"))
    frame = holder.merge(held, on="entity_id", suffixes=("", "_held"))
    frame = frame.merge(
        _select_values(rows, "basis")[["entity_id", "value"]], on="entity_id", how="left", suffixes=("", "_basis")
    )
    others = evidence[is_among(evidence["entity_id"], set(frame["value_held"])) & is_live]
    others = others[others["schema"] != "Attribution"].drop_duplicates("entity_id")
    schema = dict(zip(others["entity_id"].tolist(), others["schema"].tolist(), strict=True))
    weakest = frame[["strength", "strength_held"]].min(axis=1)
    strongest = frame[["strength", "strength_held"]].max(axis=1)
    result = pd.DataFrame({
        "attribution_id": frame["entity_id"],
        "holder": [names.get(i, i) for i in frame["value"]],
        "held": [names.get(i, i) for i in frame["value_held"]],
        "held_schema": pd.Series([schema.get(key, "") for key in frame["value_held"].tolist()], dtype="str"),
        "basis": frame["value_basis"].fillna(""),
        "layer": strongest.where(weakest > 0, 0).map(dict(enumerate(LAYERS))).astype(object),
        "statement_id": frame["statement_id"],
    })  # fmt: skip
    return _rank_attributions(result.drop_duplicates()).drop(columns="precedence").reset_index(drop=True)


def attribute_links(
    links: pd.DataFrame,
    attributions: pd.DataFrame,
    rejected: Collection[str] = (),
    *,
    accounts: Literal["held", "apart"] = "held",
) -> pd.DataFrame:
    """Links with accounts, numbers, SIM cards and handsets replaced by the person recorded as using them.

    Parameters
    ----------
    links : DataFrame
        Rows of LINKS.
    attributions : DataFrame
        As `attributions` gives them. Of several holders of one account the one with the strongest basis is taken
        (BASES), among equals the smallest id.
    rejected : collection of str
        Ids of attributions that do not count: their accounts stay, or go to the holder with the next basis.
    accounts : {'held', 'apart'}
        'apart' leaves the accounts as nodes of their own.

    Returns
    -------
    DataFrame
        Columns LINKS and `source_via`, `target_via`: the account through which the end is reached, '' if the end is
        what the source names. An attribution that is only suggested moves nothing: its account stays where it is, and
        the suggestion is drawn beside it as 'uses'. 'uses' of a replaced account is left out, except where another holder
        has as strong a basis: that conflict stays on the chart.

    Notes
    -----
    Recorded as using is not the same as having written: somebody else may have held the handset.
    """
    result = links.assign(source_via="", target_via="")
    if accounts == "apart":
        return result
    live = _select_attributions(attributions, rejected)
    result = _remove_projected_uses(result, live, live.drop_duplicates("held").set_index("held"))
    uses = result["relation"] == "uses"
    last = find_holders(attributions, rejected)
    for end in ("source", "target"):
        through = is_among(result[end], last) & ~uses
        result[f"{end}_via"] = result[end].where(through, "")
        result[end] = [last[node] if on else node for node, on in zip(result[end].tolist(), through, strict=True)]
    return _order_link_ends(result).sort_values(list(result.columns), ignore_index=True)


def find_holders(attributions: pd.DataFrame, rejected: Collection[str] = ()) -> dict[str, str]:
    """Account, number, SIM card or handset -> who stands for it on a chart of persons (rules as in `attribute`)."""
    best = _select_attributions(attributions, rejected).drop_duplicates("held")
    return _resolve_holders(dict(zip(best["held"], best["holder"], strict=True)))


def _select_attributions(attributions: pd.DataFrame, rejected: Collection[str]) -> pd.DataFrame:
    """Attributions that move a link, the strongest basis first."""
    live = _rank_attributions(attributions[~attributions["attribution_id"].isin(list(rejected))])
    return live[live["held_schema"].isin(HELD) & (live["holder"] != live["held"]) & (live["layer"] != "suggested")]


def _select_values(rows: pd.DataFrame, prop: str) -> pd.DataFrame:
    columns = ["entity_id", "value", "statement_id", "strength"]
    return rows.loc[rows["prop"] == prop, columns].drop_duplicates(["entity_id", "value"])


def _rank_attributions(frame: pd.DataFrame) -> pd.DataFrame:
    """Attributions, the strongest basis first and the smallest id among equals."""
    order = {basis: number for number, basis in enumerate(BASES)}
    pairs = zip(frame["basis"], frame["layer"], strict=True)
    rank = [0 if layer == "decided" else order.get(basis, len(BASES)) for basis, layer in pairs]
    return frame.assign(precedence=rank).sort_values(["precedence", "holder", "held", "attribution_id"])


def _resolve_holders(holder: dict[str, str]) -> dict[str, str]:
    """For each account the last holder, from number to account to person.

    Accounts that hold each other in a circle stay what they are.
    """
    found: dict[str, str] = {}
    for start in holder:
        node, seen = start, {start}
        while node in holder and holder[node] not in seen:
            node = holder[node]
            seen.add(node)
        if node not in holder:
            found[start] = node
    return found


def _remove_projected_uses(links: pd.DataFrame, live: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Links without the attributions that are now projected; those of equal rivals stay, with the winner's."""
    equal = live[live["precedence"] == live["held"].map(best["precedence"])]
    rivals = equal.groupby("held")["holder"].nunique()
    disputed = set(rivals.index[rivals > 1])
    tied = set(zip(equal["holder"], equal["held"], strict=True))
    pairs = zip(*(links[name].tolist() for name in ("source", "target", "relation")), strict=True)
    keep = [
        relation != "uses" or target not in best.index or (target in disputed and (source, target) in tied)
        for source, target, relation in pairs
    ]
    return links[pd.Series(keep, index=links.index, dtype=bool)].copy()


def _order_link_ends(links: pd.DataFrame) -> pd.DataFrame:
    """Undirected links from the smaller id to the greater, with what they came through."""
    swap = ~links["directed"].astype(bool) & (links["source"] > links["target"])
    other = {"source": "target", "target": "source", "source_via": "target_via", "target_via": "source_via"}
    return links.assign(**{name: links[name].mask(swap, links[mate]) for name, mate in other.items()})

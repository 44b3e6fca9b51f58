"""What happened, and when: dated links and dated entities as events of those who take part, for a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.model.schema import RELATIONS
from workbench.model.table_schemas import HAPPENINGS
from workbench.model.time_zones import parse_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

BEGINS = ("startDate", "date", "authoredAt")
ENDS = ("endDate",)
STRENGTH = {"decided": 0, "received": 1, "suggested": 2}
TOGETHER = ["relation", "directed", "document_id", "passage_id", "at"]


def list_dated_events(
    links: pd.DataFrame, evidence: pd.DataFrame, nodes: Collection[str], zones: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Dated links between some entities, and what is dated itself among them.

    Parameters
    ----------
    links : DataFrame
        Rows of LINKS. Those of one relation, passage and time are one event: a message to three is one.
    evidence : DataFrame
        Rows of EVIDENCE with `canonical_id`: an entity of another schema than a link's may state when it began and ended.
    nodes : collection of str
        Canonical ids; an event between two of which one is not among them is left out.
    zones : mapping, optional
        Document id -> IANA zone in which its times are written where they say none.

    Returns
    -------
    DataFrame
        Columns HAPPENINGS in order of time. Undated links are left out.

    Notes
    -----
    A time whose zone nobody states counts as UTC. A date without a time is a day, in no zone.
    """
    wanted = set(nodes)
    inside = links["source"].isin(wanted) & links["target"].isin(wanted) & (links["at"] != "")
    found = [_build_link_events(links[inside]), _build_entity_events(evidence[evidence["canonical_id"].isin(wanted)])]
    frame = pd.concat(found, ignore_index=True)
    zone = [(zones or {}).get(document, "") for document in frame["document_id"]]
    begun = [parse_moment(at, name) for at, name in zip(frame["at"], zone, strict=True)]
    ended = [parse_moment(until, name) for until, name in zip(frame["until"], zone, strict=True)]
    frame["start"], frame["grain"] = [at for at, _ in begun], [grain for _, grain in begun]
    frame["end"] = [until for until, _ in ended]
    dated = frame[frame["start"].notna()]
    return dated.sort_values(["start", "happening_id"], ignore_index=True).loc[:, list(HAPPENINGS)]


def _build_link_events(links: pd.DataFrame) -> pd.DataFrame:
    """One event for the links of a relation, passage and time."""
    rows = []
    for key, group in links.groupby(TOGETHER, sort=True):
        relation, directed, document, passage, at = key
        members = tuple(dict.fromkeys([*group["source"], *group["target"]]))
        first = group["statement_id"].min()
        layer = min(group["layer"], key=lambda name: STRENGTH[name])
        rows.append(
            (
                first,
                at,
                "",
                relation,
                bool(directed),
                members,
                layer,
                document,
                passage,
                tuple(sorted(set(group["statement_id"]))),
            )
        )
    return _build_frame(rows)


def _build_entity_events(evidence: pd.DataFrame) -> pd.DataFrame:
    """What an entity says of its own time; the surest and most stated date of each end."""
    things = evidence[~evidence["schema"].isin(list(RELATIONS)) & (evidence["verdict"] != "rejected")]
    begun, ended = (_select_surest_dates(things[things["prop"].isin(props)]) for props in (BEGINS, ENDS))
    rows = []
    for node, row in begun.iterrows():
        until = str(ended["value"].get(node, ""))
        what = (
            row["schema"],
            False,
            (str(node),),
            row["layer"],
            row["document_id"],
            row["passage_id"],
            (row["statement_id"],),
        )
        rows.append((row["statement_id"], row["value"], until, *what))
    return _build_frame(rows)


def _select_surest_dates(dates: pd.DataFrame) -> pd.DataFrame:
    """One date per entity, indexed by it."""
    layer = dates["kind"].mask(dates["verdict"] == "accepted", "decided")
    times = dates.groupby(["canonical_id", "value"])["value"].transform("size")
    ranked = dates.assign(layer=layer, sure=layer.map(STRENGTH), times=times)
    ranked = ranked.sort_values(["canonical_id", "sure", "times", "value"], ascending=[True, True, False, True])
    return ranked.drop_duplicates("canonical_id").set_index("canonical_id")


def _build_frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    names = "happening_id at until relation directed members layer document_id passage_id statement_ids".split()
    return pd.DataFrame(rows, columns=names)

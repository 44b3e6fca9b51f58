"""Positions in the data supplied: degree, contacts, betweenness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from workbench.graph.betweenness import Betweenness, compute_betweenness
from workbench.graph.communities import number_communities
from workbench.graph.contact_arrays import Contacts, list_contacts
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import RANKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx
    from numpy.typing import NDArray

CONTACTS = frozenset({"contacted", "called", "paid"})
"""Relations in which something passes between two entities."""
ERRORS = 2
"""Standard errors on each side of an estimate within which another estimate counts as the same."""
RANKING_WARNING = Sentence(
    "The ranks show positions in the supplied data. They do not show importance. If a person's "
    "device or records were collected, all contacts recorded there are in the data. For other "
    "persons, only their contacts with such a person are in the data. The collection therefore makes "
    "the persons whose phones were examined look central. These persons are marked, and the other "
    "persons are ranked separately. Check what was not collected before you draw conclusions from a "
    "rank."
)
"""How a ranking misleads; it stands beside each."""
FIGURES = ("betweenness", "degree", "contacts")
KNOWN = {"caption": None, "latin": "", "schema": "", "custodian": False}
"""What an entity is called, and what stands where the graph does not say it (for the caption its id)."""


def build_ranking(
    graph: nx.MultiDiGraph,
    *,
    by: Literal["betweenness", "degree", "contacts"] = "betweenness",
    services: bool = False,
    suggested: bool = False,
    relations: Collection[str] | None = CONTACTS,
    seed: int = 1,
) -> pd.DataFrame:
    """Entities by their position in the contacts of the data supplied.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build` gives it.
    by : {'betweenness', 'degree', 'contacts'}
        What the rank goes by; ties are broken by the other two, and share a rank only where all three are equal.
        An estimated betweenness breaks no ties.
    services : bool
        Rank services (banks' short codes, bots, system messages) too. They talk to everybody and would lead every list.
    suggested : bool
        Count links that are only suggested, too.
    relations : collection of str, optional
        Relations that count as contact; None counts all.
    seed : int
        Of communities, and of the sample where betweenness is estimated.

    Returns
    -------
    DataFrame
        Columns RANKING and `rank_among_others`: the rank among those who are not custodians, missing for custodians.
        `degree`: number of different others; `contacts`: number of occurrences; `betweenness`: share in [0, 1] of the
        shortest paths between two others that run through the entity; `betweenness_error`: its standard error, 0 where
        it is exact; `community`: 1 is the largest, see `find_communities`. The best rank comes first.
        `.attrs['warning']` says how the table misleads, `.attrs['method']` how betweenness was computed.

    Notes
    -----
    Betweenness counts hops and knows nothing of what was said. It is exact (Brandes' algorithm in rustworkx) while
    entities times entities and links is at most 150 million: 5,000 entities with 25,000 links. Above, it is estimated
    from the paths of 200 entities (seeded, `estimate_betweenness`). By an estimate, the rank of an entity is 1 + the
    number of those whose estimate less two standard errors is above its own plus two: who overlaps with the first is
    first too, and ranks say at best where an entity is. Chains of overlaps tie nobody whose own bounds are apart.

    One new device in the case can turn the order round. Entities without such a contact are not ranked: nothing was
    collected on them, which does not mean that they stand apart. Nothing here is evidence of a role.

    References
    ----------
    Brandes, A faster algorithm for betweenness centrality, J. Math. Sociol. 25 (2001); Geisberger, Sanders and Schultes,
    Better approximation of betweenness centrality, ALENEX (2008); Goldstein and Spiegelhalter, League tables and their
    limitations, J. R. Stat. Soc. A 159 (1996); Morselli, Assessing vulnerable and strategic positions in a criminal
    network, J. Contemp. Crim. Justice 26 (2010).
    """
    contacts = list_contacts(graph, services=services, suggested=suggested, relations=relations).drop_isolated()
    between = compute_betweenness(contacts, seed)
    frame = _build_rows(graph, contacts, between).assign(community=number_communities(contacts, seed))
    frame = _add_ranks(frame.loc[:, [*RANKING[1:]]], by, estimated=bool(between.sample))
    frame.attrs.update(
        warning=str(RANKING_WARNING),
        method=_describe_method(between, seed),
    )
    return frame


def _build_rows(graph: nx.MultiDiGraph, contacts: Contacts, between: Betweenness) -> pd.DataFrame:
    """Who is ranked, and the figures, without ranks and communities."""
    nodes = contacts.nodes
    data = [graph.nodes[node] for node in nodes]
    known = {name: [one.get(name, default) for one in data] for name, default in KNOWN.items()}
    known["caption"] = [node if name is None else name for node, name in zip(nodes, known["caption"], strict=True)]
    known["custodian"] = [bool(value) for value in known["custodian"]]
    return pd.DataFrame({
        "canonical_id": nodes, **known, "degree": contacts.count_others(), "contacts": contacts.sum_occurrences(),
        "betweenness": between.share, "betweenness_error": between.error,
    })  # fmt: skip


def _describe_method(between: Betweenness, seed: int) -> Sentence:
    if not between.sample:
        return Sentence("Betweenness is exact.")
    return Sentence(
        "Betweenness is estimated from the shortest paths of {sample} of {count} entities (seed {seed}). An entity "
        "ranks below another entity only if the intervals of two standard errors around their estimates do not overlap.",
        sample=between.sample,
        count=len(between.share),
        seed=seed,
    )


def _add_ranks(frame: pd.DataFrame, by: str, *, estimated: bool) -> pd.DataFrame:
    """The rows with `rank` and `rank_among_others`, the best rank first."""
    figures = [by, *(name for name in FIGURES if name != by and not (estimated and name == FIGURES[0]))]
    frame = frame.sort_values(
        [*figures, FIGURES[0], "canonical_id"], ascending=[False] * (len(figures) + 1) + [True], ignore_index=True
    )
    bounded = estimated and by == FIGURES[0]
    frame.insert(0, "rank", _rank_by_bounds(frame) if bounded else _rank_by_figures(frame, figures))
    others = frame[~frame["custodian"].astype(bool)]
    apart = _rank_by_bounds(others) if bounded else _rank_by_figures(others, figures)
    frame["rank_among_others"] = pd.Series(apart, index=others.index, dtype="Int64").reindex(frame.index)
    return frame.sort_values("rank", kind="stable", ignore_index=True)


def _rank_by_bounds(frame: pd.DataFrame) -> NDArray[np.int64]:
    """1 + the number of rows whose lower bound is above the upper bound of the row."""
    share, reach = frame["betweenness"].to_numpy(), ERRORS * frame["betweenness_error"].to_numpy()
    lower = np.sort(share - reach)
    below: NDArray[np.int64] = np.searchsorted(lower, share + reach, side="right")
    return 1 + len(lower) - below


def _rank_by_figures(frame: pd.DataFrame, figures: list[str]) -> NDArray[np.int64]:
    """1, 2, 2, 4: rows with equal figures, which are next to each other, share the rank of the first."""
    values = frame[figures].to_numpy(dtype=float)
    new = np.ones(len(values), dtype=bool)
    new[1:] = (values[1:] != values[:-1]).any(axis=1)
    ranks: NDArray[np.int64] = np.maximum.accumulate(np.where(new, np.arange(1, len(values) + 1), 0))
    return ranks

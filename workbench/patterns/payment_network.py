"""Links out of the entries of bank statements for a graph: who paid whom, how often, from when to when; and the entries behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.model import identifiers
from workbench.model.ids import build_entity_id
from workbench.model.table_schemas import LINKS
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.patterns import call_questions

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.duckdb import Analytics

MOST = 200_000
"""Pairs of payer and beneficiary that are looked at, those with the most entries."""
SIDES = ("payer_account", "payer", "beneficiary_account", "beneficiary")
MORE = ("until", *SIDES)
"""Columns beside LINKS: the last date, and the two sides as the entries name them."""


def list_links(engine: Analytics, beyond: Mapping[str, int]) -> pd.DataFrame:
    """Links between payers and beneficiaries, the pairs with the most entries first (LINKS and MORE).

    Parameters
    ----------
    beyond : mapping
        From a statement to the number of an entry: only later ones are counted.
    """
    import pandas as pd

    found = engine.query_frame(call_questions.PAID, {**_limit_parameters(beyond), "limit": MOST})
    ends = [
        [compute_party_id(*side) for side in zip(found[name], found[f"{name}_account"], found["source"], strict=True)]
        for name in ("payer", "beneficiary")
    ]
    made = pd.DataFrame({
        "source": ends[0], "target": ends[1], "relation": "paid", "directed": True, "document_id": found["document_id"],
        "passage_id": "", "statement_id": "", "evidence_id": "", "at": found["first"].fillna(""), "service": False,
        "layer": "received", "count": found["records"], "until": found["last"].fillna(""),
        **{name: found[name] for name in SIDES},
    })  # fmt: skip
    return made[[*LINKS, *MORE]]


def list_entries(
    engine: Analytics, beyond: Mapping[str, int], sides: Sequence[tuple[str, str, str, str]], *, each: int = 100
) -> pd.DataFrame:
    """The entries behind links, the first in time of each pair of sides (as in SIDES).

    Columns: those of SIDES, document_id, source (SHA-256), row (number of the entry), date, amount, currency, purpose,
    reference, records (that the pair has).
    """
    given = {name: [side[at] for side in sides] for at, name in enumerate(SIDES)}
    return engine.query_frame(call_questions.PAID_ENTRIES, {**_limit_parameters(beyond), **given, "each": each})


def _limit_parameters(beyond: Mapping[str, int]) -> dict[str, object]:
    return {"documents": list(beyond), "upto": list(beyond.values())}


def compute_party_id(name: str, account: str, source: str) -> str:
    """Entity id of a side, as the reader of statements gives it: a name at an account, a name in a file, or an account."""
    if name:
        return build_entity_id("LegalEntity", normalise_name(name) or clean_text(name), account or source)
    return identifiers.build_bank_account_key(account).entity_id

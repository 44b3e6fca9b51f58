"""BM25 over what a reader may see: the same scores and the same order as in a case that holds nothing else."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pandas as pd
import pytest

from workbench.ledger import Ledger, Run
from workbench.ledger.access import terms
from workbench.ledger.access.access_filter import AccessFilter, Reader
from workbench.ledger.records import passage_search
from workbench.ledger.storage.runs import Arrival
from workbench.model.handling_marks import build_scheme
from workbench.model.rows import Document, LedgerRow, Passage, Trace

WORDS = "quay crane boat container harbour pilot nine night van cash gold ring dock lamp rope salt tide gull wharf mast".split()
ASKED = (
    '"quay"', '("crane" OR "boat")', '"cash" OR "gold" OR "ring"', '"crane boat"', '"con" *', '("quay" AND ("quay" OR "salt" OR "mas" *))',
    '("tide" OR "gull") NOT "rope"', '"nobody"', '""', "(", '"quay" OR "quay" OR "running"',
)  # fmt: skip


def texts(seed: int, number: int) -> list[str]:
    dice = Random(seed)
    return [
        " ".join(dice.choice(WORDS[: dice.randint(1, 20)]) for _ in range(dice.randint(0, 40))) for _ in range(number)
    ]


def add(ledger: Ledger, name: str, texts: list[str]) -> None:
    """A source with a document a text."""
    sha256 = (name.encode().hex() * 64)[:64]
    ledger.add_source(sha256, Arrival(name), 1, {})
    rows: list[LedgerRow] = []
    for number, text in enumerate(texts):
        key = f"{name}-{number}"
        rows += [
            Document(key, "PlainText", key),
            Trace(f"t-{key}", key, sha256, "", ""),
            Passage(f"p-{key}", key, 0, text),
        ]
    ledger.finish(Run("add", "text", "1", sha256), rows, {})
    if name.startswith("hidden"):
        terms.add_facets(ledger, [("source", sha256)], {"level": ["EXERCISE RESTRICTED"]}, "partner")


def made(place: Path, parts: dict[str, list[str]]) -> Ledger:
    ledger = Ledger(place, officer="bob", purpose="test")
    for name, found in parts.items():
        add(ledger, name, found)
    ledger.gate = AccessFilter((Reader(),), build_scheme("EXERCISE"))
    return ledger


def asked(ledger: Ledger, expression: str, limit: int = 1000) -> pd.DataFrame:
    live = int(ledger.reader_connection.execute("SELECT count(*) FROM live_passages").fetchone()[0])
    return passage_search.find_passages(ledger, expression, limit, passage_search.build_collection(ledger, live))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_moves_neither_scores_nor_order(tmp_path: Path, seed: int) -> None:
    mine, hidden = texts(seed, 60), texts(seed + 100, 10 + 40 * (seed % 3))
    between = {"a": mine[:20], "hidden-a": hidden[:9], "b": mine[20:], "hidden-b": hidden[9:]}
    hiding, plain = made(tmp_path / "h.db", between), made(tmp_path / "p.db", {"a": mine[:20], "b": mine[20:]})
    for expression in ASKED:
        for limit in (1000, 3):
            found, wanted = asked(hiding, expression, limit), asked(plain, expression, limit)
            pd.testing.assert_frame_equal(found, wanted, check_exact=True)
    assert len(asked(plain, '"quay"')) > 5
    assert (
        passage_search.build_collection(plain, 60) is None and passage_search.build_collection(hiding, 60) is not None
    )
    hiding.close()
    plain.close()


def test_a_case_with_nothing_hidden_is_asked_as_before(tmp_path: Path) -> None:
    ledger = made(tmp_path / "l.db", {"a": texts(1, 200)})
    sql = ledger.reader_connection
    raw = sql.execute("SELECT -bm25(words) FROM words WHERE words MATCH 'quay' ORDER BY bm25(words), rowid").fetchall()
    assert asked(ledger, '"quay"')["score"].tolist() == [round(score, passage_search.DIGITS) for (score,) in raw]
    ledger.close()


def test_what_was_withdrawn_counts_no_more_in_a_score(tmp_path: Path) -> None:
    mine, gone = texts(3, 40), texts(4, 30)
    ledger, plain = made(tmp_path / "l.db", {"gone": gone, "a": mine}), made(tmp_path / "p.db", {"a": mine})
    ledger.decide("run", [Run("add", "text", "1", (b"gone".hex() * 64)[:64]).id], "withdrawn", "wrong file")
    pd.testing.assert_frame_equal(asked(ledger, '"quay"'), asked(plain, '"quay"'), check_exact=True)
    ledger.close()
    plain.close()

"""case.judgements: which entities are one and the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.context.entity_index import find_entity, find_named
from workbench.case.guide.namespace import Namespace
from workbench.case.review import decisions
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.model import schema as vocabulary

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Judgements(Namespace):
    """Possible duplicates, and what officers decided about them."""

    PATH = "judgements"
    GROUPS = (
        ("See", "duplicates"),
        ("Decide", "judge split"),
    )

    def duplicates(self, schema: str = "", *, about: str = "", judged: bool = False) -> pd.DataFrame:
        """List pairs that may be the same entity, with reasons for and against, best first (PAIRS).

        Notes
        -----
        What more than 60 things share (a number, a name) is too common to be a hint and makes no pair: `.attrs['left_out']` says what and
        how many share it, '' if nothing is left out. Of more than 100,000 pairs, each entity keeps its best: `.attrs['left_out']` says so.
        """
        vocabulary.check_optional(schema)
        found = self._book.pairs
        left_out = "\n".join(str(self._book.say.translate_value(one)) for one in found.attrs["left_out"])
        found = found[found["schema"] == schema] if schema else found
        found = found if judged else found[found["judgement"] == ""]
        if about:
            ids = set(find_named(self._book, about)["canonical_id"]) or {find_entity(self._book, about)}
            found = found[found["left_id"].isin(ids) | found["right_id"].isin(ids)]
        found = marks.add_mark_column(self._book, found.reset_index(drop=True))
        found.attrs["left_out"] = left_out
        return consultation_log.log_answer(self._book, "pairs", found, schema, about)

    def judge(self, pairs: pd.DataFrame | Sequence[str], *, same: bool | None, because: str) -> None:
        """Decide whether two entities are the same: same=True, False, or None (unsure).

        A new judgement replaces the earlier one.
        """
        decisions.judge_pairs(self._book, decisions.list_pair_ids(self._book, pairs), same=same, because=because)

    def split(self, entity: str, *, because: str) -> int:
        """Undo every merge of an entity with others.

        Returns the number of pairs that are open again.
        """
        return decisions.split_entity(self._book, entity, because)

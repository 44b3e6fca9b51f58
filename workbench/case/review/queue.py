"""Decisions on what waits: suggestions of machines, flags, remarks of other bureaux; and how they are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.case.evidence import flag_review, notes, remarks
from workbench.case.review import adoption, decisions
from workbench.errors import CaseError
from workbench.ledger.access.flag_records import CONFIRMED, DISMISSED
from workbench.ledger.records import row_tables
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd

FLAG_VERDICTS = {"accepted": CONFIRMED, "rejected": DISMISSED}
"""Verdicts as rows of the ledger have them of a flag."""
RESTORED = frozenset({"note", "statement", "flag"})
"""Kinds of what can be restored here, as rows of the ledger have them."""


def decide_suggestions(
    context: CaseContext, chosen: Iterable[str | Sequence[str] | pd.DataFrame], verdict: str, because: str
) -> pd.DataFrame:
    """Accept or reject suggestions, flags or (reject alone) remarks; what they are now.

    Raises
    ------
    CaseError
        For what is none of them, for several kinds at once, and without a reason where one is needed.
    """
    import pandas as pd

    given = list(chosen)
    if any(isinstance(one, pd.DataFrame) for one in given):
        return _decide_rows(context, given, verdict, because)
    ids = [key for one in given for key in ([one] if isinstance(one, str) else map(str, one))]
    if remarks.parse_remark_ids(ids) is not None and verdict == "rejected":
        return adoption.dismiss_remarks(context, ids, because)
    if ids and set(ids) <= flag_review.flag_ids(context):
        return flag_review.decide_flags(context, ids, FLAG_VERDICTS[verdict], because)
    decisions.review_suggestions(context, ids, verdict, because)
    return pd.DataFrame({"target_id": ids, "verdict": verdict})


def _decide_rows(
    context: CaseContext, given: list[str | Sequence[str] | pd.DataFrame], verdict: str, because: str
) -> pd.DataFrame:
    """The same for rows of a table, which alone says what kind they are."""
    import pandas as pd

    [*others, rows] = given
    if others or not isinstance(rows, pd.DataFrame):
        raise CaseError(Sentence("Give one table at a time, and no ids with it."))
    if "flag_id" not in rows and ("remark_id" not in rows or verdict == "accepted"):
        raise CaseError(
            Sentence(
                "You cannot give a table of this type here. {verdict}",
                verdict=Sentence(f"refused.hand.rows_of.{verdict}"),
            )
        )
    if (ids := remarks.parse_remark_ids(rows)) is not None:
        return adoption.dismiss_remarks(context, ids, because)
    return flag_review.decide_flags(context, rows, FLAG_VERDICTS[verdict], because)


def withdraw_note(context: CaseContext, note: str, because: str) -> None:
    """Take a note back.

    Raises
    ------
    CaseError
        If there is none of that id.
    """
    if not notes.find_note(context, note):
        raise CaseError(
            Sentence(
                "'{name}' is not the id of a note in this case. Use ids from `case.review.notes()`. To withdraw "
                "a file, use `case.sources.withdraw(…)`.",
                name=note,
            )
        )
    context.ledger.decide("note", [note], "withdrawn", because)


def restore(context: CaseContext, target: str, because: str) -> None:
    """Let a note, a statement or a flag count again.

    Raises
    ------
    CaseError
        If nobody has decided on anything of that id.
    """
    rows = row_tables.list_decisions(context.ledger)
    kinds = rows.loc[rows["target_id"] == target, "target_kind"]
    kind = str(kinds.iloc[-1]) if len(kinds) else ""
    if kind not in RESTORED:
        raise CaseError(
            Sentence(
                "There is nothing to restore with the id '{name}'. You can restore a withdrawn note, a corrected "
                "statement or a rejected flag: see `case.log.decisions()`. To use a rejected suggestion again, "
                "use `case.review.accept(…)`. To restore a file, use `case.sources.restore(…)`.",
                name=target,
            )
        )
    if kind == "flag":
        flag_review.decide_flags(context, target, "restored", because)
    else:
        context.ledger.decide(kind, [target], "restored", because)

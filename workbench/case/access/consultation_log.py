"""What an officer is shown of a case stands in its log: what was asked and why, and a digest of what the answer told of.

Directive (EU) 2016/680, article 25, names consultation beside collection, alteration, disclosure, combination and erasure. The
same question, for the same reason, of rows that have not changed is logged once a session.
"""

from __future__ import annotations

import sys
from collections.abc import Sized
from typing import TypeVar

from workbench.case.access import controller
from workbench.case.context import graph_ids
from workbench.case.context.case_context import CaseContext
from workbench.ledger import Object
from workbench.ledger.records import consultations
from workbench.model.catalogue import Translator
from workbench.model.handling_marks import PLAIN

Answer = TypeVar("Answer")
TOLD = ("canonical_id", "left_id", "right_id", "document_id")
"""Columns by whose ids a table says of what it tells."""
PARTIES = ("a", "b", "contact", "number", "payer_account", "beneficiary_account")
"""Columns of answers about calls and payments that say of whom they tell by a number."""


def log_answer(context: CaseContext, kind: str, answer: Answer, *asked: str, **how: str) -> Answer:
    """The answer, once it is in the log that it was asked for.

    Parameters
    ----------
    kind : str
        The verb, as it stands in the log.
    answer : DataFrame, graph, chart or answer about calls
        What is shown.
    asked : str
        Names and words: what was asked, to which the log commits by a salted hash.
    how : str
        Bounds of the question.

    Raises
    ------
    CaseError
        Without a reason; the refusal is logged.
    """
    query, given = " – ".join(filter(None, asked)), {name: value for name, value in how.items() if value}
    session = context.ledger.session
    question = (kind, query, *given.items(), session.reason, context.ledger.get_version())
    if question not in context.consulted:
        count, names = list_answer_ids(answer)
        digest = consultations.compute_local_id(context.ledger, "\n".join(sorted(names)))
        consultations.record_consultation(
            context.ledger, Object(kind, id=digest, count=count, query=query), {**given, "things": len(names)}
        )
        context.consulted.add(question)
    return answer


def list_answer_ids(answer: object) -> tuple[int, set[str]]:
    """How many rows or entities an answer has, and the ids of entities and documents (numbers, in answers about calls) in it."""
    import networkx as nx
    import pandas as pd

    shown = getattr(answer, "graph", answer) if not isinstance(answer, nx.Graph) else answer
    if isinstance(shown, nx.Graph):
        return len(shown), graph_ids.list_named_ids(shown)
    frame = getattr(shown, "table", shown)
    if isinstance(frame, pd.DataFrame):
        named = {value for name in (*TOLD, *PARTIES) if name in frame for value in frame[name].tolist()}
        return len(frame), {value for value in named if isinstance(value, str) and value}
    return len(shown) if isinstance(shown, Sized) else 1, set()


def set_session_reason(context: CaseContext, reason: str) -> None:
    """Say for the session why it consults the case, on which ground, and under which mark."""
    said = reason.strip() or (context.ledger.purpose if controller.is_exercise(context) else _ask_reason(context.say))
    mark = controller.get_scheme(context).label(PLAIN)
    context.ledger.amend(reason=said, legal_basis=context.settings.legal_basis, mark=mark)


def _ask_reason(say: Translator) -> str:
    """What an officer answers in a language, in a notebook or a terminal; '' if nobody can be asked."""
    if "ipykernel" not in sys.modules and not (sys.stdin and sys.stdin.isatty()):
        return ""
    try:
        return input(
            say(
                "{question}: ",
                question=say(
                    "Why do you open this case? The log records your reason. You can change it later with `case.reason`"
                ),
            )
        ).strip()
    except (NotImplementedError, EOFError, OSError):  # a notebook that runs by itself
        return ""

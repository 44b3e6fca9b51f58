"""A defect of the program that shows at one message: it is told there, and stops no other message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from workbench.errors import WorkbenchError

T = TypeVar("T")
SHOWN = 200
"""Characters of a defect that are told."""


def catch_defect(work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """What a judgement of one message gives; where it fails otherwise than in words, what `otherwise` makes of the defect.

    `work` reads the message and nothing else: what fails in the case itself, such as its ledger, is no defect of a message.
    """
    try:
        return work()
    except WorkbenchError:
        raise
    except Exception as error:  # noqa: BLE001 - any defect of any judgement, told with its kind
        return otherwise(f"{type(error).__name__}: {str(error)[:SHOWN]}")

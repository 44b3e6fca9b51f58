"""Messages that are read as they arrive: what reading the whole case would find, and nothing twice, however many come at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from workbench.case.case import Case, open_case
from workbench.case.desk.inbox import processing, triage
from workbench.case.desk.messages import filing
from workbench.case.network import search
from workbench.ledger.records import messages
from workbench.messages.model.message import Message

TEXTS = (
    ("en", "On 3 May 2025 Erik Halvorsen called +44 1632 960123 from Lyon and asked for the container."),
    ("fr", "Le 3 mai 2025 Jeanne Moreau a vendu à Lyon deux voitures volées.\n\nNous vous prions de les rechercher."),
    ("es", "El 3 de mayo de 2025 una furgoneta blanca salió de Madrid con tabaco de contrabando. " * 16),
)
MESSAGES = [
    Message(our_ref=f"A-{number}", subject="SMUGGLING / ENQUIRY", summary_of_facts=text, language=language)
    for number, (language, text) in enumerate(TEXTS)
]
Found = tuple[set[tuple[str, ...]], dict[str, npt.NDArray[np.float16]], list[object]]


def filed(case: Case) -> list[str]:
    return [filing.file_message(case.context, one, direction="incoming") for one in MESSAGES]


def found(case: Case) -> Found:
    """Evidence, vectors by passage, and categories."""
    said = case.evidence.list()[["document_id", "schema", "prop", "value", "kind"]].itertuples(index=False, name=None)
    search.index_passages(case.context)
    ids, vectors = search._open_index(case.context).get_all()
    told = triage.list_categories(case.context, messages.list_messages(case.context.ledger))
    return set(said), dict(zip(ids, vectors, strict=True)), [told[key] for key in sorted(told)]


def taken(path: Path, batches: Sequence[slice]) -> Found:
    """What is found in messages that are read on arrival in some batches, or later by `case.extract` where there is none."""
    case = open_case(path, officer="ada", purpose="training")
    keys = filed(case)
    for batch in batches:
        processing.read_messages(case.context, keys[batch])
    read = case.extract().set_index("method")["passages"]
    assert (read["identifiers"] == 0) == bool(batches)
    made = found(case)
    case.close()
    return made


@pytest.mark.slow
def test_what_is_read_on_arrival_alone_or_together_is_what_is_read_later(tmp_path: Path) -> None:
    later, *others = (
        taken(tmp_path / str(number), batches)
        for number, batches in enumerate(([], [slice(0, 3)], [slice(2, 3), slice(0, 1), slice(1, 2)]))
    )
    assert any("TelephoneNumber" in row for row in later[0]) and len(later[1]) >= len(TEXTS)
    for one in others:
        assert one[0] == later[0] and one[2] == later[2]
        assert one[1].keys() == later[1].keys()
        assert all(np.array_equal(one[1][key], later[1][key]) for key in later[1])

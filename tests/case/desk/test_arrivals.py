"""Messages that are read as they arrive: what reading the whole case would find, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import open_case
from workbench.case.desk import arrivals, filing
from workbench.messages.message import Message

TEXT = "On 3 May 2025 Erik Halvorsen called +44 1632 960123 from Lyon and asked for the container."


@pytest.mark.slow
def test_what_is_read_on_arrival_is_not_read_again(tmp_path: Path) -> None:
    found = {}
    for name in ("arrival", "whole"):
        case = open_case(tmp_path / name, officer="ada", purpose="training")
        key = filing.file(case.book, Message(our_ref="A-1", summary_of_facts=TEXT, language="en"), direction="incoming")
        if name == "arrival":
            assert arrivals.read(case.book, [key]) > 0
            assert "TelephoneNumber" in set(case.entities()["schema"])
        read = case.extract().set_index("method")["passages"]
        assert (read["identifiers"] == 0) == (name == "arrival")
        found[name] = set(case.evidence()[["schema", "prop", "value", "kind"]].itertuples(index=False, name=None))
        assert list(case.search("container")["document_id"]) == [key]
        case.close()
    assert found["arrival"] == found["whole"]

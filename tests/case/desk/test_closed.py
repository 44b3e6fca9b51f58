"""What came and is closed to who works, or was withdrawn: no list and no own entry of the log tells of the one; the other is called so."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.case.desk.conftest import clear
from tests.case.desk.test_attached import GUESTS, sealed
from tests.case.packages.conftest import Side
from workbench.case.case import Case, open_case

SECRETS = ("SECRETREF", "SECRETSUBJ", "SECRETNAME", "SECRETTITLE")
HIGH = {"confidentiality": "RESTRICTED", "our_ref": "SECRETREF-9", "subject": "SECRETSUBJ", "title": "SECRETTITLE"}


def receive(case: Case, ada: Side, bo: Side, folder: Path, **fields: str) -> dict[str, str]:
    path = sealed(ada.officer, bo, folder, {"SECRETNAME.csv": GUESTS}, **fields)
    return dict(case.desk.receive(path, trust=bo.trust).iloc[0])


def tells(case: Case) -> list[str]:
    """Words that lists of packages and of the log tell."""
    text = case.packages.list().to_csv() + case.log.entries().to_csv()
    return [word for word in SECRETS if word in text]


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["the receiver", "another officer"])
def test_a_closed_message_is_told_by_no_list(ada: Side, bo: Side, tmp_path: Path, reader: str) -> None:
    clear(bo) if reader == "another officer" else open_case(bo.folder, officer="carla", purpose="training").close()
    with closing(bo.case()) as case:
        came = [
            receive(case, ada, bo, tmp_path, **{**HIGH, "title": title}) for title in ("SECRETTITLE", "SECRETTITLE 2")
        ]
        assert [one["state"] for one in came] == ["closed" if reader == "the receiver" else "read"] * 2
        if reader == "the receiver":
            assert tells(case) == []
            assert case.packages.list().empty and "[withheld]" in set(case.log.entries()["object"])
        else:
            assert tells(case) == ["SECRETREF", "SECRETNAME", "SECRETTITLE"] and len(case.packages.list()) == 2
    with closing(open_case(bo.folder, officer="zoe", purpose="training")) as case:
        assert tells(case) == [] and case.packages.list().empty
    with closing(open_case(bo.folder, officer="carla", purpose="training")) as case:
        case.access.grant("zoe", "EXERCISE RESTRICTED", because="vetted")
    with closing(open_case(bo.folder, officer="zoe", purpose="training")) as case:
        assert len(case.packages.list()) == 2


def test_a_message_that_is_marked_later_takes_its_package_along(ada: Side, bo: Side, tmp_path: Path) -> None:
    clear(bo)
    with closing(bo.case()) as case:
        receive(case, ada, bo, tmp_path, our_ref="V-1", title="SECRETTITLE")
        case.handling.mark("V-1.json", level="EXERCISE RESTRICTED", because="of the source")
    with closing(open_case(bo.folder, officer="zoe", purpose="training")) as case:
        assert tells(case) == []


def test_a_withdrawn_message_that_comes_again_is_called_so(ada: Side, bo: Side, tmp_path: Path) -> None:
    with closing(bo.case()) as case:
        receive(case, ada, bo, tmp_path)
        case.sources.withdraw("V-1.json", because="by mistake")
        for title in ("m", "another package"):
            came = receive(case, ada, bo, tmp_path, title=title)
            assert came["state"] == "known" and "was withdrawn" in came["why"] and came["our_ref"] == "V-1"
        assert case.desk.messages().empty

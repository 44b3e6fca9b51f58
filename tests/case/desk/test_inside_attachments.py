"""What is inside an attachment is asked what the attachment is asked: a file in an archive or a mail, a number in a table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.case.desk.conftest import clear
from tests.case.packages.conftest import CALLS, Side
from tests.matrices import first_quick
from workbench.case.case import Case, open_case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError

SECRET = "The handler met the source at the harbour at night.\n"
NUMBER = "+447700900203"
MAIL = (
    "From: a@b.example\nTo: c@d.example\nSubject: docs\nDate: Mon, 2 Mar 2026 09:30:00 +0100\nMessage-ID: <77@x>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nHello there.\n--B\n"
    f"Content-Type: text/plain; name=s.txt\nContent-Disposition: attachment; filename=s.txt\n\n{SECRET}\n--B--\n"
)
HOLDERS = {"z.zip": "z.zip/s.txt", "m.eml": "m.eml/s.txt", "calls.csv": NUMBER}
"""File that is attached -> what in it is marked."""
CLOSED: dict[str, dict[str, object]] = {
    "closed to the addressee": {"barred": ["QN"]}, "needs a permission": {"handling": ["H2"]}, "stays in the service": {"tlp": "TLP:RED"},
}  # fmt: skip


def fill(case: Case, folder: Path, holder: str) -> Case:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        for name, text in (("s.txt", SECRET), ("o.txt", "Other text of the port.")):
            archive.writestr(zipfile.ZipInfo(name), text)
    (folder / "m.eml").write_text(MAIL, "utf-8")
    (folder / "calls.csv").write_text(CALLS.replace("0770", "+44770"), "utf-8")
    case.add(folder / holder)
    return case


def draft(case: Case, name: str, **fields: Any) -> Draft:
    made = case.desk.draft(
        "information", to="QN-NCB", from_bureau="QM-NCB", purpose="person_info", legal_basis="Police act, section 3", crime_area=["fraud"],
        subject="FRAUD / INFORMATION", summary_of_facts="On 14 February 2026 at about 10:00 in Lyon a van was seen.", **fields,
    )  # fmt: skip
    made.attach(name)
    return made


def keep_warnings(made: Draft) -> Draft:
    made.waive(made.check().query("severity == 'warning'"), because="seen")
    return made


def send(case: Case, made: Draft, ada: Side, bo: Side, **options: Any) -> Path:
    return case.desk.drafts.send(made, [bo.card], trust=ada.trust, **options)


WAYS: dict[str, Callable[[Case, Draft, Side, Side, Path], object]] = {
    "send": lambda case, made, ada, bo, _: send(case, made, ada, bo),
    "export": lambda case, made, ada, _, place: case.desk.drafts.export(made, place / "d.eml", trust=ada.trust),
    "record": lambda case, made, ada, *_: case.desk.drafts.record_sent(made, how="by post", trust=ada.trust),
}


@pytest.mark.slow
@pytest.mark.parametrize(("holder", "mark", "when"), first_quick(5, HOLDERS, CLOSED, ["before", "after"]))
def test_nothing_goes_out_of_which_a_part_is_closed(
    ada: Side, bo: Side, tmp_path: Path, holder: str, mark: str, when: str
) -> None:
    with closing(fill(ada.case(), tmp_path / "in", holder)) as case:
        made = keep_warnings(draft(case, holder)) if when == "after" else None
        case.handling.mark(HOLDERS[holder], because="of the source", **CLOSED[mark])  # type: ignore[arg-type]
        made = made or keep_warnings(draft(case, holder))
        for way in WAYS.values():
            with pytest.raises(CaseError, match=r"closed to QN|not allowed to receive"):
                way(case, made, ada, bo, tmp_path)
        shown = case.desk.drafts.disclosure(made)
        assert shown.loc[shown["what"] == holder, "closed"].tolist() != [""]
        assert not [*(case.context.folder.path / "outbox").glob("*")]


@pytest.mark.slow
@pytest.mark.parametrize("holder", HOLDERS)
def test_a_second_officer_signs_nothing_of_which_a_part_is_closed(
    ada: Side, tmp_path: Path, second: object, holder: str
) -> None:
    with closing(fill(ada.case(), tmp_path / "in", holder)) as case:
        made = keep_warnings(draft(case, holder))
        case.handling.mark(HOLDERS[holder], handling=["H2"], because="of the source")
        with pytest.raises(CaseError, match="not allowed to receive"):
            case.desk.drafts.approve(made, officer=second, trust=ada.trust)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("way", ["send", "record"])
def test_conditions_of_a_part_go_with_the_message(ada: Side, bo: Side, tmp_path: Path, holder: str, way: str) -> None:
    with closing(fill(ada.case(), tmp_path / "in", holder)) as case:
        case.handling.mark(HOLDERS[holder], handling=["H3"], conditions=["Tell nobody"], because="of the source")
        made = keep_warnings(draft(case, holder))
        assert "Tell nobody" in made.mark
        sent = WAYS[way](case, made, ada, bo, tmp_path)
        assert "Tell nobody" in case.desk.messages()["mark"].iloc[-1]
        if way == "send":
            with bo.open(sent) as opened:  # type: ignore[arg-type]
                assert "Tell nobody" in opened.header.cover.mark and "H3" in opened.header.cover.handling


@pytest.mark.slow
@pytest.mark.parametrize("holder", HOLDERS)
def test_the_level_of_a_part_is_that_of_the_attachment(ada: Side, bo: Side, tmp_path: Path, holder: str) -> None:
    clear(ada)
    with closing(fill(ada.case(), tmp_path / "in", holder)) as case:
        case.handling.mark(HOLDERS[holder], level="EXERCISE RESTRICTED", because="of the source")
        made = draft(case, holder)
        assert made.message.attachments[0].confidentiality == "RESTRICTED"
        assert "MSG-35" in set(made.check()["rule"])
        made = keep_warnings(made.change(confidentiality="RESTRICTED"))
        for way in WAYS.values():
            with pytest.raises(CaseError, match="a second officer must sign it"):
                way(case, made, ada, bo, tmp_path)


def test_a_part_above_the_clearance_of_an_addressee_does_not_go(
    ada: Side, bo: Side, tmp_path: Path, second: object
) -> None:
    clear(ada)
    with closing(fill(ada.case(), tmp_path / "in", "z.zip")) as case:
        case.handling.mark(HOLDERS["z.zip"], level="EXERCISE RESTRICTED", because="of the source")
        made = keep_warnings(draft(case, "z.zip", confidentiality="RESTRICTED", clearance="EXERCISE RESTRICTED"))
        case.desk.drafts.approve(made, officer=second, trust=ada.trust)  # type: ignore[arg-type]
        with pytest.raises(CaseError, match="cleared only up to"):
            send(case, made, ada, bo)
        assert send(case, made, ada, bo, clearance="EXERCISE RESTRICTED").is_file()


def test_a_part_for_which_there_is_permission_goes(ada: Side, bo: Side, tmp_path: Path) -> None:
    with closing(fill(ada.case(), tmp_path / "in", "z.zip")) as case:
        case.handling.mark(HOLDERS["z.zip"], handling=["H2"], because="of the source")
        case.handling.permit(HOLDERS["z.zip"], "H2", by="NCB Valdora", because="letter 1/26")
        made = keep_warnings(draft(case, "z.zip"))
        assert set(case.desk.drafts.disclosure(made)["closed"]) == {""}
        assert send(case, made, ada, bo).is_file()


@pytest.mark.slow
def test_a_table_goes_in_which_no_closed_number_is(ada: Side, bo: Side, tmp_path: Path) -> None:
    with closing(fill(ada.case(), tmp_path / "in", "calls.csv")) as case:
        (tmp_path / "n.csv").write_text("name,phone\nMarta Oliveira,+447700900999\n", "utf-8")
        case.add(tmp_path / "n.csv")
        case.handling.mark("+447700900999", barred=["QN"], because="of the source")
        assert send(case, keep_warnings(draft(case, "calls.csv")), ada, bo).is_file()


@pytest.mark.parametrize("holder", HOLDERS)
def test_what_went_out_is_hidden_with_a_part_of_it(ada: Side, bo: Side, tmp_path: Path, holder: str) -> None:
    clear(ada)
    with closing(fill(ada.case(), tmp_path / "in", holder)) as case:
        WAYS["export"](case, keep_warnings(draft(case, holder)), ada, bo, case.context.folder.reports)
        case.handling.mark(HOLDERS[holder], level="EXERCISE RESTRICTED", because="of the source")
        assert "d.eml" in set(case.privacy.disclosures()["name"])
    with closing(open_case(ada.folder, officer="zoe", purpose="training")) as case:
        assert case.privacy.disclosures().empty

"""Screening in a case: hits with their reasons, what is kept and for how long, who sees them, what is erased."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from workbench.case.case import Case, open_case
from workbench.case.desk.messages import filing
from workbench.errors import CaseError, SourceError
from workbench.ledger.records import screenings
from workbench.messages import Message
from workbench.messages.model.message import Identity, Person

pytestmark = pytest.mark.slow  # names across scripts need rigour's lists, which take seconds to load
TODAY = date.today()
DAYS = {"retrieved": str(TODAY), "expires": str(TODAY + timedelta(days=30))}
KARIM = Person(
    family_name="FASSI", forename="Karim", date_of_birth="1988-06-21", nationalities=("FR",), status="suspect"
)
MARTA = Person(
    family_name="OLIVEIRA",
    forename="Marta",
    sex="F",
    documents=(Identity(kind="passport", number="P4471902"),),
    status="witness",
)
NOTICES: list[dict[str, Any]] = [
    {"entity_id": "2031/1", "name": "الفاسي", "forename": "كريم", "date_of_birth": "1988/06/21", "nationalities": ["FR"]},
    {"entity_id": "2031/2", "name": "FASSI", "forename": "KARIM", "date_of_birth": "1950/01/01", "sex_id": "M", "nationalities": ["ES"]},
    {"entity_id": "2031/3", "name": "NOBODY", "forename": "HERE", "date_of_birth": "1988/06/21"},
    {"entity_id": "2031/4", "name": "SANTOS", "forename": "ANA", "identity_documents": [{"number": "P4471902"}], "un_reference": "XXi.999"},
]  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="training")
    message = Message(our_ref="A-1", subject="FRAUD", from_bureau="XA-NCB", persons=(KARIM, MARTA))
    filing.file_message(made.context, message, direction="incoming")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "notices.json"
    made.write_text(
        json.dumps({"total": 5, "_embedded": {"notices": [*NOTICES, {"name": "no notice"}]}}), encoding="utf-8"
    )
    return made


def test_hits_have_reasons_for_and_against(case: Case, file: Path) -> None:
    hits = case.desk.screening.run(file, **DAYS).set_index("notice")
    assert set(hits.index) == {"2031/1", "2031/2", "2031/4"}
    assert (
        "similar spellings in different scripts" in hits.at["2031/1", "reasons"]
        and "born 1988-06-21" in hits.at["2031/1", "reasons"]
    )
    assert "nationality: fr" in hits.at["2031/1", "reasons"] and hits.at["2031/1", "against"] == ""
    assert "same name" in hits.at["2031/2", "reasons"]
    assert "born 1988-06-21, but the notice states 1950-01-01" in hits.at["2031/2", "against"]
    assert "same number: p4471902" in hits.at["2031/4", "reasons"] and hits.at["2031/4", "color"] == "un"
    assert all("verify with" in text and number in text for number, text in hits["verify"].items())
    (left,) = hits.attrs["left_out"]
    assert (
        f"The program compared 4 of 5 entries in notices.json. These entries were not compared: {left}. They have no name"
        in (hits.attrs["warning"])
    )
    assert "does not show that the persons are the same" in hits.attrs["warning"]


def test_nobody_is_scored_or_merged(case: Case, file: Path) -> None:
    before = case.entities()
    hits = case.desk.screening.run(file, **DAYS)
    assert not {"score", "likelihood", "probability", "confidence", "risk"} & set(hits.columns)
    assert case.entities().equals(before) and case.judgements.duplicates("Person").empty


def test_the_file_is_not_kept_and_its_hits_only_until_it_expires(case: Case, file: Path) -> None:
    case.desk.screening.run(file, **DAYS)
    kept = b"".join(path.read_bytes() for path in case.context.folder.path.rglob("*") if path.is_file())
    assert b"NOBODY" not in kept
    assert len(case.desk.screening.list()) == 3
    later = str(TODAY + timedelta(days=31))
    assert screenings.list_hits(case.context.ledger, later) == []
    assert (
        screenings.delete_expired_hits(case.context.ledger, later) == 3
        and screenings.delete_expired_hits(case.context.ledger, later) == 0
    )
    assert case.desk.screening.list().empty
    (made,) = screenings.list_screenings(case.context.ledger)
    assert made.purged and made.notices == 4
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    assert "erasure" in set(case.log.entries().query("kind == 'screening'")["operation"])


def test_who_asks_is_told_of_the_hits(case: Case, file: Path) -> None:
    case.desk.screening.run(file, **DAYS)
    told = case.subjects.records("Karim FASSI")
    hits = told[told["property"] == "hit in a file of notices, not verified"]
    assert set(hits["value"]) == {"2031/1", "2031/2"} and hits["text"].str.contains("born 1988-06-21").any()


def test_a_second_screening_takes_the_place_of_the_first(case: Case, file: Path) -> None:
    first, second = case.desk.screening.run(file, **DAYS), case.desk.screening.run(file, **DAYS)
    assert len(first) == len(second) == len(case.desk.screening.list())
    later = str(date.fromisoformat(DAYS["expires"]) + timedelta(days=1))
    third = case.desk.screening.run(file, **DAYS | {"expires": later})
    assert len(third) == len(case.desk.screening.list()) and set(third["expires"]) == {later}
    assert case.desk.screening.purge() == 0


@pytest.mark.parametrize(
    ("retrieved", "expires", "said"),
    [
        ("2001-01-01", "2001-02-01", "You cannot use this copy today"),
        (str(TODAY + timedelta(days=1)), "2999-01-01", "You cannot use this copy today"),
        ("yesterday", "2999-01-01", "retrieved: 'yesterday' is not a date"),
        ("2001-01-01", "31/12/2999", "expires: '31/12/2999' is not a date"),
        ("2004-02-29", "2999-01-01", "at most one year, until 2005-02-28"),
        (str(TODAY), str(TODAY + timedelta(days=367)), "at most one year, until"),
    ],
)
def test_a_copy_that_may_not_be_used_is_refused(
    case: Case, file: Path, retrieved: str, expires: str, said: str
) -> None:
    with pytest.raises(CaseError, match=said):
        case.desk.screening.run(file, retrieved=retrieved, expires=expires)
    assert screenings.list_screenings(case.context.ledger) == []


def test_a_copy_is_used_for_a_year(case: Case, file: Path) -> None:
    year = str(TODAY + timedelta(days=365))
    assert set(case.desk.screening.run(file, retrieved=str(TODAY), expires=year)["expires"]) == {year}


def test_a_file_without_notices_is_refused(case: Case, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('[{"name": "X"}]', encoding="utf-8")
    with pytest.raises(CaseError, match="contains no notice"):
        case.desk.screening.run(tmp_path / "other.json", **DAYS)


def test_a_hit_is_for_those_who_may_see_what_was_compared(case: Case, file: Path, tmp_path: Path) -> None:
    secret = Message(
        our_ref="B-1", subject="X", confidentiality="RESTRICTED", persons=(replace(KARIM, forename="Nabil"),)
    )
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    filing.file_message(case.context, secret, direction="incoming")
    file.write_text(json.dumps([{**NOTICES[1], "forename": "NABIL", "date_of_birth": "1988/06/21"}]), encoding="utf-8")
    assert case.desk.screening.run(file, **DAYS).empty
    rita = open_case(tmp_path / "case", officer="rita", purpose="training")
    assert list(rita.desk.screening.run(file, **DAYS)["notice"]) == ["2031/2"]
    assert "RESTRICTED" in rita.desk.screening.list()["mark"].iloc[0]
    rita.close()
    eve = open_case(tmp_path / "case", officer="eve", purpose="training")
    assert eve.desk.screening.list().empty
    eve.close()


def add_secret_claims(case: Case, file: Path) -> None:
    """A number and a date of birth of Karim that an officer knows, for those who are cleared; and a notice that has both."""
    case.evidence.add("Person", source="officer's knowledge", because="told", entity="Karim FASSI", idNumber="QQ445566",
                      birthDate="1987-05-06")  # fmt: skip
    known = case.evidence.list("Karim FASSI")
    for key in known.loc[known["value"].isin(["QQ445566", "1987-05-06"]), "evidence_id"]:
        case.handling.mark(key, level="EXERCISE RESTRICTED", because="the source")
    notice = {**NOTICES[1], "date_of_birth": "1987/05/06", "identity_documents": [{"number": "QQ445566"}]}
    other = {**NOTICES[3], "identity_documents": [{"number": "QQ445566"}]}
    file.write_text(json.dumps([notice, other]), encoding="utf-8")


def test_what_an_officer_knows_is_shown_in_hits_to_those_who_may_see_it(case: Case, file: Path, tmp_path: Path) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    with closing(open_case(tmp_path / "case", officer="rita", purpose="training")) as rita:
        add_secret_claims(rita, file)
        first = rita.desk.screening.run(file, **DAYS)
        assert set(first["notice"]) == {"2031/2", "2031/4"} and first["reasons"].str.contains("qq445566").all()
        assert first["mark"].str.contains("RESTRICTED").all()
    with closing(open_case(tmp_path / "case", officer="eve", purpose="training")) as eve:
        for hits in (eve.desk.screening.list(), eve.desk.screening.run(file, **DAYS), eve.desk.screening.list()):
            told = hits[["reasons", "against", "mark"]].to_string()
            assert list(hits["notice"]) == ["2031/2"] and "same name" in told
            assert not any(word in told for word in ("qq445566", "born 1987-05-06, ", "RESTRICTED"))
        records = eve.subjects.records("Karim FASSI")
        assert "qq445566" not in records.to_string() and "2031/4" not in set(records["value"])
    with closing(open_case(tmp_path / "case", officer="rita", purpose="training")) as rita:
        again = rita.desk.screening.list()
        assert set(again["notice"]) == {"2031/2", "2031/4"} and again["reasons"].str.contains("qq445566").all()


def test_a_run_replaces_only_what_its_officer_found_and_may_see(case: Case, file: Path, tmp_path: Path) -> None:
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    early = DAYS | {"expires": str(TODAY)}
    with closing(open_case(tmp_path / "case", officer="rita", purpose="training")) as rita:
        add_secret_claims(rita, file)
        rita.desk.screening.run(file, **DAYS)
        time.sleep(1.1)  # of two runs of one second nobody can say which is the later
        case.desk.screening.run(file, **early)
        hits = rita.desk.screening.list().set_index("notice")
        assert hits.at["2031/4", "expires"] == DAYS["expires"] and hits.at["2031/2", "expires"] == str(TODAY)
    case.access.grant("rita", "EXERCISE", because="moved")
    kept = {one.notice for one in screenings.list_hits(case.context.ledger, str(TODAY + timedelta(days=1)))}
    with closing(open_case(tmp_path / "case", officer="rita", purpose="training")) as rita:
        rita.desk.screening.run(file, **DAYS)
    assert kept == {one.notice for one in screenings.list_hits(case.context.ledger, str(TODAY + timedelta(days=1)))}


def test_hits_that_were_kept_before_show_what_the_reader_may_see(case: Case, file: Path, tmp_path: Path) -> None:
    """Rows of an earlier version name documents alone, and hold the reasons as the officer saw them."""
    case.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    with closing(open_case(tmp_path / "case", officer="rita", purpose="training")) as rita:
        add_secret_claims(rita, file)
        rita.desk.screening.run(file, **DAYS)
        with rita.context.ledger.open_transaction() as sql:
            more = """'$.reasons', json('["same number: qq445566"]'), '$.against', json('[]')"""
            sql.execute(f"UPDATE screening_hits SET rests = '[]', body = json_set(body, {more})")
        assert len(rita.desk.screening.list()) == 2
    with closing(open_case(tmp_path / "case", officer="eve", purpose="training")) as eve:
        hits = eve.desk.screening.list()
        assert list(hits["notice"]) == ["2031/2"] and "qq445566" not in hits["reasons"].to_string()


def test_a_statement_that_was_rejected_is_no_reason(case: Case, file: Path) -> None:
    case.desk.screening.run(file, **DAYS)
    papers = case.context.evidence.query("value == 'P4471902'")["evidence_id"]
    case.review.reject(list(papers), because="misread")
    assert set(case.desk.screening.list()["notice"]) == {"2031/1", "2031/2"}
    known = case.evidence.list("Karim FASSI")
    case.review.reject(list(known.loc[known["prop"] == "birthDate", "evidence_id"]), because="another person")
    hits = case.desk.screening.list()
    assert not hits.empty and not hits[["reasons", "against"]].to_string().count("born 1988")
    assert "born 1988-06-21" not in "".join(case.subjects.records("Karim FASSI")["text"])


def test_who_is_erased_is_out_of_the_hits(case: Case, file: Path) -> None:
    case.desk.screening.run(file, **DAYS)
    case.privacy.erase("Karim FASSI", because="request 7", sure=True)
    assert list(case.desk.screening.list()["notice"]) == ["2031/4"]
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}


def test_of_whom_too_many_entries_come_near_is_told(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps([{**NOTICES[1], "entity_id": f"2031/{n}"} for n in range(300)]), encoding="utf-8")
    hits = case.desk.screening.run(path, **DAYS)
    assert len(hits) == 60 and "Karim" in hits.attrs["warning"] and "(300)" in hits.attrs["warning"]
    assert "at most the 60 most similar entries are shown" in hits.attrs["warning"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_a_pipe_is_not_waited_for(case: Case, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for place, told in (("pipe.json", "a pipe or a device"), ("none.json", "none.json")):
        with pytest.raises(SourceError, match=told):
            case.desk.screening.run(tmp_path / place, **DAYS)

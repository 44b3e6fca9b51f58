"""Review and hold, restriction, access of the person concerned, notice of a correction, forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.case.conftest import Opens
from tests.catalogued import english
from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.ledger.access import terms
from workbench.ledger.records import disclosures
from workbench.model.time_zones import add_years

from .walking import flat


@pytest.fixture
def case(opened: Opens, tmp_path: Path) -> Case:
    files = tmp_path / "files"
    files.mkdir()
    (files / "register.csv").write_text(
        "name,birthDate,phone\nMarta Oliveira,1980-02-01,+31970140002\nBob <b>Stevedore</b>,1971-01-05,\n"
    )
    (files / "memo.txt").write_text("Marta Oliveira met Bob Stevedore at the quay.")
    made = opened("ada")
    made.add(files)
    made.extract()
    return made


def report(case: Case, folder: Path) -> None:
    rows = case.evidence.list("Marta Oliveira")
    case.review.note(
        "She stands in the register.", kind="conclusion", nature="fact", passages=sorted(set(rows["passage_id"]) - {""})
    )
    case.report(folder / "r.html", to="public prosecutor")


def test_what_is_past_its_review_shows_to_the_controller_only(case: Case, opened: Opens) -> None:
    assert case.privacy.reviews().empty
    soon = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    case.privacy.retain("memo.txt", until=soon, because="trial in a month")
    row = case.privacy.reviews().iloc[0]
    assert (row["name"], row["due"], row["days"], row["state"]) == ("memo.txt", soon, 20, "due")
    case.privacy.retain("memo.txt", until="2020-01-01", because="set wrongly")
    assert case.privacy.reviews()["state"].item() == "past"
    bob = opened("bob")
    assert "memo.txt" not in set(bob.sources.list()["name"]) and bob.search("quay").empty
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.privacy.retain("register.csv", until=soon, because="mine")
    with pytest.raises(CaseError, match="more than 5 years"):
        case.privacy.retain("memo.txt", until="2099-01-01", because="for ever")
    with pytest.raises(CaseError, match="'soon' is not a date"):
        case.privacy.retain("memo.txt", until="soon", because="trial")


def test_years_of_retention_close_old_material(case: Case, opened: Opens) -> None:
    case.context.ledger.connection.execute(
        "UPDATE sources SET received_at = '2015-02-28T00:00:00Z' WHERE name = 'memo.txt'"
    )
    assert case.privacy.reviews()["name"].tolist() == ["memo.txt"]
    assert "memo.txt" not in set(opened("bob").sources.list()["name"])
    assert "memo.txt" in set(case.sources.list()["name"])


def test_a_hold_and_a_restriction_are_listed_and_released_by_the_controller(case: Case, opened: Opens) -> None:
    case.privacy.hold("memo.txt", because="order of the court")
    case.privacy.restrict("register.csv", because="contested by the person")
    assert set(case.privacy.reviews()["state"]) == {"on hold", "restricted"}
    bob = opened("bob")
    assert set(bob.sources.list()["name"]) == {"memo.txt"}
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.privacy.release("memo.txt", because="mine")
    case.privacy.release("register.csv", because="settled")
    assert set(bob.sources.list()["name"]) == {"memo.txt", "register.csv"}


@pytest.mark.slow
def test_a_person_is_told_all_that_is_kept_and_to_whom_it_went(case: Case, tmp_path: Path) -> None:
    report(case, tmp_path)
    found = case.subjects.records("Marta Oliveira")
    assert {"name", "birthDate"} <= set(found["property"])
    assert "register.csv" in set(found["source"]) and "1980-02-01" in set(found["value"])
    assert found.attrs["recipients"][0]["recipient"] == "public prosecutor"


@pytest.mark.slow
def test_every_recipient_of_wrong_data_is_named(case: Case, tmp_path: Path) -> None:
    report(case, tmp_path)
    assert case.subjects.correction_notice("Marta Oliveira").empty
    case.evidence.correct(
        "Marta Oliveira", "birthDate", "1981-02-01", source="officer's knowledge", because="passport seen"
    )
    found = case.subjects.correction_notice("Marta Oliveira")
    assert set(found["recipient"]) == {"public prosecutor"} and set(found["kind"]) == {"report"}
    assert set(found["wrong"]) == {"birthDate = 1980-02-01"} and set(found["right"]) == {"birthDate = 1981-02-01"}
    assert set(found["because"]) == {"passport seen"}
    assert case.privacy.disclosures()["told"].min() > 0


def test_a_disclosure_needs_a_reason(case: Case) -> None:
    case.context.ledger.session.reason = ""
    with pytest.raises(CaseError, match="You need a reason to disclose data"):
        disclosures.record_disclosure(
            case.context.ledger, disclosures.Disclosure("export", "x", "a.csv", "0" * 64, "M"), []
        )
    assert disclosures.list_disclosures(case.context.ledger).empty


def test_forms_are_filled_and_harmless(case: Case, tmp_path: Path) -> None:
    case.evidence.classify("Marta Oliveira", "witness", because="statement")
    paths = case.privacy.forms(tmp_path / "forms")
    text = " ".join(map(flat, paths))
    assert [path.name for path in paths] == ["assessment.html", "record.html"]
    assert "witness" in text and "register.csv" in text and "EXERCISE" in text and "<script" not in text


@pytest.mark.slow
def test_forms_are_in_the_language_that_is_asked_for(case: Case, tmp_path: Path) -> None:
    case.evidence.classify("Marta Oliveira", "witness", because="statement")
    for path in case.privacy.forms(tmp_path / "forms", language="ar"):
        page = path.read_text("utf-8")
        assert '<html lang="ar" dir="rtl">' in page and "شاهد" in page and "Marta" not in page
        assert not [text for text in english("forms") if text in page]
    with pytest.raises(CaseError, match="The program is not available in the language"):
        case.privacy.forms(tmp_path / "other", language="pt")


def test_what_is_on_hold_is_neither_withdrawn_nor_erased_until_it_is_released(case: Case) -> None:
    passage = case.context.passages.merge(case.context.traces.query("source_name == 'memo.txt'"), on="document_id")
    for what in ("memo.txt", passage[["document_id"]], passage[["passage_id"]]):
        case.privacy.hold(what, because="order of the court")
        for take in (case.sources.withdraw, lambda what, because: case.privacy.erase(what, because=because, sure=True)):
            with pytest.raises(CaseError, match=r"on legal hold.*order of the court"):
                take("memo.txt", because="not needed")
            refused = case.log.entries().iloc[-1]
            assert refused["result"] == "refused" and "order of the court" in refused["detail"]
        assert case.sources.list().set_index("name").at["memo.txt", "state"] == "read"
        case.privacy.release(what, because="the court has decided")
    case.sources.withdraw("memo.txt", because="not needed")
    assert case.sources.list().set_index("name").at["memo.txt", "state"] == "withdrawn"


FORMS = (
    lambda day: day.isoformat(),
    lambda day: day.strftime("%Y%m%d"),
    lambda day: "{}-W{:02}-{}".format(*day.isocalendar()),
)


@pytest.mark.parametrize("written", FORMS, ids=["days", "digits", "weeks"])
@pytest.mark.parametrize("stored", [False, True], ids=["said now", "stored before"])
def test_a_review_date_counts_in_whatever_form_it_was_written(
    case: Case, opened: Opens, written: Callable[[date], str], stored: bool
) -> None:
    past = datetime.now(UTC).date() - timedelta(days=20)
    if stored:
        said = ("source", case.sources.list().set_index("name")["source"]["memo.txt"])
        terms.add_facets(case.context.ledger, [said], {"review": [written(past)]}, "by an older program")
    else:
        case.privacy.retain("memo.txt", until=written(past), because="trial")
        marks = case.handling.marks()
        assert marks[marks["facet"] == "review"]["value"].tolist() == [[past.isoformat()]]
    assert case.privacy.reviews(9999).set_index("name")["due"]["memo.txt"] == past.isoformat()
    assert "memo.txt" not in set(opened("bob").sources.list()["name"])


@pytest.mark.parametrize("said", ["9998-01-01", "99980101", "never", ""])
def test_no_date_that_came_puts_a_review_off_for_ever(case: Case, opened: Opens, said: str) -> None:
    source = case.sources.list().set_index("name")["source"]["memo.txt"]
    terms.add_facets(case.context.ledger, [("source", source)], {"review": [said]}, "by a partner")
    due = date.fromisoformat(case.privacy.reviews(9999).set_index("name")["due"]["memo.txt"])
    assert due <= add_years(datetime.now(UTC).date(), terms.LONGEST)
    sql = case.context.ledger.connection
    sql.execute("UPDATE terms SET at = '2001-01-01T00:00:00Z' WHERE facet = 'review'")
    sql.execute("UPDATE sources SET received_at = '2001-01-01T00:00:00Z' WHERE sha256 = ?", (source,))
    assert "memo.txt" not in set(opened("bob").sources.list()["name"])

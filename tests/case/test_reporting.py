"""The report of a case: filled with what the case knows, silent where it knows nothing."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.evidence.quotations import describe_zone
from workbench.case.network.entity_graph import Scope, build_overview
from workbench.case.reports.case_report import ReportRequest, build_report
from workbench.errors import CaseError
from workbench.graph import betweenness
from workbench.model.catalogue import Translator
from workbench.report import Quotation, Report, to_html
from workbench.report.page_builder import build_page

KNOWLEDGE = "officer's knowledge"


def reported(case: Case, *about: str) -> Report:
    return build_report(case.context, ReportRequest("Who paid?", "prosecutor", about))


def marked(quotation: Quotation) -> list[str]:
    return [quotation.text[start:end] for start, end in quotation.spans]


def quoted(report: Report, words: str) -> Quotation:
    return next(quotation for quotation in report.passages if words in quotation.text)


@pytest.mark.slow
def test_the_front_page_is_filled_from_the_case_and_its_settings(tmp_path: Path, files: Path) -> None:
    place = tmp_path / "c"
    open_case(place, officer="ada", purpose="test").close()
    text = (place / "case.toml").read_text("utf-8")
    for name, value in (("bureau", "IP Valdorra"), ("legal_basis", "s. 12"), ("approver", "R. Amadi")):
        text = text.replace(f'{name} = ""', f'{name} = "{value}"')
    (place / "case.toml").write_text(text, "utf-8")
    case = open_case(place, officer="ada", purpose="test")
    case.add(files)
    made = reported(case)
    case.close()
    assert (made.bureau, made.legal_basis, made.approver) == ("IP Valdorra", "s. 12", "R. Amadi")
    assert (made.officer, made.purpose, made.addressee) == ("ada", "test", "prosecutor")
    assert "Reviewed by" in to_html(made) and "IP Valdorra" in to_html(made)


@pytest.mark.slow
def test_what_the_case_does_not_know_has_no_line(case: Case) -> None:
    made = reported(case)
    assert [fact.label for fact in build_page(made).facts] == ["To", "Prepared by", "Purpose", "Data as of"]
    assert not [words for words in ("Reviewed by", "not recorded", "Status: ") if words in to_html(made)]


@pytest.mark.slow
def test_decisions_are_told_by_names_and_not_by_ids(case: Case) -> None:
    people = case.entities("Person").set_index("caption")["canonical_id"]
    case.judgements.judge([people["Ada Brook"], people["Ben Carver"]], same=True, because="one account")
    case.review.withdraw(case.review.note("look at the quay"), because="done")
    told = [decision.what for decision in reported(case).decisions]
    assert any("Ada Brook" in what and "Ben Carver" in what for what in told), told
    assert not [what for what in told if "person-" in what or "note-" in what]


def test_what_a_source_states_is_nowhere_called_confirmed() -> None:
    for language, word in (("en", "confirm"), ("fr", "confirm"), ("es", "confirm"), ("ar", "أكد")):
        assert word not in str(Translator(language)("report.standing.received"))


@pytest.mark.slow
def test_a_status_is_that_which_a_source_or_an_officer_states(case: Case) -> None:
    case.evidence.add("Person", entity="Ada Brook", status="witness", source=KNOWLEDGE, because="heard on 3 March")
    people = {person.caption: person.status for person in reported(case).persons}
    assert people["Ada Brook"] == "witness (stated by ada)"
    assert people["Ben Carver"] == ""
    assert to_html(reported(case)).count("Status: ") == 1


@pytest.mark.slow
def test_the_count_of_a_person_is_that_of_the_ranking_and_is_called_so(case: Case) -> None:
    ranks = case.network.ranking().set_index("caption")["contacts"]
    made = reported(case)
    assert {person.caption: person.contacts for person in made.persons}["Ada Brook"] == ranks["Ada Brook"]
    assert to_html(made).count("Messages, calls, payments") >= 2


@pytest.mark.slow
def test_a_ranking_that_is_estimated_says_so(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(betweenness, "COST", 0)
    monkeypatch.setattr(betweenness, "SAMPLE", 2)
    ranks = case.network.ranking()
    assert ranks["betweenness_error"].any()
    assert "estimée" in ranks.attrs["method"].translate_to("fr")
    assert ranks.attrs["method"].startswith("Betweenness is estimated from the shortest paths of 2 of ")
    assert reported(case).ranking_warning.endswith(ranks.attrs["method"])


@pytest.mark.slow
def test_a_suggested_link_says_by_what_and_how_surely_it_was_read(case: Case) -> None:
    case.extract()
    links = reported(case, "Ben Carver").links
    methods = {link.method for link in links if link.layer == "suggested"}
    assert methods and all(method.startswith("read by ") and ", confidence 0." in method for method in methods)
    assert {link.method for link in links if link.layer != "suggested"} == {""}


@pytest.mark.slow
def test_names_of_the_ends_of_a_link_are_marked_in_its_passages(case: Case) -> None:
    case.extract()
    assert "Cleo Dunn" in marked(quoted(reported(case, "Ben Carver"), "Pay Cleo Dunn"))


@pytest.mark.slow
def test_a_rejected_mention_is_not_marked(case: Case) -> None:
    case.extract()
    passages = case.context.passages
    passage = passages.loc[passages["text"].str.contains("Pay Cleo"), "passage_id"].iloc[0]
    case.review.note("Who is Cleo Dunn?", kind="question", passages=[passage])
    assert marked(quoted(reported(case), "Pay Cleo Dunn")) == ["Cleo Dunn"]
    rows = case.evidence.list()
    named = rows.loc[(rows["value"] == "Cleo Dunn") & (rows["kind"] == "suggested"), "evidence_id"]
    case.review.reject(*named, because="another Cleo")
    assert quoted(reported(case), "Pay Cleo Dunn").spans == ()


@pytest.mark.slow
def test_words_of_a_search_are_marked_where_a_note_keeps_them(case: Case) -> None:
    hit = case.search("container on Friday", limit=1).iloc[0]
    case.review.note(
        "It left on a Friday.", kind="conclusion", passages=[hit["passage_id"]], terms=["container friday"]
    )
    made = reported(case)
    assert marked(quoted(made, "container")) == ["container", "Friday"]
    assert quoted(made, "container").stance == "for"
    assert [event.passages for event in made.timeline] == [(hit["passage_id"],)]


@pytest.mark.slow
def test_a_statement_cites_the_passage_on_which_it_rests(case: Case) -> None:
    passage = case.context.passages["passage_id"].iloc[0]
    case.evidence.add("Person", name="Dora Finch", source=passage, because="named there")
    made = reported(case)
    assert [decision.passages for decision in made.decisions] == [(passage,)]
    assert passage in {quotation.id for quotation in made.passages}


@pytest.mark.slow
def test_what_is_left_out_is_said(case: Case) -> None:
    case.extract()
    case.sources.withdraw("note.md", because="handed in by mistake")
    case.sources.exclude(term="money", ground="out of scope", because="order of 3 May")
    said = " ".join(reported(case).withheld)
    own = " ".join(build_report(case.context, ReportRequest("Who paid?", "", ())).withheld)
    assert "ada withdrew the import of note.md" in said and "handed in by mistake" in said
    assert "ada excluded material (outside the scope of the case; documents: " in own and "order of 3 May" in own
    assert "Excluded (outside the scope of the case): whole files: 0; documents: " in said
    assert "order of 3 May" not in said
    assert "programs suggested them and no officer has confirmed them" in said
    assert "no officer has confirmed" not in " ".join(reported(case, "Ada Brook").withheld)


@pytest.mark.slow
def test_an_untouched_case_leaves_nothing_out(case: Case) -> None:
    assert reported(case).withheld == ()
    assert "No material was recorded as left out of this report." in to_html(reported(case))


@pytest.mark.parametrize(
    ("at", "zone", "note"),
    [
        ("", "", ""),
        ("2024-03-01T09:00:00", "", "time zone unknown"),
        ("2024-03-01T09:00:00", "Europe/Amsterdam", "Europe/Amsterdam"),
        ("2024-03-01T09:00:00+02:00", "", "UTC offset as in the source"),
        ("2024-03-01T09:00:00Z", "Europe/Amsterdam", "UTC offset as in the source"),
        ("2024-03-01", "", "time zone unknown"),
    ],
)
def test_the_note_on_a_time_says_on_what_its_zone_rests(at: str, zone: str, note: str) -> None:
    assert describe_zone(Translator(), at, zone) == note


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_case_and_its_report_speak_its_language(tmp_path: Path, files: Path, language: str) -> None:
    case = open_case(tmp_path / "c", officer="ada", purpose="test", language=language)
    case.add(files)
    case.close()
    again = open_case(tmp_path / "c", officer="ada", purpose="test")
    made = reported(again)
    assert (again.context.settings.language, made.language) == (language, language)
    assert again.context.say("reporting.limit.supplied") in made.limits
    assert f'<html lang="{language}" dir="{again.context.say.direction}">' in to_html(made)
    assert build_report(again.context.to_language("en"), ReportRequest("", "", ())).language == "en"
    again.close()


def test_another_language_than_that_of_the_case_holds_for_a_session(tmp_path: Path) -> None:
    open_case(tmp_path / "c", officer="ada", purpose="test", language="es").close()
    with closing(open_case(tmp_path / "c", officer="ada", purpose="test", language="fr")) as case:
        assert case.context.settings.language == "fr"
    with closing(open_case(tmp_path / "c", officer="ada", purpose="test")) as case:
        assert case.context.settings.language == "es"
    with pytest.raises(CaseError, match="is not available in the language 'xx'"):
        open_case(tmp_path / "c", officer="ada", purpose="test", language="xx")


@pytest.mark.slow
def test_a_decision_tells_a_status_in_the_language_of_the_case(tmp_path: Path) -> None:
    with closing(open_case(tmp_path / "c", officer="ada", purpose="test", language="es")) as case:
        case.evidence.add("Person", source="officer's knowledge", because="seen", name="Ada Brook", status="suspect")
        assert f" = {case.context.say('status.suspect')}" in to_html(reported(case))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a folder that is in use is not removed there")
def test_a_report_is_written_where_the_working_folder_is_gone(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert case.report("z.html").is_file()
    monkeypatch.undo()


@pytest.mark.slow
def test_the_overview_of_many_entities_without_contacts_is_cut_to_its_limit(tmp_path: Path) -> None:
    lines = "".join(f"Maria Qz{number} Lopez,+33639980001\n" for number in range(2_500))
    (tmp_path / "hub.csv").write_text(f"name,phone\n{lines}", "utf-8")
    with closing(open_case(tmp_path / "c", officer="ada", purpose="test")) as case:
        case.add(tmp_path / "hub.csv")
        drawn = build_overview(case.context, 40, Scope())
        assert len(drawn) == 40
        assert case.report(tmp_path / "report.html", to="prosecutor").exists()

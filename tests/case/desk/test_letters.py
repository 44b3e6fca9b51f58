"""Letters of request: checked for scope and treaty, written for the central authority, never sent from here."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.case.desk.test_showing import told
from workbench.case.case import Case, open_case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError
from workbench.messages import LetterOfRequest, check, from_json
from workbench.messages.model.code_lists import load_codes
from workbench.messages.rules.rule_check import load_samples
from workbench.messages.templates.subject_lines import build_subject

LETTER = {
    name: value for name, value in load_samples()["letter"].items() if name not in ("form", "author", "our_ref", "date_time", "persons")
}  # fmt: skip


def letter(case: Case, **fields: object) -> Draft:
    draft = case.desk.draft("letter of request", **{**LETTER, **fields})  # type: ignore[arg-type]
    return draft.waive(draft.check().query("severity == 'warning'"), because="seen with the prosecutor")


@pytest.mark.slow
def test_a_letter_is_written_as_page_paper_and_form(case: Case) -> None:
    draft = letter(case)
    page, paper, form = (
        case.desk.drafts.export(draft, f"letter.{end}", reason="MLA 9/2026") for end in ("html", "pdf", "json")
    )
    assert "Ministry of Justice of XB" in page.read_text("utf-8") and "<script" not in page.read_text("utf-8")
    assert from_json(form.read_text("utf-8")) == draft.message
    text = " ".join(" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(paper.read_bytes())).pages)
    assert "Letter of request" in text and "Ministry of Justice of XB" in text and "EXERCISE" in text
    out = case.privacy.disclosures()
    assert set(out["recipient"]) == {"Ministry of Justice of XB"} and len(out) == 3


@pytest.mark.slow
def test_a_letter_by_e_mail_has_its_files_and_is_read_back_as_the_same_message(case: Case, tmp_path: Path) -> None:
    (tmp_path / "papers.txt").write_text("Forged papers of a van.", "utf-8")
    case.add(tmp_path / "papers.txt")
    draft = letter(case).attach("papers.txt")
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    path = case.desk.drafts.export(draft, "letter.eml", reason="MLA 9/2026")
    assert b"EXERCISE" in path.read_bytes() and case.privacy.disclosures()["name"].tolist() == ["letter.eml"]
    other = open_case(tmp_path / "other", officer="bo", purpose="training")
    (row,) = other.desk.imports.add(path).itertuples()
    assert row.state == "filed" and other.desk.message(row.document_id) == draft.message
    assert not other.search("papers of a van").empty
    other.close()


def test_a_letter_that_went_to_its_authority_waits_for_it(case: Case) -> None:
    draft = letter(case)
    case.desk.drafts.record_sent(draft.id, how="by courier, receipt 17")
    found = case.desk.waiting()
    assert found["kind"].tolist() == ["letter of request"] and found["owes"].tolist() == [
        draft.message.central_authority
    ]  # type: ignore[attr-defined]
    assert case.desk.drafts.list().empty and case.desk.messages()["direction"].tolist() == ["outgoing"]


def test_without_a_treaty_or_what_article_18_asks_it_is_not_written(case: Case) -> None:
    bare = case.desk.draft("letter of request", **{**LETTER, "treaty": "", "requesting_authority": ""})
    with pytest.raises(CaseError, match="The message cannot be sent yet: MLA-01"):
        case.desk.drafts.export(bare, "letter.html")
    rules = set(bare.check()["rule"])
    assert {"MLA-01", "MLA-11"} & rules
    assert not (case.context.folder.reports / "letter.html").exists()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_no_rule_complains_of_a_subject_that_the_product_writes(language: str) -> None:
    for area in load_codes()["crime_areas"]:
        made = LetterOfRequest(language=language, crime_area=(area,))
        message = replace(made, subject=build_subject(made, made.crime_area, "Oliveira"))
        assert "OLIVEIRA" in message.subject
        told = {fault.rule.id for fault in check(message) if fault.field == "subject"}
        assert not told & {"TXT-08", "MSG-16", "MSG-17"}, message.subject


@pytest.mark.slow
def test_an_arabic_letter_is_set_from_right_to_left(case: Case) -> None:
    draft = letter(case, language="ar", summary_of_facts="في ١٤ فبراير ٢٠٢٦ في ليون يُزعم أن مجهولين أودعوا أموالاً.")
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    paper = case.desk.drafts.export(draft, "letter.pdf", reason="MLA 9/2026")
    assert len(PdfReader(BytesIO(paper.read_bytes())).pages) >= 1
    assert 'dir="rtl"' in draft._repr_html_()


@pytest.mark.parametrize("passphrase", ["", "correct horse battery staple"])
def test_at_the_desk_a_letter_is_written_under_a_name_of_its_own(tmp_path: Path, passphrase: str) -> None:
    case = open_case(
        tmp_path / "case", officer="ada", purpose="training", passphrase=passphrase, encrypted=bool(passphrase)
    )
    desk, draft = case.desk.show(), letter(case)
    assert told(desk, "draft", draft.id)["letter"] and told(desk, "draft", draft.id)["ready"]
    first, second = (told(desk, "export", draft.id, ".json", "", "MLA 9/2026") for _ in range(2))
    assert Path(first["path"]).parent == case.context.folder.reports and first["path"] != second["path"]
    out = told(desk, "export", draft.id, ".json", str(tmp_path), "MLA 9/2026")
    data = Path(out["path"]).read_bytes()
    assert from_json(data.decode()) == draft.message
    assert {first["sha256"], second["sha256"], out["sha256"]} == {sha256(data).hexdigest()}
    assert set(case.privacy.disclosures()["because"]) == {"MLA 9/2026"}
    assert "cannot be the name of a message file" in told(desk, "export", draft.id, ".txt", "", "MLA 9/2026")
    assert "You cannot send a letter of request as a police message" in told(desk, "send", draft.id)
    case.close()

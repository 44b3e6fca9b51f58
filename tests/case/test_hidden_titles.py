"""A title that is made of hidden text is hidden with it, and a document of which nothing may be read is in no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.ledger.records import references
from workbench.ledger.records.package_tables import MASKED

CHAT = (
    "01/03/2024, 08:00 - Rosa Blum: My doctor says I have asthma, so I cannot carry the boxes\n"
    "01/03/2024, 08:05 - Karl Ahn: The van waits at the quay\n"
)
LETTER = "From: Bob Stevedore <bob@example.org>\nTo: team@example.org\nDate: Fri, 1 Mar 2019 09:00:00 +0000\nSubject: {}\n\n{}\n"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def _open(tmp_path: Path, file: Path) -> Case:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    case.add(file)
    case.extract()
    return case


def _hide_first_flag(case: Case) -> None:
    case.review.accept(case.review.flags().head(1), because="hers")


def _list_titles(case: Case) -> list[str]:
    return sorted(case.documents()["title"])


@pytest.mark.slow
def test_a_message_of_which_all_text_is_hidden_is_in_no_table_and_no_product(tmp_path: Path) -> None:
    case = _open(tmp_path, _write(tmp_path / "WhatsApp Chat with Rosa Blum.txt", CHAT))
    assert any("asthma" in title for title in _list_titles(case))
    _hide_first_flag(case)
    rows = case.messages()
    assert rows["text"].tolist() == ["The van waits at the quay"] and (rows["sender"] != "").all()
    assert _list_titles(case) == ["The van waits at the quay"]
    for number, table in enumerate((case.messages(), case.documents())):
        case.export(tmp_path / f"{number}.csv", table, to="prosecutor")
        assert "asthma" not in (tmp_path / f"{number}.csv").read_text("utf-8")
    case.report(tmp_path / "r.html", to="prosecutor")
    assert "asthma" not in (tmp_path / "r.html").read_text("utf-8")
    case.handling.reveal("health", because="the motive is in question")
    assert any("asthma" in title for title in _list_titles(case)) and len(case.messages()) == 2
    case.close()


@pytest.mark.slow
def test_the_subject_of_a_mail_is_masked_where_its_passage_is_hidden(tmp_path: Path) -> None:
    letter = LETTER.format("Marta Oliveira is HIV positive", "The van waits at the quay.")
    case = _open(tmp_path, _write(tmp_path / "m.eml", letter))
    _hide_first_flag(case)
    assert _list_titles(case) == [MASKED] and case.messages()["title"].tolist() == [MASKED]
    assert case.messages()["text"].tolist() == ["The van waits at the quay."]
    assert "HIV" not in case.messages().to_csv()
    entities = case.entities()["canonical_id"]
    for one in entities:
        assert "HIV" not in case.evidence.list(one).to_csv()
        assert all("HIV" not in hit.title for hit in references.find_documents(case.context.ledger, [one]))
    assert (
        "HIV"
        not in references.locate_evidence(case.context.ledger, list(case.context.evidence["evidence_id"])).to_csv()
    )
    assert "HIV" not in case.search("van").to_csv()
    case.close()


@pytest.mark.parametrize("name", ["m.eml", "note.txt"])
def test_a_title_of_text_that_may_be_read_and_the_name_of_a_file_stay(tmp_path: Path, name: str) -> None:
    text = "The van waits at the quay.\n\n" + "x" * 3000 + "\n\nMarta Oliveira is HIV positive."
    letter = LETTER.format("boat", text)
    case = _open(tmp_path, _write(tmp_path / name, letter if name == "m.eml" else text))
    _hide_first_flag(case)
    passages = case.context.passages
    assert not passages.empty and not passages["text"].str.contains("HIV").any()
    assert _list_titles(case) == ["boat" if name == "m.eml" else name]
    case.close()


def test_a_message_without_text_has_an_empty_text(tmp_path: Path) -> None:
    case = _open(tmp_path, _write(tmp_path / "m.eml", LETTER.format("", "")))
    assert not case.messages()["text"].isna().any()
    case.close()

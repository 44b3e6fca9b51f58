"""Existing traffic in a case: each message is filed or told, marks and threads go with it, the source is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.messages import styles
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.desk.imports import traffic_import
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import NOTHING, FileSettings
from workbench.errors import CaseError, SourceError
from workbench.ingest import budgets
from workbench.ledger.records import messages, row_tables
from workbench.messages import Message, to_json
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.model.ids import compute_sha256

REQUEST = from_dict(load_samples()["message"])


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setenv("CASELEDGER_PROFILES", str(tmp_path / "profiles"))
    controller = open_case(tmp_path / "case", officer="ada", purpose="training")
    controller.access.grant("rita", "EXERCISE RESTRICTED", because="vetted")
    controller.close()
    made = open_case(tmp_path / "case", officer="rita", purpose="training")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name, text in styles.FORMS.items():
        (made / f"{name}.txt").write_text(text, encoding="utf-8")
    (made / "register.csv").write_text(styles.TABLE, encoding="utf-8")
    (made / "objects.json").write_text(styles.OBJECTS, encoding="utf-8")
    (made / "ours.json").write_text(to_json(REQUEST), encoding="utf-8")
    (made / "box.mbox").write_bytes(styles.box())
    (made / "noise.bin").write_bytes(bytes(range(256)) * 10)
    return made


@pytest.mark.slow
def test_a_folder_is_planned_and_taken_in(case: Case, folder: Path) -> None:
    planned = traffic_import.plan_import(case.context, folder, NOTHING)
    assert case.documents().empty and row_tables.list_sources(case.context.ledger).empty
    made = traffic_import.take_in(case.context, folder, NOTHING)
    assert list(made["file"]) == list(planned["file"]) and list(made["our_ref"]) == list(planned["our_ref"])
    assert dict(made["state"].value_counts()) == {"filed": 14, "quarantined": 2}
    assert set(made.loc[made["state"] == "quarantined", "file"]) == {"noise.bin", "objects.json"}
    assert set(made["document_id"]) - {""} == {one.document_id for one in messages.list_messages(case.context.ledger)}
    again = traffic_import.take_in(case.context, folder, NOTHING)
    assert dict(again["state"].value_counts()) == {"known": 14, "quarantined": 2}
    assert dict(traffic_import.plan_import(case.context, folder, NOTHING)["state"].value_counts()) == {
        "known": 14,
        "quarantined": 2,
    }


@pytest.mark.slow
def test_every_file_is_kept_and_what_was_not_taken_is_an_issue(case: Case, folder: Path) -> None:
    traffic_import.take_in(case.context, folder, NOTHING)
    for file in folder.iterdir():
        assert case.context.folder.get_source_path(compute_sha256(file)).read_bytes() == file.read_bytes()
    issues = case.sources.issues()
    lost = issues[issues["code"] == "no-message"]
    assert set(lost["source_name"]) == {"noise.bin", "objects.json"}
    assert "item 2" in set(lost["place"])
    assert any("Weather (line 9)" in text for text in issues.loc[issues["code"] == "unmapped-field", "message"])


@pytest.mark.slow
def test_taken_messages_are_found_as_all_else_is(case: Case, folder: Path) -> None:
    traffic_import.take_in(case.context, folder, NOTHING)
    assert case.search("billets falsifiés")["title"].str.contains("XB-2026-77").any()
    assert {"QUINTERO", "FERRAND"} <= set(case.evidence.list().query("prop == 'lastName'")["value"])
    assert find_entity(case.context, "+447700900123")


@pytest.mark.slow
def test_answers_are_in_the_thread_of_what_they_answer(case: Case, folder: Path) -> None:
    asked = Message(our_ref="XA-2026-0117", from_bureau="XA-NCB", to=("XB-NCB",), subject="FRAUD")
    (folder / "asked.json").write_text(to_json(asked), encoding="utf-8")
    for name in ("french.txt", "asked.json", "spanish.txt"):
        traffic_import.take_in(case.context, folder / name, NOTHING)
    by = {one.our_ref: one.thread_id for one in messages.list_messages(case.context.ledger)}
    assert by["XB-2026-77"] == by["XA-2026-0117"] != by["XC/26/119"]


def test_what_is_attached_bears_the_mark_of_its_message(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "letter.eml"
    file.write_bytes(styles.letter().as_bytes())
    (row,) = traffic_import.take_in(case.context, file, NOTHING).itertuples()
    documents = case.documents()
    card = documents[documents["title"] == "letter.eml/card.txt"]
    assert len(card) == 1 and set(card["mark"]) == set(
        documents.loc[documents["document_id"] == row.document_id, "mark"]
    )
    assert "RESTRICTED" in card["mark"].iloc[0]
    (filed,) = messages.list_messages(case.context.ledger)
    assert (filed.thread_id, filed.direction) == ("1@xa.example", "incoming")


def test_columns_are_shown_changed_and_kept(case: Case, folder: Path) -> None:
    table = traffic_import.list_columns(folder / "register.csv")
    assert dict(zip(table["column"], table["field"], strict=True))["Couleur du dossier"] == ""
    table.loc[table["column"] == "Couleur du dossier", "field"] = "crime_area"
    traffic_formats.save_columns("Register of Port Blanc", table)
    again = traffic_import.list_columns(folder / "register.csv")
    assert set(again.loc[again["field"] != "", "why"]) == {"as in the mapping 'Register of Port Blanc'"}
    made = traffic_import.take_in(case.context, folder / "register.csv", NOTHING)
    assert set(made["unmapped"]) == {""}
    assert {"bleu", "vert"} <= set(" ".join(case.context.passages["text"]).split())


@pytest.mark.parametrize("charset", ["utf-8", "cp1256"])
def test_arabic_of_before_unicode_is_read_as_it_is(case: Case, tmp_path: Path, charset: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    form = "من: OCN MADRID\nإلى: OCN PARIS\nمرجعنا: د-1\nالموضوع: احتيال\nملخص الوقائع: باع سيارة\n"
    (folder / "form.txt").write_text(form, encoding=charset)
    table = "مرجعنا,من,إلى,الموضوع,ملخص الوقائع\nد-2,ES-NCB,FR-NCB,احتيال,باع سيارة\n"
    (folder / "table.csv").write_text(table, encoding=charset)
    made = traffic_import.take_in(case.context, folder, NOTHING)
    assert list(made["state"]) == ["filed", "filed"] and set(made["subject"]) == {"احتيال"}
    assert set(made["our_ref"]) == {"د-1", "د-2"} and set(made["unmapped"]) == {""}


def test_cells_beyond_the_header_of_a_register_are_an_issue(case: Case, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("our_ref,from,to,subject,facts\nA-4,XA-NCB,XB-NCB,THEFT,He left, and came back\n")
    made = traffic_import.take_in(case.context, tmp_path / "r.csv", NOTHING)
    assert list(made["unmapped"]) == ["column 6: and came back (row 2, column 6)"]
    (message,) = (one for one in case.sources.issues()["message"] if "column 6" in one)
    assert "came back" not in message


def test_a_field_that_is_none_is_refused(folder: Path) -> None:
    table = traffic_import.list_columns(folder / "register.csv")
    table.loc[0, "field"] = "colour_of_shoes"
    with pytest.raises(SourceError, match="'colour_of_shoes' is not a field of a message"):
        traffic_formats.parse_columns(table)


def test_other_columns_need_the_old_ones_withdrawn(case: Case, folder: Path) -> None:
    file = folder / "register.csv"
    traffic_import.take_in(case.context, file, NOTHING)
    other = FileSettings({"Couleur du dossier": "crime_area"})
    (refused,) = traffic_import.take_in(case.context, file, other).itertuples()
    assert refused.state == "known" and "Withdraw it first" in refused.why
    case.sources.withdraw("register.csv", because="a column was read wrongly")
    assert case.documents().empty
    assert set(traffic_import.take_in(case.context, file, other)["state"]) == {"filed"}
    assert len(case.documents()) == 2


def test_a_message_of_ours_went_out(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "ours.json"
    file.write_text(to_json(REQUEST), encoding="utf-8")
    settings = case.context.settings
    object.__setattr__(settings, "bureau", REQUEST.from_bureau)
    traffic_import.take_in(case.context, file, NOTHING)
    assert [one.direction for one in messages.list_messages(case.context.ledger)] == ["outgoing"]


@pytest.mark.slow
def test_an_archive_is_opened(case: Case, folder: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.write(folder / "telex.txt", "telex.txt")
    with ZipFile(tmp_path / "box.zip", "w") as outer:
        for path in (tmp_path / "inner.zip", folder / "register.csv", folder / "noise.bin"):
            outer.write(path, f"in/{path.name}")
    made = traffic_import.take_in(case.context, tmp_path / "box.zip", NOTHING).set_index("place")
    assert dict(made["state"]) == {
        "in/inner.zip telex.txt": "filed", "in/register.csv row 3": "filed", "in/register.csv row 4": "filed",
        "in/noise.bin": "quarantined",
    }  # fmt: skip


def test_nothing_there_is_said(case: Case, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseError, match="contains no file"):
        traffic_import.plan_import(case.context, tmp_path / "empty", NOTHING)


@pytest.mark.slow
def test_who_is_erased_is_out_of_the_file_too_which_does_not_come_back(
    case: Case, folder: Path, tmp_path: Path
) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")  # the controller erases
    files = ("french.txt", "register.csv")
    for name in files:
        traffic_import.take_in(case.context, folder / name, NOTHING)
    for person in case.entities("Person").query("caption == 'Julien FERRAND'")["canonical_id"]:
        case.privacy.erase(person, because="request 7", sure=True)
    kept = [path.read_bytes() for path in case.context.folder.sources.iterdir() if path.is_file()]
    assert kept and not any(b"FERRAND" in data for data in kept)
    assert len(messages.list_messages(case.context.ledger)) == 3
    again = [state for name in files for state in traffic_import.take_in(case.context, folder / name, NOTHING)["state"]]
    assert set(again) == {"refused"}
    case.close()


def _archive(path: Path, files: Mapping[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _letters(many: int) -> dict[str, bytes]:
    form = "FROM: IP MADRID\nTO: IP PARIS\nOUR REF: A{}\nSUBJECT: x\n\nHello\n"
    return {f"{number}.txt": form.format(number).encode() for number in range(many)}


@pytest.mark.slow
def test_one_archive_many_times_in_another_is_looked_at_once(case: Case, tmp_path: Path) -> None:
    inner = _archive(tmp_path / "inner.zip", _letters(3)).read_bytes()
    outer = _archive(tmp_path / "outer.zip", {f"{number}.zip": inner for number in range(20)})
    planned = traffic_import.plan_import(case.context, outer, NOTHING)
    assert dict(planned["state"].value_counts()) == {"new": 3, "known": 19}
    assert "This file is a copy of an earlier file of the same import" in planned["why"].iloc[-1]
    made = traffic_import.take_in(case.context, outer, NOTHING)
    assert dict(made["state"].value_counts()) == {"filed": 3, "known": 19} and len(case.documents()) == 3
    assert "no-message" not in set(case.sources.issues()["code"])


@pytest.mark.slow
def test_what_lies_in_an_archive_shares_its_budget(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "WHOLE_FILES", 5)
    monkeypatch.setattr(budgets, "WHOLE_FILES_A_BYTE", 0)
    path = _archive(tmp_path / "many.zip", _letters(20))
    for made in (
        traffic_import.plan_import(case.context, path, NOTHING),
        traffic_import.take_in(case.context, path, NOTHING),
    ):
        *read, last = made["state"]
        assert set(read) <= {"new", "filed"} and len(read) == 5 and last == "quarantined"
        assert "'many.zip' contains more than 5 files" in made["why"].iloc[-1]


def test_a_table_gives_no_more_rows_than_its_size_can_hold(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "ROWS", 60)
    monkeypatch.setattr(budgets, "ROWS_A_BYTE", 0)
    path = tmp_path / "register.csv"
    path.write_text("Reference,Subject,From\n" + "AB,AB,AB\n" * 500, encoding="utf-8")
    assert list(traffic_import.list_columns(path)["column"]) == ["Reference", "Subject", "From"]
    last = traffic_import.plan_import(case.context, path, NOTHING).iloc[-1]
    assert last["state"] == "quarantined" and "'register.csv' produced more than 60 rows" in last["why"]


def test_a_file_of_traffic_has_so_much_time(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SECONDS_A_MEGABYTE", 0)
    path = tmp_path / "register.csv"
    path.write_text("Reference,Subject,From\nAB,AB,AB\n", encoding="utf-8")
    monkeypatch.setattr(traffic_formats, "thread_time", count(0, 30).__next__)
    (row,) = traffic_import.plan_import(case.context, path, NOTHING).itertuples()
    assert row.state == "quarantined" and "needs more than 20 seconds of processor time" in row.why


def test_a_letter_to_very_many_brackets_is_a_message(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "brackets.eml"
    path.write_text("From: a@b.example\nTo: " + "(" * 200_000 + "\nSubject: x\n\nhi\n", encoding="utf-8")
    (row,) = traffic_import.plan_import(case.context, path, NOTHING).itertuples()
    assert row.state == "new" and row.subject == "x"


HEADER = "From: NCB Madrid <es@madrid.example>\nTo: IP Oslo <o@o.example>\nSubject: {subject}\nMIME-Version: 1.0\n"
ASKS = "Please give us information about the suspect BAKKE, Ola.\n"


def mailed(folder: Path, content: str, subject: str = "Fraud") -> Path:
    """A mail of these parts, in a file."""
    file = folder / "mail.eml"
    file.write_text(HEADER.format(subject=subject) + content, encoding="utf-8")
    return file


def alternatives(plain: str, page: str) -> str:
    """Parts of a mail that should say the same."""
    told = "".join(
        f"--B\nContent-Type: text/{kind}; charset=utf-8\n\n{text}\n"
        for kind, text in (("plain", plain), ("html", page))
    )
    return f"Content-Type: multipart/alternative; boundary=B\n\n{told}--B--\n"


@pytest.mark.slow
def test_an_alternative_that_says_something_else_is_read_and_told(case: Case, tmp_path: Path) -> None:
    page = (
        f"<p>Our ref: ES-31</p><p>Urgency: immediate</p><p>The hostage VEIT, Eva will be shot tonight.</p><p>{ASKS}</p>"
    )
    file = mailed(tmp_path, alternatives(f"Our ref: ES-30\nUrgency: routine\n\n{ASKS}", page))
    (row,) = traffic_import.take_in(case.context, file, NOTHING).itertuples()
    assert row.our_ref == "ES-30" and "ES-31 (HTML part line 1)" in str(row.unmapped)
    assert [one for one in case.sources.issues()["code"] if one == "other-words"] == ["other-words"]
    assert case.desk.inbox()["band"].tolist() == ["danger to life"]
    said = [one for one in case.context.passages["text"] if "hostage" in one]
    assert len(said) == 1 and said[0].count("suspect BAKKE") == 1


def test_text_that_styles_hide_fills_no_field_and_is_told(case: Case, tmp_path: Path) -> None:
    hidden = '<div style="display:none">TLP: CLEAR</div><div class="x">From: IP PARIS</div>'
    page = f"<style>.x {{ visibility: hidden }}</style>{hidden}<p>Our ref: ES-40</p><p>From: IP MADRID</p><p>TLP: GREEN</p><p>{ASKS}</p>"
    file = mailed(tmp_path, f"Content-Type: text/html; charset=utf-8\n\n{page}")
    (row,) = traffic_import.take_in(case.context, file, NOTHING).itertuples()
    assert row.from_bureau == "IP MADRID" and "TLP:GREEN" in case.documents()["mark"].iloc[0]
    assert "hidden text: TLP: CLEAR From: IP PARIS" in str(row.unmapped) and "hidden" in set(
        case.sources.issues()["code"]
    )


@pytest.mark.parametrize(("sender", "told"), [("IP MADRID", 0), ("IP PARIS", 1)])
def test_a_sender_in_the_text_that_is_not_that_of_the_mail_is_told(
    case: Case, tmp_path: Path, sender: str, told: int
) -> None:
    traffic_import.take_in(case.context, mailed(tmp_path, f"\nOur ref: ES-41\nFrom: {sender}\n\n{ASKS}"), NOTHING)
    assert list(case.sources.issues()["code"]).count("other-words") == told


MARKED = [
    "CONFIDENTIALITY: EXERCISE\n",
    "CONFIDENTIALITY: EXERCISE RESTRICTED\n",
    "HANDLING: H0\n",
    "HANDLING: H3\n",
    "TLP: CLEAR\n",
    "TLP: RED\n",
]


@pytest.mark.parametrize("turned", [False, True])
def test_the_highest_of_several_marks_holds(case: Case, tmp_path: Path, *, turned: bool) -> None:
    said = "".join(reversed(MARKED) if turned else MARKED)
    (tmp_path / "a.txt").write_text(f"FROM: IP MADRID\nTO: IP OSLO\nOUR REF: ES-1\n{said}SUBJECT: One\n\n{ASKS}")
    (row,) = traffic_import.take_in(case.context, tmp_path / "a.txt", NOTHING).itertuples()
    assert case.documents()["mark"].tolist() == ["EXERCISE RESTRICTED · H3 · TLP:RED"]
    assert all(one in str(row.unmapped) for one in ("EXERCISE (line", "H0", "CLEAR"))
    told = " ".join(case.sources.issues().query("code == 'other-words'")["message"])
    assert "TLP:CLEAR, TLP:RED" in told and "H0, H3" in told and "EXERCISE, EXERCISE RESTRICTED" in told


def test_marks_in_a_subject_and_in_two_columns_count(case: Case, tmp_path: Path) -> None:
    file = mailed(tmp_path, f"\nOur ref: ES-41\nTLP: CLEAR\n\n{ASKS}", "[TLP:RED] [EXERCISE RESTRICTED] Fraud")
    (tmp_path / "r.csv").write_text(
        "our_ref,from,to,subject,tlp,tlp,facts\nK-1,ES-NCB,NO-NCB,s,CLEAR,RED,first facts\n"
    )
    traffic_import.take_in(case.context, file, NOTHING)
    traffic_import.take_in(case.context, tmp_path / "r.csv", NOTHING)
    assert sorted(case.documents()["mark"]) == [
        "EXERCISE RESTRICTED · TLP:RED",
        "EXERCISE – FOR TRAINING ONLY · TLP:RED",
    ]


@pytest.mark.parametrize(
    "subject",
    [
        "TLP\u200e:RED",
        "[TLP:\u200bRED]",
        "[TLP：RED]",
        "TLP:R\u00adED",
        "ＴＬＰ：ＲＥＤ",
        "TLP – RED",
        "[TLP: REDD]",
        "TLP:ROUGE",
    ],
)
def test_marks_of_a_subject_are_read_as_one_sees_them(case: Case, tmp_path: Path, subject: str) -> None:
    traffic_import.take_in(case.context, mailed(tmp_path, f"\nOur ref: ES-41\n\n{ASKS}", subject), NOTHING)
    assert case.documents()["mark"].tolist() == ["EXERCISE – FOR TRAINING ONLY · TLP:RED"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("TLP: R\u00adED", "TLP:RED"), ("T" + "\u200b" * 80 + "LP: RED", "TLP:RED"), ("TLP\ufe55 AMBER", "TLP:AMBER"),
        ("Handling code: Ｈ1", "H1"), ("Handling code: h1 / H2", "H1 · H2"), ("TLP: n/a", ""), ("TLP: G R E E N", "TLP:GREEN"),
        ("Confidentiality: EXERCISE REST\u200bRICTED", "EXERCISE RESTRICTED"),
    ],
)  # fmt: skip
def test_marks_of_a_text_are_read_as_one_sees_them(case: Case, tmp_path: Path, line: str, mark: str) -> None:
    traffic_import.take_in(case.context, mailed(tmp_path, f"\nOur ref: ES-41\n{line}\n\n{ASKS}"), NOTHING)
    lowest = [] if mark.startswith("EXERCISE") else ["EXERCISE – FOR TRAINING ONLY"]
    assert case.documents()["mark"].tolist() == [" · ".join(filter(None, [*lowest, mark]))]
    assert not case.sources.issues()["message"].str.contains("strictest").any()


@pytest.mark.parametrize(
    ("line", "mark"),
    [("TLP: REDD", "TLP:RED"), ("TLP: RED+STRICT", "TLP:RED"), ("TLP: many", "TLP:RED"), ("Handling: H9", "H1 · H2 · H3")],
)  # fmt: skip
def test_an_unknown_mark_counts_as_the_strictest_and_is_told(case: Case, tmp_path: Path, line: str, mark: str) -> None:
    traffic_import.take_in(case.context, mailed(tmp_path, f"\nOur ref: ES-41\n{line}\n\n{ASKS}"), NOTHING)
    assert case.documents()["mark"].tolist() == [f"EXERCISE – FOR TRAINING ONLY · {mark}"]
    assert case.sources.issues()["message"].str.contains(f"'{line.partition(': ')[2]}'", regex=False).any()


def test_an_unknown_mark_of_a_message_of_ours_and_of_a_table_counts_as_the_strictest(
    case: Case, tmp_path: Path
) -> None:
    (tmp_path / "m.json").write_text(
        '{"form": "message", "our_ref": "K-1", "subject": "s", "tlp": "TLP:R\\u200bED", "handling": "H7"}'
    )
    (tmp_path / "r.csv").write_text("our_ref,from,to,subject,T\u200bLP,facts\nK-2,ES-NCB,NO-NCB,s,REDD,first facts\n")
    traffic_import.take_in(case.context, tmp_path / "m.json", NOTHING)
    traffic_import.take_in(case.context, tmp_path / "r.csv", NOTHING)
    first = "EXERCISE – FOR TRAINING ONLY"
    assert sorted(case.documents()["mark"]) == [f"{first} · H1 · H2 · H3 · TLP:RED", f"{first} · TLP:RED"]
    told = " ".join(case.sources.issues()["message"])
    assert "'H7'" in told and "'REDD'" in told and "RED', which is not a known code" not in told.replace("'REDD'", "")


@pytest.mark.parametrize(
    ("subject", "line"), [("[ТLP:RED] x", ""), ("TLP:RЕD x", ""), ("x", "ТLP: RED\n"), ("[RЕSTRICTED]", ""), ("x", "\nТLP: RED")]
)  # fmt: skip
def test_what_looks_like_a_mark_is_told(case: Case, tmp_path: Path, subject: str, line: str) -> None:
    traffic_import.take_in(case.context, mailed(tmp_path, f"\nOur ref: ES-41\n{line}\n{ASKS}", subject), NOTHING)
    assert case.sources.issues()["message"].str.contains("looks like a mark").sum() == 1


HEAD, FACTS = "FROM: QN-NCB\nTO: QM-NCB\n", "FACTS: On 3 May a van was stolen in Lyon.\n"
LOW = "EXERCISE – FOR TRAINING ONLY"


@pytest.mark.parametrize("end", ["\v", "\f", "\x85", "\u2028", "\u2029", "\r"])
def test_every_end_of_a_line_ends_it(case: Case, tmp_path: Path, end: str) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}OUR REF: A1{end}TLP: RED\nSUBJECT: van\n{FACTS}", newline="")
    (row,) = traffic_import.take_in(case.context, tmp_path / "a.txt", NOTHING).itertuples()
    assert (row.our_ref, row.mark) == ("A1", f"{LOW} · TLP:RED")


def test_a_page_parts_a_text_only_where_another_head_follows(case: Case, tmp_path: Path) -> None:
    first, second = (f"{HEAD}OUR REF: {ref}\nSUBJECT: van\n{FACTS}" for ref in ("A1", "A2"))
    (tmp_path / "a.txt").write_text(f"{first}\f{second}")
    (tmp_path / "b.txt").write_text(f"{first.replace('A1', 'B1')}\fFROM: QN-NCB\nOUR REF: B1\nTLP: RED\nFACTS: More.\n")
    assert len(traffic_import.take_in(case.context, tmp_path / "a.txt", NOTHING)) == 2
    assert traffic_import.take_in(case.context, tmp_path / "b.txt", NOTHING)["mark"].tolist() == [f"{LOW} · TLP:RED"]


@pytest.mark.parametrize(
    ("above", "subject", "mark"),
    [
        ("EXERCISE SECRET", "van", "EXERCISE SECRET (as received)"), ("S E C R E T", "van", "SECRET (as received)"),
        ("EXERCISE CONFIDENTIAL", "van", "EXERCISE CONFIDENTIAL"), ("RESTRICTED // TLP:RED", "van", "EXERCISE RESTRICTED · TLP:RED"),
        ("Confidential", "van", "EXERCISE CONFIDENTIAL"), ("", "\u202e]DER:PLT[\u202c van", "TLP:RED"),
        ("", "TLP:\u202eDER\u202c van", "TLP:RED"), ("\u202eDER:PLT", "van", "TLP:RED"),
    ],
)  # fmt: skip
def test_a_mark_in_the_place_of_one_counts(case: Case, tmp_path: Path, above: str, subject: str, mark: str) -> None:
    (tmp_path / "a.txt").write_text(f"{above}\n{HEAD}OUR REF: A1\nSUBJECT: {subject}\n{FACTS}")
    (row,) = traffic_import.plan_import(case.context, tmp_path / "a.txt", NOTHING).itertuples()
    assert str(row.mark).endswith(mark)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("OUR REF: A1 TLP:RED", "TLP:RED"), ("FACTS: This text is SECRET, mind.", "SECRET"), ("FACTS: handling code H2 applies.", "H2"),
        ("FACTS: see ТLP:RЕD of today.", "looks like a mark"), ("FACTS: T.L.P. amber for you.", "TLP:AMBER"),
        ("FACTS: x\n\n> TLP:RED", "TLP:RED"), ("FACTS: a \u202eDER:PLT\u202c van", "TLP:RED"),
    ],
)  # fmt: skip
def test_a_word_for_a_mark_elsewhere_is_told_and_not_counted(case: Case, tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}SUBJECT: van\n{line}\n")
    assert traffic_import.take_in(case.context, tmp_path / "a.txt", NOTHING)["mark"].tolist() == [LOW]
    (said,) = case.sources.issues().query("code == 'other-words'")["message"]
    assert told in said and ("may carry a mark" in said or "looks like" in said)


@pytest.mark.parametrize(
    "text", ["A secret room, restricted access, confidential source.", "Room H2 on TLPX street.", "The red van."]
)
def test_a_plain_word_is_no_mark(case: Case, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}SUBJECT: van\nTLP:\nFACTS: {text}\n")
    assert traffic_import.take_in(case.context, tmp_path / "a.txt", NOTHING)["mark"].tolist() == [LOW]
    assert case.sources.issues().query("code == 'other-words'").empty


@pytest.mark.parametrize(("subject", "tlp", "told"), [("[TLP:RED] Van", "TLP:GREEN", 1), ("TLP:RED Van", "", 0)])
def test_a_mark_in_the_subject_of_a_message_of_ours_counts(
    case: Case, tmp_path: Path, subject: str, tlp: str, told: int
) -> None:
    message = {"form": "message", "our_ref": "J1", "from_bureau": "QN-NCB", "subject": subject, "tlp": tlp}
    (tmp_path / "a.json").write_text(json.dumps(message))
    assert traffic_import.take_in(case.context, tmp_path / "a.json", NOTHING)["mark"].tolist() == [f"{LOW} · TLP:RED"]
    assert case.sources.issues()["message"].str.contains("TLP:GREEN, TLP:RED").sum() == told


@pytest.mark.slow
@pytest.mark.parametrize("how", ["charset=cp037", "charset=utf-8; format=flowed; delsp=yes"])
def test_a_mark_is_read_as_a_mail_program_shows_it(case: Case, tmp_path: Path, how: str) -> None:
    mark = "TLP:R \r\nED" if "delsp" in how else "TLP:RED"
    head = "From: IP Madrid <a@ex.example>\r\nTo: b@ex.example\r\nSubject: Car\r\nMIME-Version: 1.0\r\n"
    head += f"Content-Type: text/plain; {how}\r\n\r\n"
    (tmp_path / "a.eml").write_bytes(f"{head}{mark}\r\nOur ref: MAD/26/9\r\n\r\n{ASKS}\r\n".encode())
    assert case.desk.imports.add(tmp_path / "a.eml")["mark"].str.contains("TLP:RED").all()

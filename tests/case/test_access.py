"""What a person is told who asks for the own data: all of it, nothing of others, nothing withheld, nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.catalogued import english
from tests.ingest.banking.writer import Account, Line, camt
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.privacy import data_subject
from workbench.case.privacy.redaction import BLACK, Black
from workbench.errors import CaseError

MARTA, BO = "Marta Oliveira", "Bo Ekström"
OLD, NEW, OTHER = "+31970140002", "+31970140003", "+31970140009"
IBAN = "NL02RABO0123456789"
HOSTILE = "<script>alert(1)</script>"
MEMO = f"Marta Oliveira met Bo Ekström at the quay. He calls her from {OTHER} or writes to bo@example.org."
UNREAD = f"Yesterday MARTA OLIVEIRA waited for Cassandra Wu. {HOSTILE}"
CALLS = "Calling Number,Called Number,Start Time,Duration\n" + "".join(
    f"{a},{b},{start},{seconds}\n"
    for a, b, start, seconds in (
        (OLD, OTHER, "2024-03-01T09:00:00", 60), (OTHER, OLD, "2024-08-01T09:00:00", 61),
        (NEW, OTHER, "2024-08-02T09:00:00", 62), (OTHER, "+31970140008", "2024-03-01T09:00:00", 63),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("access")
    files = folder / "files"
    files.mkdir()
    (files / "register.csv").write_text(
        f"name,birthDate,phone\n{MARTA},1980-02-01,{NEW}\n{BO},1971-01-05,{OTHER}\nMarta Oliveira-Lopes,1990-01-01,\n"
    )
    (files / "memo.txt").write_text(MEMO)
    (files / "statement.xml").write_text(
        camt(
            Account(
                [Line(Decimal("25.50"), MARTA, IBAN, "rent"), Line(Decimal("-1.00"), "Bee & Co", "12345678", "tea")]
            )
        )
    )
    case = open_case(folder / "case", officer="<bdi>ada", purpose="test", reason="request 12")
    case.add(files)
    (folder / "calls.csv").write_text(CALLS)
    case.add(folder / "calls.csv", zone="Europe/Amsterdam")
    (folder / "later.txt").write_text(UNREAD)
    case.add(folder / "later.txt")
    names = case.entities()
    both = names.loc[names["caption"] == MARTA, "canonical_id"].tolist()
    assert len(both) == 2 and case.subjects.records(both[0]).attrs["unjudged"][0].endswith(both[1])
    case.judgements.judge(both, same=True, because="same account")
    said = case.context.passages["passage_id"].iloc[0]
    case.evidence.add(
        "Attribution",
        source=said,
        holder=MARTA,
        held=OLD,
        basis="officer",
        startDate="2024-01-01",
        endDate="2024-06-30",
    )
    case.evidence.add("Person", source="officer's knowledge", entity=MARTA, nationality="nl")
    case.evidence.classify([MARTA], "witness", because="heard")
    case.evidence.correct(MARTA, "birthDate", "1981-02-01", source="officer's knowledge", because="passport seen")
    case.review.note(f"{MARTA} rented it, {BO} did not.", kind="conclusion", nature="fact", gaps=["the lease"])
    case.review.note("The crane was broken.")
    case.judgements.judge(
        [find_entity(case.context, MARTA), find_entity(case.context, "Marta Oliveira-Lopes")],
        same=False,
        because="born ten years apart",
    )
    case.handling.mark(find_entity(case.context, MARTA), conditions=["not to the press"], because="of the source")
    case.handling.unmark(find_entity(case.context, MARTA), because="of the source")
    case.export(folder / "out.csv", case.evidence.list(MARTA), to="public prosecutor")
    case.search("quay")
    case.close()
    return folder


@pytest.fixture
def case(place: Path, tmp_path: Path) -> Iterator[Case]:
    import shutil

    shutil.copytree(place / "case", tmp_path / "case")
    made = open_case(tmp_path / "case", officer="<bdi>ada", purpose="test", reason="request 12")
    yield made
    made.close()


def of(case: Case, section: str) -> list[str]:
    rows = case.subjects.records(MARTA)
    return rows.loc[rows["section"] == section, "value"].tolist()


@pytest.mark.slow
def test_everything_that_the_case_holds_is_told_with_source_and_mark(case: Case) -> None:
    found = case.subjects.records(MARTA)
    by = {str(name): rows for name, rows in found.groupby("section")}
    assert {
        "claims",
        "officers",
        "held",
        "texts",
        "calls",
        "payments",
        "notes",
        "judgements",
        "decisions",
        "disclosures",
        "log",
    } <= set(by)
    assert MARTA in set(by["claims"]["value"]) and "register.csv" in set(by["claims"]["source"])
    assert {"nl", "witness", "1981-02-01"} <= set(by["officers"]["value"])
    assert by["texts"]["text"].str.contains("Cassandra Wu").any()
    assert (
        by["notes"]["value"].tolist() == [f"{MARTA} rented it, {BO} did not."]
        and "the lease" in by["notes"]["text"].item()
    )
    assert set(by["judgements"]["property"]) == {"same", "not same"} and "born ten years apart" in set(
        by["judgements"]["because"]
    )
    assert by["decisions"]["value"].iloc[0] == "1980-02-01 → 1981-02-01"
    assert (
        by["disclosures"]["value"].tolist() == ["public prosecutor"]
        and by["disclosures"]["because"].item() == "request 12"
    )
    assert MARTA in set(by["log"]["value"]) and "quay" not in set(by["log"]["value"])
    assert (found["mark"] != "").all() and found["ref"].is_unique and (found["withheld"] == "").all()
    about = found.attrs["about"]
    assert about["category"] == "witness" and "register.csv" in about["origin"]
    assert found.attrs["unjudged"] == []
    assert about["recipients"] == "public prosecutor" and "5 years" in about["kept"]


@pytest.mark.slow
def test_calls_and_payments_count_while_the_number_was_the_persons(case: Case) -> None:
    assert of(case, "calls") == [f"{OLD} → {OTHER}", f"{NEW} → {OTHER}"]
    assert len(of(case, "payments")) == 1 and IBAN in of(case, "payments")[0]
    bo = case.subjects.records(BO)
    assert (bo["section"] == "calls").sum() == 4 and not bo["value"].str.contains(IBAN).any()


def test_a_period_is_bounded_by_what_is_known_of_it() -> None:
    within = data_subject._is_within
    assert within([("2024-01-01", "2024-06-30")], "2024-06-30T23:00:00") and not within([("2024", "")], "2023-12-31")
    assert within([("2024-03-05", "")], "2024-03") and within([("", "")], "1999") and within([("2024", "2024")], "")
    assert not within([], "2024-01-01") and within([("2020", "2021"), ("2024", "")], "2025")


def test_other_people_are_blacked_out(case: Case) -> None:
    black = Black(case.context, data_subject.find_subject(case.context, MARTA))
    memo = black.redact_text(MEMO)
    assert memo.startswith(f"Marta Oliveira met {BLACK} at the quay.") and "bo@" not in memo and OTHER not in memo
    assert "Cassandra" not in black.redact_text(UNREAD) and "MARTA OLIVEIRA waited for" in black.redact_text(UNREAD)
    assert black.redact_text(f"call {NEW} on 2024-03-01") == f"call {NEW} on 2024-03-01"
    assert black.redact_text("قال محمد ل Marta").endswith("Marta") and "محمد" not in black.redact_text(
        "قال محمد ل Marta"
    )
    assert (
        black.redact_names("bo-ekstrom.csv").startswith(BLACK) and black.redact_names("register.csv") == "register.csv"
    )


def test_beside_ones_own_name_the_rest_of_anothers_is_blacked_out(case: Case) -> None:
    case.evidence.add("Person", source="officer's knowledge", name="Ben Oliveira", because="seen")
    black = Black(case.context, data_subject.find_subject(case.context, MARTA))
    assert black.redact_names("Marta Oliveira ben.oliveira.txt") == f"Marta Oliveira {BLACK}.txt"


def test_the_number_of_a_house_keeps_no_date_of_others(case: Case) -> None:
    case.evidence.add(
        "Person", source="officer's knowledge", entity=MARTA, address="12 Lighthouse Road", because="seen"
    )
    black = Black(case.context, data_subject.find_subject(case.context, MARTA))
    assert black.redact_text(f"{BO}, born 01.12.1972, saw her").endswith(f"born {BLACK}, saw her")
    assert "12 Lighthouse Road" in black.redact_text("she lives at 12 Lighthouse Road now")


@pytest.mark.slow
def test_the_page_for_the_person_has_nothing_of_others_and_nothing_withheld(case: Case, tmp_path: Path) -> None:
    rows = case.subjects.records(MARTA)
    notes = rows[rows["section"] == "notes"]
    decided = case.subjects.withhold(MARTA, notes, ground="inquiry", because="hearing of 3 May")
    assert decided["withheld"].tolist() == ["inquiry"]
    own, handed = (
        case.subjects.extract(MARTA, tmp_path / "own.html"),
        case.subjects.extract(MARTA, tmp_path / "m.html", to=MARTA),
    )
    mine, theirs = own.read_text("utf-8"), handed.read_text("utf-8")
    assert "rented it" in mine and "hearing of 3 May" in mine and OTHER in mine and BO in mine
    for hidden in (
        "rented it",
        "hearing of 3 May",
        OTHER,
        "Ekstr",
        "Cassandra",
        "Lopes",
        "<bdi>ada",
        "<script",
        "request 12",
        "passport seen",
    ):
        assert hidden not in theirs.replace("officer of the controller", "").replace("color-scheme", ""), hidden
    for told in (
        MARTA,
        NEW,
        IBAN,
        "1980-02-01",
        "public prosecutor",
        "to avoid obstructing official",
        "register.csv",
        BLACK,
        "supervisory authority",
    ):
        assert told in theirs, told
    assert "<script" not in mine and "&lt;script" in mine
    out = case.privacy.disclosures()
    assert sorted(out.tail(2)[["kind", "recipient", "name"]].to_numpy().tolist()) == [
        ["access", "", "own.html"],
        ["access", MARTA, "m.html"],
    ]
    again = case.subjects.records(MARTA)
    assert MARTA in set(again.loc[again["section"] == "disclosures", "value"])


@pytest.mark.slow
@pytest.mark.parametrize("to", ["", MARTA])
def test_the_page_is_in_a_language_that_the_person_understands(case: Case, tmp_path: Path, to: str) -> None:
    rows = case.subjects.records(MARTA)
    case.subjects.withhold(MARTA, rows[rows["section"] == "notes"], ground="inquiry", because="hearing of 3 May")
    page = case.subjects.extract(MARTA, tmp_path / "m.html", to=to, language="fr").read_text("utf-8")
    title = "Réponse à votre demande d’accès" if to else "Accès de la personne concernée à ses données"
    assert f"<h1>{title}</h1>" in page and "gêner des enquêtes" in page and "Date de naissance" in page
    assert not [text for text in english("forms") if text in page]
    assert rows.attrs["about"]["purpose"] in page and case.context.settings.language == "en"


@pytest.mark.slow
def test_a_person_who_is_not_told_reads_nothing_of_it(case: Case, tmp_path: Path) -> None:
    rows = case.subjects.records(MARTA)
    case.subjects.withhold(MARTA, rows[rows["section"] == "texts"], ground="crime", because="watched", tell=False)
    page = case.subjects.extract(MARTA, tmp_path / "m.html", to=MARTA).read_text("utf-8")
    assert (
        "was left out" not in page.replace("not to tell you whether data was left out", "") and "later.txt" not in page
    )
    case.subjects.withhold(MARTA, rows[rows["section"] == "texts"], ground="", because="no longer")
    assert "later.txt" in case.subjects.extract(MARTA, tmp_path / "n.html", to=MARTA).read_text("utf-8")


@pytest.mark.slow
def test_what_is_marked_needs_a_decision_before_it_is_handed_over(case: Case, tmp_path: Path) -> None:
    case.handling.mark("memo.txt", handling=["H2"], because="of a partner")
    with pytest.raises(
        CaseError, match=r"rows have a mark other than .* Decide first whether the person gets these rows"
    ):
        case.subjects.extract(MARTA, tmp_path / "m.html", to=MARTA)
    assert not (tmp_path / "m.html").exists() and case.log.entries().iloc[-1]["result"] == "refused"
    rows = case.subjects.records(MARTA)
    marked = rows[rows["mark"].str.contains("H2") & ~rows["section"].isin(["log", "disclosures"])]
    case.subjects.withhold(MARTA, marked, ground="given", because="the partner agrees, letter 7")
    case.subjects.extract(MARTA, tmp_path / "m.html", to=MARTA)


@pytest.mark.slow
def test_only_the_controller_decides_and_hands_over_with_a_reason(case: Case, tmp_path: Path) -> None:
    rows = case.subjects.records(MARTA)
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    for work in (
        lambda: bob.subjects.withhold(MARTA, rows, ground="crime", because="x"),
        lambda: bob.subjects.extract(MARTA, tmp_path / "b.html", to=MARTA),
        lambda: bob.subjects.extract(MARTA, tmp_path / "b.html"),
    ):
        with pytest.raises(CaseError, match="Only the controller of the case"):
            work()
    assert not (tmp_path / "b.html").exists()
    assert set(bob.subjects.records(MARTA).query("section == 'log'")["said_by"]) <= {"bob"}
    bob.close()
    other = case.subjects.records(MARTA)
    assert set(other.loc[other["said_by"] == "another officer", "value"]) == {""}
    with pytest.raises(CaseError, match="is not a reason to withhold data under article 15"):
        case.subjects.withhold(MARTA, rows, ground="because", because="x")
    with pytest.raises(CaseError, match=r"This decision needs a reason \(article 15\(4\) of"):
        case.subjects.withhold(MARTA, rows, ground="crime", because=" ")
    with pytest.raises(CaseError, match="Rows that are not in the current extract of this person"):
        case.subjects.withhold(MARTA, rows.head(1).assign(ref="nothing"), ground="crime", because="x")
    with pytest.raises(CaseError, match="No rows were given"):
        case.subjects.withhold(MARTA, case.documents(), ground="crime", because="x")


@pytest.mark.slow
def test_decisions_are_told_by_no_other_verb_and_go_with_the_person(case: Case) -> None:
    rows = case.subjects.records(MARTA)
    case.subjects.withhold(MARTA, rows.head(1), ground="crime", because="watched")
    assert "access" not in case.access.list().to_csv() and "watched" not in case.handling.marks().to_csv()
    key = find_entity(case.context, MARTA)
    case.privacy.erase(MARTA, because="request 12", sure=True)
    assert case.context.ledger.connection.execute(
        "SELECT count(*) FROM terms WHERE target_id = ?", (key,)
    ).fetchone() == (0,)


NAMED = {
    "She met Rose and Will there.": "She met █████ and █████ there.",
    "She told Kent and Mark, then Hope and Grace came.": "She told █████ and █████, then █████ and █████ came.",
    "Then Frank Price called. Rose said no.": "Then █████ called. █████ said no.",
    "Sunny Banks was there": "█████ was there",
    "met ROSE at the quay with Mr. Swift": "met █████ at the quay with █████",
    "Rose: I will call\nMark: ok": "█████: I will call\n█████: ok",
    "Will she come? She may.": "█████ she come? She may.",
    "It was seen on 5 March 2024 and May 3, later in Read House": "It was seen on 5 March 2024 and May 3, later in █████",
    "Start Late: now; Closed: yes; See Below: often": "Start Late: now; Closed: yes; See Below: often",
    "We called. It was late. OK, she said, I am here.": "We called. It was late. OK, she said, I am here.",
    "Call 07700 900321 at once": "Call █████ at once",
    "EVERYTHING WAS CLOSED AND LOST THERE": "EVERYTHING WAS CLOSED AND LOST THERE",
}
"""Text -> what is left of it: ordinary words that are written like names go, those that a sentence begins with stay."""


@pytest.mark.slow
@pytest.mark.parametrize("text", NAMED)
def test_names_made_of_ordinary_words_are_blacked_out(case: Case, text: str) -> None:
    black = Black(case.context, data_subject.find_subject(case.context, MARTA))
    assert black.redact_text(text) == NAMED[text].replace("█████", BLACK)


HIDING = {
    "minor": "name,birthDate,phone,address\nPim kidd,2018-01-02,+447700900777,12 swan lane\n",
    "special": "name,religion,phone,address\nPim kidd,Zorbaist,+447700900777,12 swan lane\n",
    "level": "name,phone,address\nPim kidd,+447700900777,12 swan lane\n",
    "set aside": "name,phone,address\nPim kidd,+447700900777,12 swan lane\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HIDING)
def test_people_who_are_hidden_from_the_officer_are_blacked_out_too(case: Case, tmp_path: Path, kind: str) -> None:
    (tmp_path / "others.csv").write_text(HIDING[kind], "utf-8")
    (tmp_path / "seen.txt").write_text(f"{MARTA} saw pim kidd at 12 swan lane.\n", "utf-8")
    case.add(tmp_path / "others.csv")
    if kind == "level":
        case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
        case.handling.mark("others.csv", level="EXERCISE RESTRICTED", because="of a partner")
    if kind == "set aside":
        case.sources.exclude(folder="others.csv", because="of counsel")
    case.add(tmp_path / "seen.txt")
    assert "kidd" not in "".join(case.context.evidence["value"]).casefold()
    page = case.subjects.extract(MARTA, tmp_path / "m.html", to=MARTA).read_text("utf-8")
    assert " saw " in page and "kidd" not in page.casefold() and "swan lane" not in page

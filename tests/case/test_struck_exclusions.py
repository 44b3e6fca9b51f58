"""An exclusion of which an erasure struck words goes on to know them, keeps what it took, and never takes the sign for what was erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.case.test_exclusion_issues import add, letter, tell
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.exclusions.struck_words import has_marked_term, has_term, mark_term

pytestmark = pytest.mark.slow

NAME, NUMBER = "Zorvina Quxley", "+447700900111"
CALLS = "Calling Number,Called Number,Start Time,Duration\n{},+447700900444,2024-03-0{}T09:00:00,{}\n"
TAKEN = {
    "term": ("Tim <tim@x.example>", "{} letter to Zorvina QUXLEY, lawyer"),
    "words": ("Tim <tim@x.example>", "{} paper of counsel Zorvina Quxley"),
    "name": ("Zorvina Quxley <{}@x.example>", "{} advice"),
    "address": ("Xan <zq@law.example>", "{} advice"),
}
RULES = {
    "term": {"term": NAME},
    "words": {"term": "counsel Zorvina Quxley"},
    "name": {"sender": NAME},
    "address": {"sender": "zq@law.example"},
}
"""How a rule names what it takes."""
OTHER = "Tim <tim@x.example>", "other{} is erased, [erased] counsel [erased]"


def start(folder: Path, how: str = "") -> Case:
    made = open_case(folder / "case", officer="ada", purpose="test")
    add(made, folder, "zz.eml", letter(f"{NAME} <zq@law.example>", "neutral"))
    if how:
        sender, text = TAKEN[how]
        add(made, folder, "first.eml", letter(sender.format("first"), text.format("first")))
    return made


def list_rule_texts(made: Case) -> str:
    return str(made.context.ledger.connection.execute("SELECT rule FROM main.set_asides").fetchall())


def is_shown(made: Case, word: str) -> bool:
    return any(word in text for text in made.context.passages["text"])


@pytest.mark.parametrize("how", RULES)
def test_a_struck_rule_goes_on(tmp_path: Path, how: str) -> None:
    made = start(tmp_path, how)
    made.sources.exclude(**RULES[how], because="counsel")
    if how in ("name", "address"):  # whose letters are excluded: a file that is read has to name the person
        add(made, tmp_path, "reg.csv", f"name;birthDate;email\n{NAME};1971-05-14;zq@law.example\n")
    made.privacy.erase(NAME, because="request", sure=True)
    assert "Quxley" not in list_rule_texts(made)
    assert not is_shown(made, "first")
    sender, text = TAKEN[how]
    add(made, tmp_path, "later.eml", letter(sender.format("later"), text.format("later")))
    add(made, tmp_path, "other.eml", letter(OTHER[0], OTHER[1].format(1)))
    made.sources.remap("first.eml", because="again")
    assert not is_shown(made, "later") and not is_shown(made, "first") and is_shown(made, "other1")
    assert not tell(made, "earlier version")
    assert set(made.log.verify()["state"]) <= {"ok", "not checked"}
    made.close()


@pytest.mark.parametrize("size", [1, 400])
def test_a_struck_number_is_still_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("workbench.ingest.calls.table_reading.LARGE", 100)
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    add(made, tmp_path, "z.csv", f"name;phone;birthDate\n{NAME};{NUMBER};1971-05-14\n")
    add(made, tmp_path, "first.csv", CALLS.format(NUMBER, 1, 777))
    made.sources.exclude(number=NUMBER, because="counsel")
    made.privacy.erase(NAME, because="request", sure=True)
    assert NUMBER not in list_rule_texts(made)
    rows = "".join(f"+4477019{number:05},+447700900444,2024-03-02T09:00:00,60\n" for number in range(size))
    add(made, tmp_path, "later.csv", CALLS.format(NUMBER, 2, 999) + rows)
    assert made.calls.summary().table["records"].sum() == size
    assert made.calls.days(NUMBER).table.empty
    made.close()


def test_a_struck_folder_is_still_known(tmp_path: Path) -> None:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    folder = tmp_path / "papers"
    for number in (1, 2):
        place = folder / f"{number}" / NAME
        place.mkdir(parents=True)
        (place / f"f{number}.txt").write_text(f"folder{number} text", "utf-8")
        (folder / f"{number}" / "beside.txt").write_text(f"beside{number} text", "utf-8")
    add(made, tmp_path, "z.csv", f"name;birthDate\n{NAME};1971-05-14\n")
    made.add(folder / "1")
    made.sources.exclude(folder=NAME, because="counsel")
    made.privacy.erase(NAME, because="request", sure=True)
    assert NAME not in list_rule_texts(made)
    made.add(folder / "2")
    made.sources.remap("[erased]/f1.txt", because="again")
    made.sources.exclude(folder="[erased]", because="counsel")
    assert made.sources.exclusions()["documents"].tolist()[1] > 0 and not tell(made, "earlier version")
    assert [is_shown(made, word) for word in ("folder1", "folder2", "beside1", "beside2")] == [False, False, True, True]
    made.close()


def test_what_an_earlier_release_struck_takes_nothing_and_is_told(tmp_path: Path) -> None:
    made = start(tmp_path, "term")
    made.sources.exclude(term=NAME, because="counsel")
    with made.context.ledger.open_transaction() as sql:
        told = json.loads(sql.execute("SELECT rule FROM set_asides").fetchone()[0])
        rule = json.dumps(told | {"term": "[erased]", "words": "term '[erased]'"}, sort_keys=True)
        sql.execute("UPDATE set_asides SET rule = ?", (rule,))
    add(made, tmp_path, "other.eml", letter(OTHER[0], OTHER[1].format(1)))
    assert is_shown(made, "other1") and not is_shown(made, "first")
    assert len(tell(made, "earlier version")) == 1
    made.close()


def test_the_sign_for_what_was_erased_is_no_word_of_a_rule(tmp_path: Path) -> None:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    add(made, tmp_path, "a.txt", "the disk was erased")
    made.sources.exclude(term="erased", because="counsel")
    assert not tell(made, "earlier version")
    with pytest.raises(CaseError, match="replaces words that were erased"):
        made.sources.exclude(term="by [erased]", because="counsel")
    made.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to Zorvina Quxley, lawyer", True),
        ("to ZORVINA  QÚXLEYS", True),
        ("to Azorvina Quxley", False),
        ("Zorvina", False),
        ("zorvina [erased] quxley", False),
        ("[erased] Zorvina Quxley", True),
        ("", False),
        (None, False),
    ],
)
def test_a_hash_of_words_matches_what_the_words_matched(text: str | None, *, expected: bool) -> None:
    assert has_term(text, NAME) == has_marked_term(text, mark_term("secret", NAME), "secret") == expected
    assert not has_term(text, "[erased]")

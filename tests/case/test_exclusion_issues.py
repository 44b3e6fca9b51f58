"""An exclusion by name knows the name in any order of its words, and issue rows tell what it takes and on what it rests."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case

pytestmark = pytest.mark.slow

CHAT = "WhatsApp Chat with Omar.txt"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Dana Lee\nTEL:+31612345678\nEND:VCARD\n"


def letter(sender: str, text: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, "bo@x.example", "Mon, 26 Feb 2024 10:00:00 +0000"
    message["Subject"], message["Message-ID"] = "papers", f"<{text.split(maxsplit=1)[0]}@x.example>"
    message.set_content(text)
    return message.as_bytes()


def start(folder: Path) -> Case:
    made = open_case(folder / "case", officer="ada", purpose="test")
    return add(made, folder, "law.eml", letter("Dana Lee <dl@law.example>", "first advice"))


def add(made: Case, folder: Path, name: str, content: bytes | str) -> Case:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    made.add(folder / name)
    return made


def tell(made: Case, words: str) -> list[str]:
    return [message for message in made.sources.issues()["message"] if words in message]


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("sender", "is_taken"),
    [
        ('"Lee, Dana" <d@private.example>', True),
        ("LEE Dana <d@private.example>", True),
        ("Dana Léé Lee <d@private.example>", False),
        ("Ms Dana Lee <d@private.example>", False),
        ("Dana Leee <d@private.example>", False),
    ],
)
def test_a_name_is_known_in_any_order_and_similar_names_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sender: str, *, is_taken: bool, is_first: bool
) -> None:
    made = start(tmp_path)
    if is_first:
        add(made, tmp_path, "other.eml", letter(sender, "second advice"))
    made.sources.exclude(sender="Dana Lee", because="counsel")
    assert ("This exclusion does not apply to these similar names" in capsys.readouterr().out) == (
        is_first and not is_taken
    )
    if not is_first:
        add(made, tmp_path, "other.eml", letter(sender, "second advice"))
    assert ["second advice"] * (not is_taken) == [one for one in made.context.passages["text"] if "advice" in one]
    assert len(tell(made, "similar to the name")) == (not is_taken)
    (told,) = tell(made, "applies: ")[:1] if is_taken else tell(made, "Documents or rows")
    assert "'law.eml'" in told and ("'other.eml'" in told) == is_taken and "advice" not in told
    made.close()


def test_a_chat_of_a_name_written_surname_first_is_taken(tmp_path: Path) -> None:
    made = start(tmp_path)
    made.sources.exclude(sender="Dana Lee", because="counsel")
    add(made, tmp_path, CHAT, "14/07/2022, 12:20 - Omar Haddad: hello\n14/07/2022, 12:29 - Lee, Dana: see you\n")
    assert made.messages()["text"].tolist() == ["hello"]
    made.close()


def test_a_name_that_was_erased_is_still_known_to_the_rule(tmp_path: Path) -> None:
    made = start(tmp_path)
    made.sources.exclude(sender="Dana Lee", because="counsel")
    add(made, tmp_path, "register.csv", "name;birthDate\nDana Lee;1971-05-14\nBob Crane;1975-05-14\n")
    made.privacy.erase("Dana Lee", because="request", sure=True)
    assert made.sources.exclusions()["rule"].tolist() == ["sender '[erased]'"]
    ((rule,),) = made.context.ledger.connection.execute("SELECT rule FROM main.set_asides").fetchall()
    assert "Dana" not in rule and "Lee" not in rule
    add(made, tmp_path, "later.eml", letter("Lee, Dana <d@private.example>", "second advice"))
    add(made, tmp_path, "later2.eml", letter('"Lee, Dana" <d@other.example>', "third advice"))
    assert not [one for one in made.context.passages["text"] if "third" in one]
    assert set(made.log.verify()["state"]) <= {"ok", "not checked"}
    made.close()


def test_a_number_that_only_a_card_gives_to_the_name_is_told(tmp_path: Path) -> None:
    made = start(tmp_path)
    made.sources.exclude(sender="Dana Lee", because="counsel")
    add(made, tmp_path, "suspect.vcf", CARD)
    assert not tell(made, "another file gives")
    add(made, tmp_path, CHAT, "25/02/2024, 10:00 - +31 6 12345678: plan\n25/02/2024, 10:01 - Zed: ok then\n")
    assert made.messages()["text"].tolist() == ["ok then"]
    (told,) = tell(made, "another file gives")
    assert "suspect.vcf" in told and "12345678" in told and "plan" not in told and "dl@law" not in told
    made.close()


@pytest.mark.parametrize("rule", ["sender", "number"])
def test_a_message_that_two_files_of_one_name_give_to_different_people_is_told(tmp_path: Path, rule: str) -> None:
    made = start(tmp_path)
    add(made, tmp_path, f"one/{CHAT}", "14/07/2022, 12:27 - Bob Crane: plan\n14/07/2022, 12:28 - Omar Haddad: yes\n")
    made.sources.exclude(**{rule: "Dana Lee"}, because="counsel")
    add(made, tmp_path, f"two/{CHAT}", "14/07/2022, 12:27 - Dana Lee: plan\n14/07/2022, 12:29 - Omar Haddad: no\n")
    (told,) = tell(made, "stay excluded")
    assert "different senders or recipients in different files: 1" in told and CHAT in told and "Bob" not in told
    made.close()


def test_a_file_that_is_kept_or_known_and_excluded_is_told(tmp_path: Path) -> None:
    made = start(tmp_path)
    made.sources.exclude(sender="dl@law.example", because="counsel")
    receipt = made.add(tmp_path / "law.eml")
    assert "it is excluded" in str(receipt["why"].item()) and receipt["state"].item() == "known"
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = (
        "dl@law.example",
        "bo@x.example",
        "Tue, 27 Feb 2024 10:00:00 +0000",
    )
    message.set_content("see")
    message.add_attachment(b"quillfeather", maintype="application", subtype="octet-stream", filename="memo.txt")
    add(made, tmp_path, "second.eml", message.as_bytes())
    assert not tell(made, "received in another way") and "'second.eml/memo.txt'" in tell(made, "applies: ")[0]
    add(made, tmp_path, "memo.txt", b"quillfeather")
    (told,) = tell(made, "received in another way")
    assert "second.eml/memo.txt = memo.txt" in told or "memo.txt = second.eml/memo.txt" in told
    assert "'second.eml/memo.txt'" not in tell(made, "applies: ")[0]
    made.close()


def test_what_a_reopened_exclusion_took_is_no_issue_beside_another_that_stands(tmp_path: Path) -> None:
    made = start(tmp_path)
    add(made, tmp_path, "second.eml", letter("Zed Quill <zq@law.example>", "second advice"))
    for given in ({"sender": "Dana Lee"}, {"term": "first"}):
        key = made.sources.exclude(**given, because="counsel")["set_aside_id"].item()
        made.sources.reopen(key, role="case controller", because="court order")
    assert not tell(made, "applies: ")
    made.sources.exclude(sender="zq@law.example", because="counsel")
    (told,) = tell(made, "applies: ")
    assert "'second.eml'" in told and "law.eml" not in told
    assert not str(made.add(tmp_path / "law.eml")["why"].item()) and "is excluded" in str(
        made.add(tmp_path / "second.eml")["why"].item()
    )
    made.report(tmp_path / "case" / "r.html")
    made.close()


SPELLINGS = {
    "Sean O'Brien": (
        ["Sean O’Brien", "Sean O Brien", "O‘Brien, Sean", "Seán Ó Brien", "Sean Oʼbrien"],
        ["Sean OBrien"],
    ),
    "Ann Smith-Jones": (["Ann Smith Jones", "Smith Jones, Ann", "Ann Smith–Jones"], ["Ann Smithjones"]),
    "Omar Al-Masri": (["Al Masri, Omar", "Omar al‑Masri"], ["Omar Almasri", "Almasri Omar"]),
    "Jean-Luc de la Tour": (["Tour, Jean Luc de la"], ["Jeanluc de la Tour"]),
    "Søren Ågård": (["Ågård, Søren"], ["Soeren Aagaard"]),
}


@pytest.mark.parametrize("is_erased", [False, True])
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_is_known_whatever_parts_its_words(tmp_path: Path, name: str, *, is_erased: bool) -> None:
    same, similar = SPELLINGS[name]
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    add(made, tmp_path, "law.eml", letter(f'"{name}" <dl@law.example>', "first advice"))
    made.sources.exclude(sender=same[-1], because="counsel")
    if is_erased:
        add(made, tmp_path, "register.csv", f"name;birthDate\n{same[-1]};1971-05-14\nBob Crane;1975-05-14\n")
        made.privacy.erase(same[-1], because="request", sure=True)
    for number, other in enumerate([name, *same, *similar]):
        add(made, tmp_path, f"{number}.eml", letter(f'"{other}" <d{number}@private.example>', f"later{number} advice"))
    shown = [text.split()[0] for text in made.context.passages["text"] if "advice" in text]
    assert shown == [f"later{1 + len(same) + at}" for at in range(len(similar))]
    told = " ".join(tell(made, "similar to the name"))
    assert is_erased or all(repr(other)[1:-1] in told for other in similar)
    made.close()


def test_a_number_that_only_a_card_joins_to_the_address_is_told(tmp_path: Path) -> None:
    made = start(tmp_path)
    add(made, tmp_path, "suspect.vcf", CARD.replace("FN:Dana Lee", "FN:Xan\nEMAIL:dl@law.example"))
    made.sources.exclude(sender="dl@law.example", because="counsel")
    assert not tell(made, "another file gives")
    add(made, tmp_path, CHAT, "25/02/2024, 10:00 - +31 6 12345678: plan\n25/02/2024, 10:01 - Zed: ok then\n")
    assert made.messages()["text"].tolist() == ["ok then"]
    (told,) = tell(made, "another file gives")
    assert "suspect.vcf" in told and "12345678" in told and "plan" not in told and "dl@law.example (" not in told
    made.close()


@pytest.mark.parametrize("who", ["Dana Lee", "dl@law.example"])
def test_no_row_tells_of_what_only_a_hidden_card_explains(tmp_path: Path, who: str) -> None:
    made = start(tmp_path)
    add(made, tmp_path, "hush.vcf", CARD.replace("FN:Dana Lee", "FN:Dana Lee\nEMAIL:dl@law.example"))
    made.sources.exclude(sender=who, because="counsel")
    add(made, tmp_path, CHAT, "25/02/2024, 10:00 - +31 6 12345678: plan\n25/02/2024, 10:01 - Zed: ok then\n")
    assert CHAT in tell(made, "Documents or rows")[0] and "hush.vcf" in tell(made, "another file gives")[0]
    made.handling.mark("hush.vcf", level="EXERCISE RESTRICTED", because="source")
    made.close()
    other = open_case(tmp_path / "case", officer="bob", purpose="test")
    (told,) = tell(other, "Documents or rows")
    assert "applies: 1." in told and "'law.eml'" in told and CHAT not in told
    assert not tell(other, "another file gives") and "plan" not in other.messages()["text"].tolist()
    other.close()


def test_a_report_for_others_has_no_rows_about_excluded_files(tmp_path: Path) -> None:
    made = start(tmp_path)
    made.sources.exclude(sender="Dana Lee", because="counsel")
    add(made, tmp_path, "memo.txt", b"quillfeather")
    made.report("own.html")
    made.report("theirs.html", to="public prosecutor")
    own, theirs = ((tmp_path / "case" / "reports" / name).read_text() for name in ("own.html", "theirs.html"))
    assert "Documents or rows" in own and "Documents or rows" not in theirs
    made.close()


NAMES_GONE = ("law.eml", "confession of Rita Moss", "Dana Lee", "dl@law.example", "letter of counsel", "quillfeather")


def test_a_report_for_others_names_no_excluded_file_and_no_words_of_an_exclusion(tmp_path: Path) -> None:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = (
        "dl@law.example",
        "rita@x.example",
        "Fri, 01 Mar 2024 10:00:00 +0000",
    )
    message["Subject"] = "Plea"
    message.set_content("Advice.")
    for name in ("confession of Rita Moss.txt", "confession of Rita Moss.bin"):
        message.add_attachment(
            b"quiet" if name.endswith("txt") else bytes(range(256)), "application", "octet-stream", filename=name
        )
    add(made, tmp_path, "law.eml", message.as_bytes())
    add(made, tmp_path, "memo.txt", "A memo on quillfeather ships.")
    add(made, tmp_path, "other.txt", "The ferry left at nine.")
    made.sources.exclude(sender="dl@law.example", because="letter of counsel")
    made.sources.exclude(term="quillfeather", ground="out of scope", because="of quillfeather")
    made.sources.withdraw("memo.txt", because="quillfeather by mistake")
    own, theirs = (
        made.report(tmp_path / name, to=to).read_text() for name, to in (("o.html", ""), ("t.html", "court"))
    )
    gone = made.sources.list().loc[lambda rows: rows["name"] != "other.txt", "source"]
    assert "law.eml" in own and "letter of counsel" in own and len(gone) == 4
    assert not [word for word in (*NAMES_GONE, *(key[:16] for key in gone)) if word in theirs]
    assert (
        "other.txt" in theirs and "Excluded (lawyer and client): whole files: 2; documents: 2; table rows: 0." in theirs
    )
    assert "Excluded (outside the scope of the case): whole files: 1; documents: 1; table rows: 0." in theirs
    made.close()


@pytest.mark.parametrize("act", ["withdraw", "erase"])
@pytest.mark.parametrize("who", ["Dana Lee", "dl@law.example"])
def test_what_rests_on_a_card_that_is_gone_is_told(tmp_path: Path, who: str, act: str) -> None:
    made = start(tmp_path)
    add(made, tmp_path, "false.vcf", CARD.replace("FN:Dana Lee", "FN:Dana Lee\nEMAIL:dl@law.example"))
    made.sources.exclude(sender=who, because="counsel")
    add(made, tmp_path, CHAT, "25/02/2024, 10:00 - +31 6 12345678: plan\n25/02/2024, 10:01 - Zed: ok then\n")
    assert not tell(made, "any more")
    if act == "withdraw":
        made.sources.withdraw("false.vcf", because="false")
    else:
        made.privacy.erase("false.vcf", because="false", sure=True)
    (told,) = tell(made, "any more")
    assert "12345678" in told and "Zed" not in told and "dl@law.example>" not in told and "plan" not in told
    made.close()


@pytest.mark.parametrize("given", [{"sender": "Dana Lee"}, {"term": "advice"}, {"since": "2024-02-01"}])
def test_a_rule_of_another_officer_takes_an_own_copy_of_a_hidden_file(tmp_path: Path, given: dict[str, str]) -> None:
    made = start(tmp_path)
    hidden = letter("Dana Lee <dl@law.example>", "second advice")
    add(made, tmp_path, "hidden.eml", hidden)
    made.handling.mark("hidden.eml", level="EXERCISE RESTRICTED", because="source")
    made.sources.exclude(**given, because="counsel")
    made.close()
    other = open_case(tmp_path / "case", officer="bob", purpose="test")
    add(other, tmp_path, "mine.eml", hidden)
    assert not [text for text in other.context.passages["text"] if "advice" in text]
    assert "'mine.eml'" in tell(other, "Documents or rows")[0] and len(other.search("second")) == 0
    assert set(other.log.verify()["state"]) <= {"ok", "not checked"}
    other.close()


def hide(folder: Path, given: dict[str, str], hidden: bytes, *, by: str = "ada") -> Path:
    """A case with a hidden letter that carl may see, and a rule that does not apply to it: who made it could not see the letter."""
    made = start(folder)
    add(made, folder, "hidden.eml", hidden)
    made.handling.mark("hidden.eml", level="EXERCISE RESTRICTED", because="source")
    made.access.grant("carl", "EXERCISE RESTRICTED", because="vetted")
    made.close()
    other = open_case(folder / "case", officer=by, purpose="test")
    other.sources.exclude(**given, because="counsel")
    other.close()
    return folder / "case"


def attach(sender: str, text: str, inner: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = sender, "bo@x.example", "Mon, 26 Feb 2024 10:00:00 +0000"
    message["Subject"], message["Message-ID"] = "papers", f"<{text}@x.example>"
    message.set_content(text)
    message.add_attachment(
        f"{text} brivet".encode(), maintype="application", subtype="octet-stream", filename=f"{text}.txt"
    )
    if inner:
        message.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.eml")
    return message.as_bytes()


def list_shown(case: Case, words: tuple[str, ...] = ("glorp", "brivet", "quonce")) -> list[str]:
    texts = [text for text in case.context.passages["text"] if any(word in text for word in words)]
    assert {word: any(word in text for text in case.search(word)["text"]) for word in words} == {
        word: any(word in text for text in texts) for word in words
    }
    return sorted(text.strip() for text in texts)


LAW = "Dana Lee <dl@law.example>"
LETTERS = {
    "letter": (LAW, b"", []),
    "letter in a letter": ("Tim <tim@x.example>", attach(LAW, "quonce"), ["glorp", "glorp brivet"]),
}


@pytest.mark.parametrize("by", ["ada", "bob"])
@pytest.mark.parametrize("kind", LETTERS)
def test_a_rule_takes_an_own_copy_with_its_attachments_from_its_officer_alone(
    tmp_path: Path, kind: str, by: str
) -> None:
    sender, inner, left = LETTERS[kind]
    hidden = attach(sender, "glorp", inner)
    place = hide(tmp_path, {"sender": "Dana Lee"}, hidden, by=by)
    carl = open_case(place, officer="carl", purpose="test")
    before = list_shown(carl)
    assert len(before) == (4 if inner else 2)
    bob = open_case(place, officer="bob", purpose="test")
    add(bob, tmp_path, "mine.eml", hidden)
    assert list_shown(bob) == left and not tell(bob, "received in another way")
    taken = tell(bob, "exclusion (sender 'Dana Lee')")
    assert "mine.eml" in taken[0] and "hidden.eml" not in taken[0]
    assert bob.sources.exclusions()["documents"].tolist() == [3]
    assert list_shown(carl) == before and "hidden" not in " ".join(tell(carl, "applies"))
    add(bob, tmp_path, "other.eml", letter("Tim <tim@x.example>", "neutral"))
    assert list_shown(bob) == left
    assert list_shown(carl) == before and carl.sources.exclusions()["documents"].tolist() == [1]
    bob.sources.withdraw("mine.eml", because="mistake")
    assert list_shown(carl) == before and carl.sources.exclusions()["documents"].tolist() == [1]
    assert not list_shown(bob)
    assert {*bob.log.verify()["state"], *carl.log.verify()["state"]} <= {"ok", "not checked"}
    bob.close()
    carl.close()

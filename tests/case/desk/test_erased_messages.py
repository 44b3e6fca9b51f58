"""A message that was erased comes back in no other file: the file comes in without it, and every other message stays as it is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.messages import Message, to_json
from workbench.messages.traffic import message_tables, text_forms

GONE = Message(
    type="request", our_ref="V-7", from_bureau="QM-NCB", to=("QN-NCB",), subject="FRAUD / REQUEST", confidentiality="FOUO",
    summary_of_facts="Zora Melnik holds the line +447700900124. The boat left Halven.", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
OTHER = Message(
    type="information", our_ref="K-12", from_bureau="QX-NCB", to=("QN-NCB",), subject="THEFT OF A VAN", confidentiality="FOUO",
    summary_of_facts="Pia Roth found a van at the harbour.", date_time="2026-04-11T17:05:00+01:00",
)  # fmt: skip
SIGN = b"Zora Melnik"


def indented(*messages: Message) -> bytes:
    return json.dumps([json.loads(to_json(one)) for one in messages], indent=3).encode()


def one_object(message: Message, *_: Message) -> bytes:
    return json.dumps(json.loads(to_json(message)), indent=3).encode()


def in_lines(*messages: Message) -> bytes:
    return "".join(json.dumps(json.loads(to_json(one))) + "\n" for one in messages).encode()


def table(*messages: Message) -> bytes:
    return message_tables.format_csv(messages).encode()


def letters(*messages: Message) -> bytes:
    return "".join(f"{text_forms.format_message(one)}\n\nNNNN\n\n" for one in messages).encode()


def mail(message: Message, *_: Message) -> bytes:
    head = (
        "From: ncb@qm.example\nTo: ncb@qn.example\nSubject: request\nDate: Mon, 2 Mar 2026 09:30:00 +0100\n"
        "Message-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return (head + text_forms.format_message(message)).encode()


def zipped(*messages: Message) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("in/list.json"), indented(*messages))
    return made.getvalue()


Form = tuple[str, Callable[..., bytes], bytes]
FORMS: dict[str, Form] = {
    "a list": ("any.json", indented, b"\n"), "an object": ("any.json", one_object, b"\n"), "lines": ("any.jsonl", in_lines, b"\n"),
    "a table": ("any.csv", table, b"\n"), "text": ("any.txt", letters, b"\n"), "a mail": ("any.eml", mail, b"\n"),
    "an archive": ("any.zip", zipped, b""),
}  # fmt: skip
"""How messages come: name of the file, what writes it, and what makes another file of it."""
ALONE = (one_object, mail)
"""What writes one message only."""


def is_kept(case: Case, sign: bytes = SIGN) -> list[str]:
    return [
        path.name for path in case.context.folder.sources.rglob("*") if path.is_file() and sign in path.read_bytes()
    ]


def passages_of(case: Case, our_ref: str) -> list[str]:
    document = case.desk.messages().set_index("our_ref")["document_id"].get(our_ref, "")
    passages = case.context.passages
    return list(passages.loc[passages["document_id"] == document, "text"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "what"), [*((form, "document") for form in FORMS), ("lines", "passage"), ("a table", "passage")]
)
def test_an_erased_message_does_not_stay_in_the_file_that_brings_it_back(
    tmp_path: Path, form: str, what: str, request: pytest.FixtureRequest
) -> None:
    name, write, more = FORMS[form]
    (tmp_path / name).write_bytes(write(GONE, OTHER))
    (tmp_path / f"again-{name}").write_bytes(write(GONE) + more)
    (tmp_path / f"both-{name}").write_bytes((write(GONE) + more if write in ALONE else write(OTHER, GONE)) + more)
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    request.addfinalizer(case.close)
    case.desk.imports.add(tmp_path / name)
    passages = case.context.passages
    row = passages[passages["text"].str.contains("Melnik")].iloc[0]
    case.privacy.erase(str(row[f"{what}_id"]), because="request 7", sure=True)
    before = passages_of(case, "K-12")
    for again in (f"again-{name}", f"both-{name}"):
        made = case.desk.imports.add(tmp_path / again)
        gone = made[made["our_ref"] == "V-7"]
        assert gone["state"].tolist() == ["refused"] and gone["why"].str.startswith("erased on").all()
        assert is_kept(case) == [] and not len(case.search("Melnik"))
        assert passages_of(case, "K-12") == before
        assert case.log.verify().query("state == 'bad'").empty and set(case.storage.check()["state"]) == {"well"}
    names = case.sources.list()["name"].tolist()
    assert sum("again-" in one for one in names) == 1, "the file came in, without the message"


def test_a_message_in_which_words_were_struck_keeps_the_others_when_it_comes_as_it_was(tmp_path: Path) -> None:
    quoting = replace(OTHER, summary_of_facts=f"{OTHER.summary_of_facts} They wrote: {GONE.summary_of_facts}")
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    (tmp_path / "both.json").write_bytes(indented(GONE, quoting))
    case.desk.imports.add(tmp_path / "both.json")
    document = str(case.desk.messages().set_index("our_ref").loc["V-7", "document_id"])
    case.privacy.erase(document, because="request 7", sure=True)
    before = passages_of(case, "K-12")
    assert any("Pia Roth" in text for text in before) and is_kept(case) == []
    (tmp_path / "quoting.jsonl").write_bytes(in_lines(quoting))
    assert case.desk.imports.add(tmp_path / "quoting.jsonl")["state"].tolist() == ["refused"]
    assert is_kept(case) == [] and passages_of(case, "K-12") == before
    case.close()

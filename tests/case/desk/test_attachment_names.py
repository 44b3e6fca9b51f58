"""An attachment that is hidden is named nowhere: not by its message, to an officer, in a page, in a package or in another file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.desk.test_attached import HIGH, MESSAGE, mail, sealed
from tests.case.packages.conftest import Side, packed
from tests.case.walking import flat
from workbench.case.case import Case, open_case
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.messages import Notice, to_json
from workbench.messages.model.message import Attachment, Person

NAME, TEXT = "quagga-memo.txt", b"The handler met the source at the harbour.\n"
KEY = sha256(TEXT).hexdigest()
OWN_FORM = "files written anew in their own form"
CHAT = f"13/07/2022, 12:30 - Ada Winter: {NAME} (file attached)\n14/07/2022, 08:05 - Rosa Blum: Hello there\n"


def _receive(case: Case, ada: Side, bo: Side, folder: Path) -> None:
    case.desk.receive(sealed(bo.officer, ada, folder, {NAME: TEXT}, from_bureau="QN-NCB"), trust=ada.trust)


def _import_mail(case: Case, ada: Side, bo: Side, folder: Path) -> None:
    case.desk.imports.add(mail(folder, {NAME: TEXT}, mark="FOUO", tlp="x"))


def _send(case: Case, ada: Side, bo: Side, folder: Path) -> None:
    (folder / NAME).write_bytes(TEXT)
    case.add(folder / NAME)
    draft = case.desk.draft(
        "information", to="QN-NCB", from_bureau="QM-NCB", purpose="person_info", legal_basis="Police act, section 3",
        crime_area=["fraud"], subject="FRAUD / INFORMATION", summary_of_facts=MESSAGE.summary_of_facts,
    )  # fmt: skip
    draft.attach(NAME)
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    case.desk.drafts.send(draft, [bo.card], trust=ada.trust)


def _add_chat(case: Case, ada: Side, bo: Side, folder: Path) -> None:
    with zipfile.ZipFile(folder / "WhatsApp Chat with Rosa.zip", "w") as zipped:
        zipped.writestr("_chat.txt", CHAT)
        zipped.writestr(NAME, TEXT)
    case.add(folder / "WhatsApp Chat with Rosa.zip")


Way = Callable[[Case, Side, Side, Path], None]
WAYS = {"sealed": _receive, "mail": _import_mail, "sent": _send, "chat": _add_chat}


def told(case: Case) -> str:
    found = flat(case.search("quagga")) + flat(case.search("memo")) + flat(case.search(KEY)) + flat(case.sources.list())
    found += flat(case.documents()) + flat(case.entities()) + flat(case.evidence.list()) + flat(case.sources.issues())
    for row in case.desk.messages()["document_id"]:
        found += f"{case.desk.message(row)} {flat(case.desk.why(row))} {flat(case.desk.rules.check(row))}"
    return found + case.desk.show().to_html()


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_officer_reads_no_name_of_a_hidden_attachment(ada: Side, bo: Side, tmp_path: Path, way: str) -> None:
    with closing(ada.case()) as case:
        WAYS[way](case, ada, bo, tmp_path)
        before = len(case.desk.messages())
    with closing(open_case(ada.folder, officer="zoe", purpose="training")) as zoe:
        assert NAME in told(zoe) and KEY in told(zoe)
        with closing(ada.case()) as case:
            case.handling.mark(KEY, level=HIGH, because="of the source")
        assert NAME not in told(zoe) and KEY not in told(zoe)
        assert len(zoe.desk.messages()) == before
        for row in zoe.desk.messages()["document_id"]:
            assert zoe.desk.message(row).to and zoe.desk.message(row).attachments == ()
        assert "Withheld" not in flat(zoe.desk.messages()) and (
            way == "chat" or "Withheld" not in flat(zoe.documents())
        )


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_package_names_no_attachment_that_is_closed_to_its_addressee(
    ada: Side, bo: Side, tmp_path: Path, way: str
) -> None:
    with closing(ada.case()) as case:
        WAYS[way](case, ada, bo, tmp_path)
        case.handling.mark(KEY, barred=["QN"], because="of the source")
        path = packed(case, ada, bo)
    with bo.open(path) as sent:
        found = {name: sent.opened.read_content(name) for name in sent.opened.names}
    assert [name for name, data in found.items() if NAME.encode() in data or KEY.encode() in data] == []
    assert (b"Hello there" if way == "chat" else b"Lyon" if way != "mail" else b"Guests") in found[
        "ledger/passages.jsonl"
    ]


@pytest.mark.slow
def test_a_name_in_a_field_or_a_text_is_hidden_with_its_passage(ada: Side, bo: Side, tmp_path: Path) -> None:
    persons = (Person(family_name="Oliveira", photo=NAME), Person(family_name="Winter"))
    notice = Notice(
        color="blue", our_ref="V-2", from_bureau="QN-NCB", to=("QM-NCB",), subject="Search", persons=persons, confidentiality="FOUO",
        date_time=MESSAGE.date_time, summary_of_facts=f"See {NAME.upper()}, page 2.\n" + "Nothing more is known. " * 9,
        attachments=(Attachment(name=NAME, sha256=KEY.upper()), Attachment(name="b.txt", sha256=sha256(b"b").hexdigest())),
    )  # fmt: skip
    with closing(ada.case()) as case:
        case.desk.receive(_seal(notice, {NAME: TEXT, "b.txt": b"b"}, bo, ada, tmp_path), trust=ada.trust)
        assert case.desk.message("V-2") == notice
        case.handling.mark(KEY, level=HIGH, because="of the source")
    with closing(open_case(ada.folder, officer="zoe", purpose="training")) as zoe:
        assert "quagga" not in told(zoe).casefold() and KEY not in told(zoe).casefold()
        shown = replace(notice, persons=persons[1:], summary_of_facts="", attachments=notice.attachments[1:])
        assert zoe.desk.message("V-2") == shown


@pytest.mark.slow
@pytest.mark.parametrize("key", [KEY, KEY.upper()])
@pytest.mark.parametrize(
    "text", ["The file {key} was seized.", "Hash: {key}", "({key}), and more. " + "Nothing is known. " * 9]
)
def test_a_text_that_gives_the_hash_is_hidden_wherever_it_stands_in_it(
    ada: Side, bo: Side, tmp_path: Path, key: str, text: str
) -> None:
    fields = {"our_ref": "V-2", "from_bureau": "QN-NCB", "summary_of_facts": text.format(key=key)}
    with closing(ada.case()) as case:
        case.desk.receive(sealed(bo.officer, ada, tmp_path, {NAME: TEXT}, **fields), trust=ada.trust)
        case.handling.mark(KEY, level=HIGH, because="of the source")
    with closing(open_case(ada.folder, officer="zoe", purpose="training")) as zoe:
        assert KEY not in told(zoe).casefold() and len(zoe.desk.messages()) == 1


def _seal(message: Notice, files: dict[str, bytes], sender: Side, to: Side, folder: Path) -> Path:
    payload = {
        "message.json": to_json(message).encode(),
        **{f"attachments/{name}": data for name, data in files.items()},
    }
    return package.write_package(payload, Cover("m", purpose="p", reason="r"), sender.officer, [to.card], folder).path


@pytest.mark.slow
@pytest.mark.parametrize("way", ["sealed", "mail", "sent"])
def test_with_an_erased_attachment_its_name_and_hash_go(ada: Side, bo: Side, tmp_path: Path, way: str) -> None:
    with closing(ada.case()) as case:
        WAYS[way](case, ada, bo, tmp_path)
        before = case.desk.messages().iloc[0]
        form = case.documents().set_index("document_id").index.tolist()
        done = case.privacy.erase(KEY, because="order of the court", sure=True).set_index("what")
        assert NAME not in told(case) and KEY not in told(case)
        after = case.desk.messages().iloc[0]
        assert (after.document_id, after.our_ref, after.subject) == (before.document_id, before.our_ref, before.subject)
        assert before.document_id in form and case.desk.message(after.document_id).attachments[0].name == "[erased]"
        rewritten = [name for name in case.sources.list()["name"] if name in str(done.loc[OWN_FORM, "note"])]
        assert f"{after.our_ref}.json" in rewritten[-1] and len(rewritten) == done.loc[OWN_FORM, "number"]
        kept = [path for path in case.context.folder.sources.rglob("*") if path.is_file()]
        assert [path.name for path in kept if KEY.encode() in path.read_bytes()] == []
        assert case.log.verify().query("state == 'bad'").empty and set(case.storage.check()["state"]) == {"well"}

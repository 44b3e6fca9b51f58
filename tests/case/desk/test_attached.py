"""What is attached to a message: a file that is here already stays as it was, whatever the message says of its handling."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case, open_case
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Officer
from workbench.messages import Message, to_json
from workbench.messages.model.message import Attachment

GUESTS = b"name,phone\nMarta Oliveira,+447700900123\n"
HIGH = "EXERCISE RESTRICTED"
MESSAGE = Message(
    type="information", our_ref="V-1", from_bureau="QM-NCB", to=("QN-NCB",), subject="FRAUD / INFORMATION", confidentiality="FOUO",
    summary_of_facts="On 14 February 2026 in Lyon a van was found.", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
MARKS: dict[str, dict[str, str]] = {
    "level": {"confidentiality": "RESTRICTED"}, "level of the attachment": {"attached": "RESTRICTED"}, "tlp": {"tlp": "TLP:RED"},
    "handling": {"handling": "H1"}, "conditions": {"handling": "H3", "conditions_of_use": "Tell nobody."},
}  # fmt: skip
Sees = dict[str, object]


def sealed(sender: Officer, to: Side, folder: Path, files: dict[str, bytes], **fields: str) -> Path:
    """A message in a package, with files attached."""
    level, title = fields.pop("attached", ""), fields.pop("title", "m")
    named = tuple(
        Attachment(name=name, sha256=sha256(data).hexdigest(), confidentiality=level) for name, data in files.items()
    )
    message = replace(MESSAGE, attachments=named, **fields)  # type: ignore[arg-type]
    payload = {
        "message.json": to_json(message).encode(),
        **{f"attachments/{name}": data for name, data in files.items()},
    }
    return package.write_package(payload, Cover(title, purpose="p", reason="r"), sender, [to.card], folder).path


def mail(folder: Path, files: dict[str, bytes], *, mark: str = "RESTRICTED", tlp: str = "TLP:RED") -> Path:
    """A message in a mail, with files attached."""
    parts = "".join(
        f"--B\nContent-Type: application/octet-stream; name={name}\nContent-Disposition: attachment; filename={name}\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(data).decode()}\n"
        for name, data in files.items()
    )
    text = (
        f"From: ncb@qm.example\nTo: ncb@qn.example\nSubject: [{tlp}] request\nDate: Mon, 2 Mar 2026 09:30:00 +0100\nMessage-ID: <1@x>\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nFROM: QM-NCB\nTO: QN-NCB\n"
        f"Our ref: E-1\nConfidentiality: {mark}\nType: request\nSubject: Guests\nPlease identify the owner.\n{parts}--B--\n"
    )
    (folder / "m.eml").write_text(text, "utf-8")
    return folder / "m.eml"


def sees(case: Case) -> Sees:
    """What a case shows of the guests."""
    listed = case.sources.list().set_index("source")
    key = sha256(GUESTS).hexdigest()
    return {
        "mark": listed.loc[key, "mark"], "state": listed.loc[key, "state"], "seen": "Marta Oliveira" in set(case.entities()["caption"]),
        "hits": len(case.search("Marta")), "marks": len(case.handling.marks()),
    }  # fmt: skip


def receive(case: Case, ada: Side, bo: Side, folder: Path, fields: dict[str, str]) -> None:
    path = sealed(ada.officer, bo, folder, {"any.csv": GUESTS}, **fields)
    assert case.desk.receive(path, trust=bo.trust)["state"].iloc[0] in ("read", "closed")


def take_in(case: Case, ada: Side, bo: Side, folder: Path, fields: dict[str, str]) -> None:
    case.desk.imports.add(
        mail(folder, {"any.csv": GUESTS}, mark=fields.get("confidentiality", "FOUO"), tlp=fields.get("tlp", "TLP:RED"))
    )


WAYS: dict[str, Callable[[Case, Side, Side, Path, dict[str, str]], None]] = {
    "sealed": receive,
    "a file of traffic": take_in,
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "guests.csv").write_bytes(GUESTS)
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("guests.csv"), GUESTS)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("said", MARKS)
@pytest.mark.parametrize("name", ["guests.csv", "bundle.zip"])
def test_a_copy_of_a_file_of_ours_puts_no_mark_on_it(
    ada: Side, bo: Side, place: Path, way: str, said: str, name: str
) -> None:
    with closing(open_case(bo.folder, officer="carla", purpose="training")) as first:
        first.add(place / name)
    with closing(bo.case()) as case:
        before = sees(case)
        WAYS[way](case, ada, bo, place / "in", dict(MARKS[said]))
        marks = case.handling.marks()
        assert sha256(GUESTS).hexdigest() not in set(marks["id"])
        found = sees(case)
        assert {**found, "marks": 0} == {**before, "marks": 0}
        assert (
            case.log.verify().query("state == 'bad'").empty
            and case.sources.list()["name"].str.endswith("guests.csv").any()
        )


def test_the_same_mark_in_two_packages_is_one_remark(ada: Side, bo: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        case.add(place / "guests.csv")
        for title in ("m", "the same in another package"):
            receive(case, ada, bo, place / "in", {"tlp": "TLP:RED", "title": title})
        assert case.review.remarks()["kind"].tolist() == ["mark"]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_what_a_message_says_of_a_file_of_ours_is_a_remark_that_may_be_adopted(
    ada: Side, bo: Side, place: Path, way: str
) -> None:
    with closing(bo.case()) as case:
        case.add(place / "guests.csv")
        for _ in range(2):
            WAYS[way](case, ada, bo, place / "in", {"tlp": "TLP:RED"})
        said = case.review.remarks()
        assert said["kind"].tolist() == ["mark"] and said["text"].str.contains("TLP:RED").all()
        case.review.adopt(said, because="asked by telephone")
        assert "TLP:RED" in str(sees(case)["mark"])
        assert case.log.verify().query("state == 'bad'").empty


@pytest.mark.parametrize("way", WAYS)
def test_what_is_new_bears_the_mark_of_its_message(ada: Side, bo: Side, place: Path, way: str) -> None:
    with closing(bo.case()) as case:
        WAYS[way](case, ada, bo, place / "in", {"tlp": "TLP:RED"})
        assert "TLP:RED" in str(sees(case)["mark"]) and case.review.remarks().empty


@pytest.mark.slow
def test_marks_of_what_a_sender_alone_has_brought_rise_and_never_fall(ada: Side, bo: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        for number, tlp in enumerate(("TLP:GREEN", "TLP:RED", "TLP:AMBER")):
            receive(case, ada, bo, place / "in", {"tlp": tlp, "our_ref": f"V-{number}"})
            assert ("TLP:GREEN", "TLP:RED", "TLP:RED")[number] in str(sees(case)["mark"])


def test_a_message_lifts_no_mark_of_ours(ada: Side, bo: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        case.add(place / "guests.csv")
        case.handling.mark("guests.csv", tlp="TLP:RED", because="of the source")
        receive(case, ada, bo, place / "in", {"tlp": "TLP:GREEN"})
        assert "TLP:RED" in str(sees(case)["mark"])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_what_another_bureau_has_brought_stays_as_it_came(ada: Side, bo: Side, place: Path, way: str) -> None:
    """Bo's case has a file out of a package of Ada's; a message of Bo's own bureau, or a mail, holds it as well."""
    with closing(ada.case(title="Tip")) as theirs:
        theirs.add(place / "guests.csv")
        theirs.handling.mark("guests.csv", tlp="TLP:AMBER", because="of the source")
        path = packed(theirs, ada, bo)
    with closing(bo.case()) as case:
        with bo.open(path) as opened:
            opened.add_to(case)
        before = sees(case)
        other = Side(bo.officer, bo.trust, bo.folder)
        WAYS[way](case, other, bo, place / "in", {"tlp": "TLP:RED", "from_bureau": "QN-NCB"})
        assert {**sees(case), "marks": 0} == {**before, "marks": 0}
        assert case.review.remarks()["text"].str.contains("TLP:RED").any()


def test_a_file_of_ours_is_not_read_anew_nor_brought_back(ada: Side, bo: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        case.add(place / "guests.csv", options={"region": "GB"})
        runs = len(case.sources.list())
        case.sources.withdraw("guests.csv", because="by mistake")
        receive(case, ada, bo, place / "in", {})
        listed = case.sources.list().set_index("source")
        assert listed.loc[sha256(GUESTS).hexdigest(), "state"] == "withdrawn" and len(listed) == runs + 1
        assert not len(case.search("Marta"))

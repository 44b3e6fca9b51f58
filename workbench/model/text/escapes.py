"""Texts in which signs are written in other signs, with these written out: percent signs, HTML, quoted-printable, JSON, RTF.

Each sign that is written out knows from where to where it stands in the text as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.model.text.normalise import NO_SHAPE

ESCAPE = re.compile(
    r"(?P<bytes>(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2})+)|(?P<entity>&#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|&[A-Za-z][A-Za-z0-9]{1,31};)"
    r"|\\(?:u(?P<four>[0-9A-Fa-f]{4})|[x'](?P<two>[0-9A-Fa-f]{2}))"
    r"|=\r?\n|</?(?:a|b|big|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,500})?/?>"
)
"""Bytes, a sign of HTML, of JSON or RTF; or what stands for nothing: a line end of quoted-printable, a mark of HTML within a line."""
WITHIN = re.compile(rf"(?<=[\d ().\-/+])[{NO_SHAPE}]+(?=[\d ().\-/+])")
DEEPEST = 3
"""Times that signs are written out: '%2540' is '%40', which is '@'."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its signs written out, and where each stands in the text as it is: from, to."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def get_source_span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text as it is a span of at least one sign stands."""
        return self.starts[start], self.ends[end - 1]


def list_readings(text: str) -> Iterator[Reading]:
    """The text with its signs written out, once and again as long as any are left; none where it has none."""
    made = Reading(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(DEEPEST):
        if ESCAPE.search(made.text) is None:
            return
        made = _decode_escapes(made)
        yield made


def join_figures(text: str) -> Reading:
    """The text without signs that have no shape between figures and what groups them."""
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for match in (*WITHIN.finditer(text), None):
        end = match.start() if match else len(text)
        pieces.append(text[at:end])
        starts += range(at, end)
        at = match.end() if match else end
    return Reading("".join(pieces), starts, [start + 1 for start in starts])


def _decode_escapes(before: Reading) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in ESCAPE.finditer(before.text):
        plain = slice(at, match.start())
        pieces.append(before.text[plain])
        starts += before.starts[plain]
        ends += before.ends[plain]
        for sign, *span in _decode_signs(match):
            start, end = before.get_source_span(*span)
            pieces.append(sign)
            starts.append(start)
            ends.append(end)
        at = match.end()
    return Reading("".join((*pieces, before.text[at:])), [*starts, *before.starts[at:]], [*ends, *before.ends[at:]])


def _decode_signs(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Signs that a match stands for, each with its place."""
    if match["bytes"]:
        yield from _decode_run(match[0], match.start())
    elif match["entity"]:
        yield from ((sign, *match.span()) for sign in html.unescape(match[0]))
    elif code := match["four"] or match["two"]:
        yield chr(int(code, 16)), *match.span()


def _decode_run(run: str, start: int) -> Iterator[tuple[str, int, int]]:
    data = bytes.fromhex(run.replace(run[0], ""))
    try:
        signs = [(sign, len(sign.encode())) for sign in data.decode()]
    except UnicodeDecodeError:
        signs = [(sign, 1) for sign in data.decode("latin-1")]
    for sign, width in signs:
        yield sign, start, start + 3 * width
        start += 3 * width

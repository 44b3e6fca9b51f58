"""Running text in pieces that are searched, read and quoted as one: paragraphs together, long ones cut at sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.model.ids import compute_digest
from workbench.model.rows import Passage

SIZE = 800
"""Characters in a piece, at most: a screenful, and what language models of sentences take in."""

SENTENCE_END = re.compile(r"(?<=[.!?\u2026\u3002\u061f])\s|\n")


def split_pieces(lines: Iterable[str], size: int = SIZE) -> Iterator[str]:
    """Pieces of a text, given by its lines, in order.

    Whole paragraphs (lines up to an empty one) are put together while they fit; a paragraph that does not fit is cut
    after a sentence or line, a sentence that does not fit at a space, a word that does not fit anywhere. Nothing but
    white space between pieces is lost; each piece is in the text as it is there, except that several empty lines count
    as one and spaces at line ends are gone.
    """
    held = ""
    for paragraph in _list_paragraphs(lines, size):
        if held and len(held) + 2 + len(paragraph) > size:
            yield held
            held = ""
        if len(paragraph) > size:
            yield from _cut_paragraph(paragraph, size)
        else:
            held = f"{held}\n\n{paragraph}" if held else paragraph
    if held:
        yield held


def list_passages(document: str, texts: Iterable[str], *, first: int = 0, page: int = 0) -> Iterator[Passage]:
    """Passage rows of a document, numbered from `first`."""
    for number, text in enumerate(texts, first):
        yield Passage(compute_digest("Passage", document, str(number)), document, number, text, page)


def _list_paragraphs(lines: Iterable[str], size: int) -> Iterator[str]:
    """Paragraphs; one that grows far beyond `size` is handed on in parts, so that a file is never held as a whole."""
    held: list[str] = []
    length = 0
    for line in lines:
        text = line.rstrip()
        if held and (not text or length > 20 * size):
            yield "\n".join(held)
            held, length = [], 0
        if text:
            held.append(text)
            length += len(text)
    if held:
        yield "\n".join(held)


def _cut_paragraph(text: str, size: int) -> Iterator[str]:
    """Parts of one long paragraph."""
    start = 0
    while len(text) - start > size:
        window = text[start : start + size]
        ends = [match.start() for match in SENTENCE_END.finditer(window)]
        end = ends[-1] if ends and ends[-1] > size // 4 else window.rfind(" ")
        end = end if end > 0 else size
        if part := window[:end].strip():
            yield part
        start += end
    if rest := text[start:].strip():
        yield rest

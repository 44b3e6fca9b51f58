"""Text of mail whose lines flow: lines that end in a space go on in the next one, as mail programs show them.

References
----------
RFC 3676 (format=flowed, delsp): 4.2 to 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

from workbench.ingest.mail.parsing import guarded
from workbench.ingest.reading.lines import unified

SIGNATURE = "-- "


def joined(part: EmailMessage, text: str) -> str:
    """The text of a part with its paragraphs in one line each, where its lines flow."""
    if _said(part, "format") != "flowed" or guarded(part.get_content_type) != "text/plain":
        return text
    return join_lines(unified(text), has_space_deleted=_said(part, "delsp") == "yes")


def _said(part: EmailMessage, name: str) -> str:
    return str(guarded(lambda: part.get_param(name)) or "").strip().lower()


def join_lines(text: str, *, has_space_deleted: bool = False) -> str:
    r"""Paragraphs of a text whose lines end in LF and flow; quoted lines keep their marks, and a signature its line.

    >>> join_lines("Pay \nJon\n> as \n> said\n-- \nAda"), join_lines("RESTR \nICTED", has_space_deleted=True)
    ('Pay Jon\n> as said\n-- \nAda', 'RESTRICTED')
    """
    return "\n".join(_paragraphs(text, has_space_deleted=has_space_deleted))


def _paragraphs(text: str, *, has_space_deleted: bool) -> Iterator[str]:
    held: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks, said = _parted(line)
        if held and (marks != depth or said == SIGNATURE):
            yield _written(depth, held)
            held = []
        depth = marks
        flows = said.endswith(" ") and said != SIGNATURE
        held.append(said[:-1] if flows and has_space_deleted else said)
        if not flows:
            yield _written(depth, held)
            held = []
    if held:
        yield _written(depth, held)


def _parted(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and what it says."""
    said = line.lstrip(">")
    return len(line) - len(said), said.removeprefix(" ")


def _written(depth: int, held: list[str]) -> str:
    return f"{'>' * depth} {''.join(held)}" if depth else "".join(held)

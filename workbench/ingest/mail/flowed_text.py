"""Text of mail whose lines flow: lines that end in a space go on in the next one, as mail programs show them.

References
----------
RFC 3676 (format=flowed, delsp): 4.2 to 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

from workbench.ingest.mail.parsing import call_safely
from workbench.ingest.reading.text_lines import unify_line_ends

SIGNATURE = "-- "


def join_flowed_text(part: EmailMessage, text: str) -> str:
    """The text of a part with its paragraphs in one line each, where its lines flow."""
    if _get_parameter(part, "format") != "flowed" or call_safely(part.get_content_type) != "text/plain":
        return text
    return join_lines(unify_line_ends(text), has_space_deleted=_get_parameter(part, "delsp") == "yes")


def _get_parameter(part: EmailMessage, name: str) -> str:
    return str(call_safely(lambda: part.get_param(name)) or "").strip().lower()


def join_lines(text: str, *, has_space_deleted: bool = False) -> str:
    r"""Paragraphs of a text whose lines end in LF and flow; quoted lines keep their marks, and a signature its line.

    >>> join_lines("Pay \nJon\n> as \n> said\n-- \nAda"), join_lines("RESTR \nICTED", has_space_deleted=True)
    ('Pay Jon\n> as said\n-- \nAda', 'RESTRICTED')
    """
    return "\n".join(_list_paragraphs(text, has_space_deleted=has_space_deleted))


def _list_paragraphs(text: str, *, has_space_deleted: bool) -> Iterator[str]:
    held: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks, said = _split_quoting(line)
        if held and (marks != depth or said == SIGNATURE):
            yield _format_paragraph(depth, held)
            held = []
        depth = marks
        flows = said.endswith(" ") and said != SIGNATURE
        held.append(said[:-1] if flows and has_space_deleted else said)
        if not flows:
            yield _format_paragraph(depth, held)
            held = []
    if held:
        yield _format_paragraph(depth, held)


def _split_quoting(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and what it says."""
    said = line.lstrip(">")
    return len(line) - len(said), said.removeprefix(" ")


def _format_paragraph(depth: int, held: list[str]) -> str:
    return f"{'>' * depth} {''.join(held)}" if depth else "".join(held)

"""A received file again without what is erased, in its own form, where it consists of lines, rows, records or letters.

What is gone leaves no mark of its length: a message is left out, a row keeps its cells with a fixed word in each, a text is replaced
by that word. Other forms (PDF, office files, archives, telephones) are not rewritten: nobody can tell what else lies in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.errors import SourceError
from workbench.ingest.reading.redaction import Cuts, Item, RedactedFile, group_lines, rewrite_lines
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines


def redact_file(source: SourceFile, reader: str, cuts: Cuts, options: Mapping[str, str]) -> RedactedFile | None:
    """The file without what goes, None where its form does not allow it."""
    from workbench.ingest.documents import police_message
    from workbench.ingest.mail import mail_redaction as letters
    from workbench.ingest.tables import table_redaction as tables

    try:
        if reader == police_message.METHOD:
            return police_message.redact_file(source, cuts)
        if reader == "mail":
            return letters.redact_file(source, cuts)
        if reader == "table":
            return tables.redact_file(source, cuts, options)
        lines = TextLines(source)
        items = _group_items(source, reader, lines)
        return None if items is None else rewrite_lines(source, lines, items, cuts, lambda _: [])
    except (SourceError, UnicodeError):
        return None


def _group_items(source: SourceFile, reader: str, lines: TextLines) -> Iterator[Item] | None:
    from workbench.ingest.archives import zip_members
    from workbench.ingest.chats import chat_export
    from workbench.ingest.chats.message_times import find_style, parse_stamp

    if reader == "text":
        return iter([Item("", tuple(line for _, line in lines))])
    if reader == "chat-export":
        return group_lines(lines, lambda _, line: chat_export.is_beginning(line), "line")
    if reader == "whatsapp" and not source.read_head().startswith(zip_members.MARKS):
        style = find_style(lines)
        return group_lines(
            lines, lambda _, line: (at := parse_stamp(line)) is not None and at[0].style == style, "line"
        )
    return None

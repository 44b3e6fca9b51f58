"""Times as reports of telephones write them: ISO in the XML, in the order and zone of the examiner's computer in the workbook."""

from __future__ import annotations

import re

from workbench.ingest.chats.message_times import Stamp, format_iso, is_iso
from workbench.model.time_zones import format_offset, parse_iso_time, parse_offset

WRITTEN = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})[ T]{1,2}(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?\(?(?:UTC|GMT) ?([+-]\d{1,2}(?::?\d\d)?)?\)?)?"
)
SPAN = re.compile(r"(?:(\d{1,3})\.)?(\d{1,4}):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?")
LONGEST = 60


def normalise_moment(text: str) -> str:
    """ISO time of report.xml without a fraction that is zero; as written where it is none."""
    text = text.strip()
    try:
        found = parse_iso_time(text[:LONGEST])
    except ValueError:
        return text[:LONGEST]
    return found.isoformat() if len(text) > 10 else text


def parse_stamp(text: str) -> tuple[Stamp, str] | None:
    """Stamp and offset of a time in a workbook; None of what is none, or has an offset of no zone."""
    match = WRITTEN.fullmatch(text.strip()[:LONGEST])
    if not match:
        return None
    hour = int(match[5])
    if match[8]:
        hour = hour % 12 + (12 if match[8] in "Pp" else 0)
    clock = (hour, int(match[6]), int(match[7] or 0))
    try:
        offset = _normalise_offset(match[9] or "", text)
    except ValueError:
        return None
    return Stamp(text, (match[1], match[3], match[4]), match[2], clock, match[7] is not None), offset


def parse_cell_time(text: str, dates: str) -> str:
    """ISO time of a cell of a workbook, with its offset; '' where it cannot be read for certain."""
    found = parse_stamp(text)
    if not found:
        read = normalise_moment(text)
        return read if is_iso(read) else ""
    when = format_iso(found[0], dates)
    return when + found[1] if when else ""


def parse_duration(text: str) -> int | None:
    """Seconds of a duration '00:01:02', '1.02:03:04' or '62'; None of what is none."""
    text = text.strip()[:LONGEST]
    if text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    match = SPAN.fullmatch(text)
    if not match:
        return None
    parts = [int(match[2]), int(match[3]), *([int(match[4])] if match[4] else [])]
    while len(parts) < 3:
        parts.insert(0, 0)
    return int(match[1] or 0) * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]


def _normalise_offset(text: str, whole: str) -> str:
    """Offset '+02:00' of '+2', '+0200' or '-03:30'; '+00:00' where only 'UTC' stands; '' where nothing does.

    Raises
    ------
    ValueError
        If no zone has that offset.
    """
    if not text:
        return "+00:00" if "UTC" in whole.upper() or "GMT" in whole.upper() else ""
    return format_offset(parse_offset(text))

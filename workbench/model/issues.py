"""Codes of issue rows: what is wrong in the data, how bad it is, and what a person can do about it."""

from __future__ import annotations

from workbench.model.rows import Issue, Severity

CODES: dict[str, tuple[Severity, str]] = {
    "unreadable": ("error", "The file could not be read; it is kept and nothing of it is in the case."),
    "unknown-format": ("error", "No reader takes this kind of file."),
    "other-form": ("warning", "A file is called one thing and holds another; it is read as plain text."),
    "empty": ("warning", "The file holds nothing to read."),
    "no-text": ("warning", "A page or document has no text (a scan, perhaps)."),
    "no-message": ("error", "What should be a message could not be read as one; it stays in its source as it came."),
    "unmapped-field": ("info", "Values of a message have no field of their own; they stay in its source."),
    "truncated": ("warning", "The source stops in the middle of a record."),
    "bad-row": ("warning", "A row or line could not be read; it is quoted in the message."),
    "bad-encoding": ("warning", "The text was not in the encoding it claims; a replacement was used."),
    "bad-date": ("warning", "A date or time could not be read; it is kept as written."),
    "count-mismatch": ("warning", "The source says how many records follow, and another number was found."),
    "sender-conflict": ("warning", "Copies of one message name different senders; all claims are kept."),
    "zone-unknown": ("info", "Times have no zone; they are shown as written until the zone of the source is given."),
    "name-only": ("info", "A participant is known by a short name only and may be several people."),
    "search-language": ("warning", "Much of the case is in other languages than search by meaning reads."),
    "other-calendar": ("info", "A date of another calendar is kept as written."),
    "bad-identifier": ("info", "A number that looks like an identifier fails its check digit."),
    "minimised": ("info", "A column of a table was not taken, at an officer's word."),
    "unmapped-column": ("info", "A column of a table is not mapped to a property."),
    "duplicate-row": ("info", "The same row stands twice in a table."),
    "contradiction": ("warning", "Judgements contradict each other: same, same and not same."),
    "disagreement": ("warning", "Officers judge the same pair against each other; the latest judgement counts."),
    "remarks": ("info", "Another bureau judges what this case has of its own; it does not count here."),
    "original-kept": ("info", "The sender kept an original file back: a part of it is not for this bureau."),
    "damaged-number": ("warning", "A number was damaged by a spreadsheet (rounded, or in exponent form)."),
    "attachment": ("info", "An attachment was kept but not read."),
    "media": ("info", "Pictures, sound and video stay in the package; they were not read."),
    "unknown-model": (
        "info",
        "A report holds kinds of records that have no form of their own here; they are kept as text.",
    ),
    "ambiguous-date": ("warning", "Day and month cannot be told apart; dates are kept as written."),
    "direction-unknown": ("warning", "A statement does not tell who paid whom, or a call table who called whom."),
    "balance": ("warning", "Opening balance, entries and closing balance of a statement do not add up."),
    "flagged": (
        "warning",
        "Passages may tell of a special category of data or of a minor; no officer has looked at them.",
    ),
    "conflict": ("warning", "Sources state different values where there can be one."),
    "encrypted": ("warning", "A part is locked with a password and was not read."),
    "too-large": ("warning", "A part unpacks to more than is allowed, or there are too many parts; it was not read."),
    "odd-name": ("warning", "A name leads out of its archive or hides what the file is; it is kept as text only."),
    "left-out": ("info", "Parts of a file were counted and not read: pictures, links, files of a system."),
    "macro": ("warning", "The document holds a program (macro). It was kept and not run."),
    "outside": ("warning", "The document loads something from outside when it is opened. Nothing was fetched."),
    "hidden": ("info", "The document holds text that who opens it does not see; it was read."),
    "ocr": ("info", "Text was read from a picture of it (OCR) and may contain errors."),
    "unknown-word": ("info", "The source uses a schema or property that the vocabulary lacks; it is kept as text."),
    "bad-position": ("warning", "A position cannot be right (out of range, 0/0, swapped); it is kept as text only."),
    # Quality of call records; what each says in full is in workbench.ingest.calls.rules.
    "C-01": ("error", "The time zone of call records is unknown, or a time falls into a clock change."),
    "C-02": ("warning", "A number of a call record cannot be read."),
    "C-03": ("warning", "Two records are one forwarded call."),
    "C-04": ("warning", "Calls of one number overlap (three-way call)."),
    "C-05": ("warning", "Both parties' records of one call are there."),
    "C-06": ("warning", "The same call record stands twice."),
    "C-07": ("info", "Records with services: voicemail, short codes, sender names."),
    "C-08": ("warning", "An IMEI fails its check digit."),
    "C-09": ("warning", "A handset was used with another SIM card, or a SIM card in another handset."),
    "C-10": ("warning", "Consecutive cells are too far apart for the time between them."),
    "C-11": ("warning", "A cell is in no tower list of the date, or its coordinates cannot be right."),
    "C-12": ("info", "A number is silent for much longer than usual."),
    "C-13": ("error", "Durations are no whole seconds, or of several forms."),
    "C-14": ("warning", "A duration does not fit the kind of record, or a text was counted in parts."),
    "C-15": ("warning", "A number was damaged by a spreadsheet."),
}


def issue(code: str, message: str, *, fix: str = "", document_id: str = "", place: str = "") -> Issue:
    """An issue row with the severity of its code."""
    return Issue(code, message, fix=fix, severity=CODES[code][0], document_id=document_id, place=place)

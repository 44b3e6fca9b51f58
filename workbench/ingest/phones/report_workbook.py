"""The workbook of Physical Analyzer as facts and items: one sheet per kind of record, the same form as report.xml.

Its maker documents neither names of sheets nor headers, and both vary with the version and the boxes that were ticked; what is
known here are those of public tools and reports. A column that is not known stays a field under its header, and what stands
outside the table of a sheet is kept as text. Sheets that repeat others are not read; what they alone say is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.chats.message_times import Order
from workbench.ingest.phones.phone_record import WRITTEN, Fact, Item
from workbench.ingest.phones.report_times import parse_cell_time, parse_stamp
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.source import SourceFile, describe_damage
from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.tables.sheets.sheet import format_value
from workbench.ingest.tables.sheets.xlsx import BROKEN, refuse_bomb
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEETS = {
    "calllog": "Call", "calls": "Call", "calllogs": "Call", "contacts": "Contact", "chats": "InstantMessage",
    "instantmessages": "InstantMessage", "smsmessages": "SMS", "sms": "SMS", "mmsmessages": "MMS", "mms": "MMS",
    "emails": "Email", "locations": "Location", "devicelocations": "Location", "useraccounts": "UserAccount",
    "installedapplications": "InstalledApplication", "notes": "Note", "simdata": "SIMData", "wirelessnetworks": "WirelessNetwork",
    "celltowers": "CellTower", "webhistory": "VisitedPage", "webbookmarks": "WebBookmark", "searcheditems": "SearchedItem",
    "calendar": "CalendarEntry", "passwords": "Password", "cookies": "Cookie", "notifications": "Notification",
    "poweringevents": "PoweringEvent", "deviceevents": "DeviceEvent", "voicemails": "Voicemail", "journeys": "Journey",
}  # fmt: skip
"""Names of sheets (letters only, lower case) and the model type of their rows."""

FACTS = {
    "deviceinfo": "Device Info", "deviceinformation": "Device Info", "summary": "Case information",
    "caseinformation": "Case information", "extractionsummary": "Extraction", "extractions": "Extraction",
}  # fmt: skip
REPEATED = frozenset({"timeline", "contents", "tableofcontents"})
"""Sheets that list what stands in others."""
KINDS = frozenset({*SHEETS, *FACTS, *(kind.casefold() for kind in SHEETS.values())})
"""What those sheets call the records, letters only, lower case."""
NAMED = frozenset({"", "name", "nom", "value", "valeur", "valor"})
"""Headers of the sheets of facts, letters only, lower case."""
FURTHER = "Further text"

FIELDS = {
    "time": "TimeStamp", "timestamp": "TimeStamp", "timestamptime": "TimeStamp", "timestampdate": "Date", "date": "Date",
    "direction": "Direction", "type": "Type", "duration": "Duration", "status": "Status", "source": "Source",
    "sourceapplication": "Source", "body": "Body", "message": "Body", "text": "Body", "content": "Body", "snippet": "Snippet",
    "subject": "Subject", "folder": "Folder", "name": "Name", "account": "Account", "username": "Username",
    "accountname": "Name", "servicetype": "ServiceType", "latitude": "Latitude", "longitude": "Longitude",
    "elevation": "Elevation", "precision": "Precision", "category": "Category", "value": "Value", "description": "Description",
    "title": "Title", "url": "Url", "locationorigin": "LocationOrigin", "networkname": "NetworkName",
}  # fmt: skip
"""Headers (letters only, lower case) and the field of report.xml that they are."""

PARTIES = {
    "party": "Parties", "parties": "Parties", "from": "From", "to": "To", "cc": "Cc", "bcc": "Bcc",
    "participants": "Participants", "sender": "From", "recipient": "To", "recipients": "To",
}  # fmt: skip
STATES = {
    "deleted": "deleted",
    "deletedstate": "deleted",
    "decodingconfidence": "confidence",
    "confidence": "confidence",
}
CHATS = frozenset({"chat", "chatid", "chatnumber"})
SIGNS = frozenset({*FIELDS, *PARTIES, *STATES, *CHATS, "entries", "position", "attachments"})
ENTRY = re.compile(r"([^:\n-]{1,40})-([^:\n]{0,60}):\s{0,4}(\S[^\n]{0,400})")
ENTRIES = {"phone": "PhoneNumber", "email": "EMailAddress", "user id": "UserID", "web address": "WebAddress"}
POINT = re.compile(r"\(?\s?([+-]?\d{1,2}\.\d{1,15})\s?[,;/]\s?([+-]?\d{1,3}\.\d{1,15})\s?\)?")
NAME = re.compile(rb'<(?:\w{1,8}:)?sheet\s[^<>]{0,200}?\bname="([^"<>]{1,120})"')
OWNER = "(owner)"
ROLES = ("from:", "to:")
HEADER_ROWS = 12
COLUMNS = 400
LIST = 4 * 1024**2


def normalise_letters(text: str) -> str:
    """Letters of a name in lower case: 'Timestamp: Time' is 'timestamptime', 'SMS Messages (12)' 'smsmessages'."""
    return "".join(c for c in text.casefold() if c.isalpha())


def is_report(source: SourceFile, head: bytes) -> list[str]:
    """Names of sheets that are of Physical Analyzer; none if the file is no workbook of its kind."""
    names = zip_members.list_names(source, head)
    if "xl/workbook.xml" not in names:
        return []
    try:
        with zip_members.open_zip(source) as package, package.open("xl/workbook.xml") as stream:
            listed = [name.decode("utf-8", "replace") for name in NAME.findall(stream.read(LIST))]
    except (SourceError, *zip_members.BROKEN):
        return []
    known = [name for name in listed if normalise_letters(name) in SHEETS]
    return known if known and _has_headers(source, known[0]) else []


def _has_headers(source: SourceFile, name: str) -> bool:
    """Whether a sheet has a header row with '#' and at least two headers of Physical Analyzer."""
    try:
        with source.open() as file, closing(_open_workbook(file)) as book:
            for row in islice(_iterate_rows(book, name), HEADER_ROWS):
                if _is_header([format_cell(cell) for cell in row[:COLUMNS]]):
                    return True
    except BROKEN:
        return False
    return False


def _iterate_rows(book: Workbook, name: str) -> Iterator[tuple[object, ...]]:
    """Values of all rows of a sheet, also of those outside the extent that the sheet states."""
    sheet = book[name]
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True)


def _is_header(cells: list[str]) -> bool:
    return bool(cells) and cells[0].strip() == "#" and sum(normalise_letters(cell) in SIGNS for cell in cells) > 1


def format_cell(cell: object) -> str:
    """Text of a cell; line ends within it stay, for lists are written so."""
    return cell.strip() if isinstance(cell, str) else format_value(cell)


@dataclass(slots=True)
class Column:
    """A column: its header, and what it is by its letters."""

    header: str
    key: str


@dataclass(slots=True)
class ReportWorkbook:
    """Facts and items of a workbook; each pass reads it anew."""

    source: SourceFile
    dates: str = ""
    order: Order = field(default_factory=Order)
    found: list[Issue] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    decided: bool = False
    cells: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[Fact | Item]:
        """Facts, then items, sheet by sheet.

        Raises
        ------
        SourceError
            If the workbook cannot be opened.
        """
        if not self.decided:
            refuse_bomb(self.source)
            self._decide()
        self.found, self.wrong = [], {}
        for kind in (FACTS, SHEETS):
            for name in self._read_names():
                if normalise_letters(name) in kind:
                    yield from (
                        self._read_facts(name)
                        if kind is FACTS
                        else self._read_items(name, SHEETS[normalise_letters(name)])
                    )
        for name in self._read_names():
            if normalise_letters(name) in REPEATED:
                self._check_repeated(name)
            elif normalise_letters(name) not in {*FACTS, *SHEETS}:
                yield from self._read_items(name, name.strip())

    def _decide(self) -> None:
        """First of all: the order of day and month, from all times of the workbook."""
        self.decided = True
        self.order.told = self.dates
        names = self._read_names()
        are_compared = any(normalise_letters(name) in REPEATED for name in names)
        for name in names:
            if normalise_letters(name) in SHEETS or (are_compared and normalise_letters(name) not in REPEATED):
                for _, row in self._read_rows(name):
                    self.cells.update(map(hash, row) if are_compared else ())
                    for cell in row if normalise_letters(name) in SHEETS else ():
                        if len(cell) > 9 and cell[:1].isdigit() and (at := parse_stamp(cell)):
                            self.order.add_stamp(at[0])
        self.dates = self.order.decide()

    def _check_repeated(self, name: str) -> None:
        """Tell of the rows of a sheet that repeats others which hold a text that no other sheet has."""
        alone = [
            number
            for number, row in self._read_rows(name)
            if row[:1] != ["#"] and any(self._is_alone(cell) for cell in row)
        ]
        if alone:
            told = Sentence("row.phone.repeated", name=repr(name), count=len(alone), listed=format_numbers(alone))
            self.found.append(build_issue("left-out", told, fix=Sentence("fix.look.tabs"), place=f"sheet {name}"))

    def _is_alone(self, cell: str) -> bool:
        return any(map(str.isalpha, cell)) and hash(cell) not in self.cells and normalise_letters(cell) not in KINDS

    def _read_names(self) -> list[str]:
        try:
            with self.source.open() as file, closing(_open_workbook(file)) as book:
                return [str(sheet.title) for sheet in book.worksheets]
        except BROKEN as error:
            raise SourceError(
                Sentence("refused.file.workbook_xlsx", name=self.source.name, error=describe_damage(error))
            ) from error

    def _read_rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        number, wide = 0, 0
        try:
            with self.source.open() as file, closing(_open_workbook(file)) as book:
                for number, row in enumerate(_iterate_rows(book, name), 1):
                    wide = wide or (number if any(row[COLUMNS:]) else 0)
                    yield number, [format_cell(cell) for cell in row[:COLUMNS]]
        except BROKEN as error:
            why = Sentence("row.cut.sheet", name=repr(name), number=str(number), error=describe_damage(error))
            self.found.append(build_issue("truncated", why, place=f"sheet {name}"))
        if wide:
            told = Sentence("row.large.cells", number=str(wide), most=str(COLUMNS))
            self.found.append(build_issue("truncated", told, place=f"sheet {name} row {wide}"))

    def _read_facts(self, name: str) -> Iterator[Fact]:
        """Rows 'name, value' of a sheet; numbers in front are passed over, and further cells are kept as text."""
        for number, row in self._read_rows(name):
            cells = [cell for cell in row if cell]
            if all(normalise_letters(cell) in NAMED and not any(map(str.isdigit, cell)) for cell in cells):
                continue
            cells = cells[1:] if len(cells) > 1 and (cells[0] == "#" or _is_row_number(cells[0])) else cells
            if len(cells) > 1:
                yield Fact(FACTS[normalise_letters(name)], *cells[:2])
            for cell in cells[2:] if len(cells) > 1 else cells:
                if cell != name.strip() and not _is_row_number(cell):
                    yield Fact(FURTHER, f"sheet {name.strip()} row {number}", cell)

    def _read_items(self, name: str, kind: str) -> Iterator[Item]:
        columns: list[Column] = []
        chat: dict[str, str] = {}
        for number, row in self._read_rows(name):
            place = f"sheet {name} row {number}"
            filled = sum(map(bool, row))
            if not columns and _is_header(row):
                columns = _build_columns(row)
            elif columns and filled > 1:
                yield self._build_item(kind, columns, row, chat, place)
            elif filled > 1 or (filled and not _says_nothing(row, name)):
                yield _build_text_item(name, columns or _build_columns([]), row, place)

    def _build_item(self, kind: str, columns: list[Column], row: list[str], chat: dict[str, str], place: str) -> Item:
        """The record of one row."""
        fields: dict[str, str] = {}
        lists: dict[str, tuple[str, ...]] = {}
        parts: dict[str, tuple[Item, ...]] = {}
        state = {"deleted": "", "confidence": ""}
        cells = [(column, cell) for column, cell in zip(columns, row, strict=False) if cell and column.header != "#"]
        cells = _fill_chat_cells(cells, columns, chat)
        for column, cell in cells:
            if column.key in STATES:
                told = "Deleted" if cell.casefold() in ("yes", "true", "deleted") else cell
                if state[STATES[column.key]] not in ("", told):
                    lists[column.header] = (*lists.get(column.header, ()), cell)
                state[STATES[column.key]] = told
            elif column.key in PARTIES:
                name = PARTIES[column.key]
                parts[name] = (*parts.get(name, ()), *_parse_parties(cell))
            elif column.key.startswith("entr") or column.key == "phonenumbers":
                parts["Entries"] = (*parts.get("Entries", ()), *_parse_entries(cell))
            elif column.key.startswith("attachment"):
                found = (
                    Item("Attachment", fields={"Filename": one.strip()}) for one in cell.split("\n") if one.strip()
                )
                parts["Attachments"] = (*parts.get("Attachments", ()), *found)
            elif column.key == "position" and (point := POINT.fullmatch(cell)):
                fields.update(Latitude=point[1], Longitude=point[2])
            elif not column.key or fields.setdefault(FIELDS.get(column.key, column.header), cell) != cell:
                lists[column.header] = (*lists.get(column.header, ()), cell)
        self._set_time(fields, place)
        return Item(kind, "", state["deleted"], state["confidence"], "", fields, lists, parts, place)

    def _set_time(self, fields: dict[str, str], place: str) -> None:
        """The time out of one column, or of a date and a time in two; as written where it cannot be read."""
        date, clock = fields.pop("Date", ""), fields.get("TimeStamp", "")
        tries = [text for text in (clock, f"{date} {clock}".strip(), date) if text]
        read, as_written = next(
            ((at, text) for text in tries if (at := parse_cell_time(text, self.dates))), ("", clock or date)
        )
        if tries:
            fields["TimeStamp"] = read or as_written
            fields.update({WRITTEN: as_written} if read not in ("", as_written) else {})
        if tries and not read:
            self.wrong.setdefault(fields["TimeStamp"], place)

    def list_issues(self) -> Iterator[Issue]:
        """What the last pass found wrong."""
        yield from self.found
        if self.wrong:
            example, place = next(iter(self.wrong.items()))
            unclear = self.order.is_needed and not self.dates
            key = "row.date.order" if unclear else "row.date.none"
            yield build_issue(
                "ambiguous-date" if unclear else "bad-date",
                Sentence(key, count=len(self.wrong), example=repr(example[:60])),
                fix=Sentence("fix.dates") if unclear else "",
                place=place,
            )


def _open_workbook(file: BinaryIO) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error


def _build_columns(header: list[str]) -> list[Column]:
    """Columns of a sheet by its header; those that it does not name go by their number."""
    named = [*header, *[""] * (COLUMNS - len(header))]
    return [Column(cell or f"column {number}", normalise_letters(cell)) for number, cell in enumerate(named, 1)]


def _build_text_item(name: str, columns: list[Column], row: list[str], place: str) -> Item:
    """What stands in a sheet outside its table, to be kept as text."""
    cells = zip(columns, row, strict=False)
    fields = {column.header: cell for column, cell in cells if cell}
    return Item(f"Sheet {name.strip()}", fields=fields, place=place)


def _says_nothing(row: list[str], name: str) -> bool:
    """Whether the one cell of a row is the number of the row, or the name of the sheet."""
    cell = next(filter(None, row))
    return _is_row_number(cell) or normalise_letters(cell) == normalise_letters(name)


def _is_row_number(cell: str) -> bool:
    return cell.isdigit() and len(cell) < 5


def _fill_chat_cells(
    cells: list[tuple[Column, str]], columns: list[Column], chat: dict[str, str]
) -> list[tuple[Column, str]]:
    """Cells with those of the chat that stand in its first row only: what is said once counts for the rows below."""
    if not any(column.key in CHATS for column in columns):
        return cells
    here = {column.key: cell for column, cell in cells}
    number = next((here[key] for key in CHATS if key in here), "")
    if number and number != chat.get("#"):
        chat.clear()
        chat["#"] = number
    for key in ("participants", "source", "identifier", "name"):
        if key in here:
            chat[key] = here[key]
    more = [(column, chat[column.key]) for column in columns if column.key in chat and column.key not in here]
    return [*cells, *more]


def _parse_parties(cell: str) -> Iterator[Item]:
    """Parties of a cell, one per line: 'From: +31… Rosa', 'rosa@… Rosa Blum (owner)'."""
    for line in cell.split("\n"):
        text = line.strip()
        role = next((one for one in ROLES if text.casefold().startswith(one)), "")
        text = text[len(role) :].strip()
        own = text.casefold().endswith(OWNER)
        text = text[: -len(OWNER)].strip() if own else text
        if not text:
            continue
        first, _, rest = text.partition(" ")
        known = is_identifier(first)
        fields = {"Identifier": first if known else "", "Name": rest.strip() if known else text}
        fields.update(Role=role[:-1].capitalize()) if role else None
        fields.update(IsPhoneOwner="True") if own else None
        yield Item("Party", fields=fields)


def _parse_entries(cell: str) -> Iterator[Item]:
    """Entries of a contact or account: 'Phone-Mobile: +31…', 'User ID-WhatsApp User Id: 31…@s.whatsapp.net'."""
    for line in cell.split("\n"):
        match = ENTRY.fullmatch(line.strip())
        if match:
            kind = ENTRIES.get(match[1].strip().casefold(), "ContactEntry")
            yield Item(kind, fields={"Category": match[2].strip(), "Value": match[3].strip()})
        elif text := line.strip():
            yield Item(
                "PhoneNumber" if is_identifier(text) and "@" not in text else "ContactEntry", fields={"Value": text}
            )

"""Reader `mt940`: account statements in SWIFT's MT940 (and MT942), read field by field with the package mt-940.

Each entry is given to the package by itself, so that one it cannot read is one issue and not the end of the statement. Its :86:
field has no common form: the numbered fields of German banks ('?20purpose?32name') are read by the package, the words of Dutch
banks ('/NAME/…/REMI/…') and 'IBAN:' with its kin in `mt940_details`; anything else is the purpose as it stands. Fields of a
statement that have no place of their own follow as further lines. The package moves a day that February has not to its last
day: such dates are kept as written here, and told. It also takes as much of an amount as it understands and the rest for a
reference, so the amount is read here first: one that stands in another form than the standard's is given to it in that form
where it can be read for certain.

References
----------
SWIFT standards, MT940: fields 60a and 62a (1!a6!n3!a15d), field 61 (6!n[4!n]2a[1!a]15d1!a3!c16x[//16x][34x]).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.ingest.banking.mt940_details import find_side, parse_details
from workbench.ingest.banking.statement import Balance, Entry, Side, Statement
from workbench.ingest.banking.statement_rows import Said, list_rows
from workbench.ingest.reading.record_text import FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, detect_encoding, is_text, unify_line_ends
from workbench.ingest.reading.unread_words import select_unknown_lines
from workbench.ingest.tables.columns.cell_values import parse_number
from workbench.model.catalogue import Sentence, get_term
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row
from workbench.model.text.normalise import clean_text
from workbench.model.values.plausible_years import TWO_FIGURES, is_plausible

METHOD = "mt940"
VERSION = "7"
TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):")
ACCOUNT = re.compile(r"^:25[A-Z]?:", re.MULTILINE)
BALANCE = re.compile(r"^:(?:60[FM]|34F|28C?):", re.MULTILINE)
LONGEST = 10_000
ENTRY_LINE, ENTRY_LINES = 300, 2
"""Characters and lines of a field :61: that the package gets (it has 2 lines of 34); the rest is among the details."""

SHORTEST = 5
FIELD_LINES = 1_000
FAULTS = (RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)
"""What the package is known to raise on damaged fields."""

OPENING, CLOSING = ("60F", "60M"), ("62F", "62M")
ACCOUNTS = ("25", "25P")
OUTSIDE = re.compile(r"\{[1-5]:|-\}|\}$")
BANK = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?|[^\W\d_]{2,}|\d{3,9}")
"""A bank before the stroke of an account: BIC, letters alone, a number of up to nine figures."""
CURRENCY = re.compile(r"[A-Z]{3}")
IBAN_FORM = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}")
NONE = ("NONREF", "NOTPROVIDED", "")
VALUE_DAY = re.compile(r"\d{6}")
FIGURES = "([0-9][0-9.,' \u00a0\u202f]*|,[0-9]+)"
ENTRY_AMOUNT = re.compile(rf"(\d{{6}}(?:[\d ]{{4}})?R?[DC][A-Z]?\s?){FIGURES}(?=[NFS][A-Z0-9 ]{{3}})", re.IGNORECASE)
BALANCE_AMOUNT = re.compile(rf"([DC]\d{{6}}.{{3}}){FIGURES}$", re.IGNORECASE | re.MULTILINE)
"""What stands before an amount, the amount, and (of an entry) the type code that must follow it."""

STANDARD = re.compile(r"\d+,?\d*|,\d+")
MOST_SIGNS = 15


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the fields of an account statement in its first lines."""
    del source
    if not head.strip() or not is_text(head):
        return ""
    text = unify_line_ends(head.decode(detect_encoding(head), "replace"))
    if (":20:" in text) and ACCOUNT.search(text) and BALANCE.search(text):
        return Sentence("detected.swift")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Table per statement, a passage and a row of `transfers` per entry, Payment claims."""
    del options
    logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it logs the fields that it cannot read: case data
    lines = TextLines(source)
    yield from list_rows(source, read_statements(lines), METHOD, VERSION)
    yield from lines.issues


@dataclass(slots=True)
class Field:
    """A field of a message: its tag, its lines, and the number of the first."""

    line: int
    tag: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its content with line ends."""
        return "\n".join(self.lines)


def read_fields(lines: Iterator[tuple[int, str]]) -> Iterator[Field]:
    """Fields in order. Lines between messages (blocks of SWIFT, '-') belong to none."""
    held: Field | None = None
    for number, line in lines:
        text = line.rstrip()[:LONGEST]
        match = TAG.match(text)
        if not match and OUTSIDE.match(text):
            match = TAG.search(text, 0, 200)
            text = text[match.start() :] if match else "-"
            match = TAG.match(text)
        if match:
            if held:
                yield held
            held = Field(number, match[1], [text[match.end() :]])
        elif text.strip() == "-" or text.startswith("-}"):
            if held:
                yield held
            held = None
        elif held and len(held.lines) < FIELD_LINES:
            held.lines.append(text)
    if held:
        yield held


def read_statements(lines: TextLines) -> Iterator[Said]:
    """Statements, balances and entries in the order of the file."""
    message: list[Field] = []
    tally = FaultCounts()
    for one in read_fields(iter(lines)):
        if message and _begins_statement(one, message):
            yield from _parse_statement(message, tally)
            kept = [field for field in message if field.tag in ACCOUNTS] if one.tag in OPENING else []
            message = [Field(one.line, account.tag, account.lines) for account in kept]
        message.append(one)
    if message:
        yield from _parse_statement(message, tally)
    yield from tally.list_issues("")


def _begins_statement(one: Field, message: list[Field]) -> bool:
    """Whether a field begins another statement: a reference, or behind entries or a closing balance an account or another currency."""
    if one.tag == "20":
        return True
    if not any(field.tag in ("61", *CLOSING) for field in message):
        return False
    currencies = {_get_currency(field) for field in message if field.tag in OPENING}
    return one.tag in ACCOUNTS or (one.tag in OPENING and bool(currencies) and _get_currency(one) not in currencies)


def _get_currency(balance: Field) -> str:
    return balance.text[7:10]


def _find_account(message: list[Field], tally: FaultCounts, place: str) -> str:
    """The account of a message as it is written; of several different ones none, which is told."""
    found = list(dict.fromkeys(one.text.strip() for tag in ACCOUNTS for one in message if one.tag == tag))
    if len({_normalise_account(one.partition("\n")[0]) for one in found if one}) < 2:
        return found[0] if found else ""
    tally.add_several(":25:", found, place, "fix.compare.paper")
    return ""


def _parse_statement(message: list[Field], tally: FaultCounts) -> Iterator[Said]:
    """One message: its head, then its entries, each a field :61: with the :86: behind it."""
    tags = {one.tag: one for one in reversed(message)}
    opening = next((tags[tag] for tag in OPENING if tag in tags), None)
    number = next((tags[tag].text for tag in ("28C", "28") if tag in tags), "")
    currency = _get_currency(opening) if opening else ""
    place = f"statement, line {message[0].line}"
    account = _find_account(message, tally, place)
    entries, others = _split_fields(message)
    own = _parse_account(account, currency)
    _tell_part(account, tally, place)
    known = {clean_text(number), "-", own.account, f"{own.bank}/{own.account}", f"{own.account}{currency}"}
    more = select_unknown_lines(_list_raw_fields(others), tally, place, known)
    yield Statement(clean_text(number), own, currency, place=place, others=tuple(more))
    for one in others:
        if one.tag in (*OPENING, *CLOSING):
            yield from _parse_balance(one)
    for entry in entries:
        yield from _parse_entry(entry, currency, tally)


def _split_fields(message: list[Field]) -> tuple[list[list[Field]], list[Field]]:
    """Entries of a message, each with the fields that belong to it, and the fields outside them."""
    entries: list[list[Field]] = []
    others: list[Field] = []
    within = False
    for one in message:
        within = one.tag == "61" or (within and one.tag in ("86", "NS"))
        if one.tag == "61":
            entries.append([])
        (entries[-1] if within else others).append(one)
    return entries, others


def _list_raw_fields(fields: list[Field]) -> Iterator[Line]:
    """Fields as they stand."""
    return ((f"Field {one.tag}", one.text) for one in fields)


def _parse_account(text: str, currency: str) -> Side:
    """Account of field :25: without the bank before it or the currency behind: 'BIC/account', 'IBAN', 'IBANEUR'.

    What stands behind the stroke of anything but a bank is a part of the account and keeps it apart from others: '1234567890/01'.
    """
    whole = text.partition("\n")[0].strip()
    bank, _, account = map(str.strip, whole.partition("/"))
    if CURRENCY.fullmatch(account):
        whole, account = bank, ""
    if not account or not _is_bank(bank, account):
        bank, account = "", _normalise_account(whole)
    shorter = account.removesuffix(currency).strip() if currency else account
    return Side("", clean_text(shorter if len(shorter) > SHORTEST else account), bank)


def _is_bank(before: str, behind: str) -> bool:
    """Whether a bank stands before the stroke of an account, and the account behind it."""
    return len(behind) > len("EUR") and bool(BANK.fullmatch(before) or _is_iban(behind)) and not _is_iban(before)


def _normalise_account(whole: str) -> str:
    """An account as it is known: of an IBAN with a part behind it the IBAN, which other papers name."""
    before = whole.partition("/")[0].strip()
    return before if _is_iban(before) else whole


def _is_iban(text: str) -> bool:
    return IBAN_FORM.fullmatch(text.replace(" ", "")) is not None


def _tell_part(text: str, tally: FaultCounts, place: str) -> None:
    """Count an IBAN with a part of the account behind it: its entries are those of the IBAN."""
    before, _, part = map(str.strip, text.partition("\n")[0].partition("/"))
    if part and not CURRENCY.fullmatch(part) and _is_iban(before):
        said = Sentence("fault.account_part", account=quote_value(before), part=quote_value(part))
        tally.add("other-words", said, place, "fix.compare.paper")


def _parse_message(message: str) -> dict[str, object]:
    """Data of a message of a few fields, as the package reads it; of an entry those of the entry.

    Raises
    ------
    RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError
        If the package cannot read it.
    """
    from mt940.models import Transactions
    from mt940.options import Options

    found = Transactions(options=Options.all())
    found.parse(message)
    return dict(found.transactions[-1].data if found.transactions else found.data)


def _normalise_amount(text: str, form: re.Pattern[str]) -> str:
    """A field with its amount as the standard writes it.

    Raises
    ------
    ValueError
        If the amount does not end where the standard says, has too many digits, or cannot be read for certain.
    """
    match = form.match(text)
    written = match[2].strip() if match else ""
    amount = written if STANDARD.fullmatch(written) else parse_number(written).replace(".", ",")
    if match is None or not amount or len(amount) > MOST_SIGNS:
        raise ValueError("no amount that is certain")
    return f"{match[1]}{amount}{text[match.end() :]}"


def _parse_balance(one: Field) -> Iterator[Said]:
    try:
        data = _parse_message(f":20:X\n:{one.tag}:{_normalise_amount(one.text, BALANCE_AMOUNT)}\n")
        (balance,) = (value for key, value in data.items() if key.endswith("_balance"))
        amount = getattr(balance, "amount", None)
        value, coin = getattr(amount, "amount", None), str(getattr(amount, "currency", ""))
        if not isinstance(value, Decimal):
            raise ValueError("no amount")
    except FAULTS as error:
        yield _build_field_issue(one, "balance", error)
        return
    yield Balance(one.tag in OPENING, value, coin, str(getattr(balance, "date", "")))


def _parse_day(written: re.Match[str] | None, day: str, tally: FaultCounts, place: str) -> str:
    """A day as the package reads it; as written, and told, where the calendar has no such day."""
    is_odd = not is_plausible(day, TWO_FIGURES)
    if written is None or not day or (written[0] == day[2:].replace("-", "") and not is_odd):
        return day
    if is_odd:
        tally.add("bad-date", Sentence("fault.year", text=quote_value(written[0])), place)
        return written[0]
    tally.add("bad-date", Sentence("fault.no_date", text=quote_value(written[0])), place)
    return written[0]


def _parse_entry(entry: list[Field], currency: str, tally: FaultCounts) -> Iterator[Said]:
    first = entry[0]
    rest = [line[ENTRY_LINE:] for line in first.lines[:ENTRY_LINES] if line[ENTRY_LINE:]] + first.lines[ENTRY_LINES:]
    details = "\n".join([*rest, *(line for one in entry[1:] for line in one.lines)])
    head = "\n".join(line[:ENTRY_LINE] for line in first.lines[:ENTRY_LINES])
    balance = f":60F:C000101{currency or 'XXX'}0,\n"
    try:
        behind = "".join(f":{one.tag}:{one.text[:LONGEST]}\n" for one in entry[1:])
        data = _parse_message(f":20:X\n{balance}:61:{_normalise_amount(head, ENTRY_AMOUNT)}\n{behind}")
        amount = getattr(data.get("amount"), "amount", None)
        if not isinstance(amount, Decimal):
            raise ValueError("no amount")
    except FAULTS as error:
        yield _build_field_issue(first, "entry", error)
        yield Entry(
            f"line {first.line}",
            None,
            currency,
            "",
            Side(),
            has_direction=False,
            others=(("Entry", first.text), ("Details", details)),
        )
        return
    known = {
        key: clean_text(str(value)) for key, value in data.items() if value is not None and not key.startswith("amount")
    }
    day = known.get("date", "")
    known["date"] = _parse_day(VALUE_DAY.match(first.text), day, tally, f"line {first.line}")
    if not is_plausible(known.get("entry_date", ""), TWO_FIGURES):  # its year is that of the value date
        del known["entry_date"]
    yield _build_entry(first, details, known, amount, currency, tally)


def _build_entry(
    first: Field, details: str, known: Mapping[str, str], amount: Decimal, currency: str, tally: FaultCounts
) -> Entry:
    """The entry as the package and the words in its details tell it."""
    words = parse_details(details, is_incoming=amount >= 0)
    other = find_side(known, details, words)
    words.report(tally, f"line {first.line}")
    numbered = "posting_text" in known or "purpose" in known
    purpose = known.get("purpose", "") if numbered else words.get("REMI") or clean_text(details)
    references = (
        known.get("end_to_end_reference", ""), words.get("EREF"), known.get("customer_reference", ""),
        known.get("bank_reference", ""),
    )  # fmt: skip
    told = [one for one in references if one.upper() not in NONE]
    return Entry(
        f"line {first.line}",
        amount,
        currency,
        known.get("entry_date") or known.get("date", ""),
        other,
        value_date=known.get("date", ""),
        purpose=purpose,
        reference=told[0] if told else "",
        others=(
            ("Type", " ".join(filter(None, (known.get("id", ""), known.get("posting_text", ""))))),
            *(("Reference", one) for one in dict.fromkeys(told[1:]) if one != told[0]),
            ("Further text", known.get("extra_details", "")),
            ("Reversal", "of an earlier entry" if known.get("status", "").startswith("R") else ""),
            *((("Details", clean_text(details)),) if purpose != clean_text(details) else ()),
        ),
    )


def _build_field_issue(one: Field, what: str, error: Exception) -> Issue:
    del error
    return build_issue(
        "bad-row",
        Sentence("row.banking.field", tag=one.tag, record=get_term("record", what), text=repr(one.text[:80])),
        fix=Sentence("fix.compare.paper"),
        place=f"line {one.line}",
    )

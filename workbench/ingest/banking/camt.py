"""Reader `camt`: account statements in ISO 20022 XML, camt.053 in every version (and its kin camt.052 and camt.054).

An entry (Ntry) can stand for many transactions (TxDtls): where each has an amount in the currency of the account and they
add up to the entry, each becomes a row of its own; otherwise the entry is one row, with the details in its text. Whatever else
an entry or a statement says follows as further lines under the names of its elements; a party on the side of the holder of the
account that is not the holder is told. From an entry that does not tell whether it is credit or debit nobody is taken as payer
or beneficiary; that, and a date that is none, is told. An element of which an entry has one by the norm, and that has several
values, has none here: it is told, and they are saved as text.

References
----------
ISO 20022, Bank-to-Customer Cash Management; element names as in camt.053.001.02 to .13. In a reversal (RvslInd) the sign is
that of the entry, and debtor and creditor are those of the payment that is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.ingest.banking.statement import (
    Balance,
    Entry,
    Remark,
    Side,
    Statement,
    format_amount,
    is_day,
    parse_amount,
)
from workbench.ingest.banking.statement_rows import Said, list_rows
from workbench.ingest.reading.record_text import FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.reading.unread_words import Surplus, select_unknown_lines
from workbench.ingest.reading.xml_elements import Elements, Outline, Piece, get_local_name, list_texts
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.values.plausible_years import is_plausible

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

METHOD = "camt"
VERSION = "6"
ROOTS = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
WHOLE = frozenset({"Ntry", "Bal", "Acct", "FrToDt"})
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
REFERENCES = ("EndToEndId", "TxId", "AcctSvcrRef", "InstrId", "PmtInfId", "MsgId", "ChqNb", "MndtId")
NONE = ("NOTPROVIDED", "NONREF")
DETAILS = 20_000
NAMES = ("Nm", "Pty/Nm")
NUMBERS = ("IBAN", "Othr/Id")
SIDES = ("Dbtr", "Cdtr")
DAYS = ("Dt", "DtTm")
SINGLE = (("Amt",), ("CdtDbtInd",), ("AcctSvcrRef",))
OF_ENTRY = (
    *SINGLE, ("RvslInd",), ("Sts",), ("NtryRef",), *((f"{one}/{day}",) for one in ("BookgDt", "ValDt") for day in DAYS),
)  # fmt: skip
OF_TRANSACTION = (
    *SINGLE, ("AmtDtls/TxAmt/Amt",), *((f"Refs/{one}",) for one in REFERENCES),
    *(tuple(f"RltdPties/{side}/{name}" for name in NAMES) for side in (*SIDES, "UltmtDbtr", "UltmtCdtr")),
    *((f"RltdPties/{side}Acct/Id/{one}",) for side in SIDES for one in NUMBERS),
    *((f"RltdAgts/{side}Agt/FinInstnId/{one}",) for side in SIDES for one in ("BICFI", "BIC")),
)  # fmt: skip
OF_ACCOUNT = (*((f"Id/{one}",) for one in NUMBERS), ("Ownr/Nm",), ("Ccy",))
"""Paths of the values of which an entry, a transaction or an account has one at most."""
YES = ("true", "1")
SIGNS = ("CRDT", "DBIT")
CODES: dict[str, tuple[str, ...]] = {
    "CdtDbtInd": SIGNS, "RvslInd": (*YES, "false", "0"), "Sts": ("BOOK", "PDNG"), "Sts Cd": ("BOOK", "PDNG"),
}  # fmt: skip
"""Elements of an entry or a balance and the codes of which the row itself tells."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the namespace or root of a message to bank customers."""
    del source
    if b"<" not in head[:400] or not is_text(head):
        return ""
    text = head.decode(detect_encoding(head), "replace")
    return next((Sentence(f"detected.{root}") for root in ROOTS if f"{root}>" in text), "")


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Table per statement, a passage and a row of `transfers` per entry, Payment claims.

    Raises
    ------
    SourceError
        If the XML declares entities or a document type.
    """
    del options
    yield from list_rows(source, read_statements(source), METHOD, VERSION)


def read_statements(source: SourceFile) -> Iterator[Said]:
    """Statements, balances and entries in the order of the file."""
    reading = _Reading()
    with source.open() as file:
        elements = Elements(file, source.name, WHOLE)
        for piece in elements:
            yield from reading.handle_piece(piece)
    yield from reading.finish()
    if elements.problem:
        yield build_issue(
            "truncated",
            Sentence("row.cut.xml", error=elements.problem),
            fix=Sentence("fix.ask.statement"),
        )


@dataclass(slots=True)
class _Reading:
    """Where the reading stands: the head of a statement is told when its first entry, or its end, comes."""

    depth: int = 0
    open: bool = False
    number: str = ""
    currency: str = ""
    period: str = ""
    own: Side = field(default_factory=Side)
    accounts: list[Side] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    statements: int = 0
    entries: int = 0
    outline: Outline = field(default_factory=lambda: Outline(skip=2))
    more: Surplus = field(default_factory=Surplus)
    tally: FaultCounts = field(default_factory=FaultCounts)

    def handle_piece(self, piece: Piece) -> Iterator[Said]:
        """Take one piece of the file."""
        is_part = self.depth > 0 and piece.depth == self.depth + 1
        self.more.add(self.outline.list_texts(piece, whole=is_part and piece.name in WHOLE))
        if piece.name in STATEMENTS and (not self.depth or piece.depth == self.depth):
            if piece.begins:
                self._reset(piece.depth)
            else:
                yield from self.emit_statement_head()
                yield from self.list_remarks()
                self.depth = 0
        elif is_part and not piece.begins:
            yield from self._read_part(piece)

    def _reset(self, depth: int) -> None:
        self.depth, self.open = depth, True
        self.number = self.currency = self.period = ""
        self.own, self.accounts, self.balances, self.entries = Side(), [], [], 0
        self.statements += 1

    def _read_part(self, piece: Piece) -> Iterator[Said]:
        element = piece.element
        if piece.name == "Id":
            self.number = clean_text(element.text or "")
        elif piece.name == "Acct":
            yield from self._read_account(element)
        elif piece.name == "FrToDt":
            place = f"statement {self.statements}"
            days = (_get_text(element, name) or _get_text(element, f"{name}Tm") for name in ("FrDt", "ToDt"))
            self.period = " / ".join(filter(None, (_parse_day(day, self.tally, place) for day in days)))
            self.more.add(list_texts(element, ("FrToDt",)))
        elif piece.name == "Bal":
            yield from self._read_balance(element)
        elif piece.name == "Ntry":
            yield from self.emit_statement_head()
            self.entries += 1
            yield from _read_entries(element, self)

    def _read_account(self, element: Element) -> Iterator[Said]:
        """The account of the statement. Of two different ones none is that of the entries that follow."""
        self.more.add(list_texts(element, ("Acct",)))
        place = f"statement {self.statements}"
        _tell_values(element, OF_ACCOUNT, self.tally, place)
        found = _parse_account_side(element)
        if not self.accounts and self.open:
            self.own, self.currency, self.accounts = found, _get_text(element, "Ccy"), [found]
            return
        self.accounts = list(dict.fromkeys([*self.accounts, found]))
        if len(self.accounts) > 1:
            named = [one.account or one.name for one in self.accounts]
            self.tally.add_several("Acct", named, place)
            self.own, self.currency = Side(), ""
            if not self.open:
                self.open = True
                yield from self.emit_statement_head()

    def emit_statement_head(self) -> Iterator[Said]:
        """Tell the head of the statement and its balances so far, once."""
        if self.open:
            self.open = False
            place = f"statement {self.statements}"
            yield Statement(
                self.number, self.own, self.currency, self.period, place, tuple(self._list_other_lines(place))
            )
        yield from self.balances
        self.balances = []

    def _list_other_lines(self, place: str) -> list[Line]:
        own = self.own
        known = {self.number, own.name, own.account, own.bank, self.currency, *self.period.split(" / ")}
        return self.more.pop_unknown_lines(self.tally, place, known)

    def list_remarks(self) -> Iterator[Said]:
        """What the statement says after its first entry."""
        place = f"statement {self.statements}, further text"
        if self.statements and (lines := self._list_other_lines(place)):
            yield Remark(place, tuple(lines))

    def finish(self) -> Iterator[Said]:
        """The file is at its end."""
        yield from self.emit_statement_head()
        yield from self.list_remarks()
        yield from self.tally.list_issues("")

    def _read_balance(self, element: Element) -> Iterator[Said]:
        code = _get_text(element, "Tp/CdOrPrtry/Cd")
        amount = _read_amount(element)
        place = f"statement {self.statements}"
        _tell_minus([element], self.tally, place)
        if not _has_direction(element):
            said = Sentence("fault.balance_direction", sign=quote_value(_get_text(element, "CdtDbtInd")))
            self.tally.add("direction-unknown", said, place, "fix.compare.paper")
        day = _read_date(element, "Dt", self.tally, place)
        if amount is not None and code in (*OPENING, *CLOSING) and _has_direction(element):
            balance = Balance(code in OPENING, amount, _read_currency(element), day)
            self.balances.append(balance)
            known = {code, _get_text(element, "Amt"), balance.currency, balance.date}
            self.more.add((name, text) for name, text in _list_other_texts(element) if clean_text(text) not in known)
        else:
            self.more.add(list_texts(element, ("Bal",)))
        if amount is None:
            yield build_issue("bad-row", Sentence("row.banking.balance", text=repr(_get_text(element, "Amt")[:60])))
        if not self.open:
            yield from self.emit_statement_head()


def _read_entries(element: Element, reading: _Reading) -> Iterator[Said]:
    """Rows of one entry: one per transaction where they add up, otherwise one."""
    amount = _read_amount(element)
    details = [one for group in _list_children(element, "NtryDtls") for one in _list_children(group, "TxDtls")][
        :DETAILS
    ]
    parts = [_read_part_amount(one, element) for one in details]
    told = [part for part in parts if part is not None] if None not in parts else []
    split = len(told) > 1 and sum(told, Decimal(0)) == amount
    place = f"statement {reading.statements}, entry {reading.entries}"
    for one, listed in ((element, OF_ENTRY), *((detail, OF_TRANSACTION) for detail in details)):
        _tell_values(one, listed, reading.tally, place)
    if told and amount is not None and sum(told, Decimal(0)) != amount and not _explains_charges(element, details):
        _tell_sum(sum(told, Decimal(0)), amount, _read_currency(element), reading.tally, place)
    _tell_minus([element, *details], reading.tally, place)
    _tell_direction([element, *(one for one in details if _get_text(one, "CdtDbtInd"))], reading.tally, place)
    if not split:
        yield _add_remaining_texts(_build_entry(element, details, amount, reading, place), element, details, reading)
        return
    for number, (one, part) in enumerate(zip(details, parts, strict=True), 1):
        entry = _build_entry(element, [one], part, reading, f"{place}, transaction {number}")
        yield _add_remaining_texts(entry, element if number == 1 else None, [one], reading, frozenset(details))


def _tell_values(one: Element, listed: Iterable[tuple[str, ...]], tally: FaultCounts, place: str) -> None:
    """Count paths at which there are several values where the norm has one."""
    for paths in listed:
        found = _list_values(one, *paths) if paths != ("Amt",) else _list_amounts(one)
        if len(found) > 1:
            tally.add_several(paths[0].replace("/", " "), found, place)


def _list_amounts(element: Element) -> list[str]:
    """The different amounts of an element, each with its currency."""
    found = _list_elements(element, "Amt")
    return list(dict.fromkeys(text for one in found for text in _list_amount_texts(one)))


def _list_amount_texts(one: Element) -> Iterator[str]:
    return (f"{text.strip()} {one.get('Ccy', '')}".strip() for text in one.itertext() if text.strip())


def _explains_charges(element: Element, details: list[Element]) -> bool:
    """Whether charges may be what the only transaction of an entry differs by: it goes the same way, and has some."""
    if len(details) != 1 or _is_turned(element, details):
        return False
    return any(_list_children(one, "Chrgs") for one in (element, *details))


def _is_turned(element: Element, details: list[Element]) -> bool:
    """Whether the only transaction of an entry goes the other way than the entry."""
    ways = {way for one in (element, *details) if (way := _get_text(one, "CdtDbtInd"))}
    return len(details) == 1 and len(ways) > 1


def _tell_sum(total: Decimal, amount: Decimal, currency: str, tally: FaultCounts, place: str) -> None:
    """Count an entry whose transactions come to another amount than its own."""
    said = {
        "sum": f"{format_amount(total)} {currency}".strip(),
        "amount": f"{format_amount(amount)} {currency}".strip(),
    }
    tally.add("balance", Sentence("fault.parts", **said), place, "fix.compare.paper")


def _tell_minus(found: list[Element], tally: FaultCounts, place: str) -> None:
    """Count amounts with a minus of their own: the norm has none, for credit or debit tells which way they went."""
    for one in found:
        if (amount := _get_text(one, "Amt")).startswith("-"):
            said = Sentence(
                "fault.amount_sign", amount=quote_value(amount), sign=quote_value(_get_text(one, "CdtDbtInd"))
            )
            tally.add("bad-row", said, place, "fix.compare.paper")


def _tell_direction(found: list[Element], tally: FaultCounts, place: str) -> None:
    """Count entries and transactions that do not tell whether they are credit or debit."""
    for one in found:
        if not _has_direction(one):
            said = Sentence("fault.direction", sign=quote_value(_get_text(one, "CdtDbtInd")))
            tally.add("direction-unknown", said, place, "fix.compare.paper")


def _add_remaining_texts(
    entry: Entry,
    element: Element | None,
    details: list[Element],
    reading: _Reading,
    passed: frozenset[Element] = frozenset(),
) -> Entry:
    """The entry with whatever else its element and its only transaction say; transactions `passed` say it elsewhere."""
    found = list(_list_other_texts(element, passed or frozenset(details))) if element is not None else []
    if len(details) == 1:
        found += list_texts(details[0])
    return replace(
        entry,
        others=(
            *entry.others,
            *select_unknown_lines(
                found, reading.tally, entry.place, _collect_known_values(entry, details, reading.own)
            ),
        ),
    )


def _list_other_texts(element: Element, passed: frozenset[Element] = frozenset()) -> Iterator[Line]:
    """Texts of an entry or a balance but the codes that its row tells."""
    return (
        (name, text)
        for name, text in list_texts(element, (), passed)
        if text.strip() not in CODES.get(name, ()) or len(_list_children(element, name.partition(" ")[0])) > 1
    )


def _collect_known_values(entry: Entry, details: list[Element], own: Side) -> set[str]:
    """Values that stand in the lines of an entry."""
    amount = "" if entry.amount is None else format_amount(abs(entry.amount))
    sides = [value for side in (entry.other, own) for value in (side.name, side.account, side.bank)]
    parts = [part for one in details[:1] for part in _list_remittance_lines(one)]
    told = [value for _, value in entry.others]
    codes = [word for label, value in entry.others if label == "Code" for word in value.split(" ")]
    head = [amount, entry.currency, entry.date, entry.value_date, entry.purpose, entry.reference]
    return {*head, *sides, *parts, *told, *codes, *NONE, ""}


def _build_entry(
    element: Element, details: list[Element], amount: Decimal | None, reading: _Reading, place: str
) -> Entry:
    one = details[0] if len(details) == 1 else None
    source = element if one is None else one
    incoming = (amount is None or amount >= 0) ^ _is_reversal(element)
    has_direction = (
        _has_direction(element) and len(_list_values(element, "RvslInd")) < 2 and not _is_turned(element, details)
    )
    other, near = _read_sides(one if has_direction else None, reading.own, incoming=incoming)
    _tell_side(near, reading, place)
    booked, status = _read_status(element, reading.tally, place)
    references = [(name, _get_text(source, f"Refs/{name}")) for name in REFERENCES]
    references += [(name, _get_text(element, name)) for name in ("AcctSvcrRef", "NtryRef")]
    told = [(name, value) for name, value in references if value and value not in NONE]
    value_date = _read_date(element, "ValDt", reading.tally, place)
    booking_date = _read_date(element, "BookgDt", reading.tally, place)
    return Entry(
        place,
        amount,
        _read_currency(element),
        booking_date if _list_values(element, *(f"BookgDt/{one}" for one in DAYS)) else value_date,
        other,
        value_date=value_date,
        purpose=_read_purpose(source) or clean_text(_get_text(element, "AddtlNtryInf")),
        reference=told[0][1] if told else "",
        has_direction=has_direction,
        booked=booked,
        status=status,
        others=(*told[1:], *_list_other_facts(element, details if one is None else [], one)),
    )


def _read_status(element: Element, tally: FaultCounts, place: str) -> tuple[bool, str]:
    """Whether an entry is booked, and its status where that is no code of the norm, which is counted."""
    found = _list_values(element, "Sts")
    own = [text for text in _list_values(element, "Sts/Prtry") if text.upper() not in ("BOOK", "BOOKED")]
    if own:
        tally.add("other-words", Sentence("fault.entry_status", status=quote_value(own[0])), place, "fix.compare.paper")
        return False, f"not booked: {own[0]}"
    return not found or {text.upper() for text in found} <= {"BOOK", "BOOKED"}, ""


def _list_other_facts(element: Element, details: list[Element], one: Element | None) -> Iterator[tuple[str, str]]:
    """What is left: codes, further texts, ultimate parties, and the transactions of an entry that is not parted."""
    codes = [
        _get_text(element, f"BkTxCd/{path}") for path in ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd", "Prtry/Cd")
    ]
    yield "Code", " ".join(filter(None, codes))
    if _is_reversal(element):
        yield "Reversal", "of an earlier entry"
    yield "Bank's text", clean_text(_get_text(element, "AddtlNtryInf"))
    for label, tag in (("Ultimate debtor", "UltmtDbtr"), ("Ultimate creditor", "UltmtCdtr")):
        if one is not None:
            yield label, _get_text(one, *(f"RltdPties/{tag}/{path}" for path in NAMES))
    if one is not None:
        yield "Reason of return", _get_text(one, "RtrInf/Rsn/Cd")
        yield "Further text", clean_text(_get_text(one, "AddtlTxInf"))
    for number, detail in enumerate(details, 1):
        words = " ".join(" ".join(text for _, text in list_texts(detail)).split())
        yield f"Transaction {number}", words


def _is_reversal(element: Element) -> bool:
    return _get_text(element, "RvslInd").lower() in YES


def _read_sides(one: Element | None, own: Side, *, incoming: bool) -> tuple[Side, Side]:
    """The other side of a transaction (the debtor of what came in, the creditor of what went out), and that of the holder."""
    if one is None:
        return Side(), Side()
    found = [_read_party(one, "Dbtr"), _read_party(one, "Cdtr")]
    first, second = found if incoming else found[::-1]
    same = own.account and _normalise_account(first.account) == _normalise_account(own.account)
    return (second, first) if same and second.is_known else (first, second)


def _tell_side(near: Side, reading: _Reading, place: str) -> None:
    """Count a party on the side of the holder that has another name, or another account, than the holder."""
    own = reading.own
    named = own.name and near.name and normalise_name(near.name) != normalise_name(own.name)
    numbered = own.account and near.account and _normalise_account(near.account) != _normalise_account(own.account)
    if named or numbered:
        said, holder = (near.name, own.name) if named else (near.account, own.account)
        what = Sentence("fault.account_side", name=quote_value(said), holder=quote_value(holder))
        reading.tally.add("other-words", what, place, "fix.compare.paper")


def _read_party(one: Element, role: str) -> Side:
    name = _get_text(one, *(f"RltdPties/{role}/{path}" for path in NAMES))
    agent = f"RltdAgts/{role}Agt/FinInstnId"
    account = _read_account(one, f"RltdPties/{role}Acct")
    return Side(clean_text(name), account, _get_text(one, f"{agent}/BICFI") or _get_text(one, f"{agent}/BIC"))


def _parse_account_side(element: Element) -> Side:
    bank = _get_text(element, "Svcr/FinInstnId/BICFI") or _get_text(element, "Svcr/FinInstnId/BIC")
    return Side(clean_text(_get_text(element, "Ownr/Nm")), _read_account(element, ""), bank)


def _read_account(element: Element, path: str) -> str:
    start = f"{path}/" if path else ""
    return clean_text(_get_text(element, f"{start}Id/IBAN") or _get_text(element, f"{start}Id/Othr/Id"))


def _read_purpose(one: Element) -> str:
    """What the payment is for: unstructured lines, and the reference of the creditor."""
    return " ".join(filter(None, _list_remittance_lines(one)))


def _list_remittance_lines(one: Element) -> list[str]:
    remittance = next(_list_elements(one, "RmtInf"), None)
    if remittance is None:
        return []
    lines = [clean_text(part.text or "") for part in _list_children(remittance, "Ustrd")]
    return lines + [clean_text(_get_text(part, "CdtrRefInf/Ref")) for part in _list_children(remittance, "Strd")]


def _read_amount(element: Element) -> Decimal | None:
    """Amount with the sign that debit and credit give it."""
    found = parse_amount(_get_text(element, "Amt"))
    return -found if found is not None and _get_text(element, "CdtDbtInd") == "DBIT" else found


def _has_direction(element: Element) -> bool:
    """Whether an entry or a balance tells that it is credit or debit."""
    return _get_text(element, "CdtDbtInd") in SIGNS


def _read_part_amount(one: Element, entry: Element) -> Decimal | None:
    """Amount of a transaction in the currency of its entry, None where it has none."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        found = {part.get("Ccy", "") for part in _list_elements(one, path)}
        if found == {_read_currency(entry)}:
            amount = parse_amount(_get_text(one, path))
            sign = _get_text(one, "CdtDbtInd") or _get_text(entry, "CdtDbtInd")
            if sign not in SIGNS:
                return None
            return -amount if amount is not None and sign == "DBIT" else amount
    return None


def _read_currency(element: Element) -> str:
    found = {one.get("Ccy", "") for one in _list_elements(element, "Amt")}
    return found.pop()[:8] if len(found) == 1 else ""


def _read_date(element: Element, name: str, tally: FaultCounts, place: str) -> str:
    """Day or time of an element; '' of one that no calendar has, which is counted."""
    return _parse_day(_get_written_date(element, name), tally, place)


def _get_written_date(element: Element, name: str) -> str:
    return _get_text(element, f"{name}/Dt") or _get_text(element, f"{name}/DtTm")


def _parse_day(written: str, tally: FaultCounts, place: str) -> str:
    if not written or is_day(written):
        return written
    fault = "fault.no_date" if is_plausible(written) else "fault.year"
    tally.add("bad-date", Sentence(fault, text=quote_value(written)), place)
    return ""


def _get_text(element: Element, *paths: str) -> str:
    """The value at one of several paths; '' where there is none, or more than one."""
    found = _list_values(element, *paths)
    return found[0] if len(found) == 1 else ""


def _list_values(element: Element, *paths: str) -> list[str]:
    """The different values at paths; an element within a value parts it in two."""
    texts = (text.strip() for path in paths for one in _list_elements(element, path) for text in one.itertext())
    return list(dict.fromkeys(filter(None, texts)))


def _list_elements(element: Element, path: str) -> Iterator[Element]:
    """Elements at a path of names, whatever namespace they have."""
    name, _, rest = path.partition("/")
    for child in element:
        if get_local_name(child.tag) == name:
            yield from _list_elements(child, rest) if rest else (child,)


def _list_children(element: Element, name: str) -> list[Element]:
    return [child for child in element if get_local_name(child.tag) == name]


def _normalise_account(account: str) -> str:
    return account.replace(" ", "").upper()

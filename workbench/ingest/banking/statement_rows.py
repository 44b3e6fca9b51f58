"""From statements to rows: a document per statement, a row of `transfers` and a Payment per entry, and the sum checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain

from workbench.ingest.banking.statement import Balance, Entry, Remark, Side, Statement, format_amount, is_day
from workbench.ingest.reading.bulk_batches import Batches
from workbench.ingest.reading.record_text import Entries, FaultCounts, quote_value
from workbench.ingest.reading.record_text import Entry as Written
from workbench.ingest.reading.source import SourceFile
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Batch, Claim, Issue, Row
from workbench.model.text.normalise import clean_text, normalise_name

PAYMENTS = 5_000
"""Payments per file that are claimed one by one; all are rows of `transfers`, can be searched and read."""

CENT = Decimal("0.01")
MOST = Decimal(10) ** 16
HOLDER = "holder of the account"
NAMED = "named in a payment"
ANNOUNCED = "announced, not booked"
Said = Statement | Balance | Entry | Remark | Issue


def list_rows(source: SourceFile, said: Iterable[Said], method: str, version: str) -> Iterator[Row]:
    """Rows of what a reader found, in its order. A file without a statement is empty."""
    book = _StatementWriter(source, method, version)
    for one in said:
        if isinstance(one, Statement):
            yield from book.open(one)
        elif isinstance(one, Balance):
            book.balances.append(one)
        elif isinstance(one, Entry):
            yield from book.list_entry_rows(one)
        elif isinstance(one, Remark):
            yield from book.pages.add_entry(one.place, one.lines).rows
        else:
            yield one
    yield from book.close()
    yield from book.finish()


class _StatementWriter:
    """The statement that is being written, and what is counted for the file."""

    def __init__(self, source: SourceFile, method: str, version: str) -> None:
        self.source, self.method, self.version = source, method, version
        self.batches = Batches("transfers")
        self.statement: Statement | None = None
        self.pages = Entries(source, method, version)
        self.balances: list[Balance] = []
        self.sum = Decimal(0)
        self.count = self.entries = self.claimed = self.unread = self.rounded = 0
        self.told: set[tuple[str, ...]] = set()
        self.account = ""

    def open(self, statement: Statement) -> Iterator[Row]:
        """A new statement: its document, and whose account it is of."""
        yield from self.close()
        self.count += 1
        self.statement, self.balances, self.sum, self.entries, self.unread = statement, [], Decimal(0), 0, 0
        self.pages = Entries(self.source, self.method, self.version, key=("statement", str(self.count)))
        own = statement.own
        named = " ".join(filter(None, (statement.number and f"statement {statement.number}", own.account, own.name)))
        yield self.pages.build_document(
            f"{self.source.name}: {named or 'statement'}", statement.period.rpartition(" / ")[2]
        )
        written = self.pages.add_entry(
            statement.place or f"statement {self.count}",
            [
                ("Statement", statement.number), ("Account", own.account), ("Holder", own.name), ("Bank", own.bank),
                ("Currency", statement.currency), ("Period", statement.period), *statement.others,
            ],
        )  # fmt: skip
        yield from written.rows
        self.account = identifiers.build_bank_account_key(own.account).entity_id if own.account else ""
        yield from self._claim_account(written, own, "Account")
        if self.account and statement.currency:
            yield written.build_claim("BankAccount", self.account, "currency", statement.currency, label="Currency")
        if own.name and self.account:
            yield from self._claim_ownership(written, own, "Holder")

    def list_entry_rows(self, entry: Entry) -> Iterator[Row]:
        """One entry: trace, passage, row and claims."""
        if self.statement is None:
            yield from self.open(Statement("", Side()))
        self.entries += 1
        payer, payee = self._resolve_sides(entry)
        written = self.pages.add_entry(entry.place, _list_lines(entry, payer, payee))
        yield from written.rows
        if entry.amount is None:
            self.unread += 1
            return
        if entry.booked and entry.has_direction:
            self.sum += entry.amount
        yield from self._add_row(entry, payer, payee)
        if self.claimed < PAYMENTS:
            self.claimed += 1
            yield from self._claim_payment(written, entry, payer, payee)

    def _resolve_sides(self, entry: Entry) -> tuple[Side, Side]:
        """Payer and beneficiary of an entry; nobody where it does not tell which way the money went."""
        if not entry.has_direction:
            return Side(), Side()
        own = self.statement.own if self.statement else Side()
        incoming = entry.amount is None or entry.amount >= 0
        return (entry.other, own) if incoming else (own, entry.other)

    def _add_row(self, entry: Entry, payer: Side, payee: Side) -> Iterator[Batch]:
        amount = abs(entry.amount or Decimal(0))
        rounded = amount.quantize(CENT, ROUND_HALF_EVEN)
        self.rounded += rounded != amount
        if rounded >= MOST:
            self.unread += 1
            return
        yield from self.batches.add({
            "document_id": self.pages.document_id, "row": self.entries, "date": entry.date, "amount": rounded,
            "currency": entry.currency, "payer_account": _normalise_number(payer), "payer": payer.name,
            "beneficiary_account": _normalise_number(payee), "beneficiary": payee.name, "purpose": entry.purpose,
            "reference": entry.reference,
        })  # fmt: skip

    def _claim_payment(self, written: Written, entry: Entry, payer: Side, payee: Side) -> Iterator[Claim]:
        """Claims of one Payment and of the other side."""
        payment = build_entity_id("Payment", self.pages.document_id, str(self.entries))
        if is_day(entry.date):
            yield written.build_claim("Payment", payment, "date", entry.date, label="Date")
        amount = abs(entry.amount or Decimal(0))
        yield written.build_claim("Payment", payment, "amount", format_amount(amount), label="Amount")
        told = {"currency": entry.currency, "purpose": entry.purpose, "transactionNumber": entry.reference}
        for (prop, value), label in zip(told.items(), ("Amount", "Purpose", "Reference"), strict=True):
            if value:
                yield written.build_claim("Payment", payment, prop, value, label=label)
        if not entry.booked:
            yield written.build_claim("Payment", payment, "description", entry.status or ANNOUNCED, label="Status")
        for side, end in ((payer, "payer"), (payee, "beneficiary")):
            account = identifiers.build_bank_account_key(side.account).entity_id if side.account else ""
            if found := self._get_party_id(side) if side.name else account:
                yield written.build_claim("Payment", payment, end, found)
            if account:
                yield written.build_claim("Payment", payment, f"{end}Account", account)
        yield from self._claim_other_side(written, entry.other, "Payer" if payer is entry.other else "Beneficiary")

    def _claim_other_side(self, written: Written, side: Side, label: str) -> Iterator[Claim]:
        """What the entry says of the other side; each once per file."""
        if (side.name, side.account, side.bank) in self.told or not side.is_known:
            return
        self.told.add((side.name, side.account, side.bank))
        yield from self._claim_account(written, side, f"{label} account")
        if side.name:
            party = self._get_party_id(side)
            yield written.build_claim("LegalEntity", party, "name", side.name, label=label)
            if side.account:
                yield from written.claim_attribution(
                    party, identifiers.build_bank_account_key(side.account).entity_id, NAMED
                )

    def _claim_account(self, written: Written, side: Side, label: str) -> Iterator[Claim]:
        if not side.account:
            return
        key = identifiers.build_bank_account_key(side.account)
        prop = "iban" if is_iban(key.value) else "accountNumber"
        yield written.build_claim("BankAccount", key.entity_id, prop, key.value, side.account, label)
        if side.bank:
            yield written.build_claim(
                "BankAccount",
                key.entity_id,
                "bic",
                side.bank,
                label="Bank" if label == "Account" else f"{label.removesuffix(' account')} bank",
            )

    def _claim_ownership(self, written: Written, own: Side, label: str) -> Iterator[Claim]:
        """That the holder owns the account: the bank says so, for it keeps the account."""
        party = self._get_party_id(own)
        yield written.build_claim("LegalEntity", party, "name", own.name, label=label)
        ends = {"owner": party, "asset": self.account, "role": HOLDER}
        yield from written.link("Ownership", identifiers.build_link_id("Ownership", party, self.account), ends)

    def _get_party_id(self, side: Side) -> str:
        """Id of a party: one name at one account is one party everywhere, a name alone is one within the file."""
        scope = identifiers.build_bank_account_key(side.account).value if side.account else self.source.sha256
        return build_entity_id("LegalEntity", normalise_name(side.name) or clean_text(side.name), scope)

    def close(self) -> Iterator[Row]:
        """The end of a statement, and whether it adds up."""
        statement, self.statement = self.statement, None
        if statement is None:
            return
        place = statement.place or f"statement {self.count}"
        if self.unread:
            message = Sentence("row.banking.entries", count=self.unread, whole=self.entries)
            yield build_issue("bad-row", message, document_id=self.pages.document_id, place=place)
        if found := self._describe_difference():
            fix = Sentence("fix.ask.complete")
            yield build_issue("balance", found, fix=fix, document_id=self.pages.document_id, place=place)

    def _describe_difference(self) -> str:
        """What does not add up, in words; '' where it does, or where a balance is missing."""
        opening = next((one for one in self.balances if one.opens), None)
        closing = next((one for one in reversed(self.balances) if not one.opens), None)
        if opening is None or closing is None:
            return ""
        if opening.currency != closing.currency:
            told = {"opening": quote_value(opening.currency), "closing": quote_value(closing.currency)}
            return Sentence("row.banking.currencies", **told)
        missing = closing.amount - opening.amount - self.sum
        if not missing:
            return ""
        coin = f" {opening.currency}" if opening.currency else ""
        amounts = {"opening": opening.amount, "sum": self.sum, "closing": closing.amount, "missing": missing}
        told = {name: f"{format_amount(amount)}{coin}" for name, amount in amounts.items()}
        return Sentence("row.banking.sum", count=self.entries, **told)

    def finish(self) -> Iterator[Row]:
        """What is said once per file."""
        yield from self.batches.finish()
        if self.rounded:
            message = Sentence("row.banking.rounded", count=self.rounded)
            yield build_issue("bad-row", message, fix=Sentence("fix.amounts"))
        if not self.count:
            pages = Entries(self.source, self.method, self.version)
            yield pages.build_document(self.source.name)
            yield from pages.finish(FaultCounts(), "statement")


def _list_lines(entry: Entry, payer: Side, payee: Side) -> Iterator[tuple[str, str]]:
    amount = f"{format_amount(entry.amount)} {entry.currency}".strip() if entry.amount is not None else ""
    return chain(
        [
            ("Date", entry.date), ("Value date", entry.value_date), ("Amount", amount), ("Payer", payer.name),
            ("Payer account", payer.account), ("Payer bank", payer.bank), ("Beneficiary", payee.name),
            ("Beneficiary account", payee.account), ("Beneficiary bank", payee.bank), ("Purpose", entry.purpose),
            ("Reference", entry.reference), ("Status", "" if entry.booked else entry.status or ANNOUNCED),
        ],
        entry.others,
    )  # fmt: skip


def _normalise_number(side: Side) -> str:
    return identifiers.build_bank_account_key(side.account).value if side.account else ""


def is_iban(value: str) -> bool:
    """Whether an account number is an IBAN with a right check number."""
    from stdnum import iban

    return value[:2].isalpha() and bool(iban.is_valid(value, check_country=False))

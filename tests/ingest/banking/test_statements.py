from __future__ import annotations

import random
import re
import string
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from tests.ingest.banking.writer import OWN, Account, Line, camt, swift
from tests.ingest.claimed import of, values
from tests.ingest.test_faults import mutated, survives
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.banking import statement_rows
from workbench.ingest.reading import unread_words
from workbench.model import schema
from workbench.model.identifiers import build_bank_account_key
from workbench.model.rows import Batch, Claim, Document, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

ROSA = "NL02RABO0123456789"
PAIR = Account([
    Line(Decimal("25.50"), "Rosa Blum", ROSA, "rent july"),
    Line(Decimal("-10.00"), "Bee & Co", "12345678", "tea <b>"),
])  # fmt: skip


def statement(text: str | bytes, name: str = "statement.xml") -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, name, text.encode() if isinstance(text, str) else text)


def moved(rows: Iterable[Row]) -> list[dict[str, object]]:
    return [row for batch in of(Batch, rows) for row in batch.rows.to_pylist()]


def codes(rows: Iterable[Row]) -> list[str]:
    return [row.code for row in of(Issue, rows)]


@pytest.mark.parametrize(
    ("version", "agent"), [("001.02", "BIC"), ("001.04", "BICFI"), ("001.08", "BICFI"), ("001.13", "BICFI")]
)
def test_camt_in_every_version(version: str, agent: str) -> None:
    file = statement(camt(PAIR, version=version, agent=agent))
    assert detect(file).reader == "camt"
    rows = list(read(file))
    assert codes(rows) == []
    first, second = moved(rows)
    assert (first["payer"], first["payer_account"], first["beneficiary_account"]) == ("Rosa Blum", ROSA, OWN)
    assert (first["amount"], first["currency"], first["date"]) == (Decimal("25.50"), "EUR", "2022-07-13")
    assert (second["payer"], second["beneficiary"], second["amount"]) == ("Harbour Trading", "Bee & Co", Decimal(10))
    assert second["purpose"] == "tea <b>"
    assert values(rows, "Payment", "amount") == {"25.50", "10.00"}
    assert values(rows, "BankAccount", "bic") == {"ABNANL2A", "INGBNL2A"}
    assert values(rows, "Payment", "payerAccount") == {
        build_bank_account_key(ROSA).entity_id,
        build_bank_account_key(OWN).entity_id,
    }
    assert values(rows, "Ownership", "asset") == {build_bank_account_key(OWN).entity_id}
    assert of(Document, rows)[0].title == "statement.xml: statement 7 NL91ABNA0417164300 Harbour Trading"
    assert [t.place for t in of(Trace, rows)] == ["statement 1", "statement 1, entry 1", "statement 1, entry 2"]
    for claim in of(Claim, rows):
        schema.check_schema(claim.schema, claim.prop)


def test_values_are_marked_in_the_text() -> None:
    rows = list(read(statement(camt(PAIR))))
    texts = {p.id: p.text for p in of(Passage, rows)}
    marked = [(c, texts[c.passage_id][c.start : c.end]) for c in of(Claim, rows) if c.start >= 0]
    assert {c.prop for c, _ in marked} >= {"date", "amount", "purpose", "name", "iban", "transactionNumber"}
    assert all(text == (c.original_value or c.value) for c, text in marked)


@pytest.mark.parametrize("form", ["words", "numbers"])
def test_mt940_with_structured_details(form: str) -> None:
    file = statement(swift(PAIR, form=form), "x.sta")
    assert detect(file).reader == "mt940"
    rows = list(read(file))
    assert codes(rows) == []
    first, second = moved(rows)
    assert (first["payer"], first["payer_account"], first["purpose"], first["reference"]) == (
        "Rosa Blum", ROSA, "rent july", "E2E-1",
    )  # fmt: skip
    assert (second["payer_account"], second["beneficiary"], second["amount"]) == (OWN, "Bee & Co", Decimal(10))
    assert [t.place for t in of(Trace, rows)] == ["statement, line 1", "line 5", "line 8"]


def test_mt940_of_other_banks() -> None:
    text = """{1:F01ABNANL2AXXXX0000000000}{2:O9400000N}{4:
:20:940S220713
:25:ABNANL2A/0417164300
:28C:1/1
:60F:C220712EUR1000,00
:61:2207130713RC5,25NTRFREF1//BANK9
extra
:86:/CNTP/NL32INGB0000012345/INGBNL2A/Rosa Blum///REMI/USTD//Invoice 5/
:61:220713D1,NMSCNONREF
:86:Paid in the shop IBAN: NL02RABO0123456789 thanks
:62F:C220713EUR993,75
-}
"""
    rows = list(read(statement(text, "x.txt")))
    assert codes(rows) == ["other-words"]
    first, second = moved(rows)
    assert (first["beneficiary"], first["beneficiary_account"], first["amount"]) == (
        "Rosa Blum", "NL32INGB0000012345", Decimal("5.25"),
    )  # fmt: skip
    assert (first["payer_account"], first["reference"]) == ("0417164300", "REF1")
    assert second["beneficiary_account"] == ""
    assert second["purpose"] == f"Paid in the shop IBAN: {ROSA} thanks"


def test_a_statement_that_does_not_add_up_is_told() -> None:
    wrong = Account(PAIR.lines, missing=Decimal("3.10"))
    for file in (statement(camt(wrong)), statement(swift(wrong), "x.sta")):
        (found,) = of(Issue, read(file))
        assert found.code == "balance"
        assert (
            "The opening balance is 100.00 EUR, the sum of the entries is 15.50 EUR (entries: 2), and the closing balance is 118.60 EUR. "
            "The difference of 3.10 EUR" in found.message
        )


def test_several_statements_are_several_documents() -> None:
    second = Account([Line(Decimal(1), "A", ROSA)], Decimal(-5), number="8")
    for file in (statement(camt(PAIR, second)), statement(swift(PAIR, second), "x.sta")):
        rows = list(read(file))
        assert len(of(Document, rows)) == 2
        assert [row["row"] for row in moved(rows)] == [1, 2, 1]
        assert codes(rows) == []


def test_announced_entries_do_not_count() -> None:
    text = camt(PAIR).replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>", 1).replace('"EUR">115.50', '"EUR">90.00')
    rows = list(read(statement(text)))
    assert codes(rows) == []
    assert values(rows, "Payment", "description") == {"announced, not booked"}


def test_an_entry_of_many_transactions_is_parted_where_they_add_up() -> None:
    def detail(amount: str, name: str) -> str:
        return (
            f'<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls><RltdPties><Cdtr><Nm>{name}</Nm></Cdtr>'
            f"</RltdPties></TxDtls>"
        )

    def text(*amounts: str) -> str:
        details = "".join(detail(amount, f"Name {n}") for n, amount in enumerate(amounts))
        start, end = camt(Account([Line(Decimal("-30.00"))])).split("<NtryDtls>")
        return f"{start}<NtryDtls>{details}{end[end.index('</NtryDtls>') :]}"

    parted = list(read(statement(text("10.00", "20.00"))))
    assert [(row["beneficiary"], row["amount"]) for row in moved(parted)] == [
        ("Name 0", Decimal(10)),
        ("Name 1", Decimal(20)),
    ]
    whole = list(read(statement(text("10.00", "99.00"))))
    assert [row["amount"] for row in moved(whole)] == [Decimal(30)]
    assert any("Name 1" in p.text for p in of(Passage, whole))
    assert codes(parted) == []
    [told] = of(Issue, whole)
    assert (told.code, told.place) == ("balance", "statement 1, entry 1")
    assert "add up to -109.00 EUR, but the amount of the entry is -30.00 EUR" in told.message


def test_a_reversal_names_the_sides_of_what_it_takes_back() -> None:
    line = Line(Decimal("25.00"), "", "", more="<RvslInd>true</RvslInd>")
    text = camt(Account([line])).replace("CdtrAcct>", "X>")
    text = text.replace(
        "<RltdPties>", f"<RltdPties><Cdtr><Nm>Shop</Nm></Cdtr><CdtrAcct><Id><IBAN>{ROSA}</IBAN></Id></CdtrAcct>", 1
    )
    (row,) = moved(read(statement(text)))
    assert (row["payer"], row["payer_account"], row["beneficiary_account"]) == ("Shop", ROSA, OWN)


def test_all_that_a_camt_statement_says_is_read_as_text() -> None:
    more = (
        '<AmtDtls><InstdAmt><Amt Ccy="JPY">15777</Amt></InstdAmt></AmtDtls><RmtInf><Strd><RfrdDocInf><Nb>INV 7</Nb></RfrdDocInf>'
        "<AddtlRmtInf>in two parts</AddtlRmtInf></Strd></RmtInf><PrtryWord note='quay 9'>odd</PrtryWord>"
    )
    text = camt(Account([Line(Decimal("-10.00"), "Bee", ROSA)])).replace("<RltdPties>", f"{more}<RltdPties>", 1)
    text = text.replace("</Stmt>", "<AddtlStmtInf>see letter</AddtlStmtInf></Stmt>")
    text = text.replace("</GrpHdr>", "<AddtlInf>of the branch</AddtlInf></GrpHdr>")
    rows = list(read(statement(text)))
    said = "\n".join(p.text for p in of(Passage, rows))
    for word in ("15777", "JPY", "INV 7", "in two parts", "quay 9", "odd", "see letter", "of the branch"):
        assert word in said
    assert codes(rows) == []
    assert said.count("10.00") == 1


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_party_on_the_side_of_the_holder_is_told(sign: str) -> None:
    line = Line(Decimal(f"{sign}25.00"), more="" if sign else "<RvslInd>true</RvslInd>")
    party = f"<Dbtr><Nm>Third Man</Nm></Dbtr><DbtrAcct><Id><IBAN>{ROSA}</IBAN></Id></DbtrAcct>"
    rows = list(
        read(
            statement(
                re.sub("(Cdtr|Dbtr)Acct>", "X>", camt(Account([line]))).replace("<RltdPties>", f"<RltdPties>{party}", 1)
            )
        )
    )
    assert codes(rows) == ["other-words"]
    assert (
        "The entry has 'Third Man' on the side of the account holder, but the bank statement has 'Harbour Trading' "
        "as the account holder or account" in of(Issue, rows)[0].message
    )
    text = of(Passage, rows)[1].text
    assert "Third Man" in text and ROSA in text


def test_further_text_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread_words, "MOST", 100)
    text = camt(PAIR).replace("</GrpHdr>", f"<AddtlInf>{'long ' * 50}</AddtlInf></GrpHdr>")
    (found,) = of(Issue, read(statement(text)))
    assert (found.code, "more than 100 characters" in found.message) == ("left-out", True)


@pytest.mark.parametrize("day", ["240231", "230229"])
def test_a_day_that_february_has_not_is_kept_as_written(day: str) -> None:
    line = f":61:{day}C10,00NTRFREF5//B5\n:86:feb\n"
    text = f":20:R\n:25:{OWN}\n:28C:1/1\n:60F:C240201EUR0,\n{line}:62F:C240301EUR10,\n:86:of the branch\n"
    rows = list(read(statement(text, "x.sta")))
    assert [row["date"] for row in moved(rows)] == [day]
    assert f"Value date: {day}" in of(Passage, rows)[1].text
    assert [row.message for row in of(Issue, rows)] == [
        f"'{day}' is not a valid date. The text was saved as written (line 5)."
    ]
    assert "of the branch" in of(Passage, rows)[0].text


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1234,5", "1234.5"), ("1234.56", "1234.56"), ("1.234.567,89", "1234567.89"), ("0.99", "0.99"),
     ("1.234", ""), ("9" * 21 + ",99", ""), ("1234.56-", ""), ("1,2,3", ""),
     ("12x34,00", "")],
)  # fmt: skip
def test_an_amount_is_read_whole_or_not_at_all(written: str, amount: str) -> None:
    text = f":20:R\n:25:{OWN}\n:28C:1/1\n:60F:C240201EUR0,\n:61:240131C{written}NTRFREF5//B5\n:86:feb\n"
    rows = list(read(statement(text, "x.sta")))
    assert [row["amount"] for row in moved(rows)] == ([Decimal(amount)] if amount else [])
    assert codes(rows) == ([] if amount else ["bad-row", "bad-row"])
    assert amount or any(written in p.text for p in of(Passage, rows))


@pytest.mark.parametrize(
    ("written", "accounts", "told"),
    [
        (("1234567890/01", "1234567890/02"), {"123456789001", "123456789002"}, 0), (("XB1/99", "XB1/98"), {"XB199", "XB198"}, 0),
        ((f"{OWN}/001", f"{OWN}/002"), {OWN}, 2), ((f"{OWN}/EUR",), {OWN}, 0), (("70050000/1234567",), {"1234567"}, 0),
        (("ABNANL2A/0417164300",), {"0417164300"}, 0), (("19-2000145399/0800",), {"1920001453990800"}, 0),
    ],
)  # fmt: skip
def test_what_stands_behind_the_stroke_of_an_account_is_kept(
    written: tuple[str, ...], accounts: set[str], told: int
) -> None:
    lines = ":28C:1/1\n:60F:C240201EUR0,\n:61:240131C10,00NTRFREF5//B5\n:86:feb\n:62F:C240301EUR10,\n"
    rows = list(read(statement("".join(f":20:R\n:25:{one}\n{lines}" for one in written), "x.sta")))
    numbers = {c.value for c in of(Claim, rows) if c.schema == "BankAccount" and c.prop in ("iban", "accountNumber")}
    assert numbers == accounts
    assert codes(rows).count("other-words") == told
    texts = "\n".join(passage.text for passage in of(Passage, rows))
    assert all(one in texts or one.replace("/", "").endswith(tuple(accounts)) for one in written)


@pytest.mark.parametrize("sign", ["CRDT", "DBIT"])
def test_an_amount_of_camt_with_a_minus_of_its_own_is_told(sign: str) -> None:
    text = (
        camt(Account([Line(Decimal(100))]))
        .replace("<CdtDbtInd>CRDT", f"<CdtDbtInd>{sign}")
        .replace(">100<", ">-100<", 1)
    )
    found = [row for row in of(Issue, read(statement(text))) if "minus" in row.message]
    assert [row.code for row in found] == ["bad-row"]


@pytest.mark.parametrize("mark", ["<CdtDbtInd>dbit</CdtDbtInd>", "<CdtDbtInd>DEBIT</CdtDbtInd>", "<CdtDbtInd/>", ""])
def test_an_entry_that_tells_no_direction_has_no_payer(mark: str) -> None:
    text = camt(Account([Line(Decimal("-12.00"), "Bee", ROSA)]))
    start = text.index("<CdtDbtInd>", text.index("<Ntry>"))
    rows = list(read(statement(f"{text[:start]}{mark}{text[start:].removeprefix('<CdtDbtInd>DBIT</CdtDbtInd>')}")))
    (row,) = moved(rows)
    assert row["amount"] == Decimal(12) and not any(row[name] for name in row if name.startswith(("payer", "benef")))
    assert {c.prop for c in of(Claim, rows) if c.schema == "Payment"} == {
        "amount",
        "currency",
        "date",
        "transactionNumber",
    }
    (told,) = [one for one in of(Issue, rows) if one.code == "direction-unknown"]
    assert "neither CRDT nor DBIT" in told.message and "entry 1" in told.place
    assert all(word in of(Passage, rows)[1].text for word in ("Bee", ROSA))


def test_a_transaction_that_tells_no_direction_is_not_parted() -> None:
    part = '<TxDtls><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>{}</CdtDbtInd></TxDtls>'
    text = camt(Account([Line(Decimal(10))]))
    for sign, parts in (("CRDT", 2), ("dbit", 1)):
        rows = list(read(statement(re.sub("<TxDtls>.*</TxDtls>", part.format("CRDT") + part.format(sign), text))))
        assert len(moved(rows)) == parts
        assert codes(rows) == ["direction-unknown"] * (parts == 1)


def test_a_balance_that_tells_no_direction_is_told() -> None:
    rows = list(read(statement(camt(PAIR).replace("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>debit</CdtDbtInd>", 1))))
    assert codes(rows) == ["direction-unknown"]
    assert "balance" in of(Issue, rows)[0].message and "debit" in of(Passage, rows)[0].text


@pytest.mark.parametrize("day", ["2026-02-30", "02.03.2026", "2026-03-02T25:00:00"])
def test_a_booking_date_that_is_none_is_told_and_not_claimed(day: str) -> None:
    rows = list(read(statement(camt(Account([Line(Decimal(5), day=day)])))))
    assert values(rows, "Payment", "date") == set()
    assert [row["date"] for row in moved(rows)] == [""]
    assert [(row.code, row.message.split(". ")[0]) for row in of(Issue, rows)] == [
        ("bad-date", f"'{day}' is not a valid date")
    ]
    assert day in of(Passage, rows)[1].text


@pytest.mark.parametrize(
    "day", ["2026-03-02Z", "2026-03-02+01:00", "2026-03-02T10:00:00.123456789+01:00", "2026-03-02T24:00:00"]
)
def test_dates_of_xml_are_dates(day: str) -> None:
    rows = list(read(statement(camt(Account([Line(Decimal(5), day=day)])))))
    assert (values(rows, "Payment", "date"), codes(rows)) == ({day}, [])


def test_a_day_that_no_calendar_has_is_not_claimed_from_mt940() -> None:
    text = f":20:R\n:25:{OWN}\n:28C:1/1\n:60F:C240201EUR0,\n:61:240231C10,00NTRFREF5//B5\n:86:feb\n"
    assert values(read(statement(text, "x.sta")), "Payment", "date") == set()


@pytest.mark.parametrize("behind", ["REF", "XTRFREF", ""])
def test_an_entry_without_a_code_behind_its_amount_is_told(behind: str) -> None:
    text = f":20:R\n:25:{OWN}\n:28C:1/1\n:60F:C240201EUR0,\n:61:240131C10,00{behind}\n:86:feb\n"
    assert codes(list(read(statement(text, "x.sta")))) == ["bad-row", "bad-row"]


@pytest.mark.parametrize(
    ("written", "told"), [("1.234,56", []), ("1234.56", []), ("1.234", ["bad-row"]), ("1a", ["bad-row"])]
)
def test_a_balance_is_read_whole_or_not_at_all(written: str, told: list[str]) -> None:
    entry = ":61:240131C10,00NTRFREF5//B5\n:86:feb\n:62F:C240301EUR1244,56\n"
    text = f":20:R\n:25:{OWN}\n:28C:1/1\n:60F:C240201EUR{written}\n{entry}"
    assert codes(list(read(statement(text, "x.sta")))) == told


def test_payments_are_bounded_and_transfers_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_rows, "PAYMENTS", 3)
    rows = list(read(statement(camt(Account([Line(Decimal(1), f"N{n}", ROSA) for n in range(9)])))))
    assert len({c.entity_id for c in of(Claim, rows) if c.schema == "Payment"}) == 3
    assert len(moved(rows)) == 9


def test_odd_amounts() -> None:
    text = camt(Account([Line(Decimal("1.005")), Line(Decimal(1)), Line(Decimal("9" * 15))]))
    rows = list(read(statement(text.replace('"EUR">1<', '"EUR">one<'))))
    assert sorted(codes(rows)) == ["bad-row", "bad-row", "balance"]
    assert [row["amount"] for row in moved(rows)] == [Decimal("1.00"), Decimal("9" * 15)]
    assert "1.005" in values(rows, "Payment", "amount")


def test_what_cannot_be_read_is_quoted_and_the_rest_kept() -> None:
    text = swift(PAIR).replace(":61:220713", ":61:229913", 1).replace(":60F:C", ":60F:?")
    rows = list(read(statement(text, "x.sta")))
    assert codes(rows) == ["bad-row", "bad-row", "bad-row"]
    assert len(moved(rows)) == 1
    assert any("229913" in p.text for p in of(Passage, rows))


WORDS = st.text(string.ascii_letters + string.digits + " .-éü", min_size=1, max_size=30).map(clean_text).filter(bool)
LINES = st.lists(
    st.builds(
        Line,
        st.decimals("-99999999", "99999999", places=2, allow_nan=False),
        WORDS,
        st.sampled_from([ROSA, "12345678", "DE89370400440532013000"]),
        WORDS,
        st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=16).filter(lambda r: r not in ("NONREF", "NOTPROVIDED")),
        st.dates().map(lambda d: d.replace(year=2000 + d.year % 36).isoformat() if d.day < 29 else "2022-01-31"),
    ),
    max_size=6,
)  # fmt: skip


def as_written(lines: list[Line]) -> list[tuple[object, ...]]:
    return [
        (
            abs(one.amount),
            "payer" if one.amount >= 0 else "beneficiary",
            one.name,
            one.account,
            one.purpose,
            one.reference,
            one.day,
        )
        for one in lines
    ]


def as_read(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    found = []
    for row in rows:
        end = "payer" if row["beneficiary_account"] == OWN else "beneficiary"
        found.append(
            (row["amount"], end, row[end], row[f"{end}_account"], row["purpose"], row["reference"], row["date"])
        )
    return found


@pytest.mark.slow
@given(LINES, st.decimals("-9999", "9999", places=2, allow_nan=False))
@settings(max_examples=80, deadline=None)
def test_camt_comes_back_as_written(lines: list[Line], opening: Decimal) -> None:
    rows = list(read(statement(camt(Account(lines, opening)))))
    assert as_read(moved(rows)) == as_written(lines)
    assert codes(rows) == []


@given(LINES, st.decimals("-9999", "9999", places=2, allow_nan=False))
@settings(max_examples=80, deadline=None)
def test_mt940_comes_back_as_written(lines: list[Line], opening: Decimal) -> None:
    rows = list(read(statement(swift(Account(lines, opening)), "x.sta")))
    assert as_read(moved(rows)) == as_written(lines)
    assert codes(rows) == []


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


def test_bombs_are_refused() -> None:
    text = camt(PAIR).replace("<Document", BOMB + "<Document")
    with pytest.raises(SourceError, match="declares an XML document type"):
        list(read(statement(text), reader="camt"))


def test_a_truncated_statement_keeps_what_came_before() -> None:
    text = camt(Account([Line(Decimal(1), f"N{n}", ROSA) for n in range(9)]))
    rows = list(read(statement(text[: len(text) * 2 // 3])))
    assert 0 < len(moved(rows)) < 9
    assert "truncated" in codes(rows)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<Document/>", b"<BkToCstmrStmt>" + b"<Stmt>" * 9999, b"<BkToCstmrStmt>" + b"<a>" * 100_000, b"\xff\xfe<\x00",
        camt(PAIR).encode("utf-16"), camt(PAIR).replace("UTF-8", "x-none").encode(), b"<BkToCstmrStmt><Stmt><Bal/><Ntry/></Stmt>",
    ],
)  # fmt: skip
def test_hostile_camt(data: bytes) -> None:
    survives("x.xml", data, "camt")


@pytest.mark.parametrize(
    "data",
    [
        b"", b":20:\n:25:\n:60F:\n:61:\n:86:\n", b":61:" * 9999, b":20:x\n" + b":61:220713C1,NTRF" + b"/" * 1_000_000,
        b":20:x\n" + b":61:220713C1,NTRF" + b"a//" * 400 + b"\nb\nc\n", b":20:/etc/passwd\n:25:/etc/passwd\n:60F:C220701EUR1,\n",
        swift(PAIR).encode("utf-16"), b":86:" + b"?20" * 100_000,
    ],
)  # fmt: skip
def test_hostile_mt940(data: bytes) -> None:
    survives("x.sta", data, "mt940")


@pytest.mark.parametrize(("name", "reader"), [("x.xml", "camt"), ("x.sta", "mt940")])
def test_mutations(name: str, reader: str) -> None:
    dice = random.Random(5)
    data = (camt(PAIR) if reader == "camt" else swift(PAIR, form="numbers")).encode()
    for _ in range(250):
        survives(name, mutated(data, dice), reader)


@pytest.mark.slow
def test_large_statements_take_linear_time() -> None:
    def work(account: Account) -> None:
        for file in (statement(camt(account)), statement(swift(account), "x.sta")):
            assert len(moved(read(file))) == len(account.lines)

    small, large = (Account([Line(Decimal(1), f"N{n}", ROSA, "x") for n in range(count)]) for count in (100, 1_000))
    linear(work, small, large)


def test_two_reads_are_equal() -> None:
    for file in (statement(camt(PAIR)), statement(swift(PAIR), "x.sta")):
        assert [r for r in read(file) if not isinstance(r, Batch)] == [
            r for r in read(file) if not isinstance(r, Batch)
        ]


def contradict(change: tuple[str, str], amount: str = "25.50") -> list[Row]:
    """Rows of a statement with one entry of which a part was changed."""
    text = camt(Account([Line(Decimal(amount), "Rosa Blum", ROSA, "rent")]))
    assert change[0] in text
    return list(read(statement(text.replace(*change, 1))))


OPEN_ENTRY = '<Ntry><Amt Ccy="EUR">25.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>'


@pytest.mark.parametrize(
    ("change", "gone", "told"),
    [
        ((OPEN_ENTRY, OPEN_ENTRY.replace("</Amt>", '</Amt><Amt Ccy="EUR">2500.00</Amt>')), ("Payment", "amount"), "2500.00"),
        ((OPEN_ENTRY, OPEN_ENTRY.replace("</Amt>", '</Amt><Amt Ccy="USD">25.50</Amt>')), ("Payment", "currency"), "USD"),
        ((OPEN_ENTRY, OPEN_ENTRY.replace("25.50", "1<b/>000.00")), ("Payment", "amount"), "000.00"),
        ((OPEN_ENTRY, f"{OPEN_ENTRY}<CdtDbtInd>DBIT</CdtDbtInd>"), ("Payment", "payer"), "DBIT"),
        (("<Nm>Rosa Blum</Nm>", "<Nm>Victim</Nm><Nm>Rosa Blum</Nm>"), ("Attribution", "holder"), "Victim"),
        (("<Dbtr><Nm>Rosa", "<Dbtr><Nm>Victim</Nm></Dbtr><Dbtr><Nm>Rosa"), ("Attribution", "holder"), "Victim"),
        ((f"<IBAN>{ROSA}</IBAN>", f"<IBAN>{ROSA}</IBAN><IBAN>{OWN}</IBAN>"), ("Attribution", "held"), OWN),
        (("<BookgDt>", "<BookgDt><Dt>2020-01-01</Dt></BookgDt><BookgDt>"), ("Payment", "date"), "2020-01-01"),
        (("<Acct>", "<Acct><Id><IBAN>NL02RABO0123456780</IBAN></Id></Acct><Acct>"), ("Ownership", "asset"), "NL02RABO0123456780"),
    ],
)  # fmt: skip
def test_an_element_with_several_values_has_none_and_is_told(
    change: tuple[str, str], gone: tuple[str, str], told: str
) -> None:
    assert values(contradict((OPEN_ENTRY, OPEN_ENTRY)), *gone)
    rows = contradict(change)
    assert not values(rows, *gone)
    assert "contradiction" in codes(rows)
    assert any(told in row.message for row in of(Issue, rows))
    assert any(told in row.text for row in of(Passage, rows))


def test_an_account_after_the_first_entry_is_told_and_takes_the_account_from_those_below() -> None:
    text = camt(PAIR)
    at = text.rindex("<Ntry>")
    rows = list(read(statement(f"{text[:at]}<Acct><Id><IBAN>{ROSA}</IBAN></Id></Acct>{text[at:]}")))
    assert [row["beneficiary_account"] for row in moved(rows)] == [OWN, "12345678"]
    assert [row["payer_account"] for row in moved(rows)] == [ROSA, ""]
    assert "contradiction" in codes(rows)


@pytest.mark.parametrize("charged", ["", "<Chrgs><Amt Ccy='EUR'>1.00</Amt></Chrgs>"])
def test_a_single_transaction_that_contradicts_its_entry_is_told(charged: str) -> None:
    start = f'<TxDtls><Amt Ccy="EUR">9999.00</Amt>{charged}'
    rows = contradict(("<TxDtls>", start))
    assert ("balance" in codes(rows)) == (not charged)
    turned = contradict(("<TxDtls>", f"{start}<CdtDbtInd>DBIT</CdtDbtInd>"))
    assert "balance" in codes(turned)
    assert not values(turned, "Payment", "payer") and not values(turned, "Payment", "beneficiary")


@pytest.mark.parametrize(
    ("status", "booked"), [("<Prtry>REJECTED</Prtry>", False), ("<Prtry>Booked</Prtry>", True), ("<Cd>BOOK</Cd>", True)]
)
def test_a_status_that_is_no_code_is_not_booked_and_told(status: str, booked: bool) -> None:
    rows = contradict(("<Sts>BOOK</Sts>", f"<Sts>{status}</Sts>"))
    assert ("other-words" not in codes(rows)) == booked == ("balance" not in codes(rows))
    assert values(rows, "Payment", "description") == (set() if booked else {"not booked: REJECTED"})


HEAD = ":20:STMT\n:25:NL91ABNA0417164300\n:28C:1/1\n:60F:C220101EUR1000,00\n"
PAID = ":61:2207130713{}25,00NTRFNONREF\n:86:{}\n"


@pytest.mark.parametrize(
    ("sign", "details", "name", "account", "told"),
    [
        ("D", f"SEPA OVERBOEKING IBAN: {ROSA} BIC: RABONL2U NAAM: Rosa OMSCHRIJVING: x", "", ROSA, ""),
        ("D", f"IBAN: {ROSA} x", "", ROSA, ""),
        ("D", f"SEPA OVERBOEKING IBAN: {ROSA} OMSCHRIJVING: TERUG OP IBAN: {OWN}", "", ROSA, ""),
        ("D", f"OVERBOEKING AAN J DE VRIES OMSCHRIJVING: GRAAG TERUG OP IBAN: {ROSA} BEDANKT", "", "", "other-words"),
        ("C", f"/TRTP/SEPA/IBAN/{ROSA}/NAME/Rosa/REMI/x/ULTD//NAME/Other/", "Rosa", ROSA, ""),
        ("C", f"/ORDP//NAME/Rosa/BENM//NAME/Harbour/IBAN/{OWN}/REMI/x", "Rosa", "", ""),
        ("C", f"/ORDP//NAME/Rosa/REMI/hi/NAME/Real/IBAN/{ROSA}/", "Rosa", "", "other-words"),
        ("C", f"/EREF/1/IBAN/{ROSA}/ORDP//NAME/Real/ADDR/Street 1/REMI/Rent", "Real", "", "other-words"),
        ("C", f"/EREF/1/ORDP//IBAN/{ROSA}/ORDP//NAME/Real/REMI/Rent", "", "", "other-words"),
        ("C", "/EREF/1/NAME/Victim/REMI/Rent", "", "", "other-words"),
        ("C", f"/EREF/1/CNTP/{ROSA}/X/Victim/REMI/Rent", "", "", "other-words"),
        ("C", f"/EREF/1//CNTP/{ROSA}/INGBNL2A/Rosa///REMI/USTD//Rent/", "Rosa", ROSA, ""),
        ("C", f"/EREF/1/ULTD/x//CNTP/{ROSA}/INGBNL2A/Rosa///REMI/USTD//Rent/", "Rosa", ROSA, ""),
        ("C", f"/ID/1/ULTC/x/IBAN/{ROSA}/NAME/Rosa/REMI/Rent", "", "", "other-words"),
        ("C", "/EREF/1/CSID/DE98ZZZ1/NAME/Victim/REMI/Rent", "", "", "other-words"),
        ("D", "/CSID/NL22ZZZ643536030000/NAME/Real/MARF/1/REMI/Rent/EREF/2", "Real", "", ""),
        ("D", "/MARF/1/NAME/Victim/EREF/2/CSID/NL22ZZZ643536030000/REMI/Rent", "", "", "other-words"),
        ("D", f"/TRTP/SEPA Incasso/CSID/NL22ZZZ643536030000/NAME/Rosa/MARF/1/REMI/Rent/IBAN/{ROSA}", "Rosa", "", "other-words"),
        ("C", f"166?00GUTSCHRIFT?20EREF+1 IBAN+{ROSA}?21SVWZ+Miete?32Real", "Real", "", "other-words"),
        ("C", f"166?00GUTSCHRIFT?20EREF+1?21IBAN+{ROSA}?22SVWZ+Miete?32Real", "Real", ROSA, ""),
        ("C", f"/NAME/Victim/NAME/Real/IBAN/{ROSA}/REMI/x", "", ROSA, "contradiction"),
        ("C", f"/IBAN/{ROSA}/NAME/Rosa/IBAN/{OWN}/REMI/x", "Rosa", "", "contradiction"),
        ("C", f"166?00GUTSCHRIFT?20rent?32Rosa?31{ROSA}?32Dana?30COBADEFF", "", "", "contradiction"),
        ("C", f"166?00GUTSCHRIFT?20rent?32Rosa?33Blum?31{ROSA}?30COBADEFF", "RosaBlum", ROSA, ""),
        ("C", f"166?00GUTSCHRIFT?20SVWZ+pay to IBAN+{ROSA}?32Rosa", "Rosa", "", "other-words"),
    ],
)  # fmt: skip
def test_what_a_payer_may_have_written_is_not_the_other_side(
    sign: str, details: str, name: str, account: str, told: str
) -> None:
    rows = list(read(statement(f"{HEAD}{PAID.format(sign, details)}", "x.sta")))
    (row,) = moved(rows)
    side = "payer" if sign == "C" else "beneficiary"
    assert (row[side], row[f"{side}_account"]) == (name, account)
    assert codes(rows) == ([told] if told else [])
    assert all(word in of(Passage, rows)[-1].text for word in ("Rosa", "Victim", "Real") if word in details)


@pytest.mark.parametrize(
    ("between", "accounts", "currencies"),
    [
        (f"-\n:25:{ROSA}\n:28C:2/1\n:60F:C220713EUR1025,00\n", [OWN, ROSA], ["EUR", "EUR"]),
        (":60F:C220713USD1025,00\n", [OWN, OWN], ["EUR", "USD"]),
        (":60M:C220713EUR1025,00\n", [OWN, OWN], ["EUR", "EUR"]),
    ],
)
def test_a_second_account_or_currency_has_its_own_entries(
    between: str, accounts: list[str], currencies: list[str]
) -> None:
    coin = between[between.index(":60") + 12 :][:3]
    text = (
        f"{HEAD}{PAID.format('C', 'a')}:62F:C220713EUR1025,00\n{between}"
        f"{PAID.format('C', 'b')}:62F:C220714{coin}1050,00\n"
    )
    rows = list(read(statement(text, "x.sta")))
    assert [row["beneficiary_account"] for row in moved(rows)] == accounts
    assert [row["currency"] for row in moved(rows)] == currencies
    assert codes(rows) == []


def test_two_accounts_of_one_message_are_none() -> None:
    rows = list(read(statement(f"{HEAD}{PAID.format('C', 'a')}".replace(":28C", f":25:{ROSA}\n:28C"), "x.sta")))
    assert [row["beneficiary_account"] for row in moved(rows)] == [""]
    assert codes(rows) == ["contradiction"]
    assert ROSA in of(Passage, rows)[0].text and OWN in of(Passage, rows)[0].text


def test_balances_in_two_currencies_are_told() -> None:
    rows = list(read(statement(f"{HEAD}{PAID.format('C', 'a')}:62F:C220713USD1025,00\n", "x.sta")))
    assert codes(rows) == ["balance"]
    assert "'EUR', but the closing balance is in 'USD'" in of(Issue, rows)[0].message


def test_an_entry_that_cannot_be_read_has_no_sides() -> None:
    rows = list(read(statement(f"{HEAD}:61:2207130713D?NTRFNONREF\n:86:x\n", "x.sta")))
    assert "account" not in of(Passage, rows)[-1].text


FIRST = f"SEPA OVERBOEKING                 IBAN: {ROSA}"


@pytest.mark.parametrize(
    ("details", "account", "name", "bank"),
    [
        (f"{FIRST}\nBIC: RABONL2U                    NAAM: Rosa\nOMSCHRIJVING: x", ROSA, "", ""),
        (f"{FIRST}       \nBIC: RABONL2U", ROSA, "", ""),
        (f"SEPA IDEAL IBAN: {ROSA}\nKENMERK: 12345", ROSA, "", ""),
        ("SEPA IDEAL IBAN: DE89370400440532013000BIC: RABONL2U", "DE89370400440532013000", "", ""),
        (f"/TRTP/SEPA OVERBOEKING/IBAN/{ROSA}/BIC/RABONL2U/NAME/J. DE\nVRIES/REMI/x", ROSA, "J. DE VRIES", "RABONL2U"),
        (f"/TRTP/SEPA OVERBOEKING/IBAN/{ROSA}/BIC/RABONL2U/NAME/JAN \nDE VRIES/REMI/x", ROSA, "JAN DE VRIES", "RABONL2U"),
        (f"/TRTP/SEPA OVERBOEKING/IBAN/{ROSA[:9]}\n{ROSA[9:]}/NAME/JAN/REMI/x".replace("SEPA", "S" * 33), ROSA, "JAN", ""),
    ],
)  # fmt: skip
def test_lines_of_a_field_are_cut_only_where_they_are_full(details: str, account: str, name: str, bank: str) -> None:
    rows = list(read(statement(f"{HEAD}{PAID.format('C', details)}", "x.sta")))
    (row,) = moved(rows)
    assert (row["payer_account"], row["payer"], codes(rows)) == (account, name, [])
    assert values(rows, "BankAccount", "bic") - {"ABNANL2A"} == ({bank} if bank else set())


def test_an_account_alone_in_the_second_line_of_an_entry_is_the_other_side() -> None:
    account = "NL20INGB0001234567"
    text = f"{HEAD}{PAID.format('C', '/EREF/2022/ORDP//NAME/Rosa/REMI/Rent')}"
    rows = list(read(statement(text.replace("NONREF\n", f"NONREF//1\n{account}\n"), "x.sta")))
    assert [(row["payer_account"], row["payer"]) for row in moved(rows)] == [(account, "Rosa")]

"""Payments and statements of account: who paid whom, where the table says it."""

from __future__ import annotations

import json

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, entities, workbook
from workbench.ingest import read
from workbench.ingest.tables.columns.column_mapping import OfficerChoice
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
from workbench.model import identifiers
from workbench.model.rows import Claim, Issue, Passage, Row


def test_registers_and_payments(made: Make) -> None:
    rows = list(read(made("v.csv", "Plate,Make,Model,Keeper,Keeper DOB\nab-12-cd,VW,Golf,Ada Winter,01/02/1980\n")))
    owner = next(iter(entities(rows, "Person")))
    assert entities(rows, "Vehicle")[identifiers.build_vehicle_key("AB12CD").entity_id]["owner"] == {owner}
    assert codes(rows)["bad-date"].message.startswith(
        "Cells of column 'Keeper DOB' with a date or time that cannot be read with certainty: 1 ("
    )
    assert values(rows, "Person", "birthDate") == {"01/02/1980"}
    rows = list(
        read(made("c.tsv", "Company\tCompany No\tDirector\tRole\tShareholder\tShare\nBlue\t123\tIvo\tCEO\tEve\t25\n"))
    )
    company = identifiers.build_company_key("123").entity_id
    assert next(iter(entities(rows, "Directorship").values()))["organization"] == {company}
    assert next(iter(entities(rows, "Ownership").values()))["percentage"] == {"25"}
    text = "Date|From IBAN|Payer|To IBAN|Beneficiary|Amount|Currency\n"
    text += "2022-07-01|NL91ABNA0417164300|Jo|DE89370400440532013000||1.234,56|EUR\n"
    rows = list(read(made("p.csv", text)))
    payment = next(iter(entities(rows, "Payment").values()))
    assert payment["amount"] == {"1234.56"}
    assert (
        payment["beneficiary"]
        == payment["beneficiaryAccount"]
        == {identifiers.build_bank_account_key("DE89370400440532013000").entity_id}
    )
    assert payment["payer"] == set(entities(rows, "LegalEntity"))


def test_money_that_came_in_was_paid_by_the_other(made: Make) -> None:
    head = "account,direction,amount,counterparty account,booking date\n"
    text = head + "NL91ABNA0417164300,in,5,DE89370400440532013000,2022-07-01\n"
    own, other = (
        identifiers.build_bank_account_key(n).entity_id for n in ("NL91ABNA0417164300", "DE89370400440532013000")
    )
    for row, payer in (("in", other), ("out", own), ("Credit", other), ("Debit", own)):
        rows = read(made("p.csv", text.replace(",in,", f",{row},")))
        payment = next(iter(entities(rows, "Payment").values()))
        assert payment["payer"] == payment["payerAccount"] == {payer}


@pytest.mark.slow
@pytest.mark.parametrize("between", [0, 3_000])
def test_an_amount_that_could_be_either_is_told_and_not_claimed(made: Make, between: int) -> None:
    amounts = ["1.234,56-", "-5,00", *["7,00"] * between, "1.234", "1,234"]
    text = "date;payer;beneficiary;amount;currency\n" + "".join(f"2024-01-13;A B;C D;{a};EUR\n" for a in amounts)
    rows = list(read(made("s.csv", text)))
    assert values(rows, "Payment", "amount") == {"-1234.56", "-5.00"} | ({"7.00"} if between else set())
    assert (
        "Cells of column 'amount' with a number that cannot be read with certainty: 2 ("
        in codes(rows)["bad-row"].message
    )


def test_an_impossible_date_of_a_payment_stands_in_its_text_only(made: Make) -> None:
    head = "Date;From IBAN;Payer;To IBAN;Beneficiary;Amount;Currency\n"
    days = ("31/31/2022", "01/02/2022", "2022-07-01", "le 3 thermidor 230")
    text = head + "".join(f"{day};NL91ABNA0417164300;Jo;DE89370400440532013000;Eva;1,00;EUR\n" for day in days)
    rows = list(read(made("p.csv", text)))
    assert values(rows, "Payment", "date") == {"01/02/2022", "2022-07-01", "le 3 thermidor 230"}
    assert any("31/31/2022" in passage.text for passage in of(Passage, rows))
    assert "31/31/2022" in codes(rows)["bad-date"].message


OWN, OTHER = "GB33BUKB20201555555555", "DE89370400440532013000"


def sides(rows: list[Row]) -> list[tuple[str, str, str]]:
    """Amount, payer and beneficiary of each payment, the parties by name or account."""
    made = [(c.entity_id, c.prop, c.value) for c in rows if isinstance(c, Claim)]
    named = {key: value for key, prop, value in made if prop == "accountNumber"}
    named |= {key: value for key, prop, value in made if prop == "name"}
    return [
        tuple(named.get(next(iter(one.get(prop, {""}))), next(iter(one.get(prop, {""})))) for prop in ("amount", "payer", "beneficiary"))
        for one in entities(rows, "Payment").values()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "credit", "debit"),
    [
        ("IBAN,Date,Counterparty,Amount", f"{OWN},2024-03-01,Rosa Blum,25.50", f"{OWN},2024-03-02,Shop Ltd,-10.00"),
        ("IBAN,Date,Counterparty,Amount", f"{OWN},2024-03-01,Rosa Blum,25.50", f"{OWN},2024-03-02,Shop Ltd,(10.00)"),
        ("IBAN,Date,Counterparty,Debit,Credit", f"{OWN},2024-03-01,Rosa Blum,,25.50", f"{OWN},2024-03-02,Shop Ltd,10.00,0.00"),
        ("Account,Date,Counterparty,Amount,Direction", f"{OWN},2024-03-01,Rosa Blum,25.50,in", f"{OWN},2024-03-02,Shop Ltd,10.00,out"),
    ],
)  # fmt: skip
def test_a_statement_says_who_paid_by_sign_column_or_word(made: Make, head: str, credit: str, debit: str) -> None:
    rows = list(read(made("statement.csv", f"{head}\n{credit}\n{debit}\n")))
    assert sides(rows) == [("25.50", "Rosa Blum", OWN), ("10.00", OWN, "Shop Ltd")]


def test_a_statement_that_does_not_say_who_paid_is_asked_about(made: Make) -> None:
    text = f"IBAN,Date,Counterparty,Amount\n{OWN},2024-03-01,Rosa Blum,25.50\n{OWN},2024-03-02,Tom,30.00\n"
    rows = list(read(made("statement.csv", text)))
    assert sides(rows) == [("25.50", "", ""), ("30.00", "", "")]
    assert "direction-unknown" in codes(rows) and entities(rows, "LegalEntity")


def test_an_amount_that_cannot_be_read_names_no_payer(made: Make) -> None:
    text = f"IBAN,Date,Counterparty,Amount\n{OWN},2024-03-01,Rosa Blum,-5.00\n{OWN},2024-03-02,Tom,n/a\n"
    assert sides(list(read(made("statement.csv", text))))[1] == ("n/a", "", "")


HEAD = "Date,Amount,Currency,Payer,Payee,Purpose\n"
FULL = "".join(f"2026-01-{n:02},{n}00.00,EUR,Anna Berg,Carl Dorn,rent\n" for n in range(1, 20))


@pytest.mark.parametrize(
    ("row", "claimed"),
    [
        ("2026-01-20,1,500.00,EUR,Anna Berg,Carl Dorn,rent", False),
        ("2026-01-20,1,500.00,EUR,Anna Berg,Carl Dorn,", False),
        ("2026-01-20,900.00,Anna Berg,Carl Dorn", False),
        ("2026-01-20,900.00,EUR,Anna Berg,Carl Dorn", False),
        ("900.00,EUR,Anna Berg,Carl Dorn,rent", False),
        ("2026-01-20,900.00", True),
        ('2026-01-20,"1,500.00",EUR,Anna Berg,Carl Dorn,rent', True),
    ],
)
def test_a_row_whose_cells_may_have_moved_claims_nothing(made: Make, row: str, claimed: bool) -> None:
    rows = list(read(made("p.csv", f"{HEAD}{FULL}{row}\n")))
    assert len(entities(rows, "Payment")) == 19 + claimed
    told = codes(rows).get("bad-row")
    assert claimed or (told and "Rows with more or fewer cells than the header: 1 (rows 21)" in told.message)
    assert "2026-01-20" in of(Passage, rows)[-1].text or row.startswith("900")


def test_empty_cells_that_a_program_leaves_out_move_nothing(made: Make) -> None:
    short = "".join(f"2026-02-{n:02},{n}00.00,EUR,Anna Berg,Carl Dorn\n" for n in range(1, 9))
    rows = list(read(made("p.csv", HEAD + FULL + short)))
    assert len(entities(rows, "Payment")) == 27 and "bad-row" not in codes(rows)
    written = FULL.replace("rent", "") + short
    assert len(entities(list(read(made("p.csv", HEAD + written))), "Payment")) == 19
    behind = (HEAD + FULL).replace("rent\n", "rent,\n")
    assert len(entities(list(read(made("p.csv", behind))), "Payment")) == 19


def test_what_may_be_of_a_column_that_is_left_out_is_not_shown(made: Make) -> None:
    file = made("p.csv", HEAD + FULL + "2026-01-20,1,500.00,EUR,Anna Berg,Carl Dorn,secret\n")
    mapping = guess_file_mapping(file, said={"": OfficerChoice(left_out=frozenset({"Purpose"}))}).to_json()
    assert "secret" not in "".join(passage.text for passage in of(Passage, read(file, {"mapping": mapping})))


def test_a_list_in_a_field_of_a_record_is_no_name(made: Make) -> None:
    plain = {"date": "2026-01-02", "amount": "5.00", "payee": "Ivo Rel"}
    records = [{**plain, "payer": ["Anna Berg", "Zed Two"]}, {**plain, "payer": ["Kurt Sol"], "purpose": ["rent", "heat"]},
               {**plain, "payer": {}, "amount": [5, 6]}]  # fmt: skip
    rows = list(read(made("p.json", json.dumps(records))))
    assert values(rows, "LegalEntity", "name") == {"Ivo Rel", "Kurt Sol"}
    assert values(rows, "Payment", "purpose") == {"rent", "heat"}
    assert values(rows, "Payment", "amount") == {"5.00"}
    told = [row.message for row in of(Issue, rows) if "can have only one value in each row" in row.message]
    assert len(told) == 2 and "'payer'" in "".join(told) and "'amount'" in "".join(told)
    assert '["Anna Berg", "Zed Two"]' in of(Passage, rows)[0].text


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("Rechazada", True), ("RETURNED - no funds", True), ("Rejeté", True), ("storniert", True), ("مرفوضة", True), ("Отклонено", True),
        ("Ejecutada", False), ("", False), ("return of a deposit to Ada", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("header", ["Estado", "Status", "x"])
def test_a_payment_that_was_not_carried_out_is_told(made: Make, header: str, state: str, *, told: bool) -> None:
    head = f"Fecha;Ordenante;Beneficiario;Importe;{header}\n13/01/2024;José;Ana;10,50;OK\n"
    rows = list(read(made("p.csv", f"{head}14/01/2024;José;Ana;20,00;{state}\n")))
    found = [row.message for row in of(Issue, rows) if "not carried out" in row.message]
    assert len(found) == told
    assert not told or (f"'{header}'" in found[0] and "rows 3" in found[0] and state in found[0])
    assert values(rows, "Payment", "amount") == {"10.50", "20.00"}


ACCOUNTS = f"{OWN};{OTHER}"
PLAIN = "Date;Account;Counterparty account;Counterparty name;Amount;{};Currency\n"
UNKNOWN = ("", "")
IN, OUT = ("Ann", OWN), (OWN, "Ann")


def read_words(made: Make, header: str, *cells: tuple[str, str]) -> list[Row]:
    """Rows of a statement with an amount and a word in each."""
    text = "".join(f"2024-01-{n:02};{ACCOUNTS};Ann;{amount};{word};EUR\n" for n, (amount, word) in enumerate(cells, 1))
    return list(read(made("w.csv", PLAIN.format(header) + text)))


@pytest.mark.parametrize(
    ("header", "out", "into"),
    [
        ("D/C", "D", "C"), ("Dr/Cr", "DR", "CR"), ("Debit/Credit", "DBIT", "CRDT"), ("Debit/Credit", "D", "C"),
        ("Direction", "debet", "kredit"), ("Direction", "Soll", "Haben"), ("Direction", "S", "H"),
        ("Direction", "Lastschrift", "Gutschrift"), ("Sens", "Débit", "Crédit"), ("Sens", "Sortie", "Entrée"), ("Sens", "D", "C"),
        ("Sentido", "Cargo", "Abono"), ("Sentido", "C", "A"), ("Sentido", "D", "H"), ("Direction", "saída", "entrada"),
        ("Direction", "Addebito", "Accredito"), ("Direction", "Dare", "Avere"), ("Direction", "Af", "Bij"),
        ("Direction", "مدين", "دائن"), ("Direction", "الصادرة", "الواردة"), ("Direction", "سحب", "إيداع"),
        ("Direction", "-", "+"), ("Direction", "D - Debit", "C - Credit"), ("In/Out", "o", "i"),
        ("In/Out", "Outgoing payment", "Incoming payment"),
    ],
)  # fmt: skip
def test_a_word_for_debit_or_credit_is_read_in_many_languages(made: Make, header: str, out: str, into: str) -> None:
    rows = read_words(made, header, ("1,00", out), ("2,00", into))
    assert sides(rows) == [("1.00", *OUT), ("2.00", *IN)] and "direction-unknown" not in codes(rows)


@pytest.mark.parametrize(
    "word", ["", "Credti", "RC", "DC", "S", "In error: debit", "Credit reversal", "not credit", "credit/debit", "credit transfer", "-"],
)  # fmt: skip
def test_a_word_that_is_not_known_names_no_payer_and_is_told(made: Make, word: str) -> None:
    rows = read_words(made, "D/C", ("1,00", "D"), ("-2,00", word), ("3,00", "C"))
    assert sides(rows) == [("1.00", *OUT), ("-2.00", *UNKNOWN), ("3.00", *IN)]
    told = codes(rows)["direction-unknown"]
    assert (
        f"does not show whether money came in or went out: 1 (rows 3; for example {word!r})" in told.message
        and told.fix
    )
    assert len(entities(rows, "LegalEntity")) == 1


def test_a_letter_that_may_be_either_names_no_payer(made: Make) -> None:
    assert sides(read_words(made, "Sentido", ("1,00", "C"))) == [("1.00", *UNKNOWN)]
    assert sides(read_words(made, "Direction", ("1,00", "A"))) == [("1.00", *UNKNOWN)]
    assert sides(read_words(made, "Direction", ("1,00", "C"))) == [("1.00", *IN)]


@pytest.mark.parametrize(("key", "payer"), [("C", "Ann"), ("D", OWN), ("x", "")])
def test_records_of_json_and_sheets_say_who_paid_by_the_same_words(made: Make, key: str, payer: str) -> None:
    cells = {
        "date": "2024-01-01", "account": OWN, "counterparty_account": OTHER, "counterparty": "Ann", "amount": "1.00",
        "credit_debit": key, "currency": "EUR",
    }  # fmt: skip
    assert [one[1] for one in sides(list(read(made("w.json", json.dumps([cells])))))] == [payer]
    book = workbook({"a": [list(cells), list(cells.values())]})
    assert [one[1] for one in sides(list(read(made("w.xlsx", book))))] == [payer]


@pytest.mark.parametrize(
    ("cells", "claimed", "told"),
    [
        ([("-1,00", "Credit"), ("2,00", "Credit")], [("-1.00", *UNKNOWN), ("2.00", *IN)], "contradiction"),
        ([("-1,00", "Debit"), ("2,00", "Credit")], [("1.00", *OUT), ("2.00", *IN)], ""),
        ([("-1,00", "Debit"), ("2,00", "Debit")], [("-1.00", *UNKNOWN), ("2.00", *OUT)], "contradiction"),
        ([("+1,00", "Debit"), ("-2,00", "Debit")], [("1.00", *UNKNOWN), ("-2.00", *UNKNOWN)], "contradiction"),
        ([("(1,00)", "Credit"), ("2,00", "Debit")], [("-1.00", *UNKNOWN), ("2.00", *OUT)], "contradiction"),
        ([("-1,00", "Debit"), ("credit note", "Debit")], [("1.00", *OUT), ("credit note", *OUT)], "bad-row"),
        ([("-0,00", "Credit"), ("2,00", "Debit")], [("-0.00", *IN), ("2.00", *OUT)], ""),
        ([("\u20131,00", "Credit"), ("2,00", "Debit")], [("-1.00", *UNKNOWN), ("2.00", *OUT)], "contradiction"),
        ([("\u20131,00", "Debit"), ("2,00\u2013", "Debit")], [("1.00", *OUT), ("2.00", *OUT)], ""),
    ],
)  # fmt: skip
def test_a_sign_against_its_word_is_told(
    made: Make, cells: list[tuple[str, str]], claimed: list[tuple[str, str, str]], told: str
) -> None:
    rows = read_words(made, "Debit/Credit", *cells)
    assert sides(rows) == claimed
    assert set(codes(rows)) == ({told} if told else set())


@pytest.mark.parametrize(
    ("debit", "credit", "claimed", "told"),
    [
        ("50,00", "60,00", None, "bad-row"), ("60,00", "60,00", None, "bad-row"), ("n/a", "70,00", None, "bad-row"),
        ("50,00", "0,00", ("50.00", *OUT), ""), ("50,00", "0,00 EUR", ("50.00", *OUT), ""),
        ("0", "60,00", ("60.00", *IN), ""), ("5,00", "-", ("5.00", *OUT), "bad-row"),
        ("", "-90,00", ("-90.00", *UNKNOWN), "contradiction"), ("-80,00", "", ("-80.00", *UNKNOWN), "contradiction"),
        ("", "", ("", *UNKNOWN), "direction-unknown"),
    ],
)  # fmt: skip
def test_two_columns_of_amounts_make_one_payment_or_none(
    made: Make, debit: str, credit: str, claimed: tuple[str, str, str] | None, told: str
) -> None:
    head = "Date;Account;Counterparty account;Counterparty name;Debit;Credit;Currency\n"
    text = f"2024-01-01;{ACCOUNTS};Ann;7,00;;EUR\n2024-01-02;{ACCOUNTS};Ann;;8,00;EUR\n"
    rows = list(read(made("w.csv", f"{head}{text}2024-01-03;{ACCOUNTS};Ann;{debit};{credit};EUR\n")))
    assert sides(rows) == [("7.00", *OUT), ("8.00", *IN), *([claimed] if claimed else [])]
    assert set(codes(rows)) >= ({told} if told else set()) and len(of(Passage, rows)) == 3
    negative = text.replace("7,00", "-7,00")
    assert sides(list(read(made("n.csv", head + negative))))[0] == ("7.00", *OUT)


def test_a_sign_tells_who_paid_beside_a_column_of_debits(made: Make) -> None:
    head = "Date;Account;Counterparty account;Counterparty name;Amount;Debit\n"
    text = f"2024-01-01;{ACCOUNTS};Ann;-7,00;7,00\n2024-01-02;{ACCOUNTS};Ann;8,00;\n"
    assert sides(list(read(made("w.csv", head + text)))) == [("7.00", *OUT), ("8.00", *IN)]


def test_a_column_of_an_amount_against_its_word_is_told(made: Make) -> None:
    head = "Date;Account;Counterparty account;Counterparty name;Debit;Credit;D/C\n"
    text = f"2024-01-01;{ACCOUNTS};Ann;7,00;;D\n2024-01-02;{ACCOUNTS};Ann;;8,00;C\n2024-01-03;{ACCOUNTS};Ann;;9,00;D\n"
    rows = list(read(made("w.csv", head + text)))
    assert sides(rows) == [("7.00", *OUT), ("8.00", *IN), ("9.00", *UNKNOWN)] and "contradiction" in codes(rows)


@pytest.mark.parametrize(
    "words", [("Debit/Credit", "Debit", "Credit"), ("Direction", "OUT", "IN"), ("Direction", "", "zzz")]
)
def test_columns_that_name_payer_and_beneficiary_decide(made: Make, words: tuple[str, str, str]) -> None:
    head = (
        f"Transaction date,Payer name,Payer account,Beneficiary name,Beneficiary account,Amount,Currency,{words[0]}\n"
    )
    text = f"2024-01-01,Own,{OWN},Bob,{OTHER},100.00,EUR,{words[1]}\n2024-01-02,Cat,{OTHER},Own,{OWN},200.00,EUR,{words[2]}\n"
    rows = list(read(made("t.csv", head + text)))
    assert sides(rows) == [("100.00", "Own", "Bob"), ("200.00", "Cat", "Own")]
    assert not codes(rows)


def test_an_account_beside_named_parties_belongs_to_nobody_where_money_came_in(made: Make) -> None:
    head = "Date,Account,Payer,Beneficiary,Amount,Direction\n"
    text = f"2024-01-01,{OWN},Own,Bob,1.00,OUT\n2024-01-02,{OWN},Cat,Own,2.00,IN\n"
    rows = list(read(made("t.csv", head + text)))
    assert sides(rows) == [("1.00", "Own", "Bob"), ("2.00", "Cat", "Own")]
    assert [("payerAccount" in one) for one in entities(rows, "Payment").values()] == [True, False]
    assert len(entities(rows, "Ownership")) == 1 and "direction-unknown" in codes(rows)


def test_money_that_came_in_from_a_named_beneficiary_is_told(made: Make) -> None:
    head = "Date,Account,Beneficiary,Amount,Direction\n"
    rows = list(read(made("t.csv", f"{head}2024-01-01,{OWN},Bob,1.00,OUT\n2024-01-02,{OWN},Cat,2.00,IN\n")))
    assert sides(rows) == [("1.00", OWN, "Bob"), ("2.00", *UNKNOWN)] and "direction-unknown" in codes(rows)


@pytest.mark.parametrize(
    ("amount", "into", "out"),
    [
        ("€-100.00", UNKNOWN, OUT), ("-€100.00", UNKNOWN, OUT), ("EUR -100.00", UNKNOWN, OUT), ("$(100.00)", UNKNOWN, OUT),
        ("(EUR 100.00)", UNKNOWN, OUT), ("100.00 -EUR", UNKNOWN, OUT), ("100.00 DR", UNKNOWN, OUT), ("DR 100.00", UNKNOWN, OUT),
        ("100.00 CR", IN, UNKNOWN), ("100.00 (reversed)", UNKNOWN, UNKNOWN), ("--100", UNKNOWN, UNKNOWN),
        ("100.00 returned", UNKNOWN, UNKNOWN), ("EUR 100.00", IN, OUT), ("100.00 kr.", IN, OUT), ("100.00 €", IN, OUT),
    ],
)  # fmt: skip
def test_a_sign_beside_a_currency_counts_and_one_in_doubt_names_no_payer(
    made: Make, amount: str, into: tuple[str, str], out: tuple[str, str]
) -> None:
    credit, debit = (
        read_words(made, "Debit/Credit", (amount, word), ("2.00", "Credit")) for word in ("Credit", "Debit")
    )
    for rows, ends in ((credit, into), (debit, out)):
        assert [one[1:] for one in sides(rows)] == [ends, IN]
        assert bool({"contradiction", "direction-unknown"} & set(codes(rows))) == (ends == UNKNOWN)
    head = "Date;Account;Counterparty account;Counterparty name;Debit;Credit\n"
    text = f"2024-01-01;{ACCOUNTS};Ann;7.00;\n2024-01-02;{ACCOUNTS};Ann;;{amount}\n"
    assert [one[1:] for one in sides(list(read(made("w.csv", head + text))))] == [OUT, into]


def test_a_deposit_beside_a_withdrawal_is_no_debit(made: Make) -> None:
    rows = read_words(made, "Direction", ("1,00", "D"), ("2,00", "W"), ("3,00", "C"))
    assert sides(rows) == [("1.00", *IN), ("2.00", *OUT), ("3.00", *UNKNOWN)] and "direction-unknown" in codes(rows)
    assert sides(read_words(made, "Direction", ("1,00", "W"), ("2,00", "D"))) == [("1.00", *OUT), ("2.00", *IN)]


PLUS, MINUS = "2024-02-01,100.00,Salary", "2024-02-02,-50.00,Rent"
BARE = [f"{OWN},2024-02-01,100.00", f"{OWN},2024-02-02,50.00"]
MADE_OUT, MADE_IN, OPEN_END = (OWN, ""), ("", OWN), ("", "")


@pytest.mark.parametrize(
    ("head", "lines", "claimed", "is_told"),
    [
        ("Account,Date,Amount,Description", [f"{OWN},{PLUS}", f"{OWN},{MINUS}"], [("100.00", *MADE_IN), ("50.00", *MADE_OUT)], False),
        ("IBAN,Date,Amount,Description", [f"{OWN},{PLUS}", f"{OWN},{MINUS}"], [("100.00", *MADE_IN), ("50.00", *MADE_OUT)], False),
        ("Konto,Buchungstag,Betrag,Verwendungszweck", [f"{OWN},{MINUS}"], [("50.00", *MADE_OUT)], False),
        ("Account number,Booking date,Amount,Purpose", [f"{OWN},{PLUS}"], [("100.00", *OPEN_END)], True),
        ("Compte,Date,Montant,Libellé", [f"{OWN},{PLUS}"], [("100.00", *OPEN_END)], True),
        ("Account no,Date,Amount,Type", [f"{BARE[0]},CR", f"{BARE[1]},DR"], [("100.00", *MADE_IN), ("50.00", *MADE_OUT)], False),
        ("Account,Date,Amount,Sign", [f"{BARE[0]},-", f"{BARE[1]},+"], [("100.00", *MADE_OUT), ("50.00", *MADE_IN)], False),
        ("Account,Date,Amount,Af Bij", [f"{BARE[0]},Af", f"{BARE[1]},Bij"], [("100.00", *MADE_OUT), ("50.00", *MADE_IN)], False),
        ("Account,Date,Amount,x", [f"{BARE[0]},D", f"{BARE[1]},C"], [("100.00", *MADE_OUT), ("50.00", *MADE_IN)], False),
        ("Account,Date,Amount,Sens", [f"{BARE[0]},Crédit", f"{BARE[1]},Débit"], [("100.00", *MADE_IN), ("50.00", *MADE_OUT)], False),
        ("Account,Date,Amount,Type", [f"{BARE[0]},CR", f"{BARE[1]},Fee"], [("100.00", *OPEN_END), ("50.00", *OPEN_END)], True),
        ("Account,Date,Amount,+/-", [f"{BARE[0]},-", f"{BARE[1]},"], [("100.00", *OPEN_END), ("50.00", *OPEN_END)], True),
        ("Account,Date,Amount,Card type", [f"{BARE[0]},Debit", f"{BARE[1]},Credit"], [("100.00", *OPEN_END), ("50.00", *OPEN_END)], True),
        ("Account,Date,Amount,a,b", [f"{BARE[0]},in,out", f"{BARE[1]},out,in"], [("100.00", *OPEN_END), ("50.00", *OPEN_END)], True),
        ("Account,Date,Amount,Remitter", [f"{BARE[0]},Tam"], [("100.00", *OPEN_END)], True),
        ("Payer account,Date,Amount", BARE, [("100.00", *MADE_OUT), ("50.00", *MADE_OUT)], False),
        ("Account,Date,Amount,Payee", [f"{BARE[0]},Tam"], [("100.00", OWN, "Tam")], False),
        ("Account,Date,Amount,Payee,x", [f"{BARE[0]},Tam,dr", f"{BARE[1]},Ula,cr"], [("100.00", OWN, "Tam"), ("50.00", *OPEN_END)], True),
        ("Account,Date,Amount,Payer", [f"{BARE[0]},Tam"], [("100.00", "Tam", "")], True),
    ],
)  # fmt: skip
def test_a_header_of_an_account_says_whose_it_is_and_not_who_pays(
    made: Make, head: str, lines: list[str], claimed: list[tuple[str, str, str]], *, is_told: bool
) -> None:
    rows = list(read(made("a.csv", "\n".join([head, *lines, ""]))))
    assert sides(rows) == claimed
    assert ("direction-unknown" in codes(rows)) == is_told
    assert OWN in values(rows, "BankAccount", "accountNumber")


def test_the_holder_of_an_account_is_no_payer(made: Make) -> None:
    text = f"Account holder,Account,Date,Amount,Purpose\nSam Own,{OWN},{PLUS}\nSam Own,{OWN},{MINUS}\n"
    rows = list(read(made("a.csv", text)))
    assert sides(rows) == [("100.00", "", "Sam Own"), ("50.00", "Sam Own", "")] and not codes(rows)
    rows = list(read(made("b.csv", text.replace("-", ""))))
    assert sides(rows) == [("100.00", *OPEN_END), ("50.00", *OPEN_END)] and "direction-unknown" in codes(rows)
    assert len(entities(rows, "Ownership")) == 1


def test_an_account_beside_a_named_payer_is_nobodys(made: Make) -> None:
    rows = list(read(made("a.csv", f"Account,Date,Amount,Payer\n{BARE[0]},Tam\n")))
    assert not entities(rows, "Ownership") and not values(rows, "Payment", "payerAccount")
    head = "Payer,Account,Beneficiary,Beneficiary account,Date,Amount\n"
    rows = list(read(made("b.csv", f"{head}Tam,{OWN},Ula,{OTHER},2024-02-01,1.00\n")))
    assert len(entities(rows, "Ownership")) == 2 and values(rows, "Payment", "payerAccount") and not codes(rows)


def test_a_mapping_saved_before_with_the_own_account_as_payer_names_no_payer(made: Make) -> None:
    named = made("n.csv", f"Payer account,Date,Amount\n{BARE[0]}\n")
    file = made("a.csv", f"Account,Date,Amount\n{BARE[0]}\n")
    mapping = guess_file_mapping(named).to_json().replace("Payer account", "Account")
    rows = list(read(file, {"mapping": mapping}))
    assert sides(rows) == [("100.00", *OPEN_END)] and "direction-unknown" in codes(rows)
    said = guess_file_mapping(file, said={"": OfficerChoice(kind="payments", fields={"Account": "payer_account"})})
    assert sides(list(read(file, {"mapping": said.to_json()}))) == [("100.00", *MADE_OUT)]

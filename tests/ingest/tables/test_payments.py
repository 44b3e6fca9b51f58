"""Payments and statements of account: who paid whom, where the table says it."""

from __future__ import annotations

import json

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, entities
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

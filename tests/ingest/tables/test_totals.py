"""Rows that sum up a table are kept as text and told; a company that is called so, with something of its own, is a record."""

from __future__ import annotations

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import Make, codes, entities, workbook
from workbench.ingest import read
from workbench.ingest.calls.trailing_rows import is_total
from workbench.model.rows import Issue, Passage

HEAD = "Fecha;Ordenante;Beneficiario;Importe;Divisa\n"
ROWS = "13/01/2024;JOSÉ;MARÍA;10,50;EUR\n14/01/2024;JOSÉ;ANA;20,00;EUR\n"
PERSONS = (
    "Name;Phone;Date of birth;Occupation\nAnna Berg;600111222;1980-02-01;driver\nCarl Dorn;600111223;1981-03-02;cook\n"
)


@pytest.mark.parametrize(
    "row",
    [
        ";;TOTAL;30,50;EUR", ";Total;;30,50;EUR", "Total;;;30,50;", "Summe;;;30,50;EUR", ";;Total général;30,50;EUR",
        "Total general;;;30,50;€",
        "المجموع;;;30,50;EUR", "الإجمالي;;;30,50;EUR", "Sub-total;;;30,50;EUR", ";Total;2;30,50;EUR", "Totals:;;;30,50",
        "Итого;;;30,50;RUB",
        "Importe total;;;30,50;EUR", "Total pagos: 2;;;30,50;EUR", "Grand total;;;12345678;EUR", "2;Total;;30,50;EUR",
    ],
)  # fmt: skip
def test_a_row_that_sums_up_payments_is_none(made: Make, row: str) -> None:
    rows = list(read(made("p.csv", HEAD + ROWS + row + "\n")))
    assert values(rows, "Payment", "amount") == {"10.50", "20.00"}
    assert values(rows, "LegalEntity", "name") == {"JOSÉ", "MARÍA", "ANA"}
    told = codes(rows)["bad-row"]
    assert "totals or notes, not like records: 1 (rows 4" in told.message and "saved as text only" in told.message
    assert row.strip(";").split(";")[0] in of(Passage, rows)[-1].text


@pytest.mark.parametrize(
    "row",
    [
        "15/01/2024;JOSÉ;TOTAL;30,50;EUR", ";JOSÉ;TOTAL;30,50;EUR", ";;TotalEnergies;30,50;EUR", ";;Total SA;30,50;EUR",
        "15/01/2024;Total;;30,50;EUR", ";Bo;Total;30,50;EUR",
    ],
)  # fmt: skip
def test_a_party_that_is_called_total_stays(made: Make, row: str) -> None:
    rows = list(read(made("p.csv", HEAD + ROWS + row + "\n")))
    assert values(rows, "Payment", "amount") == {"10.50", "20.00", "30.50"}
    assert not [one for one in of(Issue, rows) if "totals or notes" in one.message]


@pytest.mark.parametrize("own", ["ES9121000418450200051332", "12"])
def test_a_holder_that_is_called_total_stays_with_an_account(made: Make, own: str) -> None:
    rows = list(read(made("a.csv", f"IBAN;Holder;Bank\nDE89370400440532013000;Anna Berg;B\n{own};Total;B\n")))
    assert "Total" in values(rows, "LegalEntity", "name")


@pytest.mark.parametrize("reference", ["TR-7", "4711"])
def test_a_payment_with_a_reference_of_its_own_stays(made: Make, reference: str) -> None:
    head, first = "Date;Payer;Beneficiary;Amount;Transaction ID\n", "2024-01-13;Anna;Carl;10.50;TR-1\n"
    rows = list(read(made("p.csv", head + first * 3 + f";;Total;30.50;{reference}\n")))
    assert "30.50" in values(rows, "Payment", "amount")


@pytest.mark.parametrize(
    "row", ["Total;48;;", "TOTAL;;;2", "Nombre total de personnes;2;;", "Total persons: 2;;2;", "Summe;;2;"]
)
def test_a_row_that_sums_up_a_register_is_nobody(made: Make, row: str) -> None:
    rows = list(read(made("r.csv", PERSONS + row + "\n")))
    assert values(rows, "Person", "name") == {"Anna Berg", "Carl Dorn"}
    assert values(rows, "TelephoneNumber", "number") == {"600111222", "600111223"}
    assert "totals or notes, not like records: 1 (rows 4" in codes(rows)["bad-row"].message


@pytest.mark.parametrize("row", ["Total;600111224;;", "Total;;1984-03-01;", "Total;;;baker", "Sum Kim;48;;"])
def test_a_person_that_is_called_so_stays(made: Make, row: str) -> None:
    rows = list(read(made("r.csv", PERSONS + row + "\n")))
    assert len(entities(rows, "Person")) == 3


def test_totals_of_a_workbook_and_of_records_are_told(made: Make) -> None:
    cells = [["Date", "Payer", "Beneficiary", "Amount"], ["2024-01-13", "Anna", "Carl", 10.5], ["", "", "Total", 10.5]]
    rows = list(read(made("p.xlsx", workbook({"x": cells}))))
    assert values(rows, "Payment", "amount") == {"10.5"} and "bad-row" in codes(rows)
    listed = '[{"date": "2024-01-13", "payer": "Anna", "payee": "Carl", "amount": "10.50"}, {"payee": "Total", "amount": "10.50"}]'
    assert len(entities(list(read(made("p.json", listed))), "Payment")) == 1


def test_words_of_totals_are_no_others() -> None:
    for text in ("de la", "2024", "", "Amount", "Count", "Totalitarian", "Summer", "x" * 100):
        assert not is_total(text), text

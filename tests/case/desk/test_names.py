"""Names in the running text of a message are compared with those of the case: as suggestions, which raise nothing."""

from __future__ import annotations

from pathlib import Path

from workbench.case.case import Case

TELEX = """FROM: {bureau}
TO: IP PORT LOUIS
REF: {ref}
SUBJECT: FRAUD
TEXT: On {day} May 2026 in {town} the suspect Pedro Ruiz Soto, born on 1 February 1979, sold forged tickets.
NNNN
"""


def test_a_name_in_a_text_is_told_where_a_person_or_another_message_has_it(case: Case, tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(
        "name,birthDate\nPedro Ruiz Soto,1979-02-01\nAnna Berg,1980-01-01\n", encoding="utf-8"
    )
    case.add(tmp_path / "persons.csv")
    first = TELEX.format(bureau="IP MADRID", ref="N/1", day=3, town="Madrid")
    second = TELEX.format(bureau="BCN PARIS", ref="N/2", day=4, town="Paris")
    (tmp_path / "telex.txt").write_text(first + second, encoding="utf-8")
    case.desk.imports.add(tmp_path / "telex.txt")
    found = case.desk.links("N/1")
    assert set(found["value"]) == {"Pedro Ruiz Soto"} and set(found["by"]) == {"suggested"}
    assert set(found["said"]) == {"2 documents may mention this person"} and set(found["why"]) == {"the same name"}
    text = getattr(case.desk.message("N/1"), found["field"].iloc[0])
    assert text[found["start"].iloc[0] : found["end"].iloc[0]] == "Pedro Ruiz Soto"
    assert set(case.desk.inbox()["links"]) == {0}, "a name raises nothing"

"""Short numbers, lines of passports and short names of firms in a pseudonymised copy: replaced, or told in what is left."""

from __future__ import annotations

import re
from pathlib import Path

from tests.case.copies import make_copy, open_copy
from workbench.case.case import open_case

GO = ("M-A 12", "MA12", "B-K 7", "X4Z9", "QX-77", "QX77")
"""As the claims write them, and without the signs within."""
STAY = ("m-a 12", "BK 7", "qx77", "7712", "AM-A 123")
LINE = "P<GBRQUILLON<<GERUL<<<<<<<<<<<<<<<<<<<<<<<<<"


def test_a_short_number_goes_where_it_is_written_so_and_else_is_told(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    for plate in ("M-A 12", "B-K 7"):
        case.evidence.add("Vehicle", source="officer's knowledge", registrationNumber=plate)
    case.evidence.add(
        "Person", source="officer's knowledge", name="Ada Quorndon", passportNumber="X4Z9", idNumber="QX-77"
    )
    for name in ("Glimmerfax Ltd", "Run Ltd"):
        case.evidence.add("Company", source="officer's knowledge", name=name, taxNumber="7712")
    text = (
        "\n\n".join(f"Then <{one}> came." for one in (*GO, *STAY))
        + f"\n\n({LINE})\n\nRun paid Glimmerfax and glimmerfax; they run.\n"
    )
    (tmp_path / "n.txt").write_text(text, "utf-8")
    case.add(tmp_path / "n.txt")
    made = make_copy(case, tmp_path)
    copy = open_copy(made)
    text = "\n".join(copy.context.passages.sort_values("number")["text"])
    stated = set(copy.evidence.list()["value"])
    copy.close()
    found = re.findall(r"<([^<>]*)> came", text)
    assert not set(GO) & {*found[: len(GO)], *stated} and {found[0], *found[2:5]} <= stated
    assert found[len(GO) :] == list(STAY)
    left = set(made.left["word"])
    assert {"m-a 12", "BK 7", "qx77", "7712", LINE, "Run"} <= left and "GBRQUILLON" not in left
    assert not re.search("glimmerfax", text, re.IGNORECASE) and "Run paid" in text and "they run" in text

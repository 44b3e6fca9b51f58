"""A telephone number has one token in a pseudonymised copy, also where it is written as an account or a link of a messenger."""

from __future__ import annotations

import re
from pathlib import Path

from tests.case.copies import make_copy, open_copy
from workbench.case.case import open_case

NUMBER = "447700900321"
FORMS = (
    f"+{NUMBER}", f"tel:+{NUMBER}", f"{NUMBER}@s.whatsapp.net", f"+{NUMBER}@s.whatsapp.net", f"{NUMBER}@c.us", f"+{NUMBER}@c.us",
    f"{NUMBER}-1600000000@g.us", f"wa.me/{NUMBER}", f"https://wa.me/{NUMBER}?text=hi", f"https://wa.me/+{NUMBER}", f"t.me/+{NUMBER}",
    f"https://api.whatsapp.com/send?phone={NUMBER}", f"https://api.whatsapp.com/send?text=x&phone=%2B{NUMBER}",
    "+44 7700 900-321",
)  # fmt: skip
OTHER = "447700900555"


def test_a_number_is_the_same_in_accounts_and_links_of_messengers(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    case.evidence.add("Person", source="officer's knowledge", name="Ada Quorndon", phone=f"+{NUMBER}", because="x")
    lines = [f"Then <{one}> came." for one in (*FORMS, f"wa.me/{OTHER}", f"+{OTHER}@s.whatsapp.net", f"+{OTHER}")]
    (tmp_path / "n.txt").write_text("\n\n".join(lines), "utf-8")
    case.add(tmp_path / "n.txt")
    made = make_copy(case, tmp_path)
    copy = open_copy(made)
    text = "\n".join(copy.context.passages.sort_values("number")["text"])
    copy.close()
    found = re.findall(r"<([^<>]*)> came", text)
    token = found[0].removeprefix("+")
    assert token.isdigit() and token != NUMBER and len(found) == len(FORMS) + 3
    for one, form in zip(found, FORMS, strict=False):
        assert token in re.sub(r"[ -](?!1600|\d{10}@)", "", one), (form, one)
    other = found[-1].removeprefix("+")
    assert other != token and other in found[-2] and other in found[-3] and NUMBER not in text and OTHER not in text

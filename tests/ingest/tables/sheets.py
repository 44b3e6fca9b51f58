"""Tables to be read, and what was read of them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable

from workbench.ingest import SourceFile
from workbench.model.rows import Claim, Issue, Row

Make = Callable[[str, str | bytes], SourceFile]
CALLS = """Operator Example;;;;
Target: 07700900123 period 01/07/2022-31/07/2022;;;;
A Party Number;B Party No;Call Type (IN, OUT, SMT, SMO);Call Date;Call Time;Dur(s);IMEI;IMSI;First CGI;Tariff
'07700900123';07700900456;OUT;13/07/2022;10:11:12;63;490154203237518;234101234567890;234-10-1-2;x
'07700900123';07700900456;IN;14/07/2022;10:11:12;1:03;490154203237518;234101234567890;234-10-1-2;x
'07700900123';4.47E+11;IN;14/07/2022;25:11:12;long;490154203237518;234101234567890;234-10-1-2;x
'07700900123';07700900456;IN;14/07/2022;10:11:12;1:03;490154203237518;234101234567890;234-10-1-2;x
Total 4;;;;
"""
PERSONS = """Nom,Prénom,Date de naissance,Téléphone,Courriel,Passport
Dupont,Marie,31/01/1980,+33 6 39 98 12 34,Marie@x.fr,12AB34567
Durand,Luc,01/02/1990,06 39 98 12 35,,
"""


def entities(rows: Iterable[Row], name: str) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in rows:
        if isinstance(claim, Claim) and claim.schema == name:
            found[claim.entity_id][claim.prop].add(claim.value)
    return found


def codes(rows: Iterable[Row]) -> dict[str, Issue]:
    return {row.code: row for row in rows if isinstance(row, Issue)}


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

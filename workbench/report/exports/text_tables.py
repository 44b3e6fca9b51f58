"""Tables as text (CSV, TSV) that a spreadsheet opens without making a formula of anything."""

from __future__ import annotations

import csv as csv_format
import io
from typing import TYPE_CHECKING, Literal

from workbench.model.text.spreadsheet_escape import escape_formula
from workbench.report.exports.cells import add_index_columns, to_cell_value

if TYPE_CHECKING:
    import pandas as pd

    from workbench.report.exports.export_header import About


def to_csv(frame: pd.DataFrame, about: About | None = None, *, mark: str = ",") -> bytes:
    """The table as CSV (RFC 4180, UTF-8 with its byte order mark, line ends CRLF).

    Texts are guarded (`guard`, taken back by `unguard`), numbers stay numbers, lists and mappings are JSON, what is missing
    is empty. The same table gives the same bytes; what is said of it stands beside it, not in it.
    """
    del about
    out = io.StringIO()
    kept: Literal[0, 2] = csv_format.QUOTE_MINIMAL if mark == "," else csv_format.QUOTE_NONNUMERIC
    writer = csv_format.writer(out, delimiter=mark, lineterminator="\r\n", quoting=kept)
    whole = add_index_columns(frame)
    writer.writerow([escape_formula(str(name)) for name in whole.columns])
    for row in whole.itertuples(index=False, name=None):
        writer.writerow(
            [escape_formula(value) if isinstance(value, str) else value for value in map(to_cell_value, row)]
        )
    return out.getvalue().encode("utf-8-sig")


def to_tsv(frame: pd.DataFrame, about: About | None = None) -> bytes:
    """The table as `csv` writes it, with tabs between its cells; texts are quoted, so that a comma parts no cell either."""
    return to_csv(frame, about, mark="\t")

"""How a call table is read, and what of it the rules about whole tables look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.ingest.calls.values.column_codes import Ints

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIELDS = frozenset(
    "a target b direction connection start end date time end_date end_time duration imei imsi first_cell last_cell record forwarded"
    " mcc mnc lac ci last_lac last_ci cell_name point lat lon azimuth roaming switch smsc ip port bytes_up bytes_down operator".split()
)
"""What a column of a call table can be."""

POOLED = frozenset({"a", "b", "target", "forwarded", "imei", "imsi"})
"""Columns whose values are looked up in what the table has shown before."""

PLAIN = frozenset({"record", "start", "end", "ip", "port", "bytes_up", "bytes_down"}) | POOLED
"""Columns with so many different values that it does not pay to code them batch by batch."""

UNKNOWN = -1
"""Seconds of a duration, or bytes, that are not known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a call table is read.

    Attributes
    ----------
    document : str
        Its document.
    columns : mapping
        From a field of FIELDS to the position of its column.
    forms : mapping
        From a field to the order of its dates ('dmy', 'mdy') or the unit of its durations ('s', 'min', 'ms').
    by_target : bool
        Whether the first party is whom the records are about, so that it was called where the direction is 'in'.
    target : str
        Number that the lines above the table name as the one asked for, '' none.
    line : str
        Number that is caller or called in nearly every row of a table of callers and called, '' none.
    zone, basis : str
        Zone of its times, '' unknown, and who says so: 'told', 'header'.
    values : mapping
        From a cell of the direction or connection column ('smt'), or of one of the two ('direction 1'), to 'event direction'
        ('sms in', '- out'), as a profile of the operator says or the table shows.
    """

    document: str
    columns: Mapping[str, int]
    forms: Mapping[str, str] = field(default_factory=dict)
    by_target: bool = False
    target: str = ""
    region: str = ""
    zone: str = ""
    basis: str = ""
    operator: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    line: str = ""


@dataclass(slots=True)
class Facts:
    """What the rules about whole tables look at: one entry per row. Texts are numbers of the table's `Texts`.

    Attributes
    ----------
    way : array
        1 out, 2 in, 3 forwarded, 0 unknown.
    kind : array
        1 voice, 2 text, 3 data, 4 forwarded, 0 unknown.
    """

    rows: Ints
    target: NDArray[np.int32]
    other: NDArray[np.int32]
    imei: NDArray[np.int32]
    imsi: NDArray[np.int32]
    cell: NDArray[np.int32]
    start: Ints
    duration: Ints
    way: NDArray[np.int8]
    kind: NDArray[np.int8]
    lat: NDArray[np.float64] | None
    lon: NDArray[np.float64] | None

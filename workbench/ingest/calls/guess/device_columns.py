"""Which columns are the handset and the SIM card: fifteen digits each, told apart by their first ones and by how often they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Choice, Ground, Reading, choose_columns, combine_candidates
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.ingest.calls.values import phone_numbers
from workbench.ingest.calls.values.cell_ids import COUNTRY
from workbench.model.catalogue import Sentence

CODES = Path(__file__).parents[1] / "lexicon" / "networks.toml"
REPORTING = ("35", "86", "01", "99", "98", "91", "45", "44", "49", "50", "51", "52", "53")
"""First digits of bodies that allocate handsets their type codes (GSMA TS.06, 3GPP TS 23.003)."""
MOST = 0.5
ALIKE = 0.9
LEAST = 0.85
ENOUGH = 8
PLAIN = 2.5
"""What a header says at the least that names a handset or a card."""
OFTEN = 0.3
"""Changes from row to row, as a share of the rows, above which a column is of what changes from call to call."""


class Devices:
    """Readings of the columns of fourteen to sixteen digits."""

    def __init__(self, grid: Grid, heads: Heads, names: Sequence[str]) -> None:
        self.grid, self.heads = grid, heads
        self.names = [name for name in names if self._is_long(name)]

    def _is_long(self, name: str) -> bool:
        column = self.grid[name]
        if not column.filled.any():
            return max(self.heads.score_field(name, "imei"), self.heads.score_field(name, "imsi")) >= 3
        return column.shape.fifteen >= 0.6 and column.shape.moment < MOST

    def choose(self, fields: Sequence[str]) -> Choice:
        """Handset and card, of the fields that are still open."""
        ways = combine_candidates({field: ["", *self.names] for field in fields})
        return choose_columns(
            Reading(one, [ground for pair in one.items() for ground in self._list_grounds(*pair)]) for one in ways
        )

    def _list_grounds(self, field: str, name: str) -> Iterator[Ground]:
        yield self.heads.build_ground(name, field)
        column = self.grid[name]
        if not column.filled.any():
            return
        yield from self._score_steadiness(name, field)
        yield from self._score_handset(name) if field == "imei" else self._score_card(name)

    def _score_steadiness(self, name: str, field: str) -> Iterator[Ground]:
        """A handset or card is the same in many rows; a cell or a record's number is not."""
        column = self.grid[name]
        rows = int(column.filled.sum())
        if rows < ENOUGH:
            return
        changes = int((np.diff(column.codes[column.filled]) != 0).sum())
        yield Ground(0.5 if column.different <= 0.25 * rows else -3)
        if changes > OFTEN * rows and self.heads.score_field(name, field) < PLAIN:
            yield Ground(-4)

    def _score_handset(self, name: str) -> Iterator[Ground]:
        texts = [_extract_digits(text) for text in self.grid[name].values if text]
        begun = sum(text.startswith(REPORTING) for text in texts) / len(texts)
        checked = sum(_is_checked(text) for text in texts) / len(texts)
        yield Ground(2.0 if begun >= ALIKE else -2.0, "imei", Sentence("ground.handset"))
        yield Ground(1.5 if checked >= MOST else -0.5, "imei", Sentence("ground.check_digit"))
        if self._compute_code_share(texts) >= LEAST:
            yield Ground(-4)

    def _score_card(self, name: str) -> Iterator[Ground]:
        texts = [text for text in self.grid[name].values if text]
        country = sum(int(text[:3]) in COUNTRY for text in texts if text.isdecimal()) / len(texts)
        if country < LEAST or any(len(text) > phone_numbers.IMEI for text in texts):
            yield Ground(-5)
            return
        own = self._compute_code_share(texts)
        if own >= LEAST:
            yield Ground(3.0, "imsi", Sentence("ground.country"))
        elif list_network_codes(self.grid.region):
            yield Ground(-1)
        if len(texts) <= 3:
            yield Ground(1.0, "imsi", Sentence("ground.constant"))
        if len(texts) >= 3 and all(text.isdecimal() and phone_numbers.has_check_digit(text) for text in texts):
            yield Ground(-1.5)

    def _compute_code_share(self, texts: Sequence[str]) -> float:
        """Share of texts that begin with a code of the country's mobile networks."""
        codes = list_network_codes(self.grid.region)
        return sum(text[:3] in codes for text in texts) / len(texts) if codes else 0.0


def _extract_digits(text: str) -> str:
    """Digits of a handset, however its label writes them."""
    return "".join(c for c in text if c.isdecimal()) if phone_numbers.DEVICE.fullmatch(text) else text


def _is_checked(text: str) -> bool:
    """Whether the last of fifteen digits checks the others, or is the 0 that networks put in its place."""
    return (
        len(text) == phone_numbers.IMEI
        and text.isdecimal()
        and (phone_numbers.has_check_digit(text) or text.endswith("0"))
    )


@lru_cache(maxsize=1)
def _load_codes() -> Mapping[str, str]:
    import tomllib

    return dict(tomllib.loads(CODES.read_text("utf-8"))["countries"])


@lru_cache(maxsize=256)
def list_network_codes(region: str) -> tuple[str, ...]:
    """Mobile country codes of a country (ITU-T E.212)."""
    return tuple(_load_codes().get(region.upper(), "").split()) if region else ()

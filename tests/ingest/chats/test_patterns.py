"""Every pattern of the readers of telephones, messengers and banks takes a time that grows with the text, whatever it is."""

from __future__ import annotations

import re

import pytest

from tests.cost import linear
from workbench.ingest.banking import mt940, statement
from workbench.ingest.chats import message_times, signal, telegram, telegram_page, whatsapp
from workbench.ingest.phones import positions, report_times, report_workbook

MODULES = (
    statement,
    mt940,
    signal,
    message_times,
    telegram,
    telegram_page,
    whatsapp,
    report_times,
    positions,
    report_workbook,
)
PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
SEEDS = (
    "a",
    "0",
    " ",
    "1/",
    "1.",
    "1:",
    "a-",
    "a b ",
    "\n",
    "(",
    "<a: ",
    'a="',
    "/IBAN/",
    "IBAN ",
    "x.pdf (",
    "+1 ",
    "[1/1/1 1:1",
)


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_patterns_take_linear_time(name: str) -> None:
    pattern = PATTERNS[name]
    for seed in SEEDS:
        small, large = (seed * (size // len(seed)) for size in (3_000, 30_000))
        linear(lambda subject: _put(pattern, subject), small, large, least=0.002)


def _put(pattern: re.Pattern[str] | re.Pattern[bytes], subject: str) -> None:
    text = subject.encode() if isinstance(pattern.pattern, bytes) else subject
    for work in (pattern.search, pattern.fullmatch, pattern.match):
        work(text)  # type: ignore[arg-type]

"""Registers: entities and statements of FollowTheMoney, and notices of INTERPOL as its public service writes them."""

from __future__ import annotations

from workbench.ingest.reading.source import Reader
from workbench.ingest.registers import ftm_entities, ftm_statements, notices

READERS: dict[str, Reader] = {
    notices.METHOD: Reader(notices.VERSION, notices.detect, notices.read),
    ftm_statements.METHOD: Reader(ftm_statements.VERSION, ftm_statements.detect, ftm_statements.read),
    ftm_entities.METHOD: Reader(ftm_entities.VERSION, ftm_entities.detect, ftm_entities.read),
}

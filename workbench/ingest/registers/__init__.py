"""Registers: entities and statements of FollowTheMoney, and notices of INTERPOL as its public service writes them."""

from __future__ import annotations

from workbench.ingest.reading.source import Reader
from workbench.ingest.registers import entities, notices, statements

READERS: dict[str, Reader] = {
    notices.METHOD: Reader(notices.VERSION, notices.detect, notices.read),
    statements.METHOD: Reader(statements.VERSION, statements.detect, statements.read),
    entities.METHOD: Reader(entities.VERSION, entities.detect, entities.read),
}

"""Damaged registers, tables, maps, charts and address books: no exception but SourceError, no hang, no row without a place."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from tests.cost import linear
from tests.ingest.charts.test_anx import ADA, PHONE, chart, link
from tests.ingest.phones.test_cards import FOUR, OLD, THREE
from tests.ingest.places.test_places import FEATURES, GPX, KML, kmz
from tests.ingest.registers import test_entities as ftm
from tests.ingest.registers.test_notices import RED, UN, YELLOW
from tests.ingest.tables.test_sources import FILES
from tests.ingest.test_faults import mutated, survives
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.contacts import vcard
from workbench.ingest.registers import record_claims
from workbench.ingest.tables.sheets import ods
from workbench.model.rows import Batch

STATEMENTS = (
    "canonical_id,entity_id,prop,schema,value,dataset,lang,original_value,external\nN,p,name,Person,Ada,d,eng,ADA,f\n"
)
LINK = link(1, 2, "Uses", "uses", DateSet="true", DateTime="2022-07-01T00:00:00.000")
CASES: dict[str, tuple[str, bytes, int]] = {
    "notices.json": ("notice", json.dumps([RED, YELLOW, UN]).encode(), 500),
    "entities.jsonl": ("ftm-entities", "\n".join(map(json.dumps, (ftm.ADA, ftm.FIRM, ftm.OWNS))).encode(), 1_500),
    "statements.csv": ("ftm-statements", STATEMENTS.encode(), 1_500),
    "map.kml": ("kml", KML.encode(), 1_500),
    "map.kmz": ("kml", kmz(doc_kml=KML), 1_000),
    "track.gpx": ("gpx", GPX.encode(), 1_500),
    "map.geojson": ("geojson", json.dumps(FEATURES, indent=1).encode(), 1_500),
    "chart.anx": ("anx", chart(ADA, PHONE, LINK).data or b"", 1_500),
    "book.vcf": ("contact-cards", (OLD + THREE + FOUR).encode(), 1_500),
    **{
        name: ("table", data if isinstance(data, bytes) else data.encode(), 1_000)
        for name, data in FILES.items()
        if name != "p.tsv"
    },
}


@pytest.mark.faults
@pytest.mark.parametrize("name", CASES)
def test_damaged_files_never_raise(name: str) -> None:
    reader, data, times = CASES[name]
    dice = random.Random(name)
    for number in range(times):
        survives(name, mutated(data, dice), None if number % 3 == 0 else reader)


@pytest.mark.parametrize("name", CASES)
def test_each_is_known_by_its_content(name: str) -> None:
    reader, data, _ = CASES[name]
    assert detect(SourceFile(Path("/nowhere"), "0" * 64, name, data)).reader == reader


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_the_same_bytes_give_the_same_rows(name: str) -> None:
    reader, data, _ = CASES[name]
    file = SourceFile(Path("/nowhere"), "0" * 64, name, data)
    one, two = (
        [str(row.rows.to_pylist()) if isinstance(row, Batch) else row for row in read(file, reader=reader)]
        for _ in range(2)
    )
    assert one == two


PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in (vcard, record_claims, ods)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}


@pytest.mark.parametrize("name", sorted(PATTERNS))
@pytest.mark.parametrize("seed", ["0", "\\", ";", "2022-01-01T00:00:00.0", "PT1H", '"', "+0:", "a"])
def test_patterns_take_linear_time(name: str, seed: str) -> None:
    pattern = PATTERNS[name]
    small, large = (seed * (size // len(seed)) for size in (20_000, 200_000))
    linear(lambda text: [pattern.fullmatch(text), pattern.sub("", text)], small, large, least=0.005)

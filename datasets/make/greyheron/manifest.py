"""The description of the data set: files, hashes, columns and counts."""

from __future__ import annotations

import csv
import hashlib
import io
from email import message_from_bytes

import yaml

ENCODINGS: dict[str, dict[str, str | int]] = {
    "files/calls.csv": {"delimiter": ";", "skip_rows": 4, "skip_footer": 1},
    "files/registers/cells.csv": {"delimiter": ";", "skip_rows": 0, "skip_footer": 0},
}


def as_yaml(value: object) -> bytes:
    """Return the value as YAML, keys in their order, no line folding."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000)).encode("utf-8")


def columns_of(name: str, content: bytes) -> list[str]:
    """Return the column names of a CSV file of the data set."""
    form = ENCODINGS.get(name, {"delimiter": ",", "skip_rows": 0})
    rows = csv.reader(io.StringIO(content.decode("utf-8")), delimiter=str(form["delimiter"]))
    return list(rows)[int(form["skip_rows"])]


def _entry(name: str, content: bytes, tables: dict[str, dict[str, object]]) -> dict[str, object]:
    entry: dict[str, object] = {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if name.endswith(".csv"):
        entry["columns"] = columns_of(name, content)
        entry.update(ENCODINGS.get(name, {}))
    if name.endswith(".eml"):
        entry["message_id"] = str(message_from_bytes(content)["Message-ID"])
    entry.update(tables.get(name, {}))
    return entry


def make_manifest(
    seed: int, files: dict[str, bytes], tables: dict[str, dict[str, object]], counts: dict[str, int]
) -> bytes:
    """Return ``dataset.yml``.

    Parameters
    ----------
    seed : int
        The seed of the generator.
    files : dict of str to bytes
        Everything a learner may open, by path.
    tables : dict of str to dict
        What else is worth saying of a file, for example the columns of a workbook.
    counts : dict of str to int
        What a reader of the files must find.
    """
    return as_yaml(
        {
            "name": "harbour",
            "title": "Operation Grey Heron",
            "description": "A fictional case for training: a container whose seal was changed at night",
            "licence": "CC-BY-4.0",
            "fictional": True,
            "generator": "datasets/make/harbour.py",
            "seed": seed,
            "period": {"from": "2025-08-25", "to": "2025-10-03"},
            "time_zones": {"files/chats.txt": "UTC", "files/calls.csv": "+02:00", "files/mail": "in each header"},
            "counts": counts,
            "files": [_entry(name, content, tables) for name, content in sorted(files.items())],
        }
    )

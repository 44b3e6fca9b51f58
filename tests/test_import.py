"""What the import costs, and that the public names are exactly these."""

from __future__ import annotations

import json
import subprocess
import sys

import workbench

PROBE = """
import json, sys, time
start = time.process_time()
import workbench
used = time.process_time() - start
print(json.dumps({"cpu": used, "heavy": [name for name in ("spacy", "torch", "sentence_transformers", "followthemoney", "pandas")
    if name in sys.modules]}))
"""


def test_the_import_is_light() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["cpu"] < 0.5
    assert found["heavy"] == []


def test_the_public_names_are_these() -> None:
    expected = [
        "Case",
        "CaseError",
        "ModelError",
        "SchemaError",
        "SourceError",
        "WorkbenchError",
        "open_case",
        "shipped",
    ]
    assert workbench.__all__ == expected == dir(workbench)
    assert all(getattr(workbench, name) for name in expected)

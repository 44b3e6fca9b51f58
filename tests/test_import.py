"""What the import costs, and that the public names are exactly these."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from tests.cost import measured

PROBE = """
import json, sys, time
start = time.process_time()
import pytest

import workbench
used = time.process_time() - start
print(json.dumps({"cpu": used, "heavy": [name for name in ("spacy", "torch", "sentence_transformers", "followthemoney", "pandas",
    "cryptography", "pyrage", "sd_jwt")
    if name in sys.modules]}))
"""


def test_the_import_is_light() -> None:
    def imported() -> float:
        done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        assert found["heavy"] == []
        return float(found["cpu"])

    measured(0.5, imported)


def test_identities_load_no_cryptography_before_it_is_needed() -> None:
    probe = (
        "import sys, workbench.identity; print([n for n in ('cryptography', 'pyrage', 'sd_jwt') if n in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.slow
def test_a_note_loads_no_desk(tmp_path: Path) -> None:
    probe = f"""import sys, workbench
workbench.open_case({str(tmp_path / "case")!r}, officer="ada", purpose="test").review.note("Seen.")
print([name for name in sys.modules if name.startswith("workbench.case.desk")])"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_these() -> None:
    expected = [
        "Case",
        "CaseError",
        "IdentityError",
        "ModelError",
        "PackageError",
        "SchemaError",
        "SourceError",
        "WorkbenchError",
        "open_case",
        "open_package",
        "reidentify",
        "restore",
        "shipped_folder",
        "spark",
        "start",
    ]
    assert workbench.__all__ == expected == dir(workbench)
    assert all(getattr(workbench, name) for name in expected)


@pytest.mark.parametrize("package", ["workbench.graph", "workbench.ingest", "workbench.views"])
def test_no_name_that_is_loaded_on_use_is_that_of_a_module(package: str) -> None:
    """Once such a module is loaded, Python would take it for the name."""
    module = importlib.import_module(package)
    folder = Path(str(module.__file__)).parent
    there = {path.stem if path.suffix == ".py" else path.name for path in folder.iterdir()}
    assert not there & set(module._PLACES)
    assert all(getattr(module, name) for name in module.__all__)
    with pytest.raises(AttributeError, match="has no 'nothing'"):
        module.nothing  # noqa: B018

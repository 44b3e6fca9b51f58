"""ONNX Runtime counts its users from native code, where no guard of Python looks: it is told not to before it is loaded."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = """
from workbench.search.runtime import load_onnxruntime
import numpy, onnx.helper as o
ends = [o.make_tensor_value_info(name, 1, [1]) for name in "xy"]
model = o.make_model(o.make_graph([o.make_node("Identity", ["x"], ["y"])], "g", ends[:1], ends[1:]), opset_imports=[o.make_opsetid("", 17)])
model.ir_version = 8
session = load_onnxruntime().InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
print(session.run(None, {"x": numpy.ones(1, numpy.float32)})[0])
"""


def ran(program: str, home: Path, **more: str) -> str:
    own = {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LOCALAPPDATA": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
    }
    kept = {
        name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=kept | own | more, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("set_by_the_user", [None, "0"])
def test_no_identifier_and_no_event_is_kept(tmp_path: Path, set_by_the_user: str | None) -> None:
    """Left to itself version 1.32 writes an identifier of the device and a queue of events below the home folder."""
    assert ran(RUN, tmp_path, **({"ORT_DISABLE_TELEMETRY": set_by_the_user} if set_by_the_user else {})) == "[1.]"
    assert [
        path for path in tmp_path.rglob("*") if "microsoft" in str(path).lower() or "onnxruntime" in path.name
    ] == []
    assert list(tmp_path.glob(".ses")) == []


def test_any_part_of_the_workbench_switches_it_off() -> None:
    told = "import os, workbench.errors; print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    assert ran(told, ROOT, ORT_DISABLE_TELEMETRY="0") == "1 1"


@pytest.mark.slow
def test_one_place_imports_it() -> None:
    """All others take it from there; a module of its own package may be taken after that."""
    found = {}
    for folder in ("workbench", "widgets", "tools", "notebooks/src", "benchmarks", "datasets/make"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.partition(".")[0] == "onnxruntime" for name in names):
                    found[path.relative_to(ROOT).as_posix()] = names
    assert found == {
        "workbench/search/runtime.py": ["onnxruntime"],
        "workbench/search/model_export.py": ["onnxruntime.quantization"],
    }

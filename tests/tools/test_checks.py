"""The checks: environment.yml beside pyproject.toml, the import contracts, the workflow files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import check_environment
import checking
import installer
import pytest
import validation
import yaml

ROOT = installer.ROOT
PROJECT = {"requires-python": ">=3.11", "dependencies": ["pandas>=2", "torch>=2.6"]}
TOOLS = Path(sys.executable).parent


def test_environment_and_pyproject_agree_here() -> None:
    result = subprocess.run(
        [sys.executable, "tools/check_environment.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_names_of_conda_and_the_pip_section_are_understood() -> None:
    entries: list[object] = ["python >=3.11", "pytorch-cpu >=2.6", "pip", {"pip": ["pandas>=2"]}]
    assert check_environment.list_differences(PROJECT, check_environment.parse_requirements(entries)) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["python >=3.11", "pytorch-cpu >=2.6"], "pandas: not in environment.yml"),
        (["python >=3.11", "pytorch-cpu >=2.6", "pandas >=2", "dask"], "dask: not in pyproject.toml"),
        (["python >=3.12", "pytorch-cpu >=2.6", "pandas >=2"], "python: environment.yml says >=3.12"),
        (["python >=3.11", "pytorch-cpu >=2.6", "pandas"], "pandas: environment.yml says any"),
    ],
)
def test_each_kind_of_difference_is_said(entries: list[object], said: str) -> None:
    found = check_environment.list_differences(PROJECT, check_environment.parse_requirements(entries))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_import_contracts_hold() -> None:
    result = subprocess.run([TOOLS / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("graph", "import workbench.report"),  # from room to room
        ("model", "import workbench.ledger"),  # upwards
        ("search", "def f():\n    import workbench.case"),  # upwards, inside a function
        ("report", "import workbench_widgets"),  # a widget outside views
        ("ledger", "import socket"),  # the network
        ("novelty", ""),  # a room that no contract knows
    ],
)
def test_a_broken_contract_is_found(tmp_path: Path, room: str, line: str) -> None:
    for name in ("workbench", "workbench_widgets", *(f"workbench/{part}" for part in ROOMS), f"workbench/{room}"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / "workbench/errors.py").write_text("")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    assert lint(tmp_path) == (1 if room == "novelty" else 0)
    (tmp_path / "workbench" / room / "__init__.py").write_text(line)
    assert lint(tmp_path) == 1


ROOMS = ("case", "graph", "report", "search", "views", "ledger", "model")


def lint(folder: Path) -> int:
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    command = [TOOLS / "lint-imports", "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False
    ).returncode


def test_what_a_failing_check_says_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    (tmp_path / "wrong.py").write_text("import os\n")
    assert checking.run_all(Path(sys.executable), tmp_path) == 1
    said = capsys.readouterr().out
    assert "F401" in said
    assert said.splitlines()[-1].startswith("check: FAILED: ruff check")


def test_hooks_are_local_so_that_nothing_is_fetched() -> None:
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    assert {hook["language"] for hook in repositories[0]["hooks"]} == {"system"}


def test_ci_is_valid_shell_and_can_be_started() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_ci_fails_loudly_without_the_data(tmp_path: Path) -> None:
    environment = {**os.environ, "WORKBENCH_DATA": str(tmp_path)}
    result = subprocess.run(
        ["bash", str(ROOT / ".ci/run")], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "no cases/crystal-clear" in result.stdout


def test_a_validation_is_kept_with_its_date_before_earlier_ones(tmp_path: Path) -> None:
    told = '<s><testcase classname="a" name="one" time="61.7"/><testcase classname="a" name="two" time="1"><failure/></testcase></s>'
    path = tmp_path / "validation.json"
    for revision in ("older", "newer"):
        validation.save_run(path, validation.parse_results(told, revision))
    newest, oldest = json.loads(path.read_text("utf-8"))
    assert (newest["commit"], oldest["commit"]) == ("newer", "older")
    assert newest["counts"] == {"failure": 1, "passed": 1}
    assert newest["tests"]["a.one"] == {"state": "passed", "seconds": 62}

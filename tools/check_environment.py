"""Compare environment.yml with pyproject.toml: the same packages, the same ranges, the same Pythons."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"torch": "pytorch-cpu", "duckdb": "python-duckdb"}
ONLY_CONDA = {"python", "pip", "pyicu"}  # pyicu: followthemoney's own, which the hashed lock replaces


def parse_requirements(entries: list[object]) -> dict[str, SpecifierSet]:
    """Read the entries of environment.yml, those of its pip section among them.

    Parameters
    ----------
    entries : list
        Strings like ``pandas >=2.2``, and one mapping ``pip: [...]``.

    Returns
    -------
    dict of str to SpecifierSet
        The range of each name.
    """
    found: dict[str, SpecifierSet] = {}
    for entry in entries:
        if isinstance(entry, dict):
            found |= parse_requirements(entry["pip"])
        else:
            requirement = Requirement(str(entry))
            found[requirement.name.lower()] = requirement.specifier
    return found


def list_differences(pyproject: dict[str, object], environment: dict[str, SpecifierSet]) -> list[str]:
    """Say, one line each, where the two files part.

    Parameters
    ----------
    pyproject : dict
        The [project] table.
    environment : dict of str to SpecifierSet
        What `stated` read.

    Returns
    -------
    list of str
        Empty where they agree.
    """
    dependencies = pyproject["dependencies"]
    if not isinstance(dependencies, list):
        return ["pyproject.toml: project.dependencies is no list"]
    wanted = {"python": SpecifierSet(str(pyproject["requires-python"]))}
    for requirement in map(Requirement, dependencies):
        wanted[CONDA_NAMES.get(requirement.name, requirement.name).lower()] = requirement.specifier
    missing = [f"{name}: not in environment.yml" for name in wanted if name not in environment]
    foreign = [f"{name}: not in pyproject.toml" for name in sorted(set(environment) - set(wanted) - ONLY_CONDA)]
    other = [
        f"{name}: environment.yml says {environment[name] or 'any'}, pyproject.toml says {wanted[name] or 'any'}"
        for name in wanted
        if name in environment and environment[name] != wanted[name]
    ]
    return missing + foreign + other


def main() -> int:
    """Compare the two files here; 1 where they differ."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    found = list_differences(project, parse_requirements(environment))
    print("\n".join(found) or f"environment.yml and pyproject.toml agree on {len(project['dependencies'])} packages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

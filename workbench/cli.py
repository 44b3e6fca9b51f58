"""The command `workbench`: the verbs of a case for a terminal, nothing of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench.errors import WorkbenchError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 the case or the data refuse, 2 the command line is wrong."""
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except WorkbenchError as error:
        sys.stderr.write(f"workbench: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nworkbench: stopped. What was acknowledged is kept; run the same command again to go on.\n")
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="workbench", description="Investigative workbench: load, read, search, link, explain, report."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    run = _command(
        commands, "run", _run, "the main job without a notebook: add a folder, read it, link it, write report and chart"
    )
    run.add_argument("folder", type=Path, help="file or folder with the material")
    run.add_argument("--out", type=Path, required=True, help="folder for the case, the report and the chart")
    run.add_argument("--officer", default="analyst", help="who works (signed in the ledger)")
    run.add_argument("--purpose", default="training", help="what for (in the audit log)")
    run.add_argument("--zone", default="", help="time zone of times that carry none, e.g. Europe/Amsterdam")
    run.add_argument("--title", default="", help="title of the case")
    run.add_argument("--question", default="", help="what the report answers")
    run.add_argument(
        "--search", action="append", default=[], metavar="TEXT", help="also answer this search (may be repeated)"
    )
    demo = _command(commands, "demo", _demo, "the main job on the case that is shipped")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), help="where to write (default: out/demo)")
    lab = _command(
        commands, "lab", _lab, "open JupyterLab on the start page: loopback only, with a token, no outside calls"
    )
    lab.add_argument("case", type=Path, nargs="?", default=None, help="case folder (default: a new one under ./cases)")
    lab.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")
    lab.add_argument("--port", type=int, default=8888, help="first port to try")
    made = _command(commands, "prepare", _prepare, "prepare the search model once (about half a minute)")
    made.add_argument("--multilingual", action="store_true", help="also the one across languages (about a minute)")
    _models_commands(commands)
    _command(commands, "doctor", _doctor, "check the installation and say what to do")
    return top


def _models_commands(commands: object) -> None:
    shelf = _command(commands, "models", _models, "the language models: list, check their files, add one")
    parts = shelf.add_subparsers(metavar="ACTION")
    _command(parts, "list", _models, "list them (the default)")
    _command(parts, "check", _models_check, "compare every file of every model with its recorded hash")
    add = _command(
        parts, "add", _models_add, "copy a model folder: spaCy's own files, or safetensors; no code, no pickles"
    )
    add.add_argument("folder", type=Path, help="folder with the model")
    add.add_argument("--name", required=True, help="how it is called here: small letters, digits, hyphens")
    add.add_argument(
        "--languages", required=True, nargs="+", metavar="CODE", help="languages that it reads, e.g. ar es"
    )
    add.add_argument("--use", required=True, choices=["ner", "embedding"], help="names in text, or meaning for search")
    add.add_argument("--licence", default="", help="under which licence it comes")
    remove = _command(parts, "remove", _models_remove, "take out a model that was added")
    remove.add_argument("name", help="its name")


def _command(commands: object, name: str, run: object, help_: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)  # type: ignore[attr-defined]
    made.set_defaults(run=run)
    return made


def _run(chosen: argparse.Namespace) -> int:
    from workbench.case.running import Job, run

    return run(
        Job(
            chosen.folder,
            chosen.out,
            chosen.officer,
            chosen.purpose,
            chosen.title,
            chosen.question,
            chosen.zone,
            tuple(chosen.search),
        )
    )


def _demo(chosen: argparse.Namespace) -> int:
    from workbench.case.running import demo

    return demo(chosen.out)


def _lab(chosen: argparse.Namespace) -> int:
    from workbench.case.lab import lab

    return lab(chosen.case, port=chosen.port, browser=not chosen.no_browser)


def _prepare(chosen: argparse.Namespace) -> int:
    from workbench.case.running import prepare

    return prepare(multilingual=chosen.multilingual)


def _models(_: argparse.Namespace) -> int:
    from workbench.case.models import show

    return show()


def _models_check(_: argparse.Namespace) -> int:
    from workbench.case.models import show

    return show(check=True)


def _models_add(chosen: argparse.Namespace) -> int:
    from workbench.case.models import add

    return add(chosen.folder, chosen.name, chosen.languages, chosen.use, licence=chosen.licence)


def _models_remove(chosen: argparse.Namespace) -> int:
    from workbench.case.models import remove

    return remove(chosen.name)


def _doctor(_: argparse.Namespace) -> int:
    from workbench.case.doctor import doctor

    return doctor()


if __name__ == "__main__":
    raise SystemExit(main())

"""The command line in the language of whoever types: argparse, with the words of the catalogue for its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NoReturn, cast

from workbench.model.catalogue import LANGUAGES, Translator
from workbench.model.machine import platform
from workbench.model.stored_sentences import translate_lines


class Parser(argparse.ArgumentParser):
    """A parser that helps and refuses in a language.

    Parameters
    ----------
    say : Voice
        The language.
    **options
        As `argparse.ArgumentParser` has them.
    """

    def __init__(self, *, say: Translator, **options: Any) -> None:  # noqa: ANN401 - as argparse has them
        self.say = say
        super().__init__(add_help=False, formatter_class=partial(_Formatter, say=say), **options)
        self._positionals.title, self._optionals.title = say("positional arguments"), say("options", context="cli")
        self.add_argument("-h", "--help", action="help", help=say("show this help and exit"))

    def add_subparsers(self, **options: Any) -> Any:  # noqa: ANN401 - as argparse has them
        """Commands below this one, in the same language."""
        below = cast("type[Parser]", partial(Parser, say=self.say))
        return super().add_subparsers(parser_class=below, **options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and end with 2."""
        self.print_usage(sys.stderr)
        why = translate_lines(message, "argparse", self.say.language)
        self.exit(2, f"{self.say('cli.error', program=self.prog, why=why)}\n")


class _Formatter(argparse.HelpFormatter):
    def __init__(self, *given: Any, say: Translator, **options: Any) -> None:  # noqa: ANN401 - as argparse has them
        super().__init__(*given, **options)
        self.word = say("usage:", context="cli")

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """The line of usage under its word."""
        super().add_usage(usage, actions, groups, f"{self.word} " if prefix is None else prefix)


def find_language(arguments: Sequence[str]) -> str:
    """The language that a command line names, else that of the system."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?")
    named = early.parse_known_args(arguments)[0].language
    return named if named in LANGUAGES else platform.get_system_language()

"""The command `workbench`: the verbs of a case for a terminal, nothing of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TextIO, cast

from workbench.app.argument_parser import Parser, language
from workbench.errors import WorkbenchError
from workbench.model.catalogue import LANGUAGES, Voice
from workbench.visible import visible

ENGLISH = Voice()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 the case or the data refuse, 2 the command line is wrong."""
    say = Voice(language(sys.argv[1:] if arguments is None else arguments))
    chosen = parser(say).parse_args(arguments)
    chosen.say = say
    try:
        with redirect_stdout(cast("TextIO", _Seen(sys.stdout))), _passphrase_given(chosen):
            return int(chosen.run(chosen))
    except WorkbenchError as error:
        sys.stderr.write(f"workbench: {error.translate_to(say.language)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(f"\nworkbench: {say('cli.stopped')}\n")
        return 130


def _passphrase_given(chosen: argparse.Namespace) -> AbstractContextManager[None]:
    """Within it, the passphrase that the standard input holds is not asked for."""
    if not getattr(chosen, "passphrase_stdin", False):
        return nullcontext()
    from workbench.case.verbs.unlock import use_piped_passphrase

    return use_piped_passphrase(sys.stdin.buffer)


class _Seen:
    """The terminal, which no control character of a name reaches: it is shown as its code, and so is a letter that it lacks."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, text: str) -> int:
        """Write a text, every sign of it visible."""
        kind = getattr(self.out, "encoding", None) or "utf-8"
        return self.out.write(visible(text).encode(kind, "backslashreplace").decode(kind))

    def __getattr__(self, name: str) -> object:
        return getattr(self.out, name)


def parser(say: Voice = ENGLISH) -> Parser:
    """The command line, in a language."""
    top = Parser(say=say, prog="workbench", description=say("cli.about"))
    commands = top.add_subparsers(required=True, metavar=say("cli.word.command"))
    run = _command(commands, "run", _run, say("cli.command.run"))
    run.add_argument("folder", type=Path, help=say("cli.material"))
    run.add_argument("--out", type=Path, required=True, help=say("cli.out"))
    run.add_argument("--officer", default="analyst", help=say("cli.officer"))
    run.add_argument("--purpose", default="training", help=say("cli.purpose"))
    run.add_argument("--zone", default="", help=say("cli.zone"))
    run.add_argument("--title", default="", help=say("cli.title"))
    run.add_argument("--question", default="", help=say("cli.question"))
    run.add_argument("--search", action="append", default=[], metavar=say("cli.word.text"), help=say("cli.search"))
    demo = _command(commands, "demo", _demo, say("cli.command.demo"))
    demo.add_argument("--out", type=Path, default=Path("out/demo"), help=say("cli.demo_out"))
    verify = _command(commands, "verify", _verify, say("cli.command.verify"))
    verify.add_argument("case", type=Path, help=say("cli.case"))
    verify.add_argument(
        "--checkpoint", type=Path, action="append", default=[], metavar=say("cli.word.file"), help=say("cli.checkpoint")
    )
    verify.add_argument(
        "--trust", type=Path, action="append", default=[], metavar=say("cli.word.file"), help=say("cli.trust")
    )
    _passphrase(verify)
    verify.add_argument("--log-only", action="store_true", help=say("cli.log_only"))
    lab = _command(commands, "lab", _lab, say("cli.command.lab"))
    lab.add_argument("case", type=Path, nargs="?", default=None, help=say("cli.lab_case"))
    lab.add_argument("--no-browser", action="store_true", help=say("cli.no_browser"))
    lab.add_argument("--port", type=int, default=8888, help=say("cli.port"))
    made = _command(commands, "prepare", _prepare, say("cli.command.prepare"))
    made.add_argument("--multilingual", action="store_true", help=say("cli.multilingual"))
    moved = _command(commands, "migrate-notebook", _migrate, say("cli.command.migrate"))
    moved.add_argument("file", type=Path, nargs="+", help=say("cli.notebook"))
    _models_commands(commands, say)
    _identity_commands(commands, say)
    _keeping_commands(commands, say)
    return top


def _passphrase(command: Parser) -> None:
    """Never as a word of the command: other programs and the history of the shell could read it."""
    command.add_argument("--passphrase-stdin", action="store_true", help=command.say("cli.passphrase_stdin"))


def _keeping_commands(commands: object, say: Voice) -> None:
    look = _command(commands, "doctor", _doctor, say("cli.command.doctor"))
    look.add_argument("case", type=Path, nargs="?", default=None, help=say("cli.doctor_case"))
    back = _command(commands, "backup", _backup, say("cli.command.backup"))
    back.add_argument("case", type=Path, help=say("cli.case"))
    back.add_argument("file", type=Path, help=say("cli.backup_file"))
    made = _command(commands, "restore", _restore, say("cli.command.restore"))
    made.add_argument("file", type=Path, help=say("cli.backup"))
    made.add_argument("folder", type=Path, help=say("cli.restore_folder"))
    made.add_argument("--sha256", default="", metavar=say("cli.word.hash"), help=say("cli.sha256"))
    sealed = _command(commands, "encrypt", _encrypt, say("cli.command.encrypt"))
    plain = _command(commands, "decrypt", _decrypt, say("cli.command.decrypt"))
    for one in (sealed, plain):
        one.add_argument("case", type=Path, help=say("cli.closed_case"))
    for one in (look, back, made, sealed, plain):
        _passphrase(one)
    for one in (back, sealed, plain):
        one.add_argument("--officer", default="analyst", help=say("cli.officer"))
        one.add_argument("--purpose", default="keeping", help=say("cli.purpose"))


def _models_commands(commands: object, say: Voice) -> None:
    shelf = _command(commands, "models", _models, say("cli.command.models"))
    parts = shelf.add_subparsers(metavar=say("cli.word.action"))
    _command(parts, "list", _models, say("cli.command.models_list"))
    _command(parts, "check", _models_check, say("cli.command.models_check"))
    add = _command(parts, "add", _models_add, say("cli.command.models_add"))
    add.add_argument("folder", type=Path, help=say("cli.model_folder"))
    add.add_argument("--name", required=True, help=say("cli.model_name"))
    add.add_argument(
        "--languages", required=True, nargs="+", metavar=say("cli.word.code"), help=say("cli.model_languages")
    )
    add.add_argument("--use", required=True, choices=["ner", "embedding"], help=say("cli.model_use"))
    add.add_argument("--licence", default="", help=say("cli.model_licence"))
    remove = _command(parts, "remove", _models_remove, say("cli.command.models_remove"))
    remove.add_argument("name", help=say("cli.its_name"))


def _identity_commands(commands: object, say: Voice) -> None:
    who = _command(commands, "identity", _identity_list, say("cli.command.identity"))
    parts = who.add_subparsers(metavar=say("cli.word.action"))
    _command(parts, "list", _identity_list, say("cli.command.identity_list"))
    made = _command(parts, "new", _identity_new, say("cli.command.identity_new"))
    made.add_argument("name", help=say("cli.identity_name"))
    made.add_argument("--country", required=True, metavar=say("cli.word.code"), help=say("cli.country"))
    brought = _command(parts, "bring", _identity_bring, say("cli.command.identity_bring"))
    brought.add_argument("file", type=Path, help=say("cli.certificate"))
    for one, needed in ((made, True), (brought, False)):
        one.add_argument("--bureau", required=needed, default="", help=say("cli.bureau"))
        one.add_argument("--role", default="", help=say("cli.role"))
        one.add_argument("--real", action="store_true", help=say("cli.real"))
    show = _command(parts, "show", _identity_show, say("cli.command.identity_show"))
    show.add_argument("which", help=say("cli.which"))
    card = _command(parts, "card", _identity_card, say("cli.command.identity_card"))
    card.add_argument("name", help=say("cli.of_identity"))
    card.add_argument("--out", type=Path, default=None, help=say("cli.out_file"))
    _issue_command(parts, say)
    take = _command(parts, "take", _identity_take, say("cli.command.identity_take"))
    take.add_argument("file", type=Path, help=say("cli.issued"))
    for name, run, told in (
        ("recover", _identity_recover, say("cli.command.identity_recover")),
        ("passphrase", _identity_passphrase, say("cli.command.identity_passphrase")),
    ):
        _command(parts, name, run, told).add_argument("name", help=say("cli.of_identity"))
    _trust_commands(parts, say)


def _issue_command(parts: object, say: Voice) -> None:
    issue = _command(parts, "issue", _identity_issue, say("cli.command.identity_issue"))
    issue.add_argument("file", type=Path, help=say("cli.officers_card"))
    issue.add_argument("--as", dest="by", required=True, metavar=say("cli.word.bureau"), help=say("cli.by_bureau"))
    issue.add_argument("--until", required=True, metavar=say("cli.word.date"), help=say("cli.until"))
    issue.add_argument("--clearance", default="", help=say("cli.clearance"))
    issue.add_argument("--training", default="", help=say("cli.training"))
    issue.add_argument("--role", default="", help=say("cli.issued_role"))
    issue.add_argument("--out", type=Path, default=None, help=say("cli.out_file"))


def _trust_commands(parts: object, say: Voice) -> None:
    trust = _command(parts, "trust", _trust_list, say("cli.command.trust"))
    acts = trust.add_subparsers(metavar=say("cli.word.action"))
    _command(acts, "list", _trust_list, say("cli.command.trust_list"))
    add = _command(acts, "add", _trust_add, say("cli.command.trust_add"))
    add.add_argument("file", type=Path, help=say("cli.bureau_file"))
    add.add_argument("--grants", default="", metavar=say("cli.word.level"), help=say("cli.grants"))
    add.add_argument("--until", default="", metavar=say("cli.word.date"), help=say("cli.trusted_until"))
    add.add_argument("--fingerprint", default="", help=say("cli.fingerprint"))
    add.add_argument("--real", action="store_true", help=say("cli.real_authority"))
    remove = _command(acts, "remove", _trust_remove, say("cli.command.trust_remove"))
    remove.add_argument("name", help=say("cli.trusted_name"))
    for one in (add, remove):
        one.add_argument("--as", dest="by", default="", metavar=say("cli.word.name"), help=say("cli.signer"))


def _command(commands: object, name: str, run: object, help_: str) -> Parser:
    made: Parser = commands.add_parser(name, help=help_, description=help_)  # type: ignore[attr-defined]
    made.add_argument("--language", choices=LANGUAGES, default="", help=made.say("cli.language"))
    made.set_defaults(run=run)
    return made


def _run(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import Job, run

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
            language=chosen.language,
        )
    )


def _demo(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import demo

    return demo(chosen.out, chosen.language)


def _verify(chosen: argparse.Namespace) -> int:
    from workbench.case.storage.verification import command

    return command(chosen.case, chosen.checkpoint, chosen.trust, files=not chosen.log_only, say=chosen.say)


def _lab(chosen: argparse.Namespace) -> int:
    from workbench.app.jupyterlab import lab

    return lab(chosen.case, port=chosen.port, browser=not chosen.no_browser, language=chosen.language)


def _prepare(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import prepare

    return prepare(multilingual=chosen.multilingual, language=chosen.language)


def _models(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import show

    return show(chosen.say)


def _models_check(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import show

    return show(chosen.say, check=True)


def _models_add(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import add

    return add(chosen.folder, chosen.name, chosen.languages, chosen.use, chosen.say, licence=chosen.licence)


def _models_remove(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import remove

    return remove(chosen.name, chosen.say)


def _identity_list(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import listing

    return listing(chosen.say)


def _identity_new(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import create_identity

    said = {name: getattr(chosen, name) for name in ("bureau", "country", "role")}
    return create_identity(chosen.name, chosen.say, **said, exercise=not chosen.real)


def _identity_bring(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import bring

    return bring(chosen.file, chosen.say, bureau=chosen.bureau, role=chosen.role, exercise=not chosen.real)


def _identity_show(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import show

    return show(chosen.which, chosen.say)


def _identity_card(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import card

    return card(chosen.name, chosen.say, chosen.out)


def _identity_issue(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import issue

    grants = (chosen.clearance, chosen.training, chosen.role)
    return issue(chosen.file, chosen.by, chosen.say, until=chosen.until, grants=grants, out=chosen.out)


def _identity_take(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import receive_card

    return receive_card(chosen.file, chosen.say)


def _identity_recover(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import recover

    return recover(chosen.name, chosen.say)


def _identity_passphrase(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import passphrase

    return passphrase(chosen.name, chosen.say)


def _trust_list(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import print_trust_list

    return print_trust_list(chosen.say)


def _trust_add(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import trust

    said = {"terms": (chosen.grants, chosen.until), "fingerprint": chosen.fingerprint, "by": chosen.by}
    return trust(chosen.file, chosen.say, **said, exercise=not chosen.real)


def _trust_remove(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import distrust

    return distrust(chosen.name, chosen.say, by=chosen.by)


def _doctor(chosen: argparse.Namespace) -> int:
    from workbench.app import environment_check
    from workbench.case.storage import health_check

    return health_check.doctor(chosen.case, chosen.say) if chosen.case else environment_check.doctor(chosen.say)


def _backup(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import back_up

    return back_up(chosen.case, chosen.file, chosen.officer, chosen.purpose)


def _restore(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import restore_backup

    return restore_backup(chosen.file, chosen.folder, chosen.sha256, chosen.say)


def _encrypt(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import open_existing

    with open_existing(chosen.case, chosen.officer, chosen.purpose) as case:
        case.storage.encrypt()
        sys.stdout.write(f"{chosen.say('cli.recovery')}\n{case.storage.recovery_key()}\n")
    return 0


def _decrypt(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import open_existing

    with open_existing(chosen.case, chosen.officer, chosen.purpose) as case:
        case.storage.decrypt()
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    from workbench.app.notebook_migration import list_lines, migrate

    for path in chosen.file:
        found = migrate(path)
        sys.stdout.write("".join(f"{line}\n" for line in list_lines(found)))
        written = sum(one.old != one.new for one in found)
        sys.stdout.write(f"{chosen.say.count('cli.migrated', written, name=path.name)}\n")
        if doubtful := sum(not one.is_certain for one in found):
            sys.stdout.write(f"{chosen.say.count('cli.doubtful', doubtful)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

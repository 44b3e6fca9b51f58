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
from workbench.model.catalogue import LANGUAGES, Translator
from workbench.visible import visible

ENGLISH = Translator()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 the case or the data refuse, 2 the command line is wrong."""
    say = Translator(language(sys.argv[1:] if arguments is None else arguments))
    chosen = parser(say).parse_args(arguments)
    chosen.say = say
    try:
        with redirect_stdout(cast("TextIO", _SafeTerminal(sys.stdout))), _passphrase_given(chosen):
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


class _SafeTerminal:
    """The terminal, which no control character of a name reaches: it is shown as its code, and so is a letter that it lacks."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, text: str) -> int:
        """Write a text, every sign of it visible."""
        kind = getattr(self.out, "encoding", None) or "utf-8"
        return self.out.write(visible(text).encode(kind, "backslashreplace").decode(kind))

    def __getattr__(self, name: str) -> object:
        return getattr(self.out, name)


def parser(say: Translator = ENGLISH) -> Parser:
    """The command line, in a language."""
    top = Parser(
        say=say,
        prog="workbench",
        description=say("Investigative workbench: load, read, search, link, explain, report."),
    )
    commands = top.add_subparsers(required=True, metavar=say("COMMAND", context="cli word"))
    run = _command(
        commands,
        "run",
        _run,
        say(
            "do the main work without a notebook: add a folder, read it, link the entities, write a report and a chart"
        ),
    )
    run.add_argument("folder", type=Path, help=say("file or folder with the material"))
    run.add_argument("--out", type=Path, required=True, help=say("folder for the case, the report and the chart"))
    run.add_argument(
        "--officer", default="analyst", help=say("name of the officer who does the work (recorded in the case)")
    )
    run.add_argument("--purpose", default="training", help=say("purpose of the work (recorded in the audit log)"))
    run.add_argument("--zone", default="", help=say("time zone for times without a time zone, e.g. Europe/Amsterdam"))
    run.add_argument("--title", default="", help=say("title of the case"))
    run.add_argument("--question", default="", help=say("question that the report answers"))
    run.add_argument(
        "--search",
        action="append",
        default=[],
        metavar=say("TEXT", context="cli word"),
        help=say("also run this search (you can give this option more than once)"),
    )
    demo = _command(commands, "demo", _demo, say("do the main work on the example case"))
    demo.add_argument(
        "--out", type=Path, default=Path("out/demo"), help=say("folder for the results (default: out/demo)")
    )
    verify = _command(
        commands,
        "verify",
        _verify,
        say("check the audit log of a case, its checkpoints and its files, without changing anything"),
    )
    verify.add_argument("case", type=Path, help=say("case folder"))
    verify.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar=say("FILE", context="cli word"),
        help=say("a checkpoint that another person has"),
    )
    verify.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar=say("FILE", context="cli word"),
        help=say("card of a signer, or a trust list"),
    )
    _passphrase(verify)
    verify.add_argument("--log-only", action="store_true", help=say("do not check the rows and the files of the case"))
    lab = _command(
        commands,
        "lab",
        _lab,
        say("open JupyterLab on the start page, on this computer only, with a token and without outside connections"),
    )
    lab.add_argument(
        "case", type=Path, nargs="?", default=None, help=say("case folder (default: a new one under ./cases)")
    )
    lab.add_argument("--no-browser", action="store_true", help=say("do not open a browser; print the address"))
    lab.add_argument("--port", type=int, default=8888, help=say("first port to try"))
    made = _command(commands, "prepare", _prepare, say("prepare the search model once (about half a minute)"))
    made.add_argument(
        "--multilingual", action="store_true", help=say("also prepare the multilingual model (about a minute)")
    )
    moved = _command(
        commands,
        "migrate-notebook",
        _migrate,
        say("update notebooks or scripts of version 0.1 to the current commands"),
    )
    moved.add_argument(
        "file",
        type=Path,
        nargs="+",
        help=say("notebook (.ipynb) or script (.py); the old file is saved next to it as .bak"),
    )
    _models_commands(commands, say)
    _identity_commands(commands, say)
    _keeping_commands(commands, say)
    return top


def _passphrase(command: Parser) -> None:
    """Never as a word of the command: other programs and the history of the shell could read it."""
    command.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help=command.say(
            "read the passphrase of an encrypted case from the first line of the standard input "
            "(default: ask for it and do not show it)"
        ),
    )


def _keeping_commands(commands: object, say: Translator) -> None:
    look = _command(commands, "doctor", _doctor, say("check the installation, or a case, and say what to do"))
    look.add_argument(
        "case", type=Path, nargs="?", default=None, help=say("case folder (default: check the installation)")
    )
    back = _command(commands, "backup", _backup, say("write a backup of a case while others work on it"))
    back.add_argument("case", type=Path, help=say("case folder"))
    back.add_argument("file", type=Path, help=say("new file, or a folder on another disk"))
    made = _command(
        commands, "restore", _restore, say("compare every hash in a backup, then create a case folder from it")
    )
    made.add_argument("file", type=Path, help=say("the backup"))
    made.add_argument("folder", type=Path, help=say("folder that is empty or does not exist"))
    made.add_argument(
        "--sha256",
        default="",
        metavar=say("HASH", context="cli word"),
        help=say("hash of the backup, as case.storage.backups() lists it"),
    )
    sealed = _command(
        commands, "encrypt", _encrypt, say("ask for a passphrase, then encrypt a case with all its content")
    )
    plain = _command(commands, "decrypt", _decrypt, say("remove the encryption of a case"))
    for one in (sealed, plain):
        one.add_argument("case", type=Path, help=say("case folder that nobody else has open"))
    for one in (look, back, made, sealed, plain):
        _passphrase(one)
    for one in (back, sealed, plain):
        one.add_argument(
            "--officer", default="analyst", help=say("name of the officer who does the work (recorded in the case)")
        )
        one.add_argument("--purpose", default="keeping", help=say("purpose of the work (recorded in the audit log)"))


def _models_commands(commands: object, say: Translator) -> None:
    shelf = _command(commands, "models", _models, say("list the language models, check their files, or add a model"))
    parts = shelf.add_subparsers(metavar=say("ACTION", context="cli word"))
    _command(parts, "list", _models, say("list the models (the default)"))
    _command(parts, "check", _models_check, say("compare every file of every model with its recorded hash"))
    add = _command(
        parts,
        "add",
        _models_add,
        say(
            "add a model folder: spaCy's own files, or safetensors; files with code (also pickle "
            "files) are not accepted"
        ),
    )
    add.add_argument("folder", type=Path, help=say("folder with the model"))
    add.add_argument("--name", required=True, help=say("name of the model here: small letters, digits, hyphens"))
    add.add_argument(
        "--languages",
        required=True,
        nargs="+",
        metavar=say("CODE", context="cli word"),
        help=say("languages that it reads, e.g. ar es"),
    )
    add.add_argument(
        "--use",
        required=True,
        choices=["ner", "embedding"],
        help=say("ner: names in text; embedding: meaning for search"),
    )
    add.add_argument("--licence", default="", help=say("licence of the model"))
    remove = _command(parts, "remove", _models_remove, say("remove a model that you added"))
    remove.add_argument("name", help=say("name of the model"))


def _identity_commands(commands: object, say: Translator) -> None:
    who = _command(commands, "identity", _identity_list, say("your identities: keys, cards and your trust list"))
    parts = who.add_subparsers(metavar=say("ACTION", context="cli word"))
    _command(parts, "list", _identity_list, say("list the identities on this computer (the default)"))
    made = _command(
        parts, "new", _identity_new, say("create an identity: keys with a passphrase, a card, a recovery key")
    )
    made.add_argument("name", help=say("name of the officer or of the bureau"))
    made.add_argument(
        "--country",
        required=True,
        metavar=say("CODE", context="cli word"),
        help=say("country code (ISO 3166-1 alpha-2), e.g. FR; QM for an exercise"),
    )
    brought = _command(parts, "bring", _identity_bring, say("create an identity from a certificate with its key"))
    brought.add_argument("file", type=Path, help=say("PKCS#12 file (.p12, .pfx)"))
    for one, needed in ((made, True), (brought, False)):
        one.add_argument("--bureau", required=needed, default="", help=say("bureau, e.g. 'NCB Valdora'"))
        one.add_argument("--role", default="", help=say("role; 'bureau' for an identity that confirms officers"))
        one.add_argument("--real", action="store_true", help=say("for real use, not only for exercises"))
    show = _command(parts, "show", _identity_show, say("show a card and what your trust list says about it"))
    show.add_argument("which", help=say("name of an identity, or the file of a card"))
    card = _command(
        parts, "card", _identity_card, say("write the public card of an identity, so that you can give it to others")
    )
    card.add_argument("name", help=say("name of the identity"))
    card.add_argument("--out", type=Path, default=None, help=say("file to write"))
    _issue_command(parts, say)
    take = _command(
        parts, "take", _identity_take, say("save a card, or an SD-JWT credential, that a bureau issued to you")
    )
    take.add_argument("file", type=Path, help=say("the card that the bureau issued"))
    for name, run, told in (
        ("recover", _identity_recover, say("set a new passphrase with the recovery key")),
        ("passphrase", _identity_passphrase, say("set a new passphrase with the old one")),
    ):
        _command(parts, name, run, told).add_argument("name", help=say("name of the identity"))
    _trust_commands(parts, say)


def _issue_command(parts: object, say: Translator) -> None:
    issue = _command(parts, "issue", _identity_issue, say("as a bureau, sign an officer's card"))
    issue.add_argument("file", type=Path, help=say("the officer's card"))
    issue.add_argument(
        "--as",
        dest="by",
        required=True,
        metavar=say("BUREAU", context="cli word"),
        help=say("name of your bureau's identity"),
    )
    issue.add_argument(
        "--until",
        required=True,
        metavar=say("DATE", context="cli word"),
        help=say("date on which the card expires, e.g. 2027-12-31"),
    )
    issue.add_argument("--clearance", default="", help=say("highest level that the officer may read"))
    issue.add_argument("--training", default="", help=say("level of training, e.g. 'foundations'"))
    issue.add_argument("--role", default="", help=say("role of the officer (default: as on the card)"))
    issue.add_argument("--out", type=Path, default=None, help=say("file to write"))


def _trust_commands(parts: object, say: Translator) -> None:
    trust = _command(parts, "trust", _trust_list, say("your trust list: a signed list of the bureaux that you trust"))
    acts = trust.add_subparsers(metavar=say("ACTION", context="cli word"))
    _command(acts, "list", _trust_list, say("show the trust list (the default)"))
    add = _command(acts, "add", _trust_add, say("trust a bureau"))
    add.add_argument("file", type=Path, help=say("the bureau's card, or its certificate (.pem, .der, .crt, .cer)"))
    add.add_argument(
        "--grants",
        default="",
        metavar=say("LEVEL", context="cli word"),
        help=say("highest clearance that the bureau may grant (default: none)"),
    )
    add.add_argument(
        "--until",
        default="",
        metavar=say("DATE", context="cli word"),
        help=say("date until which the bureau is trusted (default: as on its card)"),
    )
    add.add_argument(
        "--fingerprint",
        default="",
        help=say("fingerprint of the bureau's key, which the bureau gave you separately from the file"),
    )
    add.add_argument(
        "--real",
        action="store_true",
        help=say("trust the authority of a certificate for real use, not only for exercises"),
    )
    remove = _command(acts, "remove", _trust_remove, say("stop trusting a bureau"))
    remove.add_argument("name", help=say("name of the bureau, or fingerprint of its key"))
    for one in (add, remove):
        one.add_argument(
            "--as",
            dest="by",
            default="",
            metavar=say("NAME", context="cli word"),
            help=say("identity that signs the list"),
        )


def _command(commands: object, name: str, run: object, help_: str) -> Parser:
    made: Parser = commands.add_parser(name, help=help_, description=help_)  # type: ignore[attr-defined]
    made.add_argument(
        "--language",
        choices=LANGUAGES,
        default="",
        help=made.say("language (default: the language of the case, or of the system)"),
    )
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

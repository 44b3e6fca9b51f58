"""The command `workbench`: the verbs of a case for a terminal, nothing of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TextIO, cast

from workbench.app.argument_parser import Parser, find_language
from workbench.errors import WorkbenchError
from workbench.model.catalogue import LANGUAGES, Translator
from workbench.visible import escape_hidden

ENGLISH = Translator()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 the case or the data refuse, 2 the command line is wrong."""
    say = Translator(find_language(sys.argv[1:] if arguments is None else arguments))
    chosen = build_parser(say).parse_args(arguments)
    chosen.say = say
    try:
        with redirect_stdout(cast("TextIO", _SafeTerminal(sys.stdout))), _use_given_passphrase(chosen):
            return int(chosen.run(chosen))
    except WorkbenchError as error:
        sys.stderr.write(f"workbench: {error.translate_to(say.language)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(f"\nworkbench: {say('cli.stopped')}\n")
        return 130


def _use_given_passphrase(chosen: argparse.Namespace) -> AbstractContextManager[None]:
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
        return self.out.write(escape_hidden(text).encode(kind, "backslashreplace").decode(kind))

    def __getattr__(self, name: str) -> object:
        return getattr(self.out, name)


def build_parser(say: Translator = ENGLISH) -> Parser:
    """The command line, in a language."""
    top = Parser(
        say=say,
        prog="workbench",
        description=say("Investigative workbench: load, read, search, link, explain, report."),
    )
    commands = top.add_subparsers(required=True, metavar=say("COMMAND", context="cli word"))
    run = _add_command(
        commands,
        "run",
        _run_pipeline,
        say(
            "run the main steps without a notebook: add a folder, read it, link the entities, write a report "
            "and a chart"
        ),
    )
    run.add_argument("folder", type=Path, help=say("file or folder with the material"))
    run.add_argument("--out", type=Path, required=True, help=say("folder for the case, the report and the chart"))
    run.add_argument(
        "--officer", default="analyst", help=say("name of the officer who does the work (recorded in the case)")
    )
    run.add_argument("--purpose", default="training", help=say("purpose of the work (recorded in the audit log)"))
    run.add_argument("--zone", default="", help=say("time zone for times without a time zone, e.g. `Europe/Amsterdam`"))
    run.add_argument("--title", default="", help=say("title of the case"))
    run.add_argument("--question", default="", help=say("question that the report answers"))
    run.add_argument(
        "--search",
        action="append",
        default=[],
        metavar=say("TEXT", context="cli word"),
        help=say("also run this search (you can give this option more than once)"),
    )
    run.add_argument(
        "--on",
        default="",
        metavar=say("MASTER", context="cli word"),
        help=say("read the files and the texts on Apache Spark: `local[2]`, or `spark://host:7077` with `--scratch`"),
    )
    run.add_argument(
        "--scratch",
        default="",
        metavar=say("FOLDER", context="cli word"),
        help=say("folder that this computer and all workers of the cluster can use under the same path"),
    )
    demo = _add_command(commands, "demo", _run_demo, say("run the main steps on the example case"))
    demo.add_argument(
        "--out", type=Path, default=Path("out/demo"), help=say("folder for the results (default: `out/demo`)")
    )
    verify = _add_command(
        commands,
        "verify",
        _verify_case,
        say("check the audit log of a case, its checkpoints and its files, without changing anything"),
    )
    verify.add_argument("case", type=Path, help=say("case folder"))
    verify.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar=say("FILE", context="cli word"),
        help=say("a checkpoint that was given to another person"),
    )
    verify.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar=say("FILE", context="cli word"),
        help=say("card of a signer, or a trust list"),
    )
    _add_passphrase_option(verify)
    verify.add_argument("--log-only", action="store_true", help=say("do not check the rows or the files of the case"))
    lab = _add_command(
        commands,
        "lab",
        _start_lab,
        say(
            "open JupyterLab on the start page (with an access code, only on this computer, without outside "
            "connections)"
        ),
    )
    lab.add_argument(
        "case", type=Path, nargs="?", default=None, help=say("case folder (default: a new one under `./cases`)")
    )
    lab.add_argument("--no-browser", action="store_true", help=say("do not open a browser; print the address"))
    lab.add_argument("--port", type=int, default=8888, help=say("first port to try"))
    made = _add_command(
        commands, "prepare", _prepare_models, say("prepare the search model once (about half a minute)")
    )
    made.add_argument(
        "--multilingual", action="store_true", help=say("also prepare the multilingual model (about a minute)")
    )
    moved = _add_command(
        commands,
        "migrate-notebook",
        _migrate_files,
        say("update notebooks or scripts written for version 0.1 to the current commands"),
    )
    moved.add_argument(
        "file",
        type=Path,
        nargs="+",
        help=say("notebook (`.ipynb`) or script (`.py`); the old file is saved next to it as `.bak`"),
    )
    _add_model_commands(commands, say)
    _add_identity_commands(commands, say)
    _add_storage_commands(commands, say)
    return top


def _add_passphrase_option(command: Parser) -> None:
    """Never as a word of the command: other programs and the history of the shell could read it."""
    command.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help=command.say(
            "read the passphrase of an encrypted case from the first line of standard input (default: ask "
            "for it and do not show it)"
        ),
    )


def _add_storage_commands(commands: object, say: Translator) -> None:
    look = _add_command(commands, "doctor", _run_doctor, say("check the installation, or a case, and show what to do"))
    look.add_argument(
        "case", type=Path, nargs="?", default=None, help=say("case folder (default: check the installation)")
    )
    back = _add_command(
        commands, "backup", _write_backup, say("create a backup of a case, even while others work on it")
    )
    back.add_argument("case", type=Path, help=say("case folder"))
    back.add_argument("file", type=Path, help=say("new file, or a folder on another disk"))
    made = _add_command(
        commands,
        "restore",
        _restore_backup,
        say("check every file in a backup against its hash, then create a case folder from the backup"),
    )
    made.add_argument("file", type=Path, help=say("the backup"))
    made.add_argument("folder", type=Path, help=say("folder that is empty or does not exist"))
    made.add_argument(
        "--sha256",
        default="",
        metavar=say("HASH", context="cli word"),
        help=say("hash of the backup, as `case.storage.backups()` lists it"),
    )
    sealed = _add_command(
        commands, "encrypt", _encrypt_case, say("ask for a passphrase, then encrypt a case with all its content")
    )
    plain = _add_command(commands, "decrypt", _decrypt_case, say("remove the encryption of a case"))
    for one in (sealed, plain):
        one.add_argument("case", type=Path, help=say("case folder that nobody else has open"))
    for one in (look, back, made, sealed, plain):
        _add_passphrase_option(one)
    for one in (back, sealed, plain):
        one.add_argument(
            "--officer", default="analyst", help=say("name of the officer who does the work (recorded in the case)")
        )
        one.add_argument("--purpose", default="keeping", help=say("purpose of the work (recorded in the audit log)"))


def _add_model_commands(commands: object, say: Translator) -> None:
    shelf = _add_command(
        commands, "models", _list_models, say("list the language models, check their files, or add a model")
    )
    parts = shelf.add_subparsers(metavar=say("ACTION", context="cli word"))
    _add_command(parts, "list", _list_models, say("list the models (the default)"))
    _add_command(parts, "check", _check_models, say("compare every file of every model with its recorded hash"))
    add = _add_command(
        parts,
        "add",
        _add_model,
        say(
            "add a model folder: spaCy's own files, or safetensors; files with code (including pickle files) "
            "are not accepted"
        ),
    )
    add.add_argument("folder", type=Path, help=say("folder with the model"))
    add.add_argument(
        "--name", required=True, help=say("name of the model on this computer: lowercase letters, digits, hyphens")
    )
    add.add_argument(
        "--languages",
        required=True,
        nargs="+",
        metavar=say("CODE", context="cli word"),
        help=say("languages that the model reads, e.g. `ar es`"),
    )
    add.add_argument(
        "--use",
        required=True,
        choices=["ner", "embedding"],
        help=say("`ner`: find names in text; `embedding`: search by meaning"),
    )
    add.add_argument("--licence", default="", help=say("licence of the model"))
    remove = _add_command(parts, "remove", _remove_model, say("remove a model that you added"))
    remove.add_argument("name", help=say("name of the model"))


def _add_identity_commands(commands: object, say: Translator) -> None:
    who = _add_command(commands, "identity", _list_identities, say("your identities: keys, cards and your trust list"))
    parts = who.add_subparsers(metavar=say("ACTION", context="cli word"))
    _add_command(parts, "list", _list_identities, say("list the identities on this computer (the default)"))
    made = _add_command(
        parts, "new", _create_identity, say("create an identity: keys with a passphrase, a card, a recovery key")
    )
    made.add_argument("name", help=say("name of the officer or of the bureau"))
    made.add_argument(
        "--country",
        required=True,
        metavar=say("CODE", context="cli word"),
        help=say("country code (ISO 3166-1 alpha-2), e.g. FR; QM for an exercise"),
    )
    brought = _add_command(parts, "bring", _import_identity, say("create an identity from a certificate with its key"))
    brought.add_argument("file", type=Path, help=say("PKCS#12 file (`.p12`, `.pfx`)"))
    for one, needed in ((made, True), (brought, False)):
        one.add_argument("--bureau", required=needed, default="", help=say("bureau, e.g. 'NCB Valdora'"))
        one.add_argument("--role", default="", help=say("role; `bureau` for an identity that confirms officers"))
        one.add_argument("--real", action="store_true", help=say("for real use, not only for exercises"))
    show = _add_command(parts, "show", _show_identity, say("show a card and what your trust list states about it"))
    show.add_argument("which", help=say("name of an identity, or a card file"))
    card = _add_command(
        parts, "card", _write_card, say("write the public card of an identity, so that you can give it to others")
    )
    card.add_argument("name", help=say("name of the identity"))
    card.add_argument("--out", type=Path, default=None, help=say("file to write"))
    _add_issue_command(parts, say)
    take = _add_command(
        parts, "take", _receive_card, say("save a card, or an SD-JWT credential, that a bureau issued to you")
    )
    take.add_argument("file", type=Path, help=say("the card that the bureau issued"))
    for name, run, told in (
        ("recover", _recover_identity, say("set a new passphrase (you need the recovery key)")),
        ("passphrase", _change_passphrase, say("set a new passphrase (you need the old passphrase)")),
    ):
        _add_command(parts, name, run, told).add_argument("name", help=say("name of the identity"))
    _trust_commands(parts, say)


def _add_issue_command(parts: object, say: Translator) -> None:
    issue = _add_command(parts, "issue", _issue_card, say("as a bureau, sign an officer's card"))
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
    issue.add_argument("--clearance", default="", help=say("clearance: the highest level that the officer may read"))
    issue.add_argument("--training", default="", help=say("training level, e.g. 'foundations'"))
    issue.add_argument("--role", default="", help=say("role of the officer (default: as on the card)"))
    issue.add_argument("--out", type=Path, default=None, help=say("file to write"))


def _trust_commands(parts: object, say: Translator) -> None:
    trust = _add_command(
        parts, "trust", _trust_list, say("your trust list: a signed list of the bureaux that you trust")
    )
    acts = trust.add_subparsers(metavar=say("ACTION", context="cli word"))
    _add_command(acts, "list", _trust_list, say("show the trust list (the default)"))
    add = _add_command(acts, "add", _trust_add, say("trust a bureau"))
    add.add_argument(
        "file", type=Path, help=say("the bureau's card, or its certificate (`.pem`, `.der`, `.crt`, `.cer`)")
    )
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
    remove = _add_command(acts, "remove", _trust_remove, say("stop trusting a bureau"))
    remove.add_argument("name", help=say("name of the bureau, or fingerprint of its key"))
    for one in (add, remove):
        one.add_argument(
            "--as",
            dest="by",
            default="",
            metavar=say("NAME", context="cli word"),
            help=say("identity that signs the list"),
        )


def _add_command(commands: object, name: str, run: object, help_: str) -> Parser:
    made: Parser = commands.add_parser(name, help=help_, description=help_)  # type: ignore[attr-defined]
    made.add_argument(
        "--language",
        choices=LANGUAGES,
        default="",
        help=made.say("language (default: the language of the case, or of the system)"),
    )
    made.set_defaults(run=run)
    return made


def _run_pipeline(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import Job, run_job

    return run_job(
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
            master=chosen.on,
            scratch=chosen.scratch,
        )
    )


def _run_demo(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import run_demo

    return run_demo(chosen.out, chosen.language)


def _verify_case(chosen: argparse.Namespace) -> int:
    from workbench.case.storage.verification import print_verification

    return print_verification(chosen.case, chosen.checkpoint, chosen.trust, files=not chosen.log_only, say=chosen.say)


def _start_lab(chosen: argparse.Namespace) -> int:
    from workbench.app.jupyterlab import open_lab

    return open_lab(chosen.case, port=chosen.port, browser=not chosen.no_browser, language=chosen.language)


def _prepare_models(chosen: argparse.Namespace) -> int:
    from workbench.app.pipeline import prepare_models

    return prepare_models(multilingual=chosen.multilingual, language=chosen.language)


def _list_models(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import print_models

    return print_models(chosen.say)


def _check_models(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import print_models

    return print_models(chosen.say, check=True)


def _add_model(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import add_model

    return add_model(chosen.folder, chosen.name, chosen.languages, chosen.use, chosen.say, licence=chosen.licence)


def _remove_model(chosen: argparse.Namespace) -> int:
    from workbench.app.model_manager import remove_model

    return remove_model(chosen.name, chosen.say)


def _list_identities(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import print_identities

    return print_identities(chosen.say)


def _create_identity(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import create_identity

    said = {name: getattr(chosen, name) for name in ("bureau", "country", "role")}
    return create_identity(chosen.name, chosen.say, **said, exercise=not chosen.real)


def _import_identity(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import import_identity

    return import_identity(chosen.file, chosen.say, bureau=chosen.bureau, role=chosen.role, exercise=not chosen.real)


def _show_identity(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import print_card_status

    return print_card_status(chosen.which, chosen.say)


def _write_card(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import export_card

    return export_card(chosen.name, chosen.say, chosen.out)


def _issue_card(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import issue_card

    grants = (chosen.clearance, chosen.training, chosen.role)
    return issue_card(chosen.file, chosen.by, chosen.say, until=chosen.until, grants=grants, out=chosen.out)


def _receive_card(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import receive_card

    return receive_card(chosen.file, chosen.say)


def _recover_identity(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import recover_identity

    return recover_identity(chosen.name, chosen.say)


def _change_passphrase(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import replace_passphrase

    return replace_passphrase(chosen.name, chosen.say)


def _trust_list(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import print_trust_list

    return print_trust_list(chosen.say)


def _trust_add(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import trust_bureau

    said = {"terms": (chosen.grants, chosen.until), "fingerprint": chosen.fingerprint, "by": chosen.by}
    return trust_bureau(chosen.file, chosen.say, **said, exercise=not chosen.real)


def _trust_remove(chosen: argparse.Namespace) -> int:
    from workbench.app.identity_cli import distrust_bureau

    return distrust_bureau(chosen.name, chosen.say, by=chosen.by)


def _run_doctor(chosen: argparse.Namespace) -> int:
    from workbench.app import environment_check
    from workbench.case.storage import health_check

    return (
        health_check.print_findings(chosen.case, chosen.say)
        if chosen.case
        else environment_check.print_environment(chosen.say)
    )


def _write_backup(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import write_backup

    return write_backup(chosen.case, chosen.file, chosen.officer, chosen.purpose)


def _restore_backup(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import restore_backup

    return restore_backup(chosen.file, chosen.folder, chosen.sha256, chosen.say)


def _encrypt_case(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import open_existing

    with open_existing(chosen.case, chosen.officer, chosen.purpose) as case:
        case.storage.encrypt()
        sys.stdout.write(f"{chosen.say('cli.recovery')}\n{case.storage.recovery_key()}\n")
    return 0


def _decrypt_case(chosen: argparse.Namespace) -> int:
    from workbench.app.case_shell import open_existing

    with open_existing(chosen.case, chosen.officer, chosen.purpose) as case:
        case.storage.decrypt()
    return 0


def _migrate_files(chosen: argparse.Namespace) -> int:
    from workbench.app.notebook_migration import list_lines, migrate_file

    for path in chosen.file:
        found = migrate_file(path)
        sys.stdout.write("".join(f"{line}\n" for line in list_lines(found)))
        written = sum(one.old != one.new for one in found)
        sys.stdout.write(f"{chosen.say.count('cli.migrated', written, name=path.name)}\n")
        if doubtful := sum(not one.is_certain for one in found):
            sys.stdout.write(f"{chosen.say.count('cli.doubtful', doubtful)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

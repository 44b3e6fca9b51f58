"""The command `workbench`: the verbs of a case for a terminal, nothing of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TextIO, cast

from workbench.errors import WorkbenchError
from workbench.model.catalogue import LANGUAGES
from workbench.visible import visible


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 the case or the data refuse, 2 the command line is wrong."""
    chosen = parser().parse_args(arguments)
    try:
        with redirect_stdout(cast("TextIO", _Seen(sys.stdout))), _passphrase_given(chosen):
            return int(chosen.run(chosen))
    except WorkbenchError as error:
        sys.stderr.write(f"workbench: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nworkbench: stopped. What was acknowledged is kept; run the same command again to go on.\n")
        return 130


def _passphrase_given(chosen: argparse.Namespace) -> AbstractContextManager[None]:
    """Within it, the passphrase that the standard input holds is not asked for."""
    if not getattr(chosen, "passphrase_stdin", False):
        return nullcontext()
    from workbench.case.unlocking import given

    return given(sys.stdin.buffer)


class _Seen:
    """The terminal, which no control character of a name reaches: it is shown as its code point."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, text: str) -> int:
        """Write a text, every sign of it visible."""
        return self.out.write(visible(text))

    def __getattr__(self, name: str) -> object:
        return getattr(self.out, name)


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
    verify = _command(
        commands, "verify", _verify, "check the audit log of a case, its checkpoints and its files; nothing is written"
    )
    verify.add_argument("case", type=Path, help="case folder")
    verify.add_argument(
        "--checkpoint", type=Path, action="append", default=[], metavar="FILE", help="a checkpoint that another holds"
    )
    verify.add_argument(
        "--trust", type=Path, action="append", default=[], metavar="FILE", help="card of a signer, or a trust list"
    )
    _passphrase(verify)
    verify.add_argument("--log-only", action="store_true", help="leave the rows and the files of the case out")
    lab = _command(
        commands, "lab", _lab, "open JupyterLab on the start page: loopback only, with a token, no outside calls"
    )
    lab.add_argument("case", type=Path, nargs="?", default=None, help="case folder (default: a new one under ./cases)")
    lab.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")
    lab.add_argument("--port", type=int, default=8888, help="first port to try")
    made = _command(commands, "prepare", _prepare, "prepare the search model once (about half a minute)")
    made.add_argument("--multilingual", action="store_true", help="also the one across languages (about a minute)")
    for one in (run, demo, made):
        one.add_argument("--language", choices=LANGUAGES, default="", help="default: the case's, else the system's")
    _models_commands(commands)
    _identity_commands(commands)
    _keeping_commands(commands)
    return top


def _passphrase(command: argparse.ArgumentParser) -> None:
    """Never as a word of the command: other programs and the history of the shell could read it."""
    said = "read the passphrase of an encrypted case from the first line of the standard input (default: ask, unseen)"
    command.add_argument("--passphrase-stdin", action="store_true", help=said)


def _keeping_commands(commands: object) -> None:
    look = _command(commands, "doctor", _doctor, "check the installation, or a case, and say what to do")
    look.add_argument("case", type=Path, nargs="?", default=None, help="case folder (default: the installation)")
    back = _command(commands, "backup", _backup, "write a backup of a case while others work on it")
    back.add_argument("case", type=Path, help="case folder")
    back.add_argument("file", type=Path, help="file that does not exist, or a folder on another disk")
    made = _command(
        commands, "restore", _restore, "make a case folder of a backup; every hash is compared before it counts"
    )
    made.add_argument("file", type=Path, help="the backup")
    made.add_argument("folder", type=Path, help="folder that is empty or does not exist")
    made.add_argument("--sha256", default="", metavar="HASH", help="of the backup, as case.backups() lists it")
    sealed = _command(commands, "encrypt", _encrypt, "encrypt a case with everything in it; asks for a passphrase")
    plain = _command(commands, "decrypt", _decrypt, "make a case one that is not encrypted")
    for one in (sealed, plain):
        one.add_argument("case", type=Path, help="case folder; nobody else may have it open")
    for one in (look, back, made, sealed, plain):
        _passphrase(one)
    for one in (back, sealed, plain):
        one.add_argument("--officer", default="analyst", help="who works (signed in the ledger)")
        one.add_argument("--purpose", default="keeping", help="what for (in the audit log)")


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


def _identity_commands(commands: object) -> None:
    who = _command(commands, "identity", _identity_list, "your identities: keys, cards, whom you trust")
    parts = who.add_subparsers(metavar="ACTION")
    _command(parts, "list", _identity_list, "list the identities on this machine (the default)")
    made = _command(parts, "new", _identity_new, "make an identity: keys under a passphrase, a card, a recovery key")
    made.add_argument("name", help="the officer's name, or the bureau's")
    made.add_argument(
        "--country", required=True, metavar="CODE", help="ISO 3166-1 alpha-2, e.g. FR; QM for an exercise"
    )
    brought = _command(parts, "bring", _identity_bring, "make an identity of a certificate with its key")
    brought.add_argument("file", type=Path, help="PKCS#12 file (.p12, .pfx)")
    for one, needed in ((made, True), (brought, False)):
        one.add_argument("--bureau", required=needed, default="", help="bureau, e.g. 'NCB Valdora'")
        one.add_argument("--role", default="", help="role; 'bureau' for an identity that vouches for officers")
        one.add_argument("--real", action="store_true", help="not for exercises only")
    show = _command(parts, "show", _identity_show, "show a card and what your trust list says of it")
    show.add_argument("which", help="name of an identity, or the file of a card")
    card = _command(parts, "card", _identity_card, "write the public card of an identity, to give away")
    card.add_argument("name", help="name of the identity")
    card.add_argument("--out", type=Path, default=None, help="file to write")
    _issue_command(parts)
    take = _command(parts, "take", _identity_take, "take a card, or an SD-JWT credential, that a bureau issued to you")
    take.add_argument("file", type=Path, help="the card as issued")
    for name, run, told in (
        ("recover", _identity_recover, "set a new passphrase by the recovery key"),
        ("passphrase", _identity_passphrase, "set a new passphrase by the old one"),
    ):
        _command(parts, name, run, told).add_argument("name", help="name of the identity")
    _trust_commands(parts)


def _issue_command(parts: object) -> None:
    issue = _command(parts, "issue", _identity_issue, "as a bureau, sign an officer's card")
    issue.add_argument("file", type=Path, help="the officer's card")
    issue.add_argument("--as", dest="by", required=True, metavar="BUREAU", help="name of your bureau's identity")
    issue.add_argument("--until", required=True, metavar="DATE", help="when it ends, e.g. 2027-12-31")
    issue.add_argument("--clearance", default="", help="up to which level the officer may read")
    issue.add_argument("--training", default="", help="level of training, e.g. 'foundations'")
    issue.add_argument("--role", default="", help="role of the officer (default: as on the card)")
    issue.add_argument("--out", type=Path, default=None, help="file to write")


def _trust_commands(parts: object) -> None:
    trust = _command(parts, "trust", _trust_list, "whom you trust: a list of bureaux that you sign")
    acts = trust.add_subparsers(metavar="ACTION")
    _command(acts, "list", _trust_list, "show the list (the default)")
    add = _command(acts, "add", _trust_add, "trust a bureau")
    add.add_argument("file", type=Path, help="the bureau's card, or its certificate (.pem, .der, .crt, .cer)")
    add.add_argument("--grants", default="", metavar="LEVEL", help="up to which clearance it may grant (default: none)")
    add.add_argument("--until", default="", metavar="DATE", help="until when it is trusted (default: as on its card)")
    add.add_argument("--fingerprint", default="", help="as the bureau told you by another way than the file came")
    add.add_argument("--real", action="store_true", help="a certificate's authority is trusted not for exercises only")
    remove = _command(acts, "remove", _trust_remove, "trust a bureau no longer")
    remove.add_argument("name", help="its name or fingerprint")
    for one in (add, remove):
        one.add_argument("--as", dest="by", default="", metavar="NAME", help="identity that signs the list")


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
            language=chosen.language,
        )
    )


def _demo(chosen: argparse.Namespace) -> int:
    from workbench.case.running import demo

    return demo(chosen.out, chosen.language)


def _verify(chosen: argparse.Namespace) -> int:
    from workbench.case.verifying import command

    return command(chosen.case, chosen.checkpoint, chosen.trust, files=not chosen.log_only)


def _lab(chosen: argparse.Namespace) -> int:
    from workbench.case.lab import lab

    return lab(chosen.case, port=chosen.port, browser=not chosen.no_browser)


def _prepare(chosen: argparse.Namespace) -> int:
    from workbench.case.running import prepare

    return prepare(multilingual=chosen.multilingual, language=chosen.language)


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


def _identity_list(_: argparse.Namespace) -> int:
    from workbench.case.identities import listing

    return listing()


def _identity_new(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import new

    return new(
        chosen.name, bureau=chosen.bureau, country=chosen.country, role=chosen.role, exercise=not chosen.real
    )  # fmt: skip


def _identity_bring(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import bring

    return bring(chosen.file, bureau=chosen.bureau, role=chosen.role, exercise=not chosen.real)


def _identity_show(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import show

    return show(chosen.which)


def _identity_card(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import card

    return card(chosen.name, chosen.out)


def _identity_issue(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import issue

    grants = (chosen.clearance, chosen.training)
    return issue(chosen.file, chosen.by, until=chosen.until, grants=grants, role=chosen.role, out=chosen.out)


def _identity_take(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import take

    return take(chosen.file)


def _identity_recover(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import recover

    return recover(chosen.name)


def _identity_passphrase(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import passphrase

    return passphrase(chosen.name)


def _trust_list(_: argparse.Namespace) -> int:
    from workbench.case.identities import trusted

    return trusted()


def _trust_add(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import trust

    said = {name: getattr(chosen, name) for name in ("grants", "until", "fingerprint", "by")}
    return trust(chosen.file, **said, exercise=not chosen.real)


def _trust_remove(chosen: argparse.Namespace) -> int:
    from workbench.case.identities import distrust

    return distrust(chosen.name, by=chosen.by)


def _doctor(chosen: argparse.Namespace) -> int:
    from workbench.case import checkup, doctor

    return checkup.doctor(chosen.case) if chosen.case else doctor.doctor()


def _backup(chosen: argparse.Namespace) -> int:
    from workbench.case.backups import back_up

    return back_up(chosen.case, chosen.file, chosen.officer, chosen.purpose)


def _restore(chosen: argparse.Namespace) -> int:
    from workbench.case.backups import restored

    return restored(chosen.file, chosen.folder, chosen.sha256)


def _encrypt(chosen: argparse.Namespace) -> int:
    from workbench.case.backups import opened

    with opened(chosen.case, chosen.officer, chosen.purpose) as case:
        case.encrypt()
        sys.stdout.write(
            "Recovery key, shown this once. It opens the case like the passphrase: write it on paper and lock that away, "
        )
        sys.stdout.write(f"apart from this machine and from the case.\n{case.recovery_key()}\n")
    return 0


def _decrypt(chosen: argparse.Namespace) -> int:
    from workbench.case.backups import opened

    with opened(chosen.case, chosen.officer, chosen.purpose) as case:
        case.decrypt()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""A case made encrypted, or no longer so, with everything in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar, print_message
from workbench.case.verbs import unlock
from workbench.errors import CaseError
from workbench.identity.core import passphrases
from workbench.ledger import Object
from workbench.ledger.maintenance import key_change
from workbench.ledger.storage import case_key as keys
from workbench.ledger.storage.case_folder import LOCK
from workbench.ledger.storage.encryption_conversion import MEMBERS, SHOWN, hold_entrance, list_hard_linked, make_over
from workbench.ledger.storage.file_vault import PLAIN, SealedVault, Vault
from workbench.ledger.storage.sqlite_cipher import load_engine
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable


def prepare_encryption(context: CaseContext, passphrase: str) -> Callable[[], None]:
    """What encrypts a case, after a first look whether it can be. It closes the ledger."""
    folder = context.folder.path
    if context.folder.vault.key:
        raise CaseError(Sentence("{folder} is already encrypted. Nothing was changed.", folder=folder))
    load_engine()
    phrase = passphrases.check_passphrase(passphrase or unlock.ask_new_passphrase(folder))
    key = keys.create_key()

    def work() -> None:
        others_of = list_hard_linked(folder)
        unlock.remember_key(folder, key)  # an interrupt may come when the case is encrypted already
        wrapped = keys.encrypt_key(key, phrase)
        stand = {key_change.DETAIL: {keys.FILE: key_change.compute_digest(wrapped)}}
        left = _convert_folder(
            context, SealedVault(key), "encrypting", lambda place: keys.write_key(place, wrapped), stand
        )
        print_message(
            Sentence(
                "{name} is encrypted. To open it, you need the passphrase, a recovery key, or an officer who was "
                "given the key (`case.storage.share_key(card)`). The unencrypted files were overwritten once. A "
                "disk may still contain older copies: see `docs/at-rest.md`.",
                name=folder.name,
            ),
            context.say,
        )
        others = sorted({path.name for path in folder.iterdir()} - {*MEMBERS, "case.toml", LOCK})
        beside = tuple(map(escape_unprintable, [*others, *left]))
        print_message(
            beside
            and Sentence(
                "These files and folders were not encrypted, because they are not part of the case: {names}.",
                names=beside,
            ),
            context.say,
        )
        shown = tuple(others_of[:SHOWN])
        print_message(
            shown
            and Sentence(
                "Files that also had another name, for example in a snapshot with hard links: {count}. Under the "
                "other name, these files were not overwritten and are still not encrypted: {names}. Delete the "
                "snapshot if you do not need it.",
                count=len(others_of),
                names=shown,
            ),
            context.say,
        )

    return work


def prepare_decryption(context: CaseContext) -> Callable[[], None]:
    """What decrypts a case, if it is encrypted. It closes the ledger."""
    folder = context.folder.path
    if context.folder.vault.key is None:
        raise CaseError(Sentence("{folder} is not encrypted. Nothing was changed.", folder=folder))

    def work() -> None:
        left = _convert_folder(context, PLAIN, "decrypting", lambda place: None, {})
        unlock.forget_key(folder)
        print_message(
            Sentence("{name} is no longer encrypted: anyone who has the folder can read it.", name=folder.name),
            context.say,
        )
        print_message(
            left
            and Sentence(
                "These files and folders were left unchanged, because they are not part of the case: {names}.",
                names=tuple(map(escape_unprintable, left)),
            ),
            context.say,
        )

    return work


def _convert_folder(
    context: CaseContext, new: Vault, what: str, seal: Callable[[Path], None], told: Mapping[str, object]
) -> list[str]:
    """Names of what stayed as it was."""
    context.ledger.record("alteration", Object("case"), {"at rest": what, **told})
    context.let_go()
    context.ledger.close()
    with hold_entrance(context.folder.path):
        return make_over(
            context.folder.path,
            context.folder.vault,
            new,
            seal,
            lambda paths: build_progress_bar(context.say, what, "files", paths),
        )

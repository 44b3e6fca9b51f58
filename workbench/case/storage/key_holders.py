"""Who can open an encrypted case: by its passphrase, by a recovery key, by officers' own keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.verbs.unlock import ask_new_passphrase, settle_key
from workbench.errors import CaseError
from workbench.ledger import now
from workbench.ledger.log.finding import BAD, OK, LogFinding
from workbench.ledger.maintenance import key_change
from workbench.ledger.maintenance.key_change import Files
from workbench.ledger.storage import case_key as keys
from workbench.ledger.storage.case_key import CaseKey
from workbench.ledger.storage.encryption_conversion import hold_entrance
from workbench.ledger.storage.file_vault import SealedVault
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

    from workbench.identity import Card
    from workbench.ledger import Folder, Ledger

COLUMNS = ("holder", "by", "fingerprint", "since")
LIST = f"{keys.FOLDER}/holders.json.age"


def list_key_holders(context: CaseContext) -> pd.DataFrame:
    """Who can open the case (COLUMNS), in order of time."""
    import pandas as pd

    _get_key(context)
    listed = _list_holders(context.folder, context.ledger.connection)
    rows = [("everyone who knows it", "passphrase", "", ""), *listed.values()]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def add_holder(context: CaseContext, card: Card) -> None:
    """Let an officer open the case with the officer's own key."""
    if not card.recipient:
        raise CaseError(
            Sentence(
                "The card of '{name}' has no encryption address. Ask for a card with an encryption address.",
                name=card.name,
            )
        )
    data = keys.seal_to(_get_key(context), card.recipient)
    _change_holder(context, card.fingerprint, (card.name, "own key", card.fingerprint, now()), data)


def create_recovery_key(context: CaseContext) -> str:
    """Make a recovery key; the one before no longer opens the case."""
    made, data = keys.create_recovery_key(_get_key(context))
    _change_holder(context, keys.RECOVERY, ("whoever holds it", "recovery key", "", now()), data)
    return made


def remove_holder(context: CaseContext, who: str) -> None:
    """Take the key back from an officer, or the recovery key, by name or fingerprint."""
    _get_key(context)
    listed = _list_holders(context.folder, context.ledger.connection)
    found = [holder for holder, row in listed.items() if who in (row[0], row[1], row[2])]
    if len(found) != 1:
        known = tuple(f"{row[0]} ({row[1]})" for row in listed.values()) or Sentence(
            "none (only the passphrase opens the case)"
        )
        raise CaseError(
            Sentence(
                "The key was not withdrawn. '{who}' matches {count} key holders of this case. Enter a name or "
                "fingerprint that matches only one of them. The key holders are: {known}.",
                who=who,
                count=len(found),
                known=known,
            )
        )
    _change_holder(context, found[0], None, None)


def set_passphrase(context: CaseContext, passphrase: str) -> None:
    """Set another passphrase."""
    data = keys.encrypt_key(_get_key(context), passphrase or ask_new_passphrase(context.folder.path))
    with _lock_case(context):
        _apply_change(context, {keys.FILE: data}, {"holder": "passphrase", "change": "set"})


def finish_key_change(context: CaseContext) -> None:
    """Finish or drop a change that was interrupted in another program, if the case is encrypted."""
    if context.folder.vault.key and key_change.find_change(context.folder.path):
        with _lock_case(context):
            pass


def describe_key_files(folder: Folder, ledger: Ledger) -> dict[str, object]:
    """What the first entry of the log tells of the key files of an encrypted case; nothing in any later one."""
    is_new = ledger.connection.execute("SELECT 1 FROM audit LIMIT 1").fetchone() is None
    return {key_change.DETAIL: key_change.list_digests(folder.path)} if folder.vault.key and is_new else {}


def is_bound(folder: Folder, sql: sqlite3.Connection) -> bool:
    """Whether the log says which key files count, or none are needed."""
    return folder.vault.key is None or key_change.read_digests(sql) is not None


def find_differences(folder: Folder, sql: sqlite3.Connection) -> list[tuple[str, Sentence, Sentence]]:
    """Key files that are not those of the log, as far as it says which they are: name, what is wrong, what to do."""
    found = (key_change.find_differences(folder.path, sql) if folder.vault.key else None) or {}
    names = {keys.share_of(holder): row[0] for holder, row in _list_holders(folder, sql).items()} if found else {}
    return [
        (name, Sentence(f"checkup.keys.{how}", name=escape_unprintable(name)), _describe_advice(name, how, names))
        for name, how in found.items()
    ]


def list_findings(sql: sqlite3.Connection, folder: Folder) -> list[LogFinding]:
    """What a check says of key files; nothing where the log does not say which count."""
    wrong = find_differences(folder, sql)
    if wrong:
        said = (Sentence("{found}. {advice}", found=found, advice=advice) for _, found, advice in wrong)
        return [LogFinding(key_change.DETAIL, BAD, one) for one in said]
    is_checked = folder.vault.key is not None and is_bound(folder, sql)
    return (
        [
            LogFinding(
                key_change.DETAIL,
                OK,
                Sentence("The key files are the ones that the log recorded at the last key change."),
            )
        ]
        if is_checked
        else []
    )


def _describe_advice(name: str, how: str, names: Mapping[str, str]) -> Sentence:
    """What to do about a key file that is not the one of the log."""
    if how == "strange":
        return Sentence("checkup.keys.move")
    if name in (keys.FILE, LIST, keys.share_of(keys.RECOVERY)):
        part = {keys.FILE: "passphrase", LIST: "list"}.get(name, "recovery")
        return Sentence(f"checkup.keys.{part}")
    return Sentence("checkup.keys.share", who=names.get(name, name))


def _get_key(context: CaseContext) -> CaseKey:
    if context.folder.vault.key is None:
        raise CaseError(Sentence("The case is not encrypted. To encrypt it: `case.storage.encrypt('a passphrase')`."))
    return context.folder.vault.key


def _list_holders(folder: Folder, sql: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Rows of the list of holders, by holder; as the log tells where the list is not the one that the case wrote."""
    sealed = key_change.read_key_file(folder.path, LIST, key_change.find_counting(folder.path, sql))
    said = key_change.read_digests(sql)
    if said is not None and said.get(LIST, "") != key_change.compute_digest(sealed):
        told = key_change.find_holders(sql).items()
        return {holder: _build_holder_row(holder, since) for holder, since in told if keys.share_of(holder) in said}
    if sealed is None or folder.vault.key is None:
        return {}
    listed = json.loads(SealedVault(folder.vault.key).unseal(sealed, LIST))
    return {holder: tuple(row) for holder, row in listed.items()}


def _build_holder_row(holder: str, since: str) -> tuple[str, ...]:
    """What the log tells of a holder: of an officer, only the fingerprint."""
    if holder == keys.RECOVERY:
        return "whoever holds it", "recovery key", "", since
    return holder, "own key", holder, since


def _change_holder(context: CaseContext, holder: str, row: tuple[str, ...] | None, data: bytes | None) -> None:
    """Give the key to a holder, or take it back, with the list of holders, which is encrypted."""
    with _lock_case(context):
        before = _list_holders(context.folder, context.ledger.connection)
        listed = {name: one for name, one in before.items() if name != holder} | ({holder: row} if row else {})
        files = {keys.share_of(holder): data, LIST: _build_vault(context).seal(json.dumps(listed).encode())}
        _apply_change(context, files, {"holder": holder, "change": "given" if row else "withdrawn"})


@contextmanager
def _lock_case(context: CaseContext) -> Iterator[None]:
    """Be the only one who enters the case or changes who can open it; what was interrupted before is settled."""
    with hold_entrance(context.folder.path):
        settle_key(context.folder.path, _get_key(context), context.say)
        yield


def _apply_change(context: CaseContext, files: Files, told: dict[str, object]) -> None:
    """Make a change, or leave everything as it was: it is made once the log has it."""
    folder, key = context.folder.path, _get_key(context)
    try:
        key_change.record_key_change(folder, context.ledger, files, told)
    except BaseException:
        with suppress(Exception):  # where even this fails, the next opening settles it
            if key_change.resolve_pending(folder, key) == "made":  # an interrupt came after the log had it
                print_message(Sentence("kept.key.made"), context.say)
        raise
    try:
        key_change.resolve_pending(folder, key)
    except (OSError, CaseError) as error:
        print_message(Sentence("kept.key.waits", error=error), context.say)


def _build_vault(context: CaseContext) -> SealedVault:
    return SealedVault(_get_key(context))

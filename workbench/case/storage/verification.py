"""Verifying a case: its audit log, the checkpoints that others hold, and its files; a table of checks in plain sentences."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import access_settings
from workbench.case.context.progress import build_progress_bar
from workbench.case.storage import key_holders
from workbench.case.verbs import unlock
from workbench.errors import CaseError, IdentityError
from workbench.ledger import Folder
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.log.finding import BAD, OK, OPEN, LogFinding
from workbench.ledger.records import disclosures, products
from workbench.ledger.storage.encryption_conversion import find_objection, list_leftovers
from workbench.ledger.storage.sqlite_cipher import find_journal
from workbench.ledger.verification.cosignatures import Trust
from workbench.ledger.verification.verify import open_ledger
from workbench.ledger.verification.verify import verify_case as examine
from workbench.model.catalogue import Sentence, get_term
from workbench.model.machine.atomic_write import read_bounded

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

    from workbench.case.context.case_context import CaseContext
    from workbench.model.catalogue import Translator

COLUMNS = ("check", "state", "entry", "said")
LEFT, PRODUCTS = "left over", "products"
GENERAL = {
    "ledger rows": Sentence("verified.shown.rows"),
    **{
        name: Sentence("verified.shown.files", what=get_term("verified.shown.of", name)) for name in ("sources", "rows")
    },
}
"""Check -> what is said where all is well."""
DAMAGED = {"sources": "changed", "rows": "changed", "index of words": "words"}
"""Check -> what is said of something damaged that is hidden from the officer; of all others a row is."""
LARGEST = 1 << 20
"""Bytes of a file with a checkpoint, a card or a trust list."""


def build_finding_table(found: Sequence[LogFinding], say: Translator) -> pd.DataFrame:
    """Findings as rows: check, state ('ok', 'bad', 'not checked'), entry (the first bad one, 0 if none is named), said."""
    import pandas as pd

    rows = [(one.check, one.state, one.entry, str(say.translate_value(one.said))) for one in found]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def redact_findings(context: CaseContext, found: Iterable[LogFinding]) -> list[LogFinding]:
    """Findings as an officer may see them: without numbers of files, and without what is not for that officer.

    That a row or a file is damaged is told to everybody; which one, how many and by which entry is not, where that would tell of what is
    hidden. Of a product that is hidden nothing is told.
    """
    names, secret = products.list_restricted(context.ledger, context.folder), _list_secret_ids(context)
    seen = [_redact_finding(one, secret) for one in found if not _is_closed(context, one, names)]
    if not any(one.check == PRODUCTS for one in seen):
        seen.append(products.WHOLE)
    return list(dict.fromkeys(seen))


def _list_secret_ids(context: CaseContext) -> frozenset[str]:
    """Ids of rows of which an officer may not know: of material, of what went out, and of rules that set aside."""
    sql = context.ledger.connection
    sent = {str(key) for (key,) in sql.execute("SELECT id FROM disclosures").fetchall()}
    rules = {str(key) for (key,) in sql.execute("SELECT id FROM set_asides").fetchall()}
    secret = context.ledger.list_secret_ids()
    known = set(disclosures.list_disclosures(context.ledger)["disclosure_id"])
    return secret | (sent - known) | (rules - hidden_bulk_rows.list_visible_rule_ids(context.ledger))


def _is_closed(context: CaseContext, one: LogFinding, names: Collection[str]) -> bool:
    """Whether a finding is about a product of which an officer may not know."""
    return one.check == PRODUCTS and any(products.name_of(context.folder, place) in names for place in one.about or ())


def _redact_finding(one: LogFinding, secret: Collection[str]) -> LogFinding:
    if one.state == OK and one.check in GENERAL:  # their number would tell of what is not for this officer
        return replace(one, said=GENERAL[one.check])
    if not one.may_concern(secret):
        return one
    how = "waiting" if one.state == OPEN else DAMAGED.get(one.check, "row")
    return LogFinding(one.check, one.state, Sentence(f"verified.shown.{how}"))


def verify_ledger(
    sql: sqlite3.Connection,
    folder: Folder | None,
    checkpoints: Iterable[str | Path],
    trust: Iterable[str | Path],
    say: Translator,
) -> list[LogFinding]:
    """Check a ledger and, with its folder, its rows and files; `checkpoints` and `trust` name files."""

    def show_progress(kind: str, rows: Iterable[tuple[object, ...]]) -> Iterable[tuple[object, ...]]:
        return build_progress_bar(say, "checking", "rows", rows, table=kind)

    given = [(Path(path).name, _read_text(Path(path))) for path in checkpoints]
    found = examine(
        sql, folder, given, _load_trust([Path(path) for path in trust]), watch=show_progress if folder else None
    )
    if folder is None or _is_unreadable(found):
        return found
    return [*found, *access_settings.list_findings(sql, folder), *key_holders.list_findings(sql, folder)]


def check_leftovers(folder: Folder, *, is_open: bool) -> list[LogFinding]:
    """What an interrupted encrypting or decrypting has left, or somebody has put into its place; `is_open`: in this process."""
    if said := find_objection(folder.path, is_open=is_open):
        return [LogFinding(LEFT, BAD, said)]
    names = ", ".join(list_leftovers(folder.path))
    return (
        [
            LogFinding(
                LEFT,
                OPEN,
                Sentence(
                    "Encryption or decryption was interrupted. Folders left behind: {names}. Open the case. The "
                    "program then finishes or undoes the encryption or decryption.",
                    names=names,
                ),
            )
        ]
        if names
        else []
    )


def _is_unreadable(found: Iterable[LogFinding]) -> bool:
    return any(one.check in ("ledger", "earlier log") for one in found)


def print_verification(
    case: Path, checkpoints: Sequence[Path], trust: Sequence[Path], *, files: bool, say: Translator
) -> int:
    """Print what a check found, for a terminal in a language; 1 if anything is bad, else 0. Nothing is written to the case."""
    place = unlock.inspect_folder(case)
    found = _list_findings(place, checkpoints, trust, say, files=files)
    if any(one.state == BAD for one in found):  # somebody may have begun to write meanwhile
        found = _list_findings(place, checkpoints, trust, say, files=files)
    for one in found:
        state, check = say.term("verify.state", one.state), say.term("verify.check", one.check)
        sys.stdout.write(f"{state:<12} {check:<12} {say.translate_value(one.said)}\n")
    bad = [one for one in found if one.state == BAD]
    first = min((one.entry for one in bad if one.entry), default=0)
    wrong = [say("THE CASE WAS CHANGED OR DAMAGED. Problems found: {count}.", count=say.figure(len(bad)))] + [
        say("The first entry that you cannot rely on is {entry}.", entry=first)
    ] * bool(first)
    sys.stdout.write(f"{' '.join(wrong) if bad else say('verify.right')}\n")
    return int(bool(bad))


def _list_findings(
    folder: Folder, checkpoints: Sequence[Path], trust: Sequence[Path], say: Translator, *, files: bool
) -> list[LogFinding]:
    before = check_leftovers(folder, is_open=False)
    if before and (find_journal(folder.ledger) or not folder.ledger.is_file()):
        return before
    sql = open_ledger(folder.ledger, folder.vault.ledger_key)
    try:
        return before + verify_ledger(sql, folder if files else None, checkpoints, trust, say)
    finally:
        sql.close()


def _load_trust(paths: Sequence[Path]) -> Trust:
    """Cards and trust lists out of files, and the user's own trust list."""
    from workbench import identity

    texts = {path: _read_text(path) for path in paths}
    cards = [
        identity.Card.from_json(text) for text in texts.values() if _parse_type(text).startswith("caseledger/card/")
    ]
    roots = [*cards, *identity.cards()]
    lists = [identity.load_trust_list()]
    for path, text in texts.items():
        if _parse_type(text).startswith("caseledger/trust/"):
            lists.append(identity.TrustList.from_json(text, root=roots))
        elif not _parse_type(text).startswith("caseledger/card/"):
            raise IdentityError(
                Sentence("{path} is not a card or a trust list. Ask the signer for a card or a trust list.", path=path)
            )
    known = {
        bureau.fingerprint: bureau for one in reversed(lists) for bureau in one.bureaux
    }  # the own list's word counts
    return Trust(identity.TrustList(tuple(known.values())), tuple(cards))


def _parse_type(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return str(value.get("type", "")) if isinstance(value, dict) else ""


def _read_text(path: Path) -> str:
    try:
        data = read_bounded(path, LARGEST + 1)
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            Sentence(
                "{path} cannot be read: {error}. Check the path, and use the original file without changes.",
                path=path,
                error=error,
            )
        ) from error
    if len(data) > LARGEST:
        raise CaseError(
            Sentence(
                "{path} is too large to be a checkpoint, a card or a trust list. Check the path.",
                path=path,
            )
        )
    return text

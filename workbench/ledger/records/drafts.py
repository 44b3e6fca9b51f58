"""Messages that are being written, saved at every change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.records.chart_annotations import select_withheld
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import parse_json, require_json

DRAFT, PARTLY, SENT, DISCARDED = "draft", "partly sent", "sent", "discarded"
COLUMNS = "id, message, told, rests, state, officer, at"
REPLACE = """UPDATE drafts SET message = ?, told = ?, rests = ?, state = ?, officer = ?, at = ?
    WHERE id = ? AND message = ? AND told = ? AND rests = ? AND state = ?"""


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft as the ledger keeps it.

    Attributes
    ----------
    id : str
    message : str
        As JSON.
    told : mapping
        What is said of it: 'sources' (what fields were filled from), 'let_stand' (warnings, and why), 'approvals', ...
    rests : tuple of str
        Passages, documents and statements from which fields were filled; who may not see one of them does not read the draft.
    state : str
        DRAFT, PARTLY (not to all of its addressees yet), SENT or DISCARDED.
    officer, at : str
        Who changed it last, and when.
    """

    id: str
    message: str
    told: Mapping[str, object] = field(default_factory=dict)
    rests: tuple[str, ...] = ()
    state: str = DRAFT
    officer: str = ""
    at: str = ""


def add_draft(ledger: Ledger, made: StoredDraft, what: str) -> StoredDraft:
    """Keep a new draft; logged as an alteration. `what`: what was done, for the log."""
    moment = now()
    row = (made.id, made.message, _encode_json(made.told), _encode_json(made.rests), made.state, ledger.officer, moment)
    with ledger.open_transaction() as sql:
        sql.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        ledger.log(sql, "alteration", Object("draft", made.id), {"done": what})
    return StoredDraft(made.id, made.message, made.told, made.rests, made.state, ledger.officer, moment)


def replace_draft(ledger: Ledger, there: StoredDraft, made: StoredDraft, what: str) -> StoredDraft | None:
    """Keep a draft as it is now in the place of what was read; None, and nothing is kept, where it is not as it was read any more."""
    moment = now()
    kept = (made.message, _encode_json(made.told), _encode_json(made.rests), made.state, ledger.officer, moment)
    was = (there.id, there.message, _encode_json(there.told), _encode_json(there.rests), there.state)
    with ledger.open_transaction() as sql:
        if not sql.execute(REPLACE, (*kept, *was)).rowcount:
            return None
        ledger.log(sql, "alteration", Object("draft", there.id), {"done": what})
    return replace(made, officer=ledger.officer, at=moment)


def load_draft(ledger: Ledger, key: str) -> StoredDraft:
    """A draft as it is in the case now, whoever reads."""
    row = ledger.connection.execute(f"SELECT {COLUMNS} FROM drafts WHERE id = ?", (key,)).fetchone()
    return _parse_row(*row)


def list_drafts(ledger: Ledger) -> list[StoredDraft]:
    """Drafts of which the reader may see all that they were filled from, the latest first."""
    query = f"SELECT {COLUMNS} FROM drafts ORDER BY at DESC, id"
    rows = ledger.reader_connection.execute(query).fetchall()
    found = [_parse_row(*row) for row in rows if _is_whole(*row)]
    hidden = select_withheld(ledger, {key for one in found for key in one.rests})
    return [one for one in found if hidden.isdisjoint(one.rests)]


def count_drafts(ledger: Ledger) -> int:
    """How many drafts there are and were, whoever reads."""
    return int(ledger.connection.execute("SELECT count(*) FROM drafts").fetchone()[0])


def get_series(ledger: Ledger) -> str:
    """Four signs by which references of this case differ from those of another one: they begin the hash of its log's first entry."""
    (leaf,) = ledger.connection.execute("SELECT leaf FROM audit WHERE seq = 1").fetchone()
    return bytes(leaf).hex()[:4].upper()


def _is_whole(_: str, message: str, told: str, rests: str, *__: str) -> bool:
    """Whether a draft can be read; the others are left out, and the doctor tells of them."""
    kinds = ((message, dict), (told, dict), (rests, list))
    return all(parse_json(text, kind) is not None for text, kind in kinds)


def _parse_row(key: str, message: str, told: str, rests: str, *rest: str) -> StoredDraft:
    return StoredDraft(key, message, require_json(told, dict), tuple(require_json(rests, list)), *rest)


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)

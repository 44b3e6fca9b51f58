"""Words of exclusions that an erasure strikes: what is left of each is a keyed hash, by which the rule goes on to know it.

The hash is an HMAC-SHA256 under the case's secret, as tombstones have it. It matches what the words matched, and nothing else: not the
sign that stands for what was erased.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from workbench.ledger.storage.stored_values import require_json
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.text.normalise import normalise_name, sort_name_words

BEGIN = "erased-"
NAME, ENTITY, VALUE, TERM, FOLDER = (f"{BEGIN}{kind}-" for kind in ("name", "id", "value", "term", "folder"))
"""Begin the hash of the name of a party, of its id, of its number or account, of words, of a folder."""
KINDS = (NAME, ENTITY, VALUE, TERM, FOLDER)
GONE = "erased"
"""The id of a party of which an earlier release kept nothing."""


def is_mark(text: str) -> bool:
    """Whether it is a hash, and no word of an officer."""
    return text.startswith(KINDS)


def is_lost(text: str) -> bool:
    """Whether an earlier release struck it and kept no hash: it matches nothing any more."""
    return ERASED in text


def get_secret(sql: sqlite3.Connection) -> str:
    """The secret of the case."""
    return str(sql.execute("SELECT value FROM main.case_facts WHERE name = 'secret'").fetchone()[0])


def compute_mark(secret: str, kind: str, form: str) -> str:
    """The hash of a text in the form in which texts of the kind are compared."""
    said = f"excluded\x1f{kind.removeprefix(BEGIN).rstrip('-')}\x1f{form}"
    return kind + hmac.digest(secret.encode(), said.encode(), "sha256").hex()[:32]


def mark_name(secret: str, name: str) -> str:
    """The hash of a name, in any order of its words."""
    return compute_mark(secret, NAME, sort_name_words(name))


def mark_term(secret: str, term: str) -> str:
    """The hash of words, and how many letters they have: by that the places of a text are found where they may stand."""
    form = normalise_name(term)
    return f"{compute_mark(secret, TERM, form)}-{len(form)}"


def find_marked(secret: str, kind: str, marks: Collection[str], texts: Iterable[str]) -> dict[str, str]:
    """Which of some texts have a hash among these: hash -> text."""
    wanted = {mark for mark in marks if mark.startswith(kind)}
    return {mark: text for text in texts if (mark := compute_mark(secret, kind, text)) in wanted} if wanted else {}


def has_term(text: str | None, term: str) -> bool:
    """Whether words begin so in a text, case and accents aside. What stands for something erased is no word."""
    wanted = "" if is_lost(term) else normalise_name(term)
    return bool(wanted) and any(f" {wanted}" in f" {part}" for part in _list_parts(text))


def has_marked_term(text: str | None, mark: str, secret: str) -> bool:
    """The same of words of which a hash is left."""
    made, _, size = mark.rpartition("-")
    if not size.isdecimal():
        return False
    for part in _list_parts(text):
        starts = [0, *(at + 1 for at, sign in enumerate(part) if sign == " ")]
        found = {part[at : at + int(size)] for at in starts if at + int(size) <= len(part)}
        if any(compute_mark(secret, TERM, one) == made for one in found):
            return True
    return False


def is_in_marked_folder(name: str, mark: str, secret: str) -> bool:
    """Whether a source is the one, or lies in the folder, of whose name a hash is left."""
    ends = [at for at, sign in enumerate(name) if sign == "/"]
    return any(compute_mark(secret, FOLDER, name[:end]) == mark for end in (*ends, len(name)))


def keep_struck_words(
    sql: sqlite3.Connection, redact: Callable[[str], str], folders: Mapping[str, Sequence[str]]
) -> list[str]:
    """Put keyed hashes in the place of what an erasure strikes in rules, so that the rules go on; ids of the rules that change.

    folders : sources in the folders of the rules, as `exclusion_rules.map_folder_sources` gave them before names of sources were struck
    """
    changed, secret = [], get_secret(sql)
    for key, text in sql.execute("SELECT id, rule FROM set_asides ORDER BY id").fetchall():
        told = require_json(text, dict)
        made = _mark_struck_words(told, redact, secret)
        if made.get("folder", told.get("folder")) != told.get("folder"):
            made["sources"] = sorted({*told.get("sources", ()), *folders.get(key, ())})
        if {**told, **made} != told:
            changed.append(str(key))
            rule = json.dumps({**told, **made}, ensure_ascii=False, sort_keys=True)
            sql.execute("UPDATE set_asides SET rule = ? WHERE id = ?", (rule, key))
    return changed


def _mark_struck_words(told: Mapping[str, Any], redact: Callable[[str], str], secret: str) -> dict[str, Any]:
    """The fields of a rule that hold names, numbers, words and folders, with hashes for those that are struck."""
    ways: dict[str, Callable[[str], str]] = {
        "sender_names": lambda name: mark_name(secret, name),
        "party_names": lambda name: mark_name(secret, name),
        "values": lambda value: compute_mark(secret, VALUE, value),
        "term": lambda term: mark_term(secret, term),
        "folder": lambda folder: compute_mark(secret, FOLDER, folder),
    }
    made: dict[str, Any] = {}
    for name, mark in ways.items():
        if name in told:
            given = told[name] if isinstance(told[name], list) else [told[name]]
            kept = [mark(one) if not is_lost(one) and redact(one) != one else one for one in given]
            made[name] = kept if isinstance(told[name], list) else kept[0]
    return made


def keep_struck_ids(sql: sqlite3.Connection, told: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """A rule with hashes for the parties that are erased, and with as many parties and places as before: it takes nothing more."""
    secret = get_secret(sql)

    def replace_id(name: str, key: str) -> str:
        if key not in gone:
            return key
        is_party = name in ("sender", "party")
        return compute_mark(secret, ENTITY, key) if is_party else GONE

    return {
        name: [replace_id(name, one) for one in value] if isinstance(value, list) else value
        for name, value in told.items()
    }


def _list_parts(text: str | None) -> list[str]:
    """What stands in a text before and behind what was erased, in the form in which words are compared."""
    return [normalise_name(part) for part in (text or "").split(ERASED)]

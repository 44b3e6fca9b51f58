"""Standing orders of the desk: rule packs of one's own, and what is known of States, in the folder `rules/` of the case.

They lie there as YAML that officers read and edit. A rule of one's own adds to the shipped ones and can take none away; one that is
written wrong stops the check and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.case.book import Book
from workbench.errors import CaseError, SchemaError
from workbench.ledger.audit import Object
from workbench.messages import forms
from workbench.messages.check import tried
from workbench.messages.packs import Pack, joined, load, shipped
from workbench.messages.yamls import read
from workbench.model.catalogue import LANGUAGES, Sentence
from workbench.model.files import write_atomic

STATES = "states.yaml"
COLUMNS = ("rule", "for", "severity", "kind", "basis", "message", "source", "pack", "version", "own")


@dataclass(frozen=True, slots=True)
class States:
    """What officers say of States.

    Attributes
    ----------
    treaties : mapping
        Pair of countries -> what the treaty on mutual assistance between them is called; what is not here is not known to be in force.
    languages : mapping
        Country -> languages in which it accepts letters of request.
    """

    treaties: Mapping[frozenset[str], str] = field(default_factory=dict)
    languages: Mapping[str, Collection[str]] = field(default_factory=dict)


def folder(book: Book) -> Path:
    """Where standing orders lie."""
    return book.folder.path / "rules"


def packs(book: Book) -> tuple[Pack, ...]:
    """The shipped packs and those of the case.

    Raises
    ------
    SchemaError
        If a rule of the case is written wrong, or is called like another one.
    """
    return _in_force(_files(book))


def own(book: Book) -> tuple[Pack, ...]:
    """The packs of the case."""
    return _loaded(_files(book))


def states(book: Book) -> States:
    """What the case knows of States.

    Raises
    ------
    SchemaError
        If `states.yaml` is written wrong.
    """
    path = folder(book) / STATES
    return _read_states(path, _stamp(path)) if path.exists() else States()


def listed(book: Book, language: str) -> pd.DataFrame:
    """Rules in force, in a language."""
    mine = {pack.name for pack in own(book)}
    rows = [
        (
            rule.id, ", ".join(rule.forms), rule.severity, rule.kind, rule.basis, rule.said(language).message, rule.source,
            pack.name, pack.version, pack.name in mine,
        ) for pack in packs(book) for rule in pack.rules
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def adopt(book: Book, path: Path, because: str) -> Path:
    """Take a pack, with its translations, or what is known of States into the case. It is logged with its digest.

    Raises
    ------
    CaseError
        Without a reason, or where an example of a rule does otherwise than the rule says.
    SchemaError
        If it is written wrong.
    """
    if not because.strip():
        raise CaseError(Sentence("refused.rules.reason"))
    name = STATES if _of_states(path) else path.name
    if name == STATES:
        _read_states(path, _stamp(path))
    else:
        _try(book, load(path))
    place = folder(book) / name
    place.parent.mkdir(exist_ok=True)
    for language in ("", *LANGUAGES):
        beside = path.parent / language / path.name
        if beside.is_file():
            (place.parent / language).mkdir(exist_ok=True)
            write_atomic(place.parent / language / name, beside.read_bytes())
    with book.ledger.transaction() as sql:
        content = sha256(place.read_bytes()).hexdigest()
        book.ledger.log(sql, "alteration", Object("rules", name, inputs=[content]), {"because": because})
    return place


def _try(book: Book, pack: Pack) -> None:
    """Refuse a pack whose rules fail their own examples or are called like others.

    Raises
    ------
    CaseError
        It names the rules.
    """
    joined((*shipped(), *(one for one in own(book) if one.name != pack.name), pack))
    failed = tried([pack])
    if len(failed):
        raise CaseError(Sentence("refused.rules.examples", rules=", ".join(dict.fromkeys(failed["rule"]))))


def _of_states(path: Path) -> bool:
    return "pack" not in _data(path)


def _data(path: Path) -> dict[Any, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(Sentence("refused.states.unreadable", path=path, error=error)) from None
    return read(text, path.name)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat() if path.exists() else None
    return (found.st_mtime_ns, found.st_size) if found else (0, 0)


def _files(book: Book) -> tuple[tuple[Path, tuple[int, int]], ...]:
    """Packs of the case as they lie there now: a file that was edited is another one."""
    found = sorted(folder(book).rglob("*.yaml"))
    return tuple((path, _stamp(path)) for path in found if path.name != STATES)


@lru_cache(maxsize=64)
def _loaded(files: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Pack, ...]:
    return tuple(load(path) for path, _ in files if path.parent.name not in LANGUAGES)


@lru_cache(maxsize=64)
def _in_force(files: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Pack, ...]:
    return joined((*shipped(), *_loaded(files)))


@lru_cache(maxsize=64)
def _read_states(path: Path, stamp: tuple[int, int]) -> States:
    del stamp
    data = _data(path)
    if other := sorted(set(data) - {"treaties", "languages"}):
        raise SchemaError(Sentence("refused.states.part", name=path.name, part=other[0], shape=_shape()))
    treaties = dict(_treaty(one, path.name) for one in _listed(data.get("treaties", ()), path.name))
    languages = {
        _country(code, path.name): [str(one) for one in _listed(said, path.name)]
        for code, said in (data.get("languages") or {}).items()
    }
    return States(treaties, languages)


def _treaty(said: object, name: str) -> tuple[frozenset[str], str]:
    between = said.get("between") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(between, list) or len({*map(str, between)}) != 2:
        raise SchemaError(Sentence("refused.states.treaty", name=name, treaty=repr(said), shape=_shape()))
    return frozenset(_country(one, name) for one in between), str(said.get("name", ""))


def _country(said: object, name: str) -> str:
    if not forms.country(str(said)):
        raise SchemaError(Sentence("refused.states.country", name=name, country=repr(said)))
    return str(said)


def _listed(said: object, name: str) -> list[Any]:
    if not isinstance(said, list | tuple):
        raise SchemaError(Sentence("refused.states.list", name=name, value=repr(said), shape=_shape()))
    return list(said)


def _shape() -> Sentence:
    """What a file of States holds."""
    return Sentence("refused.states.shape")

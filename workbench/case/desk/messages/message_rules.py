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
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from workbench.case.context.case_context import CaseContext
from workbench.errors import CaseError, SchemaError
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.safe_deletion import refuse_links
from workbench.messages.model import value_formats
from workbench.messages.model.safe_yaml import parse_yaml, read_text
from workbench.messages.rules.rule_check import check_examples
from workbench.messages.rules.rule_packs import Pack, check_unique_ids, load, load_shipped
from workbench.model.catalogue import LANGUAGES, Sentence
from workbench.model.machine.atomic_write import write_atomic

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


def get_folder(context: CaseContext) -> Path:
    """Where standing orders lie."""
    return context.folder.path / "rules"


def list_packs(context: CaseContext) -> tuple[Pack, ...]:
    """The shipped packs and those of the case.

    Raises
    ------
    SchemaError
        If a rule of the case is written wrong, or is called like another one.
    """
    return _load_packs_in_force(_list_files(context))


def list_own_packs(context: CaseContext) -> tuple[Pack, ...]:
    """The packs of the case."""
    return _load_packs(_list_files(context))


def load_states(context: CaseContext) -> States:
    """What the case knows of States.

    Raises
    ------
    SchemaError
        If `states.yaml` is written wrong.
    """
    path = get_folder(context) / STATES
    return _read_states(path, _get_stamp(path)) if path.exists() else States()


def list_rules(context: CaseContext, language: str) -> pd.DataFrame:
    """Rules in force, in a language."""
    mine = {pack.name for pack in list_own_packs(context)}
    rows = [
        (
            rule.id, ", ".join(rule.forms), rule.severity, rule.kind, rule.basis, rule.get_wording(language).message, rule.source,
            pack.name, pack.version, pack.name in mine,
        ) for pack in list_packs(context) for rule in pack.rules
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def adopt_rules(context: CaseContext, path: Path, because: str) -> Path:
    """Take a pack, with its translations, or what is known of States into the case. It is logged with its digest.

    What is looked at is what is kept, byte for byte. It adds to what the case has, and replaces nothing.

    Raises
    ------
    CaseError
        Without a reason, where an example of a rule does otherwise than the rule says, or where it would take the place of what is there.
    SchemaError
        If it is written wrong.
    """
    if not because.strip():
        raise CaseError(
            Sentence(
                "The rules were not adopted. Enter the reason why these rules apply from now on, for example: "
                "`adopt('ours.yaml', because='standing order 12')`."
            )
        )
    with TemporaryDirectory() as drawer:
        copy = _copy_pack(path, Path(drawer))
        states = _is_state_file(copy)
        name = STATES if states else copy.name
        if states:
            _read_states(copy, _get_stamp(copy))
        else:
            _check_pack(context, copy)
        place = get_folder(context) / name
        found = {beside: data for beside, data in _read_files(copy).items() if not (states and beside)}
        _check_vacant(place, found)
        for language, data in found.items():
            refuse_links(place.parent / language)
            (place.parent / language).mkdir(parents=True, exist_ok=True)
            write_atomic(place.parent / language / name, data)
    with context.ledger.open_transaction() as sql:
        content = sha256(found[""]).hexdigest()
        context.ledger.log(sql, "alteration", Object("rules", name, inputs=[content]), {"because": because})
    return place


def _copy_pack(path: Path, drawer: Path) -> Path:
    """A copy of a file, with its translations, that nobody else changes; under the ending that packs of a case have."""
    copy = drawer / f"{path.stem}.yaml"
    for language in ("", *LANGUAGES):
        beside = path.parent / language / path.name
        if not language or beside.is_file():
            (drawer / language).mkdir(exist_ok=True)
            (drawer / language / copy.name).write_text(_read_text(beside), "utf-8", newline="")
    return copy


def _read_files(copy: Path) -> dict[str, bytes]:
    """The file and its translations, by language; '' for the file."""
    there = {language: copy.parent / language / copy.name for language in ("", *LANGUAGES)}
    return {language: path.read_bytes() for language, path in there.items() if path.is_file()}


def _check_vacant(place: Path, found: Mapping[str, bytes]) -> None:
    """Refuse to write over a file of the case that says something else.

    Raises
    ------
    CaseError
        It names the file.
    """
    for language, data in found.items():
        there = place.parent / language / place.name
        if there.exists() and there.read_bytes() != data:
            raise CaseError(
                Sentence(
                    "Your file was not added. This case already has the file `rules/{path}`, with different content. "
                    "Remove the old file first, or give your file another name.",
                    path=there.relative_to(place.parent),
                )
            )


def _check_pack(context: CaseContext, path: Path) -> None:
    """Refuse a pack whose rules fail their own examples, or that is called like another one or like what is known of States.

    Raises
    ------
    CaseError
        It names the rules.
    """
    pack, place = load(path), get_folder(context) / path.name
    if path.name == STATES:
        raise CaseError(
            Sentence(
                "A rule pack cannot be called {name}: this is the name of the file with data about "
                "States. Give the rule pack another name.",
                name=STATES,
            )
        )
    others = tuple(
        one
        for (other, _), one in zip(_list_pack_files(context), list_own_packs(context), strict=True)
        if other != place
    )
    if same := next((one for one in others if one.name == pack.name), None):
        raise CaseError(
            Sentence(
                "The rule pack was not added. This case already has a rule pack called '{name}'. To replace the "
                "old one, first remove its file from `rules/`. To keep both, give the new rule pack another name.",
                name=same.name,
            )
        )
    check_unique_ids((*load_shipped(), *others, pack))
    failed = check_examples([pack])
    if len(failed):
        raise CaseError(
            Sentence(
                "The examples of {rules} do not give the expected results. Fix the rules, or fix their "
                "examples in `fails` and `passes`.",
                rules=", ".join(dict.fromkeys(failed["rule"])),
            )
        )


def _is_state_file(path: Path) -> bool:
    return "pack" not in _read_data(path)


def _read_data(path: Path) -> dict[Any, Any]:
    return parse_yaml(_read_text(path), path.name)


def _read_text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(
            Sentence(
                "The rules in {path} cannot be read: {error}. Check that the file can be opened and is UTF-8 text.",
                path=path,
                error=error,
            )
        ) from None


def _get_stamp(path: Path) -> tuple[int, int]:
    found = path.stat() if path.exists() else None
    return (found.st_mtime_ns, found.st_size) if found else (0, 0)


def _list_files(context: CaseContext) -> tuple[tuple[Path, tuple[int, int]], ...]:
    """Packs of the case as they lie there now: a file that was edited is another one."""
    found = sorted(get_folder(context).rglob("*.yaml"))
    return tuple((path, _get_stamp(path)) for path in found if path.name != STATES)


def _list_pack_files(context: CaseContext) -> list[tuple[Path, tuple[int, int]]]:
    """The same without translations, which lie in folders of their languages."""
    return [(path, stamp) for path, stamp in _list_files(context) if path.parent.name not in LANGUAGES]


@lru_cache(maxsize=64)
def _load_packs(files: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Pack, ...]:
    return tuple(load(path) for path, _ in files if path.parent.name not in LANGUAGES)


@lru_cache(maxsize=64)
def _load_packs_in_force(files: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Pack, ...]:
    return check_unique_ids((*load_shipped(), *_load_packs(files)))


@lru_cache(maxsize=64)
def _read_states(path: Path, stamp: tuple[int, int]) -> States:
    del stamp
    data = _read_data(path)
    if other := sorted(map(str, set(data) - {"treaties", "languages"})):
        raise SchemaError(
            Sentence(
                "{name} contains '{part}', which is not allowed. Write: {shape}.",
                name=path.name,
                part=other[0],
                shape=_describe_format(),
            )
        )
    treaties = dict(_parse_treaty(one, path.name) for one in _check_list(data.get("treaties", ()), path.name))
    accepted = data.get("languages", {})
    if not isinstance(accepted, dict):
        raise _build_value_error(accepted, path.name)
    languages = {_parse_country(code, path.name): _parse_languages(said, path.name) for code, said in accepted.items()}
    return States(treaties, languages)


def _parse_treaty(said: object, name: str) -> tuple[frozenset[str], str]:
    between = said.get("between") if isinstance(said, dict) else None
    called = said.get("name", "") if isinstance(said, dict) else None
    if not isinstance(called, str) or not isinstance(between, list) or len({*map(str, between)}) != 2:
        raise SchemaError(
            Sentence(
                "The treaty {treaty} in {name} is not valid. Write: {shape}.",
                name=name,
                treaty=f"{said!r:.60}",
                shape=_describe_format(),
            )
        )
    return frozenset(_parse_country(one, name) for one in between), called


def _parse_country(said: object, name: str) -> str:
    if not value_formats.is_country(str(said)):
        raise SchemaError(
            Sentence(
                "The country {country} in {name} is not valid. Write two letters (ISO 3166-1).",
                name=name,
                country=f"{said!r:.60}",
            )
        )
    return str(said)


def _parse_languages(said: object, name: str) -> list[str]:
    for one in (listed := _check_list(said, name)):
        if not isinstance(one, str):
            raise _build_value_error(one, name)
    return listed


def _check_list(said: object, name: str) -> list[Any]:
    if not isinstance(said, list | tuple):
        raise _build_value_error(said, name)
    return list(said)


def _build_value_error(said: object, name: str) -> SchemaError:
    """Why a file of States is refused: a value of another kind than stands there."""
    return SchemaError(
        Sentence(
            "The value {value} in {name} is not valid. Write: {shape}.",
            name=name,
            value=f"{said!r:.60}",
            shape=_describe_format(),
        )
    )


def _describe_format() -> Sentence:
    """What a file of States holds."""
    return Sentence(
        "`treaties`: a list of `{{between: [XA, XB], name: …}}`; `languages`: country → list of `en`, `fr`, …"
    )

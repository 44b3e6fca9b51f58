"""A package of another bureau into the case: its files first, each by its hash; then its rows, all of them or none."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeGuard

import pandas as pd

from workbench.case.access import brought_marks, controller
from workbench.case.access.mark_propagation import MARKING
from workbench.case.context.case_context import CaseContext
from workbench.case.packages.package_export import ABOUT, WITHHELD
from workbench.case.privacy import erasure_replay
from workbench.errors import CaseError, PackageError
from workbench.exchange import ro_crate
from workbench.exchange.bag_verdict import EXPIRED, VALID, describe_end
from workbench.exchange.package_inspection import OpenPackage
from workbench.ingest.budgets import compute_max_bulk_rows
from workbench.ledger import Object, Settings, now
from workbench.ledger.erasure import entity_footprint, tombstones
from workbench.ledger.records import packages, row_tables
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.storage.safe_deletion import delete_file
from workbench.ledger.transfer.parquet_export import check_documents, check_file, list_targets
from workbench.ledger.transfer.row_export import FORMAT
from workbench.ledger.transfer.row_merge import Origin, merge_package
from workbench.ledger.transfer.row_validation import SHA256, check_row
from workbench.model import handling_marks
from workbench.model.catalogue import Sentence, get_term, join_sentences
from workbench.model.handling_marks import Scheme, has_valid_values, normalise_mark_label
from workbench.model.ids import compute_sha256
from workbench.model.machine.archive_safety import clean_name
from workbench.visible import escape_unprintable

LONGEST = 64 * 1024**2
"""Bytes of one line."""
KNOWN = re.compile(
    rf"{re.escape(ro_crate.FILE)}|{re.escape(WITHHELD)}|{re.escape(ABOUT)}|ledger/(?:{'|'.join(TABLES)})\.jsonl"
    r"|rows/[^/]+\.parquet|sources/[0-9a-f]{64}|reports/report\.(?:html|pdf)"
)
"""Paths of the files of which a package consists."""


def take_in(context: CaseContext, opened: OpenPackage, own: str, *, unknown_sender: bool = False) -> pd.DataFrame:
    """Take a package into the case; how many rows of each table are new.

    Parameters
    ----------
    context : CaseContext
        The case.
    opened : Opened
        The package, as it was looked at.
    own : str
        The bureau of this case.
    unknown_sender : bool
        Take in what a sender signed whom nobody vouches for.

    Raises
    ------
    CaseError
        If the package is not VALID, or the officer is not cleared for all that the case holds.
    PackageError
        If a row or a file in it is not what it says, or is marked above the officer's clearance. Nothing is taken in.
    """
    try:
        check_allowed(opened, unknown_sender=unknown_sender)
        _check_clearance(context)
        about = read_statement(opened)
        _check_named(opened)
        _check_sizes(opened)
    except (CaseError, PackageError) as error:
        context.ledger.refuse("collection", Object("package", id=opened.sha256), str(error))
        raise
    written: dict[Path, str] = {}
    try:
        late = _keep_originals(context, opened, written)
        mark = normalise_mark_label(opened.header.cover.mark, controller.get_scheme(context))
        came = replace(
            build_origin(opened, about, own),
            kept_back=_find_missing(context, opened, about),
            unsent=frozenset(_list_unsent(opened)),
            late=tuple(late),
            mark=mark,
        )
        cited = _keep_rows(context, opened, written)
        lacking = _find_lacking_documents(context, opened)
        read, made = partial(_filter_rows, context, opened), build_package_record(opened)
        counts = merge_package(context.ledger, read, came, made, cited=cited)
        _keep_common_marks(context, opened, came)
        for key in late:  # from now on it is missed where it is gone
            context.ledger.record("collection", Object("source", id=key, inputs=[key]), {"package": came.package})
    except BaseException as error:
        _remove_unnamed(context, written)
        if isinstance(error, CaseError | PackageError):
            context.ledger.refuse("collection", Object("package", id=opened.sha256), str(error))
        raise
    erasure_replay.reapply_to_sources(context, [str(row["sha256"]) for row in read_rows(opened, "sources")], lacking)
    return pd.DataFrame(sorted(counts.items()), columns=pd.Index(["rows", "new"]))


def check_allowed(opened: OpenPackage, *, unknown_sender: bool) -> None:
    """Refuse what is not to be taken in.

    Raises
    ------
    CaseError
        With the state, its reasons and what to do.
    """
    if opened.state == VALID or (opened.state.startswith(VALID) and unknown_sender):
        return
    said = _describe_refusal(opened.state, opened.reasons)
    raise CaseError(
        Sentence("{said} To import the package anyway: `add_to(case, unknown_sender=True)`.", said=said)
        if opened.state.startswith(VALID)
        else said
    )


def check_end(context: CaseContext, opened: OpenPackage) -> None:
    """Refuse a package that was opened while it was valid, and is valid no longer.

    Raises
    ------
    CaseError
        With what to do; it is logged.
    """
    if opened.state.startswith(VALID) and (late := describe_end(opened.header.cover, now())):
        said = _describe_refusal(EXPIRED, late)
        raise context.ledger.refuse("collection", Object("package", id=opened.sha256), said)


def _describe_refusal(state: str, reasons: Sequence[str]) -> Sentence:
    why = join_sentences("{one} {more}", reasons)
    return Sentence(
        "The package was not imported. It is {state}. {why}", state=get_term("package.state", state), why=why
    )


def _check_clearance(context: CaseContext) -> None:
    """Refuse whoever may not know of all that is here: what a package adds would tell what the case has already."""
    if context.ledger.gate and context.ledger.gate.is_uncleared(context.ledger):
        if controller.is_controller(context):
            raise CaseError(
                Sentence(
                    "The package was not imported. You are the controller, but the case contains at least one item "
                    "that you are not allowed to see. The item is above your clearance, or your country is not "
                    "allowed to see it. Hand the case over to an officer who is cleared for everything in the case: "
                    "`case.access.hand_over('eve', because=…)`. That officer can import the package, or grant you "
                    "clearance (`case.access.grant`) and hand the case back."
                )
            )
        raise CaseError(
            Sentence(
                "The package was not imported. You are not cleared for everything in the case. Ask the "
                "controller of the case ({controller}) to import the package or to grant you clearance "
                "(`case.access.grant`).",
                controller=controller.get_controller(context).statement,
            )
        )


def read_statement(opened: OpenPackage) -> Mapping[str, object]:
    """What the sender says of the rows.

    Raises
    ------
    PackageError
        If it is not there, or of a newer workbench; or if the package has a file that its form does not know.
    """
    _check_known(opened)
    try:
        about = json.loads(opened.read_content(ABOUT), object_pairs_hook=_check_unique_keys)
        if not isinstance(about, dict) or type(about.get("format")) is not int or about["format"] != FORMAT:
            raise PackageError(
                Sentence(
                    "The format of {name} in the package is not known ('{form}'). It may come from another version "
                    "of the program. Nothing was imported. Update the program first.",
                    name=ABOUT,
                    form=str(about)[:40],
                ),
                ABOUT,
            )
        if wrong := [name for name, said in about.items() if name != "format" and not _is_field(name, said)]:
            raise PackageError(
                Sentence(
                    "In the package, '{field}' in {name} has the wrong value or form. Nothing was imported. "
                    "Tell the sender.",
                    name=ABOUT,
                    field=escape_unprintable(wrong[0][:40]),
                ),
                ABOUT,
            )
        return about
    except (ValueError, RecursionError) as error:
        raise PackageError(
            Sentence(
                "{name} in the package cannot be read ({error}). Nothing was imported. Tell the sender.",
                name=ABOUT,
                error=error,
            ),
            ABOUT,
        ) from error


def _check_known(opened: OpenPackage) -> None:
    """Refuse a package with a file of which nobody knows what it is: what is passed over might be a mark."""
    wrong = [*opened.beside, *(name for name in opened.names if not KNOWN.fullmatch(name))]
    if wrong:
        raise PackageError(
            Sentence(
                "The program does not know the file {name} in the package. The file may limit who is allowed to "
                "see the content, so nothing was imported. Tell the sender, or update the program.",
                name=escape_unprintable(clean_name(wrong[0])),
            ),
            wrong[0],
        )


def _check_named(opened: OpenPackage) -> None:
    """Refuse a package with a file of a source or of mass rows that no row names."""
    named = {f"sources/{row.get('sha256')}" for row in read_rows(opened, "sources")}
    named |= {f"rows/{row.get('path')}" for row in read_rows(opened, "row_files")}
    if wrong := [name for name in opened.names if name.startswith(("sources/", "rows/")) and name not in named]:
        raise PackageError(
            Sentence(
                "The program does not know the file {name} in the package. The file may limit who is allowed to "
                "see the content, so nothing was imported. Tell the sender, or update the program.",
                name=escape_unprintable(clean_name(wrong[0])),
            ),
            wrong[0],
        )


def _check_sizes(opened: OpenPackage) -> None:
    """Refuse a package with a file of another size than its row says: here it would look like one that was changed since."""
    for row in read_rows(opened, "sources"):
        name = f"sources/{check_row('sources', row)['sha256']}"
        if name in opened.names and opened.get_path(name).stat().st_size != row["size"]:
            raise PackageError(
                Sentence(
                    "The package states the wrong size for the file '{file}'. Nothing was imported. Tell the sender.",
                    file=escape_unprintable(str(row["name"])),
                ),
                name,
            )


def _check_unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON of which no key comes twice: one of two values would be passed over."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise PackageError(
            Sentence(
                "In the package, one entry contains the field '{key}' twice. One of the two values would be "
                "ignored. Nothing was imported. Ask the sender for a new package.",
                key=escape_unprintable(twice[:40]),
            )
        )
    return made


def _is_field(name: str, said: object) -> bool:
    """Whether a field of `about.json` is known, and what it says has its form."""
    return name in FIELDS and FIELDS[name](said)


def _is_scheme(said: object) -> bool:
    """Whether it is a scheme of marking: its name, its levels, what is printed for the lowest."""
    if not isinstance(said, dict) or not said.keys() <= {"name", "base", "levels"}:
        return False
    if not all(isinstance(said.get(name, ""), str) for name in ("name", "base")):
        return False
    return _is_list(levels := said.get("levels")) and all(levels)


def _is_list(said: object) -> TypeGuard[list[str]]:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)


def _is_default(said: object) -> bool:
    """Whether it is a mark: lists of values of facets of which a mark is made."""
    if not isinstance(said, dict) or not said.keys() <= set(MARKING):
        return False
    return all(_is_list(values) and has_valid_values(name, values) for name, values in said.items())


def _is_kept_back(said: object) -> bool:
    """Whether it names files by their hash, each with a reason."""
    return isinstance(said, dict) and all(SHA256.fullmatch(key) and isinstance(why, str) for key, why in said.items())


def _is_text(said: object) -> bool:
    return isinstance(said, str)


FIELDS: dict[str, Callable[[object], bool]] = {
    "title": _is_text, "reference": _is_text, "bureau": _is_text, "scheme": _is_scheme, "default": _is_default, "kept_back": _is_kept_back,
}  # fmt: skip
"""Field of `about.json` -> whether what it says has its form; what has another one is not passed over, for it may hold a mark."""


def build_settings(opened: OpenPackage, about: Mapping[str, object]) -> Settings:
    """The case that a package comes from, for looking at it: its title, scheme and mark."""
    cover, scheme = opened.header.cover, _build_scheme(about)
    return Settings(
        cover.title or opened.header.package, cover.reference, scheme.name, scheme.levels,
        next(iter(_parse_default_mark(about).get("level", ())), ""), scheme.base, everyone=scheme.levels[-1], country="",
        bureau=opened.header.sender.bureau, status="asked",
    )  # fmt: skip


def build_origin(opened: OpenPackage, about: Mapping[str, object], own: str) -> Origin:
    """Where the rows come from."""
    kept_back = about.get("kept_back")
    named = kept_back if isinstance(kept_back, dict) else {}
    known = {str(key): str(why)[:200] for key, why in named.items() if SHA256.fullmatch(str(key))}
    bureau, *earlier = packages.list_bureau_names(opened.header.sender, opened.state)
    return Origin(opened.header.package, bureau, own, _parse_default_mark(about), known, earlier=tuple(earlier))


def build_package_record(opened: OpenPackage) -> packages.PackageRecord:
    """The package as the ledger remembers it; of a checkpoint what the sender has signed, and nothing of any other text."""
    header = opened.header
    checkpoint = packages.extract_checkpoint(header.cover.checkpoint, header.sender)
    to = json.dumps([[f"{one.name}, {one.bureau}", one.fingerprint] for one in header.addressees], ensure_ascii=False)
    return packages.PackageRecord(
        header.package, packages.RECEIVED, opened.sha256, opened.header_sha256, header.sender.to_json(), to,
        header.cover.mark, header.cover.title, checkpoint, opened.state,
    )  # fmt: skip


def read_rows(opened: OpenPackage, table: str) -> Iterator[Row]:
    """Rows of a table in the package, as they are written.

    Raises
    ------
    PackageError
        If a line is no object of JSON.
    """
    name = f"ledger/{table}.jsonl"
    if name not in opened.names:
        return
    with opened.get_path(name).open("rb") as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            try:
                row = json.loads(line, object_pairs_hook=_check_unique_keys)
            except (ValueError, RecursionError) as error:
                said = {"line": str(number), "name": name, "error": error}
                raise PackageError(
                    Sentence(
                        "Line {line} of {name} in the package cannot be read ({error}). Nothing was "
                        "imported. Tell the sender.",
                        **said,
                    ),
                    name,
                ) from error
            if not isinstance(row, dict):
                raise PackageError(
                    Sentence(
                        "Line {line} of {name} in the package is not a row. Nothing was imported. Tell the sender.",
                        line=str(number),
                        name=name,
                    ),
                    name,
                )
            yield row


def _build_scheme(about: Mapping[str, object]) -> Scheme:
    said = about.get("scheme")
    said = said if isinstance(said, dict) else {}
    levels = [str(level) for level in said.get("levels", ()) if str(level)] or ["UNMARKED"]
    return Scheme(str(said.get("name", "")) or "SENDER", tuple(levels), str(said.get("base", "")))


def _parse_default_mark(about: Mapping[str, object]) -> dict[str, Sequence[str]]:
    said = about.get("default")
    found = said.items() if isinstance(said, dict) else ()
    return {
        str(name): [str(value) for value in values]
        for name, values in found
        if name in MARKING and isinstance(values, list)
    }


def _remove_unnamed(context: CaseContext, written: Mapping[Path, str]) -> None:
    """Delete what a package that is not taken in has put into the store, but for what a row of the case names."""
    paths = context.ledger.connection.execute("SELECT path FROM main.row_files").fetchall()
    named = row_tables.list_source_hashes(context.ledger).union(str(path) for (path,) in paths)
    for path, key in written.items():
        if key not in named:
            delete_file(path)


def _keep_originals(context: CaseContext, opened: OpenPackage, written: dict[Path, str]) -> list[str]:
    """Keep the files by their hash, but for those that were erased here; gives those of sources that had come without their file.

    Notes in `written` what was not there before.
    """
    listed = {str(check_row("sources", row)["sha256"]) for row in read_rows(opened, "sources")}
    listed -= tombstones.find_erased(context.ledger, sources=listed).keys()
    without = {
        key
        for key in row_tables.list_source_hashes(context.ledger) & listed
        if not context.folder.get_source_path(key).exists()
    }
    for name in opened.names:
        folder, _, key = name.partition("/")
        if folder == "sources" and key in listed:
            if compute_sha256(opened.get_path(name)) != key:
                raise PackageError(
                    Sentence(
                        "The hash of the file {name} in the package is not the hash in its name. Nothing was imported. "
                        "Tell the sender.",
                        name=name,
                    ),
                    name,
                )
            if not (place := context.folder.get_source_path(key)).exists():
                written[place] = key
            with opened.get_path(name).open("rb") as content:
                context.folder.store_source(content)
    return sorted(key for key in without if context.folder.get_source_path(key).exists())


def _keep_common_marks(context: CaseContext, opened: OpenPackage, came: Origin) -> None:
    """Let files that came within messages of other bureaux too bear what both say of them; the rest becomes a remark.

    Only who sends a file has a word in what holds of it: a row without its file brings nothing.
    """
    said: dict[str, dict[str, list[str]]] = {}
    for row in read_rows(opened, "terms"):
        if row.get("target_kind") == "source":
            said.setdefault(str(row["target_id"]), {})[str(row["facet"])] = json.loads(str(row["value"]))
    sender, scheme = opened.header.sender, controller.get_scheme(context)
    by = brought_marks.Bringer(came.bureau, sender.name, came.package, "", (came.bureau, *came.earlier))
    default = handling_marks.build_mark({name: list(values) for name, values in came.terms.items()}, scheme)
    for row in read_rows(opened, "sources"):
        key = str(row["sha256"])
        if key not in came.unsent and not row_tables.is_foreign(context.ledger, key):
            brought_marks.keep_common_mark(
                context, key, default | handling_marks.build_mark(said.get(key, {}), scheme), by
            )


def _list_unsent(opened: OpenPackage) -> list[str]:
    """Sources that a row of the package names and whose files are not in it: who names a file has not brought it."""
    named = dict.fromkeys(str(row["sha256"]) for row in read_rows(opened, "sources"))
    return [key for key in named if f"sources/{key}" not in opened.names]


def _find_lacking_documents(context: CaseContext, opened: OpenPackage) -> set[str]:
    """Documents of the package that the case does not have."""
    listed = {str(check_row("documents", row)["id"]) for row in read_rows(opened, "documents")}
    return listed.difference(entity_footprint.select_known_documents(context.ledger, listed))


def _find_missing(context: CaseContext, opened: OpenPackage, about: Mapping[str, object]) -> dict[str, str]:
    """Sources whose files are neither in the package nor registered in the case, and why their sender kept them back.

    Raises
    ------
    PackageError
        If one of them is missing and the sender does not say so: nobody could tell it from a file that is lost here.
    """
    said = about.get("kept_back", {})
    kept_back = said if isinstance(said, dict) else {}
    listed = {str(row["sha256"]): str(row["name"]) for row in read_rows(opened, "sources")}
    barred = tombstones.find_erased(context.ledger, sources=listed)
    held = {
        key for key in row_tables.list_source_hashes(context.ledger) if context.folder.get_source_path(key).exists()
    }
    missing = [key for key in _list_unsent(opened) if key not in barred and key not in held]
    if silent := [key for key in missing if key not in kept_back]:
        named = {"file": escape_unprintable(listed[silent[0]]), "key": silent[0][:12]}
        raise PackageError(
            Sentence(
                "The package lists the file '{file}' ({key}…), but the file is neither in the package "
                "nor in the case. The sender did not record that the file was left out. Nothing was "
                "imported. Ask the sender for the file.",
                **named,
            ),
            "ledger/sources.jsonl",
        )
    return {key: str(kept_back[key])[:200] for key in missing}


def _filter_rows(context: CaseContext, opened: OpenPackage, table: str) -> Iterator[Row]:
    """Rows of a table, but for files of mass rows of a source that was erased or written anew here."""
    found = read_rows(opened, table)
    if table != "row_files" or not tombstones.has_marks(context.ledger):
        return found
    kept = list(found)
    barred = tombstones.find_erased(context.ledger, sources={str(row.get("source", "")) for row in kept})
    return (row for row in kept if row.get("source") not in barred)


def _keep_rows(context: CaseContext, opened: OpenPackage, written: dict[Path, str]) -> dict[str, list[tuple[str, str]]]:
    """Put files of mass rows beside those of the case; they count when the ledger has registered them. Gives what each names."""
    cited = {}
    files = [check_row("row_files", row) for row in _filter_rows(context, opened, "row_files")]
    _check_row_count(opened, files)
    brought = _list_brought_documents(opened) if files else {}
    for row in files:
        path, target = opened.get_path(f"rows/{row['path']}"), context.folder.rows / str(row["path"])
        check_file(path, row)
        cited[str(row["path"])] = targets = list_targets(path)
        check_documents(row, targets, brought.get((str(row["run_id"]), str(row["source"])), ()))
        vault = context.folder.vault
        if not (place := vault.place(target) if vault.key else target).exists():
            written[place] = str(row["path"])
        if vault.key and not vault.place(target).exists():
            vault.write(target, path.read_bytes())
        elif not vault.key and not target.exists():
            _copy_file(path, target)
    return cited


def _list_brought_documents(opened: OpenPackage) -> dict[tuple[str, str], set[str]]:
    """Documents of the package by the run that read them and the file in which they lie."""
    here = {str(row.get("id", "")) for row in read_rows(opened, "documents")} - {""}
    found: dict[tuple[str, str], set[str]] = {}
    for row in read_rows(opened, "traces"):
        if (document := str(row.get("document_id", ""))) in here:
            found.setdefault((str(row.get("run_id", "")), str(row.get("source", ""))), set()).add(document)
    return found


def _check_row_count(opened: OpenPackage, files: Sequence[Row]) -> None:
    """Refuse more mass rows than files of their size hold: a few packed bytes can stand for any number of them."""
    sizes = {row["path"]: opened.get_path(f"rows/{row['path']}").stat().st_size for row in files}
    count, most = sum(int(row["rows"]) for row in files), compute_max_bulk_rows(sum(sizes.values()))
    if count > most:
        raise PackageError(
            Sentence(
                "The package states that it has {count} mass rows. Files of this size can have at most {most}. "
                "Nothing was imported. Tell the sender.",
                count=count,
                most=most,
            ),
            "ledger/row_files.jsonl",
        )


def _copy_file(path: Path, target: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".writing-", suffix=".parquet", delete=False) as file:
        with path.open("rb") as content:
            shutil.copyfileobj(content, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o444)
    Path(file.name).replace(target)

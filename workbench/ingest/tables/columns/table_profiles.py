"""Profiles: what an officer made of a table's columns, kept for the next table with these headers.

A profile is a JSON file in a folder of the user's; it holds headers and meanings, and no cell of any case.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import SourceError
from workbench.ingest.profile_folder import FOLDER, get_profile_folder
from workbench.ingest.tables.columns.column_mapping import LEFT_OUT, OfficerChoice, SheetMap
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import normalise_name

LARGEST = 1 << 20
"""Bytes of a profile; a larger file is none."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Headers of a table in the form in which they are compared, and what each is.

    Attributes
    ----------
    name : str
        As the officer called it.
    kind : str
        Kind of table.
    fields : mapping
        From a compared header to its field, '' for text only.
    forms : mapping
        From a role to its form.
    left_out : frozenset of str
        Compared headers that are not taken.
    """

    name: str
    kind: str
    fields: Mapping[str, str]
    forms: Mapping[str, str]
    left_out: frozenset[str]

    def match_headers(self, names: list[str]) -> OfficerChoice:
        """The same of a table with these headers."""
        known = {name: normalise_header(name) for name in names}
        fields = {name: self.fields[key] for name, key in known.items() if key in self.fields}
        left = frozenset(name for name, key in known.items() if key in self.left_out)
        return OfficerChoice(kind=self.kind, fields=fields, forms=self.forms, left_out=left)


def normalise_header(header: str) -> str:
    """Header as profiles compare it."""
    return " ".join(normalise_name(header).split())


def save_profile(name: str, sheet: SheetMap) -> Path:
    """Keep what a sheet's columns are, under a name; a profile of that name is replaced.

    Raises
    ------
    SourceError
        If the name cannot be one, or the folder cannot be written.
    """
    plain = "".join(letter for letter in name.strip() if letter.isalnum() or letter in " -_")
    if not plain:
        raise SourceError(
            Sentence(
                "'{name}' cannot be the name of a profile. Use letters and digits, for example 'Operator X calls'.",
                name=name,
            )
        )
    data = {
        "format": 1, "name": name.strip(), "kind": sheet.kind,
        "fields": {normalise_header(column.name): column.field for column in sheet.columns if column.role != LEFT_OUT},
        "forms": {column.role: column.form for column in sheet.columns if column.form},
        "left_out": sorted(normalise_header(column.name) for column in sheet.columns if column.role == LEFT_OUT),
    }  # fmt: skip
    path = get_profile_folder() / f"{plain}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            part.write(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))
        Path(part.name).replace(path)
    except OSError as error:
        raise SourceError(
            Sentence(
                "The profile cannot be saved in {folder}: {error}. Set another folder in `{variable}`.",
                folder=path.parent,
                error=error,
                variable=FOLDER,
            )
        ) from error
    return path


def load_profiles() -> Iterator[Profile]:
    """The user's profiles in order of their file names; a file that is no profile is passed over."""
    place = get_profile_folder()
    for path in sorted(place.glob("*.json")) if place.is_dir() else ():
        try:
            if path.stat().st_size <= LARGEST:
                yield _parse_profile(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue


def find_profile(names: list[str]) -> Profile | None:
    """The profile of exactly these headers; None if there is none, or there are several that say different things."""
    wanted = {normalise_header(name) for name in names}
    found = [one for one in load_profiles() if set(one.fields) | one.left_out == wanted]
    agreed = all(replace(one, name="") == replace(found[0], name="") for one in found)
    return found[0] if found and agreed else None


def find_header_fields(names: list[str], kind: str) -> dict[str, tuple[str, str]]:
    """What earlier profiles of a kind say of single headers: column -> field and name of the profile."""
    known: dict[str, tuple[str, str]] = {}
    for profile in load_profiles():
        if profile.kind == kind:
            known |= {header: (field, profile.name) for header, field in profile.fields.items() if field}
    return {name: known[key] for name in names if (key := normalise_header(name)) in known}


def _parse_profile(data: Mapping[str, object]) -> Profile:
    fields, forms, left = data["fields"], data["forms"], data["left_out"]
    if not (isinstance(fields, dict) and isinstance(forms, dict) and isinstance(left, list)):
        raise TypeError("no profile")
    texts = [{str(key): str(value) for key, value in one.items()} for one in (fields, forms)]
    return Profile(str(data["name"]), str(data["kind"]), texts[0], texts[1], frozenset(map(str, left)))

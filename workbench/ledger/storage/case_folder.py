"""The case folder: `case.toml`, `sources/` by hash, `ledger.db`, `rows/`, `derived/`, `reports/`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from workbench.errors import CaseError
from workbench.ledger.storage.file_vault import PLAIN, Vault, sync_folder
from workbench.ledger.storage.safe_deletion import delete_file, refuse_links
from workbench.model.catalogue import LANGUAGES, Sentence
from workbench.model.machine.atomic_write import read_settings, write_atomic

TEMPLATE = """# What holds for the whole case. Edit by hand; read when the case is opened.
title = {title}
reference = {reference}
language = {language}      # of its pages, controls and reports: "en", "fr", "es", "ar"

[marking]            # shown on every view, chart, report, export and package
scheme = {scheme}    # EXERCISE, INTERPOL, TLP, EU, or your service's own with its levels
levels = {levels}          # of your own scheme, lowest first; [] takes those of the scheme named
level = {level}           # of material that nobody has marked; "" is the lowest
mark = {mark}    # printed for the lowest level

[access]
controller = {controller}    # grants clearance to others (case.access.grant), lowers marks; see case.access.hand_over
everyone = {everyone}        # the level that whoever opens the case may see; "" is the lowest
country = {country}         # of the service that keeps the case, ISO 3166-1 alpha-2
auditors = {auditors}        # officers who see the whole audit log; everybody sees their own entries
keys = {keys}           # true: whoever opens the case proves by a key who it is

[report]             # printed on the front page of reports; a line that is "" is left out
bureau = {bureau}
legal_basis = {legal_basis}
approver = {approver}        # who reviews a report before it goes out
flagged = {flagged}     # passages flagged as of health, a minor, … in a product for others: "warn" says so, "withhold" leaves them out
status = {status}      # status of persons in a product: "required", "asked", or "" (asked in exercises, else required)

[time]
zone = {zone}        # zone in which times are shown once a source's own zone is known; "" shows them as written

[search]
mode = {search}        # "english" or "multilingual"; "" lets the first index decide. After a change passages are indexed anew

[retention]
years = {years}      # review after this many years

[set_aside]
reopened_by = {reopened_by}    # roles that may reopen what was set aside
"""


OPEN_SEARCH = re.compile(r'^(\[search\][ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*mode[ \t]*=[ \t]*)""', re.MULTILINE)
"""The line of case.toml that leaves the way of searching open."""
LOCK = ".lock"
"""What is held while a case is opened or made over (`ledger.storage.encryption_conversion`)."""
PARTS = (
    "case.toml", "ledger.db", "ledger.db-wal", "ledger.db-shm", "sources", "rows", "derived", "reports", "inbox", "outbox", "rules", LOCK,
)  # fmt: skip
"""What a case folder holds."""
HASH = re.compile(r"[0-9a-f]{64}")
LONGEST, CENTURY = 20_000, 100
"""Letters of a text, and years, that case.toml may give."""
SHOWN = 5
"""Names of links in a message."""
SHORTEST = 512
"""Bytes of the shortest ledger: one page of the smallest size that SQLite knows."""
PART = 1 << 20
"""Bytes that are copied at once."""


def is_case(path: Path) -> bool:
    """Whether a folder is a case."""
    return (path / "case.toml").is_file() and (path / "ledger.db").is_file()


@dataclass(frozen=True, slots=True)
class Settings:
    """What case.toml says."""

    title: str
    reference: str = ""
    scheme: str = "EXERCISE"
    levels: tuple[str, ...] = ()
    level: str = ""
    mark: str = "EXERCISE – FOR TRAINING ONLY"
    controller: str = ""
    everyone: str = ""
    country: str = ""
    bureau: str = ""
    legal_basis: str = ""
    approver: str = ""
    zone: str = ""
    search: str = ""
    years: int = 5
    reopened_by: tuple[str, ...] = ("case controller", "independent counsel")
    auditors: tuple[str, ...] = ()
    keys: bool = False
    status: str = ""
    flagged: str = "warn"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths of a case, and the vault through which its files are read and written."""

    path: Path
    vault: Vault = field(default=PLAIN, repr=False, compare=False)

    @property
    def ledger(self) -> Path:
        """The system of record."""
        return self.path / "ledger.db"

    @property
    def sources(self) -> Path:
        """Received files by hash, read-only."""
        return self.path / "sources"

    @property
    def rows(self) -> Path:
        """Mass rows as Parquet; a file that the ledger does not know does not count."""
        return self.path / "rows"

    @property
    def derived(self) -> Path:
        """May be deleted at any time and comes back the same."""
        return self.path / "derived"

    @property
    def reports(self) -> Path:
        """What was made for readers."""
        return self.path / "reports"

    def is_inside(self, path: Path) -> bool:
        """Whether a path lies in the case folder."""
        return path.resolve().is_relative_to(self.path.resolve())

    def check(self) -> None:
        """Refuse what cannot become a case.

        Raises
        ------
        CaseError
            Where the folder holds something that is not a case.
        """
        if self.path.is_file():
            raise CaseError(
                Sentence(
                    "{folder} is a file. A case is a folder. Enter the path of a new folder or of an existing case.",
                    folder=self.path,
                )
            )
        self.keep_within()
        others = {path.name for path in self.path.iterdir()} - {LOCK} if self.path.is_dir() else set()
        if others and "case.toml" not in others:
            if "ledger.db" in others:
                raise CaseError(
                    Sentence(
                        "{folder} contains a case but no `case.toml`. Put this file back in the folder. If the file is "
                        "lost, create an empty file with this name there.",
                        folder=self.path,
                    )
                )
            raise CaseError(
                Sentence(
                    "{folder} contains other files but no `case.toml`. Enter the path of an empty or new folder for "
                    "the case.",
                    folder=self.path,
                )
            )

    def keep_within(self) -> None:
        """Refuse a case anything in which is a link, or whose settings or ledger are no files: what is written to it would land elsewhere.

        Raises
        ------
        CaseError
            With the names of the links.
        """
        linked = sorted(_find_links(self.path))
        if linked:
            raise CaseError(
                Sentence(
                    "These items in {folder} are links: {names}. A case saves everything in its own folder. Copy the "
                    "linked files into the folder, or make a link to the whole folder.",
                    folder=self.path,
                    names=", ".join(linked[:SHOWN]),
                )
            )
        for path in (self.path / "case.toml", self.ledger):
            if path.exists() and not path.is_file():
                raise CaseError(
                    Sentence(
                        "{path} is not a file but a link, a pipe or a device. The program did not read it. "
                        "Replace it with the real file.",
                        path=path,
                    )
                )

    def create(self, settings: Settings) -> None:
        """Make what is missing; a case.toml that exists is left as it is. Raises as `check`, and where the ledger alone is gone or cut."""
        self.check()
        self.keep_begun()
        for folder in (self.path, self.sources, self.rows, self.derived, self.reports):
            folder.mkdir(parents=True, exist_ok=True)
        if not (self.path / "case.toml").exists():
            values = {
                name: json.dumps(getattr(settings, name), ensure_ascii=False) for name in Settings.__dataclass_fields__
            }
            write_atomic(self.path / "case.toml", TEMPLATE.format(**values).encode())

    def keep_begun(self) -> None:
        """Refuse a ledger that is too short to be one, which SQLite takes for a new one, and none beside what a case has received or made.

        Raises
        ------
        CaseError
            Where one is.
        """
        size = self.ledger.stat().st_size if self.ledger.exists() else 0
        if 0 < size < SHORTEST:
            raise CaseError(
                Sentence(
                    "{path} has only {size} bytes and is not complete. Perhaps the disk was full, or the "
                    "copy was interrupted. The case was not opened. Restore the case from a backup. No "
                    "new case was created in its place.",
                    path=self.ledger,
                    size=size,
                )
            )
        if not size and self._has_case_content():
            raise CaseError(
                Sentence(
                    "{folder} contains the files of a case, but `ledger.db` is missing. This file contains the "
                    "statements and the log. Put it back, or restore the case from a backup. No new case was created.",
                    folder=self.path,
                )
            )

    def _has_case_content(self) -> bool:
        """Whether anything lies in the folder that only a case with a ledger has; what others put into the inbox is none."""
        log = self.ledger.with_name(f"{self.ledger.name}-wal")
        made = (self.sources, self.rows, self.derived, self.reports, self.path / "outbox")
        return (log.is_file() and log.stat().st_size > 0) or any(
            folder.is_dir() and any(folder.iterdir()) for folder in made
        )

    def load_settings(self) -> Settings:
        """What case.toml says, defaults where it is silent.

        Raises
        ------
        CaseError
            Where it is not valid TOML.
        """
        path = self.path / "case.toml"
        try:
            data = read_settings(path, tomllib.loads)
        except (OSError, ValueError) as error:
            raise CaseError(
                Sentence(
                    "{path} cannot be read: {error}. Correct the line that has the error. To use the default "
                    "settings, delete the content of the file.",
                    path=path,
                    error=error,
                )
            ) from error
        try:
            return _parse_settings(data, Settings(title=self.path.name))
        except (TypeError, ValueError) as error:
            raise CaseError(
                Sentence(
                    "{path} contains a value that is not valid: {error}. Correct the value in this file.",
                    path=path,
                    error=error.args[0],
                )
            ) from error

    def list_unknown_settings(self) -> list[str]:
        """Names in case.toml that say nothing, as '[marking] sheme': misspelt, or of another program."""
        known = tomllib.loads(TEMPLATE.format_map(dict.fromkeys(Settings.__dataclass_fields__, '""')))
        said = read_settings(self.path / "case.toml", tomllib.loads)
        return [
            f"[{name}] {inner}" if inner else name
            for name, value in said.items()
            for inner in (value if isinstance(value, dict) and name in known else [""])
            if name not in known or (inner and inner not in known[name])
        ]

    def fix_search(self, mode: str) -> None:
        """Write into case.toml which way its passages are searched, where it leaves that open; the rest stays as it is."""
        path = self.path / "case.toml"
        text = path.read_text("utf-8") if path.exists() else ""
        if "search" not in tomllib.loads(text):
            made = f'{text.rstrip()}\n\n[search]\nmode = "{mode}"\n'
        else:
            made = OPEN_SEARCH.sub(rf'\1"{mode}"', text, count=1)
        if tomllib.loads(made).get("search", {}).get("mode") == mode:
            write_atomic(path, made.encode())

    def store_source(self, content: BinaryIO) -> str:
        """Copy received bytes into sources/ under their hash, read-only; returns the SHA-256. Known content is not copied."""
        refuse_links(self.sources)
        with tempfile.NamedTemporaryFile(dir=self.sources, prefix=".incoming-", delete=False) as target:
            copy = Path(target.name)
            try:
                sha256 = self._copy_content(content, target)
            except BaseException:
                with suppress(OSError):  # what is held back does not fit either
                    target.close()
                delete_file(copy)
                raise
        refuse_links(self.sources)
        if self.get_source_path(sha256).exists():
            delete_file(copy)
        else:
            copy.chmod(0o444)
            copy.replace(self.get_source_path(sha256))
            sync_folder(self.sources)
        return sha256

    def _copy_content(self, content: BinaryIO, target: IO[bytes]) -> str:
        """Copy bytes to the disk through the vault; their SHA-256."""
        state = hashlib.sha256()
        with self.vault.open_writer(target.write) as write:
            while data := content.read(PART):
                state.update(data)
                write(data)
        target.flush()
        os.fsync(target.fileno())
        return state.hexdigest()

    def get_source_path(self, sha256: str) -> Path:
        """Where the content of that hash lies; `CaseError` where it is no hash, but may be a path that leads elsewhere."""
        return self.vault.place(self._get_hash_path(sha256))

    def open_source(self, sha256: str) -> BinaryIO:
        """The content of that hash, open for reading; `CaseError` where it was changed in an encrypted case."""
        return self.vault.open(self._get_hash_path(sha256))

    def _get_hash_path(self, sha256: str) -> Path:
        if not HASH.fullmatch(sha256):
            raise CaseError(
                Sentence(
                    "'{name}' is not the SHA-256 of a source and could be a path. No file was read. Check the case "
                    "(`workbench verify`).",
                    name=sha256[:80],
                )
            )
        return self.sources / sha256


def _find_links(folder: Path) -> Iterator[str]:
    """Names of links below a folder; what they lead to is not looked at. A source or row file that is one is refused where it is read."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        with (
            suppress(OSError),
            os.scandir(waiting.pop()) as entries,
        ):  # what may not be read holds nothing that could be opened
            for entry in entries:
                if entry.is_symlink():
                    yield str(Path(entry.path).relative_to(folder))
                elif entry.is_dir() and entry.name not in ("sources", "rows"):
                    waiting.append(Path(entry.path))


def _parse_settings(data: Mapping[str, object], default: Settings) -> Settings:
    """What a case.toml says, each value of its kind."""
    part = {
        name: _parse_table(data, name)
        for name in ("marking", "access", "report", "time", "search", "retention", "set_aside")
    }
    marking, printed, access = part["marking"], part["report"], part["access"]
    return Settings(
        title=_parse_text(data, "title") or default.title,
        reference=_parse_text(data, "reference"),
        scheme=_parse_text(marking, "scheme", default.scheme),
        levels=_parse_texts(marking, "levels"),
        level=_parse_text(marking, "level"),
        mark=_parse_text(marking, "mark", default.mark),
        controller=_parse_text(access, "controller"),
        everyone=_parse_text(access, "everyone"),
        country=_parse_text(access, "country"),
        bureau=_parse_text(printed, "bureau"),
        legal_basis=_parse_text(printed, "legal_basis"),
        approver=_parse_text(printed, "approver"),
        zone=_parse_text(part["time"], "zone"),
        search=_parse_text(part["search"], "mode"),
        years=_parse_years(part["retention"].get("years", default.years)),
        reopened_by=_parse_texts(part["set_aside"], "reopened_by", default.reopened_by),
        auditors=_parse_texts(access, "auditors"),
        keys=_parse_bool(access, "keys"),
        status=_parse_text(printed, "status"),
        flagged=_parse_choice(printed, "flagged", ("warn", "withhold")),
        language=_parse_choice(data, "language", LANGUAGES),
    )


def _parse_table(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise TypeError(_describe_setting_error("table", name, value))
    return value


def _parse_text(data: Mapping[str, object], name: str, default: str = "") -> str:
    value = data.get(name, default)
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError(_describe_setting_error("text", name, value, most=LONGEST))
    return value


def _parse_texts(data: Mapping[str, object], name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    value = data.get(name, default)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and len(one) <= LONGEST for one in value):
        raise TypeError(_describe_setting_error("texts", name, value))
    return tuple(value)


def _parse_choice(data: Mapping[str, object], name: str, known: Sequence[str]) -> str:
    """One of the words known; the first where none is said."""
    value = _parse_text(data, name) or known[0]
    if value not in known:
        raise TypeError(_describe_setting_error("choice", name, value, known=tuple(known)))
    return value


def _parse_bool(data: Mapping[str, object], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise TypeError(_describe_setting_error("truth", name, value))
    return value


def _parse_years(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= CENTURY:
        raise ValueError(_describe_setting_error("years", "years", value, most=CENTURY))
    return value


def _describe_setting_error(what: str, name: str, value: object, **more: object) -> Sentence:
    """What a setting has to be, and what was found in its place."""
    return Sentence(f"refused.setting.{what}", name=name, value=f"{value!r:.40}", **more)

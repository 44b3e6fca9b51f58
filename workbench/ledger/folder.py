"""The case folder: `case.toml`, `sources/` by hash, `ledger.db`, `rows/`, `derived/`, `reports/`."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.errors import CaseError
from workbench.model.ident import sha256_file

TEMPLATE = """# What holds for the whole case. Edit by hand; read when the case is opened.
title = {title}
reference = {reference}

[marking]            # shown on every view, chart and report
scheme = {scheme}    # e.g. EXERCISE, INTERPOL, TLP, or your service's own
mark = {mark}

[report]             # printed on the front page of reports; a line that is "" is left out
bureau = {bureau}
legal_basis = {legal_basis}
approver = {approver}        # who reviews a report before it goes out

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


@dataclass(frozen=True, slots=True)
class Settings:
    """What case.toml says."""

    title: str
    reference: str = ""
    scheme: str = "EXERCISE"
    mark: str = "EXERCISE – FOR TRAINING ONLY"
    bureau: str = ""
    legal_basis: str = ""
    approver: str = ""
    zone: str = ""
    search: str = ""
    years: int = 5
    reopened_by: tuple[str, ...] = ("case controller", "independent counsel")


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths of a case."""

    path: Path

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

    def create(self, settings: Settings) -> None:
        """Make what is missing; a case.toml that exists is left as it is.

        Raises
        ------
        CaseError
            Where the folder holds something that is not a case.
        """
        if self.path.is_file():
            raise CaseError(f"{self.path} is a file. A case is a folder: name one that does not exist yet, or a case.")
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / "case.toml").exists():
            raise CaseError(
                f"{self.path} holds other files and no case.toml. Name an empty or new folder for the case."
            )
        for folder in (self.path, self.sources, self.rows, self.derived, self.reports):
            folder.mkdir(parents=True, exist_ok=True)
        if not (self.path / "case.toml").exists():
            values = {
                name: json.dumps(getattr(settings, name), ensure_ascii=False) for name in Settings.__dataclass_fields__
            }
            write_atomic(self.path / "case.toml", TEMPLATE.format(**values).encode())

    def settings(self) -> Settings:
        """What case.toml says, defaults where it is silent.

        Raises
        ------
        CaseError
            Where it is not valid TOML.
        """
        path = self.path / "case.toml"
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CaseError(
                f"{path} cannot be read: {error}. Mend the line, or delete the file to start from defaults."
            ) from error
        marking, default = data.get("marking", {}), Settings(title=self.path.name)
        printed = data.get("report", {})
        return Settings(
            title=str(data.get("title") or default.title),
            reference=str(data.get("reference", "")),
            scheme=str(marking.get("scheme", default.scheme)),
            mark=str(marking.get("mark", default.mark)),
            bureau=str(printed.get("bureau", "")),
            legal_basis=str(printed.get("legal_basis", "")),
            approver=str(printed.get("approver", "")),
            zone=str(data.get("time", {}).get("zone", "")),
            search=str(data.get("search", {}).get("mode", "")),
            years=int(data.get("retention", {}).get("years", default.years)),
            reopened_by=tuple(map(str, data.get("set_aside", {}).get("reopened_by", default.reopened_by))),
        )

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

    def keep(self, content: BinaryIO) -> str:
        """Copy received bytes into sources/ under their hash, read-only; returns the SHA-256. Known content is not copied."""
        with tempfile.NamedTemporaryFile(dir=self.sources, prefix=".incoming-", delete=False) as target:
            shutil.copyfileobj(content, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        copy = Path(target.name)
        sha256 = sha256_file(copy)
        if self.source(sha256).exists():
            copy.unlink()
        else:
            copy.chmod(0o444)
            copy.replace(self.source(sha256))
        return sha256

    def source(self, sha256: str) -> Path:
        """Where the content of that hash lies."""
        return self.sources / sha256


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    Path(target.name).chmod(0o666 & ~_umask())
    Path(target.name).replace(path)


def _umask() -> int:
    """The user's mask; a temporary file is made for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

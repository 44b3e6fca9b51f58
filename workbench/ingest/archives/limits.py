"""How much a file that holds files may hold: what goes beyond is reported, never unpacked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.ingest.archives import zips
from workbench.model.archives import is_bomb, is_odd, shown
from workbench.model.issues import issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MEMBERS = 20_000
MEMBER = 512 * 1024**2
TOTAL = 4 * 1024**3

SHOWN = 10
SENTENCES: dict[str, tuple[str, str]] = {
    "encrypted": ("locked with a password and were not read", "Unpack the archive with its password and add the folder."),
    "too-large": ("unpack to more than is allowed and were not read", "Unpack them by hand and add the folder."),
    "left-out": ("links, devices or files of the system that packed the archive, and were left out", ""),
    "bad-row": ("damaged or packed in a way that is not known, and were not read", "Ask for it again."),
    "odd-name": ("named in a way that leads out of the archive or hides what is inside", "The names are kept as text only."),
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What was taken out of an archive, and the names of what was not, by issue code."""

    members: int = 0
    total: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)
    ended: str = ""

    def allows(self, name: str, size: int, packed: int) -> bool:
        """Whether a member of this size may be unpacked; if not it is noted."""
        if size > MEMBER or self.total + size > TOTAL or is_bomb(size, packed):
            self.leave("too-large", name)
            return False
        return True

    def take(self, name: str, size: int) -> bool:
        """Count a member that was unpacked; False once there are too many of them."""
        if self.members >= MEMBERS or self.total + size > TOTAL:
            self.ended = (
                f"The file holds more than {MEMBERS:,} files or {TOTAL // 1024**3} GiB; the others were not read."
            )
            return False
        self.members += 1
        self.total += size
        if is_odd(name):
            self.leave("odd-name", name)
        return True

    def unpacked(self, zipped: ZipFile, info: ZipInfo, name: str) -> bytes | None:
        """Content of a member of a ZIP archive, counted; None where it is not taken, which is noted."""
        if not self.allows(name, info.file_size, info.compress_size):
            return None
        try:
            data = zipped.read(info)
        except zips.BROKEN:
            self.leave("bad-row", name)
            return None
        return data if self.take(name, len(data)) else None

    def leave(self, code: str, name: str) -> None:
        """Note a member under an issue code."""
        self.left.setdefault(code, []).append(shown(name))

    def issues(self, document: str) -> list[Issue]:
        """One issue per code, with the first names."""
        found = [
            issue(code, f"{len(names)} {'file is' if len(names) == 1 else 'files are'} {_told(code, names)}",
                  fix=SENTENCES[code][1], document_id=document, place=names[0])
            for code, names in sorted(self.left.items())
        ]  # fmt: skip
        if self.ended:
            found.append(
                issue("too-large", self.ended, fix="Unpack it by hand and add the folder.", document_id=document)
            )
        return found


def _told(code: str, names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    what = SENTENCES[code][0].replace("were", "was") if len(names) == 1 else SENTENCES[code][0]
    return f"{what}: {', '.join(repr(name) for name in names[:SHOWN])}{more}."

"""How much a file that holds files may hold: what goes beyond is reported, never unpacked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.ingest.archives import zip_members
from workbench.model.catalogue import Sentence
from workbench.model.catalogue import encode_word as named
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name, is_bomb, is_odd
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MEMBERS = 20_000
MEMBER = 512 * 1024**2
TOTAL = 4 * 1024**3

SHOWN = 10
FIX = {
    "encrypted": "fix.unpack.password", "too-large": "fix.unpack.them", "bad-row": "fix.ask.it", "odd-name": "fix.unpack.names",
}  # fmt: skip
"""What to do about members under an issue code."""


@dataclass(slots=True)
class ArchiveBudget:
    """What was taken out of an archive, and the names of what was not, by issue code."""

    members: int = 0
    total: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)
    ended: str = ""

    def may_unpack(self, name: str, size: int, packed: int) -> bool:
        """Whether a member of this size may be unpacked; if not it is noted."""
        if size > MEMBER or self.total + size > TOTAL or is_bomb(size, packed):
            self.leave("too-large", name)
            return False
        return True

    def add_member(self, name: str, size: int) -> bool:
        """Count a member that was unpacked; False once there are too many of them."""
        if self.members >= MEMBERS or self.total + size > TOTAL:
            self.ended = Sentence("row.large.files", count=MEMBERS, size=TOTAL // 1024**3)
            return False
        self.members += 1
        self.total += size
        if is_odd(name):
            self.leave("odd-name", name)
        return True

    def unpack_member(self, zipped: ZipFile, info: ZipInfo, name: str) -> bytes | None:
        """Content of a member of a ZIP archive, counted; None where it is not taken, which is noted."""
        if not self.may_unpack(name, info.file_size, info.compress_size):
            return None
        try:
            data = zipped.read(info)
        except zip_members.BROKEN:
            self.leave("bad-row", name)
            return None
        return data if self.add_member(name, len(data)) else None

    def leave(self, code: str, name: str) -> None:
        """Note a member under an issue code."""
        self.left.setdefault(code, []).append(clean_name(name))

    def list_issues(self, document: str) -> list[Issue]:
        """One issue per code, with the first names."""
        found = [
            build_issue(code, _format_left_out(code, names), fix=Sentence(FIX[code]) if code in FIX else "",
            document_id=document, place=names[0])
            for code, names in sorted(self.left.items())
        ]  # fmt: skip
        if self.ended:
            found.append(build_issue("too-large", self.ended, fix=Sentence("fix.unpack.it"), document_id=document))
        return found


def _format_left_out(code: str, names: list[str]) -> str:
    shown = format_list([repr(name) for name in names[:SHOWN]], count=len(names))
    key = f"row.archive.{named(code)}"
    return Sentence(f"{key}_one", listed=shown) if len(names) == 1 else Sentence(key, count=len(names), listed=shown)

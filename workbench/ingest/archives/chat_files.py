"""Files of a package that messages of a chat in it attach: they hang on these messages, and not on the package.

A chat is known as the readers know it, by what it says, whatever it is called. So a chat that was renamed has its files too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zipfile import ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import MEMBERS, ArchiveBudget
from workbench.ingest.file_ties import FileTies, FoundFiles
from workbench.ingest.reading.source import HEAD, SourceFile
from workbench.ingest.reading.text_lines import is_text
from workbench.model.machine.archive_safety import clean_name

Detect = Callable[[SourceFile, bytes], str]
ListFiles = Callable[[SourceFile, Mapping[str, str]], Iterator[tuple[str, str]]]
KINDS: list[tuple[Detect, ListFiles | None]] = []
"""Readers of chats, in the order in which they are asked, each with what tells which files its messages attach: None where it
attaches none. The chats and the reports of telephones put themselves here."""


@dataclass(frozen=True, slots=True)
class Package:
    """A file that holds files.

    Attributes
    ----------
    outer : SourceFile
        The file itself.
    options : mapping
        As the chats in it are read.
    read_head : callable
        First bytes of a member, none where it cannot be read.
    read : callable
        Content of a member, None where it cannot be read.
    """

    outer: SourceFile
    options: Mapping[str, str]
    read_head: Callable[[str], bytes]
    read: Callable[[str], bytes | None]


def open_zip_package(
    outer: SourceFile, options: Mapping[str, str], zipped: ZipFile, members: Iterable[ZipInfo]
) -> Package:
    """A ZIP file that is open, with those of its members that may be read."""
    named = {zip_members.decode_member_name(info): info for info in members}
    tally = ArchiveBudget()

    def read_head(name: str) -> bytes:
        return zip_members.read_member_head(zipped, named[name], HEAD) if name in named else b""

    def read(name: str) -> bytes | None:
        return tally.unpack_member(zipped, named[name], name) if name in named else None

    return Package(outer, options, read_head, read)


def is_chat(outer: SourceFile, member: str, head: bytes) -> bool:
    """Whether a member of a package is a chat of which messages can attach files, by its first bytes."""
    return _find_kind(outer, member, head) is not None


def add_chats(ties: FileTies, package: Package, members: Iterable[str]) -> None:
    """Let the ties learn what the messages of all chats among some members of a package attach."""
    count = 0
    for member in dict.fromkeys(members):
        head = package.read_head(member)
        count += bool(head)
        if count > MEMBERS:
            return  # what comes after is not received
        list_files = _find_kind(package.outer, member, head)
        if list_files and (data := package.read(member)) is not None:
            chat = SourceFile(package.outer.path, sha256(data).hexdigest(), _build_name(package.outer, member), data)
            try:
                ties.add_chat(member, list(list_files(chat, package.options)))
            except SourceError:
                continue  # the chat is refused when its turn comes, and says why


def find_attached_files(package: Package, members: Sequence[str]) -> FoundFiles:
    """Which members of a package hang on which messages of the chats among them. `members`: names of all that are files."""
    ties = FileTies()
    add_chats(ties, package, members if len(members) > 1 else ())
    return ties.find_files(members)


def _find_kind(outer: SourceFile, member: str, head: bytes) -> ListFiles | None:
    """What tells which files a chat attaches, of the reader that takes it; None if none does. A ZIP within is a package of its own."""
    if not head or not is_text(head):
        return None
    chat = SourceFile(outer.path, "", _build_name(outer, member), head)
    return next((list_files for detect, list_files in KINDS if detect(chat, head)), None)


def _build_name(outer: SourceFile, member: str) -> str:
    """Name under which a member is received."""
    return f"{outer.name}/{clean_name(member.rstrip('/'))}"

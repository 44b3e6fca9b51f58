"""Reader `archive`: ZIP, TAR and single compressed files. Nothing is written; each member is handed on as a file within.

Names of members are text: whatever they say ('../../etc/passwd'), no path on disk is made of them.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.archives import compressed_streams, tar_members, zip_members
from workbench.ingest.archives.archive_limits import MEMBER, MEMBERS, TOTAL, ArchiveBudget
from workbench.ingest.archives.chat_files import Package, find_attached_files, is_chat, open_zip_package
from workbench.ingest.archives.unclaimed_bytes import tell_unclaimed
from workbench.ingest.file_ties import FoundFiles, build_enclosure
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import HEAD, SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.machine.archive_safety import RATIO, SMALL, clean_name
from workbench.model.rows import Document, Enclosure, Passage, Row, Trace
from workbench.model.schema import PACKAGE

VERSION = "3"
METHOD = "archive"
FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard", b"MSCF": "CAB",
    b"\x04\x22\x4d\x18": "LZ4", b"\x1f\x9d": "compress (.Z)", b"LZIP": "lzip",
}  # fmt: skip
SYSTEM = ("__MACOSX/",)
SYSTEM_FILES = (".DS_Store",)
GZIP_NAME = 0x08
GZIP_EXTRA = 0x04


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the mark of an archive at its start. Office files and exports were asked about before."""
    if head.startswith(zip_members.MARKS):
        return Sentence("detected.zip")
    if compression := compressed_streams.find_compression(head):
        inside = "tar" if _has_tar(source, compression) else "file"
        return Sentence(f"detected.compressed_{inside}", kind=compression)
    if foreign := _find_foreign_format(head):
        return Sentence("detected.foreign", kind=foreign)
    return Sentence("detected.tar") if tar_members.is_header(head[: tar_members.BLOCK]) else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Package and an Enclosure for each member, under its path within the archive.

    Raises
    ------
    SourceError
        If the archive is damaged at its root, locked as a whole, too deep, or of a kind that must be unpacked by hand.
    """
    head = source.read_head(tar_members.BLOCK)
    if foreign := _find_foreign_format(head):
        raise SourceError(Sentence("refused.file.packed", name=source.name, kind=foreign))
    if head.startswith(zip_members.MARKS):
        yield from _read_zip(source, options)
        return
    compression = compressed_streams.find_compression(head)
    if compression and not _has_tar(source, compression):
        yield from _unpack_single(source, compression)
    else:
        yield from _read_tar(source, compression, options)


def _build_document(source: SourceFile) -> tuple[str, list[Row]]:
    document = compute_digest(PACKAGE, source.sha256)
    trace = Trace(compute_digest(source.sha256, "", document), document, source.sha256)
    return document, [Document(document, PACKAGE, source.name), trace]


def _list_issues(source: SourceFile, document: str, tally: ArchiveBudget) -> Iterator[Row]:
    if not tally.members and not tally.left:
        yield build_issue("empty", describe_missing_record("file", source.name), document_id=document)
    yield from tally.list_issues(document)


# ZIP --------------------------------------------------------------------------------------------------------------------


def _read_zip(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    with zip_members.open_zip(source) as zipped:
        members = [info for info in zipped.infolist() if not info.is_dir() or info.file_size]
        if members and all(zip_members.is_locked(info) for info in members):
            raise SourceError(Sentence("refused.file.locked", name=source.name))
        document, rows = _build_document(source)
        yield from rows
        yield from _list_comments(zipped, document)
        tally = ArchiveBudget()
        found = _find_attached_files(source, zipped, members, options)
        yield from _unpack_zip(zipped, members, tally, document, found)
        yield from found.list_issues()
        yield from _list_issues(source, document, tally)


def _list_comments(zipped: ZipFile, document: str) -> Iterator[Passage]:
    """What the archive says of itself and of its members, as programs show it."""
    said = [
        tar_members.decode_name(zipped.comment),
        *(_format_comment(info) for info in zipped.infolist() if info.comment),
    ]
    yield from list_passages(document, split_pieces("\n\n".join(said).replace("\x00", "").splitlines()))


def _format_comment(info: ZipInfo) -> str:
    return f"{clean_name(zip_members.decode_member_name(info))}: {tar_members.decode_name(info.comment)}"


def _find_attached_files(
    source: SourceFile, zipped: ZipFile, members: list[ZipInfo], options: Mapping[str, str]
) -> FoundFiles:
    """Which members messages of chats in the archive attach."""
    plain = (info for info in members if not _get_refusal_code(info, zip_members.decode_member_name(info)))
    package = open_zip_package(source, options, zipped, plain)
    return find_attached_files(package, [zip_members.decode_member_name(info) for info in members if not info.is_dir()])


def _unpack_zip(
    zipped: ZipFile, members: list[ZipInfo], tally: ArchiveBudget, document: str, found: FoundFiles
) -> Iterator[Enclosure]:
    for info in members:
        name = zip_members.decode_member_name(info)
        reason = _get_refusal_code(info, name)
        if reason:
            tally.leave(reason, name)
        elif (data := tally.unpack_member(zipped, info, name)) is not None:
            yield build_enclosure(name, data, found, document)
        if tally.ended:
            return


def _get_refusal_code(info: ZipInfo, name: str) -> str:
    """Issue code under which a member is left out by what it is, '' if it is a plain file."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or _is_system(name):
        return "left-out"
    return "encrypted" if zip_members.is_locked(info) else ""


def _is_system(name: str) -> bool:
    return name.startswith(SYSTEM) or name.rpartition("/")[2] in SYSTEM_FILES


# TAR --------------------------------------------------------------------------------------------------------------------


def _read_tar(source: SourceFile, compression: str, options: Mapping[str, str]) -> Iterator[Row]:
    document, rows = _build_document(source)
    tally, found = ArchiveBudget(), _find_files_in_tar(source, compression, options)
    with source.open() as file:
        stream = _open_tar(file, compression)
        yield from rows
        try:
            for member in tar_members.read_members(stream):
                yield from _unpack_tar_member(stream, member, tally, document, found)
                if tally.ended:
                    break
            else:
                yield from _check_trailing_bytes(stream, source.name, document)
        except tar_members.TarError as error:
            yield _cut_off(stream.wrong or str(error), document)
    yield from found.list_issues()
    yield from _list_issues(source, document, tally)


def _open_tar(file: BinaryIO, compression: str) -> compressed_streams.Stream:
    packed = file.seek(0, 2)
    file.seek(0)
    return compressed_streams.Stream(file, compression, _compute_allowance(packed) if compression else TOTAL)


def _find_files_in_tar(source: SourceFile, compression: str, options: Mapping[str, str]) -> FoundFiles:
    """Which members messages of chats in the archive attach: the archive is walked through once more, for chats may stand at its end."""
    names: list[str] = []
    chats: dict[str, bytes] = {}
    tally = ArchiveBudget()
    with source.open() as file:
        stream = _open_tar(file, compression)
        try:
            for member in tar_members.read_members(stream):
                names += [member.name] if member.kind == "file" and len(names) < MEMBERS else []
                at = stream.read_so_far
                if member.kind == "file" and not _is_system(member.name):
                    head = stream.read(min(member.size, HEAD))
                    if is_chat(source, member.name, head) and tally.may_unpack(member.name, member.size, member.size):
                        chats[member.name] = head + stream.read(member.size - len(head))
                if not stream.skip(member.size + tar_members.compute_padding(member.size) - (stream.read_so_far - at)):
                    break
        except tar_members.TarError:
            pass  # it is told when the members are unpacked
    package = Package(source, options, lambda name: chats.get(name, b"")[:HEAD], chats.get)
    return find_attached_files(package, names)


def _check_trailing_bytes(stream: compressed_streams.Stream, name: str, document: str) -> Iterator[Row]:
    """That bytes stand behind the end of the archive or after its members, where nobody looks."""
    end, filled = stream.read_so_far, stream.odd
    while piece := stream.read(compressed_streams.PIECE):
        filled += len(piece.strip(b"\x00"))
    if stream.wrong:
        yield _cut_off(stream.wrong, document)
    if filled:
        yield tell_unclaimed(name, filled, stream.odd_at or end, document)


def _unpack_tar_member(
    stream: compressed_streams.Stream,
    member: tar_members.Member,
    tally: ArchiveBudget,
    document: str,
    found: FoundFiles,
) -> Iterator[Enclosure]:
    if member.kind not in ("file", "folder") or _is_system(member.name):
        tally.leave("left-out", member.name)
    elif (member.kind == "file" or member.size) and tally.may_unpack(member.name, member.size, member.size):
        data = stream.read(member.size)
        if len(data) < member.size:
            raise tar_members.TarError(f"the archive ends within {clean_name(member.name)!r}")
        stream.fill(tar_members.compute_padding(member.size))
        if tally.add_member(member.name, len(data)):
            yield build_enclosure(member.name, data, found, document)
        return
    if not stream.skip(member.size + tar_members.compute_padding(member.size)):
        raise tar_members.TarError(f"the archive ends within {clean_name(member.name)!r}")


def _cut_off(why: str, document: str) -> Row:
    return build_issue(
        "truncated",
        Sentence("row.cut.archive", error=why),
        fix=Sentence("fix.ask.archive"),
        document_id=document,
    )


# One file, compressed ---------------------------------------------------------------------------------------------------


def _unpack_single(source: SourceFile, compression: str) -> Iterator[Row]:
    document, rows = _build_document(source)
    with source.open() as file:
        packed = file.seek(0, 2)
        file.seek(0)
        stream = compressed_streams.Stream(file, compression, min(MEMBER, _compute_allowance(packed)))
        data = stream.read(MEMBER + 1)
    yield from rows
    tally = ArchiveBudget()
    name = _get_inner_name(source, compression)
    if stream.over:
        tally.leave("too-large", name)
    else:
        if stream.wrong:
            yield _cut_off(stream.wrong, document)
        if data and tally.add_member(name, len(data)):
            yield Enclosure(clean_name(name), data, document)
    yield from _list_issues(source, document, tally)


def _compute_allowance(packed: int) -> int:
    """Bytes that a compressed file of this size may unpack to."""
    return min(TOTAL, max(SMALL, RATIO * packed))


def _get_inner_name(source: SourceFile, compression: str) -> str:
    """Name of the file within: as gzip tells it, else that of the outer file without its suffix."""
    told = _read_gzip_name(source.read_head(1024)) if compression == "gzip" else ""
    if told:
        return told
    outer = PurePosixPath(source.name.replace("\\", "/")).name
    return outer.removesuffix(compressed_streams.KINDS[compression][1]) or "content"


def _read_gzip_name(head: bytes) -> str:
    """Original name in the header of a gzip file (RFC 1952), '' if it gives none."""
    if len(head) < 10 or not head[3] & GZIP_NAME or head[3] & GZIP_EXTRA:
        return ""
    raw, end, _ = head[10:].partition(b"\x00")
    return tar_members.decode_name(raw) if end else ""


def _has_tar(source: SourceFile, compression: str) -> bool:
    with source.open() as file:
        return tar_members.is_header(compressed_streams.Stream(file, compression, SMALL).read(tar_members.BLOCK))


def _find_foreign_format(head: bytes) -> str:
    return next((name for mark, name in FOREIGN.items() if head.startswith(mark)), "")

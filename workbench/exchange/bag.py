"""Bags: a folder whose files can be checked one by one (BagIt 1.0). Made in one way only: same content, same bytes.

References
----------
RFC 8493, The BagIt File Packaging Format (V1.0), 2018.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import PackageError
from workbench.exchange.file_digests import ALGORITHMS, Content, FileDigests, compute_digests, read_pieces
from workbench.model.catalogue import Sentence, get_term
from workbench.model.machine.archive_safety import clean_name, find_path_fault
from workbench.visible import escape_unprintable

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
MANIFESTS = tuple(f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS)
TAG_MANIFESTS = tuple(f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS)
ORDER = (*zip(TAG_MANIFESTS, ALGORITHMS, strict=True), *zip(MANIFESTS, ALGORITHMS, strict=True))
WIDTH = 79
DEEP = 15
LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)")
LENGTHS = {"sha256": 64, "sha512": 128}
LARGEST = 16 * 1024**2
"""Bytes of a tag file, at most: some 100,000 lines."""
LINES = 100_000
What = Literal["changed", "missing", "added", "damaged", "of another package"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one file of a bag.

    Attributes
    ----------
    name : str
        Path in the bag.
    what : {'changed', 'missing', 'added', 'damaged', 'of another package'}
        'changed': it has not the sum that its manifest gives. 'missing': a manifest names it. 'added': no manifest names it.
        'damaged': it is a file of the bag itself that cannot be read as what it is. 'of another package': it is a signed
        header, and not of these files.
    """

    name: str
    what: What

    def __str__(self) -> str:
        """For people: 'data/a.txt: changed'."""
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        """The same, to be told in a language."""
        return Sentence(
            "{name}: {what}", name=escape_unprintable(clean_name(self.name)), what=get_term("package.what", self.what)
        )


# Made -------------------------------------------------------------------------------------------------------------------


def build_tags(
    payload: Mapping[str, FileDigests], info: Mapping[str, str], more: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Tag files of a bag: declaration, description, manifests of both kinds, and `more`.

    Parameters
    ----------
    payload : mapping
        Sums of the payload files, by path below data/.
    info : mapping
        Lines of bag-info.txt; Payload-Oxum is added.
    more : mapping
        Further tag files by path, which the tag manifests name as well.

    Raises
    ------
    PackageError
        If a path could not be written on every system, or two are alike there.
    """
    check_names([*(PAYLOAD + name for name in payload), *more])
    oxum = f"{sum(sums.size for sums in payload.values())}.{len(payload)}"
    made = {"bagit.txt": DECLARATION, "bag-info.txt": _encode_info({**info, "Payload-Oxum": oxum}), **more}
    for algorithm, name in zip(ALGORITHMS, MANIFESTS, strict=True):
        made[name] = encode_manifest({PAYLOAD + path: sums.get_sum(algorithm) for path, sums in payload.items()})
    found = {name: compute_digests(content) for name, content in made.items()}
    for algorithm, name in zip(ALGORITHMS, TAG_MANIFESTS, strict=True):
        made[name] = encode_manifest({path: sums.get_sum(algorithm) for path, sums in found.items()})
    return made


def write_bag(folder: Path, payload: Mapping[str, Content], info: Mapping[str, str], more: Mapping[str, bytes]) -> None:
    """Write a bag into a new folder; parameters as in `tags`.

    Raises
    ------
    PackageError
        If the folder is there already, or a name is not to be written.
    """
    made: dict[str, Content] = {PAYLOAD + name: content for name, content in payload.items()}
    made |= build_tags({name: compute_digests(content) for name, content in payload.items()}, info, more)
    if folder.exists():
        raise PackageError(
            Sentence("{folder} already exists. Enter the path of a new folder for the package.", folder=folder)
        )
    (folder / PAYLOAD).mkdir(parents=True)
    for name, content in made.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(read_pieces(content))


def encode_manifest(sums: Mapping[str, str]) -> bytes:
    """Text of a manifest: a line per path, in order of the paths."""
    return "".join(f"{sums[path]}  {encode_path(path)}\n" for path in sorted(sums)).encode()


def encode_path(path: str) -> str:
    """A path as manifests write it: '%', line feed and carriage return as %25, %0A, %0D (RFC 8493, 2.1.3); no other character."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def decode_path(text: str) -> str:
    """The path that a manifest means; only the three codes count, in either case of letters."""
    return re.sub("%(0[Aa]|0[Dd]|25)", lambda code: chr(int(code[1], 16)), text)


def check_names(names: Iterable[str]) -> None:
    """See that paths can be written beside each other on every system.

    Raises
    ------
    PackageError
        Naming the path.
    """
    listed = list(names)
    folder = next((name for name in listed if name.endswith("/")), "")
    name, why = (folder, Sentence("it is the name of a folder")) if folder else find_path_fault(listed, DEEP)
    if why:
        raise PackageError(
            Sentence(
                "'{name}' cannot be put into a package: {why}. Give it another name.",
                name=escape_unprintable(name),
                why=why,
            ),
            name,
        )


def _encode_info(info: Mapping[str, str]) -> bytes:
    lines = [_fold_line(f"{label}: {' '.join(value.split())}") for label, value in info.items()]
    return "".join(f"{line}\n" for line in lines).encode()


def _fold_line(line: str) -> str:
    """A line of bag-info.txt; long ones go on in lines that begin with a space."""
    return "\n".join(textwrap.wrap(line, WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False))


# Checked ----------------------------------------------------------------------------------------------------------------


def find_folder_faults(folder: Path) -> tuple[Fault, ...]:
    """What is wrong with a bag in a folder; nothing if it is complete and valid (RFC 8493, section 3).

    It is stricter than the RFC asks: both algorithms must be there, each file but the tag manifests must be named by a
    manifest, and nothing is fetched from elsewhere. Links count as files that were added.
    """
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    files = {name: path for name, path in paths.items() if path.is_file() and not path.is_symlink()}
    found = find_faults(
        {name: compute_digests(path) for name, path in files.items()}, lambda name: files[name].read_bytes()
    )
    return tuple(sorted({*found, *(Fault(name, "added") for name in set(paths) - set(files))}, key=str))


def find_faults(
    files: Mapping[str, FileDigests], read: Callable[[str], bytes], beside: Iterable[str] = ()
) -> tuple[Fault, ...]:
    """What is wrong with a bag whose files have been measured.

    Parameters
    ----------
    files : mapping
        Sums of all its files, by path.
    read : callable
        Bytes of a tag file that is among them.
    beside : iterable of str
        Files that may be there without a manifest that names them; whoever gives them has checked them otherwise.
    """
    found: set[Fault] = set()
    named: set[str] = {*TAG_MANIFESTS, *beside}
    for name, algorithm in ORDER:
        told = _parse_manifest(_read_tag(files, read, name), algorithm, payload=name in MANIFESTS)
        if told is None:
            found.add(Fault(name, "damaged" if name in files else "missing"))
            continue
        found |= _find_mismatches(files, told, algorithm)
        if name in MANIFESTS:
            found |= {Fault(path, "added") for path in files if path.startswith(PAYLOAD) and path not in told}
        named |= set(told)
    found |= {Fault(path, "added") for path in files if path not in named or path == "fetch.txt"}
    return tuple(sorted(found | _check_declaration(files, read), key=str))


def _find_mismatches(files: Mapping[str, FileDigests], told: Mapping[str, str], algorithm: str) -> set[Fault]:
    """Files that a manifest names and that are not there, or have another sum."""
    missing = {Fault(path, "missing") for path in told if path not in files}
    return missing | {
        Fault(path, "changed")
        for path, value in told.items()
        if path in files and files[path].get_sum(algorithm) != value
    }


def _check_declaration(files: Mapping[str, FileDigests], read: Callable[[str], bytes]) -> set[Fault]:
    """Whether the bag says that it is one, and how much it holds."""
    found = {Fault(name, "missing") for name in ("bagit.txt", "bag-info.txt") if name not in files}
    if "bagit.txt" in files and _read_tag(files, read, "bagit.txt") != DECLARATION:
        found.add(Fault("bagit.txt", "damaged"))
    if "bag-info.txt" in files and _encode_oxum(files) not in _read_tag(files, read, "bag-info.txt").splitlines():
        found.add(Fault("bag-info.txt", "damaged"))
    return found


def _read_tag(files: Mapping[str, FileDigests], read: Callable[[str], bytes], name: str) -> bytes:
    """A tag file; where it is missing or too large, bytes that are no text."""
    return read(name) if name in files and files[name].size <= LARGEST else b"\xff"


def _encode_oxum(files: Mapping[str, FileDigests]) -> bytes:
    held = [sums.size for path, sums in files.items() if path.startswith(PAYLOAD)]
    return b"Payload-Oxum: %d.%d" % (sum(held), len(held))


def _parse_manifest(data: bytes, algorithm: str, *, payload: bool) -> dict[str, str] | None:
    """Sums by path as a manifest gives them; None where it is none: unreadable, twice the same path, a path of the other kind."""
    if data.count(b"\n") > LINES:
        return None
    try:
        lines = [LINE.fullmatch(line) for line in data.decode("utf-8").removesuffix("\n").split("\n")] if data else []
    except UnicodeDecodeError:
        return None
    pairs = [(decode_path(line[2]), line[1].lower()) for line in lines if line]
    told = dict(pairs)
    fits = all(
        len(value) == LENGTHS[algorithm] and path.startswith(PAYLOAD) == payload and path not in TAG_MANIFESTS
        for path, value in pairs
    )
    return told if fits and len(told) == len(lines) else None

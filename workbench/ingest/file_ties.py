"""Which messages attach which files of a package: by the path that an export gives, else by the name where one file has it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize
from urllib.parse import unquote

from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Enclosure, Issue

SHOWN = 8
MORE_THAN_NAME = 2
"""Parts at the end that paths of one file have in common, at least: its name and its folder."""


@dataclass(slots=True)
class FoundFiles:
    """What the names mean.

    Attributes
    ----------
    documents : dict
        From a member of the package to the documents on which it hangs; none of one that could be meant and is not certain.
    doubtful : dict
        From a name to the members that it could mean.
    """

    documents: dict[str, list[str]] = field(default_factory=dict)
    doubtful: dict[str, list[str]] = field(default_factory=dict)

    def list_issues(self) -> Iterator[Issue]:
        """One issue for all names that could mean several files."""
        if self.doubtful:
            names = format_list([repr(name) for name in list(self.doubtful)[:SHOWN]], count=len(self.doubtful))
            told = Sentence("row.chat.several_files", count=len(self.doubtful), listed=names)
            place = next(iter(self.doubtful.values()))[0]
            yield build_issue("other-words", told, fix=Sentence("fix.look.attached"), place=place)


@dataclass(slots=True)
class FileTies:
    """Names and paths of files as messages give them, each with the folder of its chat and the messages.

    Attributes
    ----------
    named : dict
        From the folder of a chat ('' the top of the package) and a path or name to documents (values are None).
    folders : set of str
        Folders of chats: what lies in one belongs to its chat.
    """

    named: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def add_chat(self, chat: str, found: Iterable[tuple[str, str]]) -> None:
        """Note what the messages of a chat attach: path or name, and document. `chat`: its own path in the package."""
        folder = clean_path(chat).rpartition("/")[0]
        self.folders.add(folder)
        for path, document in found:
            if wanted := clean_path(path):
                self.named.setdefault((folder, wanted), {})[document] = None

    def find_files(self, members: Sequence[str]) -> FoundFiles:
        """Which members of the package the names mean.

        The file at the path counts, as it is written or as the address that it is ('my%20file.txt'); then the one whose path ends
        most like it, then the only one of its name that no path names.
        What lies with another chat is not meant. The time grows with the number of members and names, however alike they are.
        """
        twice = {name for name, count in Counter(members).items() if count > 1}
        index = _Index(self.folders)
        for member in dict.fromkeys(members):
            index.add(member)
        chosen = {key: some for key in self.named if (some := index.find_by_path(*key))}
        certain = {some[0] for some in chosen.values() if len(some) == 1}
        meant: dict[str, dict[str, None]] = {}
        found, seen = FoundFiles(), set[int]()
        for key, documents in self.named.items():
            some = chosen.get(key) or index.find_by_name(*key, certain)
            if some and id(some) not in seen:
                seen.add(id(some))
                meant.update((member, {}) for member in some if member not in meant)
            if len(some) > 1 or not twice.isdisjoint(some):
                found.doubtful[key[1]] = some
            elif some:
                meant[some[0]].update(documents)
        found.documents.update((member, list(documents)) for member, documents in meant.items())
        return found


class _Index:
    """Members of a package by what names and paths can say of them. What is found is one list for all that mean the same.

    Parameters
    ----------
    folders : collection of str
        Folders of chats.
    """

    def __init__(self, folders: Collection[str]) -> None:
        self.folders = folders
        self.deepest = max((folder.count("/") + 1 for folder in folders if folder), default=0)
        self.written: dict[str, list[str]] = {}
        self.folded: dict[str, list[str]] = {}
        self.named: dict[str, dict[str | None, list[str]]] = {}
        self.order: dict[str, int] = {}
        self.ends: dict[tuple[str, str | None], list[tuple[tuple[str, ...], str]]] = {}
        self.alike: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
        self.free: dict[tuple[str, str | None], list[str]] = {}

    def add(self, member: str) -> None:
        """Take a member, in the order of the package."""
        path = clean_path(member)
        self.order[member] = len(self.order)
        self.written.setdefault(path, []).append(member)
        self.folded.setdefault(path.casefold(), []).append(member)
        self.named.setdefault(_get_last(path), {}).setdefault(self._find_owner(path), []).append(member)

    def _find_owner(self, path: str) -> str | None:
        """Folder of the chat with which a file lies, None if with none."""
        parts = path.split("/")[:-1][: self.deepest]
        for count in range(len(parts), -1, -1):
            if (folder := "/".join(parts[:count])) in self.folders:
                return folder
        return None

    def find_by_path(self, folder: str, path: str) -> list[str]:
        """The file at a path seen from the folder of a chat, else the files with it whose paths end most like it."""
        paths = list_readings(path)
        return next(
            filter(None, (find(folder, one) for find in (self._find_at, self._find_by_end) for one in paths)), []
        )

    def _find_at(self, folder: str, path: str) -> list[str]:
        whole = f"{folder}/{path}" if folder else path
        return self.written.get(whole) or self.folded.get(whole.casefold(), [])

    def _find_by_end(self, folder: str, path: str) -> list[str]:
        if "/" not in path:
            return []
        name = _get_last(path)
        owner, near = self._select_near(folder, name)
        if not near:
            return []
        if (name, owner) not in self.ends:
            self.ends[name, owner] = sorted((_split_from_end(clean_path(one)), one) for one in near)
        ends, wanted = self.ends[name, owner], _split_from_end(path)
        at = bisect_left(ends, (wanted, ""))
        most = max(_count_common_parts(end, wanted) for end, _ in ends[max(at - 1, 0) : at + 1])
        if most < MORE_THAN_NAME:
            return []
        common = wanted[:most]
        if (key := (name, owner, common)) not in self.alike:
            first, last = bisect_left(ends, (common, "")), bisect_left(ends, ((*common[:-1], common[-1] + "\0"), ""))
            self.alike[key] = sorted((one for _, one in ends[first:last]), key=self.order.__getitem__)
        return self.alike[key]

    def find_by_name(self, folder: str, path: str, certain: Collection[str]) -> list[str]:
        """The files with a chat that have the name and that no path means for certain."""
        return next(filter(None, (self._find_free(folder, one, certain) for one in list_readings(path))), [])

    def _find_free(self, folder: str, path: str, certain: Collection[str]) -> list[str]:
        name = _get_last(path)
        owner, near = self._select_near(folder, name)
        if (name, owner) not in self.free:
            self.free[name, owner] = [one for one in near if one not in certain]
        free = self.free[name, owner]
        return free if free or "/" in path else near

    def _select_near(self, folder: str, name: str) -> tuple[str | None, list[str]]:
        """Files of a name that lie with a chat; where there are none, those that lie with no chat."""
        by_owner = self.named.get(name, {})
        owner = folder if by_owner.get(folder) else None
        return owner, by_owner.get(owner, [])


def build_enclosure(name: str, data: bytes, found: FoundFiles, otherwise: str = "") -> Enclosure:
    """A file of a package with the documents on which it hangs; where it hangs on no message, on the document `otherwise`."""
    document, *further = found.documents.get(name) or [otherwise]
    return Enclosure(clean_name(name.rstrip("/")), data, document, tuple(further))


def clean_path(path: str) -> str:
    """A path as any system writes it, with '/' between its parts and one form of letters with accents."""
    parts = normalize("NFC", path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def list_readings(path: str) -> tuple[str, ...]:
    """What a path can mean: itself, then what it says as an address of a page, in which signs stand as '%20'.

    >>> list_readings("files/my%20file.txt")
    ('files/my%20file.txt', 'files/my file.txt')
    """
    return (path,) if (plain := clean_path(unquote(path))) == path else (path, plain)


def _get_last(path: str) -> str:
    return clean_path(path).rpartition("/")[2].casefold()


def _split_from_end(path: str) -> tuple[str, ...]:
    """Parts of a path as they are compared, the last first."""
    return tuple(reversed(path.casefold().split("/")))


def _count_common_parts(one: Sequence[str], other: Sequence[str]) -> int:
    """How many first parts two have in common."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count

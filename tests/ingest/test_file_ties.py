"""Which file of a package a name or a path means."""

from __future__ import annotations

import pytest

from tests.cost import linear
from workbench.ingest.file_ties import FileTies

CASES: dict[str, tuple[list[tuple[str, str]], list[str], dict[str, int], int]] = {
    "path": ([("", "a/x.pdf")], ["a/x.pdf", "b/x.pdf"], {"a/x.pdf": 1}, 0),
    "path of another system": ([("", "A\\x.pdf")], ["a/X.PDF", "b/x.pdf"], {"a/X.PDF": 1}, 0),
    "end of a path": ([("", "data/media/a/x.pdf")], ["files/a/x.pdf", "files/b/x.pdf"], {"files/a/x.pdf": 1}, 0),
    "another path, one file": ([("", "data/x.pdf")], ["files/x.pdf"], {"files/x.pdf": 1}, 0),
    "another path, a file that another path names": (
        [("", "data/x.pdf"), ("", "files/x.pdf")], ["files/x.pdf"], {"files/x.pdf": 1}, 0),
    "another path, two files": ([("", "data/x.pdf")], ["a/x.pdf", "b/x.pdf"], {"a/x.pdf": 0, "b/x.pdf": 0}, 1),
    "name in the folder of the chat": ([("a/c.txt", "x.pdf")], ["a/x.pdf", "b/x.pdf"], {"a/x.pdf": 1}, 0),
    "name with another chat alone": ([("a/c.txt", "x.pdf"), ("b/c.txt", "y.pdf")], ["b/x.pdf"], {}, 0),
    "name below the chat": ([("a/c.txt", "x.pdf")], ["a/media/x.pdf", "b/x.pdf"], {"a/media/x.pdf": 1}, 0),
    "name that two messages say": ([("c.txt", "x.pdf"), ("c.txt", "X.pdf")], ["x.pdf"], {"x.pdf": 2}, 0),
    "names of other case": ([("c.txt", "X.pdf")], ["x.pdf", "X.pdf"], {"X.pdf": 1}, 0),
    "one name twice": ([("c.txt", "x.pdf")], ["x.pdf", "x.pdf"], {"x.pdf": 0}, 1),
    "address": ([("c.html", "a/my%20x.pdf")], ["a/my x.pdf", "b/my x.pdf"], {"a/my x.pdf": 1}, 0),
    "address of letters": ([("c.html", "a/caf%C3%A9.pdf")], ["a/cafe\u0301.pdf"], {"a/cafe\u0301.pdf": 1}, 0),
    "address, name alone": ([("c.html", "my%20x.pdf")], ["a/my x.pdf"], {"a/my x.pdf": 1}, 0),
    "address of a path": ([("c.html", "a%2Fx.pdf")], ["a/x.pdf", "b/x.pdf"], {"a/x.pdf": 1}, 0),
    "name with the sign of addresses": (
        [("c.json", "a/100%25.pdf"), ("c.json", "a/50%.pdf")], ["a/100%25.pdf", "a/100%.pdf", "a/50%.pdf"],
        {"a/100%25.pdf": 1, "a/50%.pdf": 1}, 0),
    "path as written with another chat": ([("a/c.html", "m/my%20x.pdf")], ["m/my%20x.pdf", "a/m/my x.pdf"], {"a/m/my x.pdf": 1}, 0),
    "letters in two parts": ([("c.txt", "caf\xe9.pdf")], ["cafe\u0301.pdf"], {"cafe\u0301.pdf": 1}, 0),
}  # fmt: skip


@pytest.mark.parametrize(("named", "members", "tied", "doubtful"), CASES.values(), ids=CASES.keys())
def test_files(named: list[tuple[str, str]], members: list[str], tied: dict[str, int], doubtful: int) -> None:
    ties = FileTies()
    for number, (chat, path) in enumerate(named):
        ties.add_chat(chat, [(path, f"message {number}")])
    found = ties.find_files(members)
    assert {name: len(some) for name, some in found.documents.items()} == tied
    assert len(found.doubtful) == len(list(found.list_issues())) == doubtful


ALIKE: dict[str, tuple[str, str, str]] = {
    "exact paths": ("", "files/{0:04}/image.jpg", "files/{0:04}/image.jpg"),
    "paths of a phone": ("", "data/media/{0:04}/image.jpg", "files/{0:04}/image.jpg"),
    "paths that fit none": ("", "data/p{0:04}/image.jpg", "files/{0:04}/image.jpg"),
    "a folder for each chat": ("e/{0:04}/data.json", "media/image.jpg", "e/{0:04}/media/image.jpg"),
    "a name for each chat": ("e/{0:04}/_chat.txt", "image.jpg", "e/{0:04}/image.jpg"),
    "one file of all": ("", "{0:04}/../image.jpg", "image.jpg"),
}


@pytest.mark.parametrize(("chat", "path", "member"), ALIKE.values(), ids=ALIKE.keys())
def test_files_of_one_base_name_cost_what_files_of_several_cost(chat: str, path: str, member: str) -> None:
    def tie(count: int) -> None:
        ties = FileTies()
        for number in range(count):
            ties.add_chat(chat.format(number), [(path.format(number), f"message {number}")])
        ties.find_files([*dict.fromkeys(member.format(number) for number in range(count))])

    linear(tie, 100, 1000)

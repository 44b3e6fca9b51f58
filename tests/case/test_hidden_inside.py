"""A file in which a file is hidden from an officer: the officer does nothing with it, under whatever name, and where all of it is
hidden the case answers as its twin that never had it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path

import pytest

from tests.case.test_enclosed import packed
from tests.case.test_untold import plain
from tests.case.walking import flat, told
from workbench.case.access.handling_codes import What
from workbench.case.case import Case, open_case

RESTRICTED = "EXERCISE RESTRICTED"
MAIL = (
    "From: Dora <dora@x.example>\nTo: ada@b.example\nDate: Fri, 1 Mar 2024 09:00:00 +0000\nSubject: papers\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nOpen body.\n--B\n"
    'Content-Type: text/plain; name="in.txt"\nContent-Disposition: attachment; filename="in.txt"\n\nEpsilon Quillfeather.\n--B--\n'
)
HIDDEN_FILES = {
    "hidden-all.zip": ("hidden-all.zip/one.txt", "hidden-all.zip/two.txt"),
    "hidden-nest.zip": ("hidden-nest.zip/in.zip/three.txt",),
    "part.zip": ("part.zip/in.zip/four.txt",),
    "att.eml": ("att.eml/in.txt",),
}
"""File -> what is hidden in it."""
WHOLE = ("hidden-all.zip", "hidden-nest.zip")
"""Files of which all is hidden."""
PARTLY = ("part.zip", "part.zip/in.zip", "att.eml")
VERBS: dict[str, Callable[[Case, str], object]] = {
    "describe": lambda case, name: case.sources.describe(name, because="x", exhibit="7"),
    "zone": lambda case, name: case.sources.describe(name, because="x", zone="Europe/Paris"),
    "mapping": lambda case, name: case.sources.mapping(name),
    "remap": lambda case, name: case.sources.remap(name, because="x", zone="Europe/Paris"),
    "withdraw": lambda case, name: case.sources.withdraw(name, because="x"),
    "restore": lambda case, name: case.sources.restore(name, because="x"),
    "mark": lambda case, name: case.handling.mark(name, level=RESTRICTED, because="x"),
    "several": lambda case, name: case.handling.mark([name], conditions=["none"], because="x"),
    "unmark": lambda case, name: case.handling.unmark(name, because="x"),
    "permit": lambda case, name: case.handling.permit(name, by="NCB", because="x"),
    "flag": lambda case, name: case.handling.mark(name, special=["minors"], because="x"),
    "grade": lambda case, name: case.evidence.grade(name, "B2", scale="4x4", because="x"),
    "restrict": lambda case, name: case.privacy.restrict(name, because="x"),
    "hold": lambda case, name: case.privacy.hold(name, because="x"),
    "release": lambda case, name: case.privacy.release(name, because="x"),
    "retain": lambda case, name: case.privacy.retain(name, until="2027-01-01", because="x"),
    "erase": lambda case, name: case.privacy.erase(name, because="x", sure=True),
}
"""Every verb that takes a source, and does something with it."""
FRAMES: dict[str, Callable[[Case, What], object]] = {
    "mark": lambda case, frame: case.handling.mark(frame, level=RESTRICTED, because="x"),
    "grade": lambda case, frame: case.evidence.grade(frame, "B2", scale="4x4", because="x"),
    "restrict": lambda case, frame: case.privacy.restrict(frame, because="x"),
}


def write(folder: Path) -> Path:
    """Write the material; all persons in it are invented."""
    folder.mkdir()
    (folder / "open.txt").write_text("Gamma open van of Karl Ahn.", "utf-8")
    (folder / "hidden-all.zip").write_bytes(packed(one__txt=b"Alpha Quillfeather.", two__txt=b"Beta Quillfeather."))
    (folder / "hidden-nest.zip").write_bytes(packed(in__zip=packed(three__txt=b"Delta Quillfeather.")))
    inner = packed(four__txt=b"Zeta Quillfeather.", five__txt=b"Eta open.")
    (folder / "part.zip").write_bytes(packed(in__zip=inner, six__txt=b"Theta open."))
    (folder / "att.eml").write_text(MAIL, "utf-8")
    return folder


def make(place: Path, *, files: Collection[str]) -> Path:
    """A case of ada, in which what lies in these files is hidden from bob."""
    place.mkdir()
    folder = write(place / "files")
    for name in set(HIDDEN_FILES) - set(files):
        (folder / name).unlink()
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(folder)
    ada.extract()
    ada.access.grant("eve", RESTRICTED, because="vetted")
    for name in files:
        for inner in HIDDEN_FILES[name]:
            ada.handling.mark(inner, level=RESTRICTED, because="of a partner")
    ada.close()
    return place / "case"


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    place = make(tmp_path_factory.mktemp("hiding") / "hiding", files=tuple(HIDDEN_FILES))
    bob = open_case(place, officer="bob", purpose="test")
    yield bob
    bob.close()


@pytest.fixture
def eve(hiding: Case) -> Iterator[Case]:
    case = open_case(hiding.context.folder.path, officer="eve", purpose="test")
    yield case
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTLY)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_nothing_is_done_with_a_file_in_which_a_file_is_hidden(hiding: Case, eve: Case, verb: str, name: str) -> None:
    shown = hiding.sources.list().set_index("name")
    assert name in shown.index
    for known in (name, shown.at[name, "source"]):
        refused = told(partial(VERBS[verb], hiding, known))
        absent = told(partial(VERBS[verb], hiding, "nothing.zip"))
        refused, absent = (
            said.partition(" Similar names")[0].partition(" Check the names")[0] for said in (refused, absent)
        )
        assert refused == absent.replace("nothing.zip", known)
    assert "Zeta Quillfeather." in set(eve.context.passages["text"])
    assert set(eve.sources.list()["state"]) == {"read"}


@pytest.mark.parametrize("name", PARTLY)
@pytest.mark.parametrize("verb", sorted(FRAMES))
def test_nothing_is_done_with_rows_of_it_either(hiding: Case, eve: Case, verb: str, name: str) -> None:
    sources, traces = hiding.sources.list(), hiding.context.traces
    source = sources.set_index("name").at[name, "source"]
    documents = traces[traces["source"] == source]["document_id"]
    docs = hiding.documents()
    for frame in (sources[sources["name"] == name], docs[docs["document_id"].isin(documents)]):
        assert len(frame)
        assert "Nothing in this case has the name" in told(lambda frame=frame: FRAMES[verb](hiding, frame))  # type: ignore[misc]
    for document in documents:
        assert "Nothing in this case has the name" in told(lambda key=document: FRAMES[verb](hiding, key))  # type: ignore[misc]
    assert "Zeta Quillfeather." in set(eve.context.passages["text"])


@pytest.mark.parametrize("name", PARTLY)
def test_nor_is_it_excluded(hiding: Case, eve: Case, name: str) -> None:
    for known in (name, f"/{name}/"):
        assert "matches 0 sources" in told(lambda known=known: hiding.sources.exclude(folder=known, because="x"))  # type: ignore[misc]
    assert eve.sources.exclusions().empty


def test_what_lies_open_in_it_is_named_as_ever(hiding: Case) -> None:
    hiding.sources.describe("part.zip/six.txt", because="x", exhibit="6")
    hiding.sources.describe("open.txt", because="x", exhibit="7")
    assert hiding.sources.list().set_index("name").at["part.zip/six.txt", "exhibit"] == "6"


def test_a_cleared_officer_does_all_of_it(eve: Case) -> None:
    for name in (*PARTLY, *WHOLE):
        eve.sources.describe(name, because="x", authority="court")


TABLES = """sources.list documents sources.issues review.updates review.flags evidence.list entities handling.marks handling.withheld
    messages privacy.disclosures sources.exclusions""".split()


def ask(case: Case, place: Path) -> dict[str, str]:
    """Answers of tables and verbs, without what differs between any two cases."""
    found = {name: flat(attrgetter(name)(case)()) for name in TABLES}
    for word in ("hidden", "Quillfeather", "van"):
        found[f"search {word}"] = flat(case.search(word))
    for name in (*WHOLE, "hidden-all.zip/one.txt", "hidden-nest.zip/in.zip"):
        found |= {f"{verb} {name}": told(lambda verb=verb, name=name: VERBS[verb](case, name)) for verb in VERBS}  # type: ignore[misc]
        found[f"exclude {name}"] = told(lambda name=name: case.sources.exclude(folder=name, because="x"))  # type: ignore[misc]
    found["report"] = re.sub(r"sha256-[\w+/]+=", "#", flat(case.report(place / "r.html")))
    found["repr"] = repr(case)
    return {name: plain(answer) for name, answer in found.items()}


@pytest.mark.slow
def test_an_archive_of_which_all_is_hidden_is_answered_as_its_twin_without_it(tmp_path: Path) -> None:
    answers = []
    for name, files in (("one", WHOLE), ("two", ())):
        bob = open_case(make(tmp_path / name, files=files), officer="bob", purpose="test")
        answers.append(ask(bob, tmp_path / name))
        bob.close()
    for name, answer in answers[0].items():
        assert answer == answers[1][name], name
        assert "hidden-" not in answer or not name.endswith(tuple(TABLES)), name


@pytest.mark.slow
def test_an_archive_is_shown_again_with_what_comes_into_it_in_sight(tmp_path: Path) -> None:
    place = make(tmp_path / "case", files=WHOLE)
    ada = open_case(place, officer="ada", purpose="test")
    ada.access.grant("bob", RESTRICTED, because="vetted")
    ada.close()
    bob = open_case(place, officer="bob", purpose="test")
    assert set(WHOLE) <= set(bob.sources.list()["name"])
    bob.close()


def test_a_comment_of_an_archive_that_is_open_keeps_it_in_sight(tmp_path: Path) -> None:
    import zipfile

    (tmp_path / "files").mkdir()
    with zipfile.ZipFile(tmp_path / "files" / "said.zip", "w") as archive:
        archive.comment = b"Handed over by the harbour master."
        archive.writestr("one.txt", "Alpha Quillfeather.")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "files")
    ada.handling.mark("said.zip/one.txt", level=RESTRICTED, because="of a partner")
    ada.close()
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert list(bob.sources.list()["name"]) == ["said.zip"]
    assert "matches 0 sources" in told(lambda: bob.sources.withdraw("said.zip", because="x"))
    bob.close()

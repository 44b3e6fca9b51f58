"""Who names a file by its hash has not brought it: a row without its file frees, marks and takes over nothing of anybody else's."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.case.desk.test_attached import GUESTS, sealed
from tests.case.packages.conftest import Side, packed, source
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.errors import PackageError
from workbench.exchange.package import write_package as make_package
from workbench.identity import Bureau, TrustList
from workbench.model.ids import compute_digest

KEY = sha256(GUESTS).hexdigest()
HIGH = "EXERCISE RESTRICTED"
MARKS = {"of the file": {"attached": "RESTRICTED"}, "of the message": {"confidentiality": "RESTRICTED"}}


@pytest.fixture
def luc(bo: Side, tmp_path: Path) -> Side:
    """An officer of a third bureau, which Bo trusts as well."""
    chief = identity.create_temporary("NCB France", bureau="NCB France", country="FR", role="bureau")
    officer = identity.create_temporary("luc", bureau="NCB France", country="FR")
    officer = officer.replace_card(identity.issue(officer.card, chief, until="2099-12-31T23:59:59Z"))
    return Side(officer, TrustList((*bo.trust.bureaux, Bureau.from_card(chief.card))), tmp_path / "case-luc")


@pytest.fixture
def place(bo: Side, tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "guests.csv").write_bytes(GUESTS)
    (tmp_path / "own.txt").write_text("A note of ours on the weather.")
    with closing(open_case(bo.folder, officer="chief", purpose="training")) as chief:
        chief.access.grant(bo.card.name, HIGH, because="for the file")
    return tmp_path


def repack(sender: Side, bo: Side, place: Path, path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A package with what its sender has changed in it before it was sealed."""
    with Side(bo.officer, sender.trust, bo.folder).open(path) as opened:
        payload, cover = {name: opened.opened.read_content(name) for name in opened.opened.names}, opened.header.cover
    change(payload)
    return make_package(payload, cover, sender.officer, [bo.card], place / f"sent-{len(list(place.iterdir()))}").path


def add_rows(payload: dict[str, bytes], **named: list[dict[str, object]]) -> None:
    for table, rows in named.items():
        payload[f"ledger/{table}.jsonl"] += b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def name_file(
    luc: Side,
    bo: Side,
    place: Path,
    *,
    why: str = "",
    sent: bool = False,
    size: int = len(GUESTS),
    **more: list[dict[str, object]],
) -> Path:
    """A package of Luc that has a file of his own, and a row of the guests; `why` they were kept back, or the file itself."""
    with closing(luc.case(title="Tip")) as theirs:
        theirs.add(place / "own.txt")
        path = packed(theirs, luc, bo)

    def change(payload: dict[str, bytes]) -> None:
        [own] = map(json.loads, payload["ledger/sources.jsonl"].splitlines())
        add_rows(payload, sources=[{**own, "sha256": KEY, "name": "phantom.bin", "size": size}], **more)
        about = json.loads(payload["ledger/about.json"])
        kept_back = {KEY: why} if why else {}
        payload["ledger/about.json"] = json.dumps({**about, "kept_back": kept_back}).encode()
        if sent:
            payload[f"sources/{KEY}"] = GUESTS

    return repack(luc, bo, place, path, change)


def mark_file(ada: Side, bo: Side, place: Path, name: str) -> Path:
    """A package of Ada with a file under a mark."""
    with closing(ada.case(title="x")) as theirs:
        theirs.add(place / name)
        path, key = packed(theirs, ada, bo), source(theirs, name)
    return repack(ada, bo, place, path, lambda payload: add_rows(payload, terms=[marking("ada (NCB Valdora)", key)]))


def take_in(case: Case, bo: Side, luc: Side, path: Path, *, unknown: bool = False) -> None:
    with Side(bo.officer, bo.trust if unknown else luc.trust, bo.folder).open(path) as opened:
        opened.add_to(case, unknown_sender=unknown)


def is_seen(bo: Side, key: str = KEY) -> bool:
    """Whether an officer without clearance sees a file."""
    with closing(open_case(bo.folder, officer="zoe", purpose="training")) as case:
        return key in set(case.sources.list()["source"]) or len(case.search("Marta")) > 0


def arrival() -> dict[str, object]:
    """That the guests came by themselves."""
    return {
        "source": KEY, "outer_source": "", "name": "phantom.bin", "document_id": "", "run_id": "", "at": "2026-11-01T00:00:00Z",
    }  # fmt: skip


def marking(officer: str, key: str = KEY) -> dict[str, object]:
    return {
        "id": f"t.{officer[:3].strip()}", "target_kind": "source", "target_id": key, "facet": "level", "value": json.dumps([HIGH]),
        "officer": officer, "because": "x", "at": "2026-11-01T00:00:00Z",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("why", ["", "it is withheld", "unknown"])
@pytest.mark.parametrize("mark", MARKS)
def test_who_names_a_file_of_another_bureau_frees_it_of_no_mark(
    ada: Side, bo: Side, luc: Side, place: Path, mark: str, why: str
) -> None:
    with closing(bo.case()) as case:
        case.desk.receive(sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, **MARKS[mark]), trust=bo.trust)
        assert not is_seen(bo)
        take_in(case, bo, luc, name_file(luc, bo, place, why=why, arrivals=[arrival()]), unknown=why == "unknown")
        assert not case.review.remarks()["bureau"].eq("NCB Valdora").any()
        assert case.log.verify().query("state == 'bad'").empty
    assert not is_seen(bo)


@pytest.mark.slow
def test_who_sends_the_file_itself_frees_it_of_a_mark_that_it_does_not_bear(
    ada: Side, bo: Side, luc: Side, place: Path
) -> None:
    """And what becomes of the mark is not told as if its bureau had not sent the file."""
    with closing(bo.case()) as case:
        case.desk.receive(
            sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, attached="RESTRICTED"), trust=bo.trust
        )
        take_in(case, bo, luc, name_file(luc, bo, place, sent=True))
        [told] = case.sources.issues().query("code == 'remarks'")["message"]
        assert told.startswith("Remarks by NCB Valdora about items that did not come only from this bureau: 1.")
    assert is_seen(bo)


@pytest.mark.slow
def test_who_names_a_file_within_a_marked_archive_gives_it_no_other_way(
    ada: Side, bo: Side, luc: Side, place: Path
) -> None:
    with zipfile.ZipFile(place / "bundle.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("guests.csv"), GUESTS)
    with closing(bo.case()) as case:
        take_in(case, bo, ada, mark_file(ada, bo, place, "bundle.zip"))
        assert not is_seen(bo), "it came within the archive, and goes with it"
        listed = case.sources.list().set_index("source")["within"]
        assert listed[KEY] == "bundle.zip" and case.review.remarks().empty
        take_in(case, bo, luc, name_file(luc, bo, place, arrivals=[arrival()]))
    assert not is_seen(bo)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a message", "a package"])
def test_who_names_a_file_first_does_not_keep_its_bringer_from_marking_it(
    ada: Side, bo: Side, luc: Side, place: Path, way: str
) -> None:
    with closing(bo.case()) as case:
        take_in(case, bo, luc, name_file(luc, bo, place, why="it is withheld", arrivals=[arrival()]))
        if way == "a message":
            path = sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}, attached="RESTRICTED")
            case.desk.receive(path, trust=bo.trust)
        else:
            take_in(case, bo, ada, mark_file(ada, bo, place, "guests.csv"))
        marks = case.handling.marks()
        assert HIGH in set(case.sources.list().set_index("source").loc[[KEY], "mark"])
        assert "ada (NCB Valdora)" in set(marks.query("id == @KEY")["officer"])
        assert case.log.verify().query("state == 'bad'").empty
        assert "fix" not in set(case.storage.check()["state"])
    assert not is_seen(bo)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a message", "a package"])
def test_who_names_a_file_first_hides_it_from_nobody_once_another_bureau_brings_it(
    ada: Side, bo: Side, luc: Side, place: Path, way: str
) -> None:
    with closing(bo.case()) as case:
        take_in(case, bo, luc, name_file(luc, bo, place, why="it is withheld", terms=[marking("luc (NCB France)")]))
        if way == "a message":
            case.desk.receive(sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}), trust=bo.trust)
        else:
            with closing(ada.case(title="x")) as theirs:
                theirs.add(place / "guests.csv")
                take_in(case, bo, ada, packed(theirs, ada, bo))
        assert case.review.remarks().query("bureau == 'NCB France'")["text"].str.contains(HIGH).any()
        assert case.log.verify().query("state == 'bad'").empty
    assert is_seen(bo)


@pytest.mark.slow
def test_who_names_a_file_that_another_bureau_has_sent_has_no_part_in_it(
    ada: Side, bo: Side, luc: Side, place: Path
) -> None:
    """A reading that only claims to be of the file would make two owners of it, and its bringer could mark it no more."""
    run = {
        "id": "run.x", "kind": "add", "state": "quarantined", "source": KEY, "method": "x", "version": "1", "parameters": "{}",
        "counts": "{}", "officer": "luc (NCB France)", "at": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    with closing(bo.case()) as case:
        with closing(ada.case(title="x")) as theirs:
            theirs.add(place / "guests.csv")
            take_in(case, bo, ada, packed(theirs, ada, bo))
        take_in(case, bo, luc, name_file(luc, bo, place, runs=[run], arrivals=[arrival()]))
        take_in(case, bo, ada, mark_file(ada, bo, place, "guests.csv"))
        assert source(case, "guests.csv") == KEY
        assert HIGH in str(case.sources.list().set_index("source").loc[KEY, "mark"])
    assert not is_seen(bo)


SECRET = "Call Marta Oliveira at +447700900123 tomorrow.\n"


def place_document(ada: Side, bo: Side, luc: Side, place: Path, how: str) -> tuple[Path, Path]:
    """Ada's package with a file under a mark, and one of Luc, who knows no more of it than its hash."""
    (place / "secret.txt").write_text(SECRET)
    first = mark_file(ada, bo, place, "secret.txt")
    key = sha256(SECRET.encode()).hexdigest()
    document = compute_digest("PlainText", key)
    with closing(luc.case(title="Tip")) as theirs:
        theirs.add(place / "own.txt")
        theirs.extract()
        path = packed(theirs, luc, bo)

    def change(payload: dict[str, bytes]) -> None:
        def read(table: str) -> dict[str, object]:
            return dict(json.loads(payload[f"ledger/{table}.jsonl"].splitlines()[0]))

        placed = {**read("traces"), "id": key if how == "under its hash" else "tr.phantom"}
        if how == "under its hash":
            add_rows(payload, traces=[placed])
            return
        phantom = {**read("documents"), "id": document, "title": "phantom"}
        forged = {**read("passages"), "id": "p.phantom", "document_id": document, "text": "Marta is wanted."}
        add_rows(payload, documents=[phantom], traces=[{**placed, "document_id": document}])
        if how == "with other words":
            add_rows(payload, passages=[forged])

    return first, repack(luc, bo, place, path, change)


@pytest.mark.slow
@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
@pytest.mark.parametrize("how", ["without words", "with other words", "under its hash"])
def test_who_places_a_document_by_its_id_shows_it_to_nobody(
    ada: Side, bo: Side, luc: Side, place: Path, how: str, order: tuple[int, ...]
) -> None:
    paths = place_document(ada, bo, luc, place, how)
    with closing(bo.case()) as case:
        for at in order:
            take_in(case, bo, luc, paths[at])
        [text] = case.search("Marta tomorrow")["text"].loc[lambda t: t.str.contains("tomorrow")]
        assert text.strip() == SECRET.strip()
        listed = case.sources.list().set_index("name")
        assert HIGH in listed.loc["secret.txt", "mark"]
        assert case.log.verify().query("state == 'bad'").empty
        case.extract()
        assert "Marta Oliveira" in set(case.entities()["caption"])
    with closing(open_case(bo.folder, officer="zoe", purpose="training")) as case:
        assert not case.search("Marta")["text"].str.contains("tomorrow").any()


@pytest.mark.slow
def test_a_file_that_was_withdrawn_does_not_come_back_by_a_place(ada: Side, bo: Side, luc: Side, place: Path) -> None:
    first, second = place_document(ada, bo, luc, place, "without words")
    with closing(bo.case()) as case:
        take_in(case, bo, luc, first)
        case.sources.withdraw("secret.txt", because="another person")
        take_in(case, bo, luc, second)
        assert case.search("Marta").empty


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a message", "a package"])
def test_a_file_is_called_as_its_bringer_calls_it(ada: Side, bo: Side, luc: Side, place: Path, way: str) -> None:
    with closing(bo.case()) as case:
        path = name_file(luc, bo, place, why="it is withheld", arrivals=[arrival()], size=7)
        take_in(case, bo, luc, path)
        if way == "a message":
            case.desk.receive(sealed(ada.officer, bo, place / "in", {"g.csv": GUESTS}), trust=bo.trust)
        else:
            take_in(case, bo, ada, mark_file(ada, bo, place, "guests.csv"))
        found = case.sources.list().set_index("source").loc[KEY]
        assert (found["name"], found["size"]) == ("g.csv" if way == "a message" else "guests.csv", len(GUESTS))
        assert "luc" not in found["officer"]
        assert case.log.verify().query("state == 'bad'").empty


def test_a_file_of_another_size_than_its_row_says_is_refused(bo: Side, luc: Side, place: Path) -> None:
    with closing(bo.case()) as case:
        with pytest.raises(PackageError, match=r"states the wrong size for the file 'phantom.bin'"):
            take_in(case, bo, luc, name_file(luc, bo, place, sent=True, size=7))
        assert case.sources.list().empty
        assert case.log.verify().query("state == 'bad'").empty

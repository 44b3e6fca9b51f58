"""What was erased and comes back is erased again, in whatever order its erasures were asked for and are remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.case.everywhere import Needles, anywhere
from workbench.case.case import Case
from workbench.case.privacy import erasure
from workbench.case.storage import backup
from workbench.ledger.erasure import tombstones

REGISTER = (
    "name,birthDate,phone\nZorbina Quellhaven,1981-01-02,+4799887766\nTorvald Brimstane,1980-01-02,+4799000111\n"
    "Lina Marrow,1979-01-02,+4799000222\n"
)
SECRET = "Zorbina Quellhaven met Torvald Brimstane at the harbour. Ola Nordmo had a xylotomy in spring."
CHAT = """
Conversations found on device 01 Phone A (evidence trace aaaa-1) used by custodian Ada Brook (evidence trace aaaa-1:0-1)
WhatsApp conversation about Ada containing 2 messages between 2 participants (evidence trace aaaa-1:0-2)
2024-03-01T09:00:00 | From: Ada Brook | To: Ben Carver | Message: Zorbina Quellhaven hid the marzipan crates under a tarpaulin
2024-03-03T08:00:00 | From: Ada Brook | To: Ben Carver | Message: Torvald Brimstane waits at the lighthouse
"""
QUOTE = "He wrote: Zorbina Quellhaven hid the marzipan crates under a tarpaulin. Nothing more is known.\n"
GONE = {
    "person": ("Zorbina", "Quellhaven", "4799887766"), "another": ("Torvald", "Brimstane", "4799000111"),
    "source": ("xylotomy",), "register": ("4799887766", "4799000222"), "document": ("xylotomy",), "passage": ("xylotomy",),
    "message": ("marzipan",), "note": ("walnut",),
}  # fmt: skip
"""What is erased -> words of it that stand nowhere any more."""
Opens = Callable[..., Case]


@pytest.fixture
def case(opened: Opens, tmp_path: Path) -> Case:
    (tmp_path / "files").mkdir()
    for name, text in {"reg.csv": REGISTER, "secret.txt": SECRET, "chat.txt": CHAT, "quote.md": QUOTE}.items():
        (tmp_path / "files" / name).write_text(text)
    made = opened()
    made.add(tmp_path / "files")
    return made


def named(case: Case, what: str) -> str:
    """The id or name under which it is erased."""
    if what in ("person", "another"):
        rows = case.entities("Person")
        return str(rows[rows["caption"].str.startswith(GONE[what][0])]["canonical_id"].iloc[0])
    if what == "note":
        return case.review.note("Ask Zorbina about walnut oil.", passages=[])
    if what == "message":
        rows = case.documents()
        return str(rows[rows["title"].str.contains("marzipan")]["document_id"].iloc[0])
    if what in ("document", "passage"):
        return str(case.search("harbour")[f"{what}_id"].iloc[0])
    return {"source": "secret.txt", "register": "reg.csv"}[what]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool, bool], None]:
    """Erasures at one second or one after the other, under ids that rise or fall."""

    def set_to(together: bool, falling: bool) -> None:
        numbers: Iterator[int] = iter(range(10, 100))
        seconds: Iterator[int] = iter(range(10, 60))
        shown = (lambda n: 99 - n) if falling else (lambda n: n)
        monkeypatch.setattr(tombstones.secrets, "token_hex", lambda size: f"{shown(next(numbers)):0{2 * size}}")
        monkeypatch.setattr(erasure, "now", lambda: f"2026-11-29T10:00:{10 if together else next(seconds)}Z")

    return set_to


KINDS = ("source", "register", "document", "passage", "message", "another", "note")
PAIRS = [order for kind in KINDS for order in permutations(("person", kind)) if order[0] != "register"]
"""With the register goes all that is known of the person."""
QUICK = ("source", "person"), ("person", "source")


@pytest.mark.slow
@pytest.mark.parametrize("way", [(False, True), (True, False)], ids=["one by one, ids fall", "at one second, ids rise"])
@pytest.mark.parametrize(
    "order", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in PAIRS], ids="+".join
)
def test_a_backup_brings_back_nothing_in_whatever_order_it_was_erased(
    case: Case, opened: Opens, tmp_path: Path, clock: Callable[[bool, bool], None], order: tuple[str, str],
    way: tuple[bool, bool],
) -> None:  # fmt: skip
    targets = [named(case, what) for what in order]
    archive = case.storage.backup(tmp_path / "before.backup")
    clock(*way)
    for target in targets:
        case.privacy.erase(target, because="request 7", sure=True)
    left = sorted(case.sources.list()["name"])
    backup.restore(archive, tmp_path / "restored")
    again = opened(folder="restored")
    assert sorted(again.sources.list()["name"]) == left
    assert anywhere(tmp_path / "restored", Needles([word for what in order for word in GONE[what]])) == []
    assert set(again.privacy.erasures()["state"]) == {""} and len(again.privacy.erasures()) == 2
    assert set(again.add(tmp_path / "files")["state"]) <= {"refused", "known"}


@pytest.mark.slow
def test_what_judgements_had_joined_stays_erased_where_a_backup_is_older_than_they(
    case: Case, opened: Opens, tmp_path: Path
) -> None:
    rows = case.entities("Person").set_index("caption")["canonical_id"]
    pair = [str(rows[rows.index.str.startswith(name)].iloc[0]) for name in ("Torvald", "Zorbina")]
    archive = case.storage.backup(tmp_path / "before.backup")
    case.judgements.judge(pair, same=True, because="same passport")
    case.privacy.erase(pair[0], because="request 7", sure=True)
    backup.restore(archive, tmp_path / "restored")
    opened(folder="restored")
    assert anywhere(tmp_path / "restored", Needles([*GONE["person"], *GONE["another"]])) == []


MAIL = (
    "From: Zorbina Quellhaven <q@f.example>\nTo: Torvald Brimstane <t@b.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
    "Subject: crane\nMessage-ID: <a1@x.example>\n\nThe marzipan crane.\n"
)


@pytest.mark.slow
def test_erasures_of_one_second_are_done_again_in_the_order_of_the_log(
    case: Case, opened: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    case.add(tmp_path / "mail.eml")
    archive = case.storage.backup(tmp_path / "before.backup")
    pairs = case.judgements.duplicates("Person")
    named = pairs.apply(lambda row: str(row.tolist()).count("Quellhaven") > 1, axis=1)
    case.judgements.judge(pairs[named].head(1), same=True, because="same name")
    monkeypatch.setattr(erasure, "now", lambda: "2026-11-29T10:00:10Z")
    message = case.documents().query("title == 'crane'")["document_id"].iloc[0]
    for what in (message, "Zorbina Quellhaven"):
        case.privacy.erase(what, because="request 7", sure=True)
    backup.restore(archive, tmp_path / "restored")
    again = opened(folder="restored")
    assert again.privacy.erasures()["kind"].tolist() == ["document", "entity"]
    assert anywhere(tmp_path / "restored", Needles(["Quellhaven", "q@f.example"])) == []

"""What is above a clearance, closed to a country or kept for another purpose leaves no trace: the case answers as if it were not there.

A case with such material is asked beside its twin that never had it. The answers must be the same: no number, name or facet more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from difflib import unified_diff
from functools import partial
from operator import attrgetter
from pathlib import Path

import pytest

from tests.altered import alter
from tests.case.planted import hidden_files, open_files
from tests.case.walking import TABLES, flat, told, uttered
from tests.scale import select_first
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.access import hidden_bulk_rows as hiding
from workbench.ledger.transfer.row_export import Parcel
from workbench.model.issue_codes import describe_code

pytestmark = pytest.mark.validation  # with each way of hiding there

RESTRICTED = "EXERCISE RESTRICTED"
HIDDEN = {
    "level": {"level": RESTRICTED}, "country": {"barred": ["QM"]}, "purpose": {"purpose": "counter-terrorism"},
}  # fmt: skip
"""How material is hidden from bob, who works from QM for a test."""
VOLATILE = re.compile(
    r"[0-9a-f]{16,}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?|1\+[0-9a-f]{12}|<span class=\"hash\">.*?</span></p>|"
    r"@bottom-left.*|\d+ entries|[Ee]ntries: \d+|(open log|space),.*|'others': \d+"
)
"""Hashes, times, versions of lists of names, what the disk and the log take: they differ between any two cases."""
UNCERTAIN = frozenset({"log.entries"})
"""The own entries of the log have the number at which they stand."""


class Twins:
    """Two cases with the same open material, of which one has more."""

    def __init__(self, place: Path, how: dict[str, object]) -> None:
        self.answers = {
            name: self._answers(place / name, how if name == "hiding" else {}) for name in ("hiding", "plain")
        }

    def _answers(self, place: Path, how: dict[str, object]) -> dict[str, str]:
        place.mkdir()
        ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
        ada.add(open_files(place))
        if how:
            ada.add(hidden_files(place))
        ada.extract()
        ada.access.grant("eve", RESTRICTED, country="QN", because="vetted")
        ada.access.grant("bob", country="QM", because="seconded")
        if how:
            self._hide(ada, place, how)
        ada.close()
        with_eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
        with_eve.sources.exclude(term="lisbon", because="counsel")
        with_eve.close()
        bob = open_case(place / "case", officer="bob", purpose="test")
        found = {name: plain(answer) for name, answer in asked(bob, place)}
        bob.close()
        return found

    def _hide(self, ada: Case, place: Path, how: dict[str, object]) -> None:
        for path in sorted((place / "hidden").iterdir()):
            ada.handling.mark(path.name, special=["health"], because="of a partner", **how)  # type: ignore[arg-type]
        eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
        eve.handling.reveal("health", because="needed")
        passage = eve.search("memo", limit=1)["passage_id"].iloc[0]
        eve.review.note("Rodolfo wrote the memo.", kind="conclusion", supporting=[passage])
        eve.review.withdraw(eve.review.note("doubtful", opposing=[passage]), because="wrong")
        eve.report("for-eve.html")
        eve.export("entities.csv", eve.entities())
        eve.close()


def asked(case: Case, place: Path) -> Iterator[tuple[str, str]]:
    """All that answers without being asked for anything, and questions, products and errors."""
    for name in sorted(set(TABLES) - UNCERTAIN):
        yield name, flat(attrgetter(name)(case)())
    for words in ("boat", "memo", "Rodolfo Quillfeather"):
        yield f"search {words}", flat(case.search(words))
        yield f"evidence {words}", told(lambda words=words: case.evidence.list(words))  # type: ignore[misc]
        yield f"mark {words}", told(lambda words=words: case.handling.mark(words, tlp="green", because="x"))  # type: ignore[misc]
        yield f"withdraw {words}", told(lambda words=words: case.sources.withdraw(words, because="x"))  # type: ignore[misc]
    for name in ("Rodolfo Quillfeather", "memo.txt"):
        yield from named(case, name)
    for name in ("Marta Oliveira", "Bob Stevedore"):
        yield f"access {name}", told(lambda name=name: case.subjects.records(name))  # type: ignore[misc]
        yield f"extract {name}", told(lambda name=name: case.subjects.extract(name, place / "access.html"))  # type: ignore[misc]
    yield "reveal", told(lambda: case.handling.reveal("nothing", because="x"))
    yield "reopen", told(lambda: case.sources.reopen("nothing", role="x", because="x"))
    yield "graph", flat(case.graph(accounts="apart", services=True))
    yield (
        "views",
        "\n".join(map(uttered, case.charts.workspace(case.graph(accounts="apart", services=True)).views.values())),
    )
    yield "calls", told(lambda: case.calls.summary().table)
    yield "report", flat(case.report(place / "report.html"))
    for name in ("entities", "sources.issues", "sources.list", "review.notes"):
        yield f"export {name}", flat(case.export(place / f"{name}.csv", attrgetter(name)(case)()))
    for path in case.privacy.forms(place / "forms"):
        yield path.name, flat(path)
    yield "repr", repr(case)
    with Parcel(case.context.ledger, "NCB Valdora") as parcel:
        yield (
            "parcel",
            repr([len([*parcel.list_rows(table)]) for table in ("sources", "documents", "notes", "issues", "runs")]),
        )


def named(case: Case, name: str) -> Iterator[tuple[str, str]]:
    """Verbs that are given a name of something: what is hidden is answered as what was never there."""
    bob, word = "Bob Stevedore", "officer's knowledge"
    verbs: dict[str, Callable[[], object]] = {
        "graph": lambda: case.graph(name), "why": lambda: case.why(name, bob), "paths": lambda: case.network.paths(name, bob),
        "access": lambda: case.subjects.records(name), "notice": lambda: case.subjects.correction_notice(name),
        "extract": lambda: case.subjects.extract(name, "x.html"),
        "statements": lambda: case.evidence.statements(name), "duplicates": lambda: case.judgements.duplicates(about=name),
        "judge": lambda: case.judgements.judge([name, bob], same=False, because="x"),
        "split": lambda: case.judgements.split(name, because="x"),
        "correct": lambda: case.evidence.correct(name, "name", "X", source=word, because="x"),
        "state": lambda: case.evidence.add("Person", entity=name, alias="X", source=word, because="x"),
        "classify": lambda: case.evidence.classify(name, "witness", because="x"),
        "grade": lambda: case.evidence.grade(name, "B2", because="x"),
        "permit": lambda: case.handling.permit(name, "H1", by="x", because="x"), "hold": lambda: case.privacy.hold(name, because="x"),
        "restrict": lambda: case.privacy.restrict(name, because="x"), "describe": lambda: case.sources.describe(name, exhibit="x"),
        "mapping": lambda: case.sources.mapping(name), "remap": lambda: case.sources.remap(name, because="x"),
        "restore": lambda: case.sources.restore(name, because="x"), "set aside": lambda: case.sources.exclude(sender=name, because="x"),
        "calls": lambda: case.calls.contacts(name).table, "like": lambda: case.search(like=name),
        "sender": lambda: case.search(sender=name),
    }  # fmt: skip
    for verb, ask in verbs.items():
        yield f"{verb} {name}", told(ask)


def plain(answer: str) -> str:
    """An answer without what differs between any two cases; its lines in order, for runs of one second have none."""
    return "\n".join(sorted(re.sub(r"^\d+,", "", line) for line in VOLATILE.sub("#", answer).splitlines()))


@pytest.fixture(scope="module", params=select_first(HIDDEN, 2))
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    return Twins(tmp_path_factory.mktemp(request.param), dict(HIDDEN[request.param]))


@pytest.mark.slow
def test_the_case_answers_as_if_it_were_not_there(twins: Twins) -> None:
    hiding, without = twins.answers["hiding"], twins.answers["plain"]
    assert hiding.keys() == without.keys()
    different = [name for name in without if hiding[name] != without[name]]
    more = {
        name: [*unified_diff(without[name].splitlines(), hiding[name].splitlines(), n=0, lineterm="")]
        for name in different
    }
    assert more == {}


@pytest.mark.slow
def test_an_erasure_takes_what_its_controller_may_not_know_of_and_does_not_count_it(tmp_path: Path) -> None:
    hiding, left = erased(tmp_path / "hiding", dict(HIDDEN["level"]))
    plainly, _ = erased(tmp_path / "plain", {})
    assert hiding == plainly
    assert "Memo on Rodolfo" in left and "Oliveira" not in left


def erased(place: Path, how: dict[str, object]) -> tuple[str, str]:
    """What an erasure answers and leaves on record, and all texts that are there afterwards; with `how`, more was there before."""
    place.mkdir()
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(open_files(place))
    if how:
        ada.add(hidden_files(place))
    ada.extract()
    ada.access.grant("eve", RESTRICTED, because="vetted")
    for path in sorted((place / "hidden").glob("*")):
        ada.handling.mark(path.name, because="of a partner", **how)  # type: ignore[arg-type]
    ada.report("open.html")
    eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
    if how:
        eve.report("for-eve.html")
    preview = ada.privacy.erase("Marta Oliveira", because="request 7")
    done = ada.privacy.erase("Marta Oliveira", because="request 7", sure=True)
    assert done.to_dict("records") == preview.to_dict("records") and preview["number"].sum() > 0
    told = plain(flat(preview) + flat(done) + flat(ada.privacy.erasures().drop(columns="sent")))
    left = " ".join(eve.context.passages["text"])
    ada.close()
    eve.close()
    return told, left


WORK: dict[str, Callable[[Case], object]] = {
    "a note": lambda eve: eve.review.note(
        "see open-boat.txt", passages=list(eve.search("zebra", limit=1)["passage_id"])
    ),
    "facts": lambda eve: eve.sources.describe("zebra.txt", exhibit="open-boat.txt"),
    "a search": lambda eve: eve.search("zebra open-boat.txt"),
    "an export": lambda eve: eve.export("open-boat.txt.csv", eve.evidence.list("Zebra Stables Ltd")),
    "a chart": lambda eve: eve.chart(eve.graph(), name="open-boat.txt"),
    "a rule": lambda eve: eve.sources.exclude(term="zebra", because="counsel of open-boat.txt"),
    "a withdrawal": lambda eve: eve.sources.withdraw("zebra.txt", because="as open-boat.txt"),
}
"""What an officer says of what is hidden from others, with the name of a file that is open to all."""


def preview_beside(place: Path, work: Callable[[Case], object] | None) -> list[object]:
    """What the preview of an erasure and the erasure itself count; with `work`, another officer has worked with a hidden file."""
    place.mkdir()
    (place / "open-boat.txt").write_text("The boat leaves at nine.")
    (place / "zebra.txt").write_text("The zebra of Zebra Stables Ltd, +44 7700 900177, is in the boat.")
    ada = open_case(place / "case", officer="ada", purpose="test")
    ada.access.grant("eve", RESTRICTED, because="vetted")
    ada.add(place / "open-boat.txt")
    with closing(open_case(place / "case", officer="eve", purpose="test")) as eve:
        if work:
            eve.add(place / "zebra.txt")
            eve.extract()
            eve.handling.mark("zebra.txt", level=RESTRICTED, because="of a partner")
            work(eve)
    told = [
        ada.privacy.erase("open-boat.txt", because="request 7", sure=sure).to_dict("records") for sure in (False, True)
    ]
    assert told[0] == told[1]
    counts = ada.privacy.erasures().drop(columns=["tombstone_id", "at"], errors="ignore").to_dict("records")
    ada.close()
    return [*told, counts]


@pytest.mark.slow
@pytest.mark.parametrize("what", WORK)
def test_an_erasure_counts_nothing_that_others_said_of_what_is_hidden(tmp_path: Path, what: str) -> None:
    assert preview_beside(tmp_path / "hiding", WORK[what]) == preview_beside(tmp_path / "plain", None)


@pytest.mark.slow
def test_an_erasure_counts_texts_of_the_own_log_only(tmp_path: Path) -> None:
    """Nobody but an auditor is told what the entries of others say."""
    (tmp_path / "boat.txt").write_text("The boat leaves at nine.")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "boat.txt")
    count = lambda: ada.privacy.erase("boat.txt", because="request 7").set_index("what")["number"]["texts of the log"]  # noqa: E731
    before = count()
    with closing(open_case(tmp_path / "case", officer="eve", purpose="test")) as eve:
        eve.search("what is in boat.txt")
    assert count() == before
    ada.search("what is in boat.txt")
    assert count() == before + 1
    ada.privacy.erase("boat.txt", because="request 7", sure=True)
    texts = ada.context.ledger.connection.execute("SELECT text FROM audit_texts").fetchall()
    assert not [text for (text,) in texts if "boat.txt" in text]
    ada.close()


@pytest.mark.slow
def test_what_only_a_part_of_a_source_hides_is_not_counted(tmp_path: Path) -> None:
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    folder = tmp_path / "chats"
    folder.mkdir()
    lines = [f"2024-03-0{day}T09:00:00 | From: Ada Brook | To: Ben Carver | Message: word {day}" for day in (1, 2, 3)]
    trace, other = "(evidence trace aaaa-1:0-1)", "(evidence trace aaaa-1:0-2)"
    head = [
        f"Conversations found on device 01 Phone A (evidence trace aaaa-1) used by custodian Ada Brook {trace}",
        f"WhatsApp conversation about 447700900101@s.whatsapp.net containing 3 messages between 2 participants {other}",
    ]
    (folder / "chats.txt").write_text("\n".join([*head, *lines]) + "\n")
    ada.add(folder)
    assert ada.sources.list()["documents"].tolist() == [3]
    hits = ada.search("word 2", limit=1)
    ada.handling.mark(hits[["document_id"]], level=RESTRICTED, because="of a partner")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert bob.sources.list()["documents"].tolist() == [2] and len(bob.documents()) == 2
    assert bob.sources.issues()["message"].tolist() == [describe_code("zone-unknown")] and bob.handling.withheld().empty
    ada.close()
    bob.close()


@pytest.mark.slow
@pytest.mark.parametrize("hides", [True, False])
def test_no_number_of_the_whole_is_told_of_a_backup(tmp_path: Path, *, hides: bool) -> None:
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(open_files(tmp_path))
    if hides:
        ada.add(hidden_files(tmp_path))
        ada.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    ada.storage.backup(tmp_path / "one.zip")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    bob.storage.backup(tmp_path / "two.zip")
    numbers = ["size", "files", "entry"]
    assert bob.storage.backups()[numbers].isna().all(axis=None)
    assert ada.storage.backups()[numbers].isna().all(axis=None) == hides
    made = bob.log.entries()[lambda log: log["kind"] == "backup"]
    assert made["count"].tolist() == [1] and "entry" not in made["detail"].iloc[0]
    ada.close()
    bob.close()


@pytest.mark.slow
def test_what_counts_is_named_alike_where_a_hidden_rule_sets_a_hidden_file_aside(tmp_path: Path) -> None:
    named, states = set(), set()
    for twin in ("plain", "hiding"):
        (tmp_path / twin).mkdir()
        ada = open_case(tmp_path / twin / "case", officer="ada", purpose="test")
        ada.add(open_files(tmp_path / twin))
        if twin == "hiding":
            ada.add(hidden_files(tmp_path / twin))
            for word in ("memo", "sealed"):
                ada.sources.exclude(term=word, because="privileged")
            ada.sources.reopen(
                ada.sources.exclusions()["set_aside_id"].iloc[0],
                role=ada.context.settings.reopened_by[0],
                because="cleared",
            )
            for path in (tmp_path / twin / "hidden").iterdir():
                ada.handling.mark(path.name, level=RESTRICTED, because="of a partner")
        bob = open_case(tmp_path / twin / "case", officer="bob", purpose="test")
        named |= {
            bob.sources.list().attrs["counted"],
            bob.entities().attrs["counted"],
            bob.review.notes().attrs["counted"],
        }
        states.add(hiding.get_hidden_state(bob.context.ledger)[0])
        for case in (ada, bob):
            case.close()
    assert len(named) == len(states) == 1


@pytest.mark.slow
def test_a_product_that_tells_of_it_is_not_taken_out(tmp_path: Path) -> None:
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(open_files(tmp_path))
    ada.add(hidden_files(tmp_path))
    ada.export("open.csv", ada.documents()[ada.documents()["title"] == "note"])
    ada.export("all.csv", ada.documents())
    ada.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert set(bob.privacy.disclosures()["name"]) == {"open.csv"}
    assert bob.storage.take_out("open.csv", tmp_path / "open.csv").exists()
    for name in ("all.csv", "all.csv.about.json"):
        with pytest.raises(CaseError, match=f"no report '{name}'") as refused:
            bob.storage.take_out(name, tmp_path / "all.csv")
        assert "Reports in this case: open.csv, open.csv.about.json." in str(refused.value)
    ada.close()
    bob.close()


def decided(place: Path, how: dict[str, object]) -> dict[str, str]:
    """What bob is answered where eve has decided on what is hidden from him, before and after it is withdrawn; `how` none: she has not."""
    place.mkdir()
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(open_files(place))
    if how:
        ada.add(hidden_files(place))
        for path in sorted((place / "hidden").iterdir()):
            ada.handling.mark(path.name, because="of a partner", **how)  # type: ignore[arg-type]
    ada.access.grant("eve", RESTRICTED, country="QN", because="vetted")
    ada.access.grant("bob", country="QM", because="seconded")
    ada.evidence.add("Person", name="Hand Written", source="officer's knowledge")
    ada.close()
    found = {}
    for moment, act in (("decided", decide), ("withdrawn", withdraw)):
        if how:
            eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
            act(eve)
            eve.close()
        bob = open_case(place / "case", officer="bob", purpose="test")
        for name in sorted(set(TABLES) - UNCERTAIN - {"log.verify"}):
            answer = bob.review.updates("2020") if name == "review.updates" else attrgetter(name)(bob)()
            found[f"{name} {moment}"] = plain(flat(answer)) + str(getattr(answer, "attrs", {}).get("counted"))
        for name in ("Marta Oliveira", "Hand Written"):
            found[f"access {name} {moment}"] = plain(told(partial(bob.subjects.records, name)))
        found[f"graph {moment}"] = plain(flat(bob.graph(accounts="apart", services=True)))
        bob.close()
    return found


def decide(eve: Case) -> None:
    """Decide in every way on the ground of hidden files, and about what only they name."""
    rows, knowledge = eve.context.evidence, "officer's knowledge"
    rodolfo, marta = (
        rows.loc[(rows["prop"] == "name") & (rows["value"] == name), "entity_id"].iloc[0]
        for name in ("Rodolfo Quillfeather", "Marta Oliveira")
    )
    passages = eve.context.passages
    memo = passages.loc[passages["text"].str.contains("Memo on"), "passage_id"].iloc[0]
    eve.evidence.correct(marta, "birthDate", "1981-02-01", source=memo, because="says the informant")
    eve.evidence.add("Person", entity="Hand Written", source=memo, alias="The Heron", because="says the informant")
    eve.evidence.classify([rodolfo], "suspect", because="our informant")
    eve.evidence.add("Associate", person=marta, associate=rodolfo, source=knowledge)
    eve.review.reject(rows.loc[rows["entity_id"] == rodolfo, "evidence_id"].iloc[0], because="not he")
    eve.judgements.judge([rodolfo, marta], same=False, because="two")
    eve.sources.exclude(folder="memo.txt", because="privileged")
    eve.sources.exclude(folder="hidden-calls.csv", because="privileged")
    eve.sources.exclude(sender="Rodolfo Quillfeather", because="privileged")


def withdraw(eve: Case) -> None:
    """Withdraw hidden files, and reopen what was set aside."""
    for name in ("memo.txt", "people.csv", "more.zip"):
        eve.sources.withdraw(name, because="wrong file")
    eve.sources.reopen(
        eve.sources.exclusions()["set_aside_id"].iloc[0], role=eve.context.settings.reopened_by[0], because="cleared"
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", select_first(HIDDEN))
def test_what_was_decided_on_the_ground_of_it_has_no_effect(tmp_path: Path, how: str) -> None:
    hiding, without = decided(tmp_path / "hiding", dict(HIDDEN[how])), decided(tmp_path / "plain", {})
    more = {
        name: [*unified_diff(answer.splitlines(), hiding[name].splitlines(), n=0, lineterm="")]
        for name, answer in without.items()
        if hiding[name] != answer
    }
    assert more == {}
    assert "1980-02-01" in hiding["evidence.statements decided"] and "Hand Written" in hiding["entities withdrawn"]


@pytest.mark.slow
def test_the_id_of_a_hidden_passage_is_searched_for_as_any_other_words(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Our source lives in a hotel near the railway.\n", "utf-8")
    answers = []
    for name in ("hiding", "plain"):
        ada = open_case(tmp_path / name, officer="ada", purpose="test")
        (tmp_path / f"{name}.txt").write_text("The informant sleeps in the red hotel by the station.\n", "utf-8")
        ada.add(tmp_path / f"{name}.txt")
        if name == "hiding":
            ada.add(secret)
            passage = ada.search("hotel railway", limit=1)["passage_id"].iloc[0]
            ada.handling.mark("secret.txt", level=RESTRICTED, because="informant")
        bob = open_case(tmp_path / name, officer="bob", purpose="test")
        answers.append(flat(bob.search(like=passage)[["rank", "matched", "score"]]))
        ada.close()
        bob.close()
    assert answers[0] == answers[1]


@pytest.mark.slow
@pytest.mark.parametrize("how", select_first(HIDDEN))
def test_a_product_that_lists_it_or_is_marked_above_the_reader_is_none(tmp_path: Path, how: str) -> None:
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(open_files(tmp_path))
    ada.add(hidden_files(tmp_path))
    for path in sorted((tmp_path / "hidden").iterdir()):
        ada.handling.mark(path.name, because="of a partner", **HIDDEN[how])  # type: ignore[arg-type]
    ada.access.grant("eve", RESTRICTED, country="QN", because="vetted")
    ada.access.grant("bob", country="QM", because="seconded")
    eve = open_case(tmp_path / "case", officer="eve", purpose="counter-terrorism 7")
    eve.report("marta.html", about=["Marta Oliveira"])
    eve.export("sources.csv", eve.sources.list())
    eve.export("case.csv", eve.entities()[["caption"]])
    eve.privacy.forms(tmp_path / "forms")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    bob.export("open.csv", bob.documents())
    assert set(bob.privacy.disclosures()["name"]) == {"open.csv"}
    assert bob.subjects.correction_notice("Marta Oliveira").empty
    for name in ("marta.html", "marta.pdf", "sources.csv", "case.csv"):
        with pytest.raises(CaseError, match=f"no report '{name}'"):
            bob.storage.take_out(name, tmp_path / "out")
    for case in (ada, eve, bob):
        case.close()


CALL_HEAD = "calling number,called number,start time,duration\n"


def write_calls(path: Path, year: int) -> Path:
    """A list of 40 calls that is kept as records, where `LARGE` is 10."""
    calls = [f"+447700900101,+447700900{200 + n},{year}-03-{n % 28 + 1:02}T10:00:00,{n}\n" for n in range(40)]
    path.write_text(CALL_HEAD + "".join(calls), "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("listed", [False, True], ids=["no calls", "calls"])
@pytest.mark.parametrize(
    "rule", [{"term": "Vimmeldane"}, {"since": "2031-01-01"}, {"term": "nowhere"}, {"number": "+447700900888"}]
)
def test_a_rule_that_takes_nothing_but_what_is_hidden_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: dict[str, str], *, listed: bool
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=10)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "open.txt").write_text("Borin Takkel was at the harbour.", "utf-8")
    if listed:
        write_calls(tmp_path / "in" / "calls.csv", 2024)
    memo = (
        "Date: Mon, 06 Jan 2031 10:00:00 +0000\nSubject: memo\n\nHestor Vimmeldane met Borin Takkel at the lighthouse."
    )
    (tmp_path / "in" / "memo.eml").write_text(memo, "utf-8")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "in", zone="UTC" if listed else "")
    ada.sources.exclude(**rule, because="privileged")  # type: ignore[arg-type]
    ada.handling.mark("memo.eml", barred=["QM"], because="of a partner")
    ada.access.grant("bob", country="QM", because="seconded")
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert (
        bob.sources.exclusions().empty
        and bob.log.decisions().empty
        and "decision" not in set(bob.review.updates("2020")["kind"])
    )
    assert "exclu" not in " ".join(bob.sources.issues()["code"])
    bob.report(tmp_path / "report.html", to="prosecutor")
    assert "Excluded (" not in (tmp_path / "report.html").read_text("utf-8")
    if "number" not in rule:
        (tmp_path / "more.eml").write_text(memo.replace("met", "from nowhere saw"), "utf-8")
        ada.add(tmp_path / "more.eml")
        assert bob.sources.exclusions()["documents"].tolist() == [1]
    assert len(ada.sources.exclusions()) == 1
    for case in (ada, bob):
        case.close()


@pytest.mark.slow
@pytest.mark.parametrize("rule", [{"since": "2031-01-01"}, {"number": "+447700900207"}, {"term": "447700900207"}])
def test_a_rule_is_told_once_it_takes_a_record_that_may_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: dict[str, str]
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=10)
    (tmp_path / "s.txt").write_text("The sealed letter.", "utf-8")
    ada = open_case(tmp_path / "case", officer="ada", purpose="test")
    ada.add(tmp_path / "s.txt")
    ada.handling.mark("s.txt", barred=["QM"], because="of a partner")
    ada.access.grant("bob", country="QM", because="seconded")
    ada.sources.exclude(**rule, because="privileged")  # type: ignore[arg-type]
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert bob.sources.exclusions().empty
    ada.add(write_calls(tmp_path / "calls.csv", 2031), zone="UTC")
    expected = 40 if "since" in rule else 1
    assert bob.sources.exclusions()["rows"].tolist() == [expected] and len(bob.log.decisions()) == 1
    ada.handling.mark("calls.csv", barred=["QM"], because="of a partner")
    assert bob.sources.exclusions().empty and bob.log.decisions().empty
    for case in (ada, bob):
        case.close()


@pytest.mark.slow
@pytest.mark.parametrize("rule", [{"term": "sealed"}, {"folder": "s.txt"}, {"sender": "+447700900155"}])
def test_a_rule_that_a_hidden_one_has_already_is_kept_as_ones_own(tmp_path: Path, rule: dict[str, str]) -> None:
    found = {}
    for twin in ("plain", "hiding"):
        (tmp_path / twin).mkdir()
        (tmp_path / twin / "a.txt").write_text("The crane was oiled at night.", "utf-8")
        (tmp_path / twin / "s.txt").write_text("The sealed letter came from +44 7700 900155.", "utf-8")
        ada = open_case(tmp_path / twin / "case", officer="ada", purpose="test")
        ada.add(tmp_path / twin / "a.txt")
        if twin == "hiding":
            ada.add(tmp_path / twin / "s.txt")
            ada.extract()
            ada.sources.exclude(**rule, because="lawyer")  # type: ignore[arg-type]
            ada.handling.mark("s.txt", level=RESTRICTED, because="of a partner")
        ada.close()
        bob = open_case(tmp_path / twin / "case", officer="bob", purpose="test")
        made = [bob.sources.exclude(**rule, because=why).drop(columns="at") for why in ("mine", "again")]  # type: ignore[arg-type]
        found[twin] = [plain(flat(one)) for one in (*made, bob.sources.exclusions(), bob.log.decisions())]
        bob.add(tmp_path / twin / "s.txt")
        found[twin] += [bob.search("sealed letter")["text"].tolist(), plain(flat(bob.sources.exclusions()))]
        bob.sources.reopen(
            bob.sources.exclusions()["set_aside_id"].item(), role=bob.context.settings.reopened_by[0], because="cleared"
        )
        found[twin] += [
            plain(flat(one))
            for one in (bob.search("sealed letter")["text"], bob.sources.exclusions(), bob.log.decisions())
        ]
        bob.close()
    for plainly, hiding_ in zip(found["plain"], found["hiding"], strict=True):
        assert plainly == hiding_

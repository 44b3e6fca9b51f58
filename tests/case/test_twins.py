"""Two cases, one with material that an officer may not know of: every verb answers the same, to the byte, in order, scores and attributes.

By rule, these alone may differ: moments; hexadecimal names of 16 digits and more that are random or rest on moments (the case, sessions,
disclosures, what was written); sizes and numbers of entries of the log, and what the disk takes, as docs/access.md says. The names under
which a table or graph says what counted and what it rests on are compared as they are. What is listed in the order of moments (news,
the steps and decisions of a report) has no order within one second: its lines are compared in any order.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from tests.case.planted import coded_files, hidden_files, open_files, shared_files
from tests.case.walking import TABLES, flat, told, verbs
from tests.scale import select_first
from workbench.case.case import Case, open_case
from workbench.case.desk.desk import Desk
from workbench.case.network.calls import CallRecords
from workbench.errors import CaseError

RESTRICTED = "EXERCISE RESTRICTED"
HIDDEN: dict[str, dict[str, object]] = {
    "level": {"level": RESTRICTED}, "country": {"barred": ["QM"]}, "purpose": {"purpose": "counter-terrorism"},
}  # fmt: skip
VOLATILE = re.compile(
    r"[0-9a-f]{16,}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?|<span class=\"hash\">.*?</span></p>|@bottom-left.*|"
    r"\d+ entries|[Ee]ntries: \d+|1\+[0-9a-f]{12}|(open log|space),.*|"
    r"'others': \d+|(?m:^\d+,(?=.*consultation|.*collection|.*disclosure|.*alteration))"
)
WORDS = (
    "boat",
    "crane OR boat",
    '"boat leaves"',
    "memo",
    "Lisbon",
    "Rodolfo Quillfeather",
    "van -boat",
    "Marta",
    "li*",
    "+447700900177",
)
NAMES = (
    "Rodolfo Quillfeather",
    "memo.txt",
    "Marta Oliveira",
    "hidden-calls.csv",
    "Pim Quillfeather",
    "Rodolfo",
    "register.csv",
    "person-x",
)
TIMED = ("review.updates", "report", "log.decisions", "privacy.disclosures", "subjects.extract", "subjects.records")
"""Verbs whose answer is in the order of moments."""
LATER = frozenset(
    """packages.acknowledge
    storage.backup storage.change_passphrase log.checkpoint close access.confirm_settings storage.decrypt storage.encrypt
    privacy.erase storage.key_holders storage.lock packages.pack subjects.pseudonymise storage.recovery_key subjects.reidentify
    packages.check_receipt storage.share_key charts.panel storage.take_out access.trust access.distrust storage.withdraw_key
    subjects.withhold access.hand_over extract sources.plan packages.send help review.withdraw review.restore""".split()
)  # fmt: skip
"""Verbs about keys, copies and the case as a whole; `erase` has a twin test of its own (`test_untold`)."""


def unlike(name: str, answer: str) -> str:
    """An answer without what may differ."""
    lines = VOLATILE.sub("#", answer).splitlines()
    return "\n".join(sorted(re.sub(r"^\d+,", "", line) for line in lines) if name.startswith(TIMED) else lines)


def said(case: Case, place: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every verb that answers, with what it is asked."""
    for name in sorted(set(TABLES) - {"log.entries", "storage.backups"}):
        yield name, attrgetter(name)(case)
    for words in WORDS:
        yield f"search {words}", lambda words=words: case.search(words, limit=50)  # type: ignore[misc]
        yield f"like {words}", lambda words=words: case.search(like=words, limit=50)  # type: ignore[misc]
    for name in NAMES:
        yield from named(case, name)
    yield from products(case, place)
    for name in ("summary", "hours", "devices"):
        yield f"calls.{name}", lambda name=name: getattr(case.calls, name)().table  # type: ignore[misc]
    for number in ("+447700900177", "+447700900102"):
        for name in ("contacts", "days"):
            yield f"calls.{name} {number}", lambda name=name, number=number: getattr(case.calls, name)(number).table  # type: ignore[misc]
    yield from listed(case)


def products(case: Case, place: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Graphs, charts, reports and exports."""
    graph = case.graph(accounts="apart", services=True)
    yield "graph", lambda: graph
    yield "ranking again", case.network.ranking
    yield "workspace", lambda: repr(sorted(case.charts.workspace(graph).views))
    yield "chart", lambda: placed(case, graph, "mine")
    yield "chart everything", lambda: placed(case, graph, "everything")
    for chart in ("everything", "nothing"):
        yield f"export chart {chart}", lambda chart=chart: flat(case.export(place / "c.anx", graph, chart=chart))  # type: ignore[misc]
    yield "charts after", case.charts.list
    for to in ("", "the prosecutor", "NCB Sarnia"):
        yield f"report {to}", lambda to=to: case.report(place / "report.html", to=to)  # type: ignore[misc]
    for name in (
        "entities",
        "sources.issues",
        "sources.list",
        "review.notes",
        "evidence.list",
        "documents",
        "messages",
    ):
        yield f"export {name}", lambda name=name: exported(case, place / f"{name}.csv", attrgetter(name)(case)())  # type: ignore[misc]
    yield "export table without ids", lambda: exported(case, place / "bare.csv", case.entities()[["caption"]])
    yield "export of the case", lambda: exported(case, place / "all.ftm.json", None)
    yield "forms", lambda: "".join(map(flat, case.privacy.forms(place / "forms")))


def listed(case: Case) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the desk and the case tell of themselves, and what is said at last."""
    for name in ("messages", "drafts.list", "waiting", "inbox", "screening.list"):
        yield f"desk.{name}", attrgetter(name)(case.desk)
    yield "desk", lambda: repr(case.desk)
    yield "repr", lambda: repr(case)
    yield "extract", case.extract
    yield "note", lambda: case.review.note("mine")
    yield "notes after", case.review.notes
    yield "reveal", lambda: case.handling.reveal("health", because="x")
    yield "withheld after", case.handling.withheld


def placed(case: Case, graph: nx.MultiDiGraph, name: str) -> str:
    """Where things lie on a chart, whether they were kept before or are laid out now."""
    return repr(sorted((key, tuple(map(float, at))) for key, at in case.chart(graph, name=name).positions.items()))


def exported(case: Case, path: Path, what: pd.DataFrame | None) -> str:
    written = case.export(path, what)
    return flat(written) + flat(written.with_name(f"{written.name}.about.json"))


def named(case: Case, name: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Verbs that are given a name: what is hidden is answered as what was never there."""
    bob, word = "Bob Stevedore", "officer's knowledge"
    asked: dict[str, Callable[[], object]] = {
        "graph": lambda: case.graph(name, hops=2), "why": lambda: case.why(name, bob),
        "network.paths": lambda: case.network.paths(name, bob),
        "evidence.list": lambda: case.evidence.list(name), "subjects.records": lambda: case.subjects.records(name),
        "evidence.statements": lambda: case.evidence.statements(name),
        "judgements.duplicates": lambda: case.judgements.duplicates(about=name),
        "judgements.judge": lambda: case.judgements.judge([name, bob], same=False, because="x"),
        "judgements.split": lambda: case.judgements.split(name, because="x"),
        "evidence.correct": lambda: case.evidence.correct(name, "name", "X", source=word, because="x"),
        "sources.mapping": lambda: case.sources.mapping(name),
        "evidence.classify": lambda: case.evidence.classify(name, "witness", because="x"),
        "evidence.grade": lambda: case.evidence.grade(name, "B2", because="x"),
        "handling.permit": lambda: case.handling.permit(name, "H1", by="x", because="x"),
        "privacy.hold": lambda: case.privacy.hold(name, because="x"),
        "privacy.release": lambda: case.privacy.release(name, because="x"),
        "privacy.retain": lambda: case.privacy.retain(name, until="2031-01-01", because="x"),
        "privacy.restrict": lambda: case.privacy.restrict("person-y", because="x"),
        "sources.describe": lambda: case.sources.describe(name, exhibit="x"),
        "sources.remap": lambda: case.sources.remap("no.csv", because="x"),
        "sources.restore": lambda: case.sources.restore(name, because="x"),
        "handling.unmark": lambda: case.handling.unmark(name, because="x"),
        "handling.mark": lambda: case.handling.mark(name, tlp="green", because="x"),
        "contacts": lambda: case.calls.contacts(name).table, "subjects.correction_notice": lambda: case.subjects.correction_notice(name),
        "review.accept": lambda: case.review.accept(name, because="x"), "review.reject": lambda: case.review.reject(name, because="x"),
        "review.adopt": lambda: case.review.adopt(name, because="x"),
        "subjects.extract": lambda: case.subjects.extract(name, "x.html"), "desk.message": lambda: case.desk.message(name),
        "desk.links": lambda: case.desk.links(name), "sender": lambda: case.search(sender=name),
        "sources.exclude": lambda: case.sources.exclude(sender=name, because="x"),
        "sources.reopen": lambda: case.sources.reopen(name, role="x", because="x"),
        "access.grant": lambda: case.access.grant(name, RESTRICTED, because="x"),
        "desk.draft": lambda: case.desk.draft(name), "storage.take_out": lambda: case.storage.take_out(name, "y"),
        "evidence.add": lambda: case.evidence.add(
            "Person", entity=name, alias="X", source=word, because="x"), "add": lambda: case.add(name),
        "sources.withdraw": lambda: case.sources.withdraw(name if name != "register.csv" else "no.csv", because="x"),
    }  # fmt: skip
    for verb, ask in asked.items():
        yield f"{verb} {name}", ask


def made(place: Path, how: dict[str, object]) -> Case:
    """A case as bob opens it; with `how`, there is more in it than he may know of."""
    place.mkdir()
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(open_files(place))
    ada.extract()  # the list of names that the program knows is named in its version, and hidden names would be on it
    if how:
        ada.add(hidden_files(place))
    ada.access.grant("eve", RESTRICTED, country="QN", because="vetted")
    ada.access.grant("bob", country="QM", because="seconded")
    if how:
        ada.chart(ada.graph(accounts="apart", services=True), name="everything")
        for path in sorted((place / "hidden").iterdir()):
            ada.handling.mark(path.name, because="of a partner", **how)  # type: ignore[arg-type]
    ada.close()
    if how:
        eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
        passage = eve.search("memo", limit=1)["passage_id"].iloc[0]
        eve.review.note("Rodolfo wrote the memo.", kind="conclusion", supporting=[passage])
        eve.review.withdraw(eve.review.note("doubtful", opposing=[passage]), because="wrong")
        eve.judgements.judge(["Rodolfo Quillfeather", "Marta Oliveira"], same=False, because="two")
        eve.report("for-eve.html")
        eve.close()
    return open_case(place / "case", officer="bob", purpose="test")


def made_first(place: Path, how: dict[str, object]) -> Case:
    """A case as bob opens it, in which what is hidden came first (with `how`), and then what holds the same files openly."""
    place.mkdir()
    ada = open_case(place / "case", officer="ada", purpose="test", title="Harbour")
    ada.access.grant("eve", RESTRICTED, country="QN", because="vetted")
    ada.access.grant("bob", country="QM", because="seconded")
    if how:
        eve = open_case(place / "case", officer="eve", purpose="counter-terrorism 7")
        eve.add(coded_files(place))
        eve.handling.mark("Operation-Nightjar.zip", because="of a partner", **how)  # type: ignore[arg-type]
        eve.close()
    ada.close()
    bob = open_case(place / "case", officer="bob", purpose="test")
    bob.add(open_files(place))
    bob.add(shared_files(place))
    return bob


def answers(
    place: Path, how: dict[str, object], make: Callable[[Path, dict[str, object]], Case] = made
) -> dict[str, str]:
    bob = make(place, how)
    found = {}
    for name, ask in said(bob, place):
        try:
            answer = ask()
        except (TypeError, AttributeError, OSError) as error:
            answer = f"{type(error).__name__}: {error}"
        except Exception as error:  # noqa: BLE001 - whatever is raised is an answer as well
            answer = f"refused: {error}"
        attrs = (
            {name: answer.attrs.get(name) for name in ("counted", "rows")} if isinstance(answer, pd.DataFrame) else {}
        )
        attrs |= (
            {key: key for key in answer.graph if key.startswith("counted ")} if isinstance(answer, nx.Graph) else {}
        )
        found[name] = unlike(name, told(lambda answer=answer: answer)).replace(str(place), "PLACE") + repr(attrs)  # type: ignore[misc]
    bob.close()
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.validation
@pytest.mark.parametrize("how", select_first(HIDDEN))
def test_every_verb_answers_as_if_the_hidden_were_not_there(tmp_path: Path, how: str) -> None:
    hiding, plain = answers(tmp_path / "one", HIDDEN[how]), answers(tmp_path / "two", {})
    assert hiding.keys() == plain.keys() and len(plain) > 300
    different = {name: (hiding[name], plain[name]) for name in plain if hiding[name] != plain[name]}
    assert not different, "\n\n".join(f"{name}\n  {_apart(*pair)}" for name, pair in different.items())
    assert sum("refused: " not in answer[:12] for answer in plain.values()) > 100
    assert not any("TypeError: " in answer[:14] or "AttributeError: " in answer[:18] for answer in plain.values())


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.validation
@pytest.mark.parametrize("how", select_first(HIDDEN))
def test_what_came_hidden_first_gives_its_name_to_nothing_that_comes_openly(tmp_path: Path, how: str) -> None:
    hiding, plain = (answers(tmp_path / name, said, made_first) for name, said in (("one", HIDDEN[how]), ("two", {})))
    different = {
        name: (hiding[name], plain[name])
        for name in plain
        if _sort_hits(name, hiding[name]) != _sort_hits(name, plain[name])
    }
    assert not different, "\n\n".join(f"{name}\n  {_apart(*pair)}" for name, pair in different.items())


def _sort_hits(name: str, answer: str) -> str:
    """Hits that fit equally well are in the order in which they were first read, which is not compared."""
    if not name.startswith(("search ", "like ")):
        return answer
    return "\n".join(sorted(re.sub(r"^\d+,\d+,[\d.]+,", "", line) for line in answer.splitlines()))


def _apart(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 150) : at + 150]!r}\n  {other[max(0, at - 150) : at + 150]!r}"


def test_no_verb_is_forgotten() -> None:
    asked = Path(__file__).read_text("utf-8")
    missing = {name for name in verbs() - LATER if not re.search(rf"\b{re.escape(name)}\b", asked + " ".join(TABLES))}
    assert missing == set()
    for space in (CallRecords, Desk):
        assert {name for name, _ in inspect.getmembers(space, inspect.isfunction) if not name.startswith("_")}


@pytest.mark.slow
def test_what_becomes_secret_while_an_officer_works_moves_the_name_of_what_counts_and_what_was_never_seen_does_not(
    tmp_path: Path,
) -> None:
    ada = open_case(tmp_path / "case", officer="ada", purpose="test", title="Harbour")
    ada.add(open_files(tmp_path))
    bob = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert bob.entities().attrs["counted"] == ""
    ada.add(hidden_files(tmp_path))
    for path in sorted((tmp_path / "hidden").iterdir()):
        ada.handling.mark(path.name, level=RESTRICTED, because="of a partner")
    seen = bob.entities()
    assert seen.attrs["counted"] == ""  # nobody could see it: it was marked before bob looked
    ada.handling.mark("register.csv", level=RESTRICTED, because="of a partner")
    now = bob.entities()
    assert now.attrs["counted"] != seen.attrs["counted"] and len(now) < len(seen)
    with pytest.raises(CaseError):
        bob.export("captions.csv", seen[["caption"]])
    ada.close()
    bob.close()
    again = open_case(tmp_path / "case", officer="bob", purpose="test")
    assert again.entities().attrs["counted"] == ""
    with pytest.raises(CaseError):
        again.export("entities.csv", seen)  # what is on it is known by its ids, in a later session as well
    again.close()

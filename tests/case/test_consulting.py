"""Which operation of the log each verb is; that reading is logged once a session, cheaply, and not without a reason."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cost import within
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.network.calls import CallRecords
from workbench.errors import CaseError
from workbench.ledger.records import consultations
from workbench.model.catalogue import Translator

from .test_exercise import settled
from .walking import verbs

OPERATIONS = {
    "collection": "add extract sources.remap",
    "alteration": """review.accept review.adopt review.withdraw review.restore evidence.classify access.grant access.confirm_settings
    evidence.correct sources.describe review.reject
        evidence.grade privacy.hold handling.mark review.note handling.permit privacy.release sources.reopen
        sources.restore privacy.restrict privacy.retain sources.exclude evidence.add access.trust access.distrust
        access.hand_over handling.unmark sources.withdraw storage.change_passphrase storage.decrypt storage.encrypt
        storage.share_key
        storage.withdraw_key subjects.withhold""",
    "combination": "judgements.judge judgements.split",
    "erasure": "privacy.erase",
    "disclosure": """subjects.extract packages.acknowledge export privacy.forms packages.pack subjects.pseudonymise report
    packages.send storage.take_out""",
    "consultation": """storage.backup chart charts.list log.checkpoint subjects.correction_notice log.decisions privacy.disclosures
    documents messages judgements.duplicates entities evidence.list
        review.flags evidence.grades graph sources.issues sources.mapping handling.marks review.updates review.notes
        packages.list network.paths network.ranking packages.check_receipt subjects.reidentify review.remarks handling.reveal
        privacy.reviews search
        sources.exclusions charts.panel sources.list evidence.statements subjects.records why charts.workspace""",
    "": """log.entries storage.backups access.list close storage.check privacy.erasures packages.inbox storage.key_holders
    storage.lock sources.plan storage.recovery_key log.verify handling.withheld help""",
}  # fmt: skip
"""Operation of article 25 -> verbs. Those under '' tell of the keeping of the case and of the officer's own doing, of no material;
`plan` looks at a file that is not in the case; an auditor's `audit` is a consultation (test_auditing)."""
CASEWORK: dict[str, Callable[[Case, Path], object]] = {
    "add": lambda case, folder: case.add(written(folder / "late.txt", "Bo Ek came back.")),
    "extract": lambda case, _: case.extract(),
    "review.note": lambda case, _: case.review.note("look at the quay"),
    "evidence.add": lambda case, _: case.evidence.add("Person", name="Cy Dunn", source="officer's knowledge"),
    "access.confirm_settings": lambda case, _: case.access.confirm_settings(because="levels of the service"),
    "evidence.classify": lambda case, _: case.evidence.classify("Bo Ek", "witness", because="heard"),
    "judgements.judge": lambda case, _: case.judgements.judge(
        [find_entity(case.context, name) for name in ("Bo Ek", "Marta Oliveira")], same=False, because="seen together"
    ),
    "chart": lambda case, _: case.chart(),
    "charts.list": lambda case, _: case.charts.list(),
    "subjects.correction_notice": lambda case, _: case.subjects.correction_notice("Bo Ek"),
    "log.decisions": lambda case, _: case.log.decisions(),
    "privacy.disclosures": lambda case, _: case.privacy.disclosures(),
    "documents": lambda case, _: case.documents(),
    "judgements.duplicates": lambda case, _: case.judgements.duplicates(),
    "entities": lambda case, _: case.entities(),
    "messages": lambda case, _: case.messages(),
    "evidence.list": lambda case, _: case.evidence.list("Bo Ek"),
    "review.flags": lambda case, _: case.review.flags(),
    "review.reject": lambda case, _: case.review.reject(case.review.flags("suggested").head(1), because="it is a street"),
    "review.accept": lambda case, _: case.review.accept(case.review.flags("suggested").head(1), because="the letter says so"),
    "evidence.grades": lambda case, _: case.evidence.grades(),
    "graph": lambda case, _: case.graph(),
    "sources.issues": lambda case, _: case.sources.issues(),
    "sources.mapping": lambda case, _: case.sources.mapping("r.csv"),
    "handling.marks": lambda case, _: case.handling.marks(),
    "review.updates": lambda case, _: case.review.updates(),
    "review.notes": lambda case, _: case.review.notes(),
    "packages.list": lambda case, _: case.packages.list(),
    "network.paths": lambda case, _: case.network.paths(*list(case.graph().nodes)[:2]),
    "network.ranking": lambda case, _: case.network.ranking(),
    "review.remarks": lambda case, _: case.review.remarks(),
    "handling.reveal": lambda case, _: case.handling.reveal("minors", because="the child is the victim"),
    "privacy.reviews": lambda case, _: case.privacy.reviews(),
    "search": lambda case, _: case.search("quay"),
    "sources.exclusions": lambda case, _: case.sources.exclusions(),
    "charts.panel": lambda case, _: case.charts.panel(),
    "sources.list": lambda case, _: case.sources.list(),
    "evidence.statements": lambda case, _: case.evidence.statements(),
    "subjects.records": lambda case, _: case.subjects.records("Bo Ek"),
    "subjects.withhold": lambda case, _: case.subjects.withhold(
        "Bo Ek", case.subjects.records("Bo Ek").head(1), ground="crime", because="watched"
    ),
    "subjects.extract": lambda case, folder: case.subjects.extract("Bo Ek", folder / "access.html"),
    "why": lambda case, _: case.why("Bo Ek", "Marta Oliveira"),
    "charts.workspace": lambda case, _: case.charts.workspace(),
    "export": lambda case, folder: case.export(folder / "x.csv"),
    "privacy.forms": lambda case, folder: case.privacy.forms(folder / "forms"),
    "report": lambda case, folder: case.report(folder / "r.html"),
    "storage.take_out": lambda case, folder: (case.report("in.html"), case.storage.take_out("in.html", folder / "out.html")),
    "handling.withheld": lambda case, _: case.handling.withheld(),
    "access.list": lambda case, _: case.access.list(),
    "privacy.erasures": lambda case, _: case.privacy.erasures(),
    "log.verify": lambda case, _: case.log.verify(),
    "log.entries": lambda case, _: case.log.entries(),
}  # fmt: skip
QUESTIONS = {name for name, _ in inspect.getmembers(CallRecords, inspect.isfunction) if not name.startswith("_")}


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def opened(folder: Path, **said: str) -> Case:
    return open_case(folder / "case", officer="ada", purpose="training", **said)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = opened(tmp_path, reason="check of the alibi")
    made.add(written(tmp_path / "r.csv", "name,phone\nMarta Oliveira,+31970140002\nBo Ek,+31970140003\n"))
    made.add(written(tmp_path / "m.txt", "Marta Oliveira met Bo Ek at the quay."))
    made.add(written(tmp_path / "f.txt", "Cy is diabetic.\n\nCy lives with a girl aged 15."))
    made.extract()
    yield made
    made.close()


def log(case: Case) -> list[tuple[str, str]]:
    """Operation and kind of each entry."""
    return list(
        consultations.list_entries(case.context.ledger)[["operation", "kind"]].itertuples(index=False, name=None)
    )


def test_each_verb_has_an_operation() -> None:
    known = {verb: operation for operation, names in OPERATIONS.items() for verb in names.split()}
    assert set(known) == verbs(), "a new verb: say which operation it is, and log it"
    asked = set(OPERATIONS["consultation"].split()) - {
        "storage.backup",
        "log.checkpoint",
        "packages.check_receipt",
        "subjects.reidentify",
    }  # tested where they are
    assert asked <= set(CASEWORK)


@pytest.mark.slow
def test_each_verb_logs_its_operation(case: Case, tmp_path: Path) -> None:
    known = {verb: operation for operation, names in OPERATIONS.items() for verb in names.split()}
    for verb, do in CASEWORK.items():
        before = len(log(case))
        case.context.consulted.clear()
        do(case, tmp_path)
        made = [operation for operation, _ in log(case)[before:]]
        assert (made[-1:] if known[verb] else made) == ([known[verb]] if known[verb] else []), verb


def test_questions_to_call_records_are_logged(tmp_path: Path) -> None:
    case = opened(tmp_path)
    rows = "A-number,B-number,start,duration\n" + "".join(
        f"+3197014000{a},+3197014000{b},2025-03-0{a} 10:0{b}:00,60\n" for a, b in ((2, 3), (3, 2), (2, 4), (3, 4))
    )
    case.add(written(tmp_path / "calls.csv", rows), options={"region": "NL"}, zone="UTC")
    who = ("+31970140002", "+31970140003")
    for name in sorted(QUESTIONS):
        before = len(log(case))
        getattr(case.calls, name)(*(who if name in ("summary", "common_contacts", "hours", "devices") else who[:1]))
        assert log(case)[before:] == [("consultation", "calls")], name
    case.close()


def test_an_entry_says_what_was_asked_why_and_commits_to_what_was_shown(case: Case) -> None:
    shown = case.evidence.list("Bo Ek")
    row = consultations.list_entries(case.context.ledger).iloc[-1]
    assert row[["operation", "kind", "query", "count", "reason"]].tolist() == [
        "consultation", "evidence", "Bo Ek", len(shown), "check of the alibi",
    ]  # fmt: skip
    ids = sorted({*shown["canonical_id"], *shown["document_id"]} - {""})
    assert row["object"] == consultations.compute_local_id(case.context.ledger, "\n".join(ids))
    line = case.context.ledger.connection.execute("SELECT entry FROM audit ORDER BY seq DESC LIMIT 1").fetchone()[0]
    assert "Bo Ek" not in line and not any(one in line for one in ids)


@pytest.mark.slow
def test_the_same_question_is_logged_once_until_rows_or_reason_change(case: Case) -> None:
    def asked() -> int:
        before = len(log(case))
        for _ in range(50):
            case.search("quay")
            case.entities()
        return len(log(case)) - before

    assert [asked(), asked()] == [2, 0]
    case.review.note("something new")
    assert asked() == 2
    case.reason = "request 12"
    assert asked() == 2


def test_logging_costs_little(case: Case) -> None:
    from workbench.case.access import consultation_log

    table = case.entities()

    def work() -> None:
        for number in range(200):
            consultation_log.log_answer(case.context, "entities", table, str(number))

    within(200 * 0.005, work)
    assert (
        case.context.ledger.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    )  # what is said is on the disk


@pytest.mark.slow
def test_what_is_disclosed_revealed_or_refused_is_on_the_disk_at_once(case: Case, tmp_path: Path) -> None:
    sql, ways = case.context.ledger.connection, []

    def noted(statement: str) -> None:
        if statement.startswith("INSERT INTO audit ("):
            ways.append(steps[-1])
        elif statement.startswith("PRAGMA synchronous = "):
            steps.append(statement.rpartition(" ")[2])

    steps = ["FULL"]
    sql.set_trace_callback(noted)
    case.search("quay")
    assert ways.pop() == "NORMAL"
    case.handling.reveal("minors", because="the child is the victim")
    case.handling.reveal("minors")
    case.export(tmp_path / "x.csv", case.documents())
    assert ways.pop() == "FULL" and ways[:2] == ["FULL", "FULL"]
    case.context.ledger.session.reason = ""
    with pytest.raises(CaseError, match="You need a reason to view this material"):
        case.entities()
    assert ways.pop() == "FULL"
    sql.set_trace_callback(None)


def test_a_chart_that_leaves_the_case_is_disclosed(case: Case, tmp_path: Path) -> None:
    chart = case.chart()
    before = len(log(case))
    chart.save(case.context.folder.reports / "chart.svg")
    assert log(case)[before:] == [("consultation", "product")]
    path = chart.save(tmp_path / "chart.svg")
    assert log(case)[before + 1 :] == [("disclosure", "chart")]
    out = case.privacy.disclosures().iloc[-1]
    assert (out["name"], out["because"], path.exists()) == ("chart.svg", "check of the alibi", True)
    case.context.ledger.session.reason = ""
    with pytest.raises(CaseError, match="You need a reason to disclose data"):
        chart.save(tmp_path / "again.svg")
    assert not (tmp_path / "again.svg").exists()


def test_outside_exercises_nothing_is_shown_before_a_reason_is_said(tmp_path: Path) -> None:
    opened(tmp_path).close()
    settled(tmp_path / "case", scheme='"EU"', mark='""')
    case = opened(tmp_path)
    assert case.reason == ""
    with pytest.raises(CaseError, match="You need a reason to view this material"):
        case.documents()
    assert log(case)[-1] == ("consultation", "documents")
    assert consultations.list_entries(case.context.ledger)["result"].iloc[-1] == "refused"
    with pytest.raises(CaseError, match="You need a reason to disclose data"):
        case.export(tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()
    case.reason = "request 12"
    assert case.documents().empty
    case.close()


def test_a_reason_is_asked_for_once_where_somebody_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path).close()
    settled(tmp_path / "case", scheme='"EU"', mark='""')
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or " request 12 ")
    case = opened(tmp_path)
    case.documents()
    case.entities()
    assert (len(asked), case.reason) == (1, "request 12")
    case.close()
    case = opened(tmp_path, reason="said already")
    assert (len(asked), case.reason) == (1, "said already")
    case.close()
    opened(tmp_path, language="fr").close()
    assert asked[1] == Translator("fr")(
        "{question}: ",
        question=Translator("fr")(
            "Why do you open this case? The log records your reason. You can change it later with `case.reason`"
        ),
    )

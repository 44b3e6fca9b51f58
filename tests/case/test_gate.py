"""The gate: what a reader may not see is in nothing that the case answers, and is there again for whoever may."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from workbench.case.access import clearances, handling_codes
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError

from .test_aside import letter, papers
from .walking import flat, told, walk

SECRET = "quillfeather"
CALLS = (
    "Calling Number,Called Number,Start Time,Duration\n"
    "+31970140002,+31970140003,2024-03-01T09:00:00,60\n"
    "+31970140002,+31970140009,2024-03-01T10:07:13,60\n"
)
WORDS, NAMES = ("plea", "advice", "Lisbon", "Marta", "boat"), ("Bob Stevedore", "Marta Oliveira")
RESTRICTED = "EXERCISE RESTRICTED"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.eml").write_bytes(
        letter("Ilse Quillfeather <ilse@law.example>", f"My {SECRET} advice, Marta.", papers())
    )
    (folder / "b.eml").write_bytes(
        letter("Bob Stevedore <bob@example.org>", "The boat leaves at nine, says Marta Oliveira.")
    )
    (folder / "calls.csv").write_text(CALLS)
    (folder / "memo.txt").write_text(f"Memo on the {SECRET} file for Rodolfo Quillfeather.")
    (folder / "register.csv").write_text(
        "name,birthDate,religion\nMarta Oliveira,1980-02-01,\nRodolfo Quillfeather,1971-01-05,\nPim Stevedore,2012-05-04,\n"
    )
    return folder


@pytest.fixture
def case(opened: Callable[[str], Case], files: Path) -> Case:
    """The controller's."""
    made = opened("ada")
    made.add(files)
    made.extract()
    return made


def hide_by_source(case: Case) -> None:
    for name in ("a.eml", "memo.txt", "register.csv"):
        case.handling.mark(name, level=RESTRICTED, because="of a partner")


def hide_by_document(case: Case) -> None:
    hits = case.search(SECRET, limit=50)
    case.handling.mark(
        hits[hits["text"].str.contains(SECRET, case=False)][["document_id"]], level=RESTRICTED, because="of a partner"
    )
    rows = case.evidence.list()
    if (said := rows[rows["value"].str.contains(SECRET, case=False)]).size:
        case.handling.mark(said[["document_id"]], level=RESTRICTED, because="the same")


def hide_by_passage(case: Case) -> None:
    passages, rows = case.context.passages, case.evidence.list()
    case.handling.mark("a.eml", level=RESTRICTED, because="its head names the sender")
    case.handling.mark(
        passages[passages["text"].str.contains(SECRET, case=False)][["passage_id"]], level=RESTRICTED, because="partner"
    )
    if (said := rows[rows["value"].str.contains(SECRET, case=False)]).size:
        case.handling.mark(said[["evidence_id"]], level=RESTRICTED, because="the same")


@pytest.mark.slow
@pytest.mark.parametrize("hide", [hide_by_source, hide_by_document, hide_by_passage])
def test_it_is_in_nothing_and_there_for_whoever_is_cleared(
    case: Case, opened: Callable[[str], Case], hide: Callable[[Case], None], tmp_path: Path
) -> None:
    case.review.note(f"The {SECRET} memo matters.", passages=list(case.search("memo", limit=1)["passage_id"]))
    case.judgements.judge(case.judgements.duplicates().head(1), same=True, because="same name") if len(
        case.judgements.duplicates()
    ) else None
    hide(case)
    case.access.grant("eve", RESTRICTED, because="vetted")
    case.handling.mark("+31970140009", level=RESTRICTED, because="a source's telephone")
    for reader in ("ada", "bob"):
        low = opened(reader)
        for name, text in walk(low, tmp_path, SECRET, words=WORDS, names=NAMES, number="+31970140002"):
            if name != "log.entries" and not name.endswith((".safetensors", ".json")):
                assert SECRET not in text.casefold().replace(f"'{SECRET}'", ""), (reader, name)
                assert "970140009" not in text and "t10:07:13" not in text.casefold(), (reader, name)
        assert told(lambda low=low: low.evidence.list("Rodolfo Quillfeather")).startswith("Nothing in this case")  # type: ignore[misc]
    high = opened("eve")
    assert SECRET in flat(high.search(SECRET)).casefold()
    assert SECRET in flat(high.evidence.list()).casefold()
    assert len(high.documents()) > len(case.documents())


def test_nobody_clears_himself_and_only_the_controller_clears(case: Case, opened: Callable[[str], Case]) -> None:
    with pytest.raises(CaseError, match="You cannot grant clearance to yourself"):
        case.access.grant("ada", RESTRICTED, because="please")
    bob = opened("bob")
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.access.grant("eve", RESTRICTED, because="please")
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.handling.unmark("memo.txt", because="please")
    assert '"refused"' in " ".join(bob.log.entries()["detail"])


def test_a_mark_only_rises_and_is_lowered_by_the_controller(case: Case) -> None:
    case.handling.mark("memo.txt", tlp="amber", handling=["H1"], because="sender")
    case.handling.mark("memo.txt", tlp="amber+strict", barred=["qm"], because="sender")
    told_now = case.handling.marks().set_index("facet")["value"].to_dict()
    assert told_now == {"tlp": ["TLP:AMBER+STRICT"], "handling": ["H1"], "barred": ["QM"]}
    with pytest.raises(CaseError, match="already has the mark TLP:AMBER\\+STRICT"):
        case.handling.mark("memo.txt", tlp="green", because="oh")
    case.handling.unmark("memo.txt", because="permission of the sender")
    assert case.handling.marks().empty


@pytest.mark.slow
def test_tables_and_graphs_carry_the_highest_of_what_went_in(case: Case) -> None:
    case.handling.mark("memo.txt", tlp="amber", because="sender")
    case.handling.mark("b.eml", handling=["H2"], because="sender")
    hits = case.search("memo")
    assert hits.loc[hits["source_name"] == "memo.txt", "mark"].str.contains("TLP:AMBER").all()
    assert "TLP:AMBER" in hits.attrs["mark"]
    documents = case.documents().set_index("title")["mark"]
    assert set(documents) == {"EXERCISE – FOR TRAINING ONLY", "EXERCISE – FOR TRAINING ONLY · TLP:AMBER",
                              "EXERCISE – FOR TRAINING ONLY · H2"}  # fmt: skip
    net = case.graph()
    assert "H2" in net.graph["mark"]
    assert {data["mark"] for *_, data in net.edges(data=True)} >= {"EXERCISE – FOR TRAINING ONLY · H2"}
    assert "H2" in case.chart(net).html and "H2" in repr(case)


def test_what_the_case_does_not_know_gets_its_ceiling(case: Case) -> None:
    import networkx as nx

    from workbench.case.access import marks

    case.handling.mark("memo.txt", level="EXERCISE CONFIDENTIAL", because="sender")
    net: nx.MultiDiGraph = nx.MultiDiGraph()
    net.add_node("person-of-elsewhere")
    assert marks.format_mark(case.context, net) == "EXERCISE CONFIDENTIAL"
    frame = case.documents()[["title"]]
    assert set(marks.add_mark_column(case.context, frame)["mark"]) == {"EXERCISE CONFIDENTIAL"}


@pytest.mark.slow
def test_h1_goes_to_a_prosecutor_only_with_recorded_permission(case: Case, tmp_path: Path) -> None:
    case.handling.mark("memo.txt", handling=["H1"], because="a partner bureau's")
    note = {"passages": list(case.search("memo", limit=1)["passage_id"])}
    case.review.note("The memo names a file.", kind="conclusion", nature="fact", **note)
    own = flat(case.report(tmp_path / "own.html"))
    assert "memo.txt" in own and "H1" in own
    court = flat(case.report(tmp_path / "court.html", to="public prosecutor"))
    assert "memo.txt" not in court and "Memo on the" not in court and "no permission for handling code H1" in court
    case.handling.permit("memo.txt", "H1", by="NCB Valdora", because="letter 114/26")
    assert "Memo on the" in flat(case.report(tmp_path / "court.html", to="public prosecutor"))


def test_another_service_gets_neither_h2_nor_what_is_closed_to_its_country(case: Case) -> None:
    case.handling.mark("memo.txt", handling=["H2"], because="sender")
    case.handling.mark("b.eml", barred=["QM"], because="sender")
    case.handling.mark("calls.csv", tlp="red", because="sender")
    for nation, gone in (("QM", {"memo.txt", "b.eml", "calls.csv"}), ("QN", {"memo.txt", "calls.csv"})):
        with clearances.view_as_reader(
            case.context, clearances.build_addressee(case.context, "a bureau", nation=nation)
        ) as cut:
            assert set(case.context.traces["source_name"]) - set(cut.traces["source_name"]) == gone
            counts = handling_codes.count_withheld(cut, 1).set_index("why")["items"].drop("hidden until revealed")
            assert counts.sum() == len(gone)
            assert "closed to the reader's country" not in set(handling_codes.count_withheld(cut)["why"])


@pytest.mark.slow
def test_purpose_review_and_restriction_close(case: Case, opened: Callable[..., Case]) -> None:
    from workbench.ledger.access import terms

    case.handling.mark("memo.txt", purpose="counter-terrorism", because="order")
    assert "memo.txt" not in set(case.sources.list()["name"])
    assert "memo.txt" in set(opened("ada", purpose="counter-terrorism 2026/1").sources.list()["name"])
    source = case.sources.list().set_index("name")["source"]
    terms.add_facets(case.context.ledger, [("source", source["b.eml"])], {"review": ["2020-01-01"]}, "over")
    terms.add_facets(case.context.ledger, [("source", source["calls.csv"])], {"restricted": ["yes"]}, "contested")
    assert {"b.eml", "calls.csv"} <= set(case.sources.list()["name"])
    bob = opened("bob")
    assert not {"b.eml", "calls.csv"} & set(bob.sources.list()["name"])
    assert set(bob.handling.withheld()["why"]) == {"past its review date", "processing restricted"} | {
        "hidden until revealed"
    }


def test_a_birth_that_is_yet_to_come_hides_nobody(case: Case) -> None:
    """Else one line of a hostile file hides whom it names."""
    case.evidence.add(
        "Person", source="officer's knowledge", because="as read", name="Olga Winch", birthDate="2999-01-01"
    )
    assert "Olga Winch" in flat(case.entities())


@pytest.mark.slow
def test_minors_are_hidden_until_revealed_with_a_reason(
    case: Case, opened: Callable[[str], Case], tmp_path: Path
) -> None:
    assert "Pim" not in flat(case.entities()) + flat(case.search("Pim Stevedore")) + flat(
        case.report(tmp_path / "r.html")
    )
    with pytest.raises(CaseError, match="reason"):
        case.handling.reveal("minors", because="")
    case.handling.reveal("minors", because="the child may be in danger")
    assert "Pim" in flat(case.entities())
    assert "Pim" in flat(opened("ada").entities())
    assert "Pim" not in flat(opened("bob").entities())
    assert case.handling.withheld().empty
    rows, before = len(case.access.list()), len(case.log.entries())
    case.handling.reveal("minors")
    last = case.log.entries().iloc[-1]
    assert (len(case.access.list()), last["operation"], last["object"]) == (rows, "consultation", "minors")
    assert "Pim" in flat(case.entities()) and before < len(case.log.entries())
    with pytest.raises(CaseError, match="no category"):
        case.handling.reveal("everything", because="curious")


@pytest.mark.slow
def test_a_status_is_said_in_bulk_and_can_be_said_again(case: Case) -> None:
    assert case.evidence.classify(["Marta Oliveira", "Bob Stevedore"], "witness", because="statement of 3 May") == 2
    case.evidence.classify("Bob Stevedore", "suspect", because="charge prepared")
    rows = case.evidence.list("Bob Stevedore")
    assert set(rows.loc[rows["prop"] == "status", "value"]) == {"suspect"}
    with pytest.raises(CaseError, match="is not a status of a person"):
        case.evidence.classify("Bob Stevedore", "criminal", because="x")


@pytest.mark.slow
def test_outside_exercises_a_product_needs_the_status_of_its_persons(
    case: Case, opened: Callable[[str], Case], tmp_path: Path
) -> None:
    toml = case.context.folder.path / "case.toml"
    toml.write_text(toml.read_text("utf-8").replace('status = ""', 'status = "required"'), "utf-8")
    strict = opened("ada")
    with pytest.raises(CaseError, match="without a status") as refused:
        strict.report(tmp_path / "r.html")
    names = [name for name in strict.entities("Person")["caption"] if repr(name) in str(refused.value)]
    assert strict.evidence.classify(names, "associate contact", because="as far as known") == len(names)
    assert "associate or contact" in flat(strict.report(tmp_path / "r.html"))


@pytest.mark.slow
def test_officers_who_disagree_are_an_issue(case: Case, opened: Callable[[str], Case]) -> None:
    bob = opened("bob")
    ends = [find_entity(case.context, name) for name in ("Marta Oliveira", "Rodolfo Quillfeather")]
    pair = pd.DataFrame([sorted(ends)], columns=pd.Index(["left_id", "right_id"]))
    case.judgements.judge(pair, same=False, because="two birth dates")
    bob.judgements.judge(pair, same=True, because="same handset")
    found = case.sources.issues().set_index("code")
    assert "ada: not same; bob: same" in found.at["disagreement", "message"]
    bob.judgements.judge(pair, same=None, because="not sure after all")
    assert "disagreement" not in set(case.sources.issues()["code"])


@pytest.mark.slow
def test_grades_stay_on_their_scale(case: Case) -> None:
    assert case.evidence.grade("memo.txt", "b2", because="known source")["said"].item() == "grade B2 (4x4)"
    case.evidence.grade("memo.txt", nature="assessment")
    rows = case.evidence.list()
    mine = rows["document_id"].isin(
        case.context.traces.loc[case.context.traces["source_name"] == "memo.txt", "document_id"]
    )
    assert set(rows.loc[mine, "nature"]) == {"assessment"} and set(rows.loc[~mine, "grade"]) == {""}
    assert (rows["first_seen"] != "").all() and (rows["first_seen"] <= rows["last_seen"]).all()
    with pytest.raises(CaseError, match="'D2' is not a grade of 4x4"):
        case.evidence.grade("memo.txt", "D2")
    with pytest.raises(CaseError, match="not known"):
        case.evidence.grade("memo.txt", "B2", scale="stars")


@pytest.mark.slow
def test_interpol_labels_stand_only_on_its_traffic(case: Case) -> None:
    with pytest.raises(CaseError, match="INTERPOL marks are only for INTERPOL messages"):
        case.handling.mark("memo.txt", conditions=["INTERPOL FOR OFFICIAL USE ONLY"], because="x")


def interpol(opened: Callable[[str], Case], files: Path, tmp_path: Path) -> Case:
    """A case of INTERPOL's scheme, to which its material came by other ways, but for the memo."""
    case = opened("ada")
    toml = case.context.folder.path / "case.toml"
    text = toml.read_text("utf-8").replace('scheme = "EXERCISE"', 'scheme = "INTERPOL"')
    toml.write_text(text.replace('"EXERCISE – FOR TRAINING ONLY"', '"INTERPOL FOR OFFICIAL USE ONLY"'), "utf-8")
    made = opened("ada")
    made.reason = "to see what the marks say"
    made.add(files / "memo.txt")
    made.add(files / "register.csv")
    return made


@pytest.mark.slow
def test_interpols_name_stands_only_on_products_of_its_traffic(
    opened: Callable[[str], Case], files: Path, tmp_path: Path
) -> None:
    case = interpol(opened, files, tmp_path)
    case.access.grant("eve", "CONFIDENTIAL", because="vetted")
    case.handling.mark("register.csv", handling=["H2"], because="of a bureau")

    def products() -> dict[str, str]:
        people = case.entities("Person")
        exported = case.export(tmp_path / "p.csv", people)
        return {
            "sources": flat(case.sources.list()), "entities": flat(people), "graph": flat(case.graph()), "chart": case.chart().html,
            "export": flat(exported) + exported.with_name("p.csv.about.json").read_text("utf-8"),
            "report": flat(case.report(tmp_path / "r.html")), "panel": case.charts.panel().overview.value, "repr": repr(case),
            "audit": flat(case.log.entries()), "marks": flat(case.handling.marks()),
        }  # fmt: skip

    named = {name for name, text in products().items() if "INTERPOL" in text}
    assert named == {"audit"}, "the log tells which scheme the controller chose"
    assert "FOR OFFICIAL USE ONLY · H2" in repr(case)
    with pytest.raises(CaseError, match="give `channel='INTERPOL'` and a level of the scheme of this case"):
        case.handling.mark("memo.txt", level="INTERPOL RESTRICTED", because="as received")
    case.handling.mark("memo.txt", channel="INTERPOL", because="as received")
    named = {name for name, text in products().items() if "INTERPOL" in text}
    assert named == {"sources", "report", "panel", "repr", "audit", "marks"}, "the register came another way"
    marked = case.sources.list().set_index("name")["mark"]
    assert marked.to_dict() == {
        "memo.txt": "INTERPOL FOR OFFICIAL USE ONLY", "register.csv": "FOR OFFICIAL USE ONLY · H2"
    }  # fmt: skip


@pytest.mark.slow
def test_a_grade_is_never_of_a_person(case: Case, tmp_path: Path) -> None:
    from workbench.ledger.access import terms

    people = case.entities("Person")
    for what in ("Marta Oliveira", find_entity(case.context, "Bob Stevedore"), people.head(2)):
        with pytest.raises(CaseError, match="cannot grade a person or an item") as refused:
            case.evidence.grade(what, "B2", because="known")
        assert "rows of `case.evidence.list(…)`" in str(refused.value)
    with pytest.raises(CaseError, match="cannot grade a person or an item"):
        case.evidence.grade("Marta Oliveira", nature="fact", because="known")
    key = find_entity(case.context, "Marta Oliveira")
    terms.add_facets(
        case.context.ledger, [("entity", key)], {"grade": ["B2 (4x4)"], "nature": ["fact"]}, "as an older version did"
    )
    assert set(case.evidence.list("Marta Oliveira")["grade"]) == {""} and case.handling.marks().empty
    claims = case.evidence.list("Marta Oliveira").head(1)
    case.evidence.grade(claims, "C3", because="told at third hand")
    rows = case.evidence.list("Marta Oliveira").set_index("evidence_id")["grade"]
    assert rows[claims["evidence_id"].item()] == "C3 (4x4)" and (rows == "C3 (4x4)").sum() == 1
    for text in (
        flat(case.entities()), flat(case.network.ranking()), flat(case.graph()), case.chart().html, flat(case.export(tmp_path / "p.csv")),
        flat(case.export(tmp_path / "g.graphml")), flat(case.export(tmp_path / "p.vcf")), case.charts.panel().overview.value,
    ):  # fmt: skip
        assert "C3 (4x4)" not in text and "B2 (4x4)" not in text


@pytest.mark.slow
@pytest.mark.parametrize("files", [3, 12])
def test_what_is_withheld_is_looked_up_once_for_all_files_that_are_added(
    opened: Callable[[str], Case], tmp_path: Path, files: int
) -> None:
    case = opened("ada")
    for name in ("first", "more"):
        (tmp_path / name).mkdir()
    (tmp_path / "first" / "register.csv").write_text(
        "name,birthDate\nPim Stevedore,2012-05-04\nMarta Oliveira,1980-02-01\n"
    )
    for number in range(files):
        (tmp_path / "more" / f"{number}.txt").write_text(f"Text {number}.")
    case.add(tmp_path / "first")
    assert "Pim" not in flat(case.entities())
    asked: list[str] = []
    case.context.ledger.connection.set_trace_callback(asked.append)
    case.add(tmp_path / "more")
    case.context.ledger.connection.set_trace_callback(None)
    assert sum("DELETE FROM gate_evidence" in step for step in asked) <= 1
    assert len(case.documents()) == files + 1 and "Pim" not in flat(case.entities())


@pytest.mark.slow
def test_grades_are_shown_on_another_scale_and_kept_on_their_own(case: Case, tmp_path: Path) -> None:
    case.evidence.grade("memo.txt", "B2", because="known source")
    case.evidence.grade("b.eml", "A1", scale="admiralty", because="as it came")
    claim = case.evidence.list("Marta Oliveira").head(1)
    case.evidence.grade(claim, "2D", scale="3x5x2", because="as it came")
    found = case.evidence.grades(scale="5x5x5").set_index("grade")
    assert found["shown"].to_dict() == {
        "B2 (4x4)": "≈ B2 (5x5x5)", "A1 (admiralty)": "≈ A1 (5x5x5)", "2D (3x5x2)": "≈ E4 (5x5x5)",
    }  # fmt: skip
    assert found["lossy"].all() and found.at["B2 (4x4)", "what"] == "memo.txt"
    own = case.evidence.grades()
    assert not own["lossy"].any() and list(own["shown"]) == list(own["grade"])
    assert not case.evidence.grades(scale="4x4").set_index("grade").at["B2 (4x4)", "lossy"]
    with pytest.raises(CaseError, match="'stars' is not known"):
        case.evidence.grades(scale="stars")
    case.handling.mark("memo.txt", handling=["H2"], because="sender")
    assert "H2" in case.evidence.grades().set_index("what").at["memo.txt", "mark"]
    passages = list(case.search("memo", limit=1)["passage_id"])
    case.review.note("The memo names a file.", kind="conclusion", nature="fact", passages=passages)
    text = flat(case.report(tmp_path / "r.html", scale="admiralty"))
    assert "B2 (4x4) ≈ B2 (admiralty)" in text
    assert "≈" not in flat(case.report(tmp_path / "s.html")) and "B2 (4x4)" in flat(tmp_path / "s.html")
    back = pd.read_csv(case.export(tmp_path / "e.csv", case.evidence.list()))
    assert set(back["grade"].dropna()) == {"B2 (4x4)", "A1 (admiralty)", "2D (3x5x2)"}


@pytest.mark.slow
def test_a_name_that_only_a_hidden_register_has_is_read_in_no_open_text(tmp_path: Path) -> None:
    """Suggestions are for everybody: who extracts knows no more names by it than every officer of the case may know."""
    (tmp_path / "log.txt").write_text("at nine, zoltan quivering came in a blue car.\n")
    (tmp_path / "register.csv").write_text("name,phone\nZoltan Quivering,+447700900999\n")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        case.add(tmp_path / "log.txt")
        case.add(tmp_path / "register.csv")
        case.access.grant("cy", "EXERCISE RESTRICTED", because="vetted")
        case.handling.mark("register.csv", level="EXERCISE RESTRICTED", because="informant")
    with closing(open_case(tmp_path / "case", officer="cy", purpose="test")) as case:
        case.extract()
        assert "Zoltan Quivering" in set(case.entities()["caption"])
    with closing(open_case(tmp_path / "case", officer="bo", purpose="test")) as case:
        assert "zoltan" not in flat(case.entities()).casefold()
        assert case.extract()["passages"].sum() == 0


@pytest.mark.slow
def test_an_open_session_follows_what_another_grants_and_takes_back(case: Case, opened: Callable[[str], Case]) -> None:
    bo, sees = opened("bo"), lambda case: len(case.documents())
    everything = sees(bo)
    case.handling.mark("memo.txt", level="EXERCISE CONFIDENTIAL", because="the source's wish")
    assert sees(bo) == everything - 1
    case.access.grant("bo", "EXERCISE CONFIDENTIAL", because="vetted")
    assert sees(bo) == everything and len(bo.search(SECRET))
    case.access.hand_over("bo", because="on leave")
    bo.access.grant("ada", "EXERCISE CONFIDENTIAL", because="vetted")
    assert sees(case) == everything

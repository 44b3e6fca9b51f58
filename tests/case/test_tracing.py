"""Tables and graphs that come back from the analyst's hands: their marks, and what of them may not be shown any more."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from workbench.case.access import marks
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.evidence import provenance
from workbench.errors import CaseError
from workbench.model.catalogue import translate

from .test_aside import letter

PLAIN = "EXERCISE – FOR TRAINING ONLY"
HIGH = f"{PLAIN} · TLP:AMBER"
CEILING = f"{PLAIN} · H2 · TLP:AMBER"
KNOWLEDGE = "officer's knowledge"
SECRET = "quillfeather"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A register of three (one of whom the memo names), a letter, and a memo that is TLP:AMBER; a note that is H2."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.eml").write_bytes(letter("Bob Stevedore <bob@example.org>", "The boat leaves at nine."))
    (folder / "register.csv").write_text("name,birthDate\nMarta Oliveira,1980-02-01\nPim Roe,1975-03-02\n")
    (folder / "memo.csv").write_text("name,nationality\nMarta Oliveira,pt\nRodolfo Quillfeather,gb\n")
    (folder / "note.txt").write_text("A note of elsewhere.")
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(folder)
    made.handling.mark("memo.csv", tlp="amber", because="of a partner")
    made.handling.mark("note.txt", handling=["H2"], because="of another")
    yield made
    made.close()


def mark_of(case: Case, frame: pd.DataFrame, folder: Path) -> tuple[str, list[str]]:
    """The mark that an export of a table carries as a whole, and that of its rows."""
    path = case.export(folder / "x.csv", frame)
    whole = json.loads(path.with_name("x.csv.about.json").read_text("utf-8"))["marking"]
    back = pd.read_csv(path)
    assert [name for name in back if name.startswith("mark")] == ["mark"]
    return whole, list(back["mark"])


def entities(case: Case) -> pd.DataFrame:
    found = case.entities("Person").sort_values("caption", ignore_index=True)
    return found[found["caption"] != "Bob Stevedore"].reset_index(drop=True)


JOINS: dict[str, Callable[[Case], pd.DataFrame]] = {
    "merge": lambda case: entities(case).merge(entities(case), on="schema"),
    "merge, ids under other names": lambda case: entities(case)[["canonical_id", "schema"]]
        .rename(columns={"canonical_id": "source_id"}).merge(entities(case)[["schema", "caption"]], on="schema"),
    "concat of rows": lambda case: pd.concat([entities(case), case.sources.list()]),
    "concat of columns": lambda case: pd.concat([case.documents()[["title"]], entities(case)[["canonical_id"]]], axis=1).dropna(),
    "ids in the index": lambda case: entities(case).set_index("canonical_id")[["caption"]],
    "ids in the heading": lambda case: entities(case).pivot_table(
        index="schema", columns="canonical_id", values="mentions", aggfunc="sum"),
    "ids in lists": lambda case: entities(case).groupby("schema")["canonical_id"].agg(list).to_frame("members"),
    "two levels in the heading": lambda case: entities(case).groupby("canonical_id").agg({"mentions": ["sum", "max"]}),
    "text and back": lambda case: pd.read_csv(io.StringIO(entities(case).drop(columns="mark").to_csv(index=False))),
    "lists as text": lambda case: pd.read_csv(
        io.StringIO(entities(case).groupby("schema")["canonical_id"].agg(list).to_frame("members").to_csv())),
    "a mark that says less": lambda case: entities(case).assign(mark=PLAIN, mark_x=PLAIN),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", JOINS)
def test_a_mark_is_reckoned_anew_from_every_cell(case: Case, tmp_path: Path, name: str) -> None:
    whole, rows = mark_of(case, JOINS[name](case), tmp_path)
    assert whole == (CEILING if name == "concat of rows" else HIGH)
    assert any("TLP:AMBER" in row for row in rows)


def test_each_row_has_the_mark_of_what_it_names(case: Case, tmp_path: Path) -> None:
    people = entities(case)
    assert list(people["caption"]) == ["Marta Oliveira", "Marta Oliveira", "Pim Roe", "Rodolfo Quillfeather"]
    whole, rows = mark_of(case, people.rename(columns={"canonical_id": "who"}), tmp_path)
    assert sorted(rows) == [PLAIN, PLAIN, HIGH, HIGH] and whole == HIGH
    low = people[people["mark"] == PLAIN]
    assert mark_of(case, low, tmp_path) == (PLAIN, [PLAIN, PLAIN])
    both = low.merge(people[people["mark"] == HIGH].head(1), how="cross")
    assert mark_of(case, both, tmp_path) == (HIGH, [HIGH, HIGH])


def test_a_table_that_names_nothing_has_the_ceiling(case: Case, tmp_path: Path) -> None:
    counted = entities(case).groupby("schema", as_index=False)["mentions"].sum()
    assert mark_of(case, counted, tmp_path) == (CEILING, [CEILING])
    assert mark_of(case, entities(case)[["caption"]].head(1), tmp_path) == (CEILING, [CEILING])
    outer = entities(case)[["canonical_id"]].merge(
        pd.DataFrame({"canonical_id": [""], "told": ["by hand"]}), how="outer"
    )
    assert CEILING in mark_of(case, outer, tmp_path)[1]


@pytest.mark.slow
def test_a_claim_keeps_its_own_mark_whatever_else_is_said_of_its_person(case: Case, tmp_path: Path) -> None:
    low = find_entity(case.context, "Pim Roe")
    rows = case.evidence.list()
    mine = rows[rows["canonical_id"] == low]
    case.handling.mark("Pim Roe", conditions=["ask first"], because="a witness")
    case.handling.unmark("Pim Roe", because="not needed")
    passage = case.context.passages.set_index("document_id")["passage_id"]
    memo = case.context.traces.set_index("source_name").at["memo.csv", "document_id"]
    case.evidence.add("Person", entity="Pim Roe", nationality="gb", source=passage.loc[memo].iloc[0], because="x")
    old = case.evidence.list("Pim Roe").query("evidence_id in @ids", local_dict={"ids": list(mine["evidence_id"])})
    assert set(mark_of(case, old, tmp_path)[1]) == {PLAIN}
    assert set(mark_of(case, case.evidence.list("Pim Roe"), tmp_path)[1]) == {PLAIN, HIGH}
    joined = old.merge(entities(case)[["canonical_id", "caption"]], on="canonical_id")
    assert set(mark_of(case, joined, tmp_path)[1]) == {HIGH}, "the caption comes of all that is said"
    high = entities(case).pipe(lambda found: found[found["mark"] == HIGH]).reset_index(drop=True)
    moved = pd.concat([old[["evidence_id"]].reset_index(drop=True), high[["canonical_id"]]], axis=1).dropna()
    assert HIGH in mark_of(case, moved, tmp_path)[1], "an id of another row counts"


def test_a_table_of_statements_has_the_mark_of_what_was_joined_to_it(case: Case) -> None:
    high = entities(case).query("caption == 'Rodolfo Quillfeather'")["canonical_id"].item()
    row = {
        "entity_id": find_entity(case.context, "Pim Roe"),
        "schema": "Person",
        "prop": "notes",
        "value": "seen at the quay",
    }
    low, joined = (case.evidence.add(pd.DataFrame([one]), because="x")["mark"].item() for one in (
        row, {**row, "value": "seen with somebody", "person_id_x": high}))  # fmt: skip
    assert (low, joined) == (PLAIN, HIGH)
    rows = case.evidence.list("Pim Roe").set_index("value")["mark"]
    assert (rows["seen at the quay"], rows["seen with somebody"]) == (PLAIN, HIGH)


@pytest.mark.slow
def test_graphs_that_were_worked_on(case: Case, tmp_path: Path) -> None:
    low, high = (
        find_entity(case.context, "Pim Roe"),
        entities(case).query("caption == 'Rodolfo Quillfeather'")["canonical_id"].item(),
    )
    for key in (low, high):
        case.evidence.add(
            "Associate", person=key, associate=find_entity(case.context, "Bob Stevedore"), source=KNOWLEDGE, because="x"
        )
    net = case.graph()
    assert {low, high} <= set(net)
    part = net.subgraph([node for node in net if node != high]).copy()
    for given, mark in (
        (net, HIGH), (nx.compose(part, net), HIGH), (nx.Graph(net), HIGH), (nx.relabel_nodes(net, {high: "R."}), CEILING),
        (net.subgraph([low, high]), HIGH), (part, PLAIN),
    ):  # fmt: skip
        made = given.copy()
        made.graph["mark"] = "nothing"
        nx.set_node_attributes(made, "nothing", "mark")
        path = case.export(tmp_path / "n.json", made)
        data = json.loads(path.read_text("utf-8"))
        assert data["graph"]["mark"] == mark
        assert "nothing" not in {*(one["mark"] for one in data["nodes"]), *(one["mark"] for one in data["edges"])}
    assert HIGH in case.chart(net).html and "AMBER" not in case.chart(part).html
    part.add_edge("my own", low, key="thought", relation="thinks of")
    assert case.chart(part).mark == CEILING
    own = part.copy()
    own.nodes[low]["note"] = f"see {high}"
    assert provenance.get_graph_mark(case.context, own) == marks.get_marks(case.context).ceiling


def test_what_is_unknown_is_refused_alike_whether_it_is_hidden_or_was_never_there(case: Case, tmp_path: Path) -> None:
    hidden = entities(case).query("caption == 'Rodolfo Quillfeather'")["canonical_id"].item()
    case.handling.mark("memo.csv", level="EXERCISE CONFIDENTIAL", because="raised")
    told = []
    for key in (hidden, "person-" + "0" * 24):
        with pytest.raises(CaseError) as refused:
            case.export(tmp_path / "x.csv", pd.DataFrame({"who": [key]}))
        told.append(str(refused.value).replace(key, "…"))
    assert told[0] == told[1]


def test_an_addressee_gets_no_row_that_names_what_is_withheld(case: Case, tmp_path: Path) -> None:
    case.handling.mark("memo.csv", handling=["H1"], because="of a partner")
    for frame in (entities(case).rename(columns={"canonical_id": "who"}), entities(case).set_index("canonical_id")):
        text = case.export(tmp_path / "x.csv", frame, to="court").read_text("utf-8")
        assert "Pim Roe" in text and SECRET not in text.casefold()


CHANGES: dict[str, Callable[[Case], object]] = {
    "marked higher": lambda case: case.handling.mark("memo.csv", level="EXERCISE CONFIDENTIAL", because="raised"),
    "set aside": lambda case: case.sources.exclude(folder="memo.csv", ground="out of scope", because="not in the warrant"),
    "withdrawn": lambda case: case.sources.withdraw("memo.csv", because="the wrong file"),
    "erased": lambda case: case.privacy.erase("memo.csv", because="not kept", sure=True),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_what_was_made_before_shows_nothing_that_may_not_be_shown_now(case: Case, tmp_path: Path, name: str) -> None:
    bob = find_entity(case.context, "Bob Stevedore")
    for key in entities(case)["canonical_id"]:
        case.evidence.add("Associate", person=key, associate=bob, source=KNOWLEDGE, because="x")
    net, people, rows = case.graph(), case.entities(), case.evidence.list()
    renamed = nx.relabel_nodes(net, dict(net.nodes(data="caption")))
    assert SECRET in case.chart(net).html.casefold()
    CHANGES[name](case)
    part = net.subgraph([node for node in net if node in case.graph()]).copy()
    drawn = case.chart(net)
    assert SECRET not in (drawn.html + drawn.svg).casefold()
    assert "Pim Roe" in drawn.html
    assert drawn.note.endswith(translate("left_out.stale"))
    assert "AMBER" not in drawn.mark
    for what in (net, people, rows, renamed, nx.Graph(net), people.rename(columns={"canonical_id": "who"})):
        with pytest.raises(CaseError, match=r"out of date.* Run the query again"):
            case.export(tmp_path / ("x.csv" if isinstance(what, pd.DataFrame) else "x.json"), what)
    with pytest.raises(CaseError, match="Run the query again"):
        case.chart(renamed)
    assert SECRET not in case.export(tmp_path / "y.json", part).read_text("utf-8").casefold()
    assert SECRET not in case.report(tmp_path / "r.html").read_text("utf-8").casefold()
    assert case.chart(nx.compose(net, case.graph())).graph.nodes == case.graph().nodes
    old = rows[rows["canonical_id"] == find_entity(case.context, "Pim Roe")]
    assert "Pim Roe" in case.export(tmp_path / "z.csv", old).read_text("utf-8"), "what still counts goes"


@pytest.mark.slow
def test_a_name_and_a_count_that_rest_on_what_is_hidden_are_those_of_the_case_now(case: Case, tmp_path: Path) -> None:
    key = find_entity(case.context, "Pim Roe")
    case.evidence.add(
        "Associate", person=key, associate=find_entity(case.context, "Bob Stevedore"), source=KNOWLEDGE, because="x"
    )
    passage = case.context.passages.merge(
        case.context.traces.query("source_name == 'note.txt'"), on="document_id"
    ).iloc[0]
    rows = case.evidence.list("Pim Roe")
    case.evidence.correct(key, "name", f"Pim {SECRET}", source=passage["passage_id"], because="as the note says")
    net, table = case.graph(), case.entities("Person")
    assert SECRET in case.chart(net).html
    case.sources.withdraw("note.txt", because="wrong")
    case.review.restore(rows.loc[rows["prop"] == "name", "statement_id"].iloc[0], because="as before")
    assert SECRET not in case.chart(net).html and "Pim Roe" in case.chart(net).html
    with pytest.raises(CaseError, match="Run the query again"):
        case.export(tmp_path / "x.csv", table)


def test_the_name_of_a_package_is_no_thing_of_the_case(case: Case, tmp_path: Path) -> None:
    sent = pd.DataFrame({"package": [f"package-{'a1' * 12}"], "Paket": [f"package-{'b2' * 12}"], "title": ["x"]})
    path = case.export(tmp_path / "sent.csv", sent)
    assert "a1a1" in path.read_text() and "b2b2" in path.read_text()

"""Exports of a case: what is written, for whom, what is left out, and that every one of them is in the log."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.case import material
from tests.case.formats import folder
from tests.catalogued import english
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.errors import CaseError
from workbench.report.exports import ENDINGS, unescape_formula

from .walking import read

EVERY = [end for ends in ENDINGS.values() for end in ends]
KNOWLEDGE = "officer's knowledge"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case with a file of every format, read."""
    made = open_case(tmp_path_factory.mktemp("full") / "case", officer="ada", purpose="test")
    made.add(folder(tmp_path_factory.mktemp("material")), options={"region": "GB"})
    made.extract()
    yield made
    made.close()


def beside(path: Path) -> dict[str, object]:
    return json.loads(path.with_name(f"{path.name}.about.json").read_text("utf-8"))


@pytest.mark.parametrize("end", EVERY)
@pytest.mark.slow
def test_every_export_is_logged_and_marked(full: Case, tmp_path: Path, end: str) -> None:
    path = full.export(tmp_path / f"harbour{end}", to="prosecutor", reason="request 7")
    entry, said = full.log.entries().iloc[-1], beside(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (entry["operation"], entry["kind"], entry["object"]) == ("disclosure", "export", f"harbour{end}")
    assert (entry["recipients"], entry["reason"]) == ("prosecutor", "request 7")
    assert entry["count"] == said["rows"] > 0
    assert said["sha256"] == sha256
    out = full.privacy.disclosures().set_index("name").loc[path.name]
    assert (out["recipient"], out["sha256"]) == ("prosecutor", sha256)
    assert out["told"] > 0
    assert said["marking"] == entry["mark"] == full.context.settings.mark
    assert said["officer"] == "ada"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("end", [end for end in EVERY if end != ".xlsx"])
@pytest.mark.slow
def test_the_same_case_gives_the_same_bytes(full: Case, tmp_path: Path, end: str) -> None:
    one, two = (full.export(tmp_path / f"{name}{end}") for name in "ab")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("end", EVERY)
@pytest.mark.slow
def test_what_is_exported_is_read_again(full: Case, tmp_path: Path, end: str) -> None:
    path = full.export(tmp_path / "out" / f"harbour{end}")
    again = open_case(tmp_path / "again", officer="ada", purpose="test")
    row = again.add(path).iloc[0]
    again.close()
    expected = {".ftm.json": "ftm-entities", ".statements.csv": "ftm-statements", ".vcf": "contact-cards", ".geojson": "geojson",
                ".statements.json": "ftm-statements",
                ".kml": "kml", ".anx": "anx", ".csv": "table", ".tsv": "table", ".xlsx": "table"}  # fmt: skip
    assert end not in expected or (row["state"], row["reader"]) == ("read", expected[end])


@pytest.mark.slow
@pytest.mark.parametrize("end", [".statements.csv", ".statements.json"])
def test_statements_of_a_case_come_back_whole(full: Case, tmp_path: Path, end: str) -> None:
    """Every statement, received and suggested; the ids are those that the entities of a file get."""
    path = full.export(tmp_path / f"all{end}")
    again = open_case(tmp_path / "again", officer="ada", purpose="test")
    again.add(path)
    sent, back = (case.evidence.list().sort_values("kind").drop_duplicates("statement_id") for case in (full, again))
    assert said(back) == said(sent) and beside(path)["rows"] == len(sent)
    again.close()


def said(rows: pd.DataFrame) -> Counter[tuple[str, str, str]]:
    """What is claimed, by property and whether a machine suggests it; ids of entities are all one."""
    values = rows["value"].str.replace(r"^[a-z]+-[0-9a-f]{24}$", "an entity", regex=True)
    return Counter(zip(rows["prop"], values, rows["kind"], strict=True))


def test_a_table_that_a_verb_gave(case: Case) -> None:
    hits = case.search("container", limit=3)
    path = case.export("hits.csv", hits, to="prosecutor")
    assert path == case.context.folder.reports / "hits.csv"
    back = pd.read_csv(path)
    assert [unescape_formula(text) for text in back["text"]] == list(hits["text"])
    assert [json.loads(text) for text in back["copies"]] == list(hits["copies"])
    assert beside(path)["what"] == "hits"


@pytest.mark.slow
def test_tables_are_called_what_they_are(case: Case, tmp_path: Path) -> None:
    asked = {
        "audit log": case.log.entries(), "decisions": case.log.decisions(), "sources": case.sources.list(), "documents": case.documents(),
        "issues": case.sources.issues(), "evidence": case.evidence.list(), "notes": case.review.notes(),
        "candidate pairs": case.judgements.duplicates(),
        "entities": case.entities(), "excluded items": case.sources.exclusions(), "ranking": case.network.ranking(),
        "passages that support a link": case.why("Ada Brook", "Ben Carver"), "paths": case.network.paths("Ada Brook", "Ben Carver"),
        "table": pd.DataFrame({"a": [1]}),
    }  # fmt: skip
    for name, table in asked.items():
        assert beside(case.export(tmp_path / f"{name}.csv", table))["what"] == name


def test_a_workbook_says_of_what_it_is(case: Case, tmp_path: Path) -> None:
    path = case.export(tmp_path / "r.xlsx", case.network.ranking(), to="prosecutor")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(path.read_bytes()))["About"].iter_rows()]
    told = dict(rows)
    assert (told["content"], told["recipient"], told["marking"]) == (
        "ranking",
        "prosecutor",
        case.context.settings.mark,
    )
    assert any(
        "The collection therefore makes the persons whose phones" in text for label, text in rows if label == "note"
    )


@pytest.mark.slow
def test_a_rejected_claim_is_in_no_export(full: Case, tmp_path: Path) -> None:
    rows = full.evidence.list()
    one = rows[(rows["kind"] == "suggested") & (rows["prop"] == "name")].iloc[0]
    value = one["value"]
    targets = rows.loc[rows["value"] == value, "evidence_id"]
    full.review.reject(*targets, because="another one")
    for end in (".csv", ".xlsx", ".ftm.json", ".statements.csv"):
        path = full.export(tmp_path / f"e{end}", full.evidence.list() if end in (".csv", ".xlsx") else None)
        if end == ".csv":
            assert not set(targets) & set(pd.read_csv(path)["evidence_id"])
            assert f"Statements left out because an officer rejected them: {len(targets)}." in beside(path)["notes"]
        if end != ".xlsx":
            assert f'"{value}"' not in path.read_text("utf-8")
    kept = full.export(tmp_path / "decisions.csv", full.log.decisions())
    assert "rejected" in set(pd.read_csv(kept)["verdict"])
    with pytest.raises(CaseError, match="rejected, withdrawn or excluded"):
        full.export(tmp_path / "x.csv", rows[["statement_id", "value"]])
    full.review.accept(*targets, because="it was that one")


MEMO = "Report 9\n\nCleo Dunn told a source that the safe is at Quillfeather Mews.\n"
RESTRICTED = "EXERCISE RESTRICTED"


def with_memo(place: Path) -> Case:
    """A case with a memo of a partner that may not go to court, and may be seen by who works."""
    made = open_case(place / "case", officer="ada", purpose="test")
    (material.write(place) / "memo.txt").write_text(MEMO)
    made.add(place / "material")
    made.extract()
    made.handling.mark("memo.txt", handling=["H1"], because="of a partner")
    return made


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = with_memo(tmp_path_factory.mktemp("partner"))
    yield made
    made.close()


def read_all(folder: Path) -> dict[str, str]:
    return {path.name: read(path).casefold() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("end", EVERY)
def test_an_export_is_cut_to_its_addressee(partner: Case, tmp_path: Path, end: str) -> None:
    for place, to in (("mine", ""), ("court", "court of Zandhaven"), ("colleague", "team B")):
        partner.export(tmp_path / place / f"x{end}", to=to, judicial=False if place == "colleague" else None)
    assert not [name for name, text in read_all(tmp_path / "court").items() if "quillfeather" in text]
    assert "no permission for handling code H1" in " ".join(beside(tmp_path / "court" / f"x{end}")["notes"])
    firm = end in (".ftm.json", ".vcf")  # what a program read in the memo is in neither
    assert ("H1" in str(beside(tmp_path / "mine" / f"x{end}")["marking"])) != firm
    assert "H1" not in str(beside(tmp_path / "court" / f"x{end}")["marking"])
    if end in (".csv", ".xlsx", ".statements.csv"):
        for place in ("mine", "colleague"):
            assert "quillfeather" in read_all(tmp_path / place)[f"x{end}"]


@pytest.mark.slow
def test_what_a_verb_gave_is_cut_to_the_addressee(partner: Case, tmp_path: Path) -> None:
    net = partner.graph(accounts="apart", services=True)
    asked = {"evidence": partner.evidence.list(), "entities": partner.entities(), "hits": partner.search("Quillfeather safe"),
             "documents": partner.documents(), "pairs": partner.judgements.duplicates(judged=True)}  # fmt: skip
    assert "quillfeather" in repr(net.nodes(data=True)).casefold()
    for name, table in asked.items():
        for end in (
            ".csv",
            ".xlsx",
            *([".ftm.json", ".statements.csv", ".vcf"] if name in ("evidence", "entities") else []),
        ):
            partner.export(tmp_path / "court" / f"{name}{end}", table, to="court")
    for end in (".graphml", ".gexf", ".json", ".anx", ".ftm.json", ".vcf", ".kml"):
        partner.export(tmp_path / "court" / f"graph{end}", net, to="court")
    found = read_all(tmp_path / "court")
    assert not [name for name, text in found.items() if "quillfeather" in text]
    said = beside(tmp_path / "court" / "hits.csv")
    assert "Rows or items left out because this addressee is not allowed to see them: 1." in said["notes"]
    cleo = find_entity(partner.context, "Cleo Dunn")
    assert cleo in found["graph.graphml"], "what else is known of her goes"
    whole = nx.read_graphml(partner.export(tmp_path / "mine.graphml", net))
    cut = nx.read_graphml(tmp_path / "court" / "graph.graphml")
    assert 0 < cut.number_of_edges() < whole.number_of_edges()


@pytest.mark.slow
def test_a_permission_lets_it_go(tmp_path: Path) -> None:
    partner = with_memo(tmp_path)
    partner.handling.permit("memo.txt", "H1", by="the partner", because="letter of 3 May")
    assert "quillfeather" in read(partner.export(tmp_path / "x.csv", partner.search("safe"), to="court")).casefold()


@pytest.mark.slow
def test_a_table_without_ids_does_not_go_to_whom_something_is_withheld(partner: Case, tmp_path: Path) -> None:
    texts = partner.search("safe")[["text"]]
    with pytest.raises(CaseError, match="contains no ids of this case"):
        partner.export(tmp_path / "x.csv", texts, to="court")
    assert partner.export(tmp_path / "y.csv", texts).exists()
    with pytest.raises(CaseError, match="not for this addressee"):
        partner.export(tmp_path / "x.gexf", nx.Graph(partner.graph()), to="court")


@pytest.mark.slow
def test_who_may_not_see_it_cannot_give_it_away(tmp_path: Path) -> None:
    partner = with_memo(tmp_path)
    asked, net = partner.search("safe"), partner.graph()
    partner.handling.mark("memo.txt", level=RESTRICTED, because="raised")
    for name, what in (("x.csv", asked), ("x.json", net)):
        with pytest.raises(CaseError, match="Items that no longer count in the case:"):
            partner.export(tmp_path / name, what)


@pytest.mark.slow
def test_persons_who_go_to_others_have_a_status_or_it_says_so(case: Case, tmp_path: Path) -> None:
    case.evidence.classify(["Ada Brook"], "suspect", because="charged")
    for end in (".vcf", ".ftm.json", ".graphml", ".csv"):
        notes = " ".join(beside(case.export(tmp_path / f"x{end}", to="prosecutor"))["notes"])
        assert "of the persons shown, no officer has recorded a status in" in notes and "'Ben Carver'" in notes
        assert "'Ada Brook'" not in notes.partition("witness")[2]


@pytest.mark.slow
def test_suggestions_are_in_no_format_that_cannot_mark_them(case: Case, tmp_path: Path) -> None:
    case.extract()
    rows = case.evidence.list()
    only = set(rows.loc[rows["kind"] == "suggested", "value"]) - set(rows.loc[rows["kind"] != "suggested", "value"])
    assert "AB12CDE" in only
    for end in (".ftm.json", ".vcf", ".geojson"):
        assert "AB12CDE" not in case.export(tmp_path / f"a{end}").read_text("utf-8")
    notes = " ".join(beside(tmp_path / "a.ftm.json")["notes"])
    assert "Statements left out: " in notes
    assert "Programs suggested them, and this format cannot mark suggestions." in notes
    marked = pd.read_csv(case.export(tmp_path / "a.statements.csv"))
    assert set(marked.loc[marked["value"] == "AB12CDE", "external"]) == {"t"}
    case.review.accept(*rows.loc[rows["value"] == "AB12CDE", "evidence_id"], because="seen")
    assert "AB12CDE" in case.export(tmp_path / "b.ftm.json").read_text("utf-8")


@pytest.mark.slow
def test_of_some_entities_with_the_links_between_them(case: Case, tmp_path: Path) -> None:
    ada, ben = (find_entity(case.context, name) for name in ("Ada Brook", "Ben Carver"))
    case.evidence.add("Associate", person=ada, associate=ben, relationship="friend", source=KNOWLEDGE, because="heard")
    case.evidence.add(
        "Associate",
        person=ada,
        associate=case.evidence.add("Person", name="Dora Finch", source=KNOWLEDGE),
        source=KNOWLEDGE,
    )
    both = case.entities("Person").query("caption in ['Ada Brook', 'Ben Carver']")
    made = [json.loads(line) for line in case.export(tmp_path / "two.ftm.json", both).read_text("utf-8").splitlines()]
    assert [one["schema"] for one in made] == ["Associate", "Person", "Person"]
    cards = case.export(tmp_path / "two.vcf", both).read_text("utf-8")
    assert cards.count("BEGIN:VCARD") == 2
    net = case.graph("Ada Brook", suggested=False)
    of_graph = case.export(tmp_path / "net.ftm.json", net).read_text("utf-8")
    assert ada in of_graph and "UserAccount" in of_graph


@pytest.mark.slow
def test_places_of_a_table_with_positions_and_of_entities(full: Case, tmp_path: Path) -> None:
    masts = pd.DataFrame({"name": ["North", "South"], "lat": [51.9, 51.8], "lon": [4.5, 4.4], "azimuth": [120, 240]})
    made = json.loads(full.export(tmp_path / "m.geojson", masts).read_text("utf-8"))
    assert [one["properties"] for one in made["features"]] == [
        {"name": "North", "azimuth": "120"}, {"name": "South", "azimuth": "240"},
    ]  # fmt: skip
    things = full.entities("Address")
    some = json.loads(full.export(tmp_path / "p.geojson", things).read_text("utf-8"))["features"]
    every = json.loads(full.export(tmp_path / "a.geojson").read_text("utf-8"))["features"]
    assert {"Café Blue", "Café Red"} <= {one["properties"].get("name") for one in some}
    assert len(every) > len(some)
    assert any("coordTimes" in one["properties"] for one in every)
    assert any(one["properties"].get("holder") for one in every)


@pytest.mark.slow
def test_a_graph_keeps_the_positions_of_its_chart(case: Case, tmp_path: Path) -> None:
    net = case.graph()
    drawn = case.chart(net, name="overview")
    made = nx.read_graphml(case.export(tmp_path / "g.graphml", net, chart="overview"))
    assert {node: (data["x"], data["y"]) for node, data in made.nodes(data=True)} == drawn.positions
    with pytest.raises(CaseError, match="There is no saved chart 'other'"):
        case.export(tmp_path / "h.anx", net, chart="other")


@pytest.mark.slow
def test_a_chart_for_i2_has_suggestions_dotted_and_says_so(full: Case, tmp_path: Path) -> None:
    net = full.graph()
    made = full.export(tmp_path / "net.anx", net)
    text = made.read_text("utf-8")
    suggested = sum(layer == "suggested" for *_, layer in net.edges(data="layer"))
    assert text.count('Strength="Tentative"') == suggested > 0
    assert '"Tentative" DotStyle="DotStyleDotted"' in text
    assert full.graph().graph["mark"] in text and "A dotted line shows a link that a program suggests." in str(
        beside(made)["notes"]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "what", "message"),
    [
        ("x.docx", None, r"'\.docx' files cannot be written\..*\.statements\.csv"),
        (".csv", None, "The name '.csv' has no ending that shows the format"),
        (
            "x.csv",
            nx.path_graph(2),
            r"Files of the type \.csv contain a table, but you gave a graph\. Use one of these file types: \.graphml",
        ),
        (
            "x.gexf",
            pd.DataFrame({"a": [1]}),
            r"contain a graph, but you gave a table .*\. Use one of these file types: \.csv",
        ),
        ("x.vcf", pd.DataFrame({"a": [1]}), "a table without the column `canonical_id` or `entity_id`"),
        ("x.csv", "evidence", r"`export: what` must be a table \(for an answer, use its `\.table`\)"),
    ],
)
def test_what_does_not_fit_is_refused(case: Case, tmp_path: Path, name: str, what: object, message: str) -> None:
    before = len(case.log.entries())
    with pytest.raises(CaseError, match=message):
        case.export(tmp_path / name, what)  # type: ignore[arg-type]
    assert len(case.log.entries()) == before
    assert not list(tmp_path.glob(f"{name}*"))


@pytest.mark.slow
def test_an_empty_case_exports_empty_files(tmp_path: Path) -> None:
    case = open_case(tmp_path / "c", officer="ada", purpose="test")
    for end in EVERY:
        assert beside(case.export(tmp_path / f"x{end}"))["rows"] == 0
    case.close()


@pytest.mark.parametrize(("language", "label"), [("fr", "marquage"), ("ar", "درجة السرية")])
@pytest.mark.slow
def test_what_an_export_says_of_itself_is_in_the_language_of_the_case(
    language: str, label: str, tmp_path: Path
) -> None:
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", language=language)) as case:
        case.evidence.add("Person", name="Marta", source="officer's knowledge", because="seen")
        for end in (".csv", ".xlsx"):
            case.export(tmp_path / f"x{end}")
            told = beside(tmp_path / f"x{end}")
            assert {"marking", "officer", "what", "notes"} <= set(told), "names in JSON are for programs"
            assert told["what"] == case.context.say("export.what.entities")
            assert not [text for text in english("export") if text in str(told["notes"])]
        sheet = load_workbook(tmp_path / "x.xlsx")["About"]
        labels = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
        assert label in labels and not {"marking", "officer", "exported at"} & set(labels)


def test_a_table_whose_index_names_a_thing_twice_is_exported_with_its_mark(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    for name in ("open", "hidden"):
        (tmp_path / f"{name}.csv").write_text(f"name\nMarta {name.title()}\nBob {name.title()}\n")
        case.add(tmp_path / f"{name}.csv")
    case.handling.mark("hidden.csv", level="EXERCISE RESTRICTED", because="of a partner")
    case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    case.close()
    case = open_case(tmp_path / "case", officer="eve", purpose="test")
    found = case.entities().set_index("caption")["canonical_id"]
    table = pd.DataFrame({"canonical_id": [found["Marta Open"], found["Bob Open"]]}, index=[found["Marta Hidden"]] * 2)
    case.export(tmp_path / "out.csv", table)
    assert "EXERCISE RESTRICTED" in (tmp_path / "out.csv.about.json").read_text()
    case.close()

"""Calls that are rows only, in graph, ranking, paths, why, chart and report: counted by pair, cut where there are too many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import networkx as nx
import pytest

from tests.altered import alter
from tests.case.walking import flat
from tests.case.walking import read as content
from workbench.case.case import Case, open_case
from workbench.case.charts.chart_builder import list_link_evidence
from workbench.case.network import call_links
from workbench.errors import CaseError, WorkbenchError
from workbench.model import identifiers

HEAD = "Calling Number,Called Number,Call Type,Start Time,Duration\n"
ADA, BEN, CLEO, DORA, EVE = (f"+44770090010{n}" for n in range(1, 6))
PERSONS = f"Surname,First name,Telephone\nBrook,Ada,{ADA}\nCarver,Ben,{BEN}\n"
BEGIN = datetime(2024, 3, 1, 8)


def row(number: int, a: str, b: str, kind: str = "Voice") -> str:
    return f"{a},{b},{kind},{(BEGIN + timedelta(minutes=number)).isoformat()},{number % 60 + 1}\n"


def table(count: int = 300) -> str:
    """Ada calls Ben twice in twelve, Ben calls Cleo, Cleo calls Dora, Ada gets texts of her bank, and the rest is a crowd."""
    usual = {0: (ADA, BEN), 1: (ADA, BEN), 2: (BEN, CLEO), 3: (CLEO, DORA)}
    rows = []
    for number in range(count):
        a, b = usual.get(number % 12, (f"+4477009{20000 + number % 40}", f"+4477009{30000 + number % 37}"))
        rows.append(row(number, "84500", ADA, "SMS") if number % 12 == 4 else row(number, a, b))
    return HEAD + "".join(rows)


def opened(folder: Path, **tables: str) -> Case:
    case = open_case(folder / "case", officer="ada", purpose="test")
    for name, text in {**tables, "persons": PERSONS}.items():
        (folder / f"{name}.csv").write_text(text)
        case.add(folder / f"{name}.csv", zone="Europe/London")
    return case


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A case with a table of calls that counts as large, and two persons."""
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    made = opened(tmp_path, calls=table())
    yield made
    made.close()


def calls_of(net: nx.MultiDiGraph, a: str, b: str) -> dict[str, object]:
    """Link from one caption to another."""
    ids = {data["caption"]: node for node, data in net.nodes(data=True)}
    return net.edges[ids[a], ids[b], "called|received"]


@pytest.mark.slow
def test_more_than_twenty_thousand_rows(tmp_path: Path) -> None:
    case = opened(tmp_path, calls=table(20_004))
    assert not len(case.evidence.list()[lambda rows: rows["schema"] == "Call"])
    net = case.graph()
    link = calls_of(net, "Ada Brook", "Ben Carver")
    assert (link["count"], link["first"], link["last"]) == (3334, "2024-03-01T08:00:00", "2024-03-15T05:13:00")
    assert (link["layer"], link["strength"], link["directed"], link["kinds"]) == (
        "received",
        "confirmed",
        True,
        ["Table"],
    )
    assert calls_of(net, "Ben Carver", CLEO)["count"] == 1667
    assert sum(data["count"] for *_, data in net.edges(data=True)) == 20_004 - 1667
    assert net.graph["left_out"] == "" and net.graph["pairs_left_out"] == 0
    found = case.why("Ada Brook", "Ben Carver")
    assert len(found) == call_links.ROWS and "3,334 call records or payments" in found.attrs["left_out"]
    assert (found["place"][0], found["source_name"][0], found["at"][0]) == ("row 2", "calls.csv", "2024-03-01T08:00:00")
    case.sources.exclude(number=BEN, because="counsel")
    assert not nx.get_edge_attributes(case.graph("Ada Brook"), "count")
    assert case.why("Ada Brook", BEN).empty
    case.close()


@pytest.mark.slow
def test_numbers_have_names_and_stand_for_their_holders(case: Case) -> None:
    net = case.graph()
    captions = {data["caption"]: data for _, data in net.nodes(data=True)}
    assert captions["Ada Brook"]["schema"] == "Person" and captions[CLEO]["schema"] == "TelephoneNumber"
    assert ADA not in captions and "84500" not in captions
    apart = {caption for _, caption in case.graph(accounts="apart").nodes(data="caption")}
    assert {ADA, BEN, CLEO} <= apart
    assert case.graph(suggested=False).number_of_edges() == net.number_of_edges()


@pytest.mark.slow
def test_services_are_left_out_unless_asked_for(case: Case) -> None:
    net = case.graph(ADA, services=True)
    node = next(node for node, caption in net.nodes(data="caption") if caption == "84500")
    assert net.nodes[node]["service"]
    assert calls_of(net, "84500", "Ada Brook")["service"]
    assert "84500" not in {caption for _, caption in case.graph(ADA).nodes(data="caption")}
    assert "84500" not in set(case.network.ranking()["caption"])


@pytest.mark.slow
def test_a_neighbourhood_is_asked_for_hop_by_hop(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_links, "PAIRS", 1)
    near = {hop: set(nx.get_node_attributes(case.graph(DORA, hops=hop), "caption").values()) for hop in (1, 2, 3)}
    assert near[1] == {DORA, CLEO}
    monkeypatch.setattr(call_links, "PAIRS", 3)
    near = {hop: set(nx.get_node_attributes(case.graph(DORA, hops=hop), "caption").values()) for hop in (1, 2, 3)}
    assert near == {1: {DORA, CLEO}, 2: {DORA, CLEO, "Ben Carver"}, 3: {DORA, CLEO, "Ben Carver", "Ada Brook"}}
    net = case.graph(DORA, hops=2)
    assert nx.get_node_attributes(net, "hop") == {
        node: {DORA: 0, CLEO: 1, "Ben Carver": 2}[caption] for node, caption in net.nodes(data="caption")
    }
    assert {caption: net.nodes[node]["more"] for node, caption in net.nodes(data="caption")} == {
        DORA: 0, CLEO: 0, "Ben Carver": 1,
    }  # fmt: skip


@pytest.mark.slow
def test_too_many_pairs_are_cut_and_it_is_said(case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(call_links, "PAIRS", 2)
    net = case.graph()
    assert {caption for _, caption in net.nodes(data="caption")} == {"Ada Brook", "Ben Carver", CLEO}
    whole = net.graph["pairs"]
    assert net.graph["pairs_left_out"] == whole - 2 > 100
    assert (
        f"The large tables of calls contain {whole:,} pairs of numbers. Of these, 2 are used" in net.graph["left_out"]
    )
    assert case.network.ranking().attrs["left_out"] == net.graph["left_out"]
    report = case.report(tmp_path / "report.html").read_text()
    assert net.graph["left_out"][:40] in report
    assert [caption for _, caption in case.graph("+44770092" + "0005").nodes(data="caption")]


@pytest.mark.slow
def test_rare_numbers_work_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    alter(monkeypatch, ingest__calls__call_table__list_claims="object:nothing")
    case = opened(tmp_path, calls=table())
    rare, node = DORA, identifiers.build_telephone_key(DORA).entity_id
    assert node not in set(case.context.entities["entity_id"])
    assert case.graph("+44 7700 900104").nodes[node]["caption"] == rare
    again = open_case(tmp_path / "case", officer="ada", purpose="test")
    net = again.graph(node)
    assert set(nx.get_node_attributes(net, "caption").values()) == {rare, CLEO}
    assert {data["schema"] for _, data in net.nodes(data=True)} == {"TelephoneNumber"}
    assert len(again.why(node, CLEO)) == 25
    steps = again.network.paths("Ada Brook", rare)
    assert list(steps.loc[steps["path"] == 1, "target_caption"]) == ["Ben Carver", CLEO, rare]
    assert rare in again.chart(net).svg
    assert rare in again.report(tmp_path / "r.html", about=[rare]).read_text()
    for unknown in ("+447700900999", "telephonenumber-0123", "Nobody"):
        with pytest.raises(CaseError):
            again.graph(unknown)
    again.close()
    case.close()


@pytest.mark.slow
def test_why_shows_the_records_with_their_rows(case: Case) -> None:
    found = case.why(CLEO, DORA)
    assert list(found["place"][:2]) == ["row 5", "row 17"]
    assert found["text"][0].startswith(
        f"caller: {CLEO}; called: {DORA}; start: 2024-03-01T08:03:00; kind: voice; duration: 4 s"
    )
    assert set(found["relation"]) == {"called"} and set(found["source_name"]) == {"calls.csv"}
    assert found["sender"][0] == CLEO and found["recipients"][0] == [DORA] and len(found["sha256"][0]) == 64
    assert found.attrs["left_out"] == ""
    by_person = case.why("Ada Brook", "Ben Carver")
    assert len(by_person) == 50 and set(by_person["sender"]) == {"Ada Brook"}
    assert case.why(ADA, BEN)["place"].tolist() == by_person["place"].tolist()
    assert case.why("Ada Brook", DORA).empty


@pytest.mark.slow
def test_paths_go_through_contacts_that_the_cut_leaves_out(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_links, "PAIRS", 2)
    steps = case.network.paths("Ada Brook", DORA)
    assert list(steps["target_caption"]) == ["Ben Carver", CLEO, DORA]
    assert steps["count"].tolist() == [50, 25, 25]
    case.evidence.add("Person", source="officer's knowledge", name="Zoe Quiet")
    with pytest.raises(WorkbenchError, match="not in this graph"):
        case.network.paths("Zoe Quiet", DORA)


@pytest.mark.slow
def test_chart_and_report_quote_the_first_records(case: Case, tmp_path: Path) -> None:
    net = case.graph("Ada Brook")
    cards = next(cards for edge, cards in list_link_evidence(case.context, net).items() if cards)
    assert [card["place"] for card in cards] == ["row 2", "row 3", "row 14", "row 15", "row 26", "row 27"]
    assert cards[0]["who"] == "Ada Brook → Ben Carver" and "duration: 1 s" in str(cards[0]["text"])
    assert "caller" in case.chart(net).html
    report = case.report(tmp_path / "report.html", about=["Ada Brook"]).read_text()
    assert f"caller: {ADA}; called: {BEN}; start: 2024-03-01T08:00:00" in report
    assert "row 14" in report
    assert (tmp_path / "report.pdf").exists()


SMALL = HEAD + "".join(row(number, ADA, BEN) for number in (0, 1, 900))


@pytest.mark.slow
def test_calls_of_small_tables_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the three calls of the small table stand in the large one too."""
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    case = opened(tmp_path, calls=table(), small=SMALL)
    assert calls_of(case.graph(), "Ada Brook", "Ben Carver")["count"] == 51
    assert calls_of(case.graph(CLEO, hops=2), "Ada Brook", "Ben Carver")["count"] == 51
    places = case.why("Ada Brook", "Ben Carver")[["source_name", "place"]].agg(" ".join, axis=1)
    assert len(places) == 51 and {"small.csv row 2", "small.csv row 3", "small.csv row 4"} <= set(places)
    assert "calls.csv row 2" not in set(places)
    case.sources.withdraw("small.csv", because="wrong exhibit")
    assert calls_of(case.graph(), "Ada Brook", "Ben Carver")["count"] == 50
    case.close()


@pytest.mark.slow
def test_only_small_tables_bring_nothing_of_it(tmp_path: Path) -> None:
    case = opened(tmp_path, small=SMALL)
    net = case.graph()
    assert calls_of(net, "Ada Brook", "Ben Carver")["count"] == 3
    assert call_links.list_unclaimed_tables(case.context) == [] and "left_out" not in net.graph
    case.sources.exclude(term="Voice", because="counsel")
    assert not case.graph().number_of_edges()
    assert call_links.list_unclaimed_tables(case.context) == []
    case.close()


@pytest.mark.slow
def test_a_table_gives_the_same_links_by_rows_as_by_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(line for line in table().splitlines(keepends=True) if "84500" not in line)
    found = []
    for name, bound in (("small", 1_000), ("large", 100)):
        alter(monkeypatch, ingest__calls__table_reading__LARGE=bound)
        (tmp_path / name).mkdir()
        case = opened(tmp_path / name, calls=text)
        found.append({
            (accounts, *edge[:2]): [edge[2][key] for key in ("relation", "layer", "count", "first", "last", "directed", "kinds")]
            for accounts in ("held", "apart") for edge in case.graph(accounts=accounts).edges(data=True)
        })  # fmt: skip
        case.close()
    assert found[0] == found[1]
    assert len(found[0]) > 100


@pytest.mark.slow
def test_repeats_within_a_large_table_count_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    lines = table().splitlines(keepends=True)
    case = opened(tmp_path, calls="".join([*lines, *lines[1:]]))
    assert calls_of(case.graph(), "Ada Brook", "Ben Carver")["count"] == 50
    assert len(case.why("Ada Brook", "Ben Carver")) == 50
    case.close()


@pytest.mark.parametrize(
    "given", [{"number": CLEO}, {"sender": CLEO}, {"since": "2024-03-01T08:02", "until": "2024-03-02"}]
)
@pytest.mark.slow
def test_what_is_set_aside_is_in_no_graph(case: Case, given: dict[str, str], tmp_path: Path) -> None:
    node = identifiers.build_telephone_key(DORA).entity_id
    assert node in case.graph()
    key = case.sources.exclude(**given, ground="out of scope", because="order")["set_aside_id"].item()
    shown = [
        case.graph(),
        case.graph(accounts="apart", services=True),
        case.graph("Ben Carver", hops=3),
        case.network.ranking(),
    ]
    for text in (*map(flat, shown), flat(case.chart()), flat(case.report(tmp_path / "r.html"))):
        assert DORA not in text
    assert DORA not in flat(case.entities()) + flat(case.evidence.list()) + flat(case.calls.summary().records())
    for name in (DORA, node, "+44 7700 900104"):
        with pytest.raises(CaseError, match="Nothing in this case has the name") as refused:
            case.why("Ben Carver", name)
        assert DORA not in str(refused.value).replace(repr(name), "")
    case.sources.reopen(key, role="independent counsel", because="order")
    assert node in case.graph()


def test_a_withdrawn_table_is_in_no_graph(case: Case) -> None:
    case.sources.withdraw("calls.csv", because="wrong exhibit")
    assert not case.graph().number_of_edges()
    assert case.why("Ada Brook", "Ben Carver").empty


@pytest.mark.slow
def test_judging_two_numbers_as_one_joins_their_calls(case: Case) -> None:
    before = calls_of(case.graph(), CLEO, DORA)["count"]
    case.judgements.judge(
        [identifiers.build_telephone_key(DORA).entity_id, identifiers.build_telephone_key(BEN).entity_id],
        same=True,
        because="same SIM",
    )
    assert calls_of(case.graph(), CLEO, "Ben Carver")["count"] == before
    assert len(case.why(CLEO, "Ben Carver")) == 2 * before


@pytest.mark.slow
def test_what_a_graph_tells_can_be_written_as_graphml(case: Case, tmp_path: Path) -> None:
    from workbench.graph import flatten_graph as plain

    nx.write_graphml(plain(case.graph()), tmp_path / "net.graphml")
    assert "left_out" in (tmp_path / "net.graphml").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("end", [".graphml", ".gexf", ".json", ".anx"])
def test_a_graph_of_rows_leaves_as_others_do_until_the_rows_change(case: Case, tmp_path: Path, end: str) -> None:
    net = case.graph(DORA, hops=2)
    assert DORA in content(case.export(tmp_path / f"net{end}", net))
    assert DORA in content(case.export(tmp_path / f"whole{end}"))
    case.sources.exclude(since="2024-03-01T11:00", ground="out of period", because="order")
    with pytest.raises(CaseError, match="added, withdrawn or excluded after the query"):
        case.export(tmp_path / f"later{end}", net)
    assert DORA in content(case.export(tmp_path / f"again{end}", case.graph(DORA, hops=2)))


@pytest.mark.slow
def test_tables_of_rows_leave_until_the_rows_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    alter(monkeypatch, ingest__calls__call_table__list_claims="object:nothing")
    case = opened(tmp_path, calls=table())
    asked = {"why": case.why(CLEO, DORA), "ranking": case.network.ranking()}
    for name, frame in asked.items():
        assert DORA in content(case.export(tmp_path / f"{name}.csv", frame))
    case.sources.exclude(number=DORA, because="counsel")
    for frame in asked.values():
        with pytest.raises(CaseError, match="excluded"):
            case.export(tmp_path / "later.csv", frame)
    case.close()


RESTRICTED = "EXERCISE RESTRICTED"


@pytest.mark.slow
def test_the_mark_of_a_table_is_on_all_that_its_rows_bring(case: Case) -> None:
    case.access.grant("eve", RESTRICTED, because="vetted")
    case.handling.mark("calls.csv", level=RESTRICTED, because="of a partner")
    assert DORA not in flat(case.graph()) and case.why("Ada Brook", "Ben Carver").empty
    with pytest.raises(CaseError):
        case.why(CLEO, DORA)
    cleared = open_case(case.context.folder.path, officer="eve", purpose="test")
    net = cleared.graph(DORA, hops=2)
    assert {RESTRICTED in data["mark"] for _, data in net.nodes(data=True)} == {True}
    assert {RESTRICTED in data["mark"] for *_, data in net.edges(data=True)} == {True}
    assert RESTRICTED in net.graph["mark"] and RESTRICTED in cleared.why(CLEO, DORA).attrs["mark"]
    cleared.close()


@pytest.mark.slow
def test_numbers_that_only_rows_know_have_the_mark_of_their_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(monkeypatch, ingest__calls__table_reading__LARGE=100)
    alter(monkeypatch, ingest__calls__call_table__list_claims="object:nothing")
    case = opened(tmp_path, calls=table())
    case.access.grant("eve", RESTRICTED, because="vetted")
    case.handling.mark("persons.csv", level=RESTRICTED, because="of a partner")
    cleared = open_case(tmp_path / "case", officer="eve", purpose="test")
    marked = {data["caption"]: RESTRICTED in data["mark"] for _, data in cleared.graph().nodes(data=True)}
    assert marked["Ada Brook"] and not marked[CLEO] and not marked[DORA]
    cleared.close()
    case.close()


@pytest.mark.slow
def test_a_number_that_is_not_for_a_reader_is_in_no_link_of_his(case: Case, tmp_path: Path) -> None:
    case.access.grant("eve", RESTRICTED, because="vetted")
    whole = case.graph()
    found = case.why(CLEO, DORA)
    case.handling.mark(
        identifiers.build_telephone_key(DORA).entity_id, level=RESTRICTED, because="a source's telephone"
    )
    bob = open_case(case.context.folder.path, officer="bob", purpose="test")
    for answer in (bob.graph(), bob.graph(accounts="apart"), bob.network.ranking(), bob.report(tmp_path / "r.html")):
        assert DORA not in flat(answer)
    bob.close()
    eve = open_case(case.context.folder.path, officer="eve", purpose="test")
    assert DORA in flat(eve.graph(DORA))
    for name, given in {"graph.graphml": eve.graph(DORA), "why.csv": eve.why(CLEO, DORA)}.items():
        assert DORA in content(eve.export(tmp_path / name, given))
        assert DORA not in content(eve.export(tmp_path / f"cut-{name}", given, to="a partner", reason="asked"))
    eve.close()
    for given in (whole, found):
        with pytest.raises(CaseError):
            case.export(tmp_path / ("x.csv" if given is found else "x.graphml"), given)


@pytest.mark.slow
def test_short_rows_without_claims_take_little_room(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "w,\n" * 20_000)
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.add(tmp_path / "t.csv")
    case.close()
    taken = sum(path.stat().st_size for path in (tmp_path / "case").rglob("*") if path.is_file())
    assert taken < 10 * (tmp_path / "t.csv").stat().st_size + 4_000_000


def test_a_search_tells_of_records_without_a_passage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = opened(tmp_path, calls=table(501))
    assert not len(case.evidence.list()[lambda rows: rows["schema"] == "Call"])
    capsys.readouterr()
    for asked, count in (
        (CLEO, 84),
        ("0044 7700 900103", 84),
        ("ring 84500 now", 42),
        ("12345 and 2024", 0),
        ("boat", 0),
    ):
        case.search(asked)
        told = capsys.readouterr().out
        assert (f"Call records in large tables that also contain this: {count}. " in told) == bool(count)
    case.sources.exclude(number=DORA, because="counsel")
    capsys.readouterr()
    case.search(CLEO)
    assert "contain this: 42. " in capsys.readouterr().out
    case.close()


def test_every_number_of_a_table_of_few_records_is_an_entity(tmp_path: Path) -> None:
    rows = "".join(row(number, f"+4477009{20000 + number}", f"+4477009{40000 + number}") for number in range(1_100))
    case = opened(tmp_path, calls=HEAD + rows)
    assert (case.entities()["schema"] == "TelephoneNumber").sum() == 2_202
    assert "left-out" not in set(case.sources.issues()["code"])
    case.close()

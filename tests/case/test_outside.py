"""What somebody else made adds what it says, attributed to it, and changes nothing of ours: each way in by itself, and by chance."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.case import material
from tests.case.ways import TREE, ways
from tests.ingest.registers.test_notices import RED
from workbench.app import jupyterlab
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity

PAGE = TREE.parent / "docs" / "decisions" / "0017-what-comes-from-outside.md"
NUMBER, MAIL, FIRM = "+447700900123", "ben@carver.example", "R-77"
NAMED = re.compile(r"`([^`]+)`")


def rows_of_page() -> list[list[str]]:
    """Rows of the tables of the page: ways, may, may not, held by."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    assert all(len(row) == 4 for row in cells)
    return cells


@pytest.mark.slow
def test_every_way_in_has_a_row() -> None:
    """A reader, verb, command, upload or parser that is new needs a row that says what it may do and what not."""
    told = [name for row in rows_of_page() for name in NAMED.findall(row[0])]
    assert sorted(told) == sorted(set(told))
    assert set(told) == ways()


def test_what_holds_a_row_is_there() -> None:
    for row in rows_of_page():
        assert row[1] and row[2]
        for name in NAMED.findall(row[3]):
            assert (TREE.parent / "tests" / name).exists(), name


# Each file, with ids of ours in it ----------------------------------------------------------------------------------------


def written(place: Path) -> Path:
    """Material of ours: chats, a note, a notice, a register, a chart."""
    files = material.write(place)
    (files / "notice.json").write_text(json.dumps(RED), "utf-8")
    (files / "firm.ftm.json").write_text("\n".join(map(json.dumps, (
        {"id": "c", "schema": "Company", "properties": {"name": ["Blue Lagoon Ltd"], "registrationNumber": [FIRM], "country": ["gb"]}},
        {"id": "t", "schema": "TelephoneNumber", "properties": {"number": [NUMBER]}},
    ))), "utf-8")  # fmt: skip
    return files


def ours(place: Path) -> Case:
    case = open_case(place / "case", officer="ada", purpose="test")
    case.add(written(place))
    case.extract()
    ada, cleo = find_entity(case.context, "Ada Brook"), find_entity(case.context, "Cleo Dunn")
    case.judgements.judge([ada, cleo], same=False, because="seen together")
    case.evidence.classify(ada, "witness", because="interviewed")
    case.review.note("The van matters.", passages=[case.context.passages["passage_id"].iloc[0]])
    case.evidence.grade("chats.txt", "B2", because="two phones")
    case.handling.mark("note.md", handling=["H1"], because="of the source")
    case.review.reject(case.evidence.list(ada).query("prop == 'name'")["statement_id"].iloc[0], because="a misreading")
    return case


TABLES = tuple(
    "documents sources.list review.notes log.decisions handling.marks evidence.grades review.flags sources.exclusions packages.list".split()
)
KEYS = {
    "documents": "document_id", "sources": "source", "notes": "note_id",
}  # fmt: skip
OF_ALL = ("last_seen", "status")
"""Columns that tell of all places of a statement, or of all that is said of a person."""


def answers(case: Case) -> dict[str, object]:
    """What the case answers of what is ours."""
    things = case.entities().set_index("canonical_id")
    found: dict[str, object] = {
        "things": things.drop(columns=["mentions", "layer"]),
        "graph": edges(case),
        "waiting": case.desk.waiting(),
    }
    for name in TABLES:
        table = attrgetter(name)(case)()
        found[name] = table.set_index(KEYS[name]) if name in KEYS else table
    found |= {
        "inbox": case.desk.inbox(),
        "rules": case.desk.rules.list(),
        "judged": case.judgements.duplicates(judged=True).query("judgement != ''"),
    }
    claim, place = (
        ["statement_id", "entity_id", "prop", "value"],
        ["passage_id", "start", "end", "method", "kind", "verdict", "because", "mark"],
    )
    found["statements"] = set(case.evidence.statements()[claim].itertuples(index=False, name=None))
    found["evidence"] = set(case.evidence.list()[[*claim, *place]].itertuples(index=False, name=None))
    hits = case.search("container", limit=100)
    return found | {"search": set(hits["passage_id"]), "why": set(case.why(*ends(case))["passage_id"])}


def ends(case: Case) -> tuple[str, str]:
    """Two persons of ours, by their ids: files of the tests may name others as they are called."""
    place = case.context.folder.path
    if place not in ENDS:
        ENDS[place] = (find_entity(case.context, "Ada Brook"), find_entity(case.context, "Ben Carver"))
    return ENDS[place]


ENDS: dict[Path, tuple[str, str]] = {}


def edges(case: Case) -> set[tuple[str, str, str]]:
    net = case.graph(accounts="apart")
    return {(one, other, data["relation"]) for one, other, data in net.edges(data=True)}


def same(before: dict[str, object], after: dict[str, object]) -> None:
    """Everything that was there answers as before; more may have come."""
    for name, was in before.items():
        now = after[name]
        if isinstance(was, set):
            assert was <= now, name  # type: ignore[operator]
        elif isinstance(was, pd.DataFrame) and isinstance(now, pd.DataFrame):
            if name in (*KEYS, "things"):
                now = now.loc[was.index]
            columns = [column for column in was.columns if column not in OF_ALL]
            pd.testing.assert_frame_equal(was[columns], now.head(len(was))[columns], obj=name)


def ids(case: Case) -> dict[str, list[str]]:
    rows = case.evidence.list()
    return {
        "entity": sorted(set(rows["entity_id"])), "statement": sorted(set(rows["statement_id"])),
        "evidence": sorted(rows["evidence_id"]), "document": sorted(set(case.documents()["document_id"])),
    }  # fmt: skip


def entity(schema: str, key: str, **said: object) -> str:
    return json.dumps({"id": key, "schema": schema, "properties": {key: [value] for key, value in said.items()}})


def schema_of(name: str) -> str:
    known = {
        "person": "Person",
        "company": "Company",
        "telephonenumber": "TelephoneNumber",
        "useraccount": "UserAccount",
    }
    return known.get(name.partition("-")[0], "Person")


Makes = Callable[[list[str], str], str]
FILES: dict[str, Makes] = {
    "x.ftm.json": lambda names, text: "\n".join(
        [entity(schema_of(name), name, name=text, notes="Confessed to the murder", description="service: bot", status="suspect")
         for name in names]
        + [entity("TelephoneNumber", "n", number=NUMBER, description="service: bot"),
           entity("UserAccount", "m", email=MAIL, description="service: x"),
           entity("Company", "f", registrationNumber=FIRM, country="gb", notes=text),
           entity("Attribution", "a", holder="f", held="n", basis="custodian"), entity("Note", "q", description=text)]
    ),
    "x.statements.csv": lambda names, text: "id,entity_id,canonical_id,prop,schema,value,dataset,origin,external\n" + "\n".join(
        f'{name},{name},{names[0]},name,{schema_of(name)},"{text}",officer:ada,decided,f' for name in names
    ),
    "x.json": lambda names, text: json.dumps([{**RED, "name": text, "forename": name, "date_of_birth": "1950/01/01"} for name in names]),
    "x.anx": lambda names, text: '<?xml version="1.0"?><Chart><ChartItemCollection>' + "".join(
        f'<ChartItem Label="{name}" Description="service: {number}"><End><Entity EntityId="{name}" Identity="{value}"><Icon>'
        f'<IconStyle Type="{kind}"/></Icon></Entity></End></ChartItem>'
        for number, name in enumerate(names) for kind, value in (("Person", name), ("Telephone", NUMBER))
    ) + "</ChartItemCollection></Chart>",
    "x.csv": lambda names, text: "id,entity_id,name,description,number\n" + "\n".join(
        f'{name},{name},"{text}",service: bot,{NUMBER}' for name in names
    ),
    "x.vcf": lambda names, text: "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nUID:{name}\nFN:{name}\nNOTE:service: bot\nTEL:{NUMBER}\nEND:VCARD\n" for name in names
    ),
    "x.geojson": lambda names, text: json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": name, "geometry": {"type": "Point", "coordinates": [1, 2]},
         "properties": {"name": name, "description": text}}
        for name in names]}),
    "x.eml": lambda names, _: f"From: a@b.example\nTo: {MAIL}\nSubject: x\nMessage-ID: <{names[0]}>\n"
    "Date: Fri, 1 Mar 2024 10:00:00 +0000\n\n" + "\n".join(names),
    "x.txt": lambda names, text: "\n".join([text, *names]),
}  # fmt: skip
"""File that a reader takes -> how it is made out of ids of ours and a text."""
NASTY = st.sampled_from(
    [
        "\u202egnp.exe",
        "a\u200bb",
        "=cmd|' /C calc'!A0",
        "<img src=x onerror=alert(1)>",
        "x" * 5000,
        "../../etc",
        "Ada Brook",
        "é",
    ]
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, dict[str, object]]]:
    place = tmp_path_factory.mktemp("held")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(place / "home"))
        with closing(ours(place)) as case:
            yield case, answers(case)


@pytest.fixture(scope="module")
def known(held: tuple[Case, dict[str, object]]) -> list[str]:
    """Ids of ours, as they were before any file of the tests came."""
    return [one for names in ids(held[0]).values() for one in names]


@pytest.mark.slow
def test_ids_of_ours_in_files_of_every_kind_change_nothing_of_ours(
    held: tuple[Case, dict[str, object]], tmp_path: Path
) -> None:
    case, before = held
    known = ids(case)
    chosen = [*known["entity"], *known["statement"][:10], *known["evidence"][:10], *known["document"]]
    for name, made in FILES.items():
        (tmp_path / name).write_text(made(chosen, "Forged"), "utf-8")
    told = case.add(tmp_path)
    assert set(told.loc[told["name"].isin(FILES), "state"]) == {"read"}
    case.extract()
    same(before, answers(case))
    assert not set(case.evidence.list().query("value == 'Confessed to the murder'")["entity_id"]) & set(known["entity"])
    assert "bad" not in set(case.log.verify()["state"])


@pytest.mark.slow
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(sorted(FILES)),
        st.tuples(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), NASTY),
        min_size=1,
        max_size=4,
    )
)
def test_files_by_chance_change_nothing_of_ours(
    held: tuple[Case, dict[str, object]], known: list[str], drawn: dict[str, tuple[list[int], str]]
) -> None:
    """Everything is drawn before the case is touched: what a case holds grows from one example to the next."""
    case, before = held
    with TemporaryDirectory() as place:
        for name, (numbers, nasty) in drawn.items():
            chosen = list(dict.fromkeys(known[number % len(known)] for number in numbers))
            (Path(place) / name).write_text(FILES[name](chosen, nasty), "utf-8")
        case.add(Path(place))
    same(before, answers(case))


# What is no file of material ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_server_of_notebooks_imports_nothing_of_the_folder_that_it_is_started_in(tmp_path: Path) -> None:
    (tmp_path / "jupyterlab.py").write_text("import pathlib\npathlib.Path('ran').touch()\n", "utf-8")
    words = [sys.executable, "-m", "jupyterlab", "--version"]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env=jupyterlab.build_environment(tmp_path, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (tmp_path / "ran").exists(), done.stderr

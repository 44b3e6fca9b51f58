from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.exchange.file_digests import compute_digests
from workbench.exchange.ro_crate import CONTEXT, Crate, Step, encode_metadata

FILES = {
    "sources/9f": compute_digests(b"a"),
    "rows/calls.parquet": compute_digests(b"b"),
    "a report.html": compute_digests(b"c"),
}
CRATE = Crate(
    "Harbour", "2026-11-20T10:00:00Z", mark="EXERCISE", conditions=("Not as evidence",), bureau="NCB Valdora",
    names={"sources/9f": "chats/export.txt"},
)  # fmt: skip
STEPS = [
    Step(
        "b1",
        "reader",
        "chat-export",
        "3",
        {"zone": "UTC"},
        "ada",
        "2026-11-01T10:00:00Z",
        ("sources/9f",),
        ("rows/calls.parquet",),
    ),
    Step("a2", "extraction", "names", "1", {}, "", "2026-11-02T10:00:00Z", ("sources/gone",)),
]


def graph(data: bytes) -> dict[str, dict[str, object]]:
    read = json.loads(data)
    assert read["@context"] == CONTEXT
    found = {entity["@id"]: entity for entity in read["@graph"]}
    assert len(found) == len(read["@graph"])
    return found


def test_the_crate_says_what_is_there_and_how_it_came() -> None:
    found = graph(encode_metadata(CRATE, FILES, STEPS))
    assert found["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = found["./"]
    assert (root["@type"], root["name"], root["datePublished"]) == ("Dataset", "Harbour", "2026-11-20T10:00:00Z")
    assert (root["conditionsOfAccess"], found["#handling"]["description"]) == ("EXERCISE", "Not as evidence")
    assert [part["@id"] for part in root["hasPart"]] == ["a%20report.html", "rows/calls.parquet", "sources/9f"]  # type: ignore[attr-defined]
    source = found["sources/9f"]
    assert (source["@type"], source["name"], source["sha256"]) == (
        "File",
        "chats/export.txt",
        FILES["sources/9f"].sha256,
    )
    run = found["#run-b1"]
    assert run["@type"] == "CreateAction" and run["endTime"] == "2026-11-01T10:00:00Z"
    assert found[run["agent"]["@id"]] == {"@id": run["agent"]["@id"], "@type": "Person", "name": "ada"}  # type: ignore[index]
    program = found[run["instrument"]["@id"]]  # type: ignore[index]
    assert (program["@type"], program["name"], program["softwareVersion"]) == (
        "SoftwareApplication",
        "chat-export",
        "3",
    )
    inputs, value = run["object"]  # type: ignore[misc]
    assert inputs == {"@id": "sources/9f"} and run["result"] == [{"@id": "rows/calls.parquet"}]
    assert (found[value["@id"]]["name"], found[value["@id"]]["value"]) == ("zone", "UTC")
    assert "agent" not in found["#run-a2"] and found["#run-a2"]["object"] == []


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        inner = set().union(*map(references, value.values()))
        return inner | ({value["@id"]} if set(value) == {"@id"} else set())
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere() -> None:
    found = graph(encode_metadata(CRATE, FILES, STEPS))
    wanted = set().union(*map(references, found.values())) - {"https://w3id.org/ro/crate/1.3"}
    assert wanted <= set(found)
    mentioned = {entity["@id"] for entity in found["./"]["mentions"]}  # type: ignore[attr-defined]
    assert mentioned == {"#run-a2", "#run-b1"}


def test_the_same_case_gives_the_same_bytes() -> None:
    again = encode_metadata(CRATE, dict(reversed(FILES.items())), STEPS[::-1])
    assert again == encode_metadata(CRATE, FILES, STEPS)


@given(st.text(), st.text(), st.text())
def test_any_text_is_data(title: str, name: str, value: str) -> None:
    step = Step(name, "reader", name, value, {name: value}, name, "")
    data = encode_metadata(Crate(title, "", mark=value), {}, [step])
    assert json.loads(data)["@graph"][1]["@id"] == "./"

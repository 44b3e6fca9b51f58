"""Standing orders: rules of one's own and treaties, which every check of the case then knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.desk.messages import message_rules
from workbench.errors import CaseError, SchemaError

OURS = """pack: ours
version: "1"
title: "Standing orders of our bureau"
rules:
  - id: OUR-01
    for: message
    severity: warning
    kind: content
    basis: own
    source: "Standing order 12"
    when: {requested_action: vehicle_owner, objects: empty}
    message: "The owner of a vehicle is asked for, and no vehicle is listed."
    fix: "Add the vehicle with its plate."
    fails: {requested_action: [vehicle_owner], objects: []}
    passes: {requested_action: [identify], objects: []}
"""
FRENCH = """OUR-01:
  message: "On demande le propriétaire d'un véhicule, et aucun véhicule n'est indiqué."
  fix: "Ajoutez le véhicule avec sa plaque."
"""
STATES = """treaties:
  - {between: [XA, XB], name: "Treaty on mutual assistance of 1998"}
languages: {XB: [fr]}
"""


def written(place: Path, name: str, text: str) -> Path:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def told(case: Case, kind: str, **values: object) -> set[str]:
    head = {"from_bureau": "XA-NCB", "legal_basis": "Police act, section 3", "language": "en"}
    draft = case.desk.draft(kind, to="XB-NCB", **(head | values))
    return set(draft.check()["rule"])


def test_a_rule_of_ones_own_is_in_every_check(case: Case, tmp_path: Path) -> None:
    asked = {"requested_action": ["vehicle_owner"], "objects": []}
    assert "OUR-01" not in told(case, "request", **asked)
    written(tmp_path, "fr/ours.yaml", FRENCH)
    case.desk.rules.add(written(tmp_path, "ours.yaml", OURS), because="standing order 12")
    assert "OUR-01" in told(case, "request", **asked)
    assert "OUR-01" not in told(case, "request", requested_action=["identify"], objects=[])
    rules = case.desk.rules.list(language="fr").set_index("rule")
    assert rules.loc["OUR-01", "message"].startswith("On demande") and rules.loc["OUR-01", "own"]
    assert not rules.loc["MSG-01", "own"]


@pytest.mark.slow
def test_an_edited_rule_counts_as_it_now_is_and_a_broken_one_says_so(case: Case, tmp_path: Path) -> None:
    place = case.desk.rules.add(written(tmp_path, "ours.yaml", OURS), because="standing order 12")
    place.write_text(OURS.replace("OUR-01", "OUR-02"), "utf-8")
    assert "OUR-02" in told(case, "request", requested_action=["vehicle_owner"], objects=[])
    place.write_text(OURS.replace("severity: warning", "severity: grave"), "utf-8")
    with pytest.raises(SchemaError, match="grave"):
        told(case, "request")
    place.unlink()
    assert "OUR-01" not in told(case, "request", requested_action=["vehicle_owner"], objects=[])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (OURS.replace("passes: {requested_action: [identify]", "passes: {requested_action: [vehicle_owner]"), "OUR-01"),
        (OURS.replace("OUR-01", "MSG-01"), "MSG-01"),
        (OURS.replace("when:", "wenn:"), "wenn"),
        (STATES.replace("XB], name", "XX1], name"), "XX1"),
        (STATES.replace("languages", "tongues"), "tongues"),
        (STATES.replace("[XA, XB]", "XA"), "between"),
    ],
)
def test_what_is_written_wrong_is_not_taken(case: Case, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises((CaseError, SchemaError), match=why):
        case.desk.rules.add(written(tmp_path, "wrong.yaml", text), because="standing order 12")
    assert not (case.context.folder.path / "rules").exists()


def test_a_reason_is_asked_for_and_logged(case: Case, tmp_path: Path) -> None:
    path = written(tmp_path, "ours.yaml", OURS)
    with pytest.raises(CaseError, match="Enter the reason why these rules apply"):
        case.desk.rules.add(path, because=" ")
    case.desk.rules.add(path, because="standing order 12")
    assert "standing order 12" in case.log.entries().astype(str).to_string()


def test_a_letter_is_checked_for_treaty_and_language(case: Case, tmp_path: Path) -> None:
    plain = {"requested_state": "XB", "treaty": ""}
    assert "MLA-24" in told(case, "letter of request", **plain)  # nobody has told the desk of treaties
    case.desk.rules.add(written(tmp_path, "ours-states.yaml", STATES), because="list of the ministry")
    known = told(case, "letter of request", **plain)
    assert {"MLA-11", "MLA-22"} <= known and "MLA-24" not in known
    assert "MLA-24" in told(case, "letter of request", requested_state="XC", treaty="")


@pytest.mark.slow
def test_a_letter_is_checked_for_scope(case: Case) -> None:
    fine = {"treaty": "UNTOC, article 18", "crime_area": ["vehicle_crime"], "requested_state": "XB"}
    assert {"MLA-32", "MLA-33"} <= told(case, "letter of request", **fine)
    assert {"MLA-31", "MLA-34"} <= told(case, "letter of request", **fine, maximum_years=0.0)
    said = told(case, "letter of request", **fine, maximum_years=6.0, scope="A group stole the cars in two States.")
    assert said.isdisjoint({"MLA-31", "MLA-32", "MLA-33", "MLA-34"})
    group = told(case, "letter of request", **(fine | {"crime_area": ["money_laundering"]}), maximum_years=2.0)
    assert "MLA-31" not in group


EVIL = OURS.replace("pack: ours", "pack: theirs").replace("OUR-01", "EVIL-01")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("ours.yaml", EVIL, "already has the file `rules/ours.yaml`"), ("ours.yml", EVIL, "already has the file `rules/ours.yaml`"),
        ("copy.yaml", OURS, "already has a rule pack called 'ours'"),
        ("more.yaml", OURS.replace("OUR-01", "OUR-02"), "already has a rule pack called 'ours'"),
        ("theirs.yaml", EVIL.replace("EVIL", "OUR"), "OUR-01"),
        ("states.yaml", EVIL, "this is the name of the file with data about States"),
        ("other.yaml", STATES.replace("XB]", "XC]"), "already has the file `rules/states.yaml`"),
    ],
)  # fmt: skip
def test_what_is_adopted_later_replaces_nothing(case: Case, tmp_path: Path, name: str, text: str, why: str) -> None:
    case.desk.rules.add(written(tmp_path, "ours.yaml", OURS), because="standing order 12")
    case.desk.rules.add(written(tmp_path, "treaties.yaml", STATES), because="list of the ministry")
    before = case.desk.rules.list().to_csv(), message_rules.load_states(case.context)
    with pytest.raises((CaseError, SchemaError), match=why):
        case.desk.rules.add(written(tmp_path, f"theirs/{name}", text), because="they sent it")
    assert (case.desk.rules.list().to_csv(), message_rules.load_states(case.context)) == before
    case.desk.rules.add(written(tmp_path, "ours.yaml", OURS), because="once more, the same")
    assert (case.desk.rules.list().to_csv(), message_rules.load_states(case.context)) == before


@pytest.mark.parametrize("name", ["theirs.txt", "theirs.yml", "theirs"])
def test_a_pack_that_is_adopted_is_in_force_whatever_its_file_is_called(case: Case, tmp_path: Path, name: str) -> None:
    assert case.desk.rules.add(written(tmp_path, name, EVIL), because="x").name == "theirs.yaml"
    assert "EVIL-01" in set(case.desk.rules.list()["rule"]) and "MSG-01" in set(case.desk.rules.list()["rule"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: [*a, *a]\n", "pack: a\npack: b\n", "[" * 100_000, "\0", "\ud800", "a: !!python/object:os.system x\n",
        "x" * 3_000_000, "- 1\n", "pack: 7\nversion: 1\ntitle: x\nrules: []\n", OURS.replace("OUR-01", "O" * 1_000_000),
    ],
)  # fmt: skip
def test_hostile_text_is_refused_and_the_file_is_named(case: Case, tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises((CaseError, SchemaError), match="hostile"):
        case.desk.rules.add(path, because="x")
    assert not list((case.context.folder.path / "rules").rglob("*"))

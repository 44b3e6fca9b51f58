"""Every refusal is one entry of the audit log, which commits to what the officer was told by a salted hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.case.walking import ASKED, SAYING, TABLES, verbs
from workbench import identity
from workbench.case.access import controller
from workbench.case.case import Case, open_case
from workbench.case.context.entity_index import find_entity
from workbench.case.packages.preview import open_package
from workbench.errors import CaseError, PackageError
from workbench.identity import Officer, TrustList
from workbench.ledger.access.access_filter import AccessFilter, Reader
from workbench.ledger.log.audit_log import compute_commitment

RESTRICTED = "EXERCISE RESTRICTED"
Asks = Callable[[Case, Any], object]


def _reason(case: Case, _: World) -> None:
    case.reason = " "


def _pack_nothing_named(case: Case, world: World) -> object:
    return case.packages.pack(
        to=[world.bo.card], reason="joint", what="closed.txt", trust=TrustList(), unknown_addressee="known"
    )


REFUSED: dict[str, Asks] = {
    "reason": _reason,
    "access.grant oneself": lambda case, _: case.access.grant("ADA", RESTRICTED, because="please"),
    "access.grant without a reason": lambda case, _: case.access.grant("eve", RESTRICTED, because=" "),
    "handling.mark lower": lambda case, _: case.handling.mark("high.txt", tlp="green", because="oh"),
    "handling.mark with INTERPOL's label": lambda case, _: case.handling.mark("open.txt", conditions=["INTERPOL FOUO"], because="oh"),
    "handling.unmark without a reason": lambda case, _: case.handling.unmark("high.txt", because=""),
    "handling.permit without a word": lambda case, _: case.handling.permit("high.txt", "H1", by="", because=""),
    "handling.reveal without a reason": lambda case, _: case.handling.reveal("minors", because=""),
    "privacy.retain for too long": lambda case, _: case.privacy.retain("open.txt", until="2999-01-01", because="oh"),
    "privacy.hold without a reason": lambda case, _: case.privacy.hold("open.txt", because=""),
    "privacy.restrict without a reason": lambda case, _: case.privacy.restrict("open.txt", because=""),
    "privacy.release without a reason": lambda case, _: case.privacy.release("held.txt", because=""),
    "privacy.erase on hold": lambda case, _: case.privacy.erase("held.txt", because="request 7", sure=True),
    "privacy.erase without a reason": lambda case, _: case.privacy.erase("open.txt", because=""),
    "subjects.pseudonymise without a reason": lambda case,
    world: case.subjects.pseudonymise(world.files / "copy", because=" ", key=world.files / "k"),
    "privacy.erase with a reason that tells": lambda case, _: case.privacy.erase("Pim Stevedore", because="Pim Stevedore asked"),
    "sources.exclude without a reason": lambda case, _: case.sources.exclude(term="van", because=""),
    "sources.reopen by another role": lambda case, world: case.sources.reopen(world.aside, role="cook", because="oh"),
    "sources.reopen without a reason": lambda case, world: case.sources.reopen(world.aside, role="case controller", because=""),
    "judgements.judge without a reason": lambda case, world: case.judgements.judge(world.pair, same=True, because=""),
    "desk.draft for whom nothing of it is": lambda case, _: case.desk.draft("request", to="QN-NCB", about="Odo Keeper"),
    "report without status": lambda case, _: case.report("r.html", to="court"),
    "export without status": lambda case, _: case.export("x.csv", to="court", country="QM"),
    "export of a table without ids": lambda case, _: case.export("x.csv", case.documents()[["title"]], to="team"),
    "export of what was rejected": lambda case, world: case.export("x.csv", world.old),
    "packages.pack without a reason": lambda case,
    world: case.packages.pack(to=[world.bo.card], reason=" ", trust=TrustList(), unknown_addressee="known"),
    "packages.pack without status": lambda case, world: case.packages.pack(
        to=[world.bo.card], reason="joint", what="persons.csv", trust=TrustList(), unknown_addressee="known"
    ),
    "packages.pack what is closed to its addressee": _pack_nothing_named,
    "packages.send a stranger's package": lambda case, world: case.packages.send(world.strange, world.strange.parent / "box"),
    "packages.check_receipt of a stranger": lambda case, world: case.packages.check_receipt(world.note),
    "access.trust oneself": lambda case, world: case.access.trust(world.ada.card, because="mine"),
    "access.trust without a reason": lambda case, world: case.access.trust(world.bo.card.fingerprint, because=""),
    "access.hand_over without a reason": lambda case, _: case.access.hand_over("eve", because=""),
    "access.confirm_settings without a reason": lambda case, _: case.access.confirm_settings(because=""),
    "subjects.withhold without a reason": lambda case, _: case.subjects.withhold(
        "Pim Stevedore", case.subjects.records("Pim Stevedore").head(1), ground="crime", because=""
    ),
}  # fmt: skip
"""What the controller is refused."""
OFFICERS: dict[str, Asks] = {
    "access.grant": lambda case, _: case.access.grant("eve", RESTRICTED, because="please"),
    "handling.unmark": lambda case, _: case.handling.unmark("high.txt", because="please"),
    "handling.permit": lambda case, _: case.handling.permit("open.txt", "H1", by="NCB Valdora", because="letter"),
    "privacy.retain": lambda case, _: case.privacy.retain("open.txt", until="2027-01-01", because="please"),
    "privacy.release": lambda case, _: case.privacy.release("held.txt", because="please"),
    "privacy.erase": lambda case, _: case.privacy.erase("open.txt", because="please"),
    "add again": lambda case, world: case.add(world.files / "open.txt", again=True, because="please"),
    "access.trust": lambda case, world: case.access.trust(world.bo.card, because="please"),
    "access.distrust": lambda case, world: case.access.distrust(world.bo.card, because="please"),
    "access.hand_over": lambda case, _: case.access.hand_over("bob", because="please"),
    "access.confirm_settings": lambda case, _: case.access.confirm_settings(because="please"),
    "packages.pack without a key": lambda case,
    world: case.packages.pack(to=[world.bo.card], reason="joint", trust=TrustList(), unknown_addressee="known"),
}  # fmt: skip
"""What an officer who is not the controller, and has no key, is refused."""
NEVER = frozenset(
    """packages.acknowledge help review.withdraw review.restore storage.backup storage.change_passphrase log.checkpoint evidence.classify
    close evidence.correct storage.decrypt sources.describe storage.encrypt extract evidence.grade storage.key_holders
    storage.lock sources.mapping review.note sources.plan storage.recovery_key subjects.reidentify sources.remap
    sources.restore storage.share_key charts.panel judgements.split evidence.add storage.take_out sources.withdraw
    storage.withdraw_key""".split()
)
"""Verbs that refuse nobody: what they answer with an error is a name that is not there, or a word that is none."""

FLAGS = frozenset({"review.adopt", "review.accept", "review.reject"})
"""Verbs that are refused without a reason in a case whose texts were read (test_flags), or that has a package (test_remarks)."""


class World:
    """What the refusals speak of."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.files = tmp_path / "case", tmp_path / "files"
        self.files.mkdir()
        for name in ("open.txt", "high.txt", "held.txt", "closed.txt"):
            (self.files / name).write_text(f"A van and {name.removesuffix('.txt')} things.")
        (self.files / "persons.csv").write_text("name,birthDate\nMarta Oliveira,1980-02-01\nPim Stevedore,1981-05-04\n")
        (self.files / "barred.csv").write_text("name\nOdo Keeper\n")
        (self.files / "gone.csv").write_text("name,birthDate\nGerd Roper,1980-02-01\n")
        self.ada = identity.create_temporary("ada", bureau="NCB Valdora", country="QM")
        self.bo = identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")
        self.strange, self.note = tmp_path / "strange.case.age", tmp_path / "strange.receipt.json"
        self.strange.write_bytes(b"nothing")
        self.note.write_text("{}")
        self.aside, self.pair, self.old = "", ["", ""], None

    def open(self, officer: str | Officer) -> Case:
        return open_case(self.folder, officer=officer, purpose="test")

    def fill(self, case: Case) -> None:
        case.add(self.files)
        case.handling.mark("high.txt", tlp="red", because="of a partner")
        case.handling.mark("closed.txt", barred=["QN"], because="of a partner")
        case.handling.mark("barred.csv", barred=["QN"], because="of a partner")
        case.privacy.hold("held.txt", because="order of the court")
        self.aside = case.sources.exclude(term="nothing of this", because="counsel")["set_aside_id"].item()
        self.pair = [find_entity(case.context, "Marta Oliveira"), find_entity(case.context, "Pim Stevedore")]
        case.evidence.add(
            "Family", source="officer's knowledge", person=self.pair[0], relative=self.pair[1], relationship="aunt"
        )
        self.old = case.evidence.list()
        case.sources.withdraw("gone.csv", because="wrong")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("refusals")
        patch.setenv("WORKBENCH_HOME", str(place / "home"))
        yield World(place)


@pytest.fixture(scope="module")
def ada(world: World) -> Iterator[Case]:
    case = world.open(world.ada)
    world.fill(case)
    toml = world.folder / "case.toml"
    toml.write_text(toml.read_text("utf-8").replace('status = ""', 'status = "required"'), "utf-8")
    case.close()
    case = world.open(world.ada)
    yield case
    case.close()


@pytest.fixture(scope="module")
def bob(world: World, ada: Case) -> Iterator[Case]:
    case = world.open("bob")
    yield case
    case.close()


def entries(case: Case) -> list[tuple[int, dict[str, Any]]]:
    rows = case.context.ledger.connection.execute("SELECT seq, entry FROM audit WHERE result = 'refused' ORDER BY seq")
    return [(seq, json.loads(entry)) for seq, entry in rows.fetchall()]


def refused(case: Case, ask: Callable[[], object]) -> None:
    """Asked, it is refused, and the log has one entry more, which commits to the words of the refusal."""
    before = len(entries(case))
    with pytest.raises((CaseError, PackageError)) as told:
        ask()
    added = entries(case)[before:]
    assert len(added) == 1, str(told.value)
    seq, entry = added[0]
    query = "SELECT salt, text FROM audit_texts WHERE seq = ? AND field = 'tool.params'"
    salt, text = case.context.ledger.connection.execute(query, (seq,)).fetchone()
    assert entry["tool"]["params"] == compute_commitment(salt, text)
    assert json.loads(text) == {"refused": str(told.value)}
    assert entry["actor"]["session"] == case.context.ledger.session.id


@pytest.mark.slow
@pytest.mark.parametrize("what", REFUSED)
def test_the_controller_is_refused(ada: Case, world: World, what: str) -> None:
    refused(ada, lambda: REFUSED[what](ada, world))


@pytest.mark.parametrize("what", OFFICERS)
def test_another_officer_is_refused(bob: Case, world: World, what: str) -> None:
    refused(bob, lambda: OFFICERS[what](bob, world))


def test_a_package_that_is_not_valid_is_not_taken_in(ada: Case, world: World, tmp_path: Path) -> None:
    other = open_case(tmp_path / "other", officer=world.bo, purpose="test")
    path = other.packages.pack(to=[world.ada.card], reason="joint", trust=TrustList(), unknown_addressee="known")
    with open_package(path, officer=world.ada, trust=TrustList()) as package:
        refused(ada, lambda: package.add_to(ada))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-40])
    with open_package(path, officer=world.ada, trust=TrustList()) as package:
        refused(ada, lambda: package.add_to(ada))
    other.close()


def test_all_verbs_are_walked() -> None:
    walked = {name.split()[0] for name in (*REFUSED, *OFFICERS)} - {"reason", "desk.draft"}
    assert walked | NEVER | FLAGS | set(TABLES) | (ASKED - {"report", "export"}) == verbs()
    assert (walked & (NEVER | FLAGS)) == set()
    assert walked <= SAYING | {"report", "export", *ASKED} | {"receipt"}


def test_a_refusal_speaks_to_who_works_and_says_what_there_is(tmp_path: Path) -> None:
    case = open_case(tmp_path / "spoken", officer="ada", purpose="test")
    case.evidence.add("Person", name="Ada Brook", source="officer's knowledge")
    with pytest.raises(
        CaseError, match=r"^Ada Brook has no `nationality` to correct\. To add a value, use `case\.evid"
    ):
        case.evidence.correct("Ada Brook", "nationality", "fr", source="officer's knowledge", because="passport")
    with pytest.raises(CaseError, match=r"^There are no messages in this case that you can see\.$"):
        case.desk.message("XB-2026-4")
    gate = AccessFilter((Reader(country="QP"),), controller.get_scheme(case.context))
    assert gate.describe_refusal({"barred": ["QP"]}) == "not allowed for your country"

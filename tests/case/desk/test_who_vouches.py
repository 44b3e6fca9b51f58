"""Who has sent a message: one confirmed copy is enough, first or last, and a stranger's stays the stranger's where it is passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.conftest import of_bureau
from tests.case.desk.test_attached import MESSAGE
from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.case import Case
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Bureau, Officer, TrustList
from workbench.identity.core import age_encryption
from workbench.messages import to_json
from workbench.messages.model.message import Correspondence

REQUEST = replace(
    MESSAGE, type="request", our_ref="N-9", from_bureau="QN-NCB", to=("QM-NCB",), requested_action=("identity",)
)
CANCEL = replace(REQUEST, type="cancellation", our_ref="C-1", your_ref="N-9", other_refs=("N-9",), requested_action=())
NOBODY = TrustList(())


@pytest.fixture
def case(ada: Side) -> Iterator[Case]:
    with closing(ada.case()) as made:
        yield made


def sealed(sender: Officer, to: Side, folder: Path, message: Correspondence) -> Path:
    payload = {"message.json": to_json(message).encode()}
    return package.write_package(payload, Cover("m", purpose="p", reason="r"), sender, [to.card], folder).path


def again(path: Path, to: Side, folder: Path) -> Path:
    """The same signed bag, sealed once more by somebody who could open it."""
    plain, made = folder / "plain", folder / "again" / path.name
    made.parent.mkdir()
    to.officer.open_file(path, plain)
    age_encryption.seal_file(plain, made, [to.card])
    return made


def state(case: Case) -> tuple[list[str], list[str]]:
    listed = case.desk.messages().sort_values("our_ref")
    return listed["from_bureau"].tolist(), case.desk.waiting()["our_ref"].tolist()


ORDERS = {
    "the list lacked the bureau": ["real without", "real"], "a copy of it later": ["real", "copy without"],
    "a copy of it before": ["copy without", "real"], "and once more": ["real without", "copy without", "copy", "real without"],
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", ["QN-NCB", ""])
def test_one_confirmed_copy_is_enough(case: Case, ada: Side, bo: Side, tmp_path: Path, order: str, name: str) -> None:
    case.desk.receive(sealed(bo.officer, ada, tmp_path, replace(REQUEST, from_bureau=name)), trust=ada.trust)
    real = sealed(bo.officer, ada, tmp_path, replace(CANCEL, from_bureau=name))
    paths = {"real": real, "copy": again(real, ada, tmp_path)}
    answers = []
    for step in ORDERS[order]:
        what, _, without = step.partition(" ")
        found = case.desk.receive(paths[what], trust=NOBODY if without else ada.trust, unknown_sender=True)
        answers.append((found["from_bureau"].iloc[0], found["why"].iloc[0]))
    bureau = name or bo.card.bureau
    assert state(case) == ([bureau, bureau], [])
    assert answers[-1] == (bureau, "") and case.log.verify().query("state == 'bad'").empty


def test_without_a_confirmed_copy_it_is_of_the_key(case: Case, ada: Side, bo: Side, tmp_path: Path) -> None:
    case.desk.receive(sealed(bo.officer, ada, tmp_path, REQUEST), trust=ada.trust)
    real = sealed(bo.officer, ada, tmp_path, CANCEL)
    for path in (real, again(real, ada, tmp_path)):
        case.desk.receive(path, trust=NOBODY, unknown_sender=True)
    assert state(case) == ([f"QN-NCB {bo.card.fingerprint}", "QN-NCB"], ["N-9"])


@pytest.mark.slow
def test_a_message_of_a_stranger_stays_so_at_a_third_and_a_fourth_bureau(ada: Side, bo: Side, tmp_path: Path) -> None:
    stranger = identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")
    key = f"QN-NCB {stranger.card.fingerprint}"
    chief = identity.create_temporary("NCB Sudland", bureau="NCB Sudland", country="QO", role="bureau")
    trust = TrustList((*ada.trust.bureaux, Bureau.from_card(chief.card)))
    cy, di = (Side(of_bureau(name, chief), trust, tmp_path / name) for name in ("cy", "di"))
    with closing(ada.case()) as case:
        for number, sender in enumerate((stranger, bo.officer)):
            said = replace(REQUEST, our_ref=f"N-{number}", subject=f"VAN {number}")
            case.desk.receive(sealed(sender, ada, tmp_path, said), trust=trust, unknown_sender=True)
        _check(case, key)
        path = case.packages.pack(to=[cy.card], reason="joint work", trust=trust)
    for side, receiver in ((cy, di), (di, None)):
        with closing(side.case()) as case:
            with side.open(path) as sent:
                sent.add_to(case)
            _check(case, key)
            assert case.review.remarks().empty
            path = case.packages.pack(to=[receiver.card], reason="joint work", trust=trust) if receiver else path


def _check(case: Case, key: str) -> None:
    messages = case.desk.messages().set_index("our_ref")
    assert messages["from_bureau"].to_dict() == {"N-0": key, "N-1": "QN-NCB"}
    titles = case.documents().set_index("document_id")["title"]
    assert titles[messages.loc["N-0", "document_id"]] == f"Request N-0 {key} → QM-NCB: VAN 0"
    assert titles[messages.loc["N-1", "document_id"]] == "Request N-1 QN-NCB → QM-NCB: VAN 1"
    assert set(case.search("Lyon")["title"]) == set(titles)

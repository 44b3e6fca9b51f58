"""A head of a log in a package's cover: counter-signed where it is of the sender's log, and of no other."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench import identity
from workbench.case.case import Case
from workbench.errors import CaseError
from workbench.exchange import receipt as receipts
from workbench.exchange.package import write_package as make_package
from workbench.identity import Officer
from workbench.identity.core import canonical_json
from workbench.ledger.log import checkpoints

THEIRS = f"caseledger/{'b' * 32}"
ROOT = base64.b64encode(bytes(32)).decode()


def head(origin: str, by: Officer, size: int = 9999) -> str:
    """An invented head of a log, signed by somebody."""
    body = f"{origin}\n{size}\n{ROOT}\ntime 2026-01-01T00:00:00Z\nEXERCISE\n"
    return checkpoints.build_note(body, f"{checkpoints.build_signature(body, by)}\n")


def acknowledged(mine: Case, sides: tuple[Side, Side], path: Path, checkpoint: str) -> str:
    """The counter-signed head in the receipt for a package whose cover names this one; '' if nobody signed it."""
    ada, bo = sides
    with bo.open(path) as package:
        payload = {name: package.opened.read_content(name) for name in package.opened.names}
        cover = replace(package.header.cover, checkpoint=checkpoint)
    made = make_package(payload, cover, ada.officer, [bo.card], path.with_name(str(abs(hash(checkpoint)))))
    with bo.open(made.path) as package:
        package.add_to(mine, unknown_sender=True)
        return str(json.loads(mine.packages.acknowledge(package).read_text())["countersigned"])


def of_a_third_bureau(side: Side) -> str:
    """The sender of a package as the ledger has it, of another bureau."""
    return json.dumps({**json.loads(side.card.to_json()), "bureau": "NCB Osterland"})


@pytest.fixture
def sides_of(ada: Side, bo: Side) -> tuple[Side, Side]:
    return ada, bo


@pytest.mark.slow
def test_the_head_of_the_own_log_is_signed_only_where_it_is_held(
    sent: Case, ada: Side, bo: Side, sides_of: tuple[Side, Side]
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine:
        own = checkpoints.parse_checkpoint(mine.log.checkpoint())
        assert acknowledged(mine, sides_of, path, head(own.origin, ada.officer)) == ""
        assert acknowledged(mine, sides_of, path, own.text) == ""  # not the sender's word
        assert acknowledged(mine, sides_of, path, head(f"caseledger/{'a' * 32}", bo.officer)) == ""
        assert acknowledged(mine, sides_of, path, head(f"caseledger/{'a' * 32}", ada.officer)) != ""
        assert "The checkpoint was not countersigned" in mine.log.entries().to_csv()
        assert not (mine.log.verify()["state"] == "bad").any()


@pytest.mark.slow
def test_a_log_is_of_the_bureau_that_showed_it_first(
    sent: Case, ada: Side, bo: Side, sides_of: tuple[Side, Side]
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine:
        assert acknowledged(mine, sides_of, path, head(THEIRS, ada.officer))
        sql = mine.context.ledger.connection
        with mine.context.ledger.open_transaction():
            sql.execute(
                "UPDATE packages SET sender = ? WHERE checkpoint LIKE 'caseledger/bbb%'", (of_a_third_bureau(ada),)
            )
        assert not acknowledged(mine, sides_of, path, head(THEIRS, ada.officer, 10_000))


@pytest.mark.slow
def test_of_two_packages_of_one_second_the_one_that_came_first_shows_the_log(
    sent: Case, ada: Side, bo: Side, sides_of: tuple[Side, Side]
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine:
        assert acknowledged(mine, sides_of, path, head(THEIRS, ada.officer))
        sql = mine.context.ledger.connection
        with mine.context.ledger.open_transaction():
            names = [str(row[1]) for row in sql.execute("PRAGMA table_info(packages)").fetchall()]
            copied = ", ".join(
                {"package": "'package-0'", "sha256": "'0'", "sender": "?"}.get(one, one) for one in names
            )
            sql.execute(
                f"INSERT INTO packages SELECT {copied} FROM packages WHERE checkpoint LIKE 'caseledger/bbb%'",
                (of_a_third_bureau(ada),),
            )
        assert acknowledged(mine, sides_of, path, head(THEIRS, ada.officer, 10_000))


def test_a_counter_signature_is_not_the_word_of_who_keeps_the_log(bo: Side, tmp_path: Path) -> None:
    """What an earlier version signed for anybody makes no honest case one that was cut."""
    with closing(bo.case(title="Quay")) as mine:
        origin = checkpoints.parse_checkpoint(mine.log.checkpoint()).origin
        note = head(origin, bo.officer)
        line = checkpoints.build_countersignature(note, bo.officer, 1_790_000_000)
        false = tmp_path / "false-head.txt"
        false.write_text(checkpoints.build_note(checkpoints.parse_checkpoint(note).body, f"{line}\n"), "utf-8")
        found = mine.log.verify(checkpoints=[false])
        assert not (found["state"] == "bad").any()
        assert found.loc[found["check"] == "checkpoints", "state"].tolist() == ["not checked", "ok"]
        (tmp_path / "head.txt").write_text(note, "utf-8")
        assert (mine.log.verify(checkpoints=[tmp_path / "head.txt"])["state"] == "bad").any()  # the officer's own word


@pytest.mark.slow
def test_a_log_is_of_nobody_who_is_only_called_like_the_bureau_that_showed_it(
    sent: Case, ada: Side, bo: Side, sides_of: tuple[Side, Side]
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine:
        assert acknowledged(mine, sides_of, path, head(THEIRS, ada.officer))
        fake = Side(
            identity.create_temporary("ada", bureau=ada.card.bureau, country=ada.card.country), ada.trust, ada.folder
        )
        assert not acknowledged(mine, (fake, bo), path, head(THEIRS, fake.officer, 10_000))
        assert acknowledged(mine, sides_of, path, head(THEIRS, ada.officer, 10_001))


def test_receipts_are_counted_by_addressee_and_one_that_signs_no_head_of_ours_is_not_kept(
    sent: Case, ada: Side, bo: Side
) -> None:
    path = packed(sent, ada, bo)
    with closing(bo.case()) as mine, bo.open(path) as package:
        made = receipts.parse_receipt(mine.packages.acknowledge(package).read_text())
        for number, note in enumerate(("", "Thank you.")):
            told = resigned(replace(made, note=note), bo.officer)
            file = path.with_name(f"{path.name}.{number}.receipt.json")
            file.write_text(told.to_json() + "\n")
            if number:
                with pytest.raises(CaseError):  # the signature under the head is kept already
                    sent.packages.check_receipt(file, trust=ada.trust)
            else:
                assert sent.packages.check_receipt(file, trust=ada.trust).arrived
        sql = sent.context.ledger.connection
        assert sql.execute("SELECT count(*) FROM receipts").fetchone() == (1,)
        assert "refused" in set(sent.log.entries()["result"])
        later = datetime.now(UTC) + timedelta(minutes=1)
        moment = later.strftime("%Y-%m-%dT%H:%M:%SZ")
        again = replace(
            made, at=moment, countersigned=receipts.countersign_checkpoint(made.checkpoint, bo.officer, moment)
        )
        file = path.with_name(f"{path.name}.2.receipt.json")
        file.write_text(resigned(again, bo.officer).to_json() + "\n")
        assert sent.packages.check_receipt(file, trust=ada.trust).arrived
        assert sql.execute("SELECT count(*) FROM receipts").fetchone() == (2,)
        assert sent.packages.list()["receipts"].tolist() == [1]
        assert not (sent.log.verify()["state"] == "bad").any()


def resigned(made: receipts.Receipt, officer: Officer) -> receipts.Receipt:
    made = replace(made, signature="")
    return replace(made, signature=canonical_json.encode_b64(officer.sign(made.signed_bytes)))

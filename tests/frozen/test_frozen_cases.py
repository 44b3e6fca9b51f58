"""Cases of version 0.1 open, verify, answer and export as they did: nothing that is stored may change its name or its meaning.

`v0.1.zip` was written by that version (commit 323031c4): a plain case, one of an officer with a key and a draft, an encrypted one,
a backup, a sealed package, a checkpoint, the homes of the keys, and what the verbs answered. It is never written anew.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.guide.renames import RENAMED
from workbench.case.packages.preview import open_package
from workbench.case.storage.backup import restore
from workbench.identity import Bureau, TrustList

if TYPE_CHECKING:
    import pandas as pd

PHRASE = "four words and a comma"
OPENED: dict[str, dict[str, str]] = {"plain": {}, "signed": {}, "sealed": {"passphrase": PHRASE}}
ALSO = frozenset({"mark"})
"""Columns that may be told in other words; one that is added later does no harm."""


LONGER = frozenset({"decisions"})
"""Tables that list more than they did, in a row: judgements, marks and grades are decisions too."""


def is_same_decision(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether a row of today is one of then; its number is another one where rows came in between."""
    return {**was, "seq": 0} == {key: now.get(key) for key in was} | {"seq": 0}


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with zipfile.ZipFile(Path(__file__).with_name("v0.1.zip")) as packed:
        packed.extractall(tmp_path)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    for path in (tmp_path / "home").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    yield tmp_path
    identity.lock()


def opened(frozen: Path, name: str) -> Case:
    officer = identity.unlock("ada", PHRASE) if name == "signed" else "ada"
    return open_case(frozen / name, officer=officer, purpose="training", **OPENED[name])


def answer(case: Case, verb: str) -> list[dict[str, Any]]:
    """What a verb of 0.1 answers today, as it was frozen."""
    path = RENAMED.get(verb, verb)
    table: pd.DataFrame = attrgetter(path)(case)()
    return json.loads(table.drop(columns=["days"], errors="ignore").to_json(orient="records", force_ascii=False))


@pytest.mark.slow
@pytest.mark.parametrize("name", OPENED)
def test_every_table_answers_as_it_did(frozen: Path, name: str) -> None:
    expected = json.loads((frozen / "expected.json").read_text("utf-8"))[name]
    with closing(opened(frozen, name)) as case:
        for verb, rows in expected.items():
            now = answer(case, verb)
            if verb in LONGER:
                now = [{**one, "seq": was["seq"]} for was in rows for one in now if is_same_decision(was, one)]
            assert len(now) == len(rows), verb
            for was, one in zip(rows, now, strict=True):
                assert {key: one.get(key) for key in was if key not in ALSO} == {
                    key: value for key, value in was.items() if key not in ALSO
                }, verb


@pytest.mark.slow
@pytest.mark.parametrize("name", OPENED)
def test_nothing_is_wrong_with_it(frozen: Path, name: str) -> None:
    with closing(opened(frozen, name)) as case:
        found = case.log.verify(checkpoints=[frozen / "checkpoint.txt"] if name == "signed" else [])
        assert set(found["state"]) <= {"ok", "not checked"}, found.to_dict("records")
        assert set(case.storage.check()["state"]) <= {"well", "look"}


def test_claims_are_exported_as_they_were(frozen: Path, tmp_path: Path) -> None:
    with closing(opened(frozen, "plain")) as case:
        made = case.export(tmp_path / "all.statements.csv").read_text("utf-8").splitlines()
    assert sorted(made) == sorted((frozen / "plain.statements.csv").read_text("utf-8").splitlines())


@pytest.mark.slow
def test_a_draft_a_backup_and_a_package_open(frozen: Path, tmp_path: Path) -> None:
    [[draft, subject, state]] = json.loads((frozen / "expected.json").read_text("utf-8"))["drafts"]
    with closing(opened(frozen, "signed")) as case:
        one = case.desk.drafts.open(draft)
        assert (one.message.subject, one.state) == (subject, state)
    with closing(
        open_case(restore(frozen / "plain.backup", tmp_path / "again"), officer="ada", purpose="test")
    ) as case:
        assert len(case.documents()) and set(case.log.verify()["state"]) <= {"ok", "not checked"}
    bo = identity.unlock("bo", PHRASE)
    trust = TrustList((Bureau.from_card(identity.card("NCB Valdora")),))
    with (
        closing(open_case(tmp_path / "theirs", officer=bo, purpose="training")) as mine,
        open_package(frozen / "signed.case.age", officer=bo, trust=trust) as package,
    ):
        assert len(package.add_to(mine, unknown_sender=True)) and len(mine.documents())

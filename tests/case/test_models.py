"""The command `workbench models`, as a terminal sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from workbench.app import model_manager as shelf
from workbench.model.machine.model_registry import OWN_VARIABLE


def run(own: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, OWN_VARIABLE: str(own)}
    return subprocess.run(
        [sys.executable, "-m", "workbench.cli", "models", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_model_is_listed_with_what_it_is_for() -> None:
    rows = shelf.build_model_table().set_index("name")
    assert {"spacy-en", "spacy-en-small", "spacy-fr", "minilm", "e5"} <= set(rows.index)
    assert set(rows["state"]) == {"installed"}
    assert (rows["mb"] > 1).all()
    assert rows.at["spacy-fr", "licence"] == "LGPL-LR"
    assert shelf.build_model_table(check=True)["state"].eq("checked").all()


@pytest.mark.slow
def test_a_model_is_added_checked_and_removed_in_words(tmp_path: Path) -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("ner").add_label("PER")  # type: ignore[attr-defined]
    nlp.initialize()
    nlp.to_disk(tmp_path / "pipeline")
    own = tmp_path / "own"
    arguments = ("--name", "carried", "--languages", "ar", "--use", "ner", "--licence", "MIT")
    added = run(own, "add", str(tmp_path / "pipeline"), *arguments)
    assert added.returncode == 0, added.stderr
    assert "passages in ar" in added.stdout
    listed = run(own)
    assert listed.returncode == 0
    assert "carried" in listed.stdout
    assert "hf download" in listed.stdout
    assert run(own, "check").returncode == 0
    (own / "carried" / "ner" / "model").write_bytes(b"other")
    broken = run(own, "check")
    assert broken.returncode == 1
    assert "changed or damaged" in broken.stdout
    assert run(own, "remove", "carried").returncode == 0
    assert "carried " not in run(own, "list").stdout


@pytest.mark.slow
def test_code_is_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "modeling.py").write_text("print()")
    refused = run(tmp_path / "own", "add", str(folder), "--name", "bad", "--languages", "ar", "--use", "embedding")
    assert refused.returncode == 1
    assert "modeling.py is program code" in refused.stderr
    shutil.rmtree(folder)
    assert (
        "is not a folder"
        in run(tmp_path / "own", "add", str(folder), "--name", "x", "--languages", "ar", "--use", "ner").stderr
    )

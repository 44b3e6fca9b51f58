"""The main job from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.catalogued import english
from workbench import cli
from workbench.case.case import open_case


def run(files: Path, out: Path, *more: str) -> int:
    return cli.main(["run", str(files), "--out", str(out), "--officer", "ada", *more])


@pytest.mark.slow
def test_a_folder_becomes_a_case_a_report_and_a_chart(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(files, out, "--search", "container at night", "--question", "Who paid?") == 0
    assert "report.html" in capsys.readouterr().out
    page = (out / "report.html").read_text("utf-8")
    assert "EXERCISE" in page
    assert "Who paid?" in page
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Content-Security-Policy" in (out / "chart.html").read_text("utf-8")
    assert "The container leaves on Friday night" in (out / "searches.md").read_text("utf-8")
    numbers = json.loads((out / "run.json").read_text("utf-8"))
    assert (numbers["messages"], numbers["message_traces"]) == (5, 7)


@pytest.mark.slow
def test_a_second_run_adds_nothing(files: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(files, out)
    case = open_case(out / "case", officer="ada", purpose="test")
    before = [
        len(frame) for frame in (case.evidence.list(), case.documents(), case.sources.list(), case.context.traces)
    ]
    case.close()
    run(files, out)
    case = open_case(out / "case", officer="ada", purpose="test")
    assert [
        len(frame) for frame in (case.evidence.list(), case.documents(), case.sources.list(), case.context.traces)
    ] == before
    case.close()


@pytest.mark.slow
def test_progress_is_told_in_the_language_of_the_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "memo.txt").write_text("Marta met Bo at the quay.")
    out = tmp_path / "out"
    assert run(tmp_path / "files", out, "--language", "fr") == 0
    told = capsys.readouterr().out
    assert "Ajout des fichiers" in told and "1 lus" in told and not [text for text in english("run", 8) if text in told]
    assert set(json.loads((out / "run.json").read_text("utf-8"))["seconds"]) >= {"Adding files", "Linking entities"}
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    assert run(tmp_path / "files", out) == 0
    assert "Ajout des fichiers" in capsys.readouterr().out, "a case that there is speaks its own language"
    assert '<html lang="fr"' in (out / "report.html").read_text("utf-8")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere", tmp_path / "out") == 1
    assert "does not exist" in capsys.readouterr().err


def test_the_doctor_finds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    assert "MISSING" not in capsys.readouterr().out

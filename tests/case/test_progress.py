"""A progress bar reads in a language, and counts in its plurals."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest

from workbench.case.context.progress import Bar
from workbench.model.catalogue import HERE, LANGUAGES, Translator, load_catalogue

READ = {
    "en": ("Adding files", "{} file", "{} files"),
    "fr": ("Ajout des fichiers", "{} fichier", "{} fichiers"),
    "es": ("Añadiendo archivos", "{} archivo", "{} archivos"),
    "ar": ("إضافة الملفات", "\u2068{}\u2069 ملف", "\u2068{}\u2069 ملفات"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bar_reads_in_its_language(language: str) -> None:
    say, out = Translator(language), StringIO()
    label, one, few = READ[language]
    for count in (1, 3):
        for _ in Bar(range(count), say, unit="files", desc=say("progress.doing.adding"), mininterval=0, file=out):
            pass
    assert f"{label}: 100%|" in out.getvalue()
    assert one.format("1/1") in out.getvalue() and few.format("2/3") in out.getvalue()


def test_what_has_no_known_end_is_counted_as_far_as_it_came(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in Bar(iter("abc"), Translator("es"), unit="rows", desc="Leyendo", mininterval=0):
        pass
    lines = [line.strip() for line in capsys.readouterr().err.split("\r") if line.strip()]
    assert next(re.sub(r" \[.*\]", "", line) for line in lines if "[" in line) == "Leyendo: 0 filas"
    assert "Leyendo: 3 filas" in lines[-1]


def test_every_bar_of_the_workbench_has_its_words() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(HERE.parents[1]).rglob("*.py")))
    told = re.findall(r'bar(?:\(|)\s*(?:self\.)?(?:context\.)?say, "(\w+)", "(\w+)"', source)
    assert {"adding", "extracting", "messages", "screening"} <= {what for what, _ in told}
    for what, unit in told:
        assert f"progress.doing.{what}" in load_catalogue("en") and f"progress.unit.{unit}.other" in load_catalogue(
            "en"
        )

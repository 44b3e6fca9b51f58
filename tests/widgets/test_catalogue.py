"""What the widgets say comes from one catalogue, in four languages that say the same things."""

from __future__ import annotations

import re

import networkx as nx
import pytest
from workbench_widgets import portable, words
from workbench_widgets.chart import LinkChart
from workbench_widgets.model import CaseModel
from workbench_widgets.table import EntityTable
from workbench_widgets.workspace import Workspace

from tests.widgets.graphs import sample

FORM = re.compile(r"\.(zero|one|two|few|many|other)$")
OTHERS = words.LANGUAGES[1:]


def names(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_says_the_same_things(code: str) -> None:
    keys, english = ({FORM.sub("", key) for key in words.load_texts(language)} for language in (code, "en"))
    assert keys == english


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_has_the_places_of_the_english_one_and_no_other(code: str) -> None:
    english = words.load_texts("en")
    for key, text in words.load_texts(code).items():
        other = english.get(key) or english[f"{FORM.sub('', key)}.other"]
        few = bool(FORM.search(key)) and not key.endswith((".other", ".many"))  # "two errors" may go without the number
        assert names(text) <= names(other) and (few or names(text) >= names(other) - {"{n}"}), key


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_counted_has_every_form_that_its_language_uses(code: str) -> None:
    forms = {words._get_plural_form(count, code) for count in (*range(120), 1_000)} - {"zero"}
    counted = {FORM.sub("", key) for key in words.load_texts("en") if FORM.search(key)}
    known = words.load_texts(code)
    assert [
        key for key in counted if f"{key}.other" not in known and any(f"{key}.{one}" not in known for one in forms)
    ] == []


def test_a_text_takes_values_as_its_language_writes_them() -> None:
    assert (
        words.translate("desk.count.error", "ar", n=2) == "خطآن"
        and words.translate("desk.count.error", "en", n=1_200) == "1,200 errors"
    )
    assert words.translate("desk.to", "ar", who="XB-NCB") == "إلى \u2068XB-NCB\u2069"
    assert words.translate("kit.as at", "ar", date="2026-11-27") == "بتاريخ \u20682026-11-27\u2069"
    assert words.translate("desk.send", "pt") == "Send"
    assert [words.format_number(12_345.5, code) for code in words.LANGUAGES] == [
        "12,345.5",
        "12\u202f345,5",
        "12.345,5",
        "12,345.5",
    ]
    with pytest.raises(KeyError, match="no text"):
        words.translate("desk.nothing")


def test_a_view_speaks_the_language_of_its_model_and_carries_no_other() -> None:
    chart = LinkChart(sample(8), language="ar")
    table = EntityTable(chart.model)
    assert (chart.model.language, table.language, EntityTable(sample(8), language="es").language) == ("ar", "ar", "es")
    assert Workspace({"Chart": chart}, {"Table": table}).language == "ar"
    assert set(table.words) == {"ar"} and table.words["ar"]["kit.name.table"] == "الجدول"
    table.language = "en"
    assert table.words == {}


def test_views_of_a_model_change_their_language_with_it_and_one_with_its_own_does_not() -> None:
    chart = LinkChart(sample(8))
    table, own = EntityTable(chart.model), EntityTable(chart.model, language="es")
    chart.language = "fr"
    assert (chart.model.language, table.language, own.language) == ("fr", "fr", "es")
    assert chart.icons["Person"]["label"] == table.icons["Person"]["label"] == words.translate("schemata.Person", "fr")
    assert table.words["fr"]["kit.name.table"] == words.translate("kit.name.table", "fr")
    chart.model.language = "ar"
    assert (chart.language, table.language) == ("ar", "ar")
    place = Workspace({"Chart": chart}, {"Table": table})
    place.language = "en"
    assert {chart.language, table.language, chart.model.language} == {"en"}
    place.head({"Table": "Entities"})
    assert list(place.views) == ["Chart", "Entities"] and place.areas["side"][0]["title"] == "Entities"
    assert chart.model.session.translate("model.entities", n=2) == words.translate("model.entities", n=2)


@pytest.mark.parametrize(("code", "way"), [("fr", "ltr"), ("ar", "rtl")])
def test_pictures_pages_and_lines_are_in_the_language(code: str, way: str) -> None:
    chart = LinkChart(sample(8), language=code, as_at="2026-11-27")
    table = EntityTable(chart.model)
    assert repr(table).startswith(words.translate("table.view", code))
    assert words.translate("table.name", code) in table.to_svg()
    picture = chart.to_svg()
    assert words.translate("schemata.Person", code) in picture and "entities" not in picture
    assert not {"\u2066", "\u2067", "\u2068", "\u2069"} & {*picture}, (
        "isolates are letters to some programs that draw SVG"
    )
    assert f'<html lang="{code}" dir="{way}">' in chart.to_html()
    page = portable.build_chart_page(chart.graph, chart.model.places, title="Harbour", language=code)
    assert f'<html lang="{code}" dir="{way}">' in page and words.translate("portable.caveat", code) in page
    assert words.translate("portable.caveat") not in page


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_what_a_chart_refuses_is_told_in_its_language(code: str) -> None:
    model = CaseModel(nx.path_graph(3), language=code)
    model._handle_message(None, {"kind": "do", "do": "act", "given": {"deed": "add"}}, [])
    assert model.status == words.translate("model.refused.hand", code)
    with pytest.raises(words.RefusedError, match="You cannot add or change data yourself here:") as refused:
        model.act("add")
    assert refused.value.translate_to(code) == model.status
    assert (
        words.describe_error(TypeError("odd"), code) == "TypeError: odd"
        and words.describe_error(ValueError("odd"), code) == "odd"
    )

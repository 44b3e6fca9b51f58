"""What the widgets say comes from one catalogue, in four languages that say the same things."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import networkx as nx
import pytest
import strings
import widget_sentences
import workbench_widgets
from workbench_widgets import portable, words
from workbench_widgets.bundled_widget import Bundled
from workbench_widgets.chart import LinkChart
from workbench_widgets.model import CaseModel
from workbench_widgets.portable import chart_page
from workbench_widgets.table import EntityTable
from workbench_widgets.words import Translator
from workbench_widgets.workspace import Workspace

from tests.widgets.graphs import sample

OTHERS = words.LANGUAGES[1:]
TABLE = words.build_id("table", "views.table")
CAVEAT = (
    "The layout decides where an entity is on the chart. The position has no meaning. An entity that "
    "looks central is central only in the data supplied."
)
HAND = "You cannot add or change data here: this chart does not belong to a case."
FOUND = strings.collect_widgets(strings.ROOT).found
SOURCES = Path(workbench_widgets.__file__).parent
IMPORT = re.compile(r'^(?:import|export) .*?"(\.[^"]+\.js)"', re.MULTILINE | re.DOTALL)


def names(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_says_the_same_things(code: str) -> None:
    assert words.load_texts(code).keys() == {words.build_id(one.text, one.context) for one in FOUND}


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_has_the_places_of_the_english_one_and_no_other(code: str) -> None:
    known = words.load_texts(code)
    for one in FOUND:
        told = known[words.build_id(one.text, one.context)]
        for form, text in ({"": told} if isinstance(told, str) else told).items():
            few = form not in ("", "other", "many")  # "two errors" may go without the number
            wanted = names(one.text + one.other)
            assert names(text) <= wanted and (few or names(text) >= wanted - {"{n}"}), one


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_counted_has_every_form_that_its_language_uses(code: str) -> None:
    forms = {words._get_plural_form(count, code) for count in (*range(120), 1_000, 1_000_000)}
    known = words.load_texts(code)
    assert [one for one in FOUND if one.other and forms - known[one.text].keys()] == []


def test_a_text_takes_values_as_its_language_writes_them() -> None:
    say, english = Translator("ar"), Translator()
    assert say.count("{n} error", "{n} errors", 2) == "خطآن"
    assert [english.count("{n} error", "{n} errors", n) for n in (1, 1_200)] == ["1 error", "1,200 errors"]
    assert say("to {who}", who="XB-NCB") == "إلى \u2068XB-NCB\u2069"
    assert Translator("ar", isolated=False)("to {who}", who="XB-NCB") == "إلى XB-NCB"
    assert say("data as of {date}", date="2026-11-27") == "الوضع بتاريخ \u20682026-11-27\u2069"
    assert Translator("pt").word("Send", "verb") == "Send"
    assert [words.format_number(12_345.5, code) for code in words.LANGUAGES] == [
        "12,345.5",
        "12\u202f345,5",
        "12.345,5",
        "12,345.5",
    ]


def test_a_value_is_data_and_is_not_filled_again() -> None:
    assert Translator()("{title}: {said}", title="{said}", said="{title} {n}") == "{said}: {title} {n}"
    assert Translator("fr")("{title}: {said}", title="{0.__class__}", said="{{x}}") == "{0.__class__} : {{x}}"


def test_a_word_is_told_by_its_context_and_a_code_by_its_list() -> None:
    say = Translator("fr")
    assert (say.word("Undo", "verb"), say.term("commands", "undo")) == ("Annuler", "Annulation")
    assert (say.term("relations", "owns"), say.term("relations", "ignored by")) == ("possède", "ignored by")
    assert say.terms("verdicts").keys() == words.load_list("verdicts").keys()
    with pytest.raises(KeyError, match="no list"):
        say.term("nothing", "x")


@pytest.mark.slow
def test_each_list_that_a_script_says_is_in_the_bundles() -> None:
    listed = set(re.findall(r"^  (\w+),$", (SOURCES / "words" / "lists.js").read_text("utf-8"), re.MULTILINE))
    scripts = [path for path in SOURCES.rglob("*.js") if not {"static", "portable"} & {*path.parts}]
    said = {
        call.texts[0]
        for path in scripts
        if not path.name.endswith(".test.js")
        for call in widget_sentences.read_script(path.read_text("utf-8"))
        if call.how == "term"
    }
    assert listed == said
    assert set(chart_page.SAID) == {
        call.texts[0]
        for name in ("chart.js", "elements.js")
        for call in widget_sentences.read_script((SOURCES / "portable" / name).read_text("utf-8"))
        if call.how == "term"
    }


def list_rooms(entry: Path) -> set[str]:
    """The folders of scripts with sentences that a bundle is made of."""
    found, left = set[Path](), [entry]
    while left:
        path = left.pop().resolve()
        if path not in found:
            found.add(path)
            left += [path.parent / name for name in IMPORT.findall(path.read_text("utf-8"))]
    speaking = [path for path in found if any(widget_sentences.read_script(path.read_text("utf-8")))]
    return {path.relative_to(SOURCES).parts[0] for path in speaking}


def list_widgets(base: type) -> set[type]:
    return {base, *(one for sub in base.__subclasses__() for one in list_widgets(sub))}


@pytest.mark.slow
def test_a_page_gets_the_texts_of_its_own_scripts() -> None:
    bundles = {path.parent.name for path in SOURCES.glob("*/entry.js")} - {"page"}
    for name in bundles:
        import_module(f"workbench_widgets.{name}")
    bundled = [one for one in list_widgets(Bundled) if one.bundle and one.__module__.startswith("workbench_widgets")]
    assert {one.bundle for one in bundled} == bundles
    for one in bundled:  # a chart and its groups are said in the language of the model
        rooms = set(one.rooms or ("kit", one.bundle)) | set(CaseModel.rooms)
        assert list_rooms(SOURCES / one.bundle / "entry.js") <= rooms, one.bundle


def test_a_view_speaks_the_language_of_its_model_and_carries_no_other() -> None:
    chart = LinkChart(sample(8), language="ar")
    table = EntityTable(chart.model)
    assert (chart.model.language, table.language, EntityTable(sample(8), language="es").language) == ("ar", "ar", "es")
    assert Workspace({"Chart": chart}, {"Table": table}).language == "ar"
    assert set(table.words) == {"ar"} and table.words["ar"][TABLE] == "الجدول"
    table.language = "en"
    assert table.words == {}


def test_views_of_a_model_change_their_language_with_it_and_one_with_its_own_does_not() -> None:
    chart = LinkChart(sample(8))
    table, own = EntityTable(chart.model), EntityTable(chart.model, language="es")
    chart.language = "fr"
    assert (chart.model.language, table.language, own.language) == ("fr", "fr", "es")
    assert (
        chart.icons["Person"]["label"] == table.icons["Person"]["label"] == Translator("fr").term("schemata", "Person")
    )
    assert table.words["fr"][TABLE] == Translator("fr").term("views", "table")
    chart.model.language = "ar"
    assert (chart.language, table.language) == ("ar", "ar")
    place = Workspace({"Chart": chart}, {"Table": table})
    place.language = "en"
    assert {chart.language, table.language, chart.model.language} == {"en"}
    place.head({"Table": "Entities"})
    assert list(place.views) == ["Chart", "Entities"] and place.areas["side"][0]["title"] == "Entities"
    assert chart.model.session.say == Translator("en")


@pytest.mark.parametrize(("code", "way"), [("fr", "ltr"), ("ar", "rtl")])
def test_pictures_pages_and_lines_are_in_the_language(code: str, way: str) -> None:
    chart = LinkChart(sample(8), language=code, as_at="2026-11-27")
    table = EntityTable(chart.model)
    assert repr(table).startswith(Translator(code).term("titles", "table"))
    assert Translator(code).word("Name", "noun") in table.to_svg()
    picture = chart.to_svg()
    assert Translator(code).term("schemata", "Person") in picture and "entities" not in picture
    assert not {"\u2066", "\u2067", "\u2068", "\u2069"} & {*picture}, (
        "isolates are letters to some programs that draw SVG"
    )
    assert f'<html lang="{code}" dir="{way}">' in chart.to_html()
    page = portable.build_chart_page(chart.graph, chart.model.places, title="Harbour", language=code)
    assert f'<html lang="{code}" dir="{way}">' in page and Translator(code)(CAVEAT) in page
    assert CAVEAT not in page


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_what_a_chart_refuses_is_told_in_its_language(code: str) -> None:
    model = CaseModel(nx.path_graph(3), language=code)
    model._handle_message(None, {"kind": "do", "do": "act", "given": {"deed": "add"}}, [])
    assert model.status == Translator(code)(HAND)
    with pytest.raises(words.RefusedError, match="You cannot add or change data here:") as refused:
        model.act("add")
    assert refused.value.translate_to(code) == model.status
    assert (
        words.describe_error(TypeError("odd"), code) == "TypeError: odd"
        and words.describe_error(ValueError("odd"), code) == "odd"
    )

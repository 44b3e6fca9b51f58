"""Translations come from PO files, and what goes wrong with such files is found."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
import strings
from babel import Locale
from workbench_widgets import words
from workbench_widgets.words import translations as widget_translations

from workbench.errors import SchemaError
from workbench.model import catalogue
from workbench.model.catalogue import Sentence, Translator, translate, translations
from workbench.model.text.bidi import FIRST, POP

OTHERS = catalogue.LANGUAGES[1:]
CLOSED = strings.Id("", "The case is closed. {what}")
ROWS = strings.Id("", "{n} row", "{n} rows")
FORMS = {**widget_translations.FORMS}


def collected(*found: strings.Id) -> strings.Collected:
    return strings.Collected({one: ["a.py"] for one in found})


def written(path: Path, said: dict[strings.Id, object], fuzzy: tuple[str, ...] | None = None) -> Path:
    made = strings.create_catalogue(path.stem)
    for one, texts in said.items():
        strings.add_message(made, one, texts, ["a.py"], fuzzy)
    strings.write_catalogue(made, path)
    return path


@pytest.mark.slow
def test_every_sentence_is_in_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert strings.main(["check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "call",
    [
        'Sentence(f"The case {name} is closed.")',
        'Sentence("The case " + name)',
        'why = "It is " + name\nSentence(why)',
        'why = "It is open." if good else "It is closed."\nSentence(why)',
        'Sentence("It is open." if good else "It is closed.")',
        'say("The case {} is closed.".format(name))',
        'say.count(f"{n} more rows", "{n} rows", n)',
        'say.count("{n} row", several, n)',
        'translate("The case {name} is closed.", language)',
        'Sentence("The case {name.folder} is closed.", name=name)',
        'Sentence("The case {name!r} is closed.", name=name)',
        'Sentence("refused.nothing.known")',
        'say("Open")',
        'say("Open", context=where)',
        'require(good, "The card " + name)',
    ],
)
def test_what_nobody_can_collect_is_refused(call: str) -> None:
    made = strings.Collected()
    strings.collect_module(call, "a.py", made)
    assert len(made.refused) == 1 and made.refused[0].startswith("a.py:") and not made.found


def test_what_is_written_out_is_collected() -> None:
    made = strings.Collected()
    strings.collect_module(
        'Sentence("One " "two {a}.", a=1)\nsay.count("{n} row", "{n} rows", n)\nSentence("{n} row", "{n} rows", n=2)\n'
        'say("Open", context="verb")\nrequire(good, "It {is}.", **values)\nSentence("row.limit.text")\nSentence(f"report.{name}")\n'
        'text.translate("A table")\nbook.say("Said here.")\nTranslator("fr")("Said there.")\n',
        "a.py",
        made,
    )
    strings.collect_template(
        '{{ say("In {page}.", page=1) }}{{ say.count("{n} file", "{n} files", 3) }}', "b.html.j2", made
    )
    assert made.refused == [] and [*made.found] == [
        strings.Id("", "One two {a}."), ROWS, strings.Id("verb", "Open"), strings.Id("", "It {is}."), strings.Id("", "Said here."),
        strings.Id("", "Said there."), strings.Id("", "In {page}."), strings.Id("", "{n} file", "{n} files"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_of_a_header_are_those_of_unicode(language: str) -> None:
    expression = strings.PLURALS[language].partition("plural=")[2].rstrip(";")
    chosen, rule = gettext.c2py(expression), Locale.parse(language).plural_form
    for number in (*range(1_300), 999_999, 1_000_000, 1_000_001, 3_000_000):
        assert FORMS[language][chosen(number)] == rule(number), number


def test_what_counts_has_the_plural_of_its_number() -> None:
    say = Translator("ar")
    told = [say.count("and {n} more", "and {n} more", number) for number in (1, 2, 3, 11, 100)]
    assert len(set(told)) == 5
    assert Translator().count("{n} document", "{n} documents", 1_000_000) == "1,000,000 documents"
    said = Sentence("and {n} more", "and {n} more", n=2)
    assert said == "and 2 more" and said.translate_to("ar") == told[1]


def test_a_word_has_a_translation_in_each_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {strings.Id("verb", "Open"): "Ouvrir", strings.Id("state", "Open"): "Ouvert"}
    use(monkeypatch, written(tmp_path / "fr.po", said))
    assert [translate("Open", "fr", context=one) for one in ("verb", "state", "")] == ["Ouvrir", "Ouvert", "Open"]
    assert Sentence("Open", context="state").translate_to("fr") == "Ouvert"


def use(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Take the translations of a language from another PO file."""
    compiled = translations._compile_catalogue(path)
    monkeypatch.setattr(translations, "load_translations", lambda _: gettext.GNUTranslations(io.BytesIO(compiled)))


def test_a_fuzzy_translation_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, written(tmp_path / "fr.po", {CLOSED: "Ouvert. {what}"}, fuzzy=("It is open. {what}",)))
    assert translate(CLOSED.text, "fr", what="X") == "The case is closed. X"


@pytest.mark.parametrize(
    "text", ["It is open. {what} " * 12 + "End.", 'He said "msgid " twice. ' * 8 + "End.", "a\\nb"]
)
def test_the_english_of_a_fuzzy_translation_is_read_again_however_long(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "fr.po", {ROWS: ("a", "b", "c")}, fuzzy=(text, text))
    [message] = strings.list_messages(strings.read_catalogue(path)).values()
    assert message.fuzzy and message.previous_id == [text, text]


def test_a_fuzzy_text_of_the_widgets_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "po").mkdir()
    written(tmp_path / "po" / "fr.po", {strings.Id("verb", "Send"): "Recevoir"}, fuzzy=("Receive",))
    monkeypatch.setattr(widget_translations, "HERE", tmp_path)
    assert widget_translations.read_texts("fr") == {}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "is missing"),
        ({CLOSED: ""}, "has 0 of 1 texts"),
        ({CLOSED: "Fermé. {quoi}"}, "has other names"),
        ({CLOSED: "Fermé."}, "has other names"),
        ({CLOSED: "Fermé. {what.folder}"}, "has other names"),
        ({CLOSED: "Fermé. {what}", strings.Id("", "Gone."): "Parti."}, "is obsolete"),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(tmp_path: Path, said: dict[strings.Id, object], fault: str) -> None:
    found = [*strings.find_faults(collected(CLOSED), written(tmp_path / "fr.po", said))]
    assert len(found) == 1 and fault in found[0]


def test_a_plural_that_lacks_is_found_and_one_that_is_fuzzy(tmp_path: Path) -> None:
    path = written(tmp_path / "ar.po", {ROWS: ("", "صف", "صفان", "{n} صفوف", "{n} صفاً", "{n} صف")})
    assert "has 5 of 6 texts" in next(strings.find_faults(collected(ROWS), path))
    path = written(tmp_path / "fr.po", {ROWS: ("une ligne", "{n} de lignes", "{n} lignes")})
    assert [*strings.find_faults(collected(ROWS), path)] == []
    path = written(tmp_path / "fr.po", {CLOSED: "Fermé. {what}"}, fuzzy=("Shut. {what}",))
    assert "is fuzzy" in next(strings.find_faults(collected(CLOSED), path))


def test_an_edit_of_english_keeps_the_translation_and_asks(tmp_path: Path) -> None:
    now = strings.Id("", "The case is closed now. {what}")
    path = written(tmp_path / "fr.po", {CLOSED: "Le dossier est fermé. {what}", ROWS: ("a", "b", "c")})
    assert strings.update_catalogue(collected(now, ROWS), path) == (0, 1, 0)
    message = strings.list_messages(strings.read_catalogue(path))[now]
    assert (message.string, message.fuzzy) == ("Le dossier est fermé. {what}", True)
    assert list(message.previous_id) == [CLOSED.text]
    assert strings.update_catalogue(collected(now, ROWS), path) == (0, 0, 0), "it stays fuzzy until a person has looked"
    assert list(strings.list_messages(strings.read_catalogue(path))[now].previous_id) == [CLOSED.text]


def test_a_key_keeps_its_translation_whatever_its_english_becomes(tmp_path: Path) -> None:
    before, now = strings.Id("row.limit.text", "A text was cut."), strings.Id("row.limit.text", "Too long: {n}.")
    path = written(tmp_path / "es.po", {before: "Se cortó un texto."})
    assert strings.update_catalogue(collected(now), path) == (0, 1, 0)
    assert strings.list_messages(strings.read_catalogue(path))[now].string == "Se cortó un texto."


def test_new_and_gone_sentences_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path / "fr.po", {ROWS: ("a", "b", "c")})
    assert strings.update_catalogue(collected(strings.Id("", "Something else altogether.")), path) == (1, 0, 1)
    assert "has 0 of 1 texts" in next(
        strings.find_faults(collected(strings.Id("", "Something else altogether.")), path)
    )


def test_a_template_formats_nothing() -> None:
    hostile = "{0} {name} {name.__class__} {name!r:>9999999999}"
    said = Sentence("refused.file.pdf_encrypted", name=hostile)
    assert hostile in said and hostile in said.translate_to("es")
    assert Sentence("{name.__class__} {{name}} {name}", name="x") == "{name.__class__} {name} x"
    assert str(Sentence("{a} {b}", a="{b}", b="{a}")) == "{b} {a}"


def test_a_key_that_nobody_has_is_refused_and_a_sentence_is_none() -> None:
    with pytest.raises(SchemaError, match="no string"):
        Sentence("row.of_nobody")
    assert Sentence("See calls.csv.") == "See calls.csv."


def test_values_are_set_apart_where_a_sentence_runs_from_right_to_left() -> None:
    said = Sentence("refused.file.pdf_encrypted", name="a.pdf").translate_to("ar")
    assert f"{FIRST}a.pdf{POP}" in said
    assert "\u2068" in words.Translator("ar")("to {who}", who="XB-NCB")


@pytest.mark.slow
def test_labels_that_a_file_leaves_out_are_followthemoneys() -> None:
    for language in OTHERS:
        known = strings.list_messages(strings.read_catalogue(strings.CATALOGUE / "po" / f"{language}.po"))
        assert strings.Id("schema.Company", "Company") not in known
        assert (
            translate("schema.Company", language)
            == translations.load_schema_labels(language).gettext("Company")
            != "Company"
        )


def test_a_compiled_file_of_another_po_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "HERE", tmp_path)
    (tmp_path / "po").mkdir()
    path = written(tmp_path / "po" / "fr.po", {CLOSED: "Fermé. {what}"})
    assert not translations.is_fresh("fr")
    translations.compile_language("fr")
    assert translations.is_fresh("fr")
    path.write_text(path.read_text("utf-8").replace("Fermé", "Ouvert"), "utf-8")
    assert not translations.is_fresh("fr")
    translations.load_translations.cache_clear()
    assert translations.load_translations("fr").gettext(CLOSED.text) == "Ouvert. {what}"
    translations.load_translations.cache_clear()


def test_only_the_language_that_is_told_is_loaded() -> None:
    translations.load_translations.cache_clear()
    Sentence("and {n} more", "and {n} more", n=2)
    assert translations.load_translations.cache_info().currsize == 0
    translate("and {n} more", "es", n=2)
    assert translations.load_translations.cache_info().currsize == 1

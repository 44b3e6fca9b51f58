"""Sentences of the widgets are collected from scripts, modules and templates; what cannot be collected, or lacks, fails the check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import strings
import widget_sentences
from workbench_widgets import words

CLOSED = strings.Id("", "The case is closed. {what}")


def collect(source: str, ending: str = "js") -> strings.Collected:
    """The sentences of a script, a module or a template."""
    read = {
        "js": widget_sentences.read_script,
        "py": widget_sentences.read_module,
        "html": widget_sentences.read_template,
    }
    made = strings.Collected()
    widget_sentences.collect_calls(read[ending](source), f"a.{ending}", made)
    return made


@pytest.mark.parametrize(
    "call",
    [
        "say(text)",
        "this.words.say(open ? 'It is open.' : 'It is closed.')",
        'say("The case " + name)',
        'say("The case " + "is closed.")',
        "say(`The case ${name} is closed.`)",
        'say("The case {name} is closed.")',
        'say("The case {name} is closed.", { other })',
        'say("The case {name.folder} is closed.", { name })',
        'say("Open")',
        'say.word("Open")',
        'say.word("Open", context)',
        'say.count("{n} row", several, n)',
        "say.count(`${n} row`, `${n} rows`, n)",
        'say.term(list, "owns")',
        'say.term("nothing", code)',
        'say.term("relations", "ignored by")',
        "`It ${open ? `isn't ${say('It is shut.')}` : ''}`",
    ],
)
def test_a_call_of_a_script_that_nobody_can_collect_is_refused(call: str) -> None:
    made = collect(f"const a = 1;\n{call};\n")
    assert made.refused and all(one.startswith("a.js:") for one in made.refused)
    assert not made.found


@pytest.mark.parametrize(
    "call",
    [
        "say(text)",
        'say(f"The case {name} is closed.")',
        'self.say("It is open." if good else "It is closed.")',
        'say("The case {name} is closed.", other=1)',
        'Translator(language)("Open")',
        'say.count("{n} row", several, n)',
        'model.say.word("Open", context)',
        'say.term("nothing", code)',
        "RefusedError(why)",
    ],
)
def test_a_call_of_a_module_that_nobody_can_collect_is_refused(call: str) -> None:
    made = collect(call, "py")
    assert len(made.refused) == 1 and made.refused[0].startswith("a.py:1: ") and not made.found


def test_what_is_written_out_is_collected() -> None:
    script = """
      // say("not this one")
      this.showStatus(text); const { say } = desk.words;
      say("One {a}.", { a: 1, ...more }); desk.words.say("Two {b} {c}.", { b, c: { d: [1, 2] } });
      say(`A long sentence that goes on
        in the next line.`, values);
      say.count("{n} row", "{n} rows", rows.length, { which });
      make("a", `${say.word("Open", "verb")} (${chart.say('It’s')})`, /say\\(/.test(x));
      say.term("verdicts", passage.verdict);
    """
    made = collect(script)
    assert made.refused == [] and [*made.found] == [
        strings.Id("", "One {a}."), strings.Id("", "Two {b} {c}."), strings.Id("", "A long sentence that goes on in the next line."),
        strings.Id("", "{n} row", "{n} rows"), strings.Id("verb", "Open"), strings.Id("", "It’s"),
        strings.Id("verdicts.accepted", "accepted by an officer"), strings.Id("verdicts.rejected", "rejected by an officer"),
    ]  # fmt: skip
    module = 'say("One " "two {a}.", a=1)\nmodel.say.count("{n} row", "{n} rows", n)\nTranslator("fr").word("Open", "verb")\n'
    made = collect(
        f'{module}raise RefusedError("No {{what}}.", what=1)\nprint("x")\nRefusedError\nself.name("a", "b")\n', "py"
    )
    assert made.refused == [] and [*made.found] == [
        strings.Id("", "One two {a}."), strings.Id("", "{n} row", "{n} rows"), strings.Id("verb", "Open"), strings.Id("", "No {what}."),
    ]  # fmt: skip
    made = collect('{{ say("In {page}.", page=1) }}{{ say.word("Open", "verb") }}{{ other("x") }}', "html")
    assert made.refused == [] and [*made.found] == [strings.Id("", "In {page}."), strings.Id("verb", "Open")]


def test_the_sources_of_the_widgets_are_collected_whole() -> None:
    made = widget_sentences.collect_widgets(strings.ROOT)
    assert made.refused == [] and len(made.found) > 400
    keyed = {one.context for one in made.found if "." in one.context}
    assert keyed == {f"{group}.{code}" for group in words.LISTS for code in words.load_list(group)}


@pytest.mark.slow
def test_a_sentence_that_no_language_has_and_one_that_nobody_says_fail_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / widget_sentences.FOLDER / "chart" / "a.js"
    source.parent.mkdir(parents=True)
    source.write_text('say("The case is closed. {what}", { what });', "utf-8")
    shutil.copytree(words.HERE / "en", tmp_path / "en")
    path = strings.words.HERE / "po" / "fr.po"
    copy = tmp_path / "po" / "fr.po"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    found = strings.collect_widgets(strings.ROOT)
    found.add(CLOSED, "widgets/workbench_widgets/chart/a.js")
    monkeypatch.setattr(strings, "list_domains", lambda: [(found, copy)])
    monkeypatch.setattr(strings.words, "HERE", tmp_path)
    assert strings.check_catalogues() == 1 and "'The case is closed. {what}' is missing" in capsys.readouterr().out
    alone = strings.collect_widgets(tmp_path)
    assert [*alone.found] == [CLOSED] and "words/en/relations.json is said nowhere" in alone.refused
    assert any("'Fit chart' is obsolete" in fault for fault in strings.find_faults(alone, copy))


def test_a_sentence_that_another_script_says_is_found(tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    made = strings.create_catalogue("fr")
    strings.add_message(
        made, CLOSED, "Fermé. {what}", ["widgets/workbench_widgets/chart/a.js", "widgets/workbench_widgets/page.py"]
    )
    strings.write_catalogue(made, path)
    same, other = strings.Collected(), strings.Collected()
    same.add(CLOSED, "widgets/workbench_widgets/chart/b.js")
    other.add(CLOSED, "widgets/workbench_widgets/map/a.js")
    assert [*strings.find_moved(same, path)] == []
    assert len([*strings.find_moved(other, path)]) == 1


def test_a_word_of_a_list_keeps_its_translation_whatever_its_english_becomes(tmp_path: Path) -> None:
    before, now = strings.Id("types.red notice", "red notice"), strings.Id("types.red notice", "arrest notice")
    path = tmp_path / "fr.po"
    made = strings.create_catalogue("fr")
    strings.add_message(made, before, "notice rouge", [])
    strings.write_catalogue(made, path)
    assert strings.update_catalogue(strings.Collected({now: []}), path) == (0, 1, 0)
    assert strings.list_messages(strings.read_catalogue(path))[now].string == "notice rouge"

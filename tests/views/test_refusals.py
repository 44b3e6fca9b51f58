"""What is refused at a click is told in the language of the case, room by room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

import workbench as wb
from tests.catalogued import plain
from tests.refused import words
from workbench.case import case_panel
from workbench.case.context.entity_index import find_entity
from workbench.case.review.decisions import KNOWLEDGE
from workbench.case.verbs import unlock
from workbench.errors import CaseError
from workbench.model.catalogue import LANGUAGES
from workbench.model.text.bidi import ISOLATES
from workbench.views.case_chooser import Entrance
from workbench.views.wizard import Editor, Wizard


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that was read; each test has a copy of it."""
    place = tmp_path_factory.mktemp("refusals") / "case"
    with closing(wb.open_case(place, officer="ada", purpose="test")) as case:
        for name, born in (("Marta", "1984"), ("Marta", "1991"), ("Bo", "1990")):
            case.evidence.add("Person", name=name, birthDate=born, source=KNOWLEDGE, because="seen")
        case.evidence.add("TelephoneNumber", number="+351912000001", source=KNOWLEDGE, because="seen")
    return place


@pytest.fixture(params=LANGUAGES)
def case(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[wb.Case]:
    shutil.copytree(folder, tmp_path / "case")
    with closing(wb.open_case(tmp_path / "case", officer="ada", purpose="test", language=request.param)) as case:
        yield case


@pytest.fixture(params=LANGUAGES)
def entrance(request: pytest.FixtureRequest, tmp_path: Path) -> Entrance:
    """A start page that is asked to open a locked case."""
    wb.open_case(tmp_path / "c", officer="ada", purpose="test", passphrase="four old boats", encrypted=True).close()
    unlock.forget_key(tmp_path / "c")
    page = wb.start(tmp_path / "c", language=request.param)
    assert isinstance(page.body.children[0], Entrance)
    return page.body.children[0]


@pytest.mark.slow
def test_a_wrong_passphrase_is_told_at_the_entrance(entrance: Entrance, tmp_path: Path) -> None:
    entrance.who.fields["officer"].text.value = "ada"
    entrance.who.fields["passphrase"].text.value = "another passphrase"
    entrance.enter(str(tmp_path / "c"))
    assert (
        words(
            "This passphrase does not open {folder}. Check uppercase and lowercase letters and the keyboard "
            "layout. You can enter a recovery key instead of the passphrase.",
            entrance.say.language,
        )
        in entrance.said.value
    )


@pytest.mark.slow
def test_a_folder_that_will_not_do_is_told_beside_its_field(entrance: Entrance, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "letter.txt").write_text("x")
    entrance.other.folder.text.value = str(tmp_path / "f")
    entrance.other.enter()
    assert words(
        "{folder} contains other files but no `case.toml`. Enter the path of an empty or new folder for the case.",
        entrance.say.language,
    ) in escape(entrance.other.folder.wrong)


@pytest.mark.parametrize(
    ("bounds", "key"),
    [
        (
            {"since": "yesterday"},
            "{field}: '{value}' is not a date. Write it like this: 2025-09-14 or 2025-09-14T22:30.",
        ),
        (
            {"since": "2026-02-01", "until": "2026-01-01"},
            "The start (since {since}) is later than the end (until {until}). Swap the two dates.",
        ),
    ],
)
@pytest.mark.slow
def test_a_search_that_cannot_be_done_is_told_below_it(case: wb.Case, bounds: dict[str, str], key: str) -> None:
    finder = case_panel.build_panel(case).finder
    for name, value in bounds.items():
        finder.bounds[name].value = value
    finder.text.value = "harbour"
    assert words(key, case.context.say.language) in finder.out.value


@pytest.mark.slow
def test_a_judgement_that_is_refused_is_told_beside_the_pair(case: wb.Case) -> None:
    queue = case_panel.build_panel(case).reviewer.pairs
    number, person = (find_entity(case.context, name) for name in ("+351912000001", "Bo"))
    queue.row = {"left_id": number, "right_id": person, "left": "a", "right": "b"}
    queue.line.because = "the same"
    queue.decide("same")
    assert (
        words(
            "{kind} and {other} can never be the same item ({names}). If one of them uses or has the other, "
            "add this as a statement: `case.evidence.add('Attribution', …)`.",
            case.context.say.language,
        )
        in queue.said.value
    )


REFUSED: dict[str, tuple[str, dict[str, object]]] = {
    "Nothing was changed. Give a reason. It is saved with your statement.": ("add", {"schema": "Person", "name": "Cy"}),
    "{kind}: a name or number is missing. Enter one.": ("add", {"schema": "Person", "because": "x"}),
    (
        "Give the type of the entity that you add to the chart. Possible types: {kinds}. For other "
        "types, use `case.evidence.add`."
    ): ("add", {"because": "x"}),
    (
        "You cannot add an entity of the type {kind} to a chart. Possible types: {kinds}. For other "
        "types, use `case.evidence.add`."
    ): ("add", {"schema": "Passport", "because": "x"}),
    "Merging needs two or more entities. Select them first.": ("merge", {"ids": [], "because": "x"}),
    ("Select an entity of the case first. If a number is only in call records, add it first."): (
        "rename",
        {"because": "x"},
    ),
    (
        "'{name}' is not the id of a statement, an entity or a place in a source. Use ids from the "
        "tables of the case. Give flags and remarks separately. To adopt a remark, use "
        "`case.review.adopt(…)`."
    ): ("accept", {"id": "passage-1", "because": "x"}),
    "`{prop}`: '{value}' is not a date. Write it in the form 1984-03-01, 1984-03 or 1984.": (
        "add",
        {"schema": "Event", "name": "landing", "date": "last week", "because": "x"},
    ),
    "'{deed}' is not possible on a chart. Possible actions: {deeds}.": ("erase", {"because": "x"}),
}
"""What a chart refuses: the deed, and what is said with it."""


@pytest.mark.slow
def test_what_a_chart_refuses_is_told_on_it(case: wb.Case) -> None:
    model = case.chart().model
    for key, (deed, given) in REFUSED.items():
        model._handle_message(None, {"kind": "do", "do": "act", "given": {"deed": deed, "given": given}}, [])
        assert words(key, case.context.say.language) in escape(model.status), key


@pytest.mark.slow
def test_who_is_drawn_is_asked_for_again_where_two_have_the_name(case: wb.Case) -> None:
    language = case.context.say.language
    with pytest.raises(CaseError) as several:
        case.graph("Marta")
    with pytest.raises(CaseError) as nobody:
        case.graph("Zoe")
    assert words(
        "{count} entities in this case have the name '{name}':\n{listed}\nGive the id instead of the name, "
        "for example '{first}'. If some of them are the same person or item, judge them first: "
        "`case.judgements.judge(['{first}', '{second}'], same=True, because='…')`.",
        language,
    ) in escape(several.value.translate_to(language))
    assert words(
        "Nothing in this case has the name '{name}'. Check the names in `case.entities()`. The entity "
        "may be hidden from you: `case.handling.withheld()` shows how many items are hidden.",
        language,
    ) in escape(nobody.value.translate_to(language))


def test_a_file_that_nobody_can_read_is_told_on_its_card(case: wb.Case) -> None:
    wizard, language = Wizard(case_panel.build_panel_backend(case), lambda: None), case.context.say.language
    wizard.inspect_file("a.bin", b"\x00\x01\x02 no known kind")
    assert words("refused.file.kind", language) in wizard.files.children[0].head.value
    wizard.inspect_file("b.zip", b"PK\x03\x04 cut off")
    wizard.files.children[0].trial.click()
    assert words("refused.file.zip_damaged", language) in wizard.files.children[0].said.value


def test_what_a_trial_counted_is_told_in_words_of_the_language(case: wb.Case) -> None:
    wizard, say = Wizard(case_panel.build_panel_backend(case), lambda: None), case.context.say
    wizard.inspect_file("calls.csv", b"From,To,Start\n+351912000001,+351912000002,2026-01-02 10:00\n")
    wizard.files.children[0].trial.click()
    shown = {ISOLATES.sub("", text) for text in plain(wizard.files.children[0].said.value)}
    assert ISOLATES.sub("", say("trial.rows", trial=say("trial.calls"))) in shown


@pytest.mark.slow
def test_what_cannot_be_said_of_a_table_is_told_below_it(case: wb.Case) -> None:
    wizard = Wizard(case_panel.build_panel_backend(case), lambda: None)
    wizard.inspect_file("calls.csv", b"a;b\n1;2\n3;4\n5;6\n")
    editor = Editor(wizard.files.children[0])
    for key, change in {
        ("The time zone '{zone}' is not known. Use an IANA name such as `Europe/Amsterdam` or `UTC`."): lambda plan: (
            plan.say(zone="Mars/One")
        ),
        "{field}: '{value}' is not known. Use one of these: {known}.": lambda plan: plan.say(dates="backwards"),
        "'{name}' has no sheet '{sheet}'. Its sheets: {sheets}.": lambda plan: plan.say(header=1) and plan.header("Z"),
        "'{name}' has no column '{column}'. Its columns: {columns}.": lambda plan: plan.leave_out("c"),
        (
            "'{value}' is not a country code. Use a two-letter ISO 3166-1 code, for example FR or BR. For an "
            "exercise, use QM."
        ): lambda plan: plan.say(region="Atlantis"),
    }.items():
        editor.apply(change)
        assert words(key, case.context.say.language) in editor.said.value, key

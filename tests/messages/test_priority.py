"""What is read first, and that no sum overtakes danger to life or minors at risk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.messages.model.message import Message, Person
from workbench.messages.triage.priority import (
    BANDS,
    COLUMNS,
    LIFE,
    MINORS,
    REST,
    Line,
    Priority,
    explain_priority,
    list_signals,
)
from workbench.messages.triage.priority import compute_priority as of_signals
from workbench.messages.wording.alarm_words import has_danger
from workbench.model.catalogue import LANGUAGES

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LINES = st.lists(
    st.builds(Line, points=st.integers(0, 5), reason=st.just("said"), band=st.sampled_from(("", *BANDS[:2]))),
    max_size=8,
)
PRIORITIES = st.builds(Priority, st.builds(tuple, LINES))


def priority(message: Message, now: datetime, **more: object) -> Priority:
    return of_signals(list_signals(message), now, **more)  # type: ignore[arg-type]


def read(text: str, language: str = "en", **more: object) -> Priority:
    return priority(Message(summary_of_facts=text, language=language, **more), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The caller has said that the hostage will be shot."),
        ("en", "Her life is in danger, since she needs her medicine."),
        ("fr", "La voix au téléphone a dit que l'otage serait abattu."),
        ("fr", "Sa vie est en danger si elle reste dans la maison."),
        ("es", "La víctima teme por su vida y pide protección."),
        ("es", "Hay peligro de muerte para los dos testigos."),
        ("ar", "هدد المتصل بقتل الرهينة هذه الليلة."),
        ("ar", "حياتها في خطر إن بقيت في المنزل."),
    ],
)
def test_texts_suggest_danger_to_life(language: str, text: str) -> None:
    found = read(text, language)
    assert found.band == LIFE and found.is_suggested
    line = found.lines[0]
    assert text[line.start : line.end] == line.words and line.by == "suggested"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "There is no danger to life."),
        ("en", "Nobody was held hostage."),
        ("fr", "Il n'y a aucun danger de mort."),
        ("es", "No hay peligro de muerte."),
        ("ar", "لا خطر على حياتها ولا خطر الموت."),
        ("en", "The child plays in the garden every day."),
    ],
)
def test_what_is_denied_raises_no_alarm(language: str, text: str) -> None:
    assert read(text, language).band == REST


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A 14-year-old did not return from school and may have been taken abroad."),
        ("fr", "Une fillette a été enlevée devant l'école."),
        ("es", "Una niña de 9 años ha desaparecido."),
        ("ar", "اختفى طفل من أمام المدرسة."),
    ],
)
def test_texts_suggest_minors_at_risk(language: str, text: str) -> None:
    assert read(text, language).band == MINORS


def test_what_the_sender_set_is_no_suggestion() -> None:
    child = Person(family_name="HALVORSEN", status="missing", date_of_birth="2014-05-02")
    assert not read("", persons=(child,)).is_suggested and read("", persons=(child,)).band == MINORS
    immediate = read("", urgency="immediate", urgency_reason="a threat to his life")
    assert immediate.band == LIFE and not immediate.is_suggested


@pytest.mark.parametrize(
    "reason",
    ["A man was kidnapped on the quay", "Enlèvement en cours", "La mujer secuestrada no ha vuelto", "اختطاف رجل أعمال",
     "He is under threat of death"],
)  # fmt: skip
def test_who_was_abducted_is_in_danger(reason: str) -> None:
    assert has_danger(reason) and not has_danger("Nobody was abducted")


@pytest.mark.parametrize(
    "reason", ["", "the chief wants it quickly", "nobody's life is in danger", "pas de danger de mort"]
)
def test_a_degree_of_urgency_is_no_danger_to_life(reason: str) -> None:
    found = read("The car was sold.", urgency="immediate", urgency_reason=reason)
    assert (found.band, found.points) == (REST, 5)
    assert (
        found.lines[0].translate_to("en")[0]
        == "The sender set the urgency to “immediate”, but reported no danger to life."
    )
    child = Person(family_name="HALVORSEN", status="missing", date_of_birth="2014-05-02")
    assert read("", persons=(child,)).sort_key() < found.sort_key()
    text = read("The hostage will be shot.", urgency="immediate", urgency_reason=reason)
    assert text.band == LIFE and text.is_suggested


def test_a_band_counts_once() -> None:
    child = Person(status="missing", date_of_birth="2014-05-02")
    found = read("Two children are missing. A girl was abducted.", persons=(child, child))
    assert [(line.points, line.by) for line in found.lines] == [(4, "sender")]


def test_a_minor_who_is_a_suspect_or_grown_up_by_now_is_not_at_risk() -> None:
    for person in (
        Person(status="suspect", date_of_birth="2014-05-02"),
        Person(status="missing", date_of_birth="2008-03-10"),
    ):
        assert read("", persons=(person,)).band == REST


def test_the_sum_is_that_of_its_lines() -> None:
    message = Message(
        date_time="2026-03-05T08:00:00+01:00", reply_by="2026-03-11", urgency="urgent", language="en",
        urgency_reason="The person is to be released on 11 March 2026.",
    )  # fmt: skip
    found = priority(message, NOW, known=("+441632960123",))
    told = explain_priority(found)
    assert list(told.columns) == list(COLUMNS)
    assert sorted(told["points"]) == [1, 1, 2, 4] and found.points == 8
    late = priority(message, NOW + timedelta(hours=20), known=("+441632960123",))
    assert sorted(line.points for line in late.lines) == [1, 1, 2, 3, 4]
    assert priority(message, NOW, answered=True).points == 4


def test_each_reason_is_told_in_each_language() -> None:
    child = Person(family_name="HALVORSEN", status="missing", date_of_birth="2014-05-02")
    asked = {
        "type": "request",
        "from_bureau": "FR-NCB",
        "to": ("ES-NCB",),
        "urgency": "immediate",
        "urgency_reason": "hostage",
    }
    message = Message(date_time="2026-02-05T08:00:00+01:00", persons=(child,), **asked)  # type: ignore[arg-type]
    told = {
        language: explain_priority(priority(message, NOW, known=("+441632960123",)), language) for language in LANGUAGES
    }
    assert told["en"]["reason"].tolist() == [
        "The sender reports a danger to life.", "A minor is listed as missing, as a victim or as an unidentified person.",
        "The deadline for a reply has passed.",
        "The message mentions persons or items that are in the case.", "The message has not been answered for 1 day.",
        "The message has not been answered for 2 days.",
    ]  # fmt: skip
    assert told["en"]["words"].tolist()[1:3] == ["missing, under 18", "Directive (EU) 2023/977"]
    assert told["ar"]["reason"].iloc[-1] == "لم يُرد على الرسالة منذ يومين."
    for number in range(6):
        assert len({found["reason"].iloc[number] for found in told.values()}) == 4


def test_age_counts_two_points_at_most() -> None:
    for days, points in ((0, 0), (1, 1), (2, 2), (40, 2)):
        sent = (NOW - timedelta(days=days, hours=1)).isoformat()
        assert priority(Message(date_time=sent), NOW).points == points


def test_the_directive_gives_a_term_between_authorities_of_the_union_only() -> None:
    asked = {
        "type": "request",
        "urgency": "immediate",
        "date_time": "2026-03-08T00:00:00+00:00",
        "from_bureau": "FR-NCB",
    }
    for to, points in (("ES-NCB", 3), ("XA-NCB", 0)):
        found = priority(Message(to=(to,), **asked), NOW)  # type: ignore[arg-type]
        assert sum(line.points for line in found.lines if line.field == "reply_by") == points


@given(PRIORITIES, PRIORITIES)
def test_no_sum_overtakes_a_band(one: Priority, other: Priority) -> None:
    if BANDS.index(one.band) < BANDS.index(other.band):
        assert one.sort_key() < other.sort_key()


@given(st.lists(PRIORITIES, max_size=12), st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_the_order_of_arrival(found: list[Priority], chance: object) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert [one.sort_key() for one in sorted(mixed, key=Priority.sort_key)] == sorted(one.sort_key() for one in found)

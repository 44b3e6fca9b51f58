"""Danger to life in the words of four languages: what looms, what is past, and what no list knows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.messages.model.message import Message
from workbench.messages.triage.priority import LIFE, REST, compute_priority, list_signals
from workbench.messages.wording.alarm_words import find_danger, has_danger, is_obscure

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
REASONS = """
A bomb is on board the ferry and will go off at 18:00
a bomb is to go off|une bombe va exploser|una bomba va a explotar|قنبلة ستنفجر
bomb threat|alerte à la bombe|Amenaza de bomba|تهديد بقنبلة
Suicide risk|risque de suicide|riesgo de suicidio|خطر الانتحار
She threatens suicide tonight|Elle menace de se suicider|Amenaza con suicidarse|تهدد بالانتحار
Terrorist attack imminent|attentat prévu ce soir|atentado previsto|هجوم وشيك
about to jump off the bridge|Il va sauter du pont|Va a saltar del puente|ستقفز من الجسر
The boat is sinking|Le bateau coule|La barca se hunde|القارب على وشك الغرق
She has taken poison|Elle a avalé des cachets|Ha tomado pastillas|تناولت حبوبا سامة
a family is trapped in the fire|Ils sont coincés dans la maison|Están atrapados en la casa|عالقون في المنزل
She is diabetic and has no insulin|sans insuline|No tiene insulina|بلا أنسولين
Gunman in the school|Un forcené armé|Tirador en la escuela|مسلح في المدرسة
"""
SILENT = """
A bomb was found on the site years ago|Une bombe a été trouvée il y a dix ans|Una bomba fue hallada hace años|عثر على قنبلة قبل سنوات
His brother committed suicide|Son frère s'est suicidé|Su hermano se suicidó|انتحر شقيقه قبل سنوات
No bomb was found|pas de bombe à bord|No hay bomba|لا قنبلة على الطائرة
Cyber attack on the bank|Attaque informatique|Ataque informático|هجوم إلكتروني
He was convicted of the bomb attack|Il a été condamné pour l'attentat|Fue condenado por el atentado|أدين بالهجوم
"""
TEXTS = """
A caller said that a bomb is on board the ferry.|Il y a une bombe dans le train.|Hay una bomba en el tren.|توجد قنبلة في القطار.
She wrote that she will take pills tonight.|Elle veut se donner la mort.|Quiere acabar con su vida.|تنوي الانتحار.
Three men plan an attack on the market tomorrow.|Une attaque est prévue demain.|Habrá un ataque mañana.|سيقع هجوم غدا.
"""
PAST = """
The bomb exploded in 2019.|La bombe a explosé en 2019.|La bomba explotó en 2019.|انفجرت القنبلة عام 2019.
He died by suicide in 2015.|Il s'est suicidé en 2015.|Se suicidó en 2015.|انتحر عام 2015.
The attack is under investigation.|L'attaque fait l'objet d'une enquête.|El ataque se investiga.|يجري التحقيق في الهجوم.
"""


def each(said: str) -> list[str]:
    return [one for line in said.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("reason", each(REASONS))
def test_a_reason_that_names_a_hazard_names_danger_to_life(reason: str) -> None:
    assert has_danger(reason)


@pytest.mark.parametrize("reason", each(SILENT))
def test_what_is_past_or_denied_or_harms_no_life_is_no_danger(reason: str) -> None:
    assert not has_danger(reason) and not is_obscure(reason)


@pytest.mark.parametrize("text", each(TEXTS))
def test_a_hazard_that_looms_is_suggested(text: str) -> None:
    assert list(find_danger(Message(summary_of_facts=text)))


@pytest.mark.parametrize("text", each(PAST))
def test_a_hazard_that_is_told_of_the_past_is_not(text: str) -> None:
    assert not list(find_danger(Message(summary_of_facts=text)))


@pytest.mark.parametrize(
    "reason", ["Her ventilator fails", "Son respirateur tombe en panne", "Le falla el respirador", "تعطل جهاز تنفسها"]
)
def test_a_reason_that_no_list_knows_is_read_first(reason: str) -> None:
    found = compute_priority(list_signals(Message(urgency="immediate", urgency_reason=reason)), NOW)
    assert (found.band, found.is_suggested) == (LIFE, True)
    assert [(line.field, line.words) for line in found.lines] == [("urgency_reason", reason)]


@pytest.mark.parametrize(
    "reason",
    ["", "n/a", "---", "the judge decides tomorrow", "le chef veut une réponse", "es urgente", "قرار المحكمة غدا"],
)
def test_haste_and_nothing_make_no_band(reason: str) -> None:
    assert compute_priority(list_signals(Message(urgency="immediate", urgency_reason=reason)), NOW).band == REST

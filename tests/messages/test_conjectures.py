"""What is called likely or possible of anything, words of two scales, and near misses of other rules on wording."""

from __future__ import annotations

from typing import Any

import pytest

from tests.messages.test_checks import found
from workbench.messages import check
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples

BEFORE = {
    "en": "On 3 May 2025 a boat left Lyon.",
    "fr": "Le 3 mai 2025 un bateau a quitté Lyon.",
    "es": "El 3 de mayo de 2025 un barco salió de Lyon.",
    "ar": "في 3 مايو 2025 غادر قارب ليون.",
}
CONJECTURES = (
    ("en", "It is quite possible that the crates stayed on board."),
    ("en", "It may well be that the buyer waits abroad."),
    ("en", "There is a good chance that the lorry crosses tonight."),
    ("fr", "Il est fort probable que la marchandise ait changé de camion ; il est possible qu'elle soit déjà vendue."),
    ("fr", "Il se peut qu'elle revienne chez sa mère."),
    ("fr", "Il n'est pas exclu que le dépôt serve encore."),
    ("es", "Es muy probable, con confianza media, que la caja siga en el muelle."),
    ("es", "Resulta, con confianza baja, poco probable que el dueño lo supiera."),
    ("es", "Es posible que el pago saliera de otra cuenta."),
    ("es", "Existe una alta probabilidad de que regrese a la costa."),
    ("ar", "ويُرجَّح أن البضاعة نقلت إلى مخزن آخر."),
    ("ar", "باع القارب، ويمكن أن يكون في إحدى الجزر."),
    ("ar", "من غير المستبعد أن الشاحنة عادت."),
)


@pytest.mark.parametrize(("code", "said"), CONJECTURES)
def test_impersonal_likelihood_is_an_opinion_until_it_is_marked(code: str, said: str) -> None:
    mark = {"en": "Assessment:", "fr": "Appréciation :", "es": "Valoración:", "ar": "تقييم:"}[code]
    assert found("TXT-11", f"{BEFORE[code]} {said}", language=code)
    assert not found("TXT-11", f"{BEFORE[code]} {mark} {said}", language=code)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "According to the skipper it is possible that the crates stayed on board."),
        ("en", "Please tell us whether it is likely that the boat was sold."),
        ("fr", "Selon un témoin, il est possible qu'elle soit vendue."),
        ("fr", "Merci de nous répondre s'il est possible que le dépôt soit ouvert."),
        ("es", "El patrón declaró que es posible que la caja siga en el muelle."),
        ("es", "Rogamos, si es posible, una respuesta antes del lunes."),
        ("ar", "أفاد الشاهد أنه من المحتمل أن القارب بيع."),
        ("ar", "نرجو تحديد الأماكن التي يمكن أن يقيم فيها."),
    ],
)
def test_what_a_source_says_and_what_is_asked_is_no_opinion(code: str, said: str) -> None:
    assert not found("TXT-11", f"{BEFORE[code]} {said}", language=code)


def test_words_of_two_scales_in_two_languages_count_together() -> None:
    assert found("TXT-09", f"{BEFORE['fr']} Son départ est quasi-certain ; son retour est unlikely.")
    assert not found("TXT-09", f"{BEFORE['fr']} Son départ est presque sûr ; son retour est unlikely.")


@pytest.mark.parametrize(
    ("threat", "facts", "told"),
    [
        ("A crate with a detonator.", "On 3 May 2025 a crate was taken from a quarry in Lyon.", True),
        ("A crate with a detonator.", "On 3 May 2025 four crates left Lyon. One has not been found.", False),
        ("Une caisse d'explosifs.", "Le 3 mai 2025 une caisse a quitté Lyon. Le danger est immédiat.", False),
        ("Una caja de explosivos.", "El 3 de mayo de 2025 salió de Lyon. El riesgo es inminente.", False),
        ("صندوق فيه متفجرات.", "في 3 مايو 2025 غادر ليون. لم يعثر على الصندوق الثالث.", False),
    ],
)
def test_danger_at_large_is_imminent_wherever_it_is_told(threat: str, facts: str, told: bool) -> None:
    changes = {"color": "orange", "threat": threat, "on_contact": "Call.", "summary_of_facts": facts}
    notice = from_dict({**load_samples()["red"], **changes})
    assert any(fault.rule.id == "ORA-03" for fault in check(notice)) is told


def test_what_is_told_of_today_and_what_is_answered_is_not_to_come() -> None:
    coming = "The courier will land in Lyon on 28 February 2099."
    assert found("TXT-26", coming)
    assert not found("TXT-26", f"This morning we read your message. {coming}")
    assert not found("TXT-26", coming, type="acknowledgement")


def test_the_line_of_a_passport_is_no_account() -> None:
    line = "AB12CD3456UTO7408122F1204159<<<<<<<<<<<<<<<2"
    assert [fault for fault in found("TXT-05", f"In 2025 the line was {line}.") if "<" not in fault] == []
    right = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert found("TXT-05", f"In 2025 the line was {right}, which holds.") == []
    assert found("TXT-05", f"In 2025 the line was “{right[:-1]}1”.") == [right[:-1] + "1"]


def test_a_paper_of_a_witness_that_the_request_is_about_is_needed() -> None:
    paper = {"kind": "passport", "number": "XK 204-117", "country": "XA"}
    witness: dict[str, Any] = {
        **load_samples()["message"]["persons"][0],
        "status": "witness",
        "parents": "",
        "aliases": [],
    }
    listed = [{**witness, "documents": [paper]}]
    assert found("REC-23", "In 2025 a witness was heard in Lyon.", persons=listed, objects=[]) == [""]
    assert found("REC-23", "In 2025 passport XK204117 was lost in Lyon.", persons=listed, objects=[]) == []
    notice = from_dict({**load_samples()["red"], "color": "blue", "persons": listed})
    assert not any(fault.rule.id == "REC-23" for fault in check(notice)), "a blue notice is about this person"


@pytest.mark.parametrize(
    ("code", "charge"),
    [
        ("en", "Preaching in an unlicensed worship"), ("fr", "Prédication dans une réunion religieuse"),
        ("es", "Predicación en una comunidad religiosa"), ("ar", "إلقاء خطب دينية وازدراء الأديان"),
    ],
)  # fmt: skip
def test_religious_expression_is_not_neutral(code: str, charge: str) -> None:
    red = load_samples()["red"]
    notice = from_dict({**red, "language": code, "charges": [{**red["charges"][0], "text": charge}]})
    assert any(fault.rule.id == "ALL-01" for fault in check(notice))


@pytest.mark.parametrize(
    "text",
    [
        "في 3 مايو 2025 في ليون قتل OLIVEIRA Marta جاره، ووجد الرجل مضروبا بأنبوب معدني في منزله قرب النهر.",
        "في 3 مايو 2025 في ليون باع OLIVEIRA Marta شقة بعقد موقع، ثم تبين أنها لا وجود لها في ذلك الشارع.",
    ],
)
def test_tools_and_papers_are_ways(text: str) -> None:
    assert not found("TXT-24", text, language="ar")

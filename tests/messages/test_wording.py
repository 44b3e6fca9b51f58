"""Wording by kinds: names beside places and firms, opinions and quotations, telephones, dates, what facts have to say."""

from __future__ import annotations

from datetime import date

import pytest

from tests.messages.test_checks import found
from workbench.case.desk import find_mentions
from workbench.messages import Mention, Surroundings, check
from workbench.messages.model.code_lists import get_words
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples
from workbench.messages.wording.person_words import find_persons
from workbench.messages.wording.text_dates import find_days, find_fact_days, has_date


def persons(text: str, *read: str) -> list[str]:
    """Names that are left of what a reader takes for persons."""
    mentions = [Mention("person", text.index(one), text.index(one) + len(one), one) for one in read]
    return [name for _, _, name in find_persons(text, Surroundings(reader=lambda _: mentions))]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The yacht Lady Margaret lay there.", "Lady Margaret"),
        ("He was seen in Port Meridane.", "Port Meridane"),
        ("Detective Sergeant Mark Hollis asked.", "Mark Hollis"),
        ("He works for Fitzgerald Quinn Solicitors.", "Fitzgerald Quinn"),
        ("Il habite rue Victor Hugo.", "Victor Hugo"),
        ("La société Mercier Moreau est connue.", "Mercier Moreau"),
        ("El buque Santa Rosa zarpó.", "Santa Rosa"),
        ("غادرت السفينة نجمة البحر الميناء.", "نجمة البحر"),
        ("يتولى النقيب عادل سليم التحقيق.", "عادل سليم"),
        ("He left. Marta", "left. Marta"),
    ],
)
def test_places_firms_ships_and_officers_are_no_persons_of_the_case(text: str, read: str) -> None:
    assert persons(text, read) == []


def test_persons_stay_persons() -> None:
    assert persons("His brother Andreas Winkler paid.", "Andreas Winkler") == ["Andreas Winkler"]
    assert persons("The suspect Ana Ruiz left with DE LA CRUZ Maria.", "Ana Ruiz") == ["Ana Ruiz", "DE LA CRUZ Maria"]
    assert persons("Mrs Ana Ruiz. She left.", "Mrs Ana Ruiz") == ["Ana Ruiz"]
    assert persons("REQUEST The man met Fiona SINCLAIR there.") == ["Fiona SINCLAIR"]


@pytest.mark.slow
def test_fields_of_the_message_explain_names() -> None:
    text = "In 2025 OLIVEIRA Marta met Delta Verde."
    reader = Surroundings(
        reader=lambda said: (
            [Mention("person", said.index("Delta"), len(said) - 1, "Delta Verde")] if "Delta" in said else []
        )
    )
    assert found("TXT-01", text, reader) == ["Delta Verde"]
    item = {"kind": "company", "description": "Delta Verde", "source_grade": "B", "information_grade": "2"}
    assert found("TXT-01", text, reader, objects=[item]) == []


def test_names_of_the_list_in_another_order() -> None:
    assert found("REC-08", "In 2025 Marta OLIVEIRA and Oliveira Marta left.") == ["Marta OLIVEIRA", "Oliveira Marta"]
    assert found("REC-08", "In 2025 OLIVEIRA Marta said “I am Marta Oliveira”.") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In 2025 he left. He will surely return.", ["will surely"]),
        ("In 2025 he left. It is thought that he hides.", ["It is thought that"]),
        ("En 2025 il est parti. Il semble vivre chez un ami.", ["Il semble"]),
        ("En 2025 se fue. Al parecer vive con su hermana.", ["Al parecer"]),
        ("في 2025 غادر. يبدو أنه عند أخيه.", ["يبدو"]),
        ("In 2025 he left. Assessment: it is thought that he hides.", []),
        ("In 2025 the witness said that it seems to be his car.", []),
        ("In 2025 she said: “he must have known”.", []),
    ],
)
def test_opinions_are_the_writers_own_and_unmarked(text: str, said: list[str]) -> None:
    assert found("TXT-11", text) == said


def test_what_is_quoted_or_of_a_court_is_no_word_of_guilt() -> None:
    assert found("TXT-06", "In 2025 he cried “the thief!” and the criminal court heard the murderer.") == [
        "the murderer"
    ]


@pytest.mark.slow
def test_certainty_in_many_wordings() -> None:
    text = "In 2025 the print is a 100 percent match. La prueba coincide al 100 %. C'est une concordance à 100 %."
    assert len(found("TXT-07", text)) == 3
    assert found("TXT-07", "En 2025 no se ha probado.") == []


def test_telephones_that_do_not_begin_with_a_plus() -> None:
    text = "In 2025 calls came from 0044 7700 900 317 and the mobile 612 345 678, not from +44 7700 900123."
    assert found("TXT-04", text) == ["0044 7700 900 317", "612 345 678"]
    assert found("TXT-04", "In 2025 the serial number 0042 7781 339, on 01.03.2025 10.15, IMEI 004999010640000.") == []


def test_vehicle_numbers_outside_north_america_have_their_form() -> None:
    assert found("TXT-05", "In 2025 VIN WVWZZZ1JZ3W386752 and VIN WVWZZZ1JZ3W38675O.") == ["WVWZZZ1JZ3W38675O"]
    assert found("TXT-05", "In 2025 P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< was read.") == []


def test_days_as_people_write_them() -> None:
    text = (
        "On 3 May 2025, le 1er avril 2026, el 4 de marzo de 2026, في 4 مارس 2026, 2026-02-30, 192.0.2.44, 31/02/2026."
    )
    assert [day for _, _, day in find_days(text)] == [
        date(2025, 5, 3), date(2026, 4, 1), date(2026, 3, 4), date(2026, 3, 4), None, None,
    ]  # fmt: skip
    assert find_fact_days("He was born on 7 July 1969.") == [] and not has_date("Born 07/07/1969, case XA-2026-11.")
    assert found("TXT-25", "On 31 February 2026 he left.") == ["31 February 2026"]


def test_facts_say_where_what_and_how() -> None:
    bare = "OLIVEIRA Marta was named to us by two men, since May 2025 and more than once."
    assert found("TXT-22", bare) == found("TXT-23", bare) == [""]
    assert found("TXT-24", "On 3 May 2025 OLIVEIRA Marta sold three cars in Port Meridane.") == [""]
    whole = "On 3 May 2025 OLIVEIRA Marta sold three cars in Port Meridane with forged papers."
    assert [found(rule, whole) for rule in ("TXT-15", "TXT-16", "TXT-22", "TXT-23", "TXT-24")] == [[], [], [], [], []]


def test_another_case_needs_no_number() -> None:
    assert found("TXT-14", "In 2025 a car was taken. In a separate matter we seek a boat.") == ["a separate matter"]
    assert found("TXT-14", "In 2025 a car was taken. He is known in no other case.") == []
    assert found("TXT-14", "In 2025 our case XB-2026-4 and case XA-2026-0117.", your_ref="XB-2026-4") == []


def test_a_list_of_words_has_choices_endings_and_exceptions() -> None:
    (guilt,) = (one for one in get_words("guilt") if one.language == "en")
    assert [better for _, _, better in guilt.find("The thief. these thieves")] == ["The suspect", "the suspects"]
    (acts,) = (one for one in get_words("acts") if one.language == "en")
    assert [acts.pattern.search(text) is not None for text in ("smuggling", "it rains")] == [True, False]
    (seeming,) = (one for one in get_words("seeming") if one.language == "ar")
    assert list(seeming.find("ويُظنّ أن")) and not list(seeming.find("الظن"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Paid by the town hall of Villa Serrada.", "Villa Serrada"),
        ("El pago salió del ayuntamiento de Prado Hermoso.", "Prado Hermoso"),
        ("They searched Cotton Vale.", "Cotton Vale"),
        ("La DGX de Lyon a répondu.", "La DGX"),
        ("REASONS GIVEN: none.", "REASONS GIVEN"),
    ],
)
def test_two_capitals_alone_are_no_person(text: str, read: str) -> None:
    assert persons(text, read) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It was paid by Anna Lund.", "Anna Lund"),
        ("In 2025 Anna Lund drove the van.", "Anna Lund"),
        ("Le compte de Anna Lund est vide.", "Anna Lund"),
        ("Anna Lund, su vecina, avisó.", "Anna Lund"),
    ],
)
def test_a_sign_of_a_person_makes_one(text: str, read: str) -> None:
    assert persons(text, read) == ["Anna Lund"]


@pytest.mark.slow
def test_beliefs_of_the_writers_own_colleagues_are_opinions() -> None:
    assert found("TXT-11", "In 2025 he left. Our detectives believe that he is abroad.") == ["believe"]
    assert found("TXT-11", "في 2025 غادر. في تقديرنا أنه في الخارج.")


def test_a_wish_to_show_it_to_the_public_is_seen_in_messages() -> None:
    assert found("NOT-02", "In 2025 he left. His picture is to be posted on our Facebook page.")
    assert found("NOT-02", "In 2025 he left. The picture is from his Facebook page.") == []


def test_a_case_of_wine_and_a_file_of_papers_are_no_other_case() -> None:
    assert found("TXT-14", "In 2025 two cases of wine and the file of the court were taken.") == []


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 he left. He is dangerous by nature.",
        "In 2025 he left. His account is hard to believe.",
        "In 2025 the DNA analysis came back; he is no doubt the leader.",
        "En 2025 il est parti. C'est un homme capable de tout.",
        "En 2025 il est parti. Nous avons la nette impression qu'il ment.",
        "En 2025 se fue. Es un mentiroso compulsivo.",
        "En 2025 se fue. Su versión no es creíble.",
        "في 2025 غادر. هو شخص خطير بطبعه.",
        "في 2025 غادر. روايته غير مقنعة.",
    ],
)
def test_judgements_of_character_and_of_belief_are_opinions(text: str) -> None:
    assert found("TXT-11", text)


def test_thanks_and_duty_are_no_opinions() -> None:
    assert found("TXT-11", "En 2025 il est parti. Nous tenons à vous remercier.") == []
    assert found("TXT-11", "In 2025 a pistol of the type that is sold there was found.") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In 2025 by the cell data he was at the port.", ["he was at"]),
        ("En 2025 le titulaire de la ligne a ensuite appelé son frère.", ["a ensuite appelé"]),
        ("En 2025, según las antenas, el sospechoso estaba en Cádiz.", ["sospechoso estaba en"]),
        ("In 2025 he was in Lyon with a cell phone.", []),
        ("In 2025 the number used a cell that covers the port.", []),
        ("In 2025 the witness said that the holder of the card called.", []),
    ],
)
def test_a_number_is_no_person(text: str, said: list[str]) -> None:
    assert found("TXT-07", text) == said


@pytest.mark.parametrize(
    ("family_name", "forename", "text", "said"),
    [
        ("الحسيني", "كريم", "في 2025 سافر كريم الحسني.", ["كريم الحسني"]),
        ("الزهراوي", "فاطمة", "في 2025 سافرت فاطمه الزهراوي.", ["فاطمه الزهراوي"]),
        ("الزهراوي", "فاطمة", "في 2025 سافرت فاطمة الزهراوي، ولفاطمة الزهراوي أخ.", []),
        ("ZAHRAWI", "Mohamed", "In 2025 ZAHRAWI Muhammad left.", ["ZAHRAWI Muhammad"]),
        ("ZAHRAWI", "Yusuf", "In 2025 ZAHRAWI Youssef left.", ["ZAHRAWI Youssef"]),
        ("ZAHRAWI", "Yusuf", "In 2025 ZAHRAWI Yasin left.", []),
    ],
)
def test_spellings_of_arabic_names(family_name: str, forename: str, text: str, said: list[str]) -> None:
    person = {"family_name": family_name, "forename": forename, "status": "suspect"}
    assert found("TXT-02", text, persons=[person]) == said


def test_vehicle_numbers_in_groups_and_without_a_word_for_them() -> None:
    assert found("TXT-05", "In 2025 VIN 1HG CM826 43A 004352 was seen.") == ["1HG CM826 43A 004352"]
    assert found("TXT-05", "In 2025 VIN 1HG CM826 33A 004352 was seen.") == []
    assert found("TXT-05", "In 2025 the car 1HGCM82643A004352 left.") == ["1HGCM82643A004352"]
    assert found("TXT-05", "In 2025 reference 1HGCM82643A004352 came.") == []


@pytest.mark.slow
def test_a_name_after_a_word_for_a_town_is_a_place() -> None:
    reader = Surroundings(reader=find_mentions)
    assert found("TXT-18", "In 2025 he lived in the town of Qwxzville.", reader) == ["Qwxzville"]
    assert found("TXT-18", "En 2025 il vivait dans la commune de Sainte-Zorbe.", reader) == ["Sainte-Zorbe"]
    assert found("TXT-18", "In 2025 he lived in the city of Marseille.", reader) == []


def test_what_is_no_act_no_means_and_nobody() -> None:
    bare = "On 3 May 2025 we opened a file on OLIVEIRA Marta in Lyon, without result, after your message."
    assert found("TXT-23", bare) == found("TXT-24", bare) == [""]
    assert found("TXT-16", "En 2025 il s'agit d'un vol à Lyon.") == [""]
    assert found("TXT-14", "In 2025 they seized two cases of whisky.") == []


def test_words_of_two_scales_in_two_fields() -> None:
    assert found("TXT-09", "In 2025 it is likely that he left.", subject="FRAUD / PROBABLE FLIGHT / OLIVEIRA")


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ({"family_name": "OLIVEIRA", "forename": "Marta", "date_of_birth": "1988"}, False),
        ({"family_name": "OLIVEIRA", "forename": "Marta"}, True),
        ({"forename": "Marta", "date_of_birth": "1988"}, True),
        ({"family_name": "holder of the number", "date_of_birth": "1988"}, True),
        ({"family_name": "صاحب الرقم", "date_of_birth": "1988"}, True),
        ({"name_in_original_script": "كريم الحسيني", "date_of_birth": "1988"}, False),
    ],
)
def test_a_letter_identifies_somebody(person: dict[str, str], told: bool) -> None:
    letter = from_dict({**load_samples()["letter"], "persons": [{"status": "suspect", **person}]})
    assert any(fault.rule.id == "MLA-08" for fault in check(letter)) is told


@pytest.mark.slow
def test_no_measure_against_a_witness_named_in_another_script() -> None:
    witness = {
        "family_name": "HUSSEINI",
        "forename": "Karima",
        "name_in_original_script": "كريمة الحسيني",
        "status": "witness",
    }
    assert found("REC-13", "في 2025 سرقت سيارة. نطلب منكم توقيفها: كريمة الحسيني.", persons=[witness])


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "In 2025 a car was stolen. Please deal with him as appropriate.",
        "En 2025 une voiture a été volée. Nous vous demandons de traiter ce dossier.",
        "En 2025 se robó un coche. Rogamos actúen según proceda.",
        "في 2025 سرقت سيارة. يرجى التعامل معه بالطريقة المناسبة.",
    ],
)
def test_what_tells_nobody_what_to_do(text: str) -> None:
    assert found("TXT-08", text)


def test_an_owner_who_was_called_has_called_nobody() -> None:
    assert found("TXT-07", "In 2025 the owner of the kiosk was called as a witness.") == []


def test_another_case_in_french() -> None:
    assert found("TXT-14", "En 2025 une voiture a été volée. Par ailleurs, l'enquête sur le vol de Nice progresse.")
    assert found("TXT-14", "En 2025 une voiture a été volée. Par ailleurs, le témoin est parti.") == []


def test_arabic_figures_are_figures_and_faults_quote_them_as_written() -> None:
    assert found("TXT-25", "في ٣١ فبراير ٢٠٢٥ غادر ليون.") == ["٣١ فبراير ٢٠٢٥"]
    assert found("TXT-04", "في ٢٠٢٥ اتصل من الرقم ٠١٠١٢٣٤٥٦٧٨ مرتين.") == ["٠١٠١٢٣٤٥٦٧٨"]
    assert found("TXT-26", "سنة ٢٠٩٩ غادر ليون.") == ["سنة ٢٠٩٩"]


def test_a_year_of_the_islamic_calendar_says_when() -> None:
    assert (
        has_date("في سنة 1446 هـ سرقت سيارة.")
        and has_date("في ١٥ رمضان سرقت سيارة.")
        and not has_date("سرقت 1446 سيارة.")
    )
    assert find_fact_days("El 12-V-2025 y el 3 de abril del año 2025.") == [date(2025, 5, 12), date(2025, 4, 3)]

"""Word lists: how lines are read, what a find says, that places are right, and that the time does not run away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import within
from workbench.extract.special_categories import build_flag_method
from workbench.extract.wordlist import find_number, fold_text, list_keys, load_finder, load_lists, parse_wordlist
from workbench.model import schema
from workbench.model.rows import Passage

FRIENDS = {
    "en": ("a 15-year-old whisky", "12 years of experience", "a 10-year sentence", "It is only 15 minutes away.",
           "There is only one way.",
           "the health and safety rules", "a positive identification", "we met at the clinic", "The SHA-256 fingerprint of the key",
           "This is Christian from accounts.", "a Christian Dior bag", "The Jewish museum is closed.", "the priest's house burned",
           "A black family car was parked.", "a black lady's handbag", "A pistol of German origin", "He is a Greek national.",
           "The rescue party joined the search.", "They joined us at the party.", "the Labour Court", "The estimate is conservative.",
           "Ask the right people.", "a member of the credit union", "the member states of the European Union", "Union Street"),
    "fr": ("16 ans de prison", "il y a 15 ans", "12 ans d'expérience", "le ministère de la Santé", "l'enceinte du port",
           "dans l'ADN de notre société", "une école catholique", "Il travaille au noir.", "Pièces d'origine allemande",
           "Le membre de la famille est parti hier.", "Il a pris parti pour son frère.", "le syndic de l'immeuble"),
    "es": ("hace 15 años", "16 años de prisión", "12 años de experiencia", "el ministerio de Sanidad", "un whisky de 15 años",
           "Comimos judías con chorizo.", "Hablad en cristiano.", "Cristian es mi primo.", "un producto de origen marroquí",
           "un partido muy duro", "Le ha partido la cara.", "el sindicato del crimen"),
    "ar": ("قبل 15 عاما", "السجن 16 عاما", "خبرة 12 عاما", "وزارة الصحة", "إسلام وصل متأخرا", "البنك الإسلامي حوّل المال",
           "القهوة العربية لذيذة", "صوت الحزب مرتفع", "حركة المرور متوقفة", "نقيب الشرطة حضر", "إن شاء الله نصل غدا"),
}  # fmt: skip
TOLD = {
    "aged 15": ("age", "15"), "a 15-year-old": ("age", "15"), "âgé de 15 ans": ("age", "15"), "la niña, de 15 años": ("age", "15"),
    "عمره 15 عاماً": ("age", "15"), "born 2011": ("birth", "2011"), "born on 2011-05-03": ("birth", "2011-05-03"),
    "Née le 4 juillet 2012": ("birth", "2012"), "nacido el 4 de julio de 2012": ("birth", "2012"), "عمره ١٥ سنة": ("age", "15"),
    "She was only sixteen.": ("age", "16"), "Il n'a que dix-sept ans": ("age", "17"), "عمره خمسة عشر عاما": ("age", "15"),
    "two schoolboys": ("minor", "schoolboys"), "He is HIV positive.": ("health", "HIV positive"), "HIV": ("health", "HIV"),
    "She is a Catholic.": ("religion", "is a Catholic"), "a devout Muslim": ("religion", "devout Muslim"),
    "de confession musulmane": ("religion", "confession musulmane"), "اعتنق الإسلام": ("religion", "اعتنق الإسلام"),
    "de etnia gitana": ("ethnicity", "de etnia gitana"), "Il est d'origine kurde.": ("ethnicity", "d'origine kurde"),
    "two white males": ("ethnicity", "white males"), "an IC3 male": ("ethnicity", "IC3 male"),
    "a member of the Muslim Brotherhood": ("political", "member of the Muslim Brotherhood"),
    "ينتمي إلى حزب": ("political", "ينتمي إلى حزب"),
    "Vota a la izquierda.": ("political", "Vota a la izquierda"), "the shop steward": ("tradeUnion", "shop steward"),
    "syndiqué à la CGT": ("tradeUnion", "syndiqué à la CGT"), "مندوب النقابة": ("tradeUnion", "مندوب النقابة"),
    "SE\u0301ROPOSITIF": ("health", "SE\u0301ROPOSITIF"), "مُصَابٌ بالسُّكَّري": ("health", "مُصَابٌ بالسُّكَّري"),
}  # fmt: skip


def said(text: str) -> list[tuple[str, str]]:
    return [(claim.prop, claim.value) for claim in build_flag_method().extract([Passage("p", "d", 0, text)])]


@pytest.mark.parametrize("text", [text for texts in FRIENDS.values() for text in texts])
def test_false_friends_are_not_flagged(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_read(text: str) -> None:
    assert said(text) == [TOLD[text]]


def test_a_claim_is_of_the_vocabulary_and_names_its_place() -> None:
    text = "  Ana, 13, told us: her DNA was taken; her brother is epileptic, born on 4 May 2012."
    claims = list(build_flag_method().extract([Passage("p", "d", 0, text), Passage("q", "d", 1, text)]))
    assert {claim.prop for claim in claims} == {"age", "genetics", "health", "birth"}
    for claim in claims:
        schema.check_schema(claim.schema, claim.prop)
        written = text[claim.start : claim.end]
        assert (
            (claim.original_value or claim.value).strip() in written
            and claim.kind == "suggested"
            and 0 < claim.confidence < 1
        )
    ids = {claim.passage_id: claim.entity_id for claim in claims}
    assert ids["p"] != ids["q"]
    again = list(build_flag_method().extract([Passage("p", "d", 0, text)]))
    assert [claim.statement_id for claim in again] == [c.statement_id for c in claims if c.passage_id == "p"]


@given(st.text(alphabet=st.sampled_from("aéÉe\u0301ßİعُـة١5 ,.\u200f\nдñœ"), max_size=40))
def test_folding_keeps_places(text: str) -> None:
    folded = fold_text(text)
    assert folded.places is None or len(folded.places) == len(folded.text)
    for at, letter in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        assert fold_text(text[start:end]).text == letter


@given(
    st.sampled_from(["He is HIV positive", "âgée de 15 ans", "مصاب بالسرطان", "toma medicación"]),
    st.text(max_size=30),
    st.booleans(),
)
def test_a_find_stands_where_it_says(words: str, before: str, loud: bool) -> None:
    text = f"{before}\n{words.upper() if loud else words}\n"
    for found in load_finder().find(text):
        assert 0 <= found.start < found.end <= len(text)
        assert fold_text(text[found.start : found.end]).text == found.words


def test_every_line_can_be_found_and_has_a_bounded_pattern() -> None:
    assert [one.language for one in load_lists()] == ["ar", "en", "es", "fr"]
    for one in load_lists():
        assert set(one.flags) == {*schema.SPECIAL, "minors"} and one.version
        for line in (line for part in (one.flags, one.unless) for lines in part.values() for line in lines):
            assert line.keys and "" not in line.keys
            assert "*" not in line.pattern.pattern.replace(r"\*", "") and "+" not in line.pattern.pattern, line.text


LIST = 'version = "1"\n[lists]\nanimal = ["cat", "big dog"]\n[numbers]\ntwo = 2\n[pets]\nflag = ["{}"]\nunless = ["cat food"]\n'


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("<animal> (very/quite) hungry", "the big  dog quite hungry", True), ("<animal> hungry", "big. dog hungry", False),
        ("feeds … cat", "feeds one of the cats", False),
        ("feeds … cat*", "feeds one of the cats", True), ("cat* , tired", "cats, tired", True),
        ("cat* , tired", "cats tired", False), ("<age> cats", "two cats", True),
        ("<age> cats", "19 cats", False), ("cat/dog food", "cat-food", False),
        ("hungry (cat)", "hungry", True), ("born <birth>", "born 3 May 2011", True), ("l'eau", "L’EAU", True),
        ("feeds <animal>/bird", "feeds bird", True), ("feeds <animal>/bird", "feeds big dog", True),
        ("feeds <animal>/bird", "feeds fish", False),
    ],
)  # fmt: skip
def test_how_a_line_is_read(line: str, text: str, found: bool) -> None:
    made, folded = parse_wordlist("xx", LIST.format(line)), fold_text(text).text
    flagged, excepted = ([*lines[0].pattern.finditer(folded)] for lines in (made.flags["pets"], made.unless["pets"]))
    assert bool(flagged and not excepted) == found
    assert not flagged or made.flags["pets"][0].keys & list_keys(folded)


@pytest.mark.parametrize("line", ["<age>", "<plant> hungry", "ab*"])
def test_a_line_that_cannot_be_read_is_told(line: str) -> None:
    with pytest.raises(ValueError, match=r"line|list"):
        parse_wordlist("xx", LIST.format(line))


def test_a_number_is_the_first_below_eighteen() -> None:
    assert [find_number(text, {"two": 2, "twenty two": 22}) for text in ("aged 15", "two", "aged 45", "")] == [
        15,
        2,
        -1,
        -1,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "is a devout catholic, " * 3_000,
        "member of " * 5_000 + "party",
        "the left party , " * 3_000,
        "is not a very strict roman " * 2_000 + "catholic",
        "membre de " * 5_000 + "parti",
        "عضو في حزب " * 3_000,
        "a " * 20_000,
        "aged 1 " * 6_000,
        "diagnosed " * 4_000,
        "fingerprints , " * 3_000,
        "1" * 40_000,
        "عمره " * 8_000,
    ],
)
def test_long_texts_take_time_that_grows_with_their_length(text: str) -> None:
    within(2, lambda: list(load_finder().find(text)))

"""What an issue row says is a sentence of the catalogue: it is known again where the row is shown, in each language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from workbench.extract.identifiers import coded_identifiers, dates, number_identifiers
from workbench.ledger.records.package_tables import MASKED
from workbench.model.catalogue import HERE, LANGUAGES, Sentence, load_catalogue
from workbench.model.issue_codes import describe_missing_record, format_list, translate_fix, translate_message
from workbench.model.stored_sentences import NAME, PLURAL, find_sentence, translate_place

ROOT = HERE.parents[1]
COUNTS = {"n", "count"}
SAID = ("row.", "fault.", "fix.")
READERS = (number_identifiers.find_handsets, number_identifiers.find_payment_cards, coded_identifiers.find_ibans)
CALLS = {"build_issue": (1, "fix"), "add": (1, "fix")}
"""Who makes issue rows, and which argument of it is the message."""


def made(key: str) -> Sentence:
    """A sentence with values that stand out."""
    text = load_catalogue("en").get(key) or load_catalogue("en")[f"{key}.other"]
    return Sentence(key, **{name: 3 if name in COUNTS else f"Q-{name}" for name in NAME.findall(text)})


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("key", sorted({PLURAL.sub("", key) for key in load_catalogue("en") if key.startswith(SAID)}))
def test_each_sentence_is_told_in_each_language(key: str, language: str) -> None:
    said = made(key)
    text = f"{said} (row 3, row 5)." if key.startswith("fault.") else str(said)
    told = translate_fix(text, language) if key.startswith("fix.") else translate_message(text, language)
    assert told != text and "{" not in told
    assert all(f"Q-{name}" in told for name in said.values if name not in COUNTS)
    assert "row" not in told or not key.startswith("fault.")


def test_words_and_lists_within_a_sentence_are_told_as_well() -> None:
    said = Sentence("row.lines_long", count=1200, most=500, listed=format_list(["1", "2"], count=1200))
    assert str(said) == "Lines of more than 500 bytes that were left out: 1,200 (lines 1, 2 and 1,198 more)."
    assert (
        translate_message(str(said), "es")
        == said.translate_to("es")
        == "Líneas de más de 500 bytes que se omitieron: 1 200 (líneas 1, 2 y 1 198 más)."
    )
    assert (
        translate_message(str(describe_missing_record("contact card", "a.vcf")), "fr")
        == "Rien de ce genre n’a été trouvé dans 'a.vcf' : fiche de contact."
    )


def test_a_fault_keeps_its_own_brackets_apart_from_its_places() -> None:
    told = translate_message("A position is outside the range of latitude and longitude (another coordinate system, perhaps); it is kept"
                  " as text (placemark 3, placemark 4 and 2 more).", "fr")  # fmt: skip
    assert told.startswith("Une position est hors des limites") and told.endswith("(repère 3, repère 4 et 2 autres).")


def test_what_is_withheld_is_told() -> None:
    assert translate_message(MASKED, "es") == "Oculto: usted no está autorizado a ver una parte de este documento."


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_place_is_told_and_names_in_it_stay(language: str) -> None:
    told = translate_place("sheet line 3 row 4, sheet Q-one column row 7", language)
    assert "sheet" not in told and "row 4" not in told and " column " not in told
    assert "line 3" in told and "Q-one" in told and "row 7" in told


def test_what_no_sentence_made_stays_as_it_is() -> None:
    assert (
        translate_message("note: nothing.", "ar") == "note: nothing."
        and translate_fix("Do it.", "ar") == "Do it."
        and translate_message("", "fr") == ""
    )


def test_what_fails_its_check_is_told() -> None:
    text = "IMEI 356938035643808, IBAN GB82WEST12345698765433, IBAN DE8937040044053201300, card 4111111111111112"
    found = {one.wrong for read in READERS for one in read(text) if one.wrong}
    assert len(found) > 3
    for wrong in (*found, dates.OTHER):
        assert translate_message(f"'Q': {wrong}.", "ar").endswith(
            f"{find_sentence(wrong, 'check').translate_to('ar')}\u2069."
        ), wrong


def plain(tree: ast.Module) -> Iterator[int]:
    """Lines of calls that make an issue row of a text that is written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
            at, named = CALLS[getattr(node.func, "id", getattr(node.func, "attr", ""))]
            texts = [*node.args[at : at + 1], *(one.value for one in node.keywords if one.arg in (named, "message"))]
            if any(isinstance(one, ast.JoinedStr) or _is_prose(one) for one in texts):
                yield node.lineno


def _is_prose(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search(r"\w \w", node.value))


def test_no_issue_row_is_made_of_text_in_the_code() -> None:
    sources = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.py"))}
    makers = {path: text for path, text in sources.items() if re.search(r"\b(build_issue|tally\.add)\(", text)}
    assert len(makers) > 40
    assert {path: lines for path, text in makers.items() if (lines := [*plain(ast.parse(text))])} == {}

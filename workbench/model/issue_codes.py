"""Codes of issue rows: how bad each is. What is wrong in the data, and its name, stand in the catalogue (`meaning`, `issue`)."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.catalogue import Sentence, get_term
from workbench.model.rows import Issue, Severity
from workbench.model.stored_sentences import find_sentence, find_sentences, translate_lines

SEVERITIES: dict[str, Severity] = {
    "unreadable": "error",
    "unknown-format": "error",
    "other-form": "warning",
    "empty": "warning",
    "no-text": "warning",
    "no-message": "error",
    "unmapped-field": "info",
    "truncated": "warning",
    "bad-row": "warning",
    "bad-encoding": "warning",
    "bad-date": "warning",
    "count-mismatch": "warning",
    "sender-conflict": "warning",
    "sender-unknown": "warning",
    "other-words": "warning",
    "unclaimed": "warning",
    "zone-unknown": "info",
    "name-only": "info",
    "excluded": "info",
    "exclusion-doubt": "warning",
    "search-language": "warning",
    "other-calendar": "info",
    "bad-identifier": "info",
    "minimised": "info",
    "unmapped-column": "info",
    "duplicate-row": "info",
    "contradiction": "warning",
    "disagreement": "warning",
    "remarks": "info",
    "erased_again": "warning",
    "original-kept": "info",
    "damaged-number": "warning",
    "attachment": "info",
    "media": "info",
    "unknown-model": "info",
    "ambiguous-date": "warning",
    "direction-unknown": "warning",
    "balance": "warning",
    "flagged": "warning",
    "conflict": "warning",
    "encrypted": "warning",
    "too-large": "warning",
    "odd-name": "warning",
    "left-out": "info",
    "macro": "warning",
    "outside": "warning",
    "hidden": "info",
    "ocr": "info",
    "unknown-word": "info",
    "bad-position": "warning",
    # Quality of call records; what each says in full is in workbench.ingest.calls.quality_rules.
    "C-01": "error",
    "C-02": "warning",
    "C-03": "warning",
    "C-04": "warning",
    "C-05": "warning",
    "C-06": "warning",
    "C-07": "info",
    "C-08": "warning",
    "C-09": "warning",
    "C-10": "warning",
    "C-11": "warning",
    "C-12": "info",
    "C-13": "error",
    "C-14": "warning",
    "C-15": "warning",
}

GROUPS = ("refused.file", "row", "masked", "refused.form", "refused.taken")
"""Groups of the sentences that messages are made of."""


def describe_code(code: str) -> str:
    """What an issue of a code means; the code itself where it is none of ours."""
    return get_term("meaning", code)


def build_issue(code: str, message: str, *, fix: str = "", document_id: str = "", place: str = "") -> Issue:
    """An issue row with the severity of its code. Message and fix are sentences of the catalogue; the row holds them in English."""
    return Issue(code, str(message), fix=str(fix), severity=SEVERITIES[code], document_id=document_id, place=place)


def translate_message(message: str, language: str) -> str:
    """The message of an issue row in a language, where it is shown; one that no sentence of the catalogue made as it is."""
    for group in GROUPS:
        told = find_sentence(message, group)
        if isinstance(told, Sentence):
            return told.translate_to(language)
    counted = find_sentences(message, "counted")
    return next((one.translate_to(language) for one in counted if _is_known(one)), message)


def translate_fix(fix: str, language: str) -> str:
    """What to do about an issue row, in a language."""
    return translate_lines(fix, "fix", language)


def describe_missing_record(record: str, name: str) -> Sentence:
    """That a file of that name holds no such record (a word of the group `record`)."""
    return Sentence("row.holds_no", name=repr(name), record=get_term("record", record))


def format_list(words: Sequence[str], *, count: int) -> str:
    """The first words of a list, and how many more there are of `count` in all."""
    shown = ", ".join(words)
    return Sentence("listed.more", shown=shown, count=count - len(words)) if count > len(words) else shown


def _is_known(told: Sentence) -> bool:
    """Whether a sentence tells of a fault or of a check that the catalogue knows."""
    return any(isinstance(value, Sentence) for value in told.values.values())

"""Strings of the catalogue to look for in what people see."""

from __future__ import annotations

import re

from workbench.model.catalogue import LANGUAGES, catalogue


def english(group: str, least: int = 12) -> list[str]:
    """English sentences of a group that no other language writes alike: they stand in no page of another language."""
    others = {text for language in LANGUAGES[1:] for text in catalogue(language).values()}
    return [
        text
        for key, text in catalogue("en").items()
        if key.startswith(f"{group}.") and len(text) >= least and text not in others and not re.search(r"\{\w+\}", text)
    ]

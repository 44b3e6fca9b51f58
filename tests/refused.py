"""What stands in a page where a refusal is told."""

from __future__ import annotations

import re
from html import escape

from workbench.model.catalogue import find_template


def words(text: str, language: str) -> str:
    """The longest part of a refusal (its English, or its key) without a value, as it stands in a page."""
    return escape(max(re.split(r"\{\w+\}", find_template(text, language)), key=len).strip())

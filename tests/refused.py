"""What stands in a page where a refusal is told."""

from __future__ import annotations

import re
from html import escape

from workbench.model.catalogue import catalogue


def words(key: str, language: str) -> str:
    """The longest part of a refusal without a value, as it stands in a page."""
    return escape(max(re.split(r"\{\w+\}", catalogue(language)[f"refused.{key}"]), key=len).strip())

"""Whom a message is for, by the code of a bureau."""

from __future__ import annotations

import re

COUNTRY = re.compile(r"(?!IP\b)([A-Z]{2})(?![A-Z0-9])")
"""The code that a bureau begins with; IP is how I-24/7 calls a bureau by its city."""


def get_country(bureau: str) -> str:
    """Country (ISO 3166) of a bureau by its code, '' where it has none, as the General Secretariat."""
    match = COUNTRY.match(bureau)
    return match[1] if match else ""

"""Forms on the processing of personal data, filled from a case: what only people can answer is left open.

References
----------
Directive (EU) 2016/680, articles 24 (records of processing) and 27 (impact assessment).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from workbench.visible import visible

FORMS = MappingProxyType({
    "assessment": "Data protection impact assessment",
    "record": "Record of processing activities",
})  # fmt: skip
"""Form -> heading."""
TEMPLATES = Path(__file__).parent / "form_pages"


def form(name: str, facts: Mapping[str, object]) -> str:
    """One form of FORMS as a page without script; every text of the case is escaped."""
    return page(name, FORMS[name], facts)


def page(name: str, heading: str, facts: Mapping[str, object]) -> str:
    """A page of the template of that name, without script; every text of the case is escaped."""
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_seen
    )
    return pages.get_template(f"{name}.html.j2").render(**facts, heading=heading)


def _seen(value: object) -> object:
    """A text with its control characters visible; markup of the templates as it is."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

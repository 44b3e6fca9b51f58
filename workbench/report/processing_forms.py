"""Forms on the processing of personal data, filled from a case: what only people can answer is left open.

References
----------
Directive (EU) 2016/680, articles 14 (access), 24 (records of processing) and 27 (impact assessment); the names of rights and of
parties are those of the directive in each language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.catalogue import Translator, fill_template
from workbench.model.text.bidi import get_direction
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from markupsafe import Markup

FORMS = ("assessment", "record")
"""Data protection impact assessment; record of processing activities."""
TEMPLATES = Path(__file__).parent / "form_pages"


class HtmlTranslator(Translator):
    """The catalogue for a page: each value within a sentence is an element of its own, and keeps its own direction."""

    def put_values(self, template: str, values: Mapping[str, object]) -> str:
        """A sentence as markup, its values escaped."""
        from markupsafe import Markup

        return Markup(fill_template(template, {name: _isolate_value(one) for name, one in values.items()}))  # noqa: S704 - ours

    def join_words(self, words: Iterable[object]) -> Markup:
        """Words one after another, each an element of its own."""
        from markupsafe import Markup

        return Markup(self.comma).join(map(_isolate_value, words))  # noqa: S704 - ours

    def numbers(self, group: str, counts: Mapping[str, int]) -> Markup:
        """Words of a group of the catalogue, each with its number."""
        return self.join_words(f"{self.term(group, word)} ({self.figure(number)})" for word, number in counts.items())


def _isolate_value(value: object) -> Markup:
    from markupsafe import Markup

    return value if isinstance(value, Markup) else Markup("<bdi>{}</bdi>").format(escape_hidden(str(value)))


def build_form(name: str, facts: Mapping[str, object], language: str) -> str:
    """One form of FORMS as a page without script, in a language; every text of the case is escaped."""
    return build_page(name, name, facts, language)


def build_page(name: str, title: str, facts: Mapping[str, object], language: str) -> str:
    """A page of the template of that name, without script, in a language; every text of the case is escaped."""
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_make_visible,
    )
    pages.filters["base"] = get_direction
    words = HtmlTranslator(language)
    return pages.get_template(f"{name}.html.j2").render(**facts, say=words, heading=words(f"forms.title.{title}"))


def _make_visible(value: object) -> object:
    """A text with its control characters visible; markup of the templates as it is."""
    return escape_hidden(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

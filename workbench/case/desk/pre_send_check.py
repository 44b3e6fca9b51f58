"""What an officer looks at before a draft goes out: where else the case names what it names, and what each addressee would learn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbench.model.catalogue import Translator
from workbench.model.table_schemas import iterate_rows
from workbench.views import desk as view

if TYPE_CHECKING:
    from workbench.case.desk.desk import Desk
    from workbench.case.desk.drafts.draft import Draft

LONGEST = 90
"""Letters of a text by which it is told."""


def describe_outgoing(desk: Desk, draft: Draft, language: str) -> view.Outgoing:
    """Both in words of a language, as `links` and `disclosure` of the drafts have them."""
    links = iterate_rows(desk.drafts.links(draft, language=language))
    disclosed = iterate_rows(desk.drafts.disclosure(draft, language=language))
    return view.Outgoing(
        links=[*_list_links(links)], discloses=[*_describe_disclosures(disclosed, Translator(language))]
    )


def _list_links(rows: Iterable[Any]) -> Iterator[view.Told]:
    """Each thing with the documents that name it too, and why it is taken for the same."""
    for (words, said), places in groupby(rows, lambda row: (row.words, row.said)):
        yield f"{words}: {said}", [(row.title, row.why) for row in places]


def _describe_disclosures(rows: Iterable[Any], voice: Translator) -> Iterator[view.Told]:
    """Each addressee with what it would learn, from which source, and why it may not have it."""
    for addressee, parts in groupby(sorted(rows, key=lambda row: str(row.addressee)), lambda row: row.addressee):
        yield str(addressee), [(_shorten_text(row.what), _format_source(row, voice)) for row in parts]


def _format_source(row: Any, voice: Translator) -> str:  # noqa: ANN401
    source = row.source or voice("entered manually")
    return (
        voice("{source} · hidden from this addressee: {why}", source=source, why=row.closed) if row.closed else source
    )


def _shorten_text(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

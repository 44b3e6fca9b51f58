"""On what a note or conclusion rests: the passages that it is tied to, those that support it and those that speak against it.

Who may not see one of them sees nothing of the note; its mark is the join of theirs. If one of them is excluded, nobody sees the note (view
`live_notes`). If the source of one was withdrawn, the note stays for the officers of the case, and is in no product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CITED = ("supporting", "opposing")
"""Lists of passage ids in the detail of a note."""
SQL = f"""(SELECT value FROM json_each(notes.passages){
    "".join(f" UNION ALL SELECT value FROM json_each(notes.detail, '$.{name}')" for name in CITED)
})"""
"""The same in a query over `notes`."""
READABLE = SQL.replace("notes.passages", "iif(json_valid(notes.passages), notes.passages, '[]')").replace(
    "notes.detail", "iif(json_valid(notes.detail), notes.detail, '{}')"
)
"""The same where a damaged note may rest on nothing."""
WITHDRAWN = f"""EXISTS (SELECT 1 FROM {READABLE} AS cited CROSS JOIN main.passages AS p ON p.id = cited.value
    WHERE EXISTS (SELECT 1 FROM main.traces AS t WHERE t.document_id = p.document_id)
    AND NOT EXISTS (SELECT 1 FROM main.traces AS t CROSS JOIN live_runs AS r ON r.source = t.source WHERE t.document_id = p.document_id))"""
"""In a query over `notes`: whether all sources of a passage on which a note rests were withdrawn."""


def list_cited_passages(passages: Iterable[str], detail: Mapping[str, object]) -> list[str]:
    """Ids of the passages on which a note rests, each once."""
    cited = [given for name in CITED if (given := detail.get(name))]
    more = [str(one) for given in cited for one in ([given] if isinstance(given, str) else given)]  # type: ignore[attr-defined]
    return list(dict.fromkeys([*passages, *more]))

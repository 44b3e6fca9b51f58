"""The passages behind what is chosen on a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

import traitlets as t

from workbench_widgets.linked_views import Answer, LinkedView
from workbench_widgets.model import CaseModel
from workbench_widgets.passage import Marked, Passage
from workbench_widgets.visible_text import escape_hidden, replace_surrogates
from workbench_widgets.words import RefusedError

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Evidence", "Marked", "Passage", "Passages"]

MOST = 200
"""Passages that are sent at once."""


class Passages(Protocol):
    """Who knows what sources say."""

    def passages(self, ids: Sequence[str], limit: int, /) -> tuple[Sequence[Passage], int]:
        """Passages about nodes and links, at most `limit`, and how many more there are."""


class Evidence(LinkedView, bundle="evidence"):
    """What the sources say of what is chosen, word by word; a suggestion is accepted or rejected here, by an officer with a reason.

    Parameters
    ----------
    what : Graph or CaseModel
    source : Passages
        Who is asked for passages.
    decide : callable, optional
        Takes the id of a passage, whether it is accepted, and why; gives what to say of it.
    carried : mapping, optional
        Id of a node or link -> passages that travel along, for pages without a kernel; those of its links count for a node, too.
    """

    decides = t.Bool(default_value=False).tag(sync=True)
    carried = t.Dict().tag(sync=True)

    def __init__(
        self, what: nx.Graph | CaseModel, source: Passages, *, decide: Callable[[str, bool, str], str] | None = None,
        carried: Mapping[str, Sequence[Passage]] | None = None, zone: str = "UTC",
        language: str | None = None,
    ) -> None:  # fmt: skip
        if not hasattr(source, "passages"):
            raise ValueError(
                f"{source!r:.60} cannot be asked for passages. Give an object with a method `passages(ids, limit)`."
            )
        self._source, self._decide = source, decide
        sent = {name: [_encode_passage(one) for one in some] for name, some in (carried or {}).items()}
        super().__init__(what, zone=zone, language=language, decides=decide is not None, carried=sent)

    def questions(self) -> Mapping[str, Callable[..., Answer]]:
        """Passages, and decisions where they can be taken."""
        return {"passages": self._list_passages, **({"decide": self._decide_passage} if self._decide else {})}

    def _list_passages(self, ids: Sequence[str]) -> Answer:
        found, more = self._source.passages([str(name) for name in ids], MOST)
        return {"passages": [_encode_passage(one) for one in found], "more": more}, ()

    def _decide_passage(self, passage: str, accept: bool, because: str) -> Answer:  # noqa: FBT001 - as it comes from the browser
        if self._decide is None or not str(because).strip():
            raise RefusedError("The decision was not saved. Give a reason.")
        return self._decide(str(passage), bool(accept), str(because).strip()), ()


def _encode_passage(passage: Passage) -> dict[str, object]:
    """A passage as it travels: id and text letter by letter, so that marks stay where they are; the rest as it may be shown."""
    found = asdict(passage)
    del found["document_id"]
    made = {name: escape_hidden(value) if isinstance(value, str) else value for name, value in found.items()}
    marks = [{**asdict(mark), "kind": escape_hidden(mark.kind)} for mark in passage.marks]
    traces = [escape_hidden(str(trace)) for trace in passage.traces]
    return {
        **made,
        "id": replace_surrogates(passage.id),
        "text": replace_surrogates(passage.text),
        "marks": marks,
        "traces": traces,
    }

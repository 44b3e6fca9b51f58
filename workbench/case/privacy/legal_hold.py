"""Legal holds against erasures: whatever one would take or change, and what that lies in, is looked for among what is held.

A thing that is held holds with it all that judgements have joined to it, what it uses (its number, its account), whoever uses that under
the same name, and the texts that name it: passages, titles and subjects, and what claims say in words, such as who sent a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.case.context.case_context import CaseContext
from workbench.case.privacy import erasure_scope
from workbench.errors import CaseError
from workbench.ledger.access import terms
from workbench.ledger.erasure import effects, entity_footprint
from workbench.ledger.erasure.effects import Text
from workbench.ledger.erasure.purge import Replacement
from workbench.ledger.erasure.text_redaction import Words
from workbench.model.catalogue import Sentence, get_term


class HeldError(CaseError):
    """Something that would go or be changed is on legal hold."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands.

    Attributes
    ----------
    kind, key : str
        What is held.
    why, at : str
        The reason, and when it was set.
    ids : frozenset of str
        All that is held with it.
    words : Words
        By which texts name it.
    """

    kind: str
    key: str
    why: str
    at: str
    ids: frozenset[str]
    words: Words

    def has_any(self, affected: frozenset[str], texts: Sequence[Text]) -> bool:
        """Whether any of these may not be taken or changed."""
        return self.kind == "case" or not self.ids.isdisjoint(affected) or any(map(self._is_named_in, texts))

    def _is_named_in(self, said: Text) -> bool:
        near = self.words.is_in_reach((said.document, said.passage)) and self.words.near.has_match(said.text)
        return near or self.words.wide.has_match(said.text)


def list_holds(context: CaseContext) -> list[Hold]:
    """Holds that stand in a case, whoever may see what they are on."""
    return [
        _build_hold(context, kind, key, why, at)
        for (kind, key), (why, at) in terms.list_legal_holds(context.ledger).items()
    ]


def _build_hold(context: CaseContext, kind: str, key: str, why: str, at: str) -> Hold:
    if kind != "entity":
        return Hold(kind, key, why, at, frozenset({key}), Words())
    named = erasure_scope.resolve_targets(context, [(kind, key)])
    used = entity_footprint.find_holdings(context.ledger, named.entities)
    same = entity_footprint.find_namesakes(context.ledger, named.entities, used, erasure_scope.NAMING)
    named = replace(named, entities=named.entities | used | same)
    return Hold(kind, key, why, at, named.entities | named.passages, erasure_scope.build_struck_words(context, named))


def record_effects(context: CaseContext, anew: Sequence[Replacement]) -> None:
    """Note what an erasure takes and changes; of a file that is kept as text only all that it shows is changed."""
    sql = context.ledger.connection
    effects.start_tracking(sql)
    as_text = [one.old for one in anew if one.name]
    documents = entity_footprint.list_source_documents(context.ledger, as_text)
    effects.note_changes(
        sql, [*as_text, *documents, *entity_footprint.list_document_passages(context.ledger, documents)]
    )


def check_holds(context: CaseContext, holds: Sequence[Hold], since: str, unknown: str) -> bool:
    """Raise if anything that was noted is on hold; whether a hold that was set up to a moment (`since`, '' none) is passed over.

    Parameters
    ----------
    unknown : str
        Ids (a JSON list) of which whoever erases may not know: what is held and why is not told of them.

    Raises
    ------
    HeldError
    """
    sql = context.ledger.connection
    affected, texts = effects.find_affected(sql), effects.list_texts(sql)
    effects.stop_tracking(sql)
    found = [one for one in holds if one.has_any(affected, texts)]
    for one in found:
        if not since or one.at > since:
            raise HeldError(_describe_refusal(one, unknown))
    return bool(found)


def _describe_refusal(hold: Hold, unknown: str) -> Sentence:
    if hold.key and f'"{hold.key}"' in unknown:
        return Sentence(
            "Nothing was erased. This erasure would remove or change something that is on legal "
            "hold. Release the hold first."
        )
    return Sentence(
        "Nothing was erased. This erasure would remove or change {kind} that is on legal "
        "hold ({why}). Release the hold first.",
        kind=get_term("refused.erase.kind", hold.kind),
        why=hold.why,
    )

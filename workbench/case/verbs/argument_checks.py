"""What a verb is given, looked at before it works: the wrong kind of thing is told by its name, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import Signature

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence, join_sentences

KINDS = frozenset({
    "str", "Path", "int", "float", "bool", "None", "DataFrame", "MultiDiGraph", "Graph", "CaseChart", "Card", "Officer",
})  # fmt: skip
"""Kinds by the names of their classes, which the catalogue words; what is annotated with another name is left to the verb."""
ALSO = {"int": ("integer",), "bool": ("bool_",), "float": ("int", "floating"), "None": ("NoneType",)}
"""Classes that count as a kind as well."""
MANY = ("Sequence[", "Iterable[")
REASON = "because"
REFUSING = frozenset(
    """access.grant access.trust access.hand_over access.confirm_settings handling.unmark handling.permit handling.reveal
    privacy.hold privacy.restrict privacy.release privacy.retain privacy.erase subjects.pseudonymise subjects.withhold
    subjects.reidentify sources.exclude sources.reopen judgements.judge review.adopt review.accept review.reject desk.correct
    desk.mark_done desk.reopen desk.drafts.discard desk.rules.add draft.discard draft.waive add""".split()
)
"""Verbs that refuse a blank reason in words of their own, most of them with an entry in the log: what they say goes first."""
UNION = re.compile(r" \| (?![^\[]*\])")


def check_arguments(
    verb: str, signature: Signature, given: tuple[object, ...], named: Mapping[str, object]
) -> tuple[tuple[object, ...], dict[str, object]]:
    """What was given to a verb, as it takes it: one text stands for a list of one where several are wanted.

    Raises
    ------
    CaseError
        If something is missing, too much, or of another kind than the verb says, or a path or a reason is empty.
    """
    try:
        bound = signature.bind(*given, **named)
    except TypeError as error:
        takes = tuple(name for name in signature.parameters if name != "self") or Sentence(
            "none", context="refused given"
        )
        raise CaseError(
            Sentence("`{verb}`: {error}. Possible arguments: {names}.", verb=verb, error=error, names=takes)
        ) from error
    for name, value in bound.arguments.items():
        asked = signature.parameters[name]
        kinds = _parse_kinds(str(asked.annotation))
        if asked.kind is asked.VAR_POSITIONAL:
            bound.arguments[name] = tuple(_check_value(f"{verb}: {name}", kinds, one) for one in value)
        elif asked.kind is asked.VAR_KEYWORD:
            bound.arguments[name] = {key: _check_value(f"{verb}: {key}", kinds, one) for key, one in value.items()}
        elif value is not asked.default:
            bound.arguments[name] = _check_value(f"{verb}: {name}", kinds, value)
            if name == REASON and verb not in REFUSING and isinstance(value, str) and not value.strip():
                raise CaseError(Sentence("`{where}` is empty. Enter the reason.", where=f"{verb}: {name}"))
    return bound.args, bound.kwargs


def _parse_kinds(annotation: str) -> list[str]:
    """Names of the classes that an annotation names."""
    return [part if part.startswith(MANY) else part.rpartition(".")[2] for part in UNION.split(annotation)]


def _check_value(where: str, kinds: list[str], value: object) -> object:
    """A value as a verb takes it."""
    known = [kind for kind in kinds if not kind.startswith(MANY)]
    if len(known) < len(kinds) and value is not None:
        return (value,) if isinstance(value, str) and "str" not in known else value
    if not KINDS.issuperset(known):
        return value
    fits = {name for kind in known for name in (kind, *ALSO.get(kind, ()))}
    if fits.isdisjoint(one.__name__ for one in type(value).__mro__):
        wanted = join_sentences(
            "{one} or {more}", (Sentence(f"refused.given.word.{kind}") for kind in known or ["list"])
        )
        raise CaseError(
            Sentence("`{where}` must be {wanted}, not {value}.", where=where, wanted=wanted, value=_format_value(value))
        )
    if "Path" in known and value == "":
        raise CaseError(Sentence("`{where}` is empty. Enter the path of a file or folder.", where=where))
    return value


def _format_value(value: object) -> str:
    """A value in few words."""
    plain = isinstance(value, str | int | float | None)
    return repr(value) if plain else Sentence("a value of the type `{name}`", name=type(value).__name__)

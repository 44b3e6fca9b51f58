"""Messages that were saved as one because they have the same time and text, although files name different people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbench.case.context.case_context import CaseContext
from workbench.graph import list_attributions
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import normalise_name

SHOWN = 5


class Copy(NamedTuple):
    """A message as one file has it: for each sender and each participant the forms by which another file may know them."""

    senders: dict[str, set[str]]
    members: dict[str, set[str]]


def list_issues(context: CaseContext) -> Iterator[Issue]:
    """An issue for each group of files that name different senders or members of one message."""
    yield from context.cache_by_version("fused messages", lambda: list(_list_open_issues(context)))


def _list_open_issues(context: CaseContext) -> Iterator[Issue]:
    names = dict(context.traces[["source", "source_name"]].drop_duplicates("source").itertuples(index=False, name=None))
    found: dict[tuple[str, ...], list[tuple[str, dict[str, Copy]]]] = {}
    for document, copies in _list_copies(context).items():
        if _is_conflict(list(copies.values())):
            found.setdefault(tuple(sorted(copies)), []).append((document, copies))
    for group in found.values():
        document, copies = min(group, key=lambda one: one[0])
        claims = "; ".join(
            f"{str(names.get(source, source))!r}: {', '.join(copy.senders)} \u2192 "
            f"{', '.join([who for who in copy.members if who not in copy.senders][:SHOWN])}"
            for source, copy in sorted(copies.items(), key=lambda one: str(names.get(one[0], one[0])))
        )
        told = Sentence("row.chat.fused", count=len(group), claims=claims)
        yield build_issue("sender-conflict", told, fix=Sentence("fix.say.fused"), document_id=document)


def _list_copies(context: CaseContext) -> dict[str, dict[str, Copy]]:
    """Of each message that several files have: from the file to what it says of who sent and received it."""
    places = context.traces[["trace_id", "document_id", "source"]].drop_duplicates()
    several = places.groupby("document_id")["source"].nunique()
    places = places[places["document_id"].isin(several.index[several > 1])]
    rows = context.evidence[context.evidence["prop"].isin(["senderAccount", "recipientAccount"])]
    rows = rows[rows["document_id"].isin(set(places["document_id"])) & (rows["verdict"] != "rejected")]
    source = dict(places[["trace_id", "source"]].itertuples(index=False, name=None))
    holders: dict[str, set[str]] = {}
    if len(rows):
        held = list_attributions(context.evidence)
        for account, holder in held[["held", "holder"]].itertuples(index=False, name=None):
            holders.setdefault(account, set()).add(context.canonical.get(holder, holder))
    found: dict[str, dict[str, Copy]] = {}
    shown = rows[["document_id", "trace_id", "prop", "value", "original_value"]]
    for document, trace, prop, account, written in shown.itertuples(index=False, name=None):
        copy = found.setdefault(document, {}).setdefault(source.get(trace, ""), Copy({}, {}))
        name = written or account
        forms = {account, context.canonical.get(account, account), normalise_name(name), *holders.get(account, ())} - {
            ""
        }
        copy.members.setdefault(name, set()).update(forms)
        if prop == "senderAccount":
            copy.senders.setdefault(name, set()).update(forms)
    return found


def _is_conflict(copies: list[Copy]) -> bool:
    """Whether some two copies have no sender in common, or each has a participant that the other lacks."""
    pairs = [(one, other) for at, one in enumerate(copies) for other in copies[at + 1 :]]
    return any(
        (one.senders and other.senders and not _share(one.senders, other.senders))
        or (_lacks(one.members, other.members) and _lacks(other.members, one.members))
        for one, other in pairs
    )


def _share(some: dict[str, set[str]], others: dict[str, set[str]]) -> bool:
    return bool(set().union(*some.values()) & set().union(*others.values()))


def _lacks(some: dict[str, set[str]], others: dict[str, set[str]]) -> bool:
    """Whether one of the others is nobody of these."""
    known: set[str] = set().union(*some.values())
    return any(not forms & known for forms in others.values())

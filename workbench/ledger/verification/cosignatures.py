"""What signed heads say against a log: whether they fit it, who signed them, and whether they came in their order.

A seal that is made again later with a newer key would hide a change. So the order of sizes and times, the time of a key's card
and the entry that records each checkpoint are compared as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.errors import IdentityError
from workbench.ledger.log import checkpoints
from workbench.ledger.log.checkpoints import ORIGIN, Checkpoint, Signature
from workbench.ledger.log.finding import BAD, OK, OPEN, LogFinding
from workbench.ledger.log.log_walk import Walk, get_case_id
from workbench.model.catalogue import Sentence, join_sentences
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    from workbench.identity import Card, TrustList


TIMED_LENGTH = 72
"""Bytes of a counter-signature by Ed25519: a time and the signature."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to ask about those who signed: a trust list, and cards that were had in another way than from the ledger."""

    bureaux: TrustList | None = None
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedCheckpoint:
    """A checkpoint, what it is called, and whether the ledger keeps it."""

    checkpoint: Checkpoint
    name: str
    kept: bool


@dataclass
class _Signers:
    """Cards by the name of their key, and how many signatures of each were right."""

    cards: dict[str, list[Card]] = field(default_factory=dict)
    right: dict[str, list[str]] = field(default_factory=dict)
    """Name of a key -> times of the checkpoints."""
    own: set[str] = field(default_factory=set)
    """Names of the keys of which the ledger holds a card."""


def list_findings(
    sql: sqlite3.Connection, seen: Sequence[NamedCheckpoint], found: Walk, trust: Trust
) -> Iterator[LogFinding]:
    """All that is to be said of checkpoints, given ones and kept ones."""
    if not seen and not found.checkpoints:
        yield LogFinding("checkpoints", OPEN, Sentence("verified.checkpoints.none"))
        return
    signers, origin = _list_cards(sql, trust)[0], ORIGIN + get_case_id(sql)
    keepers = _list_keepers(seen, found, trust)
    apart = {id(one): why for one in seen if (why := _is_no_head(one, signers, keepers, origin))}
    heads = [one for one in seen if id(one) not in apart]
    yield from (
        LogFinding("checkpoints", OPEN, _format_sentence(apart[id(one)], name=_describe_checkpoint(one)))
        for one in seen
        if id(one) in apart
    )
    bad = [*_check_sizes(heads, found, origin), *_check_recorded(heads, found), *_check_order(heads)]
    yield from bad
    if heads and not bad:
        last = max(one.checkpoint.size for one in heads)
        given = sum(not one.kept for one in heads)
        values = {"count": len(heads) - given, "given": given, "last": last, "whole": found.size}
        yield LogFinding("checkpoints", OK, Sentence("verified.checkpoints.fit", **values))
    yield from _check_signatures(sql, seen, found, trust)


def _list_keepers(seen: Sequence[NamedCheckpoint], found: Walk, trust: Trust) -> set[str]:
    """Names of the keys of those who keep this log: who made its entries, who signed what it keeps first, and given cards."""
    signed = {one.checkpoint.signatures[0].name for one in seen if one.kept and one.checkpoint.signatures}
    return (
        signed
        | {_get_key_name(key) for key in found.actors if key}
        | {checkpoints.get_key_name(card) for card in trust.cards}
    )


def _is_no_head(one: NamedCheckpoint, signers: _Signers, keepers: set[str], origin: str) -> str:
    """Why a given checkpoint is no word of who keeps this log: a name of a sentence, '' where it is one."""
    if _is_only_countersigned(one, signers):
        return "nobodys"
    lines = one.checkpoint.signatures
    plain = [line.name for line in lines if not _is_timed(line, signers.cards.get(line.name, ()))]
    strange = not one.kept and bool(plain) and keepers.isdisjoint(plain)
    return "strangers" if strange and one.checkpoint.origin == origin else ""


def _is_only_countersigned(one: NamedCheckpoint, signers: _Signers) -> bool:
    """Whether a given checkpoint bears counter-signatures alone: they say that somebody was shown it, not that it is the log's head."""
    lines = one.checkpoint.signatures
    return not one.kept and bool(lines) and all(_is_timed(line, signers.cards.get(line.name, ())) for line in lines)


def _is_timed(line: Signature, cards: Sequence[Card]) -> bool:
    """Whether a line is a counter-signature; of a key that is not known its length says so."""
    if cards:
        return line.key_id == checkpoints.compute_key_id(cards[0], timed=True)
    return len(line.blob) == TIMED_LENGTH


def _check_sizes(seen: Sequence[NamedCheckpoint], found: Walk, origin: str) -> Iterator[LogFinding]:
    """Sizes and roots against the log, from the smallest: what is bad lies behind the last that is good."""
    good = 0
    for one in sorted(seen, key=lambda one: one.checkpoint.size):
        point, what = one.checkpoint, _describe_checkpoint(one)
        if point.origin != origin:
            yield _build_bad_finding("case", what, origin=point.origin)
        elif point.size > found.size:
            first = found.size + 1
            yield _build_bad_finding("cut", what, first, first=str(first), last=str(point.size))
        elif found.roots[point.size] != point.root:
            yield _build_unfit_finding(what, good, point.size, found)
        else:
            good = point.size


def _build_unfit_finding(what: str, good: int, size: int, found: Walk) -> LogFinding:
    known = found.bad[0] if good < found.bad[0] <= size else 0
    between = {"first": str(good + 1), "last": str(size)}
    where = _format_sentence("at", entry=str(known)) if known else _format_sentence("between", **between)
    return _build_bad_finding("unfit", what, known or good + 1, where=where)


def _describe_checkpoint(one: NamedCheckpoint) -> str:
    """A checkpoint by its name, with its size and time."""
    return _format_sentence("called", name=one.name, count=one.checkpoint.size, at=one.checkpoint.at)


def _format_sentence(what: str, **values: object) -> str:
    return Sentence(f"verified.checkpoints.{what}", **values)


def _build_bad_finding(what: str, name: str, first: int = 0, /, **values: object) -> LogFinding:
    return LogFinding("checkpoints", BAD, _format_sentence(what, name=name, **values), first)


def _check_recorded(seen: Sequence[NamedCheckpoint], found: Walk) -> Iterator[LogFinding]:
    """Each kept checkpoint is recorded by the entry after it, made by the same officer; each recorded one is kept."""
    kept = {one.checkpoint.sha256: one for one in seen if one.kept}
    for hash_, one in kept.items():
        seq, fingerprint = found.checkpoints.get(hash_, (0, ""))
        signer = next((line.name for line in one.checkpoint.signatures), "")
        if seq != one.checkpoint.size + 1:
            after = one.checkpoint.size + 1
            yield _build_bad_finding("not_made", one.name, after, entry=str(after))
        elif _get_key_name(fingerprint) != signer:
            yield _build_bad_finding("other_key", one.name, seq, entry=str(seq))
    for hash_, (seq, _) in found.checkpoints.items():
        if hash_ not in kept:
            yield LogFinding("checkpoints", BAD, _format_sentence("gone", entry=str(seq)), seq)
    yield from _check_countersigned(seen, found)


def _check_countersigned(seen: Sequence[NamedCheckpoint], found: Walk) -> Iterator[LogFinding]:
    there = {line.sha256: one for one in seen if one.kept for line in one.checkpoint.signatures[1:]}
    for hash_, one in there.items():
        if hash_ not in found.countersigned:
            yield _build_bad_finding("untold", one.name)
    for hash_, seq in found.countersigned.items():
        if hash_ not in there:
            yield LogFinding("checkpoints", BAD, _format_sentence("no_countersignature", entry=str(seq)), seq)


def _get_key_name(fingerprint: str) -> str:
    try:
        return checkpoints.format_key_name(fingerprint)
    except ValueError:
        return ""


def _check_order(seen: Sequence[NamedCheckpoint]) -> Iterator[LogFinding]:
    for before, one in pairwise(one for one in seen if one.kept):
        earlier, later = before.checkpoint, one.checkpoint
        if later.size < earlier.size or later.at < earlier.at:
            yield _build_bad_finding(
                "order", _describe_checkpoint(one), later.size, before=_describe_checkpoint(before)
            )


def _check_signatures(
    sql: sqlite3.Connection, seen: Sequence[NamedCheckpoint], found: Walk, trust: Trust
) -> Iterator[LogFinding]:
    """Each signature against the cards of its key; then what is known of each signer."""
    signers, bad = _list_cards(sql, trust)
    yield from bad
    for one in seen:
        if not one.checkpoint.signatures:
            yield LogFinding("signatures", BAD, Sentence("{name} is not signed.", name=one.name))
        for place, line in enumerate(one.checkpoint.signatures):
            own = place == 0 and not _is_timed(line, signers.cards.get(line.name, ()))
            yield from _check_signature(one, line, signers, own=own)
    for name, moments in signers.right.items():
        yield _assess_signer(signers.cards[name], moments, trust)


def _check_signature(one: NamedCheckpoint, line: Signature, signers: _Signers, *, own: bool) -> Iterator[LogFinding]:
    point = one.checkpoint
    cards = signers.cards.get(line.name, [])
    if one.kept and line.name not in signers.own:  # the ledger keeps the card of each who signs what it keeps
        said = Sentence(
            "{name}: the signer’s card ({key}…) is no longer in the case. Restore the case from a backup.",
            name=one.name,
            key=line.name[:24],
        )
        yield LogFinding("signatures", BAD, said)
    elif not cards:
        said = Sentence(
            "{name}: the case has no card {key}…, so the signature was not checked. To check it, provide the "
            "card (`--trust`).",
            name=one.name,
            key=line.name[:24],
        )
        yield LogFinding("signatures", OPEN, said)
    elif not checkpoints.is_signed_by(cards[0], point.body, line):
        said = Sentence(
            "{name}: the signature of {who} is not valid. The signed content was changed, or {who} did not sign it.",
            name=one.name,
            who=cards[0].label,
        )
        yield LogFinding("signatures", BAD, said, point.size)
    elif own and not any(_is_valid_at(card, point.at) for card in cards):
        valid = {"first": cards[0].valid_from or "…", "last": cards[0].valid_until or "…"}
        said = Sentence(
            "{name}, dated {at}, is signed with a key of {who}. The key is valid only from {first} to "
            "{last}. Somebody may have signed an older state again.",
            name=one.name,
            at=point.at,
            who=cards[0].label,
            **valid,
        )
        yield LogFinding("signatures", BAD, said, point.size)
    else:
        signers.right.setdefault(line.name, []).append(point.at)


def _is_valid_at(card: Card, at: str) -> bool:
    return card.valid_from <= at and (not card.valid_until or at <= card.valid_until)


def _list_cards(sql: sqlite3.Connection, trust: Trust) -> tuple[_Signers, list[LogFinding]]:
    """Cards of the ledger and given ones, by the name of their key; and what stands for a card and is none."""
    from workbench.identity import Card

    found, bad, signers = list(trust.cards), [], _Signers()
    for fingerprint, text in sql.execute("SELECT fingerprint, card FROM signers ORDER BY 1, 2").fetchall():
        try:
            card = Card.from_json(str(text))
        except IdentityError as error:
            said = Sentence(
                "The card {key} in the case was changed or is damaged. {error} Restore the case from a backup.",
                key=escape_unprintable(f"{fingerprint!s:.60}"),
                error=error,
            )
            bad.append(LogFinding("signatures", BAD, said))
            continue
        found.append(card)
        signers.own.add(checkpoints.get_key_name(card))
    for card in found:
        signers.cards.setdefault(checkpoints.get_key_name(card), []).append(card)
    return signers, bad


def _assess_signer(cards: Sequence[Card], moments: Sequence[str], trust: Trust) -> LogFinding:
    """What is known of someone who signed."""
    card, count = cards[0], len(set(moments))
    said = Sentence(
        "{who} ({key}) signed {n} checkpoint.",
        "{who} ({key}) signed {n} checkpoints.",
        n=count,
        who=card.label,
        key=card.fingerprint,
    )
    if card.fingerprint in {one.fingerprint for one in trust.cards}:
        return LogFinding(
            "signatures",
            OK,
            Sentence("{said} The program checked the identity with the card that you provided.", said=said),
        )
    if trust.bureaux is None:
        return LogFinding(
            "signatures",
            OPEN,
            Sentence(
                "{said} The identity was not checked. To check it, provide a card or a trust list (`--trust`).",
                said=said,
            ),
        )
    state = trust.bureaux.assess_card(card, moments[-1])
    known: Mapping[str, str] = {"valid": OK, "bad": BAD}
    return LogFinding("signatures", known.get(state.state, OPEN), join_sentences("{one} {more}", (said, *state.said)))

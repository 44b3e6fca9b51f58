"""Exchanges: which messages answer, cancel or remind of which. A reference counts only together with the bureau that gave it.

Serial numbers like '17/26' are in use everywhere, so a reference alone says nothing. Where no reference tells, a thread does in which
there is one message only that can be meant.

Anybody can write a file that says it is a cancellation. What came in a file of traffic, under nobody's seal, changes what becomes of
a message that was received sealed or sent from here only once an officer has said of what type it is (`case.desk.correct`). Nor does
the reply of a bureau that is no addressee of a message, nor of the country of one, settle it.

Anybody can write a name on a card as well. What came under the seal of somebody for whom no bureau of the trust list vouches acts on
what the same key has sent, or was sent sealed to that key, until an officer has said of what type it is.

Anybody can write any date. A message was not written after it was filed here: where it says so, that moment counts in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbench.case.desk.messages import bureau_names
from workbench.ledger.records import packages
from workbench.ledger.records.messages import COPY, DONE, OUT, FiledMessage
from workbench.messages.model.message import Notice
from workbench.model.time_zones import parse_iso_time, shift_moment
from workbench.visible import shorten_name

if TYPE_CHECKING:
    from workbench.identity import Card

REPLY, CANCELLATION, REMINDER = "reply", "cancellation", "reminder"
FOLLOWING = frozenset({REPLY, CANCELLATION, REMINDER})
"""Types that change what becomes of another message."""
AHEAD = timedelta(days=1)
"""By how much a message may be dated after it was filed."""
NO_KEYS: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Fate:
    """What became of a message.

    Attributes
    ----------
    answers : list of Filed
        Replies to it.
    reminders : list of Filed
        Those of it that nobody is done with.
    reminds : list of str
        Documents of what it reminds of itself.
    cancelled : bool
    """

    answers: list[FiledMessage] = field(default_factory=list)
    reminders: list[FiledMessage] = field(default_factory=list)
    reminds: list[str] = field(default_factory=list)
    cancelled: bool = False


class Exchanges:
    """What became of each message that came in or went out.

    Parameters
    ----------
    filed : sequence of Filed
    types : mapping
        Document -> type as an officer has decided it.
    of_files : collection of str
        Documents of messages that came in a file of traffic.
    signer : callable
        Message -> card of who signed it; None where it came under nobody's seal.
    keys : mapping, optional
        Document -> fingerprint of who signed it, of messages for whose signer nobody vouches.
    sealed_to : callable, optional
        Message that went out -> fingerprints of those to whom it was sealed.
    filed_at : mapping, optional
        Document -> when it was filed here (UTC, ISO 8601).
    """

    def __init__(  # noqa: PLR0913 - what is known of the messages is named one by one
        self, filed: Sequence[FiledMessage], types: Mapping[str, str], of_files: Collection[str],
        signer: Callable[[FiledMessage], Card | None], keys: Mapping[str, str] = NO_KEYS,
        sealed_to: Callable[[FiledMessage], Collection[str]] = lambda _: (), *, filed_at: Mapping[str, str] = NO_KEYS,
    ) -> None:  # fmt: skip
        self.filed = {one.document_id: one for one in filed}
        self._order = {key: number for number, key in enumerate(self.filed)}
        self._filed_at = {key: filing_time for key, at in filed_at.items() if (filing_time := parse_time(at))}
        self._types, self._fates = types, defaultdict[str, Fate](Fate)
        self._unsealed, self._signer, self._keys, self._sealed_to = frozenset(of_files), signer, keys, sealed_to
        self._weak = self._unsealed | keys.keys()
        self._named, self._threads = (
            defaultdict[str, list[FiledMessage]](list),
            defaultdict[str, list[FiledMessage]](list),
        )
        ours = [one for one in filed if one.direction != COPY]
        for one in ours:
            self._threads[one.thread_id].append(one)
            for name in {one.our_ref, one.message_id} - {""}:
                self._named[name].append(one)
        for one in ours:
            if (kind := self.get_kind(one)) in FOLLOWING:
                self._follow(one, kind)

    def get_kind(self, one: FiledMessage) -> str:
        """Type of a message as an officer has decided it, else as its form says."""
        return self._types.get(one.document_id, one.kind)

    def list_answering_bureaux(self, one: FiledMessage) -> list[str]:
        """Bureaux that have answered a message since it was last reminded of, and have not taken that back."""
        return [each.from_bureau for each in self._list_standing_answers(one)]

    def list_unanswered(self, one: FiledMessage, to: Iterable[str]) -> list[str]:
        """Those of the addressees of a message for whom nobody has answered it."""
        answered = {
            each
            for answer in self._list_standing_answers(one)
            for each in self._list_represented_addressees(answer, one)
        }
        return [each for each in to if each not in answered]

    def _list_standing_answers(self, one: FiledMessage) -> list[FiledMessage]:
        fate = self._fates[one.document_id]
        given = [each for each in fate.answers if not self._fates[each.document_id].cancelled]
        return [each for each in given if not any(self._is_before(each, later) for later in fate.reminders)]

    def _list_represented_addressees(self, answer: FiledMessage, asked: FiledMessage) -> list[str]:
        """Addressees for whom a bureau answers: itself, else the only one of its country; anybody answers a notice to all."""
        published = asked.form == Notice.form
        own = [
            each
            for each in asked.to_bureaux
            if self._is_from(answer, each) or (published and bureau_names.is_secretariat(each))
        ]
        near = [] if own else [each for each in asked.to_bureaux if self._is_of_country(answer, each)]
        return own or (near if len(near) == 1 else [])

    def _is_of_country(self, answer: FiledMessage, bureau: str) -> bool:
        """Whether an answer comes from the country of a bureau: by the card that signed it, else by what it says."""
        card = self._signer(answer)
        return (
            bureau_names.is_of(bureau, card)
            if card
            else bureau_names.find_country(bureau) == bureau_names.find_country(self._get_bureau(answer)) != ""
        )

    def is_over(self, one: FiledMessage) -> bool:
        """Whether a message was cancelled, or an officer is done with it, and nothing reminds of it; or what it reminds of is settled."""
        fate = self._fates[one.document_id]
        if fate.cancelled or (one.state == DONE and not fate.reminders):
            return True
        return bool(fate.reminds) and all(self.is_settled(self.filed[key]) for key in fate.reminds)

    def is_settled(self, one: FiledMessage) -> bool:
        """Whether a message is over, or somebody has answered it."""
        return self.is_over(one) or bool(self.list_answering_bureaux(one))

    def list_reminders(self, one: FiledMessage) -> list[str]:
        """Documents of what reminds of a message and is not done with."""
        return [each.document_id for each in self._fates[one.document_id].reminders]

    def is_reminder(self, one: FiledMessage) -> bool:
        """Whether a message reminds of another one that is here."""
        return bool(self._fates[one.document_id].reminds)

    def _follow(self, one: FiledMessage, kind: str) -> None:
        for meant in self._find_referenced(one, kind):
            fate = self._fates[meant.document_id]
            if kind == REPLY:
                if meant.direction != OUT or self._list_represented_addressees(one, meant):
                    fate.answers.append(one)
            elif kind == CANCELLATION:
                fate.cancelled |= not self._is_written_earlier(one, meant)
            elif one.state != DONE:
                fate.reminders.append(one)
            if kind == REMINDER:
                self._fates[one.document_id].reminds.append(meant.document_id)

    def _find_referenced(self, one: FiledMessage, kind: str) -> list[FiledMessage]:
        """Messages that another one names, and what a reminder among them reminds of; a reminder is of no other one that follows."""
        found = {each.document_id: each for each in self._find_cited(one, kind)}
        for each in [*found.values()]:
            if self.get_kind(each) == REMINDER:
                found |= {other.document_id: other for other in self._find_cited(each, REMINDER)}
        return [each for each in found.values() if kind != REMINDER or self.get_kind(each) not in FOLLOWING]

    def _is_before(self, one: FiledMessage, other: FiledMessage) -> bool:
        """Whether a message was written before another one; where one of them does not say when, whether it was filed before.

        So it is where one of them is dated in the future; of two of one second that one then counts as the earlier, as an answer that
        a reminder asks for again.
        """
        if not (parse_time(one.at) and parse_time(other.at)):
            return self._order[one.document_id] < self._order[other.document_id]
        if self._is_postdated(one) == self._is_postdated(other):
            return self._is_written_earlier(one, other)
        mine, theirs = (self._filed_at[each.document_id] for each in (one, other))
        return mine < theirs or (mine == theirs and self._is_postdated(one))

    def _is_written_earlier(self, one: FiledMessage, other: FiledMessage) -> bool:
        """Whether two messages say when they were written, neither alone that it was in the future, and one was before the other."""
        mine, theirs = parse_time(one.at), parse_time(other.at)
        if mine is None or theirs is None or self._is_postdated(one) != self._is_postdated(other):
            return False
        if self._is_postdated(one):
            return mine < theirs
        return self._limit_time(one, mine) < self._limit_time(other, theirs)

    def _is_postdated(self, one: FiledMessage) -> bool:
        """Whether a message says that it was written more than a day after it was filed here."""
        return is_postdated(one.at, self._filed_at.get(one.document_id))

    def _limit_time(self, one: FiledMessage, written: datetime) -> datetime:
        return min(written, self._filed_at.get(one.document_id, written))

    def _may(self, one: FiledMessage, kind: str, other: FiledMessage) -> bool:
        """Whether a message can mean another one, and may change what becomes of it."""
        if not _may_refer_to(one, kind, other):
            return False
        if one.document_id in self._types or one.document_id not in self._weak:
            return True
        if key := self._keys.get(one.document_id):
            return key == self._keys.get(other.document_id) or (
                other.direction == OUT and key in self._sealed_to(other)
            )
        return other.document_id in self._unsealed

    def _find_cited(self, one: FiledMessage, kind: str) -> list[FiledMessage]:
        possible = [
            each
            for ref in {one.your_ref, *one.other_refs} - {""}
            for each in self._named[ref]
            if self._may(one, kind, each)
        ]
        if found := [each for each in possible if self._is_reference_giver(one, kind, each)]:
            return found
        there = [each for each in self._threads[one.thread_id] if self._may(one, kind, each)]
        if one.document_id not in self._weak:  # what files and strangers put into a thread makes it no less certain
            there = [each for each in there if each.document_id not in self._weak] or there
        there = [
            each
            for each in there
            if self.get_kind(each) not in FOLLOWING and (kind == REPLY or self._is_reference_giver(one, kind, each))
        ]
        return there if len(there) == 1 else []

    def _is_reference_giver(self, one: FiledMessage, kind: str, other: FiledMessage) -> bool:
        """Whether the reference of another message is that of the bureau which is meant."""
        if other.direction == OUT:
            return True
        givers = one.to_bureaux if kind == REPLY else (self._get_bureau(one),)
        return any(self._is_from(other, each) for each in givers)

    def _is_from(self, one: FiledMessage, bureau: str) -> bool:
        """Whether a message is of a bureau; the name that stands before a key is shortened."""
        known, is_keyed = self._get_bureau(one), one.document_id in self._keys
        return bureau_names.is_same_bureau(known, bureau) or (
            is_keyed and bureau_names.is_same_bureau(known, shorten_name(bureau, packages.NAME))
        )

    def _get_bureau(self, one: FiledMessage) -> str:
        """The bureau of which a message says it is, without the key: `_may` asks for that."""
        return one.from_bureau.removesuffix(f" {self._keys.get(one.document_id, '')}")


def _may_refer_to(one: FiledMessage, kind: str, other: FiledMessage) -> bool:
    """Whether one message can mean another: a reply one that went the other way, the rest one of the same way."""
    return one is not other and (one.direction != other.direction) == (kind == REPLY)


def is_postdated(written: str, filed_at: datetime | None) -> bool:
    """Whether a date lies more than a day after the moment at which what bears it was filed; a clock or a zone may err by less."""
    moment = parse_time(written)
    return moment is not None and filed_at is not None and moment > shift_moment(filed_at, AHEAD)


def parse_time(written: str) -> datetime | None:
    """A moment in UTC, None where a text is none."""
    try:
        return parse_iso_time(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

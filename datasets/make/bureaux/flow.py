"""The whole of the traffic: threads, notices, letters, near duplicates, numbers that turn up in two countries, and planted defects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from greyheron.random_choices import Dice

from bureaux import sound_messages, world
from bureaux.defect import Defect, kinds_of
from bureaux.header_defects import HEADERS
from bureaux.notice_defects import NOTICED
from bureaux.source_defects import SOURCED
from bureaux.text_defects import WORDING
from workbench.messages.model.message import Correspondence, Message

DEFAULT_SEED = 7
DEFAULT_SIZE = 2400
DEFECTS = (*HEADERS, *NOTICED, *WORDING, *SOURCED)
STEPS = {
    "reply": ("reply",),
    "slow": ("acknowledgement", "reminder", "reply"),
    "corrected": ("reply", "correction"),
    "cancelled": ("acknowledgement", "cancellation"),
    "open": (),
}
"""How a thread goes on after its request."""
BY_SENDER = ("reminder", "cancellation")
"""Steps that the bureau takes that wrote the request; a reply is corrected by who gave it."""


@dataclass(frozen=True)
class Sent:
    """A message with its truth.

    Attributes
    ----------
    message : Correspondence
    moment : datetime
        When it is sent, whatever stands in the message.
    sender, language : str
        Country and language of who sends it, whatever stands in the message.
    about : Matter
    last : bool
        Whether nothing in the thread follows it.
    original : str
        Id of the message that it nearly repeats, '' for none.
    rules : tuple of str
        Rules that it breaks.
    place : str
        The field that is wrong.
    file_hashes : mapping
        SHA-256 of its files before anything was planted.
    """

    message: Correspondence
    moment: datetime
    sender: str
    language: str
    about: sound_messages.Matter
    last: bool = True
    original: str = ""
    rules: tuple[str, ...] = ()
    place: str = ""
    file_hashes: Mapping[str, str] = field(default_factory=dict)


def traffic(seed: int = DEFAULT_SEED, size: int = DEFAULT_SIZE) -> list[Sent]:
    """So many messages, in the order in which they are sent."""
    made: list[Sent] = []
    step = 0
    while len(made) < size:
        made += _thread(seed, step)
        step += 1
    ordered = sorted(made[:size], key=lambda one: (one.moment, one.message.message_id))
    return _insert_defects(seed, ordered)


def truth(sent: list[Sent]) -> Iterator[dict[str, Any]]:
    """One row a message: what it is, and what was planted."""
    countries = defaultdict(set)
    for one in sent:
        for _, number in one.about.links:
            countries[number].add(one.sender)
    for one in sent:
        numbers = [number for _, number in one.about.links if number in str(one.message)]
        yield {
            "message_id": one.message.message_id,
            "thread_id": one.message.thread_id,
            "sent_at": one.moment.isoformat(),
            "sender": one.sender,
            "form": one.message.form,
            "kind": sorted(kinds_of(one.message) - {"", one.message.form}),
            "language": one.language,
            "crime_area": one.about.area,
            "near_duplicate_of": one.original,
            "numbers": numbers,
            "in_two_countries": [number for number in numbers if len(countries[number]) > 1],
            "broken": list(one.rules),
            "field": one.place,
        }


def _thread(seed: int, step: int) -> list[Sent]:
    """What comes of one matter: a thread, a notice, a letter, or something that a bureau tells."""
    dice = Dice(seed, f"thread:{step}")
    about = sound_messages.matter(dice, sound_messages.moment(dice, step), _links(seed, dice, step))
    to = dice.pick([country for country in world.LANGUAGE if country != about.country])
    reference = f"{about.country}-2026-{step:05}"
    turn = dice.random_below(11)
    if turn < 6:
        return _build_request_thread(about, reference, to)
    if turn == 6:
        return [_build_sent(about, sound_messages.information(about, reference, to))]
    if turn == 7:
        return [_build_sent(about, sound_messages.letter(about, reference, to))]
    return [_build_sent(about, sound_messages.notice(about, reference, to))]


def _build_sent(about: sound_messages.Matter, message: Correspondence, country: str = "", **more: Any) -> Sent:  # noqa: ANN401
    country = country or about.country
    moment = more.pop("moment", about.moment)
    return Sent(message, moment, country, world.LANGUAGE[country], about, **more)


def _build_request_thread(about: sound_messages.Matter, reference: str, to: str) -> list[Sent]:
    """A request and what follows, or a request that is repeated to another bureau."""
    first = sound_messages.request(about, reference, to)
    dice = about.dice
    steps = STEPS[dice.pick(("reply", "slow", "corrected", "cancelled", "open", "open", "open"))]
    thread = [_build_sent(about, first, last=not steps)]
    theirs = ""
    for number, kind in enumerate(steps, 1):
        country = about.country if kind in BY_SENDER else to
        moment = thread[-1].moment + timedelta(days=dice.random_between(1, 9), minutes=dice.random_below(600))
        answer = replace(about, moment=moment)
        own = f"{country}-{reference}-{number}"
        message = sound_messages.build_follow_up(
            answer, kind, first, own, country, theirs if country == about.country else reference
        )
        theirs = theirs if country == about.country else own
        thread.append(_build_sent(answer, message, country, moment=moment, last=number == len(steps)))
    if steps or not dice.chance(0.25):
        return thread
    return [replace(thread[0], last=False), *_repeat_request(about, first, reference)]


def _repeat_request(about: sound_messages.Matter, first: Message, reference: str) -> list[Sent]:
    """Nearly the same again: to another bureau word by word, or to the same one with news."""
    dice, moment = about.dice, about.moment + timedelta(days=2)
    others = [country for country in world.LANGUAGE if world.bureau(country) not in (*first.to, first.from_bureau)]
    news = f"{about.tongue().pick_sentence('enquiries')} {first.summary_of_facts}"
    change: dict[str, Any] = (
        {"to": (world.bureau(dice.pick(others)),)} if dice.chance(0.5) else {"summary_of_facts": news}
    )
    again = replace(
        first,
        message_id=f"M-{reference}-B",
        our_ref=f"{reference}-B",
        date_time=moment.isoformat(),
        reply_by="",
        urgency="normal",
        **change,
    )
    return [_build_sent(replace(about, moment=moment), again, moment=moment, original=first.message_id)]


def _links(seed: int, dice: Dice, step: int) -> tuple[tuple[str, str], ...]:
    """One or two numbers; one in five is of a pool, so that it turns up with other bureaux as well."""
    found = []
    for kind in dice.shuffle(world.LINKS)[: dice.random_between(1, 2)]:
        pool = Dice(seed, f"pool:{kind}:{step // 200}:{dice.random_below(12)}")
        found.append((kind, world.number(pool if dice.chance(0.2) else dice, kind)))
    return tuple(found)


def _insert_defects(seed: int, sent: list[Sent]) -> list[Sent]:
    """The same with defects in some four of ten, each time the one that was planted least so far."""
    dice = Dice(seed, "defects")
    planted = dict.fromkeys(dice.shuffle(DEFECTS), 0)
    done = []
    for one in sent:
        fitting = [each for each in planted if _can_take_defect(one, each)]
        if fitting and one.last and one.about.plain and not one.original:
            chosen = min(fitting, key=lambda each: planted[each])
            planted[chosen] += 1
            done.append(_apply_defect(one, chosen))
        else:
            done.append(one)
    return [each for one in done for each in (one, *_build_duplicates(dice, one))]


def _can_take_defect(one: Sent, each: Defect) -> bool:
    return bool(each.kinds & kinds_of(one.message)) and each.fits(one.message)


def _apply_defect(one: Sent, each: Defect) -> Sent:
    tongue = replace(one.about.tongue(one.sender), today=one.moment.date())
    message, place = each.change(one.message, tongue)
    files = {file.name: file.sha256 for file in one.message.attachments}
    return replace(one, message=message, rules=(each.rule, *each.also), place=place, file_hashes=files)


def _build_duplicates(dice: Dice, one: Sent) -> list[Sent]:
    """In one of a hundred the same message once more, half of them with a word more, which TXT-13 is about."""
    if (
        one.rules
        or one.original
        or not one.message.summary_of_facts
        or one.message.to == ("IPSG",)
        or not dice.chance(0.01)
    ):
        return []
    text = one.message.summary_of_facts
    if dice.chance(0.5):
        text = f"{text.rstrip('.')} {one.about.tongue(one.sender).pick_sentence('again')}."
    ids = {"message_id": f"{one.message.message_id}-A", "our_ref": f"{one.message.our_ref}-A"}
    message = replace(one.message, summary_of_facts=text, **ids)
    return [replace(one, message=message, original=one.message.message_id, rules=("TXT-13",), place="summary_of_facts")]

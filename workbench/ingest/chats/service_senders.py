"""Which senders of a chat export are services: networks, bots, advertisers. They are set apart, never dropped.

The rules are general (no list of one case's names) and lean to the person: a custodian, and anyone who got a personal
answer, is never a service. A sender that is a service by mistake is still in the case, with the reason beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.ingest.reading.participants import Participant

SYSTEM = frozenset(
    {"system message", "system", "systembericht", "systeembericht", "message systeme", "mensaje del sistema"}
)
APPS = frozenset(
    {"facebook", "google", "instagram", "messenger", "signal", "skype", "snapchat", "telegram", "threema", "tiktok"}
    | {"twitter", "viber", "wechat", "whatsapp"}
)
SMS = ("sms", "mms", "imessage", "native messages", "text message", "messages")
SENDER_ID = 11
"""An alphabetic SMS sender has at most eleven characters (3GPP TS 23.040)."""

LINK = re.compile(
    r"https?://|www\.|\bt\.me/|\b[a-z0-9-]{2,40}\.(?:com|net|org|info|io|me|ly|nl|fr|es|de|uk)/", re.IGNORECASE
)
CODE = re.compile(r"\b(?:code|pin|otp|password|verification)\b[^\n]{0,20}?\d{4,8}", re.IGNORECASE)
WORDS = re.compile(
    r"\b(?:account manager|actie|admission|aanbieding|bitcoin|bonus|bundel|cashback|claim|click|congratulations"
    r"|contact me|crypto|customers?|daily profit|deals?|deposit|descuento|discount|earn(?:ed|ing|ings)?|enroll|fees?"
    r"|free|gagnez|gift|gratis|gratuit|guaranteed|invest(?:ment|ments|ors?)?|join|jackpot|korting|limited time|lottery"
    r"|oferta|offers?|offre|opwaarderen|payouts?|per day|platform|premio|prijs|prizes?|profits?"
    r"|promo(?:tion|tie|cion)?|referral|register|registration|reward|sale|sign up|signals?|sorteo|subscribe|trading"
    r"|unsubscribe|usdt|webinar|win|winner|withdraw(?:al)?)\b",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+")
LOOKED_AT = 2_000
KEPT = 64
SHARE = 0.5
REPEATS = 3


@dataclass(slots=True)
class Sender:
    """What is counted of one sender in the first pass over a file. Texts are counted once, not once per copy."""

    texts: int = 0
    promotional: int = 0
    coded: int = 0
    sms: int = 0
    received: int = 0
    answers: int = 0
    templates: dict[str, int] = field(default_factory=dict)
    reached: dict[str, set[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def count_sent(self, who: Participant, text: str, *, app: str, to: str) -> None:
        """Count one text that was sent."""
        self.texts += 1
        self.promotional += is_promotional(text)
        self.coded += CODE.search(text[:LOOKED_AT]) is not None
        self.sms += app.casefold() in SMS
        self.name(who)
        template = DIGITS.sub("0", text[:200])
        if template in self.templates or len(self.templates) < KEPT:
            self.templates[template] = self.templates.get(template, 0) + 1
            self.reached.setdefault(template, set()).add(to)

    def count_received(self, who: Participant, text: str, *, personal: bool) -> None:
        """Count one text that was received; a command to a bot ('/start') is no personal answer."""
        self.received += 1
        self.answers += personal and not text.lstrip().startswith("/")
        self.name(who)

    def name(self, who: Participant) -> None:
        """Keep the names under which it goes."""
        if len(self.names) < KEPT:
            self.names |= who.names

    def add(self, other: Sender) -> None:
        """Fold another count of the same account into this one."""
        for name in ("texts", "promotional", "coded", "sms", "received", "answers"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for template, count in other.templates.items():
            self.templates[template] = self.templates.get(template, 0) + count
        for template, recipients in other.reached.items():
            self.reached[template] = self.reached.get(template, set()) | recipients
        self.names |= other.names


def is_promotional(text: str) -> bool:
    """Whether a text is worded like advertising: two promotional words, or one beside a link."""
    found = {match.group().casefold() for match in WORDS.finditer(text[:LOOKED_AT])}
    return len(found) + (LINK.search(text[:LOOKED_AT]) is not None) > 1


def is_service_name(name: str) -> bool:
    """Whether a normalised name is that of a program or its makers."""
    return name in SYSTEM or name.removeprefix("team ") in APPS


def is_system(who: Participant) -> bool:
    """Whether the sender is the program itself."""
    return not who.names.isdisjoint(SYSTEM)


def find_service_reason(sender: Sender, name: str, *, kind: str, apps: frozenset[str]) -> str:
    """Why a sender counts as a service, '' if it does not.

    Parameters
    ----------
    sender : Sender
        Counts of the whole file. Not for custodians: they are never asked about.
    name : str
        Identifier or label of the account.
    kind : {'group', 'identifier', 'name'}
    apps : frozenset of str
        Names of the messengers in this file, normalised: an export may have its own.
    """
    if sender.names & SYSTEM:
        return "system"
    if sender.answers or not sender.texts or kind == "group":
        return ""
    if sender.names & (apps | {f"team {app}" for app in apps}):
        return "system"
    if any(own.split()[-1].endswith("bot") for own in sender.names):
        return "bot"
    if _is_short_code(sender, name, kind):
        return "short code"
    return "advertising" if _is_advertising(sender) else ""


def _is_short_code(sender: Sender, name: str, kind: str) -> bool:
    """Three to six digits, or an alphabetic network sender of text messages that writes like a network."""
    if name.isdigit():
        return 3 <= len(name) <= 6
    alphabetic = kind == "name" and len(name) <= SENDER_ID and " " not in name and sender.sms == sender.texts
    broadcast = any(len(recipients) > 1 for recipients in sender.reached.values())
    machine = sender.promotional or sender.coded or broadcast or _has_repeats(sender)
    return alphabetic and not sender.received and bool(machine)


def _is_advertising(sender: Sender) -> bool:
    """Worded so in at least half of its texts, or one template over and over to somebody who never answers."""
    return sender.promotional >= SHARE * sender.texts or (_has_repeats(sender) and sender.promotional > 0)


def _has_repeats(sender: Sender) -> bool:
    return max(sender.templates.values(), default=0) >= REPEATS

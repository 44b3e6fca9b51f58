"""Sound correspondence: no rule has anything to say against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from greyheron import identifiers

from bureaux import world
from bureaux.message_sources import build_source_fields
from bureaux.story_language import Tongue, faults, story
from workbench.messages.model.message import (
    Assessment,
    Asset,
    Attachment,
    Charge,
    Decision,
    Event,
    Identity,
    LetterOfRequest,
    Message,
    Notice,
    Person,
)

if TYPE_CHECKING:
    from greyheron.random_choices import Dice

STATUS = {"missing_person": "missing"}
COLORS = ("red",) * 6 + ("blue",) * 3 + ("green", "yellow", "yellow", "black", "orange", "purple", "silver", "un")
OFFICERS = tuple(f"officer-{number:02}" for number in range(1, 30))


@dataclass(frozen=True)
class Matter:
    """What a thread is about: crime area, sender, the person, numbers that turn up, the day."""

    dice: Dice
    area: str
    country: str
    who: Person
    links: tuple[tuple[str, str], ...]
    moment: datetime
    plain: bool

    @property
    def code(self) -> str:
        """Language of the sender."""
        return world.LANGUAGE[self.country]

    def tongue(self, country: str = "") -> Tongue:
        """Sentences in the language of a country, by default the sender's."""
        code = world.LANGUAGE[country] if country else self.code
        return Tongue(code, self.dice, self.moment.date(), self.who)


def matter(dice: Dice, moment: datetime, links: tuple[tuple[str, str], ...], area: str = "") -> Matter:
    """A new matter. Seven of ten are `plain`; the other texts hold sentences that only look as if they broke a rule."""
    country = dice.pick(tuple(world.LANGUAGE))
    area = area or dice.pick(tuple(story(world.LANGUAGE[country])["areas"]))
    minor = area == "missing_person" and dice.chance(0.4)
    who = world.person(dice, country, moment.date(), status=STATUS.get(area, "suspect"), minor=minor)
    if dice.chance(0.3):
        who = replace(
            who, documents=(Identity(kind="passport", number=identifiers.passport(dice, country), country=country),)
        )
    who = replace(who, phones=tuple(value for kind, value in links if kind == "phone"))
    return Matter(dice, area, country, who, links, moment, dice.chance(0.7))


def facts(about: Matter) -> list[str]:
    """Sentences that tell what happened, about 110 words."""
    said, tongue = story(about.code), about.tongue()
    area = said["areas"][about.area]
    lines = [tongue.pick_sentence("open"), tongue.fill(about.dice.pick(area["facts"]))]
    lines += [tongue.fill(one) for one in about.dice.shuffle(area["details"])[:2]]
    for kind, value in about.links:
        slot = {"vehicle": "plate", "handset": "imei"}.get(kind, kind)
        lines.append(tongue.fill(about.dice.pick(said["links"][kind]), **{slot: value}))
    lines += _fill_enquiries(about, 3)
    if not about.plain:
        lines.insert(-1, tongue.fill(about.dice.pick(faults(about.code)["innocent"])))
    return lines


def head(about: Matter, reference: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """What every form has at its head; `kind` names it in the subject."""
    dice, tongue = about.dice, about.tongue()
    level = dice.pick(("FOUO",) * 8 + ("RESTRICTED", "RESTRICTED", "CONFIDENTIAL"))
    author, approver = dice.shuffle(OFFICERS)[:2]
    made = {
        "message_id": "M-" + reference,
        "thread_id": "T-" + reference,
        "our_ref": reference,
        "from_bureau": world.bureau(about.country),
        "date_time": about.moment.isoformat(),
        "urgency": "normal",
        "subject": subject(about, more.pop("kind", "notice")),
        "crime_area": (about.area,),
        "purpose": "missing" if about.area == "missing_person" else "person_info",
        "legal_basis": tongue.pick_sentence("legal"),
        "language": about.code,
        "confidentiality": level,
        "handling": dice.pick(("H0", "H1", "H1", "H2")),
        "tlp": dice.pick(("TLP:AMBER", "TLP:AMBER", "TLP:GREEN", "TLP:RED")),
        "author": author,
        "approver": "" if level == "FOUO" else approver,
        "persons": (about.who,),
        "attachments": attachments(dice),
        **build_source_fields(about.country, reference, about.moment),
    }
    return made | more


def subject(about: Matter, kind: str) -> str:
    """CRIME / REQUEST / Surname, with a word before it where the person is a minor."""
    said = story(about.code)
    minor = [said["minor"]] if about.who.date_of_birth > _eighteen_years_ago(about.moment.date()) else []
    return " / ".join([*minor, *get_titles(about, about.area, kind), about.who.family_name])


def get_titles(about: Matter, area: str, kind: str) -> tuple[str, str]:
    """Crime area and kind of correspondence as a subject names them."""
    said = story(about.code)
    return said["areas"][area]["title"], said["kinds"][kind]


def _eighteen_years_ago(today: date) -> str:
    return (today - timedelta(days=int(18 * 365.25))).isoformat()


def attachments(dice: Dice) -> tuple[Attachment, ...]:
    """None, one or two files."""
    return tuple(make_attachment(dice) for _ in range(dice.pick((0, 0, 1, 2))))


def make_attachment(dice: Dice) -> Attachment:
    """A file with a name of its own."""
    name = f"{dice.pick(('report', 'list', 'picture'))}-{dice.hexa(8)}.pdf"
    return Attachment(name=name, sha256=dice.hexa(64), media_type="application/pdf", confidentiality="FOUO")


def request(about: Matter, reference: str, to: str) -> Message:
    """A request for what police may tell."""
    dice, tongue = about.dice, about.tongue()
    actions = dice.shuffle(tuple(story(about.code)["asks"]))[: dice.random_between(1, 2)]
    asks = [tongue.fill(dice.pick(story(about.code)["asks"][action])) for action in actions]
    urgent = urgency(about)
    return Message(
        **head(about, reference, to=(world.bureau(to),), kind="request", **urgent),
        type="request",
        summary_of_facts=" ".join([*facts(about), *asks, tongue.pick_sentence("close")]),
        objects=objects(about),
        requested_action=tuple(actions),
        conditions_of_use=tongue.pick_sentence("conditions"),
    )


def objects(about: Matter) -> tuple[world.Item, ...]:
    """The numbers of the matter that are of things."""
    return tuple(world.item(about.dice, kind, value, about.country) for kind, value in about.links if kind != "phone")


def urgency(about: Matter) -> dict[str, str]:
    """Degree of urgency with reason and day: urgent in one of eight, danger to life in one of forty."""
    tongue, turn = about.tongue(), about.dice.random_below(40)
    soon = (about.moment.date() + timedelta(days=about.dice.random_between(2, 9))).isoformat()
    if turn == 0:
        return {"urgency": "immediate", "urgency_reason": tongue.pick_sentence("life"), "reply_by": soon}
    if turn < 6:
        return {"urgency": "urgent", "urgency_reason": tongue.pick_sentence("urgent"), "reply_by": soon}
    return {"reply_by": (about.moment.date() + timedelta(days=30)).isoformat() if turn % 2 else ""}


def build_follow_up(about: Matter, kind: str, first: Message, reference: str, country: str, your_ref: str) -> Message:
    """What follows a request: acknowledgement, reminder, reply, correction, cancellation."""
    tongue = about.tongue(country)
    to = first.to[0] if country == about.country else first.from_bureau
    told = replace(about, country=country)
    made = head(told, reference, to=(to,), thread_id=first.thread_id, attachments=(), kind=kind)
    name = {"reply": "replies"}.get(kind, f"{kind}s")
    return Message(
        **made,
        type=kind,
        your_ref=your_ref,
        other_refs=(first.our_ref,),
        summary_of_facts=" ".join(
            [
                tongue.pick_sentence("open"),
                tongue.pick_sentence(name),
                tongue.pick_sentence("enquiries"),
                tongue.pick_sentence("close"),
            ]
        ),
        conditions_of_use=tongue.pick_sentence("conditions"),
    )


def information(about: Matter, reference: str, to: str) -> Message:
    """What a bureau tells without being asked."""
    tongue = about.tongue()
    return Message(
        **head(about, reference, to=(world.bureau(to),), kind="information"),
        type="information",
        summary_of_facts=" ".join([tongue.pick_sentence("informs"), *facts(about)[1:], tongue.pick_sentence("close")]),
        objects=objects(about),
        conditions_of_use=tongue.pick_sentence("conditions"),
    )


def notice(about: Matter, reference: str, to: str) -> Notice:
    """A notice of some colour for the General Secretariat, or a diffusion to a bureau."""
    color = about.dice.pick(COLORS)
    made = head(about, reference, to=("IPSG",), purpose="wanted" if color == "red" else "person_info")
    diffusion = about.dice.chance(0.3)
    parts = {**made, "color": color, "diffusion": diffusion, "summary_of_facts": " ".join(facts(about))}
    if diffusion:
        parts["to"] = (world.bureau(to),)
    return Notice(**(parts | PARTS[color](about, parts)))


def _red(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    dice, tongue, said = about.dice, about.tongue(), story(about.code)
    facts_on = about.moment.date() - timedelta(days=dice.random_between(70, 700))
    warrant = make_attachment(dice)
    charge = Charge(
        text=said["charge"][about.area],
        language=about.code,
        law=tongue.pick_sentence("legal"),
        provision=tongue.pick_sentence("reason"),
        maximum_years=float(dice.random_between(3, 15)),
        limitation_date=(facts_on + timedelta(days=7300)).isoformat(),
    )
    decision = Decision(
        reference=f"W-{dice.random_between(1, 900)}/{facts_on.year}",
        date=(facts_on + timedelta(days=dice.random_between(10, 60))).isoformat(),
        authority=tongue.fill("{place}"),
        country=about.country,
        attachment=warrant.name,
    )
    wanted = replace(
        about.who,
        status="wanted",
        description=tongue.pick_sentence("looks"),
        date_of_birth=world.make_birth_date(dice, facts_on),
    )
    return {
        "persons": (wanted,),
        "subject": " / ".join([*get_titles(about, about.area, "notice"), wanted.family_name]),
        "attachments": (*made["attachments"], warrant),
        "charges": (charge,),
        "decisions": (decision,),
        "date_of_facts": facts_on.isoformat(),
        "serious_crime_reason": tongue.pick_sentence("reason"),
        "extradition_assured": True,
        "extradition_from": tuple(dice.shuffle(tuple(world.LANGUAGE))[:2]),
        "in_absentia": False,
    }


def _blue(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    who = replace(about.who, status=about.dice.pick(("suspect", "witness", "charged")))
    return {"persons": (who,), "sought": (about.dice.pick(("identity", "location", "activity", "record")),)}


def _green(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    tongue = about.tongue()
    day = about.moment.date() - timedelta(days=20)
    return {
        "assessment": Assessment(
            authority=f"{about.country}-NCB",
            date=day.isoformat(),
            basis=tongue.pick_sentence("reason"),
            facts=tongue.pick_sentence("enquiries"),
        )
    }


def _event(about: Matter) -> Event:
    tongue = about.tongue()
    day = about.moment.date() - timedelta(days=about.dice.random_between(3, 60))
    return Event(
        reference=f"V-{about.dice.random_between(1, 900)}",
        date=day.isoformat(),
        place=tongue.fill("{place}"),
        circumstances=tongue.pick_sentence("enquiries"),
    )


def _yellow(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    tongue = about.tongue()
    who = replace(about.who, status="missing", description=tongue.pick_sentence("looks"))
    return {"persons": (who,), "event": _event(about), "disclosure_allowed": tongue.pick_sentence("legal")}


def _black(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    prints = make_attachment(about.dice)
    body = Person(
        sex=about.who.sex,
        status="unidentified",
        scale="4x4",
        source_grade="A",
        information_grade="1",
        fingerprints=prints.name,
    )
    said = story(about.code)
    return {
        "persons": (body,),
        "attachments": (*made["attachments"], prints),
        "event": _event(about),
        "subject": " / ".join(get_titles(about, "missing_person", "notice")),
        "summary_of_facts": " ".join([*about.dice.shuffle(said["found"])[:2], *_fill_enquiries(about, 2)]),
    }


def _fill_enquiries(about: Matter, count: int) -> list[str]:
    """So many sentences on what was done since."""
    return [about.tongue().fill(one) for one in about.dice.shuffle(story(about.code)["enquiries"])[:count]]


def _orange(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    said = story(about.code)
    return {
        "threat": said["threat"],
        "on_contact": said["on_contact"],
        "assessment": Assessment(basis=about.tongue().pick_sentence("enquiries")),
    }


def _purple(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    said = story(about.code)
    return {
        "persons": (),
        "modus_operandi": said["mo"],
        "subject": " / ".join(get_titles(about, about.area, "notice")),
        "summary_of_facts": " ".join(
            [*map(about.tongue().fill, said["areas"][about.area]["details"][:2]), *_fill_enquiries(about, 3)]
        ),
    }


def _silver(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    said = story(about.code)
    asset = Asset(
        kind="account",
        description=world.number(about.dice, "account"),
        country="XC",
        link=about.tongue().pick_sentence("enquiries"),
    )
    return {"offence": said["charge"][about.area], "assets": (asset,), "pilot": True}


def _un(about: Matter, made: dict[str, Any]) -> dict[str, Any]:
    return {
        "un_reference": f"QDi.{about.dice.random_between(100, 999)}",
        "un_resolution": "1267",
        "measures": ("freeze", "travel_ban"),
    }


PARTS = {
    "red": _red, "blue": _blue, "green": _green, "yellow": _yellow, "black": _black,
    "orange": _orange, "purple": _purple, "silver": _silver, "un": _un,
}  # fmt: skip
"""Colour -> what a notice of it has beside the head."""


def letter(about: Matter, reference: str, to: str) -> LetterOfRequest:
    """A letter of request for bank records, to the central authority."""
    dice, tongue, said = about.dice, about.tongue(), story(about.code)
    account = next((value for kind, value in about.links if kind == "account"), world.number(dice, "account"))
    charge = said["charge"][about.area]
    day = about.moment.date()
    return LetterOfRequest(
        **head(
            about, reference, to=(f"{to}-CENTRAL-AUTHORITY",), from_bureau=f"{about.country}-JUSTICE", kind="letter"
        ),
        conditions_of_use=tongue.pick_sentence("conditions"),
        summary_of_facts=" ".join([*facts(about), tongue.fill(said["letter"][0])]),
        objects=objects(about),
        requesting_authority=tongue.fill("{place}"),
        requesting_contact=f"justice@{about.country.lower()}.example",
        conducting_authority=tongue.fill("{place}"),
        conducting_functions=charge,
        proceeding=charge,
        subject_matter=charge,
        requested_state=to,
        central_authority=f"{to}-CENTRAL-AUTHORITY",
        treaty="UNTOC 18",
        scope=tongue.pick_sentence("reason"),
        maximum_years=6.0,
        accepted_languages=("en", "fr", "es", "ar"),
        assistance=("bank_records",),
        assistance_detail=charge,
        evidence_purpose=charge,
        provisions=tongue.pick_sentence("legal"),
        dual_criminality=tongue.pick_sentence("legal"),
        nexus=said["letter"][1],
        account=account,
        account_period=f"{day - timedelta(days=400)}/{day - timedelta(days=40)}",
        account_holder=f"{about.who.family_name} {about.who.forename}",
        certification=tongue.pick_sentence("reason"),
    )


def moment(dice: Dice, step: int) -> datetime:
    """When a message of a row is sent: about every seven minutes from January 2026 on."""
    return datetime(2026, 1, 5, 6, tzinfo=UTC) + timedelta(minutes=7 * step + dice.random_below(6))

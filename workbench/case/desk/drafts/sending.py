"""A draft goes out: when nothing of it is open, approved where that is needed, sealed to its addressees, filed, and told in the log.

Its filing is written before the package has its name in the outbox. After an interruption sending again finishes what was begun, and
nothing goes out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from workbench import identity
from workbench.case.access import clearances, controller
from workbench.case.context import source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.desk.drafts import addressee_check, approval
from workbench.case.desk.drafts.draft_record import DraftRecord, set_current_date
from workbench.case.desk.messages import bureau_names, deliveries, filing, rendering, validation
from workbench.case.packages import addressees, package_export, sealing
from workbench.case.packages.package_export import PackageRequest
from workbench.case.packages.sealing import PackageContent
from workbench.errors import CaseError
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.exchange.sealed_file import SUFFIX
from workbench.ledger import Object, now
from workbench.ledger.access import hidden_parts
from workbench.ledger.records import messages, packages
from workbench.ledger.records.drafts import DRAFT, PARTLY
from workbench.ledger.records.messages import OUT
from workbench.messages import LetterOfRequest, to_json
from workbench.messages.model.message import Correspondence
from workbench.model.catalogue import Sentence, get_term, join_sentences
from workbench.model.handling_marks import TLP, Mark

if TYPE_CHECKING:
    from workbench.exchange.file_digests import Content
    from workbench.exchange.package import PackedFile
    from workbench.identity import Card, Officer, TrustList
    from workbench.messages.rules.rule_check import Fault

FORM, PAGE, APPROVAL, ATTACHED = "message.json", "message.html", "approval.json", "attachments/"
"""What is in the package of a message."""
LISTED = 4


@dataclass(frozen=True, slots=True)
class Going:
    """Who sends what to whom.

    Attributes
    ----------
    message : Correspondence
        As it goes out, with the signature of who approved it.
    approver : Card or None
    officer : Officer
    cards : sequence of Card
    mark : Mark
        Of the message and of all that it was made from.
    reason : str
    """

    message: Correspondence
    approver: Card | None
    officer: Officer
    cards: Sequence[Card]
    mark: Mark
    reason: str


def send_draft(
    context: CaseContext, draft: DraftRecord, cards: Sequence[Card], wish: PackageRequest, trust: TrustList | None
) -> Path:
    """Seal a draft to the holders of some cards; the package in the outbox. It stays among the drafts while it has not gone to all.

    Raises
    ------
    CaseError
        With the reason, while anything speaks against it. It is logged.
    """
    trusted = identity.load_trust_list() if trust is None else trust
    _may_go(context, draft.current(), cards, trusted)
    message = as_sent(context, draft)
    if (path := _find_sealed_package(context, draft, message)) is not None:
        return _record_package(context, draft, message, path, cards)
    cards = _select_open_cards(context, draft, cards)
    wish = replace(wish, clearance=filing.get_level(wish.clearance, controller.get_scheme(context)))
    going = _prepare_sending(context, draft, message, cards, wish)
    unknown = addressees.list_unvouched(context, cards, trusted, wish.unknown_addressee)
    _check_addressees(context, draft, going, trusted, wish)
    told: dict[str, object] = {"message": draft.message.message_id, "let stand": _let_stand(draft)}
    if overridden := sorted({one.rule.id for one in draft.faults() if one.overridden}):
        told["danger to life overrides"] = overridden
    if unknown:
        told |= {"unknown addressees": unknown, "sealed to them": wish.unknown_addressee.strip()}
    with sealing.create_work_folder(context, context.folder.derived) as place:
        made = sealing.gather_unique(
            context, lambda: _build_package(context, draft, going, Path(place)), going.officer, cards
        )

        def file_message(packed: PackedFile) -> None:
            name = packed.header.package
            key = filing.file_message(context, going.message, direction=OUT, package=name, mark=going.mark)
            messages.update_package(context.ledger, key, name)

        path = sealing.seal_package(context, made, going.officer, cards, told, before=file_message).path
        return _record_package(context, draft, going.message, path, cards)


def _may_go(context: CaseContext, draft: DraftRecord, cards: Sequence[Card], trust: TrustList) -> None:
    what = Object("draft", draft.id)
    if isinstance(draft.message, LetterOfRequest):
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "You cannot send a letter of request as a police message. Export it and give it to "
                "the central authority."
            ),
        )
    if not cards:
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "The message was not sent. It cannot be encrypted, because the cards of its "
                "addressees are missing. Open the desk with these cards."
            ),
        )
    may_leave(context, draft, trust)


def may_leave(context: CaseContext, draft: DraftRecord, trust: TrustList) -> None:
    """Refuse what has gone out or was put away, and what is open; what has gone to some goes to the others as it is.

    Raises
    ------
    CaseError
        It says what speaks against it; it is logged.
    """
    if draft.state not in (DRAFT, PARTLY):
        state = get_term("refused.draft.state", draft.state)
        why = Sentence("You can no longer send the draft {id}. Its state is: {state}.", id=draft.id, state=state)
        raise context.ledger.refuse("disclosure", Object("draft", draft.id), why)
    if draft.state == DRAFT:
        check_ready(context, draft, trust)


def _select_open_cards(context: CaseContext, draft: DraftRecord, cards: Sequence[Card]) -> Sequence[Card]:
    """Cards of those to whom a message has not gone yet: it goes to nobody twice."""
    gone = {*deliveries.list_addressees(draft.message)} - {*draft.left}
    left = [card for card in cards if not gone.intersection(deliveries.list_reached(draft.message, [card]))]
    if not left:
        why = Sentence(
            "The message was not sent again: it was already sent to {gone}. Give the cards of "
            "the other addressees: {left}.",
            gone=", ".join(sorted(gone)),
            left=", ".join(draft.left),
        )
        raise context.ledger.refuse("disclosure", Object("draft", draft.id), why)
    return left


def check_ready(context: CaseContext, draft: DraftRecord, trust: TrustList) -> None:
    """Refuse what is open: errors, warnings that nobody let stand, the signature of a second officer who counts.

    Raises
    ------
    CaseError
        It says what is open; it is logged.
    """
    what = Object("draft", draft.id)
    unsigned = approval.is_approval_needed(draft.message) and approval.find_approver(draft) is None
    message = set_current_date(draft.message)
    message = replace(message, approver=message.approver or "second officer") if unsigned else message
    if found := draft.open_faults(message):
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "The message cannot be sent yet: {listed} Fix each error. For a warning, fix it or give a reason "
                "to keep it.",
                listed=_format_faults(found),
            ),
        )
    if unsigned:
        why = Sentence(
            "The message was not sent: it is {level}. First, a second officer must sign it with their own key.",
            level=draft.message.confidentiality,
        )
        raise context.ledger.refuse("disclosure", what, why)
    if lapsed := approval.find_lapse(context, draft, trust):
        raise context.ledger.refuse("disclosure", what, lapsed)


def _format_faults(found: Sequence[Fault]) -> str:
    """The first faults, and how many more there are."""
    told = (Sentence("{rule}: {fault}", rule=one.rule.id, fault=one) for one in found[:LISTED])
    listed = join_sentences("{one}; {more}", told)
    more = len(found) - LISTED
    return Sentence("{listed} More issues: {more}.", listed=listed, more=more) if more > 0 else listed


def _prepare_sending(
    context: CaseContext, draft: DraftRecord, message: Correspondence, cards: Sequence[Card], wish: PackageRequest
) -> Going:
    what = Object("draft", draft.id)
    if context.ledger.identity is None:
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "The message was not sent. It must be signed, but no key is unlocked. Open the case with your key."
            ),
        )
    approver = approval.find_approver(draft)
    reason = wish.reason.strip() or context.ledger.session.reason
    return Going(message, approver, context.ledger.identity, cards, draft.get_mark(), reason)


def as_sent(context: CaseContext, draft: DraftRecord) -> Correspondence:
    """A message as of now; as of then, where it has gone to some, or where sending it was interrupted."""
    if draft.state != DRAFT:
        return draft.message
    for source in messages.list_sent_sources(context.ledger, draft.message.message_id):
        begun = validation.load_message(context, source)
        if replace(begun, date_time=draft.message.date_time) == draft.message:
            return begun
    return set_current_date(draft.message)


def _find_sealed_package(context: CaseContext, draft: DraftRecord, message: Correspondence) -> Path | None:
    """Where the package of a message lies that was sealed before an interruption; None if there is none."""
    known = messages.find_message(context.ledger, sha256(to_json(message).encode()).hexdigest())
    if known is None or [known.package] in cast("list[list[str]]", draft.get_entry("package")):
        return None
    path = context.folder.path / "outbox" / f"{known.package}{SUFFIX}"
    return path if path.is_file() else None


def _record_package(
    context: CaseContext, draft: DraftRecord, message: Correspondence, path: Path, cards: Sequence[Card]
) -> Path:
    """Write down who has it, and tell who has not."""
    name = path.name.removesuffix(SUFFIX)
    made = packages.find_sent(context.ledger, name)
    keys = packages.list_addressees(made) if made else []
    gone = deliveries.list_reached(message, [card for card in cards if card.fingerprint in keys])
    deliveries.record_delivery(
        context, deliveries.find_document(context, message), gone, name, made.title if made else ""
    )
    draft.record_sent(message, "package", name)
    if draft.left:
        print_message(context.say("office.left", left=", ".join(draft.left)), context.say)
    return path


def _check_addressees(
    context: CaseContext, draft: DraftRecord, going: Going, trust: TrustList, wish: PackageRequest
) -> None:
    """Refuse what is not for all of those to whom it would be sealed, by their cards."""
    what, message = Object("draft", draft.id), going.message
    meant = bureau_names.select_cards(going.cards, (*message.to, *message.cc))
    for card in going.cards:
        if card not in meant:
            named = {"who": card.label, "country": card.country, "bureaux": ", ".join(message.to)}
            raise context.ledger.refuse(
                "disclosure",
                what,
                Sentence(
                    "The message was not sent. {who} is from {country}, but the message is addressed to "
                    "{bureaux}. Give only the cards of the addressees.",
                    **named,
                ),
            )
    if above := [*list_clearance_objections(context, draft, going.cards, trust, wish)]:
        raise context.ledger.refuse("disclosure", what, above[0])
    readers = [
        replace(package_export.build_addressee(context, card, trust, wish), judicial=False) for card in going.cards
    ]
    addressee_check.check_addressees(context, draft, readers)


def list_clearance_objections(
    context: CaseContext, draft: DraftRecord, cards: Sequence[Card], trust: TrustList, wish: PackageRequest
) -> Iterator[Sentence]:
    """Whose clearance a draft is above, in words: that of who works, to whom it would be closed once it is filed; those of the cards."""
    names, level = controller.get_scheme(context).levels, draft.get_mark().level
    own = clearances.build_reader(context).level
    if level > own:
        yield Sentence(
            "The message was not sent. It is {level}, but you are cleared only up to {own}. After sending, "
            "you could no longer see the message. Ask the controller of the case, or a bureau that the case "
            "trusts, for clearance. You cannot grant clearance to yourself. You can also ask an officer with "
            "clearance for this level to send the message.",
            level=names[level],
            own=names[own],
        )
    for card in cards:
        theirs = package_export.build_addressee(context, card, trust, wish).level
        if level > theirs:
            why = join_sentences("{one} {more}", trust.assess_card(card).said)
            yield Sentence(
                "The message was not sent. It is {level}, but {who} is cleared only up to {own}. {why} A "
                "clearance counts if it is on the card and a bureau on your trust list may grant it. If you know "
                "of another clearance, give it when you send the message (`clearance`).",
                who=card.label,
                level=names[level],
                own=names[theirs],
                why=why,
            )


def _let_stand(draft: DraftRecord) -> list[str]:
    said = cast("list[list[str]]", draft.get_entry("let_stand"))
    return [f"{rule} {field}: {because}" for rule, field, _, because, *_ in said]


def _build_package(context: CaseContext, draft: DraftRecord, going: Going, place: Path) -> PackageContent:
    """The package: message, its page, attachments, and the card of who approved it."""
    one = going.message
    payload: dict[str, Content] = {FORM: to_json(one).encode(), PAGE: build_page(one).encode()}
    if going.approver:
        payload[APPROVAL] = going.approver.to_json().encode()
    for attached in one.attachments:
        path = sealing.find_original(context, attached.sha256, place)
        if path is None:
            raise CaseError(
                Sentence(
                    "The file {name} is not in the case. Add the file to the case. Then attach it.", name=attached.name
                )
            )
        source_lookup.check_readable(context, attached.sha256)
        payload[f"{ATTACHED}{attached.name}"] = path
    label = controller.get_scheme(context).label(going.mark)
    tlp = (TLP[going.mark.tlp],) if going.mark.tlp >= 0 else ()
    cover = Cover(
        f"{rendering.format_title(one)} {one.our_ref}", one.our_ref, label, (*sorted(going.mark.handling), *tlp),
        tuple(sorted(going.mark.conditions)), one.purpose or context.ledger.purpose, going.reason, now(), "",
        {"messages": 1, "attachments": len(one.attachments)},
    )  # fmt: skip
    return PackageContent(
        payload, package.measure_payload(payload), cover, frozenset(list_disclosed_ids(context, draft))
    )


def build_page(message: Correspondence) -> str:
    """The message as a page of its own, without script."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    return f"<!doctype html>\n<html>{head}<style>:root {{ color-scheme: light dark }}</style>{rendering.format_html(message)}</html>\n"


def list_disclosed_ids(context: CaseContext, draft: DraftRecord) -> Iterable[str]:
    """Persons, things and documents of the case that a message tells of, what it was made from, and all that is inside its attachments."""
    yield from draft.basis_ids
    used = {evidence for _, _, evidence in cast("list[list[str]]", draft.get_entry("sources"))}
    rows = context.evidence[context.evidence["evidence_id"].isin(used)]
    for column in ("entity_id", "canonical_id", "document_id"):
        yield from filter(None, set(rows[column]))
    for one in draft.message.attachments:
        yield from hidden_parts.list_contents(context.ledger, one.sha256)


def record_sent(context: CaseContext, draft: DraftRecord, how: str, to: Sequence[str]) -> str:
    """File a draft as gone out by another way, to some of those who are left; the document of the message. Logged as disclosure.

    Raises
    ------
    CaseError
        Without a way, or where it is not for those who are named.
    """
    what, to = Object("draft", draft.id), to or draft.left
    if not how:
        raise CaseError(
            Sentence("The message was not marked as sent. Enter how it was sent, for example by post or e-mail.")
        )
    if wrong := sorted({*to} - {*draft.left}):
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "The message was not marked as sent. These bureaux are not addressees, or the message was "
                "already sent to them: {names}. Leave them out.",
                names=", ".join(wrong),
            ),
        )
    addressee_check.check_addressees(context, draft, addressee_check.list_named_readers(context, draft))
    message = as_sent(context, draft)
    document = filing.file_message(context, message, direction=OUT, mark=draft.get_mark())
    context.ledger.record("disclosure", what, {"message": document, "how": how}, to=[*to])
    deliveries.record_delivery(context, document, dict.fromkeys(to, ()), how, how)
    draft.record_sent(message, "went", how)
    return document

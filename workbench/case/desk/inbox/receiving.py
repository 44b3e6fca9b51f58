"""A package with a message comes in: verified, filed whole, acknowledged; or refused with the reason, and then nothing of it is filed.

After an interruption receiving it again finishes what was begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench import identity
from workbench.case.access import brought_marks, controller
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import approval
from workbench.case.desk.drafts.sending import APPROVAL, ATTACHED, FORM, PAGE
from workbench.case.desk.messages import attachment_marks, bureau_names, filing
from workbench.case.packages import package_import, transport
from workbench.case.privacy import erasure_replay
from workbench.case.sources import file_receipt
from workbench.errors import CaseError, IdentityError, PackageError, SourceError
from workbench.exchange import channel
from workbench.exchange import receipt as receipts
from workbench.exchange.bag_verdict import READABLE
from workbench.exchange.package_inspection import OpenPackage, inspect_package
from workbench.identity import Card
from workbench.identity.trust_status import VALID
from workbench.ledger import Arrival, Object
from workbench.ledger.access import message_marks
from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.records import messages, packages
from workbench.ledger.records.messages import IN
from workbench.ledger.records.packages import VOUCHED
from workbench.messages import from_json, to_json
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_json import parse_json
from workbench.messages.traffic import message_objects
from workbench.model.catalogue import Sentence, translate
from workbench.model.handling_marks import Mark, Scheme
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Issue
from workbench.visible import escape_unprintable, shorten_name

if TYPE_CHECKING:
    from workbench.identity import Officer, TrustList

LABEL = 80
"""Characters of the name of an officer before a doubt."""
READ, KNOWN, CLOSED, QUARANTINED = "read", "known", "closed", "quarantined"


class Came(NamedTuple):
    """What became of a package: a row of what `receive` answers."""

    name: str
    state: str
    why: str = ""
    kind: str = ""
    from_bureau: str = ""
    our_ref: str = ""
    subject: str = ""
    thread_id: str = ""
    document_id: str = ""
    approver: str = ""
    receipt: str = ""


def receive_message(context: CaseContext, path: Path, trust: TrustList | None, *, unknown_sender: bool) -> Came:
    """Take in the message of a package.

    Raises
    ------
    CaseError
        Without a key. What is wrong with the package raises nothing: it is told in the answer and logged.
    """
    officer = context.ledger.identity
    if officer is None:
        why = Sentence(
            "The package was not opened, because no key is unlocked. Open the case with "
            "`officer=identity.unlock('name', passphrase)`."
        )
        raise context.ledger.refuse("collection", Object("package", path.name), why)
    trusted = identity.load_trust_list() if trust is None else trust
    with inspect_package(path, officer, trusted) as opened:
        try:
            package_import.check_allowed(opened, unknown_sender=unknown_sender)
            message, files = _read_message(opened)
            approver = _describe_approver(opened, message, trusted, unknown=unknown_sender)
            came = _file_message(context, opened, message, files)._replace(approver=approver)
        except (CaseError, PackageError, SourceError, IdentityError) as error:
            context.ledger.refuse("collection", Object("package", path.name, id=opened.sha256), str(error))
            came = Came(path.name, QUARANTINED, error.translate_to(context.settings.language))
        there = channel.get_receipt_path(officer.card, path)
        is_filed = came.state != QUARANTINED
        is_said = came.state in (KNOWN, CLOSED) and _has_filed_receipt(there)
        receipt = there if is_said else _write_receipt(context, opened, officer, is_filed=is_filed)
        return came._replace(name=path.name, receipt=str(receipt))


def _read_text(opened: OpenPackage, name: str) -> str:
    """Text of a file in a package.

    Raises
    ------
    PackageError
        If it is none.
    """
    try:
        return opened.read_content(name).decode("utf-8")
    except UnicodeDecodeError:
        raise PackageError(
            Sentence("{name} is not UTF-8 text. Ask the sender to send the message again.", name=name), name
        ) from None


def _read_message(opened: OpenPackage) -> tuple[Correspondence, Mapping[str, bytes]]:
    """The message in a package, and its files by name.

    Raises
    ------
    PackageError
        If there is no message, it is not of who signed it, or its files are not those that it names.
    """
    if FORM not in opened.names:
        raise PackageError(
            Sentence(
                "The package contains no message. To add its material to the case: `wb.open_package(…).add_to(case)`."
            )
        )
    _check_known(opened)
    message = from_json(_read_text(opened, FORM))
    signer = opened.header.sender
    sender = message.from_bureau or signer.bureau
    if not bureau_names.is_of(sender, signer):
        who = {"who": signer.label, "country": signer.country}
        raise PackageError(
            Sentence(
                "The message states that {bureau} sent it, but {who} of {country} signed it. Ask the stated "
                "sender about the message.",
                bureau=sender,
                **who,
            )
        )
    there = {name.removeprefix(ATTACHED) for name in opened.names if name.startswith(ATTACHED)}
    named = {one.name: one for one in message.attachments}
    if there != set(named) or len(named) != len(message.attachments):
        raise PackageError(
            Sentence(
                "The package does not contain exactly the files that the message lists. Missing or extra files: "
                "{names}. Ask the sender to send the message again.",
                names=", ".join(sorted(there ^ set(named))),
            )
        )
    files = {name: opened.read_content(f"{ATTACHED}{name}") for name in named}
    wrong = [name for name, data in files.items() if sha256(data).hexdigest() != named[name].sha256.lower()]
    if wrong:
        raise PackageError(
            Sentence(
                "{name} is not the file that the message lists: its SHA-256 hash is different. Ask the "
                "sender to send the message again.",
                name=wrong[0],
            ),
            wrong[0],
        )
    return message, files


def _check_known(opened: OpenPackage) -> None:
    """Refuse a package with a file that no message has: what is passed over might be a mark."""
    names = [name for name in opened.names if name not in (FORM, PAGE, APPROVAL) and not name.startswith(ATTACHED)]
    if wrong := [*opened.beside, *names]:
        raise PackageError(
            Sentence(
                "The program does not know the file {name} in the package. The file may limit who is allowed to "
                "see the content, so nothing was imported. Tell the sender, or update the program.",
                name=escape_unprintable(clean_name(wrong[0])),
            ),
            wrong[0],
        )


def _file_message(
    context: CaseContext, opened: OpenPackage, message: Correspondence, files: Mapping[str, bytes]
) -> Came:
    known = bool(packages.list_states(context.ledger, [opened.sha256]))
    scheme, header = controller.get_scheme(context), opened.header
    looked = _look_through(message, _read_text(opened, FORM), scheme)
    mark = filing.get_message_mark(message, scheme) | looked.mark | filing.get_cover_mark(header.cover, scheme)
    document, told = _file_under_mark(context, opened, message, mark, looked.issues)
    source = messages.get_source(context.ledger, document)
    bureau = _name_sender(context, opened, message)
    kept: list[tuple[str, str]] = []
    for one in message.attachments:
        higher = filing.get_message_mark(replace(message, confidentiality=one.confidentiality), scheme)
        arrival = Arrival(one.name, source, document, filing.build_run(source).id)
        if key := _store_attachment(context, arrival, files[one.name], mark | higher, told):
            kept.append((key, one.name))
    file_receipt.read_attachments(context, kept)
    erasure_replay.reapply_to_sources(context, [source, *(key for key, _ in kept)])
    filed = messages.list_messages(context.ledger, [document])
    if not filed and _is_put_away(context, document):
        why = translate(
            "This message is already in the case, where it was withdrawn or excluded. The import did not "
            "change this. To restore a withdrawn message, use `case.sources.restore`. Only an officer with a "
            "role that `case.toml` lists can reopen an excluded message: `case.sources.reopen`.",
            context.settings.language,
        )
        kind = filing.describe_kind(message)
        return Came("", KNOWN, why, kind, bureau, message.our_ref, message.subject, document_id=document)
    if not filed:
        return Came(
            "",
            CLOSED,
            translate(
                "A message arrived, but it is hidden from you because of its mark. The message was filed. Ask an "
                "officer with clearance for this mark to read it, or ask the controller of the case for "
                "clearance.",
                context.settings.language,
            ),
            from_bureau=bureau,
        )
    (kept_as,) = filed
    filed_under = (message.from_bureau and bureau) or kept_as.from_bureau or bureau
    why = _describe_sender(context, opened, filed_under, is_of_other=filed_under != bureau)
    return Came(
        "", KNOWN if known else READ, why, filing.describe_kind(message), filed_under, message.our_ref, message.subject,
        kept_as.thread_id, document,
    )  # fmt: skip


def _is_put_away(context: CaseContext, document: str) -> bool:
    """Whether a message is not shown since it was withdrawn or excluded; not so where the reader may not know of it."""
    gate = context.ledger.current_filter
    is_secret = gate is not None and document in gate.list_secret_ids(context.ledger)
    return not is_secret and not messages.is_live(context.ledger, document)


def _name_sender(context: CaseContext, opened: OpenPackage, message: Correspondence) -> str:
    """The bureau of which a message is: by name where a bureau of the trust list vouches for who has signed it, else by name and key."""
    signer = opened.header.sender
    name = message.from_bureau or signer.bureau
    return name if _is_vouched(context, opened) else packages.add_key(name, signer.fingerprint)


def _is_vouched(context: CaseContext, opened: OpenPackage) -> bool:
    """Whether a bureau vouches for who has signed a package that is noted: for this sealed file of it, or for one that came before."""
    return opened.header.package not in packages.list_unvouched(context.ledger)


def _describe_sender(context: CaseContext, opened: OpenPackage, filed_under: str, *, is_of_other: bool) -> str:
    """What is to be told of the sender: that another bureau sealed the same message earlier, or that nobody vouches for the signer."""
    if is_of_other:
        return translate(
            "This message does not state its sender. The same message came earlier in a package signed by "
            "{bureau}, so it stays filed as a message from {bureau}. Ask {bureau} whether it sent this "
            "message.",
            context.settings.language,
            bureau=filed_under,
        )
    if _is_vouched(context, opened):
        return ""
    return translate(
        "No bureau on your trust list confirms {who}. The name of the bureau alone proves nothing. The "
        "message counts as a reply, reminder or cancellation only for messages that were sent or "
        "received with the same key. If it is genuine, confirm its type (`case.desk.correct`).",
        context.settings.language,
        who=opened.header.sender.label,
    )


def _look_through(message: Correspondence, form: str, scheme: Scheme) -> filing.HandlingScan:
    """Look for marks in all texts of a message as JSON."""
    return filing.look_through(message, ["\n".join(message_objects.list_texts(parse_json(form)))], scheme)


def _file_under_mark(
    context: CaseContext, opened: OpenPackage, message: Correspondence, mark: Mark, issues: Sequence[Issue]
) -> tuple[str, attachment_marks.MarkSource]:
    """File a message; its document, and who marks what is attached to it.

    What it says itself is of the message, whoever seals it. The rest of its mark is the word of who has sealed it: it counts as that of
    an attachment does.
    """
    source, header, told = filing.hash_form(message), opened.header, _get_mark_source(context, opened)
    is_vouched = opened.state == VOUCHED
    is_of_sender = attachment_marks.is_brought_by_sender(context, source, told) or (
        is_vouched and _is_sender_of_traffic(context, source, header.sender.bureau)
    )
    own = _look_through(message, to_json(message), controller.get_scheme(context)).mark
    with context.ledger.group_transactions():
        document = filing.file_message(
            context, message, direction=IN, package=header.package, sender=header.sender.bureau, issues=issues,
            mark=None if message_marks.is_ours(context.ledger, source) else own, said_by=told.officer, is_vouched=is_vouched,
        )  # fmt: skip
        if is_vouched or is_of_sender:
            brought_marks.keep_common_mark(context, source, mark, told.bringer, is_sealed=True)
        attachment_marks.apply_mark(context, source, mark, told, is_of_sender=is_of_sender)
        _note_package(context, opened, document, len(message.attachments))
    return document, replace(told, files={source, *told.files}) if is_of_sender else told


def _is_sender_of_traffic(context: CaseContext, source: str, bureau: str) -> bool:
    """Whether a message came in a file of traffic alone that names this bureau as its sender: the bureau seals what is its own."""
    known = messages.find_message(context.ledger, source)
    if known is None or not bureau_names.is_same_bureau(known.from_bureau, bureau):
        return False
    return known.direction == IN and known.document_id in messages.list_file_messages(context.ledger)


def _note_package(context: CaseContext, opened: OpenPackage, document: str, attachments: int) -> None:
    """Remember the package of a message before what is attached is read: by it one knows who has brought that."""
    with context.ledger.open_transaction() as sql:
        packages.add_package(
            sql, Barring(sql).clean_package(package_import.build_package_record(opened)), context.ledger.officer
        )
        what = Object("package", opened.header.package, inputs=[opened.sha256])
        context.ledger.log(sql, "collection", what, {"message": document, "attachments": attachments})


def _get_mark_source(context: CaseContext, opened: OpenPackage) -> attachment_marks.MarkSource:
    """Who marks a message and what is attached to it."""
    package, sender = opened.header.package, opened.header.sender
    bureau, *earlier = packages.list_bureau_names(sender, opened.state)
    files = messages.list_package_sources(
        context.ledger, {package, *packages.list_bureau_packages(context.ledger, {bureau, *earlier})}
    )
    name = sender.name if opened.state == VOUCHED else shorten_name(sender.name, packages.NAME)
    officer = f"{name} ({bureau})"
    at, because = opened.header.cover.created, "as the message says"
    return attachment_marks.MarkSource(bureau, officer, package, at, files, because, earlier)


def _store_attachment(
    context: CaseContext, arrival: Arrival, data: bytes, mark: Mark, told: attachment_marks.MarkSource
) -> str:
    """Keep an attachment as a source within the message, under the mark of both where it is new; its hash, '' if it was erased here."""
    if file_receipt.check_erased(context, data):
        return ""
    key = context.folder.store_source(BytesIO(data))
    attachment_marks.receive_attachment(context, key, arrival, len(data), mark, told)
    return key


def _describe_approver(opened: OpenPackage, message: Correspondence, trust: TrustList, *, unknown: bool) -> str:
    """Who approved a message at the sender's, with the doubt where nobody vouches for them; '' if nobody did.

    Raises
    ------
    PackageError
        If what is said to be an approval is none, or of somebody who is of another bureau or not vouched for.
    """
    if APPROVAL not in opened.names:
        if message.signature:
            raise PackageError(
                Sentence(
                    "The message has the signature of a second officer, but the card of that officer is "
                    "missing. Ask the sender to send the message again."
                )
            )
        return ""
    card = Card.from_json(_read_text(opened, APPROVAL))
    if not approval.has_signed(message, card) or approval.is_own_signature(message, card, opened.header.sender):
        raise PackageError(
            Sentence(
                "The second signature is not valid. It does not belong to this message, or it is from the sender "
                "or the author. Ask the sender to send the message again."
            ),
            APPROVAL,
        )
    if why := approval.find_doubt(card, opened.header.sender, trust, unknown=unknown):
        raise PackageError(why, APPROVAL)
    vouched = trust.assess_card(card).state == VALID
    return (
        card.label if vouched else Sentence("{who} (not confirmed by any bureau)", who=shorten_name(card.label, LABEL))
    )


def _has_filed_receipt(path: Path) -> bool:
    """Whether a receipt lies there that says that the message was filed."""
    try:
        return path.is_file() and receipts.parse_receipt(channel.read_receipt(path)).state in READABLE
    except PackageError:
        return False


def _write_receipt(context: CaseContext, opened: OpenPackage, officer: Officer, *, is_filed: bool) -> Path:
    """The receipt for a package, in whatever state it was found, beside it; it says where the message was not filed."""
    made = transport.build_receipt(context, opened, officer, is_filed=is_filed)
    path = channel.put_receipt(made, opened.path)
    to = [opened.header.sender.label] if opened.verdict.header else []
    what = Object("receipt", id=made.package, outputs=[sha256(path.read_bytes()).hexdigest()])
    context.ledger.record("disclosure", what, {"state": made.state}, to=to)
    return path

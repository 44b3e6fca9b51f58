"""Messages of a telephone: chats, instant messages, SMS and MMS as records of the chat reader."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.ingest.calls.values.event_words import find_direction
from workbench.ingest.chats.conversation import UNKNOWN, Conversation, Device, Record
from workbench.ingest.chats.participant_names import SYSTEM
from workbench.ingest.phones.item_parties import Parties, find_role
from workbench.ingest.phones.phone_record import WRITTEN, Item
from workbench.ingest.phones.report_times import normalise_moment
from workbench.ingest.reading import hidden_styles, html_text
from workbench.ingest.reading.record_text import FaultCounts
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.text.normalise import clean_text

MESSAGES = frozenset({"Chat", "InstantMessage", "SMS", "MMS"})
MEMBERS = 20
"""Up to so many participants of a chat each is a recipient; beyond it the chat itself is."""

TEXT = ("Body", "Snippet", "Content")
SENT = frozenset({"sent", "outbox", "drafts", "draft", "outgoing"})
SAID = frozenset(
    {
        *TEXT,
        WRITTEN,
        "Source",
        "TimeStamp",
        "Identifier",
        "Subject",
        "ServiceIdentifier",
        "UserMapping",
        "Id",
        "ChatId",
        "SourceApplication",
    }
)
"""Fields that have a place of their own; the others are claimed as they stand."""

MORE = ("SharedContacts", "Position", "Positions", "ReplyMessageData", "ForwardedMessageData")
PARTS = frozenset({*MORE, "Parties", "Party", "Participants", "From", "To", "Attachment", "Attachments", "Messages",
                   "InstantMessages"})  # fmt: skip
"""Records within a message that have a place of their own."""

SIDES = ("From", "To", "Parties", "Party")
OTHERS = 20
LONGEST = 500
MAIL = "Email"


def list_records(item: Item, parties: Parties, device: Device, tally: FaultCounts | None = None) -> Iterator[Record]:
    """Records of a chat with its messages, or of one message; nothing of any other item. `tally`: learns contradictions."""
    if item.type not in MESSAGES:
        return
    tally = FaultCounts() if tally is None else tally
    listed = item.list_parts("Participants", "Parties", "Party")
    parties.note_owners(listed)
    if any(clean_text(one.get("Identifier", "Value")) in parties.doubtful for one in listed):
        tally.add("contradiction", Sentence("fault.two_owners"), item.place, "fix.look.places")
    if item.type != "Chat":
        yield _build_record(item, item, parties, (device, tally), item.place)
        return
    for number, message in enumerate(item.list_parts("Messages", "InstantMessages"), 1):
        yield _build_record(message, item, parties, (device, tally), f"{item.place}, message {number}")


def _build_record(
    message: Item, chat: Item, parties: Parties, context: tuple[Device, FaultCounts], place: str
) -> Record:
    device, tally = context
    app = message.get("Source", "SourceApplication") or chat.get("Source") or message.type
    is_clear = not _has_contradiction(message, parties, app)
    sender, recipients = sides = _find_sides(message, chat, parties, app)
    if not is_clear:
        tally.add("contradiction", Sentence("fault.message_sides"), place, "fix.look.places")
        sender, recipients = "", ()
    attached = message.list_parts("Attachment", "Attachments")
    files = tuple(dict.fromkeys(filter(None, map(_get_file_name, attached))))
    topic = chat.get("Name", "Subject") if chat is not message else ""
    return Record(
        normalise_moment(message.get("TimeStamp", "Date", "DateDelivered")),
        sender,
        recipients,
        _build_text(message),
        0,
        Conversation(device, app, topic or _find_other_side(sides[1], sides[0], parties) or UNKNOWN),
        trace=message.id or chat.id,
        place=place,
        attachments=files,
        notes=tuple(f"{label}: {value}" for label, value in _list_notes(message, is_clear=is_clear) if value),
        said=tuple(_list_extra_claims(message, files, chat)),
        files=tuple(dict.fromkeys(filter(None, map(get_file_path, attached)))),
    )


def _list_notes(message: Item, *, is_clear: bool) -> Iterator[tuple[str, str]]:
    """What is searched beside the text: the state of what was recovered, further values, and what no claim holds in full.

    Of a message that contradicts itself also the sides that it names.
    """
    if message.is_deleted:
        yield from message.state
    shown = message.get(*TEXT)
    yield from ((name, text) for name in TEXT if (text := message.fields.get(name, "")) != shown)
    yield from ((name, value) for name, values in message.lists.items() for value in values)
    rest = [(name, value) for name, value in message.fields.items() if name not in SAID and value]
    yield from ((name, value) for at, (name, value) in enumerate(rest) if at >= OTHERS or len(value) > LONGEST)
    for name, parts in message.parts.items():
        if name not in PARTS or (not is_clear and name in SIDES):
            yield from (line for part in parts for line in part.list_lines(f"{name} "))
        elif name in SIDES:
            yield from (line for part in parts for line in part.list_further_lines(f"{name} "))


def _has_contradiction(message: Item, parties: Parties, app: str) -> bool:
    """Whether a message names several senders, or its folder or direction and its sides do not agree. As of calls."""
    named = [(one, find_role(one)) for one in message.list_parts("Parties", "Party")]
    named += [(one, role.casefold()) for role in ("From", "To") for one in message.list_parts(role)]
    raws = [(raw, role) for one, role in named if (raw := parties.get_raw_name(one, app)) and role]
    senders = [raw for raw, role in raws if role == "from"]
    if any(not parties.is_same(senders[0], other) for other in senders[1:]):
        return True
    ours = {role for raw, role in raws if parties.is_own(raw)}
    only = {role for _, role in raws}
    side = "from" if "from" in ours else next(iter(ours), "")
    seen = {"from": "out", "to": "in"}.get(side, "")
    seen = seen or ("out" if only == {"to"} else "in" if only == {"from"} else "")
    stated = {find_direction(message.get(name)) for name in ("Direction", "Folder")} & {"out", "in"}
    folder = message.get("Folder").casefold()
    stated |= {"out"} if folder in SENT else {"in"} if folder == "inbox" else set()
    return SYSTEM not in senders and len(stated | ({seen} - {""})) > 1


def _find_sides(message: Item, chat: Item, parties: Parties, app: str) -> tuple[str, tuple[str, ...]]:
    """Sender and recipients: as the message names them, else the other participants of the chat, else the owner."""
    named = message.list_parts("Parties", "Party")
    members = list(parties.list_raw_names(chat.list_parts("Participants"), app)) if chat is not message else []
    members = members or list(parties.list_raw_names(message.list_parts("Participants"), app))
    senders = list(
        parties.list_raw_names((*message.list_parts("From"), *(one for one in named if find_role(one) == "from")), app)
    )
    to = list(
        parties.list_raw_names((*message.list_parts("To"), *(one for one in named if find_role(one) == "to")), app)
    )
    if not senders:
        sent = message.get("Folder", "Direction", "Status").casefold() in SENT or (bool(to) and not members)
        senders = [parties.get_owner(app)] if sent else []
        to = to or list(parties.list_raw_names((one for one in named if not find_role(one)), app))
    sender = (
        senders[0]
        if senders
        else next(iter(parties.list_raw_names((one for one in named if not find_role(one)), app)), "")
    )
    if sender == SYSTEM or (not to and members):
        to = to or [name for name in members if name != sender]
        to = to if len(to) <= MEMBERS else [parties.names.add(_get_chat_id(chat), chat.get("Name"), kind="group")]
    if not to and sender and sender != SYSTEM and sender not in parties.names.owners:
        to = [parties.get_owner(app)]
    return sender, tuple(name for name in dict.fromkeys(to) if name and name != sender)


def _get_chat_id(chat: Item) -> str:
    return chat.get("Id", "Identifier", "ChatId") or f"chat {chat.id or chat.place}"


def _find_other_side(recipients: tuple[str, ...], sender: str, parties: Parties) -> str:
    """What a conversation without a name is about: the one other side, if there is only one."""
    others = [name for name in (sender, *recipients) if name and name not in parties.names.owners and name != SYSTEM]
    return others[0] if len(others) == 1 else ""


def _build_text(message: Item) -> str:
    """Text of a message with its subject, and what is shared in it."""
    parts = [message.get("Subject"), message.get(*TEXT)]
    for name in MORE:
        shared = (part.list_lines(f"{name} ") for part in message.list_parts(name))
        parts.extend("; ".join(f"{label}: {value}" for label, value in lines if value) for lines in shared)
    return "\n".join(filter(None, (part.rstrip() for part in parts)))


def _get_file_name(attachment: Item) -> str:
    """Name of an attached file, of one without a name its kind."""
    name = attachment.get(
        "Filename", "FileName", "Title", "URL", "attachment_extracted_path", "AttachmentExtractedPath"
    )
    return name.replace("\\", "/").rpartition("/")[2] or name or attachment.get("ContentType")


def get_file_path(attachment: Item) -> str:
    """Where an attached file lies in the package, as the report says; its name where it gives no path."""
    return attachment.get("attachment_extracted_path", "AttachmentExtractedPath") or attachment.get(
        "Filename", "FileName", "Title", "URL"
    )


def list_mail_ties(item: Item) -> Iterator[tuple[str, str]]:
    """Path or name of each file attached to an e-mail, with its document."""
    attached = item.list_parts("Attachments", "Attachment")
    for path in filter(None, map(get_file_path, attached)):
        yield path, compute_mail_id(item)


def read_mail(item: Item) -> tuple[str, str, str]:
    """Time, subject and text of an e-mail."""
    body = item.get("Body", "Snippet", "Content")
    text = html_text.extract_text(hidden_styles.separate_boxes(body)) if body.lstrip()[:1] == "<" else body
    return normalise_moment(item.get("TimeStamp", "Date")), clean_text(item.get("Subject")), text


def compute_mail_id(item: Item) -> str:
    """Id of the document of an e-mail."""
    at, subject, text = read_mail(item)
    senders = " ".join(one.get("Identifier", "Name") for one in item.list_parts("From"))
    return compute_digest("Email", "", at, senders, subject, text)


def _list_extra_claims(message: Item, files: tuple[str, ...], chat: Item) -> Iterator[tuple[str, str]]:
    """What the report says of this occurrence besides: its number, its state, its files, and other fields."""
    yield "messageId", message.get("Identifier", "Id")
    state = dict(message.state)
    state["Source"] = state["Source"] or chat.get("Source")
    yield "description", "; ".join(f"{label.lower()}: {value}" for label, value in state.items() if value)
    for name in files:
        yield "description", f"attachment: {name}"
    rest = [(name, value) for name, value in message.fields.items() if name not in SAID and value]
    for name, value in rest[:OTHERS]:
        yield "description", f"{name}: {value[:LONGEST]}"

"""What one telephone has been found to hold while its report is read: its device, its parties, the documents of its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace

from workbench.ingest.chats.chat_export_rows import Survey, compute_document_id
from workbench.ingest.chats.participant_names import Names
from workbench.ingest.file_ties import FileTies
from workbench.ingest.phones.device import Phone
from workbench.ingest.phones.item_parties import Parties
from workbench.ingest.phones.phone_messages import MAIL, list_mail_ties, list_records
from workbench.ingest.phones.phone_record import Fact, Item
from workbench.ingest.reading.bulk_batches import Batches
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row, Trace
from workbench.model.values.plausible_years import is_plausible

PROSE = frozenset(
    {"Note", "Notification", "InstalledApplication", "SearchedItem", "CalendarEntry", "SocialMediaActivity"}
)
TITLES = {
    "Call": "calls", "Contact": "contacts", "UserAccount": "user accounts", "Location": "locations", "SIMData": "SIM data",
    "InstalledApplication": "installed applications", "WirelessNetwork": "wireless networks", "CellTower": "cell towers",
    "Note": "notes", "VisitedPage": "visited pages", "SearchedItem": "searched items", "CalendarEntry": "calendar",
    "WebBookmark": "bookmarks", "TransferOfFunds": "transfers of funds", "Password": "passwords", "Cookie": "cookies",
}  # fmt: skip
KNOWN = frozenset(
    "ActivitySensorData ActivitySensorDataMeasurement ActivitySensorDataSample ApplicationUsage AppsUsageLog Attachment Autofill"
    " CalendarEntry Call CellTower Chat ChatActivity Contact ContactEntry ContactPhoto Cookie Coordinate CreditCard"
    " DeviceConnectivity DeviceEvent DeviceInfoEntry DictionaryWord Email FileDownload FileUpload FinancialAccount FinancialAsset"
    " InstalledApplication InstantMessage Journey Location LogEntry MMS MobileCard NetworkUsage Note Notification Organization"
    " Party Password PoweringEvent Price PublicTransportationTicket RecognizedDevice Recording SearchedItem SIMData SMS"
    " SocialMediaActivity StreetAddress TransferOfFunds User UserAccount VisitedPage Voicemail WebBookmark WirelessNetwork".split()
)
"""Types of Cellebrite's reports as UFEDLib lists them; others are kept as text and named in an issue."""


class Reading:
    """One telephone: what its report states as a whole, and the rows of its items."""

    def __init__(self, source: SourceFile, options: Mapping[str, str], method: str, version: str) -> None:
        self.source, self.method, self.version = source, method, version
        self.region = options.get("region", "") or None
        self.phone = Phone(source, options.get("custodian", ""))
        self.names = Names()
        self.survey = Survey(source.sha256, self.names, self.names.owners)
        self.ties = FileTies()
        self.items = 0
        self.reset()

    def reset(self) -> None:
        """Begin again, for the pass that makes rows."""
        self.pages: dict[str, Entries] = {}
        self.calls, self.places = Batches("calls"), Batches("positions")
        self.unknown: Counter[str] = Counter()
        self.tally = FaultCounts()
        self.told: set[tuple[str, ...]] = set()

    def run_first_pass(self, found: Iterable[Fact | Item]) -> None:
        """First pass: the facts, and what must be known of the messages before the first row."""
        facts = 0
        for one in found:
            if isinstance(one, Fact):
                self.phone.add_fact(one)
                facts += 1
                continue
            if facts >= 0:
                self._know()
                facts = -1
            self.items += 1
            for record in list_records(one, self.parties, self.device):
                self.survey.add_event(record)
                self.ties.add_chat("", ((path, compute_document_id(record)) for path in record.files))
            if one.type == MAIL:
                self.ties.add_chat("", list_mail_ties(one))
        self._know()

    def _know(self) -> None:
        """Settle who the custodian is and under which number the telephone goes."""
        self.device = self.phone.device
        numbers = self.phone.numbers
        known = getattr(self, "parties", None)
        self.parties = Parties(self.names, numbers, self.device.custodian, self.device.name)
        if known:
            self.parties.own.update(known.own)
            self.parties.single, self.parties.several = known.single, known.several
            self.parties.refuse_doubtful()
        self.survey.source = self.phone.handset
        self.survey.add_event(self.device)

    def list_entry_rows(self, item: Item, kind: str) -> Generator[Row, None, Entry]:
        """Rows of an entry; the entry itself is what comes back."""
        if kind not in self.pages:
            prose = kind in PROSE or kind not in KNOWN
            self.pages[kind] = Entries(
                self.source, self.method, self.version, "PlainText" if prose else "Table", (kind,), is_protected=True
            )
            yield self.pages[kind].build_document(f"{self.device.name}: {TITLES.get(kind, kind)}")
        entry = self.pages[kind].add_entry(item.place, item.list_lines())
        for row in entry.rows:
            yield self.add_trace_origin(row, item) if isinstance(row, Trace) else row
        return entry

    def add_trace_origin(self, trace: Trace, item: Item) -> Trace:
        """A trace with the id of the item and the device it lies on."""
        return replace(trace, trace=item.id, device=self.device.name, custodian=self.device.custodian)

    def select_identifiers(self, found: tuple[str, ...], text: str, place: str) -> tuple[str, ...]:
        """The identifiers of a field; that it holds several which cannot be told apart is noted."""
        if not found:
            self.tally.add_unread_identifier(text, place)
        return found

    def check_moment(self, at: str, place: str) -> str:
        """A time as written; '' of a year in which no telephone can have recorded it, which is noted."""
        if is_plausible(at):
            return at
        self.tally.add("bad-date", Sentence("fault.year", text=quote_value(at)), place, "fix.look.calendar")
        return ""

    def is_new(self, *what: str) -> bool:
        """Whether something is said for the first time in this file; from now on it was."""
        known = what in self.told
        self.told.add(what)
        return not known

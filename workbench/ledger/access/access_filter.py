"""The gate: which rows a reader may see, by clearance, country, purpose, retention and status.

It sits in the connection. A reader's connection has, for each view of the door (`live_evidence`, `live_passages`, ...), a
temporary view of the same name before it that leaves out what this reader may not see; so every question that is asked over
the connection is cut, whoever asks it, before anything is counted, ranked or drawn. Where nothing is withheld there are no
such views, and it costs nothing.

The gate prevents mistakes. It keeps out nobody who holds the files: only encryption does.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from workbench.ledger.access import flag_records, own_copies, shown_names
from workbench.ledger.access.hidden_rows import (
    Files,
    Withheld,
    add_views,
    find_files,
    list_outer,
    list_sources,
    remove_views,
)
from workbench.ledger.access.row_presence import select_earlier
from workbench.ledger.access.terms import MATERIAL, Target, list_current_terms, review_days
from workbench.ledger.exclusions import lost_senders
from workbench.ledger.log.change_tracker import Fresh
from workbench.ledger.sessions.access_protocol import ConnectedLedger
from workbench.model.catalogue import get_term
from workbench.model.handling_marks import TLP, Scheme
from workbench.model.handling_marks import build_mark as read_mark
from workbench.model.schema import FLAG, SPECIAL
from workbench.model.time_zones import normalise_day
from workbench.model.values.age import ADULT

if TYPE_CHECKING:
    from workbench.ledger.ledger import Ledger

OUTSIDE = TLP.index("TLP:AMBER+STRICT")
"""From here on TLP keeps material within the service that has it."""
PARTIES = ("number", "accountNumber", "iban")
"""Properties by whose values mass rows name a party."""
MINORS, SENSITIVE = "minors", "special categories"
REASONS = {
    "level": "above the reader's clearance", "country": "not allowed for the reader's country", "purpose": "saved for another purpose",
    "review": "past its review date", "restricted": "processing restricted", "special": "hidden until revealed",
    "flagged": "flagged because it may show a special category of data or a minor",
    "H1": "no permission for handling code H1", "H2": "no permission for handling code H2",
    "tlp": "not allowed outside the service (TLP)",
}  # fmt: skip
"""Why something is withheld, in words."""
SECRET = ("level", "country", "purpose")
"""Reasons for which not even the number is told to the reader."""
CLEARED = ("level", "country")
"""Those of them that only somebody else can lift; a purpose is said at opening."""
UNKNOWN = "?"
"""A country that nobody vouches for: what is closed to any country is closed to it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom rows are shown to.

    Attributes
    ----------
    level : int
        Clearance: rank in the case's scheme, granted by others.
    country : str
        ISO 3166-1 alpha-2; '' the case's own service, which is barred from nothing; UNKNOWN, barred from all that is barred to any.
    purpose : str
        What for; material that is kept for one purpose shows for no other.
    revealed : frozenset of str
        Categories that were revealed to the reader with a reason: 'minors', 'special categories', ...
    controller : bool
        Sees what is past its review, in order to decide on it.
    outside : bool
        Of another service: H2 and TLP:AMBER+STRICT, TLP:RED need permission.
    judicial : bool
        In judicial proceedings: H1 needs permission.
    careful : bool
        What a program flagged and nobody dismissed is kept back, as case.toml has it for products for others.
    told : tuple of str
        On what that rests, for the log.
    """

    level: int = 0
    country: str = ""
    purpose: str = ""
    revealed: frozenset[str] = frozenset()
    controller: bool = False
    outside: bool = False
    judicial: bool = False
    careful: bool = False
    told: tuple[str, ...] = ()


def find_refusal(reader: Reader, facets: Mapping[str, Sequence[str]], scheme: Scheme, today: str) -> str:
    """Why a reader may not see what these facets are said of: a key of REASONS, '' if he may."""
    mark = read_mark({name: list(values) for name, values in facets.items()}, scheme)
    permitted = set(facets.get("permission", ()))
    purposes = [purpose.casefold() for purpose in facets.get("purpose", ())]
    special = set(facets.get("special", ()))
    nowhere = reader.country == UNKNOWN or (reader.outside and not reader.country)
    barred = bool(mark.barred) and (nowhere or reader.country in mark.barred)
    tests = {
        "level": mark.level > reader.level,
        "country": barred,
        "purpose": bool(purposes)
        and not any(_is_for_purpose(reader.purpose.casefold(), purpose) for purpose in purposes),
        "review": not reader.controller and any("" < normalise_day(day) < today for day in facets.get("review", ())),
        "restricted": bool(facets.get("restricted")) and not reader.controller,
        "special": bool(special - reader.revealed),
        "H1": reader.judicial and "H1" in mark.handling and "H1" not in permitted,
        "H2": reader.outside and "H2" in mark.handling and "H2" not in permitted,
        "tlp": reader.outside and mark.tlp >= OUTSIDE and "TLP" not in permitted,
    }
    return next((name for name, refused in tests.items() if refused), "")


def _is_for_purpose(given: str, allowed: str) -> bool:
    return given == allowed or given.startswith(f"{allowed} ")


@dataclass
class Visibility:
    """What the officer of a session could see, whichever gates were before the rows: one for all threads.

    Attributes
    ----------
    entry : int
        The last entry of the log with which it was looked, -1 before.
    secret, newly_secret : frozenset of Target
        What is secret now; what became secret after the officer could see it.
    """

    entry: int = -1
    secret: frozenset[Target] = frozenset()
    newly_secret: frozenset[Target] = frozenset()
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def record_secret(self, ledger: ConnectedLedger, secret: frozenset[Target], *, whole: bool) -> None:
        """Record what is secret now; unless `whole`, beside what was secret before. A thread that reads an older state records nothing."""
        version = ledger.get_version()
        with self._lock:
            if version < self.entry:
                return
            if self.entry >= 0 and (fresh := secret - self.secret - self.newly_secret):
                self.newly_secret |= select_earlier(ledger.connection, fresh, self.entry)
            self.secret = secret if whole else self.secret | secret

    def record_entry(self, entry: int) -> None:
        """Record with which entry of the log it was looked."""
        with self._lock:
            self.entry = max(self.entry, entry)


@dataclass
class AccessFilter:
    """The gate of one connection.

    Attributes
    ----------
    readers : tuple of Reader
        All of them must be allowed: who works, and whom a product is for.
    scheme : Scheme
        Levels of the case.
    years : int
        Material is reviewed so many years after it came, where no other date was set; 0 never.
    who : str
        By what the officer who works is known (`own_copies.get_reader_name`).
    own : frozenset of str
        Files of which that officer brought a copy while they were secret.
    speaker : str
        Name of the officer who works, where nobody else reads: what that officer has said is no secret to that reader.
    visibility : Visibility
        What that officer could see in this session.
    """

    readers: tuple[Reader, ...]
    scheme: Scheme
    years: int = 0
    who: str = ""
    own: frozenset[str] = frozenset()
    speaker: str = ""
    visibility: Visibility = field(default_factory=Visibility)
    _is_looking: bool = False
    _seen: tuple[int, str] = (-1, "")
    _others: int = -1
    _withheld: dict[Target, str] = field(default_factory=dict)
    _secret: dict[int | None, frozenset[str]] = field(default_factory=dict)
    _touched: dict[str, set[str] | None] = field(default_factory=dict)
    _files: Files = field(default_factory=Files)
    _before: frozenset[str] = frozenset()
    _protected: bool = False
    _unsaid: bool = False

    def clone(self) -> AccessFilter:
        """A gate for the same readers on another connection."""
        return AccessFilter(
            **{one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith("_")}
        )

    def __call__(self, ledger: ConnectedLedger) -> None:
        """Bring the connection in line with what holds now; nothing to do where nothing has changed.

        Where rows were only added, by this connection, it looks at them alone.
        """
        if self._is_looking:
            return
        self._is_looking = True
        try:
            self._refresh(ledger)
        finally:
            self._is_looking = False

    def _refresh(self, ledger: ConnectedLedger) -> None:
        now = (ledger.get_version(), datetime.now(UTC).date().isoformat())
        if now == self._seen and not ledger.binding.fresh.whole:
            return
        others = ledger.binding.get_data_version()
        with ledger.binding.take_fresh() as fresh:
            same = (others, now[1]) == (self._others, self._seen[1])
            if same and (touched := self._refresh_added(ledger, fresh, now[1])) is not None:
                self._touched = {name: None if old is None else old | touched for name, old in self._touched.items()}
            else:
                self._refresh_all(ledger, now[1])
                self._touched = {}
        self._seen, self._others, self._secret = now, others, {}
        self.visibility.record_entry(now[0])
        if self.own:
            own_copies.load_exclusions(cast("Ledger", ledger), self.list_secret_ids(ledger))

    @property
    def day(self) -> str:
        """The day on which it looked last: what is past its date changes at midnight, without a row."""
        return self._seen[1]

    @property
    def is_new(self) -> bool:
        """Whether it has looked at nothing yet."""
        return self._seen[0] < 0

    @property
    def partial(self) -> frozenset[str]:
        """Files and documents of which a document or a file within is secret to the readers, as it was looked last."""
        return self._files.partial

    def _find_secret_files(self, ledger: ConnectedLedger, apart: Iterable[Target], readers: int | None = None) -> Files:
        """Files of the documents that are secret to the first so many readers (all, if None).

        A copy that the reader brought makes a document of it known, and no other file that holds the same.
        """
        if self.own:
            apart = self._select_withheld(SECRET, ledger, list_current_terms(ledger, whole=True), readers, whole=True)
        return find_files(ledger.connection, apart, self.own, self.speaker)

    def list_lost(self, ledger: ConnectedLedger) -> tuple[str, ...]:
        """What became secret after the reader could see it, in order: kind and id."""
        self(ledger)
        return tuple(sorted(f"{kind} {key}" for kind, key in self.visibility.newly_secret))

    def _refresh_all(self, ledger: ConnectedLedger, today: str) -> None:
        """Look at everything."""
        sql = ledger.connection
        self.own = own_copies.load_copies(sql, self.who)
        reasons = self.list_reasons(ledger, today)
        remove_views(sql)
        apart = frozenset(self._select_withheld(SECRET, ledger, reasons, None))
        self._files = self._find_secret_files(ledger, apart)
        self._unsaid = lost_senders.has_excluded_senders(sql)
        if reasons or self.own or self._unsaid:
            Withheld(sql).withhold_only({**reasons, **dict.fromkeys(self._files.closed, "")}, self.own, self.speaker)
            self._before = (
                own_copies.note_before(sql, self._find_hidden_before(ledger, reasons)) if self.own else frozenset()
            )
            shown_names.load_names(sql, own=bool(self.own))
            add_views(sql, own=bool(self.own))
            if self._unsaid:
                lost_senders.withhold_excluded_senders(sql)
        self._withheld = reasons
        self.visibility.record_secret(ledger, apart, whole=True)

    def _find_hidden_before(
        self, ledger: ConnectedLedger, reasons: Mapping[Target, str]
    ) -> dict[str, own_copies.Until]:
        """What was hidden from the readers before they brought their copies: id -> until when."""
        sql, found = ledger.connection, dict[str, own_copies.Until]()
        whole = self._select_withheld(SECRET, ledger, list_current_terms(ledger, whole=True), None, whole=True)
        for moment in own_copies.list_moments(sql):
            apart = [target for target in whole if target[1] not in moment.ids]
            closed = find_files(sql, apart, moment.known, self.speaker).closed
            found.update(
                dict.fromkeys(self._list_dependants(ledger, {*reasons, *apart, *closed}, moment.known), moment.until)
            )
        return found

    def list_changed_documents(self, ledger: ConnectedLedger, name: str) -> set[str] | None:
        """Documents of which something came, or was withheld, since this was asked last under a name; None if it may be of any."""
        self(ledger)
        found = self._touched.get(name)
        self._touched[name] = set()
        return found

    def _refresh_added(self, ledger: ConnectedLedger, fresh: Fresh, today: str) -> set[str] | None:
        """Look at what was added; the documents that were looked at again, None where that is not enough."""
        sql, within = ledger.connection, fresh.list_changed_documents(ledger.connection)
        if within is None or any(reader.careful for reader in self.readers):
            return None
        if (self._protected and fresh.judged) or (fresh.noted and self.has_withheld):
            return None
        if within and lost_senders.has_excluded_senders(sql, json.dumps(sorted(within))):
            return None
        added = self._find_withheld(ledger, today, fresh, within)
        if not self.has_withheld:
            return None if added else within
        made, near = Withheld(sql), fresh.list_arrived_sources(sql)
        apart = frozenset(self._select_withheld(SECRET, ledger, added, None))
        if (
            self.own
            or near & self._files.partial
            or made.has_ids("sources", near | list_outer(sql, near) | list_sources(sql, within))
        ):
            return None
        files = self._files.merge_files(find_files(sql, apart, (), self.speaker, self._files))
        new = [target for target in added if target not in self._withheld]
        made.withhold_more([*new, *(files.closed - self._files.closed)], within, near)
        shown_names.load_names(sql, own=False, whole=False)
        self._withheld, self._files = {**added, **self._withheld}, files
        self.visibility.record_secret(ledger, apart, whole=False)
        return within | made.list_checked_documents()

    @property
    def controls(self) -> bool:
        """Whether the reader is the controller."""
        return all(one.controller for one in self.readers)

    @property
    def has_withheld(self) -> bool:
        """Whether anything is withheld."""
        return bool(self._withheld or self.own or self._unsaid)

    def list_reasons(self, ledger: ConnectedLedger, today: str) -> dict[Target, str]:
        """What is withheld from the readers, and why: target -> key of REASONS."""
        self._protected = False
        found = self._find_withheld(ledger, today)
        if any(reader.careful for reader in self.readers):
            for key in flag_records.list_flagged_passages(ledger.connection, today):
                found.setdefault(("passage", key), "flagged")
        return found

    def _find_withheld(
        self, ledger: ConnectedLedger, today: str, fresh: Fresh | None = None, within: Iterable[str] = ()
    ) -> dict[Target, str]:
        """What is withheld by what it is, by when it came and by what is said of it; of what is fresh (`within` documents) if it is given.

        The protection of a person follows each judgement that an entity is the same person: whoever judged, and in whatever order.
        """
        sql = ledger.connection
        found = self._find_protected(sql, today, None if fresh is None else (within, fresh.special))
        shielded = {key for kind, key in found if kind == "entity"}
        found.update(dict.fromkeys(self._list_overdue(sql, today, None if fresh is None else fresh.sources), "review"))
        said = list_current_terms(ledger, None if fresh is None else [key for _, key in fresh.targets])
        found.update({
            target: why for target, facets in said.items() if target[0] in MATERIAL and (why := self._find_refusal(facets, today))
        })  # fmt: skip
        shielded |= {key for (kind, key), facets in said.items() if kind == "entity" and self._is_shielded(facets)}
        self._protected = self._protected or bool(shielded)
        for key in _list_same_entities(sql, shielded):
            found.setdefault(("entity", key), "special")
        return found

    def _is_shielded(self, facets: Mapping[str, Sequence[str]]) -> bool:
        """Whether a category that is not revealed is said of something."""
        return any(set(facets.get("special", ())) - reader.revealed for reader in self.readers)

    def _list_overdue(self, sql: sqlite3.Connection, today: str, among: Iterable[str] | None) -> list[Target]:
        """Sources that came before the years of review, of which nobody has set another date; among these, if they are given."""
        if not self.years or all(reader.controller for reader in self.readers):
            return []
        bound = f"{int(today[:4]) - self.years}{today[4:]}"
        query = """SELECT s.sha256, t.value, t.at FROM sources AS s LEFT JOIN main.live_terms AS t
            ON t.target_kind = 'source' AND t.facet = 'review' AND t.target_id = s.sha256
            WHERE s.received_at < ? AND (? IS NULL OR s.sha256 IN (SELECT value FROM json_each(?)))"""
        chosen = None if among is None else json.dumps(sorted(among))
        rows = sql.execute(query, (bound, chosen, chosen)).fetchall()
        return [("source", key) for key, said, at in rows if not (said and review_days(json.loads(said), at))]

    def _find_protected(
        self, sql: sqlite3.Connection, today: str, among: tuple[Iterable[str], Iterable[str]] | None = None
    ) -> dict[Target, str]:
        """Persons under eighteen, and statements of special categories, that are not revealed; among documents and statements if given."""
        asked = [name for name in (MINORS, SENSITIVE) if any(name not in reader.revealed for reader in self.readers)]
        documents, statements = (None, None) if among is None else (json.dumps(sorted(ids)) for ids in among)
        found = {MINORS: _list_minors(sql, today, documents), SENSITIVE: _list_sensitive_statements(sql, statements)}
        return {target: "special" for name in asked for target in found[name]}

    def describe_refusal(self, facets: Mapping[str, Sequence[str]]) -> str:
        """Why what these facets are said of is withheld, in words to the reader; '' if it is not."""
        why = self._find_refusal(facets, datetime.now(UTC).date().isoformat())
        return get_term("yours" if why in CLEARED else "withheld", why) if why else ""

    def describe_reason(self, facets: Mapping[str, Sequence[str]], known: Collection[str] = ()) -> str:
        """Why what these facets are said of is withheld, as `counted` words it; '' if it is not, or not even the number is told.

        `known`: reasons of which the reader knows, so that the number is told.
        """
        why = self._find_refusal(facets, datetime.now(UTC).date().isoformat())
        return REASONS[why] if why and (why in known or why not in SECRET) else ""

    def find_level_above_clearance(self, facets: Mapping[str, Sequence[str]]) -> str:
        """The level of what these facets are said of, where it is above the clearance of a reader; '' where it is not."""
        level = read_mark({name: list(values) for name, values in facets.items()}, self.scheme).level
        return self.scheme.levels[min(level, self.scheme.top)] if any(level > one.level for one in self.readers) else ""

    def is_closed(self, mark: str) -> bool:
        """Whether what was printed with this mark is above the clearance of a reader, or closed to the country."""
        return bool(self._find_refusal(self.scheme.parse_label(mark), ""))

    def _find_refusal(self, facets: Mapping[str, Sequence[str]], today: str) -> str:
        return next((why for reader in self.readers if (why := find_refusal(reader, facets, self.scheme, today))), "")

    def list_targets(self, ledger: ConnectedLedger) -> tuple[str, ...]:
        """What is withheld, in order: kind and id."""
        self(ledger)
        return tuple(sorted(f"{kind} {key}" for kind, key in self._withheld))

    def list_values(self, ledger: ConnectedLedger, *, known: bool = False) -> tuple[str, ...]:
        """Numbers and accounts of entities that are withheld, as mass rows name them; `known`: of whom the reader may know that."""
        self(ledger)
        if not self._withheld:
            return ()
        names = ", ".join(f"'{name}'" for name in PARTIES)
        query = f"""SELECT DISTINCT value FROM statements WHERE entity_id IN gate_entities AND prop IN ({names})
            AND entity_id NOT IN (SELECT value FROM json_each(?)) ORDER BY value"""
        secret = json.dumps(sorted(self.list_secret_ids(ledger))) if known else "[]"
        return tuple(value for (value,) in ledger.connection.execute(query, (secret,)).fetchall())

    def list_passages(self, ledger: ConnectedLedger) -> list[str]:
        """Passages that are withheld by themselves."""
        self(ledger)
        rows = ledger.connection.execute("SELECT id FROM gate_passages ORDER BY id") if self._withheld else ()
        return [key for (key,) in rows]

    def count_withheld(self, ledger: ConnectedLedger, readers: int | None = None) -> Counter[str]:
        """How much is withheld: REASONS in words -> number of targets. It says nothing of their content.

        That something is above a reader's clearance, or closed to that country or purpose, is not told to that reader; asked are
        the first so many readers, all if not given. For the first alone it is what who works may know of a product for others.
        """
        secret = self.list_secret_ids(ledger, readers)
        return Counter(REASONS[why] for target, why in self._withheld.items() if target[1] not in secret)

    def list_secret_ids(self, ledger: ConnectedLedger, readers: int | None = None) -> frozenset[str]:
        """Ids of all of which the first so many readers (all, if not given) may not even know that it is there.

        With what is above a clearance, closed to a country or kept for another purpose goes all that hangs on it.
        """
        self(ledger)
        if readers not in self._secret:
            why = self._select_withheld(SECRET, ledger, self._withheld, readers)
            also = self._find_secret_files(ledger, why, readers).closed
            hanging = self._list_dependants(ledger, {*why, *also}, self.own) if why or also else frozenset()
            self._secret[readers] = hanging | self._before
        return self._secret[readers]

    def _list_dependants(
        self, ledger: ConnectedLedger, targets: Iterable[Target], own: Collection[str]
    ) -> frozenset[str]:
        """Ids of what is withheld with all that hangs on it; the gate stands as it was."""
        apart = Withheld(ledger.connection, "apart")
        apart.withhold_only(targets, own, self.speaker)
        return apart.list_ids()

    def is_uncleared(self, ledger: ConnectedLedger) -> bool:
        """Whether anything in the case is above the clearance of a reader, or closed to the country."""
        self(ledger)
        return bool(self._select_withheld(CLEARED, ledger, self._withheld, None))

    def _select_withheld(
        self,
        reasons: Collection[str],
        ledger: ConnectedLedger,
        targets: Iterable[Target],
        readers: int | None,
        *,
        whole: bool = False,
    ) -> list[Target]:
        """Those of what is withheld that is so from the first so many readers (all, if None) for one of these reasons.

        `whole`: by all that is said of them, as if the reader had brought no copy.
        """
        kept = list(targets)
        said = list_current_terms(ledger, [key for _, key in kept], whole=whole) if kept else {}
        asked, today = self.readers[:readers], datetime.now(UTC).date().isoformat()
        return [
            target
            for target in kept
            if any(find_refusal(one, said.get(target, {}), self.scheme, today) in reasons for one in asked)
        ]


ASKED = "json_each(?) AS a"
"""Ids that are asked about."""


def _list_minors(sql: sqlite3.Connection, today: str, documents: str | None) -> list[Target]:
    """Persons under eighteen, as sources and officers state them; in these documents (a JSON list), if they are given."""
    day = date.fromisoformat(today)
    bound = f"{day.year - ADULT}{today[4:]}"
    of = (
        "main.live_evidence AS e"
        if documents is None
        else f"{ASKED} CROSS JOIN main.live_evidence AS e ON e.document_id = a.value"
    )
    query = f"""SELECT DISTINCT e.entity_id FROM {of}
        WHERE e.schema = 'Person' AND e.prop = 'birthDate' AND e.kind != 'suggested' AND length(e.value) >= 4
        AND e.value > ? AND e.value <= ?"""
    asked = (bound, today) if documents is None else (documents, bound, today)
    return [("entity", key) for (key,) in sql.execute(query, asked).fetchall()]


def _list_same_entities(sql: sqlite3.Connection, entities: Collection[str]) -> set[str]:
    """Entities that somebody has judged to be the same as these, or as such an entity."""
    same: dict[str, set[str]] = {}
    query = "SELECT left_id, right_id FROM main.live_judgements WHERE judgement = 'same'"
    for left, right in sql.execute(query).fetchall() if entities else ():
        same.setdefault(left, set()).add(right)
        same.setdefault(right, set()).add(left)
    found, waiting = set(entities), list(entities)
    while waiting:
        fresh = same.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found - set(entities)


def _list_sensitive_statements(sql: sqlite3.Connection, statements: str | None) -> list[Target]:
    """Statements of special categories; of these (a JSON list), if they are given."""
    names = ", ".join(f"'{name}'" for name in SPECIAL)
    of = "statements AS s" if statements is None else f"{ASKED} CROSS JOIN statements AS s ON s.id = a.value"
    query = f"SELECT DISTINCT s.id FROM {of} WHERE s.prop IN ({names}) AND s.schema != '{FLAG}'"
    asked = () if statements is None else (statements,)
    return [("statement", key) for (key,) in sql.execute(query, asked).fetchall()]

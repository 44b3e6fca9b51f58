"""Passages into suggestions: each extraction method reads each passage once; an interruption loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from workbench import extract as rooms
from workbench.case import access, calls, flagging, speaking
from workbench.case.book import Book
from workbench.case.progress import bar
from workbench.ledger import Run, extremes, frames, remarks, tombstones
from workbench.model import models
from workbench.model.bounds import bound_rows
from workbench.model.catalogue import Sentence
from workbench.model.issues import issue
from workbench.model.rewording import reworded
from workbench.model.rows import Claim, Issue, Passage
from workbench.model.tables import ISSUES, each
from workbench.report import content
from workbench.resolve import contradictions, disagreements
from workbench.search.recipes import recipe

BATCH = 512
"""Passages in one transaction."""
BATCHES = {"special-words": 16 * BATCH}
"""Those of a method that finds little: each transaction costs the gate a look at all that is withheld."""
PROSE = frozenset({"spacy-ner", "name-rules", "self-naming"})
"""Methods that know sentences; the others read the rows of small tables as well. Large tables are read by their mapping."""
RESULT = ("method", "version", "passages", "suggestions")
WORST = {"error": 0, "warning": 1, "info": 2}
SINGLE = ("birthDate", "gender", "imei", "imsi")
"""Properties of which a thing has one value: two of them are an issue."""


def extract(book: Book) -> pd.DataFrame:
    """Read every live passage with every method that has not read it, then bring the search index up to date.

    Suggestions are for everybody, so names and senders are taken from what every officer of the case may see.
    """
    from workbench.case import searching

    spoken = speaking.spoken(book)
    with access.known_to_all(book) as seen:
        of_case = [rooms.known_names(known_names(seen)), rooms.self_naming(senders(seen))]
    methods = [*rooms.methods(spoken).values(), *of_case]
    rows = [_extract(book, method, spoken) for method in methods]
    searching.index(book)
    return pd.DataFrame(rows, columns=pd.Index(RESULT))


def _extract(book: Book, method: rooms.Method, spoken: Mapping[str, str]) -> tuple[str, str, int, int]:
    run = Run("extract", method.name, method.version)
    passages = suggestions = 0
    for batch in _unread(book, method):
        read = list(method.read(batch))
        doubts = list(rooms.doubtful(batch, spoken=spoken)) if method.name == "identifiers" else []
        book.ledger.add_reading(run, [passage.id for passage in batch], [*read, *doubts])
        passages, suggestions = passages + len(batch), suggestions + sum(isinstance(row, Claim) for row in read)
    return method.name, method.version, passages, suggestions


def _unread(book: Book, method: rooms.Method) -> Iterator[list[Passage]]:
    """Batches of passages that the method has yet to read, with a progress bar."""
    among = "prose" if method.name in PROSE else "small"
    total = frames.unread_count(book.ledger, method.name, method.version, among)
    with bar(book.say, "extracting", "passages", range(total), method=method.name) as progress:
        most, full = BATCHES.get(method.name, BATCH), True
        while full and len(batch := frames.unread(book.ledger, method.name, method.version, most, among)):
            yield passages_of(batch)
            progress.update(len(batch))
            full = len(batch) == most


def passages_of(frame: pd.DataFrame) -> list[Passage]:
    """Rows of a PASSAGES table."""
    return [Passage(row.passage_id, row.document_id, int(row.number), row.text, int(row.page)) for row in each(frame)]


def known_names(book: Book) -> list[str]:
    """Names that sources and officers give, in order: contacts, custodians, registers. What a text says is read with them."""
    evidence = book.evidence
    named = evidence["prop"].isin(["name", "alias"]) & evidence["schema"].isin(["Person", "Organization", "Company"])
    return sorted(set(evidence.loc[named & (evidence["kind"] != "suggested"), "value"]))


def senders(book: Book) -> dict[str, str]:
    """Document id -> account that sent it, of messages with one sender that is no service: who may say the own name there."""
    rows = book.evidence[
        book.evidence["prop"].isin(["senderAccount", "emitters"]) & (book.evidence["kind"] != "suggested")
    ]
    service = set(book.documents.loc[book.documents["service"] != "", "document_id"])
    accounts = set(book.evidence.loc[book.evidence["schema"] == "UserAccount", "entity_id"])
    rows = rows[rows["value"].isin(accounts) & ~rows["document_id"].isin(service)]
    sent = rows.groupby("document_id")["value"].agg(lambda values: sorted(set(values)))
    return {str(document): found[0] for document, found in sent.items() if len(found) == 1}


def issues(book: Book) -> pd.DataFrame:
    """Issue rows of the readers, and those that come of looking at the whole case: contradictions, conflicting values."""
    found = frames.issues(book.ledger)
    derived = [
        *contradictions(frames.judgements(book.ledger)),
        *disagreements(frames.opinions(book.ledger)),
        *conflicts(book),
        *flagging.issues(book),
        *speaking.unsearched(book),
        *calls.doubts(book),
        *open_remarks(book),
        *beyond(book),
        *erased_before(book),
    ]
    places = book.traces.drop_duplicates("document_id").set_index("document_id")[["source", "source_name"]]
    where = {key: tuple(row) for key, *row in places.itertuples()}
    rows = [
        (i.id, i.code, i.severity, i.message, i.fix, i.document_id, i.place, *where.get(i.document_id, ("", "")))
        for i in derived
    ]
    both = pd.concat([found, pd.DataFrame(rows, columns=pd.Index(ISSUES))], ignore_index=True) if rows else found
    return both.sort_values("severity", key=lambda names: names.map(WORST), kind="stable", ignore_index=True)


def open_remarks(book: Book) -> Iterator[Issue]:
    """An issue row for each package of which remarks wait for an officer."""
    waits = Counter((one.bureau, one.package) for one in remarks.find(book.ledger) if not one.state)
    for (bureau, package), number in sorted(waits.items()):
        text = Sentence("row.derived.remarks_kept", bureau=bureau, count=number)
        yield issue("remarks", text, fix=Sentence("fix.adopt.remarks"), place=package)


def beyond(book: Book) -> Iterator[Issue]:
    """Issues of values that the ledger holds and nobody can reckon with: of an earlier release, or of a package."""
    return (row for row in bound_rows(extremes.beyond(book.ledger)) if isinstance(row, Issue))


def erased_before(book: Book) -> Iterator[Issue]:
    """Issues of what was erased, has come back, and met with a legal hold."""
    for what in tombstones.returns(book.ledger.connection):
        yield issue("erased_again", Sentence(f"row.derived.{what}"), fix=Sentence(f"fix.held.{what}"))


def conflicts(book: Book) -> Iterator[Issue]:
    """An issue for each thing of which sources state two values where there can be one."""
    rows = book.evidence[book.evidence["prop"].isin(SINGLE) & (book.evidence["kind"] != "suggested")]
    for (key, prop), group in rows.groupby(["canonical_id", "prop"], sort=True):
        values = sorted(set(group["value"]))
        if len(values) > 1 and not all(later.startswith(values[0]) for later in values):
            told = {"name": book.shown(str(key)), "count": len(values), "property": prop, "values": ", ".join(values)}
            text, fix = Sentence("row.derived.conflict", **told), Sentence("fix.settle.conflict")
            yield issue("conflict", text, fix=fix, place=str(key))


def model_cards(book: Book) -> tuple[content.ModelCard, ...]:
    """The language models that read the case, with the hash of their weights."""
    used = {run.version for run in each(frames.runs(book.ledger)) if run.kind == "extract"}
    searched = recipe(speaking.mode(book)).card
    cards = []
    for name, card in models.models().items():
        if any(card.label in version for version in used) or name == searched:
            use = reworded(card.use, "models.good_for", book.say.language)
            cards.append(content.ModelCard(name, card.label, card.sha256, use))
    return tuple(cards)

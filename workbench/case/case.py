"""The case: one short method per verb. Verbs on the case, nouns back: tables, networkx graphs, widgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case import extracting, hand, linking
from workbench.case.book import Book
from workbench.case.calls import Calls
from workbench.case.received import Received
from workbench.errors import CaseError
from workbench.ledger import Folder, Ledger, Settings, frames

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.views import PortableChart


def open_case(folder: str | Path, *, officer: str = "", purpose: str = "", title: str = "") -> Case:
    """Open a case, or make one where there is none.

    Parameters
    ----------
    folder : str or Path
        The case folder.
    officer : str
        Who works: written to everything that is said by hand and to the audit log.
    purpose : str
        What for: 'training', 'investigation 2026/114', ... Asked once; the log shows it with each consultation.
    title : str
        For a new case; the folder's name if not given.

    Raises
    ------
    CaseError
        Without officer or purpose, or if the folder holds something that is no case.
    """
    if not officer or not purpose:
        missing = "officer" if not officer else "purpose"
        raise CaseError(
            f"{missing} is missing. Open with open_case({str(folder)!r}, officer='ada', purpose='training')."
        )
    place = Folder(Path(folder))
    place.create(Settings(title=title or Path(folder).name))
    ledger = Ledger(place.ledger, officer=officer, purpose=purpose)
    ledger.record("consultation", "case", {"folder": Path(folder).name})
    return Case(Book(place, ledger, place.settings()))


class Case(Received):
    """An open case. Made by `open_case`.

    Every answer is a DataFrame, a networkx graph or a widget. What is said by hand is signed with the officer's name and can
    be taken back; nothing that a source said is ever changed.
    """

    def __repr__(self) -> str:
        """Title, mark and size, without opening anything."""
        counts = f"{len(self.book.documents):,} documents, {len(self.book.things):,} entities"
        return f"Case {self.book.settings.title!r} [{self.book.settings.mark}]: {counts}"

    def close(self) -> None:
        """Close the ledger. Everything acknowledged is on disk already."""
        self.book.ledger.close()

    # Read ---------------------------------------------------------------------------------------------------------------

    def extract(self) -> pd.DataFrame:
        """Read the text: identifiers, names and the index for search. A second call adds nothing.

        Returns
        -------
        DataFrame
            method, version, passages (read in this call), suggestions (added).
        """
        return extracting.extract(self.book)

    def documents(self) -> pd.DataFrame:
        """Everything received that can be quoted (DOCUMENTS), in order of time."""
        return self.book.documents

    def entities(self, schema: str = "") -> pd.DataFrame:
        """Persons, accounts, numbers, places, ... (ENTITIES), most often evidenced first."""
        things = self.book.things.reset_index(drop=True).drop(columns="entity_id")
        chosen = things[things["schema"] == schema] if schema else things
        return chosen.sort_values(["mentions", "canonical_id"], ascending=[False, True], ignore_index=True)

    def evidence(self, about: str = "") -> pd.DataFrame:
        """Claims with their places (EVIDENCE), of the whole case or of one entity."""
        rows = self.book.evidence
        return rows[rows["canonical_id"] == self.book.find(about)].reset_index(drop=True) if about else rows

    def issues(self) -> pd.DataFrame:
        """What is wrong or doubtful in the data (ISSUES), errors first."""
        return extracting.issues(self.book)

    def search(  # noqa: PLR0913 - a verb's options are keywords
        self, text: str = "", *, like: str = "", since: str = "", until: str = "", sender: str = "", kind: str = "",
        limit: int = 20, services: bool = True,
    ) -> pd.DataFrame:  # fmt: skip
        """One search over messages, documents and tables, by words and by meaning (HITS), best first.

        Parameters
        ----------
        text : str
            Words; "quoted phrases", OR, -without and begin* work. Words and meaning are searched together.
        like : str
            Meaning alone: a sentence, or the passage_id or document_id of something to find the like of.
        since, until : str
            Bounds on the time as written, ISO 8601: '2022-07-08' or '2022-07-08T09:00'. `until` includes the day named.
        sender : str
            Name or account of the sender.
        kind : str
            Schema of the document: Message, Email, PlainText, Pages, Table.
        services : bool
            With messages of service senders.
        """
        from workbench.case import searching

        asked = searching.Asked(text, like, since, until, sender, kind, limit, services)
        return searching.search(self.book, asked)

    # Judged -------------------------------------------------------------------------------------------------------------

    def duplicates(self, schema: str = "", *, about: str = "", judged: bool = False) -> pd.DataFrame:
        """Pairs that may be one thing (PAIRS) with the reasons for and against, best first."""
        found = self.book.pairs
        found = found[found["schema"] == schema] if schema else found
        found = found if judged else found[found["judgement"] == ""]
        if about:
            ids = set(self.book.named(about)["canonical_id"]) or {self.book.find(about)}
            found = found[found["left_id"].isin(ids) | found["right_id"].isin(ids)]
        return found.reset_index(drop=True)

    def judge(self, pairs: pd.DataFrame | Sequence[str], *, same: bool | None, because: str) -> None:
        """Judge pairs: same=True, False (not the same) or None (unsure). Judging again replaces the earlier judgement."""
        hand.judge(self.book, hand.pair_ids(self.book, pairs), same=same, because=because)

    def split(self, entity: str, *, because: str) -> int:
        """Take back all judgements that join an entity to others; number of pairs reopened."""
        return hand.split(self.book, entity, because)

    def accept(self, *targets: str, because: str = "") -> None:
        """Confirm suggestions by evidence_id, statement_id or entity_id; they are drawn solid from then on."""
        hand.review(self.book, targets, "accepted", because)

    def reject(self, *targets: str, because: str = "") -> None:
        """Reject suggestions, or an attribution, by evidence_id, statement_id or entity_id. `accept` takes it back."""
        hand.review(self.book, targets, "rejected", because)

    def state(self, schema: str, *, source: str, because: str = "", entity: str = "", **properties: str) -> str:
        """Add a person, event, link, ... by hand; returns its id.

        Parameters
        ----------
        schema : str
            FollowTheMoney schema: Person, Event, Ownership, Associate, ...
        source : str
            passage_id or document_id that says so, or "officer's knowledge".
        entity : str
            Name or id of an entity to add to; a new one if not given.
        properties
            FollowTheMoney properties; a property that points to an entity takes its name or id.
        """
        if not entity:
            hand.check_properties(schema, properties)
        return hand.state(self.book, schema, entity, properties, hand.Ground(source, because))

    def correct(self, entity: str, prop: str, value: str, *, source: str, old: str = "", because: str = "") -> None:
        """Supersede a value by the right one. The old statement stays in the ledger and can be restored by its id."""
        hand.correct(self.book, entity, prop, value, old, hand.Ground(source, because))

    def note(self, text: str, *, kind: str = "note", passages: Iterable[str] = (), **detail: object) -> str:
        """Keep a note, question, hypothesis, conclusion or summary, tied to passages; returns its id.

        For a conclusion, `detail` may hold nature (fact, assessment, hypothesis), probability, confidence (low, moderate,
        high), basis, supporting and opposing (lists of passage ids), alternatives and gaps (lists of text). For any kind it
        may hold terms: searches whose words a report marks in the passages.
        """
        return hand.note(self.book, text, kind, list(passages), detail)

    def notes(self) -> pd.DataFrame:
        """Notes, questions, hypotheses, conclusions, summary that count."""
        return frames.notes(self.book.ledger)

    def decisions(self) -> pd.DataFrame:
        """All that officers decided on rows, in order."""
        return frames.decisions(self.book.ledger)

    def audit(self) -> pd.DataFrame:
        """The audit log, in order."""
        return frames.audit(self.book.ledger)

    # Linked -------------------------------------------------------------------------------------------------------------

    def graph(
        self, *about: str, hops: int = 1, accounts: str = "held", suggested: bool = True, services: bool = False,
        limit: int = 200,
    ) -> nx.MultiDiGraph:  # fmt: skip
        """Who contacted whom, who is named with whom, who uses what: an ordinary networkx MultiDiGraph.

        Parameters
        ----------
        about : str
            Names or ids; the whole case if none is given.
        hops : int, >= 1
        accounts : {'held', 'apart'}
            'held': accounts, numbers and handsets stand for the person recorded as using them; 'apart': each for itself.
        suggested, services : bool
            With what a machine read out of text (drawn dashed); with service senders.
        limit : int
            At most so many nodes around `about`.
        """
        return linking.graph(self.book, about, hops, limit, linking.Scope(accounts, suggested, services))

    @property
    def calls(self) -> Calls:
        """Questions to the call records: summary, contacts, common contacts, days, rhythm, devices."""
        return Calls(self.book)

    def ranking(self, **options: object) -> pd.DataFrame:
        """Positions in the data supplied (RANKING): degree, contacts, betweenness, community. Custodians are marked.

        `.attrs['warning']` says why custodians look central. It is no measure of importance, guilt or role.
        """
        from workbench.graph import ranking

        net = linking.graph(
            self.book, (), 1, 0, linking.Scope(suggested=bool(options.get("suggested", False)), services=True)
        )
        return ranking(net, **options)  # type: ignore[arg-type]

    def paths(self, a: str, b: str, *, k: int = 3) -> pd.DataFrame:
        """The k shortest ways from one entity to another, one row per step."""
        from workbench.graph import paths

        ends = [linking.stand_in(self.book, self.book.find(name)) for name in (a, b)]
        return paths(self.graph(), ends[0], ends[1], k)

    def why(self, a: str, b: str) -> pd.DataFrame:
        """The passages behind a link between two entities, in order of time."""
        self.book.ledger.record("consultation", "link", {"a": a, "b": b})
        return linking.why(self.book, a, b)

    # Shown --------------------------------------------------------------------------------------------------------------

    def chart(self, net: nx.MultiDiGraph | None = None, *, name: str = "", title: str = "") -> PortableChart:
        """The link chart of a graph: interactive in the notebook, `.save(path)` writes one offline file.

        Without a graph it shows the best connected persons and what lies around them.

        Positions are kept in the case under `name`, so the chart looks the same when it is opened again.
        """
        from workbench.case import charting

        drawn = linking.overview(self.book, 50, linking.Scope(suggested=False)) if net is None else net
        return charting.chart(self.book, drawn, name, title)

    def show(self) -> object:
        """The case as a panel: overview, search, review, add."""
        from workbench.case import showing

        return showing.show(self)

    def report(self, path: str | Path, *, question: str = "", to: str = "", about: Sequence[str] = ()) -> Path:
        """Write the report: one HTML file with the interactive chart, and beside it the same as PDF. Logged as disclosure.

        Parameters
        ----------
        path : str or Path
            Ends in .html; a bare name goes into the case's reports/ folder.
        question : str
            What the report answers.
        to : str
            The addressee.
        about : sequence of str
            Names of persons to centre on; the best connected ones if not given.
        """
        from workbench.case import reporting

        return reporting.write(self.book, Path(path), reporting.Wanted(question, to, tuple(about)))

"""The case: one short method per verb. Verbs on the case, nouns back: tables, networkx graphs, widgets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import access_settings as bounds
from workbench.case.access import claim_metadata, clearances, consultation_log, marks
from workbench.case.context.context import in_language
from workbench.case.context.entity_index import find_entity
from workbench.case.context.tables import Book
from workbench.case.drawn import Drawn
from workbench.case.evidence import case_issues
from workbench.case.network import entity_graph
from workbench.case.network.calls import Calls
from workbench.case.privacy import erasure
from workbench.case.sources import extraction
from workbench.case.storage import backup, key_holders
from workbench.case.verbs import notebook_display, unlock
from workbench.case.verbs.error_translation import told, verbs
from workbench.errors import CaseError
from workbench.ledger import Ledger, Object, Settings
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.identity import Officer


@told
def open_case(  # noqa: PLR0913 - what is said of a session is named one by one
    folder: str | Path, *, officer: str | Officer = "", purpose: str = "", title: str = "", reason: str = "", passphrase: str = "",
    encrypted: bool = False, language: str = "",
) -> Case:  # fmt: skip
    """Open a case, or make one where there is none.

    Parameters
    ----------
    folder : str or Path
        The case folder.
    officer : str or Officer
        Who works: written to everything that is said by hand and to the audit log. A name is taken as it is given; an Officer
        (`workbench.identity.unlock`) proves it and signs checkpoints of the log.
    purpose : str
        What for: 'training', 'investigation 2026/114', ... Asked once; the log shows it with each consultation.
    title : str
        For a new case; the folder's name if not given.
    reason : str
        Why this session consults the case. If not given, it is the purpose in an exercise; elsewhere it is asked for, once, and
        nothing is shown before it is said. `case.reason = '…'` changes it at any time.
    passphrase : str
        Of an encrypted case, or its recovery key; remembered for the session. Without it, it is asked for, unseen.
    encrypted : bool
        Make a new case encrypted (`docs/at-rest.md`).
    language : {'en', 'fr', 'es', 'ar'}, optional
        Of pages, controls and reports: kept in a new case; of one that there is, for this session instead of its own.

    Raises
    ------
    CaseError
        Without officer or purpose, in an unknown language, if the folder holds something else, or for a wrong passphrase.
    """
    if not officer or not purpose:
        missing = Sentence(f"refused.open.word.{'purpose' if officer else 'officer'}")
        raise CaseError(Sentence("refused.open.missing", what=missing, folder=folder))
    name = officer if isinstance(officer, str) else officer.card.name
    made = in_language(Settings(title=title or Path(folder).name, controller=name), language)
    with unlock.entered(Path(folder), made, officer, passphrase, encrypted=encrypted) as place:
        ledger = Ledger(place.ledger, officer=officer, purpose=purpose, key=place.vault.ledger_key)
    key_files = key_holders.bind(place, ledger)
    settings, told_of = bounds.settle(ledger, in_language(place.settings(), language))
    bounds.strange(place, settings.language)
    book = Book(place, ledger, settings, not isinstance(officer, str) and officer.card.watermarked)
    consultation_log.begin(book, reason)
    what = Object("case", Path(folder).name)
    if settings.keys and isinstance(officer, str):
        needs = Sentence("refused.open.needs_key", folder=folder)
        refused = ledger.refuse("consultation", what, needs)
        ledger.close()
        raise refused
    ledger.record("consultation", what, {**told_of, **key_files, "because": ledger.session.reason or purpose})
    backup.settle(book)
    clearances.enter(book)
    erasure.resume(book)
    notebook_display.in_notebook()
    return Case(book)


@verbs
class Case(Drawn):
    """An open case. Made by `open_case`.

    Every answer is a DataFrame, a networkx graph or a widget. What is said by hand is signed with the officer's name and can
    be taken back; nothing that a source said is ever changed.
    """

    def __repr__(self) -> str:
        """Title, mark and size, without opening anything."""
        try:
            counts = f"{len(self.book.documents):,} documents, {len(self.book.things):,} entities"
            return f"Case {self.book.settings.title!r} [{marks.label(self.book)}]: {counts}"
        except sqlite3.ProgrammingError:
            return f"Case {self.book.settings.title!r}: closed"

    def close(self) -> None:
        """Close the ledger. Everything acknowledged is on disk already; an officer with a key signs the log's head."""
        self.book.ledger.close()

    def _reopen(self, folder: Path, *, officer: str | Officer, purpose: str, reason: str, language: str) -> Case:
        return open_case(folder, officer=officer, purpose=purpose, reason=reason, language=language)

    @property
    def reason(self) -> str:
        """Why this session consults and discloses: stands in each entry of the audit log. Asked once; set it when it changes.

        Raises
        ------
        CaseError
            Where it is set to nothing; the refusal is logged.
        """
        return self.book.ledger.session.reason

    @reason.setter
    def reason(self, because: str) -> None:
        if not because.strip():
            why = Sentence("refused.open.no_reason")
            raise self.book.ledger.refuse("consultation", Object("case", self.book.folder.path.name), why)
        self.book.ledger.amend(reason=because.strip())

    # Read ---------------------------------------------------------------------------------------------------------------

    def extract(self) -> pd.DataFrame:
        """Read the text: identifiers, names and the index for search. A second call adds nothing.

        Returns
        -------
        DataFrame
            method, version, passages (read in this call), suggestions (added).
        """
        return extraction.extract(self.book)

    def documents(self) -> pd.DataFrame:
        """Everything received that can be quoted (DOCUMENTS), in order of time."""
        return consultation_log.told(self.book, "documents", marks.stamped(self.book, self.book.documents))

    def entities(self, schema: str = "") -> pd.DataFrame:
        """Persons, accounts, numbers, places, ... (ENTITIES), most often evidenced first; of one schema, if it is given."""
        vocabulary.known(schema)
        return consultation_log.told(self.book, "entities", marks.stamped(self.book, self.book.listed(schema)), schema)

    def evidence(self, about: str = "") -> pd.DataFrame:
        """Claims with their places (EVIDENCE), of the whole case or of one entity.

        Beside the columns of EVIDENCE, always: grade, nature, purpose, review, language, level, tlp, handling, conditions, barred,
        status, first_seen, last_seen, mark (docs/statements.md).
        """
        rows = self.book.evidence
        chosen = rows[rows["canonical_id"] == find_entity(self.book, about)].reset_index(drop=True) if about else rows
        return consultation_log.told(
            self.book, "evidence", marks.stamped(self.book, claim_metadata.weighed(self.book, chosen)), about
        )

    def statements(self, about: str = "") -> pd.DataFrame:
        """Statements (STATEMENTS), each once, of the whole case or of one entity; where each is claimed is in `evidence`.

        `case.state(…)` takes such a table, of this case or of another one.
        """
        rows = self.book.evidence
        chosen = rows[rows["canonical_id"] == find_entity(self.book, about)] if about else rows
        return consultation_log.told(
            self.book, "statements", marks.stamped(self.book, claim_metadata.statements(self.book, chosen)), about
        )

    def issues(self) -> pd.DataFrame:
        """What is wrong or doubtful in the data (ISSUES), errors first."""
        return consultation_log.told(self.book, "issues", marks.stamped(self.book, case_issues.issues(self.book)))

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
        from workbench.case.network import search

        asked = search.Asked(text, like, since, until, sender, kind, limit, services)
        found = marks.stamped(self.book, search.search(self.book, asked))
        bounds = {"like": like, "since": since, "until": until, "sender": sender, "kind of document": kind}
        return consultation_log.told(self.book, "search", found, text or f"like: {like}", **bounds)

    # Logged -------------------------------------------------------------------------------------------------------------

    def checkpoint(self) -> str:
        """Sign the head of the audit log (officers with a key); the note, for someone who does not hold the case.

        Whoever keeps it can show later that nothing before it was changed: `workbench verify CASE --checkpoint FILE`.
        """
        return self.book.ledger.checkpoint()

    def verify(self, *, checkpoints: Iterable[str | Path] = (), trust: Iterable[str | Path] = ()) -> pd.DataFrame:
        """Check the audit log, its checkpoints and the files of the case.

        Parameters
        ----------
        checkpoints : iterable of path
            Files with checkpoints that others hold; they alone show that the whole log was not written anew.
        trust : iterable of path
            Cards of those who signed, or trust lists signed by one of them or of yours.

        Returns
        -------
        DataFrame
            check, state ('ok', 'bad', 'not checked'), entry (the first that cannot be relied on, 0 if none is named), said.
        """
        from workbench.case.storage import verification

        self.book.ledger.end_snapshot()
        found = verification.check(self.book.ledger.connection, self.book.folder, checkpoints, trust, self.book.say)
        found = verification.left(self.book.folder, is_open=True) + found
        return marks.stamped_whole(self.book, verification.table(verification.shown(self.book, found), self.book.say))

    def audit(self) -> pd.DataFrame:
        """Your own entries of the audit log, in order, with their texts; for an auditor the whole log.

        Auditors are officers whose card has the role 'auditor', or whom case.toml names under [access]. Their reading is logged.

        Returns
        -------
        DataFrame
            seq, at, operation, officer, purpose, reason, kind, object, count, query, recipients, detail (JSON), result, mark,
            legal_basis, bureau, role, auth_method, officer_id, session, hash, log. `.attrs['others']` counts the entries of
            others that are not shown, `.attrs['use']` says what a log may be used for.
        """
        from workbench.case.access import audit_log

        return marks.stamped_whole(self.book, audit_log.audit(self.book))

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

        Notes
        -----
        Calls of large tables are in it as links between numbers, or between those recorded as using them, at most 5,000 pairs of
        numbers: of the whole case those that the case names elsewhere first, then those with the most records; around `about`
        those between the entities that are shown first. So are payments of long statements. `.graph['left_out']` says what is
        not in it, '' nothing; `.graph['pairs']` and `.graph['pairs_left_out']` are the figures.
        """
        net = entity_graph.graph(self.book, about, hops, limit, entity_graph.Scope(accounts, suggested, services))
        net.graph.update(accounts=accounts, suggested=suggested, services=services)
        drawn = marks.stamp_graph(self.book, net, entity_graph.places(self.book))
        return consultation_log.told(self.book, "graph", drawn, *about, hops=str(hops), accounts=accounts)

    @property
    def calls(self) -> Calls:
        """Questions to the call records: summary, contacts, common contacts, days, rhythm, devices."""
        return Calls(self.book)

    def ranking(self, **options: object) -> pd.DataFrame:
        """Positions in the data supplied (RANKING): degree, contacts, betweenness, community. Custodians are marked.

        `.attrs['warning']` says why custodians look central. It is no measure of importance, guilt or role. Of calls in large
        tables the pairs of numbers count that `graph` has; `.attrs['left_out']` says what it lacks.
        """
        from workbench.graph import ranking

        scope = entity_graph.Scope(suggested=bool(options.get("suggested", False)), services=True)
        net = entity_graph.graph(self.book, (), 1, 0, scope)
        found = marks.stamped(self.book, ranking(net, **options))  # type: ignore[arg-type]
        found.attrs["left_out"] = net.graph.get("left_out", "")
        return consultation_log.told(self.book, "ranking", found)

    def paths(self, a: str, b: str, *, k: int = 3) -> pd.DataFrame:
        """The k shortest ways from one entity to another, one row per step.

        Of calls in large tables the strongest pairs of numbers are looked at, all contacts of both ends, and the pairs between
        these contacts: what lies further apart may be missed.
        """
        from workbench.graph import paths

        found = marks.stamped(self.book, paths(*entity_graph.ways(self.book, a, b), k))
        return consultation_log.told(self.book, "paths", found, a, b)

    def why(self, a: str, b: str) -> pd.DataFrame:
        """The passages behind a link between two entities, in order of time; of calls in large tables the first 100 records.

        `.attrs['left_out']` says how many records there are, '' if all are listed.
        """
        return consultation_log.told(
            self.book, "link", marks.stamped(self.book, entity_graph.why(self.book, a, b)), a, b
        )

    # Shown --------------------------------------------------------------------------------------------------------------

    def show(self) -> object:
        """The case as a panel: overview, search, review, add."""
        from workbench.case import case_panel

        return consultation_log.told(self.book, "panel", case_panel.show(self))

    def report(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, *, question: str = "", to: str = "", about: Sequence[str] = (), clearance: str = "",
        country: str = "", judicial: bool | None = None, scale: str = "", language: str = "",
    ) -> Path:  # fmt: skip
        """Write the report: one HTML file with the interactive chart, and beside it the same as PDF. Logged as disclosure.

        Parameters
        ----------
        path : str or Path
            Ends in .html; a bare name goes into the case's reports/ folder.
        question : str
            What the report answers.
        to : str
            The addressee, to whom it is cut: only what both you and the addressee may see goes in; how much was withheld, and
            why, is said. Without an addressee it is for yourself.
        about : sequence of str
            Names of persons to centre on; the best connected ones if not given.
        clearance, country : str
            Level that the addressee may see (the one that everyone may, if not given); country of the addressee's service. Without it
            the addressee counts as of another service, and what is closed to some country is left out.
        judicial : bool, optional
            For judicial proceedings, into which H1 material goes only with recorded permission. If it is not given, the words of `to`
            tell it (English, French, Spanish, Arabic); where they do not, it counts as such.
        scale : str
            Scale on which grades are shown beside their own ('≈': a conversion loses something).
        language : {'en', 'fr', 'es', 'ar'}, optional
            Of its headings and standing words; that of the case, if not given.
        """
        from workbench.case.reports import case_report

        reader = (
            clearances.addressee(self.book, to, clearance=clearance, nation=country, judicial=judicial) if to else None
        )
        return case_report.write(
            self.book, Path(path), case_report.Wanted(question, to, tuple(about), reader, scale, language)
        )

    def export(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, what: pd.DataFrame | nx.Graph | None = None, *, to: str = "", reason: str = "",
        chart: str = "", clearance: str = "", country: str = "", judicial: bool | None = None,
    ) -> Path:  # fmt: skip
        """Write something of the case for another tool, and beside it what it is (`<name>.about.json`). Logged as disclosure.

        The ending says the format, and with it what is written where nothing is given:

        - .csv, .tsv, .xlsx: a table, no cell of which is ever a formula; the entities
        - .ftm.json, .statements.csv, .statements.json: claims as FollowTheMoney writes them, of a table's or graph's
          entities; all
        - .vcf: persons with their numbers and addresses, of a table or graph; all that are named
        - .geojson, .kml: a table with positions, or the places of a table's or graph's entities; all places and positions
        - .graphml, .gexf, .json (node-link), .anx (i2): a graph; that of the whole case

        Parameters
        ----------
        path : str or Path
            A bare name goes into the case's reports/ folder.
        what : DataFrame or networkx graph, optional
            What a verb gave. A rejected claim is left out; what was withdrawn or set aside since is refused.
        to, reason : str
            Who is to have it, and why. It is cut to the addressee as a report is.
        chart : str
            Of a graph: the name under which a chart was kept, for the positions of its entities.
        clearance, country, judicial
            Of the addressee, as in `report`.
        """
        from workbench.case.reports import file_export

        reader = (
            clearances.addressee(self.book, to, clearance=clearance, nation=country, judicial=judicial) if to else None
        )
        return file_export.export(self.book, Path(path), what, file_export.Wanted(to, reason, chart, reader))

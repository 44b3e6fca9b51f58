"""The case: one short method per verb. Verbs on the case, nouns back: tables, networkx graphs, widgets."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, overload

from workbench.case.access import access_settings, clearances, consultation_log, marks
from workbench.case.context.base_context import to_language
from workbench.case.context.case_context import CaseContext
from workbench.case.guide import help as guide
from workbench.case.guide import renames
from workbench.case.guide.help import Help
from workbench.case.guide.verbs import list_names
from workbench.case.privacy import erasure
from workbench.case.storage import backup, key_holders
from workbench.case.verbs import notebook_display, unlock
from workbench.case.verbs.error_translation import translate_errors, wrap_verbs
from workbench.errors import CaseError
from workbench.ledger import Ledger, Object, Settings
from workbench.model import schema as vocabulary
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.case.desk import Desk
    from workbench.case.namespaces.access import Access
    from workbench.case.namespaces.charts import Charts
    from workbench.case.namespaces.evidence import Evidence
    from workbench.case.namespaces.handling import Handling
    from workbench.case.namespaces.judgements import Judgements
    from workbench.case.namespaces.log import Log
    from workbench.case.namespaces.network import Network
    from workbench.case.namespaces.packages import Packages
    from workbench.case.namespaces.privacy import Privacy
    from workbench.case.namespaces.review import Review
    from workbench.case.namespaces.sources import Sources
    from workbench.case.namespaces.storage import Storage
    from workbench.case.namespaces.subjects import Subjects
    from workbench.case.network.calls import CallRecords
    from workbench.cluster.cluster import Cluster
    from workbench.identity import Officer
    from workbench.views.linked_views import CaseChart, View


@translate_errors
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
        raise CaseError(
            Sentence(
                "No {what} was given. Open the case with `open_case('{folder}', officer='ada', purpose='training')`.",
                what=missing,
                folder=folder,
            )
        )
    name = officer if isinstance(officer, str) else officer.card.name
    made = to_language(Settings(title=title or Path(folder).name, controller=name), language)
    with unlock.enter_folder(Path(folder), made, officer, passphrase, encrypted=encrypted) as place:
        ledger = Ledger(place.ledger, officer=officer, purpose=purpose, key=place.vault.ledger_key)
    key_files = key_holders.describe_key_files(place, ledger)
    settings, told_of = access_settings.resolve_settings(ledger, to_language(place.load_settings(), language))
    access_settings.print_unknown_settings(place, settings.language)
    context = CaseContext(place, ledger, settings, not isinstance(officer, str) and officer.card.is_watermarked)
    consultation_log.set_session_reason(context, reason)
    what = Object("case", Path(folder).name)
    if settings.keys and isinstance(officer, str):
        needs = Sentence(
            "Only officers with a key can open {folder}. Unlock your key and open the case with it: "
            "`open_case(…, officer=identity.unlock('ada', passphrase))`.",
            folder=folder,
        )
        refused = ledger.refuse("consultation", what, needs)
        ledger.close()
        raise refused
    ledger.record("consultation", what, {**told_of, **key_files, "because": ledger.session.reason or purpose})
    backup.reapply_erasures(context)
    clearances.install_access_filter(context)
    erasure.resume_erasures(context)
    notebook_display.set_table_escapes()
    return Case(context)


@wrap_verbs
class Case:
    """An open case. `open_case` makes it; `case.help()` lists what it can do.

    Every answer is a DataFrame, a networkx graph or a widget. What an officer decides carries the officer's name and can be taken back;
    nothing that a source said is ever changed.
    """

    def __init__(self, context: CaseContext) -> None:
        self.context = context
        self.__doc__ = guide.format_overview(type(self))

    def __repr__(self) -> str:
        """Title, mark and size, without opening anything."""
        try:
            counts = f"{len(self.context.documents):,} documents, {len(self.context.canonical_entities):,} entities"
            return f"Case {self.context.settings.title!r} [{marks.format_mark(self.context)}]: {counts}"
        except sqlite3.ProgrammingError:
            return f"Case {self.context.settings.title!r}: closed"

    def _repr_html_(self) -> str:
        """The same, and what can be done."""
        return guide.format_overview_html(type(self), repr(self))

    def __dir__(self) -> list[str]:
        """Verbs and subjects, as completion offers them."""
        return [*list_names(type(self)), "reason"]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Say what was meant by an unknown name."""
            raise AttributeError(renames.suggest_path(name))

    def _build_reopener(self) -> Callable[[], None]:
        """What opens this case anew, with the same officer and for the same purpose, once its ledger is closed."""
        ledger, language = self.context.ledger, self.context.settings.language
        who, purpose, reason = ledger.identity or ledger.officer, ledger.purpose, ledger.session.reason

        def reopen() -> None:
            folder = self.context.folder.path
            self.context = open_case(folder, officer=who, purpose=purpose, reason=reason, language=language).context

        return reopen

    @property
    def reason(self) -> str:
        """Why this session consults and discloses: stands in each entry of the audit log. Asked once; set it when it changes.

        Raises
        ------
        CaseError
            Where it is set to nothing; the refusal is logged.
        """
        return self.context.ledger.session.reason

    @reason.setter
    def reason(self, because: str) -> None:
        if not because.strip():
            why = Sentence(
                "You cannot view a case without a reason. Give the reason, for example: `case.reason = 'alibi check'`."
            )
            raise self.context.ledger.refuse("consultation", Object("case", self.context.folder.path.name), why)
        self.context.ledger.amend(reason=because.strip())

    # Receive and read ---------------------------------------------------------------------------------------------------

    def add(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, *, exhibit: str = "", authority: str = "", examiner: str = "", tool: str = "", zone: str = "",
        options: Mapping[str, str] | None = None, again: bool = False, because: str = "", on: Cluster | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Import a file or a folder of files, and list what was read and what was not.

        A second call adds nothing. What cannot be read is kept, listed as 'quarantined' with the reason, and stops nothing. What
        was erased from the case is refused with the reason of its tombstone.

        Parameters
        ----------
        exhibit, authority, examiner, tool : str
            What is known of where the files come from.
        zone : str
            IANA zone of times that carry none; without it they stay 'as written'.
        options : mapping
            For the reader: 'mapping' of a table (`case.sources.mapping`), 'region' of national telephone numbers, ...
        again : bool
            Take in what was erased before: only the controller, who says why in `because`.
        on : Cluster, optional
            Where the files are read (`wb.spark(...)`); on this machine if not given. The rows are the same.

        Returns
        -------
        DataFrame
            name, state (read, known, withdrawn, quarantined, refused; passed over: a link, a hidden
            file, a pipe, a case), reader, why, documents, traces, claims, issues, source.
        """
        from workbench.case.privacy import erasure_replay
        from workbench.case.sources import importing
        from workbench.model.time_zones import get_zone as known_zone

        told = {"exhibit": exhibit, "authority": authority, "examiner": examiner, "tool": tool, "zone": zone}
        facts = importing.check_facts(told)
        if zone:
            known_zone(zone)
        asked = {**importing.check_options({} if options is None else options), **({"zone": zone} if zone else {})}
        with erasure_replay.guard_readmission(self.context, Path(path), because, again=again) as came:
            made = importing.add_files(self.context, Path(path), facts, asked, on)
            came.extend(made["source"])
        return made

    def extract(self, *, on: Cluster | None = None) -> pd.DataFrame:
        """Find identifiers and names in the texts, and build the search index.

        A second call adds nothing.

        Parameters
        ----------
        on : Cluster, optional
            Where the texts are looked through and encoded (`wb.spark(...)`); on this machine if not given. The rows are the same.

        Returns
        -------
        DataFrame
            method, version, passages (read in this call), suggestions (added).
        """
        from workbench.case.sources import extraction

        return extraction.extract_claims(self.context, on)

    # Ask ----------------------------------------------------------------------------------------------------------------

    def documents(self) -> pd.DataFrame:
        """List everything received that can be quoted, by time (DOCUMENTS)."""
        return consultation_log.log_answer(
            self.context, "documents", marks.add_mark_column(self.context, self.context.documents)
        )

    def messages(self) -> pd.DataFrame:
        """List messages and mails by time: sender, recipients, text, device, conversation (MESSAGES).

        Messages of the bureau are in `case.desk.messages`.
        """
        from workbench.case.network import case_messages

        return consultation_log.log_answer(
            self.context,
            "case messages",
            marks.add_mark_column(self.context, case_messages.list_messages(self.context)),
        )

    def entities(self, schema: str = "") -> pd.DataFrame:
        """List persons, accounts, numbers, places and other entities, those with most evidence first (ENTITIES).

        `schema` limits the list to one kind.
        """
        vocabulary.check_optional(schema)
        return consultation_log.log_answer(
            self.context, "entities", marks.add_mark_column(self.context, self.context.list_entities(schema)), schema
        )

    def search(  # noqa: PLR0913 - a verb's options are keywords
        self, text: str = "", *, like: str = "", since: str = "", until: str = "", sender: str = "", kind: str = "",
        limit: int = 20, services: bool = True,
    ) -> pd.DataFrame:  # fmt: skip
        """Search messages, documents and tables, by words and by meaning, best hits first (HITS).

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
        from workbench.case.network import call_search, search

        asked = search.SearchQuery(text, like, since, until, sender, kind, limit, services)
        found = marks.add_mark_column(self.context, search.search_passages(self.context, asked))
        if not asked.has_bounds:
            call_search.tell_records(self.context, text)
        bounds = {"like": like, "since": since, "until": until, "sender": sender, "kind of document": kind}
        return consultation_log.log_answer(self.context, "search", found, text or f"like: {like}", **bounds)

    def graph(
        self, *about: str, hops: int = 1, accounts: str = "held", suggested: bool = True, services: bool = False,
        limit: int = 200,
    ) -> nx.MultiDiGraph:  # fmt: skip
        """Build the network: who contacted whom, who is named with whom, who uses what.

        The answer is an ordinary networkx MultiDiGraph.

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
        from workbench.case.network import entity_graph, link_evidence

        net = entity_graph.build_graph(
            self.context, about, hops, limit, entity_graph.Scope(accounts, suggested, services)
        )
        net.graph.update(accounts=accounts, suggested=suggested, services=services)
        drawn = marks.stamp_graph(self.context, net, link_evidence.list_link_places(self.context))
        return consultation_log.log_answer(self.context, "graph", drawn, *about, hops=str(hops), accounts=accounts)

    def why(self, a: str, b: str) -> pd.DataFrame:
        """List the passages behind a link between two entities, by time.

        Of calls in large tables, the first 100 records are listed.

        `.attrs['left_out']` says how many records there are, '' if all are listed.
        """
        from workbench.case.network import link_evidence

        return consultation_log.log_answer(
            self.context,
            "link",
            marks.add_mark_column(self.context, link_evidence.explain_link(self.context, a, b)),
            a,
            b,
        )

    # Draw and write -----------------------------------------------------------------------------------------------------

    @overload
    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: Literal["chart"] = "chart",
    ) -> CaseChart: ...  # fmt: skip

    @overload
    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: str,
    ) -> View: ...  # fmt: skip

    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: str = "chart",
    ) -> View:  # fmt: skip
        """Draw the link chart of a graph, or another view of it.

        You work on it in the notebook; `.save(path)` writes one offline file.

        Solid lines are confirmed (a source states it, or an officer decided it), dashed ones unconfirmed (a machine read it in a
        text), dotted ones tentative (the two stand in one text, no more, or the machine was not sure).

        Parameters
        ----------
        net : MultiDiGraph, CaseChart or str, optional
            As `case.graph` gives it; a chart, to open another view of it that shows the same selection, time and filters; the name of
            a chart that is kept (`case.charts.list`), to open it again. Without it the best connected persons and what lies around them.
        name : str
            Under which positions are kept in the case: the chart looks the same when it is opened again, and what has come
            since finds a place beside it. Nothing moves unless you move it.
        title : str
            The title of the chart and of its exports.
        kind : {'chart', 'timeline', 'map', 'table', 'matrix', 'evidence'}
            The view.

        Returns
        -------
        CaseChart or View
            `.save(path)` writes each of them. `.selected` lists the ids that are chosen, `.model` has every command as a method. What
            is asked on it (expand, search, passages) and said on it (add, link, merge, split, rename, correct, accept, reject) is
            logged like any verb.
        """
        from workbench.case.charts import chart_views
        from workbench.views.linked_views import build_view

        return build_view(kind, chart_views.open_chart(self.context, net, name, title))

    def report(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, *, question: str = "", to: str = "", about: Sequence[str] = (), clearance: str = "",
        country: str = "", judicial: bool | None = None, scale: str = "", language: str = "",
    ) -> Path:  # fmt: skip
        """Write the report: one HTML file with the interactive chart, and the same as PDF.

        It is logged as a disclosure.

        Parameters
        ----------
        path : str or Path
            Ends in .html or .pdf: both files are written. A bare name goes into the case's reports/ folder.
        question : str
            What the report answers.
        to : str
            The addressee. The report contains only what both you and the addressee may see, and says how much was left out
            and why. Without an addressee it is for yourself.
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

        Returns
        -------
        Path
            Of the file that was asked for; the other one has the same name.
        """
        from workbench.case.reports import case_report

        reader = (
            clearances.build_addressee(self.context, to, clearance=clearance, nation=country, judicial=judicial)
            if to
            else None
        )
        return case_report.write_report(
            self.context, Path(path), case_report.ReportRequest(question, to, tuple(about), reader, scale, language)
        )

    def export(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, what: pd.DataFrame | nx.Graph | None = None, *, to: str = "", reason: str = "",
        chart: str = "", clearance: str = "", country: str = "", judicial: bool | None = None,
    ) -> Path:  # fmt: skip
        """Write a table, a graph or claims as a file for another tool.

        A second file beside it describes it (`<name>.about.json`). It is logged as a disclosure.

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
            Who gets the file, and why. It contains only what the addressee may see, as in `report`.
        chart : str
            Of a graph: the name under which a chart was kept, for the positions of its entities.
        clearance, country, judicial
            Of the addressee, as in `report`.
        """
        from workbench.case.reports import file_export

        reader = (
            clearances.build_addressee(self.context, to, clearance=clearance, nation=country, judicial=judicial)
            if to
            else None
        )
        return file_export.export_file(
            self.context, Path(path), what, file_export.ExportRequest(to, reason, chart, reader)
        )

    def close(self) -> None:
        """Close the case.

        Everything is on disk already. An officer with a key signs the head of the log.
        """
        self.context.ledger.close()

    def help(self, topic: str = "") -> Help:
        """Explain a verb, with an example, or find verbs by what you want to do.

        Parameters
        ----------
        topic : str
            A verb ('search', 'sources.remap'), a subject ('sources'), or words for what you want to do ('merge', 'send to another
            bureau'). Without it all that a case can do is listed.
        """
        return guide.explain_topic(self, topic)

    # Subjects -----------------------------------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> Sources:
        """Files received, how they were read, and what is excluded."""
        from workbench.case.namespaces.sources import Sources

        return Sources(self)

    @cached_property
    def evidence(self) -> Evidence:
        """Claims and where they are made, their grades, the status of persons."""
        from workbench.case.namespaces.evidence import Evidence

        return Evidence(self)

    @cached_property
    def network(self) -> Network:
        """Ranking and shortest paths."""
        from workbench.case.namespaces.network import Network

        return Network(self)

    @cached_property
    def calls(self) -> CallRecords:
        """Call records: contacts, common contacts, days, hours, devices."""
        from workbench.case.network.calls import CallRecords

        return CallRecords(self)

    @cached_property
    def judgements(self) -> Judgements:
        """Possible duplicates, and which entities are the same."""
        from workbench.case.namespaces.judgements import Judgements

        return Judgements(self)

    @cached_property
    def review(self) -> Review:
        """What waits for your decision, what is new, and notes."""
        from workbench.case.namespaces.review import Review

        return Review(self)

    @cached_property
    def handling(self) -> Handling:
        """Marks on material, and what they hide."""
        from workbench.case.namespaces.handling import Handling

        return Handling(self)

    @cached_property
    def access(self) -> Access:
        """Who may see what."""
        from workbench.case.namespaces.access import Access

        return Access(self)

    @cached_property
    def privacy(self) -> Privacy:
        """Review dates, holds, erasure, what went out."""
        from workbench.case.namespaces.privacy import Privacy

        return Privacy(self)

    @cached_property
    def subjects(self) -> Subjects:
        """Access and correction for data subjects; copies without names."""
        from workbench.case.namespaces.subjects import Subjects

        return Subjects(self)

    @cached_property
    def packages(self) -> Packages:
        """Packages sent to other bureaux and received from them."""
        from workbench.case.namespaces.packages import Packages

        return Packages(self)

    @cached_property
    def charts(self) -> Charts:
        """Saved charts; the case on the screen: workspace and panel."""
        from workbench.case.namespaces.charts import Charts

        return Charts(self)

    @cached_property
    def storage(self) -> Storage:
        """Encryption, keys, backups, health check."""
        from workbench.case.namespaces.storage import Storage

        return Storage(self, self._build_reopener)

    @cached_property
    def log(self) -> Log:
        """The audit log: who did what, and is it complete."""
        from workbench.case.namespaces.log import Log

        return Log(self)

    @cached_property
    def desk(self) -> Desk:
        """The message desk: drafts, messages sent and received, what waits for an answer."""
        from workbench.case.desk import Desk
        from workbench.case.desk.widget import show_desk

        return Desk(self, show_desk)

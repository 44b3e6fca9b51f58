"""The verbs of a case that deal with what was received: add, describe, map, withdraw, set aside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.context import source_lookup
from workbench.case.context.tables import Book
from workbench.case.evidence import flag_review, notes
from workbench.case.privacy import readmission
from workbench.case.sources import exclusion, import_plan, importing
from workbench.case.verbs.error_translation import verbs
from workbench.ledger.records import row_tables
from workbench.model.time_zones import zone as known_zone

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.sources.import_plan import Plan


@verbs
class Received:
    """Verbs of `Case`."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def add(  # noqa: PLR0913 - a verb's options are keywords
        self, path: str | Path, *, exhibit: str = "", authority: str = "", examiner: str = "", tool: str = "", zone: str = "",
        options: Mapping[str, str] | None = None, again: bool = False, because: str = "",
    ) -> pd.DataFrame:  # fmt: skip
        """Receive a file or a folder of files; a table of what came in and what did not.

        A second call adds nothing. What cannot be read is kept, listed as 'quarantined' with the reason, and stops nothing. What
        was erased from the case is refused with the reason of its tombstone.

        Parameters
        ----------
        exhibit, authority, examiner, tool : str
            What is known of where the files come from.
        zone : str
            IANA zone of times that carry none; without it they stay 'as written'.
        options : mapping
            For the reader: 'mapping' of a table (`case.mapping`), 'region' of national telephone numbers, ...
        again : bool
            Take in what was erased before: only the controller, who says why in `because`.

        Returns
        -------
        DataFrame
            name, state (read, known, withdrawn, quarantined, refused; passed over: a link, a hidden
            file, a pipe, a case), reader, why, documents, traces, claims, issues, source.
        """
        told = {"exhibit": exhibit, "authority": authority, "examiner": examiner, "tool": tool, "zone": zone}
        facts = importing.checked_facts(told)
        if zone:
            known_zone(zone)
        asked = {**importing.checked({} if options is None else options), **({"zone": zone} if zone else {})}
        with readmission.guarded(self.book, Path(path), because, again=again) as came:
            made = importing.add(self.book, Path(path), facts, asked)
            came.extend(made["source"])
        return made

    def plan(self, path: str | Path, *, zone: str = "", options: Mapping[str, str] | None = None) -> Plan:
        """How a file would be read: what it is taken for, its rows and columns, a trial. Nothing is kept before `.add()`."""
        return import_plan.plan(
            self.book, Path(path), importing.checked({} if options is None else options, "reader"), zone
        )

    def sources(self) -> pd.DataFrame:
        """Received files, with exhibit, reader, state and size [bytes]."""
        return consultation_log.told(
            self.book, "sources", marks.stamped(self.book, row_tables.sources(self.book.ledger))
        )

    def describe(self, source: str, *, because: str = "", **facts: str) -> None:
        """Tell of a source: exhibit=, authority=, examiner=, tool=, zone=, verified=. The latest value of each counts.

        `verified` is the day (2026-11-27) on which it was last compared with who gave it; drafts say so to their addressees.
        """
        importing.describe(self.book, source_lookup.find_source(self.book, source), facts, because)

    def mapping(self, source: str) -> pd.DataFrame:
        """How the columns of a table were taken: column, example, schema, prop, why. Edit it and give it to `remap`."""
        return consultation_log.told(
            self.book, "mapping", importing.mapping(self.book, source_lookup.find_source(self.book, source)), source
        )

    def remap(self, source: str, mapping: pd.DataFrame | None = None, *, because: str, **options: str) -> pd.DataFrame:
        """Read a source again in another way; what came of the old reading is withdrawn and everything derived follows."""
        sha256 = source_lookup.find_source(self.book, source)
        return importing.remap(self.book, sha256, importing.options(self.book, sha256, mapping, options), because)

    def withdraw(self, what: str, *, because: str) -> None:
        """Take back a source's import or a note, by name or id. Nothing is deleted; `restore` brings it back.

        What is on legal hold stays: it is refused with the reason of the hold, until the controller releases it.
        """
        from workbench.case.privacy import retention

        if notes.find_note(self.book, what):
            self.book.ledger.decide("note", [what], "withdrawn", because)
        else:
            source = source_lookup.find_source(self.book, what)
            retention.unheld(self.book, source)
            importing.withdraw(self.book, source, because)

    def restore(self, what: str, *, because: str) -> None:
        """Bring back what `withdraw`, `correct` or `dismiss` took: a source by name, a statement, note or flag by id."""
        if what.startswith("note-"):
            self.book.ledger.decide("note", [what], "restored", because)
        elif flag_review.is_flag(self.book, what):
            flag_review.decide(self.book, what, "restored", because)
        elif what in set(row_tables.decisions(self.book.ledger)["target_id"]):
            self.book.ledger.decide("statement", [what], "restored", because)
        else:
            importing.restore(self.book, source_lookup.find_source(self.book, what), because)

    def set_aside(  # noqa: PLR0913 - a verb's options are keywords
        self, *, sender: str = "", number: str = "", term: str = "", folder: str = "", since: str = "", until: str = "",
        ground: str = "lawyer and client", because: str,
    ) -> pd.DataFrame:  # fmt: skip
        """Set material aside: it is counted, and in no index, view, graph or report. What comes later is taken as well.

        Parameters
        ----------
        sender : str
            Who sent it: a name, number, address or id; with all the accounts that are recorded as that person's.
        number : str
            Who sent or received it.
        term : str
            Words in the text; case and accents do not count.
        folder : str
            Name of a file or folder as it was added.
        since, until : str
            Of that period, as times are written in the sources ('2024-03', '2024-03-01T12:00').
        ground : str
            'lawyer and client', 'out of scope', 'out of period', 'other'.

        Returns
        -------
        DataFrame
            One row as in `set_asides`: its id, how many documents and rows of tables it took so far, and who said why.

        Notes
        -----
        All that is given must hold. Attachments go with the letter; of a table the rows go that fit. Reports and charts that
        were written before still hold it: they are named in `case.audit()`.
        """
        given = {"sender": sender, "number": number, "term": term, "folder": folder, "since": since, "until": until}
        return exclusion.set_aside(self.book, given, ground, because)

    def reopen(self, set_aside_id: str, *, role: str, because: str) -> None:
        """Let what was set aside count again; only a role that case.toml names may say so."""
        exclusion.reopen(self.book, set_aside_id, role, because)

    def set_asides(self) -> pd.DataFrame:
        """What is set aside and what was reopened: the rule, how much it took, by whom and why. Never the material."""
        return consultation_log.told(self.book, "set aside", marks.stamped_whole(self.book, exclusion.table(self.book)))

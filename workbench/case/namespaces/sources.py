"""case.sources: what the case has received."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.context import source_lookup
from workbench.case.evidence import case_issues
from workbench.case.guide.namespace import Namespace
from workbench.case.sources import exclusion, import_plan, importing
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.sources.import_plan import Plan


@wrap_verbs
class Sources(Namespace):
    """Files that the case has received, how they were read, and what is excluded. `case.add()` receives one."""

    PATH = "sources"
    GROUPS = (
        ("See", "list issues mapping exclusions"),
        ("Before adding", "plan"),
        ("Change", "describe remap withdraw restore"),
        ("Exclude", "exclude reopen"),
    )

    def list(self) -> pd.DataFrame:
        """List the files received: name, exhibit, reader, state, size in bytes."""
        return consultation_log.log_answer(
            self._book, "sources", marks.add_mark_column(self._book, row_tables.list_sources(self._book.ledger))
        )

    def plan(self, path: str | Path, *, zone: str = "", options: Mapping[str, str] | None = None) -> Plan:
        """Preview how a file would be read: its type, rows, columns, and a trial.

        Nothing is saved before `.add()`.
        """
        return import_plan.plan_import(
            self._book, Path(path), importing.check_options({} if options is None else options, "reader"), zone
        )

    def describe(self, source: str, *, because: str = "", **facts: str) -> None:
        """Record facts about a source: exhibit=, authority=, examiner=, tool=, zone=, verified=.

        The latest value of each counts.

        `verified` is the day (2026-11-27) on which it was last compared with who gave it; drafts say so to their addressees.
        """
        importing.set_source_facts(self._book, source_lookup.find_source(self._book, source), facts, because)

    def mapping(self, source: str) -> pd.DataFrame:
        """Show what each column of a table was taken for: column, example, schema, prop, why.

        Edit the answer and pass it to `remap`. There are no examples if a part of the file is hidden from you.
        """
        found = importing.build_mapping_table(self._book, source_lookup.find_source(self._book, source))
        found.attrs["counted"] = marks.get_exclusion_digest(self._book)
        return consultation_log.log_answer(self._book, "mapping", found, source)

    def remap(self, source: str, mapping: pd.DataFrame | None = None, *, because: str, **options: str) -> pd.DataFrame:
        """Read a source again with other settings, for example other columns.

        What the first reading produced is withdrawn, and everything derived from it follows.
        """
        sha256 = source_lookup.find_source(self._book, source)
        return importing.remap_source(
            self._book, sha256, importing.build_options(self._book, sha256, mapping, options), because
        )

    def withdraw(self, source: str, *, because: str) -> None:
        """Withdraw everything that was read from a file, by name or id.

        Nothing is deleted; `restore` brings it back.

        What is on legal hold stays: it is refused with the reason of the hold, until the controller releases it. A note is taken back by
        `case.review.withdraw`.
        """
        from workbench.case.privacy import retention

        found = source_lookup.find_source(self._book, source)
        retention.check_hold(self._book, found)
        importing.withdraw_source(self._book, found, because)

    def restore(self, source: str, *, because: str) -> None:
        """Restore a source that was withdrawn, by name or id.

        Notes, statements and flags are restored by `case.review.restore`.
        """
        importing.restore(self._book, source_lookup.find_source(self._book, source), because)

    def exclude(  # noqa: PLR0913 - a verb's options are keywords
        self, *, sender: str = "", number: str = "", term: str = "", folder: str = "", since: str = "", until: str = "",
        ground: str = "lawyer and client", because: str,
    ) -> pd.DataFrame:  # fmt: skip
        """Exclude material, such as letters to counsel: it is counted, but nobody sees it.

        It is in no index, view, graph or report. Material that arrives later and fits the rule is excluded too.

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
            One row as in `exclusions`: its id, how many documents and rows of tables it took so far, and who said why.

        Notes
        -----
        All that is given must hold. Attachments go with the letter; of a table the rows go that fit. Reports and charts that
        were written before still hold it: they are named in `case.log.entries()`.
        """
        given = {"sender": sender, "number": number, "term": term, "folder": folder, "since": since, "until": until}
        return exclusion.exclude_material(self._book, given, ground, because)

    def reopen(self, set_aside_id: str, *, role: str, because: str) -> None:
        """Lift an exclusion; only a role that case.toml lists may do so."""
        exclusion.reopen_material(self._book, set_aside_id, role, because)

    def exclusions(self) -> pd.DataFrame:
        """List exclusions, also those that were lifted: the rule, how much it covers, who decided and why.

        The material itself is never shown.
        """
        return consultation_log.log_answer(
            self._book, "set aside", marks.add_case_mark(self._book, exclusion.list_exclusions(self._book))
        )

    def issues(self) -> pd.DataFrame:
        """List problems and doubts in the data, errors first (ISSUES)."""
        return consultation_log.log_answer(
            self._book, "issues", marks.add_mark_column(self._book, case_issues.list_issues(self._book))
        )

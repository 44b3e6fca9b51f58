"""case.log: who did what, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.access.officer_decisions import list_officer_decisions
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Log(Namespace):
    """The audit log: who did what, and is it complete."""

    PATH = "log"
    GROUPS = (
        ("See", "entries decisions"),
        ("Check", "verify checkpoint"),
    )

    def entries(self) -> pd.DataFrame:
        """List your own entries of the audit log, with their texts; an auditor sees the whole log.

        Auditors are officers whose card has the role 'auditor', or whom case.toml names under [access]. Their reading is logged.

        Returns
        -------
        DataFrame
            seq, at, operation, officer, purpose, reason, kind, object, count, query, recipients, detail (JSON), result, mark,
            legal_basis, bureau, role, auth_method, officer_id, session, hash, log. `.attrs['others']` counts the entries of
            others that are not shown, `.attrs['use']` says what a log may be used for.
        """
        from workbench.case.access import audit_log

        return marks.add_case_mark(self._book, audit_log.list_audit_entries(self._book))

    def verify(self, *, checkpoints: Iterable[str | Path] = (), trust: Iterable[str | Path] = ()) -> pd.DataFrame:
        """Check the audit log, its checkpoints and the files of the case.

        Parameters
        ----------
        checkpoints : iterable of path
            Files with checkpoints that others hold; only these show that nobody rewrote the whole log.
        trust : iterable of path
            Cards of those who signed, or trust lists signed by one of them or of yours.

        Returns
        -------
        DataFrame
            check, state ('ok', 'bad', 'not checked'), entry (the first that cannot be relied on, 0 if none is named), said.
        """
        from workbench.case.storage import verification

        self._book.ledger.end_snapshot()
        found = verification.verify_ledger(
            self._book.ledger.connection, self._book.folder, checkpoints, trust, self._book.say
        )
        found = verification.check_leftovers(self._book.folder, is_open=True) + found
        return marks.add_case_mark(
            self._book,
            verification.build_finding_table(verification.redact_findings(self._book, found), self._book.say),
        )

    def checkpoint(self) -> str:
        """Sign the head of the audit log, and return the note to give to somebody outside the case.

        Only officers with a key can sign.

        Whoever keeps it can show later that nothing before it was changed: `workbench verify CASE --checkpoint FILE`.
        """
        return self._book.ledger.sign_checkpoint()

    def decisions(self) -> pd.DataFrame:
        """List all decisions of officers, in order of time: verdicts, corrections, judgements and splits, marks and grades that hold.

        Returns
        -------
        DataFrame
            seq (counts those that you see), target_kind, target_id, verdict, replacement, officer, because, at. Of a judgement
            target_kind is 'pair', target_id and replacement are its two entities, and the verdict of a split is 'open'. Of a mark
            or a grade the verdict says which ('level', 'grade', 'hold', …), and replacement is its value.
        """
        found = list_officer_decisions(self._book.ledger)
        return consultation_log.log_answer(self._book, "decisions", marks.add_case_mark(self._book, found))

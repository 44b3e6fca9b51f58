"""What is read in a package before it is in a case stands in a log as well: in that of a case, or in one of the home.

::

    HOME/packages-read/     a case folder with only its log: `workbench verify` checks it, `open_case(…).log.entries()` shows it

The log of the home has no names and words that were asked for: they stand only where a case keeps them. Reasons and purposes stand in it;
what an erasure strikes is erased there too.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from workbench.case.access import consultation_log
from workbench.identity.core import key_store
from workbench.ledger import Folder, Ledger, Object, Settings
from workbench.ledger.erasure import log_texts, purge
from workbench.ledger.erasure.text_redaction import Blot
from workbench.ledger.records import consultations
from workbench.model.catalogue import Translator

if TYPE_CHECKING:
    from collections.abc import Collection

    from workbench.case.context.case_context import CaseContext
    from workbench.exchange.package_inspection import OpenPackage
    from workbench.identity import Officer
    from workbench.ledger.erasure.purge import Done

Answer = TypeVar("Answer")
FOLDER, MARK = "packages-read", "INTERNAL"
REVIEW, REASON = "review", "review of a package that came"


class Readings:
    """The readings of one package, each logged before it is shown, once for each question.

    Parameters
    ----------
    opened : Opened
    officer : Officer
        Who reads.
    context : CaseContext, optional
        The case in whose log they stand; without it that of the home.
    reason : str
        Why it is read; that of the case's session, else REASON, if not given.
    """

    def __init__(self, opened: OpenPackage, officer: Officer, context: CaseContext | None, reason: str) -> None:
        self._opened, self._officer, self._book, self._reason = opened, officer, context, reason.strip()
        self._said: dict[tuple[str, str], tuple[Object, set[str]]] = {}
        self._log: Ledger | None = None

    @property
    def say(self) -> Translator:
        """Strings that people see: in the language of the case, in English without one."""
        return self._book.say if self._book else Translator()

    def log_answer(self, kind: str, answer: Answer, about: str = "") -> Answer:
        """The answer, once it is in the log that it was asked for.

        Raises
        ------
        CaseError
            Where the case has no reason for its session, or the log of the home cannot be written.
        """
        if (kind, about) not in self._said:
            count, names = consultation_log.list_answer_ids(answer)
            sealed, mark = self._opened.sha256, self._opened.header.cover.mark
            read = Object(f"{kind} of a package", count=count, query=about, inputs=[sealed], mark=mark)
            if self._book:
                _record_consultation(self._book.ledger, read, names, self._reason)
            else:
                _record_consultation(self._open_home_log(), replace(read, query=""), names, self._reason or REASON)
            self._said[kind, about] = read, names
        return answer

    def carry(self, context: CaseContext) -> None:
        """Tell the log of a case, into which the package goes, what was read of it before."""
        if self._book is None or self._book.folder.path.resolve() != context.folder.path.resolve():
            for read, names in self._said.values():
                _record_consultation(
                    context.ledger, read, names, self._reason or context.ledger.session.reason or REASON
                )

    def close(self) -> None:
        """Close the log of the home; its head is signed by who has read."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def _open_home_log(self) -> Ledger:
        """The log of the home, made where it is missing."""
        if self._log is None:
            folder = _get_folder()
            folder.create(Settings("Packages read", scheme=MARK, mark=MARK, controller=self._officer.card.name))
            purpose = self._opened.header.cover.purpose or REVIEW
            self._log = Ledger(folder.ledger, officer=self._officer, purpose=purpose)
        return self._log


def erase_texts(context: CaseContext, done: Done, *, keep: bool) -> int:
    """Erase texts of the log of the home that hold what is erased; how many. Without `keep` they are only counted.

    Raises
    ------
    CaseError
        Where that log cannot be read or written.
    """
    folder = _get_folder()
    if not folder.ledger.is_file() or folder.path.resolve() == context.folder.path.resolve():
        return 0
    with closing(Ledger(folder.ledger, officer=context.ledger.officer, purpose=REVIEW)) as log:
        places = set(Blot(log.connection, done.words).log(done.texts))
        if places and keep:
            log_texts.erase_texts(log, sorted(places), done.plan.reason)
            purge.overwrite_free_space(log)
    return len(places)


def _get_folder() -> Folder:
    return Folder(key_store.folder() / FOLDER)


def _record_consultation(log: Ledger, read: Object, names: Collection[str], reason: str) -> None:
    told = replace(read, id=consultations.compute_local_id(log, "\n".join(sorted(names))))
    log.record("consultation", told, {"things": len(names), **({"because": reason} if reason else {})})

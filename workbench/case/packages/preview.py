"""A package of another bureau, looked at in the notebook before anything of it is in a case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from workbench import identity
from workbench.case.access import clearances, marks
from workbench.case.access.preview_log import Readings
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.case.context.protocols import HasContext
from workbench.case.packages import package_import
from workbench.case.verbs import notebook_display
from workbench.case.verbs.error_translation import translate_errors, wrap_verbs
from workbench.errors import PackageError
from workbench.exchange.bag_verdict import READABLE
from workbench.exchange.package_inspection import OpenPackage, inspect_package
from workbench.ledger import Folder, Ledger
from workbench.ledger.records import row_tables
from workbench.ledger.transfer.row_merge import merge_package
from workbench.model.catalogue import join_sentences
from workbench.model.stored_sentences import translate_lines
from workbench.views.html_tables import STYLE, escape_text, isolate_text
from workbench.visible import LITERAL

if TYPE_CHECKING:
    import pandas as pd

    from workbench.exchange.package_header import Header
    from workbench.identity import Officer, TrustList
    from workbench.model.catalogue import Translator

SIDE = "workbench-package-"


@translate_errors
def open_package(
    path: str | Path, *, officer: str | Officer, trust: TrustList | None = None, at: str = "", case: HasContext | None = None,
    reason: str = "",
) -> PackagePreview:  # fmt: skip
    """Open a package that came, and say what it is worth. Nothing of it is in a case before `add_to`.

    What is read in it is logged as a consultation before it is shown.

    Parameters
    ----------
    path : str or Path
        The sealed file, '….case.age'.
    officer : str or Officer
        Who opens it: an unlocked officer, or the name of an identity that was unlocked in this session.
    trust : TrustList, optional
        Whom the reader trusts; by default the user's own list.
    at : str
        The moment for which is asked (UTC), '' now.
    case : Case, optional
        In whose log stands what is read of the package. Without it that is a log of your own, in the identity home; when the package
        is taken into a case, the case's log is told as well.
    reason : str
        Why it is read; if not given, why the case is consulted, or that a package came.

    Returns
    -------
    Package
        Its `.state` is VALID; VALID, ISSUER NOT TRUSTED; EXPIRED; TAMPERED; DAMAGED OR NOT FOR YOU; or UNSIGNED.

    Raises
    ------
    PackageError
        If there is no such file.
    IdentityError
        If the officer is locked or unknown, or the trust list was changed.
    """
    notebook_display.set_table_escapes()
    who = identity.unlock(officer) if isinstance(officer, str) else officer
    found = inspect_package(Path(path), who, identity.load_trust_list() if trust is None else trust, at)
    return PackagePreview(found, who, Readings(found, who, case.context if case else None, reason), at)


@wrap_verbs
class PackagePreview:
    """A package that was opened; read-only. Use it in a `with`, or close it: what was decrypted is then removed.

    Attributes
    ----------
    opened : Opened
        The package as the room `exchange` gives it.
    officer : Officer
        Who opened it.
    """

    def __init__(self, opened: OpenPackage, officer: Officer, readings: Readings, at: str = "") -> None:
        self.opened, self.officer, self._readings, self._at = opened, officer, readings, at
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._book: CaseContext | None = None

    @property
    def state(self) -> str:
        """What it is worth, in a word."""
        return self.opened.state

    @property
    def said(self) -> tuple[str, ...]:
        """Why, in sentences."""
        return self.opened.reasons

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What nobody looked at."""
        return self.opened.not_checked

    @property
    def header(self) -> Header:
        """What the sender signed: from whom, to whom, mark, purpose, reason, conditions, until when, what is inside and what not."""
        return self.opened.header

    def documents(self) -> pd.DataFrame:
        """What can be quoted (DOCUMENTS), in order of time."""
        context = self._review()
        return self._readings.log_answer("documents", marks.add_mark_column(context, context.documents))

    def entities(self) -> pd.DataFrame:
        """Persons, accounts, numbers, … (ENTITIES), most often evidenced first."""
        context = self._review()
        return self._readings.log_answer("entities", marks.add_mark_column(context, context.list_entities()))

    def evidence(self, about: str = "") -> pd.DataFrame:
        """Claims with their places (EVIDENCE), of the whole package or of one entity."""
        context = self._review()
        found = context.evidence
        chosen = found[found["canonical_id"] == find_entity(context, about)].reset_index(drop=True) if about else found
        return self._readings.log_answer("evidence", marks.add_mark_column(context, chosen), about)

    def sources(self) -> pd.DataFrame:
        """Files from which its rows were read, with who received them."""
        context = self._review()
        return self._readings.log_answer(
            "sources", marks.add_mark_column(context, row_tables.list_sources(context.ledger))
        )

    def notes(self) -> pd.DataFrame:
        """Notes, questions, hypotheses, conclusions of the sender."""
        context = self._review()
        return self._readings.log_answer("notes", marks.add_mark_column(context, row_tables.list_notes(context.ledger)))

    def decisions(self) -> pd.DataFrame:
        """What officers of the sender have decided on rows, in order."""
        return self._readings.log_answer("decisions", row_tables.list_decisions(self._review().ledger))

    def judgements(self) -> pd.DataFrame:
        """What officers of the sender judge to be one thing or not: left_id, right_id, judgement, officer, because, at."""
        return self._readings.log_answer("judgements", row_tables.list_judgements(self._review().ledger))

    def add_to(self, case: HasContext, *, unknown_sender: bool = False) -> pd.DataFrame:
        """Take the package into a case: sources, rows, grades and marks as the sender has them; how many rows are new.

        What both sides have is not doubled, and a second call adds nothing. What officers of the sender decided counts for what
        came from them; on what the case has of its own it stands beside, and does not count before an officer here says the same.

        Parameters
        ----------
        case : Case
        unknown_sender : bool
            Take it in although no bureau of the trust list vouches for who signed it.

        Raises
        ------
        CaseError
            If the package is not VALID.
        PackageError
            If something in it is not what it says; then nothing is taken in.
        """
        if not self._at:
            package_import.check_end(case.context, self.opened)
        made = package_import.take_in(
            case.context, self.opened, self.officer.card.bureau, unknown_sender=unknown_sender
        )
        self._readings.carry(case.context)
        return made

    def close(self) -> None:
        """Remove what was decrypted."""
        self._readings.close()
        if self._book is not None:
            self._book.ledger.close()
            self._book = None
        if self._place is not None:
            self._place.cleanup()
        self.opened.close()

    def __enter__(self) -> PackagePreview:
        """Give the package itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def __repr__(self) -> str:
        """State, reasons and what was not checked."""
        return str(self.opened)

    def _repr_html_(self) -> str:
        """The same with what the sender says of it, for the notebook, in the language of the case."""
        say = self._readings.say
        head = f"<h3>{escape_text(say('package.title', state=say.term('package.state', self.state)))}</h3>{_build_list(self.said, say)}"
        unlooked = say.translate_value(join_sentences("{one}; {more}", self.not_checked)) if self.not_checked else ""
        note = f'<p class="small">{escape_text(say("package.not_checked", what=unlooked))}</p>' if unlooked else ""
        kind = "done" if self.state in READABLE else "warn"
        made = f'<div class="{kind}">{head}{note}</div>{_build_cover(self.opened, say)}'
        return f'{STYLE}<div class="wb {LITERAL}" dir="{say.direction}">{made}</div>'

    def _review(self) -> CaseContext:
        """A case of its own, in a private folder, with nothing in it but the rows of the package."""
        if self._book is None:
            if self.state not in READABLE:
                raise PackageError(self.opened.describe_refusal("not_read"))
            self.opened.check_open()
            self._place = tempfile.TemporaryDirectory(prefix=SIDE)
            self._book = _create_temporary_case(self.opened, Folder(Path(self._place.name)), self.officer)
        return self._book


def _create_temporary_case(opened: OpenPackage, folder: Folder, officer: Officer) -> CaseContext:
    about = package_import.read_statement(opened)
    said = package_import.build_settings(opened, about)
    folder.create(said)
    ledger = Ledger(folder.ledger, officer=officer.card.name, purpose=opened.header.cover.purpose or "review")
    merge_package(
        ledger,
        lambda table: package_import.read_rows(opened, table),
        package_import.build_origin(opened, about, ""),
        package_import.build_package_record(opened),
    )
    context = CaseContext(folder, ledger, said, officer.card.is_watermarked)
    clearances.set_access_filter(context)
    return context


def _build_cover(opened: OpenPackage, say: Translator) -> str:
    """What the sender says, as a list of terms."""
    told = opened.verdict.header
    if told is None:
        return ""
    cover = told.cover
    rows = {
        "from": f"{told.sender.label}, {told.sender.fingerprint}",
        "to": "; ".join(f"{one.name}, {one.bureau} ({one.country})" for one in told.addressees),
        "case": f"{cover.title} {cover.reference}".strip(),
        "mark": cover.mark,
        "handling": say.join_words(cover.handling),
        "conditions": "; ".join(cover.conditions),
        "purpose": cover.purpose,
        "reason": cover.reason,
        "made": cover.created,
        "until": cover.valid_until or say("no end date", context="package"),
        "inside": _format_counts(cover.inside.items(), say),
        "withheld": _format_counts(cover.withheld.items(), say) or say("nothing, according to the sender"),
    }
    told_rows = (
        f"<dt>{escape_text(say(f'package.head.{name}'))}</dt><dd>{isolate_text(text)}</dd>"
        for name, text in rows.items()
        if text
    )
    return f"<dl>{''.join(told_rows)}</dl>"


def _format_counts(counts: Iterable[tuple[str, int]], say: Translator) -> str:
    return say.join_words(
        say("{what}: {number}", what=_describe_part(name, say), number=say.figure(number)) for name, number in counts
    )


def _describe_part(name: str, say: Translator) -> str:
    """What a package has within it, or why something is withheld, in the language."""
    return translate_lines(translate_lines(name, "package.part", say.language), "withheld", say.language)


def _build_list(sentences: Iterable[str], say: Translator) -> str:
    return f"<ul>{''.join(f'<li>{escape_text(say.translate_value(sentence))}</li>' for sentence in sentences)}</ul>"

"""Erasing on purpose and for good: who may, what goes, and how it is finished whatever interrupts it.

References
----------
Directive (EU) 2016/680, articles 5 and 16 (erasure), 25 (its entry in the log holds nothing of what was erased).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import audit_log, controller, handling_codes, preview_log
from workbench.case.access.handling_codes import What
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import print_message
from workbench.case.evidence import notes
from workbench.case.privacy import erasure_scope, file_erasure, legal_hold
from workbench.case.privacy.legal_hold import HeldError
from workbench.case.verbs.error_translation import describe_error
from workbench.errors import CaseError, IdentityError, WorkbenchError
from workbench.ledger import Object, now
from workbench.ledger.access import hidden_bulk_rows, terms
from workbench.ledger.erasure import erasure_closure, machine_tombstones, purge, tombstones
from workbench.ledger.erasure.tombstones import ASKED, PURGED, Plan
from workbench.ledger.ledger import Ledger
from workbench.ledger.maintenance import backup
from workbench.ledger.records import charts, disclosures, packages
from workbench.ledger.records.products import find_stem
from workbench.ledger.storage import stored_values
from workbench.model.catalogue import Sentence, get_term
from workbench.model.table_schemas import iterate_rows
from workbench.visible import escape_unprintable

if TYPE_CHECKING:
    from workbench.ledger.access.terms import Target
    from workbench.ledger.erasure.erasure_closure import ErasureIds, Gone
    from workbench.ledger.erasure.purge import Done
    from workbench.ledger.erasure.text_redaction import Words

COLUMNS = ("what", "number", "note")
"""What `erase` answers."""
LISTED = 8
OPEN = (
    "the ledger's free space is overwritten as soon as no other notebook reads the case: close them and open it again"
)
AGAIN = (
    "Files in another form keep their text only; what was in pictures, layout or hidden parts of them is gone as well."
)
HELD = "They were also received in another way, for example with another message."


class TellingError(CaseError):
    """The reason names what is erased."""


class StoredError(CaseError):
    """Values of the ledger are of another type than their columns: texts in them could not be struck."""


class _UndoneError(Exception):
    """Takes a trial back."""


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What an erasure does or did, for the officer."""

    done: Done
    work: file_erasure.Emptying
    gone: Gone
    deleted: Sequence[str]
    listed: Sequence[str]
    settings: bool
    overruling: bool
    read: int = 0


@dataclass(frozen=True, slots=True)
class OfficerView:
    """How far an officer knows the case.

    Attributes
    ----------
    unknown : str
        Ids of which nothing is told (a JSON list, '' none).
    sent : frozenset of str
        What may be seen to have gone out.
    entries : frozenset of int or None
        Entries of the log of which the officer may know what they say; None for all.
    said : mapping
        What officers have made of what is unknown, by the tables of `purge.SAID`.
    """

    unknown: str = ""
    sent: frozenset[str] = frozenset()
    entries: frozenset[int] | None = None
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)


def erase_material(context: CaseContext, what: What, because: str, *, sure: bool) -> pd.DataFrame:
    """Erase, or tell what would go (COLUMNS)."""
    check_authority(context, because)
    context.folder.keep_within()
    targets = list_targets(context, what)
    kind = targets[0][0]
    plan = Plan(tombstones.create_id(context.ledger), kind, context.ledger.officer, because.strip(), now(), targets)
    known = _build_view(context)
    try:
        with open_unrestricted(context) as inner:
            if not sure:
                return _build_answer(inner, _try_erasure(inner, plan, known), known, sure=False)
            plan = _check_plan(inner, plan, known)
            told = _try_erasure(inner, plan, known) if known.unknown else None
            plan = replace(plan, counts=told.done.counts if told else None)
            _save_tombstones(inner)  # where this machine can remember nothing, nothing is begun
            tombstones.record_request(inner.ledger, plan)
            with _explain_interruption():
                done, clean = _carry_out(inner, plan, known)
            _reload_title(context)
            return _build_answer(inner, told or done, known, sure=True, clean=clean)
    except (HeldError, TellingError, StoredError) as refused:
        raise context.ledger.refuse("erasure", Object(kind, count=len(targets)), refused.args[0]) from None
    finally:
        context.forget()


def _reload_title(context: CaseContext) -> None:
    """What case.toml says of the case in words, as it is after the erasure: reports and charts of this session print it."""
    said = context.folder.load_settings()
    context.settings = replace(
        context.settings, title=said.title, reference=said.reference, legal_basis=said.legal_basis
    )


def _build_view(context: CaseContext) -> OfficerView:
    """How far the officer at work knows the case."""
    ledger, sent = context.ledger, frozenset(disclosures.list_disclosures(context.ledger)["disclosure_id"])
    entries, unknown = audit_log.list_known_entries(context), ledger.encode_secret_ids()
    if not unknown:
        return OfficerView("", sent, entries)
    known = {
        "set_asides": hidden_bulk_rows.list_visible_rule_ids(ledger),
        "disclosures": sent,
        "charts": {name for name in purge.list_said(ledger.connection, "charts") if charts.is_there(ledger, name)},
        "packages": frozenset(packages.list_packages(ledger)["sha256"]),
    }
    hidden = {table: purge.list_said(ledger.connection, table) - known[table] for table in known}
    return OfficerView(unknown, sent, entries, hidden)


def list_targets(context: CaseContext, what: What) -> list[Target]:
    """What an officer names, as kinds and ids that can be erased."""
    if isinstance(what, str) and notes.find_note(context, what):
        return [("note", what)]
    found = handling_codes.list_targets(context, what)
    odd = next((kind for kind, _ in found if kind not in tombstones.KINDS), "")
    if odd:
        kinds = tuple(get_term("refused.erase.kind", kind) for kind in tombstones.KINDS)
        raise CaseError(
            Sentence(
                "You cannot erase a single {kind}. Reject or correct it instead. You can erase only: {kinds}.",
                kind=get_term("refused.erase.odd", odd),
                kinds=kinds,
            )
        )
    return found


def resume_erasures(context: CaseContext) -> int:
    """Finish what an interruption has left; number of erasures that were finished.

    One that this machine cannot remember, or that something in the folder holds up, waits, and who works is told why.
    """
    left = list(tombstones.list_pending(context.ledger))
    if not left:
        return 0
    done = 0
    with open_unrestricted(context) as inner:
        for plan in left:
            if tombstones.is_let_in(inner.ledger, plan):
                purge.remove_plan(inner.ledger, plan.id)
                continue
            try:
                done += finish_erasure(inner, plan)
            except (WorkbenchError, OSError) as error:
                if not isinstance(error, IdentityError):
                    print_message(
                        Sentence(
                            "An erasure has started but is not finished. It continues when the case is next opened. Before "
                            "that, remove the cause. Why it stopped: {error}",
                            error=error,
                        ),
                        context.say,
                    )
    context.forget()
    return done


def list_tombstones(context: CaseContext) -> pd.DataFrame:
    """Tombstones, oldest first (tombstones.COLUMNS)."""
    return tombstones.list_tombstones(context.ledger)


@contextmanager
def open_unrestricted(context: CaseContext) -> Iterator[CaseContext]:
    """The case over a connection that sees all of it: what its reader may not see goes as well."""
    key = context.folder.vault.ledger_key
    ledger = Ledger(context.folder.ledger, officer=context.ledger.officer, purpose=context.ledger.purpose, key=key)
    ledger.session = context.ledger.session
    context.ledger.end_snapshot()
    try:
        yield CaseContext(context.folder, ledger, context.settings, context.training)
    finally:
        ledger.close()


def check_authority(context: CaseContext, because: str, does: str = "erases") -> None:
    """Refuse whoever is not the controller, and what has no reason.

    Raises
    ------
    CaseError
        With what to do; the refusal of an officer is logged.
    """
    controller.check_controller(context, "erasure", Object("case"), does)
    if not because.strip():
        raise context.ledger.refuse(
            "erasure",
            Object("case"),
            Sentence(
                "An erasure needs a reason. Give the reason, for example: `because='article 16(2), request 114/26'`."
            ),
        )


def _try_erasure(context: CaseContext, plan: Plan, known: OfficerView, *, whole: bool = False) -> ErasureReport | None:
    """Do it in a case without what the officer may not know of (or in the `whole`), tell what it did, and take it all back."""
    told = None
    try:
        with context.ledger.open_transaction() as sql:
            if known.unknown and not whole:
                purge.leave_out(sql, known.unknown, known.said)
            told = _purge_targets(context, plan, known, keep=False)
            raise _UndoneError
    except _UndoneError:
        context.forget()
        return told


def _check_plan(context: CaseContext, plan: Plan, known: OfficerView) -> Plan:
    """Raise where it may not be done; nothing is. The plan, with the reason of one that passes over a hold of before."""
    if not terms.list_legal_holds(context.ledger):
        _build_struck_words(context, plan, erasure_scope.resolve_targets(context, plan.targets))
        return plan
    told = _try_erasure(context, plan, known, whole=True)
    return replace(plan, reason=tombstones.OVERRULING) if told and told.overruling else plan


@contextmanager
def _explain_interruption() -> Iterator[None]:
    """Tell of what stops an erasure that has begun that it goes on at the next opening, and is not to be asked for again.

    Raises
    ------
    CaseError
        With the cause; what is refused is raised as it is.
    """
    try:
        yield
    except (HeldError, TellingError, StoredError):
        raise
    except Exception as error:
        if not (isinstance(error, WorkbenchError) or describe_error(error)):
            raise
        kind = IdentityError if isinstance(error, IdentityError) else CaseError
        raise kind(
            Sentence(
                "The erasure has started but is not complete. It will be completed when the case is "
                "next opened. You do not need to start it again. Why it stopped: {why}",
                why=_describe_cause(error),
            )
        ) from error


def _describe_cause(error: Exception) -> object:
    """What stopped an erasure, without the advice to do it again."""
    key = getattr(error.args[0], "key", "") if error.args else ""
    if key.startswith("refused.busy"):
        return Sentence("another code cell, notebook or program was writing to the case")
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
    return error


def _carry_out(context: CaseContext, plan: Plan, known: OfficerView) -> tuple[ErasureReport, bool]:
    """What it did, and whether the ledger's free space is overwritten already."""
    with context.ledger.open_transaction():
        told = _purge_targets(context, plan, replace(known, unknown=""), keep=True)
    return told, finish_erasure(context, told.done.plan)


def finish_erasure(context: CaseContext, plan: Plan) -> bool:
    """Do what is left of an erasure; False if the ledger's free space could not be overwritten yet."""
    if plan.state == ASKED:
        plan = replace(plan, targets=tombstones.follow_files(context.ledger, plan.targets))
        known = OfficerView(entries=audit_log.list_known_entries(context))
        try:
            plan = _check_plan(context, plan, known)
            with context.ledger.open_transaction():
                told = _purge_targets(context, plan, known, keep=True)
        except HeldError:
            if plan.of:  # it waits until the hold is released
                return False
            purge.remove_plan(context.ledger, plan.id)
            return True
        plan = told.done.plan
    if plan.state == PURGED:
        left = file_erasure.delete_files(context, plan.files, plan.passages)
        print_message(
            left
            and Sentence(
                "Some files in the case folder could not be deleted. They may still contain the erased "
                "data. Check these files and delete them yourself: {names}.",
                names=tuple(map(escape_unprintable, left)),
            ),
            context.say,
        )
        purge.clear_plan(context.ledger, plan)
    if not purge.overwrite_free_space(context.ledger):
        return False
    _save_tombstones(context)
    purge.remove_plan(context.ledger, plan.id)
    return True


def _save_tombstones(context: CaseContext) -> None:
    """Keep what was erased in the memory of this machine, so that no backup brings it back."""
    machine_tombstones.save_tombstones(tombstones.get_case_id(context.ledger), tombstones.list_stones(context.ledger))


def _purge_targets(context: CaseContext, plan: Plan, known: OfficerView, *, keep: bool) -> ErasureReport:
    """Everything that happens in one transaction; raises where any of it is on hold."""
    sql = context.ledger.connection
    if fault := next(stored_values.find_faults(sql), ""):
        raise StoredError(fault)
    what = erasure_scope.resolve_targets(context, plan.targets)
    words = _build_struck_words(context, plan, what)
    holds = legal_hold.list_holds(context)
    gone = erasure_closure.compute_closure(sql, what)
    bereft = erasure_closure.list_unsupported_statements(sql)
    work = file_erasure.Emptying(context, gone, words, keep, bereft, frozenset(plan.anew))
    touched = work.list_sources()
    sent = disclosures.list_hashes(context.ledger, purge.list_disclosure_ids(sql))
    replaced = work.replace_files(touched)
    rows = work.list_mass_files(replaced)
    deleted, listed = work.list_products(sent)
    settings = work.strike_settings()
    old = [f"sources/{key}" for key in (*gone.sources, *(one.old for one in replaced))] + [
        f"rows/{name}" for name, _ in rows
    ]
    kept = {f"sources/{one.new}" for one in replaced} | {f"rows/{made.path}" for _, made in rows if made}
    files = [name for name in (*old, *deleted) if name not in kept]
    joined = erasure_scope.list_joined(context, plan.targets)
    change = purge.Change(gone, words, replaced, rows, files, joined, known.entries)
    if holds:
        legal_hold.record_effects(context, replaced)
    done = purge.purge_material(context.ledger, sql, plan, change)
    overruling = bool(holds) and legal_hold.check_holds(context, holds, plan.at if plan.of else "", known.unknown)
    read = preview_log.erase_texts(context, done, keep=keep)
    return ErasureReport(done, work, gone, deleted, listed, settings, overruling, read)


def _build_struck_words(context: CaseContext, plan: Plan, what: ErasureIds) -> Words:
    """What is struck in texts that stay; raises where the reason has any of it."""
    words = erasure_scope.build_struck_words(context, what)
    if words.wide.has_match(plan.reason) or words.near.has_match(plan.reason):
        raise TellingError(
            Sentence(
                "Nothing was erased. Your reason contains text that will be erased, and the log would keep that "
                "text. Give a reference instead, for example: `because='request 114/26'`."
            )
        )
    return words


def _build_answer(
    context: CaseContext, told: ErasureReport | None, known: OfficerView, *, sure: bool, clean: bool = True
) -> pd.DataFrame:
    """What goes or went, for people, as far as they know the case."""
    if told is None:
        return pd.DataFrame(columns=pd.Index(COLUMNS))
    rows = [(name, number, "") for name, number in told.done.counts.items()]
    work, verb, deleted = told.work, "are" if not sure else "were", _open_products(context, told.deleted, known)
    forms = [
        ("files deleted whole", len(told.gone.sources), ""),
        ("of these, attached to it or in it", len(told.done.attached.gone), ""),
        (
            "attached files, which stay",
            len(told.done.attached.names),
            f"{_format_names(told.done.attached.names)}. {HELD}",
        ),
        ("files written anew in their own form", len(work.own_form), _format_names(work.own_form)),
        (
            "files written anew as text",
            len(work.as_text),
            f"{_format_names(work.as_text)}. {AGAIN}" if work.as_text else "",
        ),
        ("rows of calls, transfers, positions", work.rows, ""),
        ("products in the case, deleted", len(deleted), _format_names(deleted)),
        ("files that cannot be read, which stay", len(work.unread), _format_names(work.unread)),
        ("files in inbox and outbox, which stay", len(told.listed), _format_names(told.listed)),
        ("case.toml, struck", int(told.settings), ""),
        ("texts of your log of packages read", told.read, ""),
    ]
    rows += [row for row in forms if row[1]]
    sent = disclosures.list_disclosures(context.ledger)
    sent = sent[sent["disclosure_id"].isin(known.sent & set(told.done.sent))]
    rows += [
        ("sent out, cannot be called back", 1, f"{one.kind} {one.name} to {one.recipient or 'own use'}, {one.at}")
        for one in iterate_rows(sent)
    ]
    rows += [
        ("backups that hold it", 1, f"{one.path}, {one.at}")
        for one in iterate_rows(backup.list_backups(context.ledger))
    ]
    made = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    made.attrs["tombstone"] = told.done.plan.id if sure else ""
    made.attrs["said"] = f"These {verb} erased." if sure else "Nothing is erased yet. To erase, add sure=True."
    made.attrs["open"] = "" if clean else OPEN
    return made


def _open_products(context: CaseContext, names: Sequence[str], known: OfficerView) -> list[str]:
    """Products of which the officer may know."""
    sent = disclosures.list_disclosures(context.ledger)
    shown = sent["disclosure_id"].isin(known.sent)
    stems = [{find_stem(Path(name)).name for name in sent.loc[chosen, "name"]} for chosen in (~shown, shown)]
    return [name for name in names if find_stem(Path(name)).name not in stems[0] - stems[1]]


def _format_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more

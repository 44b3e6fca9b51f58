"""Issue rows of exclusions: what each takes, by file; and where it rests on one file alone, or may take too little or too much."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import excluded_files
from workbench.ledger.access.excluded_files import Party, Taken
from workbench.ledger.exclusions.exclusion_rules import NAMING, RECEIVERS, SENDERS
from workbench.ledger.exclusions.struck_words import is_lost, is_mark
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import sort_name_words

SHOWN = 10
"""Names in one issue row."""
CLOSE = 90
"""Likeness from which a name is told as similar, of 100."""
SHORT = 4
"""Letters from which on the same letters in another order are told as similar."""
SPELT = str.maketrans(
    {
        "ä": "ae",
        "æ": "ae",
        "å": "aa",
        "ö": "oe",
        "ø": "oe",
        "œ": "oe",
        "ü": "ue",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
    }
)


def list_issues(context: CaseContext) -> Iterator[Issue]:
    """Issues of the standing exclusions of which the officer may know."""
    every = excluded_files.list_taken(context.ledger)
    if not every:
        return
    yield from _list_conflicts(every)
    mass = call_engine.count_excluded_rows(context)
    for taken in every:
        words, rows = taken.rule.words, mass.get(taken.key, {})
        files = sorted({*taken.files, *excluded_files.list_source_names(context.ledger, rows).values()})
        if files:
            names, count = _join_names(files), taken.count + sum(rows.values())
            told = Sentence("row.derived.excluded", rule=words, count=count, number=len(files), files=names)
            yield build_issue("excluded", told, fix=Sentence("fix.see.excluded"), place=taken.key)
        if numbers := excluded_files.list_foreign_names(context.ledger, taken):
            listed = _join_names([f"{label} ({file})" for label, file in numbers])
            told = (
                Sentence("row.derived.excluded_by_card", rule=words, count=len(numbers), listed=listed)
                if taken.names
                else Sentence("row.derived.excluded_by_address", rule=words, count=len(numbers), listed=listed)
            )
            yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_by_card"), place=taken.key)
        if unfounded := _list_unfounded(context, taken):
            listed = _join_names(unfounded)
            told = Sentence("row.derived.excluded_by_nothing", rule=words, count=len(unfounded), listed=listed)
            yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_by_card"), place=taken.key)
        if similar := list_similar_names(context, taken.names):
            told = Sentence("row.derived.excluded_similar", rule=words, count=len(similar), names=_join_names(similar))
            yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_similar"), place=taken.key)
        yield from _list_lost_parts(taken)
    if kept := excluded_files.list_kept_attachments(context.ledger):
        names = _join_names([" = ".join(dict.fromkeys(some)) for some in kept.values()])
        told = Sentence("row.derived.excluded_kept", count=len(kept), files=names)
        yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_kept"))
    named = excluded_files.list_named_files(context.ledger)
    if beside := [" = ".join(dict.fromkeys(some)) for key, some in named.items() if key not in kept]:
        told = Sentence("row.derived.excluded_named", count=len(beside), files=_join_names(beside))
        yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_kept"))


def _list_lost_parts(taken: Taken) -> Iterator[Issue]:
    """That a rule knows something no more, because an earlier release kept nothing of it when it was erased."""
    if any(map(is_lost, taken.names)):
        told = Sentence("row.derived.excluded_erased", rule=taken.rule.words)
        yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_erased"), place=taken.key)
    elif taken.rule.has_lost_parts:
        told = Sentence("row.derived.excluded_stopped", rule=taken.rule.words)
        yield build_issue("exclusion-doubt", told, fix=Sentence("fix.see.excluded_stopped"), place=taken.key)


def _list_unfounded(context: CaseContext, taken: Taken) -> list[str]:
    """Parties that a rule takes though no file gives them to whom it names any more, as they are written; none where officers joined."""
    if any(is_mark(name) or is_lost(name) for name in taken.names):
        return []
    joined = {key for pair in context.canonical.items() if pair[0] != pair[1] for key in pair}
    meant = {*taken.rule.sender, *taken.rule.party}
    found = excluded_files.list_unfounded_parties(context.ledger, taken)
    if meant & joined:
        return []
    props = SENDERS if taken.rule.sender else (*SENDERS, *RECEIVERS)
    return sorted({party.written or party.key for party in found if party.prop in props})


def list_similar_names(context: CaseContext, names: Sequence[str]) -> list[str]:
    """Names in the case that are like those of a rule, and are not taken for them: with a word more, or with another letter."""
    wanted = {sort_name_words(name) for name in names if not is_mark(name) and not is_lost(name)} - {""}
    if not wanted:
        return []
    rows = context.evidence[context.evidence["prop"].isin(NAMING) & (context.evidence["kind"] != "suggested")]
    meant = {_spell_out(name) for name in names if sort_name_words(name) in wanted}
    forms = {str(name): sort_name_words(str(name)) for name in rows["value"].unique()}
    return sorted(
        name
        for name, form in forms.items()
        if form
        and form not in wanted
        and (any(_is_similar(form, one) for one in wanted) or any(_is_similar(_spell_out(name), one) for one in meant))
    )


def _is_similar(form: str, wanted: str) -> bool:
    """Whether it has a word more, another letter, or the same letters with the words parted elsewhere: 'Almasri' for Al-Masri."""
    words, some = set(form.split()), set(wanted.split())
    if (len(some) > 1 and some <= words) or fuzz.ratio(form, wanted) >= CLOSE:
        return True
    return len(form.replace(" ", "")) > SHORT and sorted(form.replace(" ", "")) == sorted(wanted.replace(" ", ""))


def _spell_out(name: str) -> str:
    """The compared form of a name with letters of northern alphabets as they are written where a keyboard lacks them."""
    return sort_name_words(unicodedata.normalize("NFC", name).casefold().translate(SPELT))


def _join_names(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:SHOWN])
    return f"{shown}, …" if len(names) > SHOWN else shown


def _list_conflicts(every: Sequence[Taken]) -> Iterator[Issue]:
    """That rules about a party took messages of which another file says that they are of somebody else: they stay excluded."""
    found: dict[tuple[str, str], list[Party]] = {}
    for taken in every:
        documents: dict[tuple[str, str], list[Party]] = {}
        for party in taken.parties:
            documents.setdefault(party.document, []).append(party)
        found |= {key: parties for key, parties in documents.items() if _is_conflict(taken, parties)}
    if found:
        files = {party.source: party.file for parties in found.values() for party in parties}
        told = Sentence("row.chat.fused_hidden", count=len(found), files=_join_names(sorted(files.values())))
        yield build_issue("sender-conflict", told, fix=Sentence("fix.say.fused_hidden"))


def _is_conflict(taken: Taken, parties: Sequence[Party]) -> bool:
    """Whether two files have no sender in common, or one of them names nobody for whom a rule about both sides takes it."""
    senders: dict[str, set[str]] = {}
    both: dict[str, set[str]] = {}
    for party in parties:
        forms = {party.key, sort_name_words(party.written)} - {""}
        both.setdefault(party.source, set()).update(forms)
        if party.prop in SENDERS:
            senders.setdefault(party.source, set()).update(forms)
    if len(senders) > 1 and not set.intersection(*senders.values()):
        return True
    meant = {*taken.rule.party, *(sort_name_words(name) for name in taken.rule.party_names)}
    fits = [bool(forms & meant) for forms in both.values()] if taken.rule.party else []
    return any(fits) and not all(fits)

"""What was erased and comes back, in a backup, a package or another file: it stays erased, unless the controller lets it in again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.case.privacy import enclosed_files, enclosed_messages, erasure, returned_texts
from workbench.errors import SourceError
from workbench.ledger.erasure import entity_footprint, erased_remarks, machine_tombstones, tombstones
from workbench.ledger.erasure.tombstones import Plan, Stone


def reapply_tombstones(context: CaseContext, stones: Iterable[Stone]) -> int:
    """Erase again what was erased before, as far as it is in the ledger (again); number of tombstones that were replayed.

    A restored backup, a package and another file may bring it back. Nothing is asked: it was decided before. A hold that was set
    before it was erased was released then, so it does not count; while one is on it that was set since,
    it waits (`erasure.resume_erasures`).
    What each was set for is looked up before any of them changes the case: one writes the files anew that another one names.
    """
    done, found = 0, sorted(stones, key=lambda stone: tombstones.build_order_key(stone.at, stone.kind, stone.id))
    with erasure.open_unrestricted(context) as inner:
        known, before = (
            {stone.id for stone in tombstones.list_stones(inner.ledger)},
            tombstones.find_targets(inner.ledger, found),
        )
        for stone in found:
            now = tombstones.find_targets(inner.ledger, [stone], ("source",))
            targets = tombstones.select_current(inner.ledger, [*before.get(stone.id, ()), *now.get(stone.id, ())])
            if not targets:
                if stone.id not in known:
                    tombstones.set_again(inner.ledger, stone)
                continue
            reason = stone.reason or "erased before"
            told = (
                f"replay-{secrets.token_hex(12)}",
                stone.kind,
                stone.officer or context.ledger.officer,
                reason,
                stone.at,
            )
            plan = Plan(*told, targets, of=stone.id)
            tombstones.record_request(inner.ledger, plan)
            done += (ended := erasure.finish_erasure(inner, plan))
            if not ended:
                tombstones.set_again(inner.ledger, stone)
    if done:
        context.forget()
    return done


def drop_remarks(context: CaseContext) -> None:
    """Erase remarks on what was erased before: an older workbench kept them where a package brought the same again."""
    stones = tombstones.list_stones(context.ledger)
    if not stones or not erased_remarks.find_remarks(context.ledger.connection):
        return
    told = f"replay-{secrets.token_hex(12)}", stones[-1].kind, context.ledger.officer, "erased before", stones[-1].at
    with erasure.open_unrestricted(context) as inner:
        plan = Plan(*told, (), of=stones[-1].id)
        tombstones.record_request(inner.ledger, plan)
        erasure.finish_erasure(inner, plan)
    context.forget()


def drop_stale_ways(context: CaseContext) -> None:
    """Erase what only erased messages attach: an older workbench kept the way, so that a file stayed with the last of them."""
    stale = tombstones.find_stale_ways(context.ledger)
    if not stale:
        return
    times = {stone.id: stone.at for stone in tombstones.list_stones(context.ledger)}
    last = max((stone for stones in stale.values() for stone in stones), key=lambda one: (times[one], one))
    targets = [("document", key) for key in sorted(stale)]
    told = f"replay-{secrets.token_hex(12)}", "document", context.ledger.officer, "erased before", times[last], targets
    with erasure.open_unrestricted(context) as inner:
        plan = Plan(*told, of=last)
        tombstones.record_request(inner.ledger, plan)
        erasure.finish_erasure(inner, plan)
    context.forget()


def reapply_to_sources(context: CaseContext, sources: Collection[str], documents: Collection[str] = ()) -> int:
    """Replay the tombstones of what came back in these sources: whole files, or documents in files of another kind; and of documents.

    Every way in ends with this: files that an officer adds, traffic, messages, packages, files that are attached to a draft.
    """
    came = {key for key in sources if key}
    if not (came or documents) or not tombstones.has_marks(context.ledger):
        return 0
    enclosed_files.register_erased_files(context, came)
    enclosed_messages.register_erased_messages(context, came)
    inner = entity_footprint.list_sources_within(context.ledger, came)
    come = entity_footprint.select_known_documents(context.ledger, documents)
    documents = {*come, *entity_footprint.list_source_documents(context.ledger, came | inner)}
    found = tombstones.find_marked(context.ledger, ("document", "changed"), documents)
    found |= tombstones.find_marked(context.ledger, ("source",), came | inner)
    wanted = {stone for stones in found.values() for stone in stones}
    again = {
        key: kind for kind, keys in (("document", documents), ("source", came | inner)) for key in keys if key in found
    }
    stones = [stone for stone in tombstones.list_stones(context.ledger) if stone.id in wanted]
    done = reapply_tombstones(context, stones) + _erase_again(context, again, {stone.id: stone.at for stone in stones})
    return done + _save_as_text(context, came | inner)


def _save_as_text(context: CaseContext, sources: Collection[str]) -> int:
    """Keep only the text, as the ledger has it, of files that say what was struck, or in which nobody can tell what lies."""
    with erasure.open_unrestricted(context) as inner:
        anew = returned_texts.find_returned_files(inner, sources)
        if not anew:
            return 0
        last = tombstones.list_stones(inner.ledger)[-1]
        returned_texts.record_issues(inner, anew)
        told = f"replay-{secrets.token_hex(12)}", "source", inner.ledger.officer, "erased before", last.at
        plan = Plan(*told, (), of=last.id, anew=anew)
        tombstones.record_request(inner.ledger, plan)
        erasure.finish_erasure(inner, plan)
    context.forget()
    return len(anew)


def _erase_again(context: CaseContext, keys: Mapping[str, str], times: Mapping[str, str]) -> int:
    """Erase documents and files that went with something else when it was erased (`times`), and have come back by themselves."""
    kinds = {kind: [key for key, one in keys.items() if one == kind] for kind in ("document", "source")}
    hits = {kind: tombstones.find_marked(context.ledger, (kind,), found) for kind, found in kinds.items()}
    known = {
        *(key for key, _ in entity_footprint.list_sources(context.ledger)),
        *entity_footprint.select_known_documents(context.ledger, list(keys)),
    }
    targets = [(kind, key) for kind, found in hits.items() for key in found if key in known]
    if not targets:
        return 0
    kind, key = targets[0]
    stone = hits[kind][key][-1]
    told = (f"replay-{secrets.token_hex(12)}", kind, context.ledger.officer, "erased before", times[stone], targets)
    with erasure.open_unrestricted(context) as inner:
        plan = Plan(*told, of=stone)
        tombstones.record_request(inner.ledger, plan)
        erasure.finish_erasure(inner, plan)
    context.forget()
    return 1


def _list_hashes(path: Path) -> Iterator[str]:
    """Names of the sources that the files below a path would be; of one that cannot be read `add` tells."""
    for entry in folder_walk.walk_folder(path):
        if not entry.why:
            with suppress(SourceError):
                yield folder_walk.hash_file(entry.path, entry.name, entry.top)


@contextmanager
def guard_readmission(context: CaseContext, path: Path, because: str, *, again: bool) -> Iterator[list[str]]:
    """What is received within the block stays erased if it was erased, unless the controller lets it in again.

    Gives a list, to which the sources that came are added.
    """
    came: list[str] = []
    if again:
        erasure.check_authority(context, because, "lets_in")
        _readmit_material(context, "source", list(_list_hashes(path)), because)
    yield came
    if again:
        documents = entity_footprint.list_source_documents(context.ledger, came)
        _readmit_material(context, "document", documents, because)
        passages = context.passages
        _readmit_material(
            context, "passage", list(passages.loc[passages["document_id"].isin(documents), "passage_id"]), because
        )
    else:
        reapply_to_sources(context, came)


def _readmit_material(context: CaseContext, kind: str, keys: Sequence[str], because: str) -> None:
    gone = tombstones.readmit_material(context.ledger, kind, keys, because)
    if gone:
        machine_tombstones.save_tombstones(tombstones.get_case_id(context.ledger), [], gone)

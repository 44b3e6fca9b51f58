"""Names that verbs had before version 0.2, and what an unknown name was probably meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from workbench.case.guide.examples import load_examples

RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "sources": "sources.list",
        "plan": "sources.plan",
        "describe": "sources.describe",
        "mapping": "sources.mapping",
        "remap": "sources.remap",
        "withdraw": "sources.withdraw",
        "restore": "sources.restore",
        "set_aside": "sources.exclude",
        "reopen": "sources.reopen",
        "set_asides": "sources.exclusions",
        "issues": "sources.issues",
        "evidence": "evidence.list",
        "statements": "evidence.statements",
        "state": "evidence.add",
        "correct": "evidence.correct",
        "grade": "evidence.grade",
        "grades": "evidence.grades",
        "classify": "evidence.classify",
        "ranking": "network.ranking",
        "paths": "network.paths",
        "duplicates": "judgements.duplicates",
        "judge": "judgements.judge",
        "split": "judgements.split",
        "accept": "review.accept",
        "reject": "review.reject",
        "note": "review.note",
        "notes": "review.notes",
        "flags": "review.flags",
        "confirm": "review.accept",
        "dismiss": "review.reject",
        "remarks": "review.remarks",
        "adopt": "review.adopt",
        "news": "review.updates",
        "mark": "handling.mark",
        "unmark": "handling.unmark",
        "marks": "handling.marks",
        "permit": "handling.permit",
        "reveal": "handling.reveal",
        "withheld": "handling.withheld",
        "clear": "access.grant",
        "clearances": "access.list",
        "trust": "access.trust",
        "distrust": "access.distrust",
        "hand_over": "access.hand_over",
        "confirm_settings": "access.confirm_settings",
        "reviews": "privacy.reviews",
        "retain": "privacy.retain",
        "hold": "privacy.hold",
        "restrict": "privacy.restrict",
        "release": "privacy.release",
        "erase": "privacy.erase",
        "erased": "privacy.erasures",
        "forms": "privacy.forms",
        "disclosures": "privacy.disclosures",
        "subject_access": "subjects.records",
        "access_extract": "subjects.extract",
        "withhold_access": "subjects.withhold",
        "correction_notice": "subjects.correction_notice",
        "pseudonymised": "subjects.pseudonymise",
        "reidentify": "subjects.reidentify",
        "pack": "packages.pack",
        "send": "packages.send",
        "inbox": "packages.inbox",
        "acknowledge": "packages.acknowledge",
        "receipt": "packages.check_receipt",
        "packages": "packages.list",
        "charts": "charts.list",
        "workspace": "charts.workspace",
        "show": "charts.panel",
        "encrypt": "storage.encrypt",
        "decrypt": "storage.decrypt",
        "lock": "storage.lock",
        "change_passphrase": "storage.change_passphrase",
        "recovery_key": "storage.recovery_key",
        "share_key": "storage.share_key",
        "withdraw_key": "storage.withdraw_key",
        "keys": "storage.key_holders",
        "take_out": "storage.take_out",
        "backup": "storage.backup",
        "backups": "storage.backups",
        "doctor": "storage.check",
        "audit": "log.entries",
        "verify": "log.verify",
        "checkpoint": "log.checkpoint",
        "decisions": "log.decisions",
        "draft": "desk.draft",
        "calls.common": "calls.common_contacts",
        "calls.rhythm": "calls.hours",
        "desk.drafts": "desk.drafts.list",
        "desk.open": "desk.drafts.open",
        "desk.query": "desk.drafts.query",
        "desk.preview": "desk.drafts.links",
        "desk.discloses": "desk.drafts.disclosure",
        "desk.approve": "desk.drafts.approve",
        "desk.send": "desk.drafts.send",
        "desk.export": "desk.drafts.export",
        "desk.went": "desk.drafts.record_sent",
        "desk.addressees": "desk.drafts.deliveries",
        "desk.plan": "desk.imports.plan",
        "desk.take_in": "desk.imports.add",
        "desk.columns": "desk.imports.columns",
        "desk.keep_columns": "desk.imports.save_columns",
        "desk.screen": "desk.screening.run",
        "desk.screened": "desk.screening.list",
        "desk.purge": "desk.screening.purge",
        "desk.rules": "desk.rules.list",
        "desk.adopt": "desk.rules.add",
        "desk.check": "desk.rules.check",
        "desk.done": "desk.mark_done",
        "draft.mend": "draft.fix",
        "draft.discard": "desk.drafts.discard",
        "language": "context.settings.language",
        "draft.acknowledge": "draft.waive",
    }
)
"""Path of a verb up to 0.1 -> its path now, both after `case.`; `draft` is what `case.desk.draft` gives. Of
`withdraw` and `restore` the ones about sources: notes, statements and flags have their own in `case.review`."""

IDENTITIES: Mapping[str, str] = MappingProxyType(
    {
        "identity.new": "identity.create_identity",
        "identity.unkept": "identity.create_temporary",
        "identity.keep": "identity.save_trust_list",
        "identity.own": "identity.load_trust_list",
        "identity.take": "identity.install_card",
        "officer.holding": "officer.replace_card",
        "trust.adding": "trust.add_bureau",
        "trust.without": "trust.remove_bureau",
        "trust.signed": "trust.sign_list",
        "trust.standing": "trust.assess_card",
    }
)
"""The same of `workbench.identity`, of an officer that it gives, and of a trust list."""

MOST = 3
"""Verbs that are offered for an unknown name."""


def suggest_path(path: str) -> str:
    """What to type instead of an unknown path: its new name, a verb of that name elsewhere, or the verbs that are most like it."""
    if path in RENAMED:
        return f"{_format_typed_path(path)} is now {_format_typed_path(RENAMED[path])}."
    name = path.rpartition(".")[2]
    paths = {one.rpartition(".")[2]: one for one in sorted(load_examples(), reverse=True)}
    words = set(name.split("_"))
    called = [one for one in load_examples() if one != path and one.rpartition(".")[2] == name]
    found = called or [one for one, example in load_examples().items() if words <= example.words]
    meant = dict.fromkeys(map(_format_typed_path, found))
    if not meant:
        close = get_close_matches(name, [*paths, *RENAMED], MOST, 0.7)
        meant = dict.fromkeys(_format_typed_path(paths.get(one) or RENAMED[one]) for one in close)
    meant = dict.fromkeys([*meant][:MOST])
    said = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return f"There is no {_format_typed_path(path)}.{said} case.help('{name}') looks for it in words."


def _format_typed_path(path: str) -> str:
    """A path as it is typed."""
    return path if path.startswith("draft.") else f"case.{path}"

"""Every verb of a case that takes no more than a name or something to act on, and how a test asks it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from workbench.case.case import Case
from workbench.case.network.calls import CallRecords
from workbench.errors import WorkbenchError
from workbench.report.exports import ENDINGS


@dataclass(frozen=True)
class Target:
    """What a test asks about: a source, an entity and one that is linked to it, a passage, and a folder to write into."""

    source: str
    entity: str
    other: str
    passage: str
    folder: Path


Asked = Callable[[Case, Target], object]
RAW = (
    "refused.system",
    "refused.rows",
    (
        "{what} failed on '{name}' ({error}). This is a defect in the program: report it "
        "with the hash of the file, {hash}…. The file itself is saved."
    ),
)
"""Refusals that hand on an error of a library: no plain answer."""
ASKED: dict[str, Asked] = {
    "review.accept": lambda case, at: case.review.accept(at.entity, because="seen"),
    "subjects.extract": lambda case, at: case.subjects.extract(at.entity, at.folder / "access.html"),
    "add": lambda case, at: case.add(at.folder / "note.txt"),
    "log.entries": lambda case, at: case.log.entries(),
    "storage.backup": lambda case, at: case.storage.backup(at.folder / "backup.zip"),
    "storage.backups": lambda case, at: case.storage.backups(),
    "chart": lambda case, at: case.chart(case.graph(at.entity)).to_svg(),
    "charts.list": lambda case, at: case.charts.list(),
    "log.checkpoint": lambda case, at: case.log.checkpoint(),
    "evidence.classify": lambda case, at: case.evidence.classify(at.entity, "witness", because="heard"),
    "access.grant": lambda case, at: case.access.grant("bob", because="seconded"),
    "access.list": lambda case, at: case.access.list(),
    "access.confirm_settings": lambda case, at: case.access.confirm_settings(because="as they are"),
    "evidence.correct": lambda case, at: case.evidence.correct(
        at.entity, "name", "Marta O.", source="officer's knowledge"
    ),
    "subjects.correction_notice": lambda case, at: case.subjects.correction_notice(at.entity),
    "log.decisions": lambda case, at: case.log.decisions(),
    "sources.describe": lambda case, at: case.sources.describe(
        at.source, zone="Asia/Tokyo", because="the phone says so"
    ),
    "privacy.disclosures": lambda case, at: case.privacy.disclosures(),
    "storage.check": lambda case, at: case.storage.check(),
    "documents": lambda case, at: case.documents(),
    "desk.draft": lambda case, at: case.desk.draft("request", about=[at.entity]).check(),
    "judgements.duplicates": lambda case, at: (
        case.judgements.duplicates(),
        case.judgements.duplicates(about=at.entity),
    ),
    "entities": lambda case, at: case.entities(),
    "privacy.erasures": lambda case, at: case.privacy.erasures(),
    "evidence.list": lambda case, at: (case.evidence.list(), case.evidence.list(at.entity)),
    "export": lambda case, at: [case.export(at.folder / f"all{end}") for ends in ENDINGS.values() for end in ends],
    "extract": lambda case, at: case.extract(),
    "review.flags": lambda case, at: case.review.flags(),
    "privacy.forms": lambda case, at: case.privacy.forms(at.folder / "forms"),
    "evidence.grade": lambda case, at: case.evidence.grade(at.source, "B2", because="known"),
    "evidence.grades": lambda case, at: case.evidence.grades(),
    "graph": lambda case, at: (case.graph(services=True), case.graph(at.entity, accounts="apart")),
    "privacy.hold": lambda case, at: case.privacy.hold(at.source, because="appeal"),
    "packages.inbox": lambda case, at: case.packages.inbox(),
    "sources.issues": lambda case, at: case.sources.issues(),
    "judgements.judge": lambda case, at: case.judgements.judge([at.entity, at.other], same=None, because="unsure"),
    "messages": lambda case, at: case.messages(),
    "sources.mapping": lambda case, at: case.sources.mapping(at.source),
    "handling.mark": lambda case, at: case.handling.mark(at.source, tlp="green", because="partner"),
    "handling.marks": lambda case, at: case.handling.marks(),
    "review.updates": lambda case, at: (case.review.updates(), case.review.updates("0001-01-01")),
    "review.note": lambda case, at: case.review.note("seen", passages=[at.passage] if at.passage else []),
    "review.notes": lambda case, at: case.review.notes(),
    "packages.list": lambda case, at: case.packages.list(),
    "network.paths": lambda case, at: case.network.paths(at.entity, at.other),
    "handling.permit": lambda case, at: case.handling.permit(at.source, by="prosecutor", because="letter"),
    "sources.plan": lambda case, at: repr(case.sources.plan(at.folder / "note.txt")),
    "network.ranking": lambda case, at: case.network.ranking(),
    "review.reject": lambda case, at: case.review.reject(at.entity, because="wrong"),
    "privacy.release": lambda case, at: case.privacy.release(at.source, because="over"),
    "review.remarks": lambda case, at: (case.review.remarks(), case.review.remarks(at.entity)),
    "report": lambda case, at: case.report(at.folder / "report.html"),
    "sources.restore": lambda case, at: case.sources.restore(at.source, because="after all"),
    "privacy.restrict": lambda case, at: case.privacy.restrict(at.entity, because="disputed"),
    "privacy.retain": lambda case, at: case.privacy.retain(at.source, until="2027-01-01", because="trial"),
    "handling.reveal": lambda case, at: case.handling.reveal("health", because="needed"),
    "privacy.reviews": lambda case, at: case.privacy.reviews(),
    "search": lambda case, at: (
        case.search("crane"),
        case.search(like="a crane"),
        case.search("crane", since="0001-01-01", until="9999-12-31"),
    ),
    "sources.exclude": lambda case, at: case.sources.exclude(term="zzyzx", because="counsel"),
    "sources.exclusions": lambda case, at: case.sources.exclusions(),
    "charts.panel": lambda case, at: case.charts.panel()._repr_mimebundle_(),
    "sources.list": lambda case, at: case.sources.list(),
    "judgements.split": lambda case, at: case.judgements.split(at.entity, because="two"),
    "evidence.add": lambda case, at: case.evidence.add("Person", source="officer's knowledge", name="Eve"),
    "evidence.statements": lambda case, at: (case.evidence.statements(), case.evidence.statements(at.entity)),
    "subjects.records": lambda case, at: case.subjects.records(at.entity),
    "handling.unmark": lambda case, at: case.handling.unmark(at.source, because="free"),
    "log.verify": lambda case, at: case.log.verify(),
    "why": lambda case, at: case.why(at.entity, at.other),
    "sources.withdraw": lambda case, at: case.sources.withdraw(at.source, because="broken"),
    "handling.withheld": lambda case, at: case.handling.withheld(),
    "charts.workspace": lambda case, at: [view.to_svg() for view in case.charts.workspace().views.values()],
}
LAST = (
    "evidence.classify",
    "evidence.correct",
    "sources.describe",
    "evidence.grade",
    "privacy.hold",
    "judgements.judge",
    "handling.mark",
    "privacy.restrict",
    "privacy.retain",
    "review.accept",
    "review.reject",
    "handling.unmark",
    "privacy.release",
    "sources.withdraw",
    "sources.restore",
)
"""Verbs that change what the others answer; they come after these, and the others are asked again once a zone is given."""
NEEDS_MORE = frozenset(
    """packages.acknowledge review.adopt storage.change_passphrase close storage.decrypt access.distrust
    storage.encrypt privacy.erase access.hand_over storage.key_holders storage.lock packages.pack subjects.pseudonymise
    packages.check_receipt storage.recovery_key subjects.reidentify sources.remap sources.reopen packages.send storage.share_key
    storage.take_out access.trust storage.withdraw_key subjects.withhold review.withdraw review.restore help""".split()
)
"""Verbs that want a key, a passphrase, a package, a card, or the answer of another verb; `erase` and `close` end what is asked."""
CALLS: dict[str, Callable[[CallRecords, str], object]] = {
    "summary": lambda calls, who: calls.summary(), "contacts": lambda calls, who: calls.contacts(who),
    "common_contacts": lambda calls, who: calls.common_contacts(who, who), "days": lambda calls, who: calls.days(who),
    "hours": lambda calls, who: calls.hours(), "devices": lambda calls, who: calls.devices(),
}  # fmt: skip
DESK = ("messages", "drafts.list", "waiting", "inbox", "screening.list")


def public(owner: type) -> set[str]:
    """Names of the verbs of a class."""
    return {name for name, _ in inspect.getmembers(owner, inspect.isfunction) if not name.startswith("_")}


def fails(work: Callable[[], object]) -> str:
    """How a verb fails; '' where it answers, or refuses in words of its own."""
    try:
        work()
    except WorkbenchError as error:
        key = getattr(error.sentence, "key", "")
        return f"{key}: {error}"[:400] if key.startswith(RAW) else ""
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        import traceback

        at = traceback.extract_tb(error.__traceback__)
        place = next(
            (f"{Path(one.filename).name}:{one.lineno}" for one in reversed(at) if "workbench" in one.filename), ""
        )
        return f"{type(error).__name__} at {place}: {error}"[:400]
    return ""


def failures(case: Case, target: Target, asked: Mapping[str, Asked]) -> dict[str, str]:
    """How each verb fails, of those that do."""
    return {name: why for name, ask in asked.items() if (why := fails(lambda: ask(case, target)))}  # noqa: B023


def beside(case: Case, who: str) -> dict[str, str]:
    """The same of the questions to call records and of the lists of the message desk."""
    found = {f"calls.{name}": fails(lambda: ask(case.calls, who)) for name, ask in CALLS.items()}  # noqa: B023
    found |= {f"desk.{name}": fails(attrgetter(name)(case.desk)) for name in DESK}
    found |= {
        "repr": fails(lambda: repr(case)),
        "calls": fails(lambda: repr(case.calls)),
        "desk": fails(lambda: repr(case.desk)),
    }
    return {name: why for name, why in found.items() if why}

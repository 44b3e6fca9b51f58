"""Every verb of a case that takes no more than a name or something to act on, and how a test asks it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.case.case import Case
from workbench.case.network.calls import Calls
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
RAW = ("refused.system", "refused.rows", "refused.source.defect")
"""Refusals that hand on an error of a library: no plain answer."""
ASKED: dict[str, Asked] = {
    "accept": lambda case, at: case.review.accept(at.entity, because="seen"),
    "access_extract": lambda case, at: case.subjects.extract(at.entity, at.folder / "access.html"),
    "add": lambda case, at: case.add(at.folder / "note.txt"),
    "audit": lambda case, at: case.log.entries(),
    "backup": lambda case, at: case.storage.backup(at.folder / "backup.zip"),
    "backups": lambda case, at: case.storage.backups(),
    "chart": lambda case, at: case.chart(case.graph(at.entity)).to_svg(),
    "charts": lambda case, at: case.charts.list(),
    "checkpoint": lambda case, at: case.log.checkpoint(),
    "classify": lambda case, at: case.evidence.classify(at.entity, "witness", because="heard"),
    "clear": lambda case, at: case.access.grant("bob", because="seconded"),
    "clearances": lambda case, at: case.access.list(),
    "confirm_settings": lambda case, at: case.access.confirm_settings(because="as they are"),
    "correct": lambda case, at: case.evidence.correct(at.entity, "name", "Marta O.", source="officer's knowledge"),
    "correction_notice": lambda case, at: case.subjects.correction_notice(at.entity),
    "decisions": lambda case, at: case.log.decisions(),
    "describe": lambda case, at: case.sources.describe(at.source, zone="Asia/Tokyo", because="the phone says so"),
    "disclosures": lambda case, at: case.privacy.disclosures(),
    "doctor": lambda case, at: case.storage.check(),
    "documents": lambda case, at: case.documents(),
    "draft": lambda case, at: case.desk.draft("request", about=[at.entity]).check(),
    "duplicates": lambda case, at: (case.judgements.duplicates(), case.judgements.duplicates(about=at.entity)),
    "entities": lambda case, at: case.entities(),
    "erased": lambda case, at: case.privacy.erasures(),
    "evidence": lambda case, at: (case.evidence.list(), case.evidence.list(at.entity)),
    "export": lambda case, at: [case.export(at.folder / f"all{end}") for ends in ENDINGS.values() for end in ends],
    "extract": lambda case, at: case.extract(),
    "flags": lambda case, at: case.review.flags(),
    "forms": lambda case, at: case.privacy.forms(at.folder / "forms"),
    "grade": lambda case, at: case.evidence.grade(at.source, "B2", because="known"),
    "grades": lambda case, at: case.evidence.grades(),
    "graph": lambda case, at: (case.graph(services=True), case.graph(at.entity, accounts="apart")),
    "hold": lambda case, at: case.privacy.hold(at.source, because="appeal"),
    "inbox": lambda case, at: case.packages.inbox(),
    "issues": lambda case, at: case.sources.issues(),
    "judge": lambda case, at: case.judgements.judge([at.entity, at.other], same=None, because="unsure"),
    "mapping": lambda case, at: case.sources.mapping(at.source),
    "mark": lambda case, at: case.handling.mark(at.source, tlp="green", because="partner"),
    "marks": lambda case, at: case.handling.marks(),
    "news": lambda case, at: (case.review.updates(), case.review.updates("0001-01-01")),
    "note": lambda case, at: case.review.note("seen", passages=[at.passage] if at.passage else []),
    "notes": lambda case, at: case.review.notes(),
    "packages": lambda case, at: case.packages.list(),
    "paths": lambda case, at: case.network.paths(at.entity, at.other),
    "permit": lambda case, at: case.handling.permit(at.source, by="prosecutor", because="letter"),
    "plan": lambda case, at: repr(case.sources.plan(at.folder / "note.txt")),
    "ranking": lambda case, at: case.network.ranking(),
    "reject": lambda case, at: case.review.reject(at.entity, because="wrong"),
    "release": lambda case, at: case.privacy.release(at.source, because="over"),
    "remarks": lambda case, at: (case.review.remarks(), case.review.remarks(at.entity)),
    "report": lambda case, at: case.report(at.folder / "report.html"),
    "restore": lambda case, at: case.sources.restore(at.source, because="after all"),
    "restrict": lambda case, at: case.privacy.restrict(at.entity, because="disputed"),
    "retain": lambda case, at: case.privacy.retain(at.source, until="2027-01-01", because="trial"),
    "reveal": lambda case, at: case.handling.reveal("health", because="needed"),
    "reviews": lambda case, at: case.privacy.reviews(),
    "search": lambda case, at: (
        case.search("crane"),
        case.search(like="a crane"),
        case.search("crane", since="0001-01-01", until="9999-12-31"),
    ),
    "set_aside": lambda case, at: case.sources.exclude(term="zzyzx", because="counsel"),
    "set_asides": lambda case, at: case.sources.exclusions(),
    "show": lambda case, at: case.charts.panel()._repr_mimebundle_(),
    "sources": lambda case, at: case.sources.list(),
    "split": lambda case, at: case.judgements.split(at.entity, because="two"),
    "state": lambda case, at: case.evidence.add("Person", source="officer's knowledge", name="Eve"),
    "statements": lambda case, at: (case.evidence.statements(), case.evidence.statements(at.entity)),
    "subject_access": lambda case, at: case.subjects.records(at.entity),
    "unmark": lambda case, at: case.handling.unmark(at.source, because="free"),
    "verify": lambda case, at: case.log.verify(),
    "why": lambda case, at: case.why(at.entity, at.other),
    "withdraw": lambda case, at: case.sources.withdraw(at.source, because="broken"),
    "withheld": lambda case, at: case.handling.withheld(),
    "workspace": lambda case, at: [view.to_svg() for view in case.charts.workspace().views.values()],
}
LAST = (
    "classify",
    "correct",
    "describe",
    "grade",
    "hold",
    "judge",
    "mark",
    "restrict",
    "retain",
    "accept",
    "reject",
    "unmark",
    "release",
    "withdraw",
    "restore",
)
"""Verbs that change what the others answer; they come after these, and the others are asked again once a zone is given."""
NEEDS_MORE = frozenset(
    """acknowledge adopt change_passphrase close confirm decrypt dismiss distrust encrypt erase hand_over keys lock pack pseudonymised
    receipt recovery_key reidentify remap reopen send share_key take_out trust withdraw_key withhold_access""".split()
)
"""Verbs that want a key, a passphrase, a package, a card, or the answer of another verb; `erase` and `close` end what is asked."""
CALLS: dict[str, Callable[[Calls, str], object]] = {
    "summary": lambda calls, who: calls.summary(), "contacts": lambda calls, who: calls.contacts(who),
    "common": lambda calls, who: calls.common(who, who), "days": lambda calls, who: calls.days(who),
    "rhythm": lambda calls, who: calls.rhythm(), "devices": lambda calls, who: calls.devices(),
}  # fmt: skip
DESK = ("messages", "drafts", "waiting", "inbox", "screened")


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
    found |= {f"desk.{name}": fails(getattr(case.desk, name)) for name in DESK}
    found |= {
        "repr": fails(lambda: repr(case)),
        "calls": fails(lambda: repr(case.calls)),
        "desk": fails(lambda: repr(case.desk)),
    }
    return {name: why for name, why in found.items() if why}

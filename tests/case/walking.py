"""A walk through every verb that answers about material: what a test may find nowhere is looked for in all of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import networkx as nx
import pandas as pd
import pytest
from workbench_widgets.evidence import Evidence

from workbench.case.case import Case
from workbench.case.guide.help import list_all_verbs
from workbench.errors import CaseError
from workbench.report.exports import ENDINGS

if TYPE_CHECKING:
    from workbench_widgets.widget_view import View

TABLES = tuple(
    """log.entries storage.backups charts.list access.list log.decisions privacy.disclosures storage.check documents messages
    judgements.duplicates entities privacy.erasures evidence.list review.flags evidence.grades packages.inbox sources.issues
    handling.marks review.updates review.notes packages.list network.ranking review.remarks privacy.reviews sources.exclusions
    sources.list evidence.statements log.verify handling.withheld""".split()
)
"""Verbs that give a table without being asked for anything."""
ASKED = frozenset(
    """search graph chart charts.workspace report why network.paths export subjects.records subjects.extract
    subjects.correction_notice privacy.forms""".split()
)
"""Verbs that the walk asks with words or names."""
SAYING = frozenset(
    """review.accept packages.acknowledge add review.adopt storage.backup storage.change_passphrase log.checkpoint evidence.classify
    access.grant close access.confirm_settings evidence.correct storage.decrypt
    sources.describe review.reject
    access.distrust help storage.encrypt privacy.erase extract evidence.grade access.hand_over privacy.hold judgements.judge
    storage.key_holders storage.lock sources.mapping handling.mark review.note packages.pack handling.permit sources.plan
    review.withdraw review.restore subjects.pseudonymise packages.check_receipt
    storage.recovery_key subjects.reidentify privacy.release sources.remap sources.reopen sources.restore
    privacy.restrict privacy.retain handling.reveal packages.send sources.exclude storage.share_key charts.panel judgements.split
    evidence.add storage.take_out access.trust handling.unmark sources.withdraw storage.withdraw_key subjects.withhold""".split()
)
"""Verbs that say or change something, or tell of one file that is named to them."""


def verbs() -> set[str]:
    """Paths of the verbs of a case and its subjects, but for the questions to call records and the message desk."""
    paths = {one.path for one in list_all_verbs(Case(cast("Any", None)))}
    return {path for path in paths if not path.startswith(("calls.", "desk."))}


def flat(answer: object) -> str:
    """Everything that an answer shows, as text."""
    if isinstance(answer, pd.DataFrame):
        return answer.to_csv() + repr(answer.attrs)
    if isinstance(answer, nx.Graph):
        return repr(list(answer.nodes(data=True))) + repr(list(answer.edges(data=True)))
    if isinstance(answer, Path):
        return read(answer)
    html = getattr(answer, "_repr_html_", None)
    return repr(answer) + (html() if html else "")


def drawn(view: View) -> str:
    """Everything that a linked view sends to the browser, its picture, and all passages behind what it shows."""
    sent = repr({name: value for name, value in view.get_state().items() if name not in ("_esm", "_css", "case")})
    model = getattr(view, "model", None)
    if model is None:
        return sent + view.to_svg()
    ids = [*model.session.table.ids, *(f"link:{row}" for row in range(len(model.session.table.keys)))]
    told = repr(view.questions()["passages"](ids)) if isinstance(view, Evidence) else ""
    found = repr([model.details(name) for name in model.session.table.ids]) + repr(
        model.counts(*model.session.table.ids)
    )
    return sent + repr(model.get_state()["table"]) + view.to_svg() + told + found


def uttered(view: View) -> str:
    """What a linked view says, without places on a screen and names of the moment: the same for the same case, whenever it is made."""
    model = getattr(view, "model", None)
    if model is None:
        return ""
    table = model.session.table
    columns = [
        table.labels,
        sorted(table.latin.values()),
        table.schemas,
        table.relations,
        *map(list, (table.counts, table.strength)),
    ]
    ids = [*table.ids, *(f"link:{row}" for row in range(len(table.keys)))]
    told = view.questions()["passages"](ids) if isinstance(view, Evidence) else ""
    sent = {name: getattr(view, name, {}) for name in ("events", "places")}
    said = [sorted(some.get("labels", ())) + sorted(some.get("kinds", ())) for some in sent.values()]
    return repr(
        (columns, told, said, [model.details(name) for name in table.ids], model.counts(*table.ids), model.mark)
    )


def read(path: Path) -> str:
    """Everything that a file holds, packed or not, as text."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            data = b"".join(packed.read(name) for name in packed.namelist())
    return data.decode("utf-8", "replace")


def exported(case: Case, folder: Path) -> Iterator[tuple[str, str]]:
    """Every format of what is written where nothing is given, and what verbs give in formats that take it; what lies beside it."""
    net = case.graph(accounts="apart", services=True)
    given = {
        "evidence": (case.evidence.list(), [".csv", ".ftm.json", ".statements.csv"]),
        "graph": (net, [".graphml", ".anx", ".vcf", ".ftm.json"]),
        "entities": (case.entities(), [".xlsx", ".vcf", ".kml"]), "documents": (case.documents(), [".tsv"]),
        "issues": (case.sources.issues(), [".xlsx"]), "hits": (case.search("boat"), [".xlsx"]),
        "pairs": (case.judgements.duplicates(judged=True), [".csv"]),
        "nothing": (None, [end for ends in ENDINGS.values() for end in ends]),
    }  # fmt: skip
    for name, (what, ends) in given.items():
        for end in ends:
            path = case.export(folder / f"{name}{end}", what)
            yield f"export of {name} as {end[1:]}", read(path) + read(path.with_name(f"{path.name}.about.json"))


def walk(
    case: Case, folder: Path, secret: str, *, words: Sequence[str], names: Sequence[str], number: str
) -> Iterator[tuple[str, str]]:
    """Name of each verb that answers, and what it answers. What was asked itself does not count as an answer."""
    for name in TABLES:
        yield name, flat(attrgetter(name)(case)())
    for text in (secret, *words):
        yield f"search {text}", flat(case.search(text).drop(columns="matched"))
    yield "like", flat(case.search(like=f"the {secret} advice of counsel"))
    yield "graph", flat(case.graph(accounts="apart", services=True))
    yield "chart", flat(case.chart()) + drawn(case.chart())
    yield "workspace", "".join(map(drawn, case.charts.workspace().views.values()))
    yield "report", flat(case.report(folder / "report.html"))
    yield from exported(case, folder)
    yield "panel", flat(case.charts.panel().overview.value) if hasattr(case.charts.panel(), "overview") else ""
    calls = case.calls
    for answer in (calls.summary(), calls.contacts(number), calls.days(number), calls.hours(), calls.devices()):
        yield f"calls: {answer.title}", flat(answer.table) + answer.picture + flat(answer.records())
    yield from desk(case)
    for path in case.privacy.forms(folder / "forms"):
        yield path.name, flat(path)
    for name in names:
        yield f"access {name}", told(lambda name=name: case.subjects.records(name))  # type: ignore[misc]
        yield f"extract {name}", told(lambda name=name: case.subjects.extract(name, folder / "access.html"))  # type: ignore[misc]
        yield f"notice {name}", told(lambda name=name: case.subjects.correction_notice(name))  # type: ignore[misc]
    for a in names:
        for b in names:
            yield f"why {a} {b}", told(lambda a=a, b=b: case.why(a, b))  # type: ignore[misc]
            yield f"paths {a} {b}", told(lambda a=a, b=b: case.network.paths(a, b))  # type: ignore[misc]
    with pytest.raises(CaseError) as refused:
        case.evidence.list(secret)
    yield "error", str(refused.value).replace(repr(secret), "")
    yield "repr", repr(case)
    for path in sorted(case.context.folder.derived.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def desk(case: Case) -> Iterator[tuple[str, str]]:
    """What the message desk answers: its lists, each message, each draft with its check and the evidence behind it."""
    yield (
        "desk",
        repr(case.desk)
        + "".join(
            flat(ask())
            for ask in (
                case.desk.messages,
                case.desk.drafts.list,
                case.desk.waiting,
                case.desk.inbox,
                case.desk.screening.list,
            )
        ),
    )
    for key in case.desk.messages()["document_id"]:
        yield f"message {key}", repr(case.desk.message(key)) + flat(case.desk.rules.check(key))
        yield f"reasons and links of message {key}", flat(case.desk.why(key)) + flat(case.desk.links(key))
    for key in case.desk.drafts.list()["draft_id"]:
        draft = case.desk.drafts.open(key)
        yield f"draft {key}", flat(draft) + flat(draft.check()) + flat(draft.sources())
        yield f"links of draft {key}", flat(case.desk.drafts.links(draft)) + flat(case.desk.drafts.disclosure(draft))
    shown = case.desk.show()
    yield "desk as a widget", repr(shown.rows) + shown.to_svg() + shown.to_html()


def told(ask: object) -> str:
    """The answer, or the words with which it is refused."""
    try:
        return flat(ask())  # type: ignore[operator]
    except CaseError as error:
        return str(error)

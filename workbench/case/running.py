"""The main job without a notebook: a folder of material in, a case, a report and a chart out."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger import write_atomic
from workbench.model.catalogue import Sentence
from workbench.model.latin import beside
from workbench.model.tables import each

DATASETS = Path(__file__).parents[2] / "datasets"
SHIPPED = "harbour"


@dataclass(frozen=True, slots=True)
class Job:
    """What `workbench run` is asked to do."""

    folder: Path
    out: Path
    officer: str = "analyst"
    purpose: str = "training"
    title: str = ""
    question: str = ""
    zone: str = ""
    searches: tuple[str, ...] = ()
    script: Path | None = None


class Log:
    """Lines of progress on the terminal, each with the seconds since the start."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Print a line."""
        sys.stdout.write(f"{time.monotonic() - self.started:6.1f} s  {text}\n")
        sys.stdout.flush()

    def step(self, name: str, work: Callable[[], str]) -> None:
        """Do a step and print what it did."""
        start = time.monotonic()
        self.say(f"{name} …")
        done = work()
        self.seconds[name] = round(time.monotonic() - start, 2)
        self.say(f"  {done}")


def run(job: Job) -> int:
    """Do the job; progress on standard output. A second run adds nothing to the case and writes the same report anew."""
    if not job.folder.exists():
        raise CaseError(Sentence("refused.source.missing", path=job.folder))
    log = Log()
    case = open_case(
        job.out / "case", officer=job.officer, purpose=job.purpose, title=job.title or job.folder.resolve().name
    )
    log.step("Adding files", lambda: _add(case, job))
    log.step("Reading text", lambda: _extract(case))
    log.step("Linking", lambda: _link(case))
    if job.script:
        log.step("Following the script of the exercise", lambda: follow(case, job.script))
    if job.searches:
        log.step("Searching", lambda: _search(case, job.searches, job.out))
    log.step("Writing report and chart", lambda: _write(case, job))
    numbers = summary(case)
    write_atomic(
        job.out / "run.json",
        (json.dumps({"seconds": log.seconds, **numbers}, indent=2, ensure_ascii=False) + "\n").encode(),
    )
    case.close()
    log.say("Done. To look at:")
    for name in ("report.html", "report.pdf", "chart.html"):
        log.say(f"  {job.out / name}")
    return 0


def demo(out: Path) -> int:
    """The main job on the case that is shipped."""
    place = shipped()
    script = place / "demo.toml"
    told = tomllib.loads(script.read_text("utf-8")) if script.exists() else {}
    job = Job(place / "files", out, title=str(told.get("title", place.name)), question=str(told.get("question", "")))
    return run(
        replace(
            job,
            zone=str(told.get("zone", "")),
            searches=tuple(told.get("searches", ())),
            script=script if told else None,
        )
    )


def shipped(name: str = SHIPPED) -> Path:
    """Folder of a case that is shipped.

    Raises
    ------
    CaseError
        If this installation carries none.
    """
    if not (DATASETS / name / "files").is_dir():
        raise CaseError(Sentence("refused.open.no_shipped", name=name))
    return DATASETS / name


def prepare(*, multilingual: bool = False) -> int:
    """Make the search model ready, and with `multilingual` the one across languages."""
    from workbench import search

    log = Log()
    for mode in (search.ENGLISH, search.MULTILINGUAL) if multilingual else (search.ENGLISH,):
        log.step(f"Preparing search ({mode})", partial(_prepared, mode))
    return 0


def _prepared(mode: str) -> str:
    from workbench import search

    return str(search.engine(mode).prepare())


def follow(case: Case, script: Path | None) -> str:
    """Do what the script of an exercise says: notes and conclusions, each tied to the first hit of a search.

    The script (TOML) has tables `note`: kind, text, find (a search whose first hit is cited), and the details of a conclusion.
    """
    if script is None:
        return "nothing to do"
    told = tomllib.loads(script.read_text("utf-8")).get("note", [])
    for entry in told:
        detail = {key: value for key, value in entry.items() if key not in ("kind", "text", "find", "against")}
        cited = [_first(case, text) for text in entry.get("find", [])]
        opposed = [_first(case, text) for text in entry.get("against", [])]
        case.note(
            entry["text"],
            kind=entry["kind"],
            passages=[key for key in cited if key],
            opposing=[key for key in opposed if key],
            terms=[*entry.get("find", []), *entry.get("against", [])],
            **detail,
        )
    return f"{len(told)} notes and conclusions of the exercise, each signed and tied to passages"


def _first(case: Case, text: str) -> str:
    hits = case.search(text, limit=1)
    return str(hits["passage_id"].iloc[0]) if len(hits) else ""


def summary(case: Case) -> dict[str, object]:
    """Numbers of a case: what a reader checks first."""
    documents, traces = case.documents(), case.book.traces
    return {
        "sources": len(case.sources()),
        "documents": len(documents),
        "messages": int((documents["schema"] == "Message").sum()),
        "message_traces": int(
            traces["document_id"].isin(documents.loc[documents["schema"] == "Message", "document_id"]).sum()
        ),
        "entities": len(case.book.things),
        "candidate_pairs": len(case.duplicates()),
        "issues": case.issues()["code"].value_counts().to_dict(),
    }


def _add(case: Case, job: Job) -> str:
    table = case.add(job.folder, zone=job.zone)
    states = ", ".join(f"{number} {state}" for state, number in table["state"].value_counts().items())
    return f"{len(table)} files ({states}); {len(case.documents()):,} documents in {len(case.book.traces):,} places"


def _extract(case: Case) -> str:
    table = case.extract()
    return "; ".join(
        f"{row.method}: {row.suggestions:,} suggestions in {row.passages:,} passages" for row in each(table)
    )


def _link(case: Case) -> str:
    ranks = case.ranking().head(3)
    first = ", ".join(map(beside, ranks["caption"]))
    return (
        f"{len(case.book.things):,} entities, {len(case.duplicates()):,} pairs to judge; most between others: {first}"
    )


def _search(case: Case, searches: tuple[str, ...], out: Path) -> str:
    tables = {text: case.search(text, limit=10) for text in searches}
    lines = []
    for text, hits in tables.items():
        lines += [
            f"# {text}",
            *(f"{hit.rank}. {hit.at} {hit.sender}: {' '.join(str(hit.text).split())[:160]}" for hit in each(hits)),
            "",
        ]
    write_atomic(out / "searches.md", "\n".join(lines).encode())
    return f"{len(searches)} searches, {sum(map(len, tables.values()))} hits in searches.md"


def _write(case: Case, job: Job) -> str:
    case.report(job.out / "report.html", question=job.question, to="")
    case.chart(name="main").save(job.out / "chart.html")
    return "report.html, report.pdf, chart.html"

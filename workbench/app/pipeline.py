"""The main job without a notebook: a folder of material in, a case, a report and a chart out."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger import Folder, write_atomic
from workbench.model.catalogue import Sentence, Translator
from workbench.model.machine import platform
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.transliteration import add_transliteration

if TYPE_CHECKING:
    from workbench.cluster.cluster import Cluster

DATASETS = Path(__file__).parents[2] / "datasets"
SHIPPED = "harbour"
MADE = ("report.html", "report.pdf", "chart.html")
"""What a job leaves to look at."""


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
    language: str = ""
    master: str = ""
    """Of a Spark on which files and texts are read; '' for this process."""
    scratch: str = ""


class Log:
    """Lines of progress on the terminal, in a language, each with the seconds since the start."""

    def __init__(self, voice: Translator) -> None:
        self.voice = voice
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}

    def print_line(self, text: str) -> None:
        """Print a line."""
        sys.stdout.write(f"{time.monotonic() - self.started:6.1f} s  {text}\n")
        sys.stdout.flush()

    def run_step(self, name: str, work: Callable[[], str], **values: object) -> None:
        """Do a step (`run.…` in the catalogue) and print what it did; its seconds are kept by its English name."""
        start = time.monotonic()
        self.print_line(f"{self.voice(f'run.{name}', **values)}…")
        done = work()
        self.seconds[Translator()(f"run.{name}", **values)] = round(time.monotonic() - start, 2)
        self.print_line(f"  {done}")


def run_job(job: Job) -> int:
    """Do the job; progress on standard output. A second run adds nothing to the case and writes the same report anew."""
    if not job.folder.exists():
        raise CaseError(Sentence("{path} does not exist. Enter the path of a file or a folder.", path=job.folder))
    place = job.out / "case"
    language = job.language or ("" if Folder(place).ledger.is_file() else platform.get_system_language())
    title = job.title or job.folder.resolve().name
    case = open_case(place, officer=job.officer, purpose=job.purpose, title=title, language=language)
    log = Log(case.context.say)
    with _open_cluster(job) as cluster:
        log.run_step("adding", lambda: _add_material(case, job, cluster))
        log.run_step("reading", lambda: _extract_mentions(case, cluster))
    log.run_step("linking", lambda: _link_entities(case))
    if job.script:
        log.run_step("script", partial(run_script, case, job.script))
    if job.searches:
        log.run_step("searching", lambda: _run_searches(case, job.searches, job.out))
    log.run_step("writing", lambda: _write_products(case, job))
    numbers = build_summary(case)
    write_atomic(
        job.out / "run.json",
        (json.dumps({"seconds": log.seconds, **numbers}, indent=2, ensure_ascii=False) + "\n").encode(),
    )
    case.close()
    log.print_line(log.voice("The work is done. Files to open:"))
    for name in MADE:
        log.print_line(f"  {job.out / name}")
    return 0


def run_demo(out: Path, language: str = "") -> int:
    """The main job on the case that is shipped."""
    place = shipped_folder()
    script = place / "demo.toml"
    told = tomllib.loads(script.read_text("utf-8")) if script.exists() else {}
    job = Job(place / "files", out, title=str(told.get("title", place.name)), question=str(told.get("question", "")))
    return run_job(
        replace(
            job,
            zone=str(told.get("zone", "")),
            searches=tuple(told.get("searches", ())),
            script=script if told else None,
            language=language,
        )
    )


def shipped_folder(name: str = SHIPPED) -> Path:
    """Folder of a case that is shipped.

    Raises
    ------
    CaseError
        If this installation carries none.
    """
    if not (DATASETS / name / "files").is_dir():
        raise CaseError(
            Sentence(
                "The training case '{name}' is not part of this installation. Run the program from a "
                "clone of the project, or enter the path of your own case folder.",
                name=name,
            )
        )
    return DATASETS / name


def prepare_models(*, multilingual: bool = False, language: str = "") -> int:
    """Make the search model ready, and with `multilingual` the one across languages."""
    from workbench import search

    log = Log(Translator(language or platform.get_system_language()))
    for mode in (search.ENGLISH, search.MULTILINGUAL) if multilingual else (search.ENGLISH,):
        log.run_step("preparing", partial(_prepare_engine, mode), mode=mode)
    return 0


def _prepare_engine(mode: str) -> str:
    from workbench import search

    return str(search.get_engine(mode).prepare())


def run_script(case: Case, script: Path) -> str:
    """Do what the script of an exercise says: notes and conclusions, each tied to the first hit of a search.

    The script (TOML) has tables `note`: kind, text, find (a search whose first hit is cited), and the details of a conclusion.
    """
    told = tomllib.loads(script.read_text("utf-8")).get("note", [])
    for entry in told:
        detail = {key: value for key, value in entry.items() if key not in ("kind", "text", "find", "against")}
        cited = [_find_first_hit(case, text) for text in entry.get("find", [])]
        opposed = [_find_first_hit(case, text) for text in entry.get("against", [])]
        case.review.note(
            entry["text"],
            kind=entry["kind"],
            passages=[key for key in cited if key],
            opposing=[key for key in opposed if key],
            terms=[*entry.get("find", []), *entry.get("against", [])],
            **detail,
        )
    return case.context.say(
        "Notes and conclusions of the exercise: {notes}. Each has an author and is linked to the "
        "passages that a search found for it.",
        notes=len(told),
    )


def _find_first_hit(case: Case, text: str) -> str:
    hits = case.search(text, limit=1)
    return str(hits["passage_id"].iloc[0]) if len(hits) else ""


def build_summary(case: Case) -> dict[str, object]:
    """Numbers of a case: what a reader checks first."""
    documents, traces = case.documents(), case.context.traces
    return {
        "sources": len(case.sources.list()),
        "documents": len(documents),
        "messages": int((documents["schema"] == "Message").sum()),
        "message_traces": int(
            traces["document_id"].isin(documents.loc[documents["schema"] == "Message", "document_id"]).sum()
        ),
        "entities": len(case.context.canonical_entities),
        "candidate_pairs": len(case.judgements.duplicates()),
        "issues": case.sources.issues()["code"].value_counts().to_dict(),
    }


def _open_cluster(job: Job) -> AbstractContextManager[Cluster | None]:
    """The Spark that a job asks for, if it does. Raises CaseError where it cannot start."""
    if not job.master:
        return nullcontext()
    from workbench.cluster.cluster import start_cluster

    return start_cluster(job.master, scratch=job.scratch)


def _add_material(case: Case, job: Job, cluster: Cluster | None) -> str:
    table, say = case.add(job.folder, zone=job.zone, on=cluster), case.context.say
    states = say.join_words(
        f"{number} {say.term('run.state', state)}" for state, number in Counter(table["state"]).most_common()
    )
    documents, places = say.figure(len(case.documents())), say.figure(len(case.context.traces))
    return say(
        "Files: {files} ({states}); documents: {documents}, found at {places} places in the files",
        files=len(table),
        states=states,
        documents=documents,
        places=places,
    )


def _extract_mentions(case: Case, cluster: Cluster | None) -> str:
    table, say = case.extract(on=cluster), case.context.say
    return "; ".join(
        say(
            "{method} (suggestions: {suggestions}, passages: {passages})",
            method=row.method,
            suggestions=say.figure(row.suggestions),
            passages=say.figure(row.passages),
        )
        for row in iterate_rows(table)
    )


def _link_entities(case: Case) -> str:
    ranks, say = case.network.ranking().head(3), case.context.say
    entities, pairs = say.figure(len(case.context.canonical_entities)), say.figure(len(case.judgements.duplicates()))
    return say(
        "Entities: {entities}; pairs to judge: {pairs}; entities that most often connect other entities: {first}",
        entities=entities,
        pairs=pairs,
        first=say.join_words(map(add_transliteration, ranks["caption"])),
    )


def _run_searches(case: Case, searches: tuple[str, ...], out: Path) -> str:
    tables = {text: case.search(text, limit=10) for text in searches}
    lines = []
    for text, hits in tables.items():
        lines += [
            f"# {text}",
            *(
                f"{hit.rank}. {hit.at} {hit.sender}: {' '.join(str(hit.text).split())[:160]}"
                for hit in iterate_rows(hits)
            ),
            "",
        ]
    write_atomic(out / "searches.md", "\n".join(lines).encode())
    number = sum(map(len, tables.values()))
    return case.context.say(
        "Searches: {searches}; hits: {hits}, in {file}", searches=len(searches), hits=number, file="searches.md"
    )


def _write_products(case: Case, job: Job) -> str:
    case.report(job.out / "report.html", question=job.question, to="")
    case.chart(name="main").save(job.out / "chart.html")
    return case.context.say.join_words(MADE)

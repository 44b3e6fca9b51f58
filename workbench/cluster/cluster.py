"""Spark as the workbench uses it: one driver in this process, its scratch folder, and an end that leaves nothing behind."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workbench.cluster.scratch_folder import ScratchFolder
from workbench.cluster.stage_format import PART_BYTES
from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = re.compile(r"local(?:\[(\*|\d+)(?:,\d+)?\])?")
MASTER = re.compile(r"(spark|k8s)://\S+|yarn")
FAILURES = "4"
"""How often a task is tried: a lost executor costs its tasks, and they are done again elsewhere."""
STOP_SECONDS = 30
"""Seconds within which the Java process ends before it is killed."""
SHOWN = 200
LOOPBACK = "127.0.0.1"
QUERY_LOGGER = "SQLQueryContextLogger"
"""Logger of Spark that writes queries that fail, with their values, to the terminal."""
LOG_OFF = """rootLogger.level = off
rootLogger.appenderRef.nowhere.ref = nowhere
appender.nowhere.type = Null
appender.nowhere.name = nowhere
"""
"""Settings that turn the log of Java off: a log line could quote case text."""
SETTINGS: Mapping[str, str] = {
    "spark.app.name": "caseledger",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.io.encryption.enabled": "true",
    "spark.task.maxFailures": FAILURES,
    "spark.excludeOnFailure.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.sql.parquet.columnarReaderBatchSize": "64",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
    "spark.sql.files.maxPartitionBytes": str(1 << 30),
    "spark.sql.files.openCostInBytes": str(1 << 30),
    "spark.hadoop.parquet.block.size": str(PART_BYTES),
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",
}
"""Settings of each session. A part of tasks is one partition; what Spark spills or broadcasts to a disk it encrypts; nothing is logged."""


class Cluster:
    """A running Spark. Runs file reading, extraction and call queries for a case.

    Made by `wb.spark(...)`; use it in a `with` statement, at the end of which Spark ends and its scratch folder is removed.

    Parameters
    ----------
    session : SparkSession
    scratch : ScratchFolder
    """

    def __init__(self, session: SparkSession, scratch: ScratchFolder) -> None:
        self.session, self.scratch = session, scratch
        self.is_open = True
        self.done: dict[str, int] = {}
        """Pieces of work that executors did, by kind: 'files', 'passages', 'vectors'."""

    @property
    def parallelism(self) -> int:
        """Cores of the cluster."""
        return int(self.session.sparkContext.defaultParallelism)

    def __enter__(self) -> Cluster:
        """Give the cluster itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End it."""
        self.close()

    def __repr__(self) -> str:
        """Master and cores."""
        if not self.is_open:
            return "Spark (closed)"
        return f"Spark {self.session.sparkContext.master}: {self.parallelism} cores"

    def close(self) -> None:
        """End Spark and its Java process, and remove the scratch folder with all that Spark spilled."""
        if self.is_open:
            self.is_open = False
            try:
                _stop_session(self.session)
            finally:
                self.scratch.remove()

    def map_parts(self, source: Path, target: Path, columns: str, answers: str, work: Callable[..., Any]) -> None:
        """Let executors do `work` with the rows of each part of `source`, and write what it gives to `target`; all of it or nothing.

        Raises
        ------
        CaseError
            If Spark cannot do it, or the cluster is closed.
        """
        self.check_open()

        def run() -> None:
            with ignore_warnings():
                self._map(source, target, columns, answers, work)

        self.run_action(run)

    def _map(self, source: Path, target: Path, columns: str, answers: str, work: Callable[..., Any]) -> None:
        tasks = self.session.read.schema(columns).parquet(str(source))
        tasks.mapInArrow(work, answers).write.mode("errorifexists").parquet(str(target))

    def run_action(self, action: Callable[[], Any]) -> Any:  # noqa: ANN401 - what Spark gives has no type here
        """Do what makes Spark work.

        Raises
        ------
        CaseError
            With what Spark says, where it fails.
        """
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return action()
        except (PySparkException, Py4JError, OSError) as error:
            raise CaseError(
                Sentence(
                    "Spark did not finish ({why}). The case is unchanged. Run the command again, or run it without Spark. "
                    "On a cluster, check the workers first.",
                    why=_describe_failure(error),
                )
            ) from error

    def count_done(self, kind: str, count: int) -> None:
        """Count work of a kind whose results came from executors."""
        self.done[kind] = self.done.get(kind, 0) + count

    def check_open(self) -> None:
        """Refuse a cluster that was closed. Raises CaseError."""
        if not self.is_open:
            raise CaseError(Sentence('This Spark is closed. Start it again: `with wb.spark("local[2]") as cluster:`.'))


def start_cluster(
    master: str = "local[*]", *, scratch: str | Path = "", settings: Mapping[str, str] | None = None
) -> Cluster:
    """Start Spark.

    Parameters
    ----------
    master : str
        'local[2]' (two cores of this machine), 'local[*]' (all of them), or the address of a cluster: 'spark://host:7077'.
    scratch : str or Path
        Folder that this machine and all workers see under the same path, for what travels between them; on this machine a
        temporary one if not given. Files in it are encrypted, but for the call records of `open_calls`, which are plain Parquet;
        all are removed when the work has ended.
    settings : mapping, optional
        More settings of Spark: 'spark.executor.memory', 'spark.authenticate.secret', ...

    Raises
    ------
    CaseError
        If Spark or Java is not installed, the master is none, or Spark cannot start.
    """
    cores = LOCAL.fullmatch(master)
    if not cores and not MASTER.fullmatch(master):
        raise CaseError(
            Sentence(
                "`{master}` is not the address of a Spark master. Write `local[2]` for two cores of this computer, or "
                "`spark://host:7077` for a cluster.",
                master=master[:SHOWN],
            )
        )
    if not cores and not scratch:
        raise CaseError(
            Sentence(
                "A cluster needs a folder that this computer and all its workers can use under the same path. Give it as "
                "`scratch`, as in `{example}`.",
                example="wb.spark('spark://host:7077', scratch='/mnt/scratch')",
            )
        )
    _check_installed()
    folder = ScratchFolder(Path(scratch or tempfile.gettempdir()))
    try:
        return Cluster(
            _start_session(f"local[{cores[1] or 1},{FAILURES}]" if cores else master, folder, settings or {}), folder
        )
    except BaseException:
        folder.remove()
        raise


def _check_installed() -> None:
    """Refuse where a part is missing. Raises CaseError."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise CaseError(
            Sentence(
                "Spark is not installed in this environment. Run `{command}`, or work without Spark: a case of some "
                "millions of messages does not need it.",
                command="python tools/bootstrap.py spark",
            )
        )
    if not find_java():
        raise CaseError(
            Sentence(
                "Spark needs Java 17 or 21, and there is none on this computer. Install it (Debian: {package}), or set "
                "JAVA_HOME to its folder. Then start again.",
                package="openjdk-17-jre-headless",
            )
        )


def find_java() -> str:
    """The program `java` that Spark would start; '' if there is none."""
    home = os.environ.get("JAVA_HOME", "")
    name = "java.exe" if os.name == "nt" else "java"
    own = Path(home) / "bin" / name
    return str(own) if home and own.is_file() else shutil.which("java") or ""


def _start_session(master: str, folder: ScratchFolder, settings: Mapping[str, str]) -> SparkSession:
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if SparkContext._active_spark_context is not None:  # noqa: SLF001 - Spark has no other word for it
        raise CaseError(
            Sentence("Spark runs in this program already. Close it first (`cluster.close()`), then start it again.")
        )
    given = {**SETTINGS, **_list_places(master, folder), **settings, "spark.master": master}
    try:
        with ignore_warnings(), _set_environment(master):
            conf = SparkConf(loadDefaults=False).setAll(list(given.items()))
            session = SparkSession.builder.config(conf=conf).getOrCreate()
        logging.getLogger(QUERY_LOGGER).disabled = True
    except (PySparkException, OSError, RuntimeError) as error:
        _end_java()
        raise CaseError(
            Sentence(
                "Spark cannot start ({why}). Check the address of the master, and that Java is version 17 or 21.",
                why=_describe_failure(error),
            )
        ) from error
    return session


@contextmanager
def ignore_warnings() -> Iterator[None]:
    """Within it, Spark does not warn of versions of pandas: tables of pandas are not what it is given here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _set_environment(master: str) -> Iterator[None]:
    """Within it, what Spark takes from the environment as it starts: which Python, and for this machine alone no other address."""
    given = {"PYSPARK_PYTHON": sys.executable, **({"SPARK_LOCAL_IP": LOOPBACK} if master.startswith("local") else {})}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update({name: before[name] or value for name, value in given.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]


def _list_places(master: str, folder: ScratchFolder) -> dict[str, str]:
    """Settings that say where things are: this package for the workers' Python, and where Spark writes."""
    root = str(Path(__file__).parents[2])
    paths = [root, *(path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != root)]
    log = folder.path / "log4j2.properties"
    log.write_text(LOG_OFF, "ascii")
    said = {"log4j2.configurationFile": log.as_uri(), "java.io.tmpdir": folder.path.as_posix()}
    java = " ".join(_quote_option(f"-D{name}={value}") for name, value in said.items())
    made = {
        "spark.driver.extraJavaOptions": java,
        "spark.executor.extraJavaOptions": java,
        "spark.local.dir": str(folder.spill),
        "spark.sql.warehouse.dir": str(folder.path / "warehouse"),
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(paths),
        "spark.pyspark.python": sys.executable,
    }
    if master.startswith("local"):
        made |= {"spark.driver.bindAddress": LOOPBACK, "spark.driver.host": LOOPBACK}
    return made


def _quote_option(option: str) -> str:
    """An option of Java as Spark splits a line of them: in double quotes, within which a backslash protects the next character."""
    return '"' + re.sub(r'(["\\])', r"\\\1", option) + '"'


def _stop_session(session: SparkSession) -> None:
    with suppress(Exception):  # a Java process that is dead cannot be asked to stop
        session.stop()
    _end_java()


def _end_java() -> None:
    """End the Java process: it holds folders of spilled data, and a new session may ask for other settings of it."""
    from pyspark import SparkContext

    gateway: Any = SparkContext._gateway  # noqa: SLF001 - Spark starts it and has no word to end it
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _describe_failure(error: BaseException) -> str:
    """What Spark says, in one line, without the trace of Java and without what a reader said of a text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = next(
        (line for line in reversed(lines) if re.match(r"(RuntimeError|[\w.]*Exception|[\w.]*Error): ", line)), ""
    )
    return (told or (lines[0] if lines else type(error).__name__))[:SHOWN]

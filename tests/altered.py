"""A reader process in which something is another: a bound that is lower, a reader that fails. Run by `tests` only.

A test says what with `alter`; the process is a real one, started as the workbench starts its own.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from workbench.ingest import SourceFile
    from workbench.model.rows import Row

OBJECT = "object:"
"""A text that begins so names an object of this module."""


def alter(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let files be read, for the length of a test, by a process with other values: `ingest__calls__table_reading__LARGE=100`."""
    from workbench.case.files import reader_process

    before = json.loads(reader_process.MODULE[1]) if len(reader_process.MODULE) > 1 else {}
    made = {**before, **{f"workbench.{name.replace('__', '.')}": value for name, value in changes.items()}}
    monkeypatch.setattr(reader_process, "MODULE", ("tests.altered", json.dumps(made, sort_keys=True)))


def alter_desk(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The same for the desk's own process."""
    from workbench.case.files.traffic import traffic_formats

    made = {f"workbench.{name.replace('__', '.')}": value for name, value in changes.items()}
    monkeypatch.setattr(
        traffic_formats, "MODULE", ("tests.altered", json.dumps(made, sort_keys=True), traffic_formats.MODULE[0])
    )


def nothing(*given: object) -> Iterator[Row]:
    """No rows."""
    del given
    return iter(())


def misread(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """A reader that does what the file says: fail, end, hang, give too much."""
    from workbench.model.rows import Document, Trace

    del options
    order, _, rest = source.read_head().decode().strip().partition(" ")
    document = f"d{source.sha256}"
    yield Document(document, "PlainText", source.name)
    yield Trace(f"t{source.sha256}", document, source.sha256)
    if order in ORDERS:
        yield from ORDERS[order](document, rest.strip())


def misfiled(text: str, *, color: str) -> Iterator[Row]:
    """A reader of JSON that does what the text says."""
    del color
    yield from ORDERS[str(json.loads(text)["order"])]("", "")


def _fail(document: str, rest: str) -> Iterator[Row]:
    raise ZeroDivisionError("nobody thought of this")


def _say(document: str, rest: str) -> Iterator[Row]:
    Path(rest).write_text(str(os.getpid()))
    time.sleep(600)
    return nothing()


def _kill(document: str, rest: str) -> Iterator[Row]:
    os.kill(os.getpid(), signal.SIGKILL)
    return nothing()


def _end(document: str, rest: str) -> Iterator[Row]:
    os._exit(3)


def _crash(document: str, rest: str) -> Iterator[Row]:
    import ctypes

    ctypes.string_at(0)
    return nothing()


def _sleep(document: str, rest: str) -> Iterator[Row]:
    time.sleep(600)
    return nothing()


def _work(document: str, rest: str) -> Iterator[Row]:
    while True:
        pass


def _remember(document: str, rest: str) -> Iterator[Row]:
    held = [bytearray(64 << 20) for _ in range(1_000)]
    return nothing(held)


def _print(document: str, rest: str) -> Iterator[Row]:
    print("x" * 100_000, flush=True)
    os.write(1, b"x" * 100_000)
    return _texts(document, "1")


def _ask(document: str, rest: str) -> Iterator[Row]:
    os.read(0, 1)
    return _texts(document, "1")


def _texts(document: str, rest: str) -> Iterator[Row]:
    from workbench.model.rows import Passage

    for number in range(int(rest)):
        yield Passage(f"p{number}{document}", document, number, "x" * 100_000)


def _rows(document: str, rest: str) -> Iterator[Row]:
    from workbench.model.rows import Passage

    for number in range(int(rest)):
        yield Passage(f"p{number}{document}", document, number, f"word {number}")


def _files(document: str, rest: str) -> Iterator[Row]:
    from workbench.model.rows import Enclosure

    for number in range(int(rest)):
        yield Enclosure(f"{number}.bin", number.to_bytes(4, "big") * 1000)


ORDERS = {
    "fail": _fail, "say": _say, "kill": _kill, "end": _end, "crash": _crash, "sleep": _sleep, "work": _work, "remember": _remember,
    "print": _print, "ask": _ask, "texts": _texts, "rows": _rows, "files": _files,
}  # fmt: skip


def main() -> None:
    """Change what is to be changed, and be the reader process."""
    from workbench.ingest.reading.source import Reader

    jobs = importlib.import_module(sys.argv[2] if len(sys.argv) > 2 else "workbench.ingest.reader_jobs")

    for name, value in json.loads(sys.argv[1]).items():
        given = globals()[value.removeprefix(OBJECT)] if str(value).startswith(OBJECT) else value
        if name.startswith("workbench.ingest.READERS."):
            readers = importlib.import_module("workbench.ingest").READERS
            kind = name.rpartition(".")[2]
            readers[kind] = Reader("1", readers[kind].detect, given)
        else:
            path, _, attribute = name.rpartition(".")
            module = importlib.import_module(path)
            assert hasattr(module, attribute), f"{path} has no {attribute}"
            setattr(module, attribute, given)
    jobs.main()


if __name__ == "__main__":
    main()

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
    """Let files be read, for the length of a test, by a process with other values: `ingest__calls__reading__LARGE=100`."""
    from workbench.case import reader

    before = json.loads(reader.MODULE[1]) if len(reader.MODULE) > 1 else {}
    made = {**before, **{f"workbench.{name.replace('__', '.')}": value for name, value in changes.items()}}
    monkeypatch.setattr(reader, "MODULE", ("tests.altered", json.dumps(made, sort_keys=True)))


def nothing(*given: object) -> Iterator[Row]:
    """No rows."""
    del given
    return iter(())


def misread(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """A reader that does what the file says: fail, end, hang, give too much."""
    from workbench.model.rows import Document, Enclosure, Passage

    del options
    order, _, rest = source.head().decode().partition(" ")
    yield Document("d", "PlainText", source.name)
    if order == "fail":
        raise ZeroDivisionError("nobody thought of this")
    if order == "say":
        Path(rest.strip()).write_text(str(os.getpid()))
        time.sleep(600)
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "end":
        os._exit(3)
    if order == "sleep":
        time.sleep(600)
    if order == "work":
        while True:
            pass
    if order == "remember":
        yield Passage(str(len(bytearray(64 << 30))), "d", 0, "")
    if order == "memory":
        raise MemoryError
    if order == "print":
        print("x" * 100_000, flush=True)
        os.write(1, b"x" * 100_000)
    if order == "ask":
        yield Passage("p", "d", 0, repr(sys.stdin.read()))
    if order == "texts":
        for number in range(int(rest)):
            yield Passage(f"p{number}", "d", number, "x" * 100_000)
    if order == "rows":
        for number in range(int(rest)):
            yield Passage(f"p{number}", "d", number, "")
    if order == "files":
        for number in range(int(rest)):
            yield Enclosure(f"{number}.bin", number.to_bytes(4, "big") * 1000)


def main() -> None:
    """Change what is to be changed, and be the reader process."""
    from workbench.ingest import jobs
    from workbench.ingest.source import Reader

    for name, value in json.loads(sys.argv[1]).items():
        given = globals()[value.removeprefix(OBJECT)] if str(value).startswith(OBJECT) else value
        if name.startswith("workbench.ingest.READERS."):
            readers = importlib.import_module("workbench.ingest").READERS
            kind = name.rpartition(".")[2]
            readers[kind] = Reader("1", readers[kind].detect, given)
        else:
            module, _, attribute = name.rpartition(".")
            setattr(importlib.import_module(module), attribute, given)
    jobs.main()


if __name__ == "__main__":
    main()

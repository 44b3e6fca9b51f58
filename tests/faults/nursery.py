"""A warm parent that forks a child for each piece of work, so that what takes long to load is loaded once.

Run as a program it is the parent. Its children speak on its standard output; the last line of each is how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType

ENDED = "ended"


class Nursery:
    """Lets children call a function of a module, such as `tests.faults.test_kill:work`, and kills them.

    What one that ended by itself had loaded is in the parent before the next one is born.
    """

    def __init__(self, work: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def run(self, *given: object, after: float | None = None, cue: str = "born") -> tuple[int, float, list[str]]:
        """Have a child work, killed so many seconds after it says a word, if at all; how it ended, seconds since, what it said."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([str(one) for one in given]) + "\n")
        self.process.stdin.flush()
        said, pid, begun = list[str](), 0, time.monotonic()
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            pid = int(rest) if word == "born" else pid
            if word == ENDED:
                return int(rest), time.monotonic() - begun, said
            said.append(line.strip())
            if word == cue:
                begun = time.monotonic()
                if after is not None:
                    time.sleep(after)
                    with suppress(ProcessLookupError):  # it was quicker
                        os.kill(pid, signal.SIGKILL)
        raise AssertionError("the parent ended")


def say(*words: object) -> None:
    """One line on the standard output, whole or not at all."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main(work: str) -> None:
    """Fork a child for each line of orders."""
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            say("born", os.getpid())
            function(*json.loads(line))
            with os.fdopen(writer, "w") as told:
                told.write("\n".join(sorted(sys.modules)))
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            loaded = told.read().split("\n")
        _, status = os.waitpid(child, 0)
        for module in loaded:
            if module.partition(".")[0] in (
                "workbench",
                "pyarrow",
                "duckdb",
                "pandas",
                "cryptography",
                "spacy",
                "thinc",
            ):
                with suppress(ImportError):
                    importlib.import_module(module)
        say(ENDED, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1])

"""The parent's side: children that are started when they are first needed, used again, and killed over their budget."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, BinaryIO, cast
from weakref import WeakSet

from workbench.worker import child_process
from workbench.worker.child_process import Content
from workbench.worker.job_budget import Budget, Stopped
from workbench.worker.message_framing import BadFrame, Channel, Message

BOOT = "import json, runpy, sys; sys.path[:] = json.loads(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
"""A child finds modules where its parent does, but for the current folder, in which case files may lie."""
NO_WINDOW = 0x08000000
"""CREATE_NO_WINDOW of Windows."""
PIPE = 1 << 20
"""Bytes that a pipe holds, where the system can be asked for so many: fewer switches between parent and child."""
MOMENT = 0.2
"""Seconds between two looks at how long a child has been waited for."""
STARTING = 120.0
"""Seconds within which a child has to be there."""
GRACE = 1.0
"""Seconds within which a child ends a job that nobody wants any more, before it is killed."""
LARGE = 1 << 30
"""Bytes of memory: a child that has held more is not used again."""


class JobError(Exception):
    """A job that failed in the child.

    Attributes
    ----------
    kind : str
        Name of the exception that it met.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class NotStarted(Exception):  # noqa: N818 - what came of it
    """No child could be started: that is no fault of any job."""


class Child:
    """One child process. It does one job at a time.

    Parameters
    ----------
    module : str
        Module whose main program calls `workbench.worker.serve`.
    arguments : sequence of str
        What that program is given on its command line.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        root = str(Path(__file__).resolve().parents[2])
        path = [place for place in sys.path if place and place != root]
        flags: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {"creationflags": NO_WINDOW}
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOT, json.dumps([root, *path]), module, *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, pipesize=PIPE, **flags,
            )  # fmt: skip
        except OSError as error:
            raise NotStarted(str(error)) from error
        self.channel = Channel(cast(FileIO, self.process.stdout), cast(FileIO, self.process.stdin))
        self.environment: Mapping[str, str] = dict(os.environ)
        self.inbox: SimpleQueue[Message | None] = SimpleQueue()
        self.is_ready = False
        self.peak = 0

    @property
    def is_alive(self) -> bool:
        """Whether it can take a job."""
        return self.process.poll() is None

    def run(
        self, job: str, arguments: Mapping[str, object], budget: Budget, content: Content | None
    ) -> Iterator[Message]:
        """What a job hands back; the child is asked to end it where the caller stops taking. Raises as `Pool.run`."""
        answers = Answers(content)
        try:
            self._order(job, arguments, budget, answers.size)
            listener = Thread(target=self._listen, args=(answers,), daemon=True)
            listener.start()
            yield from self._read_messages(budget, answers)
            listener.join()
        except GeneratorExit:
            self._stop_job()
            raise
        except JobError:
            raise
        except BaseException:
            self.kill()
            raise
        finally:
            answers.close()

    def kill(self) -> None:
        """End it and whatever it has started, now."""
        with suppress(OSError):
            if sys.platform == "win32":
                self.process.kill()
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with suppress(OSError):
            self.channel.close()

    def forget(self) -> None:
        """Let go of it in a copy of the parent: it is the parent's."""
        self.process.returncode = 0
        with suppress(OSError):
            self.channel.close()

    def _order(self, job: str, arguments: Mapping[str, object], budget: Budget, size: int | None) -> None:
        """Hand a job to the child, with the environment where it has changed since the last one."""
        current = dict(os.environ)
        changed = None if current == self.environment else current
        self.environment = current
        order = {
            "job": job, "arguments": arguments, "size": size, "environment": changed, "limits": [budget.cpu, budget.memory],
        }  # fmt: skip
        with suppress(BrokenPipeError):  # how it ended is seen when its answer is waited for
            self.channel.send(Message(child_process.JOB, json.dumps(order).encode()))

    def _listen(self, answers: Answers) -> None:
        """Take what the child says until its job has ended; what it wants to read is read out at once."""
        try:
            while (message := self.channel.receive()) is not None:
                if message.tag == child_process.WANT:
                    with suppress(OSError):
                        self.channel.send(answers.build_answer(message))
                else:
                    self.inbox.put(message)
                    if message.tag in (child_process.DONE, child_process.FAILED):
                        return
        except (BadFrame, OSError, ValueError):
            pass
        self.inbox.put(None)

    def _read_messages(self, budget: Budget, answers: Answers) -> Iterator[Message]:
        waited = 0.0
        while True:
            message, seconds = self._read_message(budget.wait - waited if self.is_ready else STARTING)
            waited += seconds if self.is_ready else 0.0
            if message and message.tag == child_process.READY:
                self.is_ready = True
            elif message is None or message.tag == child_process.FAILED:
                raise answers.error or self._find_reason(message, budget)
            elif message.tag == child_process.DONE:
                self.peak = message.number
                return
            else:
                yield message
                with suppress(OSError):
                    self.channel.send(Message(child_process.TAKEN, number=len(message.payload)))

    def _read_message(self, left: float) -> tuple[Message | None, float]:
        """The next message and the seconds that it was waited for.

        Raises
        ------
        Stopped
            If it does not come in time.
        """
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < left:
            with suppress(Empty):
                return self.inbox.get(timeout=min(MOMENT, left - waited)), time.monotonic() - begun
        raise Stopped("wait", waited) if self.is_ready else NotStarted(f"no answer in {waited:.0f} s")

    def _find_reason(self, message: Message | None, budget: Budget) -> Exception:
        """Why a job has ended before it was done."""
        if message is not None:
            told = json.loads(message.payload)
            return Stopped("memory", budget.memory) if told.get("memory") else JobError(told["kind"], told["text"])
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        status = self.process.poll()
        if not self.is_ready:
            return NotStarted(f"exit status {status}")
        if sys.platform != "win32" and status == -signal.SIGXCPU:
            return Stopped("cpu", budget.cpu)
        return Stopped("crash", 0 if status is None else status)

    def _stop_job(self) -> None:
        """Ask the child to end its job; kill it where it does not."""
        with suppress(OSError):
            self.channel.send(Message(child_process.STOP))
        ends = time.monotonic() + GRACE
        with suppress(Empty):
            while message := self.inbox.get(timeout=max(0.001, ends - time.monotonic())):
                if message.tag in (child_process.DONE, child_process.FAILED):
                    return
        self.kill()


class Answers:
    """Reads out the file that a job is about, where only the parent can open it."""

    def __init__(self, content: Content | None) -> None:
        self.file: BinaryIO | None = content() if content else None
        self.size = self.file.seek(0, os.SEEK_END) if self.file else None
        self.error: Exception | None = None

    def build_answer(self, want: Message) -> Message:
        """The bytes that the child wants; or that they cannot be read, and the reason is raised in the parent."""
        try:
            if self.file is None:
                raise OSError("there is no file")
            self.file.seek(want.number)
            return Message(
                child_process.PIECE, self.file.read(min(int.from_bytes(want.payload, "big"), child_process.BLOCK))
            )
        except Exception as error:  # noqa: BLE001 - raised where the rows are taken
            self.error = error
            return Message(child_process.MISSING, str(error).encode("utf-8", "replace"))

    def close(self) -> None:
        """Close the file."""
        if self.file:
            self.file.close()


class Pool:
    """Children that do the jobs of one module. Any number of threads may use it; one job is one child's.

    A child that is free is used again. One more is started where all are busy, so that no job waits for another.

    Parameters
    ----------
    module : str
        Module whose main program calls `workbench.worker.serve`.
    arguments : sequence of str
        What that program is given on its command line.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self.command = (module, *arguments)
        self.free: list[Child] = []
        self.lock = Lock()
        POOLS.add(self)
        atexit.register(self.close)

    def start(self) -> None:
        """Start a child, if none is there, for the job that comes soon."""
        with self.lock:
            if not self.free:
                self.free.append(Child(*self.command))

    def run(
        self, job: str, arguments: Mapping[str, object], *, budget: Budget, content: Content | None = None
    ) -> Generator[Message, None, None]:
        """What a job hands back, message by message.

        Parameters
        ----------
        job : str
            Its name in the child.
        arguments : mapping
            What JSON can say.
        budget : Budget
        content : callable, optional
            Opens the file that the job is about, where the child cannot: its bytes go through the pipe.

        Raises
        ------
        Stopped
            If it went over its budget, or the child ended.
        JobError
            If it failed.
        NotStarted
            If there is no child to do it.
        Exception
            What `content` raises.
        """
        for is_last in (False, True):  # a child that dies before its first job has not begun this one
            child = self._get_child()
            try:
                yield from child.run(job, arguments, budget, content)
                return
            except NotStarted:
                if is_last:
                    raise
            finally:
                self._give_back(child)

    def close(self) -> None:
        """End the children that are free."""
        with self.lock:
            ended, self.free = self.free, []
        for child in ended:
            child.kill()

    def forget(self) -> None:
        """Let go of all children in a copy of the parent."""
        self.lock = Lock()
        for child in self.free:
            child.forget()
        self.free = []

    def _get_child(self) -> Child:
        with self.lock:
            while self.free:
                child = self.free.pop()
                if child.is_alive:
                    return child
                child.kill()
        return Child(*self.command)

    def _give_back(self, child: Child) -> None:
        """Keep one child that is free for the next job; others end."""
        with self.lock:
            if child.is_alive and child.peak < LARGE and not self.free:
                self.free.append(child)
                return
        child.kill()


POOLS: WeakSet[Pool] = WeakSet()


def _forget_all() -> None:
    for pool in list(POOLS):
        pool.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)

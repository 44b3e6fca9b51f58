"""The child's side: it takes one job after another and hands back what it makes, no faster than the parent takes it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from workbench.worker.job_budget import get_peak_memory, leave_no_dump, limit_process
from workbench.worker.message_framing import Channel, Message

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

READY, JOB, TAKEN, STOP, WANT, PIECE, MISSING, DONE, FAILED = (bytes([number]) for number in range(1, 10))
"""Tags of the protocol, all below 32, the first that a job may use."""
WINDOW = 8 << 20
"""Bytes that may be on their way before the parent has taken them."""
BLOCK = 1 << 18
"""Bytes that are asked for at once of a file that only the parent can open."""

Content = Callable[[], BinaryIO]
"""What opens the file that a job is about, where its arguments do not say where it lies."""
Job = Callable[[Mapping[str, object], Content | None], Iterable[Message]]
"""From arguments, and content that the parent reads out, to messages."""


class Abandoned(BaseException):
    """The parent wants no more of this job."""


@dataclass
class Line:
    """The child's end of the connection: what the parent said, sorted by what it is about."""

    channel: Channel
    jobs: SimpleQueue[Message] = field(default_factory=SimpleQueue)
    pieces: SimpleQueue[Message] = field(default_factory=SimpleQueue)
    free: Condition = field(default_factory=Condition)
    asking: Lock = field(default_factory=Lock)
    under_way: int = 0
    is_stopped: bool = False

    def listen(self) -> None:
        """Take what the parent says, for as long as there is one; a child without a parent ends at once."""
        while (message := self.channel.receive()) is not None:
            if message.tag == JOB:
                self.jobs.put(message)
            elif message.tag in (PIECE, MISSING):
                self.pieces.put(message)
            else:
                with self.free:
                    self.is_stopped |= message.tag == STOP
                    self.under_way -= message.number
                    self.free.notify_all()
        os._exit(0)

    def start_job(self) -> None:
        """A new job: nothing is under way."""
        with self.free:
            self.is_stopped, self.under_way = False, 0

    def hand(self, message: Message) -> None:
        """Send what a job made, once the parent has room for it.

        Raises
        ------
        Abandoned
            If the parent wants no more.
        """
        size = len(message.payload)
        with self.free:
            self.free.wait_for(lambda: self.is_stopped or not self.under_way or self.under_way + size <= WINDOW)
            if self.is_stopped:
                raise Abandoned
            self.under_way += size
        self.channel.send(message)

    def ask(self, place: int, size: int) -> bytes:
        """Bytes of the file that the parent reads out. Raises OSError where it cannot."""
        with self.asking:
            self.channel.send(Message(WANT, size.to_bytes(8, "big"), place))
            answer = self.pieces.get()
        if answer.tag == MISSING:
            raise OSError(answer.payload.decode("utf-8", "replace"))
        return answer.payload


class Distant(io.RawIOBase):
    """A file that only the parent can open, read through the connection: no byte of it lies on a disk."""

    def __init__(self, line: Line, size: int) -> None:
        self.line, self.size, self.at = line, size, 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """Any place can be read."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.size}[whence]
        self.at = max(0, start + offset)
        return self.at

    def tell(self) -> int:
        """Where the next byte is read."""
        return self.at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read what fits, at most a block."""
        view = memoryview(buffer).cast("B")
        data = self.line.ask(self.at, min(len(view), BLOCK)) if self.at < self.size else b""
        view[: len(data)] = data
        self.at += len(data)
        return len(data)


def run_jobs(jobs: Mapping[str, Job]) -> None:
    """Do jobs until the parent is gone. The main program of a child process."""
    leave_no_dump()
    line = Line(_open_channel())
    Thread(target=line.listen, daemon=True).start()
    line.channel.send(Message(READY))
    while True:
        order = json.loads(line.jobs.get().payload)
        line.start_job()
        line.channel.send(_run_job(jobs[str(order["job"])], order, line))


def _run_job(job: Job, order: Mapping[str, Any], line: Line) -> Message:
    """How a job ended: done, with the most memory held so far, or failed with the reason."""
    if order["environment"] is not None:
        os.environ.clear()
        os.environ.update(order["environment"])
    size, limits = order["size"], order["limits"]
    content: Content | None = None
    if size is not None:
        content = lambda: io.BufferedReader(Distant(line, size), BLOCK)  # noqa: E731
    try:
        limit_process(limits[0], limits[1])
        for message in job(order["arguments"], content):
            line.hand(message)
    except Abandoned:
        return Message(DONE, number=get_peak_memory())
    except MemoryError:
        return Message(FAILED, b'{"memory": true}')
    except Exception as error:  # noqa: BLE001 - any defect of any job is told, with its kind
        told = {"kind": type(error).__name__, "text": str(error)[:1000]}
        return Message(FAILED, json.dumps(told).encode())
    return Message(DONE, number=get_peak_memory())


def _open_channel() -> Channel:
    """The connection on ends of its own; what a library prints, or a program that it starts reads, is nothing of ours."""
    source, target = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    if sys.platform == "win32":
        import msvcrt

        for number in (source, target):
            msvcrt.setmode(number, os.O_BINARY)
    return Channel(io.FileIO(source, "rb"), io.FileIO(target, "wb"))

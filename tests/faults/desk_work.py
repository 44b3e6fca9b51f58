"""Sends and receives one message in processes that die at one step after the other, then goes on where each has left off.

Steps are commits of a ledger and files that get their name. Run as a program it is the warm parent, which forks a worker for each step
and says on one line each what is there after the next one has gone on.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.scale import times

if TYPE_CHECKING:
    from workbench.case.case import Case

NAMING = ("os.link", "os.rename")
MOST = 200


class World:
    """Two officers who trust each other's bureaux."""

    def __init__(self) -> None:
        from tests.case.packages.conftest import vouched
        from workbench import identity
        from workbench.identity import Bureau, TrustList

        made = vouched(identity.create_temporary)
        self.ada, self.bo = (officer for _, officer in made.values())
        self.trust = TrustList(tuple(Bureau.from_card(chief.card) for chief, _ in made.values()))

    def case(self, folder: Path, name: str) -> Case:
        from workbench.case.case import open_case

        return open_case(folder / name, officer=getattr(self, name), purpose="training")

    def prepare(self, folder: Path) -> str:
        """A case with a draft that may go out, with an attachment; its id."""
        (folder / "papers.txt").write_text("Forged papers of a van.", "utf-8")
        case = self.case(folder, "ada")
        case.add(folder / "papers.txt")
        draft = case.desk.draft(
            "information", to="QN-NCB", from_bureau="QM-NCB", legal_basis="Code, section 12", crime_area=["fraud"], purpose="person_info",
            subject="FRAUD / INFORMATION", confidentiality="FOUO",
            summary_of_facts="On 14 February 2026 in Lyon a van with forged papers was found near the station by a patrol.",
        )  # fmt: skip
        draft.attach("papers.txt")
        draft.waive(draft.check().query("severity == 'warning'"), because="seen")
        case.close()
        self.case(folder, "bo").close()
        return draft.id

    def work(self, folder: Path, draft: str, dies: int) -> None:
        """Send and receive; dies at that step (0: never)."""
        from workbench.case.desk.inbox import receiving

        mine, theirs = self.case(folder, "ada"), self.case(folder, "bo")
        if dies:
            _mortal(dies, mine, theirs)
        path = self._sent(mine, draft)
        arrived = mine.packages.send(path, folder / "bo" / "inbox")
        came = receiving.receive_message(
            theirs.context, arrived, self.trust, unknown_sender=False
        )  # it is read elsewhere: test_kill_arrivals
        mine.packages.check_receipt(
            theirs.packages.send(Path(came.receipt), folder / "ada" / "inbox"), trust=self.trust
        )

    def _sent(self, case: Case, draft: str) -> Path:
        """The package of the draft; where it was sent before the process died, it lies in the outbox."""
        one = case.desk.drafts.open(draft)
        boxed = sorted((case.context.folder.path / "outbox").glob("package-*.case.age"))
        if one.state == "sent":
            return boxed[0]
        return case.desk.drafts.send(one, [self.bo.card], trust=self.trust)

    def found(self, folder: Path) -> dict[str, Any]:
        """What is there."""
        told: dict[str, Any] = {}
        for name in ("ada", "bo"):
            case = self.case(folder, name)
            told[name] = {
                "messages": case.desk.messages()[["direction", "state"]].to_numpy().tolist(),
                "marks": sorted(set(case.documents()["mark"])), "sources": sorted(case.sources.list()["state"]),
                "verify": sorted(set(case.log.verify()["state"])), "drafts": len(case.desk.drafts.list()),
                "boxed": len(list((folder / name / "outbox").glob("package-*.case.age"))),
            }  # fmt: skip
            case.close()
        return told


def _mortal(dies: int, *cases: Case) -> None:
    """Let this process be killed at its next step of that number."""
    steps = count(1)

    def step() -> None:
        if next(steps) == dies:
            os.kill(os.getpid(), signal.SIGKILL)

    for case in cases:
        case.context.ledger.connection.set_trace_callback(lambda said: step() if said.strip() == "COMMIT" else None)
    sys.addaudithook(lambda event, _: step() if event in NAMING else None)


def forked(work: Any) -> int:
    """How a child ended that did some work."""
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path) -> None:
    """Let workers die at each step; say what is there after another has gone on."""
    world = World()
    (folder / "made").mkdir()
    draft = world.prepare(folder / "made")
    for dies in range(1, MOST, times(1, 2)):
        place = folder / str(dies)
        shutil.copytree(folder / "made", place)
        ended = forked(lambda place=place, dies=dies: world.work(place, draft, dies))
        again = forked(lambda place=place: world.work(place, draft, 0))
        sys.stdout.write(json.dumps({"step": dies, "ended": ended, "again": again, **world.found(place)}) + "\n")
        sys.stdout.flush()
        shutil.rmtree(place)
        if ended == 0:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))

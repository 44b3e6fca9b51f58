"""Work outside the kernel's process: one long-lived child that does named jobs and hands back what they make, in pieces.

The child is a fresh interpreter, spoken to through pipes alone, so that it works in notebooks, scripts and on Windows, and
needs no guard in anybody's script. What it hands back is bytes in frames of bounded length: nothing is unpickled and
nothing runs. It opens no ledger and writes nothing; over its budget of time or memory it is killed and started anew.
Reading files is its first job (`workbench.ingest.reader_jobs`); extraction, encoding and reports may follow.
"""

from workbench.worker.child_process import Content, Job, run_jobs
from workbench.worker.job_budget import Budget, Limit, Stopped
from workbench.worker.message_framing import Message
from workbench.worker.process_pool import JobError, NotStarted, Pool

__all__ = ["Budget", "Content", "Job", "JobError", "Limit", "Message", "NotStarted", "Pool", "Stopped", "run_jobs"]

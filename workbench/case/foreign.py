"""Errors of the system and of libraries, told as the workbench tells its own: what did not work, where, and what to do."""

from __future__ import annotations

import errno
import inspect
import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from workbench.case.given import checked
from workbench.errors import CaseError, WorkbenchError

P = ParamSpec("P")
T = TypeVar("T")
Class = TypeVar("Class", bound=type)
LIBRARIES = frozenset("apsw cryptography duckdb json lxml openpyxl pandas pyarrow pyrage sqlite3 zipfile zlib".split())
"""Packages whose exceptions say nothing to an analyst."""
ADVICE = {
    errno.ENOSPC: "Make room on the disk, then do it again.",
    errno.EACCES: "You may not do that there: name another place, or ask whoever owns it.",
    errno.EROFS: "Nothing can be written there: name another place.",
    errno.ENAMETOOLONG: "Give it a shorter name.",
    errno.EEXIST: "A file lies where a folder is wanted: name another place.",
    errno.ENOTDIR: "A file lies where a folder is wanted: name another place.",
    errno.EISDIR: "A folder lies where a file is wanted: name a file.",
    errno.ENOENT: "Look whether the name is right and its folder is there.",
}
CLOSED = "the case is closed. Open it again: case = wb.open_case(…)."
PLACE = "Look at the place and the disk, then do it again."
LEDGER = "Where another program holds the case, close it there; else look at the disk, and run `workbench doctor` on the case."
TEXT = "A text holds a sign that is none. Type it anew."
FILE = "A file is not what it seems to be: look at what was given, and run `workbench doctor` on the case."


def told(verb: Callable[P, T]) -> Callable[P, T]:
    """The verb; an error of the system or of a library leaves it as a CaseError, the workbench's own as they are.

    What it is given is looked at first (`given.checked`).
    """
    name, signature = verb.__name__.replace("_", " "), inspect.signature(verb)

    @wraps(verb)
    def inner(*given: P.args, **named: P.kwargs) -> T:
        args, kwargs = checked(name, signature, given, named)
        try:
            return verb(*args, **kwargs)  # type: ignore[arg-type]  # bound to the verb's own signature
        except WorkbenchError:
            raise
        except Exception as error:
            said = sentence(error)
            if not said:
                raise
            raise CaseError(f"{name} did not work: {said}") from error

    return inner


def verbs(owner: Class) -> Class:
    """The class, each of whose public methods is `told`."""
    for name, value in list(vars(owner).items()):
        if inspect.isfunction(value) and not name.startswith("_"):
            setattr(owner, name, told(value))
    return owner


def sentence(error: Exception) -> str:
    """What happened, where, and what to do; '' for an error that is none of the system's nor of a library's."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. {ADVICE.get(error.errno or 0, PLACE)}"
    if isinstance(error, sqlite3.Error):
        return CLOSED if is_closed(error) else f"the ledger says '{error}'. {LEDGER}"
    if isinstance(error, ImportError):
        return f"the package {error.name or error} is not there. Run `workbench doctor`: it says what to install."
    if isinstance(error, UnicodeError) or (isinstance(error, ValueError) and "null" in str(error)):
        return f"{error}. {TEXT}"
    if type(error).__module__.partition(".")[0] in LIBRARIES:
        return f"{type(error).__name__}: {error}. {FILE}"
    return ""


def is_closed(error: Exception) -> bool:
    """Whether a ledger was asked after it was closed."""
    return isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error)

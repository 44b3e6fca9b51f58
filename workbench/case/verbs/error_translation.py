"""Errors of the system and of libraries, told as the workbench tells its own: what did not work, where, and what to do."""

from __future__ import annotations

import errno
import inspect
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from workbench.case.verbs.argument_checks import check_arguments
from workbench.errors import CaseError, WorkbenchError
from workbench.ledger import Ledger
from workbench.ledger.sessions.write_lock import BUSY, PATIENCE
from workbench.ledger.storage.sqlite_cipher import is_undecodable
from workbench.model.catalogue import Sentence

P = ParamSpec("P")
T = TypeVar("T")
Class = TypeVar("Class", bound=type)
LIBRARIES = frozenset("apsw cryptography duckdb json lxml openpyxl pandas pyarrow pyrage sqlite3 zipfile zlib".split())
"""Packages whose exceptions say nothing to an analyst."""
ADVICE = {
    errno.ENOSPC: "full", errno.EACCES: "rights", errno.EROFS: "read_only", errno.ENAMETOOLONG: "long", errno.EEXIST: "file",
    errno.ENOTDIR: "file", errno.EISDIR: "folder", errno.ENOENT: "missing", errno.EMFILE: "open", errno.ENFILE: "open",
    errno.EFBIG: "large", getattr(errno, "EDQUOT", errno.EFBIG): "large",
}  # fmt: skip
"""What to do about an error of the system: `refused.system.advice` of the catalogue."""
ADVICE_OF_LEDGER = {
    sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_READONLY: "read_only", sqlite3.SQLITE_PERM: "rights",
    sqlite3.SQLITE_CANTOPEN: "look", sqlite3.SQLITE_IOERR: "look",
}  # fmt: skip
"""The same about an error of SQLite's with the system under it, where no other program is to blame."""


def translate_errors(verb: Callable[P, T], subject: str = "") -> Callable[P, T]:
    """The verb; an error of the system or of a library leaves it as a CaseError, the workbench's own as they are.

    What it is given is looked at first (`argument_checks.check_arguments`). `subject`: the namespace in which an analyst finds it.
    """
    name, signature = f"{subject}.{verb.__name__}".removeprefix("."), inspect.signature(verb)

    @wraps(verb)
    def wrapper(*given: P.args, **named: P.kwargs) -> T:
        args, kwargs = check_arguments(name, signature, given, named)
        try:
            with start_act((*args, *kwargs.values()), name):
                return verb(*args, **kwargs)  # type: ignore[arg-type]  # bound to the verb's own signature
        except WorkbenchError:
            raise
        except Exception as error:
            said = describe_error(error)
            if not said:
                raise
            raise CaseError(
                said if is_closed(error) else Sentence("`{verb}` did not work. {why}", verb=name, why=said)
            ) from error

    return wrapper


def start_act(given: Iterable[object], verb: str) -> AbstractContextManager[None]:
    """The act of a verb (`Access.act`) in the ledger of the first case that one of what it is given belongs to, if one does."""
    ledger = next(filter(None, map(_get_case_ledger, given)), None)
    return ledger.act(verb) if ledger else nullcontext()


def _get_case_ledger(owner: object) -> Ledger | None:
    def find_ledger(one: object) -> Ledger | None:
        ledger = getattr(getattr(one, "context", None), "ledger", None)
        return ledger if isinstance(ledger, Ledger) else None

    # A case's own desk is imported only where the case is not enough.
    case = getattr(owner, "_case", None) or getattr(owner, "case", None)
    return find_ledger(owner) or find_ledger(case) or find_ledger(getattr(owner, "desk", None))


def wrap_acts(owner: Class) -> Class:
    """The class, each of whose public methods is one act (`act`): what a widget asks of a case."""
    for name, value in list(vars(owner).items()):
        if inspect.isfunction(value) and not name.startswith("_"):
            setattr(owner, name, _wrap_method(value))
    return owner


def _wrap_method(method: Callable[P, T]) -> Callable[P, T]:
    @wraps(method)
    def wrapper(*given: P.args, **named: P.kwargs) -> T:
        with start_act(given[:1], method.__name__):
            return method(*given, **named)

    return wrapper


def wrap_verbs(owner: Class) -> Class:
    """The class, each of whose public methods has its errors translated (`translate_errors`)."""
    for name, value in list(vars(owner).items()):
        if inspect.isfunction(value) and not name.startswith("_"):
            setattr(owner, name, translate_errors(value, getattr(owner, "PATH", "")))
    return owner


def describe_error(error: Exception) -> str:
    """What happened, where, and what to do; '' for an error that is none of the system's nor of a library's."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        advice = Sentence(f"refused.system.advice.{ADVICE.get(error.errno or 0, 'look')}")
        return Sentence("{what}. {advice}", what=f"{where}{error.strerror or error}", advice=advice)
    if isinstance(error, sqlite3.Error):
        return _describe_ledger_error(error)
    if isinstance(error, ImportError):
        return Sentence(
            "The software library {name} is missing. Run `workbench doctor` to see what to install.",
            name=error.name or error,
        )
    if isinstance(error, UnicodeError) or (isinstance(error, ValueError) and "null" in str(error)):
        return Sentence("{error}. A text contains a character that is not valid. Enter the text again.", error=error)
    if type(error).__module__.partition(".")[0] in LIBRARIES:
        return Sentence(
            "{error}. Perhaps a value or a file does not have the expected content. Check the values and "
            "files that you gave, and run `workbench doctor` on the case.",
            error=f"{type(error).__name__}: {error}",
        )
    return ""


def _describe_ledger_error(error: sqlite3.Error) -> Sentence:
    if is_closed(error):
        return Sentence("The case is closed. Open it again: `case = wb.open_case(…)`.")
    if is_undecodable(error):
        return Sentence(
            "A value in the case database cannot be read ({error}). Another program may have changed it. To "
            "see what was changed, run `workbench verify` on the case. Then restore the case from a backup.",
            error=f"{error!s:.200}",
        )
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == BUSY:
        return Sentence("refused.busy.elsewhere", seconds=round(PATIENCE))
    if code in ADVICE_OF_LEDGER:
        said = Sentence(f"refused.system.advice.{ADVICE_OF_LEDGER[code]}")
        return Sentence(
            "{what}. {advice}", what=Sentence("The case database reports '{error}'", error=error), advice=said
        )
    return Sentence(
        "The case database reports '{error}'. If another program has the case open, close it there. If "
        "not, check the disk, and run `workbench doctor` on the case.",
        error=error,
    )


def is_closed(error: Exception) -> bool:
    """Whether a ledger was asked after it was closed."""
    return isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error)

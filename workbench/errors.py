"""The exceptions of the workbench.

WorkbenchError
├── CaseError          the case folder or its ledger cannot be used as asked
├── SourceError        a file cannot be read as what it was taken for
├── SchemaError        a schema or property name that the vocabulary does not know
└── ModelError         a language model or engine that is not installed or does not match its hash

An exception is for the caller's mistake. Bad data never raises: it becomes an issue row (`workbench.model.rows.Issue`).
Every message says what was wrong with which value, where, and what to do.
"""

from __future__ import annotations


class WorkbenchError(Exception):
    """Base of all errors that the workbench raises on purpose."""


class CaseError(WorkbenchError):
    """The case folder, its ledger or a name in it cannot be used as asked."""


class SourceError(WorkbenchError):
    """A source file cannot be read as what it was taken for."""


class SchemaError(WorkbenchError):
    """A schema or a property that the vocabulary does not know."""


class ModelError(WorkbenchError):
    """A language model that is missing or does not match its recorded hash."""

"""The exceptions of the workbench.

WorkbenchError
├── CaseError          the case folder or its ledger cannot be used as asked
├── SourceError        a file cannot be read as what it was taken for
├── SchemaError        a schema or property name that the vocabulary does not know
├── ModelError         a language model or engine that is not installed or does not match its hash
├── IdentityError      an officer's keys, a card or a trust list that cannot be used as asked
└── PackageError       a package for or from another bureau that cannot be made or is refused

An exception is for the caller's mistake. Bad data never raises: it becomes an issue row (`workbench.model.rows.Issue`).
Every message says what was wrong with which value, where, and what to do. What officers meet at work is raised with a
`workbench.model.catalogue.Sentence`: it reads English in a log, and is told in the language of the case in a widget.
"""

from __future__ import annotations

from workbench.visible import escape_hidden


class WorkbenchError(Exception):
    """Base of all errors that the workbench raises on purpose.

    A message may hold a name out of the data: in a terminal and in a notebook its control characters stand as code points.
    """

    def __str__(self) -> str:
        """The message, every sign of it visible."""
        return escape_hidden(super().__str__())

    def translate_to(self, language: str) -> str:
        """The message in a language, every sign of it visible; in English where the catalogue does not have it."""
        message = self.args[0] if self.args else ""
        return escape_hidden(message.translate_to(language)) if hasattr(message, "translate_to") else str(self)

    @property
    def sentence(self) -> str:
        """The message as it was given: one of the catalogue is told in any language, also within another sentence or a row."""
        return str(self) if not self.args or type(self.args[0]) is str else self.args[0]


class CaseError(WorkbenchError):
    """The case folder, its ledger or a name in it cannot be used as asked."""


class SourceError(WorkbenchError):
    """A source file cannot be read as what it was taken for."""


class SchemaError(WorkbenchError):
    """A schema or a property that the vocabulary does not know."""


class ModelError(WorkbenchError):
    """A language model that is missing or does not match its recorded hash."""


class IdentityError(WorkbenchError):
    """An officer's keys, a card, a sealed file or a trust list that cannot be used as asked. It never holds a secret."""


class PackageError(WorkbenchError):
    """A package, or an archive in it, that cannot be made as asked or is refused.

    Parameters
    ----------
    message : str
    part : str
        Name of the file within the package that is at fault; '' if it is the package.
    """

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part

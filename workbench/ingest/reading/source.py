"""What readers share: the file they read, what they are, and the evidence that stands behind each claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from workbench.model.identifiers import build_attribution_id
from workbench.model.rows import Claim, Row

HEAD = 65_536
SLIPS = (LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, NotImplementedError)
"""Errors by which a library shows that it met something it did not expect; they say something of the library only."""
NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A received file.

    Attributes
    ----------
    path : Path
        Where its bytes lie; often a copy named by its hash, without a suffix.
    sha256 : str
        64 hexadecimal digits; part of every trace id.
    name : str
        Name under which it was received; its suffix counts.
    data : bytes, optional
        The bytes themselves, of a file within a file (an attachment); `path` is that of the outer file then.
    opener : callable, optional
        What opens the content in a case; `path` is where it lies there.
    is_sealed : bool
        Whether only `opener` can read what lies there (in an encrypted case).
    """

    path: Path
    sha256: str
    name: str
    data: bytes | None = field(default=None, repr=False)
    opener: Callable[[], BinaryIO] | None = field(default=None, repr=False, compare=False)
    is_sealed: bool = field(default=False, repr=False, compare=False)

    @property
    def suffix(self) -> str:
        """Suffix of the original name in lower case, with the dot: '.csv'."""
        return Path(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """The file, open for reading bytes."""
        if self.data is not None:
            return BytesIO(self.data)
        return self.opener() if self.opener else self.path.open("rb")

    def read_head(self, size: int = HEAD) -> bytes:
        """First bytes of the file."""
        with self.open() as file:
            return file.read(size)


@dataclass(frozen=True, slots=True)
class Detection:
    """Which reader takes a file, in which version, and why: a sentence that is shown to the analyst."""

    reader: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of file.

    Attributes
    ----------
    version : str
        Changes when the rows that it makes change; part of each claim.
    detect : callable
        From the file and its first bytes to the reason for which the reader takes it, '' if it does not.
    read : callable
        From the file and its options to rows.
    """

    version: str
    detect: Callable[[SourceFile, bytes], str]
    read: Callable[[SourceFile, Mapping[str, str]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where claims are made: method, version and the place in the source that all of them share."""

    method: str
    version: str
    document_id: str = ""
    passage_id: str = ""
    trace_id: str = ""

    def build_claim(
        self, schema: str, entity: str, prop: str, value: str, original: str = "", *, span: tuple[int, int] = NOWHERE
    ) -> Claim:
        """One claim; `original` is kept only where it differs from the value. `span`: its place in the passage."""
        return Claim(
            entity_id=entity,
            schema=schema,
            prop=prop,
            value=value,
            original_value="" if original == value else original,
            document_id=self.document_id,
            passage_id=self.passage_id,
            trace_id=self.trace_id,
            start=span[0],
            end=span[1],
            method=self.method,
            version=self.version,
        )

    def claim_entity(self, schema: str, entity: str, props: Mapping[str, str]) -> Iterator[Claim]:
        """One claim for each property that has a value."""
        return (self.build_claim(schema, entity, prop, value) for prop, value in props.items() if value)

    def claim_attribution(self, holder: str, held: str, basis: str, **props: str) -> Iterator[Claim]:
        """That `holder` uses `held`, on this basis."""
        return self.claim_entity(
            "Attribution",
            build_attribution_id(holder, held, basis),
            {"holder": holder, "held": held, "basis": basis, **props},
        )


def describe_damage(error: BaseException) -> str:
    """What a library says of a damaged file, for a person: its words, or that the file is damaged where they are none."""
    told = "" if isinstance(error, SLIPS) else str(error).strip()
    return told.split("\n")[0][:200] or "it is damaged"

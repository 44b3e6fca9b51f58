"""Large text tables as Arrow columns: read once, in pieces, with the number of each row. No row passes through Python.

Before Arrow sees a piece, what could upset it is put aside line by line: wrong bytes, quotes that do not close within their
line, lines without end. Rows with other than the usual number of cells come back padded or cut, where their cells stand in their
columns (`doubts` says where they may not); how many is told.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np

from workbench.ingest.reading.text_lines import LONGEST, SHOWN, UnifiedLines, detect_encoding, format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.ingest.calls.values.column_codes import Ints
    from workbench.ingest.reading.source import SourceFile
    from workbench.model.rows import Issue

PIECE = 1 << 24
"""Bytes that are read together."""
TOGETHER = 8
"""Pieces whose rows are handed on together: the fewer, the more often the same value is looked up."""
MENDED = 100_000
"""Rows with an unusual number of cells that are read one by one; of more the rest is counted and left out."""
USUAL = 1_000
"""Bytes of a line, on average, above which each line is measured."""
QUOTE, NEWLINE = 34, 10


@dataclass(slots=True)
class Faults:
    """Numbers of lines that were not read as they stand, by what was wrong."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, lines: Sequence[int]) -> None:
        """Note lines."""
        if lines:
            held = self.rows.setdefault(what, [])
            held += lines[: SHOWN + 1 - len(held)]
            self.counts[what] = self.counts.get(what, 0) + len(lines)

    def list_issues(self, document: str, place: str) -> Iterator[Issue]:
        """One issue per fault."""
        for what, found in self.rows.items():
            shown = format_numbers(found[:SHOWN]) + (", …" if self.counts[what] > SHOWN else "")
            most = {"most": LONGEST} if what == "long" else {}
            message = Sentence(f"row.stream.{what}", count=self.counts[what], listed=shown, **most)
            code, fix = "bad-encoding" if what == "bytes" else "bad-row", Sentence("fix.compare.lines")
            yield build_issue(code, message, fix=fix, document_id=document, place=f"{place}line {found[0]}")


class InvalidRow(Protocol):
    """What Arrow says of a row with another number of cells than the header."""

    number: int
    text: str


class Clean:
    """A text file as clean UTF-8 lines after the header, as a file that Arrow reads. Each line stays one line."""

    def __init__(self, source: SourceFile, header: int, faults: Faults) -> None:
        self.source, self.faults = source, faults
        self.line = header + 1
        self.pieces = self._read_pieces(header)
        self.rest = memoryview(b"")
        self.closed = False

    def read(self, size: int = -1) -> memoryview:
        """Next bytes, none at the end."""
        while not self.rest and (piece := next(self.pieces, None)) is not None:
            self.rest = piece
        size = len(self.rest) if size < 0 else size
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def writable(self) -> bool:
        """Say that it cannot be written."""
        return False

    def seekable(self) -> bool:
        """Say that it is read once."""
        return False

    def close(self) -> None:
        """Let go of the file."""
        self.closed = True
        self.pieces.close()

    def _read_pieces(self, header: int) -> Generator[memoryview, None, None]:
        """Clean pieces of whole lines."""
        skip = header
        for whole, end in self._read_whole_lines():
            begin = 0
            while skip and begin < end:
                begin, skip = whole.find(b"\n", begin, end) + 1 or end, skip - 1
            if begin < end:
                yield self._clean(whole, begin, end)

    def _read_whole_lines(self) -> Iterator[tuple[bytes, int]]:
        """Bytes, and where the last whole line in them ends; what is left comes again with the next."""
        with self.source.open() as file:
            if detect_encoding(self.source.read_head()) in ("utf-16", "utf-32"):
                yield from self._read_decoded_lines(file)
                return
            if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                file.seek(0)
            held = b""
            with io.BufferedReader(UnifiedLines(file), PIECE) as text:
                while data := text.read(PIECE):
                    data = held + data
                    end = data.rfind(b"\n") + 1
                    held = data[end:][-LONGEST - 1 :]  # of a line without end the bytes before are passed over
                    if end:
                        yield data, end
            if held:
                yield held + b"\n", len(held) + 1

    def _read_decoded_lines(self, file: BinaryIO) -> Iterator[tuple[bytes, int]]:
        """Lines of a text in UTF-16 or UTF-32, as UTF-8."""
        held = b""
        with io.TextIOWrapper(file, detect_encoding(self.source.read_head()), "replace") as stream:
            while chunk := stream.read(PIECE // 4):
                data = held + chunk.encode("utf-8", "replace")
                end = data.rfind(b"\n") + 1
                held = data[end:][: LONGEST + 1]
                if end:
                    yield data, end
        if held:
            yield held + b"\n", len(held) + 1

    def _clean(self, data: bytes, begin: int, end: int) -> memoryview:
        """Piece without what upsets the parser; lines that are left out become empty."""
        count = data.count(b"\n", begin, end)
        plain = data.isascii() and b'"' not in data and b"\x00" not in data and end - begin <= count * USUAL
        if not plain:
            data = data[begin:end].replace(b"\x00", b"")
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                data = self._decode_piece(data)
            data = self._drop_bad_lines(data)
            begin, end = 0, len(data)
        self.line += count
        return memoryview(data)[begin:end]

    def _decode_piece(self, data: bytes) -> bytes:
        """Piece in which lines that are not UTF-8 are read as Windows-1252."""
        made, wrong = [], []
        for number, line in enumerate(data.split(b"\n"), self.line):
            try:
                line.decode("utf-8")
                made.append(line)
            except UnicodeDecodeError:
                made.append(line.decode("cp1252", "replace").encode())
                wrong.append(number)
        self.faults.add("bytes", wrong)
        return b"\n".join(made)

    def _drop_bad_lines(self, data: bytes) -> bytes:
        """Piece without the lines that are too long or whose quotes do not close."""
        view = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(view == NEWLINE)
        begins = np.concatenate([[0], ends[:-1] + 1])
        quotes = np.searchsorted(np.flatnonzero(view == QUOTE), np.concatenate([[0], ends]))
        odd = np.diff(quotes) % 2 == 1
        long = ends - begins > LONGEST
        bad = np.flatnonzero(odd | long)
        if not len(bad):
            return data
        self.faults.add("long", [int(n) + self.line for n in np.flatnonzero(long)])
        self.faults.add("quote", [int(n) + self.line for n in np.flatnonzero(odd & ~long)])
        made, at = [], 0
        for place in bad:
            made.append(data[at : begins[place]])
            at = int(ends[place])
        return b"".join([*made, data[at:]])


class Stream:
    """Columns of a large text table."""

    def __init__(self, source: SourceFile, header: int, mark: str, names: Sequence[str]) -> None:
        self.source, self.header, self.mark, self.names = source, header, mark, list(names)
        self.faults = Faults()
        self.doubts: Callable[[list[str]], bool] | None = None
        self.wrong: list[tuple[int, str]] = []
        self.next = header + 1
        self.last = header

    def read_batches(self, wanted: Sequence[str], coded: frozenset[str]) -> Iterator[tuple[dict[str, pa.Array], Ints]]:
        """Columns by name, and the line number of each row.

        Parameters
        ----------
        wanted : sequence of str
            Columns to read.
        coded : set of str
            Those of them whose values repeat: they come dictionary-encoded.
        """
        import pyarrow as pa
        from pyarrow import csv as reader

        coding = pa.dictionary(pa.int32(), pa.string())
        convert = reader.ConvertOptions(
            column_types={name: coding if name in coded else pa.string() for name in wanted},
            include_columns=list(wanted), strings_can_be_null=False, check_utf8=False,
        )  # fmt: skip
        parse = reader.ParseOptions(
            delimiter=self.mark,
            quote_char='"' if _has_quotes(self.source) else False,
            ignore_empty_lines=False,
            invalid_row_handler=self._skip_invalid_row,
            newlines_in_values=False,
        )
        read = reader.ReadOptions(use_threads=False, block_size=PIECE, column_names=self.names)
        file = pa.PythonFile(Clean(self.source, self.header, self.faults), mode="r")
        try:
            with reader.open_csv(file, read_options=read, parse_options=parse, convert_options=convert) as batches:
                while held := list(islice(batches, TOGETHER)):
                    whole = pa.Table.from_batches(held).unify_dictionaries().combine_chunks()
                    for batch in whole.to_batches():
                        yield from self._number_lines(batch, wanted)
        except pa.ArrowInvalid as error:
            if "Empty CSV file" not in str(error):
                self.faults.add("left", [self.next])
        yield from self._fix_rows(wanted, coded)

    def _skip_invalid_row(self, row: InvalidRow) -> str:
        """Put a row with another number of cells aside."""
        self.wrong.append((self.header + int(row.number), row.text if len(self.wrong) < MENDED else ""))
        return "skip"

    def _number_lines(self, batch: pa.RecordBatch, wanted: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], Ints]]:
        """A batch with its line numbers: those that follow, without the lines that were put aside."""
        count = batch.num_rows
        aside = np.array(sorted(number for number, _ in self.wrong), dtype=np.int64)
        upto = self.next + count
        while (more := self.next + count + int(((aside >= self.next) & (aside < upto)).sum())) != upto:
            upto = more
        lines = np.arange(self.next, upto, dtype=np.int64)
        inside = aside[(aside >= self.next) & (aside < upto)]
        if len(inside):
            lines = np.delete(lines, inside - self.next)
        self.next, self.last = upto, max(self.last, upto - 1)
        if count:
            yield {name: batch.column(name) for name in wanted}, lines

    def _fix_rows(self, wanted: Sequence[str], coded: frozenset[str]) -> Iterator[tuple[dict[str, pa.Array], Ints]]:
        """The rows that were put aside: padded or cut to the header, without those of a single cell, and those that may be shifted."""
        import pyarrow as pa

        rows, lines, single, left = [], [], [], [number for number, _ in self.wrong[MENDED:]]
        for number, text in self.wrong[:MENDED]:
            cells = next(csv.reader([text], delimiter=self.mark), [])
            filled = sum(map(bool, cells))
            if filled > 1 and self.doubts and self.doubts([cell.strip() for cell in cells]):
                left.append(number)
            elif filled > 1:
                rows.append([*cells, *[""] * len(self.names)][: len(self.names)])
                lines.append(number)
            elif filled:
                single.append(number)
        self.faults.add("cells", lines)
        self.faults.add("single", single)
        self.faults.add("left", sorted(left))
        if rows:
            self.last = max(self.last, lines[-1])
            columns = {name: pa.array([row[self.names.index(name)] for row in rows], pa.string()) for name in wanted}
            yield (
                {name: c.dictionary_encode() if name in coded else c for name, c in columns.items()},
                np.array(lines, dtype=np.int64),
            )


def _has_quotes(source: SourceFile) -> bool:
    """Whether the file has a quote anywhere: without one it is read faster."""
    with source.open() as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                return view.find(b'"') >= 0
        except (OSError, ValueError):  # in memory, or empty
            return True

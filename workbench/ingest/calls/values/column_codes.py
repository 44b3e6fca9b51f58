"""Columns as codes into their different values: what is cleaned once per value and not once per row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class CodedColumn:
    """A column: `codes` (one per row) into `values` (the different texts)."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: NDArray[np.int32], values: Sequence[str]) -> None:
        self.codes, self.values = codes, values

    def __len__(self) -> int:
        return len(self.codes)

    def map(self, function: Callable[[str], str]) -> CodedColumn:
        """Column of the function of each value; values that become the same share a code."""
        return deduplicate_values(self.codes, [function(value) for value in self.values])

    def to_numbers(self, function: Callable[[str], float]) -> NDArray[np.float64]:
        """Function of each value per row, as numbers."""
        return np.array([function(value) for value in self.values], dtype=np.float64)[self.codes]

    def to_integers(self, function: Callable[[str], int]) -> Ints:
        """Function of each value per row, as whole numbers."""
        return np.array([function(value) for value in self.values], dtype=np.int64)[self.codes]

    def to_flags(self, function: Callable[[str], bool]) -> Bools:
        """Function of each value per row, as yes or no."""
        return np.array([function(value) for value in self.values], dtype=np.bool_)[self.codes]

    def get_text(self, index: int) -> str:
        """Text of a row."""
        return self.values[int(self.codes[index])]

    def to_arrow(self) -> pa.DictionaryArray:
        """Dictionary array of the texts."""
        import pyarrow as pa

        return pa.DictionaryArray.from_arrays(pa.array(self.codes), pa.array(list(self.values), pa.string()))


def encode_array(array: pa.Array) -> CodedColumn:
    """Codes of an Arrow array of texts; null is ''."""
    codes, texts = split_codes(array)
    return CodedColumn(codes, texts.to_pylist())


def split_codes(array: pa.Array) -> tuple[NDArray[np.int32], pa.Array]:
    """Code of each row, and the different texts; null is ''."""
    import pyarrow as pa

    if array.null_count or not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).fill_null("").dictionary_encode()
    return array.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), array.dictionary


def deduplicate_values(codes: NDArray[np.int32], values: Sequence[str]) -> CodedColumn:
    """Column whose values may repeat, with each value once."""
    places: dict[str, int] = {}
    moved = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
    return CodedColumn(moved[codes] if len(moved) else codes, list(places))


def build_constant(text: str, rows: int) -> CodedColumn:
    """Column of one text."""
    return CodedColumn(np.zeros(rows, dtype=np.int32), [text])


def select_text(where: Bools, one: CodedColumn, other: CodedColumn) -> CodedColumn:
    """Text of `one` where it holds, else of `other`."""
    codes = np.where(where, one.codes, other.codes + len(one.values)).astype(np.int32)
    return deduplicate_values(codes, [*one.values, *other.values])


class Texts:
    """The different texts of a whole table, numbered in the order in which they come; 0 is ''."""

    def __init__(self) -> None:
        import pyarrow as pa

        self.ids: dict[str, int] = {"": 0}
        self.names: list[str] = [""]
        self.arrow = pa.array([""], pa.string())

    def __len__(self) -> int:
        return len(self.names)

    def add(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Number of each text; new ones are taken in."""
        import pyarrow as pa

        ids, before = self.ids, len(self.names)
        found = np.array([ids.setdefault(text, len(ids)) for text in texts], dtype=np.int32)
        if len(ids) > before:
            new = list(islice(reversed(ids), len(ids) - before))[::-1]
            self.names += new
            self.arrow = pa.concat_arrays([self.arrow, pa.array(new, pa.string())])
        return found

    def encode_column(self, array: pa.Array) -> NDArray[np.int32]:
        """Number of the text of each row; only texts that are new pass through Python."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_dictionary(array.type) or array.null_count:
            codes, texts = split_codes(array)
            distinct_: NDArray[np.int32] = self.encode_column(texts)[codes]
            return distinct_
        found: NDArray[np.int32] = pc.index_in(array, self.arrow).fill_null(-1).to_numpy(zero_copy_only=False)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            new = array.take(pa.array(missing))
            self.add(pc.unique(new).to_pylist())
            found = found.copy()
            found[missing] = pc.index_in(new, self.arrow).to_numpy(zero_copy_only=False)
        return found

    def decode_column(self, codes: NDArray[np.int32]) -> pa.DictionaryArray:
        """Dictionary array of the texts of the codes, with those that are used."""
        import pyarrow as pa

        used = np.zeros(len(self.names), dtype=np.bool_)
        used[codes] = True
        places = np.flatnonzero(used)
        moved = (np.cumsum(used, dtype=np.int32) - 1)[codes]
        return pa.DictionaryArray.from_arrays(pa.array(moved), self.arrow.take(pa.array(places)))


class CodeMeaning(NamedTuple):
    """What is known of one raw text: its value ('' none), a word about it, the rules that it breaks, whether to keep it."""

    value: str
    word: int
    rules: int
    differs: bool


class Pool:
    """Raw texts of columns of one kind over the whole table: each is cleaned once."""

    def __init__(self, texts: Texts, clean: Callable[[str], CodeMeaning]) -> None:
        self.raw, self.texts, self.clean = Texts(), texts, clean
        first = clean("")
        self.values = np.zeros(1, dtype=np.int32)
        self.words = np.array([first.word], dtype=np.int8)
        self.rules = np.array([first.rules], dtype=np.uint32)
        self.differs = np.zeros(1, dtype=np.bool_)

    def take_all(self, arrays: Mapping[str, pa.Array]) -> dict[str, NDArray[np.int32]]:
        """Numbers of the raw texts of several columns of one length, looked up together."""
        import pyarrow as pa

        if not arrays:
            return {}
        plain = all(array.type == pa.string() for array in arrays.values())
        if not plain or len(arrays) == 1:
            return {name: self.encode_texts(array) for name, array in arrays.items()}
        found = self.encode_texts(pa.concat_arrays(list(arrays.values())))
        return dict(zip(arrays, np.split(found, len(arrays)), strict=True))

    def encode_texts(self, array: pa.Array) -> NDArray[np.int32]:
        """Number of the raw text of each row."""
        before = len(self.raw)
        found = self.raw.encode_column(array)
        if len(self.raw) > before:
            known = [self.clean(text) for text in self.raw.names[before:]]
            self.values = np.concatenate([self.values, self.texts.add([one.value for one in known])])
            self.words = np.concatenate([self.words, np.array([one.word for one in known], dtype=np.int8)])
            self.rules = np.concatenate([self.rules, np.array([one.rules for one in known], dtype=np.uint32)])
            self.differs = np.concatenate([self.differs, np.array([one.differs for one in known], dtype=np.bool_)])
        return found

    def as_written(self, codes: NDArray[np.int32]) -> pa.DictionaryArray:
        """The raw texts, '' where they say no more than the value."""
        return self.raw.decode_column(np.where(self.differs[codes], codes, 0).astype(np.int32))

    def get_text(self, code: int) -> str:
        """Raw text of a number."""
        return self.raw.names[code]


def order_of(codes: NDArray[np.int32]) -> Ints:
    """Places of the codes in order, equal ones as they stand; quicker where few are different."""
    _, places = find_distinct(codes.astype(np.int64))
    few = len(places) > 0 and int(places.max()) < 1 << 16
    found: Ints = np.argsort(places.astype(np.uint16) if few else codes, kind="stable")
    return found


def find_distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """Different numbers in order, and the place of each row's; without a sort where they lie close together."""
    if not len(numbers):
        return numbers, numbers
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > 1_000_000 + 4 * len(numbers):
        found, places = np.unique(numbers, return_inverse=True)
        return found, places
    used = np.zeros(high - low + 1, dtype=np.bool_)
    used[numbers - low] = True
    return np.flatnonzero(used) + low, (np.cumsum(used) - 1)[numbers - low]

"""Rows on their way between processes: as JSON, mass rows as Arrow, files within as they are. Nothing is unpickled.

What comes from the process that opened a stranger's file is looked at as any file is: a row has the fields of its kind, each
of its type, or the whole message is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from operator import attrgetter

from workbench.errors import WorkbenchError
from workbench.model.catalogue import Sentence
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, LedgerRow, Passage, Row, Trace
from workbench.model.table_schemas import MASS
from workbench.worker import Message

ROWS, MASS_ROWS, FILE, VALUE, REFUSAL = b"r", b"m", b"f", b"v", b"x"
"""Tags of messages."""
KINDS: tuple[type[LedgerRow], ...] = (Document, Trace, Passage, Claim, Issue)
AT_ONCE, SIZE = 500, 200_000
"""Rows, and about how many letters, of one message."""
HEAD = 4
NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in KINDS}
TAKERS = {kind: attrgetter(*names) for kind, names in NAMES.items()}
NUMBERS = {kind: number for number, kind in enumerate(KINDS)}


def _list_types(kind: type[LedgerRow]) -> tuple[type, ...]:
    """The type of each field as JSON has it."""
    said = {"int": int, "float": (int, float), "tuple[str, ...]": list}
    hints = {one.name: str(one.type) for one in fields(kind)}
    return tuple(said.get(hints[name], str) for name in NAMES[kind])  # type: ignore[misc]


TYPES = {kind: _list_types(kind) for kind in KINDS}


class BadMessage(Exception):  # noqa: N818
    """A message that holds no rows as they were agreed on."""


def encode_rows(rows: Iterable[Row]) -> Iterator[Message]:
    """Rows as messages, in their order."""
    held: list[tuple[int, tuple[object, ...]]] = []
    size = 0
    for row in rows:
        if isinstance(row, Batch | Enclosure):
            if held:
                yield _encode_message(held)
            held, size = [], 0
            yield _encode_batch(row) if isinstance(row, Batch) else _encode_file(row)
            continue
        held.append((NUMBERS[type(row)], TAKERS[type(row)](row)))
        size += len(row.text) if isinstance(row, Passage) else len(row.value) if isinstance(row, Claim) else 0
        if len(held) >= AT_ONCE or size >= SIZE:
            yield _encode_message(held)
            held, size = [], 0
    if held:
        yield _encode_message(held)


def decode_rows(message: Message) -> Iterator[Row]:
    """Rows of a message.

    Raises
    ------
    BadMessage
        If it holds none, or other than it says.
    """
    if message.tag == ROWS:
        yield from _decode_ledger_rows(message)
    elif message.tag == MASS_ROWS:
        yield _decode_batch(message)
    elif message.tag == FILE:
        head, data = _split_payload(message.payload)
        name, document, *further = _check_texts(head, 2, is_open=True)
        yield Enclosure(name, bytes(data), document, tuple(further))
    else:
        raise BadMessage


def encode_value(given: object) -> Message:
    """A value that JSON can say as a message; a sentence of the catalogue stays one."""
    return Message(VALUE, json.dumps(_to_json_value(given)).encode())


def encode_refusal(error: WorkbenchError) -> Message:
    """Why a file is refused, as a message: the kind of the error and its sentence."""
    return Message(REFUSAL, json.dumps(_to_json_value((type(error).__name__, error.sentence))).encode())


def decode_value(message: Message) -> object:
    """The value of a message."""
    try:
        return _from_json_value(json.loads(message.payload))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadMessage from error


def _encode_message(held: list[tuple[int, tuple[object, ...]]]) -> Message:
    return Message(ROWS, json.dumps(held).encode(), len(held))


def _decode_ledger_rows(message: Message) -> Iterator[LedgerRow]:
    try:
        found = json.loads(message.payload)
    except (ValueError, RecursionError) as error:
        raise BadMessage from error
    if not isinstance(found, list) or len(found) != message.number:
        raise BadMessage
    for number, given in found:
        kind = KINDS[number]
        if len(given) != len(TYPES[kind]) or not all(map(isinstance, given, TYPES[kind])):
            raise BadMessage
        if kind is Issue:
            given[-1] = tuple(map(str, given[-1]))
        yield kind(*given)


def _encode_batch(row: Batch) -> Message:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, row.rows.schema) as writer:
        writer.write_batch(row.rows)
    return Message(MASS_ROWS, _encode_payload([row.table], sink.getvalue()), row.rows.num_rows)


def _decode_batch(message: Message) -> Batch:
    import pyarrow as pa

    head, data = _split_payload(message.payload)
    (table,) = _check_texts(head, 1)
    if table not in MASS:
        raise BadMessage
    try:
        with pa.ipc.open_stream(pa.py_buffer(data)) as reader:
            rows = reader.read_next_batch()
        rows.validate(full=True)
    except (pa.ArrowException, StopIteration, OSError) as error:
        raise BadMessage from error
    if rows.num_rows != message.number:
        raise BadMessage
    return Batch(table, rows)


def _encode_file(row: Enclosure) -> Message:
    return Message(FILE, _encode_payload([row.name, row.document_id, *row.further], row.data), 1)


def _encode_payload(head: list[str], data: bytes) -> bytes:
    said = json.dumps(head).encode()
    return b"".join((len(said).to_bytes(HEAD, "big"), said, data))


def _split_payload(payload: bytes) -> tuple[object, memoryview]:
    length = int.from_bytes(payload[:HEAD], "big")
    try:
        return json.loads(payload[HEAD : HEAD + length]), memoryview(payload)[HEAD + length :]
    except (ValueError, RecursionError) as error:
        raise BadMessage from error


def _check_texts(head: object, count: int, *, is_open: bool = False) -> list[str]:
    """So many texts; with `is_open`, at least so many."""
    if (
        not isinstance(head, list)
        or len(head) < count
        or (len(head) > count and not is_open)
        or not all(isinstance(one, str) for one in head)
    ):
        raise BadMessage
    return head


def _to_json_value(given: object) -> object:
    """A value in what JSON knows; sentences and tuples as objects that say what they are."""
    if isinstance(given, Sentence):
        told = {"sentence": given.key, "other": given.other, "context": given.context}
        return {**told, "values": {name: _to_json_value(one) for name, one in given.values.items()}}
    if isinstance(given, tuple):
        return {"tuple": [_to_json_value(one) for one in given]}
    if isinstance(given, list):
        return [_to_json_value(one) for one in given]
    if isinstance(given, Mapping):
        return {"mapping": [[name, _to_json_value(one)] for name, one in given.items()]}
    if isinstance(given, BaseException):
        return _to_json_value(given.sentence) if hasattr(given, "sentence") else str(given)
    return given if given is None or isinstance(given, str | int | float) else str(given)


def _from_json_value(given: object) -> object:
    if isinstance(given, list):
        return [_from_json_value(one) for one in given]
    if not isinstance(given, dict):
        return given
    if "sentence" in given:
        values = {name: _from_json_value(one) for name, one in given["values"].items()}
        return Sentence(given["sentence"], given["other"], context=given["context"], **values)
    if "tuple" in given:
        return tuple(_from_json_value(one) for one in given["tuple"])
    return {name: _from_json_value(one) for name, one in given["mapping"]}

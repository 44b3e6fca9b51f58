"""Reader `ftm-entities`: entities of FollowTheMoney as JSON, one per line or in an array: {id, schema, properties}.

Every value becomes a received claim as it stands. Schemata and properties that the vocabulary lacks are reported and kept
in the passage. An entity that lies within another (the nested form) is read as one of its own.

References
----------
FollowTheMoney 4.11, `EntityProxy.to_dict`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.reading.json_objects import Item, Objects, format_value, parse_first_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.registers.register_record import Record, Value
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row

METHOD = "ftm-entities"
VERSION = "2"
OWN = frozenset({"id", "schema", "properties", "caption"})
DECIDING = ("id", "schema", "properties")
NESTED = 4


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: its first object is an entity."""
    found = parse_first_value(head)
    if is_entity(found):
        return Sentence("detected.entities")
    start = head.lstrip()[:1] in (b"{", b"[")
    named = source.name.endswith((".ftm.json", ".ftm", "entities.ftm.json", ".ftm.jsonl", ".ftm.ndjson"))
    return Sentence("detected.entities_name") if start and named else ""


def is_entity(value: object) -> bool:
    """Whether a value has the form of an entity."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("schema"), str)
        and isinstance(value.get("properties"), dict)
        and not isinstance(value.get("type"), str)
    )


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the file with a passage per entity, and one for each entity that is a document itself."""
    from workbench.ingest.registers.record_claims import list_rows

    del options
    objects = Objects(source)
    wrong: list[str] = []
    yield from list_rows(source, lambda: read_records(objects, wrong), METHOD, VERSION)
    yield from objects.issues
    if wrong:
        yield _build_entity_issue(wrong)


def read_records(objects: Objects, wrong: list[str]) -> Iterator[Record]:
    """Entities of the file; what is none is noted in `wrong`."""
    wrong.clear()
    for item in objects:
        if is_entity(item.value):
            yield from list_entity_records(item)
        else:
            wrong.append(f"{item.place} {format_value(item.value)[:80]!r}")


def list_entity_records(item: Item, depth: int = 0) -> Iterator[Record]:
    """Record of one entity, and of those that lie within it."""
    data = item.value
    if not isinstance(data, dict):
        return
    record = Record(format_value(data.get("id")), format_value(data["schema"]), item.place)
    record.extra = [(key, _format_list(value)) for key, value in data.items() if key not in OWN]
    record.doubled = {
        name: [format_value(data[name]), format_value(data[f"{name} (2)"])]
        for name in DECIDING
        if f"{name} (2)" in data and data[f"{name} (2)"] != data[name]
    }
    inside: list[Item] = []
    for prop, given in data["properties"].items():
        for value in given if isinstance(given, list) else [given]:
            within = is_entity(value) and depth < NESTED
            if within:
                inside.append(Item(f"{item.place} {prop} {len(inside) + 1}", value))
            text = _get_name(inside[-1]) if within else format_value(value)
            if text:
                record.values.append(Value(prop, text))
    yield record
    for one in inside:
        yield from list_entity_records(one, depth + 1)


def _get_name(item: Item) -> str:
    """What the outer entity calls one that lies within it."""
    return Record(
        format_value(item.value["id"]) if isinstance(item.value, dict) and "id" in item.value else "", "", item.place
    ).name


def _format_list(value: object) -> str:
    return ", ".join(map(format_value, value)) if isinstance(value, list) else format_value(value)


def _build_entity_issue(wrong: list[str]) -> Issue:
    shown = "; ".join(wrong[:3])
    return build_issue(
        "bad-row",
        Sentence("row.register.entities", count=len(wrong), shown=shown),
        fix=Sentence("fix.look.places"),
        place=wrong[0].partition(" '")[0],
    )

"""The answers of the case, kept apart from what a learner opens."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import cast

from greyheron.calls import Defect
from greyheron.chatexport import Copy
from greyheron.manifest import as_yaml
from greyheron.registers import Register
from greyheron.world import World, read_story


@dataclass(frozen=True)
class Made:
    """What the generator made and the truth has to describe."""

    copies: list[Copy]
    persons: Register
    defects: list[Defect]
    counts: dict[str, int]


def fill_placeholders(world: World, value: object) -> object:
    """Return the value with every placeholder in its texts filled."""
    if isinstance(value, str):
        return world.fill(value)
    if isinstance(value, list):
        return [fill_placeholders(world, item) for item in value]
    if isinstance(value, dict):
        return {key: fill_placeholders(world, item) for key, item in value.items()}
    return value


def _csv(columns: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _messages(copies: list[Copy]) -> bytes:
    """Return one row for each message line: who really wrote it, and which message it is a copy of."""
    order = sorted({(copy.message.at, copy.message.text) for copy in copies})
    number = {key: f"M{place:04d}" for place, key in enumerate(order, start=1)}
    rows = []
    for copy in copies:
        message = copy.message
        at = message.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        wrong = "wrong" if message.swapped_on == copy.device else "right"
        place = [number[(message.at, message.text)], copy.device, copy.conversation, copy.thread]
        rows.append([*place, at, message.sender, copy.sender, wrong, "lead" if message.lead else "everyday"])
    columns = "message device conversation thread at_utc sender shown_sender shown_is part".split()
    return _csv(columns, rows)


def make_truth(world: World, made: Made) -> dict[str, bytes]:
    """Return ``truth.yml`` and its tables."""
    story = cast(dict[str, object], fill_placeholders(world, read_story("truth.yml")))
    defects: list[dict[str, object]] = [
        {"rule": one.rule, "file": "files/calls.csv", "data_rows": one.rows, "what": one.what} for one in made.defects
    ]
    story["defects"] = defects + cast(list[dict[str, object]], story["defects"])
    story["counts"] = made.counts
    entities = cast(dict[str, dict[str, list[str]]], story["entities"])
    names = [[key, kind, str(v)] for key, row in entities.items() for kind, vs in row.items() for v in _as_list(vs)]
    pairs = cast(list[dict[str, str]], story["pairs"])
    passages = [
        [str(event["id"]), source["file"], source["passage"]]
        for event in cast(list[dict[str, object]], story["events"])
        for source in cast(list[dict[str, str]], event["sources"])
    ]
    persons = zip(made.persons.rows, made.persons.keys, strict=True)
    return {
        "truth/truth.yml": as_yaml({"dataset": "harbour", "seed": world.seed, **story}),
        "truth/entities.csv": _csv(["entity", "property", "value"], names),
        "truth/pairs.csv": _csv(
            ["left", "right", "same", "because"],
            [[pair["left"], pair["right"], str(pair["same"]).lower(), pair["because"]] for pair in pairs],
        ),
        "truth/passages.csv": _csv(["event", "file", "passage"], passages),
        "truth/messages.csv": _messages(made.copies),
        "truth/persons.csv": _csv(["reg_no", "entity"], [[r[0], key or f"only-{r[0]}"] for r, key in persons]),
    }


def _as_list(value: list[str] | str) -> list[str]:
    return value if isinstance(value, list) else [value]

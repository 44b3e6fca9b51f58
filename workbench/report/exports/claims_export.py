"""Claims as FollowTheMoney writes them: entities as JSON lines, statements as CSV and JSON lines. Read again they are the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.model.schema import load_vocabulary
from workbench.model.text.normalise import normalise_name
from workbench.model.text.spreadsheet_escape import escape_formula

if TYPE_CHECKING:
    import pandas as pd

    from workbench.report.exports.export_header import About

COLUMNS = (
    "canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "origin", "lang", "original_value",
    "external", "first_seen", "last_seen", "id",
)  # fmt: skip
"""Columns of FollowTheMoney's statements."""
MARK = "guarded"
"""Column behind them: whether the texts of a row are guarded."""


def encode_entities(evidence: pd.DataFrame, about: About) -> bytes:
    """Entities of FollowTheMoney, one JSON object per line: {id, schema, properties}, in order of id.

    Parameters
    ----------
    evidence : DataFrame
        Rows of EVIDENCE. What officers judged the same is one entity, with its canonical id; values that point to an entity
        name it by its canonical id.

    Notes
    -----
    Neither place, confidence nor grade fits into this format, nor whether something is suggested: leave suggestions out, and
    take `statements` for them. An entity of which schemata are claimed that exclude each other has a line for each.

    References
    ----------
    FollowTheMoney 4.11, `EntityProxy.to_dict`.
    """
    del about
    names = dict(zip(evidence["entity_id"], evidence["canonical_id"], strict=True))
    columns = ["canonical_id", "schema", "prop", "value"]
    rows = evidence[columns].drop_duplicates().sort_values(columns)
    made = (one for key, group in rows.groupby("canonical_id") for one in _build_entities(str(key), group, names))
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in made).encode("utf-8", "backslashreplace")


def encode_statements(evidence: pd.DataFrame, about: About) -> bytes:
    """Statements of FollowTheMoney as CSV, each once, in order of entity: what a machine suggests is marked as external.

    Parameters
    ----------
    evidence : DataFrame
        Rows of EVIDENCE. Each entity keeps its own id; `canonical_id` is that of what it was judged the same with.
    about : About
        The case's title gives the name of the data set.

    Notes
    -----
    No cell is ever a formula (`workbench.model.text.spreadsheet_escape.escape_formula`). The column 'guarded' tells the rows in
    which a text was changed for that; FollowTheMoney's own reader passes over it and takes such a text as it stands.

    References
    ----------
    FollowTheMoney 4.11, `followthemoney.statement.serialize`.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, MARK], restval="", dialect=csv.unix_dialect)
    writer.writeheader()
    for said in _list_statements(evidence, about):
        row = {name: escape_formula(text) for name, text in said.items()}
        writer.writerow({**row, MARK: "" if row == said else "t"})
    return out.getvalue().encode("utf-8")


def encode_statement_lines(evidence: pd.DataFrame, about: About) -> bytes:
    """The same statements as JSON lines, as FollowTheMoney writes them: every value as it is, for programs."""
    made = (
        {name: said.get(name) or None for name in COLUMNS} | {"external": said["external"] == "t"}
        for said in _list_statements(evidence, about)
    )
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in made).encode("utf-8", "backslashreplace")


def _list_statements(evidence: pd.DataFrame, about: About) -> Iterator[dict[str, str]]:
    dataset = normalise_name(about.title).replace(" ", "_").replace("-", "_") or "case"
    key = ["canonical_id", "entity_id", "schema", "prop", "value"]
    for names, group in evidence.groupby(key, sort=True):
        yield _build_statement(dict(zip(key, map(str, names), strict=True)), group, dataset)


def _build_statement(said: dict[str, str], places: pd.DataFrame, dataset: str) -> dict[str, str]:
    from followthemoney.statement.statement import Statement

    kind = load_vocabulary().schemata[said["schema"]].properties[said["prop"]].type.name
    original = "" if kind == "entity" else next((one for one in places["original_value"] if one), "")
    external = bool(((places["kind"] == "suggested") & (places["verdict"] != "accepted")).all())
    key = Statement.make_key(dataset, said["entity_id"], said["prop"], said["value"], external) or ""
    return {**said, "prop_type": kind, "dataset": dataset, "origin": min(places["method"]), "original_value": original,
            "external": "t" if external else "f", "id": key}  # fmt: skip


def _build_entities(entity: str, rows: pd.DataFrame, names: dict[str, str]) -> Iterator[dict[str, object]]:
    """The entity that rows of one canonical id are; several where no schema takes all of them."""
    leaves = _select_leaf_schemata(sorted(set(rows["schema"])))
    by_leaf: dict[str, dict[str, list[str]]] = {leaf: {} for leaf in leaves}
    for schema, prop, value in rows[["schema", "prop", "value"]].itertuples(index=False):
        leaf = next(leaf for leaf in leaves if load_vocabulary().schemata[leaf].is_a(schema))
        points = load_vocabulary().schemata[schema].properties[prop].type.name == "entity"
        values = by_leaf[leaf].setdefault(prop, [])
        if (text := names.get(value, value) if points else value) not in values:
            values.append(text)
    for leaf, properties in by_leaf.items():
        yield {"id": entity, "schema": leaf, "properties": dict(sorted(properties.items()))}


def _select_leaf_schemata(schemata: list[str]) -> list[str]:
    """Those of the schemata that no other of them is more particular than."""
    known = [load_vocabulary().schemata[name] for name in schemata]
    return [one.name for one in known if not any(other is not one and other.is_a(one.name) for other in known)]

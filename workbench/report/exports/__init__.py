"""Exports to other tools' formats: tables, graphs and claims to the bytes of a file. Pure: nothing here reads or writes a case.

The same input gives the same bytes. Every export carries the marking of the case, inside where the format has a place for it,
and in the file that lies beside it (`About.beside`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence, get_term, join_sentences
from workbench.model.text.spreadsheet_escape import escape_formula, escape_unseen, unescape_formula, unescape_unseen
from workbench.report.exports import claims_export, graphs, text_tables, workbook
from workbench.report.exports.contact_cards import to_vcf
from workbench.report.exports.export_header import About
from workbench.report.exports.geojson import to_geojson
from workbench.report.exports.kml import to_kml
from workbench.report.exports.map_features import Map

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

TABLES: Mapping[str, Callable[[pd.DataFrame, About], bytes]] = {
    ".csv": text_tables.to_csv,
    ".tsv": text_tables.to_tsv,
    ".xlsx": workbook.to_xlsx,
}
CLAIMS: Mapping[str, Callable[[pd.DataFrame, About], bytes]] = {
    ".ftm.json": claims_export.encode_entities,
    ".statements.csv": claims_export.encode_statements,
    ".statements.json": claims_export.encode_statement_lines,
}
PEOPLE: Mapping[str, Callable[[pd.DataFrame, pd.DataFrame, About], bytes]] = {".vcf": to_vcf}
MAPS: Mapping[str, Callable[[Map, About], bytes]] = {".geojson": to_geojson, ".kml": to_kml}
GRAPHS: Mapping[str, Callable[[nx.Graph, About], bytes]] = {
    ".graphml": graphs.to_graphml,
    ".gexf": graphs.to_gexf,
    ".json": graphs.to_node_link,
}
CHART = ".anx"
"""A graph as a chart for i2 Analyst's Notebook: the widgets write it, as they write their own."""
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "a table": tuple(TABLES),
    "claims": tuple(CLAIMS),
    "persons": tuple(PEOPLE),
    "a map": tuple(MAPS),
    "a graph": (*GRAPHS, CHART),
}
"""What a file holds, and the endings of its name that say so."""

NOTES: Mapping[str, tuple[str, ...]] = {
    ".csv": ("tables",), ".tsv": ("tables",), ".xlsx": ("workbook",), ".ftm.json": ("register",),
    ".statements.csv": ("register", "guarded"), ".statements.json": ("register",), ".vcf": ("contacts",),
    ".geojson": ("places",), ".kml": ("places",), CHART: ("lines",),
}  # fmt: skip
"""What a reader of a format must know: `export.note` of the catalogue."""


def get_ending(name: str) -> str:
    """The ending of a file's name that says what an export writes.

    Raises
    ------
    CaseError
        With the endings that there are.
    """
    known = sorted((end for ends in ENDINGS.values() for end in ends), key=len, reverse=True)
    found = next((end for end in known if name.lower().endswith(end) and len(name) > len(end)), "")
    if not found:
        kinds = (
            Sentence("{ends} ({what})", what=get_term("refused.export.holds", what), ends=ends)
            for what, ends in ENDINGS.items()
        )
        listed = join_sentences("{one}; {more}", kinds)
        given = PurePath(name).suffix
        raise CaseError(
            Sentence(
                "'{ending}' files cannot be written. Use one of these endings: {listed}.", ending=given, listed=listed
            )
            if given
            else Sentence(
                "The name '{name}' has no ending that shows the format. Use one of these endings: {listed}.",
                name=name,
                listed=listed,
            )
        )
    return found


__all__ = [
    "CHART",
    "CLAIMS",
    "ENDINGS",
    "GRAPHS",
    "MAPS",
    "NOTES",
    "PEOPLE",
    "TABLES",
    "About",
    "Map",
    "escape_formula",
    "escape_unseen",
    "get_ending",
    "unescape_formula",
    "unescape_unseen",
]

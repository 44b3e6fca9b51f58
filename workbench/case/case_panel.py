"""The case as a panel: joins the verbs of the case to the widgets of `workbench.views`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import graph
from workbench.case.access import consultation_log, marks
from workbench.case.context import entity_hints
from workbench.case.context.case_context import CaseContext
from workbench.case.context.protocols import PanelCase
from workbench.case.evidence import citations, flag_review
from workbench.case.network import document_quotations
from workbench.case.sources import import_plan
from workbench.case.verbs.error_translation import wrap_acts
from workbench.errors import CaseError
from workbench.graph import list_attributions
from workbench.model.issue_codes import translate_message
from workbench.model.schema import translate_schema
from workbench.model.stored_sentences import find_sentence, translate_lines
from workbench.model.table_schemas import iterate_rows
from workbench.views import html_tables
from workbench.views.panel import Panel
from workbench.views.panel_backend import PanelBackend

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.catalogue import Translator

PEOPLE, PROBLEMS, SOURCES = 10, 8, 12
"""Rows of the overview."""


def build_panel(case: PanelCase) -> Panel:
    """The panel of a case."""
    return Panel(build_panel_backend(case))


def build_panel_backend(case: PanelCase) -> PanelBackend:
    """What the panel needs of a case."""
    return _Desk(case)


@wrap_acts
class _Desk:
    """What the panel asks of a case (`workbench.views.panel_backend.PanelBackend`)."""

    def __init__(self, case: PanelCase) -> None:
        self.case = case

    @property
    def say(self) -> Translator:
        """Strings in the language of the case."""
        return self.case.context.say

    def overview(self) -> str:
        """Sources, people, period, problems."""
        return build_overview(self.case)

    def search(self, text: str, **options: str) -> pd.DataFrame:
        """Hits with the place of each."""
        return self.case.search(text, **options)

    def pairs(self) -> pd.DataFrame:
        """Candidate pairs of persons first, then of everything."""
        found = self.case.judgements.duplicates()
        return found.sort_values("schema", key=lambda schemata: schemata != "Person", kind="stable")

    def facts(self, entity: str) -> list[tuple[str, str]]:
        """Names, birth date, numbers, what it is recorded as using, and the files that say so."""
        return consultation_log.log_answer(
            self.case.context, "facts", entity_hints.list_facts(self.case.context, entity), entity
        )

    def mentions(self) -> pd.DataFrame:
        """Suggested persons, organisations and numbers that nobody has looked at, most often named first."""
        return consultation_log.log_answer(self.case.context, "suggestions", list_suggestions(self.case.context))

    def example(self, entity: str) -> dict[str, object]:
        """The first passage in which it is named, with the name marked."""
        return consultation_log.log_answer(
            self.case.context, "example", find_example(self.case.context, entity), entity
        )

    def flags(self) -> pd.DataFrame:
        """Flags that nobody has decided on, one row a flag."""
        found = flag_review.list_flags(self.case.context)
        waiting = found[found["state"] == flag_review.SUGGESTED].drop_duplicates("flag_id", ignore_index=True)
        return consultation_log.log_answer(self.case.context, "flags", waiting, flag_review.SUGGESTED)

    def find_flagged_passage(self, row: dict[str, object]) -> dict[str, object]:
        """The passage of a flag with the words marked, empty where it has none."""
        return find_flagged_passage(self.case.context, row)

    def decide(self, flag: str, *, confirm: bool, because: str) -> None:
        """Confirm or dismiss a flag."""
        (self.case.review.accept if confirm else self.case.review.reject)(flag, because=because)

    def judge(self, pair: tuple[str, str], *, same: bool | None, because: str) -> None:
        """Judge a pair."""
        self.case.judgements.judge(list(pair), same=same, because=because)

    def review(self, entity: str, *, accept: bool, because: str) -> None:
        """Accept or reject a suggested entity."""
        (self.case.review.accept if accept else self.case.review.reject)(entity, because=because)

    def plan(self, name: str, content: bytes) -> import_plan.Plan:
        """How a file that came through the browser would be read."""
        return import_plan.plan_of(self.case.context, name, content)

    def read_added(self, table: pd.DataFrame) -> str:
        """Read the text of what was added; a sentence on what came in."""
        row = table.iloc[0]
        if row["state"] != "read":
            why = translate_lines(row["why"], "refused.file", self.say.language)
            return self.say(
                "{name}: {state}. {why}", name=row["name"], state=self.say.term("word", row["state"]), why=why
            )
        self.case.extract()
        values = {"name": row["name"], "reader": row["reader"], "why": find_sentence(row["why"], "detected")}
        if len(table) > 1:
            return self.say.count(
                "{name}: read as {reader}, {n} document. Files inside it: {inner}. {why}",
                "{name}: read as {reader}, {n} documents. Files inside it: {inner}. {why}",
                int(row["documents"]),
                **values,
                inner=len(table) - 1,
            )
        return self.say.count(
            "{name}: read as {reader}, {n} document. {why}",
            "{name}: read as {reader}, {n} documents. {why}",
            int(row["documents"]),
            **values,
        )

    def withdraw(self, source: str, because: str) -> str:
        """Take back what was read from a file."""
        if not because:
            raise CaseError(self.say("Enter the reason first. It is saved with the withdrawal."))
        self.case.sources.withdraw(source, because=because)
        return self.say(
            "The file was withdrawn, but it stays in the case. To use it again, select “Read again”. The "
            "program then reads it with the current settings."
        )


def build_overview(case: PanelCase) -> str:
    """HTML of what a case holds, with every text escaped."""
    say = case.context.say
    sources, issues, settings = case.sources.list(), case.sources.issues(), case.context.settings
    files = sources.rename(columns={"reader": "read as"})
    files["state"] = [say.term("word", state) for state in files["state"]]
    files["reason"] = [translate_lines(text, "refused.file", say.language) for text in files["reason"]]
    title = (
        f'<p><span class="mark">{html_tables.escape_text(marks.format_mark(case.context))}</span>'
        f"<b>{html_tables.isolate_text(settings.title)}</b></p>"
    )
    problems = issues.groupby(["severity", "code"], as_index=False, sort=False).agg(
        count=("code", "size"), example=("message", "first")
    )
    problems["severity"] = [say.term("word", severity) for severity in problems["severity"]]
    problems["code"] = [say.term("issue", code) for code in problems["code"]]
    problems["example"] = [translate_message(text, say.language) for text in problems["example"]]
    return html_tables.build_block(
        title, html_tables.build_figures(_list_figures(case, sources, issues)),
        _format_heading(say("Who is in contact with whom: ranking in the supplied data")), _build_people_table(case),
        _format_heading(say("Files", context="views overview")),
        html_tables.build_table(files, [c for c in FILES if files[c].astype(str).any()], SOURCES, say=say),
        _format_heading(say("Issues in the data")),
        html_tables.build_table(problems, ["severity", "code", "count", "example"], PROBLEMS, say=say),
    )  # fmt: skip


def _format_heading(text: str) -> str:
    return f"<h3>{html_tables.escape_text(text)}</h3>"


FILES = ("name", "exhibit", "state", "read as", "documents", "reason")


def _list_figures(case: PanelCase, sources: pd.DataFrame, issues: pd.DataFrame) -> list[tuple[str, str]]:
    times = case.documents()["at"]
    times = times[times != ""]
    say = case.context.say
    counts = [
        ("files", len(sources)), ("documents", len(case.documents())), ("things", len(case.context.canonical_entities)),
        ("pairs", len(case.judgements.duplicates())), ("doubts", len(issues)), ("flags", _count_open_flags(case.context)),
    ]  # fmt: skip
    figures = [(say(f"views.figure.{name}"), say.figure(number)) for name, number in counts]
    return (
        [*figures, (say("views.figure.period"), f"{times.min()[:10]} – {times.max()[:10]}")] if len(times) else figures
    )


def _count_open_flags(context: CaseContext) -> int:
    """Flags on special categories and minors that nobody has decided on."""
    found = flag_review.list_flags(context)
    return int(found.loc[found["state"] == flag_review.SUGGESTED, "flag_id"].nunique())


def _build_people_table(case: PanelCase) -> str:
    say, found = case.context.say, case.network.ranking()
    columns = {"caption": "name", "schema": "kind", "custodian": "telephone was read", "degree": "different contacts",
               "contacts": "messages and calls", "betweenness": "lies between others"}  # fmt: skip
    shown = found.assign(schema=[translate_schema(name, say.language) for name in found["schema"]]).rename(
        columns=columns
    )
    told = " ".join(
        filter(
            None,
            (
                graph.RANKING_WARNING.translate_to(say.language),
                translate_lines(found.attrs.get("left_out", ""), "left_out", say.language),
            ),
        )
    )
    return html_tables.build_table(
        shown.head(PEOPLE), list(columns.values()), names=("name",), say=say
    ) + html_tables.format_sentence(told)


def list_suggestions(context: CaseContext) -> pd.DataFrame:
    """Suggested entities without a verdict that are named in prose: entity_id, caption, schema, mentions (there)."""
    rows = _list_open_suggestions(context)
    counted = rows["canonical_id"].value_counts()
    things = context.canonical_entities[
        (context.canonical_entities["layer"] == "suggested") & (context.canonical_entities["schema"] != "Mention")
    ]
    found = things[["entity_id", "canonical_id", "caption", "schema"]].copy()
    found["caption"] = found["caption"].mask(
        found["schema"] == "Attribution", found["entity_id"].map(_list_attribution_captions(context))
    )
    found["mentions"] = found["canonical_id"].map(counted.to_dict())
    found = found.dropna(subset=["mentions"]).astype({"mentions": int})
    return found.sort_values(["mentions", "caption"], ascending=[False, True]).reset_index(drop=True)


def _list_attribution_captions(context: CaseContext) -> dict[str, str]:
    """Captions of suggested attributions: who is said to use what."""
    rows = list_attributions(context.evidence)
    rows = rows[rows["layer"] == "suggested"]
    return {
        row.attribution_id: citations.format_link(context, row.holder, "uses", row.held) for row in iterate_rows(rows)
    }


def find_example(context: CaseContext, entity: str) -> dict[str, object]:
    """A passage that names a suggested entity, with the name marked (keys of HITS); empty if there is none."""
    rows = _list_open_suggestions(context)
    rows = rows[rows["entity_id"] == entity]
    for row in iterate_rows(rows.head(1)):
        quoted = document_quotations.quote_documents(context, [row.document_id], [row.passage_id]).iloc[0]
        spans = rows.loc[rows["passage_id"] == row.passage_id, ["start", "end"]].drop_duplicates()
        return {
            **{str(key): value for key, value in quoted.items()},
            "marked": sorted(spans.itertuples(index=False, name=None)),
        }
    return {}


def find_flagged_passage(context: CaseContext, row: dict[str, object]) -> dict[str, object]:
    """The passage of a flag with the words marked (keys of HITS), empty where it has none."""
    if not row["passage_id"]:
        return {}
    quoted = document_quotations.quote_documents(context, [str(row["document_id"])], [str(row["passage_id"])]).iloc[0]
    spans = [(row["start"], row["end"])] if row["start"] != -1 else []
    return {**{str(key): value for key, value in quoted.items()}, "marked": spans}


def _list_open_suggestions(context: CaseContext) -> pd.DataFrame:
    """Suggestions without a verdict, in running text: rows of tables are no prose, and their columns are mapped anyway."""
    rows, documents = context.evidence, context.documents
    tables = documents.loc[documents["schema"] == "Table", "document_id"]
    return rows[(rows["kind"] == "suggested") & (rows["verdict"] == "") & ~rows["document_id"].isin(tables)]

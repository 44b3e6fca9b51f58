"""The case as a panel: joins the verbs of the case to the widgets of `workbench.views`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.case import Case
from workbench.model.schema import label
from workbench.views import cards
from workbench.views.panel import panel

if TYPE_CHECKING:
    import ipywidgets
    import pandas as pd

PEOPLE, PROBLEMS = 10, 8
"""Rows of the overview."""


def show(case: Case) -> ipywidgets.Tab:
    """The panel of a case."""
    return panel(_Desk(case))


class _Desk:
    """What the panel asks of a case (`workbench.views.panel.Desk`)."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def overview(self) -> str:
        """Sources, people, period, problems."""
        return overview(self.case)

    def search(self, text: str, **options: str) -> pd.DataFrame:
        """Hits with the place of each."""
        return self.case.search(text, **options)  # type: ignore[arg-type]

    def pairs(self) -> pd.DataFrame:
        """Candidate pairs of persons first, then of everything."""
        found = self.case.duplicates()
        return found.sort_values("schema", key=lambda schemata: schemata != "Person", kind="stable")

    def mentions(self) -> pd.DataFrame:
        """Suggested persons, organisations and numbers that nobody has looked at, most often named first."""
        return suggestions(self.case)

    def judge(self, pair: tuple[str, str], same: bool | None, because: str) -> None:
        """Judge a pair."""
        self.case.judge(list(pair), same=same, because=because)

    def review(self, entity: str, accept: bool, because: str) -> None:
        """Accept or reject a suggested entity."""
        (self.case.accept if accept else self.case.reject)(entity, because=because)

    def drop(self, name: str, content: bytes) -> str:
        """Add a file that came through the browser, and read it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            row = self.case.add(path).iloc[0]
        if row["state"] == "read":
            self.case.extract()
            return f"{name}: read as {row['reader']} ({row['why']}); {row['documents']} documents."
        return f"{name}: {row['state']}. {row['why']}"


def overview(case: Case) -> str:
    """HTML of what a case holds, with every text escaped."""
    documents, sources, issues = case.documents(), case.sources(), case.issues()
    times = documents.loc[documents["at"] != "", "at"]
    people = case.ranking().head(PEOPLE)
    period = f"{times.min()[:10]} – {times.max()[:10]}" if len(times) else "–"
    numbers = (("sources", len(sources)), ("documents", f"{len(documents):,}"), ("persons and things", f"{len(case.book.things):,}"),
               ("period as written", period), ("pairs to judge", len(case.duplicates())), ("problems", len(issues)))  # fmt: skip
    problems = issues.groupby(["severity", "code"], as_index=False, sort=False).agg(
        count=("code", "size"), example=("message", "first")
    )
    head = (
        f'<p><span class="mark">{cards.esc(case.book.settings.mark)}</span> {cards.esc(case.book.settings.title)}</p>'
    )
    warning = f'<p class="small">{cards.esc(people.attrs.get("warning", ""))}</p>' if len(people) else ""
    return cards.page(
        head, cards.figures(numbers),
        "<h3>Who is in contact with whom: positions in the data supplied</h3>",
        cards.table(people.rename(columns={"degree": "different contacts", "contacts": "messages and calls"}),
                    ["rank", "caption", "custodian", "different contacts", "messages and calls", "betweenness"]), warning,
        "<h3>Sources</h3>", cards.table(sources, ["name", "exhibit", "state", "reader", "documents", "reason"]),
        "<h3>Problems in the data</h3>", cards.table(problems, ["severity", "code", "count", "example"], PROBLEMS),
    )  # fmt: skip


def suggestions(case: Case) -> pd.DataFrame:
    """Suggested entities without a verdict, most often evidenced first: entity_id, caption, schema, mentions, text."""
    evidence = case.book.evidence
    open_ = evidence[(evidence["kind"] == "suggested") & (evidence["verdict"] == "")]
    things = case.book.things
    chosen = things[
        (things["layer"] == "suggested")
        & things["canonical_id"].isin(open_["canonical_id"])
        & (things["schema"] != "Mention")
    ]
    chosen = chosen.sort_values(["mentions", "caption"], ascending=[False, True]).head(50)
    first = open_.drop_duplicates("canonical_id").set_index("canonical_id")["passage_id"]
    texts = case.book.passages.set_index("passage_id")["text"]
    found = chosen[["entity_id", "caption", "schema", "mentions"]].reset_index(drop=True)
    found["text"] = [str(texts.get(first[key], ""))[:200] for key in chosen["canonical_id"]]
    found["schema"] = found["schema"].map(label)
    return found

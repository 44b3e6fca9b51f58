"""The ten reports: three as Markdown, four as plain text, three as PDF."""

from __future__ import annotations

from greyheron.pdf import make_pdf
from greyheron.world import STORY, World

AS_PDF = {"R03_access_log", "R08_financial_report", "R09_search_report"}


def report_texts(world: World) -> dict[str, str]:
    """Return the text of each report by its name with the ending of its source."""
    paths = sorted((STORY / "reports").iterdir())
    return {path.name: world.fill(path.read_text(encoding="utf-8")) for path in paths}


def make_reports(world: World) -> dict[str, bytes]:
    """Return the files of the reports by name."""
    out = {}
    for name, text in report_texts(world).items():
        stem = name.rpartition(".")[0]
        if stem in AS_PDF:
            out[f"{stem}.pdf"] = make_pdf(text, text.splitlines()[0].lstrip("# "))
        else:
            out[name] = text.encode("utf-8")
    return out

"""Notebooks from their sources: notebooks/src/*.py (py:percent) -> notebooks/*.ipynb, without outputs, the same bytes each time.

`--check` writes nothing and fails where a notebook is not what its source gives. `--docs` executes them into docs/notebooks/.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "notebooks" / "src"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def build(source: Path) -> str:
    """Text of the notebook of a source. Cell ids come from file name and position, so that they do not change."""
    notebook = jupytext.read(source, fmt="py:percent")
    stem = re.sub(r"[^a-z0-9]+", "-", source.stem.lower())
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{stem}-{number}"
        cell["metadata"] = {}
    notebook.metadata = nbformat.NotebookNode({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def execute(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, run in a folder of its own."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


def page(notebook: nbformat.NotebookNode) -> str:
    """The executed notebook as one page that asks for nothing outside itself."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="basic")
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    body, _ = exporter.from_notebook_node(notebook)
    style = (ROOT / "docs" / "notebook.css").read_text("utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; script-src 'unsafe-inline'"
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style>'
    return f"<!doctype html><html lang='en'><head>{head}<title>Notebook</title></head><body>{body}</body></html>\n"


def document() -> None:
    """Write docs/notebooks/*.html."""
    target = ROOT / "docs" / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    data = os.environ.setdefault("WORKBENCH_DATA", str(ROOT.parent / "shared"))
    sys.stdout.write(f"Executing with the data folder {'present' if Path(data).is_dir() else 'absent'}\n")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as folder:
            (target / f"{path.stem}.html").write_text(page(execute(path, Path(folder))), "utf-8")
        sys.stdout.write(f"docs/notebooks/{path.stem}.html\n")


def main() -> int:
    """Build or check."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--docs", action="store_true")
    chosen = options.parse_args()
    stale = []
    for source in sorted(SOURCES.glob("*.py")):
        target, text = ROOT / "notebooks" / f"{source.stem}.ipynb", build(source)
        if chosen.check and (not target.exists() or target.read_text("utf-8") != text):
            stale.append(target.name)
        elif not chosen.check:
            target.write_text(text, "utf-8")
    if stale:
        sys.stderr.write(f"Not what their sources give: {', '.join(stale)}. Run `python tools/build_notebooks.py`.\n")
    if chosen.docs:
        document()
    return int(bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())

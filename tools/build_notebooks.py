"""Notebooks from their sources: notebooks/src/*.py (py:percent) -> notebooks/*.ipynb, without outputs, the same bytes each time.

`--check` writes nothing and fails where a notebook is not what its source gives. `--docs` executes them into docs/notebooks/.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "notebooks" / "src"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
MACHINE = re.compile(r"(?<![\w./…])/(?:tmp|home|root|work|Users|var|private|opt)/[\w./-]+|\b[A-Z]:\\[\w.\\-]+")
"""A path of the machine on which the page was made."""


def build_notebook(source: Path) -> str:
    """Text of the notebook of a source. Cell ids come from file name and position, so that they do not change."""
    notebook = jupytext.read(source, fmt="py:percent")
    stem = re.sub(r"[^a-z0-9]+", "-", source.stem.lower())
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{stem}-{number}"
        cell["metadata"] = {}
        cell["source"] = re.sub(r"  # fmt: skip$", "", cell["source"], flags=re.MULTILINE)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def run_notebook(path: Path, folder: Path, timeout: int = 600) -> nbformat.NotebookNode:
    """The notebook with its outputs, run in a folder of its own."""
    from nbclient import NotebookClient

    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=timeout, kernel_name="python3", resources=place).execute()
    return notebook


def render_outputs(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs as they stand without a kernel: twins for widgets, pictures for charts, no bars."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_render_output(output, folder) for output in cell.outputs if _is_lasting(output)]
    return notebook


def _is_lasting(output: nbformat.NotebookNode) -> bool:
    """Everything but progress: standard error, and widgets that have no twin."""
    data = output.get("data", {})
    return bool(output.get("name") != "stderr" and (WIDGET not in data or "text/html" in data))


def _render_output(output: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    data = output.get("data", {})
    data.pop(WIDGET, None)
    if svg := data.pop("image/svg+xml", None):
        data["text/html"] = _encode_picture(svg, data.get("text/plain", ""))
    for kind, text in data.items():
        if isinstance(text, str):
            data[kind] = _remove_paths(text, folder)
    if "text" in output:
        output["text"] = _remove_paths(output["text"], folder)
    return output


def _encode_picture(svg: str, name: str) -> str:
    coded = base64.b64encode(svg.encode()).decode()
    return f'<img class="chart" alt="{escape(name)}" src="data:image/svg+xml;base64,{coded}">'


def _remove_paths(text: str, folder: Path) -> str:
    """Text without the places of this machine."""
    for place, name in ((folder.resolve(), "."), (folder, "."), (ROOT, "caseledger")):
        text = text.replace(str(place), name)
    return MACHINE.sub("…", text)


def build_page(notebook: nbformat.NotebookNode) -> str:
    """The executed notebook as one page that runs nothing and asks for nothing."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="basic")  # type: ignore[no-untyped-call]
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = exporter.exclude_anchor_links = True
    body, _ = exporter.from_notebook_node(notebook)
    style = (ROOT / "docs" / "notebook.css").read_text("utf-8")
    title = escape(notebook.cells[0]["source"].partition("\n")[0].lstrip("# "))
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style>'
    )
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.DOTALL)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body><main>{body}</main></body></html>\n'


def write_pages() -> None:
    """Write docs/notebooks/*.html."""
    target = ROOT / "docs" / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("WORKBENCH_DATA", str(ROOT.parent / "shared"))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as folder:
            done = render_outputs(run_notebook(path, Path(folder)), Path(folder))
        (target / f"{path.stem}.html").write_text(build_page(done), "utf-8", newline="\n")
        sys.stdout.write(f"docs/notebooks/{path.stem}.html\n")


def main() -> int:
    """Build or check."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--docs", action="store_true")
    chosen = options.parse_args()
    stale = []
    for source in sorted(SOURCES.glob("*.py")):
        target, text = ROOT / "notebooks" / f"{source.stem}.ipynb", build_notebook(source)
        if chosen.check and (not target.exists() or target.read_text("utf-8") != text):
            stale.append(target.name)
        elif not chosen.check:
            target.write_text(text, "utf-8", newline="\n")
    if stale:
        sys.stderr.write(f"Not what their sources give: {', '.join(stale)}. Run `python tools/build_notebooks.py`.\n")
    if chosen.docs:
        write_pages()
    return int(bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())

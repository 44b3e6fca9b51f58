"""A large chart in the browser beside pyvis, ipysigma and ipycytoscape: time until it is drawn, cost of a frame, memory, size.

    python -m benchmarks.charts [--runs 3] [--sizes 100,1000,10000,50000] [--ways ours,pyvis,ipysigma,ipycytoscape]

The same made-up graph (tests/widgets/graphs.py) and the same places for all, since layouts are not what is measured; no physics.

`paint_s` : from the start of the navigation to the end of the last drawing call before two seconds without any, in seconds, pixels read
back (draw_times.js); the same for all. None: not within the limit of three minutes.
`frame_cpu_s` : processor time of all processes of the browser for a frame, while the mouse drags the chart.
`memory_mib` : proportional set size of the browser's processes with the chart, less that before.
`page_bytes` : the page and the scripts beside it.

Rendering is in software: what it does not measure is a graphics card. A browser that has shown each of them once is measured. Results go
to benchmarks/results/charts.json, the table and the plot to docs/images/charts.md and charts.svg.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "widgets")]

from benchmarks.chart import FLAGS  # noqa: E402
from benchmarks.rivals import WAYS, Places, scripts  # noqa: E402
from tests.widgets.graphs import planted  # noqa: E402

if TYPE_CHECKING:
    import networkx as nx

RESULTS = Path(__file__).parent / "results" / "charts.json"
PICTURES = ROOT / "docs" / "images"
HOOK = (Path(__file__).parent / "draw_times.js").read_text("utf-8")
GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
LIMIT, QUIET, SLOW = 180.0, 2.0, 40.0
"""Seconds: how long a picture is waited for, without a drawing call until it counts as drawn, above which one run is enough."""
MOST = {"ipycytoscape": 10_000}
"""Nodes above which one is left out: it makes a widget of each node and link, which takes minutes before there is a page."""
DRAGS = 60
"""Steps of the mouse while a chart is moved."""
COLOURS = {"ours": "#0072b2", "pyvis": "#d55e00", "ipysigma": "#009e73", "ipycytoscape": "#cc79a7"}


@dataclass(frozen=True)
class Run:
    """What was measured of one page."""

    paint_s: float | None
    frame_cpu_s: float | None = None
    memory_mib: float | None = None


def spiral(graph: nx.Graph) -> Places:
    """Places in a spiral, members of a community side by side."""
    order = sorted(graph, key=lambda node: (graph.nodes[node]["community"], node))
    turn = math.pi * (3 - math.sqrt(5))
    return {
        node: (40 * math.sqrt(at) * math.cos(at * turn / 97), 40 * math.sqrt(at) * math.sin(at * turn / 97))
        for at, node in enumerate(order)
    }


def processes() -> list[psutil.Process]:
    """The browser's, which are ours and theirs that came of them."""
    return [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]


def spent() -> float:
    """Processor seconds of the browser so far."""
    used = 0.0
    for one in processes():
        with suppress(psutil.NoSuchProcess):
            used += sum(one.cpu_times()[:2])
    return used


def memory() -> float:
    """MiB of the browser, what processes share counted once."""
    held = 0
    for one in processes():
        with suppress(psutil.NoSuchProcess):
            held += one.memory_full_info().pss
    return held / 2**20


def painted(page: Page, file: Path) -> float | None:
    """Seconds to the picture."""
    page.goto(file.as_uri(), wait_until="commit", timeout=LIMIT * 1000)
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        page.wait_for_timeout(500)
        last, now = page.evaluate("[window.drawn.last, performance.now()]")
        if last and now - last > QUIET * 1000:
            return round(last / 1000, 3)
    return None


def moved(page: Page) -> float | None:
    """Processor seconds of a frame while the chart is dragged; None where no frame was drawn."""
    page.evaluate("window.drawn.back = false; window.drawn.frames = 0")
    page.mouse.move(60, 560)
    page.mouse.down()
    begin, limit = spent(), time.monotonic() + LIMIT / 3
    for step in range(DRAGS):
        page.mouse.move(60 + 4 * step, 560 + step)
        page.wait_for_timeout(30)
        if time.monotonic() > limit:
            break
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    used, frames = spent() - begin, page.evaluate("window.drawn.frames")
    page.mouse.up()
    return round(used / frames, 4) if frames > 1 else None


def measure(browser: Browser, file: Path, picture: Path | None = None) -> Run:
    """One page of its own. `picture`: where a screenshot goes, to be looked at."""
    before = memory()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(LIMIT * 1000)
    page.add_init_script(HOOK)
    page.route("http*://**/*", lambda route: route.abort())
    try:
        paint = painted(page, file)
        if paint is None:
            return Run(None)
        if picture:
            page.screenshot(path=picture)
        held = round(memory() - before, 1)
        return Run(paint, moved(page), held)
    except BrowserError as error:
        print(f"{file.name}: {str(error).splitlines()[0]}", file=sys.stderr)
        return Run(None)
    finally:
        page.close()


def row(browser: Browser, file: Path, runs: int, picture: Path | None) -> dict[str, object]:
    """Medians of the runs of one way and size."""
    found: list[Run] = []
    while len(found) < runs and not (found and (found[-1].paint_s or LIMIT) > SLOW):
        found.append(measure(browser, file, picture))
    made: dict[str, object] = {}
    for name in ("paint_s", "frame_cpu_s", "memory_mib"):
        values = [value for run in found if (value := getattr(run, name)) is not None]
        made[name] = round(statistics.median(values), 4) if values else None
    return {**made, "runs": [asdict(run) for run in found]}


def ratios(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """How many times as much as ours each of the others takes, by size; None where one of both was not drawn."""
    by = {(row["nodes"], row["way"]): row for row in rows}
    return [
        {"nodes": nodes, "way": way,
         **{name: _ratio(row[name], by[nodes, "ours"][name]) for name in ("paint_s", "frame_cpu_s", "memory_mib", "page_bytes")}}
        for (nodes, way), row in by.items() if way != "ours" and (nodes, "ours") in by
    ]  # fmt: skip


def _ratio(above: object, below: object) -> float | None:
    return round(float(str(above)) / float(str(below)), 2) if above and below else None


def table(rows: list[dict[str, object]]) -> str:
    """The rows in Markdown; a dash: not drawn within three minutes."""
    lines = [
        "| nodes | links | chart | drawn after, s | a frame when moved, CPU-s | memory, MiB | page, MB |",
        "|--:|--:|---|--:|--:|--:|--:|",
    ]
    for one in rows:
        cells = [
            "–" if one[name] is None else f"{one[name]:.{places}f}"
            for name, places in (("paint_s", 2), ("frame_cpu_s", 3), ("memory_mib", 0))
        ]
        size = int(str(one["page_bytes"])) / 1e6
        lines.append(f"| {one['nodes']:,} | {one['edges']:,} | {one['way']} | {' | '.join(cells)} | {size:.1f} |")
    return "\n".join([*lines, ""])


def plot(rows: list[dict[str, object]]) -> str:
    """Time to the picture by size, both axes logarithmic, as SVG."""
    points = [(int(str(row["nodes"])), float(str(row["paint_s"])), str(row["way"])) for row in rows if row["paint_s"]]
    across = [math.log10(nodes) for nodes, *_ in points]
    low, high = min(across) - 0.1, max(across) + 0.1
    bottom, top = -1.0, max(math.log10(seconds) for _, seconds, _ in points) + 0.2
    x = lambda nodes: 60 + 400 * (math.log10(nodes) - low) / (high - low)  # noqa: E731
    y = lambda seconds: 250 - 220 * (math.log10(seconds) - bottom) / (top - bottom)  # noqa: E731
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 300" font-family="sans-serif" font-size="11">',
             '<rect width="580" height="300" fill="#ffffff"/>', '<path d="M60 30V250H460" fill="none" stroke="#59636e"/>']  # fmt: skip
    marks = [seconds for seconds in (0.1, 0.3, 1, 3, 10, 30, 100) if seconds <= 10**top]
    parts += [f'<path d="M60 {y(seconds):.1f}H460" stroke="#d8dee4"/>' for seconds in marks]
    parts += [f'<text x="54" y="{y(seconds) + 4:.1f}" text-anchor="end">{seconds:g} s</text>' for seconds in marks]
    parts += [
        f'<text x="{x(nodes):.1f}" y="266" text-anchor="middle">{nodes:,}</text>'
        for nodes in sorted({one[0] for one in points})
    ]
    names: list[float] = []
    for way, colour in COLOURS.items():
        line = [(x(nodes), y(seconds)) for nodes, seconds, name in points if name == way]
        if not line:
            continue
        run = "L".join(f"{a:.1f} {b:.1f}" for a, b in line)
        parts.append(f'<path d="M{run}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in line]
        at = line[-1][1] + 4
        while any(abs(at - other) < 13 for other in names):
            at += 13
        names.append(at)
        parts.append(f'<text x="{line[-1][0] + 8:.1f}" y="{at:.1f}" fill="{colour}">{way}</text>')
    caption = "nodes; seconds until all is drawn"
    return "\n".join([*parts, f'<text x="260" y="288" text-anchor="middle">{caption}</text></svg>', ""])


def keep(about: dict[str, object], rows: list[dict[str, object]]) -> None:
    """Write results, table and plot, as far as they are."""
    rows = sorted(rows, key=lambda row: int(str(row["nodes"])))
    RESULTS.write_text(json.dumps({"about": about, "ratios": ratios(rows), "rows": rows}, indent=1) + "\n", "utf-8")
    (PICTURES / "charts.svg").write_text(plot(rows), "utf-8")
    (PICTURES / "charts.md").write_text(table(rows), "utf-8")


def main() -> None:
    """Measure, print, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--sizes", default="100,1000,10000,50000")
    options.add_argument("--ways", default=",".join(WAYS))
    options.add_argument("--pictures", type=Path, help="folder for a screenshot of each")
    options.add_argument("--dry", action="store_true", help="print only")
    asked = options.parse_args()
    rows: list[dict[str, object]] = []
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *GL])
        about = {"browser": browser.version, "machine": platform.machine(), "python": platform.python_version(), "rendering": "software",
                 "processors": os.cpu_count(), "load_at_start": round(os.getloadavg()[0], 1)}  # fmt: skip
        for count in [0, *map(int, asked.sizes.split(","))]:
            graph = planted(count or 60)
            places = spiral(graph)
            for way in asked.ways.split(","):
                if count > MOST.get(way, count):
                    continue
                begin = time.process_time()
                file = Path(folder) / f"{count}-{way}.html"
                file.write_text(WAYS[way](graph, places), encoding="utf-8")
                cpu = round(time.process_time() - begin, 2)
                if not count:  # shown once before
                    measure(browser, file)
                    continue
                picture = asked.pictures / f"{count}-{way}.png" if asked.pictures else None
                found = row(browser, file, asked.runs, picture)
                rows.append({"way": way, "nodes": count, "edges": graph.number_of_edges(), "python_cpu_s": cpu, **found,
                             "page_bytes": file.stat().st_size + scripts(way)})  # fmt: skip
                print(json.dumps({name: value for name, value in rows[-1].items() if name != "runs"}), flush=True)
                if not asked.dry:
                    keep(about, rows)
        browser.close()
    for one in ratios(rows):
        longer, dearer = one["paint_s"], one["frame_cpu_s"]
        print(f"{one['nodes']:>6,} nodes: {one['way']} takes {longer} times as long, {dearer} times the CPU of a frame")


if __name__ == "__main__":
    main()

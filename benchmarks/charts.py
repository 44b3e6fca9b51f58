"""Time until a large chart is drawn, and frames per second while it is moved: our renderer beside pyvis, in one browser run.

    python benchmarks/charts.py [--runs 3] [--sizes 1000,5000,20000,50000] [--seconds 4]

The same made-up graph and the same places for both (tests/widgets/graphs.py; a spiral by community, since places are not what is
measured); physics of pyvis off. `paint_s` counts from the start of the navigation to the first frame in which all nodes and links were
drawn; `fps` are frames of which all was drawn, while the chart is moved at every frame. Rendering is in software: what it does not measure
is a graphics card. Results go to benchmarks/results/charts.json, the plot to docs/images/charts.svg.
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
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Timeout

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "widgets")]

from pyvis.network import Network  # noqa: E402
from workbench_widgets.chart import LinkChart  # noqa: E402

from benchmarks.chart import FLAGS  # noqa: E402
from tests.widgets.graphs import planted  # noqa: E402

if TYPE_CHECKING:
    import networkx as nx

RESULTS = Path(__file__).parent / "results" / "charts.json"
PLOT = ROOT / "docs" / "images" / "charts.svg"
GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
LIMIT = 180_000
Places = dict[str, tuple[float, float]]
READY = {
    "ours": """async () => { const chart = document.querySelector('.wb-chart')?.wbChart; if (!chart?.surface?.counts?.items) return false;
      chart.surface.draw(chart.camera, chart.ratio ?? 1); chart.surface.gl?.finish();
      await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))); return performance.now(); }""",
    "pyvis": """async () => { if (typeof network === 'undefined' || !network?.body?.nodeIndices?.length) return false;
      if (!window.painted) { await new Promise((go) => { network.once('afterDrawing', go); network.redraw(); }); window.painted = true; }
      await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))); return performance.now(); }""",
}
MOVED = {
    "ours": "const c = document.querySelector('.wb-chart').wbChart; move = (by) => { c.camera.pan(by, 0); c.redraw(); }; "
    "heard = (tell) => { const d = c.surface.draw.bind(c.surface); c.surface.draw = (...a) => { d(...a); tell(); }; };",
    "pyvis": "move = (by) => { const { x, y } = network.getViewPosition(); network.moveTo({ position: { x: x + by, y } }); }; "
    "heard = (tell) => network.on('afterDrawing', tell);",
}
FRAMES = """async (seconds) => { let move, heard, frames = 0; %s; heard(() => { frames += 1; });
  const begin = performance.now(); let by = 3, now = begin;
  while (now - begin < seconds * 1000) { move(by = -by); now = await new Promise(requestAnimationFrame) && performance.now(); }
  return frames / ((now - begin) / 1000); }"""


def spiral(graph: nx.Graph) -> Places:
    """Places in a spiral, members of a community side by side."""
    order = sorted(graph, key=lambda node: (graph.nodes[node]["community"], node))
    turn = math.pi * (3 - math.sqrt(5))
    return {
        node: (40 * math.sqrt(at) * math.cos(at * turn / 97), 40 * math.sqrt(at) * math.sin(at * turn / 97))
        for at, node in enumerate(order)
    }


def ours(graph: nx.MultiDiGraph, places: Places) -> str:
    """Our chart as a page, the whole graph at once."""
    return LinkChart(graph, places=places, title="Benchmark", whole=True, height=800).to_html()


def pyvis(graph: nx.MultiDiGraph, places: Places) -> str:
    """Page of pyvis' own template. Its lists are filled at once: adding one by one takes time that grows with the square."""
    network = Network(directed=True, cdn_resources="in_line", height="800px")
    network.toggle_physics(status=False)
    network.nodes = [
        {"id": node, "label": data["caption"], "shape": "dot", "size": 10, "x": places[node][0], "y": places[node][1]}
        for node, data in graph.nodes(data=True)
    ]
    network.edges = [{"from": source, "to": target, "arrows": "to"} for source, target in graph.edges()]
    return network.generate_html()


WAYS: dict[str, Callable[[nx.MultiDiGraph, Places], str]] = {"ours": ours, "pyvis": pyvis}


def measure(page: Page, file: Path, way: str, seconds: float) -> tuple[float | None, float | None]:
    """Seconds to the picture (None: none within the limit), and frames per second while it is moved."""
    page.route(
        "**/*",
        lambda route: route.continue_() if route.request.url.startswith(("file:", "data:", "blob:")) else route.abort(),
    )
    try:
        page.goto(file.as_uri(), wait_until="load")
        painted, end = 0.0, time.monotonic() + LIMIT / 1000
        while not painted and time.monotonic() < end:
            page.wait_for_timeout(20)
            painted = float(page.evaluate(READY[way]) or 0)
        return (
            (round(painted / 1000, 3), round(page.evaluate(FRAMES % MOVED[way], seconds), 2))
            if painted
            else (None, None)
        )
    except Timeout:
        return None, None


def row(browser: Browser, file: Path, way: str, runs: int, seconds: float) -> dict[str, object]:
    """Medians of the runs of one way and size."""
    found = []
    for _ in range(runs):
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        found.append(measure(page, file, way, seconds))
        page.close()
        if found[-1][0] is None:
            break
    paints, frames = ([value for value in column if value is not None] for column in zip(*found, strict=True))
    return {
        "paint_s": statistics.median(paints) if paints else None, "fps": statistics.median(frames) if frames else None,
        "runs": found, "bytes": file.stat().st_size,
    }  # fmt: skip


def ratios(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """How many times faster ours paints, and how many times as many frames it draws, by size."""
    made = []
    for nodes in sorted({int(str(one["nodes"])) for one in rows}):
        one, other = (
            {name: row[name] for name in ("paint_s", "fps")}
            for way in WAYS
            for row in rows
            if (row["nodes"], row["way"]) == (nodes, way)
        )
        made.append({"nodes": nodes, **{name: _ratio(*pair) for name, pair in (
            ("paint", (other["paint_s"], one["paint_s"])), ("frames", (one["fps"], other["fps"])))}})  # fmt: skip
    return made


def _ratio(above: object, below: object) -> float | None:
    return round(float(str(above)) / float(str(below)), 2) if above and below else None


def plot(rows: list[dict[str, object]]) -> str:
    """Time to the picture by size, both axes logarithmic, as SVG."""
    points = [(int(str(row["nodes"])), float(str(row["paint_s"])), str(row["way"])) for row in rows if row["paint_s"]]
    across = [math.log10(nodes) for nodes, *_ in points]
    low, high = min(across) - 0.1, max(across) + 0.1
    bottom, top = -1.0, max(math.log10(seconds) for _, seconds, _ in points) + 0.2
    x = lambda nodes: 60 + 420 * (math.log10(nodes) - low) / (high - low)  # noqa: E731
    y = lambda seconds: 250 - 220 * (math.log10(seconds) - bottom) / (top - bottom)  # noqa: E731
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 300" font-family="sans-serif" font-size="11">',
             '<rect width="560" height="300" fill="#ffffff"/>', '<path d="M60 30V250H480" fill="none" stroke="#59636e"/>']  # fmt: skip
    marks = [seconds for seconds in (0.1, 0.3, 1, 3, 10, 30, 100) if seconds <= 10**top]
    parts += [f'<path d="M60 {y(seconds):.1f}H480" stroke="#d8dee4"/>' for seconds in marks]
    parts += [f'<text x="54" y="{y(seconds) + 4:.1f}" text-anchor="end">{seconds:g} s</text>' for seconds in marks]
    parts += [
        f'<text x="{x(nodes):.1f}" y="266" text-anchor="middle">{nodes:,}</text>'
        for nodes in sorted({one[0] for one in points})
    ]
    for way, colour in (("ours", "#0072b2"), ("pyvis", "#d55e00")):
        line = [(x(nodes), y(seconds)) for nodes, seconds, name in points if name == way]
        parts.append(
            f'<path d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in line)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in line]
        if not line:
            continue
        parts.append(f'<text x="{line[-1][0] + 8:.1f}" y="{line[-1][1] + 4:.1f}" fill="{colour}">{way}</text>')
    return "\n".join(
        [*parts, '<text x="270" y="288" text-anchor="middle">nodes; seconds until all is drawn</text></svg>', ""]
    )


def main() -> None:
    """Measure, print, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--sizes", default="1000,5000,20000,50000")
    options.add_argument("--seconds", type=float, default=4.0)
    asked = options.parse_args()
    rows: list[dict[str, object]] = []
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *GL])
        about = {"browser": browser.version, "machine": platform.machine(), "python": platform.python_version(), "rendering": "software",
                 "processors": os.cpu_count(), "load_at_start": round(os.getloadavg()[0], 1)}  # fmt: skip
        for count in map(int, asked.sizes.split(",")):
            graph = planted(count)
            places = spiral(graph)
            for way, made in WAYS.items():
                begin = time.process_time()
                file = Path(folder) / f"{count}-{way}.html"
                file.write_text(made(graph, places), encoding="utf-8")
                spent = round(time.process_time() - begin, 2)
                rows.append({"way": way, "nodes": count, "edges": graph.number_of_edges(), "python_cpu_s": spent,
                             **row(browser, file, way, asked.runs, asked.seconds)})  # fmt: skip
                print(json.dumps(rows[-1]), flush=True)
        browser.close()
    for one in ratios(rows):
        print(f"{one['nodes']:>6,} nodes: drawn {one['paint']} times faster, {one['frames']} times the frames of pyvis")
    RESULTS.write_text(
        json.dumps({"about": about, "ratios": ratios(rows), "rows": rows}, indent=1) + "\n", encoding="utf-8"
    )
    PLOT.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()

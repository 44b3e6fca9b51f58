"""Time until the portable chart is on the screen, beside pyvis' own page with and without its physics, in one run.

    python benchmarks/chart.py [--runs 3] [--sizes 100,500]

Measured in a headless Chromium from the start of the navigation to the first frame in which entities are drawn and no
loading bar covers them; every request to a network is refused and counted. Results go to benchmarks/results/chart.json.
What it does not measure: a graphics card (rendering is in software) and other browsers.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright
from playwright.sync_api import TimeoutError as Timeout

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "widgets")]

from pyvis.network import Network  # noqa: E402
from workbench_widgets.layout import arrange_organic  # noqa: E402
from workbench_widgets.portable import build_chart_page  # noqa: E402

from tests.widgets.graphs import evidence, sample  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "chart.json"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
LIMIT = 120_000
PAINTED = """() => { const c = document.querySelector('#chart canvas, #mynetwork canvas'), bar = document.getElementById('loadingBar');
  if (!c || !c.width || (bar && getComputedStyle(bar).display !== 'none' && +getComputedStyle(bar).opacity > 0.5)) return false;
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
  for (let i = 3; i < d.length; i += 16) if (d[i] > 40 && ++n > d.length / 16 * 0.003) return performance.now(); return false; }"""


def ours(count: int) -> str:
    """Our page, with layout and evidence."""
    graph = sample(count)
    return build_chart_page(graph, arrange_organic(graph), title="Benchmark", evidence=evidence(graph))


def pyvis(count: int, *, physics: bool) -> str:
    """Page of pyvis' own template: places given, or left to its physics."""
    graph, network = sample(count), Network(directed=True, cdn_resources="in_line")
    network.toggle_physics(physics)
    places = None if physics else arrange_organic(graph)
    for node, data in graph.nodes(data=True):
        spot = {"x": places[node][0], "y": places[node][1]} if places else {}
        network.add_node(node, label=data["caption"], title=data["schema"], **spot)
    for source, target, data in graph.edges(data=True):
        network.add_edge(source, target, title=data["relation"], value=data["count"])
    return network.generate_html()


WAYS: dict[str, Callable[[int], str]] = {
    "ours": ours,
    "pyvis, physics off": lambda count: pyvis(count, physics=False),
    "pyvis, physics on": lambda count: pyvis(count, physics=True),
}


def measure(browser: Browser, page_file: Path) -> tuple[float | None, int]:
    """Seconds to the first picture (None: none within the limit), and requests that were refused."""
    refused: list[str] = []

    def route(request: Route) -> None:
        if request.request.url.startswith(("file:", "data:", "blob:")):
            request.continue_()
        else:
            refused.append(request.request.url)
            request.abort()

    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.route("**/*", route)
    try:
        page.goto(page_file.as_uri(), wait_until="commit")
        found = page.wait_for_function(PAINTED, timeout=LIMIT, polling="raf").json_value()
        return round(found / 1000, 3), len(refused)
    except Timeout:
        return None, len(refused)
    finally:
        page.close()


def row(browser: Browser, folder: Path, name: str, count: int, runs: int) -> dict[str, object]:
    """One line of the result: a way and a size."""
    begin = time.process_time()
    text = WAYS[name](count)
    made = time.process_time() - begin
    file = folder / f"{count}-{name.replace(' ', '').replace(',', '-')}.html"
    file.write_text(text, encoding="utf-8")
    times, refused = [], 0
    for _ in range(runs):
        seconds, refused = measure(browser, file)
        times.append(seconds)
        if seconds is None:
            break
    good = [seconds for seconds in times if seconds is not None]
    return {
        "way": name, "nodes": count, "paint_s": statistics.median(good) if good else None, "runs": times,
        "python_cpu_s": round(made, 3), "bytes": len(text.encode()), "requests_refused": refused,
    }  # fmt: skip


def main() -> None:
    """Measure, print, and keep the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--sizes", default="100,500")
    asked = options.parse_args()
    rows: list[dict[str, object]] = []
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        version = browser.version
        for count in map(int, asked.sizes.split(",")):
            for name in WAYS:
                rows.append(row(browser, Path(folder), name, count, asked.runs))
                print(json.dumps(rows[-1]))
        browser.close()
    base = {entry["nodes"]: entry["paint_s"] for entry in rows if entry["way"] == "ours"}
    for entry in rows:
        entry["times_ours"] = round(entry["paint_s"] / base[entry["nodes"]], 2) if entry["paint_s"] else None
        paint = f"{entry['paint_s']:8.2f} s" if entry["paint_s"] else f"  none in {LIMIT // 1000} s"
        print(f"{entry['nodes']:6} nodes  {entry['way']:20} {paint}  ratio to ours {entry['times_ours']}")
    about = {
        "browser": version,
        "machine": platform.machine(),
        "python": platform.python_version(),
        "rendering": "software",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

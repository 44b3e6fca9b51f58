"""The widgets by themselves, with a made-up graph of sixty persons and things, as one page in a real browser."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import networkx as nx
import pandas as pd
from waiting import still
from watching import LIVE, UNSEEN, Seen
from workbench_widgets.chart import LinkChart
from workbench_widgets.evidence import Evidence, Marked, Passage
from workbench_widgets.map import MapView
from workbench_widgets.matrix import Matrix
from workbench_widgets.model import CaseModel
from workbench_widgets.page import build_page
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from workbench_widgets.widget_view import View


PERSONS = (
    "Marta Oliveira",
    "Jonas Brandt",
    "Adaeze Okafor",
    "Viktor Petrenko",
    "Leïla Haddad",
    "Tomás Novák",
    "Irina Lindqvist",
    "Karim Sarr",
    "Sofia Moreau",
    "Piotr Weiss",
    "Élodie Lefèvre-Dubois",
    "Jean-Baptiste Charpentier",
    "Hélène d'Arcy",
    "François Guérin",
    "Benoît Marchand",
    "سالم الفاسي",
    "محمد بن يوسف الحربي",
    "ليلى المنصوري",
    "خالد العمري",
    "فاطمة الزهراء بنت علي",
    "يوسف القاسم",
    "نور الدين حمزة",
    "Олег Баринов",
    "Γιώργος Παπαδόπουλος",
    "王小明",
    "Nadia Benali",
    "Omar Idrissi",
    "Camille Rousseau",
    "Théo Vasseur",
    "Anaïs Fontaine",
)
LATIN = {
    "سالم الفاسي": "Salem al-Fasi",
    "محمد بن يوسف الحربي": "Muhammad bin Yusuf al-Harbi",
    "ليلى المنصوري": "Layla al-Mansuri",
    "خالد العمري": "Khalid al-Umari",
    "Олег Баринов": "Oleg Barinov",
    "王小明": "Wang Xiaoming",
}
TOWNS = (
    ("Valdorra, Quai Nord", 43.30, 5.37),
    ("Port Saint-Rémy", 36.75, 3.06),
    ("ميناء النور", 33.57, -7.59),
    ("Nordhavn", 53.55, 9.99),
    ("Lagoon Yard", 38.72, -9.14),
    ("Kestrel Depot", 45.44, 12.33),
)
FIRST = pd.Timestamp("2024-03-01T06:00:00Z")


def graph(seed: int = 4) -> nx.MultiDiGraph:
    """Thirty persons, their telephones, vehicles, firms, places and meetings: sixty nodes."""
    rng = random.Random(seed)
    made = nx.MultiDiGraph()
    for number, name in enumerate(PERSONS):
        made.add_node(
            f"p{number}", caption=name, latin=LATIN.get(name, ""), schema="Person", custodian=number in (0, 15)
        )
    for number in range(12):
        made.add_node(
            f"t{number}", caption=f"+33 6 99 98 {number:02} {rng.randrange(100):02}", schema="TelephoneNumber"
        )
    for number, (name, _, _) in enumerate(TOWNS):
        made.add_node(f"a{number}", caption=name, schema="Address")
    for number, name in enumerate(
        ("Blue Lagoon Ltd", "Transports Guérin et Cie", "شركة النور للشحن", "Kestrel Haulage")
    ):
        made.add_node(f"o{number}", caption=name, schema="Company")
    for number in range(4):
        made.add_node(f"v{number}", caption=f"XA-{rng.randrange(100, 999)}-{'BDFK'[number]}", schema="Vehicle")
    for number, name in enumerate(("Meeting at the quay", "Réunion au dépôt", "اجتماع في الميناء", "Handover")):
        made.add_node(f"e{number}", caption=name, schema="Event")
    _links(made, rng)
    return made


def _links(made: nx.MultiDiGraph, rng: random.Random) -> None:
    things = [node for node in made if node[0] != "p"]
    for number, thing in enumerate(things):
        relation = {"t": "uses", "a": "seen at", "o": "works for", "v": "drives", "e": "took part in"}[thing[0]]
        for person in rng.sample(range(len(PERSONS)), 2 if thing[0] in "ae" else 1):
            _link(made, f"p{person}", thing, relation, rng, layer="suggested" if number % 7 == 3 else "received")
    for number in range(1, len(PERSONS)):
        _link(made, f"p{rng.choice((0, 0, 15, number - 1))}", f"p{number}", "contacted", rng)
    for _ in range(14):
        one, other = rng.sample(range(len(PERSONS)), 2)
        _link(
            made,
            f"p{one}",
            f"p{other}",
            rng.choice(("contacted", "paid", "named with")),
            rng,
            strength=rng.choice(("confirmed", "unconfirmed", "tentative")),
        )


def _link(made: nx.MultiDiGraph, one: str, other: str, relation: str, rng: random.Random, **more: str) -> None:
    first = FIRST + pd.Timedelta(hours=rng.randrange(24 * 60))
    last = first + pd.Timedelta(hours=rng.randrange(1, 300))
    made.add_edge(
        one,
        other,
        relation=relation,
        count=max(1, int(rng.paretovariate(0.9))) % 90 or 1,
        first=first.isoformat(),
        last=last.isoformat(),
        **more,
    )


def events(net: nx.MultiDiGraph, seed: int = 4) -> pd.DataFrame:
    """Dated events of the persons: instants, periods, days of which no time is known."""
    rng = random.Random(seed)
    rows = []
    for one, other, data in net.edges(data=True):
        start = pd.Timestamp(data["first"]).timestamp() * 1000
        for _ in range(min(data["count"], 12)):
            at = start + rng.random() * 300 * 3_600_000
            rows.append(
                {
                    "start": at,
                    "end": at + 3_600_000 if rng.random() < 0.2 else float("nan"),
                    "members": (one, other),
                    "grain": rng.choice((0, 0, 1, 3)),
                    "relation": data["relation"],
                    "label": f"{data['relation']} {net.nodes[other]['caption']}",
                    "layer": data.get("layer", "received"),
                }
            )
    return pd.DataFrame(rows)


def places(net: nx.MultiDiGraph, seed: int = 4) -> pd.DataFrame:
    """Where the sources put some of the persons, with times; cells with a beam."""
    rng = random.Random(seed)
    rows = []
    for number in range(18):
        for _ in range(rng.randint(1, 4)):
            name, lat, lon = rng.choice(TOWNS)
            rows.append(
                {
                    "node": f"p{number}",
                    "lat": lat + rng.uniform(-0.4, 0.4),
                    "lon": lon + rng.uniform(-0.4, 0.4),
                    "label": name,
                    "start": FIRST.timestamp() * 1000 + rng.randrange(60) * 86_400_000,
                    "layer": rng.choice(("received", "received", "suggested")),
                    "radius": rng.choice((float("nan"), 9000.0)),
                    "azimuth": 120.0,
                    "beam": 90.0,
                }
            )
    rows += [
        {"node": f"a{number}", "lat": lat, "lon": lon, "label": name} for number, (name, lat, lon) in enumerate(TOWNS)
    ]
    return pd.DataFrame(rows)


class Library:
    """Passages of made-up messages."""

    def __init__(self, net: nx.MultiDiGraph) -> None:
        self.net = net

    def of(self, node: str) -> list[Passage]:
        """What is said of a node."""
        name = str(self.net.nodes[node]["caption"])
        text = f"Tell {name} that the container moves at night. لن تصل الحاوية قبل الفجر. Rendez-vous au quai nord."
        fact = {
            "source": "chat-14.xml",
            "place": "message 214",
            "at": "2024-03-04 21:10 UTC",
            "sender": "Marta Oliveira",
            "grade": "B2",
            "mark": "EXERCISE",
        }
        return [
            Passage(
                f"{node}-1",
                text,
                [Marked(5, 5 + len(name), node)],
                says=f"{name} is told of a container",
                traces=["T-0014"],
                **fact,
            ),
            Passage(
                f"{node}-2",
                text[::1],
                [Marked(5, 5 + len(name), node, "suggested")],
                kind="suggested",
                says="may be the receiver",
                open=True,
                **fact,
            ),
        ]

    def passages(self, ids: Sequence[str], limit: int) -> tuple[Sequence[Passage], int]:
        return [one for node in ids if node in self.net for one in self.of(node)][:limit], 0


def views(net: nx.MultiDiGraph | None = None, **words: str) -> dict[str, View]:
    """One of each, of one model."""
    net = graph() if net is None else net
    model = CaseModel(net, **{"title": "Quai Nord", "mark": "EXERCISE", "as_at": "2024-05-01", **words})
    library = Library(net)
    return {
        "chart": LinkChart(model),
        "timeline": Timeline(model, events(net)),
        "map": MapView(model, places(net)),
        "matrix": Matrix(model),
        "table": EntityTable(
            model, pd.DataFrame({"mentions": {f"p{number}": float(number * 3) for number in range(len(PERSONS))}})
        ),
        "evidence": Evidence(
            model, library, carried={node: library.of(node) for node in net}, decide=lambda *_: "kept"
        ),
    }


def workspace(net: nx.MultiDiGraph | None = None) -> Workspace:
    """All of them in one place."""
    made = views(net)
    return Workspace(
        {"Chart": made["chart"], "Map": made["map"]},
        {"Evidence": made["evidence"], "Table": made["table"]},
        {"Timeline": made["timeline"], "Matrix": made["matrix"]},
    )


@contextmanager
def opened(
    browser: Browser, folder: Path, shown: Sequence[View] | str, *, check: bool = True, **look: object
) -> Iterator[tuple[Page, Seen]]:
    """A page of views, or of a text of HTML, in a window of its own; afterwards nothing was asked for and nothing failed."""
    look = {"viewport": {"width": 1200, "height": 900}, "color_scheme": "light", **look}
    page, seen = chromium.window(browser, **look), Seen()
    seen.watch(page)
    file = folder / "page.html"
    file.write_text(
        shown if isinstance(shown, str) else build_page(shown, title="Quai Nord"), encoding="utf-8", errors="replace"
    )
    page.goto(file.as_uri())
    yield page, seen
    if check:
        assert [one for one in seen.requests if not one.startswith(("data:", "blob:")) and one != file.as_uri()] == []
        assert seen.dialogs == []
        assert seen.errors == [], seen.errors[:3]
        assert isinstance(shown, str) or page.evaluate("document.scripts.length") == 3
    page.context.close()


def drawn(page: Page, count: int = 1) -> None:
    """Wait until so many charts have their picture and their icons."""
    page.wait_for_function(
        """n => { const all = [...document.querySelectorAll('.wb-chart')];
          return all.filter(e => e.wbChart?.surface && e.wbChart.fitted).length >= n; }""",
        arg=count,
    )
    still(page)


__all__ = [
    "LIVE",
    "UNSEEN",
    "Library",
    "drawn",
    "events",
    "graph",
    "opened",
    "places",
    "views",
    "workspace",
]

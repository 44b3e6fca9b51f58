# %% [markdown]
# # A link chart of any graph
#
# You have a networkx graph from any source. You want to see it, work on it, and give it to somebody who has no Python.
#
# **Question.** Who is between Cosette and Javert, and when do they meet?
#
# **You will** open a graph as a link chart and link a timeline and a table to it. You will work on it with commands that you can undo, and write
# all of it into one file that needs no network.
#
# Ten minutes · for anyone who knows networkx · the persons are those of Victor Hugo's novel, the dates are invented. Nothing here needs
# a case: the package `workbench_widgets` works alone.

# %%
from datetime import date, timedelta
from pathlib import Path

import networkx as nx
from workbench_widgets import page

# %%
from workbench_widgets.chart import LinkChart
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.workspace import Workspace

# %% [markdown]
# ## 1 A graph
#
# You can use any networkx graph. The chart shows its attributes: `caption` and `schema` of a node, `relation`, `count`, `first`, `last`
# and `strength` (confirmed, unconfirmed, tentative) of a link. All of them are optional.

# %%
net = nx.les_miserables_graph()
nx.set_node_attributes(net, "Person", "schema")
len(net), net.size()

# %%
for number, (one, other, link) in enumerate(net.edges(data=True)):
    link.update(relation="appears with", count=link["weight"])
    link["strength"] = "confirmed" if link["weight"] > 2 else "tentative"
    link["first"] = str(date(2024, 1, 1) + timedelta(days=number * 7 % 180))

# %%
for number, members in enumerate(nx.community.louvain_communities(net, seed=1), 1):
    nx.set_node_attributes(net, dict.fromkeys(members, number), "community")

# %% [markdown]
# ## 2 The chart
#
# A solid line is confirmed, a dotted one tentative. A thicker line means more often. Drag moves and pins, Shift and drag draws around,
# the wheel zooms, a click on the legend hides and shows.

# %%
chart = LinkChart(net, title="Les Misérables", mark="EXERCISE", as_at="2024-07-01")
chart

# %% [markdown]
# ## 3 Commands
#
# Everything that the mouse does is also a method of `chart.model`: it is logged, and you can undo it.

# %%
chart.model.path("Cosette", "Javert")
chart.selected

# %%
chart.model.dismiss_others("Valjean", "Cosette", "Javert", "Fantine", "Marius", "Thenardier")
chart.model.arrange("circular")
chart.model.places["Valjean"]

# %%
chart.model.undo()
chart.model.undo()
chart.model.history

# %% [markdown]
# Any attribute of the nodes can give them their colour. A click on a value in the legend hides and shows it.

# %%
chart.model.style("community")
chart

# %% [markdown]
# The steps in the log, repeated from the beginning, give the same chart.

# %%
before = chart.model.places
chart.model.replay(chart.model.history)
chart.model.places == before

# %% [markdown]
# ## 4 Linked views
#
# Views of one model share the selection, what is hidden, and the time. Select a row of the table, or a period at the bottom of the timeline, and
# see the chart change.

# %%
timeline, table = Timeline(chart.model), EntityTable(chart.model)
Workspace({"Chart": chart}, {"Table": table}, {"Timeline": timeline})

# %%
chart.model.select("Javert", "Valjean")
timeline

# %% [markdown]
# ## 5 One file for somebody else
#
# The file contains the views, linked as they are here, and everything that they need. It asks for nothing from a network.

# %%
target = Path("les-miserables.html")
target.write_text(page.build_page([chart, timeline, table], title="Les Misérables"), encoding="utf-8")
f"{target.name}: {target.stat().st_size / 1e6:.1f} MB"

# %% [markdown]
# Entities are near on a chart because of the links in the data supplied. This says nothing about the persons themselves.

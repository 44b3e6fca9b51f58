# %% [markdown]
# # From a name to a finished chart
#
# A prosecutor asks who stands around Marta Oliveira in Operation Grey Heron, on one page that opens anywhere.
#
# **Question.** Whom is she recorded with, how sure is each line, and what stands behind it?
#
# **You will** draw a chart around a name, bring in what is near, read the passages behind a line, say something by hand and take it back,
# and write the chart as one page.
#
# Fifteen minutes · for whoever has done 00-start · everybody here is invented.

# %%
import os
from pathlib import Path

import workbench as wb

# %%
folder = Path(os.environ.get("WORKBENCH_CASE", "cases/first")).with_name("chart")
case = wb.open_case(folder, officer="trainee", purpose="training", title="Operation Grey Heron")
for name in ("chats.txt", "mail/09_which_seal.eml", "registers/persons.csv"):
    case.add(wb.shipped() / "files" / name)
case.extract()

# %% [markdown]
# ## 1 Around a name
#
# Solid lines are **confirmed**: a source states them, or an officer decided them. Dashed ones a machine read in a text. Dotted ones say only that
# two stand in one text. The legend beside the chart hides and shows.
#
# In the notebook: click chooses, drag moves (and pins), the wheel zooms, **Shift** adds, **L** draws a lasso, **Ctrl+Z** takes back, the right
# button says what can be done.

# %%
people = case.entities("Person").query("custodian and caption == 'Marta Oliveira'")
who = people["canonical_id"].iloc[0]
net = case.graph(who, hops=1, suggested=False)
chart = case.chart(net, name="marta", title="Around Marta Oliveira")
chart

# %% [markdown]
# Four persons of the registers and the mail bear that name; this one's telephone was read. What you choose on the chart is here, and what
# you choose here is there:

# %%
chart.select(who)
chart.selected

# %% [markdown]
# ## 2 What is near, and how much
#
# Count first. Then bring what is near, so many and no more; nothing that is on the chart moves. Each question stands in the log.

# %%
other = sorted(set(net.successors(who)) | set(net.predecessors(who)))[0]
chart.model.counts(other)

# %%
chart.model.expand(other, limit=5)
chart.model.status

# %%
chart.model.undo()
chart.model.status

# %% [markdown]
# ## 3 What stands behind it
#
# All views of one chart, linked: choose a line, and its passages stand beside it, with source, grade, mark and traces. What a machine suggests
# can be accepted or rejected there, with a reason. The time that you brush in the timeline is the time that every view shows.

# %%
case.charts.workspace(chart)

# %% [markdown]
# ## 4 Say something by hand
#
# *By hand…* above the chart asks for a source and a reason. In Python it is the same:

# %%
chart.model.act("add", schema="Event", name="Meeting at the quay", date="2025-09-01", because="surveillance log 12")
event = chart.selected[0]
chart.model.act("link", schema="involved", source=who, target=event, because="surveillance log 12")
chart.model.status

# %% [markdown]
# Undo takes it back in the case as well: by another row, so that both remain on record.

# %%
chart.model.undo()
case.log.decisions()[["verdict", "because", "officer"]].tail(3)

# %% [markdown]
# ## 5 One page
#
# The page holds what is seen, with the first passages of each line, and opens without a network. It stays in the case until you write it
# elsewhere: then it is a disclosure, and the log says so. `.svg`, `.png`, `.pdf` and `.anx` work in the same way.

# %%
page = chart.save(case.book.folder.reports / "marta.html")
page.name, f"{page.stat().st_size / 1e6:.1f} MB", chart.mark

# %% [markdown]
# Where the nodes lie is kept under the chart's name: open it tomorrow, and it looks the same. A chart shows what the data supplied records;
# whoever is not in the data is not on the chart.

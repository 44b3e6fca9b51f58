# %% [markdown]
# # From a name to a finished chart
#
# A prosecutor asks who is linked to Marta Oliveira in Operation Grey Heron, on one page that opens anywhere.
#
# **Question.** With whom is she recorded, how sure is each line, and what supports it?
#
# **You will** draw a chart around a name, add what is near, and read the passages behind a line. You will add a statement manually and take it
# back. Then you save the chart as one page.
#
# Fifteen minutes · for anyone who has done 00-start · all persons here are invented.

# %%
import os
from pathlib import Path

import workbench as wb

# %%
folder = Path(os.environ.get("WORKBENCH_CASE", "cases/first")).with_name("chart")
case = wb.open_case(folder, officer="trainee", purpose="training", title="Operation Grey Heron")
for name in ("chats.txt", "mail/09_which_seal.eml", "registers/persons.csv"):
    case.add(wb.shipped_folder() / "files" / name)
case.extract()

# %% [markdown]
# ## 1 Around a name
#
# Solid lines are **confirmed**: a source states them, or an officer decided them. A program read the dashed ones in a text. Dotted ones mean only
# that two names are in one text. The legend next to the chart hides and shows lines.
#
# In the notebook: click selects, drag moves (and pins), the wheel zooms, **Shift** adds, **L** draws a lasso, **Ctrl+Z** undoes, the right
# button shows what you can do.

# %%
people = case.entities("Person").query("custodian and caption == 'Marta Oliveira'")
who = people["canonical_id"].iloc[0]
net = case.graph(who, hops=1, suggested=False)
chart = case.chart(net, name="marta", title="Around Marta Oliveira")
chart

# %% [markdown]
# Four persons of the registers and the mail have that name. The phone of this one was examined. What you select on the chart is selected here, and
# what you select here is selected on the chart:

# %%
chart.select(who)
chart.selected

# %% [markdown]
# ## 2 What is near, and how much
#
# Count first. Then add what is near, up to a limit. Nothing that is on the chart moves. Each question is recorded in the log.

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
# ## 3 What supports it
#
# All views of one chart are linked. Select a line, and its passages are shown next to it, with source, grade, mark and traces. You can
# accept or reject there what a program suggests, with a reason. The time that you select in the timeline is the time that every view shows.

# %%
case.charts.workspace(chart)

# %% [markdown]
# ## 4 Enter something manually
#
# *Enter manually…* above the chart asks for a source and a reason. In Python it is the same:

# %%
chart.model.act("add", schema="Event", name="Meeting at the quay", date="2025-09-01", because="surveillance log 12")
event = chart.selected[0]
chart.model.act("link", schema="involved", source=who, target=event, because="surveillance log 12")
chart.model.status

# %% [markdown]
# Undo takes it back in the case as well. It adds another row, so that both stay on record.

# %%
chart.model.undo()
case.log.decisions()[["verdict", "because", "officer"]].tail(3)

# %% [markdown]
# ## 5 One page
#
# The page contains what you see, with the first passages of each line, and opens without a network. It stays in the case until you save it
# in another place. Then it is a disclosure, and the log says so. `.svg`, `.png`, `.pdf` and `.anx` work in the same way.

# %%
page = chart.save(case.context.folder.reports / "marta.html")
page.name, f"{page.stat().st_size / 1e6:.1f} MB", chart.mark

# %% [markdown]
# The positions of the nodes are saved under the chart's name: open it tomorrow, and it looks the same. A chart shows the records in the data
# supplied. A person who is not in the data is not on the chart.

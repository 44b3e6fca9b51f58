# %% [markdown]
# # Bring your own: any material, looked at first
#
# Monday morning: a folder of everything. An operator's export with headers that nobody has seen, a letter from counsel in the
# middle of the mailbox, a column with addresses that you have no authority to keep.
#
# **Question.** How do I get this in *rightly*, and how do I keep out what must stay out?
#
# **You will** look at a file before it is in the case, say what its columns are, leave some out, try, add, keep that as a
# profile, and set material aside so that nobody reads it.
#
# Fifteen minutes · for whoever has done 00-start · everybody and everything here is invented.

# %%
import os
from pathlib import Path

import workbench as wb

# %%
folder = Path(os.environ.get("WORKBENCH_CASE", "cases/first")).with_name("own")
case = wb.open_case(folder, officer="trainee", purpose="training", title="Bring your own")

# %% [markdown]
# ## 1 A table that nobody knows
#
# This stands for the export that you got. Its headers say little, dates could be read two ways, and it names where the
# subscriber lives.

# %%
export = """Request 2025/114\n\nNr;Zeta;Omega;Moment;Len;Domicile
1;06 39 98 00 01;06 39 98 00 02;03/04/2025 10:00;62;12 Quay Street
2;06 39 98 00 01;06 39 98 00 03;05/04/2025 11:30;8;12 Quay Street
3;06 39 98 00 02;06 39 98 00 01;06/04/2025 23:05;231;4 Mill Lane"""
Path(folder, "operator.csv").write_text(export, encoding="utf-8")

# %% [markdown]
# A **plan** says how the file would be read: by whom, why, and what it looks like. Nothing is kept yet.

# %%
plan = case.sources.plan(Path(folder, "operator.csv"))
print(f"{plan.name}: read as {plan.reader}, because it is {plan.why}")
plan.preview()

# %% [markdown]
# What does it make of the columns? Where the headers and the cells do not say it for certain, it does not guess: the column
# stays text that can be searched, and you decide.

# %%
plan.fields()

# %% [markdown]
# You know more: the file is of calls, its numbers are French, its clock is that of Paris, days come before months. And the
# order of the court does not cover addresses: that column is left out, it will be in no index and no claim.

# %%
plan = plan.say(dates="dmy", region="FR", zone="Europe/Paris")
plan = plan.mean({"Zeta": "a", "Omega": "b", "Moment": "start", "Len": "duration"}, kind="calls")
plan = plan.leave_out("Domicile")
plan.fields()

# %% [markdown]
# ## 2 Try, then add
#
# A trial reads the file and keeps nothing: what would come, and what would not be taken as a value.

# %%
trial = plan.trial()
trial.counts

# %%
trial.issues[["severity", "message"]]

# %% [markdown]
# Good. Add it, with what the exhibit label says. Then keep the columns as a profile: the next file with these headers is read
# so by itself, in this case and in others.

# %%
plan.add(exhibit="AB/7", authority="order 2025/114")

# %%
plan.save("Operator Zeta, calls")
case.entities("TelephoneNumber")[["caption", "layer", "mentions"]]

# %% [markdown]
# A wrong exhibit, a wrong column? `case.sources.withdraw` takes everything back that came of a file, `plan.add()` reads it anew. The
# file itself stays, named by its hash.

# %%
case.sources.withdraw("operator.csv", because="wrong exhibit number")
case.sources.list()[["name", "state", "exhibit", "reader"]]

# %%
plan.add(exhibit="AB/8")
case.sources.list()[["name", "state", "exhibit", "reader"]]

# %% [markdown]
# ## 3 Whole folders
#
# `case.add` takes a folder with everything in it: office documents, mail with attachments, archives in archives, telephones as
# Cellebrite reports them, chats of WhatsApp, Telegram and Signal, call records, bank statements, maps, charts of i2, contact
# cards. Each file within a file is a source of its own. What cannot be read is listed with the reason and stops nothing.

# %%
received = case.add(wb.shipped() / "files" / "mail")
received[["name", "state", "reader", "documents"]].head(6)

# %% [markdown]
# ## 4 Set aside
#
# What passes between a person and a lawyer is not for you, nor is what lies outside the period of the order. Set it aside
# **before** it is read: by sender, number, words, folder or date. It is counted, and in no index, view, chart or report. What
# comes later is taken as well.

# %%
case.sources.exclude(term="dinner", ground="out of scope", because="private, not covered by the order")

# %%
case.extract()
case.search("dinner on the boat")[["text", "at", "sender"]].head(3)

# %% [markdown]
# Only a role that `case.toml` names can reopen it, with a reason. All of it is in the audit log.

# %%
key = case.sources.exclusions()["set_aside_id"].iloc[0]
case.sources.reopen(key, role="independent counsel", because="order of the court of 4 June")
case.sources.exclusions()[["rule", "ground", "documents", "state", "reopened_by"]]

# %% [markdown]
# ## 5 The same by mouse
#
# The tab **Add files** of the panel does all of this without code: drop files, *Look and change*, *Try*, *Add*, *Withdraw*.

# %%
case.charts.panel()

# %% [markdown]
# ## Your turn
#
# Put your own folder in. Look at what was quarantined, and at `case.sources.issues()`, before you look at anything else.
#
# ```python
# mine = wb.open_case("cases/mine", officer="your name", purpose="what for")
# mine.add("path/of/your/folder")
# mine.show()
# ```

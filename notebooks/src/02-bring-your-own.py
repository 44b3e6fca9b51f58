# %% [markdown]
# # Bring your own: check any material first
#
# Monday morning: a folder with everything. It has an operator's export with headers that nobody has seen. In the mailbox there is a letter
# from counsel. One column has addresses that you have no authority to keep.
#
# **Question.** How do I import this *correctly*, and how do I keep out what must stay out?
#
# **You will** check a file before it is in the case, say what its columns contain, and leave some out. You will try, add, and save the
# settings as a profile. Then you set material aside so that nobody reads it.
#
# Fifteen minutes · for anyone who has done 00-start · all persons and events here are invented.

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
# This is an example of an export that you received. Its headers say little, and dates could be read in two ways. It contains the
# address of the subscriber.

# %%
export = """Request 2025/114\n\nNr;Zeta;Omega;Moment;Len;Domicile
1;06 39 98 00 01;06 39 98 00 02;03/04/2025 10:00;62;12 Quay Street
2;06 39 98 00 01;06 39 98 00 03;05/04/2025 11:30;8;12 Quay Street
3;06 39 98 00 02;06 39 98 00 01;06/04/2025 23:05;231;4 Mill Lane"""
Path(folder, "operator.csv").write_text(export, encoding="utf-8")

# %% [markdown]
# A **plan** says how the file would be read: by which reader, why, and what it looks like. Nothing is saved yet.

# %%
plan = case.sources.plan(Path(folder, "operator.csv"))
print(f"{plan.name}: read as {plan.reader}, because it is {plan.why}")
plan.preview()

# %% [markdown]
# How does it read the columns? If the headers and the cells do not decide it for certain, it does not guess. The column
# stays text that can be searched, and you decide.

# %%
plan.fields()

# %% [markdown]
# You know more. The file contains calls, its numbers are French, its clock is that of Paris, and days come before months. The
# order of the court does not cover addresses. So that column is left out: it will be in no index and no claim.

# %%
plan = plan.say(dates="dmy", region="FR", zone="Europe/Paris")
plan = plan.mean({"Zeta": "a", "Omega": "b", "Moment": "start", "Len": "duration"}, kind="calls")
plan = plan.leave_out("Domicile")
plan.fields()

# %% [markdown]
# ## 2 Try, then add
#
# A trial reads the file and saves nothing. It shows what would be imported, and what would not be read as a value.

# %%
trial = plan.trial()
trial.counts

# %%
trial.issues[["severity", "message"]]

# %% [markdown]
# Good. Add it, with the information on the exhibit label. Then save the columns as a profile. The next file with these headers is then
# read in this way automatically, in this case and in others.

# %%
plan.add(exhibit="AB/7", authority="order 2025/114")

# %%
plan.save("Operator Zeta, calls")
case.entities("TelephoneNumber")[["caption", "layer", "mentions"]]

# %% [markdown]
# Is an exhibit or a column wrong? `case.sources.withdraw` withdraws everything that was read from a file. `plan.add()` reads it again. The
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
# `case.add` takes a folder with everything in it: office documents, mail with attachments, archives in archives, phones as
# Cellebrite reports them, chats of WhatsApp, Telegram and Signal, call records, bank statements, maps, i2 charts, contact
# cards. Each file within a file is its own source. What cannot be read is listed with the reason and stops nothing.

# %%
received = case.add(wb.shipped_folder() / "files" / "mail")
received[["name", "state", "reader", "documents"]].head(6)

# %% [markdown]
# ## 4 Set aside
#
# What a person and a lawyer say or write to each other is not for you. Neither is what is outside the period of the order. Set it aside
# **before** it is read: by sender, number, words, folder or date. It is counted, and is in no index, view, chart or report. What
# comes later is excluded as well.

# %%
case.sources.exclude(term="dinner", ground="out of scope", because="private, not covered by the order")

# %%
case.extract()
case.search("dinner on the boat")[["text", "at", "sender"]].head(3)

# %% [markdown]
# Only a role that `case.toml` names can reopen it, with a reason. Everything is in the audit log.

# %%
key = case.sources.exclusions()["set_aside_id"].iloc[0]
case.sources.reopen(key, role="independent counsel", because="order of the court of 4 June")
case.sources.exclusions()[["rule", "ground", "documents", "state", "reopened_by"]]

# %% [markdown]
# ## 5 The same with the mouse
#
# The tab **Add files** of the panel does all of this without code: drop files, *Check settings*, *Try*, *Add*, *Withdraw*.

# %%
case.charts.panel()

# %% [markdown]
# ## Your turn
#
# Add your own folder. Check what was quarantined, and `case.sources.issues()`, before you read anything else.
#
# ```python
# mine = wb.open_case("cases/mine", officer="your name", purpose="what for")
# mine.add("path/of/your/folder")
# mine.show()
# ```

# %% [markdown]
# # Operation Crystal Clear
#
# **Question.** Two men were arrested with a large sum of cash. Seven seized telephones: what happened before?
#
# **You will** work on a published police-training case (all persons are fictional): 2,897 message traces that are 917 messages.
#
# Twenty minutes · intermediate · the data are public, but not shipped with this project.

# %%
import os
from pathlib import Path

import workbench as wb

data = Path(os.environ.get("WORKBENCH_DATA", "../shared")) / "cases" / "crystal-clear" / "sources"
present = data.is_dir()
print("The material is there." if present else wb.WHERE_IS_CRYSTAL_CLEAR)

# %%
if present:
    case = wb.open_case("cases/crystal-clear", officer="trainee", purpose="training", title="Operation Crystal Clear")
    table = case.add(data)
    case.extract()
    print(table.drop(columns="source").to_string())

# %% [markdown]
# ## What came in, and what is wrong with it
#
# Copies of one message on several telephones are one message with all its traces. Where copies name different senders, both
# claims are kept and an issue says so.

# %%
if present:
    documents = case.documents()
    print(len(documents), "documents in", documents["traces"].sum(), "places")
    display(case.issues().groupby(["code", "severity"], as_index=False).size())

# %% [markdown]
# ## Who is between whom
#
# Seven telephones were read, so their users lead every list: that is collection, not importance.

# %%
if present:
    display(case.ranking().head(12))
    display(case.chart(case.graph(suggested=False, limit=40), name="overview"))

# %% [markdown]
# ## Nicknames and second accounts

# %%
if present:
    display(case.duplicates("Person")[["left", "right", "score", "reasons"]].head(15))

# %% [markdown]
# ## The alibi
#
# One suspect names a classmate. What do the telephones say by, to and about her?

# %%
if present:
    display(case.why("Quan Xiuan", "Julia Sheila")[["at", "sender", "text", "traces"]])

# %% [markdown]
# ## Search as an analyst would

# %%
if present:
    for question in ("large sum of cash handed over", "rental car used for a delivery", "the police must not find the phone"):
        print(f"\n{question}")
        display(case.search(question, services=False)[["at", "sender", "text", "matched"]].head(5))

# %% [markdown]
# ## Report

# %%
if present:
    print(case.report("crystal-clear.html", question="What happened before the arrest of 21 July 2022?"))

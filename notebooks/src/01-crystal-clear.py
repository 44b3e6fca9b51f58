# %% [markdown]
# # Operation Crystal Clear
#
# This is a published police-training case of the Netherlands Forensic Institute, made by people who examine real phones. All
# its persons are fictional. Its seven phones are as untidy as real ones.
#
# **Question.** Two men were arrested with a large sum of cash. What happened before, and what do seven phones say about the
# alibi?
#
# **You will** see how many messages 2,897 traces give when copies are combined, find second accounts, test an alibi, and
# search as an analyst does.
#
# Twenty minutes · for those who have done `00-start` · about a minute of computing.
#
# **The data are public but not part of this project.** If they are not on this computer, the next cell stops and nothing is
# lost. To get them: the chat export of the case as text is on GitHub, in
# `NetherlandsForensicInstitute/local-llm-chat-report-benchmark`. Put it into a folder `cases/crystal-clear/sources`. Before you start
# Jupyter, set the environment variable `WORKBENCH_DATA` to the folder that contains `cases`.

# %%
import os
from pathlib import Path

data = Path(os.environ.get("WORKBENCH_DATA", "../../shared"), "cases", "crystal-clear", "sources")
assert data.is_dir(), "The case material is not on this machine. The text above says where it is and what to do."

# %%
import pandas as pd
import workbench as wb

pd.set_option("display.max_colwidth", 160)
case = wb.open_case("cases/crystal-clear", officer="trainee", purpose="training", title="Operation Crystal Clear")
case.add(data)[["name", "state", "reader", "documents", "traces", "issues"]]

# %%
case.extract()

# %% [markdown]
# ## What came in, and what is wrong with it
#
# A message can be on the sender's phone, on the receiver's, and in a backup. It is *one* message with all its traces. If you count
# traces, you count a backup with many copies, not a person who writes much.

# %%
documents = case.documents()
documents["traces"].value_counts().rename_axis("lies in").rename("messages").to_frame().T

# %% [markdown]
# If copies have different senders, both claims are saved, and an issue says so. The clocks have no time zone: times are as written.

# %%
case.sources.issues().groupby(["severity", "code"], as_index=False).agg(
    count=("code", "size"), example=("message", "first")
)

# %% [markdown]
# ## Who is between whom?
#
# Seven phones were examined, so their users are at the top of every list. The reason is collection, not importance. `rank_among_others`
# ranks only those persons whose phones were *not* examined.

# %%
ranks = case.network.ranking()
ranks[["rank", "caption", "custodian", "degree", "contacts", "betweenness", "rank_among_others"]].head(12)

# %%
phones = ranks[ranks["custodian"]]["canonical_id"]
net = case.graph(*phones, suggested=False, limit=40)
case.chart(net, name="overview", title="Contacts of the seven telephones")

# %% [markdown]
# ## Nicknames and second accounts
#
# One person can have several accounts; several persons can have one nickname. The reasons say what the comparison is based on. Which of
# these would you sign?

# %%
pairs = case.judgements.duplicates("Person")
pairs[["left", "right", "reasons"]].head(12).replace("\n", "; ", regex=True)

# %% [markdown]
# ## The alibi
#
# One suspect names a classmate. What do the phones contain from her, to her and about her? Read the times, and check which phone each
# passage comes from. What is *missing* that should be there?

# %%
classmate = case.why("Quan Xiuan", "Julia Sheila")
classmate[["at", "sender", "text", "device"]].head(12)

# %% [markdown]
# ## Search as an analyst does
#
# Ask in your own words. Chats do not say "rental car used for a delivery"; they say what people say. Services (advertising,
# delivery notices) are left out here.

# %%
case.search("large sum of cash handed over", services=False)[["at", "sender", "text", "matched"]].head(5)

# %%
case.search("rental car used for a delivery", services=False)[["at", "sender", "text", "matched"]].head(5)

# %%
case.search("the police must not find the phone", services=False)[["at", "sender", "text", "matched"]].head(5)

# %% [markdown]
# Have you found something? Search for similar passages: those nearest in meaning, in any words.

# %%
found = case.search("get rid of the phone", services=False)
case.search(like=found["passage_id"].iloc[0], services=False)[["at", "sender", "text"]].head(5)

# %% [markdown]
# ## Report

# %%
case.report("crystal-clear.html", question="What happened before the arrest of 21 July 2022?")

# %% [markdown]
# ## Key points
#
# - One message, many traces: count messages, quote traces.
# - A person whose phone was collected looks central.
# - An account is not a person. Sign the pairs for which you can give a reason, and leave the others open.

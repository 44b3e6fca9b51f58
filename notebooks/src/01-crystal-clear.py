# %% [markdown]
# # Operation Crystal Clear
#
# A published police-training case of the Netherlands Forensic Institute, made by the people who examine real telephones. All
# its persons are fictional; its seven telephones are as untidy as real ones.
#
# **Question.** Two men were arrested with a large sum of cash. What happened before, and what do seven telephones say about the
# alibi?
#
# **You will** see what 2,897 traces of messages are when copies are put together, find second accounts, test an alibi, and
# search as an analyst would.
#
# Twenty minutes · for those who have done `00-start` · about a minute of computing.
#
# **The data are public but not part of this project.** If they are not on this machine, the next cell stops and nothing is
# lost. To get them: on GitHub, in `NetherlandsForensicInstitute/local-llm-chat-report-benchmark`, is the chat export of the case
# as text. Put it into a folder `cases/crystal-clear/sources`, and set the environment variable `WORKBENCH_DATA` to the folder
# that holds `cases` before you start Jupyter.

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
# A message lies on the sender's telephone, on the receiver's, and in a backup. It is *one* message with all its traces. Count
# traces and you count a talkative backup, not a talkative person.

# %%
documents = case.documents()
documents["traces"].value_counts().rename_axis("lies in").rename("messages").to_frame().T

# %% [markdown]
# Where copies name different senders, both claims are kept, and an issue says so. The clocks carry no zone: times are as written.

# %%
case.sources.issues().groupby(["severity", "code"], as_index=False).agg(
    count=("code", "size"), example=("message", "first")
)

# %% [markdown]
# ## Who is between whom?
#
# Seven telephones were read, so their users lead every list: that is collection, not importance. `rank_among_others` ranks
# those whose telephones were *not* read among themselves.

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
# One person, several accounts; one nickname, several persons. The reasons say what the comparison rests on. Which of these would
# you sign?

# %%
pairs = case.judgements.duplicates("Person")
pairs[["left", "right", "reasons"]].head(12).replace("\n", "; ", regex=True)

# %% [markdown]
# ## The alibi
#
# One suspect names a classmate. What do the telephones hold by, to and about her? Read the times, and whose telephone each
# passage comes from. What is *not* there, although it should be?

# %%
classmate = case.why("Quan Xiuan", "Julia Sheila")
classmate[["at", "sender", "text", "device"]].head(12)

# %% [markdown]
# ## Search as an analyst would
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
# Found something? Ask for its like: the passages nearest in meaning, in whatever words.

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
# - Who was collected looks central.
# - An account is not a person. Sign the pairs that you can give a reason for, and leave the others open.

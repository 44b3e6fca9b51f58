# %% [markdown]
# # Start here: a case in ten minutes
#
# *Operation Grey Heron.* A container of pineapples arrives in Port Calder. On the bill of lading its seal has one number, on
# the gate slip another. The terminal calls it a typing error. Eleven days later three telephones are seized.
#
# **Question.** Who was in contact with whom about the seal, and which sources say so?
#
# **You will** put the material in, search it, see who is linked to whom and *why*, correct the machine, and write a report
# that its reader can check line by line.
#
# Ten minutes · for beginners, of police work or of Python · everybody and everything in this case is invented.
#
# Run the cells from top to bottom: <kbd>Shift</kbd>+<kbd>Enter</kbd>. Nothing that you do here leaves this machine.

# %%
import os

import pandas as pd
import workbench as wb

pd.set_option("display.max_colwidth", 160)

# %% [markdown]
# ## The start page: no code
#
# Run the next cell. On the page below it you make a case, or open one that you had open before; drop files on it, see what is new
# since you were here last, open charts again, search, draw and write a report. Each button says what it does.

# %%
wb.start()

# %% [markdown]
# ## The same in Python
#
# From here on the exercise goes line by line, for whoever wants to see what the buttons do. A case is a folder. You say who works on
# it and what for: both are written to the audit log, as everywhere in this work.

# %%
folder = os.environ.get("WORKBENCH_CASE", "cases/first")
case = wb.open_case(folder, officer="trainee", purpose="training", title="Operation Grey Heron")
case

# %% [markdown]
# ## 1 Put the material in
#
# Chats, e-mails, reports, call records, bank bookings and registers: give the folder, the workbench looks at each file and says
# as what it was read. The originals are kept as they came, named by their hash. What cannot be read is listed with the reason
# and stops nothing. Run the cell twice: the second time it adds nothing.

# %%
received = case.add(wb.shipped() / "files")
received[["name", "state", "reader", "documents", "traces", "issues"]].head(8)

# %% [markdown]
# Now the text is read. Telephone numbers, bank accounts, plates and names become *suggestions*: kept apart from what the
# sources state, and drawn dashed, until you confirm them. It takes about half a minute.

# %%
case.extract()

# %% [markdown]
# ## 2 What is wrong with it?
#
# Ask this before anything else. Damaged rows, clocks without a zone, copies that contradict each other: the workbench mends
# nothing silently, it tells you.

# %%
issues = case.sources.issues()
issues.groupby(["severity", "code"], as_index=False).agg(count=("code", "size"), example=("message", "first"))

# %% [markdown]
# Two of them you can settle, because the brief of the case says it: the chats are in UTC, the call records in local time. Left
# alone, every call would seem to come two hours after the message that it answers.

# %%
case.sources.describe("chats.txt", zone="UTC", because="brief of the case")
case.sources.describe("calls.csv", zone="Etc/GMT-2", because="brief of the case: local time is UTC+02:00")

# %% [markdown]
# ## 3 Look around
#
# The panel shows the case at a glance. Its tabs search, review and add files; each click does what a line of Python would do.

# %%
case.charts.panel()

# %% [markdown]
# ## 4 One search over everything
#
# Messages, e-mails, reports and tables together, by words *and* by meaning: a passage need not hold a word of yours.
# `matched` says how it was found, `source_name` where it stands.

# %%
hits = case.search("seal changed on the container at night")
hits[["at", "sender", "text", "source_name", "matched"]].head(6)

# %% [markdown]
# "Quotation marks", `OR`, `-without` and `begin*` work; a period, a kind and a sender narrow it down. The agent who walked into
# the police station wrote about it to others first:

# %%
letters = case.search('"bill of lading" OR "gate slip"', sender="Lena Brandt", since="2025-09-15", kind="Email")
letters[["at", "title", "text"]].head(4)

# %% [markdown]
# ## 5 Who is who?
#
# The same person is in an address book by a nickname, in a register by three forenames, and in a report in capitals. The
# workbench offers pairs that may be one, with its reasons. It never joins them: you do.

# %%
pairs = case.judgements.duplicates("Person")
pairs[["left", "right", "reasons"]].head(6).replace("\n", "; ", regex=True)

# %% [markdown]
# The first pair has the same number and the same date of birth. Sign the judgement, with your reason. Judging again, with
# `same=False` or `same=None` (unsure), takes it back.

# %%
case.judgements.judge(pairs.head(1), same=True, because="same number, name and date of birth")

# %% [markdown]
# Do not go too fast, though. This name occurs again and again. How many persons is it? Look at what speaks *against*, too.

# %%
namesakes = case.judgements.duplicates(about="Marta Oliveira")
namesakes[["left", "right", "schema", "reasons"]].head(8).replace("\n", "; ", regex=True)

# %% [markdown]
# ## 6 Who is linked to whom?
#
# An account is not a person: a number is *recorded as used* by somebody, on a stated basis. And mind the collection: those whose
# telephones were read (`custodian`) or whose call records were asked for stand in the middle of every list *because* of that.

# %%
ranks = case.network.ranking()
ranks[["rank", "caption", "schema", "custodian", "degree", "contacts", "betweenness"]].head(10)

# %% [markdown]
# As a chart: the persons whose telephones were read, and whom they are recorded with. Click a link to read what is behind it;
# drag, zoom and search, with the mouse or the keyboard.

# %%
phones = ranks[ranks["custodian"]]["canonical_id"]
net = case.graph(*phones, suggested=False, limit=40)
case.chart(net, name="start", title="Contacts of the three telephones")

# %% [markdown]
# ## 7 Why is there a link?
#
# The question to ask of every line on every chart. The answer is passages: text, time as written, source and trace. Take two of
# the three:

# %%
one, other = phones.head(2)
case.why(one, other)[["at", "sender", "text", "source_name", "traces"]].head(6)

# %% [markdown]
# ## 8 Write it down
#
# An open question, and a conclusion that says how sure you are and on what it rests. Both hang on passages, so that the reader
# can go and look.

# %%
seal = hits["passage_id"].head(2)
case.review.note("Was the seal changed before or after the container left?", kind="question", passages=seal)
doubt = {"nature": "assessment", "confidence": "low", "basis": "first passages read, nothing compared yet"}
case.review.note("The two seal numbers were noticed and talked about.", kind="conclusion", passages=seal, **doubt)

# %% [markdown]
# One HTML page, a PDF and a chart, offline, with the marking on every page and the list of what was *not* looked at.

# %%
question = "Who was in contact about the seal, and which sources say so?"
case.report("first-report.html", question=question, to="prosecutor")

# %% [markdown]
# ## Key points
#
# - Sources are never changed; you add to what is said, and everything that you say can be taken back.
# - A machine suggests, an officer decides and signs.
# - Every line has passages behind it: `case.why(a, b)`.
#
# **Go on.** Six questions about this case are in `datasets/harbour/README.md`; what you have seen here is enough to answer
# them. `01-crystal-clear` works on a published police-training case.
#
# ## Now your own folder
#
# Put the path of a folder of yours in place of `…` and take the `#` away.

# %%
mine = wb.open_case("cases/mine", officer="trainee", purpose="trying out")
# mine.add("…"); mine.extract(); mine.show()

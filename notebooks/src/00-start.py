# %% [markdown]
# # Start here: a case in ten minutes
#
# *Operation Grey Heron.* A container of pineapples arrives in Port Calder. Its seal has one number on the bill of lading, and
# another on the gate slip. The terminal calls it a typing error. Eleven days later three phones are seized.
#
# **Question.** Who was in contact with whom about the seal, and which sources say so?
#
# **You will** add the material, search it, see who is linked to whom and *why*, and correct the program. Then you write a report
# that its reader can check line by line.
#
# Ten minutes · for beginners in police work or in Python · all persons and events in this case are invented.
#
# Run the cells from top to bottom: <kbd>Shift</kbd>+<kbd>Enter</kbd>. Nothing that you do here leaves this computer.

# %%
import os

import pandas as pd
import workbench as wb

pd.set_option("display.max_colwidth", 160)

# %% [markdown]
# ## The start page: no code
#
# Run the next cell. On the page below it you create a case, or open one that you had open before. Drop files on it and see what is
# new since your last visit. Open charts again, search, draw and write a report. Each button says what it does.

# %%
wb.start()

# %% [markdown]
# ## The same in Python
#
# From here on the exercise goes line by line. It is for anyone who wants to see what the buttons do. A case is a folder. You say who
# works on it and for what purpose. Both are written to the audit log, as everywhere in this work.

# %%
folder = os.environ.get("WORKBENCH_CASE", "cases/first")
case = wb.open_case(folder, officer="trainee", purpose="training", title="Operation Grey Heron")
case

# %% [markdown]
# ## 1 Add the material
#
# The material is chats, e-mails, reports, call records, bank bookings and registers. Give the folder. The workbench checks each file and
# shows how it was read. The originals are saved as they came, named by their hash. What cannot be read is listed with the reason
# and stops nothing. Run the cell twice: the second time it adds nothing.

# %%
received = case.add(wb.shipped_folder() / "files")
received[["name", "state", "reader", "documents", "traces", "issues"]].head(8)

# %% [markdown]
# Now the program reads the text. Phone numbers, bank accounts, plates and names become *suggestions*. They are separate from what the
# sources state, and drawn with dashed lines, until you confirm them. It takes about half a minute.

# %%
case.extract()

# %% [markdown]
# ## 2 What is wrong with it?
#
# Ask this first. There may be damaged rows, clocks without a time zone, or copies that contradict each other. The workbench
# corrects nothing silently: it shows you the issues.

# %%
issues = case.sources.issues()
issues.groupby(["severity", "code"], as_index=False).agg(count=("code", "size"), example=("message", "first"))

# %% [markdown]
# You can settle two of them, because the brief of the case gives the answer: the chats are in UTC, the call records in local time.
# Without this, every call would seem to come two hours after the message that it answers.

# %%
case.sources.describe("chats.txt", zone="UTC", because="brief of the case")
case.sources.describe("calls.csv", zone="Etc/GMT-2", because="brief of the case: local time is UTC+02:00")

# %% [markdown]
# ## 3 Look around
#
# The panel shows an overview of the case. Its tabs search, review and add files. Each click does what a line of Python would do.

# %%
case.charts.panel()

# %% [markdown]
# ## 4 One search over everything
#
# The search covers messages, e-mails, reports and tables together, by words *and* by meaning. A passage does not need to contain your
# words. `matched` says how it was found, and `source_name` where it is.

# %%
hits = case.search("seal changed on the container at night")
hits[["at", "sender", "text", "source_name", "matched"]].head(6)

# %% [markdown]
# "Quotation marks", `OR`, `-without` and `begin*` work. A period, a kind and a sender narrow the search. The agent who came to
# the police station wrote about it to others first:

# %%
letters = case.search('"bill of lading" OR "gate slip"', sender="Lena Brandt", since="2025-09-15", kind="Email")
letters[["at", "title", "text"]].head(4)

# %% [markdown]
# ## 5 Who is who?
#
# The same person is in an address book by a nickname, in a register by three forenames, and in a report in capitals. The
# workbench suggests pairs that may be the same, with its reasons. It never merges them: you do.

# %%
pairs = case.judgements.duplicates("Person")
pairs[["left", "right", "reasons"]].head(6).replace("\n", "; ", regex=True)

# %% [markdown]
# The first pair has the same number and the same date of birth. Sign the judgement, with your reason. To take it back, judge again, with
# `same=False` or `same=None` (unsure).

# %%
case.judgements.judge(pairs.head(1), same=True, because="same number, name and date of birth")

# %% [markdown]
# But do not go too fast. This name occurs again and again. How many persons have it? Check what speaks *against* the match, too.

# %%
namesakes = case.judgements.duplicates(about="Marta Oliveira")
namesakes[["left", "right", "schema", "reasons"]].head(8).replace("\n", "; ", regex=True)

# %% [markdown]
# ## 6 Who is linked to whom?
#
# An account is not a person: a number is *recorded as used* by somebody, on a stated basis. Remember how the material was collected.
# Persons with an examined phone (`custodian`), or whose call records were requested, are in the middle of every list *because* of that.

# %%
ranks = case.network.ranking()
ranks[["rank", "caption", "schema", "custodian", "degree", "contacts", "betweenness"]].head(10)

# %% [markdown]
# As a chart: the persons with examined phones, and their recorded contacts. Click a link to read its passages. Drag, zoom and search, with
# the mouse or the keyboard.

# %%
phones = ranks[ranks["custodian"]]["canonical_id"]
net = case.graph(*phones, suggested=False, limit=40)
case.chart(net, name="start", title="Contacts of the three telephones")

# %% [markdown]
# ## 7 Why is there a link?
#
# Ask this question about every line on every chart. The answer is passages: text, time as written, source and trace. Take two of
# the three:

# %%
one, other = phones.head(2)
case.why(one, other)[["at", "sender", "text", "source_name", "traces"]].head(6)

# %% [markdown]
# ## 8 Write it down
#
# Write an open question, and a conclusion that says how sure you are and on what it is based. Both refer to passages, so that the
# reader can check them.

# %%
seal = hits["passage_id"].head(2)
case.review.note("Was the seal changed before or after the container left?", kind="question", passages=seal)
doubt = {"nature": "assessment", "confidence": "low", "basis": "first passages read, nothing compared yet"}
case.review.note("The two seal numbers were noticed and talked about.", kind="conclusion", passages=seal, **doubt)

# %% [markdown]
# The report is one HTML page, a PDF and a chart, and works offline. The mark is on every page. The report lists what was *not* examined.

# %%
question = "Who was in contact about the seal, and which sources say so?"
case.report("first-report.html", question=question, to="prosecutor")

# %% [markdown]
# ## Key points
#
# - Sources are never changed. You add statements, and you can take back everything that you state.
# - A program suggests, an officer decides and signs.
# - Every line has passages that support it: `case.why(a, b)`.
#
# **Go on.** Six questions about this case are in `datasets/harbour/README.md`. What you have seen here is enough to answer
# them. `01-crystal-clear` works on a published police-training case.
#
# ## Now your own folder
#
# Put the path of your own folder in place of `…` and remove the `#`.

# %%
mine = wb.open_case("cases/mine", officer="trainee", purpose="trying out")
# mine.add("…"); mine.extract(); mine.show()

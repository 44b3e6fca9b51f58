# %% [markdown]
# # Start here: a case in ten minutes
#
# **Question.** A container's seal was changed at night. Who was in contact with whom, and what do the sources say?
#
# **You will** open the shipped exercise, search it by words and by meaning, see who is linked to whom, ask *why* a link is
# there, correct the machine, and write a report that a reader can check line by line.
#
# Ten minutes · beginner · everybody and everything in this case is invented.
#
# Run the cells from top to bottom: <kbd>Shift</kbd>+<kbd>Enter</kbd>.

# %%
import workbench as wb

case = wb.open_case("cases/first", officer="trainee", purpose="training", title="First case")
case

# %% [markdown]
# ## 1 Put the material in
#
# Files are kept as they came, named by their hash and read-only. What cannot be read is listed with the reason and stops
# nothing. Run the cell twice: the second time adds nothing.

# %%
case.add(wb.shipped() / "files").drop(columns="source")

# %% [markdown]
# Now read the text. Identifiers (telephone numbers, IBANs, plates, …) and names become *suggestions*: a layer of their own,
# drawn dashed until you confirm them.

# %%
case.extract()

# %% [markdown]
# ## 2 Look around
#
# The panel shows what came in, who is there, and what is wrong with the data. Its tabs search, review and add files.

# %%
case.show()

# %% [markdown]
# ## 3 Search once, over everything
#
# Messages, e-mails, reports and tables together; by words and by meaning. Each hit shows where it comes from.

# %%
hits = case.search("seal changed on the container at night")
hits[["at", "sender", "text", "source_name", "matched"]].head(8)

# %% [markdown]
# ## 4 Who is linked to whom
#
# Persons are not accounts: a number or an account is *recorded as used* by somebody, on a stated basis. The custodians (whose
# phones were read) look central because their phones were read, so the others are ranked apart.

# %%
case.ranking().head(12)

# %%
case.chart(case.graph(suggested=False, limit=60), name="start")

# %% [markdown]
# ## 5 Why is there a link?
#
# Every line on the chart walks back to the passages behind it: text, time as written, source and trace.

# %%
first, second = case.ranking()["caption"].head(2)
case.why(first, second)[["at", "sender", "text", "source_name", "traces"]].head(8)

# %% [markdown]
# ## 6 You decide
#
# The machine offers pairs that may be one person, with its reasons. Look at them; some of them are *not* the same.

# %%
pairs = case.duplicates("Person")
pairs[["left", "right", "score", "reasons"]].head(8)

# %%
case.judge(pairs.head(1), same=True, because="the same account on two telephones")

# %% [markdown]
# Judging again takes it back. What you know yourself, you state yourself, with your source:

# %%
case.note("Was the seal changed before or after the crane broke down?", kind="question", passages=hits["passage_id"].head(1))

# %% [markdown]
# ## 7 Write it down
#
# One HTML file and one PDF, offline, with the marking on every page and each statement tied to its passages.

# %%
case.note("The sources record contact about the seal on the night before the inspection.", kind="conclusion", passages=hits["passage_id"].head(2), confidence="moderate", basis="two sources")  # fmt: skip
case.report("first-report.html", question="Who knew of the change of the seal?")

# %% [markdown]
# ## Key points
#
# - Sources are never changed; you only add to what is said, and everything can be taken back.
# - A machine suggests, an officer decides.
# - Every line has passages behind it: ask `case.why(a, b)`.
#
# ## Now your own folder
#
# Put the path of a folder of yours in place of the one below. Nothing leaves this machine.

# %%
mine = wb.open_case("cases/mine", officer="trainee", purpose="trying out")
# mine.add("path/to/your/folder"); mine.extract(); mine.show()

# %% [markdown]
# # Messages between bureaux: draft, check, send, receive, answer
#
# A robber left the country by ferry. You want other bureaux to locate him. They want to know enough, not more than enough, and
# from whom. The program checks your text while you write. It shows each issue with its place and its fix.
#
# **Question.** Does anybody in another bureau know Erik Halvorsen?
#
# **You will** draft a red diffusion from what the case knows, see what is wrong with it, fix it, and keep a warning with a reason.
# You will seal it for another bureau, import it there, acknowledge it, and answer it with a hit.
#
# Fifteen minutes · for anyone who has done 03-trust · all persons, bureaux and countries here are invented. The rules are **our
# encoding** of what is published; nobody has certified them.

# %%
import os
import shutil
from pathlib import Path

import workbench as wb
from workbench import identity

# %% [markdown]
# ## 1 Two bureaux
#
# Each has an officer whom it confirms, and its own case. They trust each other's bureaux.

# %%
valdora = identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")
nordreich = identity.create_temporary("NCB Nordreich", bureau="NCB Nordreich", country="QN", role="bureau")
ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
bo = identity.create_temporary("Bo Varga", bureau="NCB Nordreich", country="QN")

# %%
ada = ada.replace_card(identity.issue(ada.card, valdora, until="2099-12-31T23:59:59Z"))
bo = bo.replace_card(identity.issue(bo.card, nordreich, until="2099-12-31T23:59:59Z"))
trust = identity.TrustList((identity.Bureau.from_card(valdora.card), identity.Bureau.from_card(nordreich.card)))

# %%
place = Path(os.environ.get("WORKBENCH_CASE", "cases/first")).with_name("messages")
shutil.rmtree(place, ignore_errors=True)
mine = wb.open_case(place / "valdora", officer=ada, purpose="training", title="Robbery", reason="lesson 05")
theirs = wb.open_case(place / "nordreich", officer=bo, purpose="training", title="Guests", reason="lesson 05")

# %%
wanted = "name,gender,birthDate,nationality,passport\nErik Halvorsen,male,1984-11-09,qm,QM4471902"
guests = "name,birthDate,phone\nErik Halvorsen,1984-11-09,+447700900123\nMarta Oliveira,1988-06-21,"
for name, text in (("wanted.csv", wanted), ("guests.csv", guests)):
    Path(place, name).write_text(text)

# %%
mine.add(place / "wanted.csv", exhibit="V/7")
theirs.add(place / "guests.csv", exhibit="N/2")
mine.evidence.grade("wanted.csv", "A1", because="the court's own register")
mine.evidence.classify("Erik Halvorsen", "wanted", because="warrant W-88/2025")

# %% [markdown]
# ## 2 A draft, filled from the case
#
# A message is for bureaux, named by code, country first. It is filled with what **you and all addressees** may see. A suggestion of
# a program that nobody accepted is not used. The draft is in the case from now on: it is there after a restart.

# %%
facts = (
    "On 3 May 2025 at about 22:40 in Lyon, the criminal HALVORSEN Erik is alleged to have entered a jeweller's shop, "
    "to have threatened the keeper with a pistol and to have taken watches worth 210 000 EUR. Two police officers "
    "recognised him on the pictures of the shop's camera. He left the country the day after by ferry."
)

# %%
head = {"from_bureau": "QM-NCB", "legal_basis": "Criminal procedure, section 40", "crime_area": ["property_crime"]}
draft = mine.desk.draft("red diffusion", to="QN-NCB", about="Erik Halvorsen", summary_of_facts=facts, **head)
draft

# %% [markdown]
# You see what the addressee will see. Each field comes from these sources:

# %%
draft.sources()[["field", "value", "title", "mark"]]

# %% [markdown]
# ## 3 What is wrong with it
#
# **Errors** (`blocks`) are about structure, integrity and handling: no message with an error is sent. A **warning** is about what a text says;
# you fix it or keep it. Each says where, why, what to do, and what the rule is based on.

# %%
draft.check()[["rule", "severity", "blocks", "field", "quote", "message", "mendable"]]

# %%
try:
    mine.desk.drafts.send(draft, [bo.card], trust=trust)
except wb.CaseError as refused:
    print(refused)

# %% [markdown]
# ## 4 Fix it
#
# If a click can fix it, `draft.fix` is the click: *the criminal* becomes *the suspect*, because no court has decided yet.

# %%
found = draft.check()
for number in reversed(found.index[found["mendable"]]):
    draft.fix(int(number))
draft.message.summary_of_facts[:90]

# %% [markdown]
# Only an officer knows the rest: the charge, the warrant, whether extradition will be sought.

# %%
charge = {"text": "Armed robbery", "language": "en", "law": "Penal code, section 242(2)", "maximum_years": 12.0}
warrant = {"reference": "W-88/2025", "date": "2025-06-01", "authority": "Court of first instance", "country": "QM"}
draft.change(charges=[{**charge, "limitation_date": "2045-05-03"}])
draft.change(decisions=[{**warrant, "confirmed_on": "2026-02-20"}], date_of_facts="2025-05-03")

# %%
draft.change(extradition_assured=True, extradition_from=["QN"], in_absentia=False)
draft.change(serious_crime_reason="Armed robbery with a firearm, by three persons.")
draft.change(**{"persons[0].description": "1.84 m, fair hair, scar on the left hand"})
draft.check()[["rule", "severity", "message"]]

# %% [markdown]
# What is left are warnings. One reason applies to all of them. It is recorded in the log.

# %%
left = draft.check()
draft.waive(left[left["severity"] == "warning"], because="looked at with the prosecutor")
draft.ready

# %% [markdown]
# ## 5 Send
#
# The message is sealed to the officers whose cards you give. It is checked once more against them: their country, their clearance, and every
# source that it uses. From RESTRICTED upwards a second officer signs first, with a key of their own (`case.desk.drafts.approve`).

# %%
sealed = mine.desk.drafts.send(draft, [bo.card], trust=trust, reason="arrest warrant W-88/2025")
arrived = mine.packages.send(sealed, place / "nordreich" / "inbox")
mine.desk.messages()[["direction", "kind", "to_bureaux", "our_ref", "state"]]

# %%
mine.privacy.disclosures()[["kind", "recipient", "because", "told"]]

# %% [markdown]
# ## 6 Receive
#
# The message is verified, filed in its thread as a document of the case, and checked by the same rules. The receipt is next to the package. What
# is broken or is not what it says is quarantined with the reason, and no content is filed.

# %%
came = theirs.desk.receive(arrived, trust=trust)
came[["state", "kind", "from_bureau", "our_ref", "subject"]]

# %%
receipt = theirs.packages.send(came["receipt"].item(), place / "valdora" / "inbox")
print(mine.packages.check_receipt(receipt, trust=trust).said[0])
mine.desk.messages()["state"].tolist()

# %% [markdown]
# ## 7 A hit
#
# The guest of a hotel and the person of the notice may be the same person. The case gives its reasons, and an officer decides.

# %%
pairs = theirs.judgements.duplicates("Person")
pairs[["left", "right", "score", "reasons"]]

# %% [markdown]
# The answer takes addressee, references, thread and language from the message that it answers. It says about the guest what the hotel's list
# says. A hit is a lead: the other side verifies it.

# %%
guest = theirs.entities("Person").query("caption == 'Erik Halvorsen' and layer != 'suggested'")["canonical_id"].iloc[0]
head = {"from_bureau": "QN-NCB", "legal_basis": "Police act, section 3"}
reply = theirs.desk.draft("reply", reply_to=came["document_id"].item(), about=guest, **head)
theirs.evidence.classify(guest, "suspect", because="named in the notice")
reply.change(**{"persons[0].status": "suspect"}).check()[["rule", "severity", "message"]]

# %%
left = reply.check()
reply.waive(left[left["severity"] == "warning"], because="a hit, to be verified")
sealed = theirs.desk.drafts.send(reply, [ada.card], trust=trust, reason="a hit")
answer = theirs.packages.send(sealed, place / "valdora" / "inbox")
back = mine.desk.receive(answer, trust=trust)
mine.desk.messages(thread=back["thread_id"].item())[["direction", "kind", "from_bureau", "our_ref", "your_ref"]]

# %%
mine.search("Halvorsen")[["text", "title", "mark"]].head(4)

# %% [markdown]
# ## 8 The same at a desk
#
# There are folders, messages with their links, and a form that shows faults while you type. Each click is one of the verbs above.

# %%
mine.desk.show(to_cards=[bo.card], trust=trust)

# %% [markdown]
# ## What you have now
#
# You have a thread of two messages that each side can show. It records who wrote, who kept which warning and why, who received the message, and
# which persons it was about. Other verbs:
#
# - `case.desk.waiting()` lists what nobody has answered yet.
# - `case.desk.drafts.query(…)` asks for what an incomplete message lacks.
# - A letter of request is drafted the same way. `case.desk.drafts.export(…)` writes it for its authority, and
#   `case.desk.drafts.record_sent(…)` files it as sent.
# - `case.desk.mark_done(…)` removes from the inbox what needs no answer any more.
#
# More in `docs/messages.md`.

# %%
mine.close()
theirs.close()

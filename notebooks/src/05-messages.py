# %% [markdown]
# # Messages between bureaux: draft, check, send, receive, answer
#
# A robber left the country by ferry. You want other bureaux to locate him, and they want to know enough, no more than enough, and
# from whom. What you write is checked as you write it; what is wrong is told with its place and its remedy.
#
# **Question.** Does anybody elsewhere know Erik Halvorsen?
#
# **You will** draft a red diffusion from what the case knows, see what is wrong with it, mend it, let a warning stand with a reason,
# seal it for another bureau, take it in there, acknowledge it, and answer it with a hit.
#
# Fifteen minutes · for whoever has done 03-trust · everybody, every bureau and every country here is invented. The rules are **our
# encoding** of what is published, certified by nobody.

# %%
import os
import shutil
from pathlib import Path

import workbench as wb
from workbench import identity

# %% [markdown]
# ## 1 Two bureaux
#
# Each with an officer for whom it vouches, and a case of its own. They trust each other's bureaux.

# %%
valdora = identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")
nordreich = identity.create_temporary("NCB Nordreich", bureau="NCB Nordreich", country="QN", role="bureau")
ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
bo = identity.create_temporary("Bo Varga", bureau="NCB Nordreich", country="QN")

# %%
ada = ada.replace_card(identity.issue(ada.card, valdora, until="2099-12-31T23:59:59Z"))
bo = bo.replace_card(identity.issue(bo.card, nordreich, until="2099-12-31T23:59:59Z"))
trust = identity.TrustList((identity.Bureau.of(valdora.card), identity.Bureau.of(nordreich.card)))

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
# A message is for bureaux, named by code, country first. What is filled in is what **you and all addressees** may see, and no
# suggestion of a machine that nobody accepted. The draft is in the case from now on: it is there after a restart.

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
# What you see is what the addressee will see. And this is where each field comes from:

# %%
draft.sources()[["field", "value", "title", "mark"]]

# %% [markdown]
# ## 3 What is wrong with it
#
# **Errors** (`blocks`) are about structure, integrity and handling: nothing goes out with one. A **warning** is about what a text says;
# you mend it or let it stand. Each says where, why, what to do, and on what the rule rests.

# %%
draft.check()[["rule", "severity", "blocks", "field", "quote", "message", "mendable"]]

# %%
try:
    mine.desk.drafts.send(draft, [bo.card], trust=trust)
except wb.CaseError as refused:
    print(refused)

# %% [markdown]
# ## 4 Mend it
#
# Where a click mends it, `mend` is the click: *the criminal* becomes *the suspect*, for no court has spoken yet.

# %%
found = draft.check()
for number in reversed(found.index[found["mendable"]]):
    draft.fix(int(number))
draft.message.summary_of_facts[:90]

# %% [markdown]
# The rest only an officer knows: the charge, the warrant, whether extradition will be sought.

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
# What is left are warnings. One reason for all of them; it stands in the log.

# %%
left = draft.check()
draft.waive(left[left["severity"] == "warning"], because="looked at with the prosecutor")
draft.ready

# %% [markdown]
# ## 5 Send
#
# It is sealed to the officers whose cards you give, and checked once more against them: their country, their clearance, and every
# source behind it. From RESTRICTED upwards a second officer signs first, with a key of their own (`case.desk.drafts.approve`).

# %%
sealed = mine.desk.drafts.send(draft, [bo.card], trust=trust, reason="arrest warrant W-88/2025")
arrived = mine.packages.send(sealed, place / "nordreich" / "inbox")
mine.desk.messages()[["direction", "kind", "to_bureaux", "our_ref", "state"]]

# %%
mine.privacy.disclosures()[["kind", "recipient", "because", "told"]]

# %% [markdown]
# ## 6 Receive
#
# Verified, filed in its thread as a document of the case, checked by the same rules; the receipt lies beside the package. What is broken
# or is not what it says is quarantined with the reason, and nothing of it is filed.

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
# The guest of a hotel and the person of the notice may be one. The case says why it thinks so, and leaves it to an officer.

# %%
pairs = theirs.judgements.duplicates("Person")
pairs[["left", "right", "score", "reasons"]]

# %% [markdown]
# The answer takes addressee, references, thread and language from what it answers, and tells of the guest what the hotel's list says. A
# hit is a lead: the other side verifies it.

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
# Folders, messages with what links them, and a form that tells faults as you type. Each click is one of the verbs above.

# %%
mine.desk.show(to_cards=[bo.card], trust=trust)

# %% [markdown]
# ## What you have now
#
# A thread of two messages that each side can show, with who wrote, who let what stand and why, who received it, and of whom it told.
# `case.desk.waiting()` lists what nobody answered yet; `case.desk.drafts.query(…)` asks for what a poor message lacks; a letter of request is
# drafted the same way, written for its authority by `case.desk.drafts.export(…)` and filed as gone by `case.desk.drafts.record_sent(…)`; what needs no answer
# any more leaves the inbox by `case.desk.mark_done(…)`. More in `docs/messages.md`.

# %%
mine.close()
theirs.close()

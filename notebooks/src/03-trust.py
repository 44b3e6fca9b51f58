# %% [markdown]
# # Trust: who may see it, who said it, who changed it
#
# A partner bureau sends you an informant's report: *restricted, not for court, not for the country QX*. Tomorrow a prosecutor
# asks for everything. A week later the defence asks who accessed the file.
#
# **Question.** How does a case keep its promises to those who gave the material, to the court, and to the persons in it?
#
# **You will** mark material and see how it closes, judge and withdraw, limit a report to its reader, and seal a package for another
# bureau. Then somebody tampers with the package, and you prove what happened.
#
# Fifteen minutes · for anyone who has done 00-start · all persons, bureaux and countries here are invented.

# %%
import os
import shutil
import sqlite3
from pathlib import Path

# %%
import workbench as wb
from workbench import identity

# %% [markdown]
# ## 1 Officers and bureaux
#
# An **identity** is a key that proves who works. In real work `workbench identity new` creates it, and a passphrase protects it. Here
# two officers exist only as long as this notebook. Each has a bureau that **confirms** the officer: it signs the card. Nobody
# can say of himself or herself what he or she is, or may see.

# %%
valdora = identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")
nordreich = identity.create_temporary("NCB Nordreich", bureau="NCB Nordreich", country="QN", role="bureau")
ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
bo = identity.create_temporary("Bo Varga", bureau="NCB Nordreich", country="QN")

# %%
ada = ada.replace_card(identity.issue(ada.card, valdora, until="2099-12-31T23:59:59Z"))
bo = bo.replace_card(identity.issue(bo.card, nordreich, until="2099-12-31T23:59:59Z"))
trust = identity.TrustList((identity.Bureau.from_card(valdora.card), identity.Bureau.from_card(nordreich.card)))
print(trust.assess_card(bo.card))

# %% [markdown]
# It says what it checked, and what nobody can check without a network.
#
# ## 2 A case, and three marks

# %%
place = Path(os.environ.get("WORKBENCH_CASE", "cases/first")).with_name("trust")
shutil.rmtree(place, ignore_errors=True)
case = wb.open_case(place / "valdora", officer=ada, purpose="training", title="Trust", reason="lesson 03")

# %%
files = place / "files"
files.mkdir()
Path(files, "log.txt").write_text("Gate log: Marta Oliveira left at 21:40.\n\nGate log: Tomas Rek left at 21:45.")
Path(files, "report.txt").write_text("An informant says that Marta Oliveira paid Tomas Rek for the seal.")
register = "name,birthDate\nMarta Oliveira,1984-03-01\nM. Oliveira,1984-03-01\nTomas Rek,1979-11-30"
Path(files, "register.csv").write_text(register)

# %%
case.add(files, exhibit="V/1")
case.extract()
case.handling.mark("report.txt", handling=["H1"], barred=["QX"], because="as the partner wrote")
case.evidence.grade("report.txt", "B2", scale="4x4", nature="assessment", because="the handler's grade")

# %% [markdown]
# Marks travel with the material. Every answer has a column `mark`: the highest level, and all the conditions, of its sources.

# %%
case.search("paid for the seal")[["text", "source_name", "mark"]].head(3)

# %% [markdown]
# A level above your clearance closes the material at once, even to the officer who set the level. The controller of the case can clear
# *others*, never himself or herself.

# %%
case.handling.mark("log.txt", level="EXERCISE CONFIDENTIAL", because="to see it close")

# %%
case.search("gate log")[["text", "mark"]]

# %%
try:
    case.access.grant("Ada Lind", "EXERCISE CONFIDENTIAL", because="I want to see it")
except wb.CaseError as refused:
    print(refused)

# %%
case.access.grant("Eve Noor", "EXERCISE CONFIDENTIAL", because="vetted by the bureau")
eve = wb.open_case(place / "valdora", officer="Eve Noor", purpose="training")
eve.search("gate log")[["text", "mark"]]

# %% [markdown]
# ## 3 A judgement, and its withdrawal
#
# Two entries of the register may be the same person. You judge, with a reason, and the judgement is signed. To take it back, judge again.
# Nothing is deleted: both judgements stay in the record.

# %%
pairs = case.judgements.duplicates("Person")
pairs[["left", "right", "score", "reasons"]].head(2)

# %%
case.judgements.judge(pairs.head(1), same=True, because="same birth date, same register")
print(len(case.entities("Person")), "persons")
case.judgements.judge(pairs.head(1), same=None, because="the register may hold two entries of two people")
print(len(case.entities("Person")), "persons")

# %% [markdown]
# ## 4 For the prosecutor: only what may go to court
#
# H1 means: not in judicial proceedings without the provider's permission. The report is limited to what its reader may see. It says how
# much was left out. With the recorded permission, the material is included. What the informant said is closed to one country, so give the
# country of the addressee. If the country is not known, everything that is closed to any country is left out.

# %%
case.review.note("The informant's report names a payment.", passages=list(case.search("paid")["passage_id"].head(1)))
court = case.report("court.html", to="public prosecutor", country="QM")
print("informant" in court.read_text("utf-8"), "no permission for handling code H1" in court.read_text("utf-8"))

# %%
case.handling.permit("report.txt", "H1", by="NCB Nordreich", because="letter 114/26")
court = case.report("court.html", to="public prosecutor", country="QM")
print("informant" in court.read_text("utf-8"))
case.privacy.disclosures()[["kind", "recipient", "name", "mark", "told"]]

# %% [markdown]
# ## 5 A sealed package
#
# Bo, in Nordreich, gets the case. Ada signs it and seals it to Bo alone, with grades, marks and sources. What Bo may not see is not
# sent, and is counted.

# %%
package = case.packages.pack(to=[bo.card], reason="joint case 114/26", trust=trust)
theirs = wb.open_case(place / "nordreich", officer=bo, purpose="training", title="Trust, from Valdora")
arrived = case.packages.send(package, place / "nordreich" / "inbox")
wb.open_package(arrived, officer=bo, trust=trust)

# %% [markdown]
# Opening a package imports nothing. After the import nothing is saved twice, no matter who else sends the same. The receipt counter-signs the
# head of Ada's log. From now on Valdora alone cannot rewrite what happened before.

# %%
with wb.open_package(arrived, officer=bo, trust=trust) as opened:
    added = opened.add_to(theirs)
    receipt = theirs.packages.acknowledge(opened, note="Received, thank you.")
checked = case.packages.check_receipt(theirs.packages.send(receipt, place / "valdora" / "inbox"), trust=trust)
print(checked.state, len(theirs.documents()), "documents")

# %% [markdown]
# Bo answers. He knows something about a man who is in Ada's own register. A package adds what its sender provided. What it says about your
# material is a **remark**. It is saved, counted and shown as that bureau's statement, without effect until an officer adopts it. Warnings
# come first.

# %%
said = {"entity": "Tomas Rek", "source": "officer's knowledge", "because": "seen on 3 May"}
theirs.evidence.add("Person", notes="Armed and dangerous.", **said)
answer = theirs.packages.pack(to=[ada.card], reason="answer to 114/26", trust=trust)
arrived_back = theirs.packages.send(answer, place / "valdora" / "inbox")

# %% [markdown]
# Ada cannot import it yet. The gate log is above her clearance, and what a package adds would give her information about it. She hands the
# case over to Eve. Eve clears her and hands it back. Two people act, and both acts are in the log.

# %%
case.access.hand_over("Eve Noor", because="something here is above my clearance")
eve.access.grant("Ada Lind", "EXERCISE CONFIDENTIAL", because="vetted on 9 May")
eve.access.hand_over(ada.card, because="Ada Lind is cleared")

# %%
with wb.open_package(arrived_back, officer=ada, trust=trust) as opened:
    opened.add_to(case)
case.review.remarks()[["bureau", "warning", "about", "text", "state"]]

# %%
case.review.adopt(case.review.remarks().head(1), because="confirmed by telephone")
case.evidence.list("Tomas Rek").query("prop == 'notes'")[["value", "kind", "officer", "because"]]

# %% [markdown]
# ## 6 Somebody tampers
#
# One bit of the sealed file is changed on its way.

# %%
bits = bytearray(arrived.read_bytes())
bits[len(bits) // 2] ^= 1
damaged = place / "damaged.case.age"
damaged.write_bytes(bits)
print(wb.open_package(damaged, officer=bo, trust=trust).state)

# %% [markdown]
# Somebody with access to the folder also changes the log itself, so that a disclosure looks like mere reading. Then they put back the guard
# that forbids changes. (Without the guard, the case would not open at all.)

# %%
forged = place / "forged"
shutil.copytree(place / "valdora", forged)
ledger = sqlite3.connect(forged / "ledger.db", isolation_level=None)
[guard] = ledger.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_is_not_changed'").fetchone()

# %%
ledger.execute("DROP TRIGGER audit_is_not_changed")
ledger.execute("UPDATE audit SET entry = replace(entry, '\"disclosure\"', '\"consultation\"') WHERE op = 'disclosure'")
ledger.execute(guard)
ledger.close()

# %% [markdown]
# `verify` shows the first entry that you cannot rely on. `workbench verify FOLDER` does the same. `docs/verify.py` does it
# without any of our code, for anyone who does not want to rely on us.

# %%
cards = [place / "ada.json", place / "bo.json"]
written = [path.write_text(who.card.to_json()) for path, who in zip(cards, (ada, bo))]
case.log.verify(trust=cards)[["check", "state", "entry", "said"]]

# %%
changed = wb.open_case(forged, officer="Eve Noor", purpose="training")
changed.log.verify(trust=cards)[["check", "state", "entry", "said"]]

# %% [markdown]
# ## 7 Who did what
#
# Officers see their own acts, an auditor sees all acts. Texts are stored separately and can be erased; the log can still be verified.

# %%
case.log.entries()[["at", "operation", "kind", "recipients", "result", "reason"]].tail(8)

# %% [markdown]
# ## Your turn
#
# - `case.handling.mark("register.csv", level="EXERCISE SECRET", because="to see it close")`, then `case.handling.withheld()`: how much do *you* not
#   see, and why?
# - `case.evidence.correct("Marta Oliveira", "birthDate", "1985-03-01", source="officer's knowledge", because="passport")`, then
#   `case.subjects.correction_notice("Marta Oliveira")`: whom must you tell?
# - `case.privacy.forms("forms")`: the impact assessment and the record of processing, filled from the case.

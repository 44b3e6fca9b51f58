"""What a report holds: one frozen value, made by the case, rendered by `workbench.report.html` and `.pdf`.

Nothing here reads a case. Quotations are named by their `id`; whatever rests on them lists these ids in `passages`, and
the renderer numbers them P1, P2, … in the order of `Report.passages`. Every section may be empty: an empty one is
printed with a sentence that says so. A line of the front page, a label or a column that nothing fills is left out. Three
layers are kept apart everywhere (`workbench.model.rows.Kind`): what a source says (received), what a machine suggests
(suggested), what an officer decided (decided).

Times are strings as they shall be printed: ISO 8601, with an offset only where one is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workbench.model.catalogue import Translator

if TYPE_CHECKING:
    from workbench.model.rows import Kind, Severity

Nature = Literal["fact", "assessment", "hypothesis"]
Confidence = Literal["", "low", "moderate", "high"]
Stance = Literal["for", "against", "context"]
Act = Literal["statement", "correction", "judgement", "accepted", "rejected", "withdrawn"]
Jotting = Literal["note", "question", "hypothesis"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The marking that is printed at the top and bottom of every page.

    Attributes
    ----------
    text : str
        The banner: 'EXERCISE – FOR TRAINING ONLY', 'RESTRICTED'.
    level : str
        Level of the confidentiality scale, '' if the banner says it.
    conditions : tuple of str
        Handling conditions and their text: 'H1 – not as evidence without permission', 'TLP:AMBER'.
    """

    text: str
    level: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion of an officer, with what speaks for it and against it.

    Attributes
    ----------
    nature : {'fact', 'assessment', 'hypothesis'}
        'fact': the sources state it. 'assessment': an officer infers it. 'hypothesis': to be tested.
    probability : str
        Word of the declared scale (`Report.scale`), '' for a fact. Printed apart from the confidence (ICD 203).
    confidence : {'', 'low', 'moderate', 'high'}
        How well the basis carries the statement, with `because` as the reason. It is no likelihood.
    supporting, opposing : tuple of str
        Ids of quotations for and against.
    alternatives, gaps : tuple of str
        Other explanations that were kept, and what is missing.
    """

    statement: str
    nature: Nature = "assessment"
    probability: str = ""
    confidence: Confidence = ""
    because: str = ""
    supporting: tuple[str, ...] = ()
    opposing: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    officer: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person or organisation as recorded.

    Attributes
    ----------
    using : tuple of str
        Numbers, accounts and addresses that the person is recorded as using. A subscriber is not always the user.
    basis : str
        What ties them to the person: 'contact list of exhibit HB/2', 'statement of the officer'.
    status : str
        Category of the data subject: 'suspect', 'victim', 'witness', 'other', …, '' if not recorded.
    custodian : bool
        Whether a device of this person was read: custodians look central because their own traffic was collected.
    service : str
        Why it counts as a service and not a person ('short code'), '' if it does not.
    contacts : int
        Number of messages, calls and payments with others, a message once for each recipient; -1 if not counted.
    layer : {'received', 'suggested', 'decided'}
        Strongest of the claims behind the row.
    minor : str
        'MINOR (confirmed by an officer)' or 'Possibly a minor (…)', '' where nothing says so.
    """

    caption: str
    using: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    basis: str = ""
    status: str = ""
    custodian: bool = False
    service: str = ""
    contacts: int = -1
    layer: Kind = "received"
    minor: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two persons or objects: how often, from when to when.

    `layer` 'received' and 'decided' are printed as confirmed (solid), 'suggested' as tentative (dashed); `method` says
    by what and how sure a suggestion was read.
    """

    source: str
    relation: str
    target: str
    count: int = 1
    first: str = ""
    last: str = ""
    layer: Kind = "received"
    directed: bool = True
    method: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """A row of the ranking: a position in the data supplied, never a measure of a person.

    `degree`: number of different others; `contacts`: messages, calls and payments with them; `betweenness` in [0, 1];
    `community` 0 if not computed.
    """

    rank: int
    caption: str
    degree: int = 0
    contacts: int = 0
    betweenness: float = 0.0
    community: int = 0
    custodian: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the timeline. `zone` says on what the time rests: 'UTC+02:00 (export header)', 'zone unknown'."""

    at: str
    what: str
    who: str = ""
    zone: str = ""
    source: str = ""
    trace: str = ""
    layer: Kind = "received"
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """The link chart. `svg`: a static picture; `html`: a self-contained interactive page, '' if there is none."""

    svg: str
    caption: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage of a source, word for word.

    Attributes
    ----------
    id : str
        Name by which the other rows refer to it (the ledger's passage id).
    spans : tuple of (int, int)
        Marked places: start and end, Python str indices in `text`. Spans outside the text are cut, overlapping ones
        joined.
    at : str
        Time as written in the source.
    sender, recipients
        Captions, for a message.
    source, exhibit, sha256, place
        File name, exhibit mark, SHA-256 of the file and the place in it ('line 17').
    traces : tuple of str
        Evidence-trace ids that the source gives.
    stance : {'for', 'against', 'context'}
        What the officer quotes it for.
    grade : str
        Of the source and of what it says there, on the scale on which it came: 'B2 (4x4)', or 'B2 (4x4) ≈ B2 (5x5x5)'.
    flagged : str
        Of which special category or minor it may tell, and whether an officer confirmed it: 'health (suggested)'.
    """

    id: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    at: str = ""
    zone: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    source: str = ""
    exhibit: str = ""
    sha256: str = ""
    place: str = ""
    traces: tuple[str, ...] = ()
    document_id: str = ""
    stance: Stance = "context"
    note: str = ""
    grade: str = ""
    flagged: str = ""


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """Issues of one code. `explanation` is the code's sentence; `examples` are a few of the `count` messages."""

    code: str
    count: int
    severity: Severity = "warning"
    explanation: str = ""
    fix: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuarantinedSource:
    """Something received that could not be read. It is kept; nothing of it is in the case."""

    name: str
    reason: str
    sha256: str = ""
    size: int = -1


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was received. `size` in bytes, `documents` read out of it, -1 where not known."""

    name: str
    sha256: str
    exhibit: str = ""
    size: int = -1
    received: str = ""
    reader: str = ""
    version: str = ""
    zone: str = ""
    documents: int = -1


@dataclass(frozen=True, slots=True)
class Decision:
    """Something an officer said or decided: a statement of the officer's own, or a word on a suggestion or a pair."""

    what: str
    act: Act = "judgement"
    officer: str = ""
    at: str = ""
    because: str = ""
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the method. `parameters` and what went in and came out as text: '2,114 documents'."""

    what: str
    tool: str = ""
    version: str = ""
    parameters: Pairs = ()
    inputs: str = ""
    outputs: str = ""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A language model that was used. `accuracy` says what was measured on which data, '' if nothing was."""

    name: str
    version: str
    sha256: str
    purpose: str = ""
    accuracy: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note, open question or hypothesis of an officer. Not evidence."""

    text: str
    kind: Jotting = "note"
    officer: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is printed, in this order. Only the marking, the title and the date are required.

    Attributes
    ----------
    as_at : str
        ISO 8601 date or date and time of the state of the case; also the creation date inside the PDF.
    summary, question : str
        Paragraphs are parted by an empty line.
    scale : str
        Name of the probability scale; `scale_words` lists its words and ranges, printed in an annex.
    ranking_warning : str
        Printed above the ranking; '' prints the standing warning about custodians.
    withheld : tuple of str
        What the case has and the report leaves out, and why; a prosecutor must know it for disclosure.
    limits : tuple of str
        Limits of this report, beside the standing ones.
    ledger : str
        Which state of the ledger this is: entry number and hash.
    tool : str
        Program and version that made the report.
    language : str
        Of headings, labels and standing sentences: 'en', 'fr', 'es' or 'ar'.
    """

    mark: Mark
    title: str
    as_at: str
    reference: str = ""
    officer: str = ""
    approver: str = ""
    bureau: str = ""
    purpose: str = ""
    legal_basis: str = ""
    addressee: str = ""
    question: str = ""
    summary: str = ""
    findings: tuple[Finding, ...] = ()
    persons: tuple[Person, ...] = ()
    chart: Chart | None = None
    links: tuple[Link, ...] = ()
    ranking: tuple[Position, ...] = ()
    ranking_warning: str = ""
    timeline: tuple[Event, ...] = ()
    passages: tuple[Quotation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    issues: tuple[IssueGroup, ...] = ()
    quarantined: tuple[QuarantinedSource, ...] = ()
    withheld: tuple[str, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    steps: tuple[Step, ...] = ()
    models: tuple[ModelCard, ...] = ()
    limits: tuple[str, ...] = ()
    scale: str = ""
    scale_words: Pairs = ()
    ledger: str = ""
    tool: str = ""
    language: str = "en"

    @property
    def say(self) -> Translator:
        """Strings of the catalogue in the language of the report."""
        return Translator(self.language)

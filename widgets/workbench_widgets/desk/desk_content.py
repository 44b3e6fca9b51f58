"""What a message desk shows: lines of the inbox, a message to read, a draft with its issues, the links of an entity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from workbench_widgets.visible_text import escape_hidden, replace_surrogates

FOLDERS = ("inbox", "drafts", "sent", "waiting", "done", "copies")
LARGEST = 8 * 1024**2
"""Bytes of a file that is attached at the desk."""
SEVERITIES = ("error", "warning", "info")
ENDINGS = (".pdf", ".html", ".eml", ".json")
"""As what a letter is written for its authority."""
Facts = Sequence[tuple[str, str]]
"""Name and value, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message or draft in a list.

    Attributes
    ----------
    folder : str
        One of FOLDERS; 'done' is what came in and asks for nothing any more, copies are of messages that others exchanged.
    direction : str
        'in' or 'out'.
    band : str
        Band of the priority in words ('danger to life'), '' for none; `points` is the sum within it. `guessed`: only a machine that read
        the text put it there.
    category, confidence, decided : str, float, bool
        One or more codes, parted by ', ': a suggestion with its confidence (0 to 1) until an officer decided.
    stated : str
        The codes that its sender gives.
    at, deadline : str
        Moments as ISO 8601; '' where there is none.
    """

    id: str
    folder: str = "inbox"
    type: str = ""
    sender: str = ""
    receiver: str = ""
    subject: str = ""
    at: str = ""
    deadline: str = ""
    mark: str = ""
    band: str = ""
    points: int = 0
    guessed: bool = False
    category: str = ""
    confidence: float = 0.0
    decided: bool = False
    stated: str = ""
    unread: bool = False
    direction: str = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Characters from start to end of a text that name an entity; kind is its schema, `sure` whether it is more than a suggestion."""

    start: int
    end: int
    id: str
    kind: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Where a message breaks a rule.

    Attributes
    ----------
    id : str
        By which it is mended or acknowledged.
    start, end : int or None
        Characters in the text of the field; None where the whole field is meant.
    source, basis : str
        Texts that the rule rests on; how surely it does, '' where they were seen.
    blocks : bool
        Whether the message cannot be sent as long as it is there.
    mendable : bool
        Whether a click puts it right.
    reason : bool
        Whether who lets it stand says why.
    overridden, acknowledged : bool
        Danger to life lets the message pass all the same; an officer lets it stand.
    """

    id: str
    rule: str
    severity: str
    message: str
    field: str = ""
    fix: str = ""
    source: str = ""
    basis: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    blocks: bool = False
    mendable: bool = False
    reason: bool = False
    overridden: bool = False
    acknowledged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message as it is read.

    Attributes
    ----------
    form : str
        Which blank form tells its fields.
    values : mapping
        Fields by name, as JSON.
    mentions : mapping
        Field -> entities that its text names.
    mark : str
        Handling mark, shown above and below.
    priority : sequence of (str, str)
        Why it stands where it stands, line by line: what, and what it counts.
    why : str
        Words that decided the category.
    thread : sequence of str
        Ids of the lines that belong together, in order.
    replies : sequence of str
        What can be written back: 'reply', 'query', 'acknowledgement'.
    settles : str
        What can be said of it: 'done', that nothing is to be done about it any more; 'reopen', where somebody has said so; '' for neither.
    addressees : sequence of (str, str)
        Of a message that went out each addressee, and what became of it there, in words.
    """

    id: str
    form: str
    values: Mapping[str, Any] = field(default_factory=dict)
    mentions: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
    mark: str = ""
    priority: Sequence[tuple[str, str]] = ()
    why: str = ""
    issues: Sequence[Issue] = ()
    thread: Sequence[str] = ()
    replies: Sequence[str] = ()
    settles: str = ""
    addressees: Facts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that is being written.

    Attributes
    ----------
    form : str
        Which blank form it is written on.
    values : mapping
        Fields by name, as JSON.
    waits : sequence of str
        What it waits for beside its issues, in words; with none, and no issue that blocks, it can be sent.
    approvable : bool
        Whether who sits at the desk may sign it as the second officer; `approver` is who has, '' for nobody.
    left : sequence of str
        Addressees to whom it has not gone.
    closed : bool
        Whether it has gone to some of its addressees, and is changed no more; `addressees` tells what became of it, as of a `Reading`.
    letter : bool
        Whether it goes to an authority: it is written as a file for it, and never sent from the desk.
    """

    id: str
    form: str
    values: Mapping[str, Any] = field(default_factory=dict)
    issues: Sequence[Issue] = ()
    waits: Sequence[str] = ()
    ready: bool = False
    approvable: bool = False
    approver: str = ""
    left: Sequence[str] = ()
    closed: bool = False
    letter: bool = False
    addressees: Facts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A file that was written: where it lies, and the SHA-256 of its content."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What links an entity of a message: how many other messages and countries name it, or in words; what is known, and the lines."""

    label: str
    kind: str = ""
    messages: int = 0
    countries: Sequence[str] = ()
    said: str = ""
    known: Facts = ()
    lines: Sequence[str] = ()


Told = tuple[str, Facts]
"""A heading with what is told under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What is looked at before a draft goes out.

    Attributes
    ----------
    links : sequence of (str, facts)
        Each thing that it names and that something else names too, with the documents and why it is taken for the same.
    discloses : sequence of (str, facts)
        Each addressee with what it would learn, and from which source.
    """

    links: Sequence[Told] = ()
    discloses: Sequence[Told] = ()


class Office(Protocol):
    """Who keeps the messages and drafts of a desk. Every answer is what then holds; a ValueError is told at the desk.

    Attributes
    ----------
    language : str
        In which it words its answers; the desk sets it.
    """

    language: str

    @property
    def has_more(self) -> bool:
        """Whether the inbox holds more messages than `lines` gave."""

    def lines(self) -> Sequence[Line]:
        """Messages and drafts, in the order in which they are shown."""

    def more(self) -> str:
        """Give more lines of the inbox from now on."""

    def read(self, message: str, /) -> Reading:
        """A message; it counts as read from then on."""

    def watch(self, messages: Sequence[str], /) -> Iterable[str]:
        """The messages one by one, with a bar that shows how far it is where that takes long."""

    def links(self, entity: str, /) -> Links:
        """What links an entity of a message."""

    def compose(self, form: str, /) -> Draft:
        """A new draft on a blank form."""

    def reply(self, message: str, kind: str, /) -> Draft:
        """A draft that answers a message, of a kind that its `replies` name."""

    def draft(self, draft: str, /) -> Draft:
        """A draft as it was kept."""

    def change(self, draft: str, values: Mapping[str, Any], /) -> Draft:
        """Keep new values of fields ('persons' is one field), and check again."""

    def mend(self, draft: str, issue: str, /) -> Draft:
        """Put an issue right."""

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str, /) -> Draft:
        """Let issues stand, with one reason where one is asked for."""

    def preview(self, draft: str, /) -> Reading:
        """What the addressee will see."""

    def outgoing(self, draft: str, /) -> Outgoing:
        """What it is linked with, and what it would disclose to whom."""

    def attach(self, draft: str, name: str, mark: str, data: str, /) -> Draft:
        """Have a file go with it: its name, the mark of its source, its content in base 64 (LARGEST bytes at most)."""

    def approve(self, draft: str, /) -> Draft:
        """Sign it as the second officer."""

    def discard(self, draft: str, because: str, /) -> str:
        """Put it away."""

    def record_release(self, page: str, messages: Sequence[str], /) -> None:
        """Note that a page with messages goes out."""

    def send(self, draft: str, /) -> str:
        """Send it; what came of it, in words."""

    def export(self, draft: str, ending: str, folder: str, because: str, /) -> Product:
        """Write it for its authority, as one of ENDINGS, into a folder ('' for that of the office), with the reason for the log."""

    def went(self, draft: str, how: str, to: Sequence[str], /) -> str:
        """Say that it went out otherwise to some of those who are left; what came of it, in words."""

    def done(self, message: str, because: str, /) -> str:
        """Say that nothing is to be done about a message any more."""

    def reopen(self, message: str, because: str, /) -> str:
        """Say that something is to be done about a message after all."""

    def correct(self, message: str, category: str, /) -> Line:
        """Decide on the category of a message."""


def encode_part(part: object) -> dict[str, Any]:
    """A part as it travels to the browser: nothing hidden in a text, texts that are counted in letter by letter."""
    made: dict[str, Any] = _encode_value(asdict(part))  # type: ignore[call-overload]
    return made


def _encode_value(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return escape_hidden(value)
    if isinstance(value, Mapping):
        return {
            replace_surrogates(str(name)): strip_surrogates(one) if name in EXACT else _encode_value(one)
            for name, one in value.items()
        }
    return [_encode_value(one) for one in value] if isinstance(value, list | tuple) else value


def strip_surrogates(value: Any) -> Any:  # noqa: ANN401
    """A value without half characters; otherwise as it is, since it comes back or is counted in."""
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, Mapping):
        return {replace_surrogates(str(name)): strip_surrogates(one) for name, one in value.items()}
    return [strip_surrogates(one) for one in value] if isinstance(value, list | tuple) else value


EXACT = frozenset({"id", "values", "thread", "lines", "quote"})
"""What comes back from the browser or is counted in, and is made visible there."""

"""A message desk with a text of a stranger in each field that it shows or lets one write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench_widgets import words
from workbench_widgets.desk import (
    Blank,
    Draft,
    Field,
    Issue,
    Line,
    Links,
    Mention,
    MessageDesk,
    Outgoing,
    Reading,
    Section,
)  # fmt: skip
from workbench_widgets.visible_text import replace_surrogates

Texts = Sequence[str]


def fields(texts: Texts) -> list[Field]:
    """Three fields of each kind, called and filled in as the texts are."""
    found = [Field(name="subject", label="Subject"), Field(name="facts", label="Facts", kind="long")]
    for at, text in enumerate(texts):
        kind = ("text", "long", "date", "list", "choice", "choices")[at % 6]
        found.append(Field(name=f"f{at}", label=text, kind=kind, hint=text, choices={text: text}))
    inner = [
        Field(name="name", label=texts[0]),
        Field(name="kind", label=texts[1], kind="choice", choices={texts[2]: texts[3]}),
    ]
    return [*found, Field(name="persons", label=texts[4], kind="parts", fields=inner)]


def values(texts: Texts) -> dict[str, Any]:
    """What is written into them."""
    persons = [{"name": text, "kind": text} for text in texts[:4]]
    found: dict[str, Any] = {"subject": texts[0], "facts": "\n".join(texts), "persons": persons}
    for at, text in enumerate(texts):
        found[f"f{at}"] = [text, text] if at % 6 in (3, 5) else text
    return found


def issues(texts: Texts) -> list[Issue]:
    """An issue of each text, at every field in turn."""
    severities = ("error", "warning", "info")
    return [
        Issue(
            id=text, rule=text, severity=severities[at % 3], message=text, field=f"f{at}" if at % 2 else "facts", fix=text, source=text,
            quote=text, start=at, end=at + 3, mendable=True, reason=bool(at % 2),
        ) for at, text in enumerate(texts)
    ]  # fmt: skip


class Office:
    """Answers with texts of strangers wherever there is room for one."""

    has_more = False

    def __init__(self, texts: Texts) -> None:
        self.texts = [replace_surrogates(text) for text in texts]
        self.named = [Mention(start=2 * at, end=2 * at + 1, id=text, kind=text) for at, text in enumerate(self.texts)]

    def lines(self) -> list[Line]:
        return [
            Line(
                id=f"{folder}{text}", folder=folder, type=text, sender=text, receiver=text, subject=text, at=text, deadline=text, mark=text,
                band=text, points=1, category=text, confidence=0.5, unread=True, direction="in" if folder == "inbox" else "out",
            ) for folder in ("inbox", "drafts", "sent") for text in self.texts
        ]  # fmt: skip

    def watch(self, messages: Sequence[str]) -> Sequence[str]:
        return messages

    def more(self) -> str:
        return ""

    def read(self, message: str) -> Reading:
        facts = [(text, text) for text in self.texts]
        return Reading(
            id=message, form=self.texts[0], values=values(self.texts), mentions={"facts": self.named}, mark=self.texts[1], priority=facts,
            why=self.texts[2], issues=issues(self.texts), thread=[line.id for line in self.lines()], replies=("reply", self.texts[3]),
        )  # fmt: skip

    def links(self, entity: str) -> Links:
        facts = [(text, text) for text in self.texts]
        return Links(
            label=entity,
            kind=entity,
            messages=3,
            countries=self.texts,
            known=facts,
            lines=[line.id for line in self.lines()],
        )

    def compose(self, form: str) -> Draft:
        return self.draft(form)

    def reply(self, message: str, kind: str) -> Draft:
        return self.draft(message + kind)

    def draft(self, draft: str) -> Draft:
        return Draft(
            id=draft, form=self.texts[0], values=values(self.texts), issues=issues(self.texts), waits=self.texts
        )

    def change(self, draft: str, values: Mapping[str, Any]) -> Draft:
        del values
        return self.draft(draft)

    def mend(self, draft: str, issue: str) -> Draft:
        del issue
        return self.draft(draft)

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str) -> Draft:
        raise ValueError(f"{draft}{issues}{reason}")

    def preview(self, draft: str) -> Reading:
        return self.read(draft)

    def outgoing(self, draft: str) -> Outgoing:
        told = [(text, [(text, draft)]) for text in self.texts]
        return Outgoing(links=told, discloses=told)

    def attach(self, draft: str, name: str, mark: str, data: str) -> Draft:
        raise NotImplementedError

    def approve(self, draft: str) -> Draft:
        raise NotImplementedError

    def discard(self, draft: str, because: str) -> str:
        raise NotImplementedError

    def record_release(self, page: str, messages: Sequence[str]) -> None:
        """Nothing is kept here."""

    def send(self, draft: str) -> str:
        return draft

    def done(self, message: str, because: str) -> str:
        return message or because

    def correct(self, message: str, category: str) -> Line:
        del category
        return Line(id=message)


SAID = (
    "no",
    "(no subject line)",
    "There are no messages in this folder.",
    "No message in this folder contains these words.",
    "not given",
    "This page does not contain the message.",
    "This is the priority of the message, never of a person.",
    "Select a message. Arrow keys move through the list. Enter opens a message. Escape goes back. C "
    "starts a new message. R replies. D marks the message as done.",
)
"""Texts of the desk that others are put in place of, beside the types of messages."""


def desk(texts: Texts) -> MessageDesk:
    """The desk, with the texts as its heading, its forms and its categories too, and in each of its own texts."""
    held = [replace_surrogates(text) for text in texts]
    forms = {text: Blank(text, [Section(text, fields(held))]) for text in held[:3]}
    own = dict(zip((*words.load_list("types").values(), *SAID), held * 9, strict=False))
    return MessageDesk(
        Office(held),
        lambda _: forms,
        words={"en": own},
        title=held[0],
        mark=held[1],
        categories={text: text for text in held},
    )

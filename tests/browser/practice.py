"""A desk without a case: real messages and the real rules; drafts are kept as files, so that they outlive the kernel."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.messages import Message, Surroundings, apply_fix, check, from_json, ready, table, to_json
from workbench.messages.model.message import FORMS, Attachment, Correspondence
from workbench.messages.model.message_fields import list_texts
from workbench.messages.model.message_json import from_dict, to_dict
from workbench.messages.templates.blank_form import get_form_title, list_sections
from workbench.views import desk

MAKE = Path(__file__).parents[2] / "datasets" / "make"
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
CATEGORIES = {"fraud": "fraud", "drugs": "drugs", "vehicles": "stolen vehicles", "missing": "missing persons"}


def traffic(size: int, seed: int = 5) -> list[Correspondence]:
    """Fictional messages as other bureaux sent them."""
    if str(MAKE) not in sys.path:
        sys.path.insert(0, str(MAKE))
    from bureaux.flow import traffic as made

    return [one.message for one in made(seed, size)[:size]]


class Practice:
    """An office over a folder: `NAME.json` a draft, `.stands` what stands, `.sent` what was sent, `.gone` to whom, `.done` what is done."""

    language = "en"
    has_more = False

    def __init__(self, folder: Path, messages: Sequence[Correspondence] = ()) -> None:
        self.folder = folder
        self.messages = {f"m{at}": one for at, one in enumerate(messages)}
        self.unread = set(self.messages)
        self.decided: dict[str, str] = {}
        self.last = ""

    def lines(self) -> list[desk.Line]:
        kept = [
            self._line(path.stem, _read(path), "drafts") for path in sorted(self.folder.glob("*.json"), reverse=True)
        ]
        gone = [(path.stem, _read(path)) for path in sorted(self.folder.glob("*.sent"))]
        sent = [self._line(name, one, self._went(one)) for name, one in gone]
        return [*kept, *(self._line(name, one, self._came(name)) for name, one in self.messages.items()), *sent]

    @staticmethod
    def _went(one: Correspondence) -> str:
        return "waiting" if getattr(one, "type", "") == "request" else "sent"

    def _came(self, name: str) -> str:
        return "done" if (self.folder / f"{name}.done").exists() else "inbox"

    def _line(self, name: str, one: Correspondence, folder: str) -> desk.Line:
        urgent = one.urgency == "immediate"
        area = one.crime_area[0] if one.crime_area else ""
        return desk.Line(
            id=name, folder=folder, direction="in" if folder in ("inbox", "done") else "out", type=getattr(one, "type", one.form),
            sender=one.from_bureau, receiver=", ".join(one.to), subject=one.subject, at=one.date_time, deadline=one.reply_by,
            mark=one.confidentiality, band="danger to life" if urgent else "", points=5 * urgent, unread=name in self.unread,
            category=self.decided.get(name, area), confidence=0.82, decided=name in self.decided,
        )  # fmt: skip

    def watch(self, messages: Sequence[str]) -> Sequence[str]:
        return messages

    def more(self) -> str:
        return ""

    def read(self, message: str) -> desk.Reading:
        self.unread.discard(message)
        self.last = message
        path = self.folder / f"{message}.sent"
        one = _read(path) if path.exists() else self.messages[message]
        faults = desk.list_issues(table(check(one, Surroundings(now=NOW)), self.language))
        return desk.Reading(
            id=message, form=one.form, values=to_dict(one), mentions=self._mentions(one), mark=one.confidentiality, issues=faults,
            priority=[("urgency: " + (one.urgency or "none"), "+5" if one.urgency == "immediate" else "+0"), ("unanswered", "+1")],
            thread=[name for name, other in self.messages.items() if one.thread_id and other.thread_id == one.thread_id],
            why="account, invoice", replies=("reply", "query", "acknowledgement") if message in self.messages else (),
            settles="" if path.exists() else {"inbox": "done", "done": "reopen"}[self._came(message)],
            addressees=[(each, "sent") for each in one.to] if path.exists() else (),
        )  # fmt: skip

    def _mentions(self, one: Correspondence) -> dict[str, list[desk.Mention]]:
        named = {person.family_name: "Person" for person in one.persons} | {
            phone: "TelephoneNumber" for person in one.persons for phone in person.phones
        }
        return {
            field: [
                desk.Mention(start=match.start(), end=match.end(), id=words, kind=kind)
                for words, kind in named.items() if words for match in re.finditer(re.escape(words), text)
            ] for field, text in list_texts(one)
        }  # fmt: skip

    def links(self, entity: str) -> desk.Links:
        named = {name: one for name, one in self.messages.items() if entity in to_json(one) and name != self.last}
        countries = sorted({one.from_bureau[:2] for one in named.values()})
        return desk.Links(
            label=entity,
            kind="Person",
            messages=len(named),
            countries=countries,
            known=[("In the case", "nobody")],
            lines=[*named],
        )

    def compose(self, form: str) -> desk.Draft:
        made = FORMS[form](
            from_bureau="XA-NCB",
            date_time=f"{NOW:%Y-%m-%dT%H:%M:%S+00:00}",
            language="en",
            urgency="normal",
            author="officer-01",
        )
        return self._new(made)

    def reply(self, message: str, kind: str) -> desk.Draft:
        one = self.messages[message]
        told = {"reply": "reply", "query": "request", "acknowledgement": "acknowledgement"}[kind]
        subject = f"RE {one.subject}"
        return self._new(
            Message(
                type=told,
                from_bureau="XA-NCB",
                to=(one.from_bureau,),
                your_ref=one.our_ref,
                subject=subject,
                language=one.language,
            )
        )

    def _new(self, made: Correspondence) -> desk.Draft:
        name = f"d{len([*self.folder.iterdir()]):03}"
        (self.folder / f"{name}.json").write_text(to_json(made), "utf-8")
        return self.draft(name)

    def draft(self, draft: str) -> desk.Draft:
        return self._kept(draft, _read(self.folder / f"{draft}.json"))

    def change(self, draft: str, values: Mapping[str, Any]) -> desk.Draft:
        old = to_dict(_read(self.folder / f"{draft}.json"))
        return self._kept(draft, from_dict({**old, **values}))

    def mend(self, draft: str, issue: str) -> desk.Draft:
        one = _read(self.folder / f"{draft}.json")
        faults = check(one, Surroundings(now=NOW))
        at = [each.id for each in desk.list_issues(table(faults))].index(issue)
        return self._kept(draft, apply_fix(one, faults[at]))

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str) -> desk.Draft:
        path = self.folder / f"{draft}.stands"
        stands = json.loads(path.read_text("utf-8")) if path.exists() else {}
        path.write_text(json.dumps({**stands, **dict.fromkeys(issues, reason or "seen")}), "utf-8")
        return self.draft(draft)

    def preview(self, draft: str) -> desk.Reading:
        one = _read(self.folder / f"{draft}.json")
        return desk.Reading(id=draft, form=one.form, values=to_dict(one), mark=one.confidentiality or "FOUO")

    def outgoing(self, draft: str) -> desk.Outgoing:
        one = _read(self.folder / f"{draft}.json")
        things = [phone for person in one.persons for phone in person.phones]
        named = {
            thing: [other.subject for other in self.messages.values() if thing in to_json(other)] for thing in things
        }
        told = [(person.family_name, "written by hand") for person in one.persons]
        return desk.Outgoing(
            links=[(thing, [(title, "the same identifier") for title in titles]) for thing, titles in named.items()],
            discloses=[(bureau, told) for bureau in one.to if told],
        )

    def attach(self, draft: str, name: str, mark: str, data: str) -> desk.Draft:
        one, content = _read(self.folder / f"{draft}.json"), base64.b64decode(data)
        added = Attachment(
            name=name, sha256=hashlib.sha256(content).hexdigest(), media_type="text/plain", confidentiality=mark
        )
        return self._kept(draft, replace(one, attachments=(*one.attachments, added)))

    def approve(self, draft: str) -> desk.Draft:
        path = self.folder / f"{draft}.json"
        path.write_text(to_json(replace(_read(path), approver="officer-02")), "utf-8")
        return self.draft(draft)

    def discard(self, draft: str, because: str) -> str:
        (self.folder / f"{draft}.json").rename(self.folder / f"{draft}.discarded")
        return because

    def record_release(self, page: str, messages: Sequence[str]) -> None:
        self.gone = (page, [*messages])

    def send(self, draft: str) -> str:
        if not self.draft(draft).ready:
            raise ValueError("the message is not ready: see its issues.")
        (self.folder / f"{draft}.json").rename(self.folder / f"{draft}.sent")
        return "Sent; the acknowledgement is awaited."

    def done(self, message: str, because: str) -> str:
        (self.folder / f"{message}.done").write_text(because, "utf-8")
        return message

    def reopen(self, message: str, because: str) -> str:
        (self.folder / f"{message}.done").rename(self.folder / f"{message}.reopened")
        return because

    def export(self, draft: str, ending: str, folder: str, because: str) -> desk.Product:
        path = Path(folder or self.folder) / f"letter{ending}"
        path.write_text(f"{because}\n{to_json(_read(self.folder / f'{draft}.json'))}", "utf-8")
        return desk.Product(path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())

    def went(self, draft: str, how: str, to: Sequence[str]) -> str:
        path, gone = self.folder / f"{draft}.json", [*self._gone(draft), *to]
        (self.folder / f"{draft}.gone").write_text(json.dumps(gone), "utf-8")
        if {*_read(path).to} <= {*gone}:
            path.rename(path.with_suffix(".sent"))
        return f"Marked as sent to {', '.join(to)} {how}."

    def _gone(self, draft: str) -> list[str]:
        """To whom a draft has gone."""
        path = self.folder / f"{draft}.gone"
        return [*json.loads(path.read_text("utf-8"))] if path.exists() else []

    def correct(self, message: str, category: str) -> desk.Line:
        self.decided[message] = category
        return next(line for line in self.lines() if line.id == message)

    def _kept(self, draft: str, one: Correspondence) -> desk.Draft:
        """Keep a draft and check it."""
        (self.folder / f"{draft}.json").write_text(to_json(one), "utf-8")
        path = self.folder / f"{draft}.stands"
        stands = json.loads(path.read_text("utf-8")) if path.exists() else {}
        faults = check(one, Surroundings(now=NOW))
        told = table(faults, self.language).assign(
            stands=[stands.get(issue.id, "") for issue in desk.list_issues(table(faults))]
        )
        found = desk.list_issues(told)
        unheard = [
            issue for issue in found if issue.severity == "warning" and not (issue.acknowledged or issue.overridden)
        ]
        waits = ["Answer for each warning: put it right or let it stand."] if unheard else []
        gone = self._gone(draft)
        return desk.Draft(
            id=draft, form=one.form, values=to_dict(one), issues=found, waits=waits, ready=ready(faults) and not unheard,
            approvable=one.confidentiality == "RESTRICTED" and not one.approver, approver=one.approver,
            left=[each for each in one.to if each not in gone], closed=bool(gone), letter=one.form == "letter",
            addressees=[(each, "sent" if each in gone else "not sent") for each in one.to],
        )  # fmt: skip


def _read(path: Path) -> Correspondence:
    return from_json(path.read_text("utf-8"))


def forms(language: str) -> dict[str, desk.Blank]:
    """The blank forms of messages."""
    return {form: desk.build_blank(get_form_title(form, language), list_sections(form, language)) for form in FORMS}


def opened(folder: Path, size: int = 60, messages: Sequence[Correspondence] = (), **traits: object) -> desk.MessageDesk:
    """A desk with some traffic on it, or with these messages."""
    folder.mkdir(exist_ok=True)
    messages = messages or (traffic(size) if size else [])
    urgent = [replace(one, urgency="immediate") if at == 0 else one for at, one in enumerate(messages)]
    if len(urgent) > 2:  # two messages of one person
        urgent[2] = replace(urgent[2], persons=urgent[1].persons)
    given = {"title": "NCB Valdorra", "mark": "EXERCISE", "as_at": NOW.isoformat(), "categories": CATEGORIES, **traits}
    return desk.build_desk(Practice(folder, urgent), forms, **given)

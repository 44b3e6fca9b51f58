"""Remarks of other bureaux: list them, adopt what is right as one's own word, dismiss the rest.

A remark is a row of a package that points at something which its sender did not bring (`ledger.remarks`). Whatever it says, it changes
nothing here. To adopt one is to say the same as an officer of this case: signed, logged, and taken back like any other word of one's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case import adding, authority, marks, record
from workbench.case.entity_index import find_entity
from workbench.errors import CaseError
from workbench.ledger import frames, remarks, terms
from workbench.ledger.remarks import ADOPTED, DISMISSED, Remark, raised
from workbench.ledger.terms import Target
from workbench.ledger.vetting import is_ruled
from workbench.model import marking
from workbench.model.ages import MINOR as UNDER_AGE
from workbench.model.ages import standing_of_birth
from workbench.model.catalogue import Sentence
from workbench.model.rows import Claim
from workbench.model.schema import check
from workbench.model.tables import MINOR, MISTAKEN, PROTECTED, REMARKS, WARNINGS
from workbench.views import Passage
from workbench.visible import spelt

if TYPE_CHECKING:
    from workbench.case.book import Book

KINDS = {
    "evidence": "claim", "judgements": "judgement", "decisions": "decision", "terms": "mark", "source_facts": "fact", "notes": "note",
}  # fmt: skip
"""Table for which a row was written -> kind of remark; every other one is a copy."""
COPY, SUPERSEDED = "copy", "superseded"
TAKEN_BACK = {"evidence": ("suggestion", "rejected", "accepted"), "notes": ("note", "withdrawn", "restored")}
"""Table of what is a word of its own once it is adopted -> under which kind, and by which verdict, it is taken back and stands again."""
GUARDED = ("victim", "witness", "missing")
"""Statuses of persons who are to be protected."""


def table(book: Book, about: str = "") -> pd.DataFrame:
    """Remarks that the reader may see (REMARKS), warnings first; about one thing, if it is given by its name or id."""
    return of(book, [find_entity(book, about)] if about else None)


def of(book: Book, ids: Iterable[str] | None) -> pd.DataFrame:
    """Remarks about some entities (REMARKS), warnings first; all if none are given. Each has its own mark with that of the case."""
    found = remarks.find(book.ledger) if ids is None else _about(book, ids)
    told = sorted(((warning(one), one) for one in found), key=lambda pair: _urgency(pair[0]))
    rows = [_row(book, one, word) for word, one in told]
    whole, scheme = marks.marks(book).visible, authority.levels(book)
    own = [
        whole | marking.read({facet: list(values) for facet, values in one.marks.items()}, scheme) for _, one in told
    ]
    return marks.labelled(book, pd.DataFrame(rows, columns=pd.Index(REMARKS)), own)


def _members(book: Book, ids: Iterable[str]) -> set[str]:
    """The ids with those of all entities that are judged to be the same."""
    wanted, known = set(ids), book.entities
    return wanted | set(known.loc[known["canonical_id"].isin(wanted), "entity_id"])


def _about(book: Book, ids: Iterable[str]) -> list[Remark]:
    """Remarks on entities: on themselves, and notes on passages, which are about all that the passages state."""
    members, rows = _members(book, ids), book.evidence
    stated = rows["entity_id"].isin(members) | rows["canonical_id"].isin(members) | rows["value"].isin(members)
    passages = set(rows.loc[stated & (rows["passage_id"] != ""), "passage_id"])
    found = remarks.find(book.ledger, members | passages)
    return [one for one in found if one.kind == "notes" or not members.isdisjoint(one.targets)]


def warnings(book: Book, ids: Iterable[str]) -> list[Remark]:
    """Remarks on entities that warn of something and that nobody here has dismissed, the most urgent first."""
    found = [one for one in _about(book, ids) if one.state != DISMISSED and warning(one)]
    return sorted(found, key=lambda one: _urgency(warning(one)))


def warning_passages(book: Book, nodes: Iterable[str]) -> list[Passage]:
    """What other bureaux warn of on things of this case; it stands before all else, and changes nothing by itself."""
    say = book.say
    return [
        Passage(
            one.id, say("remarks.says", bureau=one.bureau, text=text(book, one)), at=one.at, source=one.package,
            says=say("remarks.warns", bureau=one.bureau, warning=say.term("warning", warning(one))),
            kind="decided" if one.state else "remark",
        )
        for one in warnings(book, nodes)
    ]  # fmt: skip


def named(chosen: str | Sequence[str] | pd.DataFrame) -> list[str] | None:
    """Ids of remarks, out of an id, several, or rows of `remarks`; None where something else is meant."""
    if isinstance(chosen, pd.DataFrame):
        return [str(key) for key in chosen["remark_id"]] if "remark_id" in chosen else None
    ids = [chosen] if isinstance(chosen, str) else [str(key) for key in chosen]
    return ids if all(key.startswith("remark-") for key in ids) and ids else None


def adopt(book: Book, chosen: Iterable[str], because: str) -> pd.DataFrame:
    """Say what remarks say as an officer of this case; the remarks as they are then (REMARKS).

    What is said so bears the marks under which the remark was sent: the claim or the note itself; of any other word what it is said of.
    What the same officer has adopted already is not said again.

    Raises
    ------
    CaseError
        Without a reason; where a remark is not known, or can be adopted by nobody, or bears marks that nothing here can bear. Then
        nothing is adopted.
    """
    found = _chosen(book, chosen, because)
    if unfit := [one for one in found if one.kind not in ADOPTS]:
        raise CaseError(Sentence("refused.remark.copy", remark=unfit[0].id, bureau=unfit[0].bureau))
    new = [one for one in found if (one.state, one.by) != (ADOPTED, book.ledger.officer)]
    if new:
        with book.ledger.together():
            rests_on = {one.id: _adopt_one(book, one, because) for one in new}
            book.ledger.decide(remarks.TARGET, list(rests_on), ADOPTED, because, rests_on=rests_on)
    return _again(book, found)


def dismiss(book: Book, chosen: Iterable[str], because: str) -> pd.DataFrame:
    """Note that nothing follows here from remarks; they stay on record. Claims and notes that were adopted of them are taken back.

    Returns as `adopt`.

    Raises
    ------
    CaseError
        As `adopt`; where another word was adopted, which stands until another one takes its place. Then nothing is dismissed.
    """
    found = _chosen(book, chosen, because)
    adopted = [one for one in found if one.state == ADOPTED]
    if fixed := [one for one in adopted if one.kind not in TAKEN_BACK]:
        raise CaseError(Sentence("refused.remark.adopted", remark=fixed[0].id))
    with book.ledger.together():
        for one in adopted:
            target, verdict, _ = TAKEN_BACK[one.kind]
            words = [key for _, key in remarks.adopted(book.ledger.connection, one.id)]
            book.ledger.decide(target, words, verdict, because)
        book.ledger.decide(remarks.TARGET, [one.id for one in found], DISMISSED, because)
    return _again(book, found)


def warning(one: Remark) -> str:
    """What a remark warns of (`tables.WARNINGS`), '' where it warns of nothing."""
    from workbench.messages import alarm

    body, found = one.body, set(alarm.warnings(" ".join(_words(one))))
    if one.kind == "judgements" and body["judgement"] == "not same":
        found.add(MISTAKEN)
    if one.kind == "decisions" and body["verdict"] == "rejected":
        found.add(MISTAKEN)
    if one.kind == "terms" and body["facet"] in ("special", "restricted"):
        found.add(MINOR if "minors" in str(body["value"]) else PROTECTED)
    if one.kind == "evidence":
        found |= _of_claim(str(body["prop"]), str(body["value"]), one.at)
    return next((name for name in WARNINGS if name in found), "")


def text(book: Book, one: Remark) -> str:
    """What a remark says, in words."""
    if one.kind in ("notes", "passages"):
        return str(one.body["text"])
    say = SAYS.get(one.kind)
    return say(book, one) if say else book.say("remarks.copy", values=" · ".join(_words(one)))


def _say_claim(book: Book, one: Remark) -> str:
    from workbench.case.cited import valued

    prop, value = str(one.body["prop"]), str(one.body["value"])
    said = book.shown(value) if value in book.things.index else valued(book, prop, value)
    return book.say("remarks.claim", property=book.say.term("property", prop), value=said)


def _say_judgement(book: Book, one: Remark) -> str:
    pair = {"one": book.shown(str(one.body["left_id"])), "other": book.shown(str(one.body["right_id"]))}
    return book.say("news.judged", **pair, verdict=book.say.term("verdict", str(one.body["judgement"])))


def _say_decision(book: Book, one: Remark) -> str:
    what = _named(book, str(one.body["target_id"]))
    said = book.say("news.ruled", verdict=book.say.term("verdict", str(one.body["verdict"])), what=what)
    if one.body["verdict"] != SUPERSEDED:
        return said
    made = _named(book, str(one.body["replacement"])) if one.body["replacement"] else book.say("remarks.nothing")
    return book.say("remarks.replaced", said=said, replacement=made)


def _say_mark(book: Book, one: Remark) -> str:
    values = ", ".join(json.loads(str(one.body["value"])))
    return book.say("remarks.mark", facet=str(one.body["facet"]), values=values)


def _say_fact(book: Book, one: Remark) -> str:
    return book.say("remarks.fact", name=str(one.body["name"]), value=str(one.body["value"]))


SAYS: dict[str, Callable[[Book, Remark], str]] = {
    "evidence": _say_claim, "judgements": _say_judgement, "decisions": _say_decision, "terms": _say_mark, "source_facts": _say_fact,
}  # fmt: skip
"""Table for which a row was written -> what it says, in words."""


def _row(book: Book, one: Remark, word: str) -> tuple[str, ...]:
    about = ", ".join(dict.fromkeys(_named(book, key) for key in one.targets))
    return (
        one.id, one.bureau, str(one.body.get("officer", "")), word, KINDS.get(one.kind, COPY), about, text(book, one), one.state,
        one.at, one.package, str(one.body.get("because", "")),
    )  # fmt: skip


def _named(book: Book, key: str) -> str:
    """What an id is called."""
    canonical = book.canonical.get(key, key)
    if canonical in book.things.index:
        return book.shown(canonical)
    called = book.derived("names of places", lambda: _names_of_places(book)).get(key)
    return called or record.target(book, key)


def _names_of_places(book: Book) -> dict[str, str]:
    """Id of a source, document or passage -> name of the source, title of the document."""
    sources = frames.sources(book.ledger)
    found = dict(zip(sources["source"], sources["name"], strict=True))
    found.update(zip(book.documents["document_id"], book.documents["title"], strict=True))
    places = zip(book.passages["passage_id"], book.passages["document_id"], strict=True)
    found.update((passage, found[document]) for passage, document in places if document in found)
    return found


WORDS = ("value", "text", "because", "title", "message", "custodian", "device", "subject", "name")
"""Columns of a row in which words stand."""


def _words(one: Remark) -> list[str]:
    return [str(one.body[name]) for name in WORDS if one.body.get(name)]


def _of_claim(prop: str, value: str, day: str) -> set[str]:
    """What a claim about a person warns of."""
    found = {MINOR} if prop == "birthDate" and standing_of_birth(value, day[:10]) == UNDER_AGE else set()
    return found | ({PROTECTED} if prop == "status" and value in GUARDED else set())


def _urgency(name: str) -> int:
    return WARNINGS.index(name) if name else len(WARNINGS)


def _chosen(book: Book, chosen: Iterable[str], because: str) -> list[Remark]:
    wanted = list(dict.fromkeys(chosen))
    if not because.strip():
        raise CaseError(Sentence("refused.remark.no_reason"))
    known = {one.id: one for one in remarks.find(book.ledger)}
    if missing := [key for key in wanted if key not in known]:
        raise CaseError(Sentence("refused.remark.unknown", remark=missing[0]))
    if not wanted:
        raise CaseError(Sentence("refused.remark.none"))
    return [known[key] for key in wanted]


def _again(book: Book, found: Sequence[Remark]) -> pd.DataFrame:
    made = table(book)
    return made[made["remark_id"].isin([one.id for one in found])].reset_index(drop=True)


# Adopt ------------------------------------------------------------------------------------------------------------------


def _adopt_one(book: Book, one: Remark, because: str) -> str:
    """Say what a remark says, with its marks; the id of what the word is, or of what it is said of."""
    said = book.say("remarks.because", bureau=one.bureau, because=because)
    targets, facets = ADOPTS[one.kind](book, one, said), _borne(one)
    if one.kind in TAKEN_BACK:
        _let_stand(book, one.kind, targets[0][1], said)
    if facets and (unfit := [target for target in targets if target[0] not in terms.MATERIAL]):
        raise CaseError(Sentence("refused.remark.marked", remark=one.id, bureau=one.bureau, kind=unfit[0][0]))
    for target in targets if facets else ():
        held = terms.held(book.ledger, [target[1]], whole=True).get(target, {})
        terms.add(book.ledger, [target], raised(held, facets), said)
    return targets[0][1]


def _let_stand(book: Book, kind: str, key: str, because: str) -> None:
    """Let a word stand that was taken back under the same id before."""
    target, back, again = TAKEN_BACK[kind]
    if book.ledger.connection.execute(
        "SELECT 1 FROM ruling WHERE target_id = ? AND verdict = ?", (key, back)
    ).fetchone():
        book.ledger.decide(target, [key], again, because)


def _borne(one: Remark) -> dict[str, list[str]]:
    """The marks of a remark: facet -> values."""
    return {name: list(values) for name, values in one.marks.items() if name in remarks.HELD and values}


def _adopt_claim(book: Book, one: Remark, because: str) -> list[Target]:
    body = {name: str(value) for name, value in one.body.items()}
    check(body["schema"], body["prop"])
    passage = body["passage_id"] if body["passage_id"] in set(book.passages["passage_id"]) else ""
    document = body["document_id"] if body["document_id"] in set(book.documents["document_id"]) else ""
    claim = Claim(
        body["entity_id"], body["schema"], body["prop"], body["value"], body["original_value"], document, passage, kind="decided",
        method="officer", version="1",
    )  # fmt: skip
    keys = book.ledger.state([claim], because=because, is_bound=bool(_borne(one)))
    return [("evidence", key) for key in keys]


def _adopt_judgement(book: Book, one: Remark, because: str) -> list[Target]:
    ends = str(one.body["left_id"]), str(one.body["right_id"])
    book.ledger.judge([ends], str(one.body["judgement"]), because)
    return [("entity", key) for key in ends]


def _adopt_decision(book: Book, one: Remark, because: str) -> list[Target]:
    body = {name: str(value) for name, value in one.body.items()}
    if body["verdict"] == SUPERSEDED and not _is_of_the_same(book, body["target_id"], body["replacement"]):
        raise CaseError(Sentence("refused.remark.replacement", remark=one.id))
    if not is_ruled(body["target_kind"], body["verdict"]):
        raise CaseError(
            Sentence(
                "refused.remark.unformed", remark=one.id, what=spelt(f"{body['target_kind']} {body['verdict']}"[:60])
            )
        )
    rests_on = {body["target_id"]: body["replacement"]}
    book.ledger.decide(body["target_kind"], [body["target_id"]], body["verdict"], because, rests_on=rests_on)
    source = ""
    if body["target_kind"] == "run":
        source = frames.source_of_run(book.ledger, body["target_id"])
    return [("source", source) if source else (body["target_kind"], body["target_id"])]


def _is_of_the_same(book: Book, old: str, new: str) -> bool:
    """Whether one statement can stand in the place of another: both are in the case, of one entity and property."""
    rows = book.evidence.drop_duplicates("statement_id").set_index("statement_id")
    if old == new or not {old, new} <= set(rows.index):
        return False
    return bool((rows.loc[old, ["canonical_id", "prop"]] == rows.loc[new, ["canonical_id", "prop"]]).all())


def _adopt_mark(book: Book, one: Remark, because: str) -> list[Target]:
    """Marks only rise: what is said here already stays, and theirs is added; of a facet of one value theirs takes its place."""
    body = {name: str(value) for name, value in one.body.items()}
    target, facet, values = (body["target_kind"], body["target_id"]), body["facet"], json.loads(body["value"])
    if not marking.are_formed(facet, values):
        raise CaseError(
            Sentence("refused.remark.unformed", remark=one.id, what=f"{facet} = {spelt(body['value'][:60])}")
        )
    held = terms.held(book.ledger, [target[1]], whole=True).get(target, {})
    said = {facet: values} if facet in marking.SINGLE else raised(held, {facet: values})
    terms.add(book.ledger, [target], said, because)
    return [target]


def _adopt_fact(book: Book, one: Remark, because: str) -> list[Target]:
    source, name, value = (str(one.body[column]) for column in ("source", "name", "value"))
    adding.describe(book, source, {name: value}, because)
    return [("source", source)]


def _adopt_note(book: Book, one: Remark, because: str) -> list[Target]:
    body, known = one.body, set(book.passages["passage_id"])
    passages = [key for key in json.loads(str(body["passages"])) if key in known]
    said = book.say("remarks.quoted", officer=str(body["officer"]), text=str(body["text"]))
    return [("note", book.ledger.add_note(str(body["kind"]), said, passages, {"basis": because}))]


ADOPTS: dict[str, Callable[[Book, Remark, str], list[Target]]] = {
    "evidence": _adopt_claim, "judgements": _adopt_judgement, "decisions": _adopt_decision, "terms": _adopt_mark,
    "source_facts": _adopt_fact, "notes": _adopt_note,
}  # fmt: skip
"""Table for which a row was written -> how an officer says the same; gives what the word is, or is said of: that bears its marks."""

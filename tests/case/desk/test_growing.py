"""A case that grows: what comes in costs what it costs in a small one, and the gate knows at once what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.cost import steps
from workbench.case.access import marks
from workbench.case.case import Case, open_case
from workbench.case.desk.inbox import processing
from workbench.case.desk.messages import cross_references, filing
from workbench.ledger.access import terms
from workbench.ledger.access.access_filter import AccessFilter
from workbench.ledger.access.hidden_rows import KEPT
from workbench.ledger.ledger import Ledger
from workbench.messages.model.message import Person
from workbench.messages.model.message_json import from_dict
from workbench.messages.rules.rule_check import load_samples

CHILD = Person(family_name="FERNLOOP", forename="Pim", date_of_birth="2016-05-04", status="victim")
GROWN = Person(family_name="OLIVEIRA", forename="Marta", date_of_birth="1980-02-01", status="witness")
LEVEL = "EXERCISE RESTRICTED"


def file(case: Case, number: int, **fields: object) -> str:
    """File a message that came in; its document."""
    said = {
        "our_ref": f"{number}/26",
        "message_id": f"m{number}",
        "summary_of_facts": f"The boat left at {number} o'clock, says Marta.",
    }
    message = replace(from_dict(load_samples()["message"]), **{**said, "persons": (GROWN,), **fields})  # type: ignore[arg-type]
    return filing.file_message(case.context, message, direction="incoming")


def filed(case: Case, numbers: range) -> list[str]:
    """File messages, of which each third is above the clearance of who works, and each fifth tells of a child."""
    with case.context.ledger.group_transactions():
        return [
            file(case, n, confidentiality="" if n % 3 else "RESTRICTED", persons=(GROWN,) if n % 5 else (CHILD,))
            for n in numbers
        ]


def withheld(ledger: Ledger) -> dict[str, set[str]]:
    """What is withheld on a connection, by the tables of the gate."""
    sql = ledger.reader_connection
    return {name: {key for (key,) in sql.execute(f"SELECT id FROM temp.gate_{name}").fetchall()} for name in KEPT}


def anew(case: Case) -> dict[str, set[str]]:
    """The same on another connection, which looks at everything."""
    context = case.context
    ledger = Ledger(context.ledger.path, officer=context.ledger.officer, purpose=context.ledger.purpose)
    gate = context.ledger.gate
    assert isinstance(gate, AccessFilter)
    ledger.gate = AccessFilter(gate.readers, gate.scheme, gate.years, speaker=gate.speaker)
    try:
        return withheld(ledger)
    finally:
        ledger.close()


@contextmanager
def another(case: Case) -> Iterator[Case]:
    """The same case in a second notebook."""
    other = open_case(case.context.folder.path, officer="ada", purpose="training")
    yield other
    other.close()


def elsewhere(change: Callable[[Case], object]) -> Callable[[Case], None]:
    def made(case: Case) -> None:
        with another(case) as other:
            change(other)

    return made


def passage(case: Case, document: str) -> str:
    rows = case.context.passages
    return str(rows.loc[rows["document_id"] == document, "passage_id"].iloc[-1])


def open_one(case: Case) -> str:
    """A document that its reader may see."""
    return case.context.ledger.reader_connection.execute(
        "SELECT document_id FROM live_messages ORDER BY document_id"
    ).fetchone()[0]  # type: ignore[no-any-return]


def source_of(case: Case) -> str:
    rows = case.context.traces
    return str(rows.loc[rows["document_id"] == open_one(case), "source_name"].iloc[0])


def marked(case: Case) -> None:
    case.handling.mark(case.context.documents.head(1)[["document_id"]], level=LEVEL, because="of a partner")


def marked_passage(case: Case) -> None:
    case.handling.mark(case.context.passages.tail(1)[["passage_id"]], level=LEVEL, because="of a partner")


def person(case: Case) -> str:
    return str(case.entities("Person")["canonical_id"].iloc[0])


def unmarked(case: Case) -> None:
    """A mark that is taken back by who sees it."""
    document = open_one(case)
    for level in ([LEVEL], []):
        terms.add_facets(case.context.ledger, [("document", document)], {"level": level}, "of a partner")
        withheld(case.context.ledger)


def noted(case: Case) -> None:
    case.review.note("The boat matters.", passages=[passage(case, open_one(case))])
    marked_passage(case)


def withdrawn(case: Case) -> None:
    name = source_of(case)
    case.sources.withdraw(name, because="sent in error")
    case.sources.restore(name, because="it was right")


def set_aside(case: Case) -> None:
    case.sources.exclude(folder=source_of(case), ground="out of scope", because="not in the order")


CHANGES: dict[str, Callable[[Case], object]] = {
    "a message": lambda case: file(case, 1001),
    "a message that is above": lambda case: file(case, 1002, confidentiality="RESTRICTED"),
    "a child": lambda case: file(case, 1003, persons=(replace(CHILD, forename="Wim"),)),
    "a child that is known": lambda case: file(case, 1004, persons=(CHILD, GROWN)),
    "a person who was withheld, openly": lambda case: file(case, 1005, persons=(replace(GROWN, forename="Alba"),)),
    "several, and one is read": lambda case: processing.read_messages(case.context, filed(case, range(1006, 1012))),
    "a reading": lambda case: case.extract(),
    "a mark on a document": marked,
    "a mark on a passage": marked_passage,
    "a mark on a person": lambda case: case.handling.mark(person(case), level=LEVEL, because="of a partner"),
    "a mark taken back": unmarked,
    "a restriction": lambda case: case.privacy.restrict(source_of(case), because="contested"),
    "a child said by hand": lambda case: case.evidence.add("Person", source="officer's knowledge", name="Ada Fernloop",
        birthDate="2014-01-01"),
    "a special category said by hand": lambda case: case.evidence.add("Person", source="officer's knowledge", name="Bo Fernloop",
        religion="none"),
    "a note and a mark": noted,
    "a message that is done": lambda case: case.desk.mark_done(open_one(case), because="answered by telephone"),
    "a withdrawal and its end": withdrawn,
    "a setting aside": set_aside,
    "an erasure": lambda case: case.privacy.erase(open_one(case), because="request 7", sure=True),
    "a message elsewhere": elsewhere(lambda case: file(case, 1020, persons=(replace(CHILD, forename="Tim"),))),
    "a mark elsewhere": elsewhere(marked),
    "a setting aside elsewhere": elsewhere(set_aside),
    "an erasure elsewhere": elsewhere(lambda case: case.privacy.erase(open_one(case), because="request 8", sure=True)),
}  # fmt: skip


@pytest.fixture
def growing(case: Case) -> Case:
    """A case with some messages, at which its reader has looked."""
    filed(case, range(1, 31))
    case.access.grant("rita", LEVEL, because="vetted")
    assert withheld(case.context.ledger)["sources"]
    return case


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_gate_knows_at_once_what_a_change_withholds(growing: Case, change: Callable[[Case], object]) -> None:
    change(growing)
    assert withheld(growing.context.ledger) == anew(growing)


def names(called: cross_references.KnownNames) -> list[object]:
    """What an index of names tells, without what is empty."""
    found = [
        {key: names for key, names in index.items() if names} for index in (called.where, called.words, called.keys)
    ]
    return [*found, called.said]


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_index_of_names_is_what_it_would_be_if_made_anew(growing: Case, change: Callable[[Case], object]) -> None:
    context = growing.context
    assert cross_references.load_person_names(context).said
    change(growing)
    found = names(cross_references.load_person_names(context))
    context.forget()
    assert found == names(cross_references.load_person_names(context))


def test_the_index_of_names_grows_with_what_comes(case: Case) -> None:
    filed(case, range(1, 21))
    known = cross_references.load_person_names(case.context)
    document = file(case, 101, persons=(replace(GROWN, forename="Alba"),))
    grown = cross_references.load_person_names(case.context)
    assert grown is known and grown.said[document] == {"Alba OLIVEIRA"}
    case.handling.mark(case.context.documents.head(1)[["document_id"]], level=LEVEL, because="of a partner")
    assert cross_references.load_person_names(case.context) is not known, (
        "something else than rows that come has changed"
    )


@pytest.mark.slow
def test_a_message_costs_the_gate_the_same_in_a_case_of_any_size(case: Case) -> None:
    def look(number: int) -> int:
        file(case, number)
        return steps(case.context.ledger.connection, lambda: case.context.ledger.reader_connection)

    filed(case, range(1, 21))
    small = [look(number) for number in range(101, 107)]
    filed(case, range(201, 321))
    large = [look(number) for number in range(401, 407)]
    assert sum(large[1:]) <= 1.5 * sum(small[1:]), (small, large)


@pytest.mark.slow
def test_filing_a_message_costs_the_same_in_a_case_of_any_size(case: Case) -> None:
    def filing_one(number: int) -> int:
        return steps(case.context.ledger.connection, lambda: file(case, number))

    filed(case, range(1, 21))
    small = [filing_one(101), filing_one(102)]
    filed(case, range(201, 321))
    large = [filing_one(401), filing_one(402)]
    assert large[1] <= 1.5 * small[1], (small, large)


@pytest.mark.slow
def test_a_draft_reckons_the_marks_of_what_it_is_about_alone(case: Case) -> None:
    filed(case, range(1, 21))
    key = next(row.canonical_id for row in case.entities("Person").itertuples() if row.caption == "Marta OLIVEIRA")
    draft = case.desk.draft("request", about=key)
    assert draft.message.persons[0].date_of_birth == GROWN.date_of_birth and draft.mark
    assert not draft.sources().empty
    assert "reach" not in vars(marks.get_marks(case.context)), "marks of the whole case were reckoned"

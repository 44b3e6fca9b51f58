"""The inbox: what came in by priority, with suggested category and links; the reasons behind it; and corrections, which teach it.

All of it is made from what the reader may see of each message (`validation.load_shown_form`), as the message itself, its reasons and
its links are. What was made once is kept by what was seen (`validation.map_shown_keys`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import creation
from workbench.case.desk.messages import bureau_names, cross_references, validation
from workbench.case.desk.messages.message_cache import Shelf
from workbench.case.desk.messages.threads import Exchanges
from workbench.errors import CaseError, SourceError
from workbench.ledger.records import messages, packages, references, row_tables
from workbench.ledger.records.messages import IN, FiledMessage
from workbench.messages.model.deadlines import find_due
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence, Message
from workbench.messages.triage import category
from workbench.messages.triage.category import AREAS, SECTIONS, SURE, TYPES, WEIGHTS, Category, Head, Suggestion, Text
from workbench.messages.triage.priority import (
    Line,
    Priority,
    Signal,
    build_defect_signals,
    compute_priority,
    explain_priority,
    list_signals,
)
from workbench.messages.wording.cue_words import find_cue_language, load_lists
from workbench.model.catalogue import Sentence, Translator
from workbench.model.machine.model_registry import is_installed
from workbench.search import MULTILINGUAL, get_engine

if TYPE_CHECKING:
    from workbench.messages.triage.category import Encode

INBOX = (
    "document_id", "band", "points", "suggested", "category", "sure", "crime_area", "type", "type_sure", "kind", "from_bureau",
    "our_ref", "subject", "language", "due", "links", "at", "state", "thread_id",
)  # fmt: skip
"""Columns of `case.desk.inbox()`."""
WHY = ("about", "what", "weight", "reason", "band", "field", "start", "end", "words", "by")
"""Columns of `case.desk.why(message)`."""
VERSION = "6"
TARGET = "message category"
"""Kind under which a correction is decided (`Ledger.decide`)."""
SAID = {"crime_area": AREAS, "type": TYPES}


def build_inbox(context: CaseContext, at: datetime, limit: int, *, answered: bool) -> pd.DataFrame:
    """Messages that came in (INBOX), what to read first at the top."""
    known = load_exchanges(context)
    came = [one for one in known.filed.values() if one.direction == IN and (answered or not known.is_settled(one))]
    found = read_entries(context, came, list(known.filed.values()))
    linked = _find_shared_entities(context, found.values())
    ranked = sorted(
        ((_compute_priority(found[one.document_id], at, linked, known.is_settled(one)), one) for one in came if one.document_id in found),
        key=lambda pair: (pair[0].sort_key(), pair[1].at, pair[1].document_id),
    )[:limit]  # fmt: skip
    told = list_categories(context, [one for _, one in ranked])
    rows = [_build_row(one, rank, found[one.document_id], told[one.document_id], linked) for rank, one in ranked]
    return marks.add_mark_column(context, pd.DataFrame(rows, columns=pd.Index(INBOX)))


def _build_row(
    one: FiledMessage, rank: Priority, entry: Mapping[str, Any], told: Category, known: frozenset[str]
) -> tuple[object, ...]:
    areas = ", ".join(each.label for each in told.areas if not each.unsure) or "unsure"
    kind, sure = ("unsure" if told.type.unsure else told.type.label), told.type.confidence
    if one.form != Message.form:
        kind, sure = "", 1.0
    links = sum(key in known for key in entry["things"])
    return (
        one.document_id, rank.band, rank.points, rank.is_suggested, areas, told.areas[0].confidence, ", ".join(entry["areas"]), kind, sure,
        one.kind, one.from_bureau, one.our_ref, one.subject, entry["language"], entry["due"], links, one.at, one.state, one.thread_id,
    )  # fmt: skip


def load_exchanges(context: CaseContext) -> Exchanges:
    """What became of the messages, by their types as officers have decided them."""
    types = {key: told["type"][0] for key, told in list_corrections(context).items() if "type" in told}

    def compute() -> Exchanges:
        filed, of_files = messages.list_messages(context.ledger), messages.list_file_messages(context.ledger)
        unvouched = packages.list_unvouched(context.ledger)
        keys = {
            one.document_id: key for one in filed if one.direction == IN and (key := unvouched.get(one.package, ""))
        }
        return Exchanges(
            filed, types, of_files, lambda one: packages.find_signer(context.ledger, one.package), keys,
            lambda one: packages.list_sealed_to(context.ledger, one.package), filed_at=messages.list_filing_times(context.ledger),
        )  # fmt: skip

    return context.cache_by_version("desk: exchanges", compute)


# What is read of a message once ------------------------------------------------------------------------------------------


def read_entries(
    context: CaseContext, filed: Sequence[FiledMessage], others: Sequence[FiledMessage] = ()
) -> dict[str, Any]:
    """Signals, things, language and term of what is shown of messages, by document; read once and kept in derived/.

    `others`: of these, those that were read before.
    """
    kept = get_shelf(context)
    known = kept.read_entries()
    asked = {one.document_id: one for one in (*filed, *(one for one in others if one.document_id in known))}
    keys = validation.map_shown_keys(context, asked)
    new = [(keys[document], one) for document, one in asked.items() if keys[document] not in known]
    kept.add({key: entry for key, one in new if (entry := _build_entry(context, one))})
    entries = kept.read_entries()
    return {document: entries[key] for document, key in keys.items() if key in entries}


def get_shelf(context: CaseContext) -> Shelf:
    """Where what was read of messages is kept."""
    return context.cache_file_reader(
        "desk: read", VERSION, lambda: open_shelf(context, f"read {VERSION} {_hash_lists()}")
    )


def _build_entry(context: CaseContext, one: FiledMessage) -> dict[str, object]:
    try:
        message = validation.load_shown_form(context, one)
    except SourceError:
        return {}
    term = catch_defect(lambda: find_due(message, nation=bureau_names.find_country), lambda _: None)
    defects: list[str] = []
    things = cross_references.find_identifiers(message, defects)
    signals = [
        *list_signals(message, bureau_names.find_country),
        *chain.from_iterable(map(build_defect_signals, defects)),
    ]
    return {
        "signals": [_encode_signal(signal) for signal in signals],
        "things": {named.entity_id: named.value for named in things},
        "language": catch_defect(lambda: find_cue_language(message.summary_of_facts, message.language), lambda _: ""),
        "due": term.at.isoformat() if term else "",
        "areas": list(message.crime_area),
    }


def _encode_signal(one: Signal) -> dict[str, object]:
    line = {name: getattr(one.line, name) for name in Line.__slots__}
    return {
        "line": line, "since": one.since.isoformat() if one.since else "", "until": one.until.isoformat() if one.until else "",
        "waits": one.waits,
    }  # fmt: skip


def _decode_signal(kept: Mapping[str, Any]) -> Signal:
    since, until = (datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until"))
    return Signal(Line(**kept["line"]), since, until, kept["waits"])


def _compute_priority(entry: Mapping[str, Any], at: datetime, known: frozenset[str], answered: bool) -> Priority:  # noqa: FBT001
    values = [value for key, value in entry["things"].items() if key in known]
    return compute_priority(map(_decode_signal, entry["signals"]), at, known=values, answered=answered)


def _find_shared_entities(context: CaseContext, entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Things that more than one message names, or a message and something else of the case, as far as the reader may see."""
    counted = Counter(key for entry in entries for key in entry["things"])
    others = context.cache_by_version("desk: named elsewhere", lambda: references.list_outside_messages(context.ledger))
    return frozenset(key for key, count in counted.items() if count > 1 or key in others)


# Category ----------------------------------------------------------------------------------------------------------------


def list_categories(context: CaseContext, filed: Sequence[FiledMessage]) -> dict[str, Category]:
    """What messages are about, as suggested or as an officer has corrected it (confidence 1), by document."""
    encode, said = get_encoder(), list_corrections(context)
    version = _build_version(context, said)
    kept = context.cache_file_reader("desk: category", version, lambda: open_shelf(context, f"category {version}"))
    known, keys = kept.read_entries(), validation.map_shown_keys(context, [one.document_id for one in filed])
    new = [one for one in filed if keys[one.document_id] not in known]
    found = _suggest_categories([_load_text(context, one) for one in new], encode, load_heads(context))
    kept.add({keys[one.document_id]: _encode_category(told) for one, told in zip(new, found, strict=True)})
    entries = kept.read_entries()
    return {key: _build_category(entries[shown], said.get(key, {})) for key, shown in keys.items()}


def _suggest_categories(texts: Sequence[Text], encode: Encode | None, heads: Mapping[str, Head]) -> list[Category]:
    """Categories of texts; one that cannot be read has those of an empty text, which are unsure."""
    return catch_defect(
        lambda: category.suggest_categories(texts, encode, heads),
        lambda _: (
            category.suggest_categories([Text("")], encode, heads)
            if len(texts) == 1
            else [told for one in texts for told in _suggest_categories([one], encode, heads)]
        ),
    )


def _encode_category(told: Category) -> list[list[list[object]]]:
    return [[[one.label, one.confidence] for one in group] for group in (told.areas, (told.type,))]


def _build_category(entry: Any, said: Mapping[str, tuple[str, ...]]) -> Category:  # noqa: ANN401
    areas, types = (
        [Suggestion(label, 1.0, SURE[section]) for label in said[name]]
        if name in said
        else [Suggestion(label, confidence, SURE[section]) for label, confidence in group]
        for (name, section), group in zip(SAID.items(), entry, strict=True)
    )
    return Category(category.select_areas(areas), types[0])


def _load_text(context: CaseContext, one: FiledMessage) -> Text:
    try:
        return _build_text(validation.load_shown_form(context, one))
    except SourceError:
        return Text(one.subject)


def _build_text(message: Correspondence) -> Text:
    return catch_defect(lambda: category.build_text(message), lambda _: Text(message.subject))


def list_encoded_texts(context: CaseContext, filed: Sequence[FiledMessage]) -> list[str]:
    """Texts whose vectors tell what messages are about and of what type they are."""
    return [said for one in filed for said in category.list_texts_to_encode(_load_text(context, one))]


@cache
def get_encoder() -> Encode | None:
    """Multilingual E5 where it is installed; without it words alone are weighed."""
    return get_engine(MULTILINGUAL).encode if is_installed("e5") and is_installed("e5-tokenizer") else None


def load_heads(context: CaseContext) -> Mapping[str, Head]:
    """The classifiers of the case: those that come with the workbench, taught by the officer's corrections."""
    said = list_corrections(context)
    return context.cache_by_input(
        "desk: heads",
        _build_version(context, said),
        lambda: {section: _train_head(context, section, said) for section in SECTIONS},
    )


def _train_head(context: CaseContext, section: str, said: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Head:
    name = next(field for field, each in SAID.items() if each == section)
    chosen = {key: told[name] for key, told in said.items() if name in told}
    filed = messages.list_messages(context.ledger, chosen) if chosen else []
    texts = [_load_text(context, one) for one in filed]
    return category.train_corrections(
        category.load_classifier(section), texts, [chosen[one.document_id] for one in filed], get_encoder()
    )


def correct_category(context: CaseContext, name: str, said: Mapping[str, tuple[str, ...]], because: str) -> str:
    """Decide what a message is about; the document.

    Raises
    ------
    CaseError
        Without a reason, with nothing to correct, or with a code that the classifier does not know.
    """
    if not because.strip() or not said:
        raise CaseError(
            Sentence(
                "The message was not corrected. Enter the right value and the reason, for example: "
                "`correct(message, crime_area=['fraud'], because='invoices that nobody sent')`."
            )
        )
    for field, labels in said.items():
        known = category.load_classifier(SAID[field]).labels
        if wrong := [label for label in labels if label not in known]:
            raise CaseError(
                Sentence(
                    "{field}: the code '{value}' is not known. Use one of these: {known}.",
                    field=field,
                    value=wrong[0],
                    known=", ".join(known),
                )
            )
    document = creation.find_message(context, name).document_id
    told = {**list_corrections(context).get(document, {}), **said}
    verdict = "; ".join(f"{field}: {', '.join(labels)}" for field, labels in sorted(told.items()))
    target = f"category {document}"
    context.ledger.decide(TARGET, [target], verdict, because, rests_on={target: document})
    return document


def list_corrections(context: CaseContext) -> dict[str, dict[str, tuple[str, ...]]]:
    """Document -> field -> labels that an officer has decided; the latest decision counts."""
    return context.cache_by_version("desk: corrections", lambda: dict(_read_corrections(context)))


def _read_corrections(context: CaseContext) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    rows = row_tables.list_decisions(context.ledger)
    for row in rows[rows["target_kind"] == TARGET].itertuples():
        parts = (part.partition(": ") for part in str(row.verdict).split("; "))
        yield str(row.replacement), {field: tuple(labels.split(", ")) for field, _, labels in parts}


# Why ---------------------------------------------------------------------------------------------------------------------


def explain_message(context: CaseContext, name: str, at: datetime, language: str) -> pd.DataFrame:
    """The lines of a message's priority, and the words that decided its category (WHY), in a language."""
    one = creation.find_message(context, name)
    message = validation.load_shown_message(context, one)
    links = cross_references.find_links(context, message, one.document_id)
    answered = load_exchanges(context).is_settled(one)
    found = compute_priority(
        list_signals(message, bureau_names.find_country),
        at,
        known=cross_references.list_values(links),
        answered=answered,
    )
    lines = explain_priority(found, language).rename(columns={"points": "weight", "said by": "by"}).to_dict("records")
    rows = [{"about": "priority", "what": found.band, **line} for line in lines]
    rows += [dict(zip(WHY, row, strict=True)) for row in _explain_category(context, one, message, Translator(language))]
    made = pd.DataFrame(rows, columns=pd.Index(WHY)).astype({"start": "Int64", "end": "Int64"})
    made["document_id"] = one.document_id
    return marks.add_mark_column(context, made).drop(columns="document_id")


def _explain_category(
    context: CaseContext, one: FiledMessage, message: Correspondence, voice: Translator
) -> Iterator[tuple[object, ...]]:
    told, text, known = (
        list_categories(context, [one])[one.document_id],
        _build_text(message),
        load_heads(context),
    )
    if one.document_id in list_corrections(context):
        yield ("category", "", 1.0, voice("priority.corrected"), "", "", None, None, "", "officer")
    for about, section, guesses in (("crime area", AREAS, told.areas), ("type", TYPES, (told.type,))):
        for guess in guesses:
            explain = partial(category.explain_label, text, guess.label, section, get_encoder(), known[section])
            for row in catch_defect(lambda: explain().to_dict("records"), lambda _: []):  # noqa: B023
                reason = voice("priority.word", confidence=f"{guess.confidence:.2f}")
                yield (
                    about,
                    guess.label,
                    row["weight"],
                    reason,
                    "",
                    "text",
                    row["start"],
                    row["end"],
                    row["words"],
                    "suggested",
                )


def now() -> datetime:
    """The clock of the desk."""
    return datetime.now(UTC)


def open_shelf(context: CaseContext, version: str) -> Shelf:
    """What was made of messages once, by what made it."""
    return Shelf(context.folder.derived / "desk", version, context.folder.vault)


def _build_version(context: CaseContext, said: Mapping[str, object]) -> str:
    """Names what suggests: weights, lists, encoder, and corrections with what is shown of the messages that they are of."""
    model = get_engine(MULTILINGUAL).version if get_encoder() else "words"
    shown = validation.map_shown_keys(context, said)
    taught = sorted((shown[key], told) for key, told in said.items())
    return f"{VERSION} {_hash_weights()} {_hash_lists()} {model} {taught!r}"


@cache
def _hash_weights() -> str:
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


@cache
def _hash_lists() -> str:
    return hashlib.sha256(repr(sorted(load_lists().items())).encode()).hexdigest()

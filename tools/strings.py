#!/usr/bin/env python3
"""Collect the sentences that people see, carry them into the PO files of each language, and say what is missing there.

    python tools/strings.py check      fails on what is missing, fuzzy, obsolete or has other {names}, and on calls nobody can collect
    python tools/strings.py update     adds new sentences to the PO files; an edited one keeps its translation, marked fuzzy

A sentence stands where it is raised or shown, `Sentence("The case is closed.")`, `say("{n} of {all}", …)`,
`say.count("{n} row", "{n} rows", n)`: a literal, never an f-string, a sum, a `.format` or a conditional within the call. Words of lists and
sentences that rows hold have keys, and their English is in workbench/model/catalogue/en. The widgets' scripts and modules follow the same
rule (`widget_sentences.py`), with PO files of their own; the English of their lists is in workbench_widgets/words/en.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from widget_sentences import TOGETHER, Collected, Id, check_call, collect_widgets
from workbench_widgets import words
from workbench_widgets.words.translations import list_rooms

from workbench.model.catalogue import KEY, LANGUAGES, PLACE, list_names, load_catalogue, translations

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "workbench" / "model" / "catalogue"
VOICES = frozenset({"say", "voice", "told", "self", "named"})
"""Names of what says a sentence in a language."""
MAKERS = {"Sentence": 0, "translate": 0, "join_sentences": 0, "require": 1, "_refuse_card": 2}
"""Functions that take a sentence, and at which place; those that pass one on are here too."""
GIVEN: dict[str, set[str | None]] = {"join_sentences": {"one", "more"}, "_refuse_card": {"said"}}
"""Values that such a function gives itself."""
PLURALS = {
    "fr": "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "es": "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
}
"""Unicode's plural rules for whole numbers, as headers of PO files have them: one, many, other; in Arabic zero to other."""
LEAST_ALIKE = 0.6
"""How alike two English sentences are, of which one is an edit of the other."""
WIDE = 100
PREVIOUS = "#| "
"""What a line of the English begins with that a fuzzy message was translated from."""


def collect_sentences(root: Path = ROOT) -> Collected:
    """Every sentence of the workbench: of its lists, its modules, its templates."""
    made = Collected()
    keyed = load_catalogue("en")
    for key, text in keyed.items():
        head, _, form = key.rpartition(".")
        if form == "one":
            made.add(Id(head, text, keyed[f"{head}.other"]), "")
        elif not (form == "other" and f"{head}.one" in keyed):
            made.add(Id(key, text), "")
    for path in sorted((root / "workbench").rglob("*.py")):
        collect_module(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix(), made)
    for path in sorted((root / "workbench").rglob("*.j2")):
        collect_template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix(), made)
    return made


def collect_module(source: str, place: str, made: Collected) -> None:
    """The sentences of a module, from its syntax."""
    tree = ast.parse(source)
    calls, prose = [node for node in ast.walk(tree) if isinstance(node, ast.Call)], find_prose(tree)
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        at, counts = find_sentence(call)
        if at is None or len(call.args) <= at or any(isinstance(one, ast.Starred) for one in call.args[: at + 1]):
            continue
        try:
            if isinstance(call.args[at], ast.Name) and call_name(call.args[at]) in prose:
                raise ValueError(TOGETHER)
            read_call(call, at, counts=counts, place=place, made=made)
        except ValueError as problem:
            made.refused.append(f"{place}:{call.lineno}: {problem}")


def find_prose(tree: ast.Module) -> set[str]:
    """Names that a module gives to English."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        and any(
            isinstance(one, ast.Constant) and isinstance(one.value, str) and is_prose(one.value)
            for one in (node.value, *ast.iter_child_nodes(node.value))
        )
    }


def find_sentence(call: ast.Call) -> tuple[int | None, bool]:
    """Where a call has its sentence, None of another call; and whether it counts."""
    name, owner = call_name(call.func), getattr(call.func, "value", None)
    if is_voice(call.func):
        return 0, False
    if name == "count" and owner is not None and is_voice(owner):
        return 0, True
    if name == "translate" and owner is not None:  # of a text: letters for letters
        return None, False
    return MAKERS.get(name), False


def call_name(node: ast.expr) -> str:
    """The last name of what is called."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def is_voice(node: ast.expr) -> bool:
    """Whether something says sentences: `say`, `context.say`, `Translator(language)`."""
    return call_name(node) in VOICES or (isinstance(node, ast.Call) and call_name(node.func) == "Translator")


def read_call(call: ast.Call, at: int, *, counts: bool, place: str, made: Collected) -> None:
    """Add the sentence of a call, unless it is a key.

    Raises
    ------
    ValueError
        Of a sentence that is put together in the call, and of a key that nobody has.
    """
    text = get_literal(call.args[at])
    if text is None:
        return
    if KEY.fullmatch(text):
        if text not in load_catalogue("en") and f"{text}.one" not in load_catalogue("en"):
            raise ValueError(f"the catalogue has no key {text!r}")
        return
    makes = call_name(call.func) == "Sentence"
    other = get_literal(call.args[at + 1]) if (counts or makes) and len(call.args) > at + 1 else ""
    if other is None or (counts and not other):
        raise ValueError("what counts has the English of one and of several, both literal")
    context = next((get_literal(one.value) for one in call.keywords if one.arg == "context"), "")
    if context is None:
        raise ValueError("the context is a literal")
    counted: set[str | None] = {"n"} if counts else set()
    names = {*counted, *GIVEN.get(call_name(call.func), ()), *(one.arg for one in call.keywords)}
    check_call(text, other, context, names)
    made.add(Id(context, text, other), place)


def get_literal(node: ast.expr) -> str | None:
    """A literal text; None of what has the parts of a key or no text of its own.

    Raises
    ------
    ValueError
        Of English that is put together.
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    parts = [one for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    composed = (
        isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp)
        or call_name(getattr(node, "func", node)) == "format"
    )
    if composed and any(is_prose(str(one.value)) for one in parts):
        raise ValueError(TOGETHER)
    return None


def is_prose(text: str) -> bool:
    """Whether a text is English, and no part of a key."""
    return bool(re.search(r"\w\s|\s\w", text))


def collect_template(source: str, place: str, made: Collected) -> None:
    """The sentences of a page's template, from its syntax."""
    from jinja2 import Environment, nodes

    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        owner = call.node.node if isinstance(call.node, nodes.Getattr) and call.node.attr == "count" else call.node
        if not (isinstance(owner, nodes.Name) and owner.name == "say" and call.args):
            continue
        texts = [one.value for one in call.args[:2] if isinstance(one, nodes.Const) and isinstance(one.value, str)]
        counts = owner is not call.node
        if isinstance(call.args[0], nodes.Const) and texts and not KEY.fullmatch(texts[0]):
            context = next(
                (one.value.value for one in call.kwargs if one.key == "context" and isinstance(one.value, nodes.Const)),
                "",
            )
            try:
                check_call(
                    texts[0],
                    "".join(texts[1:]),
                    context,
                    [*(one.key for one in call.kwargs), *(["n"] if counts else [])],
                )
            except ValueError as problem:
                made.refused.append(f"{place}:{call.lineno}: {problem}")
            made.add(Id(context, *texts), place)


def is_key(context: str) -> bool:
    """Whether a context is a key: that of a word of a list, or of a sentence that rows hold."""
    return re.match(r"[a-z_]+\.", context) is not None


def read_catalogue(path: Path) -> Catalog:
    """A PO file, with the English that fuzzy messages were translated from, which Babel writes and does not read."""
    made, text = _parse_catalogue(path.read_text(encoding="utf-8"), path.stem), path.read_text(encoding="utf-8")
    known = list_messages(made)
    for entry in filter(lambda one: PREVIOUS in one, text.split("\n\n")):
        for one in list_messages(_parse_catalogue(entry, path.stem)):
            known[one].previous_id = read_previous(entry)
    return made


def read_previous(entry: str) -> list[str]:
    """The English that a fuzzy message was translated from, of one and of several; Babel breaks its lines at any space."""
    from babel.messages.pofile import unescape

    lines = [line.removeprefix(PREVIOUS) for line in entry.split("\n") if line.startswith(PREVIOUS)]
    texts = re.split(r'(?:^|(?<=" ))msgid(?:_plural)? (?=")', " ".join(lines))[1:]
    return ["".join(unescape(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', text)) for text in texts]


def _parse_catalogue(text: str, language: str) -> Catalog:
    from babel.messages.pofile import read_po

    return read_po(io.StringIO(text), locale=language)


def get_id(message: Message) -> Id:
    """What tells a message of a PO file from another."""
    texts = (message.id,) if isinstance(message.id, str) else message.id
    return Id(message.context or "", *texts)


def list_messages(known: Catalog) -> dict[Id, Message]:
    """The messages of a PO file."""
    return {get_id(one): one for one in known if one.id}


def find_faults(found: Collected, path: Path) -> Iterator[str]:
    """What a PO file lacks, or has wrong."""
    known, language = list_messages(read_catalogue(path)), path.stem
    for one in found.found:
        message, label = known.get(one), f"{path.name}: {one.context and one.context + ': '}{one.text!r}"
        if message is None:
            if not has_label(one, language):
                yield f"{label} is missing"
        elif message.fuzzy:
            yield f"{label} is fuzzy: compare its translation with the English, then remove the mark"
        else:
            yield from (f"{label} {fault}" for fault in find_text_faults(one, message, language))
    yield from (f"{path.name}: {one.text!r} is obsolete" for one in known if one not in found.found)


def find_moved(found: Collected, path: Path) -> Iterator[str]:
    """Sentences of the widgets that other scripts say than their PO file tells: a page gets those of its own scripts."""
    for one, message in list_messages(read_catalogue(path)).items():
        if list_rooms(place for place, _ in message.locations) != list_rooms(found.found.get(one, ())):
            yield f"{path.name}: {one.text!r} is said by other scripts than before: run `tools/strings.py update`"


def has_label(one: Id, language: str) -> bool:
    """Whether FollowTheMoney has the label of a schema or a property in a language: a PO file may leave it out."""
    labels = translations.load_schema_labels(language)
    return one.context.startswith(translations.LABELS) and labels.gettext(one.text) != one.text


def find_text_faults(one: Id, message: Message, language: str) -> Iterator[str]:
    """What is wrong with a translation: it is empty, lacks a plural, or has other {names} than its English."""
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    forms = int(re.findall(r"\d+", PLURALS[language])[0]) if one.other else 1
    if len(texts) != forms or not all(text.strip() for text in texts):
        yield f"has {sum(bool(text.strip()) for text in texts)} of {forms} texts"
    wanted = list_names(one.text + one.other)
    for text in filter(str.strip, texts):
        named = list_names(text)
        if named - wanted or wanted - named - ({"n"} if one.other else set()) or "{" in PLACE.sub("", text):
            yield f"has other names than {{{', '.join(sorted(wanted))}}}: {text!r}"


def update_catalogue(found: Collected, path: Path) -> tuple[int, int, int]:
    """Write a PO file again with the sentences of now; how many are new, fuzzy and gone.

    A sentence that was edited keeps its translation and is marked: of a key the one that it had, otherwise the one most alike.
    """
    known = list_messages(read_catalogue(path)) if path.is_file() else {}
    gone = {one: message for one, message in known.items() if one not in found.found}
    by_key = {one.context: one for one in gone if is_key(one.context)}
    made, new, fuzzy = create_catalogue(path.stem), 0, 0
    for one, places in found.found.items():
        message = known.get(one)
        if message is None and has_label(one, path.stem):
            continue
        former = None if message else by_key.get(one.context) or find_edited(one, gone)
        if message is None and former and bool(former.other) == bool(one.other):
            add_message(made, one, gone.pop(former).string, places, tuple(filter(None, former[1:])))
            fuzzy += 1
        elif message is None:
            add_message(made, one, None, places)
            new += 1
        else:
            add_message(made, one, message.string, places, tuple(message.previous_id) if message.fuzzy else None)
    write_catalogue(made, path)
    return new, fuzzy, len(gone)


def find_edited(one: Id, gone: Mapping[Id, Message]) -> Id | None:
    """The sentence that is no more and is most alike: what this one was before an edit."""
    if is_key(one.context):
        return None
    texts = {other.text: other for other in gone if not is_key(other.context)}
    alike = difflib.get_close_matches(one.text, texts, n=1, cutoff=LEAST_ALIKE)
    return texts[alike[0]] if alike else None


def create_catalogue(language: str) -> Catalog:
    """An empty PO file."""
    from babel.messages.pofile import read_po

    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n'
    )
    return read_po(io.StringIO(header), locale=language)


def add_message(
    made: Catalog, one: Id, said: object, places: Iterable[str], previous: tuple[str, ...] | None = None
) -> None:
    """Put a message into a PO file; fuzzy where it was translated from another English, `previous`."""
    made.add(
        (one.text, one.other) if one.other else one.text,
        said,  # type: ignore[arg-type]
        locations=[(place, 0) for place in places if place],
        flags=[] if previous is None else ["fuzzy"],
        previous_id=previous or (),
        context=one.context or None,
    )


def write_catalogue(made: Catalog, path: Path) -> None:
    """Write a PO file, without line numbers and dates: it changes where a sentence does."""
    from babel.messages.pofile import write_po

    body = io.BytesIO()
    write_po(body, made, width=WIDE, omit_header=True, include_lineno=False, include_previous=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Project-Id-Version: caseledger 1\\n"\n"Language: {path.stem}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[path.stem]}\\n"\n\n'
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text(header + body.getvalue().decode("utf-8"), encoding="utf-8", newline="\n")


def list_domains() -> Iterator[tuple[Collected, Path]]:
    """What was collected, and the PO files that it belongs in."""
    workbench, widgets = collect_sentences(), collect_widgets(ROOT)
    for language in LANGUAGES[1:]:
        yield workbench, CATALOGUE / "po" / f"{language}.po"
        yield widgets, words.HERE / "po" / f"{language}.po"


def check_catalogues() -> int:
    """Say what is missing or wrong; 1 where anything is."""
    wrong: list[str] = []
    for found, path in list_domains():
        wrong += [*(one for one in found.refused if one not in wrong), *find_faults(found, path)]
        wrong += find_moved(found, path) if path.is_relative_to(words.HERE) else ()
    print("\n".join(wrong) if wrong else "every sentence is in every language")
    return 1 if wrong else 0


def update_all() -> int:
    """Write all PO files again."""
    for found, path in list_domains():
        new, fuzzy, gone = update_catalogue(found, path)
        print(f"{path.relative_to(ROOT)}: {len(found.found)} sentences, {new} new, {fuzzy} edited (fuzzy), {gone} gone")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = {"check": check_catalogues, "update": update_all}
    parser.add_argument("command", choices=commands)
    return commands[parser.parse_args(arguments).command]()


if __name__ == "__main__":
    sys.exit(main())

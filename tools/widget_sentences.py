"""Sentences of the widgets, from the syntax of their scripts, modules and templates.

    say("Fit chart")                       a sentence; in a script a long one stands between backticks, over several lines
    say.count("{n} row", "{n} rows", n)    one that counts
    say.word("Open", "verb")               one word, with what tells it from another
    say.term("relations", code)            a code of a list, whose English is in words/en/<list>.json

Babel's lexer reads the scripts. Each text is a literal in its call; nothing else is called `say` in them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from babel.messages.jslexer import Token, tokenize, unquote_string
from workbench_widgets import words

from workbench.model.catalogue import PLACE, list_names

TOGETHER = "a sentence is one literal: no name, no f-string, no conditional, no sum, no .format within the call"
FOLDER = Path("widgets", "workbench_widgets")
VOICE = re.compile(r"(?:^|\.)say(?:\.(count|word|term))?$")
CALL = re.compile(r"\bsay(?:\.(?:count|word|term))?\(")
COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//\s.*?$", re.DOTALL | re.MULTILINE)
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")


class Id(NamedTuple):
    """What tells a sentence from another in a PO file."""

    context: str
    text: str
    other: str = ""


@dataclass
class Collected:
    """Sentences in their order, with the files that have them, and calls of which none can be collected."""

    found: dict[Id, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def add(self, one: Id, place: str) -> None:
        """Add a sentence that stands in a file."""
        places = self.found.setdefault(one, [])
        if place not in places:
            places.append(place)


def check_call(text: str, other: str, context: str, names: Collection[str | None]) -> None:
    """Raise ValueError where a sentence has a name that its call has not, or is one word without a context."""
    lacking = list_names(text + other).difference(one for one in names if one)
    if lacking and None not in names:
        raise ValueError(f"{text!r} has {{{', '.join(sorted(lacking))}}}, which the call does not give")
    if "{" in PLACE.sub("", text + other):
        raise ValueError(f"{text!r}: only {{name}} stands for a value")
    if re.fullmatch(r"\w+\W*", text) and not (context or other):
        raise ValueError(f"{text!r} is one word: give it a context, as other languages have several words for it")


class Call(NamedTuple):
    """A call of `say`: how it says, its first two texts (None where one is no literal), the names that it gives."""

    how: str
    texts: tuple[str | None, ...]
    names: frozenset[str | None]
    line: int


def collect_widgets(root: Path) -> Collected:
    """Every text of the widgets: of their lists, scripts, modules and templates."""
    made = Collected()
    for path in sorted((root / FOLDER).rglob("*")):
        if {"static", "words"} & {*path.parts} or path.name.endswith(".test.js") or not path.is_file():
            continue
        read = {".js": read_script, ".py": read_module, ".html": read_template}.get(path.suffix)
        if read:
            collect_calls(read(path.read_text(encoding="utf-8")), path.relative_to(root).as_posix(), made)
    made.refused += find_unused_lists(made)
    return made


def collect_script(source: str, place: str, made: Collected) -> None:
    """The sentences of a script, and calls in it that the lexer does not reach."""
    collect_calls(read_script(source), place, made)


def collect_calls(calls: Iterator[Call], place: str, made: Collected) -> None:
    """Add the sentences of calls."""
    for call in calls:
        try:
            add_call(call, place, made)
        except ValueError as problem:
            made.refused.append(f"{place}:{call.line}: {problem}")


def add_call(call: Call, place: str, made: Collected) -> None:
    """Add the sentence of a call; of a list all of its words.

    Raises
    ------
    ValueError
        Of a call whose sentence cannot be collected.
    """
    one, other = (*call.texts, None, None)[:2]
    if one is None:
        raise ValueError(TOGETHER)
    if call.how == "term":
        add_list(one, other, place, made)
    elif call.how == "word":
        if not other:
            raise ValueError("the context is a literal")
        check_call(one, "", other, call.names)
        made.add(Id(other, one), place)
    elif call.how == "count":
        if not other:
            raise ValueError("what counts has the English of one and of several, both literal")
        check_call(one, other, "", {*call.names, "n"})
        made.add(Id("", one, other), place)
    else:
        check_call(one, "", "", call.names)
        made.add(Id("", one), place)


def add_list(group: str, code: str | None, place: str, made: Collected) -> None:
    """Add all words of a list."""
    if group not in words.LISTS:
        raise ValueError(f"words.LISTS has no list {group!r}")
    if code is not None and code not in words.load_list(group):
        raise ValueError(f"the list {group!r} has no {code!r}")
    for key, english in words.load_list(group).items():
        made.add(Id(f"{group}.{key}", english), place)


def find_unused_lists(made: Collected) -> Iterator[str]:
    """Lists that nobody says, and files of words that are no list."""
    said = {one.context.partition(".")[0] for one in made.found if "." in one.context}
    yield from (f"words/en/{name}.json is said nowhere" for name in words.LISTS if name not in said)
    files = {path.stem for path in (words.HERE / "en").glob("*.json")}
    yield from (f"words/en/{name}.json is not in words.LISTS" for name in sorted(files - words.LISTS.keys()))


# scripts ------------------------------------------------------------------------------------------------------------------


def read_script(source: str) -> Iterator[Call]:
    """The calls of a script; one that the lexer does not reach, as in a template within a template, as no literal."""
    found = [*read_tokens([*tokenize(source, jsx=False)])]
    yield from found
    plain = COMMENT.sub("", source)
    if len(found) != len(CALL.findall(plain)):
        yield Call("", (), frozenset(), 0)


def read_tokens(tokens: Sequence[Token]) -> Iterator[Call]:
    """The calls among some tokens, and within the places of templates."""
    tokens = [one for one in tokens if not one.type.endswith("comment")]
    for at, token in enumerate(tokens):
        if token.type == "template_string":
            for part, line in find_places(token):
                yield from read_tokens([*tokenize(part, jsx=False, lineno=line)])
        found = VOICE.search(token.value) if token.type == "name" else None
        if found and at + 1 < len(tokens) and tokens[at + 1].value == "(":
            given = split_arguments(tokens[at + 1 :])
            texts = tuple(read_literal(one) for one in given[:2])
            values = given[{"count": 3, "word": 2, "term": 2}.get(found[1], 1) :]
            names = frozenset(name for one in values for name in list_given(one))
            yield Call(found[1] or "", texts, names, token.lineno)


def find_places(token: Token) -> Iterator[tuple[str, int]]:
    """What stands in the `${}` of a template, with its line."""
    text, at = token.value, 0
    while (start := text.find("${", at)) >= 0:
        depth, at = 1, start + 2
        while depth and at < len(text):
            depth += (text[at] == "{") - (text[at] == "}")
            at += 1
        yield text[start + 2 : at - 1], token.lineno + text.count("\n", 0, start)


def split_arguments(tokens: Sequence[Token]) -> list[list[Token]]:
    """The arguments of a call whose bracket is the first token, each as its tokens."""
    given: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        bracket = token.value if token.type == "operator" else ""
        depth -= bracket in CLOSING
        if not depth and bracket in CLOSING:
            break
        if depth == 1 and bracket == ",":
            given.append([])
        elif depth:
            given[-1].append(token)
        depth += bracket in OPENING
    return [one for one in given if one]


def read_literal(tokens: Sequence[Token]) -> str | None:
    """The text of one literal, its line breaks as blanks; None of anything else."""
    if len(tokens) != 1 or tokens[0].type not in ("string", "template_string") or "${" in tokens[0].value:
        return None
    return re.sub(r"\s*\n\s*", " ", unquote_string(tokens[0].value))


def list_given(tokens: Sequence[Token]) -> Iterator[str | None]:
    """The names of an object with values; None where it is none, or takes more from another."""
    if not tokens or tokens[0].value != "{":
        yield None
        return
    depth, begins = 0, False
    for token in tokens:
        bracket = token.value if token.type == "operator" else ""
        if begins and token.type == "name":
            yield token.value
        elif begins and bracket == ".":
            yield None
        depth += (bracket in OPENING) - (bracket in CLOSING)
        begins = depth == 1 and bracket in ("{", ",")


# modules and templates ----------------------------------------------------------------------------------------------------


def read_module(source: str) -> Iterator[Call]:
    """The calls of a module, and the sentences that it refuses with."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        how = find_voice(call.func)
        if how is not None and not (how == "refuse" and not call.args):
            texts = tuple(read_constant(one) for one in call.args[:2])
            yield Call(how.replace("refuse", ""), texts, frozenset(one.arg for one in call.keywords), call.lineno)


def find_voice(node: ast.expr) -> str | None:
    """How something that is called says; None where it says nothing."""
    name, owner = getattr(node, "attr", getattr(node, "id", "")), getattr(node, "value", None)
    if name == "RefusedError":
        return "refuse"
    if name == "say" or is_translator(node):
        return ""
    heard = owner is not None and (getattr(owner, "attr", getattr(owner, "id", "")) == "say" or is_translator(owner))
    return str(name) if heard and name in ("count", "word", "term") else None


def is_translator(node: object) -> bool:
    """Whether something is `Translator(language)`, or `words.Translator(language)`."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "Translator"


def read_constant(node: ast.expr) -> str | None:
    """A literal text; None of anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def read_template(source: str) -> Iterator[Call]:
    """The calls of a page's template."""
    from jinja2 import Environment, nodes

    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        owner = call.node.node if isinstance(call.node, nodes.Getattr) else call.node
        if isinstance(owner, nodes.Name) and owner.name == "say":
            how = call.node.attr if isinstance(call.node, nodes.Getattr) else ""
            known = [one.value if isinstance(one, nodes.Const) else None for one in call.args[:2]]
            texts = tuple(one if isinstance(one, str) else None for one in known)
            yield Call(how, texts, frozenset(one.key for one in call.kwargs), call.lineno)

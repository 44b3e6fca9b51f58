"""What a script calls its functions: declarations, methods, members and what holds a function, without a parser of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME = r"([A-Za-z_$][\w$]*)"
DECLARATION = re.compile(rf"\bfunction\*? {NAME}\(")
HOLDER = re.compile(rf"\b(?:const|let) {NAME} = (?:/\*\*[^\n]*?\*/ )?(?:async )?(?=\(|[\w$]+ =>|function\b)")
METHOD = re.compile(rf"^ +(?:static )?(?:async )?(get |set )?\*?{NAME}(?=\()", re.MULTILINE)
MEMBER = re.compile(rf"(?<![\w$\"'.?]){NAME}\??(?:: | = )(?:async )?(?=\(|[\w$]+ =>|function\b)")
ASSIGNED = re.compile(rf"\bthis\.{NAME} = (?:async )?(?=\(|[\w$]+ =>|function\b)")
TYPED = re.compile(r"@(?:property|param) \{(?=\()")
"""A function that a comment types: a member of a type, or one that is handed over."""
TYPED_NAME = re.compile(rf"[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}} \[?{NAME}")
ARROW = re.compile(r"\s*=>")
BODY = re.compile(r"\s*\{")
CONTROL = frozenset(
    {"if", "for", "while", "switch", "catch", "function", "constructor", "return", "super", "import", "typeof", "await"}
)
TABLE = "@type {Record<"


@dataclass(frozen=True)
class Function:
    """A name of a function in a script; `kind` is function, member, getter or given."""

    line: int
    name: str
    kind: str


def list_functions(text: str) -> Iterator[Function]:
    """Every name of a function in a script. Keys of a table, which its type `Record` tells, are data and no names."""
    for kind, pattern in (("function", DECLARATION), ("function", HOLDER), ("member", ASSIGNED)):
        for match in pattern.finditer(text):
            if pattern is DECLARATION or _is_function(text, match.end()):
                yield Function(_count_line(text, match.start()), match[1], kind)
    for match in METHOD.finditer(text):
        end = _find_close(text, match.end())
        if match[2] not in CONTROL and end and BODY.match(text, end) and not _is_in_table(text, match.start(2)):
            yield Function(_count_line(text, match.start(2)), match[2], "getter" if match[1] else "member")
    for match in MEMBER.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        held = re.search(r"\b(?:const|let|this\.)\s*$", before)
        if not held and _is_function(text, match.end()) and not _is_in_table(text, match.start()):
            yield Function(_count_line(text, match.start()), match[1], "member")
    for match in TYPED.finditer(text):
        name = TYPED_NAME.match(text, match.end())
        if name and _is_function(text, match.end()):
            yield Function(_count_line(text, match.start()), name[1], "given")


def split_words(name: str) -> list[str]:
    """The words of a name in camel case, small."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def _count_line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _is_function(text: str, at: int) -> bool:
    """Tell whether an arrow function, or another, begins there."""
    if text[at] != "(":
        return True
    end = _find_close(text, at)
    return bool(end and ARROW.match(text, end))


def _find_close(text: str, at: int) -> int:
    """Where the bracket that opens at a place is closed, after it; 0 where it never is."""
    depth = 0
    for place in range(at, min(len(text), at + 4000)):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            depth -= 1
            if not depth:
                return place + 1
    return 0


def _is_in_table(text: str, at: int) -> bool:
    """Tell whether a member stands directly in an object whose type is `Record`: the line that opens it, or the one before, says so."""
    start = text.rfind("\n", 0, at) + 1
    indent = len(text[start:at]) - len(text[start:at].lstrip())
    while start:
        end, start = start - 1, text.rfind("\n", 0, start - 1) + 1
        line = text[start:end]
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            return TABLE in text[text.rfind("\n", 0, max(0, start - 1)) + 1 : end]
    return False

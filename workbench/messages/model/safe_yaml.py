"""YAML of other people, read safely: plain values only, no references, no key twice, nothing too long or too deep."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from workbench.errors import SchemaError
from workbench.model.catalogue import Sentence
from workbench.model.machine.atomic_write import read_bounded
from workbench.model.text.yaml_tokens import find_fault

LONGEST = 500_000
"""Characters of one file."""
PLAIN = {
    "bool": (r"(?:true|false)$", list("tf")),
    "null": (r"(?:null|~)$", list("n~")),
    "int": (r"-?(?:0|[1-9]\d{0,17})$", list("-0123456789")),
    "float": (r"-?\d{1,17}\.\d{1,17}$", list("-0123456789")),
}
"""Kind of value -> how it is written and with what it begins. All else is text."""


WIDEST = 4
"""Bytes of a character at most."""


def read_text(path: Path) -> str:
    """The text of a file; of one that is too long only as much as shows that it is.

    Raises
    ------
    OSError, UnicodeDecodeError
        If it cannot be read, or is no text.
    """
    return read_bounded(path, WIDEST * LONGEST + 1).decode("utf-8")


def parse_yaml(text: str, name: str) -> dict[Any, Any]:
    """The mapping in a YAML text. Dates stay text, and so do yes, no, on and off: NO is a country.

    Raises
    ------
    SchemaError
        If it is no such mapping; it says what and in which line.
    """
    import yaml

    if len(text) > LONGEST:
        raise SchemaError(Sentence("refused.yaml.long", name=name, count=len(text), most=LONGEST))
    try:
        if fault := find_fault(text):
            raise SchemaError(Sentence(f"refused.yaml.{fault}", name=name))
        data = yaml.load(text, Loader=_build_loader())  # noqa: S506 - a SafeLoader that reads less
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise SchemaError(Sentence("refused.yaml.unreadable", name=name, error=_describe_error(error))) from None
    except RecursionError:
        raise SchemaError(Sentence("refused.yaml.deep", name=name)) from None
    if not isinstance(data, dict):
        raise SchemaError(Sentence("{name} has no named entries. Begin with `pack: name`.", name=name))
    return data


def _describe_error(error: Exception) -> str:
    """What is wrong in a text: our own sentence, or what the reader of YAML says, in one line."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else " ".join(str(error).split())[:300]


def _build_loader() -> Any:  # noqa: ANN401
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc, unused-ignore]
        """Text, true, false, whole numbers, figures, null, lists and mappings."""

    Loader.yaml_implicit_resolvers = {}
    for kind, (pattern, first) in PLAIN.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(pattern), first)
    Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
    return Loader


def _construct_mapping(loader: Any, node: Any) -> dict[Any, Any]:  # noqa: ANN401
    import yaml

    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            line = str(key_node.start_mark.line + 1)
            raise yaml.YAMLError(Sentence("refused.yaml.twice", key=key, line=line))
        found[key] = loader.construct_object(value_node, deep=True)
    return found

"""What makes YAML of other people costly to read, found in its tokens before anything is made of it."""

from __future__ import annotations

DEEPEST = 50
"""Lists and mappings within each other."""
STARTS = ("SequenceStartToken", "MappingStartToken")
ENDS = ("SequenceEndToken", "MappingEndToken", "BlockEndToken")


def find_fault(text: str) -> str:
    r"""'references' where it refers to itself, which can grow without end; 'deep' where it nests too deep; '' otherwise.

    Raises
    ------
    yaml.YAMLError
        Where it is no YAML.

    >>> find_fault("a: [1, {b: 2}]"), find_fault("a: &x 1\nb: *x"), find_fault("[" * 1_000)
    ('', 'references', 'deep')
    """
    import yaml

    depth = 0
    for token in yaml.scan(text):
        word = type(token).__name__
        if word == "AliasToken":
            return "references"
        depth += word.endswith(STARTS) - word.endswith(ENDS)
        if depth > DEEPEST:
            return "deep"
    return ""

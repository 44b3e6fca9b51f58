"""Names of rows and entities: hashes of what they are, so that the same thing has the same name in every run."""

from __future__ import annotations

import hashlib
from pathlib import Path

LENGTH = 24
SEPARATOR = "\x1f"


def compute_digest(*parts: str) -> str:
    """24 hexadecimal digits of the SHA-256 of the parts. Parts are kept apart: ('ab', 'c') is not ('a', 'bc')."""
    joined = SEPARATOR.join(parts)
    if joined.count(SEPARATOR) >= max(len(parts), 1):
        joined = SEPARATOR.join(part.replace(SEPARATOR, 2 * SEPARATOR) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def build_entity_id(schema: str, *key: str) -> str:
    """Id of an entity: its schema in lower case and the digest of what identifies it ('person-4f…').

    What identifies it is the caller's choice and must be said there: for a number the E.164 form, for a name the
    normalised name and the scope in which one name means one person.
    """
    return f"{schema.lower()}-{compute_digest(schema, *key)}"


def compute_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits; read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

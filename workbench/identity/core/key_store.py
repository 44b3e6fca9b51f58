"""The identity home of a user: a folder per identity, the trust list, and how far lists of others had come.

::

    HOME/identities/ada-lind-5e8f3a91/card.json      the public card
                                      keys.age       private keys under the passphrase
                                      recovery.age   the same under the recovery key
    HOME/trust.json                                  bureaux that this user trusts, signed by this user
    HOME/seen.json                                   the latest sequence number seen of every signer of a trust list
    HOME/tables.key                                  by which derived tables are known as made by this user

Files are readable by their owner only, folders too; on Windows the user's folder is already so.
"""

from __future__ import annotations

import difflib
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from workbench.errors import IdentityError
from workbench.identity.core import canonical_json
from workbench.identity.core.card import LARGEST, Card
from workbench.identity.core.display import escape_invisible
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.machine.atomic_write import write_atomic

VARIABLE = "WORKBENCH_HOME"
"""Names another home: two homes are two bureaux on one machine."""
CARD, KEYS, RECOVERY = "card.json", "keys.age", "recovery.age"
LARGEST_KEYS = 1 << 18
TABLE_KEY, KEY_SIZE = "tables.key", 32
NEAR = 3
"""Near names that a message offers."""


def folder(home: Path | str | None = None) -> Path:
    """The home: the one given, else of WORKBENCH_HOME, else in the user's configuration."""
    from platformdirs import user_config_path

    given = home or os.environ.get(VARIABLE)
    return Path(given).expanduser().resolve() if given else user_config_path("caseledger", appauthor=False)


def place(name: str, home: Path | str | None = None) -> Path:
    """Folder of an identity; capitals and the way of composing letters make no other identity."""
    same = unicodedata.normalize("NFKC", name).casefold().strip()
    slug = re.sub(r"[^a-z0-9]+", "-", same).strip("-")[:40]
    return folder(home) / "identities" / f"{slug}-{compute_digest(same)[:8]}".lstrip("-")


def names(home: Path | str | None = None) -> list[str]:
    """Names of the identities in the home, sorted."""
    return sorted(card.name for card in cards(home))


def cards(home: Path | str | None = None) -> list[Card]:
    """Public cards of the identities in the home, by their folder; one that cannot be read is left out."""
    found = []
    for path in sorted((folder(home) / "identities").glob(f"*/{CARD}")):
        try:
            found.append(_read_card(path))
        except IdentityError:
            continue
    return found


def card(name: str, home: Path | str | None = None) -> Card:
    """Public card of an identity of this home; needs no passphrase.

    Raises
    ------
    IdentityError
        If there is none of that name (near names are offered), or it is damaged.
    """
    return _read_card(get_identity_folder(name, home) / CARD)


def get_identity_folder(name: str, home: Path | str | None = None) -> Path:
    """Folder of an identity that is there.

    Raises
    ------
    IdentityError
        If there is none of that name; near names are offered.
    """
    path = place(name, home)
    if path.is_dir():
        return path
    known = names(home)
    near = difflib.get_close_matches(name, known, NEAR, 0.5) or known[:NEAR]
    named = ", ".join(map(repr, near))
    advice = (
        Sentence("Did you mean {names}?", names=named)
        if near
        else Sentence("Create one: `workbench identity new NAME`.")
    )
    raise IdentityError(
        Sentence(
            "There is no identity '{name}' in {folder}. {advice}",
            name=escape_invisible(name),
            folder=folder(home),
            advice=advice,
        )
    )


def write_identity(name: str, files: Mapping[str, bytes], home: Path | str | None = None) -> None:
    """Put a new identity into the home, all of its files or none.

    Raises
    ------
    IdentityError
        If there is one of that name.
    """
    target = place(name, home)
    refuse_existing(name, home)
    create_private_folder(target.parent)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    for file, data in files.items():
        write_atomic(made / file, data, mode=0o600)
    try:
        made.rename(target)
    except OSError:
        for left in made.iterdir():
            left.unlink()
        made.rmdir()
        refuse_existing(name, home)
        raise


def refuse_existing(name: str, home: Path | str | None = None) -> None:
    """Raise IdentityError if the home has an identity of that name."""
    if place(name, home).exists():
        raise IdentityError(
            Sentence(
                "{folder} already has an identity '{name}'. Choose another name.",
                name=escape_invisible(name),
                folder=folder(home),
            )
        )


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file of the home, whole, readable by its owner only."""
    create_private_folder(path.parent)
    write_atomic(path, data, mode=0o600)


def load_table_key(home: Path | str | None = None) -> bytes:
    """The secret by which derived tables are known as made by this user; made when it is first asked for.

    Raises
    ------
    OSError, IdentityError
        If it cannot be read or made.
    """
    path = folder(home) / TABLE_KEY
    with suppress(FileNotFoundError):
        found = path.read_bytes()
        if len(found) == KEY_SIZE:
            return found
    replace_file(path, secrets.token_bytes(KEY_SIZE))
    return path.read_bytes()


def read_keys(path: Path) -> bytes:
    """A file of encrypted keys.

    Raises
    ------
    IdentityError
        If it cannot be read, or is too large to be one.
    """
    try:
        return canonical_json.read_bytes(path, "keys", largest=LARGEST_KEYS)
    except IdentityError as error:
        raise IdentityError(Sentence("{error} Restore the file from a backup.", error=error)) from error


def create_private_folder(path: Path) -> None:
    """Make a folder of the home, and those above it that are missing, so that only their owner enters."""
    try:
        for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        said = Sentence(
            "{path} cannot be created: {error}. Check the disk, or set `WORKBENCH_HOME` to another folder.",
            path=path,
            error=error.strerror or error,
        )
        raise IdentityError(said) from error


def _read_card(path: Path) -> Card:
    return Card.from_json(canonical_json.read_text(path, "card", largest=LARGEST))

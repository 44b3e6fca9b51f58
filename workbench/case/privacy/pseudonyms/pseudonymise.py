"""A pseudonymised copy of a case, for training: the same structure, nobody's names, and the key apart.

References
----------
Directive (EU) 2016/680, article 3(5) (pseudonymisation; what it makes remains personal data for whoever has the key), article 20.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.case.privacy.pseudonyms import key_file
from workbench.case.privacy.pseudonyms.copy_builder import SAID, CopyRequest, Remaking
from workbench.case.privacy.pseudonyms.key_file import KeyFile
from workbench.errors import CaseError
from workbench.ledger import Folder, Object
from workbench.ledger.erasure.tombstones import get_case_id
from workbench.ledger.records import disclosures
from workbench.ledger.records.disclosures import Disclosure
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = ".pseudonymising-"


@dataclass(frozen=True)
class Copy:
    """A pseudonymised copy.

    Attributes
    ----------
    folder, key : Path
        The new case, and the key apart.
    copied : DataFrame
        what, number: rows by table.
    left : DataFrame
        word, number, passage_id: words with a capital that stayed in texts, most frequent first, and a passage of the copy in
        which each stands. Names among them belong into `also`.
    """

    folder: Path
    key: Path
    copied: pd.DataFrame = field(repr=False)
    left: pd.DataFrame = field(repr=False)


def create_copy(context: CaseContext, wish: CopyRequest) -> Copy:
    """Make the copy and write its key; nothing is left of a failure or a cancelled one."""
    check_request(context, wish)
    held = key_file.prepare_key(wish.key, wish.passphrase, wish.to, context.ledger.identity)
    wish.folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=wish.folder.parent, prefix=HIDDEN))
    try:
        work = Remaking(context, held, wish, Folder(place))
        copied = work.make_copy()
        before = wish.key.read_bytes() if wish.key.exists() else None
        _record_disclosure(context, wish, work, compute_sha256(work.folder.ledger))
        held.write(context.ledger.identity)
        try:
            if wish.folder.is_dir():
                wish.folder.rmdir()
            place.replace(wish.folder)
        except BaseException:
            _put_back(wish.key, before)
            raise
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return Copy(wish.folder, wish.key, copied, work.list_remaining_words())


def _put_back(path: Path, before: bytes | None) -> None:
    path.unlink() if before is None else path.write_bytes(before)


def check_request(context: CaseContext, wish: CopyRequest) -> None:
    """Refuse what cannot be done well.

    Raises
    ------
    CaseError
        Without a reason; if the folder holds something or lies in the case, or the key would lie in either.
    """
    what = Object(SAID, wish.folder.name)
    if not wish.because.strip():
        raise context.ledger.refuse(
            "disclosure",
            what,
            Sentence("A copy needs a reason. Give the reason, for example: `because='course of October'`."),
        )
    if wish.folder.exists() and (not wish.folder.is_dir() or any(wish.folder.iterdir())):
        raise CaseError(
            Sentence("{folder} is not empty. Enter the path of a new or empty folder for the copy.", folder=wish.folder)
        )
    if context.folder.is_inside(wish.folder):
        raise CaseError(
            Sentence("The copy would be inside the case folder. Enter the path of a folder outside the case folder.")
        )
    for inside, where in (
        (wish.key.resolve().is_relative_to(wish.folder.resolve()), "copy"),
        (context.folder.is_inside(wish.key), "case"),
    ):
        if inside:
            raise CaseError(
                Sentence(
                    "The key file would be inside the folder of {where}. Keep the key file separate: "
                    "enter the path of a file in another folder.",
                    where=Sentence(f"refused.copy.place.{where}"),
                )
            )


def _record_disclosure(context: CaseContext, wish: CopyRequest, work: Remaking, sha256: str) -> None:
    out = Disclosure(
        "copy", "", wish.folder.name, sha256, work.mark, wish.because.strip(), SAID, work.counts["documents"]
    )
    disclosures.record_disclosure(context.ledger, out, work.told)


def resolve_token(context: CaseContext, held: KeyFile, token: str, because: str) -> pd.DataFrame:
    """What a token of a copy of this case stands for; logged.

    Raises
    ------
    CaseError
        Without a reason, or if no copy of this case was made with the key.
    """
    what = Object("pseudonym", query=token)
    if not because.strip():
        raise context.ledger.refuse(
            "consultation",
            what,
            Sentence(
                "You need a reason to see what a pseudonym replaces. Give the reason, for example: "
                "`because='exercise check'`."
            ),
        )
    if held.key.hash_case_id(get_case_id(context.ledger)) not in held.key.cases:
        raise CaseError(
            Sentence(
                "{name} is a key file for copies of another case. Use the key file for copies of this case.",
                name=held.path.name,
            )
        )
    context.ledger.record("consultation", what, {"key": held.path.name, "because": because.strip()})
    found = key_file.find_originals(held.key, token)
    found.attrs["mark"] = marks.format_mark(context)
    return found

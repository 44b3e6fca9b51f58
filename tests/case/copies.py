"""A pseudonymised copy of a case, made and opened as the tests of copies need it."""

from __future__ import annotations

from pathlib import Path

from workbench.case.case import Case, open_case
from workbench.case.privacy.pseudonyms.pseudonymise import Copy

PASSPHRASE = "correct horse battery staple"


def make_copy(case: Case, place: Path) -> Copy:
    """The copy for a course, below `place`; the case is closed."""
    made = case.subjects.pseudonymise(place / "copy", because="course", key=place / "k", passphrase=PASSPHRASE)
    case.close()
    return made


def open_copy(made: Copy) -> Case:
    """The copy as its readers open it."""
    return open_case(made.folder, officer="zed", purpose="training")

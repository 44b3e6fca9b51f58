"""Status of a person in a case: what the person is to it, never what the person is.

References
----------
INTERPOL's Rules on the Processing of Data, article 44 (a status is required; our encoding of the list); Directive (EU)
2016/680, article 6 (suspects, convicted persons, victims, others).
"""

from __future__ import annotations

from types import MappingProxyType

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

STATUS = MappingProxyType({
    "convicted": "convicted", "charged": "suspect", "suspect": "suspect", "wanted": "suspect", "possible_threat": "suspect",
    "witness": "witness", "victim": "victim", "missing": "other", "unidentified": "other", "deceased": "other",
    "sanctioned_un": "other", "associate_contact": "other", "unknown_role": "other",
})  # fmt: skip
"""Status -> class of data subject under article 6."""
UNSETTLED = "unknown_role"
"""Counts as no status: to be resolved before something goes out."""


def normalise_status(value: str) -> str:
    """A status in its fixed form.

    Raises
    ------
    CaseError
        If it is none; it names those that there are.
    """
    code = value.strip().casefold().replace(" ", "_")
    if code not in STATUS:
        raise CaseError(
            Sentence(
                "'{value}' is not a status of a person. Use one of these: {known}.",
                value=value,
                known=", ".join(STATUS),
            )
        )
    return code

"""case.desk.rules: the rules that messages are checked by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log
from workbench.case.desk.message_lookup import read_message
from workbench.case.desk.messages import message_rules, validation
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.messages import table
from workbench.messages.model.message import Correspondence
from workbench.messages.notices import is_public_notice

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Rules(Namespace):
    """Rules that messages are checked by: the shipped ones and your own."""

    PATH = "desk.rules"
    GROUPS = (
        ("See", "list"),
        ("Check", "check"),
        ("Add", "add"),
    )

    def list(self, *, language: str = "") -> pd.DataFrame:
        """List the rules that messages are checked by: those that come with the program, and those of the case.

        Columns: rule, for (message, notice, letter), severity, kind, basis, message, source, pack, version, own (bool).
        """
        return message_rules.list_rules(self._book, language or self._book.settings.language)

    def check(self, message: str | Correspondence, *, language: str = "") -> pd.DataFrame:
        """Check a message by the rules, and list what is wrong (`messages.table`).

        A notice from a public list is not a message to a bureau, so no issue is listed for it.
        """
        one = read_message(self._book, message) if isinstance(message, str) else message
        is_list = isinstance(message, str) and is_public_notice(one)
        found = [] if is_list else validation.find_faults(self._book, one)
        told = table(found, language or self._book.settings.language)
        return consultation_log.log_answer(self._book, "message check", told, one.our_ref)

    def add(self, path: str | Path, *, because: str) -> Path:
        """Add your own rules to the case, or the treaties that are in force.

        Returns where the file is now.

        Parameters
        ----------
        path : str or Path
            A rule pack as docs/messages.md describes it; or YAML with `treaties` (a list of {between: [XA, XB], name: …}) and
            `languages` (country -> those in which it accepts letters of request).

        Raises
        ------
        CaseError
            Without a reason, or where an example of a rule does otherwise than the rule says.
        SchemaError
            If it is written wrong; it says where.

        Notes
        -----
        The file is copied to `rules/` in the case folder, where it may be edited, and taken away again. It adds to the shipped rules
        and does not remove any of them.
        """
        return message_rules.adopt_rules(self._book, Path(path), because)

"""The verbs of a case about messages of bureaux: the desk, and a draft begun at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.case.exchanged import Exchanged
from workbench.case.verbs.error_translation import verbs

if TYPE_CHECKING:
    from workbench.case.desk import Desk
    from workbench.case.desk.drafts.draft import Draft


@verbs
class Corresponding(Exchanged):
    """Verbs of `Case`."""

    @property
    def desk(self) -> Desk:
        """The message desk: drafts, messages that came in and went out, threads, what waits for an answer (docs/messages.md)."""
        from workbench.case.desk import Desk
        from workbench.case.desk.widget import show

        return Desk(self.book, show)

    def draft(
        self, kind: str, *, to: Sequence[str] = (), about: Sequence[str] = (), reply_to: str = "", language: str = "",
        clearance: str = "", **fields: object,
    ) -> Draft:  # fmt: skip
        """Begin a message to other bureaux, filled with what you and they may see of whom it is about (`case.desk.draft`)."""
        return self.desk.draft(
            kind, to=to, about=about, reply_to=reply_to, language=language, clearance=clearance, **fields
        )

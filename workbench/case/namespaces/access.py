"""case.access: who may see what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import access_settings, clearances, controller, handling_codes
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Card


@wrap_verbs
class Access(Namespace):
    """Who may see what: clearances, trusted bureaux, the controller."""

    PATH = "access"
    GROUPS = (
        ("See", "list"),
        ("Change", "grant trust distrust hand_over confirm_settings"),
    )

    def grant(self, officer: str, level: str = "", *, role: str = "", country: str = "", because: str) -> None:
        """Grant another officer clearance up to a level; only the controller may, and never to himself or herself."""
        handling_codes.grant_clearance(
            self._book, officer, {"clearance": level, "role": role, "country": country}, because
        )

    def list(self) -> pd.DataFrame:
        """List clearances and other rights: officer, facet, value, granted_by, because, at.

        `.attrs['controller']` says who grants here, `.attrs['note']` whether that is known by a name only.
        """
        return handling_codes.list_clearances(self._book)

    def trust(self, bureau: str | Card, level: str = "", *, because: str) -> None:
        """Trust a bureau to vouch for its officers and to clear them up to a level.

        Give its card or its fingerprint ('SHA256:…').

        Only the controller does, and never for a bureau whose key is the controller's own.
        """
        controller.trust_bureau(self._book, bureau, level, because)
        clearances.set_access_filter(self._book)

    def distrust(self, bureau: str | Card, *, because: str) -> None:
        """Stop trusting a bureau; the clearances that it gave end.

        Only the controller may.
        """
        controller.distrust_bureau(self._book, bureau, because)
        clearances.set_access_filter(self._book)

    def hand_over(self, to: str | Card, *, because: str) -> None:
        """Make another officer the controller.

        By card: then only that key counts. Or by name. Only the controller may.
        """
        controller.hand_over(self._book, to, because)
        clearances.set_access_filter(self._book)

    def confirm_settings(self, *, because: str) -> None:
        """Confirm the levels and access rules in `case.toml` as they are now.

        Only the controller may; it is logged.

        These settings are bound to the log. Where somebody edits them in a case that has material, what is stricter counts until
        they are confirmed; opening the case says so, and `case.log.verify`.
        """
        access_settings.confirm_settings(self._book, because)

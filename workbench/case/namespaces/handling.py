"""case.handling: marks on material, and what they hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.case.access import clearances, consultation_log, handling_codes
from workbench.case.access.handling_codes import What
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Handling(Namespace):
    """Marks on material: level, TLP, handling codes, and what they hide."""

    PATH = "handling"
    GROUPS = (
        ("See", "marks withheld"),
        ("Change", "mark unmark permit reveal"),
    )

    def mark(  # noqa: PLR0913 - a verb's options are keywords
        self, what: What, *, level: str = "", tlp: str = "", handling: Sequence[str] = (), conditions: Sequence[str] = (),
        barred: Sequence[str] = (), channel: str = "", purpose: str = "", special: Sequence[str] = (), because: str = "",
    ) -> pd.DataFrame:  # fmt: skip
        """Raise the mark of material: level, TLP, handling codes, countries.

        It takes effect at once, for everybody, and for everything made from the material.

        Parameters
        ----------
        what : str, sequence of str, or DataFrame
            A source or entity by name, an id, or rows that a verb gave.
        level, tlp : str
            Level of the case's scheme; TLP label. They only rise; the controller lowers them with `unmark`.
        handling, conditions : sequence of str
            Codes H0 to H3; conditions of use in words (H3 needs them).
        barred : sequence of str
            Countries with no access, ISO 3166-1 alpha-2.
        channel : str
            'INTERPOL' for its traffic.
        purpose : str
            The only purpose for which it may be used.
        special : sequence of str
            Categories that are hidden until they are revealed: 'minors', 'health', ...

        Returns
        -------
        DataFrame
            kind, id, said, mark, shown ('shown', or why it is hidden from you now).
        """
        said = handling_codes.Handling(level, tlp, handling, conditions, barred, channel, purpose, special)
        return handling_codes.mark_material(self._book, what, said, because)

    def unmark(self, what: What, *, because: str) -> pd.DataFrame:
        """Remove marks from material; only the controller may, with the source's permission as the reason."""
        return handling_codes.remove_marks(self._book, what, because)

    def marks(self) -> pd.DataFrame:
        """List all marks: kind, id, facet, value (list), officer, because, at."""
        return consultation_log.log_answer(self._book, "marks", handling_codes.build_mark_table(self._book))

    def permit(self, what: What, covers: str = "H1", *, by: str, because: str) -> pd.DataFrame:
        """Record that the provider allows what a mark forbids: 'H1' in court, 'H2' or 'TLP' to another service.

        The controller does, or an officer for whom the bureau vouches from whose package the source came.
        """
        return handling_codes.record_permission(self._book, what, covers, by, because)

    def reveal(self, category: str, *, because: str = "") -> pd.DataFrame:
        """Show a hidden category ('minors', 'special categories', ...), once per case, with a reason.

        Returns what stays hidden.

        A second time nothing is asked: it is logged as a consultation.
        """
        return handling_codes.reveal_category(self._book, category, because)

    def withheld(
        self, *, to: str = "", clearance: str = "", country: str = "", judicial: bool | None = None
    ) -> pd.DataFrame:
        """Show how much is hidden from you, and why; never what it says.

        With `to` (and what else is said of an addressee in `report`): how much of what you see a product for them leaves out.
        `.attrs['reader']` says what was understood of the addressee, `.attrs['say']` what to say so that less is left out.
        """
        if not to:
            return handling_codes.count_withheld(self._book, remarked=True)
        reader = clearances.build_addressee(self._book, to, clearance=clearance, nation=country, judicial=judicial)
        return handling_codes.preview_product(self._book, reader)

"""The verbs of a case about handling: mark, grade, grant, permit, reveal, classify."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from workbench.case.access import access_settings, clearances, consultation_log, controller, grade_tables
from workbench.case.access import handling_codes as handling
from workbench.case.access.handling_codes import Handling, What
from workbench.case.received import Received
from workbench.case.verbs.error_translation import verbs

if TYPE_CHECKING:
    import pandas as pd

    from workbench.identity import Card


@verbs
class Handled(Received):
    """Verbs of `Case`."""

    def mark(  # noqa: PLR0913 - a verb's options are keywords
        self, what: What, *, level: str = "", tlp: str = "", handling: Sequence[str] = (), conditions: Sequence[str] = (),
        barred: Sequence[str] = (), channel: str = "", purpose: str = "", special: Sequence[str] = (), because: str = "",
    ) -> pd.DataFrame:  # fmt: skip
        """Raise the mark of material. It holds at once, for everybody, and for all that is made of the material.

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
        said = Handling(level, tlp, handling, conditions, barred, channel, purpose, special)
        return _verbs.mark(self.book, what, said, because)

    def unmark(self, what: What, *, because: str) -> pd.DataFrame:
        """Take the marks of material back: the controller, with the source's permission as the reason."""
        return _verbs.unmark(self.book, what, because)

    def marks(self) -> pd.DataFrame:
        """What is said of material: kind, id, facet, value (list), officer, because, at."""
        return consultation_log.told(self.book, "marks", _verbs.table(self.book))

    def grade(
        self, what: What, code: str = "", *, scale: str = "4x4", nature: str = "", because: str = ""
    ) -> pd.DataFrame:
        """Grade material on the scale on which it came ('4x4', '5x5x5', '3x5x2', 'admiralty'); `nature`: fact or assessment.

        An entity's grade does not exist: sources and what they say are graded, never a person.
        """
        return _verbs.graded(self.book, what, code, scale, nature, because)

    def grades(self, scale: str = "") -> pd.DataFrame:
        """Grades of sources and of what they say, each on the scale on which it came and, for show, on another (GRADES).

        A conversion loses something: it stands behind '≈', and `lossy` says so. `case.report(…, scale=…)` shows both as well;
        what is exported and packed keeps the grade as it came.

        Returns
        -------
        DataFrame
            kind, id, what, grade, words, shown, lossy (bool), officer, because, at, mark.
        """
        return consultation_log.told(self.book, "grades", grade_tables.table(self.book, scale), scale=scale)

    def clear(self, officer: str, level: str = "", *, role: str = "", country: str = "", because: str) -> None:
        """Grant another officer clearance up to a level. Only the controller does, and never to himself."""
        _verbs.clear(self.book, officer, {"clearance": level, "role": role, "country": country}, because)

    def trust(self, bureau: str | Card, level: str = "", *, because: str) -> None:
        """Trust a bureau (its card or its fingerprint, 'SHA256:…') to vouch for officers, and to clear them up to a level.

        Only the controller does, and never for a bureau whose key is the controller's own.
        """
        controller.trust(self.book, bureau, level, because)
        clearances.admit(self.book)

    def distrust(self, bureau: str | Card, *, because: str) -> None:
        """Take the trust in a bureau back, and with it the clearances that it gave. Only the controller does."""
        controller.distrust(self.book, bureau, because)
        clearances.admit(self.book)

    def hand_over(self, to: str | Card, *, because: str) -> None:
        """Make another officer the controller: by card, then by that key alone, or by name. Only the controller does."""
        controller.hand_over(self.book, to, because)
        clearances.admit(self.book)

    def confirm_settings(self, *, because: str) -> None:
        """Let what `case.toml` says of levels and access count as it stands now. Only the controller does; it is logged.

        These settings are bound to the log. Where somebody edits them in a case that has material, what is stricter counts until
        they are confirmed; opening the case says so, and `verify`.
        """
        access_settings.confirm(self.book, because)

    def clearances(self) -> pd.DataFrame:
        """What was granted to officers, bureaux and the controller: officer, facet, value, granted_by, because, at.

        `.attrs['controller']` says who grants here, `.attrs['note']` whether that is known by a name only.
        """
        return _verbs.clearances(self.book)

    def permit(self, what: What, covers: str = "H1", *, by: str, because: str) -> pd.DataFrame:
        """Record that the provider of material allows what its mark forbids: 'H1' in court, 'H2' or 'TLP' to another service.

        The controller does, or an officer for whom the bureau vouches from whose package the source came.
        """
        return _verbs.permit(self.book, what, covers, by, because)

    def reveal(self, category: str, *, because: str = "") -> pd.DataFrame:
        """Show a category that is hidden ('minors', 'special categories', ...), once a case, with a reason; what stays hidden.

        A second time nothing is asked: it is logged as a consultation.
        """
        return _verbs.reveal(self.book, category, because)

    def withheld(
        self, *, to: str = "", clearance: str = "", country: str = "", judicial: bool | None = None
    ) -> pd.DataFrame:
        """How much you do not see, and why: why, items. Nothing of its content.

        With `to` (and what else is said of an addressee in `report`): how much of what you see a product for them leaves out.
        `.attrs['reader']` says what was understood of the addressee, `.attrs['say']` what to say so that less is left out.
        """
        if not to:
            return _verbs.withheld(self.book, remarked=True)
        reader = clearances.addressee(self.book, to, clearance=clearance, nation=country, judicial=judicial)
        return _verbs.preview(self.book, reader)

    def classify(self, persons: str | Iterable[str], status: str, *, because: str) -> int:
        """Say what persons are to the case, in bulk: suspect, victim, witness, ...; number of persons.

        Needed for persons who go into a product, not for everybody in the material.
        """
        return _verbs.classify(self.book, [persons] if isinstance(persons, str) else persons, status, because)


_verbs = handling
"""`handling` is also the name of a parameter."""

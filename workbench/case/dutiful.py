"""The verbs of a case about duties: review and hold, restriction, access, correction, erasure, and copies without names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.access.handling_codes import What
from workbench.case.handled import Handled
from workbench.case.privacy import erasure, retention
from workbench.case.verbs.error_translation import verbs
from workbench.ledger.records import disclosures

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.privacy.pseudonyms.pseudonymise import Copy
    from workbench.identity import Card


@verbs
class Dutiful(Handled):
    """Verbs of `Case`."""

    def reviews(self, within: int = 180) -> pd.DataFrame:
        """Sources whose review is due within so many days, the most urgent first, and those on hold or restricted.

        Material is reviewed `[retention] years` after it came, or on the date that `retain` sets. Once the day is past it shows
        to nobody but the controller, who retains it with a reason or erases it.

        Returns
        -------
        DataFrame
            name, source, received_at, due, days (int, negative once past), state (due, past, on hold, restricted), because.
        """
        return consultation_log.told(
            self.book, "reviews", marks.stamped(self.book, retention.review_list(self.book, within))
        )

    def retain(self, what: What, *, until: str, because: str) -> pd.DataFrame:
        """Set the date of the next review ('2027-05-03'), at most five years ahead. Only the controller does."""
        return retention.retain(self.book, what, until, because)

    def hold(self, what: What, *, because: str) -> pd.DataFrame:
        """Put a legal hold on material: nothing of it can be erased until the controller releases it."""
        return retention.hold(self.book, what, because)

    def restrict(self, what: What, *, because: str) -> pd.DataFrame:
        """Restrict the processing of material: it is kept as evidence and shows to the controller only."""
        return retention.restrict(self.book, what, because)

    def release(self, what: What, *, because: str) -> pd.DataFrame:
        """Take a hold or a restriction back. Only the controller does."""
        return retention.release(self.book, what, because)

    def disclosures(self) -> pd.DataFrame:
        """What went out: disclosure_id, kind, recipient, name, sha256, mark (its own), officer, because, at, told (number of things)."""
        found = disclosures.frame(self.book.ledger)
        found.attrs["mark"] = marks.label(self.book)
        return consultation_log.told(self.book, "disclosures", found)

    def subject_access(self, name: str) -> pd.DataFrame:
        """All that the case holds on a person, section by section, each row with its source and mark.

        Claims of sources and officers, suggestions, numbers and accounts with their calls, payments and positions while the person
        held them, links, texts, notes, judgements, decisions, disclosures, and who has consulted it. `.attrs['about']` has what
        article 14 of Directive (EU) 2016/680 asks for beside it: purpose, ground, categories, recipients, time limits, origin;
        `.attrs['unjudged']` others of the same name of which nobody has judged whether they are the same: judge them first.

        What you may not see is not in it: who answers the person must be cleared for all of it. Of consultations you see your own;
        as the controller, of others' when they were; as an auditor, all.

        Returns
        -------
        DataFrame
            section, schema, property, value, said_by, source, place, text, at, grade, purpose, review, method, confidence, because,
            mark, ref (names the row), withheld ('' undecided, 'given', or the ground).
        """
        from workbench.case.privacy import subject_access

        return consultation_log.told(self.book, "access of the person", subject_access.extract(self.book, name), name)

    def withhold_access(
        self, name: str, rows: pd.DataFrame, *, ground: str, because: str, tell: bool = True
    ) -> pd.DataFrame:
        """Decide that a person does not get rows of the own data, or gets them in spite of their mark. Only the controller does.

        Parameters
        ----------
        name : str
            The person.
        rows : DataFrame
            Rows of `subject_access`.
        ground : str
            Of article 15(1): 'inquiry', 'crime', 'public security', 'national security', 'others'. 'given': the person gets them
            although they are marked. '' takes a decision back.
        because : str
            The facts or law on which it rests; stands in the log, for the supervisory authority (article 15(4)).
        tell : bool
            Whether the answer says that something is withheld, and on which ground.

        Returns
        -------
        DataFrame
            The rows, as in `subject_access`, as they are decided now.
        """
        from workbench.case.privacy import subject_access

        return subject_access.withhold(self.book, name, rows, (ground, tell), because)

    def access_extract(
        self, name: str, path: str | Path, *, to: str = "", because: str = "", language: str = ""
    ) -> Path:
        """Write what the case holds on a person as a page: the controller's, or with `to` the one to hand over. Logged as disclosure.

        In the one to hand over nothing stands that is withheld, no officer's name, and other people's names, numbers and addresses
        are blacked out: what the case knows of others, and whatever is written like a name or a long number. Read it before it
        goes. It is refused while rows are marked above the case's lowest mark and `withhold_access` has not decided on them.

        Parameters
        ----------
        name : str
            The person.
        path : str or Path
            Ends in .html; a bare name goes into the case's reports/ folder.
        to : str
            To whom it is handed over (the person, their lawyer); '' the controller's own. Only the controller hands over.
        because : str
            Reason; the session's if not given.
        language : {'en', 'fr', 'es', 'ar'}, optional
            One that the person understands (article 12); that of the case if not given.
        """
        from workbench.case.privacy import subject_access

        return subject_access.write(self.book.speaking(language), name, Path(path), to, because)

    def correction_notice(self, name: str, *, because: str = "") -> pd.DataFrame:
        """Everybody to whom data on a person went out before it was corrected, with the wrong and the right value.

        Returns
        -------
        DataFrame
            recipient, kind, name, at, officer, mark, sha256, wrong, right, because: one row per recipient and correction.
        """
        return consultation_log.told(
            self.book, "correction notice", retention.correction_notice(self.book, name, because), name
        )

    def erase(self, what: What, *, because: str, sure: bool = False) -> pd.DataFrame:
        """Erase a source, a document, a passage, an entity or a note for good: the controller, with a reason.

        Without `sure=True` nothing is erased and the table tells what would go. It goes from the ledger, the index of words, the
        vectors, mass rows and products in the case; a file that holds other things too is written anew without it. What stays is
        a tombstone: that something was erased, by whom, when and why. What was sent out is listed and cannot be called back.

        Parameters
        ----------
        what : str, sequence of str, or DataFrame
            A source or an entity by name, an id, or rows that a verb gave. An entity goes with its names and numbers in all texts.
        because : str
            Reason; it must not name what is erased.
        sure : bool
            Erase it; there is no way back.

        Returns
        -------
        DataFrame
            what, number, note: rows by kind, files, products, what was sent. `.attrs['tombstone']` is the id of the tombstone;
            `.attrs['open']` says what is left to do, '' if nothing is.
        """
        return erasure.erase(self.book, what, because, sure=sure)

    def erased(self) -> pd.DataFrame:
        """What was erased, never its content: tombstone_id, kind, officer, reason, at, rows, counts, sent, state."""
        return marks.stamped_whole(self.book, erasure.table(self.book))

    def pseudonymised(  # noqa: PLR0913 - a verb's options are keywords
        self, folder: str | Path, *, because: str, key: str | Path, passphrase: str = "", to: Sequence[Card] = (),
        also: Sequence[str] = (), title: str = "",
    ) -> Copy:  # fmt: skip
        """Make a copy for training in which names, numbers, accounts and addresses are replaced by tokens; logged as a disclosure.

        The copy is a case of its own with the same structure, marks, grades and counts. Received files are not in it, but their
        text; nor is what you may not see, what is set aside or erased. The key that gives originals back is a file apart
        (docs/erasure.md: pseudonymised is not anonymous).

        Parameters
        ----------
        folder : str or Path
            Of the copy: empty, or not there yet, outside this case.
        because : str
            Reason.
        key : str or Path
            File of the key, outside both cases. One that exists is taken up: the same person has the same token in both copies.
        passphrase : str
            Of the key, at least twelve characters; asked for, unseen, if not given and `to` names nobody.
        to : sequence of Card
            Officers who can open the key with their own keys.
        also : sequence of str
            Names that the case does not know; `left` of an earlier copy lists words to choose from.
        title : str
            Of the copy; the title of the case with its names replaced if not given.

        Returns
        -------
        Copy
            folder, key, copied (what, number), left (word, number, passage_id): words with a capital that stayed.
        """
        from workbench.case.privacy.pseudonyms import copy_builder, pseudonymise

        wish = copy_builder.Wish(Path(folder), Path(key), because, passphrase, to, also, title)
        return pseudonymise.make(self.book, wish)

    def reidentify(self, key: str | Path, token: str, *, because: str, passphrase: str = "") -> pd.DataFrame:
        """What a token in a pseudonymised copy of this case stands for: token, original, kind; logged as a consultation.

        The key opens by its passphrase, or by your own key if it was sealed to your card.
        """
        from workbench.case.privacy.pseudonyms import key_file, pseudonymise

        held = key_file.opened(Path(key), passphrase, self.book.ledger.identity)
        return pseudonymise.told_in(self.book, held, token, because)

    def forms(self, folder: str | Path, *, language: str = "") -> list[Path]:
        """Write the impact assessment and the record of processing, filled from the case, for an officer to complete.

        `language` is 'en', 'fr', 'es' or 'ar'; that of the case if not given.
        """
        return retention.write_forms(self.book, Path(folder), language)

"""case.subjects: the rights of the persons in a case, and copies without their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log
from workbench.case.guide.namespace import Namespace
from workbench.case.privacy import retention
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.privacy.pseudonyms.pseudonymise import Copy
    from workbench.identity import Card


@wrap_verbs
class Subjects(Namespace):
    """Rights of data subjects: access, correction, and copies of the case without names."""

    PATH = "subjects"
    GROUPS = (
        ("Access", "records withhold extract"),
        ("Correct", "correction_notice"),
        ("Without names", "pseudonymise reidentify"),
    )

    def records(self, name: str) -> pd.DataFrame:
        """List everything that the case holds about a person, by section, each row with its source and mark.

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

        return consultation_log.log_answer(
            self._book, "access of the person", subject_access.build_extract(self._book, name), name
        )

    def extract(self, name: str, path: str | Path, *, to: str = "", because: str = "", language: str = "") -> Path:
        """Write everything that the case holds about a person as a page, for the controller or (`to`) to hand over.

        Only the controller may. It is logged as a disclosure.

        In the one to hand over nothing stands that is withheld, no officer's name, and other people's names, numbers and addresses
        are blacked out: what the case knows of others, and whatever is written like a name or a long number. Read it before it
        goes. It is refused while rows are marked above the case's lowest mark and `withhold` has not decided on them.

        Parameters
        ----------
        name : str
            The person.
        path : str or Path
            Ends in .html; a bare name goes into the case's reports/ folder.
        to : str
            To whom it is handed over (the person, their lawyer); '' the controller's own.
        because : str
            Reason; the session's if not given.
        language : {'en', 'fr', 'es', 'ar'}, optional
            One that the person understands (article 12); that of the case if not given.
        """
        from workbench.case.privacy import subject_access

        return subject_access.write_extract(self._book.to_language(language), name, Path(path), to, because)

    def withhold(self, name: str, rows: pd.DataFrame, *, ground: str, because: str, tell: bool = True) -> pd.DataFrame:
        """Decide that a person does not receive certain rows, or receives them although they are marked.

        Only the controller may.

        Parameters
        ----------
        name : str
            The person.
        rows : DataFrame
            Rows of `records`.
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
            The rows, as in `records`, as they are decided now.
        """
        from workbench.case.privacy import subject_access

        return subject_access.withhold_rows(self._book, name, rows, (ground, tell), because)

    def correction_notice(self, name: str, *, because: str = "") -> pd.DataFrame:
        """List everybody who received wrong data about a person, with the wrong and the right value.

        Returns
        -------
        DataFrame
            recipient, kind, name, at, officer, mark, sha256, wrong, right, because: one row per recipient and correction.
        """
        return consultation_log.log_answer(
            self._book, "correction notice", retention.build_correction_notice(self._book, name, because), name
        )

    def pseudonymise(  # noqa: PLR0913 - a verb's options are keywords
        self, folder: str | Path, *, because: str, key: str | Path, passphrase: str = "", to: Sequence[Card] = (),
        also: Sequence[str] = (), title: str = "",
    ) -> Copy:  # fmt: skip
        """Copy the case for training, with names, numbers, accounts and addresses replaced by tokens.

        It is logged as a disclosure.

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
            It is refused if somebody has changed who can open it.
        passphrase : str
            Of the key, at least twelve characters; asked for, unseen, if not given and `to` names nobody.
        to : sequence of Card
            Officers who can open the key with their own keys; they are added to those of a key that exists.
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

        wish = copy_builder.CopyRequest(Path(folder), Path(key), because, passphrase, to, also, title)
        return pseudonymise.create_copy(self._book, wish)

    def reidentify(self, key: str | Path, token: str, *, because: str, passphrase: str = "") -> pd.DataFrame:
        """Look up the original of a token in a pseudonymised copy: token, original, kind.

        It is logged as a consultation.

        The key opens by its passphrase, or by your own key if it was sealed to your card.
        """
        from workbench.case.privacy.pseudonyms import key_file, pseudonymise

        held = key_file.open_key(Path(key), passphrase, self._book.ledger.identity)
        return pseudonymise.resolve_token(self._book, held, token, because)

"""case.packages: the exchange with other bureaux."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.case.access import consultation_log
from workbench.case.guide.namespace import Namespace
from workbench.case.packages import package_export, transport
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.packages.preview import PackagePreview
    from workbench.exchange.receipt import ReceiptCheck
    from workbench.identity import Card, TrustList


@wrap_verbs
class Packages(Namespace):
    """Signed and sealed packages for other bureaux, and those that came from them."""

    PATH = "packages"
    GROUPS = (
        ("See", "list inbox"),
        ("Send", "pack send"),
        ("Receive", "acknowledge check_receipt"),
    )

    def pack(  # noqa: PLR0913 - a verb's options are keywords
        self, *, to: Sequence[Card | str | Path], reason: str, what: str | Sequence[str] = "everything", report: bool = False,
        valid_until: str = "", clearance: str = "", country: str = "", judicial: bool | None = None, unknown_addressee: str = "",
        trust: TrustList | None = None,
    ) -> Path:  # fmt: skip
        """Create a package for other bureaux: signed, sealed to each addressee, in the outbox/ of the case.

        It is logged as a disclosure.

        In it is what the officer who works *and* every addressee may see, with the sources, rows, grades and decisions; what was
        withheld is counted. An original file goes along only where nothing of it is withheld.

        Parameters
        ----------
        to : sequence of Card, str or Path
            Cards of the addressees, or the files in which they are.
        reason : str
            Why it is sent.
        what : str or sequence of str
            'everything', or names of sources.
        report : bool
            With a report on what is sent.
        valid_until : str
            The day until which it may be used ('2027-12-31'), '' without end.
        clearance, country : str
            Level that the addressees may see, and their country, where no trusted bureau says it on their cards. Without a country
            what is closed to some country is left out.
        judicial : bool, optional
            Whether the addressees are of judicial proceedings; the words on their cards tell it if not given, and where they do not,
            H1 material needs permission.
        unknown_addressee : str
            Why it is sealed to addressees for whom no bureau of the trust list vouches; stands in the log. '' refuses them.
            Cards that are expired, not valid yet or changed are always refused.
        trust : TrustList, optional
            Whom this user trusts; by default the own list.

        Returns
        -------
        Path
            The sealed file.
        """
        wish = package_export.PackageRequest(
            reason, what, report, valid_until, clearance, country, judicial, unknown_addressee
        )
        return transport.create_package(self._book, to, wish, trust)

    def send(self, package: str | Path, to_folder: str | Path) -> Path:
        """Copy a package or a receipt to a folder that another bureau reads (its inbox/, a shared folder, a USB stick)."""
        return transport.send_package(self._book, Path(package), Path(to_folder))

    def inbox(self) -> pd.DataFrame:
        """List packages in the inbox/ of the case.

        Columns: name, size, received, state ('' not imported yet), title, receipts, path. `workbench.open_package` opens one.
        """
        return transport.list_inbox(self._book)

    def acknowledge(self, package: PackagePreview, *, note: str = "") -> Path:
        """Sign a receipt for a package, and save it beside the package.

        It says what arrived and in which state, and counter-signs the head of the sender's log.

        Send it back with `case.packages.send(receipt, …)`.
        """
        return transport.acknowledge_package(self._book, package, note)

    def check_receipt(self, path: str | Path, *, trust: TrustList | None = None) -> ReceiptCheck:
        """Check a receipt that came back, and keep it.

        The addressee's counter-signature is added to the log of the case.
        """
        return transport.record_receipt(self._book, Path(path), trust)

    def list(self) -> pd.DataFrame:
        """List packages sent and imported, oldest first.

        So you know whom to inform when something in one is wrong or erased.
        """
        return consultation_log.log_answer(self._book, "packages", transport.list_packages(self._book))

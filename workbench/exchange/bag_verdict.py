"""What an unpacked bag is worth to a reader: whether it is as it was signed, meant for them, in time, and whose word it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from workbench.errors import PackageError
from workbench.exchange import bag, package_header
from workbench.exchange.archive import LIMITS, Limits
from workbench.exchange.file_digests import FileDigests
from workbench.exchange.package import MANIFEST
from workbench.exchange.package_header import Cover, Header
from workbench.identity import Officer, Standing, TrustList
from workbench.identity.core.timestamps import FORM
from workbench.model.catalogue import Sentence, join_sentences
from workbench.model.machine.archive_safety import clean_name

VALID = "VALID"
NOT_TRUSTED = "VALID, ISSUER NOT TRUSTED"
EXPIRED = "EXPIRED"
TAMPERED = "TAMPERED"
CLOSED = "DAMAGED OR NOT FOR YOU"
UNSIGNED = "UNSIGNED"
STATES = (VALID, NOT_TRUSTED, EXPIRED, TAMPERED, CLOSED, UNSIGNED)
READABLE = frozenset((VALID, NOT_TRUSTED))
"""States in which there is something to read: every byte is the sender's, it is for this reader, and its time has not passed."""

THE_ARCHIVE = "the archive"
OVERHEAD = 64 * 1024**2
"""Bytes by which a sealed file may be larger than what is in it."""
LARGEST = LIMITS.total + OVERHEAD
"""Bytes of a sealed file at most: more is told by its size, and not read."""
SHOWN = 10
TRUTH, SOURCES = "package.truth", "package.sources"
"""Keys of what is never checked: the truth of what is said, and what is inside."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a package.

    Attributes
    ----------
    state : str
        One of STATES.
    said : tuple of str
        Sentences: why.
    not_checked : tuple of str
        What nobody looked at.
    faults : tuple of str
        Files that are not as they were signed; `THE_ARCHIVE` where no file can be named.
    header : Header or None
        What the sender says; in the states TAMPERED and UNSIGNED nobody's word, and None.
    """

    state: str
    said: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    header: Header | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, whom they trust, for which moment, and what they take."""

    officer: Officer
    trust: TrustList
    at: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class UnpackedBag:
    """What was unpacked: the folder of the bag and its name, sums by path below it, and what lies beside it."""

    folder: Path
    base: str
    files: Mapping[str, FileDigests]
    beside: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """Bytes of a file of the bag."""
        return (self.folder / name).read_bytes()

    def get_sha256(self, name: str) -> str:
        """Of a file of the bag; '' if it is not there."""
        return self.files[name].sha256 if name in self.files else ""


def find_base(files: Mapping[str, FileDigests]) -> tuple[str, dict[str, FileDigests], tuple[str, ...]]:
    """The folder of the bag, sums by path below it, and the paths that lie beside it."""
    tops = [
        name.removesuffix(f"/{package_header.NAME}")
        for name in files
        if name.count("/") == 1 and name.endswith(f"/{package_header.NAME}")
    ]
    if len(tops) != 1:
        return "", dict(files), ()
    inside = f"{tops[0]}/"
    found = {name.removeprefix(inside): sums for name, sums in files.items() if name.startswith(inside)}
    return tops[0], found, tuple(name for name in files if not name.startswith(inside))


def judge_bag(made: UnpackedBag, reader: Reader) -> Verdict:
    """What is in the package: untouched, signed, for this reader, in time, by whom."""
    if package_header.NAME not in made.files or package_header.SIGNATURE not in made.files:
        return _judge_unsigned(made.files)
    faults = set(bag.find_faults(made.files, made.read, (package_header.NAME, package_header.SIGNATURE)))
    faults |= {bag.Fault(name, "added") for name in made.beside}
    try:
        data = made.read(package_header.NAME) if made.files[package_header.NAME].size <= package_header.LARGEST else b""
        told = package_header.parse_header(data)
    except PackageError as error:
        return _judge_tampered({*faults, bag.Fault(package_header.NAME, "damaged")}, error.sentence)
    standing = reader.trust.assess_card(told.sender, reader.at)
    faults |= _find_header_faults(made, told, data, bad=standing.state == "bad")
    if faults:
        return _judge_tampered(faults, *(standing.said if standing.state == "bad" else ()))
    return _judge_signed(told, standing, len(made.files), reader)


def _find_header_faults(made: UnpackedBag, told: Header, data: bytes, *, bad: bool) -> set[bag.Fault]:
    """What in the header or right under it is not as it was signed."""
    found = {
        bag.Fault(name, "changed")
        for name, sha256 in told.tag_manifests.items()
        if made.get_sha256(name) not in ("", sha256)
    }
    size = made.files[package_header.SIGNATURE].size
    signature = made.read(package_header.SIGNATURE) if size <= package_header.LARGEST else b""
    if bad or not package_header.is_signed(data, signature, told.sender):
        found |= {bag.Fault(package_header.NAME, "changed"), bag.Fault(package_header.SIGNATURE, "changed")}
    expected = package_header.compute_package_name(
        made.get_sha256(MANIFEST), told.sender, told.cover.created, told.addressees
    )
    if told.package != expected:
        found.add(bag.Fault(package_header.NAME, "of another package"))
    if made.base != told.package:
        found.add(bag.Fault(THE_ARCHIVE, "of another package"))
    return found


def _judge_unsigned(files: Mapping[str, FileDigests]) -> Verdict:
    missing = [name for name in (package_header.NAME, package_header.SIGNATURE) if name not in files]
    one, both = {"name": missing[0]}, {"name": package_header.NAME, "other": package_header.SIGNATURE}
    said = (
        Sentence("The package is not signed: {name} is missing.", **one)
        if len(missing) == 1
        else Sentence("The package is not signed: {name} and {other} are missing.", **both)
    )
    return Verdict(
        UNSIGNED,
        (
            said,
            Sentence(
                "It is not known who sent the package, or whether the package is complete. Ask the "
                "sender for a signed package."
            ),
        ),
        (Sentence(SOURCES),),
    )


def _judge_tampered(faults: set[bag.Fault], *why: str) -> Verdict:
    found = sorted(faults, key=str)
    listed, more = join_sentences("{one}; {more}", [fault.sentence for fault in found[:SHOWN]]), len(found) - SHOWN
    said = Sentence(
        "The package has changed since it was signed: {faults}.",
        faults=Sentence("{listed} and {count} more", listed=listed, count=more) if more > 0 else listed,
    )
    names = tuple(dict.fromkeys(fault.name for fault in found))
    return Verdict(
        TAMPERED,
        (said, *why, Sentence("Do not use anything in the package. Ask the sender for another copy.")),
        (Sentence(SOURCES),),
        names,
    )


def _judge_signed(told: Header, standing: Standing, count: int, reader: Reader) -> Verdict:
    """What a whole and signed package is worth to this reader at this moment."""
    said = (
        Sentence(
            "{who} signed the package on {at}. None of the {count} files has changed since then.",
            who=told.sender.label,
            at=told.cover.created,
            count=count,
        ),
    )
    if not told.is_for(reader.officer.card):
        to = "; ".join(f"{clean_name(one.name)}, {clean_name(one.bureau)}" for one in told.addressees[:SHOWN])
        why = Sentence(
            "The package is addressed to {to}, not to you ({who}). However, it was encrypted for you.",
            to=to,
            who=reader.officer.card.label,
        )
        return Verdict(
            CLOSED,
            (why, Sentence("Ask the sender whether you are allowed to have the package.")),
            (Sentence("none of the content was shown"),),
        )
    not_checked = (*standing.not_checked, Sentence(TRUTH), Sentence(SOURCES))
    if late := _describe_expiry(told, standing, reader.at):
        return Verdict(EXPIRED, (*late, *said, *standing.said), not_checked, header=told)
    state = VALID if standing.state == "valid" else NOT_TRUSTED
    return Verdict(state, (*said, *standing.said), not_checked, header=told)


def _describe_expiry(told: Header, standing: Standing, at: str) -> tuple[str, ...]:
    """Why the moment is not one for this package."""
    cover, found = told.cover, list[str]()
    found.extend(describe_end(cover, at))
    if cover.created > _add_day(at):
        found.append(
            Sentence(
                "The package states that it was created on {made}, but this check was made for the earlier time "
                "{at}. Check the clock of this computer.",
                made=cover.created,
                at=at,
            )
        )
    if standing.state == "expired":
        found.append(Sentence("The card of the signer is not valid at the time of this check."))
    return tuple(found)


def describe_end(cover: Cover, at: str) -> tuple[str, ...]:
    """Why a package counts no longer at a moment (UTC), where it does not."""
    if not cover.valid_until or at <= cover.valid_until:
        return ()
    return (
        Sentence(
            "The package was valid until {until}, but this check was made for the time {at}. Ask "
            "the sender for a new package.",
            until=cover.valid_until,
            at=at,
        ),
    )


def _add_day(at: str) -> str:
    """A day later: so far may clocks differ."""
    return (datetime.strptime(at, FORM) + timedelta(days=1)).strftime(FORM)


def judge_unopenable(officer: Officer) -> Verdict:
    """The verdict on what does not open with this officer's keys."""
    said = (
        Sentence(
            "The keys of {who} do not open the package. It was encrypted for others, or it is damaged.",
            who=officer.card.label,
        ),
        Sentence(
            "If one byte is changed or missing, the package does not open. Ask the sender who is "
            "allowed to open the package, and ask for another copy."
        ),
    )
    return Verdict(CLOSED, said, (Sentence("none of the content was checked: the package did not open"),))

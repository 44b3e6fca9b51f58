"""Identities in a terminal: made, shown, issued, brought, recovered, trusted.

Passphrases are asked for, never taken as words of a command, which other programs and the shell's history could read.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench.errors import IdentityError
from workbench.model import identity
from workbench.model.catalogue import Sentence
from workbench.model.identity import Bureau, Card, Officer, Standing, certificates, credentials
from workbench.model.identity.bureau import up_to
from workbench.model.identity.canonical import read
from workbench.model.identity.card import LARGEST
from workbench.model.identity.display import shown
from workbench.model.identity.moments import moment

CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der"})
FACTS = ("role", "clearance", "training", "kind", "valid_from", "valid_until", "recipient")


def new(name: str, *, bureau: str, country: str, role: str = "", exercise: bool = True) -> int:
    """Make an identity, print its card and, once, its recovery key; 0 when done."""
    made, recovery = identity.new(
        name, bureau=bureau, country=country, role=role, exercise=exercise, passphrase=_new_passphrase()
    )
    return _made(made, recovery)


def bring(path: Path, *, bureau: str = "", role: str = "", exercise: bool = True) -> int:
    """Make an identity of a certificate that the user brings; 0 when done."""
    brought = certificates.opened(path, _ask(f"Passphrase of {path.name}: "))
    made, recovery = certificates.bring(
        brought, bureau=bureau, role=role, exercise=exercise, passphrase=_new_passphrase()
    )
    return _made(made, recovery)


def listing() -> int:
    """Print the identities of the home; 0."""
    found = identity.cards()
    _say(f"Identities in {identity.folder()}: {len(found)}")
    for card in found:
        _say(f"  {card.label}  {card.fingerprint}")
    return 0


def show(which: str) -> int:
    """Print a card (the name of an identity of the home, or a file) and what the own trust list says of it.

    Returns 0; 1 where the card is a stranger's and not valid.
    """
    mine = which in identity.names() or not Path(which).exists()
    card = identity.card(which) if mine else _card(Path(which))
    found = identity.own().standing(card)
    _describe(card)
    _standing(found)
    return 0 if mine else int(found.state != "valid")


def card(name: str, out: Path | None = None) -> int:
    """Write the public card of an identity, to give away; 0 when done."""
    own = identity.card(name)
    target = out or Path(f"{identity.place(name).name}.card.json")
    _write(target, own)
    _say(f"{target}: the card of {own.label}. It holds nothing secret. Read its fingerprint to whoever gets it:")
    _say(f"  {own.fingerprint}")
    return 0


def issue(
    path: Path, by: str, *, until: str, grants: Sequence[str] = (), role: str = "", out: Path | None = None
) -> int:
    """Sign an officer's card as a bureau; `grants` are clearance and training. 0 when done."""
    card = _card(path)
    clearance, training = (*grants, "", "")[:2]
    _describe(card)
    end = moment(until)
    made = identity.issue(card, _unlocked(by), until=end, clearance=clearance, training=training, role=role)
    target = out or path.with_suffix(".issued.json")
    _write(target, made)
    _say(
        f"{target}: signed by {shown(by)}, valid until {end}. The officer takes it: workbench identity take {target.name}"
    )
    return 0


def take(path: Path) -> int:
    """Take a card (or an SD-JWT credential) that a bureau issued to an identity of the home; 0 when done."""
    text, trust = read(path, "card", largest=LARGEST).strip(), identity.own()
    made = Card.from_json(text) if text.startswith("{") else credentials.read(text, trust.bureaux)
    taken = identity.take(made, trust)
    _describe(taken)
    _standing(trust.standing(taken))
    return 0


def recover(name: str) -> int:
    """Set a new passphrase by the recovery key; 0 when done."""
    identity.card(name)
    recovery = _ask("Recovery key: ")
    made = identity.recover(name, recovery, _new_passphrase())
    _say(f"{made.card.label} has a new passphrase. The recovery key stays the same.")
    return 0


def passphrase(name: str) -> int:
    """Set a new passphrase by the old one; 0 when done."""
    own = identity.card(name)
    identity.change(name, _ask("Passphrase: "), _new_passphrase())
    _say(f"{own.label} has a new passphrase. The recovery key stays the same.")
    return 0


def trusted() -> int:
    """Print the bureaux of the own trust list; 0."""
    found = identity.own()
    by = f", signed by {found.signer.label} at {found.issued_at}, number {found.sequence}" if found.signer else ""
    _say(f"Bureaux trusted: {len(found.bureaux)}{by}")
    for bureau in found.bureaux:
        _say(f"  {bureau.card.label}  {bureau.fingerprint}")
        _say(f"    may grant {', '.join(map(shown, bureau.grants)) or 'no clearance'}; {bureau.valid_from or 'from its beginning'} "
             f"to {bureau.valid_until or 'no end'}")  # fmt: skip
    return 0


def trust(
    path: Path, *, grants: str = "", until: str = "", fingerprint: str = "", by: str = "", exercise: bool = True
) -> int:
    """Take a bureau (its card, or its certificate) into the own trust list; 0 when done."""
    levels, end = up_to(grants) if grants else (), moment(until) if until else ""
    if path.suffix.lower() in CERTIFICATES:
        bureau = certificates.authority(path, grants=levels, valid_until=end, exercise=exercise)
    else:
        bureau = Bureau.of(_card(path), grants=levels, valid_until=end)
    _say(f"{bureau.card.label}\n  {bureau.fingerprint}")
    _compared(bureau, fingerprint)
    officer = _unlocked(by or _only())
    made = identity.keep(identity.own().adding(bureau), officer)
    _say(f"trusted from now on; the list is number {made.sequence}, signed by {officer.card.label}.")
    return 0


def distrust(name: str, *, by: str = "") -> int:
    """Take a bureau out of the own trust list; 0 when done."""
    made = identity.own().without(name)
    kept = identity.keep(made, _unlocked(by or _only()))
    _say(f"{shown(name)} is trusted no longer; the list is number {kept.sequence}.")
    return 0


def _made(officer: Officer, recovery: str) -> int:
    _describe(officer.card)
    _say(f"Kept in {identity.place(officer.card.name)}.")
    _say(
        "Recovery key. It is shown this once: write it down and lock it away. Who has it opens the identity without the passphrase."
    )
    _say(f"  {recovery}")
    return 0


def _describe(card: Card) -> None:
    _say(f"{card.label}\n  {card.fingerprint}")
    for fact in FACTS:
        if value := str(getattr(card, fact)):
            _say(f"  {fact.replace('_', ' ')}: {shown(value)}")


def _standing(found: Standing) -> None:
    for line in str(found).splitlines():
        _say(f"  {line}")


def _card(path: Path) -> Card:
    return Card.from_json(read(path, "card", largest=LARGEST))


def _write(target: Path, card: Card) -> None:
    data = card.to_json() + "\n"
    if target.exists() and target.read_bytes() != data.encode():
        raise IdentityError(Sentence("refused.home.exists", path=target))
    target.write_text(data, "utf-8", newline="\n")


def _compared(bureau: Bureau, fingerprint: str) -> None:
    """Go on only once the user has compared the fingerprint with the bureau's own word."""
    if not fingerprint and sys.stdin.isatty():
        sys.stdout.write(
            "Ask the bureau for its fingerprint by another way (telephone, in person) and type it or paste it: "
        )
        sys.stdout.flush()
        fingerprint = sys.stdin.readline()
    if fingerprint.strip() != bureau.fingerprint:
        named = {"bureau": bureau.card.label, "key": bureau.fingerprint[:11]}
        raise IdentityError(Sentence("refused.home.not_compared", **named))


def _only() -> str:
    """The one identity of the home."""
    known = identity.names()
    if len(known) != 1:
        names = tuple(map(shown, known)) or Sentence("refused.home.nobody")
        raise IdentityError(Sentence("refused.home.who_signs", names=names))
    return known[0]


def _unlocked(name: str) -> Officer:
    own = identity.card(name)
    return identity.unlock(name, "" if identity.is_unlocked(name) else _ask(f"Passphrase of {own.label}: "))


def _new_passphrase() -> str:
    """A new passphrase; on a terminal asked for twice."""
    first = _ask("New passphrase (four words, or a sentence): ")
    if sys.stdin.isatty() and _ask("Again: ") != first:
        raise IdentityError(Sentence("refused.home.differ"))
    return first


def _ask(prompt: str) -> str:
    """A secret, typed unseen; or the next line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")

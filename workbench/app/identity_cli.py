"""Identities in a terminal: made, shown, issued, brought, recovered, trusted.

Passphrases are asked for, never taken as words of a command, which other programs and the shell's history could read.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Bureau, Card, Officer, Standing, TrustList
from workbench.identity.core.bureau import list_levels_to
from workbench.identity.core.canonical_json import read_text
from workbench.identity.core.card import LARGEST
from workbench.identity.core.display import escape_invisible
from workbench.identity.core.timestamps import parse_moment
from workbench.identity.credentials import certificates, sd_jwt
from workbench.model.catalogue import Sentence, Translator
from workbench.model.text.normalise import normalise_name

CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der"})
FACTS = ("role", "clearance", "training", "kind", "valid_from", "valid_until", "recipient")


def create_identity(
    name: str, say: Translator, *, bureau: str, country: str, role: str = "", exercise: bool = True
) -> int:
    """Make an identity, print its card and, once, its recovery key; 0 when done."""
    made, recovery = identity.create_identity(
        name, bureau=bureau, country=country, role=role, exercise=exercise, passphrase=_ask_new_passphrase(say)
    )
    return _print_identity(made, recovery, say)


def import_identity(path: Path, say: Translator, *, bureau: str = "", role: str = "", exercise: bool = True) -> int:
    """Make an identity of a certificate that the user brings; 0 when done."""
    brought = certificates.read_pkcs12(path, _ask_secret(say("Passphrase of {name}: ", name=path.name)))
    made, recovery = certificates.import_certificate(
        brought, bureau=bureau, role=role, exercise=exercise, passphrase=_ask_new_passphrase(say)
    )
    return _print_identity(made, recovery, say)


def print_identities(say: Translator) -> int:
    """Print the identities of the home; 0."""
    found = identity.cards()
    _print_line(say("Identities in {folder}: {count}", folder=identity.folder(), count=len(found)))
    for card in found:
        _print_line(f"  {card.label}  {card.fingerprint}")
    return 0


def print_card_status(which: str, say: Translator) -> int:
    """Print a card (the name of an identity of the home, or a file) and what the own trust list says of it.

    Returns 0; 1 where the card is a stranger's and not valid.
    """
    mine = which in identity.names() or not Path(which).exists()
    card = identity.card(which) if mine else _read_card(Path(which))
    found = identity.load_trust_list().assess_card(card)
    _print_card(card, say)
    _print_trust_status(found, say)
    return 0 if mine else int(found.state != "valid")


def export_card(name: str, say: Translator, out: Path | None = None) -> int:
    """Write the public card of an identity, to give away; 0 when done."""
    own = identity.card(name)
    target = out or Path(f"{identity.place(name).name}.card.json")
    _write_card(target, own)
    _print_line(
        say(
            "{path} contains the card of {officer}. The card contains nothing secret. Read the fingerprint "
            "of its key aloud to the person who receives the card:",
            path=target,
            officer=own.label,
        )
    )
    _print_line(f"  {own.fingerprint}")
    return 0


def issue_card(
    path: Path, by: str, say: Translator, *, until: str, grants: Sequence[str] = (), out: Path | None = None
) -> int:
    """Sign an officer's card as a bureau; `grants` are clearance, training and role. 0 when done."""
    card = _read_card(path)
    clearance, training, role = (*grants, "", "", "")[:3]
    _print_card(card, say)
    end = parse_moment(until)
    made = identity.issue(card, _unlock_identity(by, say), until=end, clearance=clearance, training=training, role=role)
    target = out or path.with_suffix(".issued.json")
    _write_card(target, made)
    _print_line(
        say(
            "{path} contains the card. {bureau} signed it, and it is valid until {until}. To accept the "
            "card, the officer runs: `workbench identity take {file}`",
            path=target,
            bureau=escape_invisible(by),
            until=end,
            file=target.name,
        )
    )
    return 0


def receive_card(path: Path, say: Translator) -> int:
    """Take a card (or an SD-JWT credential) that a bureau issued to an identity of the home; 0 when done."""
    text, trust = read_text(path, "card", largest=LARGEST).strip(), identity.load_trust_list()
    made = Card.from_json(text) if text.startswith("{") else sd_jwt.read_credential(text, trust.bureaux)
    taken = identity.install_card(made, trust)
    _print_card(taken, say)
    _print_trust_status(trust.assess_card(taken), say)
    return 0


def recover_identity(name: str, say: Translator) -> int:
    """Set a new passphrase by the recovery key; 0 when done."""
    identity.card(name)
    recovery = _ask_secret(say("Recovery key: "))
    made = identity.recover(name, recovery, _ask_new_passphrase(say))
    _print_line(say("{officer} has a new passphrase. The recovery key stays the same.", officer=made.card.label))
    return 0


def replace_passphrase(name: str, say: Translator) -> int:
    """Set a new passphrase by the old one; 0 when done."""
    own = identity.card(name)
    identity.change(name, _ask_secret(say("Passphrase: ", context="identity ask")), _ask_new_passphrase(say))
    _print_line(say("{officer} has a new passphrase. The recovery key stays the same.", officer=own.label))
    return 0


def print_trust_list(say: Translator) -> int:
    """Print the bureaux of the own trust list; 0."""
    found = identity.load_trust_list()
    count = len(found.bureaux)
    if found.signer:
        by = {"officer": found.signer.label, "at": found.issued_at, "number": found.sequence}
        _print_line(
            say("Trusted bureaux: {count} (list number {number}, signed by {officer} on {at})", count=count, **by)
        )
    else:
        _print_line(say("Trusted bureaux: {count}", count=count))
    for bureau in found.bureaux:
        _print_line(f"  {bureau.card.label}  {bureau.fingerprint}")
        levels = say.join_words(map(escape_invisible, bureau.grants)) or say("no clearance")
        start = bureau.valid_from or say("no start date")
        end = bureau.valid_until or say("no end date", context="identity trust")
        _print_line(f"    {say('identity.trust.grants', levels=levels, start=start, end=end)}")
    return 0


def trust_bureau(
    path: Path, say: Translator, *, terms: tuple[str, str] = ("", ""), fingerprint: str = "", by: str = "",
    exercise: bool = True,
) -> int:  # fmt: skip
    """Take a bureau (its card, or its certificate) into the own trust list; 0 when done.

    `terms`: up to which level it may grant, and until when it is trusted.
    """
    grants, until = terms
    levels, end = list_levels_to(grants) if grants else (), parse_moment(until) if until else ""
    if path.suffix.lower() in CERTIFICATES:
        bureau = certificates.read_authority(path, grants=levels, valid_until=end, exercise=exercise)
    else:
        bureau = Bureau.from_card(_read_card(path), grants=levels, valid_until=end)
    _print_line(f"{bureau.card.label}\n  {bureau.fingerprint}")
    _confirm_fingerprint(bureau, fingerprint, say)
    own = identity.load_trust_list()
    _check_key_conflict(bureau, own)
    officer = _unlock_identity(by or _get_only_identity(), say)
    made = identity.save_trust_list(own.add_bureau(bureau), officer)
    _print_line(
        say(
            "The bureau is now trusted. The trust list now has number {number} and was signed by {officer}.",
            number=made.sequence,
            officer=officer.card.label,
        )
    )
    return 0


def distrust_bureau(name: str, say: Translator, *, by: str = "") -> int:
    """Take a bureau out of the own trust list; 0 when done."""
    made = identity.load_trust_list().remove_bureau(name)
    kept = identity.save_trust_list(made, _unlock_identity(by or _get_only_identity(), say))
    _print_line(
        say(
            "{bureau} is no longer trusted. The trust list now has number {number}.",
            bureau=escape_invisible(name),
            number=kept.sequence,
        )
    )
    return 0


def _print_identity(officer: Officer, recovery: str, say: Translator) -> int:
    _print_card(officer.card, say)
    _print_line(say("The files were saved in {folder}.", folder=identity.place(officer.card.name)))
    _print_line(
        say(
            "This is the recovery key. It is shown only once. Write it down and lock it away. Anyone who has "
            "it can open the identity without the passphrase."
        )
    )
    _print_line(f"  {recovery}")
    return 0


def _print_card(card: Card, say: Translator) -> None:
    _print_line(f"{card.label}\n  {card.fingerprint}")
    for fact in FACTS:
        if value := str(getattr(card, fact)):
            _print_line(
                f"  {say('identity.fact.said', fact=say(f'identity.fact.{fact}'), value=escape_invisible(value))}"
            )


def _print_trust_status(found: Standing, say: Translator) -> None:
    notes = (say("Note: {what}.", context="identity", what=what) for what in found.not_checked)
    for line in (say.term("identity.state", found.state), *map(say.translate_value, found.said), *notes):
        _print_line(f"  {line}")


def _read_card(path: Path) -> Card:
    return Card.from_json(read_text(path, "card", largest=LARGEST))


def _write_card(target: Path, card: Card) -> None:
    data = card.to_json() + "\n"
    if target.exists() and target.read_bytes() != data.encode():
        raise IdentityError(
            Sentence(
                "{path} already exists. Enter the path of another file with `--out`, or move the existing file.",
                path=target,
            )
        )
    target.write_text(data, "utf-8", newline="\n")


def _check_key_conflict(bureau: Bureau, own: TrustList) -> None:
    """Refuse a bureau that would change what the list says of a key, or that is called as another key is."""
    for one in own.bureaux:
        same = one.fingerprint == bureau.fingerprint
        namesake = (normalise_name(one.name), one.country) == (normalise_name(bureau.name), bureau.country)
        if (same and one != bureau) or (not same and namesake):
            told = {"bureau": one.card.label, "key": one.fingerprint[:11], "name": escape_invisible(one.name)}
            raise IdentityError(
                Sentence(
                    "The trust list already contains {bureau} with the key {key}…, and this file has different data. "
                    "Nothing was changed. Ask the bureau which data is correct. To replace the entry, remove the old "
                    "one first (`workbench identity trust remove '{name}'`).",
                    **told,
                )
            )


def _confirm_fingerprint(bureau: Bureau, fingerprint: str, say: Translator) -> None:
    """Go on only once the user has compared the fingerprint with the bureau's own word."""
    if not fingerprint and sys.stdin.isatty():
        sys.stdout.write(
            say(
                "Ask the bureau for the fingerprint of its key, by phone or in person. Type or paste the "
                "fingerprint here: "
            )
        )
        sys.stdout.flush()
        fingerprint = sys.stdin.readline()
    if fingerprint.strip() != bureau.fingerprint:
        named = {"bureau": bureau.card.label, "key": bureau.fingerprint[:11]}
        raise IdentityError(
            Sentence(
                "{bureau} was not added to the trust list. The fingerprint is missing, or it does not match the "
                "key in this file. Ask the bureau for its fingerprint by phone or in person. Then enter the "
                "fingerprint that the bureau gives you: `--fingerprint {key}…`",
                **named,
            )
        )


def _get_only_identity() -> str:
    """The one identity of the home."""
    known = identity.names()
    if len(known) != 1:
        names = tuple(map(escape_invisible, known)) or Sentence("none", context="refused home")
        raise IdentityError(
            Sentence(
                "Use `--as` to state who signs the trust list. Names in the identity folder: {names}.",
                names=names,
            )
        )
    return known[0]


def _unlock_identity(name: str, say: Translator) -> Officer:
    own = identity.card(name)
    known = identity.is_unlocked(name)
    return identity.unlock(name, "" if known else _ask_secret(say("Passphrase of {name}: ", name=own.label)))


def _ask_new_passphrase(say: Translator) -> str:
    """A new passphrase; on a terminal asked for twice."""
    first = _ask_secret(say("New passphrase (four words or a sentence): "))
    if sys.stdin.isatty() and _ask_secret(say("Enter it again: ")) != first:
        raise IdentityError(Sentence("The two passphrases are different. Nothing was changed. Start again."))
    return first


def _ask_secret(prompt: str) -> str:
    """A secret, typed unseen; or the next line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")

"""Officers' digital identity: keys under a passphrase, signed cards, bureaux that vouch, sealing to recipients; all offline.

An identity is an Ed25519 key for signing and an age key for receiving, kept in the user's home under a passphrase. Its card is
the public side: signed by the officer themselves, or by a bureau, which then grants clearance. A trust list names the bureaux
that this user trusts; `TrustList.standing` says of a card what it is worth and what was not checked.
"""

from workbench.identity.core.age_encryption import seal, seal_file
from workbench.identity.core.bureau import Bureau
from workbench.identity.core.card import Card, signed_by
from workbench.identity.core.key_files import (
    change,
    create_identity,
    create_temporary,
    is_unlocked,
    lock,
    recover,
    unlock,
)
from workbench.identity.core.key_store import card, cards, folder, names, place
from workbench.identity.core.officer import Officer
from workbench.identity.issuing import install_card, issue
from workbench.identity.trust_list import TrustList, load_trust_list, save_trust_list
from workbench.identity.trust_status import Standing

__all__ = [
    "Bureau",
    "Card",
    "Officer",
    "Standing",
    "TrustList",
    "card",
    "cards",
    "change",
    "create_identity",
    "create_temporary",
    "folder",
    "install_card",
    "is_unlocked",
    "issue",
    "load_trust_list",
    "lock",
    "names",
    "place",
    "recover",
    "save_trust_list",
    "seal",
    "seal_file",
    "signed_by",
    "unlock",
]  # fmt: skip

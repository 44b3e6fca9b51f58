"""Officers' digital identity: keys under a passphrase, signed cards, bureaux that vouch, sealing to recipients; all offline.

An identity is an Ed25519 key for signing and an age key for receiving, kept in the user's home under a passphrase. Its card is
the public side: signed by the officer themselves, or by a bureau, which then grants clearance. A trust list names the bureaux
that this user trusts; `TrustList.standing` says of a card what it is worth and what was not checked.
"""

from workbench.model.identity.bureau import Bureau
from workbench.model.identity.card import Card, signed_by
from workbench.model.identity.home import card, cards, folder, names, place
from workbench.model.identity.issuing import issue, take
from workbench.model.identity.keeping import change, is_unlocked, lock, new, recover, unkept, unlock
from workbench.model.identity.officer import Officer
from workbench.model.identity.sealing import seal, seal_file
from workbench.model.identity.standing import Standing
from workbench.model.identity.trust import TrustList, keep, own

__all__ = [
    "Bureau", "Card", "Officer", "Standing", "TrustList", "card", "cards", "change", "folder", "is_unlocked", "issue", "keep",
    "lock", "names", "new", "own", "place", "recover", "seal", "seal_file", "signed_by", "take", "unkept", "unlock",
]  # fmt: skip

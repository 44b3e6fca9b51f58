"""The Merkle tree of RFC 6962 section 2.1 (as in RFC 9162): roots, proofs of inclusion and of consistency.

A root commits to every entry below it and to their order. A proof of inclusion shows with a few hashes that one entry is
among them; a proof of consistency that an older root is of the same entries, with nothing changed before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""Root of a tree without leaves."""


def compute_leaf(data: bytes) -> bytes:
    """Hash of an entry: SHA-256 over a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def compute_node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: SHA-256 over a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, largest first. A leaf is added in constant time."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        for hash_ in leaves:
            self.add(hash_)

    def add(self, hash_: bytes) -> None:
        """Take the hash of the next leaf."""
        full = self.size
        while full & 1:
            hash_ = compute_node(self.peaks.pop(), hash_)
            full >>= 1
        self.peaks.append(hash_)
        self.size += 1

    def compute_root(self) -> bytes:
        """Root of the tree as it is now."""
        if not self.peaks:
            return EMPTY
        made = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            made = compute_node(peak, made)
        return made


def compute_root(leaves: Iterable[bytes]) -> bytes:
    """Root of the tree over hashes of leaves, in their order."""
    return Frontier(leaves).compute_root()


def build_inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Proof that the leaf at `index` (from 0) is in the tree: sibling hashes, from the leaf upwards (section 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"leaf {index} is not in a tree of {len(leaves)}.")
    if len(leaves) == 1:
        return []
    cut = _compute_cut(len(leaves))
    if index < cut:
        return [*build_inclusion_proof(leaves[:cut], index), compute_root(leaves[cut:])]
    return [*build_inclusion_proof(leaves[cut:], index - cut), compute_root(leaves[:cut])]


def build_consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Proof that the tree of the first `first` leaves is the beginning of this one (section 2.1.2)."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"a tree of {first} leaves is not the beginning of one of {len(leaves)}.")
    return _build_subproof(leaves, first, whole=True)


def _build_subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [compute_root(leaves)]
    cut = _compute_cut(len(leaves))
    if first <= cut:
        return [*_build_subproof(leaves[:cut], first, whole=whole), compute_root(leaves[cut:])]
    return [*_build_subproof(leaves[cut:], first - cut, whole=False), compute_root(leaves[:cut])]


def is_included(proof: Sequence[bytes], hash_: bytes, index: int, size: int, root_: bytes) -> bool:
    """Whether a proof shows the leaf at `index` in the tree of that size and root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hash_ = compute_node(sibling, hash_)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hash_ = compute_node(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root_


def is_continued(proof: Sequence[bytes], older: tuple[int, bytes], newer: tuple[int, bytes]) -> bool:
    """Whether a proof shows that the newer tree (size, root) begins with the older one (RFC 9162 section 2.1.4.2)."""
    first, size = older[0], newer[0]
    if not 0 < first <= size:
        return False
    if first == size:
        return not proof and older[1] == newer[1]
    path = [older[1], *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = first - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = compute_node(sibling, old), compute_node(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = compute_node(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and (old, new) == (older[1], newer[1])


def _compute_cut(size: int) -> int:
    """The largest power of two below a size: where a tree is divided."""
    return 1 << ((size - 1).bit_length() - 1)

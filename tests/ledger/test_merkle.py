"""Roots and proofs against a tree that is built as RFC 6962 defines it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.ledger.log import merkle

LEAVES = st.integers(1, 130).map(lambda size: [merkle.compute_leaf(str(number).encode()) for number in range(size)])
VECTORS = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", b"PQRSTUVW", b"`abcdefghijklmno"]
"""Leaves of the test vectors that implementations of RFC 6962 share."""
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def naive(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return merkle.compute_node(naive(leaves[:cut]), naive(leaves[cut:]))


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_shared_vectors(size: int) -> None:
    assert merkle.compute_root(map(merkle.compute_leaf, VECTORS[:size])).hex() == ROOTS[size]


@settings(deadline=None)
@given(LEAVES)
def test_a_root_is_that_of_the_tree_as_it_is_defined(leaves: list[bytes]) -> None:
    assert merkle.compute_root(leaves) == naive(leaves)


@settings(deadline=None)
@given(LEAVES, st.data())
def test_a_proof_of_inclusion_holds_for_its_leaf_and_for_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = merkle.build_inclusion_proof(leaves, index), naive(leaves)
    assert len(proof) <= (len(leaves) - 1).bit_length()
    assert merkle.is_included(proof, leaves[index], index, len(leaves), root)
    other = data.draw(st.integers(0, len(leaves)))
    assert merkle.is_included(proof, leaves[index], other, len(leaves), root) == (other == index)
    assert not merkle.is_included(proof, merkle.compute_leaf(b"other"), index, len(leaves), root)
    assert not merkle.is_included([*proof, root], leaves[index], index, len(leaves), root)


@settings(deadline=None)
@given(LEAVES, st.data())
def test_a_proof_of_consistency_holds_for_the_beginning_and_for_nothing_else(
    leaves: list[bytes], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    old, new = (first, naive(leaves[:first])), (len(leaves), naive(leaves))
    proof = merkle.build_consistency_proof(leaves, first)
    assert merkle.is_continued(proof, old, new)
    wrong = merkle.compute_leaf(b"wrong")
    assert not merkle.is_continued(proof, (first, wrong), new)
    assert not merkle.is_continued(proof, old, (len(leaves), wrong))
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.is_continued([*proof[:place], wrong, *proof[place + 1 :]], old, new)
        assert not merkle.is_continued(proof[:-1], old, new)


@settings(deadline=None)
@given(LEAVES, st.data())
def test_an_older_tree_of_other_entries_has_no_proof(leaves: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    place = data.draw(st.integers(0, first - 1))
    changed = [*leaves[:place], merkle.compute_leaf(b"changed"), *leaves[place + 1 :]]
    assert not merkle.is_continued(
        merkle.build_consistency_proof(leaves, first), (first, naive(changed[:first])), (len(leaves), naive(leaves))
    )
    assert not merkle.is_continued(
        merkle.build_consistency_proof(changed, first), (first, naive(leaves[:first])), (len(leaves), naive(changed))
    )


@pytest.mark.parametrize("index", [-1, 3])
def test_what_is_not_in_the_tree_has_no_proof(index: int) -> None:
    leaves = [merkle.compute_leaf(b"x")] * 3
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.build_inclusion_proof(leaves, index)
    with pytest.raises(ValueError, match="not the beginning"):
        merkle.build_consistency_proof(leaves, index + 1 if index < 0 else 4)

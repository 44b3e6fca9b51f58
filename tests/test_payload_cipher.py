"""Payloads that are compressed and encrypted: they come back as they were, or not at all."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from workbench.worker.payload_cipher import PayloadCipher, create_key


@pytest.mark.parametrize("data", [b"", b"a", b"container " * 10_000], ids=["empty", "short", "long"])
def test_a_payload_comes_back_and_cannot_be_read_on_its_way(data: bytes) -> None:
    key = create_key()
    encrypted = PayloadCipher(key).encrypt(data)
    assert PayloadCipher(key).decrypt(encrypted) == data
    assert b"container" not in encrypted
    assert PayloadCipher(key).encrypt(data) != encrypted
    for wrong in (create_key(), key):
        with pytest.raises(InvalidTag):
            PayloadCipher(wrong).decrypt(encrypted[:-1] + bytes([encrypted[-1] ^ (wrong == key)]))

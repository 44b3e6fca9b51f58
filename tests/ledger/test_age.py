"""What one program encrypts the other opens; no changed, missing or moved byte is ever read."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import CaseError
from workbench.ledger.storage.age_file import PIECE, Reader, Writer, decode_identity
from workbench.ledger.storage.case_key import CaseKey

IDENTITY = pyrage.x25519.Identity.generate()
SIZES = st.sampled_from([0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])


def written(data: bytes, part: int) -> bytes:
    out = io.BytesIO()
    writer = Writer(out.write, str(IDENTITY))
    for start in range(0, len(data), part):
        writer.write(data[start : start + part])
    writer.finish()
    return out.getvalue()


def opened(sealed: bytes) -> Reader:
    return Reader(io.BytesIO(sealed), str(IDENTITY), "the file")


@settings(deadline=None, max_examples=40)
@given(size=SIZES, part=st.sampled_from([1000, PIECE, PIECE + 1, 10 * PIECE]))
def test_any_age_program_opens_what_is_written(size: int, part: int) -> None:
    data = os.urandom(size)
    sealed = written(data, part)
    assert pyrage.decrypt(sealed, [IDENTITY]) == data
    assert opened(sealed).read() == data
    assert opened(pyrage.encrypt(data, [IDENTITY.to_public()])).read() == data


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_every_place_reads_as_the_plain_file(data: st.DataObject) -> None:
    plain = os.urandom(data.draw(SIZES))
    reader, model = opened(written(plain, PIECE)), io.BytesIO(plain)
    assert reader.size == len(plain)
    for _ in range(10):
        place = data.draw(st.integers(0, len(plain) + 5))
        length = data.draw(st.integers(0, 2 * PIECE))
        whence = data.draw(st.sampled_from([io.SEEK_SET, io.SEEK_END]))
        offset = place if whence == io.SEEK_SET else -min(place, len(plain))
        assert reader.seek(offset, whence) == model.seek(offset, whence)
        assert reader.read(length) == model.read(length)
        assert reader.tell() == model.tell()


@pytest.mark.slow
def test_no_changed_byte_is_read() -> None:
    dice = random.Random(5)
    for size in (0, 10, PIECE, 2 * PIECE + 3):
        sealed = written(os.urandom(size), PIECE)
        places = [*range(300), *(dice.randrange(len(sealed)) for _ in range(200)), len(sealed) - 1]
        for place in (place for place in places if place < len(sealed)):
            for bit in range(8) if place < 300 else (dice.randrange(8),):
                changed = bytearray(sealed)
                changed[place] ^= 1 << bit
                with pytest.raises(CaseError, match="the file is damaged"):
                    opened(bytes(changed)).read()


def test_no_cut_or_joined_file_is_opened() -> None:
    sealed = written(os.urandom(3 * PIECE), PIECE)
    for left in (
        0,
        1,
        100,
        len(sealed) - 1,
        len(sealed) - 16,
        len(sealed) - PIECE - 16,
        len(sealed) - 2 * (PIECE + 16),
    ):
        with pytest.raises(CaseError, match="the file is damaged"):
            opened(sealed[:left])
    with pytest.raises(CaseError, match="the file is damaged"):
        opened(sealed + sealed[-PIECE - 16 :])


def test_pieces_do_not_change_places() -> None:
    sealed = written(os.urandom(3 * PIECE + 5), PIECE)
    start = len(sealed) - 3 * (PIECE + 16) - 5 - 16
    one, other = sealed[start : start + PIECE + 16], sealed[start + PIECE + 16 : start + 2 * (PIECE + 16)]
    swapped = sealed[:start] + other + one + sealed[start + 2 * (PIECE + 16) :]
    with pytest.raises(CaseError, match="the file is damaged"):
        opened(swapped).read()


def test_only_its_key_opens_a_file() -> None:
    with pytest.raises(CaseError, match="the file is damaged, or does not belong to this case"):
        Reader(io.BytesIO(written(b"x", 1)), str(pyrage.x25519.Identity.generate()), "the file")


@pytest.mark.parametrize(
    "text", [b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n--- \n", b"SQLite format 3\0", b"\n---"]
)
def test_what_is_no_age_file_is_refused(text: bytes) -> None:
    with pytest.raises(CaseError, match="the file is damaged"):
        opened(text)


def test_the_secret_of_an_identity_is_its_own() -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    public = X25519PrivateKey.from_private_bytes(decode_identity(str(IDENTITY))).public_key().public_bytes_raw()
    again = pyrage.x25519.Recipient.from_str(str(IDENTITY.to_public()))
    assert str(again) == str(IDENTITY.to_public()) and len(public) == 32


def test_a_key_shows_nothing_of_itself_and_names_differ() -> None:
    key, other = CaseKey(str(IDENTITY)), CaseKey(str(pyrage.x25519.Identity.generate()))
    assert "SECRET" not in repr(key)
    assert key.ledger != other.ledger and len(key.ledger) == 64
    assert key.name("sources/ab") != key.name("rows/ab") != other.name("rows/ab")


def test_the_plain_bytes_are_in_no_file_while_it_is_written(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        writer = Writer(file.write, str(IDENTITY))
        writer.write(b"Quellwasser" * 20_000)
        file.flush()
        assert b"Quellwasser" not in (tmp_path / "x").read_bytes()

"""Sealing: recipients open, others do not; one changed bit closes it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Officer


@given(st.binary(max_size=2000))
def test_each_recipient_opens_what_was_sealed(ada: Officer, bureau: Officer, data: bytes) -> None:
    sealed = identity.seal(data, [ada.card, bureau.card, ada.card])
    assert ada.open(sealed) == bureau.open(sealed) == data


def test_nobody_else_opens_it(ada: Officer, bureau: Officer) -> None:
    with pytest.raises(IdentityError, match="encrypted for other officers, or it is damaged"):
        bureau.open(identity.seal(b"text", [ada.card]))


def test_every_flipped_bit_closes_it(ada: Officer) -> None:
    sealed = identity.seal(b"text", [ada.card])
    for at in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[at] ^= 1 << bit
            with pytest.raises(IdentityError):
                ada.open(bytes(changed))


def test_a_file_is_whole_or_not_there(ada: Officer, tmp_path: Path) -> None:
    source, sealed, opened = tmp_path / "plain", tmp_path / "plain.age", tmp_path / "opened"
    source.write_bytes(b"page " * 100_000)
    identity.seal_file(source, sealed, [ada.card])
    ada.open_file(sealed, opened)
    assert opened.read_bytes() == source.read_bytes()
    assert opened.stat().st_mode & 0o777 == 0o600
    data = bytearray(sealed.read_bytes())
    data[-100] ^= 1  # in the last piece: those before it are right
    sealed.write_bytes(data)
    with pytest.raises(IdentityError, match=r"cannot open .*plain\.age: "):
        ada.open_file(sealed, tmp_path / "again")
    assert {path.name for path in tmp_path.iterdir()} == {"plain", "plain.age", "opened"}


def test_sealing_to_nobody_is_refused(ada: Officer, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="there is nobody to encrypt for"):
        identity.seal(b"text", [])
    with pytest.raises(IdentityError, match="has no encryption address"):
        identity.seal(b"text", [ada.card, replace(ada.card, recipient="")])
    with pytest.raises(IdentityError, match="The encryption address on a card is damaged"):
        identity.seal(b"text", [replace(ada.card, recipient="age1qqq")])
    with pytest.raises(IdentityError, match="cannot be read"):
        identity.seal_file(tmp_path / "nothing", tmp_path / "out", [ada.card])


FULL = """
import resource, signal, sys
from pathlib import Path
from workbench.errors import IdentityError
from workbench import identity
ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
folder = Path(sys.argv[1])
(folder / "plain").write_bytes(b"x" * 3_000_000)
identity.seal_file(folder / "plain", folder / "sealed", [ada.card])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for make in (lambda: ada.open_file(folder / "sealed", folder / "opened"),
             lambda: identity.seal_file(folder / "plain", folder / "again", [ada.card])):
    try:
        make()
    except IdentityError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes to reach")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert [line.count("cannot be written") for line in done.stdout.splitlines()] == [1, 1]
    assert {path.name for path in tmp_path.iterdir()} == {"plain", "sealed"}

"""One flipped bit, anywhere: of the sealed file it does not open; of what was sealed it is refused and, where a file is hit, named."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.exchange.conftest import World
from tests.exchange.made import COVER, LATER, PAYLOAD, opened
from workbench.exchange import sealed_file
from workbench.exchange.package import build_bag, write_package
from workbench.exchange.package_inspection import inspect_package

FLIPS = 10_000
QUICK = 120


def places(size: int, count: int) -> list[tuple[int, int]]:
    """Bytes and bits: half of them evenly over the file, half at random."""
    chosen = random.Random(count)
    evenly = [(number * (size - 1) // (count // 2), number % 8) for number in range(count // 2)]
    return evenly + [(chosen.randrange(size), chosen.randrange(8)) for _ in range(count - len(evenly))]


def flipped(data: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize("count", [QUICK, pytest.param(FLIPS, marks=[pytest.mark.faults, pytest.mark.timeout(900)])])
def test_a_flipped_bit_of_the_sealed_file(world: World, tmp_path: Path, count: int) -> None:
    made = write_package(PAYLOAD, COVER, world.ada, world.to, tmp_path)
    whole = made.path.read_bytes()
    started, states = time.monotonic(), set()
    for at, bit in places(len(whole), count):
        made.path.write_bytes(flipped(whole, at, bit))
        states.add(inspect_package(made.path, world.bo, world.trust, LATER).state)
    print(f"{count} flipped bits of {len(whole):,} bytes: {states}, {time.monotonic() - started:.1f} s")
    assert states == {"DAMAGED OR NOT FOR YOU"}
    made.path.write_bytes(whole)
    assert inspect_package(made.path, world.bo, world.trust, LATER).state == "VALID"


@pytest.mark.parametrize("count", [QUICK, pytest.param(FLIPS, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])])
def test_a_flipped_bit_of_what_was_sealed(world: World, tmp_path: Path, count: int) -> None:
    made = build_bag(PAYLOAD, COVER, world.ada, world.to)
    buffer = io.BytesIO()
    sealed_file.write_archive(buffer, made.files, made.sums)
    whole, started, states, unnamed = buffer.getvalue(), time.monotonic(), {}, 0
    for at, bit in places(len(whole), count):
        found = opened(flipped(whole, at, bit), world, tmp_path)
        states[found.state] = states.get(found.state, 0) + 1
        unnamed += not found.verdict.faults and found.state == "TAMPERED"
        assert found.names == ()
        shutil.rmtree(tmp_path / "room")
    print(f"{count} flipped bits of {len(whole):,} bytes within: {states}, {time.monotonic() - started:.1f} s")
    assert set(states) <= {"TAMPERED", "UNSIGNED"}
    assert unnamed == 0


LARGE = """
import sys
from pathlib import Path
from workbench.exchange.package_header import Cover
from workbench.exchange.package_inspection import inspect_package
from workbench.exchange.package import write_package
from workbench import identity
folder, size = Path(sys.argv[1]), int(sys.argv[2])
ada, bo = (identity.create_temporary(name, bureau="NCB", country="QM") for name in ("Ada", "Bo"))
with (folder / "large").open("wb") as file:
    file.truncate(size)
made = write_package({"large": folder / "large"}, Cover("Large"), ada, [bo.card], folder)
with inspect_package(made.path, bo, identity.TrustList(), folder=folder / "kept") as found:
    assert found.state == "VALID, ISSUER NOT TRUSTED", str(found)
    assert found.get_path("large").stat().st_size == size
status = Path("/proc/self/status")
print(int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024 if status.exists() else 0)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_package_of_nearly_2_gib_needs_little_memory(tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free < 12 * 1024**3:
        pytest.skip("needs 12 GiB of free disk")
    started = time.monotonic()
    command = [sys.executable, "-c", LARGE, str(tmp_path), str(2 * 1024**3 - 1024**2)]
    peak = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    print(f"2 GiB packed and opened in {time.monotonic() - started:.0f} s with {peak} MiB of memory")
    assert peak < 256
    shutil.rmtree(tmp_path / "kept")

"""kill -9 at random moments of changing the identity home: it opens, holds a whole list, and no half-made identity."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scale import times
from workbench import identity
from workbench.identity.core import key_store as homes
from workbench.identity.core.key_files import generate_keys

KILLS = times(40, 9)
WORK = """
import sys
from pathlib import Path
from workbench import identity
from workbench.identity import Bureau
from workbench.identity.core import key_store as homes
from workbench.identity.core.key_files import build_self_signed
from workbench.identity.core.officer import PrivateKeys
home = Path(sys.argv[1])
keys = PrivateKeys.from_bytes(sys.stdin.buffer.read())
ada = build_self_signed(homes.card("Ada Lind", home), keys)
for number in range(10_000):
    bureau = identity.create_temporary(f"NCB {number}", bureau=f"NCB {number}", country="QM", role="bureau")
    trust = identity.load_trust_list(home).add_bureau(Bureau.from_card(bureau.card))
    print(identity.save_trust_list(trust, ada, home).sequence, flush=True)
    homes.write_identity(f"Officer {number} {sys.argv[2]}", {"card.json": bureau.card.to_json().encode(), "keys.age": b"x"}, home)
"""


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(600)
def test_a_killed_change_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    home, dice, acknowledged = tmp_path / "home", random.Random(11), 0
    officer, keys = generate_keys(identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM").card)
    homes.write_identity("Ada Lind", {"card.json": officer.card.to_json().encode()}, home)
    for kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WORK, str(home), str(kill)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write(keys.to_bytes())
        process.stdin.close()
        said = [process.stdout.readline()]
        time.sleep(dice.random() / 5)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().split()
        process.stdout.close()
        process.wait()
        acknowledged = max([acknowledged, *map(int, said)])
        assert identity.load_trust_list(home).sequence >= acknowledged
        made = [path for path in (home / "identities").iterdir() if not path.name.startswith(".making-")]
        assert all({"card.json"} < {file.name for file in path.iterdir()} for path in made if "officer" in path.name)
    assert acknowledged >= KILLS
    assert len(made) > KILLS / 2

"""Write fictional police traffic with planted defects: ``python datasets/make/traffic.py --out traffic --size 2400``.

The same seed gives the same bytes on every platform. ``messages.jsonl`` holds one message a line, ``truth.jsonl`` beside it what each
one is and which rules it breaks, ``surroundings.json`` what lies outside the messages: closed countries, hashes of files, places that
no list has.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1]))

from bureaux import world  # noqa: E402
from bureaux.flow import DEFAULT_SEED, DEFAULT_SIZE, Sent, traffic, truth  # noqa: E402
from bureaux.text_defects import LOST  # noqa: E402

from workbench.messages.model.message_json import to_dict  # noqa: E402


def files(seed: int, size: int) -> dict[str, str]:
    """Name -> text of each file."""
    sent = traffic(seed, size)
    return {
        "messages.jsonl": lines(to_dict(one.message) for one in sent),
        "truth.jsonl": lines(truth(sent)),
        "surroundings.json": line(
            {
                "restricted": world.CLOSED,
                "treaties": world.treaties(),
                "unknown places": LOST,
                "hashes": hashes(sent),
                "withdrawn": [("persons[0].phones", number, "register.csv") for number in world.WITHDRAWN],
            }
        ),
    }


def hashes(sent: list[Sent]) -> dict[str, str]:
    """SHA-256 of each file as it lies with its sender."""
    return {
        file.name: one.file_hashes.get(file.name, file.sha256)
        for one in sent
        for file in one.message.attachments
        if file.name and "MSG-34" not in one.rules
    }


def lines(rows: Any) -> str:  # noqa: ANN401
    """One row a line."""
    return "".join(line(row) for row in rows)


def line(row: Any) -> str:  # noqa: ANN401
    """One row as JSON, keys in order."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the files and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=Path("traffic"), help="folder, made if missing")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help=f"variant (default {DEFAULT_SEED})")
    parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help=f"messages, at least (default {DEFAULT_SIZE})")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    made = files(options.seed, options.size)
    for name, text in made.items():
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{made['messages.jsonl'].count(chr(10)):,} messages, seed {options.seed}, in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

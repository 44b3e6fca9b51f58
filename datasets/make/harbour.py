"""Write the training case 'Operation Grey Heron': ``python datasets/make/harbour.py``.

The same seed gives the same bytes on every platform. Another seed gives other numbers, identifiers and
everyday talk, and the same story.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from greyheron.case import DEFAULT_SEED, make_dataset  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Write all files of the data set and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=HERE.parent / "harbour", help="folder of the data set")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help=f"variant (default {DEFAULT_SEED})")
    options = parser.parse_args(arguments)
    files = make_dataset(options.seed)
    for name, content in files.items():
        path = options.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes, seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

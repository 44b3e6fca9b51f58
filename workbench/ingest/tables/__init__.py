"""Tables: whatever has rows and columns, and what its columns mean.

Readers of call records use what this room knows of cells, and it uses theirs: the reader is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench.ingest.tables.table_reader import READERS

__all__ = ["READERS"]

__getattr__ = load_on_use(__name__, {"READERS": "workbench.ingest.tables.table_reader"})

"""ONNX Runtime, from the one place that imports it: its official builds send telemetry to their maker unless told not to.

`workbench/__init__.py` says so in the environment before anything can import the runtime; here the switch of its own is thrown
as well, for a process that had imported it before the workbench.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def load_onnxruntime() -> ModuleType:
    """The module `onnxruntime` with its telemetry switched off.

    Raises
    ------
    ImportError
        If it is not installed, or cannot be loaded here.

    References
    ----------
    Privacy.md of ONNX Runtime 1.32: `ORT_DISABLE_TELEMETRY=1` stops uploader, events and device identifier; the call stops events.
    """
    import onnxruntime as runtime

    runtime.disable_telemetry_events()
    loaded: ModuleType = runtime
    return loaded

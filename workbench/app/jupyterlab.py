"""JupyterLab on the start page, shut towards the network: loopback, a token, a strict content policy, no news or updates."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}
CONFIG = """c = get_config()  # noqa: F821
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_remote_access = False
c.ServerApp.terminals_enabled = False
c.ServerApp.tornado_settings = {{"headers": {{"Content-Security-Policy": {policy!r}, "Referrer-Policy": "no-referrer"}}}}
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.KernelManager.transport_encryption = "required"
"""


def open_lab(case: Path | None, *, port: int = 8888, browser: bool = True, language: str = "") -> int:
    """Open 00-start in JupyterLab on a case; ends when the server is stopped (Ctrl-C).

    Parameters
    ----------
    case : Path, optional
        Case folder that the start page opens; `cases/first` below the present folder if not given.
    language : str
        Of the start page, where none was chosen on it; by default that of the system.
    """
    root = create_workspace(Path.cwd())
    place = (case or root / "cases" / "first").resolve()
    command = [
        sys.executable, "-m", "jupyterlab", f"--config={write_configuration(root)}", f"--port={port}", f"--ServerApp.root_dir={root}",
        "--LabApp.default_url=/doc/tree/notebooks/00-start.ipynb", *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]  # fmt: skip
    return subprocess.call(command, env=build_environment(root, place, language))


def build_environment(root: Path, place: Path, language: str = "") -> dict[str, str]:
    """Variables of the server. It imports nothing that lies in the present folder, which may be one that somebody sent."""
    return {
        **os.environ,
        "PYTHONSAFEPATH": "1",
        "WORKBENCH_CASE": str(place),
        "JUPYTERLAB_SETTINGS_DIR": str(root / ".lab" / "user-settings"),
        **({"WORKBENCH_LANGUAGE": language} if language else {}),
    }


def create_workspace(root: Path) -> Path:
    """Give a folder the notebooks, where it has none; returns the folder.

    Raises
    ------
    CaseError
        If this installation carries no notebooks.
    """
    if not (root / "notebooks" / "00-start.ipynb").exists():
        if not (NOTEBOOKS / "00-start.ipynb").exists():
            raise CaseError(
                Sentence("The notebooks are not in this installation. Run `workbench lab` from a clone of the project.")
            )
        (root / "notebooks").mkdir(exist_ok=True)
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            shutil.copy(path, root / "notebooks" / path.name)
    return root


def write_configuration(root: Path) -> Path:
    """Write the server's configuration and the settings that keep it quiet below `.lab/`; returns the configuration's path."""
    folder = root / ".lab"
    for plugin, values in SETTINGS.items():
        package, name = plugin.split(":")
        path = folder / "user-settings" / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")
    (folder / ".gitignore").write_text("*\n", "utf-8")
    config = folder / "jupyter_config.py"
    config.write_text(CONFIG.format(policy=POLICY), "utf-8")
    return config

"""Where the files under `resources/` lie, from a checkout and from an installed folder alike."""

import os
import sys
from pathlib import Path
from typing import Any

import rtoml

_ROOT = Path(__file__).resolve().parent.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of one file or folder below `resources/`."""
    return _ROOT.joinpath(*parts)


def read_toml(*parts: str) -> dict[str, Any]:
    """Return the content of one TOML file below `resources/`."""
    return rtoml.loads(resource_path(*parts).read_text(encoding="utf-8"))


def default_home() -> Path:
    """Return where a laptop's files lie when nobody names a place."""
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "tani-pendata"
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "tani-pendata"

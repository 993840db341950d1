"""How full the battery is. At 20 % printing stops, at 10 % one person is finished, at 7 % all."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LINUX: Final = Path("/sys/class/power_supply")
_WINDOWS_UNKNOWN: Final = 255


@dataclass(frozen=True)
class Battery:
    percent: int
    is_plugged: bool


def read_battery(folder: Path = _LINUX) -> Battery | None:
    """Return the state of the battery; None where there is none or the system does not tell."""
    return _from_windows() if sys.platform == "win32" else _from_linux(folder)


def _from_linux(folder: Path) -> Battery | None:
    try:
        for battery in sorted(folder.glob("BAT*")):
            percent = int((battery / "capacity").read_text())
            status = (battery / "status").read_text().strip()
            return Battery(max(0, min(percent, 100)), status != "Discharging")
    except (OSError, ValueError):
        return None
    return None


def _from_windows() -> Battery | None:
    import ctypes  # noqa: PLC0415 - only Windows has the call

    class Status(ctypes.Structure):
        _fields_ = (
            ("plugged", ctypes.c_ubyte),
            ("flag", ctypes.c_ubyte),
            ("percent", ctypes.c_ubyte),
            ("saver", ctypes.c_ubyte),
            ("left_s", ctypes.c_uint32),
            ("full_s", ctypes.c_uint32),
        )

    status = Status()
    known = ctypes.windll.kernel32.GetSystemPowerStatus(  # type: ignore[attr-defined,unused-ignore]
        ctypes.byref(status)
    )
    if not known or status.percent == _WINDOWS_UNKNOWN:
        return None
    return Battery(int(status.percent), status.plugged == 1)

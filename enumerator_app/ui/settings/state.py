"""What the settings page shows."""

import re
from dataclasses import dataclass, field
from typing import Final

from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.unlock.state import OperatorEntry

MOST_OFFSET_TENTHS: Final = 100  # 10 mm: more is a wrong paper size, not an offset


@dataclass(frozen=True)
class Offsets:
    """How far the printer's picture is moved, in tenths of a millimetre."""

    right_tenths: int = 0
    down_tenths: int = 0
    back_right_tenths: int = 0
    back_down_tenths: int = 0


@dataclass(frozen=True)
class PrinterFacts:
    """The printers of the system by name, the chosen one, and whether it prints by itself."""

    names: tuple[str, ...] = ()
    chosen: str = ""
    by_itself: bool = False


@dataclass(frozen=True)
class KeepingFacts:
    """Days (0: for good) with the days to choose from, and what became of it as sentences."""

    days: int = 0
    choices: tuple[int, ...] = (0,)
    said: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SettingsFacts:
    """What is known about this laptop; times are sentences already."""

    offsets: Offsets = Offsets()
    printers: PrinterFacts = PrinterFacts()
    operators: tuple[OperatorEntry, ...] = ()
    operator: str = ""
    office_name: str = ""
    office_address: str = ""
    office_seen: str = ""
    letterhead: tuple[tuple[str, str], ...] = ()  # a label's text key, and what the office set
    logo: bytes | None = None
    device_code: str = ""
    device_key: str = ""
    last_backup: str = ""
    keeping: KeepingFacts = KeepingFacts()
    auto_send: str = "off"
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingsState:
    """`facts` is None until they were read; `busy` names the action that runs."""

    preferences: Preferences = field(default_factory=Preferences)
    facts: SettingsFacts | None = None
    is_adding: bool = False
    busy: str = ""
    done: str = ""  # what has just been done, as a sentence
    problem: str = ""


def shown_offset(tenths: int) -> str:
    """Return the offset in millimetres as people here write it: "-0,5"."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10},{abs(tenths) % 10}"


def typed_offset(words: str) -> int | None:
    """Return tenths of a millimetre from "1,5", "1.5" or "-2"; None if it is none or too far."""
    found = re.fullmatch(r"\s*([+-]?)(\d{1,2})(?:[.,](\d))?\s*", words)
    if not found:
        return None
    tenths = int(found[2]) * 10 + int(found[3] or 0)
    if tenths > MOST_OFFSET_TENTHS:
        return None
    return -tenths if found[1] == "-" else tenths

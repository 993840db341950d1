"""Is Caps Lock on? Qt does not say; a typed letter does, and on Windows the system does."""

import sys


def caps_lock_from(letter: str, *, has_shift: bool) -> bool:
    """Return whether a letter that came out this way was typed with Caps Lock on."""
    return letter.isupper() != has_shift if letter.lower() != letter.upper() else False


def caps_lock_of_system() -> bool | None:
    """Return the state the system knows; None where it does not tell."""
    if sys.platform != "win32":
        return None
    import ctypes  # noqa: PLC0415 - only Windows has the call

    return bool(ctypes.windll.user32.GetKeyState(0x14) & 1)

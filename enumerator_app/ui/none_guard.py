"""A guard against the bindings' habit of using up `None`.

PySide6 6.12.0 is built for Pythons whose `None` cannot die (3.12 on). On Python 3.11 each Qt call
that returns nothing takes one reference of `None` and never gives it back (measured: 200 calls, 200
references), so that a window dies with "deallocating None" after some thousand calls. 6.11.3 loses
none: this module goes as soon as the pinned version or the Python does.
"""

import ctypes
import sys
from typing import Final

_ENOUGH: Final = 1 << 48  # a million lost a second would last nine years


def keep_none_alive() -> bool:
    """Give `None` more references than a program can lose; False where it cannot die anyway.

    Repeating does nothing. The count is the first word of every CPython object.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return False
    count = ctypes.c_ssize_t.from_address(id(None))
    if count.value < _ENOUGH // 2:
        count.value += _ENOUGH
    return True

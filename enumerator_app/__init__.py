"""Offline-first registration of farm labourers, for the laptop of an enumerator."""

from datetime import date
from typing import Final

__version__: Final = "0.1.0"
BUILT_ON: Final = date(2026, 11, 22)

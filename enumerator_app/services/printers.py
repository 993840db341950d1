"""What this laptop knows of its printers: how far each misses the middle, and which one prints."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from enumerator_app.storage.store import Store

MOST_TENTHS: Final = 100  # 10 mm: more is a wrong paper size, not an offset
_PLACEMENTS: Final = "printer_placements"
_CHOSEN: Final = "printer_chosen"
_BY_ITSELF: Final = "prints_by_itself"


@dataclass(frozen=True, slots=True)
class Placement:
    """How far a print is moved right and down, in tenths of a millimetre; backs beyond that."""

    right: int = 0
    down: int = 0
    back_right: int = 0
    back_down: int = 0

    def __post_init__(self) -> None:
        for name, tenths in asdict(self).items():
            if abs(tenths) > MOST_TENTHS:
                raise ValueError(name)


class Printers:
    """Remembered by the name that the system gives a printer; "" is any other printer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def placement(self, printer: str = "") -> Placement:
        """Return what is remembered of a printer; of one never calibrated, what any other has."""
        known = self._known()
        if printer in known:
            return Placement(**known[printer])
        return Placement(**known.get("", {}))

    def set_placement(self, printer: str, placement: Placement) -> None:
        known = self._known() | {printer: asdict(placement)}
        self._store.set_setting(_PLACEMENTS, json.dumps(known))

    def chosen(self) -> str:
        """Return the printer that papers go to by themselves; "" for none."""
        return self._store.setting(_CHOSEN) or ""

    def choose(self, printer: str) -> None:
        self._store.set_setting(_CHOSEN, printer)

    def print_by_themselves(self) -> bool:
        """Return whether papers are printed as soon as a sheet is full."""
        return self._store.setting(_BY_ITSELF) == "yes"

    def set_print_by_themselves(self, *, wanted: bool) -> None:
        self._store.set_setting(_BY_ITSELF, "yes" if wanted else "no")

    def _known(self) -> dict[str, dict[str, int]]:
        known: dict[str, dict[str, int]] = json.loads(self._store.setting(_PLACEMENTS) or "{}")
        return known

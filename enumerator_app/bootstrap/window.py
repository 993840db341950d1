"""Joins the window. Nothing of rules or storage is imported here before the first page is painted:
every door imports what it needs when it is opened, on a thread beside the window.
"""

import json
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from enumerator_app.texts import Language
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.session.doors import Doors
from enumerator_app.ui.session.run import run_window
from enumerator_app.ui.unlock.presenter import Help, QuickUnlock, Rescue

if TYPE_CHECKING:
    from enumerator_app.services.day_lock import DayLock
    from enumerator_app.services.laptop import Laptop

_PREFERENCES: Final = "window.json"
_KEYS: Final = ("keys.json", "keys-second.json")  # read without the storage: it is heavy
_LAST_OPERATOR: Final = "last_operator"


def open_window(home: Path, language: Language | None) -> int:
    """Open the window on this home and return the exit code when it was closed."""
    return run_window(doors_of(home, language))


def doors_of(home: Path, language: Language | None = None) -> Doors:
    """Return the window's doors to one home."""
    keeper = _Keeper(home)
    return Doors(
        home=home,
        has_home=lambda: any((home / name).exists() for name in _KEYS),
        operators=keeper.operators,
        unlock=keeper.unlock,
        enrol=keeper.enrol,
        practise=keeper.practise,
        lock=keeper.lock,
        quick=QuickUnlock(
            operator=keeper.quick_operator,
            try_digits=keeper.try_digits,
            set_digits=keeper.set_digits,
            tries_left=keeper.tries_left,
        ),
        help=Help(ask=keeper.ask_for_help, open_with=keeper.open_with_help),
        rescue=Rescue(open=keeper.rescue, begin_anew=keeper.begin_anew),
        warm_up=keeper.warm_up,
        close=keeper.close,
        load_preferences=lambda: _load_preferences(home, language),
        save_preferences=lambda preferences: _save_preferences(home, preferences),
    )


class _Keeper:
    """Opens and closes the laptop of one home; its imports happen at first need."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.is_warm = False

    @cached_property
    def day_lock(self) -> "DayLock":
        from enumerator_app.services.day_lock import DayLock  # noqa: PLC0415 - heavy, see above

        self.is_warm = True
        return DayLock()

    def warm_up(self) -> None:
        """Load rules and storage while the passphrase is typed."""
        from enumerator_app.bootstrap import laptops  # noqa: F401, PLC0415 - heavy, see above
        from enumerator_app.domain.reference import (  # noqa: PLC0415 - heavy, see above
            load_places,
            load_rulebook,
        )

        load_places()
        load_rulebook()

    def operators(self) -> list[str]:
        """Return the operators' names, the one who was here last first; none if unreadable.

        Only the names are read here: the whole key file is checked when it is opened.
        """
        last = _read(self._home).get(_LAST_OPERATOR)
        found = (_names_in(self._home / name) for name in _KEYS)
        return sorted(next(filter(None, found), []), key=lambda name: name != last)

    def unlock(self, operator: str, passphrase: str) -> "Laptop":
        from enumerator_app.bootstrap.laptops import laptop_of  # noqa: PLC0415 - heavy, see above

        self.day_lock.close()
        laptop = laptop_of(self._home, passphrase, operator_name=operator)
        _write(self._home, {_LAST_OPERATOR: operator})
        return laptop

    def ask_for_help(self, path: Path) -> None:
        from enumerator_app.bootstrap.laptops import ask_for_help  # noqa: PLC0415 - heavy

        ask_for_help(self._home, path)

    def open_with_help(self, path: Path, operator: str, passphrase: str) -> "Laptop":
        from enumerator_app.bootstrap.laptops import helped_laptop  # noqa: PLC0415 - heavy

        self.day_lock.close()
        laptop = helped_laptop(self._home, path, operator_name=operator, passphrase=passphrase)
        _write(self._home, {_LAST_OPERATOR: operator})
        return laptop

    def rescue(self, operator: str, passphrase: str) -> tuple["Laptop", str]:
        from enumerator_app.bootstrap.laptops import rescued_laptop  # noqa: PLC0415 - heavy
        from enumerator_app.bootstrap.rescue_words import rescue_words  # noqa: PLC0415 - as above

        self.day_lock.close()
        laptop, rescued = rescued_laptop(self._home, passphrase, operator_name=operator)
        return laptop, " ".join(rescue_words(rescued, laptop.store.set_aside))

    def begin_anew(self) -> None:
        from enumerator_app.bootstrap.laptops import begin_anew  # noqa: PLC0415 - heavy

        self.day_lock.close()
        begin_anew(self._home)

    def enrol(self, server: str, code: str, operator: str, passphrase: str) -> "Laptop":
        from enumerator_app.bootstrap.laptops import enrol_laptop  # noqa: PLC0415 - heavy

        return enrol_laptop(
            self._home,
            server_url=server,
            code=code,
            operator_name=operator,
            passphrase=passphrase,
        )

    def practise(self, operator: str, passphrase: str) -> "Laptop":
        from enumerator_app.bootstrap.laptops import practice_laptop  # noqa: PLC0415 - heavy

        return practice_laptop(self._home, operator_name=operator, passphrase=passphrase)

    def quick_operator(self) -> str:
        return self.day_lock.operator() if self.is_warm else ""

    def try_digits(self, digits: str) -> "Laptop":
        return self.day_lock.try_digits(digits)

    def set_digits(self, digits: str) -> None:
        self.day_lock.set_digits(digits)

    def tries_left(self) -> int:
        return self.day_lock.tries_left()

    def lock(self, laptop: "Laptop") -> None:
        self.day_lock.lock(laptop)

    def close(self) -> None:
        if self.is_warm:
            self.day_lock.close()


def _names_in(keys: Path) -> list[str]:
    try:
        content = json.loads(keys.read_text(encoding="utf-8"))
        return [str(slot["name"]) for slot in content["keys"]["slots"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _load_preferences(home: Path, language: Language | None) -> Preferences:
    known: dict[str, Any] = _read(home)
    fields = {name: known[name] for name in asdict(Preferences()) if name in known}
    try:
        preferences = Preferences(**fields)
    except TypeError:
        preferences = Preferences()
    if language is None:
        return preferences
    return Preferences(language, preferences.contrast, preferences.text_percent)


def _save_preferences(home: Path, preferences: Preferences) -> None:
    _write(home, asdict(preferences))


def _read(home: Path) -> dict[str, Any]:
    """Return what is kept in plain text about the window: nothing personal but staff's names."""
    try:
        known = json.loads((home / _PREFERENCES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(home: Path, changes: dict[str, Any]) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = json.dumps({**_read(home), **changes})
    part = home / f"{_PREFERENCES}.part"
    part.write_text(content, encoding="utf-8")
    part.replace(home / _PREFERENCES)

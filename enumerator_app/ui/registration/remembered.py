"""What the next person takes over: the values of the group, and the last words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import SHARED_FIELDS, Form

MOST_WORDS: Final = 5
_SHARED_SETTING: Final = "form.shared"
_ADDRESSES: Final = "form.addresses"
_BIRTH_PLACES: Final = "form.birth_places"


def read_shared(laptop: LaptopPort) -> dict[str, str]:
    """Return the group's values of the last form; empty on a new laptop."""
    kept = json.loads(laptop.setting(_SHARED_SETTING) or "{}")
    return {name: str(kept[name]) for name in SHARED_FIELDS if kept.get(name)}


@dataclass(frozen=True)
class LastWords:
    """What was typed last, newest first: kampung and birth places."""

    addresses: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()

    def after(self, form: Form) -> "LastWords":
        """Return the lists with what this form says in front."""
        return LastWords(
            _with_word(self.addresses, form.value("address")),
            _with_word(self.birth_places, form.value("birth_place")),
        )


def read_last(laptop: LaptopPort) -> LastWords:
    """Return what was typed last; nothing on a new laptop."""
    kept = (json.loads(laptop.setting(name) or "[]") for name in (_ADDRESSES, _BIRTH_PLACES))
    return LastWords(*map(tuple, kept))


def remember(laptop: LaptopPort, form: Form, last: LastWords) -> None:
    """Keep what a new form starts from; for a worker thread."""
    shared = {name: form.value(name) for name in SHARED_FIELDS if form.value(name)}
    _set_if_new(laptop, _SHARED_SETTING, shared)
    _set_if_new(laptop, _ADDRESSES, list(last.addresses))
    _set_if_new(laptop, _BIRTH_PLACES, list(last.birth_places))


def _with_word(words: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return the list with `typed` in front, without repeats, at most five."""
    if not typed.strip():
        return words
    others = (kept for kept in words if kept.casefold() != typed.strip().casefold())
    return (typed.strip(), *others)[:MOST_WORDS]


def _set_if_new(laptop: LaptopPort, name: str, value: Mapping[str, str] | list[str]) -> None:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if laptop.setting(name) != written:
        laptop.set_setting(name, written)

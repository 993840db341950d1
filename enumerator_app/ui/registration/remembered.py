"""What the next person takes over: the values of the group, and the last five kampung."""

import json
from collections.abc import Mapping
from typing import Final

from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import SHARED_FIELDS, Form

MOST_ADDRESSES: Final = 5
_SHARED_SETTING: Final = "form.shared"
_ADDRESSES_SETTING: Final = "form.addresses"


def read_shared(laptop: LaptopPort) -> dict[str, str]:
    """Return the group's values of the last form; empty on a new laptop."""
    kept = json.loads(laptop.setting(_SHARED_SETTING) or "{}")
    return {name: str(kept[name]) for name in SHARED_FIELDS if kept.get(name)}


def read_addresses(laptop: LaptopPort) -> tuple[str, ...]:
    """Return the kampung that were typed last, newest first."""
    return tuple(json.loads(laptop.setting(_ADDRESSES_SETTING) or "[]"))


def remember(laptop: LaptopPort, form: Form, addresses: tuple[str, ...]) -> None:
    """Keep what a new form starts from; for a worker thread."""
    shared = {name: form.value(name) for name in SHARED_FIELDS if form.value(name)}
    _set_if_new(laptop, _SHARED_SETTING, shared)
    _set_if_new(laptop, _ADDRESSES_SETTING, list(addresses))


def with_address(addresses: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return the list with `typed` in front, without repeats, at most five."""
    if not typed.strip():
        return addresses
    others = (kept for kept in addresses if kept.casefold() != typed.strip().casefold())
    return (typed.strip(), *others)[:MOST_ADDRESSES]


def _set_if_new(laptop: LaptopPort, name: str, value: Mapping[str, str] | list[str]) -> None:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if laptop.setting(name) != written:
        laptop.set_setting(name, written)

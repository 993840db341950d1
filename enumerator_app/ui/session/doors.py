"""What the window needs from outside before and around an open laptop: plain calls."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.unlock.presenter import Help, QuickUnlock, Rescue


@dataclass(frozen=True)
class Doors:
    """All but `has_home` and the preferences may be slow: they run beside the window.

    `unlock`, `enrol` and `practise` return an open laptop or raise `KnownError`.
    """

    home: Path
    has_home: Callable[[], bool]
    operators: Callable[[], list[str]]
    unlock: Callable[[str, str], Any]
    enrol: Callable[[str, str, str, str], Any]
    practise: Callable[[str, str], Any]
    lock: Callable[[Any], None]
    quick: QuickUnlock
    help: Help
    rescue: Rescue
    warm_up: Callable[[], None]
    close: Callable[[], None]
    load_preferences: Callable[[], Preferences]
    save_preferences: Callable[[Preferences], None]

"""The settings page as the shell takes it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import QObject, Signal

from enumerator_app import __version__
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.letterhead import OfficeLetterhead
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.settings.presenter import SettingsActions, SettingsPresenter
from enumerator_app.ui.settings.state import Offsets, SettingsFacts
from enumerator_app.ui.settings.view import SettingsView
from enumerator_app.ui.unlock.state import OperatorEntry
from enumerator_app.ui.worker_words import long_moment_words


class SettingsPage(QObject):
    """Joins presenter and view with what the laptop can do to itself."""

    preferences_chosen = Signal(object)

    def __init__(
        self, laptop: Laptop, preferences: Callable[[], Preferences], *, parent: QObject
    ) -> None:
        super().__init__(parent)
        upkeep = laptop.upkeep
        actions = SettingsActions(
            facts=lambda: settings_facts(laptop),
            save_offsets=lambda moved: upkeep.set_offsets_tenths(
                moved.right_tenths, moved.down_tenths
            ),
            add_operator=upkeep.add_operator,
            back_up=upkeep.back_up,
            write_diagnostics=upkeep.write_diagnostics,
        )
        self.presenter = SettingsPresenter(actions, preferences, parent=self)
        self.presenter.preferences_chosen.connect(self.preferences_chosen)

    def build(self) -> SettingsView:
        view = SettingsView(today=_today)
        self.presenter.attach(view)
        return view

    def refresh(self) -> None:
        """Nothing here changes by what other pages do."""

    def stop(self) -> None:
        self.presenter.detach()


def settings_facts(laptop: Laptop) -> SettingsFacts:
    """Return what the page says of this laptop; reads the disk."""
    office, copied = laptop.upkeep.office(), laptop.upkeep.last_backup()
    right, down = laptop.upkeep.offsets_tenths()
    seen = office.last_sync
    return SettingsFacts(
        offsets=Offsets(right, down),
        operators=tuple(OperatorEntry(name) for name in laptop.upkeep.operators()),
        operator=laptop.operator_name,
        office_name=office.name,
        office_address="" if laptop.is_practice else office.address,
        office_seen=long_moment_words(seen.at) if seen else "",
        letterhead=letterhead_lines(office.letterhead),
        logo=office.letterhead.logo if office.letterhead else None,
        device_code=office.device_code,
        last_backup=long_moment_words(instant_from_text(copied)) if copied else "",
        version=__version__,
    )


def letterhead_lines(kept: OfficeLetterhead | None) -> tuple[tuple[str, str], ...]:
    """Return what the office set for the papers, as the page lists it; empty values stay out."""
    if kept is None:
        return ()
    said = kept.settings
    ask_by = shown_date(said.ask_by) if said.ask_by else ""
    issued = long_moment_words(kept.issued_at) if kept.issued_at else ""
    lines = {
        "government": said.government, "agency": said.office, "posko": said.posko_phone,
        "complaint": said.complaint_phone, "insurer": said.insurer_phone, "ask_by": ask_by,
        "issued": issued,
    }  # fmt: skip
    return tuple((f"settings.letterhead_{name}", value) for name, value in lines.items() if value)


def _today() -> date:
    return day_in_wib(datetime.now(UTC))

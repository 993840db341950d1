"""The settings page as the shell takes it."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter

from enumerator_app import __version__
from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.services.keeping_time import CHOICES
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.letterhead import OfficeLetterhead
from enumerator_app.services.printers import Placement
from enumerator_app.texts import text, thousands
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.printing.dialogs import Dialogs, SystemDialogs
from enumerator_app.ui.printing.paper_run import print_pdf
from enumerator_app.ui.settings.presenter import SettingsActions, SettingsPresenter
from enumerator_app.ui.settings.state import KeepingFacts, Offsets, PrinterFacts, SettingsFacts
from enumerator_app.ui.settings.view import SettingsView
from enumerator_app.ui.unlock.state import OperatorEntry
from enumerator_app.ui.worker_words import long_moment_words


class SettingsPage(QObject):
    """Joins presenter and view with what the laptop can do to itself."""

    preferences_chosen = Signal(object)
    printer_changed = Signal()

    def __init__(
        self,
        laptop: Laptop,
        preferences: Callable[[], Preferences],
        *,
        dialogs: Dialogs | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._laptop, self._dialogs = laptop, dialogs or SystemDialogs()
        upkeep, printers = laptop.upkeep, laptop.printing.printers
        actions = SettingsActions(
            facts=lambda: settings_facts(laptop, self._dialogs.printer_names()),
            save_offsets=lambda moved: printers.set_placement(
                printers.chosen(), Placement(*astuple(moved))
            ),
            choose_printer=printers.choose,
            print_by_itself=lambda wanted: printers.set_print_by_themselves(wanted=wanted),
            add_operator=upkeep.add_operator,
            back_up=upkeep.back_up,
            auto_send=laptop.auto_send.set_mode,
            keep_days=laptop.keeping.set_days,
            write_diagnostics=upkeep.write_diagnostics,
        )
        self.presenter = SettingsPresenter(actions, preferences, parent=self)
        self.presenter.preferences_chosen.connect(self.preferences_chosen)
        self.presenter.printer_changed.connect(self.printer_changed)

    def build(self) -> SettingsView:
        view = SettingsView(today=_today)
        self.presenter.attach(view)
        self.presenter.test_page_wanted.connect(lambda: self._print_test_page(view))
        return view

    def _print_test_page(self, view: SettingsView) -> None:
        """Print the page that is folded to read the offsets; without a printer, save it."""
        laptop, two_sided = self._laptop, self._prints_both_sides()
        sheet: Final = "a4-10" if two_sided else "a4-5-fold"
        if not self._dialogs.has_printer():
            path = self._dialogs.ask_file(view, _today())
            if path is not None:
                done = text("settings.test_page_saved", name=path.name)
                write = partial(laptop.printing.calibration, path, two_sided=two_sided)
                self.presenter.do("test_page", write, done)
            return
        chosen = laptop.printing.printers.chosen()
        printer = self._dialogs.printer_named(chosen, sheet) if chosen else None
        printer = printer or self._dialogs.ask_printer(view, sheet)
        if printer is not None:
            work = partial(_print_calibration, laptop, printer, two_sided=two_sided)
            self.presenter.do("test_page", work, text("settings.test_page_printed"))

    def _prints_both_sides(self) -> bool:
        return self._laptop.setting("printing.sheet") == "a4-10"

    def refresh(self) -> None:
        """Nothing here changes by what other pages do."""

    def stop(self) -> None:
        self.presenter.detach()


def _print_calibration(laptop: Laptop, printer: QPrinter, *, two_sided: bool) -> int:
    page = BytesIO()
    laptop.printing.calibration(page, two_sided=two_sided)
    return print_pdf(page.getvalue(), printer, lambda _done, _all: None, lambda: False)


def settings_facts(laptop: Laptop, printer_names: tuple[str, ...] = ()) -> SettingsFacts:
    """Return what the page says of this laptop; reads the disk."""
    office, copied = laptop.upkeep.office(), laptop.upkeep.last_backup()
    printers = laptop.printing.printers
    chosen = printers.chosen()
    seen = office.last_sync
    return SettingsFacts(
        offsets=Offsets(*astuple(printers.placement(chosen))),
        printers=PrinterFacts(printer_names, chosen, printers.print_by_themselves()),
        operators=tuple(OperatorEntry(name) for name in laptop.upkeep.operators()),
        operator=laptop.operator_name,
        office_name=office.name,
        office_address="" if laptop.is_practice else office.address,
        office_seen=long_moment_words(seen.at) if seen else "",
        letterhead=letterhead_lines(office.letterhead),
        logo=office.letterhead.logo if office.letterhead else None,
        device_code=office.device_code,
        device_key=office.device_key,
        last_backup=long_moment_words(instant_from_text(copied)) if copied else "",
        keeping=keeping_facts(laptop),
        auto_send=laptop.auto_send.mode(),
        version=__version__,
    )


def keeping_facts(laptop: Laptop) -> KeepingFacts:
    """Return how long content stays, and what of it has left or is about to."""
    standing = laptop.keeping.standing()
    said = []
    if standing.next_on:
        day = shown_date(day_in_wib(standing.next_on))
        said.append(text("keeping.announced", n=thousands(standing.announced), day=day))
    if standing.wiped:
        said.append(text("keeping.gone", n=thousands(standing.wiped)))
    choices = tuple(sorted({*CHOICES, standing.keep_days}))
    return KeepingFacts(standing.keep_days, choices, tuple(said))


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

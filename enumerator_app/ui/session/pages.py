"""The pages of one open laptop, joined: what one page changed, the others show."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from PySide6.QtCore import QObject

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.battery import Battery, read_battery
from enumerator_app.ui.benefits.page import BenefitsPage
from enumerator_app.ui.checking.page import CheckingPage
from enumerator_app.ui.corrections.page import CorrectionsPage
from enumerator_app.ui.home.page import HomePage
from enumerator_app.ui.kit import RowContent
from enumerator_app.ui.latest import Latest, close_lanes
from enumerator_app.ui.other_papers.page import OtherPapersPage
from enumerator_app.ui.printing.page import PrintingPage
from enumerator_app.ui.ready.page import ReadyPage
from enumerator_app.ui.registration.page import RegistrationPage
from enumerator_app.ui.sending.page import SendingPage
from enumerator_app.ui.sending.state import Step, log_steps
from enumerator_app.ui.session.auto_sending import AutoSending
from enumerator_app.ui.session.settings_page import SettingsPage
from enumerator_app.ui.session.tray_joins import join_tray
from enumerator_app.ui.session.visit_joins import VisitJoins, look_around, visit_line
from enumerator_app.ui.shell import Command, MainWindow, Page, ShellState
from enumerator_app.ui.visit.page import VisitPage
from enumerator_app.ui.worker_words import place_words
from enumerator_app.ui.workers.page import WorkersPage

if TYPE_CHECKING:
    from enumerator_app.services.looking import Counts

_PLACES: Final = (
    ("home", "house", "F1"),
    ("registration", "user-plus", "F2"),
    ("workers", "users", "F3"),
    ("printing", "printer", "F4"),
    ("corrections", "wrench", "F5"),
    ("sending", "paper-plane-tilt", "F9"),
    ("settings", "gear", ""),
    ("visit", "users-three", ""),
    ("ready", "first-aid-kit", ""),
    ("other_papers", "files", ""),
    ("checking", "shield-check", "F12"),
)
_OFF_RAIL: Final = ("visit", "ready", "other_papers", "checking")
_FOUND_AT_MOST: Final = 6
_LOG_LINES: Final = 6


class LaptopPages(QObject):
    """Makes the pages once, shows them in the window, and keeps its honest line true."""

    def __init__(
        self,
        laptop: Laptop,
        window: MainWindow,
        lock: Callable[[], None],
        *,
        battery: Callable[[], Battery | None] = read_battery,
        idle_s: Callable[[], float] = lambda: 0.0,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.laptop, self._window, self._lock = laptop, window, lock
        self._counting = Latest(self)
        self.back_to = "home"
        self.home = HomePage(laptop, parent=self)
        self.registration = RegistrationPage(laptop, parent=self)
        self.workers = WorkersPage(laptop, parent=self)
        self.printing = PrintingPage(laptop, battery=battery, parent=self)
        self.other_papers = OtherPapersPage(
            laptop, folder=laptop.store.temporary, battery=battery, parent=self
        )
        self.corrections = CorrectionsPage(laptop, parent=self)
        log = partial(_log, laptop)
        self.sending = SendingPage(laptop, log=log, parent=self)
        self.auto = AutoSending(
            laptop.auto_send, self.sending.presenter, battery=battery, idle_s=idle_s, parent=self
        )
        self.settings = SettingsPage(laptop, lambda: window.preferences, parent=self)
        self.benefits = BenefitsPage(laptop, parent=self)
        self.visit = VisitPage(laptop, parent=self)
        self.checking = CheckingPage(laptop.checking, parent=self)
        self.ready = ReadyPage(laptop, partial(look_around, battery), parent=self)
        self._state = ShellState(operator=laptop.operator_name, is_practice=laptop.is_practice)
        self._connect()
        self.joins = VisitJoins(self, window, lock, battery)
        join_tray(self.printing.tray, self.registration, self.settings, window, self.count)

    def show(self, open_key: str = "home") -> None:
        """Put the frame in the window, with one page open."""
        self._window.show_pages(
            [self._page(*place) for place in _PLACES],
            commands=(
                Command(
                    key="benefits",
                    icon="hand-pointing",
                    title_key="benefits.command",
                    act=self.show_benefits,
                ),
            ),
            find_people=partial(_found, self.laptop),
            open_key=open_key,
        )
        self._window.render(self._state)
        self.count()
        self.joins.start()
        self.auto.start()

    def show_benefits(self) -> None:
        """Turn the laptop round: large pages without anybody's data, and no frame."""
        self.back_to = self._window.open_key or "home"
        self._window.show_front(self.benefits.build)

    def stop(self) -> None:
        """Keep what is being typed, end what runs, and let the views go."""
        self._window.page_opened.disconnect(self._on_page_opened)
        self._window.person_chosen.disconnect(self._on_person_chosen)
        self._window.help_wanted.disconnect(self._on_help)
        self.joins.stop()
        self.auto.stop()
        close_lanes(self)
        for page in self._all():
            page.stop()

    def count(self) -> None:
        """Count anew for the line on top, beside the window."""
        laptop = self.laptop
        self._counting.ask(
            lambda: (laptop.counts(), visit_line(laptop)),
            self._on_counted,
            lambda _: self._show(is_counted=False),
        )

    def _all(self) -> tuple[Any, ...]:
        """Return every page, the one where something is typed first."""
        others = [key for key, *_ in _PLACES if key != "registration"]
        return tuple(getattr(self, key) for key in ("registration", *others, "benefits"))

    def _page(self, key: str, icon: str, shortcut: str) -> Page:
        return Page(
            key=key,
            icon=icon,
            title_key=f"shell.{key}",
            build=getattr(self, key).build,
            shortcut=shortcut,
            at_bottom=key == "settings",
            on_rail=key not in _OFF_RAIL,
        )

    def _connect(self) -> None:
        window = self._window
        window.page_opened.connect(self._on_page_opened)
        window.person_chosen.connect(self._on_person_chosen)
        window.help_wanted.connect(self._on_help)
        self.home.page_asked.connect(self.open)
        self.registration.committed.connect(self._on_changed)
        self.registration.worker_opened.connect(self._on_person_chosen)
        self.workers.committed.connect(self._on_changed)
        self.workers.correct_asked.connect(self._on_correct)
        self.workers.print_asked.connect(self._on_print)
        self.workers.papers_asked.connect(self._on_papers)
        self.printing.changed.connect(self._on_changed)
        self.printing.workers_asked.connect(partial(window.open_page, "workers"))
        self.corrections.committed.connect(self._on_changed)
        self.corrections.form_asked.connect(self._on_correct)
        self.sending.changed.connect(self._on_changed)
        self.sending.stick.kept.connect(self._on_stick)
        self.auto.said.connect(self._on_office)
        self.sending.stick.refresh()
        self.sending.corrections_asked.connect(partial(window.open_page, "corrections"))
        self.sending.lock_asked.connect(self._lock)
        self.sending.page_asked.connect(self.open)
        self.settings.preferences_chosen.connect(window.set_preferences)
        self.benefits.closed.connect(lambda: self.show(self.back_to))
        self.printing.others_asked.connect(partial(self.open, "other_papers"))
        self.other_papers.page_asked.connect(self.open)
        self.visit.page_asked.connect(self.open)
        self.ready.page_asked.connect(self.open)

    def _on_page_opened(self, key: str) -> None:
        page = getattr(self, key, None)
        if page is not None and hasattr(page, "refresh"):
            page.refresh()

    def open(self, key: str) -> None:
        """Open a page or a kind of sheet, or turn the laptop round for the pages that explain."""
        if key == "benefits":
            self.show_benefits()
        else:
            self._window.open_page(self.other_papers.taken(key, self._window.open_key))

    def _on_changed(self) -> None:
        self.count()
        open_page = getattr(self, self._window.open_key, None)
        if open_page is not None and open_page is not self.sender():
            open_page.refresh()

    def _on_person_chosen(self, subject: str) -> None:
        self._window.open_page("workers")
        self.workers.open_person(subject)

    def _on_help(self, key: str) -> None:
        page = getattr(self, key, None)
        if page is not None and hasattr(page, "help"):
            page.help()

    def _on_correct(self, subject: str) -> None:
        self._window.open_page("registration")
        self.registration.presenter.saving.correct(UUID(subject))

    def _on_print(self, subject: str) -> None:
        self._window.open_page("printing")
        self.printing.open_person(subject)

    def _on_papers(self, subjects: tuple[UUID, ...]) -> None:
        self._window.open_page("printing")
        self.printing.open_people(subjects)

    def _on_counted(self, answer: object) -> None:
        counts, (visit, detail) = cast("tuple[Counts, tuple[str, str]]", answer)
        self._show(
            visit=visit,
            visit_detail=detail,
            is_counted=True,
            is_stopped=counts.is_stopped,
            not_sent=counts.pending,
            entries_not_sent=counts.entries_pending,
            photos_not_sent=counts.photos_pending,
            received=counts.received,
            to_correct=counts.to_correct,
            badges={
                "printing": counts.waiting_print,
                "corrections": counts.to_correct,
                "sending": counts.pending,
            },
        )

    def _on_office(self, line: str) -> None:
        self._show(office=line)

    def _on_stick(self, has_every_save: object) -> None:
        self._show(has_stick=bool(has_every_save))

    def _show(self, **changed: Any) -> None:
        self._state = replace(self._state, **changed)
        self._window.render(self._state)


def _log(laptop: Laptop) -> tuple[Step, ...]:
    return log_steps(laptop.sync_log.read(_LOG_LINES))


def _found(laptop: Laptop, words: str) -> list[RowContent]:
    """Return the people that Ctrl+K shows for what is typed."""
    return [
        RowContent(
            key=str(worker.subject),
            title=worker.name,
            subtitle=place_words(worker.village_code, laptop.places),
            aside=worker.number,
        )
        for worker in laptop.search(words, limit=_FOUND_AT_MOST)
    ]

"""What the visit has to do with the other pages: the strip, the pages that explain, the lock."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject

from enumerator_app.services.laptop import Laptop
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.battery_watch import BatteryWatch
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.ready.drives import has_flash_drive
from enumerator_app.ui.ready.state import Around
from enumerator_app.ui.registration.camera import has_camera
from enumerator_app.ui.visit.state import day_words, groups_words, place_title
from enumerator_app.ui.worker_words import kind_and_place_words, place_words

if TYPE_CHECKING:
    from enumerator_app.services.visit_standing import VisitStanding
    from enumerator_app.ui.benefits.page import BenefitsPage
    from enumerator_app.ui.registration.page import RegistrationPage
    from enumerator_app.ui.shell import MainWindow
    from enumerator_app.ui.visit.page import VisitPage


class Joined(Protocol):
    """The pages of the open laptop as they meet here."""

    back_to: str
    laptop: Laptop
    visit: "VisitPage"
    benefits: "BenefitsPage"
    registration: "RegistrationPage"

    def count(self) -> None: ...


def visit_line(laptop: Laptop) -> tuple[str, str]:
    """Return the two lines of the strip about the open visit; empty without one."""
    standing = laptop.visits.book.current()
    if standing is None:
        return "", ""
    visit = standing.visit
    words = place_words if visit.place else kind_and_place_words
    village = words(visit.village_code, laptop.places)
    return place_title(visit, village), f"{day_words(visit)} · {groups_words(visit)}"


def look_around(battery: Callable[[], Battery | None]) -> Around:
    """Return what the window sees of the machine it runs on."""
    return Around(battery(), has_camera(), has_flash_drive())


_SAID_AT_THE_TABLE: Final = {"finish": "finish", "close": "stop"}


class VisitJoins(QObject):
    """Joins the visit page with everything around it."""

    def __init__(
        self,
        pages: Joined,
        window: "MainWindow",
        lock: Callable[[], None],
        battery: Callable[[], Battery | None],
    ) -> None:
        assert isinstance(pages, QObject)
        super().__init__(pages)
        self._pages, self._window, self._lock = pages, window, lock
        pages.visit.changed.connect(self._on_changed)
        pages.visit.rest_asked.connect(lock)
        pages.benefits.finished.connect(self._on_explained)
        window.visit_clicked.connect(self._on_clicked)
        self._asking = Latest(self)
        self.battery = BatteryWatch(battery, parent=self)
        self.battery.reached.connect(self._on_battery)

    def start(self) -> None:
        """The laptop was opened: go on where a rest began, and look at the battery."""
        book = self._pages.laptop.visits.book
        self._asking.ask(book.current, self._on_opened, _ignored)
        self._pages.visit.refresh()
        self.battery.look()

    def stop(self) -> None:
        self.battery.stop()

    def _on_opened(self, standing: "VisitStanding | None") -> None:
        if standing is not None and standing.paused_at and self._window.open_key == "home":
            self._window.open_page("visit")

    def _on_battery(self, level: str, percent: int) -> None:
        alarm = text(f"battery.{_SAID_AT_THE_TABLE[level]}", n=percent) if level else ""
        self._pages.registration.presenter.update(alarm=alarm)
        visit = self._pages.visit.presenter
        if level == "close":
            words = text("battery.close", n=percent)  # true once it is closed, so said there only
            visit.ending.close_for_battery(words, self._on_clicked)
        elif visit.state.notice:
            visit.update(notice="")  # charged again

    def _on_changed(self) -> None:
        self._pages.count()
        self._pages.registration.refresh()

    def _on_explained(self) -> None:
        """Everybody has seen the pages: who can witness that?"""
        visit = self._pages.visit.presenter
        if visit.state.standing is not None and visit.state.standing.visit.consent is None:
            self._pages.back_to = "visit"
            visit.ask_consent()

    def _on_clicked(self) -> None:
        self._window.open_page("visit")


def _ignored(_: object) -> None:
    return None

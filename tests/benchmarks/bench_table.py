"""How many keys and how much time one worker takes at the table: counted and modelled.

    python -m tests.benchmarks.bench_table [--page docs/time_at_the_table.md]

The real window stands on a real encrypted file. A script presses the keys of the typical worker:
a name of 13 letters, two heirs, a photo, and for every second person a phone number of 12 digits.
Somebody was registered before, so that the last kampung and birth place are known. What counts are
the key presses that the window received. Each is given the time of the keystroke-level model:

    a letter or Enter 0.28 s, a digit copied from a card 0.45 s, and before the first key in a field
    1.35 s to look at the card and to prepare (no mouse is used, no hand moves)

Talk (42 s) and what is done by hand (17 s, on a hit 19 s) are estimates of the plan and stay apart.
The window's own clock for the seconds of each section runs on the modelled time, so the record's
paradata can be compared with what was counted from outside.
"""

import argparse
import io
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.invitations import shown_invitation
from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.preferences import Preferences
from enumerator_app.ui.registration.camera import Camera
from enumerator_app.ui.session.pages import LaptopPages
from enumerator_app.ui.session.run import application
from enumerator_app.ui.shell import MainWindow
from sync.server.devices import add_device
from sync.server.worklist.keeping import import_worklist
from tests.benchmarks.bench_typing import VILLAGE, until, wait
from tests.server.offices import new_office, serving
from tests.storage.laptops import person
from tests.ui.open_laptops import CHEAP, OPERATOR, PASSPHRASE

LETTER_S, DIGIT_S, PREPARE_S = 0.28, 0.45, 1.35
TALK_S, PHYSICAL_S, PHYSICAL_HIT_S = 42.0, 17.0, 19.0
EXPECTED: Final = (
    "SITI MAEMUNAH", "TUTI SUMARNIK", "WATI RUHAENAH", "ENIH SUKAESIH", "UJANG SUTISNA",
    "ASEP KURNIAWAN", "DEDI MULYANAH", "YAYAT HIDAYAT", "ROHMAT SUGANDA", "NENG KOMARIAH",
    "CARTI KUSTINAH", "OMAN ABDURAHMAN",
)  # fmt: skip
FEWEST_LETTERS: Final = 3
SEEN_MS: Final = 500
PAPER_KEYS, PAPER_S = 265, 354.0
GATE: Final = {
    "keys_to_paper": 0.45,
    "seconds": 120.0,
    "hit_seconds": 100.0,
    "letter_seconds": 100.0,
}

COPIED = {"nik", "nik_again", "birth_date", "rt_rw", "phone"}  # digits read from a card or said
SECTIONS = {
    "nik": "nik", "nik_again": "nik", "name": "name", "sex": "birth", "birth_place": "birth",
    "birth_date": "birth", "mother_name": "mother", "address": "address", "rt_rw": "address",
    "phone": "phone", "works_now": "work", "works_since": "work", "photo": "photo",
    "consent": "consent",
}  # fmt: skip
ORDER = (
    "nik", "name", "birth", "mother", "address", "phone", "work", "heir 1", "heir 2", "photo",
    "consent",
)  # fmt: skip
PAPER_LIKE = {
    "nik": 17, "name": 17, "birth": 20, "mother": 8, "address": 47, "phone": 7, "heir 1": 33,
    "heir 2": 30, "consent": 2,
}  # fmt: skip
"""Keys of typing from a paper-like form; what is not asked any more is in the total alone."""


@dataclass
class Table:
    """What was counted for one person: keys and modelled seconds by section."""

    keys: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    paradata: dict[str, int] = field(default_factory=dict)

    @property
    def hands_s(self) -> float:
        return sum(self.seconds.values())


class Eyes(QObject):
    """Sees each key that the window receives, and moves the modelled clock on."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.now = 0.0
        self.table = Table()
        self._before = ""
        application.installEventFilter(self)

    def clock(self) -> float:
        return self.now

    @contextmanager
    def counting(self) -> Iterator[Table]:
        counted = self.table = Table()
        self._before = ""
        yield counted
        self.table = Table()  # what is pressed between two people belongs to nobody

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        target = QApplication.activePopupWidget() or QApplication.focusWidget()
        if is_press and event.spontaneous() and watched is target:
            place = QApplication.focusWidget().objectName().removeprefix("form.")
            self._count(place, event.text(), is_more=place != self._before)
            self._before = place
        return False

    def _count(self, place: str, typed: str, *, is_more: bool) -> None:
        copied = typed.isdecimal() and place in COPIED
        took = (DIGIT_S if copied else LETTER_S) + (PREPARE_S if is_more else 0)
        section = section_of(place)
        self.table.keys[section] += 1
        self.table.seconds[section] += took
        self.now += took


def section_of(place: str) -> str:
    if place.startswith("heir."):
        return f"heir {int(place.split('.')[1]) + 1}"
    return SECTIONS[place]


class StillCamera(Camera):
    """A camera before which nothing moves: real frames of one picture, without a device."""

    def _open(self) -> None:
        written = io.BytesIO()
        Image.effect_noise((640, 480), 60).convert("RGB").save(written, "PNG")
        self._last = QImage.fromData(written.getvalue())
        self._camera = QObject(self)

    def start(self) -> None:
        self.frame_arrived.emit(self._last)

    def stop(self) -> None:
        pass


class Hands:
    """Presses one key after the other, wherever the cursor is."""

    def type(self, words: str) -> None:
        for letter in words:
            QTest.keyClicks(_target(), letter)

    def line(self, words: str) -> None:
        self.type(words)
        self.key(Qt.Key.Key_Return)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(_target(), key, held)


def _target() -> QObject:
    return QApplication.activePopupWidget() or QApplication.focusWidget()


class Session:
    """One window, in which people are registered one after the other."""

    def __init__(self, pages: LaptopPages, window: MainWindow, eyes: Eyes) -> None:
        self.pages, self.eyes, self.hands = pages, eyes, Hands()
        pages.registration._camera = StillCamera(pages.registration)
        window.open_page("registration")
        self.mind = pages.registration.presenter
        self.mind.whereabouts._clock = eyes.clock
        until(lambda: self.mind.state.form.value("village_code"))
        application().installEventFilter(eyes)  # again, so that it sees a key before all others

    def save(self) -> None:
        before = self.mind.state.saved
        self.hands.key(Qt.Key.Key_Return)
        until(lambda: self.mind.state.saved not in (None, before) and not self.mind.state.is_busy)

    def paradata(self) -> dict[str, int]:
        saved = self.mind.state.saved
        assert saved is not None
        return dict(self.pages.laptop.registration(saved.subject).paradata)

    def somebody_before(self) -> None:
        """Type a person whole: kampung and birth place are offered from then on."""
        for words in (
            "3216130107680001" + "0001" + "karta wijaya", "l" + "bekasi", "01071968" + "aminah",
            "Kp. Pulo Asem", "3/1",
        ):  # fmt: skip
            self.hands.line(words)
        self.hands.type("-b1990i")
        self.hands.line("siti aminah")
        self.hands.line("50")
        self.hands.type(" y")
        until(lambda: self.mind.state.form.photo is not None)
        self.save()

    def typical(self, number: int, *, phone: str) -> Table:
        """Register the typical worker from a KTP in the hand."""
        serial = f"{number:04d}"
        with self.eyes.counting() as table:
            self.hands.type(f"321613520374{serial}{serial}")
            self.hands.line("siti maemunah")
            self.hands.type("y")
            self.hands.line("b")
            self.hands.line("ruminah")
            self.hands.key(Qt.Key.Key_Down)
            self.hands.key(Qt.Key.Key_Return)
            self.hands.line("3/1")
            self._rest(phone)
        table.paradata = self.paradata()
        return table

    def on_digits(self, number: int, *, phone: str) -> Table:
        """Register somebody of the village's list, found by the last four digits of the KTP."""
        with self.eyes.counting() as table:
            self.hands.line(serial_of(number))
            until(lambda: bool(self.mind.state.form.listed))
            assert self.mind.state.form.value("name") == EXPECTED[number]
            self._confirmed(phone)
        table.paradata = self.paradata()
        return table

    def on_a_name(self, number: int, *, phone: str) -> Table:
        """Register somebody of the village's list, found by a part of the name."""
        name = EXPECTED[number]
        with self.eyes.counting() as table:
            for count, letter in enumerate(name.lower(), start=1):  # until nobody else is meant
                self.hands.type(letter)
                if count >= FEWEST_LETTERS and self._is_alone(name):
                    break
            self.hands.key(Qt.Key.Key_Return)
            until(lambda: bool(self.mind.state.form.listed))
            assert self.mind.state.form.value("name") == name
            self.hands.type(serial_of(number))
            self._confirmed(phone)
        table.paradata = self.paradata()
        return table

    def _is_alone(self, name: str) -> bool:
        wait(SEEN_MS)
        brought = self.mind.state.brought
        return brought.enter_takes and brought.hits[0].name == name

    def _confirmed(self, phone: str) -> None:
        """Birth and sex are asked aloud; the mother's name and all behind it are typed."""
        self.hands.type("y")
        self.hands.line("ruminah")
        self._rest(phone)

    def on_a_letter(self, number: int, *, phone: str) -> Table:
        """Register somebody who brings the village's letter: its code is scanned, not typed."""
        name = EXPECTED[number]
        (line,) = self.pages.laptop.brought.worklists.find(name, VILLAGE)
        self.hands.line(shown_invitation(line.person.code))  # the scanner's keys, not the hand's
        until(lambda: bool(self.mind.state.form.listed))
        with self.eyes.counting() as table:
            self.hands.type(serial_of(number))
            self._confirmed(phone)
        table.paradata = self.paradata()
        return table

    def _rest(self, phone: str) -> None:
        self.hands.type(phone if phone == "-" else f"{phone}")
        if phone != "-":
            self.hands.key(Qt.Key.Key_Return)
        self.hands.type("b2001i")
        self.hands.line("karta sasmita")
        self.hands.type("49+a")
        self.hands.line("endah karta")
        self.hands.line("12")
        self.hands.type(" y")
        until(lambda: self.mind.state.form.photo is not None)
        self.save()


def serial_of(number: int) -> str:
    """Return the last digits of the NIK of one who is expected."""
    return f"{number + 11:04d}"


def list_of_a_village(folder: Path) -> Path:
    """Return a list as an office gets it: a few hundred people, and those who come today."""
    path = folder / "daftar.csv"
    others = (person(n) for n in range(300))
    rows = [f"{one.name};;;;{one.address};Karangharja" for one in others]
    for number, name in enumerate(EXPECTED):
        rows.append(
            f"{name};321613520374{serial_of(number)};Bekasi;12-03-1974;Kp. Pulo Asem RT 03/01;"
            "Karangharja"
        )
    path.write_text(
        "\n".join(("Nama;NIK;Tempat lahir;Tgl lahir;Kampung;Desa", *rows)), encoding="utf-8"
    )
    return path


@contextmanager
def expecting(folder: Path) -> Iterator[Laptop]:
    """Yield a laptop that a running office has given the village's list."""
    with closing(new_office(folder / "office", None)) as office, serving(office) as (host, port):
        import_worklist(office, list_of_a_village(folder))
        laptop = enrol_laptop(
            folder / "home",
            server_url=f"http://{host}:{port}",
            code=add_device(office, "Meja").code,
            operator_name=OPERATOR,
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
        with closing(laptop):
            shared = {"village_code": VILLAGE, "programmes": "JKK+JKM", "consent_method": "group"}
            laptop.set_setting("form.shared", json.dumps(shared))
            laptop.sync(lambda _: None, lambda: False)
            yield laptop


def mean(tables: list[Table]) -> Table:
    merged = Table()
    for table in tables:
        merged.keys.update(table.keys)
        merged.seconds.update(table.seconds)
    for counted in (merged.keys, merged.seconds):
        for section in counted:
            counted[section] /= len(tables)
    return merged


def report(
    typed: list[Table], hits: list[Table], letters: list[Table], names: list[Table]
) -> dict[str, object]:
    usual, hit, letter, name = mean(typed), mean(hits), mean(letters), mean(names)
    keys = sum(usual.keys.values())
    seconds = usual.hands_s + TALK_S + PHYSICAL_S
    hit_seconds = hit.hands_s + TALK_S + PHYSICAL_HIT_S
    figures = {
        "keys": round(keys, 1),
        "keys_to_paper": round(keys / PAPER_KEYS, 3),
        "hands_s": round(usual.hands_s, 1),
        "seconds": round(seconds, 1),
        "hit_keys": round(sum(hit.keys.values()), 1),
        "hit_hands_s": round(hit.hands_s, 1),
        "hit_seconds": round(hit_seconds, 1),
        "letter_keys": round(sum(letter.keys.values()), 1),
        "letter_hands_s": round(letter.hands_s, 1),
        "letter_seconds": round(letter.hands_s + TALK_S + PHYSICAL_HIT_S, 1),
        "name_keys": round(sum(name.keys.values()), 1),
        "name_hands_s": round(name.hands_s, 1),
        "name_seconds": round(name.hands_s + TALK_S + PHYSICAL_HIT_S, 1),
    }
    sections = {name: round(usual.keys[name], 1) for name in ORDER}
    counted = {name: round(usual.seconds[name], 1) for name in ORDER}
    return {
        "bench": "table",
        **figures,
        "keys_of": sections,
        "seconds_of": counted,
        "paradata_s": medians(typed),
        "gate": GATE,
        "passes": all(figures[name] <= most for name, most in GATE.items()),
    }


def medians(tables: list[Table]) -> dict[str, float]:
    sections = dict.fromkeys(name for table in tables for name in table.paradata)
    return {
        name: statistics.median(table.paradata.get(name, 0) for table in tables)
        for name in sections
    }


def page(found: dict[str, object]) -> str:
    """Return the page of the documentation that these figures make."""
    keys, seconds = found["keys_of"], found["seconds_of"]
    assert isinstance(keys, dict)
    assert isinstance(seconds, dict)
    rows = [
        f"| {name} | {PAPER_LIKE.get(name, '')} | {keys[name]:g} | {seconds[name]:.1f} |"
        for name in ORDER
    ]
    paradata = found["paradata_s"]
    assert isinstance(paradata, dict)
    return PAGE.format(
        rows="\n".join(rows),
        paradata=", ".join(f"{name} {value:g}" for name, value in paradata.items()),
        paper_keys=PAPER_KEYS, paper_s=PAPER_S, talk=TALK_S, physical=PHYSICAL_S,
        physical_hit=PHYSICAL_HIT_S, share=100 * float(str(found["keys_to_paper"])), **found,
    )  # fmt: skip


PAGE = """# Time at the table

Written by `python -m tests.benchmarks.bench_table --page docs/time_at_the_table.md`; nobody was
observed for it. A script presses the keys of the typical worker in the real window: a KTP in the
hand, a name of 13 letters, two heirs, a photo, for every second person a phone number. Counted
are the key presses that the window received; each has the time of the keystroke-level model (a
letter or Enter 0.28 s, a digit copied from a card 0.45 s, 1.35 s to look and prepare before each
field).

| section | keys, paper-like | keys | hands, seconds |
|---|---|---|---|
{rows}
| **all** | **{paper_keys}** | **{keys:g}** ({share:.0f} %) | **{hands_s:.1f}** |

- At the table: {hands_s:.1f} s of hands, {talk:.0f} s of talk, {physical:.0f} s of what is done by
  hand (the plan's estimates, not ours to count) = **{seconds:.0f} s**. Typing everything as from
  paper: {paper_s:.0f} s. Goal: at most 45 % of the keys and 120 s.
- Somebody on the village's list, which an office gave with the sync: found by the last four digits
  of the KTP and Enter, {hit_keys:g} keys, {hit_hands_s:.1f} s of hands, {talk:.0f} s of talk,
  {physical_hit:.0f} s by hand = **{hit_seconds:.0f} s**; by the scanned code of the village's
  letter, {letter_keys:g} keys and **{letter_seconds:.0f} s**. Goal: at most 100 s for both. By as
  many letters of the name as it takes, {name_keys:g} keys and **{name_seconds:.0f} s**: the last
  digits are still read from the KTP. The list gives name, place of birth and address; day of birth
  and sex are asked aloud on each of these ways, and the mother's name is typed.
- What is not asked any more (shares of heirs, the KK number, job, place and programmes of each
  person) has no row: it is in the total of the paper-like keys alone.
- The record keeps the seconds of each section, and no content (`paradata`). In this run, on the
  modelled clock, their median: {paradata}.
- Without a camera the photo is a file or comes later: "-" and a reason, two keys. A NIK from
  another district has its first six digits typed twice as well: six keys more.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    running = application()
    with tempfile.TemporaryDirectory() as folder:
        with expecting(Path(folder)) as laptop:
            window = MainWindow(Preferences(), motion=False)
            window.resize(1366, 768)
            owner = QObject()
            pages = LaptopPages(laptop, window, lambda: None, parent=owner)
            window.show()
            window.activateWindow()
            pages.show()
            until(window.isActiveWindow)
            session = Session(pages, window, Eyes(running))
            session.somebody_before()
            phones = ("081234567890", "-")
            typed = [session.typical(n + 1, phone=phone) for n, phone in enumerate(phones * 2)]
            hits = [session.on_digits(n, phone=phone) for n, phone in enumerate(phones * 2)]
            letters = [
                session.on_a_letter(n + 4, phone=phone) for n, phone in enumerate(phones * 2)
            ]
            names = [session.on_a_name(n + 8, phone=phone) for n, phone in enumerate(phones * 2)]
            pages.stop()
            finish_jobs(pages)
            window.close()
        running.processEvents()
    found = report(typed, hits, letters, names)
    if options.page:
        options.page.write_text(page(found), encoding="utf-8")
    sys.stdout.write(json.dumps(found) + "\n")
    return 0 if found["passes"] else 1


if __name__ == "__main__":
    sys.exit(main())

"""Take a picture of every state of the registration page, in both languages and at 100 and 200 %.

    python -m tests.registration_screens --output DIR [--only id-200]

A real window of 1366x768 on a real laptop of a real office is worked by keys; in each state the
whole window is drawn to a file and looked through for what is cut. Exit 1 if anything is.
"""

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from enumerator_app.domain.form_policy import FormPolicy
from enumerator_app.services.sample_data.faces import chosen_face
from enumerator_app.services.sample_data.portraits import drawn_portrait
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import set_language
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.registration.earlier import restored_notice
from enumerator_app.ui.registration.keeping import Kept
from enumerator_app.ui.session.run import application
from sync.server.deciding import Verdict, decide_one
from sync.server.deciding_form import set_form_policy
from sync.server.niks import publish_niks
from tests.ui.open_laptops import registered
from tests.ui.table import NIK, Table
from tests.ui.test_listed import World
from tests.ui.visit_day import ALT, CTRL, SHIFT, Day
from tests.ui.visit_steps import Waits

SIZE: Final = (1366, 768)
SETTLED_MS: Final = 400  # lists answer 120 ms after the last key
TEXTS: Final = ("id-100", "en-100", "id-200", "en-200")
ELSEWHERE = "3216135203740077"
TWIN = "3216135203740055"
FACE_SEED: Final = 46
HEIRS = (
    ("spouse", "karta", "49"), ("child", "endah", "12"), ("parent_in_law", "haji odih", "1950"),
)  # fmt: skip
NAMESAKES = (
    f"Siti Maimunah;{NIK};12-03-1974;Kp. Rawa RT 03/01;Karangharja;Sri Mukti;Karawang\n"
    "Siti Maemunah;9903;;Kp. Baru;Karangharja;;\n"
    "Udin Saepudin;0042;;Kp. Pulo;Karangharja;;\n"
    "Raden Ajeng Siti Kusumaningrum Abdurrachman;;;Kp. Pulo Kecil Selatan;Karangharja;Sri Mukti;\n"
)


@dataclass
class Walk:
    """The hands at one table."""

    day: Day
    world: World
    charge: Battery | None = None

    @property
    def table(self) -> Table:
        return Table(self.day.qtbot, self.day.pages.registration, None)

    def fresh(self) -> None:
        """Begin an empty form; what was typed is gone."""
        mind = self.day.pages.registration.presenter
        mind.update(notice=None, panel="")
        mind.saving.give_up("note", "")
        mind.update(notice=None)
        self.day.until(lambda: mind.state.form.is_empty)
        mind.send_cursor("nik")
        self.day.until(lambda: self.table.place() == "form.nik")

    def at(self, place: str) -> None:
        self.day.pages.registration.presenter.send_cursor(place)
        wanted = place if place.startswith("form.") else f"form.{place}"
        self.day.until(lambda: self.table.place().startswith(wanted))

    def type(self, words: str, *, enter: bool = False) -> None:
        self.table.type(words, enter=enter)

    def check(self) -> None:
        self.table.check()


Step = Callable[[Walk], None]


def empty(walk: Walk) -> None:
    walk.day.until(lambda: walk.day.form.brought.list_)


def half_a_nik(walk: Walk) -> None:
    walk.type("32161352A")
    walk.at("name")
    walk.check()


def four_digits(walk: Walk) -> None:
    walk.type(NIK[-4:])
    walk.day.until(lambda: walk.day.form.brought.enter_takes)


def several(walk: Walk) -> None:
    walk.type("siti", enter=True)
    walk.day.until(lambda: walk.day.form.notice)


def not_on_the_list(walk: Walk) -> None:
    walk.type("sukarno", enter=True)
    walk.day.until(lambda: walk.day.form.notice)


def asked_aloud(walk: Walk) -> None:
    walk.type(NIK[-4:], enter=True)
    walk.day.until(lambda: walk.day.form.form.listed and walk.day.form.question)
    walk.day.until(lambda: walk.day.form.brought.chosen)


def typed_twice_unlike(walk: Walk) -> None:
    walk.type("3216135203740088")
    walk.type("0089", enter=True)
    walk.check()


def other_nik_than_listed(walk: Walk) -> None:
    walk.type(NIK[-4:], enter=True)
    walk.day.until(lambda: walk.day.form.form.listed)
    walk.day.pages.registration.presenter.edit("nik", "3216135203740099")
    walk.day.until(lambda: (said := walk.day.form.brought.chosen) and said.warns)
    walk.check()


def known_in_the_district(walk: Walk) -> None:
    walk.type(ELSEWHERE)
    walk.day.until(lambda: walk.day.form.same)


def known_here(walk: Walk) -> None:
    walk.type(TWIN)
    walk.day.until(lambda: walk.day.form.same)


def no_nik(walk: Walk) -> None:
    walk.type("-")
    walk.check()


def not_working(walk: Walk) -> None:
    walk.table.fill(nik="3216135203740011", name="enah sumarni binti karta")
    walk.at("works_now")
    walk.type("s")
    walk.check()


def whole(walk: Walk) -> None:
    walk.table.fill(nik="3216135203740012", name="tuti ruhaenah")
    walk.check()


def saved(walk: Walk) -> None:
    whole(walk)
    walk.day.save()


def saved_in_vain(walk: Walk) -> None:
    walk.type("3271135203740013271130013")
    walk.type("ab")
    walk.table.save_in_vain()
    walk.check()


def three_heirs(walk: Walk) -> None:
    walk.table.fill(nik="3216135203740014", name="wati sukaesih")
    walk.at("heir.0")
    presenter = walk.day.pages.registration.presenter
    for number, (relation, name, born) in enumerate(HEIRS):
        if number:
            presenter.add_heir()
        for part, value in (("relation", relation), ("name", name), ("born", born)):
            presenter.edit(f"heir.{number}.{part}", value)
    walk.check()


def thumbprint(walk: Walk) -> None:
    whole(walk)
    walk.day.pages.registration.presenter.edit("consent_own", "thumbprint")
    walk.check()


def group_panel(walk: Walk) -> None:
    walk.day.pages.registration.presenter.choose_panel("group")


def village_panel(walk: Walk) -> None:
    walk.day.pages.registration.presenter.choose_panel("village")


def list_panel(walk: Walk) -> None:
    walk.day.key(Qt.Key.Key_D, CTRL)
    walk.day.until(lambda: walk.day.form.listed_page.rows)
    walk.day.key(Qt.Key.Key_Down)


def from_paper(walk: Walk) -> None:
    walk.day.key(Qt.Key.Key_T, CTRL)
    walk.type("K-99")
    walk.at("nik")
    walk.type(NIK)
    walk.check()


def end_of_paper(walk: Walk) -> None:
    walk.day.key(Qt.Key.Key_T, CTRL)


def help_of_the_field(walk: Walk) -> None:
    walk.day.key(Qt.Key.Key_F1, SHIFT)
    walk.day.until(lambda: walk.day.form.notice)


def all_keys(walk: Walk) -> None:
    help_of_the_field(walk)
    walk.day.key(Qt.Key.Key_F1, SHIFT)


def family_card(walk: Walk) -> None:
    set_form_policy(walk.world.office, FormPolicy(kk_number="expected"))
    walk.day.laptop.sync(lambda _: None, lambda: False)
    walk.fresh()
    walk.type("3216135203740015")
    walk.day.until(lambda: walk.day.form.brought.has_kk)
    walk.at("kk_number")
    walk.type("-")
    walk.check()


def not_asked(walk: Walk) -> None:
    walk.table.fill(nik="3216135203740016", name="enok rohayati")
    for name in ("sex", "birth_date", "works_now"):
        walk.day.pages.registration.presenter.edit(name, "")
    walk.day.key(Qt.Key.Key_Return, CTRL)
    walk.day.until(lambda: walk.day.form.notice)


def restored_draft(walk: Walk) -> None:
    """The power was gone while somebody was typed; the laptop is opened again."""
    walk.table.fill(nik="3216135203740017", name="yoyoh rokayah")
    mind = walk.day.pages.registration.presenter
    cut = Kept(mind.state.form, was_cut=True)
    mind.update(notice=restored_notice(cut))


def battery_ends(walk: Walk) -> None:
    walk.type("3216135203740018")
    walk.charge = Battery(9, is_plugged=False)
    walk.day.pages.joins.battery.look()


def photo_taken(walk: Walk) -> None:
    walk.table.fill(nik="3216135203740019", name="mimin mintarsih")
    walk.day.pages.registration.presenter.set_photo(_portrait())
    walk.check()


def _portrait() -> bytes:
    chance = random.Random(FACE_SEED)
    return drawn_portrait(chosen_face(chance, "P", 46), chance)


def no_seats_left(walk: Walk) -> None:
    walk.world.quota(1)
    walk.day.laptop.sync(lambda _: None, lambda: False)
    walk.fresh()
    walk.type("3216135203740020")
    walk.day.until(lambda: walk.day.form.brought.seats and walk.day.form.brought.seats.warns)
    walk.check()


def correction(walk: Walk) -> None:
    """The office sent somebody back, in its own words."""
    laptop = walk.day.laptop
    laptop.sync(lambda _: None, lambda: False)
    (worker,) = laptop.search("darsono")
    reason = "Nama ibu tidak sama dengan Kartu Keluarga. Tanyakan lagi, ya."
    verdict = Verdict(str(worker.subject), "returned", reason, "mother_name")
    decide_one(walk.world.office, verdict, officer="Verifikator", actor="officer")
    laptop.sync(lambda _: None, lambda: False)
    walk.day.pages.registration.presenter.saving.correct(worker.subject)
    walk.day.until(lambda: walk.day.form.is_correcting)
    walk.check()


def attended(walk: Walk) -> None:
    known_in_the_district(walk)
    walk.day.key(Qt.Key.Key_H, ALT)
    walk.day.until(lambda: walk.day.form.notice)


STATES: Final[dict[str, Step]] = {
    "01-empty": empty, "02-half-a-nik": half_a_nik, "03-four-digits": four_digits,
    "04-several": several, "05-not-on-the-list": not_on_the_list, "06-asked-aloud": asked_aloud,
    "07-typed-twice-unlike": typed_twice_unlike, "08-other-nik-than-listed": other_nik_than_listed,
    "09-known-in-the-district": known_in_the_district, "10-known-here": known_here,
    "11-no-nik": no_nik, "12-not-working": not_working, "13-saved-in-vain": saved_in_vain,
    "14-three-heirs": three_heirs, "15-thumbprint": thumbprint, "16-group": group_panel,
    "17-village": village_panel, "18-list": list_panel, "19-from-paper": from_paper,
    "20-end-of-paper": end_of_paper, "21-help": help_of_the_field, "22-all-keys": all_keys,
    "23-attended": attended, "24-whole": whole, "25-saved": saved, "26-family-card": family_card,
    "27-not-asked": not_asked, "28-restored-draft": restored_draft, "29-photo-taken": photo_taken,
    "30-no-seats-left": no_seats_left, "31-correction": correction, "32-battery": battery_ends,
}  # fmt: skip


@contextmanager
def at_a_table(folder: Path, language: str, percent: int) -> Iterator[Walk]:
    """Yield a table with an open visit; another team registered somebody before."""
    world = World(folder)
    other, laptop = world.laptop("other"), world.laptop("one")
    registered(other, "RUSMINAH BINTI KOSIM", ELSEWHERE)
    other.sync(lambda _: None, lambda: False)
    other.close()
    publish_niks(world.office)
    world.listing(NAMESAKES)
    world.quota(12)
    laptop.sync(lambda _: None, lambda: False)
    registered(laptop, "DARSONO", TWIN, sex="P")
    group = GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani")
    laptop.visits.open(village="Karangharja", place="Balai Desa", groups=[group], tickets=45)
    set_language(language)
    walk: Walk | None = None
    day = Day(
        Waits(), laptop, language=language, percent=percent,
        battery=lambda: walk.charge if walk else None,
    )  # fmt: skip
    day.window.setFixedSize(*SIZE)
    day.table()
    walk = Walk(day, world)
    yield walk
    day.close()
    laptop.close()
    world.close()


def pictures(walk: Walk, output: Path, kind: str, some: str = "") -> dict[str, list[str]]:
    """Go through the states; return what is cut in each."""
    found = {}
    for name, step in STATES.items():
        if not re.search(some, name):
            continue
        walk.fresh()
        step(walk)
        QTest.qWait(SETTLED_MS)
        walk.day.window.grab().save(str(output / f"{kind}-{name}.png"))
        if cut := [str(fault) for fault in faults(walk.day.window)]:
            found[name] = cut
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--only", choices=TEXTS)
    parser.add_argument("--states", default="", metavar="TEXT", help="only names with this")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    running = application()
    found: dict[str, dict[str, list[str]]] = {}
    for kind in [options.only] if options.only else TEXTS:
        language, percent = kind.split("-")
        with (
            tempfile.TemporaryDirectory() as folder,
            at_a_table(Path(folder), language, int(percent)) as walk,
        ):
            found[kind] = pictures(walk, options.output, kind, options.states)
        running.processEvents()
    said = {"states": len(STATES), "cut": found, "at": f"{datetime.now(UTC):%Y-%m-%d}"}
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The village's list at the table, by keys alone: found, chosen, answered; places; the district."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.services.readiness import readiness
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.ready.state import Around, ready_rows
from enumerator_app.ui.registration.form import PERSON_FIELDS, new_form
from enumerator_app.ui.workers.state import person_detail
from sync.server.devices import add_device
from sync.server.niks import publish_niks
from sync.server.quota.keeping import import_quota
from sync.server.worklist.keeping import import_worklist
from sync.server.worklist.standing import standing
from tests.server.offices import new_office, serving
from tests.ui.open_laptops import CHEAP, OPERATOR, PASSPHRASE, noon, registered, village_of
from tests.ui.table import ALT, CTRL, NIK, open_table, open_tables

NIK_2 = "3216135203740004"
HEADER = "Nama;NIK;Tgl lahir;Kampung;Desa;Poktan;Tempat lahir\n"
KARANGHARJA = "3216132001"
_BLANK = dict.fromkeys(PERSON_FIELDS, "")
LISTED = (
    f"Siti Maimunah;{NIK};12-03-1974;Kp. Rawa;Karangharja;Sri Mukti;Karawang\n"
    "Udin Saepudin;0042;;Kp. Pulo;Karangharja;;\n"
    "Karta;;;Kp. Pulo;Karangharja;;\n"
)


class World:
    """An office on a socket, and laptops of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = new_office(folder / "office", None)
        self._line = serving(self.office)
        self.place = self._line.__enter__()

    def laptop(self, name: str = "laptop"):
        host, port = self.place
        made = enrol_laptop(
            self.folder / name,
            server_url=f"http://{host}:{port}",
            code=add_device(self.office, name).code,
            operator_name=OPERATOR,
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
        shared = {
            "village_code": village_of(made, "Karangharja"), "occupation": "Buruh tani",
            "programmes": "JKK+JKM", "consent_method": "group",
        }  # fmt: skip
        made.set_setting("form.shared", json.dumps(shared))
        return made

    def listing(self, rows: str = LISTED) -> None:
        path = self.folder / "daftar.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        import_worklist(self.office, path)

    def quota(self, n: int) -> None:
        path = self.folder / "kuota.csv"
        path.write_text(f"desa;kuota\nKarangharja;{n}\n", encoding="utf-8")
        import_quota(self.office, path)

    def counts(self) -> dict[str, int]:
        (row,) = standing(self.office, KARANGHARJA)
        return {k: v for k, v in row.items() if isinstance(v, int) and v and k != "version"}

    def close(self) -> None:
        self._line.__exit__(None, None, None)
        self.office.close()


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(qtbot, shown):
    """Open the registration page of a laptop that has what the office holds for it."""
    with open_tables(qtbot, shown) as open_:

        def synced(laptop):
            laptop.sync(lambda _: None, lambda: False)
            return open_(laptop)

        yield synced


def brought(table):
    return table.state.brought


def said_of(table):
    return [row.word for row in table.state.listed_page.rows]


def test_somebody_on_the_list_is_offered_while_the_name_is_typed_and_fills_the_form(world, opened):
    world.listing()
    laptop = world.laptop()
    table = opened(laptop)
    table.view.form.focus_place("name")
    table.type("maimun", enter=False)
    table.until(lambda: brought(table).hits)
    assert brought(table).hits[0].name == "SITI MAIMUNAH"
    table.key(Qt.Key.Key_D, ALT)
    table.until(lambda: table.state.form.listed)
    form = table.state.form
    assert form.value("name") == "SITI MAIMUNAH"
    assert form.value("address") == "Kp. Rawa"
    assert table.place() == "form.nik_again", "the last digits still come from the KTP"
    assert not form.value("birth_date"), "birth is still asked aloud"
    table.type(NIK[-4:], enter=False)
    table.until(lambda: table.state.question)
    assert "12 Maret 1974" in table.state.question
    table.until(lambda: brought(table).chosen)
    assert "12-03-1974" in brought(table).chosen.sentence


def test_the_whole_way_from_the_offices_list_to_its_status(world, opened):
    world.listing()
    laptop = world.laptop()
    table = opened(laptop)
    table.type(NIK[:8], enter=False)
    table.until(lambda: brought(table).hits)
    table.key(Qt.Key.Key_D, ALT)
    table.until(lambda: table.state.form.listed)
    table.type(NIK[-4:], enter=False)
    table.until(lambda: table.state.question)
    table.view.form.focus_place("sex")
    table.type("y", enter=False)
    assert table.place() == "form.mother_name", "the list knows where she was born"
    table.view.form.focus_place("mother_name")
    table.type("ruminah")
    table.view.form.focus_place("rt_rw")
    table.type("3/1")
    table.type("-", enter=False)
    table.key(Qt.Key.Key_Return)
    table.view.form.focus_place("works_now")
    table.type("b2001", enter=False)
    table.view.consent.setFocus()
    table.type("y", enter=False)
    table.save_and_wait()
    table.until(lambda: brought(table).list_ and "1 dari 3" in brought(table).list_.sentence)
    laptop.sync(lambda _: None, lambda: False)
    assert world.counts() == {"listed": 3, "registered": 1, "open": 2}


def test_the_list_opens_with_a_key_and_people_are_answered_with_a_letter(world, opened):
    world.listing()
    laptop = world.laptop()
    table = opened(laptop)
    table.key(Qt.Key.Key_D, CTRL)
    table.until(lambda: len(table.state.listed_page.rows) == 3)
    assert table.place() == "form.listed"
    table.type("udin", enter=False)
    table.until(lambda: len(table.state.listed_page.rows) == 1)
    table.key(Qt.Key.Key_Down)
    table.type("p", enter=False)
    table.until(lambda: said_of(table) == ["pindah"])
    assert "dicatat: pindah" in table.state.listed_page.said
    table.type("b", enter=False)
    table.until(lambda: said_of(table) == [""])
    table.type("m", enter=False)
    table.until(lambda: said_of(table) == ["meninggal"])
    laptop.sync(lambda _: None, lambda: False)
    assert world.counts() == {"listed": 3, "died": 1, "open": 2}
    table.key(Qt.Key.Key_Escape)
    assert table.state.panel == ""


def test_enter_in_the_list_begins_the_form(world, opened):
    world.listing()
    table = opened(world.laptop())
    table.key(Qt.Key.Key_D, CTRL)
    table.until(lambda: len(table.state.listed_page.rows) == 3)
    table.type("karta", enter=False)
    table.until(lambda: len(table.state.listed_page.rows) == 1)
    table.key(Qt.Key.Key_Return)
    table.until(lambda: table.state.form.listed)
    assert table.state.panel == ""
    assert table.state.form.value("name") == "KARTA"
    assert table.place() == "form.nik", "no NIK is known: it comes from the KTP"


def test_the_last_four_digits_of_the_ktp_and_enter_begin_the_form(world, opened):
    world.listing()
    table = opened(world.laptop())
    table.until(lambda: brought(table).list_)
    table.type(NIK[-4:])  # Enter at once: nobody waits for the hint
    table.until(lambda: table.state.form.listed)
    form = table.state.form
    assert form.value("name") == "SITI MAIMUNAH"
    assert form.value("nik").replace(" ", "") == NIK
    assert form.value("nik_again") == NIK[-4:], "those digits were just read from the KTP"
    table.until(lambda: table.place() == "form.sex")
    assert not form.value("birth_date"), "birth is still asked aloud"
    assert not form.value("sex")
    assert table.state.question == "Lahir 12 Maret 1974, perempuan?"
    table.until(lambda: brought(table).chosen)
    assert "lahir di Karawang, 12-03-1974" in brought(table).chosen.sentence


def test_a_part_of_the_name_and_enter_begin_the_form_and_the_digits_still_come_from_the_ktp(
    world, opened
):
    world.listing()
    table = opened(world.laptop())
    table.until(lambda: brought(table).list_)
    table.type("siti m", enter=False)
    table.until(lambda: brought(table).enter_takes)
    table.key(Qt.Key.Key_Return)
    table.until(lambda: table.state.form.listed)
    assert table.state.form.value("nik").replace(" ", "") == NIK
    table.until(lambda: table.place() == "form.nik_again")


def test_enter_takes_nobody_where_several_are_meant_or_something_came_of_the_one(world, opened):
    world.listing(LISTED + "Siti Maemunah;9903;;Kp. Baru;Karangharja;;\n")
    laptop = world.laptop()
    table = opened(laptop)
    table.until(lambda: brought(table).list_)
    table.type("siti")
    table.until(lambda: table.state.notice)
    assert "Beberapa orang" in table.state.notice.sentence
    assert not table.state.form.listed
    table.type(" mai")
    table.until(lambda: table.state.form.listed)
    (line,) = laptop.brought.worklists.hits("saepudin", KARANGHARJA)
    laptop.brought.worklists.say(line.person.code, "died")
    table.page.presenter.show_form(replace(new_form(), values=table.state.form.values | _BLANK))
    table.type("0042")
    table.until(lambda: table.state.notice)
    assert "Udin Saepudin di daftar: meninggal" in table.state.notice.sentence
    assert not table.state.form.listed


def test_a_name_that_is_not_on_the_list_is_said_and_the_cursor_stays(world, opened):
    world.listing()
    table = opened(world.laptop())
    table.until(lambda: brought(table).list_)
    table.type("sukarno")
    table.until(lambda: table.state.notice)
    assert "tidak ada di daftar" in table.state.notice.sentence
    assert table.place() == "form.nik"


def test_a_half_typed_nik_that_the_list_does_not_know_leads_on_as_ever(world, opened):
    world.listing()
    table = opened(world.laptop())
    table.until(lambda: brought(table).list_)
    table.type("3271")
    table.until(lambda: table.place() == "form.nik_again")


def test_a_scanned_invitation_begins_the_form_from_any_field(world, opened):
    world.listing()
    laptop = world.laptop()
    table = opened(laptop)
    (line,) = laptop.brought.worklists.hits("saepudin", KARANGHARJA)
    QTest.keyClicks(QApplication.focusWidget(), line.person.code)
    table.until(lambda: table.state.form.listed == line.person.code)
    assert table.state.form.value("name") == "UDIN SAEPUDIN"
    assert table.state.form.value("nik") == ""


def test_a_nik_typed_from_the_ktp_is_held_against_the_list(world, opened):
    world.listing()
    table = opened(world.laptop())
    table.view.form.focus_place("name")
    table.type("saepudin", enter=False)
    table.until(lambda: brought(table).hits)
    table.key(Qt.Key.Key_D, ALT)
    table.until(lambda: table.state.form.listed)
    table.view.form.focus_place("nik")
    table.type(NIK, enter=False)
    table.until(lambda: brought(table).chosen and brought(table).chosen.warns)
    assert "0042" in brought(table).chosen.sentence


def test_a_form_left_in_a_power_cut_still_knows_its_line(world, opened, qtbot, shown):
    world.listing()
    laptop = world.laptop()
    table = opened(laptop)
    table.view.form.focus_place("name")
    table.type("karta", enter=False)
    table.until(lambda: brought(table).hits)
    table.key(Qt.Key.Key_D, ALT)
    table.until(lambda: table.state.form.listed)
    code = table.state.form.listed
    table.until(lambda: any(k.get("listed") == code for k in laptop.drafts().values()))
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: again.state.form.listed == code)
    again.page.stop()
    assert finish_jobs(again.page)


def test_places_are_said_and_run_out(world, opened):
    world.quota(1)
    laptop = world.laptop()
    table = opened(laptop)
    table.type("3", enter=False)
    table.until(lambda: brought(table).seats)
    assert brought(table).seats.sentence.startswith("Kuota desa ini tinggal 1.")
    table.key(Qt.Key.Key_Backspace)
    table.fill()
    table.save_and_wait()
    table.type("3", enter=False)
    table.until(lambda: brought(table).seats and brought(table).seats.warns)
    assert "habis" in brought(table).seats.sentence


def test_a_nik_of_another_team_is_a_hint_with_three_answers(world, opened):
    one, other = world.laptop("one"), world.laptop("other")
    first = opened(one)
    first.fill()
    first.save_and_wait()
    one.sync(lambda _: None, lambda: False)
    publish_niks(world.office)
    table = opened(other)
    table.type(NIK, enter=False)
    table.until(lambda: table.state.same)
    (card,) = table.state.same
    today = datetime.now(UTC)
    assert card.key == "district"
    assert card.freshness.startswith("Daftar kabupaten per ")
    assert today.year >= 2026
    table.key(Qt.Key.Key_L, ALT)
    table.until(lambda: not table.state.same)
    assert "district" in table.state.form.other_person


def test_without_a_list_of_the_district_it_is_said_that_nobody_was_looked_for(world, opened):
    table = opened(world.laptop())
    table.type(NIK, enter=False)
    table.until(lambda: brought(table).district)
    assert brought(table).district.warns
    assert "tidak dicek" in brought(table).district.sentence


def test_a_hit_that_is_noted_as_attendance_says_what_was_really_done(world, opened):
    one, other = world.laptop("one"), world.laptop("other")
    first = opened(one)
    first.fill()
    first.save_and_wait()
    one.sync(lambda _: None, lambda: False)
    publish_niks(world.office)
    table = opened(other)
    table.type(NIK, enter=False)
    table.until(lambda: table.state.same)
    table.key(Qt.Key.Key_H, ALT)
    table.until(lambda: table.state.notice)
    assert "kehadiran tidak dicatat" in table.state.notice.detail
    assert table.state.form.is_empty


def test_a_person_on_the_waiting_list_is_shown_as_such(world):
    world.quota(1)
    laptop = world.laptop()
    saved = [registered(laptop, name, nik) for name, nik in (("KARSIH", NIK), ("DARSONO", NIK_2))]
    laptop.sync(lambda _: None, lambda: False)
    details = [laptop.detail(one.subject) for one in saved]
    facts = [
        {
            fact.label: fact.value
            for fact in person_detail(d, None, laptop.places, noon().date()).facts
        }
        for d in details
    ]
    assert [one["Kuota"] for one in facts] == ["dipastikan kantor", "daftar tunggu"]
    laptop.close()


def test_before_leaving_the_page_says_what_the_laptop_takes_along(world):
    world.listing()
    world.quota(40)
    laptop = world.laptop()
    laptop.sync(lambda _: None, lambda: False)
    rows = ready_rows(
        readiness(laptop, datetime.now(UTC)), Around(None, False, False), datetime.now(UTC),
        is_practice=False,
    )  # fmt: skip
    said = {row.title: (row.mark, row.word) for row in rows}
    assert said["Daftar kabupaten"] == ("check", "Belum ada")
    laptop.close()

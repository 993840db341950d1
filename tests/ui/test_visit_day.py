"""A whole visit in the real window, by real key presses, on a real encrypted file."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.tickets import Ticket, place_key
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.kit import Text
from tests.ui.open_laptops import new_laptop, opened_again, registered
from tests.ui.visit_day import ALT, CTRL, PLAIN, SHIFT, Day

MUKTI = GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani", monthly_income=1_000_000)
KARTA = GroupDraft("Mandor Karta", "Karta", "Penyadap", monthly_income=750_000)


def nik(serial):
    return f"321613520374{serial:04d}"


@pytest.fixture
def laptop(tmp_path):
    made = new_laptop(tmp_path)
    made.set_setting("practice", "")
    yield made
    made.close()


@pytest.fixture
def day(qtbot, laptop):
    day = Day(qtbot, laptop)
    yield day
    day.close()


def begun(laptop, groups=(MUKTI, KARTA), tickets=5):
    return laptop.visits.open(
        village="Karangharja", place="Balai Desa", groups=groups, tickets=tickets
    )


@pytest.fixture
def at_the_table(qtbot, laptop):
    begun(laptop)
    day = Day(qtbot, laptop)
    day.table()
    yield day
    day.close()


def words_in(widget):
    return " | ".join(t.text() for t in widget.findChildren(Text) if t.isVisible())


def begin_by_keys(day):
    day.key(Qt.Key.Key_G, CTRL)
    day.until(lambda: day.visit.kind == "opening")
    day.type("karangharja")
    day.until(lambda: day.visit.draft.village_code)
    day.type("Balai Desa")
    day.type("5")
    day.type("Poktan Sri Mukti")
    day.type("Odih")
    day.type("Buruh tani")
    day.type("1000000", enter=False)
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: day.visit.kind == "running")
    day.key(Qt.Key.Key_G, CTRL)
    day.type("Mandor Karta")
    day.type("Karta")
    day.type("Penyadap")
    day.type("")
    day.until(lambda: len(day.visit.standing.visit.groups) == 2)


def explain_by_keys(day):
    day.key(Qt.Key.Key_M, CTRL)  # the pages for everybody, to their end
    for _ in range(4):
        day.key(Qt.Key.Key_Right)
    day.until(lambda: day.window.open_key == "visit" and day.visit.panel == "consent")
    day.until(lambda: QApplication.focusWidget().objectName() == "visit.witness")
    day.type("")
    day.type("")
    day.key(Qt.Key.Key_Return)
    day.until(lambda: day.visit.standing.visit.consent is not None)


def five_tickets_by_keys(day):
    """One is recorded, one did not come, one more, one is here already; the fifth waits."""
    day.table()
    assert day.ticket() == "001"
    assert day.form.form.value("group_id") == str(day.visit.standing.visit.groups[1].id)
    day.fill(nik(1), "enah")
    day.save()
    assert day.ticket() == "002"
    day.key(Qt.Key.Key_N, ALT)  # did not come
    day.until(lambda: day.ticket() == "003")
    day.key(Qt.Key.Key_F6)  # the other group
    assert day.form.visit.group == "Poktan Sri Mukti"
    day.fill(nik(3), "warsih")
    day.save()
    assert day.ticket() == "004"
    day.type(nik(9001), enter=False)  # she is here already
    day.until(lambda: day.form.same)
    day.key(Qt.Key.Key_H, ALT)
    day.until(lambda: day.ticket() == "005")


def rest_by_keys(day, laptop):
    day.open("visit")
    day.until(lambda: day.visit.standing.counts.present == 3)
    day.key(Qt.Key.Key_I, CTRL)  # a rest locks
    day.until(lambda: day.locks == 1)
    assert laptop.visits.book.current().paused_at is not None
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: laptop.visits.book.current().paused_at is None)


def close_by_keys(day):
    day.open("visit")
    day.until(lambda: day.visit.standing.counts.present == 4)
    day.key(Qt.Key.Key_W, CTRL)
    day.until(lambda: day.visit.kind == "closing")
    for key, n in (("unprinted", 3), ("unsent", 4)):
        day.until(lambda key=key, n=n: text(f"visits.left_{key}", n=n) in words_in(day.window))
    day.key(Qt.Key.Key_Return, CTRL)
    day.until(lambda: day.visit.kind == "closed")


def test_a_whole_visit_by_keys_alone(day, laptop):
    earlier = registered(laptop, "KARSIH BINTI UMAR", nik(9001))
    begin_by_keys(day)
    explain_by_keys(day)
    five_tickets_by_keys(day)
    rest_by_keys(day, laptop)
    day.table()
    day.fill(nik(5), "rukmini")
    day.save()
    close_by_keys(day)

    (standing,) = laptop.visits.book.all()
    assert standing.counts.as_dict() == {
        "present": 4, "recorded": 3, "waiting_nik": 0, "attended": 1, "no_show": 1,
    }  # fmt: skip
    recap = "4 hadir, 3 didata, 1 sudah terdaftar, 0 tanpa NIK, 1 tidak datang"
    day.until(lambda: recap in words_in(day.window) and standing.code in words_in(day.window))
    assert laptop.counts().registrations == 4
    found = {w.name: laptop.registration(w.subject) for w in laptop.search("")}
    assert found["WARSIH"].consent_witness == "Karta"
    assert found["WARSIH"].consent_at == standing.visit.consent.at
    assert (found["WARSIH"].ticket, found["WARSIH"].monthly_income) == ("003", 1_000_000)
    assert (found["ENAH"].occupation, found["ENAH"].monthly_income) == ("Penyadap", None)
    assert laptop.registration(earlier.subject).visit_id is None
    assert laptop.doctor() == []


def test_attendance_is_taken_back_when_it_was_somebody_else_after_all(at_the_table, laptop):
    day = at_the_table
    registered(laptop, "KARSIH", nik(9001))
    day.type(nik(9001), enter=False)
    day.until(lambda: day.form.same)
    day.key(Qt.Key.Key_H, ALT)
    day.until(lambda: day.ticket() == "002")
    day.until(lambda: laptop.visits.book.current().counts.attended == 1)
    day.pages.registration.presenter.answer_notice("bring_back")
    day.until(lambda: day.ticket() == "001")
    day.until(lambda: laptop.visits.book.current().counts.attended == 0)


def test_the_strip_and_home_show_the_visit_and_who_is_next(at_the_table):
    day = at_the_table
    day.open("home")
    day.until(lambda: "Berikutnya nomor antrean 001" in words_in(day.window))
    said = words_in(day.window)
    assert "Balai Desa, Karangharja" in said
    assert "2 kelompok" in said


def test_a_skipped_ticket_comes_again_after_the_others(at_the_table):
    day = at_the_table
    day.key(Qt.Key.Key_F8)
    day.until(lambda: day.ticket() == "002")
    assert day.form.visit.upcoming == ("003", "004", "005")
    for expected in ("003", "004", "005", "001"):
        day.key(Qt.Key.Key_N, ALT)
        day.until(lambda expected=expected: day.ticket() == expected)


def test_who_comes_back_later_is_called_from_the_column(at_the_table, laptop):
    day = at_the_table
    day.key(Qt.Key.Key_K, ALT)
    day.until(lambda: day.ticket() == "002")
    assert day.form.visit.later == ("001",)
    day.until(lambda: laptop.visits.book.current().queue.later == (1,))
    view = day.window.current_view()
    view.queue._aside.setFocus()
    day.key(Qt.Key.Key_Down)
    day.key(Qt.Key.Key_Return)
    day.until(lambda: day.ticket() == "001")
    assert day.form.visit.later == ()


def test_a_form_set_aside_keeps_its_ticket_and_nobody_else_gets_it(at_the_table):
    day = at_the_table
    day.type(nik(1), enter=False)
    day.key(Qt.Key.Key_F8)
    assert day.ticket() == "002"
    assert [row.lead for row in day.form.aside] == ["001"]
    assert "001" not in day.form.visit.upcoming


def test_an_undone_save_brings_its_ticket_back(at_the_table):
    day = at_the_table
    day.fill(nik(1), "enah")
    day.save()
    assert day.ticket() == "002"
    day.key(Qt.Key.Key_Z, ALT)
    day.until(lambda: day.ticket() == "001")
    day.until(lambda: not day.form.is_busy)
    assert not day.form.form.is_empty


def scan(slip, target=None):
    """Type as a scanner does: the whole code at once, with Enter."""
    QTest.keyClicks(target or QApplication.focusWidget(), slip)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def slip_of(laptop, number):
    visit = laptop.visits.book.current().visit
    return Ticket(place_key(visit.village_code, visit.day), number).code


def test_a_scanned_slip_calls_its_number_and_types_nothing(at_the_table, laptop):
    day = at_the_table
    scan(slip_of(laptop, 4))
    day.until(lambda: day.ticket() == "004")
    assert day.form.form.is_empty
    assert day.form.visit.upcoming == ("001", "002", "003")


def test_a_slip_scanned_in_the_middle_of_a_name_waits_for_nobody(at_the_table, laptop):
    day = at_the_table
    day.type(nik(1), enter=False)
    day.type(nik(1)[-4:], enter=False)
    day.type("titin", enter=False)
    scan(slip_of(laptop, 3))
    day.until(lambda: day.ticket() == "003")
    assert [row.lead for row in day.form.aside] == ["001"]
    assert [row.name for row in day.form.aside] == ["Titin"]


def test_a_slip_of_another_place_is_told_apart(at_the_table):
    day = at_the_table
    scan(Ticket("7F3K", 2).code)
    day.until(lambda: day.form.notice is not None)
    assert day.ticket() == "001"


def test_letters_that_only_begin_like_a_slip_are_typed(at_the_table):
    day = at_the_table
    day.type("-")  # no NIK
    day.until(lambda: QApplication.focusWidget().objectName() != "form.nik")
    view = day.window.current_view()
    view.form.focus_place("name")
    day.type("tk", enter=False)
    day.until(lambda: day.form.form.value("name") == "TK")


def test_f6_goes_round_the_groups_and_the_form_keeps_what_was_typed(at_the_table, laptop):
    day = at_the_table
    day.type(nik(1), enter=False)
    day.key(Qt.Key.Key_F6)
    assert day.form.form.value("occupation") == "Penyadap"
    assert day.form.form.value("monthly_income") == "750000"
    assert day.form.form.value("nik").replace(" ", "") == nik(1)
    day.until(lambda: laptop.visits.book.current().group.name == "Mandor Karta")
    day.key(Qt.Key.Key_F6)
    assert day.form.form.value("occupation") == "Buruh tani"


def test_a_value_changed_for_the_group_is_journalled_and_holds_for_the_next(at_the_table, laptop):
    day = at_the_table
    day.key(Qt.Key.Key_F6, SHIFT)
    day.until(lambda: QApplication.focusWidget().objectName() == "form.occupation")
    QApplication.focusWidget().selectAll()
    day.type("Buruh tandur", enter=False)
    day.key(Qt.Key.Key_F6)
    day.until(lambda: laptop.visits.book.current().group.occupation == "Buruh tandur")
    day.until(lambda: day.form.form.value("occupation") == "Buruh tandur")


def test_the_same_ticket_is_on_the_table_after_the_window_was_closed(qtbot, laptop, tmp_path):
    begun(laptop)
    day = Day(qtbot, laptop)
    day.table()
    day.fill(nik(1), "enah")
    day.save()
    day.type(nik(2), enter=False)
    day.until(lambda: not day.form.form.is_empty)
    day.close()
    laptop.close()
    with opened_again(tmp_path) as again:
        day = Day(qtbot, again)
        day.key(Qt.Key.Key_F2)
        day.until(lambda: day.form.visit is not None)
        assert day.ticket() == "002"
        assert day.form.form.value("nik").replace(" ", "") == nik(2)
        day.close()


class Charge:
    def __init__(self, percent):
        self.percent = percent

    def __call__(self):
        return Battery(self.percent, is_plugged=False)


def test_an_emptying_battery_ends_printing_then_calling_then_the_visit(qtbot, laptop):
    begun(laptop)
    registered(laptop, "KARSIH", nik(9001))
    charge = Charge(25)
    day = Day(qtbot, laptop, battery=charge)
    day.table()
    charge.percent = 20
    day.open("printing")
    day.until(lambda: text("printing.battery", n=20) == day.pages.printing.presenter.state.trouble)
    day.key(Qt.Key.Key_F2)
    charge.percent = 10
    day.pages.joins.battery.look()
    day.until(lambda: text("battery.finish", n=10) in words_in(day.window))
    day.until(lambda: QApplication.focusWidget().objectName() == "form.nik")
    day.fill(nik(1), "enah")
    day.save()
    assert day.ticket() == "", "nobody new is called"
    day.type(nik(2), enter=False)
    charge.percent = 7
    day.pages.joins.battery.look()
    day.until(lambda: day.window.open_key == "visit" and day.visit.kind == "closed")
    day.until(lambda: text("battery.close", n=7) in words_in(day.window))
    (standing,) = laptop.visits.book.all()
    assert not standing.is_open
    assert standing.counts.recorded == 1
    assert laptop.drafts(), "what was being typed is kept"
    day.close()


@pytest.mark.parametrize("percent", [8, 11, 100])
def test_a_charged_or_plugged_battery_closes_nothing(qtbot, laptop, percent):
    begun(laptop)
    battery = Battery(percent, is_plugged=percent == 8)
    day = Day(qtbot, laptop, battery=lambda: battery)
    day.table()
    assert day.form.alarm == ""
    day.close()


def test_a_paused_visit_is_in_front_when_the_laptop_is_opened_again(qtbot, laptop):
    visit = begun(laptop).visit.id
    laptop.visits.table.pause(visit)
    day = Day(qtbot, laptop)
    day.until(lambda: day.window.open_key == "visit" and day.visit.kind == "running")
    day.until(lambda: text("visit.is_paused") in words_in(day.window))
    day.until(lambda: QApplication.focusWidget().objectName() == "visit.resume")
    day.key(Qt.Key.Key_Return, PLAIN)
    day.until(lambda: laptop.visits.book.current().paused_at is None)
    day.close()


def test_before_leaving_each_thing_has_its_word(qtbot, laptop):
    day = Day(qtbot, laptop, battery=lambda: Battery(45, is_plugged=False))
    day.key(Qt.Key.Key_B, CTRL)
    day.until(lambda: day.pages.ready.presenter.state.rows)
    rows = {row.key: row for row in day.pages.ready.presenter.state.rows}
    assert rows["battery"].mark == "check"
    assert rows["clock"].mark == "ok"
    assert rows["send"].word == text("ready.send_never")
    assert rows["paper"].mark == "check"
    day.until(lambda: day.window.findChild(object, "ready.paper") is not None)
    day.window.findChild(object, "ready.paper").setFocus()
    day.key(Qt.Key.Key_Return)
    day.until(
        lambda: {r.key: r.mark for r in day.pages.ready.presenter.state.rows}["paper"] == "ok"
    )
    day.close()

"""Registering at the table, as it is done there: with keys, on a real encrypted file."""

import io

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from enumerator_app.domain.errors import DiskFull
from enumerator_app.domain.registration import RegistrationDraft, said_other
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Theme, install_theme
from enumerator_app.ui.registration.form import draft_of
from enumerator_app.ui.registration.state import SameCard
from tests.ui.open_laptops import new_laptop, opened_again, registered, village_of
from tests.ui.table import ALT, NIK, of_the_group, open_table
from tests.ui.test_corrections import sent_back


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(
        laptop,
        occupation="Buruh tani",
        workplace="Poktan Sri Mukti",
        monthly_income="1000000",
        programmes="JKK+JKM",
        consent_method="group",
    )
    yield laptop
    laptop.close()


def small_jpeg():
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "brown").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def table(qtbot, shown, laptop):
    table = open_table(qtbot, shown, laptop)
    yield table
    table.page.stop()
    assert finish_jobs(table.page)


def test_a_worker_typed_with_keys_alone_is_in_the_store(table, laptop):
    table.fill()
    table.save_and_wait()
    (worker,) = laptop.search("maemunah")
    assert str(worker.number) == table.state.saved.number
    record = laptop.registration(worker.subject)
    assert (record.nik, record.name, record.sex) == (NIK, "SITI MAEMUNAH", "P")
    assert record.birth_date.isoformat() == "1974-03-12"
    assert (record.birth_place, record.mother_name) == ("BEKASI", "RUMINAH")
    assert (record.address, record.rt, record.rw) == ("Kp. Pulo Asem", "003", "001")
    assert (record.phone, record.phone_owner) == ("081234567890", "self")
    assert (record.works_now, record.works_since, record.monthly_income) == (
        "working",
        2001,
        1_000_000,
    )
    assert [(h.name, h.relation) for h in record.heirs] == [("ENDAH", "child")]
    assert record.consent_method == "group"
    assert record.consent_text_version
    assert record.date_source == "ktp"


def test_after_a_save_the_cursor_is_in_the_nik_of_the_next_person(table):
    table.fill()
    table.save_and_wait()
    assert table.place() == "form.nik"
    assert table.state.form.is_empty
    assert table.state.form.value("workplace") == "Poktan Sri Mukti"
    assert table.view.queue.block.isVisible()


def test_the_number_is_shown_only_after_the_save_returned(table):
    table.fill()
    table.save()
    assert table.state.is_busy
    assert table.view.save.is_busy()
    assert table.state.saved is None
    table.until(lambda: table.state.saved is not None)


def test_keys_typed_while_a_save_runs_begin_the_next_form(table):
    table.fill()
    table.save()
    QTest.keyClicks(QApplication.focusWidget(), "3216")
    table.until(lambda: table.state.form.value("nik") == "3216")


def test_a_nik_that_is_too_short_is_explained_and_nothing_is_saved(table, laptop):
    table.type("321613520374000")
    table.type("")
    table.type("siti")
    assert "NIK baru 15 angka." in table.sentences()
    table.save_in_vain()
    assert laptop.counts().registrations == 0
    assert table.state.checks.blocking
    assert table.place() == "form.nik"


def test_last_digits_that_differ_are_shown_side_by_side(table, laptop):
    table.type(NIK)
    table.type("0008")
    assert "4 angka terakhir berbeda: 0003 dan 0008." in table.sentences()
    table.save_in_vain()
    assert laptop.counts().registrations == 0


def test_a_woman_of_one_name_born_on_1_july_with_a_nik_from_elsewhere_is_only_noted(table, laptop):
    table.fill(nik="3273054107740001", name="karsih", born="01071974")
    table.check()
    found = table.state.checks.lines
    assert {line.severity for line in found} == {"note"}
    sentences = [line.sentence for line in found]
    assert "NIK ini pertama dibuat di daerah lain." in sentences
    assert "Nama satu kata." in sentences
    table.save_and_wait()
    assert laptop.counts().registrations == 1


def test_31_february_is_no_date(table, laptop):
    table.fill(born="31021974")
    table.save_in_vain()
    assert any("31-02-1974" in sentence for sentence in table.sentences())
    assert table.place() == "form.birth_date"
    assert laptop.counts().registrations == 0


def test_another_date_in_the_nik_is_a_warning_beside_the_date(table):
    table.fill(born="21031974")
    table.check()
    assert table.state.checks.marks == {"birth_date": "warning"}
    table.key(Qt.Key.Key_1, ALT)
    assert table.place() == "form.birth_date"


def test_an_undone_save_gives_the_form_back_as_it_was(table, laptop):
    table.fill()
    before = dict(table.state.form.values)
    table.save_and_wait()
    table.key(Qt.Key.Key_Z, ALT)
    table.until(lambda: not table.state.form.is_empty)
    assert dict(table.state.form.values) == before
    assert table.state.notice.sentence == "Dibatalkan."
    table.until(lambda: laptop.counts().by_state.get("withdrawn") == 1)


def test_what_was_typed_is_back_after_the_window_was_lost(qtbot, shown, tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    table.type(NIK)
    table.type("0003")
    table.type("siti maemunah", enter=False)
    table.until(lambda: any("siti" in str(v).lower() for v in laptop.drafts().values()))
    table.page.presenter.attach(None)  # no stop: the power went out
    assert finish_jobs(table.page)
    laptop.close()
    laptop = opened_again(tmp_path)
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: not again.state.form.is_empty)
    assert again.state.form.value("name") == "SITI MAEMUNAH"
    assert again.state.notice.sentence.startswith("Listrik sempat mati.")
    assert again.view.form.fields["nik"].text() == "321613 520374 0003"
    again.page.stop()
    assert finish_jobs(again.page)
    laptop.close()


def test_a_window_that_was_closed_does_not_blame_the_power(qtbot, shown, tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    table.type("3216")
    table.page.stop()
    assert finish_jobs(table.page)
    laptop.close()
    laptop = opened_again(tmp_path)
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: again.state.notice is not None)
    assert "Listrik" not in again.state.notice.sentence
    again.page.stop()
    assert finish_jobs(again.page)
    laptop.close()


def test_a_saved_form_leaves_no_draft_behind(table, laptop):
    table.fill()
    table.save_and_wait()
    table.until(lambda: laptop.drafts() == {})


def test_a_draft_is_on_disk_within_100_ms_of_a_key(table, laptop, qtbot):
    with qtbot.waitSignal(table.page.presenter.keeper.written, timeout=5000):
        table.type("3216", enter=False)
    (kept,) = laptop.drafts().values()
    assert kept["values"]["nik"] == "3216"


def test_somebody_known_is_found_and_not_registered_twice(table, laptop):
    saved = registered(laptop, "SITI MAEMUNAH", "3216135203740008")
    table.fill()
    table.until(lambda: table.state.same)
    assert table.state.same[0].number == saved.number
    table.key(Qt.Key.Key_H, ALT)
    table.until(lambda: table.state.form.is_empty)
    assert saved.number in table.state.notice.detail + table.state.notice.sentence
    assert laptop.counts().registrations == 1


def test_another_person_of_that_name_is_registered(table, laptop):
    saved = registered(laptop, "SITI MAEMUNAH", "3216135203740008")
    table.fill()
    table.until(lambda: table.state.same)
    assert saved.number == table.state.same[0].number
    table.key(Qt.Key.Key_L, ALT)
    assert table.state.same == ()
    table.save_and_wait()
    assert laptop.counts().registrations == 2
    new = laptop.registration(table.state.saved.subject)
    assert said_other(new) == (str(saved.subject),)  # the note that the office reads
    assert said_other(laptop.registration(saved.subject)) == ()


def test_a_form_that_is_cancelled_notes_nothing_and_can_be_brought_back(table, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740008")
    table.fill()
    table.until(lambda: table.state.same)
    table.key(Qt.Key.Key_B, ALT)
    table.until(lambda: table.state.form.is_empty)
    assert "tidak ada yang dicatat" in table.state.notice.detail.lower()
    table.page.presenter.answer_notice("bring_back")
    assert table.state.form.value("name") == "SITI MAEMUNAH"


def test_an_answer_needs_one_key_once_the_cursor_is_on_the_answers(table, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740008")
    table.fill()
    table.until(lambda: table.state.same)
    table.view.checks.findChild(Button, "form.same.attend").setFocus()
    table.key(Qt.Key.Key_L)
    assert table.state.same == ()
    assert not table.state.form.is_empty


def test_another_list_shows_its_people_in_the_same_place(table, laptop):
    noted = []
    table.page.presenter.same.note_attendance = lambda form, card: noted.append((form, card))
    table.type(NIK)
    card = SameCard("district", "Enah", ("Kec. Tambelang",), ("NIK sama",), freshness="per 20-11")
    table.page.presenter.same.show("district", (card,))
    assert table.state.same == (card,)
    table.key(Qt.Key.Key_H, ALT)
    table.until(lambda: table.state.form.is_empty)
    ((form, told),) = noted
    assert (draft_of(form).values["nik"].replace(" ", ""), told) == (NIK, card)
    assert table.state.same == ()


def test_a_form_that_was_given_up_can_be_brought_back(table, laptop):
    registered(laptop, "SITI MAEMUNAH", "3216135203740008")
    table.fill()
    table.until(lambda: table.state.same)
    table.key(Qt.Key.Key_H, ALT)
    table.until(lambda: table.state.form.is_empty)
    table.page.presenter.answer_notice("bring_back")
    assert table.state.form.value("name") == "SITI MAEMUNAH"


def test_a_form_set_aside_comes_back_whole(table, laptop):
    table.type(NIK)
    table.type("0003")
    table.type("siti maemunah", enter=False)
    table.key(Qt.Key.Key_F8)
    assert table.state.form.is_empty
    (row,) = table.state.aside
    assert row.name == "Siti Maemunah"
    table.page.presenter.aside.take_back(row.key)
    assert table.state.form.value("nik_again") == "0003"
    assert table.state.aside == ()


def test_somebody_without_a_nik_gets_a_number_and_waits(table, laptop):
    table.type("-", enter=False)
    assert table.place() == "form.document_seen"
    table.type("s")
    table.type("karsih")
    table.type("p")
    table.type("bekasi")
    table.type("12031974")
    table.type("ruminah")
    table.type("Kp. Pulo Asem")
    table.type("3/1")
    table.type("-", enter=False)
    assert table.place() == "form.works_now"
    for name in ("nik", "phone"):
        line = table.view.form.fields[name].line
        assert (line.text(), line.placeholderText()) == ("", "tidak ada")
    table.type("b")  # the year is left empty
    table.key(Qt.Key.Key_Return)  # no family named
    table.key(Qt.Key.Key_Return)  # no photo
    table.type("y", enter=False)
    table.save_and_wait()
    (worker,) = laptop.search("karsih")
    record = laptop.registration(worker.subject)
    assert (worker.state, record.document_seen) == ("waiting_nik", "suket")
    assert (record.phone, record.phone_owner) == ("", "none")


def test_a_letter_in_the_phone_says_whose_it_is(table):
    table.view.form.focus_place("phone")
    table.type("081234567890k", enter=False)
    assert table.state.form.value("phone_owner") == "family"
    assert table.state.form.value("phone") == "0812 3456 7890"


def test_the_village_is_found_without_regard_to_blanks(table, laptop):
    table.key(Qt.Key.Key_F7)
    assert table.place() == "form.village"
    table.type("sumber URIP")
    assert table.state.form.value("village_code") == village_of(laptop, "Sumberurip")
    assert table.place() == "form.nik"


def test_the_groups_values_unfold_in_place_and_stay_for_the_next(table):
    table.key(Qt.Key.Key_F6)
    assert table.place() == "form.occupation"
    QApplication.focusWidget().selectAll()
    table.type("Penyadap karet", enter=False)
    table.key(Qt.Key.Key_F6)
    assert table.state.group.startswith("Penyadap karet")
    table.view.setFocus()
    table.fill()
    table.save_and_wait()
    assert table.state.group.startswith("Penyadap karet")


def test_more_than_one_heir_is_kept(table, laptop):
    table.fill()
    table.page.presenter.send_cursor("heir.0")
    table.key(Qt.Key.Key_Return)
    table.type("+", enter=False)
    assert table.place() == "form.heir.1.relation"
    table.type("i", enter=False)
    table.type("sarmin")
    table.type("1970", enter=False)
    table.save_and_wait()
    (worker,) = laptop.search("maemunah")
    heirs = laptop.registration(worker.subject).heirs
    assert [(h.relation, h.name) for h in heirs] == [("child", "ENDAH"), ("spouse", "SARMIN")]


def test_nothing_is_registered_without_consent(table, laptop):
    table.fill()
    table.type("y", enter=False)  # a second press takes it back
    table.save_in_vain()
    assert table.place() == "form.consent"
    assert laptop.counts().registrations == 0


def test_a_record_is_corrected_in_the_whole_form_and_the_interrupted_form_is_back(table, laptop):
    saved = registered(laptop, "SITI MAEMUNAH", NIK)
    table.type("3216", enter=False)
    table.page.presenter.saving.correct(saved.subject)
    table.until(lambda: table.state.is_correcting)
    assert table.state.form.value("name") == "SITI MAEMUNAH"
    table.page.presenter.edit("mother_name", "RUMINAH BT. SAIN")
    table.save()
    table.until(lambda: not table.state.is_correcting)
    assert laptop.registration(saved.subject).mother_name == "RUMINAH BT. SAIN"
    assert laptop.registration(saved.subject).heirs[0].name == "ENDAH"
    assert table.state.form.value("nik") == "3216"
    assert laptop.counts().registrations == 1


def test_a_correction_that_changes_nothing_keeps_every_value(table, laptop):
    saved = registered(laptop, "SITI MAEMUNAH", NIK)
    before = laptop.registration(saved.subject)
    table.page.presenter.saving.correct(saved.subject)
    table.until(lambda: table.state.is_correcting)
    table.save()
    table.until(lambda: not table.state.is_correcting)
    after = laptop.registration(saved.subject)
    changed = {
        name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)
    }
    assert changed <= {"date_source", "consent_text_version"}


def test_a_photo_from_a_file_is_stored_with_the_person(table, laptop, tmp_path):
    picture = tmp_path / "wajah.png"
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(picture)
    table.view.photo.file_chosen.emit(str(picture))
    table.until(lambda: table.state.form.photo is not None)
    table.fill()
    table.save_and_wait()
    (worker,) = laptop.search("maemunah")
    assert worker.photo is not None
    assert laptop.photo(worker.photo)[:2] == b"\xff\xd8"
    table.until(lambda: laptop.drafts() == {})


def test_a_file_that_is_no_picture_is_said_in_words(table, tmp_path):
    broken = tmp_path / "bukan.jpg"
    broken.write_bytes(b"not a picture")
    table.view.photo.file_chosen.emit(str(broken))
    table.until(lambda: table.state.notice is not None)
    assert table.state.notice.sentence == "Foto ini tidak bisa dibaca."


def test_a_kept_photo_comes_back_with_its_form(qtbot, shown, tmp_path):
    laptop = new_laptop(tmp_path)
    of_the_group(laptop)
    table = open_table(qtbot, shown, laptop)
    photo = small_jpeg()
    table.page.presenter.set_photo(photo)
    table.type("3216", enter=False)
    table.page.stop()
    assert finish_jobs(table.page)
    again = open_table(qtbot, shown, laptop)
    again.until(lambda: again.state.form.photo is not None)
    assert again.state.form.photo == photo
    again.page.stop()
    assert finish_jobs(again.page)
    laptop.close()


def test_an_empty_form_says_so_and_cannot_be_saved(table):
    assert not table.view.save.isEnabled()
    assert table.state.checks.lines == ()
    assert table.view.head.isVisible()


def test_a_draft_of_the_rules_is_what_the_form_says(table):
    table.fill()
    draft = draft_of(table.state.form)
    assert isinstance(draft, RegistrationDraft)
    assert draft.values["rt"] == "003"
    assert draft.values["village_code"]


def test_a_page_that_is_built_anew_shows_the_same_form(table, shown):
    table.type(NIK)
    table.type("0003")
    table.type("siti maemunah", enter=False)
    view = shown(table.page.build())
    assert view.form.fields["nik"].text() == "321613 520374 0003"
    assert view.form.fields["name"].text() == "SITI MAEMUNAH"


def test_large_text_shows_the_number_in_a_line_with_its_way_back(qtbot, shown, qapp, laptop):
    install_theme(qapp, Theme(motion=False, text_percent=200))
    table = open_table(qtbot, shown, laptop)
    table.fill()
    table.save_and_wait()
    assert table.view.saved_line.isVisible()
    assert not table.view.queue.isVisible()
    table.key(Qt.Key.Key_Z, ALT)
    table.until(lambda: not table.state.form.is_empty)
    table.page.stop()
    assert finish_jobs(table.page)


def test_a_full_disk_is_said_and_the_form_stays(qtbot, shown, laptop):
    class FullDisk:
        """The laptop, with a disk that takes no registration."""

        def __getattr__(self, name):
            return getattr(laptop, name)

        def register(self, *_arguments, **_options):
            raise DiskFull

    table = open_table(qtbot, shown, FullDisk())
    table.fill()
    table.save()
    table.until(lambda: table.state.notice is not None)
    assert table.state.notice.sentence == "Penyimpanan penuh."
    assert "BELUM tersimpan" in table.state.notice.detail
    assert table.state.form.value("name") == "SITI MAEMUNAH"
    assert table.state.saved is None
    assert table.view.save.isEnabled()
    table.page.stop()
    assert finish_jobs(table.page)


@pytest.mark.parametrize(
    ("field", "place"),
    [("heirs", "form.heir.0.name"), ("mother_name", "form.mother_name")],
)
def test_a_correction_opens_at_the_field_that_the_office_asks_for(table, laptop, field, place):
    sent_back(laptop, [("KARSIH", "3216135203740004", field, "Belum jelas.")])
    table.page.presenter.saving.correct(laptop.search("karsih")[0].subject)
    table.until(lambda: table.place() == place)

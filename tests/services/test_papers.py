"""Papers from a real encrypted file, read back with another library."""

import re
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest

from enumerator_app import BUILT_ON
from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.domain.errors import NoVisit, TooManySlips, VillageUnknown
from enumerator_app.domain.tickets import Ticket, parse_form_number, parse_ticket, place_key
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.paper_orders import PaperOrder, make_paper
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import set_language
from tests.ui.open_laptops import OPERATOR, new_laptop, registered

DAY = BUILT_ON + timedelta(days=8)  # no clock goes back behind the build
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
WEEKDAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu"
MUKTI = GroupDraft("Poktan Sri Mukti", "Odih", "Buruh tani")


class Hands:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = datetime(DAY.year, DAY.month, DAY.day, 5, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def laptop(tmp_path, clock):
    made = new_laptop(tmp_path)
    made.store._file.now = clock
    yield Laptop(made.store, clock)
    made.close()


@pytest.fixture
def english():
    set_language("en")
    yield
    set_language("id")


def in_words(day):
    return f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"


def somebody(laptop, serial, visit=None, **values):
    if visit is not None:
        values |= {"visit_id": str(visit.visit.id), "group_id": str(visit.group.id)}
    nik = values.pop("nik", f"321613520374{serial:04d}")
    return registered(laptop, f"WARGA {serial}", nik, **values)


def pages(path):
    with pypdfium2.PdfDocument(path) as document:
        return [" ".join(p.get_textpage().get_text_range().split()) for p in document]


def whole(path):
    return " ".join(pages(path))


def test_slips_carry_the_place_of_the_open_visit(laptop, tmp_path):
    laptop.visits.open(village="Karangharja", groups=[MUKTI], tickets=12)
    path = tmp_path / "slips.pdf"
    made = laptop.papers.tickets(laptop.papers.where(), path, count=12)
    assert (made.pages, made.rows) == (2, 12)
    slips = [parse_ticket(code) for code in read_codes_from_pdf(path)]
    assert sorted(slip.number for slip in slips) == list(range(1, 13))
    assert len({slip.place_key for slip in slips}) == 1
    assert whole(path).count("Desa Karangharja, Kec. Pebayuran") == 12
    assert whole(path).count(f"{DAY:%d-%m-%Y}") == 12


def test_an_open_visit_knows_how_far_its_slips_go(laptop, tmp_path):
    laptop.visits.open(village="Karangharja", tickets=5)
    order, path = PaperOrder("tickets", count=20, start=6), tmp_path / "slips.pdf"
    make_paper(laptop.papers, order, path, is_preview=True)
    assert laptop.visits.book.current().visit.tickets == 5
    make_paper(laptop.papers, order, path)
    assert laptop.visits.book.current().visit.tickets == 25
    make_paper(laptop.papers, PaperOrder("tickets", count=3), path)  # the first ones anew
    assert laptop.visits.book.current().visit.tickets == 25


def test_slips_stop_at_2000_and_the_open_visit_keeps_its_own(laptop, tmp_path):
    visit = laptop.visits.open(village="Karangharja", tickets=12).visit.id
    path = tmp_path / "slips.pdf"
    for order in (PaperOrder("tickets", count=5000), PaperOrder("tickets", count=2000, start=2)):
        with pytest.raises(TooManySlips):
            make_paper(laptop.papers, order, path)
    with pytest.raises(TooManySlips):
        laptop.visits.set_tickets(visit, 2001)
    with pytest.raises(TooManySlips):
        laptop.visits.open(village="Karangharja", tickets=2001)
    assert not path.exists()
    assert laptop.visits.book.current().visit.tickets == 12
    assert laptop.visits.set_tickets(visit, 2000).visit.tickets == 2000


def test_slips_for_tomorrow_are_those_of_the_visit_that_opens_then(laptop, tmp_path, clock):
    before = laptop.papers.where(village="karang harja", day=DAY + timedelta(days=1))
    clock.now += timedelta(days=1)
    standing = laptop.visits.open(village="Karangharja", tickets=3)
    then = laptop.papers.where(visit=str(standing.visit.id)[:8])
    assert before.content().key == then.content().key != ""


def test_without_any_place_slips_leave_room_for_it(laptop, tmp_path):
    path = tmp_path / "slips.pdf"
    laptop.papers.tickets(laptop.papers.where(), path, count=1)
    assert parse_ticket(read_codes_from_pdf(path)[0]).place_key == "0000"
    assert "Tanggal: …" in whole(path)


def test_a_village_that_nobody_knows_is_named(laptop):
    with pytest.raises(VillageUnknown):
        laptop.papers.where(village="Atlantis")


def test_no_form_number_comes_twice(laptop, tmp_path, clock):
    seen = []
    for name in ("a", "b"):
        made = laptop.papers.forms(laptop.papers.where(), tmp_path / f"{name}.pdf", count=3)
        assert made.rows == 3
        seen += read_codes_from_pdf(tmp_path / f"{name}.pdf")
    clock.now += timedelta(days=1)
    laptop.papers.forms(laptop.papers.where(), tmp_path / "c.pdf", count=1)
    seen += read_codes_from_pdf(tmp_path / "c.pdf")
    assert all(parse_form_number(code) for code in seen)
    assert len(set(seen)) == 7


def test_a_preview_of_forms_spends_no_numbers(laptop, tmp_path):
    path, order = tmp_path / "forms.pdf", PaperOrder("form", count=2)
    make_paper(laptop.papers, order, path, is_preview=True)
    seen = read_codes_from_pdf(path)
    make_paper(laptop.papers, order, path)
    assert read_codes_from_pdf(path) == seen
    make_paper(laptop.papers, order, path)
    assert set(read_codes_from_pdf(path)).isdisjoint(seen)


def test_the_signature_sheet_has_a_line_for_each_slip_of_the_visit(laptop, tmp_path):
    visit = laptop.visits.open(village="Karangharja", groups=[MUKTI], tickets=7)
    laptop.visits.note_consent(visit.visit.id, witness="ODIH", witness_role="mandor")
    path = tmp_path / "sheet.pdf"
    where = laptop.papers.where()
    made = laptop.papers.consent_sheet(where, path, count=where.slips)
    assert made.rows == 7
    said = whole(path)
    assert "007" in said
    assert "008" not in said
    assert "ODIH" in said
    assert OPERATOR in said


def test_attendance_lists_who_was_recorded_here_before_and_nobody_of_today(laptop, tmp_path, clock):
    old = somebody(laptop, 1)
    gone = somebody(laptop, 2)
    laptop.withdraw(gone.subject, "salah orang")
    clock.now += timedelta(days=1)
    new = somebody(laptop, 3)
    path = tmp_path / "attendance.pdf"
    made = laptop.papers.attendance(laptop.papers.where(village="Karangharja"), path)
    said = whole(path)
    assert made.rows == 1
    assert str(old.number) in said
    assert str(new.number) not in said
    assert str(gone.number) not in said
    assert "32161352" not in said  # nobody's NIK


def test_minutes_hold_the_counts_and_the_code_of_the_close(laptop, tmp_path):
    visit = laptop.visits.open(village="Karangharja", place="Balai Desa", groups=[MUKTI])
    for serial in (1, 2, 3):
        somebody(laptop, serial, visit)
    with_slip = laptop.to_print()[:2]
    laptop.store.mark_printed([worker.subject for worker in with_slip])
    path = tmp_path / "minutes.pdf"
    laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)
    assert "menyusul, setelah kunjungan ditutup" in whole(path)
    closed = laptop.visits.close(visit.visit.id)
    laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)  # the one closed last
    said = whole(path)
    assert f"Kode periksa : {closed.code}" in said
    assert "Didata, dengan NIK 3" in said
    assert "Jumlah yang hadir 3" in said
    assert "Bukti pendataan yang dicetak (lembar) 2" in said
    assert f"{WEEKDAYS.split()[DAY.weekday()]}, tanggal {in_words(DAY)}" in said
    assert "Kepala Desa Karangharja" in said


def test_minutes_of_a_visit_without_anybody_claim_no_explanation_and_no_consent(laptop, tmp_path):
    visit = laptop.visits.open(village="Karangharja")
    path = tmp_path / "minutes.pdf"
    for step in ("open", "closed"):
        laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)
        said = whole(path)
        assert "dibacakan" not in said
        assert "setuju" not in said
        assert "Yang didata" not in said
        is_preliminary = step == "open"
        assert ("BERITA ACARA PENDATAAN (SEMENTARA)" in said) is is_preliminary
        assert ("Kunjungan ini belum ditutup." in said) is is_preliminary
        assert ("dibuat dengan sebenarnya" in said) is not is_preliminary
        assert ("Mengetahui" in said) is not is_preliminary  # nobody signs what may change
        laptop.visits.close(visit.visit.id)


def test_minutes_say_who_saw_the_explanation_and_that_those_recorded_agreed(
    laptop, tmp_path, clock
):
    visit = laptop.visits.open(village="Karangharja", groups=[MUKTI])
    laptop.visits.note_consent(visit.visit.id, witness="ODIH", witness_role="mandor")
    path = tmp_path / "minutes.pdf"
    laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)
    assert "setuju" not in whole(path)  # nobody is recorded yet
    somebody(laptop, 1, visit)
    clock.now += timedelta(minutes=30)
    laptop.visits.close(visit.visit.id)
    laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)
    said = whole(path)
    assert "dibacakan ke semua pukul 12.00, disaksikan ODIH (mandor)" in said  # 05.00 UTC
    assert "Setiap orang yang didata sudah menyatakan setuju." in said


def test_the_head_of_the_village_signs_under_a_line_of_its_own(laptop, tmp_path):
    laptop.visits.close(laptop.visits.open(village="Karangharja").visit.id)
    path = tmp_path / "minutes.pdf"
    laptop.papers.minutes(laptop.papers.visit_for_minutes(None), path)
    with pypdfium2.PdfDocument(path) as document:
        lines = document[0].get_textpage().get_text_range().splitlines()
    assert not [line for line in lines if "?" in line]
    assert not [line for line in lines if "Mengetahui" in line and "Kepala" in line]
    assert "Mengetahui," in " ".join(lines)


def test_after_its_close_papers_are_still_about_the_visit_of_the_day(laptop, clock):
    visit = laptop.visits.open(village="Karangharja", tickets=9)
    laptop.visits.close(visit.visit.id)
    assert laptop.papers.where().slips == 9
    clock.now += timedelta(days=1)
    assert laptop.papers.where().village_code == ""


def test_a_scanned_slip_stands_in_its_field_as_its_number(laptop):
    code = Ticket(place_key("3216132003", DAY), 14).code
    person = somebody(laptop, 1, ticket=f" {code.lower()} ")
    assert laptop.registration(person.subject).ticket == "014"
    other = somebody(laptop, 2, ticket="15")
    assert laptop.registration(other.subject).ticket == "15"


def test_minutes_need_a_visit(laptop):
    with pytest.raises(NoVisit):
        laptop.papers.visit_for_minutes(None)


def test_the_hand_over_names_every_number_that_the_office_does_not_have(laptop, tmp_path):
    numbers = [str(somebody(laptop, serial).number) for serial in range(1, 6)]
    received = numbers[:2] + numbers[3:4]
    mark = "UPDATE registration SET custody = 'received' WHERE number = ?"
    laptop.store._file.write(
        lambda connection: connection.executemany(mark, [(n,) for n in received])
    )
    path = tmp_path / "handover.pdf"
    laptop.papers.handover(path)
    said = whole(path)
    before, _, after = said.partition("Belum diterima kantor: 2")
    assert "Diterima kantor: 3" in before
    assert f"{numbers[0]} {numbers[1]} 2" in before  # serials that follow each other: one line
    assert f"{numbers[3]} {numbers[3]} 1" in before
    assert re.findall(r"\d{4}-[A-Z]\d+-\d{5}-[0-9A-Z]{4}", after) == [numbers[2], numbers[4]]
    assert "Laptop ini jangan dihapus." in said
    assert "WARGA" not in said


def renumbered(laptop, numbers):
    """Let records have numbers that other laptops gave, or that a copy gave twice."""
    change = "UPDATE registration SET number = ?, custody = ? WHERE number = ?"
    laptop.store._file.write(lambda connection: connection.executemany(change, numbers))


def test_the_hand_over_of_a_laptop_in_anothers_place_counts_what_it_holds(laptop, tmp_path):
    given = [str(somebody(laptop, serial).number) for serial in range(1, 4)]
    others = [number.replace("-Z99-", "-A04-") for number in given]
    assert others != given
    renumbered(laptop, zip(others[:2], ("received", "received"), given[:2], strict=True))
    path = tmp_path / "handover.pdf"
    laptop.papers.handover(path)
    said = whole(path)
    assert "2 nomor A04, 2 diterima kantor; 1 nomor Z99, 0 diterima kantor" in said
    before, _, after = said.partition("Belum diterima kantor: 1")
    assert f"{others[0]} {others[1]} 2" in before
    assert given[2] in after


def test_the_hand_over_of_a_laptop_that_holds_nothing_says_so(laptop, tmp_path):
    laptop.papers.handover(tmp_path / "handover.pdf")
    said = whole(tmp_path / "handover.pdf")
    assert "Tidak ada data di laptop ini." in said
    assert "Semua 0" not in said


def test_serials_that_two_copies_gave_stand_one_by_one_in_the_hand_over(laptop, tmp_path):
    given = [str(somebody(laptop, serial).number) for serial in range(1, 7)]
    head = given[0].rsplit("-", 2)[0]
    numbers = [
        f"{head}-{n:05d}-{tail}"
        for n, tail in (
            (1, "KKKK"),
            (2, "AAAA"),
            (2, "BBBB"),
            (3, "CCCC"),
            (3, "DDDD"),
            (4, "EEEE"),
        )
    ]
    renumbered(laptop, zip(numbers, ["received"] * 6, given, strict=True))
    path = tmp_path / "handover.pdf"
    laptop.papers.handover(path)
    said = whole(path)
    for number in numbers:
        assert f"{number} {number} 1" in said


def test_the_recap_counts_one_day_by_village_and_state(laptop, tmp_path, clock):
    somebody(laptop, 1)
    clock.now += timedelta(days=1)
    somebody(laptop, 2)
    somebody(laptop, 3, nik="", document_seen="none")
    other = laptop.places.read_village("Sukamahi")
    gone = somebody(laptop, 4, village_code=other)
    laptop.withdraw(gone.subject, "salah orang")
    laptop.store.mark_printed([laptop.to_print()[0].subject])
    path = tmp_path / "recap.pdf"
    laptop.papers.recap(path)
    said = whole(path)
    assert in_words(DAY + timedelta(days=1)) in said
    # recorded that day, then: no decision, no NIK, four decisions, anything else; at the office
    assert "Karangharja 2 1 1 0 0 0 0 0 0" in said
    assert "Sukamahi 1 0 0 0 0 0 0 1 0" in said
    assert "Semua desa 3 1 1 0 0 0 0 1 0" in said
    assert "Bukti pendataan, bersegel laptop ini 1" in said
    assert "WARGA" not in said
    assert "32161352" not in said
    laptop.papers.recap(path, day=DAY)
    assert "Karangharja 1 1 0 0 0 0 0 0 0" in whole(path)
    laptop.papers.recap(path, day=date(2026, 1, 1))
    assert "Tidak ada yang didata hari itu." in whole(path)


def test_the_recap_calls_recorded_everybody_of_the_day_whatever_became_of_them(laptop, tmp_path):
    for serial in range(1, 9):
        somebody(laptop, serial)
    laptop.store._file.write(
        lambda connection: connection.execute("UPDATE registration SET state = 'verified'")
    )
    path = tmp_path / "recap.pdf"
    laptop.papers.recap(path)
    said = whole(path)
    assert "Karangharja 8 0 0 0 8 0 0 0 0" in said
    head = said[said.index("Desa/kelurahan") : said.index("Karangharja 8")]
    assert head.startswith("Desa/kelurahan Didata Belum")


def test_the_family_gets_a_sheet_with_name_and_number_or_lines_for_them(laptop, tmp_path):
    people = [somebody(laptop, serial) for serial in (1, 2)]
    path = tmp_path / "family.pdf"
    made = laptop.papers.family(path, subjects=[person.subject for person in people])
    assert (made.pages, made.rows) == (4, 2)
    fronts = pages(path)[::2]
    for person, front in zip(people, fronts, strict=True):
        assert str(person.number) in front
        assert "belum dijamin" in front
    assert laptop.papers.family(path, count=3).pages == 6


@pytest.mark.usefixtures("english")
def test_papers_speak_english_too(laptop, tmp_path):
    path = tmp_path / "recap.pdf"
    laptop.papers.recap(path)
    assert "DAILY RECAP OF RECORDING" in whole(path)
    assert f"{DAY:%A}, {DAY.day} {DAY:%B} {DAY.year}" in whole(path)

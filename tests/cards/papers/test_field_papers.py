"""The papers of a day in the village: laid out for a thousand people, read back from pixels."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

import pypdfium2
import pytest
from PIL import Image

from enumerator_app.cards.items import HAIRLINE, Words
from enumerator_app.cards.papers import Letterhead, lay_out, write_paper
from enumerator_app.cards.papers.field.attendance import AttendanceContent, Attending, attendance
from enumerator_app.cards.papers.field.blank_form import (
    BlankFormContent,
    form_sheets,
    same_on_all,
    write_forms,
)
from enumerator_app.cards.papers.field.consent_sheet import (
    ConsentLine,
    ConsentSheetContent,
    consent_sheet,
)
from enumerator_app.cards.papers.field.family import LEAST, FamilyContent, family_sheets
from enumerator_app.cards.papers.field.handover import (
    HandoverContent,
    HeldOf,
    NumberRange,
    handover,
)
from enumerator_app.cards.papers.field.invitations import (
    Invitation,
    invitation_sheets,
    write_invitations,
)
from enumerator_app.cards.papers.field.minutes import MinutesContent, minutes
from enumerator_app.cards.papers.field.recap import RecapContent, VillageCounts, recap
from enumerator_app.cards.papers.field.tickets import TicketsContent, ticket_sheets, write_tickets
from enumerator_app.cards.papers.field.visit import VisitContent
from enumerator_app.cards.papers.flow import Placed
from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.domain.reference import (
    load_consent_texts,
    load_places,
    load_programme_tables,
)
from enumerator_app.domain.tickets import FormNumber, parse_form_number, parse_ticket
from tests.archive_check import problems_of
from tests.cards.papers.sheet_checks import problems

DAY = date(2026, 11, 22)
LANGUAGES = ["id", "en"]
PEOPLE = 1_000
SYLLABLES = ["mu", "sa", "ri", "na", "wi", "dya", "nur", "has", "sul", "ta", "kar", "tin", "yah"]
ODD_NAMES = [
    "A",
    "W" * 30,
    "SITI " * 19 + "MAE",
    "Nu\u0301r Ai\u0308n E\u0301lis\u030ca",
    "O'BRIEN-D'ARC DR. H. MUH. S.PD.I., M.M.",
    "i" * 98,
]
CONSENT = load_consent_texts()[-1]
LETTERHEAD = Letterhead(
    government="Pemerintah Kabupaten Bekasi",
    office="Dinas Ketenagakerjaan dan Transmigrasi Kabupaten Bekasi",
    address="Komplek Perkantoran Pemerintah Kabupaten Bekasi, Desa Sukamahi, Cikarang Pusat 17530",
    phone="021-0000000",
    city="Cikarang Pusat",
    posko_phone="0812-0000-0000",
    ask_by=date(2027, 1, 31),
)


def invented_names(count):
    chance = random.Random(20_261_122)
    yield from ODD_NAMES
    for _ in range(count - len(ODD_NAMES)):
        words = chance.choice([1, 2, 2, 2, 3, 3, 4, 6])
        name = " ".join(
            "".join(chance.choices(SYLLABLES, k=chance.randint(1, 5))).title() for _ in range(words)
        )
        yield name[:98]


def number(serial):
    return f"3216-A07-{serial:05d}-W7MW"


def visit(place=0):
    villages = load_places().villages
    village = villages[place % len(villages)]
    return VisitContent(
        village=village.name,
        village_kind=village.kind,
        district=village.district_name,
        day=DAY,
        place="Balai desa",
        time="08.00 - 12.00",
        groups=("Poktan Sri Mukti", "Kelompok Tani Wanita Harapan Jaya", "Mandor Karta"),
    )


def pages_of(paper, blocks) -> Iterator[tuple[list[Placed], str]]:
    for page in lay_out(paper, blocks):
        yield list(page.placed), paper.format


def tickets(language):
    content = TicketsContent(
        count=PEOPLE, visit=visit(), village_code="3216132003", letterhead=LETTERHEAD
    )
    for sheet in ticket_sheets(content, language):
        yield sheet, "a4"


def invitations(language):
    people = (
        Invitation(name=name, village=f"Kp. {name}, Desa Karangharja", code="U7F3K9QM")
        for name in invented_names(PEOPLE)
    )
    for sheet in invitation_sheets(people, visit(), LETTERHEAD, language):
        yield sheet, "a4"


def form_content(language, place=0, **changes):
    given = {
        "letterhead": LETTERHEAD,
        "numbers": [FormNumber("A07", DAY, 1)],
        "visit": visit(place),
        "occupation": "Buruh tani",
        "workplace": "Kelompok Tani Wanita Harapan Jaya Sejahtera Bersama",
        "consent_version": CONSENT.version,
        "consent_paragraphs": CONSENT.paragraphs[language],
    }
    return BlankFormContent(**given | changes)


def forms(language):
    for place in range(len(load_places().villages)):
        content = form_content(language, place)
        (own,) = form_sheets(content)
        yield [*own, Placed(0, 0, tuple(same_on_all(content, language)))], "a4"


def consent(language):
    lines = (
        ConsentLine(ticket=f"{n:03d}", name=name)
        for n, name in enumerate(invented_names(PEOPLE), start=1)
    )
    content = ConsentSheetContent(
        visit=visit(),
        letterhead=LETTERHEAD,
        consent_version=CONSENT.version,
        consent_paragraphs=CONSENT.paragraphs[language],
        lines=lines,
        enumerator="Nining Suryani",
    )
    yield from pages_of(*consent_sheet(content, language))


def attending(language):
    people = (
        Attending(number=number(n), name=name, village="Pantai Harapan Jaya")
        for n, name in enumerate(invented_names(PEOPLE), start=1)
    )
    content = AttendanceContent(
        visit=visit(), letterhead=LETTERHEAD, people=people, blank_lines=5, enumerator="W" * 40
    )
    yield from pages_of(*attendance(content, language))


def all_minutes(language):
    for place, name in enumerate(invented_names(PEOPLE)):
        content = MinutesContent(
            visit=visit(place),
            letterhead=LETTERHEAD,
            recorded=39,
            waiting_nik=3,
            attended=3,
            no_show=2,
            papers_printed=39,
            check_code="7F3K",
            devices=("A07",),
            enumerator=name,
            coordinator=name,
            village_head=name,
        )
        yield from pages_of(*minutes(content, language))


def handing_over(language):
    content = HandoverContent(
        letterhead=LETTERHEAD,
        day=DAY,
        device_code="A07",
        holds=[HeldOf(code=f"A{n:02d}", count=36_000, received=36_000) for n in range(7)],
        sent_at="22-11-2026 16.05",
        heads_agree=False,
        received=[NumberRange(first=number(1), last=number(900), count=900)] * 40,
        missing=[number(n) for n in range(PEOPLE)],
        enumerator="W" * 40,
    )
    yield from pages_of(*handover(content, language))


def recaps(language):
    villages = [
        VillageCounts(village=v.name, by_state={"registered": 75_903, "ended": 3}, received=2)
        for v in load_places().villages
    ]
    content = RecapContent(
        letterhead=LETTERHEAD,
        day=DAY,
        device_code="A07",
        enumerator="SITI " * 19,
        villages=villages,
        slips=75_903,
        cards=2,
        first_number=number(1),
        last_number=number(99_999),
        code="7F3KAAAA",
    )
    yield from pages_of(*recap(content, language))


def family(language):
    contents = (
        FamilyContent(
            letterhead=LETTERHEAD,
            tables=load_programme_tables(),
            day=DAY,
            name=name,
            number=number(n),
        )
        for n, name in enumerate(invented_names(PEOPLE), start=1)
    )
    yield from pages_of(*family_sheets(contents, LETTERHEAD, language))


PAPERS = [
    (tickets, 8.25),
    (invitations, 8.25),
    (forms, 8.25),
    (consent, 8.25),
    (attending, 8.0),
    (all_minutes, 8.25),
    (handing_over, 8.25),
    (recaps, 8.25),
    (family, LEAST),
]


@pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("made", "least"), PAPERS, ids=[made.__name__ for made, _ in PAPERS])
def test_every_paper_holds_a_thousand_people(made, least, language):
    pages = list(made(language))
    for placed, form in pages:
        assert list(problems(placed, form, least)) == []
    if made is family:
        assert len(pages) == 2 * PEOPLE


def few_attending():
    people = [Attending(number=number(1), name="Rukmini")]
    return AttendanceContent(visit=visit(), letterhead=LETTERHEAD, people=people)


def test_the_checker_sees_what_is_wrong():
    """The control: each fault that the checker is there for, put in by hand."""
    (page,) = lay_out(*attendance(few_attending(), "id"))
    good = list(page.placed)
    assert list(problems(good, "a4", 8.0)) == []
    x, y, items = next(p for p in good if any(hasattr(item, "text") for item in p.items))
    for wrong in (
        Placed(x, y, (*items, *items)),  # lies on itself
        Placed(-100, y, items),
        Placed(x, 290, items),
        Placed(x, y, tuple(replace(i, size=5.0) if isinstance(i, Words) else i for i in items)),
        Placed(
            x, y, tuple(replace(i, colour=HAIRLINE) if isinstance(i, Words) else i for i in items)
        ),
    ):
        assert list(problems([wrong], "a4", 8.0)) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_a_name_is_lost(language):
    def letters(text):
        return "".join(text.replace("-", "").split()).casefold()

    people = [Attending(number=number(1), name=name) for name in ODD_NAMES]
    content = AttendanceContent(visit=visit(), letterhead=LETTERHEAD, people=people)
    shown = letters(
        "".join(
            words.text
            for placed, _ in pages_of(*attendance(content, language))
            for _, _, items in placed
            for words in items
            if hasattr(words, "text")
        )
    )
    for name in ODD_NAMES:
        assert letters(name) in shown


# What stands on paper, read back with another library, and codes from pixels at 200 dpi


def read(paper, blocks):
    sink = io.BytesIO()
    write_paper(paper, blocks, sink)
    with pypdfium2.PdfDocument(sink.getvalue()) as document:
        return [" ".join(p.get_textpage().get_text_range().split()) for p in document]


def test_slips_are_read_from_pixels_in_their_order(tmp_path):
    path = tmp_path / "slips.pdf"
    content = TicketsContent(
        count=23, start=8, visit=visit(), village_code="3216132003", letterhead=LETTERHEAD
    )
    assert write_tickets(content, path, "id") == 3
    read_back = [parse_ticket(code) for code in read_codes_from_pdf(path, dpi=200)]
    assert sorted(ticket.number for ticket in read_back) == list(range(8, 31))
    assert {ticket.place_key for ticket in read_back} == {content.place_key}


def test_invitations_and_forms_are_read_from_pixels(tmp_path):
    letters, blanks = tmp_path / "letters.pdf", tmp_path / "forms.pdf"
    people = [
        Invitation(name=name, village="Desa Karangharja", code=f"U7F3K9Q{n}")
        for n, name in enumerate(ODD_NAMES)
    ]
    assert write_invitations(people, visit(), LETTERHEAD, letters, "id").rows == len(people)
    codes = read_codes_from_pdf(letters, dpi=200)
    assert sorted(codes) == sorted(person.code for person in people)
    numbers = [FormNumber("A07", DAY, n) for n in (1, 2, 3)]
    write_forms(form_content("id", numbers=numbers), blanks, "id")
    shown = [parse_form_number(code) for code in read_codes_from_pdf(blanks, dpi=200)]
    assert shown == [n.shown for n in numbers]


def test_the_family_reads_the_sums_of_the_dated_table_and_no_promise_for_today():
    content = FamilyContent(letterhead=LETTERHEAD, tables=load_programme_tables(), day=DAY)
    pages = read(*family_sheets([content], LETTERHEAD, "id"))
    assert len(pages) == 2
    front, back = pages
    for said in (
        "Hari ini baru didata, belum dijamin.",
        "48 kali penghasilan yang dilaporkan",
        "santunan sampai Rp42 juta. Bila belum 3 bulan: Rp10 juta.",
        "paling cepat setelah 3 tahun iuran",
        "menurut aturan per 22 November 2026",
        "Sakit biasa (itu BPJS Kesehatan), pensiun, uang tunai tiap bulan.",
    ):
        assert said in front
    assert "yang pertama berhak: suami, istri, atau anak" in back
    assert back.index("orang tua") < back.index("saudara kandung") < back.index("wasiat")
    assert "31 Januari 2027" in back
    assert "BPJS Ketenagakerjaan 175" in back
    assert "%" not in front + back  # no shares


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_that_a_worker_sees_says_that_it_is_free(language):
    words = {"id": "Gratis. Jangan beri uang kepada siapa pun.", "en": "Free of charge."}[language]
    for made in (tickets, invitations, forms, consent, attending, family):
        for placed, _ in islice(made(language), 20):
            shown = " ".join(
                words.text for _, _, items in placed for words in items if hasattr(words, "text")
            )
            assert words in shown
            assert "0812-0000-0000" in shown


def test_the_signature_sheet_shows_the_consent_text_word_for_word():
    content = ConsentSheetContent(
        visit=visit(),
        letterhead=LETTERHEAD,
        consent_version=CONSENT.version,
        consent_paragraphs=CONSENT.paragraphs["id"],
        lines=[ConsentLine(ticket="014", name="RUKMINI")],
    )
    (said,) = read(*consent_sheet(content, "id"))
    for paragraph in CONSENT.paragraphs["id"]:
        assert paragraph in said
    assert CONSENT.version in said
    assert "014 RUKMINI" in said
    assert "B = bekerja, S = sedang sakit, H = berhenti" in said


def test_nobody_stands_in_the_properties_of_a_paper():
    for language in LANGUAGES:
        for paper, blocks in (
            consent_sheet(
                ConsentSheetContent(
                    visit=visit(),
                    letterhead=LETTERHEAD,
                    consent_version="1",
                    consent_paragraphs=["x"],
                    lines=[ConsentLine(ticket="1", name="RUKMINI")],
                ),
                language,
            ),
            family_sheets(
                [
                    FamilyContent(
                        letterhead=LETTERHEAD,
                        tables=load_programme_tables(),
                        day=DAY,
                        name="RUKMINI",
                        number=number(1),
                    )
                ],
                LETTERHEAD,
                language,
            ),
        ):
            sink = io.BytesIO()
            write_paper(paper, blocks, sink)
            assert b"RUKMINI" not in sink.getvalue()
            with pypdfium2.PdfDocument(sink.getvalue()) as document:
                assert "RUKMINI" not in str(document.get_metadata_dict())


def files(language):
    """Yield each paper once, as its bytes, for a few people with odd names."""
    people = [Invitation(name=name, village="Desa X", code="U7F3K9QM") for name in ODD_NAMES]
    drawn = (
        lambda sink: write_tickets(TicketsContent(count=3, letterhead=LETTERHEAD), sink, language),
        lambda sink: write_invitations(people, visit(), LETTERHEAD, sink, language),
        lambda sink: write_forms(form_content(language), sink, language),
    )
    for write in drawn:
        sink = io.BytesIO()
        write(sink)
        yield sink.getvalue()
    everybody = [Attending(number=number(n), name=name) for n, name in enumerate(ODD_NAMES)]
    content = AttendanceContent(visit=visit(), letterhead=LETTERHEAD, people=everybody)
    families = [
        FamilyContent(
            letterhead=LETTERHEAD, tables=load_programme_tables(), day=DAY, name=ODD_NAMES[0]
        )
    ]
    for paper, blocks in (
        attendance(content, language),
        family_sheets(families, LETTERHEAD, language),
    ):
        sink = io.BytesIO()
        write_paper(paper, blocks, sink)
        yield sink.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_pdf_a_and_the_same_bytes_again(language):
    first, second = list(files(language)), list(files(language))
    assert first == second
    for raw in first:
        assert problems_of(raw) == []


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_a_logo_of_any_kind_stands_in_the_head(mode):
    picture = io.BytesIO()
    Image.new(mode, (40, 50)).save(picture, "PNG")
    head = replace(LETTERHEAD, logo=picture.getvalue())
    content = AttendanceContent(visit=visit(), letterhead=head, people=[])
    sink = io.BytesIO()
    write_paper(*attendance(content, "id"), sink)
    assert problems_of(sink.getvalue()) == []

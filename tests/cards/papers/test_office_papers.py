"""Every paper of the office, over a thousand invented people and the hostile ones among them."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from enumerator_app.cards.items import BLACK, WHITE
from enumerator_app.cards.papers import Column, Paper, Row, Table, lay_out
from enumerator_app.cards.papers import Letterhead as PaperHead
from enumerator_app.cards.papers.office import (
    claim_file as claims,
)
from enumerator_app.cards.papers.office import (
    cover_letter as covers,
)
from enumerator_app.cards.papers.office import (
    decree as decrees,
)
from enumerator_app.cards.papers.office import (
    decree_change as changes,
)
from enumerator_app.cards.papers.office import (
    recap as recaps,
)
from enumerator_app.cards.papers.office import (
    self_pay as slips,
)
from enumerator_app.cards.papers.office import (
    verification as records,
)
from enumerator_app.cards.papers.office import (
    village_lists as lists,
)
from enumerator_app.cards.papers.office.occasion import Occasion, Place
from enumerator_app.cards.papers.office.parts import Summed
from enumerator_app.domain.letterhead import Letterhead, Signer
from enumerator_app.domain.programme import monthly_contribution
from enumerator_app.domain.reference import load_places, load_programme_tables
from enumerator_app.domain.registration import Registration
from tests.cards.papers.paper_checks import contrast, problems, words_on

DAY = date(2026, 11, 28)
PRINT = "0123456789abcdef" * 4
PLACE = Place("Pantai Harapan Jaya", "desa", "Muaragembong", "3216172003")
SETTINGS = Letterhead(
    government="Pemerintah Kabupaten Bekasi",
    office="Dinas Ketenagakerjaan",
    address="Komplek Perkantoran Pemerintah Daerah, Desa Sukamahi, Cikarang Pusat 17530",
    city="Cikarang Pusat",
    phone="021-0000000",
    email="kantor@example.go.id",
    posko_phone="0812-0000-0000",
    complaint_phone="0821-0000-1111",
    insurer_branch="BPJS Ketenagakerjaan Cabang Bekasi Cikarang",
    signer=Signer(
        title="Kepala Dinas Ketenagakerjaan",
        name="Dra. Hj. Ratna Komala, M.Si.",
        rank="Pembina Utama Muda",
        nip="19700101 199503 2 001",
    ),
    decree=Signer(title="Bupati Bekasi"),
)
HOSTILE = [
    "O",
    "W" * 30,
    '=HYPERLINK("x")&\'@SUM',
    "NURUL 'AIN H. ABD. MU'THI",
    ("RADEN MAS ABDURRAHMAN WAHIDUDDIN AL-FATIH BIN SYEKH MUHAMMAD NURUDDIN " * 2)[:98].strip(),
    "Ñandú Ağaoğlu Żółć",
]
SYLLABLES = ["mu", "sa", "ri", "na", "wi", "dya", "nur", "has", "sul", "ta", "kar", "tin", "yah"]
STATES = ("registered", "verified", "waiting_nik", "returned", "submitted", "enrolled", "refused")


@cache
def names():
    """A thousand names: mostly plain, the hostile ones spread among them."""
    dice = random.Random(7)
    made = []
    for n in range(1000):
        words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 5))) for _ in range(4)]
        plain = " ".join(words[: dice.randint(1, 4)]).upper()
        made.append(HOSTILE[n % len(HOSTILE)] if n % 11 == 0 else plain)
    return made


def occasion(language, **changes):
    fields = {"settings": SETTINGS, "day": DAY, "language": language, "letter_number": "400.3/12"}
    return Occasion(**{**fields, **changes})


def number(n):
    return f"3216-A07-{n:05d}-K7QC"


def record(n, **changes):
    dice = random.Random(n)
    fields = {
        "nik": f"3216{dice.randrange(10**12):012d}",
        "name": names()[n],
        "birth_place": "Bekasi",
        "birth_date": date(1960, 1, 1) + timedelta(days=dice.randrange(16_000)),
        "address": "Kp. " + "Rawa Bugel Tanjung Sari " * dice.randint(1, 4),
        "rt": "003",
        "rw": "001",
        "village_code": PLACE.code,
        "occupation": "Buruh tani",
        "workplace": "Sawah " + names()[-n],
        "works_now": dice.choice(["working", "ill", "stopped", ""]),
        "works_since": dice.choice([None, 2001]),
        "consent_method": "group",
        "consent_witness": names()[n - 1] if n % 2 else "",
        "witness_role": "mandor",
        "consent_at": datetime(2026, 11, 22, 1, tzinfo=UTC),
        "consent_text_version": "2026-11",
        "registered_at": datetime(2026, 11, 22, 1, tzinfo=UTC),
        "programmes": ("JKK", "JKM"),
        **changes,
    }
    return Registration.model_validate(fields)


def receipt(said):
    cards = [
        lists.CardLine(number(n), name, "active" if n % 3 else "provisional")
        for n, name in enumerate(names())
    ]
    return lists.card_receipt(PLACE, cards, said)


def notice(said):
    people = [
        lists.NoticeLine(name, "003", "001", STATES[n % 7], date(2026, 1, 1), date(2027, 12, 31))
        for n, name in enumerate(names())
    ]
    return lists.village_notice(PLACE, people, said)


def verification(said):
    sample = tuple(records.Sampled(number(n), names()[n]) for n in range(50))
    content = records.Verification(
        place=PLACE,
        by_state={state: 100 + n for n, state in enumerate(STATES)},
        sample=sample,
        sample_percent=5,
        list_print="0123456789abcdef" * 4,
        first_day=DAY,
        last_day=DAY,
        visit="Balai Desa Pantai Harapan Jaya",
    )
    return records.verification_record(content, said)


def decree(said):
    rows = [
        (str(n + 75_000), name, "************0001", "Kp. Rawa Bugel Tanjung Sari 12", "003", "001",
         PLACE.village, PLACE.district, PLACE.code, number(n))
        for n, name in enumerate(names())
    ]  # fmt: skip
    districts = tuple(decrees.DistrictCount(one.name, 9, 3300) for one in load_places().districts)
    content = decrees.Decree(
        about=said.say("decree.about"),
        decree_day=DAY,
        districts=districts,
        monthly=1_275_170_400,
        table_version="bpu-2015-07",
        table_from=date(2015, 7, 1),
        rows_hash=PRINT,
        villages=[
            decrees.VillageRows(PLACE, rows[start : start + 250]) for start in range(0, 1000, 250)
        ],
    )
    return decrees.decree_appendix(content, said)


def change(said):
    rows = [
        (str(n), name, "************0001", "Kp. Rawa Bugel Tanjung Sari 12", "003", "001",
         PLACE.village, PLACE.district, PLACE.code, number(n))
        for n, name in enumerate(names(), start=1)
    ]  # fmt: skip
    content = changes.DecreeChange(
        about=said.say("change.about"),
        decree_day=None,
        people_before=75_903,
        people_after=76_003,
        monthly_after=1_276_850_400,
        table_version="bpu-2015-07",
        hash_before=PRINT,
        rows_hash=PRINT[::-1],
        rows={"added": rows, "changed": [], "removed": rows[:7]},
    )
    return changes.decree_change(content, said)


def cover(said):
    content = covers.Batch(
        id="20261128-a1b2c3",
        made_on=DAY,
        file="daftar_pekerja_tani_gelombang_pertama_20261128.xlsx",
        rows=75_903,
        monthly=1_275_170_400,
        nik_sum=75_903 * 3_216_061_203_850_001,
        sha256=PRINT,
        programmes=("JKK", "JKM"),
        table_version="bpu-2015-07",
        table_from=date(2015, 7, 1),
    )
    return covers.cover_letter(content, said)


def claim(said, n=4, case="death", *, covered=True):
    tables = load_programme_tables()
    heirs = tuple(
        claims.HeirLine(place, "child", names()[n + place], "1980") for place in range(1, 6)
    )
    content = claims.ClaimFile(
        case=case,
        record=record(n),
        number=number(n),
        place=PLACE,
        registered_on=date(2026, 11, 22),
        consent_on=date(2026, 11, 22),
        kpj="12345678901" if covered else "",
        cover_from=date(2026, 10, 1) if covered else None,
        cover_to=date(2026, 12, 31) if covered else None,
        ended_on=None,
        heirs=heirs,
        events=(claims.Event(DAY, "office_accepted", {}),),
        benefits=tables.benefits_on(DAY),
        contribution=monthly_contribution(None, ("JKK", "JKM"), DAY, "apbd", tables),
        early_until=date(2026, 12, 31) if covered else None,
    )
    return claims.claim_file(content, said)


def self_pay(said):
    content = slips.SelfPay(
        prices=slips.prices_from(DAY, None, load_programme_tables()),
        base=1_000_000,
        name=HOSTILE[4],
        number=number(1),
        kpj="12345678901",
        covered_until=date(2026, 12, 31),
        last_day=date(2031, 5, 1),
    )
    return slips.self_pay_slip(content, said)


def recap(said):
    content = recaps.Recap(
        of_day=DAY,
        districts=tuple(
            recaps.DistrictDay(one.name, (900, 900, 75_903, 75_903, 75_903, 75_903, 75_903))
            for one in load_places().districts
        ),
        laptops=tuple(recaps.LaptopDay(f"A{n:02d}", HOSTILE[n % 6], None) for n in range(60)),
        waiting_nik=1,
        returned=2,
        refused=3,
        cases=4,
    )
    return recaps.daily_recap(content, said)


PAPERS = {
    "receipt": receipt,
    "notice": notice,
    "verification": verification,
    "decree": decree,
    "change": change,
    "cover": cover,
    "claim": claim,
    "self_pay": self_pay,
    "recap": recap,
}
FOR_WORKERS = {"receipt", "notice", "claim", "self_pay"}


def pages_of(ready):
    return list(lay_out(ready.paper, ready.blocks))


def flat(text):
    return re.sub(r"[\s\-]", "", text)


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_on_a_paper_overlaps_leaves_the_page_or_is_hard_to_read(name, language):
    pages = pages_of(PAPERS[name](occasion(language)))
    found = [f"{page.number}: {one}" for page in pages for one in problems(page)]
    assert found == []


@pytest.mark.parametrize("name", ["receipt", "notice", "decree", "change"])
def test_every_letter_of_every_name_is_on_the_list(name):
    said = flat("".join("".join(words_on(page)) for page in pages_of(PAPERS[name](occasion("id")))))
    missing = [one for one in names() if flat(one) not in said]
    assert missing == []


@pytest.mark.parametrize("name", ["cover", "decree", "change"])
@pytest.mark.parametrize("digit", ["d", "1"])  # the widest, and one of those that are all alike
def test_a_print_stands_in_halves_without_a_hyphen_and_no_digit_alone(name, digit, monkeypatch):
    monkeypatch.setitem(globals(), "PRINT", digit * 64)
    pages = pages_of(PAPERS[name](occasion("id")))
    said = [one for page in pages for one in words_on(page)]
    parts = [one for one in said if re.fullmatch(f"[{digit}-]{{5,}}", one)]
    assert set(parts) == {digit * 32}


@pytest.mark.parametrize("name", PAPERS)
def test_only_papers_that_workers_see_say_that_they_are_free(name):
    for page in pages_of(PAPERS[name](occasion("id"))):
        on_it = " ".join(words_on(page))
        assert ("Gratis. Jangan beri uang" in on_it) is (name in FOR_WORKERS)
        assert ("0821-0000-1111" in on_it) is (name in FOR_WORKERS)


@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_has_the_letterhead_once_and_no_politician(name):
    said = " ".join(" ".join(words_on(page)) for page in pages_of(PAPERS[name](occasion("id"))))
    assert said.count("DINAS KETENAGAKERJAAN") == 1
    assert said.count("PEMERINTAH KABUPATEN BEKASI") == 1
    assert ("Bupati" in said or "BUPATI" in said) is (name in {"decree", "change"})


def pages_that_begin_with_a_sum(block):
    """Count them over tables that end at any height of a page."""
    found = 0
    for count in range(30, 90):
        rows = [("a", "1")] * count + [Row(("Jumlah", str(count)), tinted=True)]
        table = Table((Column("Nama", 2), Column("Orang", 1, "right")), rows)
        paper = Paper(title="", letterhead=PaperHead(government="X"), language="id")
        pages = list(lay_out(paper, [block(table)]))
        found += any(words_on(page)[:3] == ["Nama", "Orang", "Jumlah"] for page in pages)
    return found


def test_a_sum_never_stands_on_a_page_without_what_it_sums():
    assert pages_that_begin_with_a_sum(Summed) == 0
    assert pages_that_begin_with_a_sum(lambda table: table) > 0  # the control


def test_an_office_without_any_settings_still_prints_every_paper():
    bare = occasion("id", settings=Letterhead(), letter_number="")
    for make in PAPERS.values():
        assert [one for page in pages_of(make(bare)) for one in problems(page)] == []


def test_an_office_that_names_no_number_of_the_insurer_gets_the_known_one():
    without = SETTINGS.model_copy(update={"insurer_phone": ""})
    for make in (self_pay, claim):
        pages = pages_of(make(occasion("id", settings=without)))
        assert "175" in " ".join(" ".join(words_on(page)) for page in pages)


def test_a_signature_never_stands_without_a_row_of_its_table():
    last = pages_of(decree(occasion("id")))[-1]
    said = " ".join(words_on(last))
    assert "Bupati Bekasi" in said
    assert "Jumlah Pantai Harapan Jaya" in said


@pytest.mark.parametrize("case", claims.CASES)
@pytest.mark.parametrize("covered", [True, False])
def test_a_claim_file_of_anybody_can_be_read(case, covered):
    for n in range(1, 200, 3):
        pages = pages_of(claim(occasion("id"), n, case, covered=covered))
        assert [one for page in pages for one in problems(page)] == []
        said = " ".join(" ".join(words_on(page)) for page in pages)
        assert flat(record(n).name) in flat(said)
        assert ("memberi jaminan" in said) is not covered


def test_months_are_counted_from_the_first_of_the_cover_and_never_past_its_end():
    def months(start, end, day):
        content = claims.ClaimFile.__new__(claims.ClaimFile)
        object.__setattr__(content, "cover_from", start)
        object.__setattr__(content, "cover_to", end)
        return content.months(day)

    year = (date(2026, 10, 1), date(2027, 9, 30))
    assert months(*year, date(2026, 9, 30)) == 0
    assert months(*year, date(2026, 10, 1)) == 1
    assert months(*year, date(2026, 10, 31)) == 1
    assert months(*year, date(2027, 1, 1)) == 4
    assert months(*year, date(2029, 1, 1)) == 12
    assert months(None, None, DAY) == 0


def test_the_checker_finds_what_it_looks_for():
    """The control: a page with each fault is reported."""
    page = pages_of(cover(occasion("id")))[0]
    assert list(problems(page, least=20))
    assert list(problems(page, "a5"))
    twice = page.__class__(1, page.placed * 2, 0, page.total_at)
    assert list(problems(twice))
    assert contrast(BLACK, WHITE) == pytest.approx(21)

"""Checking a registration: what each rule says, and that form, file and office say the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.checking import (
    NUMERIC_NIK_CELL,
    CheckContext,
    check_draft,
    check_registration,
    draft_of,
)
from enumerator_app.domain.findings import describe
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.domain.registration import (
    FIELDS,
    HeirDraft,
    RegistrationDraft,
    body_of,
    registration_from_body,
)

SUBJECT = UUID("01932f6e-0000-7000-8000-00000000000b")
FORM = CheckContext(
    today=date(2026, 11, 22),
    today_is_certain=True,
    rulebook=load_rulebook(),
    places=load_places(),
    source="form",
    now=datetime(2026, 11, 22, 2, 4, 5, 678_000, tzinfo=UTC),
    subject=SUBJECT,
)
FILE = replace(FORM, source="file")
DOUBTFUL = replace(FORM, today_is_certain=False)

SITI = {
    "nik": "321601 520374 0001",
    "document_seen": "KTP",
    "name": "Siti Ma'emunah",
    "birth_place": "Bekasi",
    "birth_date": "12-03-1974",
    "date_source": "confirmed",
    "sex": "P",
    "mother_name": "Encum",
    "address": "Kp. Sawah Indah",
    "rt": "3/1",
    "village_code": "32.16.01.2001",
    "phone": "0812 3456 7890",
    "phone_owner": "self",
    "occupation": "Buruh tani",
    "works_now": "bekerja",
    "works_since": "1998",
    "monthly_income": "1.000.000",
    "programmes": "JKK+JKM",
    "consent_method": "kelompok",
    "photo": "ab" * 32,
}


def draft(*heirs, **changes):
    return RegistrationDraft(SITI | changes, heirs)


def findings(context=FORM, *heirs, **changes):
    return {(f.code, f.severity) for f in check_draft(draft(*heirs, **changes), context).findings}


def test_a_complete_record_has_nothing_to_be_said_about():
    checked = check_draft(draft(), FORM)
    assert checked.findings == ()
    record = checked.registration
    assert record.nik == "3216015203740001"
    assert record.name == "SITI MA'EMUNAH"
    assert record.birth_date == date(1974, 3, 12)
    assert (record.rt, record.rw) == ("003", "001")
    assert record.village_code == "3216012001"
    assert record.phone == "081234567890"
    assert record.works_now == "working"
    assert record.monthly_income == 1_000_000
    assert record.programmes == ("JKK", "JKM")
    assert record.consent_method == "group"
    assert record.registered_at == record.consent_at == FORM.now


def test_an_empty_form_lacks_the_essentials_and_is_not_saved():
    checked = check_draft(RegistrationDraft(), FORM)
    assert checked.registration is None
    assert {f.code for f in checked.errors} == {
        "name_missing",
        "village_missing",
        "consent_missing",
    }


WHAT_IS_SAID = [
    # NIK
    ({"nik": "3216015203"}, {("nik_len", "error")}),
    ({"nik": "321601520374OOO1"}, {("nik_letter", "error")}),
    ({"nik": "", "document_seen": "none"}, {("waiting_nik", "note")}),
    ({"nik": "", "document_seen": "suket"}, {("waiting_nik", "note")}),
    ({"nik": ""}, {("waiting_nik", "note"), ("nik_not_copied", "warning")}),
    ({"nik": "3216015303740001"}, {("nik_date", "warning")}),
    ({"nik": "3216011203740001"}, {("nik_sex", "warning")}),
    ({"nik": "3216017203740001"}, {("nik_no_date", "warning")}),
    ({"nik": "3171015203740001"}, {("nik_area", "note")}),
    ({"nik": "9999015203740001"}, {("nik_area_unknown", "note")}),
    ({"nik": "3216995203740001"}, {("nik_area_unknown", "note")}),
    ({"nik": "3216015203740000"}, {("nik_serial0", "warning")}),
    ({"nik": "1111111111111111"}, {("nik_placeholder", "warning")}),
    ({"kk_number": "3216"}, {("kk_len", "warning")}),
    ({"kk_number": "321601520374000A"}, {("kk_letter", "warning")}),
    ({"kk_number": "3216015203740001"}, {("kk_is_nik", "warning")}),
    ({"kk_number": "3216011503200001"}, set()),
    # name
    ({"name": " . "}, {("name_missing", "error")}),
    ({"name": "Suminah"}, {("name_one_word", "note")}),
    ({"name": "A" * 31 + " " + "B" * 30}, {("name_long", "note")}),
    ({"name": "S1ti Maemunah"}, {("name_signs", "warning")}),
    ({"name": "=cmd|' /C calc'!A0"}, {("name_signs", "warning")}),
    # birth and sex
    ({"birth_date": "31-02-1974"}, {("date_impossible", "error")}),
    ({"birth_date": "12-03-74"}, {("date_year_short", "error")}),
    ({"birth_date": "kapan"}, {("date_unreadable", "error")}),
    ({"birth_date": ""}, {("birth_date_missing", "warning")}),
    ({"date_source": "nik"}, {("date_from_nik", "note")}),
    ({"sex": ""}, {("sex_missing", "warning")}),
    ({"sex": "x"}, {("choice_unknown", "error")}),
    # address and contact
    ({"village_code": ""}, {("village_missing", "error")}),
    ({"village_code": "3216019999"}, {("village_unknown", "error")}),
    ({"village_code": "Desa Entah"}, {("village_unknown", "error")}),
    ({"village_code": "3216010"}, {("village_bps", "error")}),
    ({"village_code": "3216010001"}, {("village_bps", "error")}),
    ({"village_code": "sagara makmur"}, set()),
    ({"rt": "sawah"}, {("rt_rw_odd", "warning")}),
    ({"phone": "", "phone_owner": ""}, {("no_phone", "note")}),
    ({"phone": "-", "phone_owner": ""}, {("no_phone", "note")}),
    ({"phone": "0812"}, {("phone_odd", "warning")}),
    ({"phone_owner": "none"}, {("phone_owner_none", "warning")}),
    ({"email": "siti@"}, {("email_odd", "warning")}),
    ({"email": "siti@contoh.id"}, set()),
    # work and programmes
    ({"works_now": ""}, {("works_now_missing", "warning")}),
    (
        {"works_now": "sedang sakit"},
        {("ill", "warning"), ("work_witness_missing", "warning")},
    ),
    ({"works_now": "berhenti", "consent_witness": "Karta"}, {("ill", "warning")}),
    ({"works_since": "1970"}, {("works_since_odd", "warning")}),
    ({"works_since": "2027"}, {("works_since_odd", "warning")}),
    ({"works_since": "98"}, {("year_unreadable", "error")}),
    ({"monthly_income": "1000"}, {("income_odd", "warning")}),
    ({"monthly_income": "seribu"}, {("number_unreadable", "error")}),
    ({"monthly_income": ""}, set()),
    ({"programmes": ""}, {("programmes_minimum", "warning")}),
    ({"programmes": "JKK"}, {("programmes_minimum", "warning")}),
    ({"programmes": "jht, jkm dan jkk"}, set()),
    ({"programmes": "JKK+BPJS"}, {("choice_unknown", "error")}),
    # consent, photo, the rest
    ({"consent_method": ""}, {("consent_missing", "error")}),
    ({"consent_method": "cap jempol"}, {("witness_missing", "warning")}),
    ({"consent_method": "lisan", "consent_witness": "Karta"}, set()),
    ({"photo": ""}, {("no_photo", "note")}),
    ({"photo": "", "no_photo_reason": "bercadar"}, set()),
    ({"photo": "siti.jpg"}, {("photo_unreadable", "error")}),
    ({"visit_id": "tadi"}, {("id_unreadable", "error")}),
    ({"latitude_udeg": "-6.2"}, {("number_unreadable", "error")}),
    ({"ended_on": "22-11-2026"}, {("ended_without_reason", "warning")}),
    ({"ended_on": "22-11-2026", "ended_reason": "pindah"}, set()),
]


@pytest.mark.parametrize(("changes", "said"), WHAT_IS_SAID)
@pytest.mark.parametrize("context", [FORM, FILE], ids=["form", "file"])
def test_what_is_said_about(changes, said, context):
    assert findings(context, **changes) == said


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("22-11-1961", ("age_65", "warning")),
        ("23-11-1961", None),
        ("22-11-2009", None),
        ("23-11-2009", ("age_young", "warning")),
        ("23-11-2026", ("birth_date_future", "warning")),
        ("21-11-1925", ("age_odd", "warning")),
        ("01-07-1970", ("birth_day_usual", "note")),
        ("31-12-1970", ("birth_day_usual", "note")),
    ],
)
def test_what_is_said_about_an_age(born, said):
    day, month, year = born.split("-")
    nik = f"321601{int(day) + 40}{month}{year[2:]}0001"
    expected = {said} if said else set()
    assert findings(birth_date=born, nik=nik, works_since="") == expected


@pytest.mark.parametrize("born", ["22-11-1961", "23-11-2009", "23-11-2026"])
def test_ages_are_notes_while_the_day_is_doubtful(born):
    said = check_draft(draft(birth_date=born, nik="", works_since="2030"), DOUBTFUL)
    about_today = {f for f in said.findings if f.field in {"birth_date", "works_since"}}
    assert len(about_today) == 2
    assert {f.severity for f in about_today} == {"note"}


@pytest.mark.parametrize("changes", [{NUMERIC_NIK_CELL: "yes"}, {"nik": "3.21601520374E+15"}])
def test_a_nik_that_a_spreadsheet_spoilt_is_refused_with_the_reason(changes):
    checked = check_draft(draft(**changes), FILE)
    assert [(f.code, f.severity) for f in checked.findings] == [("xlsx_nik", "error")]
    assert checked.registration is None


def test_a_field_that_was_not_understood_gets_one_finding():
    checked = check_draft(draft(birth_date="31-02-1974"), FORM)
    assert [f.parameters for f in checked.findings] == [{"value": "31-02-1974"}]
    assert describe(checked.findings[0]) == (
        "Tanggal 31-02-1974 tidak ada di kalender. Lihat lagi di KTP."
    )


def test_findings_come_heaviest_first():
    order = [f.severity for f in check_draft(draft(nik="", name="", photo=""), FORM).findings]
    assert order == sorted(order, key=("error", "warning", "note").index)
    assert len(set(order)) == 3


@pytest.mark.parametrize(
    ("heir", "said"),
    [
        (HeirDraft("Karta", "suami", "1970"), set()),
        (HeirDraft("Ujang", "A", "12", "ya"), set()),
        (HeirDraft("Ujang", "A", "17-08-2010"), set()),
        (HeirDraft(), set()),
        (HeirDraft("Ujang"), {("heir_relation_missing", "error")}),
        (HeirDraft("Ujang", "teman"), {("choice_unknown", "error")}),
        (HeirDraft("Ujang", "A", "31-02-2010"), {("date_impossible", "error")}),
        (HeirDraft("Ujang", "A", "besok"), {("date_unreadable", "error")}),
        (HeirDraft("Ujang", "A", "12", "mungkin"), {("choice_unknown", "error")}),
        (HeirDraft("", "A", "12"), {("heir_name_missing", "warning")}),
        (HeirDraft("Ujang", "A", "2030"), {("heir_birth_future", "warning")}),
    ],
)
def test_what_is_said_about_an_heir(heir, said):
    assert findings(FORM, heir) == said


def test_an_heir_is_read_with_relation_birth_and_school():
    (heir,) = check_draft(draft(HeirDraft("ujang", "anak", "12 th", "ya")), FORM).registration.heirs
    assert (heir.name, heir.relation, heir.birth_year, heir.scholarship) == (
        "UJANG",
        "child",
        2014,
        True,
    )


def test_the_same_heir_twice_is_asked_about_and_both_stay():
    twice = HeirDraft("Ujang", "A", "12")
    checked = check_draft(draft(twice, HeirDraft("UDJANG", "anak", "2014")), FORM)
    assert {f.code for f in checked.findings} == {"heir_twice"}
    assert len({heir.id for heir in checked.registration.heirs}) == 2


def test_a_corrected_record_keeps_the_ids_of_its_heirs():
    first = check_draft(draft(HeirDraft("Ujang", "A", "12")), FORM).registration
    context = replace(FORM, known_heirs=first.heirs)
    corrected = check_draft(draft(HeirDraft("Ujang Karta", "A", "12")), context).registration
    assert [heir.id for heir in corrected.heirs] == [heir.id for heir in first.heirs]
    assert corrected.heirs[0].name == "UJANG KARTA"


# What holds whatever is typed

ODD = st.text(st.characters(codec="utf-8"), max_size=24)
TYPED = {
    "nik": st.from_regex(r"3216[0-9]{12}", fullmatch=True) | st.sampled_from(["", "1" * 16]),
    "document_seen": st.sampled_from(["", "KTP", "suket", "none"]),
    "kk_number": st.from_regex(r"[0-9]{15,16}", fullmatch=True),
    "birth_date": st.dates(date(1900, 1, 1), date(2040, 1, 1)).map("{:%d-%m-%Y}".format),
    "date_source": st.sampled_from(["", "ktp", "nik"]),
    "sex": st.sampled_from(["", "L", "P", "perempuan"]),
    "rt": st.sampled_from(["", "3/1", "3", "RT 3 RW 1", "sawah"]),
    "rw": st.sampled_from(["", "1", "001"]),
    "village_code": st.sampled_from(["3216012001", "32.16.13.2001", "Setia Asih", "3216010"]),
    "phone": st.from_regex(r"(0|62|\+62)8[0-9]{8,10}", fullmatch=True) | st.just("-"),
    "phone_owner": st.sampled_from(["", "self", "tetangga", "none"]),
    "works_now": st.sampled_from(["", "bekerja", "sakit"]),
    "works_since": st.integers(1950, 2040).map(str),
    "monthly_income": st.integers(0, 10**9).map("{:,}".format),
    "programmes": st.sampled_from(["", "JKK", "JKK+JKM", "JKM, JHT"]),
    "consent_method": st.sampled_from(["signature", "lisan", "group", ""]),
    "consent_at": st.sampled_from(["", "2026-11-20T03:00:00.000Z", "20-11-2026"]),
    "photo": st.sampled_from(["", "cd" * 32]),
    "no_photo_reason": st.sampled_from(["", "nanti"]),
    "registered_at": st.sampled_from(["", "21-11-2026"]),
    "ended_on": st.sampled_from(["", "01-02-2027"]),
    "visit_id": st.uuids().map(str),
    "latitude_udeg": st.integers(-90_000_000, 90_000_000).map(str),
}
PLAUSIBLE = st.fixed_dictionaries(
    {"name": st.sampled_from(["Siti Ma'emunah", "H. Moh. Yusup", "Karta"])}, optional=TYPED
)
ANYTHING = st.dictionaries(st.sampled_from([*FIELDS, "foreign"]), ODD, max_size=12)
HEIRS = st.lists(
    st.builds(
        HeirDraft,
        name=st.sampled_from(["Ujang", "Udjang", "", "Siti"]) | ODD,
        relation=st.sampled_from(["I", "anak", "ibu", "mertua"]),
        born=st.sampled_from(["", "12", "2014", "17-08-2010"]),
        scholarship=st.sampled_from(["", "ya", "tidak"]),
    ),
    max_size=4,
).map(tuple)
ESSENTIAL = {"village_code": "3216012001", "consent_method": "group"}
DRAFTS = st.builds(
    lambda plausible, odd, heirs, paradata: RegistrationDraft(
        ESSENTIAL | plausible | odd, heirs, paradata
    ),
    PLAUSIBLE,
    st.just({}) | st.dictionaries(st.sampled_from(["name", "address", "phone", "rt"]), ODD),
    HEIRS,
    st.dictionaries(st.sampled_from(["identity", "heirs"]), st.integers(0, 999)),
)
ANY_DRAFT = DRAFTS | st.builds(RegistrationDraft, ANYTHING, HEIRS)
CONTEXTS = st.sampled_from([FORM, FILE, DOUBTFUL])


@given(ANY_DRAFT, CONTEXTS)
def test_form_file_and_office_say_the_same(typed, context):
    checked = check_draft(typed, context)
    in_a_file = check_draft(typed, replace(context, source="file"))
    at_the_table = check_draft(typed, replace(context, source="form"))
    spoilt = {f for f in in_a_file.findings if f.code == "xlsx_nik"}
    if not spoilt:
        assert in_a_file == at_the_table
    if checked.registration is not None:
        at_the_office = registration_from_body(body_of(checked.registration))
        assert check_registration(at_the_office, context) == checked.findings


@given(ANY_DRAFT, CONTEXTS)
def test_a_record_is_made_exactly_when_there_is_no_error(typed, context):
    checked = check_draft(typed, context)
    assert (checked.registration is None) == bool(checked.errors)


@given(DRAFTS)
def test_a_checked_record_typed_again_is_the_same_record(typed):
    record = check_draft(typed, FORM).registration
    if record is not None:
        again = check_draft(draft_of(record), replace(FORM, known_heirs=record.heirs))
        assert again.registration == record


@given(ANY_DRAFT)
def test_a_checked_record_can_be_journalled_and_read_back(typed):
    record = check_draft(typed, FORM).registration
    if record is not None:
        assert canonical_bytes(body_of(record))
        assert registration_from_body(body_of(record)) == record


@given(ANY_DRAFT, CONTEXTS, st.sampled_from(["id", "en"]))
def test_every_finding_can_be_said(typed, context, language):
    for finding in check_draft(typed, context).findings:
        assert describe(finding, language)
        assert finding.rule_version == context.rulebook.version


@given(ANY_DRAFT)
def test_a_doubtful_clock_changes_no_error_and_no_code(typed):
    certain, doubtful = check_draft(typed, FORM), check_draft(typed, DOUBTFUL)
    assert {(f.field, f.code) for f in certain.findings} == {
        (f.field, f.code) for f in doubtful.findings
    }
    assert certain.errors == doubtful.errors

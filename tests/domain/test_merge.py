"""The merge: groups stay whole, nothing is dropped, and the order matters only where it must."""

from uuid import UUID, uuid5

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enumerator_app.domain.merge import FIELDS_OF_SCHEMA, GROUPS, merge
from enumerator_app.domain.registration import FIELDS

SPACE = UUID("01932f6e-0000-7000-8000-00000000000b")
IDENTITY = GROUPS["identity"]
DECIDED_BY_PEOPLE = {"identity", "work", "programmes", "ending"}


def heir(name, *, year=2014, key=None):
    return {
        "id": str(uuid5(SPACE, key or name)),
        "name": name,
        "relation": "child",
        "birth_date": None,
        "birth_year": year,
        "scholarship": False,
    }


BASE = {
    "schema": 1,
    "nik": "3216015203740001",
    "document_seen": "KTP",
    "kk_number": "",
    "name": "SITI MAEMUNAH",
    "birth_place": "BEKASI",
    "birth_date": "1974-03-12",
    "date_source": "ktp",
    "sex": "P",
    "mother_name": "ENCUM",
    "address": "KP. SAWAH",
    "rt": "003",
    "rw": "001",
    "village_code": "3216012001",
    "phone": "081234567890",
    "phone_owner": "self",
    "email": "",
    "occupation": "BURUH TANI",
    "workplace": "",
    "works_now": "working",
    "works_since": 1998,
    "monthly_income": 1_000_000,
    "programmes": ["JKK", "JKM"],
    "consent_method": "group",
    "consent_witness": "",
    "witness_role": "",
    "consent_at": "2026-11-22T02:00:00.000Z",
    "consent_text_version": "2026-11",
    "photo": None,
    "no_photo_reason": "later",
    "ticket": "17",
    "visit_id": None,
    "group_id": None,
    "latitude_udeg": None,
    "longitude_udeg": None,
    "location_source": "",
    "registered_at": "2026-11-22T02:00:00.000Z",
    "ended_on": None,
    "ended_reason": "",
    "heirs": [heir("UJANG"), heir("ASEP")],
    "paradata": {"identity": 20},
}


def merged(current, entry, base=BASE, schema=1):
    return merge(base, current, entry, entry_schema=schema)


def test_the_body_of_the_tests_has_every_field():
    assert set(BASE) == {*FIELDS, "schema"}


def test_what_only_one_side_changed_is_taken():
    phone, village = BASE | {"phone": "0899"}, BASE | {"village_code": "3216012002"}
    answer = merged(phone, village)
    assert answer.body == BASE | {"phone": "0899", "village_code": "3216012002"}
    assert answer.kept == ()
    assert answer.conflicts == ()


def test_a_nik_of_the_office_never_meets_a_birth_date_of_the_laptop():
    office = BASE | {"nik": "3216015203740002"}
    laptop = BASE | {"birth_date": "1975-03-12"}
    answer = merged(office, laptop)
    assert answer.body == office
    assert answer.conflicts == ("identity",)
    assert [(k.field, k.value, k.origin) for k in answer.kept] == [
        ("birth_date", "1975-03-12", "entry")
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"occupation": "PETANI"}, {"works_now": "ill"}),
        ({"programmes": ["JKK"]}, {"programmes": ["JKK", "JKM", "JHT"]}),
        ({"ended_on": "2026-12-01", "ended_reason": "moved"}, {"ended_on": "2026-12-02"}),
    ],
)
def test_work_programmes_and_ending_wait_for_a_person(ours, theirs):
    answer = merged(BASE | ours, BASE | theirs)
    assert answer.body == BASE | ours
    assert len(answer.conflicts) == 1
    assert {k.field for k in answer.kept} == set(theirs)


def test_the_later_address_is_taken_whole_and_the_earlier_kept():
    answer = merged(BASE | {"village_code": "3216012002", "rt": "009"}, BASE | {"rt": "007"})
    assert answer.body == BASE | {"rt": "007"}
    assert answer.conflicts == ()
    assert {(k.field, k.value, k.origin) for k in answer.kept} == {
        ("village_code", "3216012002", "current"),
        ("rt", "009", "current"),
    }


@pytest.mark.parametrize(("one", "other"), [("", "signature"), ("verbal", "paper")])
def test_the_more_restrictive_consent_holds_in_either_order(one, other):
    strict, free = BASE | {"consent_method": one}, BASE | {"consent_method": other}
    assert merged(strict, free).body["consent_method"] == one
    assert merged(free, strict).body["consent_method"] == one


def test_of_two_photos_both_are_kept_in_sight():
    answer = merged(BASE | {"photo": "aa"}, BASE | {"photo": "bb"})
    assert answer.body["photo"] == "bb"
    assert [(k.field, k.value) for k in answer.kept] == [("photo", "aa")]
    assert merged(BASE | {"photo": "aa"}, BASE | {"no_photo_reason": "other"}).body["photo"] == "aa"


# Heirs


def test_heirs_added_on_both_sides_are_all_there():
    one = BASE | {"heirs": [*BASE["heirs"], heir("SITI")]}
    two = BASE | {"heirs": [*BASE["heirs"], heir("KARTA")]}
    answer = merged(one, two)
    assert [h["name"] for h in answer.body["heirs"]] == ["UJANG", "ASEP", "SITI", "KARTA"]
    assert answer.conflicts == ()


def test_a_child_typed_on_two_laptops_is_one_child_with_a_note():
    one = BASE | {"heirs": [heir("SITI", key="a")]}
    two = BASE | {"heirs": [heir("SITI", key="b")]}
    answer = merged(one, two, base=None)
    assert [h["id"] for h in answer.body["heirs"]] == [one["heirs"][0]["id"]]
    assert [k.field for k in answer.kept] == [f"heirs.{two['heirs'][0]['id']}"]


def test_removing_an_heir_that_nobody_touched_removes_it():
    answer = merged(BASE, BASE | {"heirs": [heir("UJANG")]})
    assert [h["name"] for h in answer.body["heirs"]] == ["UJANG"]


@pytest.mark.parametrize("removed_by_us", [True, False])
def test_a_removal_against_an_edit_keeps_the_edit_and_asks(removed_by_us):
    edited = {**heir("ASEP"), "birth_year": 2013}
    without, changed = [heir("UJANG")], [heir("UJANG"), edited]
    ours, theirs = (without, changed) if removed_by_us else (changed, without)
    answer = merged(BASE | {"heirs": ours}, BASE | {"heirs": theirs})
    assert edited in answer.body["heirs"]
    assert answer.conflicts == (f"heirs.{edited['id']}",)
    assert [k.value for k in answer.kept] == [None]


def test_two_edits_of_one_heir_keep_ours_and_ask():
    ours, theirs = ({**heir("ASEP"), "birth_year": year} for year in (2013, 2012))
    answer = merged(BASE | {"heirs": [ours]}, BASE | {"heirs": [theirs]})
    assert answer.body["heirs"] == [ours]
    assert answer.conflicts == (f"heirs.{ours['id']}",)
    assert theirs in [k.value for k in answer.kept]


# Schemas

TWO_SCHEMAS = {**FIELDS_OF_SCHEMA, 2: FIELDS_OF_SCHEMA[1] | {"land_area"}}


def test_an_old_laptop_never_removes_a_field_that_it_does_not_know():
    current = BASE | {"land_area": 3, "schema": 2}
    entry = BASE | {"phone": "0899"}
    answer = merge(BASE, current, entry, entry_schema=1, fields_of_schema=TWO_SCHEMAS)
    assert answer.body["land_area"] == 3
    assert answer.body["phone"] == "0899"
    assert answer.body["schema"] == 2


def test_a_field_that_its_author_does_not_know_may_fill_an_empty_place_only():
    entry = BASE | {"land_area": 5}
    filled = merge(BASE, BASE, entry, entry_schema=1, fields_of_schema=TWO_SCHEMAS)
    assert filled.body["land_area"] == 5
    current = BASE | {"land_area": 3}
    answer = merge(BASE, current, entry, entry_schema=1, fields_of_schema=TWO_SCHEMAS)
    assert answer.body["land_area"] == 3
    assert [(k.field, k.value) for k in answer.kept] == [("land_area", 5)]


def test_what_an_entry_does_not_state_stays():
    entry = {k: v for k, v in BASE.items() if k not in {"phone", "heirs"}} | {"rt": "009"}
    answer = merged(BASE | {"phone": "0899"}, entry)
    assert answer.body == BASE | {"phone": "0899", "rt": "009"}


def test_a_kept_value_names_the_revision_it_is_from():
    (kept,) = merged(BASE | {"rt": "009"}, BASE | {"rt": "007"}).kept
    assert kept.written(current="cc", entry="ee") == {"field": "rt", "value": "009", "from": "cc"}


# What holds for any two edits

EDIT_OF = {
    "identity": {"nik": ["", "3216015203740002"], "birth_date": [None, "1975-03-12"], "sex": ["L"]},
    "address": {"rt": ["007", "009"], "village_code": ["3216012002", "3216072005"]},
    "work": {"works_now": ["ill", "stopped"], "monthly_income": [None, 2_000_000]},
    "phone": {"phone": ["", "0899"], "phone_owner": ["none", "family"]},
    "programmes": {"programmes": [["JKK"], ["JKK", "JKM", "JHT"]]},
    "consent": {"consent_method": ["", "signature"], "consent_witness": ["KARTA"]},
    "photos": {"photo": ["aa", "bb"], "no_photo_reason": ["", "other"]},
    "ending": {"ended_on": ["2026-12-01"], "ended_reason": ["moved", "died"]},
    "visit": {"ticket": ["18", "19"]},
    "own": {"registered_at": ["2026-11-23T02:00:00.000Z"], "paradata": [{}, {"heirs": 9}]},
    "heirs": {
        "heirs": [
            [],
            [heir("UJANG")],
            [heir("UJANG"), {**heir("ASEP"), "birth_year": 2013}],
            [heir("UJANG"), {**heir("ASEP"), "birth_year": 2012}, heir("SITI")],
        ]
    },
}
EDITS = st.lists(st.sampled_from(sorted(EDIT_OF)), unique=True, max_size=4).flatmap(
    lambda groups: st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from(values)
            for group in groups
            for name, values in EDIT_OF[group].items()
        },
    )
)
BASES = st.sampled_from([BASE, None])


def as_set(body):
    heirs = tuple(sorted(str(sorted(h.items())) for h in body["heirs"]))
    return {**body, "heirs": heirs}


@given(EDITS, EDITS, BASES)
def test_an_identity_was_entered_together_by_one_author(ours, theirs, base):
    current, entry = BASE | ours, BASE | theirs
    body = merged(current, entry, base).body
    identity = [body[name] for name in IDENTITY]
    assert identity in ([source[name] for name in IDENTITY] for source in (current, entry))


@given(EDITS, EDITS, BASES)
def test_every_group_was_entered_together_by_one_author(ours, theirs, base):
    current, entry = BASE | ours, BASE | theirs
    body = merged(current, entry, base).body
    for names in GROUPS.values():
        group = [body[name] for name in names]
        assert group in ([source[name] for name in names] for source in (current, entry))


@given(EDITS, EDITS, BASES)
def test_no_value_is_dropped(ours, theirs, base):
    current, entry = BASE | ours, BASE | theirs
    answer = merged(current, entry, base)
    kept = {(k.field, str(k.value), k.origin) for k in answer.kept}
    for source, origin in ((current, "current"), (entry, "entry")):
        for name in set(source) - {"heirs", "schema"}:
            changed = base is None or source[name] != base[name]
            if changed and answer.body[name] != source[name]:
                assert (name, str(source[name]), origin) in kept
        for person in source["heirs"]:
            if base is None or person not in base["heirs"]:
                stands = person in answer.body["heirs"]
                assert stands or person in [k.value for k in answer.kept]


@given(EDITS, EDITS, BASES)
def test_the_merge_invents_nothing(ours, theirs, base):
    current, entry = BASE | ours, BASE | theirs
    body = merged(current, entry, base).body
    assert set(body) == set(current)
    for name in set(body) - {"heirs"}:
        assert body[name] in (current[name], entry[name])
    for person in body["heirs"]:
        assert person in [*current["heirs"], *entry["heirs"]]


@given(EDITS, EDITS)
def test_edits_of_different_groups_may_come_in_any_order(ours, theirs):
    groups = {name: group for group, names in EDIT_OF.items() for name in names}
    assume(not {groups[name] for name in ours} & {groups[name] for name in theirs})
    one, two = merged(BASE | ours, BASE | theirs), merged(BASE | theirs, BASE | ours)
    assert as_set(one.body) == as_set(two.body) == as_set(BASE | ours | theirs)
    assert one.conflicts == two.conflicts == ()
    assert one.kept == two.kept == ()


@given(EDITS, EDITS)
def test_both_orders_ask_about_the_same(ours, theirs):
    one, two = merged(BASE | ours, BASE | theirs), merged(BASE | theirs, BASE | ours)
    assert set(one.conflicts) == set(two.conflicts)
    assert {c.split(".")[0] for c in one.conflicts} <= DECIDED_BY_PEOPLE | {"heirs"}


@given(EDITS, BASES)
def test_the_same_edit_twice_is_one_edit(edit, base):
    answer = merged(BASE | edit, BASE | edit, base)
    assert answer.body == BASE | edit
    assert answer.kept == ()
    assert answer.conflicts == ()


@given(EDITS)
def test_an_entry_that_changed_nothing_changes_nothing(edit):
    assert merged(BASE | edit, BASE).body == BASE | edit
    assert merged(BASE, BASE | edit).body == BASE | edit

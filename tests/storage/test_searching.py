"""Search answers what people type: part of a name, the end of a NIK, a number or its end."""

from uuid import UUID

import pytest

from enumerator_app.storage.searching import Filter
from tests.storage.laptops import new_laptop, person


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    people = [
        person(1, name="Siti Aminah", nik="3216061203880042", village_code="3216060001"),
        person(2, name="SITI ROHAYATI", nik="3216061203880043", village_code="3216060002"),
        person(3, name="Ujang Al Farizi", nik="3216061203889942"),
        person(4, name="Renée Ösman", nik="", document_seen="none"),
        person(5, name="Amin", nik="3216061203885555"),
    ]
    with new_laptop(tmp_path_factory.mktemp("search")) as store:
        # Fixed subjects, so that no number's end happens to look like a NIK's.
        yield store, [store.register(one, subject=UUID(int=i)) for i, one in enumerate(people, 1)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("   ", [5, 4, 3, 2, 1]),
        ("aminah", [1]),
        ("AMIN", [5, 1]),
        ("siti", [2, 1]),
        ("siti am", [1]),
        ("aminah siti", [1]),
        ("al", []),
        ("ujang al", [3]),
        ("uj", [3]),
        ("s", [1, 2]),
        ("renee", [4]),
        ("osman", [4]),
        ("0042", [1]),
        ("42", [3, 1]),
        ("9942", [3]),
        ("3216061203880043", [2]),
        ("3216 0612 0388 0043", [2]),
        ("zzz", []),
        ('"; DROP', []),
        ("%", []),
        ("siti OR ujang", []),
    ],
)
def test_typed_text_finds_these_people_newest_first(stocked, typed, expected):
    store, saved = stocked
    found = [[s.number for s in saved].index(w.number) + 1 for w in store.search(typed)]
    assert found == expected


def test_a_number_is_found_however_it_is_written(stocked):
    store, saved = stocked
    number = saved[2].number
    for typed in (
        number, number.lower(), number.replace("-", ""), number[5:], number[9:], number[-4:],
        number[9:14],
    ):  # fmt: skip
        assert [w.number for w in store.search(typed)] == [number], typed
    assert len(store.search("3216-A07")) == 5
    assert len(store.search("a07")) == 5


def test_states_village_and_day_narrow_the_hits(stocked):
    store, saved = stocked
    assert [w.number for w in store.search("siti", narrowed=Filter(village="3216060002"))] == [
        saved[1].number
    ]
    assert [w.number for w in store.search("", narrowed=Filter(("waiting_nik",)))] == [
        saved[3].number
    ]
    assert store.search("", narrowed=Filter(("enrolled",))) == []
    day = store.per_day()[0].day
    assert len(store.search("", narrowed=Filter(day=day))) == 5


@pytest.mark.parametrize("typed", ["", "siti", "s"])
def test_pages_continue_where_the_last_one_ended(stocked, typed):
    store, _ = stocked
    whole, page, after = store.search(typed), [], None
    while part := store.search(typed, limit=1, after=after):
        page += part
        after = part[-1]
    assert page == whole


@pytest.mark.parametrize("typed", ["", "siti", "s"])
def test_everybody_found_is_what_the_pages_give_together(stocked, typed):
    store, _ = stocked
    assert store.subjects(typed) == [w.subject for w in store.search(typed)]


def test_what_the_office_has_not_received_is_found_apart(stocked):
    store, saved = stocked
    store._file.write(
        lambda c: c.execute("UPDATE registration SET custody = 'received' WHERE id = 1")
    )
    kept = store.subjects("", Filter(custody=("saved",)))
    assert set(kept) == {one.subject for one in saved[1:]}
    assert store.subjects("", Filter(custody=("received",))) == [saved[0].subject]

"""The counts beside the records are what the records add up to, whatever writes them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, false, insert, select, update

from enumerator_app.domain.instants import WIB, instant_from_text
from sync.server.bulk import Write, write_all
from sync.server.erasing import erase
from sync.server.figures.days import registered_by_day
from sync.server.folding import fold_tallies
from sync.server.registrations.filters import SORTS, STATES, Filter
from sync.server.registrations.listing import (
    PAGE,
    _count,
    _matches,
    _total,
    each_listed,
    find_page,
)
from sync.server.tables import SUBJECT_ROWS, VISIT_ROWS
from sync.server.tally_tables import DAY_TALLY_ROWS, VILLAGE_TALLY_ROWS
from sync.server.visits import list_visits, newest_visits
from tests.benchmarks.seeded_office import World, fill
from tests.server.laptops import nik, person

NOW = datetime(2026, 11, 28, 9, 40, tzinfo=UTC)
COLUMNS = tuple(column.name for column in SUBJECT_ROWS.c)
UPSERT = Write(SUBJECT_ROWS, COLUMNS, updates=tuple(name for name in COLUMNS if name != "id"))
NOT_COUNTED = {"quarantined", "erased", "withdrawn", "duplicate", "ended"}

INSTANTS = ("", "2026-11-20T16:59:59.999Z", "2026-11-20T17:00:00.000Z", "2026-11-21T02:00:00.000Z")
KINDS = st.builds(
    dict,
    id=st.sampled_from([f"{n:032x}" for n in range(6)]),
    state=st.sampled_from(["registered", "enrolled", "ended", "erased"]),
    village_code=st.sampled_from(["", "3216012001", "3216012002", "3216132001"]),
    cover_from=st.sampled_from([None, "2026-11-01", "2027-01-01"]),
    cover_to=st.sampled_from([None, "2026-12-31"]),
    device=st.sampled_from(["a", "b"]),
    registered_at=st.sampled_from(INSTANTS),
)


def record(said: dict) -> dict:
    row = dict.fromkeys(COLUMNS)
    texts = ("revision", "content", "nik", "name", "severity", "received_at")
    return {**row, **dict.fromkeys(texts, ""), **said}


def in_tallies(connection) -> tuple[Counter, Counter]:
    """Return what the tables of counts say, and nothing of what they say of nobody."""
    villages, days = Counter(), Counter()
    for *key, _, n in connection.execute(select(VILLAGE_TALLY_ROWS)):
        villages[tuple(key)] += n
    for *key, _, n in connection.execute(select(DAY_TALLY_ROWS)):
        days[tuple(key)] += n
    return tuple(Counter({key: n for key, n in one.items() if n}) for one in (villages, days))


def in_records(connection) -> tuple[Counter, Counter]:
    """Return the same, counted here one by one."""
    villages, days = Counter(), Counter()
    for row in connection.execute(select(SUBJECT_ROWS)):
        cover = row.cover_from or "", row.cover_to or ""
        villages[row.village_code, row.state, *cover, row.device] += 1
        half = "T17" if row.registered_at[11:13] >= "17" else "T00"
        days[row.registered_at[:10] + half, row.village_code[:6], row.state] += 1
    return villages, days


def agree(connection) -> bool:
    assert in_tallies(connection) == in_records(connection)
    return True


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(KINDS, max_size=5, unique_by=lambda one: one["id"])),
        st.tuples(st.just("move"), KINDS),
        st.tuples(st.just("drop"), KINDS),
        st.tuples(st.just("fold"), st.none()),
    ),
    max_size=8,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_the_counts_are_those_of_the_records_after_any_writes(office, deeds):
    with office.database.writing() as connection:
        connection.execute(delete(SUBJECT_ROWS))
    for kind, said in deeds:
        if kind == "fold":
            fold_tallies(office)
            continue
        with office.database.writing() as connection:
            if kind == "write":
                rows = [tuple(record(one).values()) for one in said]
                write_all(connection, [(UPSERT, rows)])
            elif kind == "move":
                is_there = SUBJECT_ROWS.c.village_code == said["village_code"]
                changed = {name: said[name] for name in ("state", "cover_from", "registered_at")}
                connection.execute(update(SUBJECT_ROWS).where(is_there).values(changed))
            else:
                is_there = SUBJECT_ROWS.c.device == said["device"]
                connection.execute(delete(SUBJECT_ROWS).where(is_there))
            assert agree(connection)
    with office.database.reading() as connection:
        assert agree(connection)


def test_what_laptops_send_and_the_office_erases_is_counted(office, laptop):
    entries = [laptop.register(nik=nik(n), village_code=f"321601200{n % 3 + 1}") for n in range(9)]
    laptop.push(laptop.journal)
    changed = person(nik=nik(1), village_code="3216012002", birth_place="CIKARANG")
    first = entries[0]
    laptop.push([laptop.write("correct", changed, subject=first.fields["subject"],
                              base=first.hash)])  # fmt: skip
    erase(office, entries[1].fields["subject"], ground="uji")
    with office.database.reading() as connection:
        assert agree(connection)
        assert in_tallies(connection)[0].total() == 9


@pytest.mark.postgres
def test_two_that_touch_the_same_villages_do_not_wait_for_each_other(postgres_office):
    database = postgres_office.database
    rows = [record({"id": f"{n:032x}", "state": "registered", "village_code": "3216012001",
                    "device": "a", "registered_at": INSTANTS[1]}) for n in range(2)]  # fmt: skip
    with database.writing() as one, database.writing() as other:
        other.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        one.execute(insert(SUBJECT_ROWS).values(rows[0]))
        other.execute(insert(SUBJECT_ROWS).values(rows[1]))
    fold_tallies(postgres_office)
    with database.reading() as connection:
        assert agree(connection)
        assert len(connection.execute(select(VILLAGE_TALLY_ROWS)).all()) == 1


@pytest.mark.postgres
def test_who_counts_while_parts_are_joined_counts_nobody_twice(postgres_office):
    database = postgres_office.database
    fill(postgres_office, World(people=50, target=60, now=NOW, devices=3))
    with database.reading() as reader:
        reader.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        before = in_tallies(reader)
        seen = []

        @event.listens_for(database._writer, "commit")
        def look(_):
            seen.append(in_tallies(reader))

        fold_tallies(postgres_office)
        assert [*seen, in_tallies(reader)] == [before] * (len(seen) + 1)
        assert seen


@pytest.mark.parametrize("districts", [None, frozenset({"321613", "321601"}), frozenset()])
def test_the_days_are_those_of_the_records(office, districts):
    fill(office, World(people=900, target=900, now=NOW, devices=4))
    today = NOW.astimezone(WIB).date()
    with office.database.reading() as connection:
        found = registered_by_day(connection, today, districts)
        rows = connection.execute(select(SUBJECT_ROWS)).all()
    naive = Counter(
        instant_from_text(row.registered_at).astimezone(WIB).date()
        for row in rows
        if row.state not in NOT_COUNTED and (districts is None or row.village_code[:6] in districts)
    )
    assert {one.day: one.n for one in found} == {one.day: naive[one.day] for one in found}
    week = [naive[today - timedelta(days=n)] for n in range(7)]
    assert found[-1].mean == sum(week) / 7
    assert bool(naive) is (districts != frozenset())


def test_the_newest_visits_are_those_of_all_that_are_read(office):
    fill(office, World(people=400, target=400, now=NOW, devices=3))
    with office.database.writing() as connection:
        unsaid = {"id": "9" * 64, "kind": "attendance", "visit": "9" * 32, "device": "a",
                  "operator": "", "at": "", "content": '{"present": true}'}  # fmt: skip
        connection.execute(insert(VISIT_ROWS).values(unsaid))
    read = list_visits(office)
    for districts in (None, frozenset({"321613", "321601"}), frozenset()):
        inside = [
            (one.said.get("day", ""), one.opened_at, one.id, one.registrations)
            for one in read
            if districts is None or one.said.get("village_code", "")[:6] in districts
        ]
        naive = [(one[2], one[3]) for one in sorted(inside, reverse=True)]
        for most in (5, 1000):
            found = newest_visits(office, most, districts)
            assert [(one.id, one.registrations) for one in found] == naive[:most]
    assert len(read) > 100


FILTERS = st.builds(
    Filter,
    district=st.sampled_from(["", "321613", "321601"]),
    states=st.frozensets(st.sampled_from([one for one in STATES if one != "decide"]), max_size=3),
    device=st.sampled_from(["", "A01", "A03", "ZZ9"]),
)


def test_a_list_is_as_long_as_its_rows_are_many(office):
    fill(office, World(people=900, target=900, now=NOW, devices=4))
    today = NOW.astimezone(WIB).date()
    with office.database.writing() as connection:
        strange = {"cover_from": None, "cover_to": "2030-01-01"}
        some = SUBJECT_ROWS.c.id.in_([f"{n:032x}" for n in range(0, 900, 7)])
        connection.execute(update(SUBJECT_ROWS).where(some).values(strange))
    with office.database.reading() as connection:

        @settings(max_examples=30)
        @given(asked=FILTERS, scope=st.sampled_from([None, frozenset({"321613"})]))
        def check(asked, scope):
            matches = _matches(asked, scope, today, false())
            counted = _count(connection, matches)
            assert _total(connection, asked, scope, today, matches) == counted

        check()


LISTS = st.builds(
    Filter,
    district=st.sampled_from(["", "321613"]),
    states=st.frozensets(st.sampled_from(STATES), max_size=3),
    since=st.sampled_from([None, date(2026, 11, 1)]),
    is_nearly_65=st.booleans(),
    sort=st.sampled_from([f"{sign}{name}" for sign in ("", "-") for name in SORTS]),
    page=st.integers(1, 4),
)


def test_a_page_of_a_list_is_a_part_of_the_whole_by_any_index(office):
    office.clock = lambda: NOW
    fill(office, World(people=400, target=400, now=NOW, devices=4))
    with office.database.reading() as connection:

        @settings(max_examples=30, deadline=None)
        @given(asked=LISTS)
        def check(asked):
            page = find_page(office, asked, None)
            whole = list(each_listed(office, connection, asked, None))
            assert page.total == len(whole)
            assert page.rows == whole[(page.number - 1) * PAGE : page.number * PAGE]

        check()

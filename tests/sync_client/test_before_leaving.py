"""What the office gives a laptop before it leaves: fetched from a real office, used without one."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import OfficeNotProven, ServerUnreachable
from enumerator_app.services.brought import TOO_OLD_DAYS, Brought
from enumerator_app.storage.store import Store
from enumerator_app.storage.worklists import ListedLine
from sync.protocol.parts import Part
from sync.server.devices import add_device, revoke_device
from sync.server.niks import publish_niks
from sync.server.office import Office
from sync.server.quota.keeping import import_quota
from sync.server.worklist.keeping import import_worklist
from sync.server.worklist.standing import STATES
from sync.server.worklist.standing import standing as worklist_standing
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person, reopened
from tests.sync_client.real_office import really_synced

KARANGHARJA, KARANGREJA = "3216132001", "3216132002"
HEADER = "Nama;NIK;Tgl lahir;Kampung;Desa;Poktan\n"
NOBODY = "321606251285{:04d}"


@dataclass
class Served:
    """A real office on a real socket, which may be taken off the line."""

    office: Office
    line: ExitStack
    url: str

    def listing(self, rows: str) -> None:
        path = self.office.home.path / "daftar.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        assert import_worklist(self.office, path).rejected == []

    def counts(self) -> dict[str, int]:
        (row,) = worklist_standing(self.office)
        return {name: row[name] for name in STATES}


@pytest.fixture
def served(tmp_path: Path):
    office = new_office(tmp_path / "office", None)
    with ExitStack() as line:
        host, port = line.enter_context(serving(office))
        yield Served(office, line, f"http://{host}:{port}")
    office.close()


def joined(served: Served, home: Path) -> Store:
    return enrol_laptop(
        home,
        server_url=served.url,
        code=add_device(served.office, home.name).code,
        operator_name=OPERATOR,
        passphrase=PASSPHRASE,
        cost=CHEAP,
    ).store


@pytest.fixture
def laptop(served: Served, tmp_path: Path):
    store = joined(served, tmp_path / "laptop")
    yield store
    store.close()


def counted(store: Store, table: str) -> int:
    query = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of this test
    (n,) = store._file.engine.read(lambda connection: connection.execute(query).fetchone())
    return int(n)


def rows_of(n: int, village: str = KARANGHARJA, *, word: str = "Warga", start: int = 0) -> str:
    return "".join(
        f"{word} {'abcdefgh'[k % 8] * 3};{NOBODY.format(start + k)};12-03-1985;Rawa;{village};\n"
        for k in range(n)
    )


def names(lines: tuple[ListedLine, ...]) -> list[str]:
    return [line.person.name for line in lines]


def brought(store: Store, clock=lambda: datetime.now(UTC)) -> Brought:
    return Brought(store, clock)


def test_a_list_comes_with_the_next_sync_and_is_searched_without_a_line(served, laptop):
    served.listing(
        f"Siti Maimunah;{NOBODY.format(1)};12-03-1985;Kp. Rawa;{KARANGHARJA};Sri Mukti\n"
        f"Sitti Aminah;;;;{KARANGREJA};\n"
        f"Udin;0042;;;{KARANGHARJA};\n",
    )
    really_synced(laptop)
    served.line.close()
    lists = brought(laptop).worklists
    assert names(lists.hits("maimun", KARANGHARJA)) == ["SITI MAIMUNAH"]
    assert names(lists.hits("aminah", KARANGHARJA)) == ["SITTI AMINAH"]
    assert names(lists.hits("321606 2512", KARANGHARJA)) == ["SITI MAIMUNAH"]
    assert names(lists.hits(NOBODY.format(1)[-5:], KARANGHARJA)) == ["SITI MAIMUNAH"]
    assert names(lists.hits("3216061203850042", KARANGHARJA)) == ["UDIN"], "known by four digits"
    assert names(lists.hits("3216061203850043", KARANGHARJA)) == []
    assert names(lists.find("", KARANGHARJA)) == ["SITI MAIMUNAH", "UDIN"]
    line = lists.hits("udin", KARANGHARJA)[0]
    code = line.person.code
    assert names(lists.hits(f"{code[:4]}-{code[4:]}".lower(), "")) == ["UDIN"]
    assert lists.by_code(code) == line
    assert lists.hits("si", KARANGHARJA) == ()


def test_a_second_sync_fetches_only_the_parts_that_changed(served, laptop, monkeypatch):
    served.listing(
        rows_of(30) + rows_of(1, KARANGREJA, start=900),
    )
    fetched: list[str] = []
    kept = Store.keep_part
    monkeypatch.setattr(
        Store, "keep_part", lambda self, part, raw: (fetched.append(part.of), kept(self, part, raw))
    )
    really_synced(laptop)
    assert sorted(fetched) == [KARANGHARJA, KARANGREJA]
    served.listing(rows_of(31))
    really_synced(laptop)
    assert fetched[2:] == [KARANGHARJA]
    assert brought(laptop).worklists.progress(KARANGHARJA).listed == 31
    assert counted(laptop, "listed_person") == 32, "nothing of the old part is left"
    assert really_synced(laptop).requests == 1


def test_a_power_cut_between_two_parts_leaves_the_old_list_as_it_was(
    served, laptop, tmp_path, monkeypatch
):
    served.listing(rows_of(3))
    really_synced(laptop)
    served.listing(rows_of(4100, word="Baru"))  # three parts
    done = []

    def cut_after_one(run):
        wanted = run.store.parts_wanted()
        content = run.during(lambda: run.transport.part(wanted[0].hash))
        run.store.keep_part(wanted[0], content)
        done.append(len(wanted))
        raise ServerUnreachable

    with monkeypatch.context() as cut:
        cut.setattr("sync.client.pull.fetch_parts", cut_after_one)
        with pytest.raises(ServerUnreachable):
            really_synced(laptop)
    assert done == [3]
    laptop.close()
    with reopened(tmp_path / "laptop") as store:
        lists = brought(store).worklists
        assert lists.progress(KARANGHARJA).listed == 3
        assert lists.hits("baru", KARANGHARJA) == ()
        assert [part.of for part in store.parts_wanted()] == [KARANGHARJA] * 2
        really_synced(store)
        assert lists.progress(KARANGHARJA).listed == 4100
        assert names(lists.hits("warga", KARANGHARJA)) == []


def test_bytes_that_are_not_the_named_part_are_refused(served, laptop):
    with pytest.raises(OfficeNotProven):
        laptop.keep_part(Part("00" * 32, 3, 1), b"abc")
    served.listing(rows_of(3))
    really_synced(laptop)
    content = b"not a list"
    laptop.keep_part(Part(hashlib.sha256(content).hexdigest(), 10, 1), content)
    assert counted(laptop, "document_part") == 1, "a part that no document names is not kept"


def test_what_was_said_of_somebody_reaches_the_office(served, laptop):
    served.listing(rows_of(5))
    really_synced(laptop)
    lists = brought(laptop).worklists
    first, second, third, *_ = (line.person.code for line in lists.find("", KARANGHARJA))
    lists.say(first, "moved")
    lists.say(second, "died")
    lists.say(third, "not_found")
    lists.take_back(third)
    assert dict(lists.progress(KARANGHARJA).by_state) == {"moved": 1, "died": 1, "open": 3}
    assert [line.state for line in lists.find("", KARANGHARJA)][-2:] == ["moved", "died"]
    result = really_synced(laptop)
    assert result.heads_agree
    there = served.counts()
    assert (there["moved"], there["died"], there["not_found"], there["open"]) == (1, 1, 0, 3)


def test_a_listed_nik_that_registers_counts_without_being_chosen(served, laptop):
    served.listing(rows_of(2))
    really_synced(laptop)
    laptop.register(person(1, nik=NOBODY.format(0), village_code=KARANGHARJA))
    assert brought(laptop).worklists.progress(KARANGHARJA).done == 1
    saved = laptop.register(
        person(2, nik=NOBODY.format(77), village_code=KARANGHARJA, listed=_code(laptop, 1))
    )
    assert brought(laptop).worklists.progress(KARANGHARJA).done == 2
    laptop.withdraw(saved.subject, "undone")
    assert brought(laptop).worklists.progress(KARANGHARJA).done == 1
    really_synced(laptop)
    assert served.counts()["registered"] == 1


def _code(store: Store, n: int) -> str:
    lines = brought(store).worklists.find(NOBODY.format(n), KARANGHARJA)
    return lines[0].person.code


def test_two_laptops_know_of_each_other_by_the_districts_list(served, laptop, tmp_path):
    other = joined(served, tmp_path / "other")
    district = brought(other).district
    assert district.check(NOBODY.format(1)).answer == "no_list"
    laptop.register(person(1, nik=NOBODY.format(1), village_code=KARANGHARJA))
    really_synced(laptop)
    assert publish_niks(served.office).count == 1
    really_synced(other)
    served.line.close()
    assert district.check(NOBODY.format(1)).answer == "known"
    assert district.check(NOBODY.format(2)).answer == "clear"
    assert district.check("12345").answer == "not_checked"
    later = datetime.now(UTC) + timedelta(days=TOO_OLD_DAYS + 1)
    aged = brought(other, lambda: later).district.check(NOBODY.format(1))
    assert aged.answer == "too_old"
    assert (
        brought(other, lambda: datetime(2020, 1, 1, tzinfo=UTC))
        .district.check(NOBODY.format(1))
        .answer
        == "known"
    ), "a clock that fell back makes no list young: the office's day counts"
    other.close()


def test_a_new_key_replaces_the_whole_set(served, laptop):
    laptop.register(person(1, nik=NOBODY.format(1), village_code=KARANGHARJA))
    really_synced(laptop)
    first = publish_niks(served.office).key_id
    really_synced(laptop)
    district = brought(laptop).district
    assert district.check(NOBODY.format(1)).answer == "known"
    second = publish_niks(served.office).key_id
    assert first != second
    really_synced(laptop)
    assert district.check(NOBODY.format(1)).answer == "known"
    kept = laptop._file.engine.read(
        lambda c: c.execute("SELECT count(*) FROM document_part").fetchone()
    )
    assert kept == (1,)


def test_places_run_out_and_the_laptop_says_who_waits(served, laptop):
    path = served.office.home.path / "kuota.csv"
    path.write_text(f"desa;kuota\n{KARANGHARJA};2\n", encoding="utf-8")
    import_quota(served.office, path)
    really_synced(laptop)
    seats = brought(laptop).seats
    assert seats.of(KARANGREJA) is None
    assert (seats.of(KARANGHARJA).left, seats.of(KARANGHARJA).cost) == (2, 0)
    saved = [
        laptop.register(person(n, nik=NOBODY.format(n), village_code=KARANGHARJA)) for n in range(3)
    ]
    here = seats.of(KARANGHARJA)
    assert (here.left, here.waiting_here, here.on_the_way) == (0, 1, 3)
    result = really_synced(laptop)
    assert result.heads_agree
    here = seats.of(KARANGHARJA)
    assert (here.confirmed, here.waiting, here.on_the_way, here.left) == (2, 1, 0, 0)
    assert [seats.of_person(one.subject) for one in saved] == ["confirmed", "confirmed", "waiting"]
    assert here.cost == 2 * 16_800 * here.months
    laptop.withdraw(saved[0].subject, "undone")
    really_synced(laptop)
    assert seats.of_person(saved[2].subject) == "confirmed"
    assert really_synced(laptop).requests == 1, "nothing is left to be told"


def test_a_stopped_laptop_forgets_the_lists(served, laptop):
    served.listing(rows_of(3))
    laptop.register(person(1, nik=NOBODY.format(1), village_code=KARANGHARJA))
    really_synced(laptop)
    publish_niks(served.office)
    really_synced(laptop)
    code = laptop.identity().device_code
    revoke_device(served.office, code)
    really_synced(laptop)
    assert brought(laptop).worklists.find("", KARANGHARJA) == ()
    assert brought(laptop).district.check(NOBODY.format(1)).answer == "no_list"
    for table in ("listed_person", "document_part"):
        assert counted(laptop, table) == 0

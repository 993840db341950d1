"""A laptop that never meets the network gets its lists, places and the district's list by drive."""

import contextlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from enumerator_app.services.brought import Brought
from sync.client.carrying import Cut, take_answer, write_bundle
from sync.client.looking import look_at_answer
from sync.server.bundles import How, import_bundle
from sync.server.deciding import Verdict, decide_one
from sync.server.devices import revoke_device
from sync.server.niks import publish_niks
from sync.server.quota.keeping import import_quota
from sync.server.tables import SUBJECT_ROWS
from sync.server.worklist.keeping import import_worklist
from tests.bundles.test_bundles import Served
from tests.server.offices import serving
from tests.storage.laptops import person, portrait
from tests.sync_client.real_office import enrolled_laptop

VILLAGE = "3216132001"
NIK = "321606251285{:04d}"


@pytest.fixture
def office(sqlite_office):
    with serving(sqlite_office) as (host, port):
        yield Served(sqlite_office, f"http://{host}:{port}")


@pytest.fixture
def laptop(office, tmp_path):
    with contextlib.closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
        yield store


def prepared(office, people=40):
    """The office has a list of a village, places for it, and the district's list."""
    home = office.office.home.path
    rows = "".join(
        f"Warga {'abcdefgh'[n % 8] * 3};{NIK.format(n)};12-03-1985;Rawa;{VILLAGE};\n"
        for n in range(people)
    )
    path = home / "daftar.csv"
    path.write_text("Nama;NIK;Tgl lahir;Kampung;Desa;Poktan\n" + rows, encoding="utf-8")
    assert import_worklist(office.office, path).rejected == []
    quota = home / "kuota.csv"
    quota.write_text(f"desa;kuota\n{VILLAGE};7\n", encoding="utf-8")
    import_quota(office.office, quota)
    publish_niks(office.office)


def by_drive(office, store, folder, name):
    """There and back; return the size of the office's answer."""
    path = folder / f"{name}.tpb"
    write_bundle(store, path, Cut())
    answer = path.with_suffix(".tpa")
    import_bundle(office.office, path, How(answer))
    take_answer(store, answer)
    return answer.stat().st_size


def brought(store):
    return Brought(store, lambda: datetime.now(UTC))


def test_lists_places_and_short_hashes_come_by_drive(office, laptop, tmp_path):
    laptop.register(person(1, nik=NIK.format(900), village_code=VILLAGE, photo=None))
    by_drive(office, laptop, tmp_path, "first")
    prepared(office)
    by_drive(office, laptop, tmp_path, "second")
    here = brought(laptop)
    assert len(here.worklists.find("", VILLAGE)) == 40
    assert here.seats.of(VILLAGE).seats == 7
    assert here.district.check(NIK.format(900)).answer != "no_list"
    assert laptop.parts_wanted() == []


def test_what_is_here_is_not_carried_again(office, laptop, tmp_path):
    prepared(office, people=400)
    first = by_drive(office, laptop, tmp_path, "first")
    again = by_drive(office, laptop, tmp_path, "again")
    assert again < first / 2
    assert len(brought(laptop).worklists.find("", VILLAGE)) == 200, "a page of the 400"


def test_parts_that_were_lost_on_the_way_come_with_the_next_drive(office, laptop, tmp_path):
    prepared(office)
    path = tmp_path / "lost.tpb"
    write_bundle(laptop, path, Cut())
    import_bundle(office.office, path, How(path.with_suffix(".tpa")))
    by_drive(office, laptop, tmp_path, "next")
    assert len(brought(laptop).worklists.find("", VILLAGE)) == 40


def test_a_stopped_laptop_gets_no_lists_by_drive(office, laptop, tmp_path):
    prepared(office)
    revoke_device(office.office, laptop.identity().device_code)
    by_drive(office, laptop, tmp_path, "stopped")
    assert brought(laptop).worklists.find("", VILLAGE) == ()
    assert laptop.document("district_niks") is None
    assert laptop.document("worklist") is None


def decided(office, decision, reason=None):
    """Decide about the only person who is still as registered."""
    with office.office.database.reading() as connection:
        query = select(SUBJECT_ROWS.c.id).where(SUBJECT_ROWS.c.state == "registered")
        subject = connection.execute(query).scalars().first()
    verdict = Verdict(subject, decision, reason, "address" if reason else None)
    decide_one(office.office, verdict, officer="Ratna", actor="officer")


def test_an_answer_can_be_looked_at_before_it_changes_anything(office, laptop, tmp_path):
    prepared(office)
    for n in range(2):
        face = portrait(n, 20_000)
        told = person(n, nik=NIK.format(900 + n), village_code=VILLAGE, photo=None)
        laptop.register(told, photo=face)
    path = tmp_path / "seen.tpb"
    write_bundle(laptop, path, Cut())
    answer = path.with_suffix(".tpa")
    import_bundle(office.office, path, How(answer))
    decided(office, "verified")
    decided(office, "returned", "Alamat kurang lengkap")
    import_bundle(office.office, path, How(answer))
    laptop.register(person(3, nik=NIK.format(903), village_code=VILLAGE, photo=None))
    place, counts = laptop.position(), laptop.counts()
    seen = look_at_answer(laptop, answer)
    assert (seen.settled, seen.photos, seen.is_outdated, seen.locked) == (3, 2, False, False)
    assert (seen.decided, seen.cards, seen.returned) == (1, 0, 1)
    assert (seen.pending, seen.photos_pending) == (1, 0)
    assert seen.parts >= 1
    assert seen.documents == 1  # the list of the village
    assert (laptop.position(), laptop.counts()) == (place, counts)
    taken = take_answer(laptop, answer)
    told = (taken.settled, taken.photos, taken.pulled, taken.pending)
    assert told == (seen.settled, seen.photos, seen.pulled, seen.pending)
    assert laptop.counts().to_correct == seen.returned
    again = look_at_answer(laptop, answer)
    assert (again.is_outdated, again.nothing_new, again.pending) == (False, True, 1)


def test_a_dry_run_tells_nobody_anything(office, laptop, tmp_path):
    prepared(office)
    path, answer = tmp_path / "dry.tpb", tmp_path / "dry.tpa"
    write_bundle(laptop, path, Cut())
    import_bundle(office.office, path, How(answer, dry_run=True))
    assert not answer.exists()

"""What needs two persons: one asks, another agrees, and only then it is done."""

import pyotp
import pytest
from sqlalchemy import select

from sync.server.devices import add_device
from sync.server.people import mass_exports, pairs
from sync.server.people.errors import AskedByYourself, NotAllowed, PairAnswered, PairUnknown
from sync.server.people.tables import DEED_ROWS, PAIR_ROWS
from tests.server.laptops import Laptop, nik
from tests.server.offices import serving
from tests.server.people import signed_in

CODE = "3216012001"  # in Tarumajaya


@pytest.fixture
def filled(sqlite_office, monkeypatch):
    """An office with three people, where a table of more than one needs two persons."""
    with serving(sqlite_office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(sqlite_office, "Balai desa").code)
        laptop.start_epoch()
        for n in range(3):
            laptop.register(nik=nik(n + 1), name=f"SITI {n}", village_code=CODE)
        laptop.push(laptop.journal)
    monkeypatch.setattr(mass_exports, "MOST_ALONE", 1)
    return sqlite_office


def deeds(office):
    with office.database.reading() as connection:
        return list(connection.execute(select(DEED_ROWS.c.deed).order_by(DEED_ROWS.c.n)).scalars())


def request_of(office):
    with office.database.reading() as connection:
        return connection.execute(select(PAIR_ROWS)).one()


def test_a_table_of_many_people_leaves_only_after_a_second_person_agreed(filled):
    first = signed_in(filled, "coordinator", login="satu")
    second = signed_in(filled, "coordinator", login="dua")
    refused = first.get("/people.csv")
    assert refused.status_code == 403
    assert "SITI" not in refused.text
    assert "perlu orang kedua" in refused.text
    first.post("/exports", {"table": "people", "filter": ""})
    waiting = request_of(filled)

    assert "permintaan Anda sendiri" in first.get("/pairs").text
    own = first.post(f"/pairs/{waiting.id}/yes", {"code": pyotp.TOTP(first.secret).now()})
    assert own.status_code == 422
    assert "Orang kedua harus orang lain" in own.text
    assert "Uji coordinator" in second.get("/pairs").text
    wrong = second.post(f"/pairs/{waiting.id}/yes", {"code": "000000"})
    assert wrong.status_code == 422
    assert first.get("/people.csv").status_code == 403

    code = pyotp.TOTP(second.secret).now()
    agreed = second.post(f"/pairs/{waiting.id}/yes", {"code": code})
    assert agreed.status_code == 303
    assert "sudah dikerjakan" not in second.get(agreed.headers["location"]).text
    table = first.get("/people.csv")
    assert table.status_code == 200
    assert table.text.count("SITI") == 3
    assert second.get("/people.csv").status_code == 403  # it counts for who asked
    assert first.get("/people.csv?state=registered").status_code == 403  # and for that table
    told = deeds(filled)
    assert told.index("asked_mass_export") < told.index("agreed_mass_export")
    assert told.index("agreed_mass_export") < told.index("people_table")


def test_somebody_of_another_area_or_without_the_right_is_no_second_person(filled):
    first = signed_in(filled, "coordinator", login="satu")
    request = pairs.ask(filled, first.account, "mass_export", {
        "table": "people", "filter": "", "scope": None, "for": first.account,
    })  # fmt: skip
    away = signed_in(filled, "coordinator", login="jauh", districts=["Setu"])
    assert request not in away.get("/pairs").text
    answer = away.post(f"/pairs/{request}/yes", {"code": pyotp.TOTP(away.secret).now()})
    assert answer.status_code == 422
    verifier = signed_in(filled, "verifier")
    assert request not in verifier.get("/pairs").text
    with pytest.raises(NotAllowed):
        pairs.answer(filled, verifier.account, request, yes=True)
    with pytest.raises(NotAllowed):
        pairs.ask(filled, verifier.account, "mass_export", {})
    with pytest.raises(AskedByYourself):
        pairs.answer(filled, first.account, request, yes=True)
    assert request_of(filled).state == "open"


def test_a_request_is_answered_once_and_can_be_taken_back(filled):
    first, second = (signed_in(filled, "coordinator", login=name) for name in ("satu", "dua"))
    request = pairs.ask(filled, first.account, "mass_export", {"table": "people", "for": "x"})
    same = pairs.ask(filled, first.account, "mass_export", {"for": "x", "table": "people"})
    assert same == request
    pairs.answer(filled, first.account, request, yes=False)
    for yes in (True, False):
        with pytest.raises(PairAnswered):
            pairs.answer(filled, second.account, request, yes=yes)
    with pytest.raises(PairUnknown):
        pairs.answer(filled, second.account, "nothing", yes=True)


def test_what_fails_is_not_answered(filled, monkeypatch):
    """The deed runs in the transaction of the answer: both happen, or neither."""
    first, second = (signed_in(filled, "coordinator", login=name) for name in ("satu", "dua"))

    def fail(*_):
        raise PairUnknown

    monkeypatch.setitem(pairs._KINDS, "keys", pairs._Kind(fail, lambda *_: pairs.Told([])))
    request = pairs.ask(filled, first.account, "keys", {"key": "1"})
    with pytest.raises(PairUnknown):
        pairs.answer(filled, second.account, request, yes=True)
    assert request_of(filled).state == "open"
    assert "agreed_keys" not in deeds(filled)

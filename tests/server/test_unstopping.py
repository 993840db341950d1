"""A stop of payment that is taken back: everybody's earlier end again; exceptions are named."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, update

from enumerator_app.cards.seal import open_seal
from sync.server.batches.trouble import StopContradicted, StopUnknown
from sync.server.covering import unstopping
from sync.server.covering.ending import end_cover
from sync.server.covering.paying import record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.covering.unstopping import list_stops, look_at_stop, undo_stop
from sync.server.people.tables import DEED_ROWS
from sync.server.tables import SUBJECT_ROWS
from sync.server.verifying import verify_office
from tests.browsing import seen_by
from tests.contracts.test_decisions import trust_list
from tests.server.laptops import fields_of
from tests.server.people import signed_in
from tests.server.test_months_paid import covered  # noqa: F401 - a fixture
from tests.server.test_stop_page import ends, seen

FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)
STOPPED = "2027-02-28"
# 31-12-2027 as the insurer said, and the day before the fourth is 65 (born 15-04-1962).
EARLIER = ["2027-12-31", "2027-12-31", "2027-12-31", "2027-04-14"]


def stopped(office, area=""):
    return stop_payment(office, FEBRUARY, area, officer="Ratna").id


def test_everybody_has_the_earlier_end_again_and_laptops_get_cards_that_say_so(covered):  # noqa: F811 - the fixture
    office, laptop, numbers = covered
    before = ends(office, numbers)
    assert sorted(before) == sorted(EARLIER)
    name = stopped(office)
    old = [fields_of(one) for one in laptop.pull()]
    assert ends(office, numbers) == [STOPPED] * 4
    assert undo_stop(office, name, officer="Budi") == 4
    assert ends(office, numbers) == before
    told = [fields_of(one) for one in laptop.pull()]
    new = {one["number"]: one["cover_to"] for one in told if one.get("decision") == "enrolled"}
    assert [new[number] for number in numbers] == before
    cards = [one["card"] for one in old if one.get("card")]
    trust = trust_list(office)
    assert {open_seal(card, trust, trust.issued_on).word for card in cards} == {"superseded"}
    (kept,) = list_stops(office)
    assert (kept["people"], kept["undone_by"]) == (4, "Budi")
    assert verify_office(office) == []
    with pytest.raises(StopUnknown):
        undo_stop(office, name, officer="Budi")


def test_taking_a_stop_back_looks_each_person_up_and_goes_through_no_others(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    name, asked = stopped(office), []
    if office.database.dialect != "sqlite":
        pytest.skip("with so few people PostgreSQL reads all of them")

    def note(connection, cursor, statement, values, context, is_many):
        asked.append((statement, values))

    with office.database.reading() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", note)
    look_at_stop(office, name)
    event.remove(engine, "before_cursor_execute", note)
    assert any("EXISTS" in statement for statement, _ in asked)
    with office.database.reading() as connection:
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in asked
            if "stopped_cover" in statement
        ]
    through = ("SCAN of_other", "SCAN other", "SCAN stopped_cover", "SCAN subject")
    assert not [row for plan in plans for row in plan if str(row[3]).startswith(through)]


@pytest.mark.parametrize("why", ["paid", "newer"])
def test_where_nobody_is_left_or_a_newer_stop_stands_nothing_is_changed(covered, why):  # noqa: F811 - the fixture
    office, _, numbers = covered
    name = stopped(office)
    if why == "paid":
        record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    else:
        stop_payment(office, date(2027, 1, 1), "3216012002", officer="Ratna")
    before = ends(office, numbers)
    assert dict(look_at_stop(office, name).against) == {why: 4 if why == "paid" else 1}
    with pytest.raises(StopContradicted):
        undo_stop(office, name, officer="Budi")
    assert ends(office, numbers) == before
    assert [one["undone_at"] for one in list_stops(office) if one["id"] == name] == [None]


def test_whoever_something_later_speaks_against_is_named_and_the_rest_taken_back(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    name = stopped(office)
    end_cover(office, numbers[0], "died", date(2027, 2, 3), officer="Ratna")
    with office.database.writing() as connection:
        moved = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.number == numbers[1])
        connection.execute(moved.values(cover_to="2027-06-30"))
    found = look_at_stop(office, name)
    assert [(one.number, one.why) for one in found.left] == [
        (numbers[0], "ended"), (numbers[1], "moved"),
    ]  # fmt: skip
    browser = signed_in(office, "coordinator")
    page = seen(browser.get(f"/updates/stop/undo?stop={name}"))
    assert "2 orang mendapat akhir jaminan semula" in page
    assert "1 orang: jaminannya diakhiri" in page
    assert numbers[0] in page
    assert undo_stop(office, name, officer="Budi") == 2
    assert ends(office, numbers) == ["2027-02-03", "2027-06-30", "2027-12-31", "2027-04-14"]
    assert verify_office(office) == []


def test_the_newer_stop_is_taken_back_first(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    before = ends(office, numbers)
    names = [stopped(office), stop_payment(office, date(2027, 1, 1), "", officer="Ratna").id]
    for name in reversed(names):
        assert undo_stop(office, name, officer="Budi") == 4
    assert ends(office, numbers) == before


def test_cut_off_half_way_it_is_begun_again(covered, monkeypatch):  # noqa: F811 - the fixture
    office, _, numbers = covered
    before = ends(office, numbers)
    name = stopped(office)
    whole = unstopping.move_ends

    def half(office, people, end, *, officer):
        whole(office, people[:2], end, officer=officer)
        raise KeyboardInterrupt

    monkeypatch.setattr(unstopping, "move_ends", half)
    with pytest.raises(KeyboardInterrupt):
        undo_stop(office, name, officer="Budi")
    assert ends(office, numbers).count(STOPPED) == 2
    monkeypatch.setattr(unstopping, "move_ends", whole)
    assert undo_stop(office, name, officer="Budi") == 2
    assert ends(office, numbers) == before


def test_the_page_says_what_happens_to_whom_and_takes_the_code(covered):  # noqa: F811 - the fixture
    office, _, numbers = covered
    browser, before = signed_in(office, "coordinator"), ends(office, numbers)
    name = stopped(office)
    assert f'href="/updates/stop/undo?stop={name}"' in browser.get("/updates/stop").text
    page = seen(browser.get(f"/updates/stop/undo?stop={name}"))
    assert "4 orang mendapat akhir jaminan semula" in page
    assert "Pengumuman yang sudah dibagikan atau ditempel tidak benar lagi" in page
    wrong = browser.post("/updates/stop/undo", {"stop": name, "code": "000000"})
    assert "Belum ada yang berubah." in seen(wrong, 422)
    assert ends(office, numbers) == [STOPPED] * 4
    done = browser.post("/updates/stop/undo", {"stop": name, "code": browser.code})
    page = seen(browser.get(done.headers["location"]))
    assert "Penghentian dibatalkan." in page
    assert "dibatalkan 20-02-2027 oleh Uji coordinator" in page
    assert ends(office, numbers) == before
    assert 'href="/updates/stops.csv"' in browser.get("/updates/stop").text
    lines = browser.get("/updates/stops.csv").text.lstrip("\ufeff").splitlines()
    assert len(lines) == 2
    assert "Uji coordinator" in lines[1]
    assert ",4," in lines[1]
    with office.database.reading() as connection:
        deeds = [(one.deed, one.subject) for one in connection.execute(DEED_ROWS.select())]
    assert ("payment_not_stopped", name) in deeds


def test_the_page_says_what_speaks_against_it_and_offers_nothing(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    browser = signed_in(office, "coordinator")
    name = stopped(office)
    record_payment(office, MARCH, officer="Ratna", with_stopped=True)
    page = browser.get(f"/updates/stop/undo?stop={name}")
    assert "4 orang: iuran bulan sesudahnya sudah dicatat." in seen(page)
    assert 'name="code"' not in page.text
    assert browser.get("/updates/stop/undo?stop=none").status_code == 404
    auditor = signed_in(office, "auditor")
    assert auditor.get(f"/updates/stop/undo?stop={name}").status_code == 403


def test_a_browser_shows_it_without_a_sideways_scroll(covered):  # noqa: F811 - the fixture
    office, _, _ = covered
    name = stopped(office)
    office.clock = lambda: datetime.now(UTC)
    with seen_by(office, "coordinator", "en") as found, found.page(1366) as page:
        for path in ("/updates/stop", f"/updates/stop/undo?stop={name}"):
            found.go(page, path)
            for width in (320, 683, 1366):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert "web." not in page.locator("body").inner_text()
        assert found.said == []

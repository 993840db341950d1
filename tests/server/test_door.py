"""Signing in as people do: password, phone, backup code; and who is not let in."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest
from fastapi.testclient import TestClient

from sync.server.application import create_application
from sync.server.people import pace
from sync.server.people.accounts import (
    add_account,
    change_scope,
    disable_account,
    finish_account,
    reset_account,
)
from sync.server.people.errors import SampleOnly
from sync.server.people.phone_codes import new_secret
from sync.server.people.sample_links import make_link, mark_sample

HERE = "http://testserver"
PASSWORD = "sawah hijau pagi cerah sekali"


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.now = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock(sqlite_office):
    sqlite_office.clock = Clock()
    return sqlite_office.clock


@pytest.fixture
def ratna(sqlite_office, clock):
    """A person whose account is finished: the secret of her phone and her backup codes."""
    made = add_account(
        sqlite_office, login="ratna", name="Ratna <Dewi>", role="coordinator", by="command line"
    )
    secret = new_secret()
    codes = finish_account(sqlite_office, made.account, password=PASSWORD, secret=secret)
    return made.account, secret, codes


@pytest.fixture
def browser(sqlite_office, clock):
    return new_browser(sqlite_office)


def new_browser(office):
    client = TestClient(
        create_application(office), base_url=HERE, headers={"Origin": HERE}, follow_redirects=False
    )
    client.app.state.site.get("/planted", right="see_people")(
        lambda _, visitor: client.app.state.site.say(visitor, "missing", 404)
    )
    return client


def code_of(secret, clock):
    return pyotp.TOTP(secret).at(clock.now)


def sign_in(browser, secret, clock, password=PASSWORD, login="ratna"):
    first = browser.post("/sign-in", data={"login": login, "password": password})
    assert first.status_code == 303, unescape(first.text)
    assert first.headers["location"] == "/sign-in/code"
    return browser.post("/sign-in/code", data={"code": code_of(secret, clock)})


def is_in(browser):
    return browser.get("/planted").status_code == 404


def test_who_has_password_and_phone_comes_in(browser, ratna, clock):
    assert not is_in(browser)
    answer = sign_in(browser, ratna[1], clock)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert is_in(browser)


def test_the_first_time_is_a_password_a_phone_and_ten_codes(sqlite_office, browser, clock):
    made = add_account(sqlite_office, login="budi", name="Budi", role="verifier", by="command line")
    answer = browser.post("/sign-in/first", data={"login": "Budi ", "code": made.code.lower()})
    assert answer.headers["location"] == "/sign-in/new"
    page = browser.get("/sign-in/new").text
    secret = re.search(r'class="phone-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    form = {"password": PASSWORD, "again": PASSWORD, "code": code_of(secret, clock)}
    for wrong, status in (({"again": "x"}, 422), ({"code": "000000"}, 422)):
        assert browser.post("/sign-in/new", data=form | wrong).status_code == status
    done = browser.post("/sign-in/new", data=form)
    codes = re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>", done.text)
    assert len(set(codes)) == 10
    assert is_in(browser)
    again = new_browser(sqlite_office)
    answer = again.post("/sign-in/first", data={"login": "budi", "code": made.code})
    assert answer.status_code == 422
    again.post("/sign-in", data={"login": "budi", "password": PASSWORD})
    assert again.post("/sign-in/code", data={"code": codes[3]}).status_code == 303
    assert is_in(again)


def test_a_code_counts_once(sqlite_office, browser, ratna, clock):
    sign_in(browser, ratna[1], clock)
    onlooker = new_browser(sqlite_office)
    answer = sign_in(onlooker, ratna[1], clock)
    assert answer.status_code == 422
    assert "sudah dipakai sekali" in answer.text
    assert not is_in(onlooker)
    clock.move(seconds=30)
    assert sign_in(onlooker, ratna[1], clock).status_code == 303


def test_a_password_alone_opens_nothing(browser, ratna):
    browser.post("/sign-in", data={"login": "ratna", "password": PASSWORD})
    assert not is_in(browser)
    assert browser.post("/sign-in/code", data={"code": "123456"}).status_code == 422
    assert not is_in(browser)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_not_looked_at(browser, ratna, headers):
    form = {"login": "ratna", "password": PASSWORD}
    assert browser.post("/sign-in", data=form, headers=headers).status_code == 403


def test_a_link_signs_in_once_and_only_to_an_office_of_invented_people(
    sqlite_office, browser, ratna, clock
):
    with pytest.raises(SampleOnly):
        make_link(sqlite_office, "ratna")
    assert browser.get("/sign-in/sample?code=").status_code == 303
    mark_sample(sqlite_office.home)
    path = make_link(sqlite_office, "ratna")
    page = browser.get(path).text
    assert "rekaan" in page
    assert "Ratna &lt;Dewi&gt;" in page
    assert not is_in(browser)  # looking at the link does not use it
    code = path.partition("code=")[2]
    assert browser.post("/sign-in/sample", data={"code": code}).headers["location"] == "/"
    assert is_in(browser)
    again = new_browser(sqlite_office)
    assert again.post("/sign-in/sample", data={"code": code}).headers["location"] == "/sign-in"
    assert not is_in(again)
    late = make_link(sqlite_office, "ratna").partition("code=")[2]
    clock.move(hours=25)
    again.post("/sign-in/sample", data={"code": late})
    assert not is_in(again)


def test_fifteen_minutes_without_use_and_eight_hours_end_a_session(browser, ratna, clock):
    sign_in(browser, ratna[1], clock)
    for _ in range(40):  # in use all the time
        clock.move(minutes=10)
        assert is_in(browser)
    clock.move(minutes=15, seconds=40)
    answer = browser.get("/planted")
    assert answer.headers["location"] == "/sign-in?to=/planted&why=idle"
    assert "tidak dipakai 15 menit" in browser.get(answer.headers["location"]).text
    sign_in(browser, ratna[1], clock)
    for _ in range(48):
        clock.move(minutes=10)
        assert is_in(browser)
    clock.move(minutes=1)
    assert not is_in(browser)


def test_each_step_gives_the_browser_another_session(browser, ratna, clock):
    """What somebody planted in the browser, or saw before the code, opens nothing afterwards."""
    browser.post("/sign-in", data={"login": "ratna", "password": PASSWORD})
    half = browser.cookies["session"]
    browser.post("/sign-in/code", data={"code": code_of(ratna[1], clock)})
    whole = browser.cookies["session"]
    assert half != whole
    other = new_browser(browser.app.state.site.office)
    other.cookies.set("session", half)
    assert not is_in(other)


def test_signing_out_ends_the_session_itself(sqlite_office, browser, ratna, clock):
    sign_in(browser, ratna[1], clock)
    token = browser.cookies["session"]
    browser.post("/sign-out")
    copied = new_browser(sqlite_office)
    copied.cookies.set("session", token)
    assert not is_in(copied)


@pytest.mark.parametrize(
    "change",
    [
        lambda office: disable_account(office, "ratna", by="command line"),
        lambda office: reset_account(office, "ratna", by="command line"),
        lambda office: change_scope(office, "ratna", by="command line", districts=["Setu"]),
    ],
)
def test_an_account_that_was_changed_is_signed_out_everywhere(
    sqlite_office, browser, ratna, clock, change
):
    sign_in(browser, ratna[1], clock)
    change(sqlite_office)
    assert not is_in(browser)


def test_the_cookie_is_kept_from_scripts_and_other_sites(sqlite_office, ratna, clock):
    for scheme, name in (("http", "session"), ("https", "__Host-session")):
        client = TestClient(
            create_application(sqlite_office),
            base_url=f"{scheme}://testserver",
            headers={"Origin": f"{scheme}://testserver"},
            follow_redirects=False,
        )
        answer = client.post("/sign-in", data={"login": "ratna", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert cookie.startswith(f"{name}=")
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert ("secure" in parts) == (scheme == "https")
        assert not any(part.startswith("domain") for part in parts)


def test_guessing_waits_longer_and_longer(sqlite_office, browser, ratna, clock):
    """Three wrong ones are free; then each costs twice the wait of the one before."""
    form = {"login": "ratna", "password": "salah salah salah salah"}
    waits = []
    for _ in range(12):
        answer = browser.post("/sign-in", data=form)
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            clock.move(seconds=waits[-1])
            assert browser.post("/sign-in", data=form).status_code == 422
    assert waits[:4] == [1, 2, 4, 8]
    assert len(waits) > 5
    other = new_browser(sqlite_office)  # another process counts the same
    assert other.post("/sign-in", data=form).status_code == 429


def test_ten_tries_a_minute_for_an_address_and_for_an_account(sqlite_office, browser, clock):
    answers = [
        browser.post("/sign-in", data={"login": f"x{n}", "password": "y"}).status_code
        for n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2
    clock.move(seconds=61)
    assert browser.post("/sign-in", data={"login": "x", "password": "y"}).status_code == 422


def test_a_name_that_does_not_exist_answers_as_a_wrong_password(browser, ratna):
    answers = [
        browser.post("/sign-in", data={"login": login, "password": "salah salah salah"})
        for login in ("ratna", "nobody")
    ]
    known, unknown = (answer.text.replace("ratna", "nobody") for answer in answers)
    assert known == unknown


def test_the_secret_of_a_phone_is_not_in_the_database(sqlite_office, ratna):
    raw = b"".join(path.read_bytes() for path in sqlite_office.home.path.glob("office.db*"))
    assert ratna[1].encode() not in raw
    assert all(code.replace("-", "").encode() not in raw for code in ratna[2])


def test_what_was_typed_before_the_session_ended_is_sent_once_signed_in_again(
    sqlite_office, browser, ratna, clock
):
    taken = []
    site = browser.app.state.site

    @site.post("/planted/taken", right="see_people")
    def take(visitor, form):
        taken.append((visitor.name, form.values["reason"], form.values.get("code")))
        return site.go("/planted")

    sign_in(browser, ratna[1], clock)
    form = {"csrf": "x", "reason": 'KTP "buram" <b>', "code": "123456", "password": "rahasia"}
    clock.move(minutes=20)
    page = browser.post("/planted/taken", data=form)
    assert page.status_code == 401
    assert "Belum terkirim" in page.text
    assert "rahasia" not in page.text
    assert "123456" not in page.text
    kept = hidden(page.text)
    assert kept["reason"] == form["reason"]

    stranger = new_browser(sqlite_office)  # somebody else at the same tab gets nothing of it
    other = finished(sqlite_office, "sari")
    sign_in(stranger, other, clock, login="sari")
    assert "buram" not in stranger.post("/planted/taken", data=kept).text

    sign_in(browser, ratna[1], clock)
    asked = browser.post("/planted/taken", data=kept)
    assert asked.status_code == 403
    assert "Kirim yang tadi?" in asked.text
    assert taken == []
    again = hidden(asked.text) | {"code": "654321"}
    assert browser.post("/planted/taken", data=again).status_code == 303
    assert taken == [("Ratna <Dewi>", form["reason"], "654321")]


def hidden(page):
    """The hidden fields of the form that sends again, as a browser would send them."""
    last = page.partition('action="/planted/taken"')[2].partition("</form>")[0]
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', last)
    return {name: unescape(value) for name, value in found}


def finished(office, login):
    made = add_account(office, login=login, name="Sari", role="coordinator", by="command line")
    secret = new_secret()
    finish_account(office, made.account, password=PASSWORD, secret=secret)
    return secret


def test_pages_are_not_given_faster_than_a_person_can_ask(
    sqlite_office, browser, ratna, clock, monkeypatch
):
    monkeypatch.setattr(pace, "OF_ACCOUNT", 60)
    sign_in(browser, ratna[1], clock)
    answers = [browser.get("/planted").status_code for _ in range(100)]
    assert answers[:60] == [404] * 60
    assert answers[85:] == [429] * 15
    clock.move(seconds=61)
    assert browser.get("/planted").status_code == 404


def test_a_large_form_is_not_read_to_its_end(browser, ratna, clock):
    sign_in(browser, ratna[1], clock)
    answer = browser.post("/own/keys", content=b"x" * (3 * 1024 * 1024), headers={
        "Content-Type": "application/x-www-form-urlencoded"
    })  # fmt: skip
    assert answer.status_code == 413
    kinds = {"text/plain": 415, "application/json": 415, "multipart/form-data": 400}
    for kind, status in kinds.items():
        answer = browser.post("/own/keys", content=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == status, kind


def test_an_address_that_is_not_there_is_answered_in_words(browser):
    page = browser.get("/tidak/ada")
    assert page.status_code == 404
    assert "Halaman ini tidak ada" in page.text
    assert "Content-Security-Policy" in page.headers
    assert "There is no such page" in browser.get("/tidak/ada?lang=en").text
    assert browser.get("/static/none.css").content == b""

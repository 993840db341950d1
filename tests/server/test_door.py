"""Signing in as people do: password, phone, backup code; and who is not let in."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest
from fastapi.testclient import TestClient

from sync.server.application import create_application
from sync.server.people.accounts import add_account, finish_account
from sync.server.people.phone_codes import new_secret

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

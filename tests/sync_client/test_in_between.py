"""What stands between a laptop and its office is named: a wifi's login page, a proxy."""

import contextlib
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from enumerator_app.domain.errors import (
    KnownError,
    ProxyWantsLogin,
    ServerUnreachable,
    WifiLogin,
)
from enumerator_app.texts import set_language
from enumerator_app.ui.messages import describe
from sync.client import surroundings, wire
from sync.client.backoff import Patience
from sync.client.enrol import NewDevice, enrol
from sync.client.http import HttpTransport
from sync.client.wire import Timeouts
from sync.protocol.signing import new_private_key
from tests.sync_client.bad_ways import answering, closed_port, full_queue, silent_office
from tests.sync_client.memory_office import MemoryOffice
from tests.sync_client.office_fixtures import enrolled_store
from tests.sync_client.test_tls import Authority

FAR = "127.0.0.2"  # not this machine by name: TLS, and somebody may stand in between
AT_LOGIN = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"
ASK_TO_LOG_IN = b"HTTP/1.1 511 Network Authentication Required\r\n\r\n"
TO_ITS_OWN_TLS = b"HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.2/periksa-wifi\r\n\r\n"
NOT_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>"


@pytest.fixture
def sent(tmp_path):
    """Return a call that says level to an office at a port, as the first request of a sync."""
    pem = Authority(tmp_path, "Kantor").pem

    def send(port: int, host: str = FAR) -> None:
        store = enrolled_store(MemoryOffice(), f"https://{host}:{port}")
        identity = replace(store.identity(), ca_certificate=pem)
        transport = HttpTransport(identity, store, Timeouts(connect_s=0.3, read_s=0.3))
        try:
            Patience(lambda: False).during(lambda: transport.level("0" * 64))
        finally:
            transport.close()

    return send


@contextlib.contextmanager
def _reset():
    with answering(None, host=FAR) as (port, _):
        yield port


@contextlib.contextmanager
def _silent():
    with silent_office(FAR) as (url, _, _):
        yield int(url.rsplit(":", 1)[1])


WAYS_TO_FAIL = {
    "refused": lambda: closed_port(FAR),
    "reset": _reset,
    "not connecting": lambda: full_queue(FAR),
    "silent": _silent,
}


@pytest.mark.parametrize("page", [AT_LOGIN, PAGE, ASK_TO_LOG_IN])
@pytest.mark.parametrize("way", WAYS_TO_FAIL)
def test_a_wifi_that_wants_a_login_is_named_whatever_it_does_with_the_offices_port(
    sent, monkeypatch, way, page
):
    with answering(page, host=FAR) as (login, asked), WAYS_TO_FAIL[way]() as port:
        monkeypatch.setattr(surroundings, "LOGIN_PORT", login)
        with pytest.raises(WifiLogin):
            sent(port)
    assert asked == [f"GET /periksa-wifi HTTP/1.1\r\nHost: {FAR}:{login}\r\n\r\n".encode()]


@pytest.mark.parametrize("answer", [TO_ITS_OWN_TLS, NOT_THERE, None])
def test_an_office_whose_other_server_answers_is_no_wifi(sent, monkeypatch, answer):
    with answering(answer, host=FAR) as (login, _), closed_port(FAR) as port:
        monkeypatch.setattr(surroundings, "LOGIN_PORT", login)
        with pytest.raises(ServerUnreachable):
            sent(port)


def test_an_office_that_is_away_costs_a_moment_more(sent, monkeypatch):
    with full_queue(FAR) as nowhere, closed_port(FAR) as port:
        monkeypatch.setattr(surroundings, "LOGIN_PORT", nowhere)
        began = time.monotonic()
        with pytest.raises(ServerUnreachable):
            sent(port)
    connecting, _ = surroundings.LOOK_S
    assert connecting <= time.monotonic() - began < connecting + 3


def test_without_any_network_nobody_is_looked_for(sent, monkeypatch):
    monkeypatch.setattr(wire, "is_login_page", lambda *_: pytest.fail("asked"))
    with pytest.raises(ServerUnreachable):
        sent(443, "255.255.255.255")


def test_this_machine_is_not_asked_for_a_login(sent, monkeypatch):
    monkeypatch.setattr(wire, "is_login_page", lambda *_: pytest.fail("asked"))
    with closed_port("127.0.0.1") as port, pytest.raises(ServerUnreachable):
        sent(port, "127.0.0.1")


@pytest.fixture(params=["id", "en"])
def language(request):
    set_language(request.param)
    yield request.param
    set_language("id")


def test_a_proxy_that_fails_is_named_before_the_office_has_a_certificate(monkeypatch):
    device = NewDevice(uuid4(), new_private_key(), "Rina", uuid4())
    with answering(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://rina:rahasia@127.0.0.1:{port}")
        with pytest.raises(ProxyWantsLogin) as failed:
            enrol(f"https://{FAR}:8443", f"7F3K-9QTB-2MXW-4CHD.{'0' * 32}", device)
    assert [one.split()[:2] for one in asked] == [[b"CONNECT", f"{FAR}:8443".encode()]]
    words = describe(failed.value)
    assert f"127.0.0.1:{port}" in words
    assert "rahasia" not in words


@pytest.mark.parametrize(
    ("reply", "code", "status"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy_login", None),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "proxy_refused", 503),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy_refused", 403),
        (b"", "proxy_unreachable", None),
        (None, "proxy_unreachable", None),
    ],
)
def test_a_proxy_that_fails_is_named_without_its_password(
    sent, monkeypatch, language, reply, code, status
):
    with answering(reply) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://rina:rahasia@127.0.0.1:{port}")
        with pytest.raises(KnownError) as failed:
            sent(8443)
    assert failed.value.code == code
    assert len(asked) == 1, "whoever waits hears it at once"
    words = describe(failed.value)
    assert f"127.0.0.1:{port}" in words
    assert "rahasia" not in words
    assert ("aman di laptop ini" if language == "id" else "safe on this laptop") in words
    assert status is None or str(status) in words


def test_a_dead_and_a_silent_proxy_are_named(sent, monkeypatch):
    with closed_port(FAR) as dead, silent_office(FAR) as (url, _, _):
        for port in (dead, url.rsplit(":", 1)[1]):
            monkeypatch.setenv("HTTPS_PROXY", f"http://{FAR}:{port}")
            with pytest.raises(KnownError) as failed:
                sent(8443)
            assert failed.value.code == "proxy_unreachable"
            assert failed.value.parameters == {"proxy": f"{FAR}:{port}"}


def test_a_proxy_that_leads_to_a_login_is_a_wifi_that_wants_one(sent, monkeypatch):
    with answering(AT_LOGIN) as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(WifiLogin):
            sent(8443)

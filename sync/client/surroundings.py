"""What stands between a laptop and an office that does not answer: a wifi's login, a proxy."""

import errno
import socket
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3

from enumerator_app.domain.errors import (
    KnownError,
    ProxyRefused,
    ProxyUnreachable,
    ProxyWantsLogin,
    WifiLogin,
)
from sync.client.transport import Interrupted
from sync.client.whole_head import TunnelFailed

NO_HEADER: Final = urllib3.util.SKIP_HEADER
LOGIN_PORT: Final = 80  # where a wifi puts its page in everybody's place
LOOK_S: Final = (1.0, 2.0)  # to connect, and without a byte: whoever poses as all hosts is near
_NOBODYS_PATH: Final = "/periksa-wifi"


def is_login_page(server_url: str, proxies: Mapping[str, str]) -> bool:
    """Return whether plain HTTP to the office's host is answered as a wifi answers for all hosts.

    What is asked for names nobody and exists nowhere, so a real server's answer, "not found", is
    not taken for such a page. It takes three seconds at most.
    """
    host = urlsplit(server_url).hostname or ""
    place = f"[{host}]" if ":" in host else host
    request = requests.Request(
        "GET",
        f"http://{place}:{LOGIN_PORT}{_NOBODYS_PATH}",
        headers={"User-Agent": NO_HEADER, "Accept-Encoding": NO_HEADER},
    ).prepare()
    try:
        with (
            requests.Session() as session,
            session.send(
                request, stream=True, allow_redirects=False, proxies=dict(proxies), timeout=LOOK_S
            ) as answer,
        ):
            return _is_login(answer, host)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        return False


def _is_login(answer: requests.Response, host: str) -> bool:
    if 300 <= answer.status_code < 400:
        leads_to = urlsplit(answer.headers.get("Location", "")).hostname
        return leads_to not in {None, host}  # a server sends its own visitors to itself
    is_page = answer.status_code == 200 and "html" in answer.headers.get("Content-Type", "")
    return is_page or answer.status_code == 511


def is_offline(causes: Sequence[BaseException]) -> bool:
    """Whether there is no network at all, so that nobody can stand in between."""
    return any(
        isinstance(cause, socket.gaierror) or getattr(cause, "errno", None) == errno.ENETUNREACH
        for cause in causes
    )


def proxy_fault(
    causes: Sequence[BaseException], server_url: str, proxies: Mapping[str, str]
) -> KnownError | None:
    """Return what failed, if it was the proxy; it is named without whatever password it has."""
    name = _proxy_name(server_url, proxies)
    for cause in causes:
        if isinstance(cause, TunnelFailed):
            return _of_its_answer(cause.status, name)
    if any(isinstance(cause, urllib3.exceptions.ProxyError) for cause in causes):
        return _of_its_answer(None, name)
    return None


def _of_its_answer(status: int | None, name: str) -> KnownError:
    if status == 407:
        return ProxyWantsLogin(proxy=name)
    if status is not None and (300 <= status < 400 or status == 511):
        return WifiLogin()
    if status is None:
        return Interrupted(reached=False, verdict=ProxyUnreachable(proxy=name))
    return Interrupted(reached=False, verdict=ProxyRefused(proxy=name, status=status))


def _proxy_name(server_url: str, proxies: Mapping[str, str]) -> str:
    chosen = requests.utils.select_proxy(server_url, proxies) or ""
    return chosen.rpartition("://")[2].rpartition("@")[2].rstrip("/")

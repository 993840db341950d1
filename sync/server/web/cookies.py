"""The one cookie of the office's pages.

Over TLS it is `__Host-session`: the browser keeps it to this host, this scheme, every path. Plain
HTTP is spoken on loopback alone, where browsers refuse that name; there it is called `session`.
"""

from typing import Final

from fastapi import Request, Response

_OVER_TLS: Final = "__Host-session"
_ON_LOOPBACK: Final = "session"
_MOST_LENGTH: Final = 200


def session_cookie(request: Request) -> str:
    """Return what the browser holds, or nothing."""
    return request.cookies.get(_name(request), "")[:_MOST_LENGTH]


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Give the browser a session until it is closed; an empty one takes it away."""
    response.set_cookie(
        _name(request),
        token,
        max_age=None if token else 0,
        path="/",
        secure=_is_tls(request),
        httponly=True,
        samesite="lax",
    )


def _name(request: Request) -> str:
    return _OVER_TLS if _is_tls(request) else _ON_LOOPBACK


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https"

"""The door: signing in with password and code, the first time with a one-time code, signing out.

These are the only pages that nobody has to be signed in for. They show nothing of the office but
its name and the mark of its certificate.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.routing import Route

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import Language, text
from sync.server.people.accounts import finish_account
from sync.server.people.audit import audit
from sync.server.people.errors import CodeWrong, PasswordsDiffer
from sync.server.people.phone_codes import (
    address_for_phone,
    dark_modules,
    matching_step,
    phone_name,
    spaced,
)
from sync.server.people.sample_links import (
    SAMPLE_PATH,
    is_sample,
    linked_account,
    use_link,
)
from sync.server.people.sessions import end_session, find_session, is_over
from sync.server.people.signing_in import (
    check_code,
    check_first_code,
    check_password,
    open_session,
)
from sync.server.tls import authority_mark
from sync.server.web.cookies import session_cookie, set_session_cookie
from sync.server.web.forms import Form, FormWrong, Limits, is_from_here, read_form
from sync.server.web.frame import frame, moment, templates
from sync.server.web.site import (
    LABELS,
    PAGE_HEADERS,
    SIGN_IN,
    SIGN_OUT,
    Site,
    address_of,
    asked_language,
)
from sync.server.web.words import problem_words

_OWN_PAGE: Final = re.compile(r"/[a-z0-9][a-z0-9/_-]*")
_MOST_FORM: Final = 16 * 1024
_WHY: Final = frozenset({"idle", "left", "reset"})
Page = Callable[[Request], Response]
Sent = Callable[[Request, Form], Response]


def add_door(site: Site) -> None:
    door = Door(site)
    for path, page, sent in (
        (SIGN_IN, door.password, door.take_password),
        (f"{SIGN_IN}/code", door.code, door.take_code),
        (f"{SIGN_IN}/first", door.first, door.take_first),
        (f"{SIGN_IN}/new", door.new, door.take_new),
        (SAMPLE_PATH, door.sample, door.take_sample),
    ):
        site.app.router.routes.append(Route(path, _read(page), methods=["GET"]))
        site.app.router.routes.append(Route(path, door.taken(sent), methods=["POST"]))
    leave = door.taken(door.leave)
    site.app.router.routes.append(Route(SIGN_OUT, leave, methods=["POST"]))


def _read(page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await run_in_threadpool(page, request)

    return answer


@dataclass(frozen=True, slots=True)
class Door:
    """The pages in front of the office."""

    site: Site

    def taken(self, sent: Sent) -> Callable[[Request], Awaitable[Response]]:
        """Return the route of a form: from this server's own page, small, and a form."""

        async def answer(request: Request) -> Response:
            if not is_from_here(request):
                return await run_in_threadpool(self._foreign, request)
            try:
                form = await read_form(request, Limits(_MOST_FORM))
            except FormWrong as wrong:
                return Response(status_code=wrong.status, headers=PAGE_HEADERS)
            return await run_in_threadpool(sent, request, form)

        return answer

    def password(self, request: Request) -> Response:
        why = request.query_params.get("why", "")
        return self._show(request, "door_password.html", why=why if why in _WHY else "")

    def take_password(self, request: Request, form: Form) -> Response:
        login, password = form.values.get("login", ""), form.values.get("password", "")
        try:
            token = check_password(
                self.site.office, login=login, password=password, address=address_of(request)
            )
        except KnownError as error:
            return self._wrong(request, "door_password.html", error, why="", login=login)
        return self._on(request, f"{SIGN_IN}/code", token)

    def code(self, request: Request) -> Response:
        session = self._session(request, "code")
        if session is None:
            return self._again(request)
        return self._show(request, "door_code.html", **self._hello(session, request))

    def take_code(self, request: Request, form: Form) -> Response:
        session = self._session(request, "code")
        if session is None:
            return self._again(request)
        code = form.values.get("code", "")
        try:
            token = check_code(self.site.office, session, code=code, address=address_of(request))
        except KnownError as error:
            hello = self._hello(session, request)
            return self._wrong(request, "door_code.html", error, **hello)
        return self._in(request, token)

    def first(self, request: Request) -> Response:
        return self._show(request, "door_first.html")

    def take_first(self, request: Request, form: Form) -> Response:
        login, code = form.values.get("login", ""), form.values.get("code", "")
        try:
            token = check_first_code(
                self.site.office, login=login, code=code, address=address_of(request)
            )
        except KnownError as error:
            return self._wrong(request, "door_first.html", error, login=login)
        return self._on(request, f"{SIGN_IN}/new", token)

    def new(self, request: Request) -> Response:
        session = self._session(request, "first")
        if session is None:
            return self._again(request)
        return self._show(request, "door_new.html", **self._phone(session))

    def take_new(self, request: Request, form: Form) -> Response:
        """Finish an account: password twice, and a code that proves that the phone knows it."""
        session = self._session(request, "first")
        if session is None:
            return self._again(request)
        try:
            codes = self._finish(session, form)
        except KnownError as error:
            return self._wrong(request, "door_new.html", error, **self._phone(session))
        office = self.site.office
        with office.database.writing() as connection:
            end_session(connection, session.hash)
            token = open_session(office, connection, session.account, address=address_of(request))
        answer = self._show(request, "door_codes.html", codes=codes, login=session.a_login)
        set_session_cookie(request, answer, token)
        return answer

    def sample(self, request: Request) -> Response:
        code = request.query_params.get("code", "")
        found = linked_account(self.site.office, code)
        if found is None:
            return self._again(request)
        role = text(f"web.role_{found.role}", asked_language(request))
        return self._show(request, "door_sample.html", name=found.name, role=role, code=code)

    def take_sample(self, request: Request, form: Form) -> Response:
        try:
            code = form.values.get("code", "")
            token = use_link(self.site.office, code, address=address_of(request))
        except KnownError:
            return self._again(request)
        return self._in(request, token)

    def leave(self, request: Request, _: Form) -> Response:
        office = self.site.office
        token = session_cookie(request)
        session = find_session(office, token) if token else None
        if session is not None:
            with office.database.writing() as connection:
                end_session(connection, session.hash)
                audit(office, connection, session.account, "signed_out", session.account)
        answer = self.site.go(f"{SIGN_IN}?why=left")
        set_session_cookie(request, answer, "")
        return answer

    def _finish(self, session: Any, form: Form) -> list[str]:
        password = form.values.get("password", "")
        if password != form.values.get("again", ""):
            raise PasswordsDiffer
        code, now = form.values.get("code", ""), self.site.office.clock()
        if matching_step(session.secret, code, now) is None:
            raise CodeWrong
        return finish_account(
            self.site.office, session.account, password=password, secret=session.secret
        )

    def _phone(self, session: Any) -> dict[str, Any]:
        secret, issuer = session.secret, phone_name(self.site.office.public.regency)
        side, dark = dark_modules(address_for_phone(secret, session.a_login, issuer))
        return {
            "side": side,
            "dark": dark,
            "secret": spaced(secret),
            "name": session.a_name,
            "account": session.a_login,
            "phone_name": issuer,
        }

    def _session(self, request: Request, stage: str) -> Any:
        token = session_cookie(request)
        session = find_session(self.site.office, token) if token else None
        if session is None or session.stage != stage:
            return None
        return None if is_over(session, self.site.office.clock()) else session

    def _hello(self, session: Any, request: Request) -> dict[str, Any]:
        at = session.a_signed_in_at
        language = asked_language(request)
        return {
            "name": session.a_name,
            "phone_name": phone_name(self.site.office.public.regency),
            "last_at": moment(instant_from_text(at), language) if at else "",
            "last_from": session.a_signed_in_from or "",
            "with_backup": request.query_params.get("with") == "backup",
        }

    def _show(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        language, to = asked_language(request), _own_page(request)
        around = frame(self.site.office, language, groups=[], switch=_switch(request))
        told = {
            "problem": "", "login": "", "mark": authority_mark(self.site.office.home),
            "onward": _onward(to, language), "is_sample": is_sample(self.site.office), **values,
        }  # fmt: skip
        page = templates().get_template(template).render({**around, **told})
        return Response(page, status, PAGE_HEADERS, "text/html; charset=utf-8")

    def _wrong(self, request: Request, template: str, error: KnownError, **values: Any) -> Response:
        language = asked_language(request)
        said = problem_words(error.code, error.parameters, language)
        status = 429 if error.code == "tried_too_often" else 422
        answer = self._show(request, template, status, problem=said, **values)
        if "seconds" in error.parameters:
            answer.headers["Retry-After"] = str(error.parameters["seconds"])
        return answer

    def _on(self, request: Request, path: str, token: str) -> Response:
        onward = _onward(_own_page(request), asked_language(request))
        answer = self.site.go(path + onward)
        set_session_cookie(request, answer, token)
        return answer

    def _in(self, request: Request, token: str) -> Response:
        answer = self.site.go(_own_page(request) or "/")
        set_session_cookie(request, answer, token)
        return answer

    def _again(self, request: Request) -> Response:
        onward = _onward(_own_page(request), asked_language(request))
        return self.site.go(SIGN_IN + onward)

    def _foreign(self, request: Request) -> Response:
        return self._show(request, "door_foreign.html", 403)


def _own_page(request: Request) -> str:
    """Return the page that somebody wanted, if it is one of this server."""
    to = request.query_params.get("to", "")
    return to if _OWN_PAGE.fullmatch(to) else ""


def _onward(to: str, language: Language) -> str:
    parts = [f"to={to}"] if to else []
    parts += ["lang=en"] if language == "en" else []
    return f"?{'&'.join(parts)}" if parts else ""


def _switch(request: Request) -> list[dict[str, str]]:
    to = _own_page(request)
    return [
        {
            "address": request.url.path + (_onward(to, one) or "?lang=id"),
            "language": one,
            "label": label,
        }
        for one, label in LABELS.items()
    ]

"""The pages of one office and the people in front of them.

A page hangs its routes here with the right that each needs; what is checked before a page's own
code runs is checked here and nowhere else: the session, its time, the right, and for everything
that changes something the origin, the form's size and kind, and the token that only a page of this
session holds. A right that a role does not name does not exist.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from hmac import compare_digest
from math import ceil
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.routing import Route

from enumerator_app.domain.errors import KnownError
from enumerator_app.texts import LANGUAGES, Language, text
from sync.server.bugs import note_bug
from sync.server.office import Office
from sync.server.papers.wishes import scratch
from sync.server.people.accounts import choose_language
from sync.server.people.pace import Pace
from sync.server.people.rights import Right
from sync.server.people.sessions import find_session, is_over, note_use
from sync.server.people.signing_in import use_code
from sync.server.people.visitor import Visitor, visitor_of
from sync.server.web.cookies import session_cookie
from sync.server.web.forms import MOST_BYTES, Form, FormWrong, Limits, is_from_here, read_form
from sync.server.web.frame import Who, frame, rail, templates
from sync.server.web.needs import Needed, Needs
from sync.server.web.numbers import whole
from sync.server.web.resending import MOST_KEPT, is_sent_again, kept
from sync.server.web.waiting_counts import Counter, WaitingCounts
from sync.server.web.words import problem_words

SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LABELS: Final[dict[Language, str]] = {"id": "Indonesia", "en": "English"}
_HTML: Final = "text/html; charset=utf-8"
Get = Callable[[Request, Visitor], Response]
Post = Callable[[Visitor, Form], Response]
Deed = Callable[[], Response]
Again = Callable[[str], Response]
"""Returns the page that a form came from, with a sentence about what was not done."""
Look = Callable[[], Response | None]


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody is signed in; `session` is the one whose time was up."""

    session: Any = None


@dataclass(slots=True)
class Site:
    """The pages of one office; `needs` says of each route what it asks of whoever comes."""

    app: FastAPI
    office: Office
    needs: Needs = field(default_factory=Needs)
    counts: WaitingCounts = field(default_factory=WaitingCounts)
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.office)

    def get(self, path: str, *, right: Right, whole: bool = False) -> Callable[[Get], Get]:
        """Hang a page: `handler(request, visitor)` runs for who is signed in and has the right."""

        def hang(handler: Get) -> Get:
            async def answer(request: Request) -> Response:
                return await run_in_threadpool(self._get, request, needed, handler)

            needed = self._hang("GET", path, Needed(right, whole), answer)
            return handler

        return hang

    def post(
        self,
        path: str,
        *,
        right: Right,
        whole: bool = False,
        most: int = MOST_BYTES,
        limits: Limits | None = None,
    ) -> Callable[[Post], Post]:
        """Hang what a form does: `handler(visitor, form)`; `most` bytes are read of it, or what
        `limits` say.

        `form.path` has the parts of the address that stand in braces in `path`.
        """

        def hang(handler: Post) -> Post:
            async def answer(request: Request) -> Response:
                return await self._post(request, needed, handler, limits or Limits(most))

            needed = self._hang("POST", path, Needed(right, whole), answer)
            return handler

        return hang

    def count(self, name: str, counter: Counter) -> None:
        """Show in the rail what waits in a place, as `counter(visitor)` counts it."""
        self.counts.counters[name] = counter

    def render(
        self, visitor: Visitor, template: str, *, active: str, status: int = 200, **values: Any
    ) -> Response:
        """Return a page with base.html around it.

        A template knows `t(key, ...)` for `web.key`, `visitor`, `language`, `csrf` (the hidden
        field of every form), `keys`, `regency`, `may_open(path)` as `needs.admit`, and what
        `values` brings.
        """
        around = self._around(visitor, active)
        page = templates().get_template(template).render({**around, **values})
        return Response(page, status, PAGE_HEADERS, _HTML)

    def go(self, path: str) -> Response:
        """Send the browser to a page after something was done."""
        return _gone_on(path)

    def missing(self, visitor: Visitor) -> Response:
        """Return the page for what is not there, or is not there for this person."""
        return self.say(visitor, "missing", 404)

    def confirm(self, visitor: Visitor, code: str) -> None:
        """Take the six digits of the signed-in person; each code counts once.

        Raises:
            CodeWrong, CodeUsedBefore, TriedTooOften
        """
        use_code(self.office, visitor.account, visitor.login, code, address=visitor.address)

    def with_code(
        self, visitor: Visitor, code: str, deed: Deed, again: Again, first: Look | None = None
    ) -> Response:
        """Take the six digits and do a deed; what is wrong is said on the page that it came from.

        `first` looks whether it can be done at all, or must be asked about: that costs no code.
        """
        try:
            if first is not None and (asked := first()) is not None:
                return asked
            self.confirm(visitor, code)
            return deed()
        except KnownError as error:
            return again(problem_words(error.code, error.parameters, visitor.language))

    def say(self, visitor: Visitor, what: str, status: int, **values: Any) -> Response:
        """Return a page that says one thing and where to go on."""
        language = visitor.language
        words = {
            "title": text(f"web.say_{what}", language),
            "detail": text(f"web.say_{what}_do", language, **values),
        }
        return self.render(visitor, "said.html", active="", status=status, **words)

    def _around(self, visitor: Visitor, active: str) -> dict[str, Any]:
        language = visitor.language
        groups = rail(
            active,
            language,
            pages={path for _, path in self.needs if self.needs.admit(visitor, path)},
            counts=self.counts.seen_by(visitor, active),
        )
        who = Who(visitor.name, text(f"web.role_{visitor.role}", language), SIGN_OUT)
        around = frame(
            self.office, language, groups=groups, who=who, csrf=visitor.csrf, keys=visitor.keys,
            switch=_languages(visitor.here) if visitor.here else [],
        )  # fmt: skip
        return {**around, "visitor": visitor, "may_open": partial(self.needs.admit, visitor)}

    def _hang(self, method: str, path: str, needed: Needed, answer: Any) -> Needed:
        self.needs[method, path] = needed
        self.app.router.routes.append(Route(path, answer, methods=[method]))
        return needed

    def _get(self, request: Request, needed: Needed, handler: Get) -> Response:
        visitor = _visitor(self.office, request)
        if isinstance(visitor, Gone):
            return _to_the_door(request, visitor)
        return self._refused(request, visitor, needed) or self._work(
            visitor, lambda: handler(request, visitor)
        )

    async def _post(
        self, request: Request, needed: Needed, handler: Post, limits: Limits
    ) -> Response:
        visitor = await run_in_threadpool(_visitor, self.office, request)
        if isinstance(visitor, Gone):
            return await self._not_sent(request, visitor)
        refused = await run_in_threadpool(self._refused, request, visitor, needed)
        if refused is None and not is_from_here(request):
            refused = await run_in_threadpool(self.say, visitor, "old_page", 403)
        if refused is not None:
            return refused
        with scratch(self.office.home) if limits.to_disk else nullcontext() as folder:
            return await self._take(request, visitor, handler, limits, folder)

    async def _take(
        self, request: Request, visitor: Visitor, handler: Post, limits: Limits, folder: Path | None
    ) -> Response:
        """Read a form that may be sent, and do what it asks."""
        try:
            form = await read_form(request, limits, folder)
        except FormWrong as wrong:
            say = partial(self.say, visitor, f"form_{wrong.what}", wrong.status)
            files = whole(limits.files, visitor.language)
            return await run_in_threadpool(partial(say, n=limits.within_s, files=files))
        token = form.values.get("csrf", "")
        if not compare_digest(token.encode(), visitor.csrf.encode()):
            return await run_in_threadpool(_again, self, request, visitor, form)
        answer = await run_in_threadpool(self._work, visitor, lambda: handler(visitor, form))
        self.counts.forget()
        await run_in_threadpool(self.office.keep_head_outside)
        return answer

    def _refused(self, request: Request, visitor: Visitor, needed: Needed) -> Response | None:
        """Return the page that says why not: without the right, or at a pace no person has."""
        if not needed.is_given_to(visitor):
            return self.say(visitor, "not_yours", 403)
        if waits := self.pace.waits(visitor.account, visitor.address):
            answer = self.say(visitor, "too_fast", 429)
            answer.headers["Retry-After"] = str(ceil(waits))
            return answer
        return self.missing(visitor) if has_no_sign(request) else None

    async def _not_sent(self, request: Request, gone: Gone) -> Response:
        """Say that a form was not taken because its session had ended, and keep what it held."""
        session = gone.session
        if session is None or not is_from_here(request):
            return _to_the_door(request, gone)
        try:
            form = await read_form(request, Limits(MOST_KEPT))
        except FormWrong:
            return _to_the_door(request, gone)
        around = frame(self.office, session.a_language, groups=[])
        values = kept(form, path=request.url.path, account=session.account)
        page = templates().get_template("not_sent.html").render({**around, **values})
        return Response(page, 401, PAGE_HEADERS, _HTML)

    def _work(self, visitor: Visitor, work: Callable[[], Response]) -> Response:
        """Run a page's own code; what the world does wrong is said, and a bug gets a number."""
        try:
            return work()
        except KnownError as error:
            said = problem_words(error.code, error.parameters, visitor.language)
            return self.say(visitor, "not_done", 422, said=said)
        except Exception as error:  # noqa: BLE001 - a bug is answered, too, and never with content
            return self.say(visitor, "bug", 500, number=note_bug(error))


def _again(site: Site, request: Request, visitor: Visitor, form: Form) -> Response:
    """Show a form that was kept for this person, to be sent with this session's token."""
    if not is_sent_again(form.values, visitor.account):
        return site.say(visitor, "old_page", 403)
    values = kept(form, path=request.url.path, account=visitor.account)
    return site.render(visitor, "resend.html", active="", status=403, **values)


def _to_the_door(request: Request, gone: Gone) -> Response:
    back = request.url.path if request.method == "GET" and request.url.path != "/" else ""
    why = "idle" if gone.session is not None else ""
    asked = {name: value for name, value in (("to", back), ("why", why)) if value}
    said = urlencode(asked, safe="/")
    return _gone_on(f"{SIGN_IN}?{said}" if said else SIGN_IN)


def _gone_on(path: str) -> Response:
    return RedirectResponse(path, 303, PAGE_HEADERS)


def _visitor(office: Office, request: Request) -> Visitor | Gone:
    """Return who asks, or that nobody is signed in (any more)."""
    token = session_cookie(request)
    session = find_session(office, token) if token else None
    if session is None or session.stage != "open":
        return Gone()
    if is_over(session, office.clock()):
        return Gone(session)
    note_use(office, session)
    here = request.url.path if request.method == "GET" else ""
    visitor = visitor_of(session, address=address_of(request), here=here)
    asked = request.query_params.get("lang")
    if here and asked in LANGUAGES and asked != visitor.language:
        choose_language(office, visitor.account, asked)
        return replace(visitor, language=asked)
    return visitor


def _languages(here: str) -> list[dict[str, str]]:
    """Return the ways to this page in each language."""
    return [
        {"address": f"{here}?lang={one}", "language": one, "label": LABELS[one]}
        for one in LANGUAGES
    ]


def has_no_sign(request: Request) -> bool:
    """Return whether an address holds a NUL, which nothing is called by: PostgreSQL takes none."""
    return "\x00" in request.scope["path"] or b"%00" in request.scope["query_string"]


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def asked_language(request: Request) -> Language:
    """Return the language of a page for somebody who is not signed in."""
    return "en" if request.query_params.get("lang") == "en" else "id"

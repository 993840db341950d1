"""Akun saya: password, phone, backup codes, keys, language, and where the account is open."""

from typing import Any

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.texts import catalogue, text
from sync.server.people.own import (
    Own,
    change_password,
    choose_keys,
    leave_elsewhere,
    read_own,
    renew_codes,
    start_phone,
    take_phone,
    waiting_secret,
)
from sync.server.people.phone_codes import (
    address_for_phone,
    dark_modules,
    phone_name,
    spaced,
)
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.forms import Form
from sync.server.web.frame import moment
from sync.server.web.site import Site
from sync.server.web.words import problem_words


def add_own(site: Site) -> None:
    """Hang the page onto the site, and what its forms do."""

    @site.get("/own", right=Right.own)
    def page(request: Request, visitor: Visitor) -> Response:
        said = f"web.own_done_{request.query_params.get('done', '')}"
        done = text(said, visitor.language) if said in catalogue() else ""
        return _page(site, visitor, done=done)

    @site.get("/own/sessions.{kind}", right=Right.own)
    def sessions(request: Request, visitor: Visitor) -> Response:
        names = ("own_open_address", "own_open_since", "own_open_seen")
        header = [text(f"web.{name}", visitor.language) for name in names]
        found = _sessions(read_own(site.office, visitor), visitor)
        rows = ([one["address"], one["since"], one["seen"]] for one in found)
        return send_table(site, request, visitor, Table("tempat-masuk", header, rows))

    @site.post("/own/password", right=Right.own)
    def password(visitor: Visitor, form: Form) -> Response:
        def change() -> Response:
            site.confirm(visitor, form.values.get("code", ""))
            old, new, again = (form.values.get(name, "") for name in ("old", "new", "again"))
            change_password(site.office, visitor, old=old, new=new, again=again)
            return site.go("/own?done=password")

        return _tried(site, visitor, "password", change)

    @site.post("/own/codes", right=Right.own)
    def codes(visitor: Visitor, form: Form) -> Response:
        def renew() -> Response:
            site.confirm(visitor, form.values.get("code", ""))
            made = renew_codes(site.office, visitor)
            return site.render(visitor, "own_codes.html", active="own", codes=made)

        return _tried(site, visitor, "codes", renew)

    @site.post("/own/keys", right=Right.own)
    def keys(visitor: Visitor, form: Form) -> Response:
        choose_keys(site.office, visitor, on=form.values.get("keys") == "on")
        return site.go("/own?done=keys")

    @site.post("/own/leave", right=Right.own)
    def leave(visitor: Visitor, _: Form) -> Response:
        leave_elsewhere(site.office, visitor)
        return site.go("/own?done=leave")

    _add_phone(site)


def _add_phone(site: Site) -> None:
    @site.post("/own/phone", right=Right.own)
    def phone(visitor: Visitor, form: Form) -> Response:
        def start() -> Response:
            site.confirm(visitor, form.values.get("code", ""))
            return _phone(site, visitor, start_phone(site.office, visitor))

        return _tried(site, visitor, "phone", start)

    @site.post("/own/phone/new", right=Right.own)
    def new_phone(visitor: Visitor, form: Form) -> Response:
        secret = waiting_secret(site.office, visitor)
        if secret is None:
            return site.go("/own")
        try:
            take_phone(site.office, visitor, secret, form.values.get("code", ""))
        except KnownError as error:
            return _phone(site, visitor, secret, problem=_said(error, visitor))
        return site.go("/own?done=phone")


def _page(site: Site, visitor: Visitor, *, status: int = 200, **values: Any) -> Response:
    own = read_own(site.office, visitor)
    language = visitor.language
    shown = {
        "codes_left": own.codes_left,
        "last_at": moment(instant_from_text(own.signed_in_at), language)
        if own.signed_in_at
        else "",
        "last_from": own.signed_in_from,
        "sessions": _sessions(own, visitor),
        "downloads": table_links("/own/sessions"),
        "done": "",
        "problem": "",
        "problem_at": "",
    }
    return site.render(visitor, "own.html", active="own", status=status, **{**shown, **values})


def _sessions(own: Own, visitor: Visitor) -> list[dict[str, Any]]:
    """Return where this person is signed in."""
    return [
        {
            "since": moment(instant_from_text(one.created_at), visitor.language),
            "seen": moment(instant_from_text(one.seen_at), visitor.language),
            "address": one.address,
            "is_this": one.hash == visitor.session,
        }
        for one in own.sessions
    ]


def _tried(site: Site, visitor: Visitor, at: str, work: Any) -> Response:
    """Do it, or show the page with what is wrong at the form that it is about."""
    try:
        done: Response = work()
    except KnownError as error:
        said = _said(error, visitor)
        return _page(site, visitor, status=422, problem=said, problem_at=at)
    return done


def _phone(site: Site, visitor: Visitor, secret: str, problem: str = "") -> Response:
    issuer = phone_name(site.office.public.regency)
    side, dark = dark_modules(address_for_phone(secret, visitor.login, issuer))
    return site.render(
        visitor,
        "own_phone.html",
        active="own",
        status=422 if problem else 200,
        side=side,
        dark=dark,
        secret=spaced(secret),
        phone_name=issuer,
        problem=problem,
    )


def _said(error: KnownError, visitor: Visitor) -> str:
    return problem_words(error.code, error.parameters, visitor.language)

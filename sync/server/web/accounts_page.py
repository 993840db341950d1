"""Akun: who signs in to the office's pages, for administrators."""

from typing import Any, Final

from fastapi import Request, Response

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, catalogue, text
from sync.server.people.accounts import (
    Invited,
    add_account,
    change_scope,
    disable_account,
    list_accounts,
    reset_account,
)
from sync.server.people.audit import audit
from sync.server.people.errors import AccountUnknown
from sync.server.people.rights import Right, Role
from sync.server.people.visitor import Visitor
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.forms import Form
from sync.server.web.frame import moment
from sync.server.web.site import Site
from sync.server.web.words import problem_words

_COLUMNS: Final = (
    "accounts_name", "door_login", "own_role", "accounts_where", "accounts_state", "door_last",
)  # fmt: skip


def add_accounts(site: Site) -> None:
    """Hang the pages onto the site, and what their forms do."""

    @site.get("/accounts", right=Right.accounts)
    def page(request: Request, visitor: Visitor) -> Response:
        said = f"web.accounts_done_{request.query_params.get('done', '')}"
        done = text(said, visitor.language) if said in catalogue() else ""
        return _list(site, visitor, done=done)

    @site.get("/accounts.{kind}", right=Right.accounts)
    def table(request: Request, visitor: Visitor) -> Response:
        with site.office.database.writing() as connection:
            audit(site.office, connection, visitor.account, "accounts_table")
        return send_table(site, request, visitor, _table(site, visitor.language))

    @site.get("/accounts/{id}", right=Right.accounts)
    def one(request: Request, visitor: Visitor) -> Response:
        return _one(site, visitor, request.path_params["id"])

    @site.post("/accounts", right=Right.accounts)
    def added(visitor: Visitor, form: Form) -> Response:
        try:
            site.confirm(visitor, form.values.get("code", ""))
            made = add_account(
                site.office,
                login=form.values.get("login", ""),
                name=form.values.get("name", ""),
                role=form.values.get("role", ""),
                districts=form.lists.get("district", ()),
                by=visitor.account,
            )
        except KnownError as error:
            return _list(site, visitor, status=422, problem=_said(error, visitor), typed=form)
        return _invited(site, visitor, made)

    _add_changes(site)


def _add_changes(site: Site) -> None:
    @site.post("/accounts/{id}/scope", right=Right.accounts)
    def scope(visitor: Visitor, form: Form) -> Response:
        def change() -> Response:
            change_scope(
                site.office,
                form.path["id"],
                by=visitor.account,
                role=form.values.get("role"),
                districts=form.lists.get("district", ()),
            )
            return site.go("/accounts?done=scope")

        return _tried(site, visitor, form, change)

    @site.post("/accounts/{id}/reset", right=Right.accounts)
    def reset(visitor: Visitor, form: Form) -> Response:
        def change() -> Response:
            made = reset_account(site.office, form.path["id"], by=visitor.account)
            return _invited(site, visitor, made)

        return _tried(site, visitor, form, change)

    @site.post("/accounts/{id}/disable", right=Right.accounts)
    def disable(visitor: Visitor, form: Form) -> Response:
        def change() -> Response:
            disable_account(site.office, form.path["id"], by=visitor.account)
            return site.go("/accounts?done=disabled")

        return _tried(site, visitor, form, change)


def _tried(site: Site, visitor: Visitor, form: Form, work: Any) -> Response:
    """Take the code, then do it; what is wrong is said on the account's page."""
    try:
        site.confirm(visitor, form.values.get("code", ""))
        done: Response = work()
    except AccountUnknown:
        return site.missing(visitor)
    except KnownError as error:
        return _one(site, visitor, form.path["id"], problem=_said(error, visitor))
    return done


def _list(
    site: Site, visitor: Visitor, *, status: int = 200, typed: Form | None = None, **values: Any
) -> Response:
    found = [_shown(one, visitor.language) for one in list_accounts(site.office)]
    sent = typed or Form()
    shown = {
        "found": found,
        "active_n": sum(one["state"] == "active" for one in found),
        "roles": _roles(visitor.language),
        "districts": _districts(sent.lists.get("district", ())),
        "typed": dict(sent.values),
        "downloads": table_links("/accounts"),
        "problem": "",
        "done": "",
    }
    return site.render(
        visitor, "accounts.html", active="accounts", status=status, **{**shown, **values}
    )


def _table(site: Site, language: Language) -> Table:
    header = [text(f"web.{name}", language) for name in _COLUMNS]
    found = (_shown(one, language) for one in list_accounts(site.office))
    names = ("name", "login", "role_word", "where", "state_word", "last")
    return Table("akun", header, ([one[name] for name in names] for one in found))


def _one(site: Site, visitor: Visitor, account: str, problem: str = "") -> Response:
    found = [one for one in list_accounts(site.office) if one["id"] == account]
    if not found:
        return site.missing(visitor)
    one = found[0]
    return site.render(
        visitor,
        "account.html",
        active="accounts",
        status=422 if problem else 200,
        one=_shown(one, visitor.language),
        roles=_roles(visitor.language),
        districts=_districts(one["districts"] or ()),
        problem=problem,
        is_own=account == visitor.account,
    )


def _invited(site: Site, visitor: Visitor, made: Invited) -> Response:
    until = moment(instant_from_text(made.expires_at), visitor.language)
    return site.render(
        visitor,
        "account_code.html",
        active="accounts",
        login=made.login,
        code=made.code,
        until=until,
    )


def _shown(one: dict[str, Any], language: Language) -> dict[str, Any]:
    names = dict(_names())
    where = text("web.accounts_everywhere", language)
    if one["districts"] is not None:
        where = ", ".join(names.get(code, code) for code in one["districts"])
    at = one["signed_in_at"]
    state = "expired" if one["code_expired"] else one["state"]
    return {
        **one,
        "role_word": text(f"web.role_{one['role']}", language),
        "where": where,
        "last": moment(instant_from_text(at), language) if at else text("web.door_never", language),
        "state_word": text(f"web.accounts_state_{state}", language),
        "shape": {"active": "ok", "invited": "submitted", "disabled": "ended"}.get(state, "look"),
    }


def _roles(language: Language) -> list[tuple[str, str]]:
    return [(str(role), text(f"web.role_{role}", language)) for role in Role]


def _districts(chosen: Any) -> list[dict[str, Any]]:
    return [{"code": code, "name": name, "is_chosen": code in chosen} for code, name in _names()]


def _names() -> list[tuple[str, str]]:
    """Return the kecamatan of the regency by name."""
    found = {(one.district_code, one.district_name) for one in load_places().villages}
    return sorted(found, key=lambda pair: pair[1])


def _said(error: KnownError, visitor: Visitor) -> str:
    return problem_words(error.code, error.parameters, visitor.language)

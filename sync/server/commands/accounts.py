"""Accounts of the office's people."""

import argparse
from typing import Any

from enumerator_app.domain.errors import FileUnreadable, UsageWrong
from enumerator_app.domain.instants import (
    WIB,
    instant_from_text,
    shown_date,
    shown_time,
)
from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.office import Office
from sync.server.people import accounts
from sync.server.people.audit import COMMAND_LINE
from sync.server.people.phone_codes import (
    address_for_phone,
    new_secret,
    phone_name,
    picture_as_text,
)
from sync.server.people.sample_links import make_link


def add(options: argparse.Namespace) -> Answer:
    """Make an account; `--finish` takes its password from a file and tells the phone's secret."""
    password = _password(options) if options.finish else None
    with opened(options) as office:
        made = accounts.add_account(
            office,
            login=options.login,
            name=options.name,
            role=options.role,
            districts=options.district,
            by=COMMAND_LINE,
        )
        if password is None:
            return invited(made)
        return _finished(office, made, password)


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = accounts.list_accounts(office)
    return Answer({"accounts": found}, tuple(_line(one) for one in found))


def disable(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        gone = accounts.disable_account(office, options.login, by=COMMAND_LINE)
    fields = {"login": gone.login, "state": "disabled"}
    return Answer(fields, (text("accounts.said_disabled", login=gone.login),))


def reset(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        return invited(accounts.reset_account(office, options.login, by=COMMAND_LINE))


def link(options: argparse.Namespace) -> Answer:
    """Make a link that signs in once; of sample offices only."""
    with opened(options) as office:
        path = make_link(office, options.login)
    fields = {"login": options.login, "path": path}
    return Answer(fields, (text("accounts.said_link", path=path),))


def scope(options: argparse.Namespace) -> Answer:
    if options.everywhere and options.district:
        raise UsageWrong(detail="--district | --everywhere")
    if not (options.everywhere or options.district or options.role):
        raise UsageWrong(detail="--role | --district | --everywhere")
    districts = [] if options.everywhere else options.district
    with opened(options) as office:
        accounts.change_scope(
            office, options.login, by=COMMAND_LINE, role=options.role, districts=districts
        )
        found = next(
            one
            for one in accounts.list_accounts(office)
            if one["login"] == options.login.strip().lower() or one["id"] == options.login
        )
    return Answer(found, (_line(found),))


def invited(made: accounts.Invited) -> Answer:
    """Say the one-time code of an account; it is said once."""
    fields = {"login": made.login, "code": made.code, "expires_at": made.expires_at}
    return Answer(fields, invitation_lines(made))


def invitation_lines(made: accounts.Invited) -> tuple[str, ...]:
    until = instant_from_text(made.expires_at)
    shown = f"{shown_date(until.astimezone(WIB).date())} {shown_time(until)}"
    return (
        text("accounts.said_invited", login=made.login, code=made.code, until=shown),
        text("accounts.said_invited_do"),
    )


def _finished(office: Office, made: accounts.Invited, password: str) -> Answer:
    secret = new_secret()
    codes = accounts.finish_account(office, made.account, password=password, secret=secret)
    address = address_for_phone(secret, made.login, phone_name(office.public.regency))
    fields = {
        "login": made.login,
        "phone_secret": secret,
        "phone_address": address,
        "backup_codes": codes,
    }
    lines = (
        text("accounts.said_finished", login=made.login),
        picture_as_text(address),
        text("accounts.said_phone", secret=secret),
        text("accounts.said_codes", codes="  ".join(codes)),
    )
    return Answer(fields, lines)


def _password(options: argparse.Namespace) -> str:
    try:
        content: str = options.finish.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise FileUnreadable(name=options.finish.name) from error
    return content.split("\n", 1)[0].rstrip("\r")


def _line(one: dict[str, Any]) -> str:
    where = text("accounts.everywhere_short")
    if one["districts"] is not None:
        where = ", ".join(one["districts"])
    role = text(f"web.role_{one['role']}")
    state = text(f"accounts.state_{one['state']}")
    return f"{one['login']:16}  {one['name']}  {role}  {where}  {state}"

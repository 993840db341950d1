"""Laptops: a code for a new one, what there is, stopping one, and what one saved before that."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from enumerator_app.domain.errors import FileUnreadable, FileUnwritable, UsageWrong
from enumerator_app.domain.instants import shown_date
from enumerator_app.texts import text
from sync.protocol.help import read_request
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.device_keys import ask_new_key, confirm_key, keys_of
from sync.server.device_standing import device_standings
from sync.server.devices import add_device, revoke_device
from sync.server.helping import help_device
from sync.server.home import write_privately
from sync.server.letting_in import KeptDay, LetIn, kept_days, let_in
from sync.server.office import Office
from sync.server.operators import operators_of, remove_operator


def add(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        made = add_device(office, options.label, replaces=options.replaces)
    fields = {
        "code": made.code, "device_code": made.device_code, "expires_at": made.expires_at,
        "replaces": made.replaces,
    }  # fmt: skip
    lines = [made.code, text("server.said_code", label=options.label)]
    if made.replaces:
        lines.append(text("server.said_replaces", old=made.replaces, new=made.device_code))
    return Answer(fields, tuple(lines))


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        devices = device_standings(office)
    lines = [line for device in devices for line in _lines(device)]
    return Answer({"devices": devices}, tuple(lines))


def _lines(device: dict[str, Any]) -> Iterator[str]:
    """Yield a laptop in words: first its row, then what somebody has to look at."""
    yield f"{device['code']}  {device['state']:8}  {device['entries']:6}  {device['label']}"
    if device["replaced_by"]:
        yield text("server.device_replaced", by=device["replaced_by"])
    if device["replaces"]:
        yield text("server.device_replaces", old=device["replaces"])
    if device["missing_count"]:
        named = ", ".join(f"{serial:05d}" for serial in device["missing"][:8])
        yield text("server.device_missing", n=device["missing_count"], named=named)
    if device["copies"]:
        yield text("server.device_copied", n=device["copies"])
    if device["keys_waiting"]:
        yield text("server.device_keys_wait", n=device["keys_waiting"], device=device["code"])
    if device["quarantined"]:
        yield text("server.device_kept", n=device["quarantined"], device=device["code"])


def revoke(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        device = revoke_device(office, options.device)
    said = text("server.said_revoked", device=device["code"])
    return Answer({"revoked": device["id"], "code": device["code"]}, (said,))


def take_in(options: argparse.Namespace) -> Answer:
    """Say what is kept of a stopped laptop, or let in what it saved before a day."""
    before = _day(options.before) if options.before else None
    with opened(options) as office:
        done = _let_in(office, options.device, before, dry_run=options.dry_run)
        days = kept_days(office, options.device)
    fields = {
        "device": done.code, "before": options.before, "let_in": done.entries,
        "people": done.people, "outcomes": dict(done.outcomes), "left": done.left,
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in days],
        "dry_run": options.dry_run,
    }  # fmt: skip
    return Answer(fields, tuple(_said_of(done, days, before, dry_run=options.dry_run)))


def _let_in(office: Office, device: str, before: date | None, *, dry_run: bool) -> LetIn:
    if before is None:  # nothing was saved before the first of all days: it is only counted
        return let_in(office, device, date.min, dry_run=True)
    return let_in(office, device, before, dry_run=dry_run)


def _said_of(
    done: LetIn, days: list[KeptDay], before: date | None, *, dry_run: bool
) -> Iterator[str]:
    if before is not None:
        said = "server.said_would_let_in" if dry_run else "server.said_let_in"
        yield text(said, device=done.code, people=done.people, n=done.entries)
    if not days:
        yield text("server.said_none_kept", device=done.code)
        return
    yield text("server.said_kept", device=done.code, n=done.left)
    for one in days:
        day = shown_date(one.day)
        yield text("server.said_kept_day", day=day, people=one.people, n=one.entries)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise UsageWrong(detail="--before 2026-11-28") from error


def operators(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = operators_of(office, options.device)
    rows = [
        {"id": one.id, "name": one.name, "entries": one.entries, "removed_at": one.removed_at}
        for one in found
    ]
    lines = [
        f"{one.id}  {one.entries:6}  {one.name or text('server.operator_without_name')}"
        + (f"  {text('server.operator_removed_on', at=one.removed_at)}" if one.is_removed else "")
        for one in found
    ]
    return Answer({"operators": rows}, tuple(lines))


def remove(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        removed = remove_operator(office, options.device, options.operator)
    name = removed.name or removed.id
    said = text("server.said_operator_removed", name=name, device=options.device)
    return Answer({"operator": removed.id, "name": removed.name}, (said,))


def keys(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = keys_of(office, options.device)
    rows = [{**asdict(one), "standing": one.standing} for one in found]
    lines = [
        f"{one.kid}  {one.added_at}  {text(f'server.device_key_{one.standing}', n=one.vouches_to)}"
        for one in found
    ]
    return Answer({"keys": rows}, tuple(lines))


def confirm(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        key = confirm_key(office, options.device, options.key)
    said = text("server.said_key_confirmed", key=key.kid, device=options.device)
    return Answer({"key": key.kid}, (said,))


def new_key(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        code = ask_new_key(office, options.device)
    return Answer({"device": code}, (text("server.said_key_asked", device=code),))


def unlock(options: argparse.Namespace) -> Answer:
    """Answer a laptop whose passphrases are forgotten, with the administrator's passphrase."""
    try:
        request = read_request(options.file.read_bytes())
    except OSError as error:
        raise FileUnreadable(name=options.file.name) from error
    with opened(options) as office:
        code, answer = help_device(office, request, passphrase_of(options))
    try:
        write_privately(options.output, answer.model_dump_json().encode())
    except OSError as error:
        raise FileUnwritable(name=options.output.name) from error
    said = text("server.said_unlocked", device=code, file=options.output.name)
    return Answer({"device": code, "path": str(options.output)}, (said,))

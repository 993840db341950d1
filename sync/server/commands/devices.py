"""Laptops: a code for a new one, what there is, and stopping one."""

import argparse
from collections.abc import Iterator
from typing import Any

from enumerator_app.domain.errors import FileUnreadable, FileUnwritable
from enumerator_app.texts import text
from sync.protocol.help import read_request
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.device_standing import device_standings
from sync.server.devices import add_device, revoke_device
from sync.server.helping import help_device
from sync.server.home import write_privately


def add(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        made = add_device(office, options.label)
    fields = {"code": made.code, "device_code": made.device_code, "expires_at": made.expires_at}
    return Answer(fields, (made.code, text("server.said_code", label=options.label)))


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        devices = device_standings(office)
    lines = [line for device in devices for line in _lines(device)]
    return Answer({"devices": devices}, tuple(lines))


def _lines(device: dict[str, Any]) -> Iterator[str]:
    """Yield a laptop in words: first its row, then what somebody has to look at."""
    yield f"{device['code']}  {device['state']:8}  {device['entries']:6}  {device['label']}"
    if device["missing_count"]:
        named = ", ".join(f"{serial:05d}" for serial in device["missing"][:8])
        yield text("server.device_missing", n=device["missing_count"], named=named)
    if device["copies"]:
        yield text("server.device_copied", n=device["copies"])


def revoke(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        device = revoke_device(office, options.device)
    said = text("server.said_revoked", device=device["code"])
    return Answer({"revoked": device["id"], "code": device["code"]}, (said,))


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

"""Laptops: a code for a new one, what there is, and stopping one."""

import argparse

from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.devices import add_device, list_devices, revoke_device


def add(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        made = add_device(office, options.label)
    fields = {"code": made.code, "device_code": made.device_code, "expires_at": made.expires_at}
    return Answer(fields, (made.code, text("server.said_code", label=options.label)))


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        devices = list_devices(office)
    lines = [f"{d['code']}  {d['state']:8}  {d['entries']:6}  {d['label']}" for d in devices]
    return Answer({"devices": devices}, tuple(lines))


def revoke(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        device = revoke_device(office, options.device)
    said = text("server.said_revoked", device=device["code"])
    return Answer({"revoked": device["id"], "code": device["code"]}, (said,))

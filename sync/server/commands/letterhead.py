"""What the office prints on its papers: showing and setting it."""

import argparse
import json
from typing import Any

from enumerator_app.domain.letterhead import Letterhead
from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.letterhead import letterhead_file, read_letterhead, set_letterhead


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        settings, logo = read_letterhead(office)
    fields = _fields(settings, logo)
    lines = [f"{name}: {value}" for name, value in _flat(fields)]
    return Answer(fields, tuple(lines))


def put(options: argparse.Namespace) -> Answer:
    settings, logo = letterhead_file(options.file)
    with opened(options) as office:
        version = set_letterhead(office, settings, logo)
    fields = {"version": version, **_fields(settings, logo)}
    return Answer(fields, (text("server.said_letterhead", version=version),))


def _fields(settings: Letterhead, logo: bytes | None) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(settings.model_dump_json())
    return {**said, "logo_bytes": len(logo) if logo else 0}


def _flat(fields: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in fields.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{name}.")
        else:
            found.append((f"{before}{name}", "" if value is None else value))
    return found

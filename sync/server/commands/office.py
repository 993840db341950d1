"""The office itself: making it, serving it, and how it stands."""

import argparse
import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import shown_date
from enumerator_app.texts import text
from sync.server.commands.accounts import invitation_lines
from sync.server.commands.opening import home_of, opened
from sync.server.commands.running import SAID_ALREADY, Answer, passphrase_of, say
from sync.server.covering.alone import take_in
from sync.server.daily import daily_work
from sync.server.errors import OfficeExists
from sync.server.home import Home
from sync.server.keys import make_keys, require_strong
from sync.server.listening import listen
from sync.server.matching.watching import watching
from sync.server.occupancy import occupied
from sync.server.office import create_tables
from sync.server.people.accounts import first_administrator
from sync.server.people.audit import COMMAND_LINE
from sync.server.people.sample_links import mark_sample
from sync.server.reading_again import read_again
from sync.server.resolving.watching import carrying_out
from sync.server.sealing import KdfCost
from sync.server.standing import standing
from sync.server.tls import LOOPBACK, certificate_for, forget_address, make_authority, note_address
from sync.server.trust import refresh_trust
from sync.server.workers import require_workers, run_workers


def init(options: argparse.Namespace) -> Answer:
    """Make an office: keys under the passphrase, database, certificate authority, trust list."""
    home = home_of(options)
    if home.public_file.exists():
        raise OfficeExists(home=home.path.name)
    regency = options.regency.replace(".", "")
    if not re.fullmatch(r"[0-9]{4}", regency):
        raise UsageWrong(detail="--regency 32.16")
    passphrase = passphrase_of(options)
    require_strong(passphrase)
    now = datetime.now(UTC)
    public = make_keys(
        home, regency=regency, admin=options.admin, passphrase=passphrase, now=now, cost=KdfCost()
    )
    make_authority(home, public.office, now)
    if options.sample:
        mark_sample(home)
    create_tables(home, public, options.database)
    with opened(options) as office:
        refresh_trust(office)
        first = first_administrator(office, options.admin, by=COMMAND_LINE)
    fields = {
        "office": public.office, "regency": regency, "root_key": public.root_key,
        "account": first.login, "code": first.code, "expires_at": first.expires_at,
    }  # fmt: skip
    said = text("server.said_init", regency=options.regency)
    return Answer(fields, (said, *invitation_lines(first)))


def serve_office(options: argparse.Namespace) -> Answer:
    """Serve until a signal. On loopback plain HTTP; any other address speaks TLS."""
    require_workers(options.workers)
    home = home_of(options)
    with ExitStack() as stack:
        with opened(options) as office:
            stack.enter_context(occupied(home, alone=False))
            take_in(office)
            listener = stack.enter_context(listen(options.host, options.port))
            port = listener.getsockname()[1]
            certificate = _certificate(home, options.host, port)
            read_again(office)
            refresh_trust(office)
            office.keep_head_outside()
        url = _url(options.host, port, is_tls=certificate is not None)
        say(Answer({"url": url}, (url,)), as_json=options.json)
        if options.workers == 1:
            _answer(options, listener, certificate)
        else:
            stack.enter_context(_shared_counts(home))
            run_workers(options.workers, lambda: _answer(options, listener, certificate))
    return Answer({}, (), SAID_ALREADY)


def _answer(
    options: argparse.Namespace, listener: socket.socket, certificate: tuple[str, str] | None
) -> None:
    """Answer in this process; it opens the office for itself, connections are not inherited."""
    # Only now: instruments look at their surroundings when they are imported.
    from sync.server.application import create_application, serve  # noqa: PLC0415

    with (
        opened(options) as office,
        daily_work(office),
        watching(office),
        carrying_out(office),
    ):
        serve(create_application(office), listener, certificate=certificate)


@contextmanager
def _shared_counts(home: Home) -> Iterator[None]:
    folder = home.path / "temporary" / f"counts-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700, parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _certificate(home: Home, host: str, port: int) -> tuple[str, str] | None:
    if host in LOOPBACK:
        forget_address(home)
        return None
    note_address(home, host, port)
    return certificate_for(home, host)


def _url(host: str, port: int, *, is_tls: bool) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if is_tls else 'http'}://{shown}:{port}"


def status(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found = standing(office)
    lines = [f"{name}: {value}" for name, value in found.items() if name != "issuing_key"]
    return Answer(found, (*lines, _key_line(found["issuing_key"])))


def _key_line(key: dict[str, Any]) -> str:
    last = shown_date(date.fromisoformat(key["last_day"]))
    if key["days_left"] < 0:
        return text("server.key_over", last=last)
    said = "server.key_rotate" if key["rotate"] else "server.key_good"
    return text(said, last=last, days=key["days_left"])

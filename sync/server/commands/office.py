"""The office itself: making it, serving it, and how it stands."""

import argparse
import re
from datetime import UTC, date, datetime
from typing import Any

from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import shown_date
from enumerator_app.texts import text
from sync.server.application import create_application, listen, serve
from sync.server.commands.opening import opened
from sync.server.commands.running import SAID_ALREADY, Answer, passphrase_of, say
from sync.server.daily import daily_work
from sync.server.errors import OfficeExists
from sync.server.home import Home
from sync.server.keys import make_keys, require_strong
from sync.server.matching.watching import watching
from sync.server.occupancy import occupied
from sync.server.office import create_tables
from sync.server.sealing import KdfCost
from sync.server.standing import standing
from sync.server.tls import LOOPBACK, certificate_for, forget_address, make_authority, note_address
from sync.server.trust import refresh_trust


def init(options: argparse.Namespace) -> Answer:
    """Make an office: keys under the passphrase, database, certificate authority, trust list."""
    home = Home(options.home)
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
    create_tables(home, public, options.database)
    with opened(options) as office:
        refresh_trust(office)
    fields = {"office": public.office, "regency": regency, "root_key": public.root_key}
    return Answer(fields, (text("server.said_init", regency=options.regency),))


def serve_office(options: argparse.Namespace) -> Answer:
    """Serve until a signal. On loopback plain HTTP; any other address speaks TLS."""
    with (
        opened(options) as office,
        occupied(office.home, alone=False),
        listen(options.host, options.port) as listener,
    ):
        application = create_application(office)
        certificate = _certificate(office.home, options.host, listener.getsockname()[1])
        refresh_trust(office)
        office.keep_head_outside()
        url = _url(options.host, listener.getsockname()[1], is_tls=certificate is not None)
        say(Answer({"url": url}, (url,)), as_json=options.json)
        with daily_work(office), watching(office):
            serve(application, listener, certificate=certificate)
    return Answer({}, (), SAID_ALREADY)


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

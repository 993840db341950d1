"""The office's issuing keys, a card given again, and the page that checks cards in villages."""

import argparse
from datetime import UTC, date, datetime

from enumerator_app.cards.checking_page import write_page
from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.texts import text
from sync.server.active_cards import reissue_card
from sync.server.commands.opening import home_of, opened
from sync.server.commands.running import Answer, passphrase_of
from sync.server.keys import read_public
from sync.server.occupancy import occupied
from sync.server.rotating import lives, rotate
from sync.server.trust import refresh_trust


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        found, signing = lives(office.issuer), office.issuer.kid
    keys = [
        {
            "kid": life.kid,
            "first_day": life.first.isoformat(),
            "last_day": life.last.isoformat(),
            "signs": life.kid == signing,
        }
        for life in found
    ]
    said = {True: text("server.key_signs"), False: text("server.key_ended")}
    lines = [
        f"{k['kid']}  {k['first_day']}  {k['last_day']}  {said[bool(k['signs'])]}" for k in keys
    ]
    return Answer({"keys": keys}, tuple(lines))


def rotate_keys(options: argparse.Namespace) -> Answer:
    """Make a new issuing key; nothing may serve meanwhile, it would go on with the old one."""
    home = home_of(options)
    read_public(home)
    old_until = _day(options.old_until)
    passphrase = passphrase_of(options)
    with occupied(home, alone=True):
        made = rotate(home, passphrase, datetime.now(UTC), old_until)
        with opened(options) as office:
            refresh_trust(office)
    old, new = lives(made)[-2:]
    fields = {
        "kid": new.kid,
        "last_day": new.last.isoformat(),
        "old_kid": old.kid,
        "old_last_day": old.last.isoformat(),
    }
    said = text("server.said_rotated", old=shown_date(old.last), new=shown_date(new.last))
    return Answer(fields, (said,))


def reissue(options: argparse.Namespace) -> Answer:
    """Seal a covered person's card anew; the one before is told to be replaced."""
    if not options.reason.strip():
        raise UsageWrong(detail="--reason")
    with opened(options) as office:
        officer = office.public.admin
        issue = reissue_card(office, options.number, reason=options.reason, officer=officer)
        refresh_trust(office)
    said = text("server.said_reissued", number=options.number, issue=issue)
    return Answer({"number": options.number, "issue": issue}, (said,))


def verifier(options: argparse.Namespace) -> Answer:
    """Write the checking page with the list as it is now."""
    with opened(options) as office:
        document = from_canonical(refresh_trust(office))
        trust = write_page(OfficeTrust(office.public.root_key, document), options.output)
    fields = {
        "file": str(options.output),
        "list_date": trust.issued_on.isoformat(),
        "list_version": trust.version,
    }
    said = text(
        "commands.verifier_done", file=options.output.name, date=shown_date(trust.issued_on)
    )
    return Answer(fields, (said,))


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        today = day_in_wib(datetime.now(UTC))
        raise UsageWrong(detail=f"--old-until {today}") from error

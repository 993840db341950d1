"""The keys of a laptop on its page: which it has, and what is asked for with them."""

from collections.abc import Callable
from typing import Any

from fastapi import Response

from enumerator_app.domain.instants import WIB, instant_from_text, shown_date
from sync.protocol.signing import shown_key_id
from sync.server.device_keys import keys_of, print_of_keys
from sync.server.figures.laptops import is_laptop
from sync.server.office import Office
from sync.server.people.agreed_keys import NEW, ask_for_new, ask_to_confirm, waiting_on
from sync.server.people.pairs import Waiting
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.forms import Form
from sync.server.web.frame import moment
from sync.server.web.letting_in import Show
from sync.server.web.site import Site
from sync.server.web.words import Words


def add_device_keys(site: Site, show: Show) -> None:
    """Hang both requests onto the site; each takes the code of who asks, and a second person."""

    def request(visitor: Visitor, form: Form, ask: Callable[[str], object]) -> Response:
        code = form.path["code"].upper()
        if not is_laptop(site.office, code, visitor.districts):
            return site.missing(visitor)

        def asked() -> Response:
            ask(code)
            return site.go(f"/devices/{code}#keys")

        def again(said: str) -> Response:
            return show(visitor, code, said)

        return site.with_code(visitor, form.values.get("code", ""), asked, again)

    @site.post("/devices/{code}/keys/{id}/confirm", right=Right.keys)
    def confirm(visitor: Visitor, form: Form) -> Response:
        kid, seen = form.path["id"], form.values.get("seen", "")
        return request(
            visitor, form, lambda code: ask_to_confirm(site.office, visitor, code, kid, seen)
        )

    @site.post("/devices/{code}/new-key", right=Right.keys)
    def new_key(visitor: Visitor, form: Form) -> Response:
        return request(visitor, form, lambda code: ask_for_new(site.office, visitor, code))


def keys_on(office: Office, visitor: Visitor, code: str, words: Words) -> dict[str, Any]:
    """Return what a laptop's page shows of its keys, oldest first, and what waits for agreement."""
    keys, waits = keys_of(office, code), waiting_on(office, visitor, code)
    rows = [
        {
            "kid": one.kid,
            "shown": shown_key_id(one.kid),
            "since": shown_date(instant_from_text(one.added_at).astimezone(WIB).date()),
            "standing": words(f"key_{one.standing}", n=f"{one.vouches_to or 0:05d}"),
            "can_be_confirmed": one.can_be_confirmed,
            "waits": _waits(waits.get(one.kid), words),
        }
        for one in keys
    ]
    return {
        "keys": rows,
        "keys_seen": print_of_keys(keys),
        "new_key_waits": _waits(waits.get(NEW), words),
    }


def _waits(one: Waiting | None, words: Words) -> str:
    return said_waiting(one, words) if one else ""


def said_waiting(one: Waiting, words: Words) -> str:
    """Return who asked a second person, when, and until when it waits."""
    at, over = (moment(instant_from_text(at), words.language) for at in (one.asked_at, one.over_at))
    return words("key_waits_for_second", by=one.asked_by_name, at=at, over=over)

"""The keys of a laptop on its page: which it has, confirming one, asking for a new one."""

from collections.abc import Callable
from typing import Any

from fastapi import Response

from enumerator_app.domain.instants import WIB, instant_from_text, shown_date
from sync.protocol.signing import shown_key_id
from sync.server.device_keys import ask_new_key, confirm_key, keys_of, print_of_keys
from sync.server.figures.laptops import is_laptop
from sync.server.office import Office
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.forms import Form
from sync.server.web.letting_in import Show
from sync.server.web.site import Site
from sync.server.web.words import Words


def add_device_keys(site: Site, show: Show) -> None:
    """Hang both deeds onto the site; each takes the code of the person, as stopping a laptop."""

    def deed(visitor: Visitor, form: Form, work: Callable[[str], object]) -> Response:
        code = form.path["code"].upper()
        if not is_laptop(site.office, code, visitor.districts):
            return site.missing(visitor)

        def done() -> Response:
            work(code)
            return site.go(f"/devices/{code}")

        def again(said: str) -> Response:
            return show(visitor, code, said)

        return site.with_code(visitor, form.values.get("code", ""), done, again)

    @site.post("/devices/{code}/keys/{id}/confirm", right=Right.field)
    def confirm(visitor: Visitor, form: Form) -> Response:
        kid, by, seen = form.path["id"], visitor.account, form.values.get("seen", "")
        return deed(
            visitor, form, lambda code: confirm_key(site.office, code, kid, by=by, seen=seen)
        )

    @site.post("/devices/{code}/new-key", right=Right.field)
    def new_key(visitor: Visitor, form: Form) -> Response:
        return deed(visitor, form, lambda code: ask_new_key(site.office, code, by=visitor.account))


def keys_on(office: Office, device: str, words: Words) -> list[dict[str, Any]]:
    """Return what a laptop's page shows of its keys, oldest first."""
    keys = keys_of(office, device)
    seen = print_of_keys(keys)
    return [
        {
            "kid": one.kid,
            "shown": shown_key_id(one.kid),
            "since": shown_date(instant_from_text(one.added_at).astimezone(WIB).date()),
            "standing": words(f"key_{one.standing}", n=f"{one.vouches_to or 0:05d}"),
            "can_be_confirmed": one.can_be_confirmed,
            "seen": seen,
        }
        for one in keys
    ]

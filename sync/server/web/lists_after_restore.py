"""After a restore, on the page of lists: what is missing, reading back, naming the last one."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

from fastapi import Response
from sqlalchemy import exists, func, select

from enumerator_app.domain.errors import KnownError
from enumerator_app.domain.instants import instant_from_text, shown_moment
from enumerator_app.texts import text
from sync.server.awaiting import Unheard, awaited, unheard
from sync.server.batches.keeping import list_batches
from sync.server.batches.recovering import (
    NONE_LEFT,
    bring_back,
    is_settled,
    recover,
    settle,
)
from sync.server.cover_tables import SENT_ROWS
from sync.server.office import Office
from sync.server.papers.wishes import scratch
from sync.server.people.agreed_away import ask_to_excuse, waiting_for
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.tables import OFFICE_ROWS, SUBJECT_ROWS
from sync.server.web.device_keys import said_waiting
from sync.server.web.forms import Form
from sync.server.web.handing_over import Show
from sync.server.web.numbers import whole
from sync.server.web.site import Site
from sync.server.web.words import Words, problem_words

_MOST_BYTES: Final = 64 * 1024 * 1024


def add_recovery(site: Site, show: Show) -> None:
    """Hang the steps; who has some kecamatan only may not take them."""
    office = site.office
    _add_excusing(site, show)

    @site.post("/batches/recover", right=Right.hand_over, whole=True, most=_MOST_BYTES)
    def read_back(visitor: Visitor, form: Form) -> Response:
        sent = form.files.get("file")
        suffix = PurePath(sent.name).suffix.lower() if sent else ""
        if sent is None or not sent.content or suffix not in (".xlsx", ".csv"):
            return show(visitor, "", text("web.recovery_no_file", visitor.language))
        with scratch(office.home) as folder:
            path = folder / f"kiriman{suffix}"
            path.write_bytes(sent.content)
            try:
                done = recover(
                    office, path, name=form.values.get("name", "").strip(),
                    officer=visitor.name, account=visitor.account,
                )  # fmt: skip
            except KnownError as error:
                return show(
                    visitor, "", problem_words(error.code, error.parameters, visitor.language)
                )
        return site.go(f"/batches/{done.id}")

    @site.post("/batches/settle", right=Right.hand_over, whole=True)
    def name_last(visitor: Visitor, form: Form) -> Response:
        last, language = form.values.get("last", ""), visitor.language
        bring_back(office)
        if last not in {NONE_LEFT, *(one.id for one in list_batches(office))}:
            return show(visitor, "", text("web.recovery_choose", language))

        def deed() -> Response:
            settle(office, last, account=visitor.account)
            return site.go("/batches")

        def again(said: str) -> Response:
            return show(visitor, "", said)

        return site.with_code(visitor, form.values.get("code", ""), deed, again)


def _add_excusing(site: Site, show: Show) -> None:
    """Hang the request that the office waits no more for laptops that are away."""

    @site.post("/batches/away", right=Right.hand_over, whole=True)
    def excuse(visitor: Visitor, form: Form) -> Response:
        named = form.lists.get("laptop", ())
        if not named:
            return show(visitor, "", text("web.recovery_away_choose", visitor.language))

        def deed() -> Response:
            ask_to_excuse(site.office, visitor, named)
            return site.go("/batches")

        def again(said: str) -> Response:
            return show(visitor, "", said)

        return site.with_code(visitor, form.values.get("code", ""), deed, again)


def recovery(office: Office, visitor: Visitor) -> dict[str, Any] | None:
    """Return what an office that was put back still misses, and None where it misses nothing."""
    language = visitor.language
    with office.database.reading() as connection:
        restored = connection.execute(select(OFFICE_ROWS.c.restored_at)).scalar_one()
        laptops = awaited(connection)
    settled = is_settled(office)
    if restored is None or (settled and not laptops):
        return None
    at = instant_from_text(restored)
    day = shown_moment(at)
    return {
        "title": text("web.recovery_title", language, at=day),
        "names": [one.label for one in laptops],
        "laptops": _laptops(office, visitor, laptops),
        "is_settled": settled,
        "lists": [
            (one.id, text("web.recovery_list", language, id=one.id, n=whole(one.rows, language)))
            for one in list_batches(office)
        ]
        + [(NONE_LEFT, text("web.recovery_none", language))],
    }


def excused_names(office: Office) -> str:
    """Return the laptops that count as heard because two persons said so, and were not heard."""
    with office.database.reading() as connection:
        return ", ".join(_shown(one) for one in unheard(connection) if one.is_excused)


def _laptops(office: Office, visitor: Visitor, found: Sequence[Unheard]) -> list[dict[str, str]]:
    asked, words = waiting_for(office, visitor), Words(visitor.language)
    return [
        {
            "code": one.code,
            "shown": _shown(one),
            "waits": said_waiting(asked[one.code], words) if one.code in asked else "",
        }
        for one in found
    ]


def _shown(one: Unheard) -> str:
    return f"{one.code} ({one.label})" if one.label else one.code


def still_unknown(office: Office, batch: str) -> int:
    """Return how many people of a list that was read back this office does not know (yet)."""
    row, table = SENT_ROWS.c, SUBJECT_ROWS.c
    query = select(func.count()).where(
        row.batch == batch,
        row.subject.is_(None),
        ~exists().where(table.number == row.number),
    )
    with office.database.reading() as connection:
        return int(connection.execute(query).scalar_one())

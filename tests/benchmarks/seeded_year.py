"""What an office did in a year with the people of a seeded world, written into its tables in bulk.

A list for each month with its reply, months paid from each person's list on, stops of payment, a
chain of signed deeds, what waits for a second person, a drive that was brought and work that runs.
Rows that follow from people are made by the database itself: nothing of them passes through here.
"""

import json
from datetime import date, timedelta

from sqlalchemy import case, func, insert, literal, select, update

from enumerator_app.domain.instants import day_in_wib, instant_to_text
from sync.protocol.signing import signed_document
from sync.server import drives
from sync.server.batches.months import last_day, month_text, months_after
from sync.server.cover_tables import (
    BATCH_ROWS,
    CHECK_ROWS,
    CHECKED_ROWS,
    ENDING_ROWS,
    LISTED_REPLY_ROWS,
    PAID_MONTH_ROWS,
    PAYMENT_ROWS,
    PAYMENT_STOP_ROWS,
    REPLY_FILE_ROWS,
    SENT_ROWS,
    STOPPED_COVER_ROWS,
)
from sync.server.covering.updating import Update
from sync.server.home import write_privately
from sync.server.long_work.tables import LONG_WORK_ROWS
from sync.server.people.audit import DEED, deed_hash
from sync.server.people.tables import DEED_HEAD_ROWS, DEED_ROWS, PAIR_ROWS
from sync.server.tables import EXPORT_ROWS, SUBJECT_ROWS
from tests.benchmarks.seeded_office import write

MONTHS = 12
MONTHLY = 16_800
OFFICER = "Ratna"
DEEDS = 100_000
OPEN_ROWS, CLOSED_ROWS = 40, 400
OPEN_PAIRS, CLOSED_PAIRS = 20, 2_000
STOP = "berhenti-0"  # of the whole regency, and not taken back
RUNNING = "00000000-0000-4000-8000-000000000001"
DRIVE = f"{1:032x}"
NOT_KNOWN = "command line"
_KINDS = ("signed_in", "people_table", "record_verified", "nik_revealed", "searched_at_desk")


def fill_year(office, world) -> None:
    """Write the year into an office whose people are there; each of them is on one list."""
    this = day_in_wib(world.now).replace(day=1)
    months = [months_after(this, n - MONTHS + 1) for n in range(MONTHS)]
    lists(office, world, months)
    payments(office, world, months)
    stops(office, world, months)
    checks(office, world, months_after(this, 1))
    write(office, LISTED_REPLY_ROWS, listed_replies())
    write(office, DEED_ROWS, deeds(office, world))
    write(office, LONG_WORK_ROWS, [running(world)])


def list_name(month: date) -> str:
    return f"DAFTAR-{month_text(month)}"


def reply_name(n: int) -> str:
    return f"{n:064x}"


def lists(office, world, months) -> None:
    """A list a month of whom the insurer took or refused, and one that waits for its answer."""
    next_ = months_after(months[-1], 1)
    names = dict(enumerate(map(list_name, months)))
    answered = _numbered(SUBJECT_ROWS.c.state.in_(("enrolled", "refused")))
    sent = _numbered(SUBJECT_ROWS.c.state == "submitted")
    is_refused = answered.c.state == "refused"
    codes = dict(enumerate(("nik", "name", "already_employee")))
    _copy(office, SENT_ROWS, {
        "batch": case(names, value=answered.c.place % MONTHS), "n": answered.c.place + 1,
        "subject": answered.c.id, "number": answered.c.number, "nik": answered.c.nik,
        "monthly": literal(MONTHLY), "state": case((is_refused, "refused"), else_="accepted"),
        "code": case((is_refused, case(codes, value=answered.c.place % 3))),
        "raw": case((is_refused, "NIK TIDAK COCOK")), "kpj": answered.c.kpj,
        "answered_at": literal(instant_to_text(world.now)),
    })  # fmt: skip
    _copy(office, SENT_ROWS, {
        "batch": literal(list_name(next_)), "n": sent.c.place + 1, "subject": sent.c.id,
        "number": sent.c.number, "nik": sent.c.nik, "monthly": literal(MONTHLY),
        "state": literal("sent"),
    })  # fmt: skip
    counts = _counts(office, SENT_ROWS.c.batch, SENT_ROWS.c.state)
    for n, month in enumerate([*months, next_]):
        name, at = list_name(month), _at(world, month)
        of = {state: counts.get((name, state), 0) for state in ("sent", "accepted", "refused")}
        rows = sum(of.values())
        write(office, EXPORT_ROWS, [
            {"id": name, "at": at, "officer": OFFICER, "rows": rows, "sha256": f"{n:064x}"}
        ])  # fmt: skip
        write(office, BATCH_ROWS, [{
            "id": name, "month": month_text(month), "branch": "", "monthly": rows * MONTHLY,
            "nik_sum": "3216" * 5, "source": "export",
        }])  # fmt: skip
        if month != next_:
            write(office, REPLY_FILE_ROWS, [{
                "id": reply_name(n), "at": at, "officer": OFFICER, "batch": "", "rows": rows,
                "accepted": of["accepted"], "refused": of["refused"], "unchanged": 0, "listed": 40,
            }])  # fmt: skip
    with office.database.writing() as connection:
        waiting = update(SUBJECT_ROWS).where(SUBJECT_ROWS.c.state == "submitted")
        connection.execute(waiting.values(export_id=list_name(next_)))


def payments(office, world, months) -> None:
    """Each month was paid for everybody of the lists until then."""
    for n, month in enumerate(months):
        name, some = f"{month_text(month)}-abc{n:03d}", [list_name(one) for one in months[: n + 1]]
        is_due = (SENT_ROWS.c.state == "accepted") & SENT_ROWS.c.batch.in_(some)
        _copy(office, PAID_MONTH_ROWS, {
            "subject": SENT_ROWS.c.subject, "month": literal(month_text(month)),
            "amount": literal(MONTHLY), "payment": literal(name),
        }, is_due)  # fmt: skip
        with office.database.reading() as connection:
            query = select(func.count()).select_from(SENT_ROWS).where(is_due)
            people = connection.execute(query).scalar_one()
        write(office, PAYMENT_ROWS, [{
            "id": name, "month": month_text(month), "at": _at(world, month), "officer": OFFICER,
            "people": people, "amount": people * MONTHLY,
        }])  # fmt: skip
    ended, table = SUBJECT_ROWS.c.state == "ended", SUBJECT_ROWS.c
    _copy(office, ENDING_ROWS, {
        "subject": table.id, "reason": literal("died"), "ended_on": table.cover_from,
        "at": literal(instant_to_text(world.now)), "officer": literal(OFFICER),
    }, ended)  # fmt: skip


def stops(office, world, months) -> None:
    """A stop of the whole regency that stands, one that was taken back, and six of kecamatan."""
    table, last = SUBJECT_ROWS.c, months[-1]
    districts = sorted({code[:6] for code in world.villages})[:6]
    for n, area in enumerate(("", "", *districts)):
        name, undone = f"berhenti-{n}", n == 1
        write(office, PAYMENT_STOP_ROWS, [{
            "id": name, "after": month_text(last), "area": area, "officer": OFFICER,
            "at": instant_to_text(world.now - timedelta(days=20 - n)),
            "undone_at": instant_to_text(world.now) if undone else None,
            "undone_by": OFFICER if undone else None,
        }])  # fmt: skip
        _copy(office, STOPPED_COVER_ROWS, {
            "stop": literal(name), "subject": table.id, "before": table.cover_to,
        }, (table.state == "enrolled") & table.village_code.startswith(area))  # fmt: skip


def checks(office, world, month) -> None:
    """The last look before a list, and the last count of the month to come."""
    table, at = SUBJECT_ROWS.c, instant_to_text(world.now)
    held, noted, update_ = table.state == "waiting_nik", table.state == "verified", ""
    update_ = f"update {month_text(month)}"
    soon, leaves = table.birth_date < "1965-01-01", table.state == "ended"
    enrolled = table.state == "enrolled"
    rules = (
        ("", "no_nik", "hold", held), ("", "no_contact", "note", noted),
        (update_, "soon", "soon", enrolled & soon), (update_, "leaves", "died", leaves),
        (update_, "enters", "enters", enrolled & (table.cover_from == month.isoformat())),
    )  # fmt: skip
    for branch, code, effect, whom in rules:
        _copy(office, CHECKED_ROWS, {
            "branch": literal(branch), "subject": table.id, "code": literal(code),
            "effect": literal(effect),
        }, whom)  # fmt: skip
    counts = _counts(office, CHECKED_ROWS.c.branch, CHECKED_ROWS.c.code)
    n_held, n_noted = counts.get(("", "no_nik"), 0), counts.get(("", "no_contact"), 0)
    look = {
        "branch": "", "month": month_text(month), "rules": "1", "looked_at": n_held + n_noted,
        "ready": n_noted, "held": n_held, "noted": n_noted, "not_approved": 0,
        "monthly": n_noted * MONTHLY, "nik_sum": "3216" * 5, "held_by": {"no_nik": n_held},
        "noted_by": {"no_contact": n_noted},
    }  # fmt: skip
    kinds = {kind: counts.get((update_, kind), 0) for kind in ("enters", "leaves", "soon")}
    sums = Update(month_text(month), month_text(months_after(month, -1)), people=1, total=MONTHLY)
    for branch, summary in (("", look), (update_, sums.as_dict() | kinds)):
        write(office, CHECK_ROWS, [{
            "branch": branch, "month": month_text(month), "at": at, "summary": json.dumps(summary),
        }])  # fmt: skip


def listed_replies():
    """Rows that a person must look at; of the last reply some wait."""
    for n in range(OPEN_ROWS + CLOSED_ROWS):
        is_open = n < OPEN_ROWS
        content = {
            "place": n, "number": "", "nik": f"321601{n:010d}", "name": f"ORANG {n}",
            "birth_date": "1980-01-01", "status": "accepted", "kpj": f"26{n:09d}", "reason": "",
            "cover_from": "", "cover_to": "",
        }  # fmt: skip
        yield {
            "reply": reply_name(MONTHS - 1 if is_open else n % (MONTHS - 1)), "place": n,
            "reason": "perhaps", "content": json.dumps(content), "candidates": "[]",
            "closed_at": None if is_open else "2026-01-01T00:00:00Z",
            "answer": None if is_open else "nobody",
        }  # fmt: skip


def deeds(office, world):
    """Yield the deeds that follow those that are there, signed and each naming the one before."""
    with office.database.writing() as connection:
        head = connection.execute(select(DEED_HEAD_ROWS)).one()
        previous, rows = head.hash, []
        for n in range(head.n + 1, head.n + 1 + DEEDS):
            at = instant_to_text(world.now - timedelta(minutes=5 * (DEEDS + head.n - n) + 5))
            stated = {
                "n": n, "prev": previous, "account": NOT_KNOWN, "deed": _KINDS[n % len(_KINDS)],
                "subject": f"{n % world.people:032x}", "at": at,
            }  # fmt: skip
            previous = deed_hash(stated)
            written = signed_document(office.issuer.key, DEED, stated).decode()
            stated.pop("prev")
            rows.append(stated | {"hash": previous, "bytes": written})
        connection.execute(update(DEED_HEAD_ROWS).values(n=head.n + DEEDS, hash=previous))
    return rows


def pairs(world, asked_by: str):
    """Yield what somebody asked for: some of it waits for a second person, most is long past."""
    for n in range(OPEN_PAIRS + CLOSED_PAIRS):
        is_open = n < OPEN_PAIRS
        asked = world.now - timedelta(hours=n % 24 if is_open else 100 + n)
        kind, payload = _asked(n, asked_by)
        yield {
            "id": f"{n:08d}-0000-4000-8000-000000000000", "kind": kind,
            "payload": json.dumps(payload, sort_keys=True),
            "state": "open" if is_open else ("done", "refused", "over")[n % 3],
            "asked_by": asked_by, "asked_at": instant_to_text(asked),
            "over_at": instant_to_text(asked + timedelta(days=3)),
            "answered_by": None if is_open else asked_by,
            "answered_at": None if is_open else instant_to_text(asked + timedelta(hours=1)),
        }  # fmt: skip


def _asked(n: int, asked_by: str):
    if n % 4 == 0:
        return "let_in", {"device": "A23", "before": "2026-11-01", "people": 10 + n}
    if n % 4 == 1:
        people = {"kept": f"{7 * n:032x}", "laid_aside": f"{7 * n + 1:032x}"}
        return "merge", {**people, "take": [], "case": f"{n:064x}"}
    return "mass_export", {"table": "people", "filter": f"n={n}", "scope": None, "for": asked_by}


def write_pairs(office, world, asked_by: str) -> None:
    write(office, PAIR_ROWS, pairs(world, asked_by))


def bring_drive(office, world, account: str) -> None:
    """Put a drive of every laptop there, as it is once its files were read."""
    files = {f"{n:05d}.bundle": f"Laptop {n + 1}" for n in range(world.devices)}
    laptops = [
        {"device": f"A{n:02d}", "label": f"Laptop {n + 1}", "new": 100, "known": 20, "waiting": 0,
         "damaged": 0, "photos": 90, "erased_in": [], "notes": []}
        for n in range(world.devices)
    ]  # fmt: skip
    about = {
        "id": DRIVE, "account": account, "at": instant_to_text(world.now), "files": files,
        "is_begun": True, "is_taken": True, "found": {"laptops": laptops, "unread": []},
    }  # fmt: skip
    folder = office.home.path / "drives" / DRIVE
    folder.mkdir(mode=0o700, parents=True)
    write_privately(folder / "drive.json", json.dumps(about).encode())
    assert drives.find(office, DRIVE, account)


def running(world):
    at = world.now
    return {
        "id": RUNNING, "kind": "paid", "account": NOT_KNOWN, "state": "running",
        "asked_at": instant_to_text(at),
        # Nobody touches it while the pages are asked: it must not count as cut off meanwhile.
        "beat_at": instant_to_text(at + timedelta(days=1)), "done": world.people // 2,
        "total": world.people,
    }  # fmt: skip


def _numbered(whom):
    table = SUBJECT_ROWS.c
    place = (func.row_number().over(order_by=table.id) - 1).label("place")
    columns = (table.id, table.state, table.number, table.nik, table.kpj, place)
    return select(*columns).where(whom).subquery()


def _copy(office, table, values, whom=None) -> None:
    """Let the database write a row of `values` for each row that they are read from."""
    query = select(*(value.label(name) for name, value in values.items()))
    if whom is not None:
        query = query.where(whom)
    with office.database.writing() as connection:
        connection.execute(insert(table).from_select(list(values), query))


def _counts(office, one, other):
    with office.database.reading() as connection:
        found = connection.execute(select(one, other, func.count()).group_by(one, other))
        return {(first, second): n for first, second, n in found}


def _at(world, month) -> str:
    """Return when a month's list was made: on its last day, or lately."""
    age = day_in_wib(world.now) - last_day(months_after(month, -1))
    return instant_to_text(world.now - max(age, timedelta(hours=1)))

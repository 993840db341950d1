"""Every route of the application, for every role, area and nobody: no unintended success.

The routes are read out of the application itself: one that names no right fails here, and so does
one that lets somebody in who has not got it. Pages that come later are looked at without a change.

What an address or a form names is there, in one kecamatan, and the code of the phone is right. Who
works in another kecamatan is refused, and then the same request is sent by whoever works there: it
does what it asks, so that only the area can have been the reason.
"""

import hashlib
import io
import json
import re
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select, text

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.journal import to_line
from sync.client.carrying import Cut, write_bundle
from sync.protocol.rekey import rekey_statement
from sync.protocol.signing import new_private_key
from sync.server import drives
from sync.server.application import create_application
from sync.server.batches.checking import check_people
from sync.server.case_tables import HELD_DECISION_ROWS
from sync.server.cover_tables import PAYMENT_ROWS, PAYMENT_STOP_ROWS, REPLY_FILE_ROWS
from sync.server.covering.paying import paid_months, record_payment
from sync.server.covering.stopping import count_losing, stop_payment
from sync.server.deciding import approve
from sync.server.device_keys import keys_of, print_of_keys
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer, kept_file
from sync.server.insurer_reply import ReplyRow
from sync.server.long_work.running import begin, standing_of
from sync.server.office import open_office
from sync.server.people import pairs
from sync.server.people.rights import Right, Role, rights_of
from sync.server.people.tables import ATTEMPT_ROWS, DEED_HEAD_ROWS, DEED_ROWS, SESSION_ROWS
from sync.server.plans.keeping import PlannedVisit, plan_visit
from sync.server.resolving.answering import Given
from sync.server.resolving.officer import Officer
from sync.server.resolving.sampling import drawn_review, look
from sync.server.resolving.signing import attach_minutes
from sync.server.resolving.uniting import ask_to_unite
from sync.server.table_kit import OFFICE_METADATA
from sync.server.tables import CASE_ROWS, DEVICE_ROWS, SUBJECT_ROWS
from tests.server.laptops import Laptop, nik
from tests.server.offices import new_office, serving
from tests.server.people import HERE, signed_in
from tests.server.test_workers import until
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE
from tests.storage.laptops import person as somebody

HOME, AWAY = "Tarumajaya", "Setu"
CODE, STOPPED = "3216012001", "3216012002"  # both in Tarumajaya; nobody pays for the second
MONTH = date(2026, 12, 1)
NAME = "PEKERJA TERTANAM"
NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)
VISIT, GROUP = "0192f0c1-0000-7000-8000-00000000000a", "0192f0c1-0000-7000-8000-00000000000b"
COVERED, NOTED = UUID(int=1), UUID(int=2)
SCAN = b"%PDF-1.4 of a visit"

# Open to everybody: what a browser needs before the door, the door, and what laptops sign.
OPEN = {
    "/health", "/metrics", "/static/{name}", "/static/fonts/{name}",
    "/sign-in", "/sign-in/code", "/sign-in/first", "/sign-in/new", "/sign-in/sample", "/sign-out",
}  # fmt: skip
# What belongs to no kecamatan: accounts and deeds are kept for the office as a whole.
OF_THE_OFFICE = {Right.own, Right.accounts, Right.audit}


SEATS = f"kode_desa;kursi;program;mulai;sampai\n{CODE};9;JKK+JKM;2026-12-01;2027-11-30\n"
LISTED = f"Nama;Kampung;Poktan;Desa;Sumber\nNINING;RAWA;TANI;{CODE};dinas\n"
# What changes nothing here, by a rule of its own and not by the area: the answer, and why.
NOT_DONE = {
    ("POST", "/people"): (0, "a search: it shows whom it finds"),
    ("POST", "/batches/{batch}/finish"): (0, "the list's file is there already"),
    ("POST", "/batches/away"): (422, "this office was not restored: it waits for no laptop"),
}
# What names nobody and nothing: each does it in their own kecamatan, or for themselves.
OF_NOBODY = {
    "/people", "/people/views", "/service", "/devices/new", "/exports", "/lists/seats",
    "/lists/people",
}  # fmt: skip


ABOUT_A_STOP = {"/updates/stop/undo", "/updates/stop/left.{kind}"}


@dataclass
class Sample:
    """An office with people of Tarumajaya, and what there is about them by its kind."""

    office: object
    app: object
    ids: dict

    def person(self, role, area):
        """Somebody in front of the pages; the same role and area again is the same account."""
        districts = {"everywhere": (), "home": (HOME,), "away": (AWAY,)}[area]
        login = f"{role}.{area}".replace("_", ".")
        return signed_in(self.office, role, login=login, districts=districts, app=self.app)

    def bring_drives(self, account):
        """Let somebody have brought two drives, of which one is taken in: each has their own."""
        for name in ("taken", "fresh"):
            file = self.office.home.path / "kirim.tpb"
            file.write_bytes(self.ids["drive"])
            brought = drives.keep(self.office, account, [(file.name, file)])
            self.ids[name] = brought.id
            if name == "taken":
                drives.take_in(self.office, brought)

    def wait_for_a_code(self):
        """Let a phone show its next six digits: each counts once."""
        later = self.office.clock() + timedelta(seconds=31)
        self.office.clock = lambda: later


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The home of an office in which something of each kind is there, and what it is called."""
    folder = tmp_path_factory.mktemp("rights")
    office = new_office(folder / "office", None)
    office.clock = lambda: NOW
    ids, laptop = plant(office, folder)
    office.close()
    return folder / "office", ids, laptop


def plant(office, folder):
    """People of a kecamatan: covered, ready, in a visit that waits, in cases, and on a drive."""
    asker, second = (signed_in(office, "coordinator", login=one) for one in ("asks", "agrees"))
    with serving(office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(office, "Balai desa").code)
        laptop.start_epoch()
        open_visit(laptop)
        photo = photo_of(office)
        picture = {"photo": photo, "photos": (photo,), "no_photo_reason": ""}
        laptop.register(COVERED, nik=nik(1), name=NAME, village_code=CODE, **picture)
        laptop.register(nik=nik(5), name=f"{NAME} LIMA", village_code=STOPPED)
        laptop.register(nik=nik(6), name=f"{NAME} ENAM", village_code=CODE)
        laptop.push(laptop.journal)
        approve(office, officer="Uji")
        batch = cover(office, folder)
        laptop.push([laptop.register(nik=nik(7), name=f"{NAME} TUJUH", village_code=CODE)])
        approve(office, officer="Uji")
        cases = wait_for_somebody(laptop, picture)
        drive = drive_of(office, place, folder)
    attach_minutes(office, Officer("", "Uji"), VISIT, SCAN, "2026-11-22")
    check_people(office, "", MONTH)
    record_payment(office, MONTH, officer="Uji")
    stop_payment(office, MONTH, STOPPED, officer="Uji")
    day = PlannedVisit(CODE, date(2026, 12, 24), laptop.code, NAME)
    with office.database.writing() as connection:
        plan_visit(office, connection, day, by="")
    work, _ = begin(office, "count", asker.account, 1, lambda: "/updates")
    until(lambda: standing_of(office, work).state == "done")
    same, united, doubles = (case_of(office, one) for one in cases)
    pairs.answer(office, second.account, unite(office, asker, united), yes=True)
    ids = {
        **named(office, laptop.code, same), "covered": str(COVERED), "noted": str(NOTED),
        "united": united.id, "batch": batch, "device": laptop.code, "photo": photo,
        "operator": str(laptop.operator), "account": asker.account, "drive": drive,
        "work": work,
        "pairs": asked(office, asker, laptop.code, doubles),
    }  # fmt: skip
    return ids, laptop


def open_visit(laptop):
    group = {
        "id": GROUP, "name": "Tani Jaya", "occupation": "", "monthly_income": None,
        "programmes": ["JKK", "JKM"], "foreman": "", "workplace": "",
    }  # fmt: skip
    laptop.write("visit_open", {
        "visit": VISIT, "id": VISIT, "village_code": CODE, "day": "2026-11-22", "tickets": 0,
        "place": "Balai", "groups": [group], "consent": None,
    })  # fmt: skip


def wait_for_somebody(laptop, picture):
    """Send a visit of two, three pairs with one NIK each, and a new key; return one of each."""
    at_visit = {"village_code": CODE, "visit_id": VISIT, "group_id": GROUP}
    more = [
        laptop.register(nik=nik(2), name=f"{NAME} DUA", **at_visit),
        laptop.register(
            NOTED, nik=nik(3), name=f"{NAME} TIGA", mother_name="", **at_visit, **picture
        ),
    ]
    pairs_of_people = [
        [
            laptop.register(nik=nik(n), name=f"{NAME} SAMA", village_code=CODE, rt=rt, **picture)
            for rt in ("001", "009")
        ]
        for n in (4, 8, 9)
    ]
    new = rekey_statement(laptop.office, laptop.device, laptop.key, new_private_key())
    laptop.push([*more, *chain(*pairs_of_people), laptop.write("rekey", new)])
    return [str(one.fields["subject"]) for one, _ in pairs_of_people]


def drive_of(office, place, folder):
    """Return the file that another laptop wrote for the office, with one person."""
    laptop = enrol_laptop(
        folder / "laptop", server_url="http://{}:{}".format(*place),
        code=add_device(office, "Laptop tanpa jaringan").code, operator_name=OPERATOR,
        passphrase=PASSPHRASE, cost=CHEAP,
    )  # fmt: skip
    with closing(laptop.store) as store:
        store.register(somebody(1, village_code=CODE, photo=None))
        write_bundle(store, folder / "kirim.tpb", Cut())
    return (folder / "kirim.tpb").read_bytes()


def case_of(office, subject):
    with office.database.reading() as connection:
        here = select(CASE_ROWS).where(
            CASE_ROWS.c.kind == "same_nik", CASE_ROWS.c.subjects.contains(subject)
        )
        return connection.execute(here).one()


def unite(office, asker, case):
    """Ask for one of two records to be laid aside; return the request."""
    given = Given(case.id, "unite", case.version, about=max(json.loads(case.subjects)))
    return ask_to_unite(office, Officer(asker.account, "Uji"), given)


def asked(office, asker, device, case):
    """Put a deed of each kind before a second person: by the right that it takes."""
    table = {"table": "people", "filter": "", "scope": [CODE[:6]], "for": asker.account}
    return {
        Right.export_tables: pairs.ask(office, asker.account, "mass_export", table),
        Right.decide: unite(office, asker, case),
        Right.keys: pairs.ask(office, asker.account, "keys", {"deed": "new", "device": device}),
    }


def photo_of(office):
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), (160, 120, 90)).save(picture, "JPEG")
    name = hashlib.sha256(picture.getvalue()).hexdigest()
    office.photos.write(name, picture.getvalue())
    return name


def cover(office, folder):
    """Hand over who is there, and take what the insurer says of two; return the list's id.

    The third is not answered yet, and a row of the reply means nobody who is known.
    """
    made = export_to_insurer(office, folder / "list.xlsx", officer="Uji")
    rows = [
        ReplyRow(2, number_of(office, 1), "", "accepted", "26000000001", ""),
        ReplyRow(3, number_of(office, 5), "", "accepted", "26000000002", ""),
        ReplyRow(4, "", nik(99), "accepted", "26000000003", ""),
    ]
    import_from_insurer(office, rows, Cover(MONTH, date(2027, 11, 30)), officer="Uji")
    return made.id


def number_of(office, n):
    with office.database.reading() as connection:
        found = select(SUBJECT_ROWS.c.number).where(SUBJECT_ROWS.c.nik == nik(n))
        return connection.execute(found).scalar_one()


def named(office, device, case):
    sample = drawn_review(office, VISIT).sample
    for one in sample[1:]:  # somebody is half-way through a visit
        content = one.record.content
        look(office, Officer("", "Uji"), VISIT, one.record.id, content=content, fits=True)
    with office.database.reading() as connection:
        reply = connection.execute(select(REPLY_FILE_ROWS.c.id)).scalar_one()
        stop = connection.execute(select(PAYMENT_STOP_ROWS.c.id)).scalar_one()
    keys = keys_of(office, device)
    return {
        "case": case.id, "version": str(case.version), "member": case.one, "reply": reply,
        "looked_at": sample[0].record.id, "content": sample[0].record.content, "stop": stop,
        "key": keys[-1].kid, "keys": print_of_keys(keys), "unanswered": number_of(office, 6),
    }  # fmt: skip


@pytest.fixture
def sample(planted, tmp_path):
    """An office of its own: what is done here is undone by the next."""
    folder, ids, _ = planted
    shutil.copytree(folder, tmp_path / "office")
    office = open_office(Home(tmp_path / "office"), None)
    office.clock = lambda: NOW
    yield Sample(
        office, create_application(office),
        {**ids, "pair": ids["pairs"][Right.export_tables]},
    )  # fmt: skip
    office.close()


def routes(app):
    """Every route with its method, by path."""
    for route in app.router.routes:
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            yield method, route.path


def parts_of(path, ids):
    """What stands in the braces of a path: of each kind one that is there."""
    place = path.split("/")[1].partition(".")[0]
    subject = {"visits": "noted", "decide": "member"}.get(place, "covered")
    if path == "/visits/{visit}/look":
        subject = "looked_at"
    own = {"devices": "key" if "/keys/" in path else "operator", "pairs": "pair",
           "drives": "fresh" if path.endswith("/take-in") else "taken"}  # fmt: skip
    kind = {"letters": "village-notice", "service": "claim"}.get(place, "csv")
    return {
        "visit": VISIT, "subject": ids[subject], "batch": ids["batch"],
        "case": ids["united" if path.endswith("/separate") else "case"],
        "reply": ids["reply"], "work": ids["work"], "kind": kind, "month": "2026-12",
        "yes": "yes", "id": ids.get(own.get(place, "account"), "x"), "name": "x",
        "code": {"batches": "no_mother", "drives": "A02"}.get(place, ids["device"]),
    }  # fmt: skip


def filled(path, ids):
    """The path with what stands in braces filled, and what is asked for behind it."""
    parts = parts_of(path, ids)
    asked = f"?stop={ids['stop']}" if path in ABOUT_A_STOP else ""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda part: parts[part[1]], path) + asked


def revision_of(office, subject):
    with office.database.reading() as connection:
        query = select(SUBJECT_ROWS.c.revision).where(SUBJECT_ROWS.c.id == subject)
        return connection.execute(query).scalar_one()


def form(sample, path, code):
    """What the page of a route would send, with the right code of the phone."""
    office, ids = sample.office, sample.ids
    subject = parts_of(path, ids)["subject"]
    common = {
        "village": CODE, "reason": "uji", "code": code, "field": "", "words": NAME, "name": NAME,
        "subject": subject, "seen": revision_of(office, subject), "month": "2026-12",
    }  # fmt: skip
    return {**common, **own_fields(ids, path, code), **told_by_now(office, path, subject)}


def own_fields(ids, path, code):
    """The fields that mean something of their own on one page."""
    cover = {"cover_from": "01-12-2026", "cover_to": "30-11-2027"}
    fields = {
        "/batches/listed": {"reply": ids["reply"], "row": "4", "answer": "nobody"},
        "/batches/recover": {"name": "BPJS-KEMBALI"},
        "/batches/reply": cover,
        "/batches/settle": {"last": ids["batch"]},
        "/devices/new": {"label": "uji"},
        "/devices/{code}/replace": {"replace_code": code},
        "/devices/{code}/let-in": {"before": "01-12-2026"},
        "/devices/{code}/keys/{id}/confirm": {"seen": ids["keys"]},
        "/lists/visits": {"day": "26-12-2026", "device": ids["device"], "place": "Balai"},
        "/lists/visits/cancel": {"day": "2026-12-24"},
        "/lists/last-day": {"day": "31-12-2026"},
        "/visits/{visit}/look": {"verdict": "fits", "content": ids["content"]},
        "/visits/{visit}/minutes": {"signed_on": "22-11-2026"},
        "/visits/{visit}/{subject}": {"answer": "as_is"},
        "/decide/{case}/answer": {"answer": "separate", "version": ids["version"]},
        "/exports": {"table": "people", "filter": ""},
        "/service/{subject}/card": {"reason": "lost"},
        "/service/{subject}/correct": {"name": NAME, "mother_name": "RUKMINI DUA"},
        "/service/{subject}/end": {"reason": "died", "on": "28-11-2026"},
        "/updates/paid": {"month": "2027-01"},
        "/updates/stop": {"after": "2026-12", "area": CODE},
        "/updates/stop/undo": {"stop": ids["stop"]},
        "/service/{subject}/cover": {"kpj": "26000000009", "letter": "S-1"},
        "/people/views": {"filter": "state=enrolled", "name": "uji"},
    }  # fmt: skip
    return fields.get(path, {})


def told_by_now(office, path, subject):
    """The fields that a page would fill in with what the office has by now."""
    with office.database.reading() as connection:
        if path.endswith("-undo"):
            query = select(HELD_DECISION_ROWS.c.id).where(HELD_DECISION_ROWS.c.state == "waiting")
            return {"id": connection.execute(query).scalars().first() or ""}
        if path == "/updates/undo":
            newest = select(PAYMENT_ROWS.c.id).order_by(PAYMENT_ROWS.c.month.desc())
            return {"payment": connection.execute(newest).scalars().first()}
        if path == "/service/{subject}/end":
            paid = paid_months(connection, subject)
            return {"paid_after": str(sum(month > "2026-11" for month in paid))}
    if path == "/updates/stop":
        return {"seen": str(count_losing(office, MONTH, CODE).people)}
    return {}


def files_of(sample, path):
    """The files that the page of a route would send."""
    office, ids = sample.office, sample.ids
    if path == "/batches/recover":
        return {"file": ("kiriman.xlsx", kept_file(office, ids["batch"]).read_bytes())}
    told = f"nomor;hasil;kpj\n{ids['unanswered']};diterima;26000000006\n"
    return {
        "/batches/reply": {"file": ("balasan.csv", told.encode())},
        "/drives/look": {"files": ("kirim.tpb", ids["drive"])},
        "/visits/{visit}/minutes": {"scan": ("scan.pdf", SCAN)},
        "/lists/seats": {"file": ("kursi.csv", SEATS.encode())},
        "/lists/people": {"file": ("daftar.csv", LISTED.encode())},
    }.get(path)


def ask(sample, browser, method, path):
    address = filled(path, sample.ids)
    if method == "GET":
        return browser.get(address)
    return browser.post(address, form(sample, path, browser.code), files=files_of(sample, path))


def is_of_laptops(path):
    return path.startswith("/v1/")


def test_every_route_names_its_right_or_is_known_to_be_open(sample):
    declared = sample.app.state.site.needs.rights
    unknown = {
        (method, path)
        for method, path in routes(sample.app)
        if (method, path) not in declared and path not in OPEN and not is_of_laptops(path)
    }
    assert unknown == set()
    assert len(declared) > 15
    assert all(isinstance(right, Right) for right in declared.values())


def test_a_route_without_a_right_would_be_found(sample):
    app = create_application(sample.office)

    @app.get("/planted")
    def planted():
        return "planted"

    declared = app.state.site.needs.rights
    assert ("GET", "/planted") in set(routes(app)) - set(declared)


def contents(office, *but):
    """All rows of all tables, as text."""
    found = {}
    with office.database.reading() as connection:
        for table in OFFICE_METADATA.sorted_tables:
            if table.name not in but:
                rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()  # noqa: S608 - the schema's own names
                found[table.name] = sorted(map(repr, rows))
    return found


VOLATILE = (SESSION_ROWS.name, ATTEMPT_ROWS.name)
# That somebody took the tables of their own kecamatan is written down.
NOTED_BY_TABLES = (DEED_ROWS.name, DEED_HEAD_ROWS.name)


def test_nobody_gets_in_without_signing_in(sample):
    before = contents(sample.office, *VOLATILE)
    for cookies in ({}, {"session": "x" * 43}, {"__Host-session": "x" * 43}):
        client = TestClient(sample.app, base_url=HERE, cookies=cookies)
        for method, path in sample.app.state.site.needs.rights:
            answer = client.request(
                method, filled(path, sample.ids), headers={"Origin": HERE}, follow_redirects=False
            )
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in"), path
            assert answer.content == b""
    assert contents(sample.office, *VOLATILE) == before


@pytest.mark.parametrize("role", Role)
def test_a_role_does_what_its_rights_say_and_nothing_else(sample, role):
    declared = sample.app.state.site.needs.rights
    forbidden = {route for route, right in declared.items() if right not in rights_of(role)}
    people = [sample.person(role, area) for area in ("everywhere", "home")]
    before = contents(sample.office, *VOLATILE)
    for person in people:
        for method, path in forbidden:
            answer = ask(sample, person, method, path)
            assert answer.status_code == 403, (method, path)
            assert NAME not in answer.text
    assert contents(sample.office, *VOLATILE) == before
    for method, path in sorted(set(declared) - forbidden):
        if method == "GET":
            answer = ask(sample, people[0], method, path)
            assert answer.status_code in {200, 303, 404}, (path, answer.text)
            assert not answer.headers.get("location", "").startswith("/sign-in"), path


# A deed comes before the one that needs it or ends it; what is not named here, in between.
FIRST = (
    "/visits/{visit}/look", "/visits/{visit}/minutes", "/visits/{visit}/sign",
    "/decide/{case}/answer", "/decide-undo", "/visits/{visit}/{subject}", "/visits-undo",
)  # fmt: skip
LAST = (
    "/service/{subject}/end", "/service/{subject}/not-ended", "/devices/{code}/replace",
    "/devices/{code}/revoke", "/devices/{code}/let-in",
)  # fmt: skip
TAKES_A_CODE = re.compile(
    r"/(sign|revoke|replace|remove|confirm|new-key|let-in|export|settle|end|not-ended|cover|stop"
    r"|undo|paid|\{yes\})$"
)
# About the whole regency: at home nobody has these either, and whoever has all of it does.
OF_THE_REGENCY = ("/batches", "/updates", "/work", "/lists/seats", "/lists/people")


def in_turn(route):
    method, path = route
    place = FIRST.index(path) - len(FIRST) if path in FIRST else 0
    return method, place, LAST.index(path) + 1 if path in LAST else 0, path


def is_of_the_regency(needed, path):
    return needed.whole or path.startswith(OF_THE_REGENCY)


def names_somebody(path):
    """Whether an address says which person, laptop or list it is about."""
    return bool(set(re.findall(r"\{(\w+)", path)) - {"kind", "month", "yes", "name"})


@pytest.mark.parametrize("role", Role)
def test_people_of_other_kecamatan_do_not_exist(sample, role):
    """Neither shown nor changed for whoever has the right in another area; done by who is there."""
    needs = sample.app.state.site.needs
    away, home, everywhere = (sample.person(role, a) for a in ("away", "home", "everywhere"))
    sample.ids["pair"] = next(
        (one for right, one in sample.ids["pairs"].items() if right in rights_of(role)), ""
    )
    if Right.field in rights_of(role):
        sample.bring_drives(everywhere.account)
    mine = [
        route for route in sorted(needs, key=in_turn)
        if needs[route].right in rights_of(role) - OF_THE_OFFICE
    ]  # fmt: skip
    looked_at, done = ([one for one in mine if one[0] == method] for method in ("GET", "POST"))
    before = contents(sample.office, *VOLATILE, *NOTED_BY_TABLES)
    for method, path in looked_at:
        refused(sample, away, method, path)
    assert contents(sample.office, *VOLATILE, *NOTED_BY_TABLES) == before
    not_done, changed = {}, []
    for method, path in [*looked_at, *done]:
        owner = everywhere if is_of_the_regency(needs[method, path], path) else home
        if method == "GET":
            status = ask(sample, owner, method, path).status_code
        else:
            status = done_by(sample, away, owner, path, changed)
        if status not in {200, 303}:
            not_done[method, path] = status
    assert changed == []
    known = {route: status for route, (status, _) in NOT_DONE.items() if route in mine}
    differs = sorted(not_done.items() ^ known.items())
    assert not differs, "\n".join(map(str, differs))


def kept(office):
    """All rows of all tables but `VOLATILE`, and the name of each file of the office."""
    files = sorted(map(str, office.home.path.rglob("*")))
    return contents(office, *VOLATILE) | {"files": files}


def done_by(sample, away, owner, path, changed):
    """Let a form be refused to who works elsewhere, and sent by its owner: return what that was.

    Returns 0 where it answered as if it were done, and nothing in the office says so.
    """
    if TAKES_A_CODE.search(path):
        sample.wait_for_a_code()
    before = kept(sample.office)
    refused(sample, away, "POST", path)
    after = kept(sample.office)
    if path not in OF_NOBODY and after != before:
        changed.append(path)
    answer = ask(sample, owner, "POST", path)
    assert "/sign-in" not in answer.headers.get("location", ""), path
    is_done = kept(sample.office) != after
    return answer.status_code if is_done or answer.status_code not in {200, 303} else 0


def refused(sample, away, method, path):
    """Who works elsewhere learns nothing, and is told of nothing that is named."""
    answer = ask(sample, away, method, path)
    assert answer.status_code < 500, (method, path, answer.text)
    if names_somebody(path):
        assert answer.status_code in {403, 404, 422}, (method, path, answer.status_code)
    shown = answer.text.replace(f'value="{NAME}"', "")  # what they typed themselves
    assert NAME not in shown, (method, path)
    assert nik(1) not in answer.text, (method, path)


@pytest.fixture
def two_laptops(sample, planted):
    """The laptop of the people, and one that has none of them."""
    with serving(sample.office) as place:
        other = Laptop(place)
        assert other.enrol(add_device(sample.office, "Laptop lain").code).status == 200
        other.start_epoch()
        other.hello()
        other.push(other.journal)
        yield replace(planted[2].copy(), place=place), other


def test_a_laptop_gets_nothing_of_another_laptop(sample, two_laptops):
    owner, other = two_laptops
    subjects = [str(COVERED), str(NOTED)]
    wanted = json.dumps({"subjects": subjects, "nonce": "00"}).encode()
    assert other.ask("POST", "/v1/contents", wanted).json["records"] == {}
    assert set(owner.ask("POST", "/v1/contents", wanted).json["records"]) == set(subjects)
    assert {item["subject"] for item in other.pull()} & set(subjects) == set()
    assert {item["subject"] for item in owner.pull()} >= set(subjects)
    answer = other.ask("GET", f"/v1/documents/trust@{owner.device}")
    assert (answer.status, answer.json["code"]) == (404, "document_unknown")


def of_the_owner(office, owner):
    """All rows in which a laptop stands: an asker's own counter goes on, another's does not."""
    return {
        name: [row for row in rows if str(owner.device) in row]
        for name, rows in contents(office).items()
    }


def test_a_laptop_says_nothing_for_another_laptop(sample, two_laptops):
    """Each is signed rightly by whoever asks: what it names is another's."""
    owner, other = two_laptops
    entry = owner.register(nik=nik(9), name=NAME, village_code=CODE)
    before = of_the_owner(sample.office, owner)
    hello = {
        "protocol": [1], "app": "test", "office": other.office, "device": str(owner.device),
        "epoch": owner.head.epoch, "head": owner.head.hash, "locator": [], "digest": None,
        "feed": {"n": 0, "hash": None}, "server_epoch": other.epoch, "nonce": "00",
    }  # fmt: skip
    said = [
        other.ask("POST", "/v1/hello", json.dumps(hello).encode()),
        other.send([to_line(entry)], entry.hash),
        other.send([to_line(entry)], entry.hash, device=str(owner.device)),
        other.send([to_line(entry)], entry.hash, device=str(owner.device), tip_key=owner.key),
    ]
    assert [(one.status, one.json["code"]) for one in said] == [(403, "other_device")] * 4
    assert of_the_owner(sample.office, owner) == before
    owner.push([entry])  # which is taken from whoever wrote it


def test_what_another_laptop_was_told_is_not_told_again_to_who_offers_it(sample, two_laptops):
    owner, other = two_laptops
    told = owner.pull()
    assert {"decision", "accepted"} <= {item["kind"] for item in told}
    before = contents(sample.office, DEVICE_ROWS.name)  # where the asker's counter goes on
    other.notices = told
    assert set(other.reoffer()) == {"known"}
    assert contents(sample.office, DEVICE_ROWS.name) == before
    assert {item["subject"] for item in other.pull()} & {str(COVERED), str(NOTED)} == set()


def test_a_laptop_reads_no_photo_and_puts_no_other_in_its_place(sample, two_laptops):
    """The office has the photos of its laptops under names that their bytes give."""
    owner, other = two_laptops
    photo = f"/v1/photos/{sample.ids['photo']}"
    content = sample.office.photos.read(sample.ids["photo"])
    assert other.ask("HEAD", photo).body == b""
    assert other.ask("GET", photo).status in {404, 405}
    length = {"Upload-Offset": "0", "Upload-Length": str(len(content))}
    wrong = other.ask("PATCH", photo, bytes(len(content)), length)
    assert (wrong.status, wrong.headers["upload-offset"]) == (409, "0")
    assert owner.ask("PATCH", photo, content, length).status == 204
    assert sample.office.photos.read(sample.ids["photo"]) == content


def test_a_form_without_the_token_or_from_elsewhere_changes_nothing(sample):
    asked, people = set(), {role: sample.person(role, "everywhere") for role in Role}
    before = contents(sample.office, *VOLATILE)
    for role, browser in people.items():
        for (method, path), right in sample.app.state.site.needs.rights.items():
            if method == "POST" and right in rights_of(role) and path not in asked:
                asked.add(path)
                address = filled(path, sample.ids)
                for sent, headers in (
                    ({"csrf": "x"}, {"Origin": HERE}),
                    ({"csrf": ""}, {"Origin": HERE}),
                    ({"csrf": browser.csrf}, {"Origin": "https://evil.example"}),
                    ({"csrf": browser.csrf}, {"Origin": "null"}),
                    ({"csrf": browser.csrf}, {}),
                ):
                    answer = browser.client.post(
                        address, data=sent, headers=headers, follow_redirects=False
                    )
                    assert answer.status_code == 403, (path, sent, headers)
    assert contents(sample.office, *VOLATILE) == before

"""An office in which everybody, and everything that somebody can write, is made to do harm.

Each thing that is written holds the word of its field (`zq-name`), so that a test can say what it
has seen and where.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select, text, update

from enumerator_app.domain.canonical import clean_text, from_canonical
from enumerator_app.domain.letterhead import Letterhead, Signer
from sync.server.batches.checking import check_people
from sync.server.cover_tables import REPLY_FILE_ROWS
from sync.server.deciding import approve
from sync.server.devices import add_device
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.letterhead import set_letterhead
from sync.server.long_work.running import begin
from sync.server.matching.looking import find_alike
from sync.server.office import Office
from sync.server.people.tables import ACCOUNT_ROWS
from sync.server.quota.keeping import import_quota
from sync.server.tables import CASE_ROWS, DEVICE_ROWS
from sync.server.worklist.keeping import import_worklist
from tests.server.laptops import Laptop, nik
from tests.server.offices import serving

NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)
VILLAGE = "3216132001"
MARK = "zq"
LONG = 10_000
# Each as somebody might type or paste it; {} is the word of the field.
PAYLOADS = (
    "<script>alert('{}')</script>", "\"><img src=x onerror=alert('{}')>", "' zqa=1 x='{}",
    "</title></textarea></select><zqx zqa=1>{}", "javascript:alert('{}')",
    "{{{{6007*7919}}}}{{%raw%}}${{6007*7919}}{}",
    "=cmd|' /C calc'!A0 {}", "+1+{}", "-1-{}", "@SUM({})",
    "\t={}", "\r={}", "\uff1dSUM({})", "\u202e\u200b{}\u2066", "{} " + "A" * LONG,
)  # fmt: skip
VISIT, GROUP = "0192f0c1-0000-7000-8000-00000000000a", "0192f0c1-0000-7000-8000-00000000000b"


@dataclass
class Planted:
    office: Office
    laptop: Laptop
    subjects: list[str]
    batch: str
    first: str
    niks: list[str]


def parts_of(planted: Planted) -> dict[str, str]:
    """What stands in braces in an address; a part that is not here fails the test."""
    with planted.office.database.reading() as connection:
        one = {
            name: connection.execute(select(table.c.id).limit(1)).scalars().one()
            for name, table in (
                ("case", CASE_ROWS),
                ("reply", REPLY_FILE_ROWS),
                ("id", ACCOUNT_ROWS),
            )
        }
    work, _ = begin(planted.office, "count", one["id"], 1, lambda: "/updates")
    return {**one, "work": work, "visit": VISIT, "subject": planted.first,
            "batch": planted.batch, "kind": "csv", "month": "2026-12", "yes": "yes",
            "code": "no_mother"}  # fmt: skip


def written(payload: str, word: str) -> str:
    return payload.format(f"{MARK}-{word}")


def said(payload: str, *names: str) -> dict[str, str]:
    """What a journal can hold: its canonical form knows no tab, no CR and no hidden sign."""
    most = {"name": None}  # an entry has its limit: one field of it may be very long
    return {name: clean_text(written(payload, name))[: most.get(name, 300)] for name in names}


def person_of(payload: str, n: int) -> dict[str, Any]:
    heir = {
        "name": said(payload, "heir")["heir"], "relation": "child", "birth_date": "2012-01-01",
        "birth_year": None, "scholarship": True, "id": f"0192f0c1-0000-7000-8000-{n:012x}",
    }  # fmt: skip
    return {
        "nik": nik(n), "village_code": VILLAGE, "visit_id": VISIT, "group_id": GROUP,
        "heirs": [heir],
        **said(payload, "name", "mother_name", "birth_place", "address", "occupation", "workplace",
               "consent_witness", "witness_role", "email", "ticket"),
    }  # fmt: skip


def plant(office: Office, folder: Path) -> Planted:
    """Everything as the office and its laptops write it; what they would refuse, into its rows."""
    office.clock = lambda: NOW
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), (160, 120, 90)).save(picture, "JPEG")
    photo = hashlib.sha256(picture.getvalue()).hexdigest()
    office.photos.write(photo, picture.getvalue())
    with serving(office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(office, written(PAYLOADS[0], "label")).code)
        laptop.start_epoch()
        open_visit(laptop)
        niks = []
        for n, payload in enumerate(PAYLOADS, start=1):
            niks.append(nik(n))
            more = {"photo": photo, "photos": (photo,), "no_photo_reason": ""} if n == 1 else {}
            laptop.register(**person_of(payload, n), **more)
        laptop.push(laptop.journal)
        approve(office, officer=written(PAYLOADS[0], "officer"))
        batch = hand_over(office, laptop, folder)
        more_people(laptop, niks)
        laptop.push(laptop.journal[-len(PAYLOADS) - 2 :])
        find_alike(office)
        check_people(office, "", date(2026, 12, 1))
        laptop.pull()
    lists(office, folder)
    head(office)
    rows(office)
    with office.database.reading() as connection:
        query = "SELECT id FROM subject WHERE kpj IS NOT NULL"  # the one with a card and a photo
        first = str(connection.execute(text(query)).scalars().one())
        subjects = list(connection.execute(text("SELECT id FROM subject")).scalars())
    return Planted(office, laptop, subjects, batch, first, niks)


def open_visit(laptop: Laptop) -> None:
    group = {
        "id": GROUP, "occupation": "", "monthly_income": None, "programmes": ["JKK", "JKM"],
        **said(PAYLOADS[0], "foreman", "workplace"), "name": written(PAYLOADS[1], "group"),
    }  # fmt: skip
    laptop.write("visit_open", {
        "visit": VISIT, "id": VISIT, "village_code": VILLAGE, "day": "2026-11-22", "tickets": 0,
        "place": written(PAYLOADS[1], "place"), "groups": [group], "consent": None,
    })  # fmt: skip


def hand_over(office: Office, laptop: Laptop, folder: Path) -> str:
    """A list goes out; the insurer refuses in its own words, and names somebody nobody knows."""
    made = export_to_insurer(office, folder / "list.xlsx", officer=written(PAYLOADS[0], "officer"))
    bodies = [from_canonical(one.body) for one in laptop.journal[2:]]
    numbers = [body["number"] for body in bodies]
    reply = [
        ReplyRow(n, number, "", "refused", "", written(payload, "refusal"))
        for n, (number, payload) in enumerate(zip(numbers, PAYLOADS, strict=True), start=2)
    ]
    reply[0] = ReplyRow(2, numbers[0], "", "accepted", "26000000001", "")
    strangers = [
        ReplyRow(40 + n, "", "", "refused", "", written(payload, "stranger"),
                 written(payload, "stranger_name"), written(payload, "born")[:60])
        for n, payload in enumerate(PAYLOADS)
    ]  # fmt: skip
    cover = Cover(date(2026, 11, 1), date(2099, 12, 31))
    import_from_insurer(
        office, [*reply, *strangers], cover, officer=written(PAYLOADS[0], "officer")
    )
    return made.id


def more_people(laptop: Laptop, niks: list[str]) -> None:
    """People who wait for a decision, and two records that may be of one person."""
    for n, payload in enumerate(PAYLOADS, start=41):
        niks.append(nik(n))
        laptop.register(**{**person_of(payload, n), "mother_name": ""})
    for rt in ("001", "009"):
        laptop.register(nik=nik(80) if rt == "001" else "", rt=rt, village_code=VILLAGE,
                        document_seen="KTP" if rt == "001" else "none",
                        name="<zqx>SITI zq-case", mother_name="<zqx>RUKMINI")  # fmt: skip


def lists(office: Office, folder: Path) -> None:
    rows = "".join(
        '"' + '";"'.join(
            written(p, w)[:90].replace('"', '""') for w in ("listed", "listed_at", "listed_group")
        ) + f'";{VILLAGE};zq\n'
        for p in PAYLOADS
    )  # fmt: skip
    path = folder / "daftar.csv"
    path.write_text(f"Nama;Kampung;Poktan;Desa;Sumber\n{rows}", encoding="utf-8")
    import_worklist(office, path)
    path.write_text(
        f"kode_desa;kursi;program;mulai;sampai\n{VILLAGE};90;JKK+JKM;2026-12-01;2027-11-30\n",
        encoding="utf-8",
    )
    import_quota(office, path)


def head(office: Office) -> None:
    words = iter(PAYLOADS)
    signer = {name: written(next(words), f"signer_{name}") for name in ("title", "name", "rank")}
    settings = Letterhead(
        government="Pemerintah Kabupaten <zqx>zq-government</zqx>",
        office=written(next(words), "office"), address=written(PAYLOADS[0], "head_address"),
        city=written(next(words), "city"),
        insurer_branch=written(PAYLOADS[1], "branch"),
        signer=Signer(**signer), decree=Signer(**signer),
    )  # fmt: skip
    set_letterhead(office, settings, None)


def rows(office: Office) -> None:
    """What this test cannot write otherwise: names of accounts and of who holds a laptop."""
    with office.database.writing() as connection:
        change = update(DEVICE_ROWS)
        connection.execute(change.values(operator=written(PAYLOADS[1], "operator")))
        for n, row in enumerate(connection.execute(select(ACCOUNT_ROWS.c.id)).all()):
            name = written(PAYLOADS[n % 6], "account")
            change = update(ACCOUNT_ROWS).where(ACCOUNT_ROWS.c.id == row.id)
            connection.execute(change.values(name=name))
        connection.execute(text(
            "INSERT INTO planned_visit (village_code, day, device, place, planned_by, at) "
            "VALUES (:v, '2026-12-24', :d, :p, :b, '2026-11-28T05:00:00.000Z')"
        ), {"v": VILLAGE, "d": "A01", "p": written(PAYLOADS[1], "planned"),
            "b": written(PAYLOADS[0], "planner")})  # fmt: skip

"""A restored office waits for its laptops; that one is away and not waited for, two persons say."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.journal import Entry
from sync.protocol.messages import WatermarkAnswer
from sync.server.application import create_application
from sync.server.awaiting import awaited, unheard
from sync.server.backing_up import back_up, restore
from sync.server.batches.covers import Cover
from sync.server.batches.keeping import list_batches
from sync.server.batches.recovering import bring_back
from sync.server.cases import list_cases
from sync.server.copies import watermark
from sync.server.covering.correcting import Told, correct_cover
from sync.server.deciding import approve, find_by_number
from sync.server.devices import revoke_device
from sync.server.errors import OfficeRecovering
from sync.server.insurer import export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office, open_office
from sync.server.people.audit import wrong_deeds
from sync.server.people.tables import DEED_ROWS, PAIR_ROWS
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.contracts.test_restoring import reread, url_of
from tests.server.laptops import Laptop, nik
from tests.server.offices import PASSPHRASE, serving
from tests.server.people import Browser, signed_in, words_of
from tests.server.test_places_in_the_budget import HERE, THERE, check, give, places

COVER = Cover(date(2027, 1, 1), date(2027, 12, 31))


@dataclass
class Desk:
    """A restored office that heard one laptop; the other one, with people of its own, is away."""

    office: Office
    here: Laptop
    away: Laptop
    app: object

    def person(
        self, login: str, role: str = "coordinator", districts: tuple[str, ...] = ()
    ) -> Browser:
        return signed_in(self.office, role, login=login, districts=districts, app=self.app)

    def later(self, **by: int) -> None:
        """Let time pass: each code of a phone counts once."""
        now = self.office.clock() + timedelta(**(by or {"minutes": 1}))
        self.office.clock = lambda: now

    def ask(self, who: Browser, *codes: str):
        form = {"code": who.code, "laptop": list(codes or [self.away.code])}
        return who.post("/batches/away", form)

    def request(self):
        with self.office.database.reading() as connection:
            return connection.execute(select(PAIR_ROWS).order_by(PAIR_ROWS.c.asked_at)).all()[-1]

    def agree(self, who: Browser, yes: str = "yes"):
        return who.post(f"/pairs/{self.request().id}/{yes}", {"code": who.code})

    def excuse(self) -> None:
        assert self.ask(self.person("satu")).status_code == 303
        assert self.agree(self.person("dua", "administrator")).status_code == 303

    def is_recovering(self) -> bool:
        with self.office.database.reading() as connection:
            return self.office.is_recovering(connection)

    def deeds(self) -> list[tuple[str, str, str | None]]:
        with self.office.database.reading() as connection:
            assert list(wrong_deeds(self.office, connection)) == []
            rows = connection.execute(select(DEED_ROWS).order_by(DEED_ROWS.c.n)).all()
        return [(row.account, row.deed, row.subject) for row in rows]

    def come_back(self, laptop: Laptop) -> None:
        """Let a laptop sync as it does after a restore: it offers what it keeps, then sends."""
        with serving(self.office) as place:
            laptop.place = place
            laptop.hello()
            laptop.reoffer()
            laptop.push(laptop.journal)
            reread(laptop)
            laptop.hello()


def put_back(office: Office, copy: Path) -> Office:
    url = url_of(office)
    office.database.close()
    restore(office.home, url, copy, PASSPHRASE)
    return open_office(office.home, url)


def registered(laptop: Laptop) -> list[Entry]:
    return [entry for entry in laptop.journal if entry.fields["kind"] == "register"]


def number_of(entry: Entry) -> str:
    return str(from_canonical(entry.body)["number"])


def reply(laptop: Laptop, kpj: str = "26000000001") -> list[ReplyRow]:
    """The insurer's answer to the first person of a laptop."""
    return [ReplyRow(2, number_of(registered(laptop)[0]), "", "accepted", kpj, "")]


@pytest.fixture
def desk(office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    """The list and the insurer's answer to the away laptop's person are younger than the copy."""
    here, away = laptop_on(office), laptop_on(office)
    give(office, here=2, there=1)
    away.register(nik=nik(1), village_code=HERE)
    away.push(away.journal)
    away.pull()
    back_up(office, tmp_path / "copy")
    away.register(nik=nik(2), village_code=THERE)
    away.push(away.journal)
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    import_from_insurer(office, reply(away), COVER, officer="Ratna")
    away.pull()
    again = put_back(office, tmp_path / "copy")
    desk = Desk(again, here, away, create_application(again))
    desk.come_back(here)
    yield desk
    desk.office.close()


def test_two_persons_say_that_a_laptop_is_not_waited_for(desk: Desk):
    first, second = desk.person("satu"), desk.person("dua", "administrator")
    assert desk.is_recovering()
    assert f"Laptop yang tidak ditunggu {desk.away.code}" in words_of(first.get("/batches"))

    none = first.post("/batches/away", {"code": first.code})
    assert none.status_code == 422
    assert "Pilih laptop yang tidak ditunggu." in words_of(none)
    wrong = first.post("/batches/away", {"code": "000000", "laptop": [desk.away.code]})
    assert wrong.status_code == 422
    heard = desk.ask(first, desk.here.code)
    assert heard.status_code == 422
    desk.later()
    assert desk.ask(first).headers["location"] == "/batches"

    assert json.loads(desk.request().payload)["devices"] == [desk.away.code]
    assert "diminta Uji coordinator" in words_of(first.get("/batches"))
    assert 'action="/batches/away"' not in first.get("/batches").text
    desk.later()
    assert "Orang kedua harus orang lain" in words_of(desk.agree(first))
    assert desk.is_recovering()
    shown = words_of(second.get("/pairs"))
    assert desk.away.code in shown
    assert "tidak menunggu laptop ini" in shown
    assert second.post(f"/pairs/{desk.request().id}/yes", {"code": "000000"}).status_code == 422
    assert desk.is_recovering()

    assert desk.agree(second).status_code == 303

    assert not desk.is_recovering()
    assert not standing(desk.office)["recovering"]
    page = words_of(first.get("/batches"))
    assert f"Tidak ditunggu dan belum terdengar sejak pemulihan: {desk.away.code}" in page
    told = desk.deeds()
    assert (first.account, "asked_away", desk.request().id) in told
    assert (first.account, "device_excused", desk.away.code) in told
    assert (second.account, "agreed_away", desk.request().id) in told
    assert verify_office(desk.office) == []


def test_who_has_some_kecamatan_only_neither_asks_nor_agrees(desk: Desk):
    some = desk.person("tiga", districts=("Tarumajaya",))
    assert desk.ask(some).status_code == 403
    assert desk.ask(desk.person("satu")).status_code == 303
    assert desk.away.code not in words_of(some.get("/pairs"))
    assert desk.agree(some).status_code == 422
    for role in ("verifier", "service_desk", "auditor"):
        who = desk.person(role, role)
        assert desk.ask(who).status_code == 403
        assert desk.agree(who).status_code in (403, 422)
    assert desk.is_recovering()


def test_it_counts_for_this_restore_alone(desk: Desk, tmp_path: Path):
    desk.excuse()
    back_up(desk.office, tmp_path / "excused")
    again = put_back(desk.office, tmp_path / "excused")
    with again.database.reading() as connection:
        assert [one.code for one in awaited(connection)] == [desk.here.code, desk.away.code]
    desk.office = again


@pytest.mark.parametrize("past", ["heard", "stopped", "restored", "over"])
def test_what_changed_after_it_was_asked_for_ends_the_request(
    desk: Desk, tmp_path: Path, past: str
):
    assert desk.ask(desk.person("satu")).status_code == 303
    if past == "heard":
        desk.come_back(desk.away)
    elif past == "stopped":
        revoke_device(desk.office, desk.away.code)
    elif past == "restored":
        back_up(desk.office, tmp_path / "asked")
        desk.office = put_back(desk.office, tmp_path / "asked")
        desk.app = create_application(desk.office)
    else:
        desk.later(days=4)
    second = desk.person("dua", "administrator")
    said = {"heard": "tidak ada lagi yang perlu", "restored": "dipulihkan sekali lagi"}
    assert said.get(past, "") in words_of(second.get("/pairs"))
    assert f'action="/pairs/{desk.request().id}/yes"' not in second.get("/pairs").text

    answer = desk.agree(second)

    assert answer.status_code == 422
    assert desk.request().state == "open"
    assert "device_excused" not in {deed for _, deed, _ in desk.deeds()}


def test_a_laptop_that_comes_back_is_taken_in_as_always(desk: Desk):
    desk.excuse()
    assert standing(desk.office)["by_state"] == {"registered": 1}
    desk.come_back(desk.away)
    assert standing(desk.office)["by_state"] == {"enrolled": 1, "submitted": 1}
    desk.come_back(desk.away)
    assert standing(desk.office)["registrations"] == 2
    with desk.office.database.reading() as connection:
        assert unheard(connection) == []
    assert "Tidak ditunggu" not in words_of(desk.person("satu").get("/batches"))
    assert verify_office(desk.office) == []


def test_nobody_goes_out_twice_though_the_laptop_that_knows_is_not_waited_for(
    desk: Desk, tmp_path: Path
):
    with pytest.raises(OfficeRecovering):
        export_to_insurer(desk.office, tmp_path / "early.xlsx", officer="Ratna")
    desk.excuse()
    new = desk.here.register(nik=nik(7))
    with serving(desk.office) as place:
        desk.here.place = place
        desk.here.push([new])
    approve(desk.office, officer="Ratna")
    made = export_to_insurer(desk.office, tmp_path / "next.xlsx", officer="Ratna")
    assert made.rows == 1  # the new one; who stood on the lost list is known from beside
    desk.come_back(desk.away)
    found = find_by_number(desk.office, number_of(registered(desk.away)[0]))
    assert (found.state, found.kpj) == ("enrolled", "26000000001")
    assert sorted(batch.rows for batch in list_batches(desk.office)) == [1, 2]
    assert verify_office(desk.office) == []


def test_no_member_number_is_given_while_a_laptop_is_awaited(desk: Desk):
    office, person = desk.office, number_of(registered(desk.away)[0])
    with pytest.raises(OfficeRecovering):
        import_from_insurer(office, reply(desk.away, "26000000057"), COVER, officer="Ratna")
    browser = desk.person("satu")
    files = {"file": ("balasan.csv", b"number,status,kpj\n")}
    sent = browser.client.post(
        "/batches/reply", data={"csrf": browser.csrf}, files=files,
        headers={"Origin": "http://testserver"}, follow_redirects=False,
    )  # fmt: skip
    assert sent.status_code == 422
    assert "1 laptop belum terhubung lagi" in words_of(sent)
    with pytest.raises(OfficeRecovering):
        correct_cover(office, person, Told("surat", kpj="26000000057"), officer="Ratna")
    desk.come_back(desk.away)
    done = import_from_insurer(office, reply(desk.away), COVER, officer="Ratna")
    assert (done.accepted, done.unchanged) == (0, 1)
    assert find_by_number(office, person).kpj == "26000000001"
    assert "decided_twice" not in {case["kind"] for case in list_cases(office)}


def test_what_was_decided_twice_without_the_laptop_is_a_case(desk: Desk):
    desk.excuse()
    approve(desk.office, officer="Ratna")
    bring_back(desk.office)
    import_from_insurer(desk.office, reply(desk.away, "26000000057"), COVER, officer="Ratna")
    desk.come_back(desk.away)
    assert "decided_twice" in {case["kind"] for case in list_cases(desk.office)}
    assert verify_office(desk.office) == []


def test_places_are_told_to_no_laptop_before_those_who_take_them_are_known(desk: Desk):
    assert "seats" not in [item["kind"] for item in pulled(desk, desk.here)]
    desk.come_back(desk.away)
    assert "seats" in [item["kind"] for item in pulled(desk, desk.here)]


def test_who_left_for_the_insurer_has_the_place_of_who_came_first_after_a_restore(desk: Desk):
    _, first = registered(desk.away)
    late = desk.here.register(nik=nik(8), village_code=THERE)
    desk.come_back(desk.here)
    assert places(desk.office, THERE) == {late.fields["subject"]: "confirmed"}
    desk.come_back(desk.away)
    assert places(desk.office, THERE) == {
        first.fields["subject"]: "confirmed", late.fields["subject"]: "waiting",
    }  # fmt: skip
    check(desk.office)


def test_content_leaves_no_laptop_while_one_was_not_heard_excused_or_not(desk: Desk):
    back_up(desk.office, desk.office.home.path / "tested")
    things = [registered(desk.away)[0].hash]
    desk.excuse()

    def held() -> WatermarkAnswer:
        return watermark(desk.office, things)

    assert held().held == []
    desk.come_back(desk.away)
    assert held().held == things


def pulled(desk: Desk, laptop: Laptop) -> list[dict]:
    with serving(desk.office) as place:
        laptop.place = place
        laptop.hello()
        return laptop.pull()

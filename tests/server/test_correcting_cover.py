"""A member number or cover that the insurer put right: the earlier number and card are void."""

import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from enumerator_app.cards.seal import open_seal
from enumerator_app.domain.canonical import from_canonical
from sync.server.batches import replies
from sync.server.batches.listed import list_open
from sync.server.batches.trouble import CorrectionStopped, CorrectionWrong, MemberNumberTaken
from sync.server.covering import correcting
from sync.server.covering.correcting import Told, correct_cover
from sync.server.covering.ending import end_cover, undo_end
from sync.server.covering.paying import due_people, record_payment
from sync.server.covering.stopping import stop_payment
from sync.server.covering.unstopping import undo_stop
from sync.server.deciding import approve, find_by_number
from sync.server.errors import DecisionNotAllowed
from sync.server.insurer import Cover, export_to_insurer, import_from_insurer
from sync.server.insurer_reply import ReplyRow
from sync.server.office import Office
from sync.server.resolving.errors import DecidedBefore
from sync.server.verifying import verify_office
from tests.contracts.test_decisions import trust_list
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.people import signed_in, words_of
from tests.server.test_months_paid import FEBRUARY, JANUARY, MARCH, cover_four
from tests.server.test_stop_page import ends

WHY = "Surat BPJS 12/2027"


def told_by(laptop: Laptop) -> dict:
    """The one decision that came down."""
    (told,) = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    return told


def test_on_the_page_with_the_code_and_the_old_number_and_card_are_void(
    office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path
):
    office, laptop, numbers = cover_four(office, laptop_on(office), tmp_path)
    first, other = (find_by_number(office, one) for one in numbers[:2])
    again = ReplyRow(9, numbers[0], "", "accepted", "26000000099", "")
    import_from_insurer(office, [again], Cover(), officer="Ratna")
    assert [one["reason"] for one in list_open(office)] == ["answered_before"]
    browser = signed_in(office, "coordinator")
    address, page = f"/service/{first.id}", browser.get(f"/service/{first.id}")
    form = {
        "kpj": "260 0000 0099", "cover_from": "01-02-2027", "cover_to": "31-12-2027",
        "letter": WHY, "seen": re.search(r'/cover">.*?name="seen" value="([^"]+)', page.text)[1],
    }  # fmt: skip
    sealed = trust_list(office)
    for wrong in (
        {"kpj": "123"}, {"kpj": other.kpj}, {"cover_from": "01-01-2020"}, {"letter": " "},
        {"cover_to": "31-02-2027"}, {"cover_to": "01-02-2028"}, {"code": "000000"},
    ):  # fmt: skip
        answer = browser.post(f"{address}/cover", {**form, "code": browser.code, **wrong})
        assert answer.status_code == 422, wrong
    assert find_by_number(office, numbers[0]).revision == first.revision
    assert trust_list(office) == sealed
    done = browser.post(f"{address}/cover", {**form, "code": browser.code})
    assert done.headers["location"] == f"{address}?done=cover_corrected"
    record = find_by_number(office, numbers[0])
    assert (record.kpj, record.cover_from) == ("26000000099", "2027-02-01")
    page = words_of(browser.get(done.headers["location"]))
    assert (
        f"Dibetulkan BPJS: KPJ 26000000099, dijamin 01-02-2027 s.d. 31-12-2027. Sebelumnya KPJ "
        f"{first.kpj}, 01-01-2027 s.d. 31-12-2027. Alasan: {WHY}"
    ) in page
    assert "cetak" in page.lower()
    assert list_open(office) == [], "the row of the insurer's second answer is settled"
    told = told_by(laptop)
    assert (told["state"], told["kpj"], told["cover_from"]) == (
        "enrolled", "26000000099", "2027-02-01",
    )  # fmt: skip
    assert told["corrected"] == {
        "kpj": first.kpj, "cover_from": "2027-01-01", "cover_to": "2027-12-31",
    }  # fmt: skip
    trust = trust_list(office)
    claims = open_seal(told["card"], trust, trust.issued_on).claims
    assert (claims.issue, claims.cover_from) == (2, FEBRUARY)
    assert trust.superseded[numbers[0]] == {"active": 2}
    assert {one.number for one in due_people(office, JANUARY)} == set(numbers[1:])
    freed = Told(WHY, first.kpj)
    assert correct_cover(office, numbers[1], freed, officer="Ratna").kpj == first.kpj
    stale = browser.post(f"{address}/cover", {**form, "kpj": "26000000098", "code": "1"})
    assert stale.status_code == 422
    with pytest.raises(DecidedBefore):
        correct_cover(
            office, numbers[0], Told(WHY, "26000000098"), officer="R", seen=first.revision
        )
    laptop.pull()
    assert laptop.hello()["digest_ok"]
    assert verify_office(office) == []


@pytest.fixture
def covered(sqlite_office: Office, laptop_on: Callable[[Office], Laptop], tmp_path: Path):
    return cover_four(sqlite_office, laptop_on(sqlite_office), tmp_path)


def test_stops_stay_and_paid_months_are_kept(covered):
    office, _, numbers = covered
    record_payment(office, JANUARY, officer="Ratna")
    record_payment(office, FEBRUARY, officer="Ratna")
    name = stop_payment(office, MARCH, "", officer="Ratna").id
    later = Told(WHY, end=date(2027, 10, 31))
    assert correct_cover(office, numbers[0], later, officer="R").end == date(2027, 3, 31)
    with pytest.raises(CorrectionWrong):
        correct_cover(office, numbers[1], Told(WHY, end=date(2027, 2, 27)), officer="R")
    unpaid = Told(WHY, start=date(2027, 4, 1), end=date(2028, 3, 31))
    with pytest.raises(CorrectionStopped):
        correct_cover(office, numbers[2], unpaid, officer="R")
    correct_cover(office, numbers[1], Told(WHY, end=date(2027, 2, 28)), officer="R")
    correct_cover(office, numbers[2], Told(WHY, start=FEBRUARY), officer="R")
    undo_stop(office, name, officer="Budi")
    assert ends(office, numbers)[:3] == ["2027-10-31", "2027-02-28", "2027-12-31"]
    page = words_of(signed_in(office, "auditor").get(
        f"/service/{find_by_number(office, numbers[2]).id}"
    ))  # fmt: skip
    assert "di luar masa jaminan: Januari 2027." in page
    assert verify_office(office) == []


def test_of_somebody_who_died_the_number_alone_is_put_right(covered):
    office, laptop, numbers = covered
    end_cover(office, numbers[0], "died", date(2027, 2, 3), officer="Ratna")
    laptop.pull()
    with pytest.raises(CorrectionWrong):
        correct_cover(office, numbers[0], Told(WHY, start=FEBRUARY), officer="Ratna")
    taken = find_by_number(office, numbers[1]).kpj
    with pytest.raises(MemberNumberTaken):
        correct_cover(office, numbers[0], Told(WHY, taken), officer="Ratna")
    correct_cover(office, numbers[0], Told(WHY, "26000000099"), officer="Ratna")
    told = told_by(laptop)
    assert (told["state"], told["kpj"], told["ended_on"], told["ended_reason"]) == (
        "ended", "26000000099", "2027-02-03", "died",
    )  # fmt: skip
    page = words_of(signed_in(office, "coordinator").get(
        f"/service/{find_by_number(office, numbers[0]).id}"
    ))  # fmt: skip
    assert "Berhenti 03-02-2027: Meninggal dunia" in page
    undo_end(office, numbers[0], officer="Ratna")
    assert find_by_number(office, numbers[0]).kpj == told_by(laptop)["kpj"] == "26000000099"
    entry = laptop.register(nik=nik(77))
    laptop.push([entry])
    with pytest.raises(DecisionNotAllowed):
        correct_cover(office, from_canonical(entry.body)["number"], Told(WHY, "1"), officer="R")


def test_of_two_at_once_one_alone_has_the_member_number(covered, monkeypatch, tmp_path: Path):
    office, laptop, numbers = covered
    taken = Told(WHY, "26000000099")

    def somebody_first(module, number: str) -> None:
        """Give the number to somebody between a look at it and its deed, as if nothing was held."""
        decide, correct_anyhow = module.decide, inspect.unwrap(correct_cover)

        def late(*given, **named):
            monkeypatch.setattr(module, "decide", decide)
            correct_anyhow(office, number, taken, officer="Budi")
            return decide(*given, **named)

        monkeypatch.setattr(module, "decide", late)

    somebody_first(correcting, numbers[1])
    with pytest.raises(MemberNumberTaken):
        correct_cover(office, numbers[0], taken, officer="Ratna")
    assert [find_by_number(office, one).kpj for one in numbers[:2]] != ["26000000099"] * 2
    correct_cover(office, numbers[1], Told(WHY, "26000000098"), officer="Budi")
    entry = laptop.register(nik=nik(77))
    laptop.push([entry])
    fifth = from_canonical(entry.body)["number"]
    approve(office, officer="Ratna")
    export_to_insurer(office, tmp_path / "list.xlsx", officer="Ratna")
    somebody_first(replies, numbers[1])
    reply = ReplyRow(1, fifth, "", "accepted", "26000000099", "")
    done = import_from_insurer(office, [reply], Cover(), officer="Ratna")
    assert [one["reason"] for one in done.unmatched] == ["kpj_taken"]
    assert find_by_number(office, fifth).state == "submitted"
    assert verify_office(office) == []

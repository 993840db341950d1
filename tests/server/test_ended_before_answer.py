"""Somebody dies while the insurer has not answered: it is noted, and the answer revives nobody."""

from datetime import UTC, date, datetime

from sync.server.batches.keeping import list_batches
from sync.server.batches.listed import close_listed, list_open
from sync.server.covering.ending import end_cover, undo_end
from sync.server.deciding import find_by_number
from sync.server.insurer import Cover, import_from_insurer
from sync.server.verifying import verify_office
from tests.server.laptops import fields_of
from tests.server.people import signed_in, words_of
from tests.server.test_insurer_replies import accepted, sent  # noqa: F401 - a fixture

COVER = Cover(date(2027, 1, 1), date(2027, 12, 31))
WAY_ENDED = ("ended", "", "")


def of(office, number) -> tuple[str, str, str]:
    record = find_by_number(office, number)
    return record.state, record.kpj or "", record.cover_to or ""


def test_the_answer_is_noted_at_the_list_and_a_person_decides_what_it_means(sent):  # noqa: F811 - the fixture
    office, laptop, made, numbers = sent
    office.clock = lambda: datetime(2027, 2, 20, tzinfo=UTC)
    browser = signed_in(office, "coordinator")
    address = f"/service/{find_by_number(office, numbers[0]).id}"
    form = {"reason": "died", "on": "15-02-2027", "code": browser.code}
    assert browser.post(f"{address}/end", form).is_redirect
    end_cover(office, numbers[1], "died", date(2027, 2, 16), officer="Ratna")
    refused = [accepted(2, numbers[3], status="refused", kpj="", reason="usia")]
    import_from_insurer(office, refused, Cover(), officer="Ratna")
    end_cover(office, numbers[3], "withdrew", date(2027, 2, 17), officer="Ratna")
    page = words_of(browser.get(address))
    assert f"Namanya ada di kiriman {made.id}, yang belum dijawab: beri tahu BPJS." in page
    told = [fields_of(one) for one in laptop.pull() if one["kind"] == "decision"]
    assert [one["decision"] for one in told] == ["ended", "ended", "refused", "ended"]
    reply = [
        accepted(2, numbers[0]),
        accepted(3, numbers[1], status="refused", kpj="", reason="meninggal"),
        accepted(4, numbers[2]),
        accepted(5, numbers[3]),
    ]
    for times in range(2):
        done = import_from_insurer(office, reply, COVER, officer="Ratna")
        assert done.accepted == (times == 0)
        assert [one["reason"] for one in done.unmatched] == ["ended", "ended"]
        assert [of(office, one) for one in (numbers[0], numbers[1], numbers[3])] == [WAY_ENDED] * 3
        (batch,) = list_batches(office, of=made.id)
        assert (batch.accepted, batch.refused, batch.sent) == (2, 2, 0)
        assert len(list_open(office)) == 2
    assert "Namanya ada di kiriman" not in words_of(browser.get(address))
    kept = list_open(office)[0]
    row = {
        "reply": kept["reply"], "row": "2", "number": numbers[0], "answer": "this",
        "cover_from": "2027-01-01", "cover_to": "2027-12-31",
    }  # fmt: skip
    assert browser.post("/batches/listed", row).status_code == 422
    assert of(office, numbers[0]) == WAY_ENDED
    assert "keluarganya mungkin berhak" in words_of(browser.get("/batches/listed"))
    undo_end(office, numbers[0], officer="Ratna")
    assert find_by_number(office, numbers[0]).state == "submitted"
    assert browser.post("/batches/listed", row).is_redirect
    end_cover(office, numbers[0], "died", date(2027, 2, 15), officer="Ratna")
    assert of(office, numbers[0]) == ("ended", "26000000002", "2027-02-15")
    told_so = close_listed(office, kept["reply"], 5, None, Cover(), officer="Ratna")
    assert (told_so, list_open(office)) == ("nobody", [])
    undo_end(office, numbers[1], officer="Ratna")
    assert find_by_number(office, numbers[1]).state == "registered", "refused: looked at again"
    assert verify_office(office) == []

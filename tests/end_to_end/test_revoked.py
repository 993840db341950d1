"""A laptop that the office has stopped is told so, and nobody is told that all is well."""

from datetime import UTC, datetime, timedelta

from enumerator_app.domain.instants import day_in_wib
from tests.end_to_end.test_spine import new_office, run, woman

PERSON = {
    "name": "Darsono Wawan",
    "document_seen": "none",
    "village_code": "3216102004",
    "consent_method": "signature",
}


def test_a_revoked_laptop_hears_of_it_and_its_people_wait_at_the_office(tmp_path):
    office = new_office(tmp_path)
    with office.serving() as serving:
        office.enrol(serving.url)
        office.laptop.ask("register", office.forms(PERSON))
        office.laptop.ask("sync")
        office.server.ask("device", "revoke", "A01")
        office.laptop.ask("register", office.forms({**PERSON, "name": "Onih Rohati"}))
        papers = tmp_path / "papers.pdf"
        office.laptop.ask("cards", "--all", "--output", papers)

        answer = office.laptop.ask("sync")

        assert answer["locked"]
        assert answer["outcomes"] == {"quarantined": 3}, "one person and two papers"
        (case,) = office.server.ask("cases")["cases"]
        assert (case["kind"], case["reasons"]) == ("quarantined", ["after_revocation"])
        verdicts = office.laptop.ask("verify-card", papers, accept=(4,))
        words = [card["word"] for card in verdicts["cards"]]
        assert sorted(words) == ["genuine", "revoked"]
        again = tmp_path / "again.pdf"
        refused = office.laptop.ask("cards", "--all", "--output", again, accept=(2,))
        assert refused["error"]["code"] == "laptop_stopped"
        assert not again.exists()
        status = office.laptop.ask("status")
        assert status["stopped_at"]
        assert (status["received"], status["without_effect"], status["pending"]) == (1, 1, 0)


def test_who_was_saved_before_a_laptop_was_lost_is_let_in_from_its_drive(tmp_path):
    """Stopped at once, as the manual says, and then its drive is read: nobody is left outside."""
    office, drive, papers = new_office(tmp_path), tmp_path / "KINGSTON", tmp_path / "papers.pdf"
    drive.mkdir()
    with office.serving() as serving:
        office.enrol(serving.url)
        office.laptop.ask("register", office.forms(*(woman(name=f"Karsih {n}") for n in "ABC")))
        office.laptop.ask("cards", "--all", "--output", papers)
        office.laptop.ask("stick", drive)
        office.server.ask("device", "revoke", "A01")
        said = run(office.server, "--language", "en", "bundle", "import", drive).stdout
        assert "7 of them are kept without effect" in said  # the start, and a paper for each person
        assert "device let-in A01" in said
        number = office.laptop.ask("search", "Karsih A")["workers"][0]["number"]
        known = office.server.ask("record", number)
        assert (known["state"], known["reason"], known["device"]) == (
            "quarantined", "after_revocation", "A01",
        )  # fmt: skip

        today = day_in_wib(datetime.now(UTC))
        seen = office.server.ask("device", "let-in", "A01", "--before", today)
        assert (seen["let_in"], seen["left"]) == (0, 7)
        assert seen["days"] == [{"day": today.isoformat(), "people": 3, "entries": 7}]
        done = office.server.ask("device", "let-in", "A01", "--before", today + timedelta(days=1))
        assert (done["let_in"], done["people"], done["left"], done["days"]) == (7, 3, 0, [])
        assert done["outcomes"] == {"accepted": 7}
        assert office.server.ask("status")["by_state"] == {"registered": 3}
        assert office.laptop.ask("sync")["heads_agree"]
        verdicts = office.laptop.ask("verify-card", papers)
        assert {card["word"] for card in verdicts["cards"]} == {"genuine"}

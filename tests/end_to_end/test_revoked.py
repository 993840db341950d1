"""A laptop that the office has stopped is told so, and nobody is told that all is well."""

from tests.end_to_end.test_spine import new_office

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

        answer = office.laptop.ask("sync")

        assert answer["locked"]
        assert answer["outcomes"] == {"quarantined": 1}
        (case,) = office.server.ask("cases")["cases"]
        assert (case["kind"], case["reasons"]) == ("quarantined", ["after_revocation"])
        papers = tmp_path / "papers.pdf"
        office.laptop.ask("cards", "--all", "--output", papers)
        verdicts = office.laptop.ask("verify-card", papers, accept=(4,))
        words = [card["word"] for card in verdicts["cards"]]
        assert sorted(words) == ["genuine", "revoked"]

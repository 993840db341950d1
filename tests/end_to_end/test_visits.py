"""A visit by public commands alone: opened, filled, closed, sent, listed, approved."""

import pytest

from tests.end_to_end.test_spine import own_office, run, woman  # noqa: F401 - a fixture by import


@pytest.fixture
def served(own_office):  # noqa: F811 - the fixture imported above
    with own_office.serving() as serving:
        own_office.enrol(serving.url)
        yield own_office


def test_the_office_lists_a_visit_with_the_counts_and_the_code_of_the_laptop(served):
    laptop, server = served.laptop, served.server
    opened = laptop.ask(
        "visit", "open", "--village", "32.16.01.2001", "--place", "Balai Desa",
        "--group", "Poktan Sri Mukti;Odih;Buruh tani", "--group", "Mandor Karta", "--tickets", 4,
    )  # fmt: skip
    visit, groups = opened["visit"], [group["id"] for group in opened["groups"]]
    laptop.ask("register", served.forms(woman(name="Karsih")))
    known = laptop.ask("search", "Karsih")["workers"][0]["number"]
    rows = [
        woman(name="Rukmini", visit_id=visit, group_id=groups[0], ticket="001"),
        woman(name="Enah", visit_id=visit, group_id=groups[1], ticket="002"),
        woman(name="Warsih", nik="", document_seen="none", visit_id=visit, ticket="003"),
    ]
    assert laptop.ask("register", served.forms(*rows))["registered"] == 3
    laptop.ask("visit", "attend", known, "--ticket", "004", "--phone", "081200001111")
    closed = laptop.ask("visit", "close", visit[:8])
    sent = laptop.ask("sync")

    assert closed["counts"] == {
        "present": 4, "recorded": 2, "waiting_nik": 1, "attended": 1, "no_show": 0,
    }  # fmt: skip
    assert closed["left_over"]["unprinted"] == 3
    assert closed["code"] in closed["recap"]
    assert sent["heads_agree"]
    assert set(sent["outcomes"]) == {"accepted"}
    (seen,) = server.ask("visits")["visits"]
    assert (seen["visit"], seen["counts"], seen["code"]) == (
        visit,
        closed["counts"],
        closed["code"],
    )
    assert seen["code_agrees"]
    assert seen["registrations"] == 3
    assert {group["name"] for group in seen["groups"]} == {"Poktan Sri Mukti", "Mandor Karta"}
    assert server.ask("visits", "--recap", closed["recap"])["fits"] == visit
    wrong = run(server, "visits", "--recap", closed["recap"].replace("4 ", "5 "))
    assert wrong.returncode == 3
    assert server.ask("approve", "--visit", visit[:8])["approved"] == 2  # one waits for a NIK


def test_a_visit_that_is_not_here_ends_with_2(own_office):  # noqa: F811 - as above
    assert run(own_office.server, "approve", "--visit", "ffff").returncode == 2


def test_a_laptop_put_back_from_a_copy_and_its_twin_make_one_visit(served):
    laptop, server, folder = served.laptop, served.server, served.folder
    at_the_hall = ("visit", "open", "--village", "32.16.01.2001", "--place", "Balai Desa")
    laptop.ask("backup", folder / "copy")
    visit = laptop.ask(*at_the_hall, "--group", "Sri Mukti")["visit"]
    laptop.ask("register", served.forms(woman(name="Rukmini", visit_id=visit, ticket="001")))
    first = laptop.ask("visit", "close", visit)
    laptop.ask("sync")
    laptop.ask("restore", folder / "copy")  # as it was before the visit was opened
    again = laptop.ask(*at_the_hall, "--group", "SRI  MUKTI", "--group", "Tunas")
    laptop.ask("register", served.forms(woman(name="Enah", visit_id=visit, ticket="002")))
    laptop.ask("sync")  # what it had saved before comes back
    closed = laptop.ask("visit", "close", visit)
    sent = laptop.ask("sync")

    assert again["visit"] == visit
    assert first["counts"]["recorded"] == 1
    assert closed["counts"]["recorded"] == 2
    assert sent["heads_agree"]
    (seen,) = server.ask("visits")["visits"]
    assert (seen["counts"], seen["code"]) == (closed["counts"], closed["code"])
    assert (seen["closes"], seen["registrations"], len(seen["groups"])) == (2, 2, 2)

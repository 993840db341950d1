"""No page offers what the office then refuses to whoever sees it: no link, no form answers 403."""

import pytest

from enumerator_app.texts import text
from sync.server.application import create_application
from sync.server.people.rights import Role
from sync.server.web.site import SIGN_OUT
from tests.server.offices import new_office
from tests.server.people import HERE, signed_in
from tests.server.planted import parts_of, plant
from tests.server.walking import Walk, filled

NOT_YOURS = text("web.say_not_yours", "id")
HOME = ("Pebayuran",)
# Everybody; and who may do most, in one kecamatan alone: some pages are of the whole regency.
PEOPLE = [*((role, ()) for role in Role), (Role.coordinator, HOME)]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dead-ends")
    office = new_office(folder / "office", None)
    signed_in(office, "coordinator")
    found = plant(office, folder)
    yield found, create_application(office), parts_of(found)
    office.close()


def walked(planted, role, districts):
    """Everything that this person comes to from the first page, and from each page of theirs."""
    found, app, parts = planted
    login = f"{role}.{len(districts)}".replace("_", ".")
    person = signed_in(found.office, role, login=login, districts=districts, app=app)
    walk = Walk(app, person, most=1)
    pages = [filled(path, parts) for method, path in app.state.site.needs.rights if method == "GET"]
    return walk.from_here("/", *pages)


def refused(walk):
    """What was offered and then refused, with the page that offered it."""
    shut = {one for one, answer in walk.answers.items() if answer.status_code == 403}
    routes = {walk.route("GET", one) for one in shut}
    # A page that was refused only offers itself again, in the other language.
    found = {
        (page, address)
        for page, address in walk.led
        if walk.route("GET", address) in routes and page not in shut
    }
    for form in {one.action: one for one in walk.all_forms() if one.action != SIGN_OUT}.values():
        # A token of nobody: the right is asked first, so this says what a real one would be told.
        answer = walk.browser.client.post(
            form.action, data={"csrf": "x"}, headers={"Origin": HERE}, follow_redirects=False
        )
        assert answer.status_code == 403, form.action
        if NOT_YOURS in answer.text:
            found.add((form.seen_on, form.action))
    return found


@pytest.mark.parametrize(("role", "districts"), PEOPLE)
def test_nobody_is_offered_what_is_refused(planted, role, districts):
    walk = walked(planted, role, districts)
    assert len(walk.answers) > 10
    assert sorted(refused(walk)) == []

"""What an office decides about the form reaches laptops as a signed document, and its checks."""

from collections.abc import Callable

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.form_policy import FORM_POLICY, FormPolicy
from sync.protocol.documents import opened_certified
from sync.server.deciding_form import set_form_policy
from sync.server.form_policy import form_policy
from sync.server.office import Office
from tests.server.laptops import Laptop, fields_of, person

ASKED = FormPolicy(kk_number="asked")


def announced(laptop: Laptop) -> list[str]:
    return [fields_of(item)["name"] for item in laptop.pull() if item["kind"] == "document"]


def test_a_change_is_told_once_and_what_was_in_force_already_is_none(
    office: Office, laptop: Laptop
):
    laptop.pull()
    assert set_form_policy(office, FormPolicy()) == 0
    assert announced(laptop) == []
    assert [set_form_policy(office, ASKED) for _ in range(2)] == [1, 1]
    assert announced(laptop) == [FORM_POLICY]
    assert set_form_policy(office, FormPolicy()) == 2
    assert announced(laptop) == [FORM_POLICY]
    assert form_policy(office.database).kk_number == "off"


def test_a_laptop_that_comes_later_is_told_and_can_believe_it(
    office: Office, new_laptop: Callable[[], Laptop]
):
    set_form_policy(office, ASKED)
    laptop = new_laptop()
    assert announced(laptop) == [FORM_POLICY]
    raw = laptop.ask("GET", f"/v1/documents/{FORM_POLICY}").body
    fields = opened_certified(raw, office.public.root_key, FORM_POLICY)
    assert fields is not None
    assert fields["settings"] == {"kk_number": "asked"}
    assert opened_certified(raw, "00" * 32, FORM_POLICY) is None
    assert from_canonical(raw)["document"]


def test_the_office_misses_the_number_only_where_it_asks_for_it(office: Office):
    content = person(kk_number="")
    whole = person(kk_number="3216130101200001")
    before = office.judge()(content, 1, None).severity
    set_form_policy(office, FormPolicy(kk_number="asked"))
    assert office.judge()(content, 1, None).severity == before
    set_form_policy(office, FormPolicy(kk_number="expected"))
    assert office.judge()(content, 1, None).severity == "warning"
    assert office.judge()(whole, 1, None).severity == before

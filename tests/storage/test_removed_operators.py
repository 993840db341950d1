"""Whose work has ended opens the laptop no more; what was saved stays, and others work on."""

from uuid import UUID

import pytest

from enumerator_app.domain.errors import OperatorRemoved, WrongPassphrase
from enumerator_app.storage.opening import open_home
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, new_laptop, person, reopened
from tests.storage.office_feed import OfficeFeed

OTHER = "kerbau putih di tepi sawah"


def removed(store) -> None:
    feed = OfficeFeed()
    feed.add("operator_removed", None, operator=str(store.operator.id))
    store.apply_page(feed.page())


def test_a_removed_operator_opens_the_laptop_no_more_and_others_do(tmp_path):
    with new_laptop(tmp_path / "home") as store:
        store.register(person(1))
        store.add_operator("Wawan", OTHER, CHEAP)
        assert not store.is_operator_removed
        removed(store)
        assert store.is_operator_removed
        assert store.counts().registrations == 1  # whoever is at the keys is not cut off in it
    with pytest.raises(OperatorRemoved):
        open_home(tmp_path / "home", operator_name=OPERATOR, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        reopened(tmp_path / "home")
    with open_home(tmp_path / "home", operator_name="Wawan", passphrase=OTHER) as store:
        assert store.counts().registrations == 1
        assert not store.is_operator_removed


def test_the_last_way_into_a_laptop_is_never_taken(tmp_path):
    with new_laptop(tmp_path / "home") as store:
        store.register(person(1))
        removed(store)
    with reopened(tmp_path / "home") as store:
        assert store.counts().registrations == 1


def test_a_notice_about_somebody_of_another_laptop_changes_nothing(tmp_path):
    with new_laptop(tmp_path / "home") as store:
        store.add_operator("Wawan", OTHER, CHEAP)
        feed = OfficeFeed()
        feed.add("operator_removed", None, operator=str(UUID(int=7)))
        store.apply_page(feed.page())
    reopened(tmp_path / "home").close()

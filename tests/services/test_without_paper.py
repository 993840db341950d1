"""Whoever was refused, is a duplicate, withdrew or ended gets no new paper, however it is asked."""

import pytest

from enumerator_app.domain.errors import NoPaperForState
from enumerator_app.services.printing import PrintOrder
from tests.storage.office_feed import OfficeFeed
from tests.ui.open_laptops import new_laptop, registered

ORDER = PrintOrder(sheet="a4-5-fold")


@pytest.fixture
def laptop(tmp_path):
    laptop = new_laptop(tmp_path)
    yield laptop
    laptop.close()


@pytest.mark.parametrize("state", ["refused", "duplicate", "ended", "withdrawn"])
def test_no_way_to_a_new_paper(laptop, tmp_path, state):
    saved = registered(laptop, "SITI MAEMUNAH", "", document_seen="suket")
    subject = saved.subject
    laptop.printing.print_cards([subject], tmp_path / "before.pdf", ORDER)
    feed = OfficeFeed()
    feed.accepted(saved)
    feed.add("decision", subject, revision=saved.entry_hash, decision=state, state=state)
    laptop.store.apply_page(feed.page())
    before = len(laptop.store.timeline(subject))
    for ask in (
        lambda: laptop.printing.print_cards([subject], tmp_path / "after.pdf", ORDER),
        lambda: laptop.printing.preview([subject], ORDER),
        lambda: laptop.printing.hand_over([subject]),
    ):
        with pytest.raises(NoPaperForState):
            ask()
    assert not (tmp_path / "after.pdf").exists()
    assert len(laptop.store.timeline(subject)) == before
    assert laptop.printing.runs.on_their_way() == ()


def test_the_others_get_theirs(laptop, tmp_path):
    subject = registered(laptop, "ROKAYAH", "", document_seen="suket").subject
    assert laptop.printing.print_cards([subject], tmp_path / "c.pdf", ORDER).cards == 1

"""Somebody whom only the district knows comes to an open visit: noted, and nobody doubled."""

import pytest
from PySide6.QtCore import Qt

from enumerator_app.services.visits import GroupDraft
from sync.server.niks import publish_niks
from sync.server.visits import list_visits
from tests.ui.table import ALT, NIK, open_tables
from tests.ui.test_listed import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(qtbot, shown):
    with open_tables(qtbot, shown) as open_:
        yield open_


@pytest.fixture
def at_a_visit(world, opened):
    """Return another team's laptop at an open visit: its list knows the NIK of the first team."""
    one, other = world.laptop("one"), world.laptop("other")
    first = opened(one)
    first.fill()
    first.save_and_wait()
    one.sync(lambda _: None, lambda: False)
    publish_niks(world.office)
    other.sync(lambda _: None, lambda: False)
    other.visits.open(village="Karangharja", groups=[GroupDraft("Poktan Sri Mukti")], tickets=5)
    table = opened(other)
    table.until(lambda: table.state.visit and table.state.form.value("ticket"))
    return other, table


def standing(laptop):
    return laptop.visits.book.current()


def noted(laptop, table):
    assert table.state.form.value("ticket") == "001"
    table.type(NIK, enter=False)
    table.until(lambda: table.state.same)
    table.key(Qt.Key.Key_H, ALT)
    table.until(lambda: standing(laptop).tally.attended == 1)
    table.until(lambda: table.state.notice)


def test_they_are_noted_under_their_slip_and_the_next_one_is_called(at_a_visit, world):
    laptop, table = at_a_visit
    noted(laptop, table)
    said = f"{table.state.notice.sentence} {table.state.notice.detail}"
    assert "kehadiran" in said.lower() or "hadir" in said.lower()
    assert "belum ada kunjungan" not in said.lower()
    assert table.state.form.is_empty
    table.until(lambda: table.state.form.value("ticket") == "002")
    tally = standing(laptop).tally
    assert (tally.recorded, tally.attended, tally.done) == (0, 1, {1})
    laptop.sync(lambda _: None, lambda: False)
    (visit,) = list_visits(world.office)
    assert (visit.attendances, visit.registrations) == (1, 0)


def test_taken_back_they_were_never_there_and_the_slip_waits_again(at_a_visit, world):
    laptop, table = at_a_visit
    noted(laptop, table)
    table.page.presenter.answer_notice("bring_back")
    table.until(lambda: standing(laptop).tally.attended == 0)
    table.until(lambda: table.state.form.value("nik").replace(" ", "") == NIK)
    assert standing(laptop).tally.done == frozenset()
    laptop.sync(lambda _: None, lambda: False)
    (visit,) = list_visits(world.office)
    assert visit.attendances == 0

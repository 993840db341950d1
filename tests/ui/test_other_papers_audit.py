"""The page of other sheets in each window, contrast, text size and language: nothing is cut."""

from PySide6.QtCore import QObject

from enumerator_app.services.paper_orders import KINDS
from enumerator_app.services.visits import GroupDraft
from enumerator_app.ui.other_papers.page import OtherPapersPage
from enumerator_app.ui.printing.page import PrintingPage
from tests.ui.test_page_audit import cut, laptop, opened, place  # noqa: F401 - fixtures by import


def owned(kind, laptop, **given):  # noqa: F811 - the fixture imported above
    owner = QObject()
    page = kind(laptop, battery=lambda: None, parent=owner, **given)
    page.owner = owner
    return page


def test_every_kind_of_sheet(opened, laptop, qtbot, tmp_path):  # noqa: F811 - as above
    group = GroupDraft("Kelompok Wanita Tani Harapan Jaya Sejahtera Bersama")
    laptop.visits.open(village="Pantai Harapan Jaya", groups=[group], tickets=120)
    page = owned(OtherPapersPage, laptop, folder=tmp_path)
    view, mind = opened(page), page.presenter
    qtbot.waitUntil(lambda: bool(mind.state.known.slips))
    for kind in KINDS:
        mind.choose(kind)
        if kind != "invitation":  # there is no list here
            qtbot.waitUntil(lambda: mind.state.preview.drawing == "ready", timeout=20_000)
        assert cut(view) == [], kind
    mind.choose("consent")
    mind.type_part("count", "banyak")
    mind.update(trouble="Baterai 15 %. Cetak dihentikan. Semua sudah tersimpan.")
    assert cut(view) == []
    view.turn_over()
    assert cut(view) == []


def test_the_way_there_from_the_cards(opened, laptop, qtbot):  # noqa: F811 - as above
    page = owned(PrintingPage, laptop)
    view = opened(page)
    qtbot.waitUntil(lambda: page.presenter.state.phase == "ready")
    assert cut(view) == []

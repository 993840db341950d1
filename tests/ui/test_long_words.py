"""A name of one endless word: it takes more lines, never more of the window."""

import pytest

from enumerator_app.ui.kit import Banner, Role, Text, install_theme, theme_for
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.state import RegistrationState
from enumerator_app.ui.registration.view_parts import HeadLine

LONG = "W" * 38
SIZES = pytest.mark.parametrize("text_percent", [100, 200])


@pytest.fixture
def large(qapp):
    def set_percent(text_percent):
        look = theme_for(1366, 768, contrast="light", text_percent=text_percent, motion=False)
        install_theme(qapp, look)

    return set_percent


@SIZES
def test_a_long_word_breaks_inside_and_reads_as_it_was_typed(shown, large, text_percent):
    large(text_percent)
    label = Text(f"SITI {LONG}", Role.TITLE, wrap=True)
    label.setFixedWidth(420)
    shown(label)

    assert label.minimumSizeHint().width() <= 420
    assert label.heightForWidth(420) > label.fontMetrics().height()
    assert label.height() >= label.heightForWidth(420)
    assert label.text() == f"SITI {LONG}"


@SIZES
def test_the_head_of_the_form_leaves_the_form_where_it_is(shown, large, text_percent):
    large(text_percent)
    widths = []
    for name in ("SITI", LONG):
        head = HeadLine()
        head.show_head(RegistrationState(form=Form("one", {"name": name})))
        shown(head)
        widths.append(head.minimumSizeHint().width())

    short, long = widths
    assert long - short <= 300


@SIZES
def test_the_question_after_a_power_cut_stays_in_the_window(qtbot, large, text_percent):
    large(text_percent)
    banner = Banner("look", "Listrik sempat mati. Lanjutkan?", f"{LONG}, 3 isian.")
    qtbot.addWidget(banner)
    plain = Banner("look", "Listrik sempat mati. Lanjutkan?", "Siti, 3 isian.")
    qtbot.addWidget(plain)

    assert banner.minimumSizeHint().width() - plain.minimumSizeHint().width() <= 150

"""Whom the insurer refused: every counter says so, one task opens it, and its life reads true."""

import pytest
from PySide6.QtCore import QObject, QSize

from enumerator_app.services.laptop import Laptop
from enumerator_app.ui.corrections.page import CorrectionsPage
from enumerator_app.ui.home.state import home_state
from enumerator_app.ui.jobs import finish_jobs
from enumerator_app.ui.kit import Button, Text, install_theme, theme_for
from enumerator_app.ui.kit.audit import faults
from enumerator_app.ui.workers.state import chip_counts, person_detail
from tests.storage.laptops import new_laptop
from tests.storage.office_feed import OfficeFeed
from tests.ui.open_laptops import noon, registered
from tests.ui.test_corrections import sent_back

REASON = "NIK tidak padan di Dukcapil"


@pytest.fixture
def laptop(tmp_path):
    laptop = Laptop(new_laptop(tmp_path / "home"))
    yield laptop
    laptop.close()


@pytest.fixture
def feed():
    return OfficeFeed()


@pytest.fixture
def refused(laptop, feed):
    saved = registered(laptop, "ROHATI", "3216135203740009")
    feed.accepted(saved)
    feed.add(
        "decision", saved.subject, decision="refused", state="refused", reason=REASON,
        revision=saved.entry_hash, number=saved.number,
    )  # fmt: skip
    laptop.store.apply_page(feed.page())
    return saved


def test_counters_the_task_at_home_and_the_chip_agree(laptop, refused):
    counts = laptop.counts()

    (task,) = (task for task in tasks_at_home(laptop) if task.page == "corrections")
    assert task.title == "1 data belum diterima BPJS"
    assert task.detail == "Alasan BPJS ada di tugasnya."
    assert counts.to_correct == dict(chip_counts(counts))["returned"] == 1
    assert [worker.subject for worker in laptop.tasks()] == [refused.subject]


def test_what_the_office_sent_back_is_told_apart_from_what_bpjs_refused(laptop):
    sent_back(laptop)
    counts = laptop.counts()
    assert (counts.to_correct, dict(chip_counts(counts))["returned"]) == (4, 4)
    (task,) = (task for task in tasks_at_home(laptop) if task.page == "corrections")
    assert task.title == "4 data diminta diperbaiki kantor"


@pytest.mark.parametrize("text_percent", [100, 200])
def test_the_task_says_what_bpjs_said_and_leads_to_the_whole_form(
    qtbot, qapp, shown, laptop, refused, text_percent
):
    install_theme(qapp, theme_for(1366, 768, contrast="light", text_percent=text_percent))
    owner = QObject()
    page = CorrectionsPage(laptop, parent=owner)
    view = page.build()
    view.setFixedSize(QSize(1366 if text_percent == 200 else 1166, 700))
    shown(view)
    qtbot.waitUntil(lambda: page.presenter.state.task is not None)

    wanted = {"Kata BPJS", f"“{REASON}”", "Belum diterima BPJS"}
    qtbot.waitUntil(lambda: wanted <= words_of(view))
    assert "Kata kantor" not in words_of(view)
    with qtbot.waitSignal(page.form_asked) as asked:
        view.findChild(Button, "fixing.whole_form").click()
    assert asked.args == [str(refused.subject)]
    qtbot.waitUntil(lambda: faults(view) == [])
    page.stop()
    assert finish_jobs(page)


def test_once_corrected_nobody_has_to_look_at_it_any_more(laptop, refused):
    draft = laptop.draft_of(refused.subject)

    assert laptop.correct(refused.subject, draft).number is not None

    assert (laptop.counts().to_correct, laptop.tasks()) == (0, ())


def test_the_person_in_full_gives_the_reason(laptop, refused):
    detail = person_detail(laptop.detail(refused.subject), None, laptop.places, noon().date())
    assert detail.remark == f"BPJS belum menerima. Alasan: {REASON}"


def test_the_receipt_of_a_reprint_says_nothing_newer_than_the_refusal(laptop, refused, feed):
    store = laptop.store
    for reason in ("", "lost", "unstated", "basah kena hujan"):
        store.mark_printed([refused.subject], reason=reason)
    prints = "SELECT hash FROM entry WHERE kind = 'card_printed' ORDER BY n"
    for (entry,) in store._file.engine.read(lambda base: base.execute(prints).fetchall()):
        feed.add(
            "accepted", refused.subject, entry=entry, outcome="accepted", state="refused",
            revision=refused.entry_hash, number=refused.number,
        )  # fmt: skip
    store.apply_page(feed.page())

    steps = person_detail(laptop.detail(refused.subject), None, laptop.places, noon().date()).steps
    said = [f"{step.sentence} {step.detail}".strip() for step in steps]
    assert said.count("Diterima kantor. Belum dikirim ke BPJS.") == 1
    assert {
        "Bukti pendataan dicetak.",
        "Bukti pendataan dicetak ulang. Salinan ke-2, alasan: hilang.",
        "Bukti pendataan dicetak ulang. Salinan ke-3, alasan: tidak disebut.",
        "Bukti pendataan dicetak ulang. Salinan ke-4, alasan: basah kena hujan.",
    } <= set(said)


def words_of(view):
    return {label.text() for label in view.findChildren(Text) if label.isVisible()}


def tasks_at_home(laptop):
    return home_state(laptop.counts(), (), laptop.tasks(), None, noon()).tasks

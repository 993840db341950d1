"""Saving, undoing and correcting: what is shown as saved was committed before."""

from dataclasses import replace
from typing import cast
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from enumerator_app.domain.findings import Finding
from enumerator_app.domain.registration import RegistrationDraft
from enumerator_app.texts import text
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.messages import describe
from enumerator_app.ui.ports import LaptopPort, ListedWorker, Registered
from enumerator_app.ui.registration.checks import (
    CheckLine,
    Checks,
    checks_of,
    place_of,
    sentence_and_advice,
)
from enumerator_app.ui.registration.form import (
    Form,
    again,
    correction_form,
    draft_of,
    next_form,
)
from enumerator_app.ui.registration.keeping import draft_id
from enumerator_app.ui.registration.page_port import FormPage
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.remembered import remember
from enumerator_app.ui.registration.state import (
    Notice,
    SavedCard,
    Tone,
)

_Opened = tuple[RegistrationDraft, ListedWorker]


class Saving(QObject):
    """The acts that write a registration. One at a time; a second press changes nothing."""

    committed = Signal()  # counts and lists of other pages are old now

    def __init__(self, laptop: LaptopPort, page: FormPage, *, parent: QObject) -> None:
        super().__init__(parent)
        self._laptop, self._page = laptop, page
        self._last_saved: Form | None = None
        self._given_up: Form | None = None
        self._before: Form | None = None  # the form that a correction interrupted
        self._asked_about: set[tuple[str, str]] = set()  # form and field: one question each

    def save(self) -> None:
        """Save the form, or send the cursor to what keeps it from being saved (Ctrl+Enter)."""
        page = self._page
        if not page.state.can_save:
            return
        form = replace(page.whereabouts.counted(page.state.form), attempted=True)
        page.update(form=form, is_busy=True, notice=None, panel="")
        start_job(
            self, lambda: self._write(form), lambda saved: self._on_written(form, saved), self._fail
        )

    def _write(self, form: Form) -> Registered | Checks:
        """Return what was saved, or what keeps the form from being saved. Runs beside the window.

        Raises:
            KnownError: the disk failed; the form is still being kept.
        """
        checks = checks_of(form, self._laptop.check(draft_of(form)).findings)
        if checks.blocking or self._not_asked_about(form, checks):
            return checks
        try:
            with self._page.keeper.settling(form):
                saved = self._saved(form)
        except _RefusedError as refusal:
            return checks_of(form, refusal.findings)
        if form.subject is None:
            remember(self._laptop, form, self._page.state.last.after(form))
        return saved

    def _not_asked_about(self, form: Form, checks: Checks) -> list[CheckLine]:
        return [
            line for line in checks.unasked if (form.form_id, line.place) not in self._asked_about
        ]

    def _saved(self, form: Form) -> Registered:
        if form.subject is not None:
            saved = self._laptop.correct(form.subject, draft_of(form), photo=form.photo)
        else:
            saved = self._laptop.register(draft_of(form), photo=form.photo, draft_id=draft_id(form))
        if saved.number is None:
            raise _RefusedError(saved.findings)
        if form.subject is not None:
            self._laptop.drop_draft(draft_id(form))
        return saved

    def _on_written(self, form: Form, answer: object) -> None:
        if isinstance(answer, Checks):
            self._page.update(is_busy=False, checks=answer)
            if answer.blocking:
                self._page.send_cursor(answer.blocking[0].place)
            elif answer.unasked:
                self._ask_about(form, answer)
        else:
            self._on_saved(form, cast("Registered", answer))

    def _ask_about(self, form: Form, checks: Checks) -> None:
        """Somebody was about to go without being asked: say so once, the next save is a save."""
        self._asked_about |= {(form.form_id, line.place) for line in checks.unasked}
        fields = ", ".join(text(f"form.unasked.{line.place}") for line in checks.unasked)
        words = text("form.unasked.words", fields=fields)
        self._page.update(notice=Notice("look", *sentence_and_advice(words)))
        self._page.send_cursor(checks.unasked[0].place)

    def _on_saved(self, form: Form, registered: Registered) -> None:
        page = self._page
        if form.subject is not None:
            self._on_corrected(form)
        elif registered.subject is not None and registered.number is not None:
            name = called(form.value("name"))
            self._last_saved = form
            card = SavedCard(registered.subject, registered.number, name)
            page.visiting.served(form)
            page.update(saved=card, last=page.state.last.after(form))
            page.show_form(next_form(form))
        page.update(is_busy=False)  # last: keys typed meanwhile now reach the next form
        page.queue.refresh()
        self.committed.emit()

    def _on_corrected(self, form: Form) -> None:
        before, self._before = self._before, None
        self._page.show_form(before if before is not None else next_form(form))
        words = text("form.corrected", name=called(form.value("name")))
        self._page.update(notice=Notice("note", *sentence_and_advice(words)))

    def _fail(self, error: Exception) -> None:
        self._page.update(is_busy=False)
        self.say_failed(error)

    def say_failed(self, error: Exception) -> None:
        """Say what went wrong; the form keeps every value."""
        sentence, advice = sentence_and_advice(describe(error))
        self._page.update(notice=Notice("stop", sentence, advice))

    def undo(self) -> None:
        """Take back the save that the block still shows (Alt+Z)."""
        card, form = self._page.state.saved, self._last_saved
        if card is None or form is None or self._page.state.is_busy:
            return
        self._page.update(saved=None, is_busy=True)
        start_job(
            self,
            lambda: self._laptop.undo(card.subject),
            lambda _draft: self._on_undone(form),
            self._fail,
        )

    def _on_undone(self, form: Form) -> None:
        self._page.update(is_busy=False)
        self._page.visiting.not_served(form)
        self._show_again(form)
        self._page.update(notice=Notice("note", *sentence_and_advice(text("form.undone"))))
        self._page.queue.refresh()
        self.committed.emit()

    def _show_again(self, form: Form) -> None:
        self._page.aside.put(self._page.state.form)
        self._page.show_form(again(form))
        self._page.keeper.keep(self._page.state.form)

    def forget_saved(self) -> None:
        """The ten seconds are over."""
        self._page.update(saved=None)

    def give_up(self, tone: Tone, words: str) -> None:
        """Empty the form and say why in `words`; it can be brought back."""
        form = self._given_up = self._page.state.form
        start_job(self, lambda: self._page.keeper.drop(form), _done, self.say_failed)
        self._page.show_form(next_form(form))
        self._page.update(notice=Notice(tone, *sentence_and_advice(words), "bring_back"))

    def bring_back(self) -> None:
        """Show the form again that was emptied by `give_up`."""
        form, self._given_up = self._given_up, None
        if form is not None:
            self._show_again(form)

    def correct(self, subject: UUID) -> None:
        """Open the record of somebody who is here, at the field that the office asks for."""
        start_job(
            self,
            lambda: (self._laptop.draft_of(subject), self._laptop.detail(subject).worker),
            lambda answer: self._on_draft(subject, *cast("_Opened", answer)),
            self.say_failed,
        )

    def _on_draft(self, subject: UUID, draft: RegistrationDraft, worker: ListedWorker) -> None:
        if self._page.state.form.subject is None:
            self._before = self._page.state.form
        field, reason = worker.returned_field or "", worker.returned_reason or ""
        self._page.show_form(replace(correction_form(subject, draft), returned=(field, reason)))
        if field:
            self._page.send_cursor(place_of(field))

    def stop_correcting(self) -> None:
        """Leave a correction unsaved and go back to the form that it interrupted."""
        form = self._page.state.form
        if form.subject is not None and not self._page.state.is_busy:
            start_job(self, lambda: self._page.keeper.drop(form), _done, self.say_failed)
            before, self._before = self._before, None
            self._page.show_form(before if before is not None else next_form(form))


class _RefusedError(Exception):
    """The rules of the moment of saving found an error: the form is not settled."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


def _done(_answer: object) -> None:
    return None

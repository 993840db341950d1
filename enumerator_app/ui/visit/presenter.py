"""The visit page's mind: what was done becomes a new state, and the state is shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol, cast
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from enumerator_app.domain.typed import NotUnderstood
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visits import GroupDraft, Visits
from enumerator_app.texts import text
from enumerator_app.ui.attached import is_there
from enumerator_app.ui.jobs import start_job
from enumerator_app.ui.latest import Latest
from enumerator_app.ui.messages import describe
from enumerator_app.ui.visit.ending import Ending
from enumerator_app.ui.visit.state import (
    GroupTyping,
    OpeningDraft,
    Panel,
    VisitState,
    Witness,
    typed_group,
)
from enumerator_app.ui.worker_words import kind_and_place_words, place_words

_TICK_MS: Final = 30_000
_STAYS: Final = ("closing", "closed")
"""Nothing that is read meanwhile changes these."""


class Renders(Protocol):
    def render_state(self, state: VisitState) -> None: ...


class VisitPresenter(QObject):
    """Keeps what is typed while the view is built anew."""

    changed = Signal()  # a visit was opened, changed or closed
    opened = Signal(object)  # VisitStanding: the table begins
    consent_noted = Signal()

    def __init__(self, visits: Visits, *, parent: QObject) -> None:
        super().__init__(parent)
        self._visits = visits
        self._view: Renders | None = None
        self.reading = Latest(self)
        self.state = VisitState()
        self.ending = Ending(visits, self)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.refresh)

    def attach(self, view: Renders | None) -> None:
        self._view = view
        if view is None:
            self._tick.stop()
        else:
            self._tick.start()
        self.update()

    def refresh(self) -> None:
        """Read the open visit anew; a close that is on the screen stays there."""
        self.reading.ask(self._read, self._on_read, self.say_failed)

    def _read(self) -> tuple[VisitStanding | None, OpeningDraft, bool]:
        book = self._visits.book
        code, place = self._visits.last_place()
        earlier = self._visits.last_groups()
        names = frozenset(group.name for group in earlier)
        draft = OpeningDraft(code, place, "", earlier, names)
        return book.current(), draft, any(not one.is_open for one in book.all()[:1])

    def _on_read(self, answer: object) -> None:
        standing, draft, has_last = cast("tuple[VisitStanding | None, OpeningDraft, bool]", answer)
        if self.state.kind in _STAYS:
            return
        if standing is not None:
            self.update(kind="running", standing=standing, trouble="")
        elif self.state.kind != "opening":
            panel: Panel = "" if draft.village_code else "village"
            self.update(kind="opening", standing=None, draft=draft, panel=panel)
        self.update(can_show_last=has_last)

    # --- typing

    def choose_panel(self, panel: Panel) -> None:
        self.update(panel="" if panel == self.state.panel else panel)

    def choose_village(self, code: str) -> None:
        self.update(draft=replace(self.state.draft, village_code=code), panel="")

    def edit(self, part: str, typed: str) -> None:
        """Somebody typed: `draft.place`, `group.name`, `witness.role` and the like."""
        area, name = part.split(".")
        self.update(**{area: replace(getattr(self.state, area), **{name: typed})})

    def join(self, name: str) -> None:
        """A group of the last visit comes, or does not."""
        joined = self.state.draft.joined ^ {name}
        self.update(draft=replace(self.state.draft, joined=joined))

    # --- the visit

    def begin(self) -> None:
        """Open the visit; what is missing is said, and nothing is lost."""
        draft, typed = self.state.draft, self._typed_group()
        if not draft.village_code:
            self.update(panel="village", trouble=text("visit.village_missing"))
            return
        if typed is None:
            return
        groups = [group for group in draft.earlier if group.name in draft.joined]
        groups += [typed] if typed.name else []
        tickets = int(draft.tickets) if draft.tickets.strip().isdecimal() else 0
        self.act(
            lambda: self._visits.open(
                village=draft.village_code, place=draft.place, groups=groups, tickets=tickets
            ),
            self._on_begun,
        )

    def _on_begun(self, standing: VisitStanding) -> None:
        self.update(kind="running", standing=standing, group=GroupTyping(), panel="")
        self.opened.emit(standing)

    def add_group(self) -> None:
        """Add the group that was typed to the open visit."""
        typed = self._typed_group()
        if typed is not None and typed.name:
            self._act_on(
                lambda visit: self._visits.add_group(visit, typed),
                group=GroupTyping(),
                panel="",
            )

    def set_tickets(self, tickets: int) -> None:
        self._act_on(lambda visit: self._visits.set_tickets(visit, tickets))

    def note_consent(self) -> None:
        """Everybody heard the explanation and says yes; the witness is named."""
        witness = self.state.witness
        if not witness.name.strip() or not witness.role.strip():
            self.update(trouble=text("visit.witness_missing"))
            return
        self._act_on(
            lambda visit: self._visits.note_consent(
                visit, witness=witness.name, witness_role=witness.role
            ),
            panel="",
        )
        self.consent_noted.emit()

    def ask_consent(self) -> None:
        """The pages were shown to the end: who saw it?"""
        standing = self.state.standing
        if self.state.kind == "running" and standing is not None:
            foreman = standing.group.foreman if standing.group else ""
            role = text("visit.role_foreman") if foreman else ""
            witness = self.state.witness
            named = witness if witness.name else Witness(foreman, role)
            self.update(panel="consent", witness=named)

    def rest(self, rested: Callable[[], object]) -> None:
        """Stop the time, then let the window lock."""
        self._act_on(self._visits.table.pause, then=rested)

    def resume(self) -> None:
        self._act_on(self._visits.table.resume)

    def go_back(self) -> None:
        """Not yet, or another one."""
        self.update(kind="loading", standing=None, notice="")
        self.refresh()

    # --- state

    def _typed_group(self) -> GroupDraft | None:
        """Return the group as typed; None if its income is no money, and that is said."""
        try:
            return typed_group(self.state.group)
        except NotUnderstood:
            self.update(trouble=text("visit.income_wrong"))
            return None

    def _act_on(
        self,
        work: Callable[[UUID], VisitStanding],
        then: Callable[[], object] | None = None,
        **after: Any,
    ) -> None:
        standing = self.state.standing
        if standing is None:
            return

        def done(found: VisitStanding) -> None:
            self.update(standing=found, **after)
            self.changed.emit()
            if then is not None:
                then()

        self.act(lambda: work(standing.visit.id), done)

    def act(
        self, work: Callable[[], VisitStanding], done: Callable[[VisitStanding], object]
    ) -> None:
        if self.state.is_busy:
            return
        self.update(is_busy=True, trouble="")

        def finished(answer: object) -> None:
            self.reading.forget()  # what was read before is old now
            self.update(is_busy=False)
            done(cast("VisitStanding", answer))

        start_job(self, work, finished, self.say_failed)

    def say_failed(self, error: Exception) -> None:
        self.update(is_busy=False, trouble=describe(error))

    def update(self, **changes: Any) -> None:
        """Change parts of the state and show it."""
        state = replace(self.state, **changes)
        places = self._visits.places
        standing = state.standing
        village = (
            place_words(standing.visit.village_code, places)
            if standing is not None
            else kind_and_place_words(state.draft.village_code, places)
        )
        self.state = replace(state, village=village)
        if is_there(self._view):
            self._view.render_state(self.state)

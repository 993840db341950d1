"""What the acts on a form need of the page's presenter."""

from typing import Any, Protocol

from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.keeping import DraftKeeper
from enumerator_app.ui.registration.queue import QueueReader
from enumerator_app.ui.registration.state import Panel, RegistrationState


class Waiting(Protocol):
    """Where a form goes that is pushed aside."""

    forms: tuple[Form, ...]

    def set_aside(self) -> None: ...
    def take_back(self, form_id: str) -> None: ...
    def put(self, form: Form) -> None: ...


class Complaining(Protocol):
    """Where trouble is said."""

    def say_failed(self, error: Exception) -> None: ...


class Counting(Protocol):
    """What counts the time spent on a form."""

    def counted(self, form: Form) -> Form: ...


class Serving(Protocol):
    """What knows whose turn it is."""

    def served(self, form: Form) -> None: ...
    def not_served(self, form: Form) -> None: ...


class FormPage(Protocol):
    """The presenter as its acts see it."""

    keeper: DraftKeeper
    queue: QueueReader

    @property
    def saving(self) -> Complaining: ...
    @property
    def whereabouts(self) -> Counting: ...
    @property
    def visiting(self) -> Serving: ...

    @property
    def state(self) -> RegistrationState: ...
    @property
    def aside(self) -> Waiting: ...
    def choose_panel(self, panel: Panel) -> None: ...
    def update(self, **changes: Any) -> None: ...
    def change(self, form: Form) -> None: ...
    def note(self, form: Form) -> None: ...
    def show_form(self, form: Form) -> None: ...
    def send_cursor(self, place: str) -> None: ...

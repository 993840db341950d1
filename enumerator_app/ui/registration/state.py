"""What the registration page shows, whole: the view draws it and knows nothing else."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from enumerator_app.ui.registration.brought.state import BroughtView, ListedPage
from enumerator_app.ui.registration.checks import Checks
from enumerator_app.ui.registration.form import Form
from enumerator_app.ui.registration.remembered import LastWords
from enumerator_app.ui.registration.visit_line import VisitLine

Answer = Literal["attend", "other", "cancel"]
"""What is said of a `SameCard`: note that they came, somebody else, or leave it."""
Panel = Literal["", "village", "group", "listed"]
Tone = Literal["look", "stop", "note", "received"]


@dataclass(frozen=True)
class Notice:
    """The banner above the form. `action` is what its button does, "" for none."""

    tone: Tone
    sentence: str
    detail: str = ""
    action: Literal["", "go_on", "bring_back"] = ""


@dataclass(frozen=True)
class SameCard:
    """Somebody who may be the person in the form. `key` tells the people of all lists apart.

    `subject` and `number` are there if the record is on this laptop. `freshness` says how old the
    list is that the card comes from, if it is not this laptop's.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...]  # the one that says most first
    this_nik: str = ""
    that_nik: str = ""
    face: bytes | None = None
    subject: UUID | None = None
    number: str = ""
    freshness: str = ""


@dataclass(frozen=True)
class SavedCard:
    """The number that was just given, for ten seconds."""

    subject: UUID
    number: str
    name: str


@dataclass(frozen=True)
class QueueRow:
    """One line of the left column; `key` is a subject or the name of a form set aside."""

    key: str
    lead: str
    name: str
    mark: str = ""
    word: str = ""


@dataclass(frozen=True)
class FocusWish:
    """Where the cursor should go; a new serial is a new wish."""

    place: str = "nik"
    serial: int = 0
    cursor: int = -1  # where in the text; -1 where it does not matter


@dataclass(frozen=True)
class RegistrationState:
    form: Form
    checks: Checks = field(default_factory=Checks)
    village: str = ""
    group: str = ""
    visit: VisitLine | None = None
    filled: int = 0
    nik_whole: bool = False
    nik_sure: bool = False
    same: tuple[SameCard, ...] = ()
    saved: SavedCard | None = None
    done: tuple[QueueRow, ...] = ()
    done_count: int = 0
    aside: tuple[QueueRow, ...] = ()
    waiting_print: int = 0
    tray_words: str = ""  # what the printer does with them, instead of how many wait
    last: LastWords = field(default_factory=LastWords)
    question: str = ""  # birth and sex by the NIK, to be asked aloud
    heir_order: str = ""  # whom the law puts first among those named
    brought: BroughtView = field(default_factory=BroughtView)
    listed_page: ListedPage = field(default_factory=ListedPage)
    notice: Notice | None = None
    alarm: str = ""  # what holds until the battery is charged
    panel: Panel = ""
    is_busy: bool = False
    drafts_work: bool = True  # is what is typed really being kept?
    focus: FocusWish = field(default_factory=FocusWish)

    @property
    def shown_notice(self) -> Notice | None:
        """Return the banner: what was just said, else what holds for a while."""
        return self.notice or (Notice("look", self.alarm) if self.alarm else None)

    @property
    def is_correcting(self) -> bool:
        return self.form.subject is not None

    @property
    def can_save(self) -> bool:
        return not self.form.is_empty and not self.is_busy

"""What a check needs to know besides the registration itself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from enumerator_app.domain.findings import Finding, Rulebook, Source
from enumerator_app.domain.form_policy import KkPolicy
from enumerator_app.domain.instants import WIB
from enumerator_app.domain.places import Places
from enumerator_app.domain.registration import Heir

NO_SUBJECT: Final = UUID(int=0)


@dataclass(frozen=True)
class CheckContext:
    """The day, the rules and the places that a check goes by.

    `now` becomes `registered_at` where the draft has none (without it, the start of `today`).
    `subject` names the heirs' ids, which are provisional without it; heirs in `known_heirs` keep
    the ids they have.
    """

    today: date
    today_is_certain: bool
    rulebook: Rulebook
    places: Places
    source: Source = "form"
    now: datetime | None = None
    subject: UUID = NO_SUBJECT
    known_heirs: tuple[Heir, ...] = ()
    kk_number: KkPolicy = "off"

    def finding(self, field: str, code: str, /, **parameters: str | int) -> Finding:
        """Return the finding of one rule, with its severity here and today."""
        return self.rulebook.finding(
            field, code, source=self.source, today_is_certain=self.today_is_certain, **parameters
        )

    @property
    def instant(self) -> datetime:
        """The instant of registering, in whole milliseconds."""
        if self.now is None:
            return datetime.combine(self.today, time(), WIB).astimezone(UTC)
        now = self.now.astimezone(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

"""Before leaving: each thing with one word, and what to do about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from enumerator_app.domain.instants import day_in_wib
from enumerator_app.services.brought import DistrictCheck
from enumerator_app.services.readiness import Readiness
from enumerator_app.texts import text
from enumerator_app.ui.battery import Battery
from enumerator_app.ui.worker_words import moment_words

Mark = Literal["ok", "check", "note", "stop"]
ENOUGH_PERCENT: Final = 60
LITTLE_PERCENT: Final = 20
SEND_AFTER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """One thing. `asked`: only a person can know; the row then has a button."""

    key: str
    mark: Mark
    word: str
    advice: str = ""
    asked: bool = False

    @property
    def title(self) -> str:
        return text(f"ready.{self.key}")


@dataclass(frozen=True, slots=True)
class Around:
    """What the window itself sees of the machine."""

    battery: Battery | None
    has_camera: bool
    has_drive: bool


@dataclass(frozen=True, slots=True)
class ReadyState:
    rows: tuple[ReadyRow, ...] = ()
    trouble: str = ""

    @property
    def open_points(self) -> int:
        return sum(row.mark in {"check", "stop"} for row in self.rows)


def ready_rows(
    found: Readiness, around: Around, now: datetime, *, is_practice: bool
) -> tuple[ReadyRow, ...]:
    """Return every thing in the order in which one would see to it."""
    return (
        *_office_says(found),
        _battery(around.battery),
        _paper(has_paper=found.has_paper),
        _camera(has_camera=around.has_camera),
        _clock(is_sure=found.clock_is_sure),
        _send(found, now, is_practice=is_practice),
        _counted("worklist", found.listed),
        _counted("seats", found.seats_left),
        *(() if is_practice else (_district(found.district),)),
        _drive(has_drive=around.has_drive),
    )


def _office_says(found: Readiness) -> tuple[ReadyRow, ...]:
    """Return what the office holds against this laptop: that comes before all that it carries."""
    if found.is_stopped:
        return (_row("laptop", "stop", "stopped"),)
    if found.is_halted:
        held = text("ready.slips_held", n=found.held_back) if found.held_back else ""
        row = _row("slips", "check", "halted")
        return (replace(row, advice=f"{row.advice} {held}".strip()),)
    return ()


def _battery(battery: Battery | None) -> ReadyRow:
    if battery is None:
        return _row("battery", "note", "unknown")
    words = text("ready.percent", n=battery.percent)
    if battery.percent >= ENOUGH_PERCENT:
        return ReadyRow("battery", "ok", words)
    little = battery.percent < LITTLE_PERCENT
    advice = "little" if little else "charging" if battery.is_plugged else "charge"
    return ReadyRow("battery", "check", words, text(f"ready.battery_{advice}"))


def _paper(*, has_paper: bool) -> ReadyRow:
    mark: Mark = "ok" if has_paper else "check"
    word = text("ready.paper_there" if has_paper else "ready.paper_asked")
    advice = "" if has_paper else text("ready.paper_advice")
    return ReadyRow("paper", mark, word, advice, asked=True)


def _camera(*, has_camera: bool) -> ReadyRow:
    return _row("camera", "ok", "there") if has_camera else _row("camera", "note", "none")


def _clock(*, is_sure: bool) -> ReadyRow:
    return _row("clock", "ok", "fits") if is_sure else _row("clock", "check", "unsure")


def _send(found: Readiness, now: datetime, *, is_practice: bool) -> ReadyRow:
    if is_practice:
        return _row("send", "note", "practice")
    if found.last_sync is None:
        return _row("send", "check", "never")
    words = moment_words(found.last_sync, day_in_wib(now))
    if found.pending or now - found.last_sync > SEND_AFTER:
        advice = text("ready.send_advice", n=found.pending)
        return ReadyRow("send", "check", words, advice)
    return ReadyRow("send", "ok", words)


def _counted(key: str, count: int | None) -> ReadyRow:
    """Return a row about something that the office gives along."""
    if count is None:
        return _row(key, "note", "none")
    if count == 0:
        return _row(key, "check", "empty")
    return ReadyRow(key, "ok", text(f"ready.{key}_there", n=count))


def _district(found: DistrictCheck) -> ReadyRow:
    """Return whether NIKs will be looked up at the table, and in a list of which day."""
    if found.answer == "no_list" or found.as_of is None:
        return _row("district", "check", "none")
    said = text("ready.district_day", day=f"{found.as_of:%d-%m}")
    if found.answer == "too_old":
        return ReadyRow("district", "check", said, text("ready.district_old"))
    return ReadyRow("district", "ok", said)


def _drive(*, has_drive: bool) -> ReadyRow:
    return _row("drive", "ok", "there") if has_drive else _row("drive", "note", "none")


def _row(key: str, mark: Mark, word: str) -> ReadyRow:
    """Return a row whose word and advice stand in the catalogue."""
    advice = "" if mark == "ok" else text(f"ready.{key}_{word}_advice")
    return ReadyRow(key, mark, text(f"ready.{key}_{word}"), advice)

"""What the visit page shows: how one is begun, how it stands, how it is closed."""

from dataclasses import dataclass, field
from typing import Literal

from enumerator_app.domain.instants import shown_date, shown_time
from enumerator_app.domain.typed import read_rupiah
from enumerator_app.domain.visits import Visit
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visits import GroupDraft
from enumerator_app.texts import text
from enumerator_app.ui.worker_words import weekday_long

Kind = Literal["loading", "opening", "running", "closing", "closed"]
Panel = Literal["", "village", "group", "consent"]


@dataclass(frozen=True)
class GroupTyping:
    """The group that is being typed."""

    name: str = ""
    foreman: str = ""
    occupation: str = ""
    monthly_income: str = ""


@dataclass(frozen=True)
class OpeningDraft:
    """What begins a visit; `earlier` are groups of the last one, `joined` which of them come."""

    village_code: str = ""
    place: str = ""
    tickets: str = ""
    earlier: tuple[GroupDraft, ...] = ()
    joined: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Witness:
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class VisitState:
    """`left` are sentences about what is unfinished, `recap` the line to copy by hand."""

    kind: Kind = "loading"
    panel: Panel = ""
    draft: OpeningDraft = field(default_factory=OpeningDraft)
    group: GroupTyping = field(default_factory=GroupTyping)
    witness: Witness = field(default_factory=Witness)
    standing: VisitStanding | None = None
    left: tuple[str, ...] = ()
    recap: str = ""
    village: str = ""
    trouble: str = ""
    notice: str = ""
    can_show_last: bool = False
    is_busy: bool = False


def typed_group(typed: GroupTyping) -> GroupDraft:
    """Return the group that was typed.

    Raises:
        NotUnderstood: the income is no money.
    """
    income = read_rupiah(typed.monthly_income) if typed.monthly_income.strip() else None
    name, foreman, work = typed.name.strip(), typed.foreman, typed.occupation
    return GroupDraft(name, foreman, work, monthly_income=income)


def place_title(visit: Visit, village: str) -> str:
    """Return "Balai Desa, Karangharja", or the village alone."""
    return f"{visit.place}, {village}" if visit.place else village


def day_words(visit: Visit) -> str:
    """Return "Minggu, 22-11-2026"."""
    return f"{weekday_long(visit.day)}, {shown_date(visit.day)}"


def groups_words(visit: Visit) -> str:
    return text("visit.groups_count", n=len(visit.groups))


def time_words(standing: VisitStanding) -> str:
    """Return how long the table has worked, and how long one person took."""
    minutes = standing.worked_s // 60
    worked = text("visit.worked", hours=minutes // 60, minutes=minutes % 60)
    each = each_words(standing)
    return f"{worked} · {each}" if each else worked


def each_words(standing: VisitStanding) -> str:
    """Return how long one person took; empty before the first."""
    people = standing.counts.present
    if not people:
        return ""
    seconds = standing.worked_s // people
    return text("visit.each", minutes=seconds // 60, seconds=seconds % 60)


def consent_words(standing: VisitStanding) -> str:
    consent = standing.visit.consent
    if consent is None:
        return text("visit.consent_missing")
    return text(
        "visit.consent_noted",
        time=shown_time(consent.at),
        witness=consent.witness,
        role=consent.witness_role,
    )

"""Who on this laptop may be the person in the form."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from enumerator_app.domain.duplicates import likeness
from enumerator_app.domain.registration import Registration, Sex
from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import ListedWorker

_SHOWN_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class PossibleSame:
    """A record that is like the form; `reasons` are codes with sentences `findings.reasons.*`."""

    subject: UUID
    number: str
    name: str
    birth_date: date | None
    village: str
    registered_at: datetime
    nik: str
    photo: str | None
    score: int
    reasons: tuple[str, ...]


def possible_same(store: Store, typed: Registration) -> tuple[PossibleSame, ...]:
    """Return the likeliest records first, at most three; withdrawn ones are not asked about."""
    near = store.similar_candidates(typed.birth_date, typed.village_code)
    known = {worker.subject: worker for worker in (*store.with_nik(typed.nik), *near)}
    judged = (_judged(worker, typed) for worker in known.values() if worker.state != "withdrawn")
    likely = sorted((found for found in judged if found), key=lambda found: -found.score)
    return tuple(likely[:_SHOWN_AT_MOST])


def _judged(worker: ListedWorker, typed: Registration) -> PossibleSame | None:
    judged = likeness(_as_registration(worker), typed)
    if not judged.is_likely:
        return None
    return PossibleSame(
        worker.subject,
        worker.number,
        worker.name,
        worker.birth_date,
        worker.village_code,
        worker.registered_at,
        worker.nik,
        worker.photo,
        judged.score,
        judged.reasons,
    )


def _as_registration(worker: ListedWorker) -> Registration:
    return Registration.model_construct(
        nik=worker.nik,
        name=worker.name,
        birth_date=worker.birth_date,
        sex=cast("Sex", worker.sex),
        mother_name=worker.mother_name,
        village_code=worker.village_code,
        registered_at=worker.registered_at,
    )

"""What is said about a visit: the recap to copy by hand, and what is unfinished."""

from enumerator_app.domain.places import Places
from enumerator_app.services.visit_standing import VisitStanding
from enumerator_app.services.visits import LeftOver
from enumerator_app.texts import text, thousands


def recap(standing: VisitStanding, places: Places) -> str:
    """Return the one line that goes to the office by telephone: counts and code, nobody's data."""
    counts, visit = standing.counts, standing.visit
    village = places.village(visit.village_code)
    head = text(
        "visits.recap",
        place=village.name if village else visit.village_code,
        day=f"{visit.day:%d-%m}",
        present=counts.present,
        recorded=counts.recorded,
        attended=counts.attended,
        waiting_nik=counts.waiting_nik,
    )
    absent = text("visits.recap_absent", n=counts.no_show) if counts.no_show else ""
    code = text("visits.recap_code", code=standing.code) if standing.code else ""
    return f"{head}{absent}.{code}"


def left_over_words(left: LeftOver) -> tuple[str, ...]:
    """Return one sentence for each thing that is unfinished."""
    numbers = {
        "waiting": left.waiting,
        "drafts": left.drafts,
        "unprinted": left.unprinted,
        "unsent": left.unsent,
    }
    return tuple(text(f"visits.left_{name}", n=thousands(n)) for name, n in numbers.items() if n)

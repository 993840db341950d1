"""Ask the office's server what its own description allows, and compare each answer with it.

    python -m tests.faults.as_described --cases 5000 [--control]

Requests are made from the OpenAPI description by schemathesis, for each operation the same number,
and signed by a real laptop; the real server answers on a socket. Asked of every answer: no 5xx, a
status, a kind and a content that the description names, and no more than a second of work. With
`--control` the description names no refusal: a campaign that does not notice that compares nothing.
Prints one JSON object.
"""

import copy
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from sync.server.describing import description
from tests.faults.reporting import campaign_options, concluded
from tests.server.described_cases import enrolled_laptop, schema_of, wrong_with
from tests.server.laptops import Laptop
from tests.server.offices import new_office, serving


def main() -> int:
    options = campaign_options(__doc__ or "", cases=5_000).parse_args()
    return concluded(
        options, lambda: run_campaign(options.cases, options.seed, control=options.control)
    )


def run_campaign(cases: int, first_seed: int, *, control: bool) -> dict[str, Any]:
    schema = schema_of(without_refusals() if control else description())
    operations = [found.ok() for found in schema.get_all_operations()]
    asked: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        office = new_office(Path(folder) / "office", None)
        with serving(office) as place:
            laptop = enrolled_laptop(office, place)
            turn = 0
            while asked.total() < cases:  # an operation may have fewer cases than its share
                share = -(-(cases - asked.total()) // len(operations))
                for operation in operations:
                    wrong += _asked(operation, laptop, share, first_seed + turn, asked)
                turn += 1
        office.close()
    return {
        "control": "the description names no refusal" if control else None,
        "cases": asked.total(), "operations": len(operations), "wrong": len(wrong),
        "least_of_an_operation": min(asked.values()), "first": wrong[:5],
        "as_expected": bool(wrong) if control else not wrong,
    }  # fmt: skip


def without_refusals() -> dict[str, Any]:
    told = copy.deepcopy(dict(description()))
    for path in told["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            operation["responses"] = {k: v for k, v in answers.items() if k.startswith("2")}
    return told


def _asked(
    operation: Any, laptop: Laptop, cases: int, from_seed: int, asked: Counter[str]
) -> list[str]:
    """Ask so many cases of one operation; return what was wrong."""
    name, wrong = f"{operation.method.upper()} {operation.path}", []

    @seed(from_seed)
    @settings(
        max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def each(case: Any) -> None:
        asked[name] += 1
        if said := wrong_with(case, laptop):
            wrong.append(f"{name}: {said}"[:300])

    each()
    return wrong


if __name__ == "__main__":
    sys.exit(main())

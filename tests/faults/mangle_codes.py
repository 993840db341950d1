"""A campaign: codes broken by their structure; each is refused in a sentence, and none raises.

`python -m tests.faults.mangle_codes --codes 100000 [--control]`: bits and cuts, CBOR heads of up to
2^64 bytes, nested tags, other COSE forms of the same card, changed claims under the old signature,
base45 beyond its groups, letters of other scripts, splices of cards, and claims that no program
writes under a right signature. The control does not compare the one form of a seal.
"""

import sys
import time
from collections import Counter
from typing import Any

from enumerator_app.cards import seal as seal_module
from enumerator_app.cards.seal import open_seal
from tests.faults.reporting import campaign_options, concluded
from tests.verifier.corpus import TODAY, mutations, trust_list


def main() -> int:
    options = campaign_options(__doc__, codes=100_000).parse_args()
    return concluded(
        options, lambda: run_campaign(options.codes, options.seed, control=options.control)
    )


def run_campaign(codes: int, seed: int, *, control: bool = False) -> dict[str, Any]:
    kept = seal_module._is_canonical
    reasons: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    accepted, slowest, trust = 0, 0.0, trust_list()
    if control:
        seal_module._is_canonical = lambda _frame, _raw: True
    try:
        for code in mutations(codes, seed):
            start = time.perf_counter()
            try:
                verdict = open_seal(code, trust, TODAY)
                assert verdict.sentence()
            except Exception as error:  # noqa: BLE001 - what is counted here
                errors[type(error).__name__] += 1
                continue
            slowest = max(slowest, time.perf_counter() - start)
            accepted += verdict.is_accepted
            reasons[verdict.reason.rsplit(".", 1)[-1]] += 1
    finally:
        seal_module._is_canonical = kept
    return {
        "control": "the one form is not compared" if control else None,
        "codes": codes,
        "accepted": accepted,
        "errors": sum(errors.values()),
        "kinds_of_error": dict(errors) or None,
        "reasons": dict(sorted(reasons.items())),
        "slowest_ms": round(slowest * 1000, 1),
        "as_expected": (accepted > 0) if control else (accepted == 0 and not errors),
    }


if __name__ == "__main__":
    sys.exit(main())

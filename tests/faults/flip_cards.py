"""A campaign: every single bit of many cards turned, one at a time; none may pass as genuine.

`python -m tests.faults.flip_cards --cards 200 [--control]`. Half are slips, half are active cards.
The control reads as a general COSE reader does, without comparing the one form of a seal: then
some of the changed codes pass, which is what the comparison is for.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from enumerator_app.cards import seal as seal_module
from enumerator_app.cards.base45 import from_base45, to_base45
from enumerator_app.cards.seal import PREFIX, open_seal
from tests.faults.reporting import campaign_options, concluded
from tests.verifier.corpus import TODAY, claims, sealed, trust_list

_NAMES = ("Siti Maemunah", "Ali", "Nur Hidayati Kusumawardhani", "Mu\u00edz \u00d6ner", "R. Ujang")


def main() -> int:
    options = campaign_options(__doc__, cards=200).parse_args()
    return concluded(
        options, lambda: run_campaign(options.cards, options.seed, control=options.control)
    )


def run_campaign(cards: int, seed: int = 1, *, control: bool = False) -> dict[str, Any]:
    kept = seal_module._is_canonical
    words: Counter[str] = Counter()
    shown = 0
    trust = trust_list()
    if control:
        seal_module._is_canonical = lambda _frame, _raw: True
    try:
        for code in _cards(cards, seed):
            assert open_seal(code, trust, TODAY).word == "genuine"
            for changed in _flips(code):
                verdict = open_seal(changed, trust, TODAY)
                words[verdict.word] += 1
                shown += verdict.claims is not None and not verdict.is_accepted
    finally:
        seal_module._is_canonical = kept
    accepted = words["genuine"] + words["stale_list"]
    return {
        "control": "the one form is not compared" if control else None,
        "cards": cards,
        "bits_turned": sum(words.values()),
        "accepted": accepted,
        "unproven_content_shown": shown,
        "refused": {word: n for word, n in sorted(words.items()) if word != "genuine"},
        "as_expected": (accepted > 0) if control else (accepted == 0 and shown == 0),
    }


def _cards(count: int, seed: int) -> Iterator[str]:
    dice = random.Random(seed)
    for serial in range(1, count + 1):
        kind = ("provisional", "active")[serial % 2]
        yield sealed(claims(serial, dice.choice(_NAMES), kind, issue=dice.randint(1, 999)))


def _flips(code: str) -> Iterator[str]:
    raw = from_base45(code.removeprefix(PREFIX))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        yield PREFIX + to_base45(bytes(changed))


if __name__ == "__main__":
    sys.exit(main())

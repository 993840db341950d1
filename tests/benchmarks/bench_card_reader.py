"""Reading drawn identity cards, two pictures each: digits right, wrong proposals, silence, cost.

Run: `python -m tests.benchmarks.bench_card_reader [--cards 40]`; prints one JSON object. Light,
tilt, blur, glare and wear grow from card to card. `wrong` counts proposals that a person would have
to catch; silence costs typing only. Goals: no wrong NIK, and a NIK proposed for most cards.
"""

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections import Counter
from typing import Any

from enumerator_app.domain.ktp_text import FIELDS
from enumerator_app.services.card_sight import load_letters, propose
from tests.benchmarks.drawn_cards import Drawn, as_seen, drawn_person


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    json.dump(measured(options.cards, options.seed), sys.stdout, indent=1)
    sys.stdout.write("\n")


def measured(cards: int, seed: int) -> dict[str, Any]:
    """Return the report over so many cards, the last ones the worst."""
    dice = random.Random(seed)
    began = time.perf_counter()
    letters = load_letters()
    loading = time.perf_counter() - began
    right, wrong = Counter[str](), Counter[str]()
    seconds: list[float] = []
    for number in range(cards):
        card, badness = drawn_person(dice), number / max(1, cards - 1)
        pictures = [as_seen(card, dice, badness) for _ in range(2)]
        began = time.perf_counter()
        found = propose(pictures, letters)
        seconds.append(time.perf_counter() - began)
        for name, value in truth(card).items():
            if name in found:
                (right if found[name] == value else wrong)[name] += 1
    proposed = sum(right.values()) + sum(wrong.values())
    return {
        "cards": cards,
        "seed": seed,
        "nik_right": round(right["nik"] / cards, 3),
        "nik_wrong": wrong["nik"],
        "nik_silent": round(1 - (right["nik"] + wrong["nik"]) / cards, 3),
        "fields_right_of_proposed": round(sum(right.values()) / max(1, proposed), 4),
        "fields_proposed": round(proposed / (cards * len(FIELDS)), 4),
        "wrong": dict(sorted(wrong.items())),
        "seconds_to_load": round(loading, 2),
        "seconds_for_two_pictures": round(statistics.median(seconds), 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def truth(card: Drawn) -> dict[str, str]:
    """What a right proposal would be."""
    return {
        "nik": card.nik,
        "name": card.name,
        "birth_place": card.birth_place,
        "birth_date": f"{card.birth_date:%d-%m-%Y}",
        "sex": card.sex,
        "address": card.address,
        "rt": card.rt,
        "rw": card.rw,
        "village": card.village,
        "district": card.district,
    }


if __name__ == "__main__":
    main()

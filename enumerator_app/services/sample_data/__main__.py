"""`python -m enumerator_app.services.sample_data --workers 500 --seed 1 --output DIR`."""

import argparse
import sys
from pathlib import Path

from enumerator_app.services.sample_data import KINDS, write_sample_data


def main() -> int:
    """Write a sample as the options say, and print where it lies."""
    parser = argparse.ArgumentParser(prog="sample_data", description=__doc__)
    parser.add_argument("--workers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--portraits", type=int, default=None, help="at most so many pictures")
    parser.add_argument("--kind", action="append", choices=KINDS, help="also several times")
    options = parser.parse_args()
    path = write_sample_data(
        options.output,
        workers=options.workers,
        seed=options.seed,
        portraits=options.portraits,
        kinds=options.kind or ("jsonl",),
    )
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

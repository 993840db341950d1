"""Take the pictures of the office's pages anew: a real server with an invented regency in it.

    python -m tests.office_screens --output docs/pictures [--people 48217] [--language en]

Each picture is what a browser shows of a page. Only those that the manual shows are taken, or with
`--all` every one. Nobody in them exists.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog
from PIL import Image

from tests.benchmarks.seeded_office import World, fill
from tests.browsing import seen_by
from tests.screens import shown_pictures
from tests.server.offices import new_office

PAGES = {
    "kantor-ringkasan": "/",
    "kantor-pendataan": "/people?district=321613&state=look",
    "kantor-laptop": "/devices",
    "kantor-kursi": "/lists",
    "kantor-kertas": "/lists/papers",
}
SIZE = (1366, 900)
COLOURS = 128


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--people", type=int, default=48_217, metavar="N")
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder:
        office = new_office(Path(folder) / "office", None)
        fill(office, World(people=options.people, target=75_903, now=datetime.now(UTC)))
        with seen_by(office, "coordinator", options.language) as seen, seen.page(*SIZE) as page:
            wanted = set(PAGES) if options.all else shown_pictures()
            for name, path in ((n, p) for n, p in PAGES.items() if n in wanted):
                seen.go(page, path)
                _keep(options.output / f"{name}.png", page.screenshot())
        office.close()
    return 0


def _keep(path: Path, picture: bytes) -> None:
    """Write a picture with few colours: it halves, and nobody sees it."""
    path.write_bytes(picture)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())

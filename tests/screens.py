"""Take the pictures of the manual anew: play the demo, keep its windows and its papers small.

    python -m tests.screens --output docs/pictures

The demo works the real window with key presses against a real office on sample people, so no
picture shows anything that the programs did not do. Only what some page shows is kept.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

PAPERS = {"bukti-pendataan.pdf": "lembar-bukti", "kartu.pdf": "lembar-kartu"}
ROOT = Path(__file__).resolve().parent.parent
PAPER_DPI = 110
COLOURS = 160


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--workers", type=int, default=24, metavar="N")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        results = _played(Path(folder), options.workers)
        pages = {name for name in shown_pictures() if not name.startswith("kantor-")}
        for name in pages - set(PAPERS.values()):
            _keep(Image.open(results / "layar" / f"{name}.png"), options.output / f"{name}.png")
        for name, picture in PAPERS.items():
            _keep(_first_page(results / name), options.output / f"{picture}.png")
    return 0


def shown_pictures() -> set[str]:
    """Return the names of the pictures that pages show."""
    pages = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return set(re.findall(r"pictures/([\w-]+)\.png", text))


def _played(folder: Path, workers: int) -> Path:
    """Play the whole demo and return the folder of its results."""
    demo = [sys.executable, "-m", "enumerator_app", "demo"]
    subprocess.run([*demo, "--workers", str(workers), "--keep", folder], check=True)
    return folder / "results"


def _first_page(path: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    page: Image.Image = document[0].render(scale=PAPER_DPI / 72).to_pil()
    document.close()
    return page


def _keep(picture: Image.Image, path: Path) -> None:
    """Write a small PNG: screens have few colours."""
    dither, method = Image.Dither.NONE, Image.Quantize.MEDIANCUT
    few = picture.convert("RGB").quantize(COLOURS, method=method, dither=dither)
    few.save(path, optimize=True)
    sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    sys.exit(main())

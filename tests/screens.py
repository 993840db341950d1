"""Take the pictures of the manual anew, from the running window on invented people.

    python -m tests.screens --output docs/pictures

A practice laptop in a temporary folder is filled through the same rules as a file of paper forms;
then the real window is unlocked and each of its pages is opened and taken.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from PIL import Image
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice
from PySide6.QtWidgets import QApplication

from enumerator_app.bootstrap.laptops import practice_laptop
from enumerator_app.bootstrap.window import doors_of
from enumerator_app.services.filing import register_file
from enumerator_app.services.sample_data import write_sample_data
from enumerator_app.storage.passphrases import KdfCost
from enumerator_app.ui.jobs import Job
from enumerator_app.ui.session.run import application
from enumerator_app.ui.session.session import WindowSession
from enumerator_app.ui.unlock.presenter import UnlockPresenter
from enumerator_app.ui.unlock.state import Mode
from enumerator_app.ui.unlock.view import UnlockView

OPERATOR, PASSPHRASE = "Nining Suryani", "sawah padi hujan kerbau pematang"
WIDTH_PX, HEIGHT_PX = 1366, 768
PATIENCE_S = 30
CARD_DPI = 110
COLOURS = 160
PAGES = {
    "home": "beranda",
    "registration": "daftarkan",
    "workers": "data-pekerja",
    "printing": "cetak",
    "corrections": "perbaikan",
    "sending": "kirim",
    "settings": "pengaturan",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--workers", type=int, default=24, metavar="N")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "laptop"
        sheet = _fill(home, Path(folder), options.workers)
        _keep(_drawn_sheet(sheet), options.output / "lembar-bukti.png")
        for name, picture in _windows(home):
            _keep(picture, options.output / f"{name}.png")
            sys.stdout.write(f"{name}\n")
    return 0


def _fill(home: Path, folder: Path, workers: int) -> Path:
    """Register the sample on a practice laptop and print its first sheet."""
    sample = write_sample_data(folder / "sample", workers=workers, seed=20261122)
    cheap = KdfCost(8, 1, 1)  # nobody attacks this laptop
    laptop = practice_laptop(home, operator_name=OPERATOR, passphrase=PASSPHRASE, cost=cheap)
    with laptop:
        register_file(laptop.registering, sample, on_saved=lambda _: None)
        first = [worker.subject for worker in laptop.to_print()[:5]]
        laptop.print_cards(first, folder / "sheet.pdf", sheet="a4-5-fold")
    return folder / "sheet.pdf"


def _drawn_sheet(path: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    picture: Image.Image = document[0].render(scale=CARD_DPI / 72).to_pil()
    document.close()
    return picture


def _windows(home: Path) -> Iterator[tuple[str, Image.Image]]:
    """Yield each page of the window by its key, first of all the lock."""
    running = application()
    session = WindowSession(doors_of(home), motion=False)
    window = session.window
    window.resize(WIDTH_PX, HEIGHT_PX)
    window.show()
    _wait(running, window.isVisible)
    yield "buka-kunci", _taken(running, session)
    _unlock(running, session)
    for key, name in PAGES.items():
        window.open_page(key)
        yield name, _taken(running, session)
    window.close()
    session.close()


def _unlock(running: QApplication, session: WindowSession) -> None:
    """Give the passphrase, and leave the six digits for the day aside."""
    view, presenter = session.window.current_view(), session.findChild(UnlockPresenter)
    assert isinstance(view, UnlockView)
    assert presenter is not None
    opened: list[object] = []
    session.opened.connect(opened.append)
    view.submitted.emit(PASSPHRASE)
    _wait(running, lambda: presenter.state.mode is Mode.NEW_DIGITS)
    view.digits_skipped.emit()
    _wait(running, lambda: bool(opened))


def _taken(running: QApplication, session: WindowSession) -> Image.Image:
    """Return the window as it is once nothing runs beside it any more."""

    def is_quiet() -> bool:
        everything = [session, *session.findChildren(Job), *session.window.findChildren(Job)]
        return not any(isinstance(job, Job) and job.isRunning() for job in everything)

    for _ in range(3):  # one job may start the next
        _wait(running, is_quiet)
        running.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 200)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    session.window.grab().save(buffer, "PNG")  # type: ignore[call-overload] # stubs want bytes
    return Image.open(io.BytesIO(buffer.data().data()))


def _wait(running: QApplication, until: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > ends:
            raise TimeoutError(until)
        running.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
    running.processEvents()


def _keep(picture: Image.Image, path: Path) -> None:
    """Write a small PNG: screens have few colours."""
    dither, method = Image.Dither.NONE, Image.Quantize.MEDIANCUT
    few = picture.convert("RGB").quantize(COLOURS, method=method, dither=dither)
    few.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())

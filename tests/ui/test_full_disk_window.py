"""A disk that is really full, under the window: it is said, the form stays, and is saved later."""

import subprocess

import pytest

from enumerator_app.ui.jobs import finish_jobs
from tests.ui.open_laptops import new_laptop
from tests.ui.table import of_the_group, open_table


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(line, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let tests mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=False)


def fill(disk):
    with (disk / "other").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def test_a_full_disk_is_said_and_the_form_goes_through_once_there_is_room(qtbot, shown, small_disk):
    with new_laptop(small_disk) as laptop:
        of_the_group(
            laptop, occupation="Buruh tani", workplace="Poktan Sri Mukti",
            monthly_income="1000000", programmes="JKK+JKM", consent_method="group",
        )  # fmt: skip
        table = open_table(qtbot, shown, laptop)
        table.fill()
        fill(small_disk)
        table.save()
        table.until(lambda: table.state.notice is not None)
        assert table.state.notice.sentence == "Penyimpanan penuh."
        assert table.state.form.value("name") == "SITI MAEMUNAH"
        assert table.state.saved is None
        assert laptop.counts().registrations == 0
        (small_disk / "other").unlink()
        table.save()
        table.until(lambda: table.state.saved is not None)
        assert laptop.counts().registrations == 1
        table.page.stop()
        assert finish_jobs(table.page)

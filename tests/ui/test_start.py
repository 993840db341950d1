"""The first page is painted before anything heavy is loaded."""

import os
import subprocess
import sys

import pytest

from enumerator_app.bootstrap.laptops import practice_laptop
from tests.cheap_secrets import CHEAP_LAPTOP

HEAVY = (
    "enumerator_app.storage", "enumerator_app.services", "enumerator_app.cards", "sqlmodel",
    "sqlalchemy", "pydantic", "sqlcipher3", "reportlab", "requests", "PIL", "cryptography",
)  # fmt: skip

SCRIPT = """
import sys
from pathlib import Path
from enumerator_app.bootstrap.window import doors_of
from enumerator_app.ui.session.run import application
from enumerator_app.ui.session.session import WindowSession
app = application()
session = WindowSession(doors_of(Path(sys.argv[1])))
session.window.show()
app.processEvents()
assert session.window.grab().width() > 0
print(" ".join(sorted(sys.modules)))
"""


def loaded_at_first_paint(home):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    return done.stdout.split()


@pytest.fixture
def set_up_home(tmp_path):
    practice_laptop(
        tmp_path / "home",
        operator_name="Nining",
        passphrase="lima kata yang panjang sekali",
        cost=CHEAP_LAPTOP,
    ).close()
    return tmp_path / "home"


def test_a_first_start_paints_before_rules_and_storage_are_loaded(tmp_path):
    assert_light(loaded_at_first_paint(tmp_path / "home"))


def test_the_unlock_page_paints_before_rules_and_storage_are_loaded(set_up_home):
    assert_light(loaded_at_first_paint(set_up_home))


def assert_light(loaded):
    heavy = [name for name in loaded if name.startswith(HEAVY)]
    rules = [name for name in loaded if name.startswith("enumerator_app.domain.")]
    assert heavy == []
    assert set(rules) <= {"enumerator_app.domain.errors"}

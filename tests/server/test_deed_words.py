"""Every deed that the office writes into its trail has words in both languages."""

import ast
from pathlib import Path

import pytest

from enumerator_app.texts import catalogue
from sync.server.covering.ending import REASONS as ENDS
from sync.server.papers.kinds import KINDS
from sync.server.people.audit import audit
from sync.server.web.service import _CARD_REASONS
from tests.server.people import signed_in
from tests.server.test_deciding_pages import words

SERVER = Path(__file__).parents[2] / "sync" / "server"
WRITERS = {"audit": 3, "journalled": 2, "_note": 2}
"""The calls that write a deed, and where its name stands."""
BUILT = (
    *(f"ended_{one}" for one in ENDS),
    *(f"card_again_{one}" for one in _CARD_REASONS),
    *(f"paper_{one}" for one in KINDS),
    "case_decided", "visit_decided", "record_decided", "case_undone", "visit_undone",
    "record_undone",
)  # fmt: skip


def written() -> set[str]:
    found = set()
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = WRITERS.get(node.func.id)
                deed = node.args[place] if place and len(node.args) > place else None
                if isinstance(deed, ast.Constant):
                    found.add(str(deed.value))
    return found


def test_every_deed_has_words():
    names = written()
    assert len(names) > 30
    keys = (f"web.deed_{name.replace('-', '_')}" for name in (*names, *BUILT))
    assert sorted(key for key in keys if key not in catalogue()) == []


@pytest.mark.parametrize(("language", "said"), [("id", "Mencari orang"), ("en", "Searched for")])
def test_a_deed_about_nobody_is_not_about_everybody(sqlite_office, language, said):
    with sqlite_office.database.writing() as connection:
        audit(sqlite_office, connection, "command line", "searched_at_desk")
    page = signed_in(sqlite_office, "auditor").get(f"/audit?lang={language}").text
    rows = [row for row in page.split("<tbody")[1].split("<tr") if said in row]
    assert len(rows) == 1
    assert "Semua orang" not in words(rows[0])
    assert "Everybody" not in words(rows[0])

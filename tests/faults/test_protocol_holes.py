"""The page of holes names code that exists, and every control; one is tried in full."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.faults.protocol_controls import CONTROLS, run_test

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows():
    return ROW.findall((ROOT / "docs" / "protocol_holes.md").read_text(encoding="utf-8"))


def test_every_hole_of_the_protocol_has_its_row():
    assert [int(number) for number, *_ in rows()] == list(range(1, 28))


@pytest.mark.parametrize(("number", "places", "_controls"), rows())
def test_the_code_that_closes_a_hole_is_there(number, places, _controls):
    for place in re.findall(r"`([\w.]+)`", places):
        assert found(place) is not None, (number, place)


def found(place):
    parts = place.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            here = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            here = getattr(here, name)
        return here
    return None


def test_every_control_stands_in_one_row_and_every_row_has_one_or_says_why():
    named = [one.strip() for _, _, said in rows() for one in said.split(",") if "none:" not in said]
    assert sorted(named) == sorted(CONTROLS)


@pytest.mark.parametrize("name", CONTROLS)
def test_the_test_of_a_control_exists(name):
    path, _, function = CONTROLS[name].test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert function.split("[")[0] in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.slow  # one of `make controls`
@pytest.mark.parametrize("name", ["13"])
def test_without_its_rule_a_named_test_fails(name):
    assert run_test(CONTROLS[name].test, None) == 0
    assert run_test(CONTROLS[name].test, name) == 1

"""The house keeps its own rules: sizes, layers, sentences, and nothing of one machine in it."""

import ast
import re
import shutil
import statistics
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import pytest

from enumerator_app.texts import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("enumerator_app", "sync")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    path: Path
    name: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.path.read_text(encoding="utf-8").splitlines())


@cache
def modules() -> tuple[Module, ...]:
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(
        Module(path, _dotted(path), ast.parse(path.read_text(encoding="utf-8"))) for path in found
    )


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _length(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def _classes() -> Iterator[tuple[Module, ast.ClassDef]]:
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                yield module, node


def committed_files() -> list[Path]:
    """Every text file that belongs to the repository, or would be committed next."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


# Sizes


def test_functions_are_short() -> None:
    everything = (node for module in modules() for node in ast.walk(module.tree))
    lengths = sorted(_length(node) for node in everything if isinstance(node, FUNCTION))
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 95 // 100] <= 40


def test_no_module_is_longer_than_400_lines() -> None:
    assert {m.name: m.lines for m in modules() if m.lines > 400} == {}


def test_no_class_is_longer_than_200_lines() -> None:
    lengths = {f"{m.name}.{node.name}": _length(node) for m, node in _classes()}
    assert {name: length for name, length in lengths.items() if length > 200} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"util", "utils", "helper", "helpers", "manager", "handler", "data", "misc", "common"}
    assert [m.name for m in modules() if m.name.rpartition(".")[2] in empty] == []


# Imports


def _imports(module: Module, known: set[str]) -> Iterator[str]:
    """The house's own modules that are imported anywhere in `module`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else node.module for name in below]
        else:
            continue
        yield from (name for name in names if name in known)


def _cycle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of imports, or an empty list."""
    settled: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in settled:
            return []
        for target in sorted(graph[name]):
            if found := walk(target, [*trail, name]):
                return found
        settled.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = {module.name for module in modules()}
    graph = {module.name: set(_imports(module, known)) - {module.name} for module in modules()}
    assert _cycle(graph) == []


def test_a_circle_of_imports_is_found() -> None:
    assert _cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def _lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"],
        cwd=where,
        env={"PYTHONPATH": str(where), "PATH": "", "LANG": "C.UTF-8"},
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_import_rules_hold() -> None:
    answer = _lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout


PLANTED = {
    "a layer that looks up": ("enumerator_app/domain/planted.py", "import enumerator_app.storage"),
    "SQL in a service": ("enumerator_app/services/planted.py", "import sqlcipher3"),
    "Qt in the cards": ("enumerator_app/cards/planted.py", "from PySide6 import QtGui"),
    "a part without a layer": ("enumerator_app/planted.py", "x = 1"),
    "the server reading a laptop": ("sync/server/planted.py", "import enumerator_app.storage"),
    "siblings that know each other": ("sync/client/planted.py", "import sync.server"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_import_rules_find(what: str, tmp_path: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    place, line = PLANTED[what]
    (tmp_path / place).write_text(f"{line}\n")
    answer = _lint_imports(tmp_path)
    assert answer.returncode == 1, answer.stdout
    assert "BROKEN" in answer.stdout


ALLOWED = {
    "Qt only in ui": {"enumerator_app.ui"},
    "reportlab and pypdfium2 only in cards": {"enumerator_app.cards"},
    "requests only in sync.client": {"sync.client"},
    "fastapi only in sync.server": {"sync.server"},
    "SQL only in storage and sync.server": {"enumerator_app.storage", "sync.server"},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_rule_speaks_of_every_part_but_the_allowed(name: str) -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = next(c["source_modules"] for c in rules["contracts"] if c["name"] == name)
    parts = {m.name for m in modules() if m.name.count(".") == 1}
    assert set(named) == parts - ALLOWED[name]


# Sentences


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_sentence_is_there_in_both_languages_with_the_same_places() -> None:
    wrong = {
        key: said
        for key, said in catalogue().items()
        if set(said) != set(LANGUAGES) or _places(said["id"]) != _places(said["en"])
    }
    assert wrong == {}


def test_no_sentence_is_written_twice() -> None:
    seen: dict[str, str] = {}
    for path in sorted((ROOT / "resources" / "texts").glob("*.toml")):
        for key in re.findall(r"^\[([^\]]+)\]", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert key not in seen, f"{key} stands in {seen[key]} and in {path.name}"
            seen[key] = path.name
    assert set(seen) == set(catalogue())


def test_no_sentence_is_empty_or_shouts() -> None:
    sentences = [(key, said[lang]) for key, said in catalogue().items() for lang in LANGUAGES]
    assert [key for key, sentence in sentences if not sentence.strip() or "!" in sentence] == []


def _constant_keys() -> Iterator[tuple[str, str]]:
    """The place and the key of each `text("area.key")` whose key stands in the source."""
    for module in modules():
        if "enumerator_app.texts.text" not in _imports(module, {"enumerator_app.texts.text"}):
            continue  # another `text`, such as SQLAlchemy's
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                key = node.args[0]
                if node.func.id == "text" and isinstance(key, ast.Constant):
                    yield f"{module.name}:{node.lineno}", str(key.value)


def test_every_sentence_that_the_program_asks_for_is_in_the_catalogue() -> None:
    known = catalogue()
    assert {place: key for place, key in _constant_keys() if key not in known} == {}


# Errors


def _errors() -> dict[str, ast.ClassDef]:
    """Every class of the house that is a KnownError, by name."""
    classes = {node.name: node for _, node in _classes()}

    def is_known(name: str) -> bool:
        bases = classes[name].bases if name in classes else []
        return name == "KnownError" or any(
            is_known(base.id) for base in bases if isinstance(base, ast.Name)
        )

    return {name: n for name, n in classes.items() if name != "KnownError" and is_known(name)}


def _own(node: ast.ClassDef, attribute: str) -> object:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
        else:
            continue
        if isinstance(target, ast.Name) and target.id == attribute:
            return ast.literal_eval(value)
    return None


def error_codes() -> dict[str, str]:
    return {name: str(code) for name, node in _errors().items() if (code := _own(node, "code"))}


def test_there_are_errors_to_look_at() -> None:
    assert len(error_codes()) >= 20


def test_every_error_has_a_code_of_its_own() -> None:
    codes = list(error_codes().values())
    assert sorted(codes) == sorted(set(codes))


def test_every_error_has_a_sentence_in_both_languages() -> None:
    known = catalogue()
    assert {code for code in error_codes().values() if f"errors.{code}" not in known} == set()


def test_every_sentence_about_an_error_belongs_to_one() -> None:
    codes = {f"errors.{code}" for code in error_codes().values()}
    assert {key for key in catalogue() if key.startswith("errors.")} - codes == set()


def test_exit_codes_are_those_that_the_commands_promise() -> None:
    promised = {None, *range(1, 9)}
    numbers = {name: _own(node, "exit_code") for name, node in _errors().items()}
    assert {name for name, number in numbers.items() if number not in promised} == set()


def _raised() -> Iterator[tuple[str, str, set[str | None]]]:
    """The place, the name and the keywords of each error that is made or raised bare."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = {keyword.arg for keyword in node.keywords}
                yield f"{module.name}:{node.lineno}", node.func.id, given
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                yield f"{module.name}:{node.lineno}", node.exc.id, set()


def test_an_error_is_raised_with_everything_its_sentence_names() -> None:
    codes, known, missing = error_codes(), catalogue(), {}
    for place, name, given in _raised():
        key = f"errors.{codes.get(name)}"
        lacking = _places(known[key]["id"]) - given if key in known else set()
        if lacking and None not in given:
            missing[place] = lacking
    assert missing == {}


# What the catalogue calls a value.
NAMED = re.compile(r"(\{\w+):[\w.]+\*\}")
# The word for many of something, out of the two that a sentence has.
COUNTED = re.compile(r"\{\w+:[^{}|]+\|([^{}|]+)\}")


@pytest.mark.parametrize(("page", "language"), [("pesan.md", "id"), ("messages.md", "en")])
def test_the_manual_explains_every_error_in_its_own_words(page: str, language: str) -> None:
    manual = (ROOT / "docs" / "manual" / page).read_text(encoding="utf-8")
    for code in error_codes().values():
        assert f'<a id="{code}"></a>' in manual, f"{code} has no place in the manual"
        sentence = COUNTED.sub(r"\1", catalogue()[f"errors.{code}"][language])
        sentence = NAMED.sub(r"\1}", sentence)
        assert sentence in manual, f"the manual does not quote {code} as it is said"


# What is committed

# Written in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            r"pypi" + r"\.org",
            r"python" + r"hosted",
            r"index" + r"-url\s*=",
            r"deb" + r"ian\.org/debian",
            r"registry\." + r"npmjs",
            r"/" + r"work/(main|shared)",
            r"/" + r"root\b",
            r"/" + r"home/[a-z]",
            r"/" + r"tmp/[a-z]",
            r"\.py" + r"env\b",
        )
    )
)


def test_no_committed_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = {}
    for path in committed_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        if matches := sorted({match.group() for match in FOREIGN.finditer(text)}):
            found[str(path.relative_to(ROOT))] = matches
    assert found == {}


def test_every_silenced_rule_says_why() -> None:
    found = []
    for folder in (*PACKAGES, "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = ["", *path.read_text(encoding="utf-8").splitlines()]
            for number, (above, line) in enumerate(pairwise(lines), start=1):
                said_above = above.lstrip().startswith("# ") and len(above.split()) > 3
                if re.search(r"#\s*noqa", line) and not (said_above or _has_reason(line)):
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def _has_reason(line: str) -> bool:
    """The silenced code is named, and words follow it."""
    said = re.search(r"#\s*noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*(.*)", line)
    return said is not None and re.search(r"[a-z]{4,}", said.group(1)) is not None


def test_every_dependency_is_pinned_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    locked = (ROOT / "requirements-dev.lock").read_text()
    for requirement in chain.from_iterable(groups):
        pin = re.match(r"([A-Za-z0-9_.-]+)(?:\[[a-z0-9,]+\])?==([^;\s]+)", requirement)
        assert pin, f"{requirement} is not pinned"
        name = re.sub(r"[-_.]+", "-", pin[1]).lower()
        line = rf"^{re.escape(name)}(\[[a-z0-9,]+\])?=={re.escape(pin[2])} "
        assert re.search(line, locked, re.MULTILINE), f"{name} is not locked"

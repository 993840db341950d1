"""Sample people: repeatable, well formed, clearly invented, and never an error for the rules."""

import hashlib
import io
import itertools
import json
import re
import subprocess
import sys
from datetime import date
from uuid import uuid4

import lokal
import pytest
from PIL import Image

from enumerator_app.domain.check_context import CheckContext
from enumerator_app.domain.checking import check_draft
from enumerator_app.domain.nik import parse_nik
from enumerator_app.domain.reference import load_places, load_rulebook
from enumerator_app.resource_files import read_toml
from enumerator_app.services.paper_forms import read_paper_forms
from enumerator_app.services.sample_data import KINDS, sample_rows, write_sample_data
from enumerator_app.services.sample_data.problems import CASES

TODAY = date(2026, 11, 22)


def checked(draft):
    context = CheckContext(
        today=TODAY,
        today_is_certain=True,
        rulebook=load_rulebook(),
        places=load_places(),
        source="file",
        subject=uuid4(),
    )
    return check_draft(draft, context)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_sample_data(folder, workers=168, seed=5, portraits=20, kinds=KINDS)
    return folder


@pytest.fixture(scope="module")
def drafts(sample):
    return list(read_paper_forms(sample / "workers.jsonl"))


def digests(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_sample_data(tmp_path / name, workers=24, seed=seed, kinds=KINDS)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_the_three_kinds_of_file_give_equal_drafts(sample, drafts):
    for kind in ("csv", "xlsx"):
        others = list(read_paper_forms(sample / f"workers.{kind}"))
        assert len(others) == len(drafts)
        for one, other in zip(drafts, others, strict=True):
            assert (one.draft, one.photo_path, one.problems) == (
                other.draft,
                other.photo_path,
                other.problems,
            )


def test_no_row_of_a_sample_is_refused_by_any_rule(drafts):
    for row in drafts:
        assert row.problems == ()
        assert checked(row.draft).errors == ()


def test_ordinary_people_give_no_warning(drafts):
    ordinary = [row for i, row in enumerate(drafts) if i % 4 != 3]
    warned = {
        finding.code
        for row in ordinary
        for finding in checked(row.draft).findings
        if finding.severity == "warning"
    }
    assert warned == set()


def test_every_case_of_the_field_is_in_a_sample(drafts):
    codes = {f.code for row in drafts for f in checked(row.draft).findings}
    expected = {
        "name_one_word", "name_long", "birth_day_usual", "nik_area",
        "nik_area_unknown", "nik_date", "nik_serial0", "waiting_nik", "no_phone", "age_65",
        "age_young", "ill", "no_photo",
    }  # fmt: skip
    assert expected <= codes
    assert any("'" in row.draft.values["name"] for row in drafts)
    documents = {row.draft.values["document_seen"] for row in drafts}
    assert {"KTP", "suket", "none"} <= documents
    assert {row.draft.values["works_now"] for row in drafts} == {"working", "ill", "stopped"}
    phones = [row.draft.values["phone"] for row in drafts if "phone" in row.draft.values]
    assert len(set(phones)) < len(phones)


def test_women_have_forty_added_and_every_date_is_in_its_nik(drafts):
    agreeing = 0
    for row in drafts:
        if nik := row.draft.values.get("nik"):
            parts = parse_nik(nik)
            assert parts.sex == row.draft.values["sex"]
            agreeing += parts.agrees_with(date.fromisoformat(row.draft.values["birth_date"]))
    assert agreeing > 0.9 * len(drafts)


def test_a_person_stands_in_the_sample_twice_under_one_nik_but_not_as_one_row(drafts):
    niks = [row.draft.values["nik"] for row in drafts if "nik" in row.draft.values]
    twice = {nik for nik in niks if niks.count(nik) == 2}
    assert twice
    for nik in twice:
        one, other = (row.draft for row in drafts if row.draft.values.get("nik") == nik)
        assert one.values["name"] == other.values["name"]
        assert one.values != other.values


def test_spelling_twins_share_birth_and_village(drafts):
    twins = read_toml("samples", "people.toml")["twins"]
    groups = [{s.upper() for s in group["spellings"]} for group in twins]
    born = {}
    for row in drafts:
        values = row.draft.values
        key = (values["birth_date"], values["mother_name"], values["village_code"])
        born.setdefault(key, []).append(values["name"])
    pairs = [names for names in born.values() if len(set(names)) > 1]
    assert pairs
    for one, other in (pair for names in pairs for pair in itertools.combinations(set(names), 2)):
        differing = [{a, b} for a, b in zip(one.split(), other.split(), strict=True) if a != b]
        assert all(any(pair <= group for group in groups) for pair in differing)


def test_every_nik_is_structurally_valid_for_a_second_source_and_clearly_invented(drafts):
    for row in drafts:
        if nik := row.draft.values.get("nik"):
            assert re.fullmatch(r"[0-9]{12}(9[0-9]{3}|0000)", nik)
            if nik[:6] not in {"321699", "327599"} and nik[12:] != "0000":
                assert lokal.parse_nik(nik, reference_date=TODAY).valid
        if phone := row.draft.values.get("phone"):
            assert phone.startswith("08120000")


def test_every_village_is_a_real_one(drafts):
    assert all(load_places().village(row.draft.values["village_code"]) for row in drafts)


def test_portraits_are_small_pictures_and_all_different(sample, drafts):
    with_photo = [row for row in drafts if row.photo_path]
    assert len(with_photo) == 20
    seen = set()
    for row in with_photo:
        raw = row.photo_path.read_bytes()
        seen.add(hashlib.sha256(raw).hexdigest())
        assert Image.open(io.BytesIO(raw)).size == (300, 400)
        assert len(raw) < 20_000
    assert len(seen) == 20
    assert all(
        row.photo_path or row.draft.values.get("no_photo_reason") == "no_camera"
        for row in drafts[30:60:7]
    )


@pytest.mark.parametrize("workers", [1, 3, 12, 84])
def test_samples_of_any_size_have_that_many_rows_and_distinct_tickets(workers):
    rows = list(sample_rows(workers=workers, seed=2, portraits=0))
    assert len({row["ticket"] for row in rows}) == workers


def test_eighty_four_rows_hold_each_case_once():
    plain = [row for i, row in enumerate(sample_rows(workers=84, seed=2)) if i % 4 == 3]
    assert len(plain) == len(CASES)


def test_the_command_writes_and_says_where(tmp_path):
    command = [sys.executable, "-m", "enumerator_app.services.sample_data"]
    options = ["--workers", "8", "--seed", "1", "--output", str(tmp_path / "x")]
    said = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    path = tmp_path / "x" / "workers.jsonl"
    assert said.stdout == f"{path}\n"
    with path.open(encoding="utf-8") as lines:
        names = [json.loads(line)["name"] for line in itertools.islice(lines, 8)]
    assert len(names) == 8

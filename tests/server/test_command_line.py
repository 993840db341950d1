"""The public commands as other programs call them: JSON alone on standard output, exit codes."""

import contextlib
import html
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.server.database import Database
from sync.server.devices import add_device
from sync.server.home import Home
from sync.server.ingest import judging
from sync.server.office import open_office
from tests import processes
from tests.server.laptops import Laptop, fields_of, nik
from tests.server.offices import address, serving


class Program:
    """`district-server` as a process of its own, in one home; `starter` is what starts it."""

    def __init__(self, folder: Path, starter: Any = processes) -> None:
        self.starter = starter
        self.home = folder / "office"
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text("kuda nil makan rumput hijau\n")
        self.log = folder / "serve.log"

    def line(self, *arguments: str) -> list[str]:
        start = [sys.executable, "-W", "error", "-m", "sync.server"]
        return [*start, *arguments, "--json", "--home", str(self.home),
                "--passphrase-file", str(self.passphrase)]  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.starter.run(
            self.line(*arguments), capture_output=True, text=True, check=False, timeout=120
        )

    def ask(self, *arguments: str) -> dict:
        done = self.run(*arguments)
        assert done.returncode == 0, (done.stdout, done.stderr)
        (only,) = done.stdout.splitlines()
        return json.loads(only)

    def start(self, *arguments: str) -> tuple[subprocess.Popen, str]:
        with self.log.open("ab") as log:
            process = self.starter.Popen(
                self.line("serve", "--port", "0", *arguments), stdout=subprocess.PIPE, stderr=log
            )
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, self.log.read_text()
        return process, json.loads(first)["url"]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.ask("init", "--regency", "32.16", "--admin", "Ratna")
    return made


@pytest.fixture
def served(program: Program) -> Iterator[tuple[Program, str]]:
    process, url = program.start()
    try:
        yield program, url
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, program.log.read_text()
        assert process.stdout is not None
        process.stdout.close()


def test_the_whole_job_by_commands(served: tuple[Program, str], tmp_path: Path):
    program, url = served
    code = program.ask("device", "add", "Laptop desa")["code"]
    laptop = Laptop(address(url))
    assert laptop.enrol(code).status == 200
    laptop.start_epoch()
    for n in range(4):
        name = ("SITI AMINAH", "KARTA", "ENCUM")[n % 3]
        laptop.register(nik=nik(n % 3 + 1), name=name)  # one NIK twice
    laptop.push(laptop.journal)
    (device,) = program.ask("device", "list")["devices"]
    assert (device["code"], device["label"], device["entries"]) == ("A01", "Laptop desa", 5)
    (case,) = program.ask("cases")["cases"]
    assert set(case) >= {"id", "kind", "numbers", "score", "reasons"}
    assert program.ask("cases", "--kind", "copied_device") == {"cases": []}
    number = case["numbers"][0]
    assert program.run("return", number, "--field", "nikk", "--reason", "Cek").returncode == 2
    assert program.run("return", number, "--field", "nik", "--reason", " ").returncode == 2
    returned = program.ask("return", case["numbers"][0], "--field", "nik", "--reason", "Cek lagi")
    assert returned["state"] == "returned"
    assert program.ask("approve", "--clean") == {"approved": 3}
    status = program.ask("status")
    assert (status["registrations"], status["devices"], status["cases"]) == (4, 1, 1)
    assert status["by_state"] == {"returned": 1, "verified": 3}
    assert status["feed_head"] == 5 + 2 + 1 + 3
    check = program.ask("insurer", "check")
    assert (check["ready"], check["held_by"]) == (2, {"open_case": 1})
    assert program.ask("insurer", "export", str(tmp_path / "list.xlsx"))["rows"] == 2
    assert program.ask("report", "coverage")["total"]["submitted"] == 2
    assert program.ask("registrations", "export", str(tmp_path / "all.csv"))["rows"] == 4
    assert program.ask("verify") == {"ok": True, "problems": []}
    copy = str(tmp_path / "copy")
    assert program.ask("backup", copy)["file"] == copy
    assert program.run("restore", copy).returncode == 8  # the server is running
    erased = program.ask("erase", case["numbers"][1], "--ground", "permintaan")
    assert erased == {"erased": case["numbers"][1]}
    assert program.ask("verify")["ok"]
    assert program.ask("device", "revoke", "A01")["code"] == "A01"


def test_cases_records_and_a_visit_are_decided_by_commands_and_the_laptop_hears_it(
    served: tuple[Program, str], tmp_path: Path
):
    program, url = served
    laptop = Laptop(address(url))
    assert laptop.enrol(program.ask("device", "add", "Laptop desa")["code"]).status == 200
    laptop.start_epoch()
    visit = "0198e4a0-0000-7000-8000-000000000001"
    names = ("SITI AMINAH", "KARTA", "ENCUM", "JUJU")
    for n, name in enumerate(names):
        laptop.register(nik=nik(n + 1), name=name, mother_name=f"IBU {name}", visit_id=visit)
    again = {"name": names[0], "mother_name": f"IBU {names[0]}", "visit_id": visit}
    laptop.register(nik="", document_seen="none", **again)
    laptop.push(laptop.journal)
    laptop.pull()
    program.ask("cases", "--find")
    (one,) = program.ask("cases", "--kind", "alike")["cases"]
    shown = program.ask("case", one["id"])
    assert shown["answers"] == ["ask_ktp", "separate", "unite", "as_is"]
    (bare,) = [who["number"] for who in shown["people"] if who["state"] == "waiting_nik"]
    assert program.run("case", one["id"], "--answer", "as_is").returncode == 2  # without a reason
    assert program.run("case", one["id"], "--answer", "unite").returncode == 3  # needs two persons
    program.ask("case", one["id"], "--answer", "ask_ktp", "--number", bare)
    assert program.ask("case", one["id"])["waiting"] == "ask_ktp"
    assert program.run("case", one["id"], "--answer", "separate").returncode == 3  # it waits
    assert program.run("case", "nothing").returncode == 2
    record = program.ask("record", bare)
    assert (record["state"], record["answers"]) == ("returned", ["withdraw", "take_back"])
    assert program.ask("record", bare, "--answer", "take_back")["state"] == "waiting_nik"
    assert program.run("visit", visit, "--sign").returncode == 3
    sample = [found["number"] for found in program.ask("visit", visit)["sample"]]
    scan = tmp_path / "berita acara.pdf"
    scan.write_bytes(b"%PDF-1.7 scanned")
    fits = [part for number in sample for part in ("--fits", number)]
    done = program.ask(
        "visit", visit[:8], *fits, "--minutes", str(scan), "--signed-on", "2026-11-22", "--sign"
    )
    assert done["approved"] == 3  # the one in the open case stays
    told = [fields_of(item) for item in laptop.pull()]
    assert [fields["decision"] for fields in told if fields["kind"] == "decision"] == [
        "returned", "waiting_nik", "verified", "verified", "verified",
    ]  # fmt: skip
    assert program.run("separate", one["numbers"][0]).returncode == 2
    assert program.ask("verify") == {"ok": True, "problems": []}


def test_the_checking_page_of_the_office_is_one_file_with_its_list(program: Program, tmp_path):
    page = tmp_path / "periksa.html"
    made = program.ask("verifier", "--output", str(page))
    written = page.read_text(encoding="utf-8")
    public = json.loads((program.home / "office_public.json").read_text())
    assert (made["file"], made["list_version"]) == (str(page), 1)
    assert public["root_key"] in written
    assert "default-src 'none'" in html.unescape(written)
    assert len(written) < 200_000
    assert program.run("verifier", "--output", str(tmp_path / "no" / "F.html")).returncode == 2


def test_nothing_personal_is_in_the_log(served: tuple[Program, str]):
    program, url = served
    laptop = Laptop(address(url))
    laptop.enrol(program.ask("device", "add", "Laptop")["code"])
    laptop.register(name="SRI WAHYUNINGSIH", nik=nik(77))
    laptop.push(laptop.journal)
    laptop.send([b"SRI WAHYUNINGSIH\n"], laptop.head.hash)
    laptop.ask("POST", "/v1/hello", b'{"SRI WAHYUNINGSIH": 1}')
    written = program.log.read_text()
    assert "refused" in written
    assert "WAHYU" not in written
    assert nik(77) not in written


@pytest.mark.parametrize(
    ("arguments", "exit_code", "error"),
    [
        (("init", "--regency", "32.16", "--admin", "X"), 2, "office_exists"),
        (("return", "3216-A01-00001-0000", "--field", "nik", "--reason", "x"), 2, "number_unknown"),
        (("device", "revoke", "Z99"), 2, "device_unknown"),
        (("insurer", "import", "no-such-file.xlsx"), 2, "file_unreadable"),
        (("registrations", "export", "table.pdf"), 2, "usage_wrong"),
        (("status", "--database", "mysql://x"), 2, "usage_wrong"),
        (("status", "--database", "postgresql://127.0.0.1:1/x"), 5, "database_unreachable"),
        (("serve", "--host", "203.0.113.7", "--port", "0"), 2, "address_unusable"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(program: Program, arguments, exit_code, error):
    done = program.run(*arguments)
    assert done.returncode == exit_code, (done.stdout, done.stderr)
    answer = json.loads(done.stdout)["error"]
    assert answer["code"] == error
    assert answer["data_safe"]
    assert len(answer["message"].split()) > 4
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_in_a_sentence(program: Program):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = program.run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "port_in_use"


def test_usage_errors_and_a_missing_office_end_with_two(tmp_path: Path):
    program = Program(tmp_path)
    assert program.run("approve").returncode == 2
    assert program.run("fly").returncode == 2
    done = program.run("status")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "office_missing")
    program.passphrase.write_text("pendek\n")
    done = program.run("init", "--regency", "32.16", "--admin", "X")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "passphrase_too_weak")


def test_a_wrong_passphrase_ends_with_six(program: Program, tmp_path: Path):
    program.ask("backup", str(tmp_path / "copy"))
    program.passphrase.write_text("bukan sandi yang benar sekali\n")
    done = program.run("restore", str(tmp_path / "copy"))
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (6, "wrong_passphrase")


def test_damage_is_found_and_named(program: Program):
    process, url = program.start()
    laptop = Laptop(address(url))
    laptop.enrol(program.ask("device", "add", "Laptop")["code"])
    laptop.register()
    laptop.push(laptop.journal)
    process.terminate()
    process.wait(30)
    process.stdout.close()
    database = Database(program.home / "office.db")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE entry SET body = x'7b7d' WHERE kind = 'register'")
        connection.exec_driver_sql("UPDATE feed SET bytes = '{}' WHERE n = 1")
    database.close()
    done = program.run("verify")
    assert done.returncode == 7
    found = json.loads(done.stdout)
    assert not found["ok"]
    assert {problem["code"] for problem in found["problems"]} == {"entry_body", "feed_bytes"}


def test_secrets_are_readable_by_their_owner_only(program: Program):
    secret = ["issuing_key.json", "sealed_keys.json", "tls/authority.key"]
    assert {(program.home / name).stat().st_mode & 0o777 for name in secret} == {0o600}
    sealed = (program.home / "sealed_keys.json").read_text()
    assert "AGE-SECRET-KEY" not in sealed


def test_a_server_reads_at_its_start_what_an_older_one_did_not_know(
    program: Program, monkeypatch: pytest.MonkeyPatch
):
    with contextlib.closing(open_office(Home(program.home), None)) as office:
        code = add_device(office, "Laptop desa").code
        monkeypatch.setattr(judging, "BODY_SCHEMA", 0)  # the office's program of before
        with serving(office) as place:
            laptop = Laptop(place)
            assert laptop.enrol(code).status == 200
            laptop.start_epoch()
            laptop.register()
            laptop.push(laptop.journal)
    assert program.ask("status")["by_state"] == {"quarantined": 1}
    process, _ = program.start()
    try:
        assert program.ask("status")["by_state"] == {"registered": 1}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, program.log.read_text()
        assert process.stdout is not None
        process.stdout.close()

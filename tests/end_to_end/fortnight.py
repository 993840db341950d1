"""Two weeks of a regency: five laptops, an office on PostgreSQL, the insurer's answer, totals.

    python -m tests.end_to_end.fortnight [--people 75903] [--laptops 5] [--save FILE]

Only public commands, processes and sockets, the window's own use cases for corrections, and the
office's pages in a browser session where two persons are needed. Days are days of the job, not of
the calendar. Each total is asked of more than one place; the report says which agree.
"""

import argparse
import csv
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from enumerator_app.bootstrap.laptops import laptop_of
from enumerator_app.demo.programs import DemoStepFailed, OfficeProcess, Program, program
from enumerator_app.domain.instants import WIB, day_in_wib
from sync.server.coverage import coverage
from sync.server.home import Home
from sync.server.office import open_office
from sync.server.web.batch_pages import month_words
from sync.server.web.words import Words
from tests.benchmarks.bench_ingest import people as invented
from tests.end_to_end.browsing import Session, totals_in
from tests.faults.reporting import commit
from tests.server.people import signed_in, words_of
from tests.server.postgres import running_postgres

PASSPHRASE = "lima kata yang panjang sekali"
PASSWORD = "kuda nil makan rumput hijau"
VISITS_A_LAPTOP = 3
MOTHER, ADDRESS = "RUKMINI BINTI SAAD", "KP RAWA TIMUR"
"""What a laptop corrects, and what the office does."""
REFUSALS = (
    "NIK tidak padan dengan data kependudukan",
    "Sudah terdaftar sebagai peserta aktif",
    "Usia melebihi ketentuan",
)
OWN_NOTES = {"visits", "codes", "niks", "subjects", "corrected_numbers"}
"""What the days hand on and no report needs: numbers and ids of people among it."""
TOTALS = (
    "planted with the same NIK stand in a case", "planted with a slipped NIK stand in a case",
    "united cases are closed", "corrections of laptops at the office",
    "some were corrected at laptops and at the office", "corrections of the office at laptops",
    "the check adds up", "held by reasons", "rows of the list", "rupiah of the list",
    "letter and list", "print of letter and list", "nobody would be sent twice", "accepted",
    "refused", "listed for a person", "the same reply changes nothing", "active cards",
    "they are genuine", "the monthly update adds up", "what is paid is what was announced",
    "everybody", "who counts today", "every state, office and export",
    "every state, office and laptops", "accepted by the insurer", "everybody who was sent",
    "accepted, report and page", "handed over, report and page", "covered today",
    "verify", "no month is said to be paid before it came",
    "covered in the month that was paid", "the page names the month that was paid",
    "no bug in the server's log",
)  # fmt: skip
TOTALS_OF_A_LAPTOP = (
    "laptop {} saved every row", "laptop {} and office agree", "doctor of laptop {}",
)  # fmt: skip
"""What must have been asked, so that a total that is left out is no agreement."""


def to_ask(laptops: int) -> set[str]:
    each = (name.format(n) for name in TOTALS_OF_A_LAPTOP for n in range(laptops))
    return {*TOTALS, *each}


@dataclass
class Fortnight:
    """What the days hand on to each other."""

    folder: Path
    people: int
    laptops: int
    database: str
    dice: random.Random = field(default_factory=lambda: random.Random("fortnight"))
    facts: dict[str, Any] = field(default_factory=dict)
    agree: dict[str, bool] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    url: str = ""

    @property
    def office(self) -> Program:
        options = ("--home", self.folder / "office", "--passphrase-file", self.folder / "pass")
        return program("district-server", *options, "--database", self.database)

    def laptop(self, n: int) -> Program:
        options = ("--home", self._home(n), "--passphrase-file", self.folder / "pass")
        return program("enumerator", *options)

    def _home(self, n: int) -> Path:
        return self.folder / f"laptop{n}"

    @contextmanager
    def day(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        print(f"{name}: {self.seconds[name]} s", file=sys.stderr, flush=True)

    def expect(self, name: str, *values: Any) -> None:
        """Note whether several places say the same, each time that they are asked."""
        same = len({json.dumps(value, sort_keys=True) for value in values}) == 1
        self.agree[name] = same and self.agree.get(name, True)
        if not same:
            print(f"NOT EQUAL {name}: {values}", file=sys.stderr, flush=True)

    # The office and its laptops

    def set_up(self) -> None:
        (self.folder / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
        (self.folder / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
        self.office.ask("init", "--regency", "32.16", "--admin", "Admin")
        for login, role in (("koordinator", "coordinator"), ("kedua", "coordinator")):
            finish = ("--finish", self.folder / "password")
            made = self.office.ask(
                "account", "add", login, "--name", login.title(), "--role", role, *finish
            )
            self.sessions[login] = Session("", made["phone_secret"])
        letterhead = self.folder / "kop.toml"
        letterhead.write_text('office = "Disnaker"\nposko_phone = "0218900000"\n')
        self.office.ask("letterhead", "set", letterhead)

    def sign_in(self, login: str) -> Session:
        """The browser of somebody, come in anew: an earlier session may have been idle too long."""
        session = self.sessions[login]
        session.url = self.url
        session.sign_in(login, PASSWORD)
        return session

    def enrol(self) -> None:
        for n in range(self.laptops):
            code = self.office.ask("device", "add", f"Laptop {n}")["code"]
            self.laptop(n).ask(
                "enrol", "--server", self.url, "--code", code, "--operator", f"Petugas {n}"
            )

    # The villages

    def register(self) -> None:
        everybody = _rows(self.people, self.dice)
        planted = _planted(everybody, self.dice)
        self.facts["planted"] = Counter(kind for kind, _, _ in planted)
        self.facts["niks"] = [(kind, nik, row["nik"]) for kind, nik, row in planted]
        shares: list[list[dict[str, Any]]] = [[] for _ in range(self.laptops)]
        for row in everybody:
            shares[int(row["village_code"][4:6]) % self.laptops].append(row)
        for _, _, row in planted:  # the same person at another team's table
            shares[(int(row["village_code"][4:6]) + 1) % self.laptops].append(row)
        registered = []
        for n, rows in enumerate(shares):
            self._open_visits(n, rows)
            path = self.folder / f"forms{n}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            done = self.laptop(n).ask("register", path)
            registered.append(done["registered"])
            self.expect(f"laptop {n} saved every row", done["registered"], len(rows))
        self.facts["registered"] = sum(registered)

    def _open_visits(self, n: int, rows: Sequence[dict[str, Any]]) -> None:
        often = Counter(row["village_code"] for row in rows).most_common(VISITS_A_LAPTOP)
        villages = [village for village, _ in often]
        for village in villages:
            made = self.laptop(n).ask("visit", "open", "--village", village, "--group", "Tani Jaya")
            here = {"visit_id": made["visit"], "group_id": made["groups"][0]["id"]}
            for row in rows:
                if row["village_code"] == village:
                    row.update(here)
            self.facts.setdefault("visits", []).append((n, made["visit"]))

    def close_visits(self) -> None:
        for n, visit in self.facts["visits"]:
            self.laptop(n).ask("visit", "close", visit)

    def sync(self) -> None:
        for n in range(self.laptops):
            done = self.laptop(n).ask("sync")
            self.expect(f"laptop {n} and office agree", done["heads_agree"], done["pending"] == 0,
                        True)  # fmt: skip

    # The office decides

    def approve(self) -> None:
        before = self.office.ask("status")["by_state"].get("verified", 0)
        for entry in self.office.ask("visits")["visits"]:
            self._sign(entry["visit"])
        after = self.office.ask("status")["by_state"].get("verified", 0)
        self.facts["approved_by_visit"] = after - before
        self.facts["approved_clean"] = self.office.ask("approve", "--clean")["approved"]

    def _sign(self, visit: str) -> None:
        minutes = self.folder / "berita_acara.pdf"
        self.office.ask("paper", "verification", "--visit", visit, "--output", minutes)
        seen = self.office.ask("visit", visit)
        if not seen["clean"]:
            return  # all of them carry remarks: they are answered one by one
        looked = [part for one in seen["sample"] for part in ("--fits", one["number"])]
        signed = ("--minutes", minutes, "--signed-on", _today().isoformat(), "--sign")
        self.office.ask("visit", visit, *looked, *signed)

    def decide(self, first: Session, second: Session) -> None:
        """Answer every case: five are united by two persons, the rest in turn."""
        self.office.ask("cases", "--find")
        cases = self.office.ask("cases")["cases"]
        self._see_planted(cases)
        self.facts["cases"] = Counter(case["kind"] for case in cases)
        pairs = [case for case in cases if case["kind"] in {"same_nik", "alike"}]
        united = pairs[:5]
        for case in united:
            first.ask_to_unite(case["id"])
        second.agree_to_all()
        answers = Counter[str]()
        for place, case in enumerate(pairs[5 : 5 + min(35, self.people // 10)]):
            answer = ("separate", "ask_ktp", "as_is")[place % 3]
            reason = ("--reason", "Sudah dilihat KTP-nya") if answer == "as_is" else ()
            self.office.ask("case", case["id"], "--answer", answer, *reason)
            answers[answer] += 1
        self.facts["answers"] = {**answers, "unite": len(united)}
        left = {case["id"] for case in self.office.ask("cases")["cases"]}
        gone = [case["id"] for case in united if case["id"] not in left]
        self.expect("united cases are closed", len(gone), len(united))

    def _see_planted(self, cases: Sequence[dict[str, Any]]) -> None:
        """Everybody who was recorded twice stands in a case with themselves."""
        numbers: dict[str, list[str]] = {}
        for row in self._export():
            numbers.setdefault(row["nik"], []).append(row["number"])
        found = {(case["kind"], *sorted(case["numbers"])) for case in cases}
        for kind, case_kind, words in (
            ("same", "same_nik", "the same NIK"), ("slipped", "alike", "a slipped NIK"),
        ):  # fmt: skip
            pairs = [
                (case_kind, *sorted({*numbers[one], *numbers[other]}))
                for which, one, other in self.facts["niks"]
                if which == kind
            ]
            assert pairs, kind
            missed = [pair for pair in pairs if pair not in found]
            self.expect(f"planted with {words} stand in a case", missed, [])

    def send_back(self) -> None:
        """What carries remarks: asked again, sent on as it is, or withdrawn."""
        noted = [row for row in self._export() if row["state"] == "registered"][:24]
        for place, row in enumerate(noted):
            answer = ("as_is", "fix", "as_is", "withdraw")[place % 4]
            why = ("--reason", "Tolong cek ulang dengan KTP")
            field_name = ("--field", "mother_name") if answer == "fix" else ()
            self.office.ask("record", row["number"], "--answer", answer, *field_name, *why)
        self.facts["noted"] = len(noted)

    def correct(self) -> None:
        """Each laptop corrects what came back to it, as its window does, and sends it."""
        numbers = []
        for n in range(self.laptops):
            laptop = laptop_of(self._home(n), PASSPHRASE)
            try:
                for worker in laptop.tasks():
                    draft = laptop.draft_of(worker.subject)
                    values = {**draft.values, "mother_name": MOTHER}
                    laptop.correct(worker.subject, replace(draft, values=values))
                    numbers.append(str(worker.number))
                    self.facts.setdefault("subjects", {})[n] = worker.subject
            finally:
                laptop.close()
        self.facts["corrected"], self.facts["corrected_numbers"] = len(numbers), numbers

    def correct_at_the_desk(self, desk: Session) -> None:
        """The office, which has the laptops' corrections, corrects one person of each laptop."""
        rows = {row["number"]: row for row in self._export()}
        numbers = self.facts["corrected_numbers"]
        said = [rows[number]["mother_name"] for number in numbers]
        self.expect("corrections of laptops at the office", said, [MOTHER] * len(numbers))
        subjects = self.facts["subjects"]
        self.expect("some were corrected at laptops and at the office",
                    bool(numbers), bool(subjects), True)  # fmt: skip
        for n, subject in subjects.items():
            laptop = laptop_of(self._home(n), PASSPHRASE)
            number = str(laptop.store.record(subject).registration.number)
            laptop.close()
            lives = {name: rows[number][name] for name in ("rt", "rw", "village_code")}
            desk.submit(f"/service/{subject}", "/correct", address=ADDRESS, **lives)

    def see_desk_corrections(self) -> None:
        """What the office corrected is what the laptops have now, beside what they had said."""
        for n, subject in self.facts["subjects"].items():
            laptop = laptop_of(self._home(n), PASSPHRASE)
            record = laptop.registration(subject)
            laptop.close()
            self.expect("corrections of the office at laptops",
                        [record.address, record.mother_name], [ADDRESS, MOTHER])  # fmt: skip

    # The insurer

    def hand_over(self) -> None:
        looked = self.office.ask("insurer", "check")
        self.expect("the check adds up", looked["looked_at"], looked["ready"] + looked["held"])
        self.expect("held by reasons", looked["held"], sum(looked["held_by"].values()))
        batch = self.folder / "kiriman.xlsx"
        done = self.office.ask("insurer", "export", batch)
        self.expect("rows of the list", done["rows"], looked["ready"], _rows_in(batch))
        self.expect("rupiah of the list", done["monthly"], looked["monthly"])
        letter = self.office.ask(
            "paper",
            "cover-letter",
            "--batch",
            done["export"],
            "--output",
            self.folder / "surat.pdf",
        )
        self.expect("letter and list", letter["nik_sum"], done["nik_sum"], _nik_sum_in(batch))
        self.expect("print of letter and list", letter["sha256"], done["sha256"])
        self.facts["sent"] = done["rows"]
        again = self.office.ask("insurer", "check")["ready"]
        self.expect("nobody would be sent twice", again, 0)

    def take_reply(self) -> None:
        reply = self.folder / "jawaban.xlsx"
        accepted, refused, odd = _write_reply(self.folder / "kiriman.xlsx", reply, self.dice)
        done = self.office.ask("insurer", "import", reply)
        self.expect("accepted", done["accepted"], accepted)
        self.expect("refused", done["refused"], refused)
        self.expect("listed for a person", done["unmatched"], odd)
        again = self.office.ask("insurer", "import", reply)
        self.expect("the same reply changes nothing", again["accepted"] + again["refused"], 0)
        self.facts["accepted"], self.facts["refused"] = accepted, refused

    def cards(self) -> None:
        """Active cards are on the laptops, and genuine."""
        for n in range(self.laptops):
            states = self.laptop(n).ask("status")["by_state"]
            self.facts.setdefault("enrolled_on_laptops", []).append(states.get("enrolled", 0))
        path = self.folder / "kartu.pdf"
        numbers = [row["number"] for row in self._export() if row["state"] == "enrolled"]
        own = [number for number in numbers if self._is_of(0, number)][:5]
        self.laptop(0).ask("cards", "--number", *own, "--output", path)
        seen = self.laptop(0).ask("verify-card", path)
        kinds = Counter(card["kind"] for card in seen["cards"])
        self.expect("active cards", dict(kinds), {"active": len(own)})
        self.expect("they are genuine", seen["genuine"], True)

    def _is_of(self, n: int, number: str) -> bool:
        code = self.facts.setdefault("codes", {}).get(n)
        if code is None:
            code = self.laptop(n).ask("status")["device"]
            self.facts["codes"][n] = code
        return f"-{code}-" in number

    def end_some(self) -> None:
        enrolled = [row["number"] for row in self._export() if row["state"] == "enrolled"][-6:]
        reasons = ("died", "moved", "formal_work", "withdrew", "died", "moved")
        for number, reason in zip(enrolled, reasons, strict=False):
            self.office.ask("end", number, "--reason", reason, "--on", _today().isoformat())
        self.facts["ended"] = len(enrolled)
        month = (_today().replace(day=1) + timedelta(days=32)).strftime("%Y-%m")
        update = self.office.ask("payment", "update", "--month", month)
        sums = update["before"] - update["left"] + update["entered"] + update["changed"]
        self.expect("the monthly update adds up", sums, update["total"])
        paid = self.office.ask("payment", "record", "--month", month, "--anyway")
        self.facts["paid"] = {"month": month, "people": paid["people"]}
        self.expect("what is paid is what was announced", paid["people"], update["people"])

    # Totals

    def _export(self) -> list[dict[str, str]]:
        path = self.folder / "semua.csv"
        self.office.ask("registrations", "export", path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def settle(self, first: Session) -> None:
        """Ask each total of several places."""
        status = self.office.ask("status")
        rows = self._export()
        states = Counter(row["state"] for row in rows)
        report = self.office.ask("report", "coverage")
        laptops = [self.laptop(n).ask("status") for n in range(self.laptops)]
        on_laptops = sum((Counter(one["by_state"]) for one in laptops), Counter[str]())
        page = first.numbers_of_overview()
        self.expect("everybody", self.facts["registered"], status["registrations"], len(rows),
                    sum(one["registrations"] for one in laptops))  # fmt: skip
        gone = sum(states[name] for name in ("duplicate", "withdrawn", "ended"))
        self.expect("who counts today", len(rows) - gone, report["total"]["registered"],
                    page["registered"])  # fmt: skip
        self.expect("every state, office and export", _plain(status["by_state"]), _plain(states))
        self.expect("every state, office and laptops", _plain(states), _plain(on_laptops))
        self.expect("accepted by the insurer", self.facts["accepted"],
                    states["enrolled"] + states["ended"])  # fmt: skip
        total = report["total"]
        self.expect(
            "everybody who was sent",
            self.facts["sent"],
            sum(states[name] for name in ("submitted", "enrolled", "ended", "refused")),
        )
        self.expect("accepted, report and page", states["enrolled"], total["enrolled"],
                    page["enrolled"])  # fmt: skip
        self.expect("handed over, report and page", states["submitted"] + states["enrolled"],
                    total["submitted"], page["submitted"])  # fmt: skip
        # The first month that was paid is the next one: nobody is covered before.
        paid = [one for one in self.office.ask("payment", "list")["payments"]
                if one["month"] <= f"{_today():%Y-%m}"]  # fmt: skip
        self.expect("covered today", sum(one["people"] for one in paid), total["covered"],
                    page["covered"])  # fmt: skip
        none = Words("id")("paid_none")
        self.expect("no month is said to be paid before it came", none in first.page("/"),
                    not paid)  # fmt: skip
        self.facts["by_state"] = _plain(states)
        self.expect("verify", self.office.ask("verify")["ok"], True)
        for n in range(self.laptops):
            self.expect(f"doctor of laptop {n}", self.laptop(n).ask("doctor")["ok"], True)

    def look_ahead(self) -> None:
        """Ask the office, its clock in the month that was paid, who is covered."""
        paid = self.facts["paid"]
        first = date.fromisoformat(f"{paid['month']}-01")
        at = datetime.combine(first, time_of_day(12), WIB).astimezone(UTC)
        office = open_office(Home(self.folder / "office"), self.database, lambda: at)
        try:
            seen = signed_in(office, "auditor").get("/")
            page = totals_in(seen.text)
            report = sum(one.covered for one in coverage(office))
        finally:
            office.close()
        self.expect("the page names the month that was paid",
                    _paid_last(paid) in words_of(seen), True)  # fmt: skip
        self.expect("covered in the month that was paid", paid["people"], page["covered"], report,
                    self.facts["by_state"]["enrolled"])  # fmt: skip


def _today() -> date:
    return day_in_wib(datetime.now(UTC))


def _paid_last(paid: dict[str, Any]) -> str:
    """Return what the first page says of a month that was paid, and for how many."""
    words = Words("id")
    return words("paid_last", month=month_words(paid["month"], "id"), n=words.n(paid["people"]))


def _plain(counts: dict[str, int] | Counter[str]) -> dict[str, int]:
    return {name: n for name, n in sorted(counts.items()) if n}


def _rows(count: int, dice: random.Random) -> list[dict[str, Any]]:
    """Rows as people key them: most clean; the first two and one in two hundred have a remark."""
    rows = []
    for one in invented(count):
        phone = f"0812{dice.randrange(10**8):08d}" if dice.random() < 0.6 else "-"
        row = {
            **one, "sex": "L", "mother_name": f"MUNAH {dice.choice('ABCDEFGH')}", "rt": "001",
            "rw": "002", "address": "KP RAWA", "phone": phone, "occupation": "Buruh tani",
            "works_now": "working", "consent_method": "signature", "programmes": "JKK+JKM",
            "monthly_income": 1_000_000, "no_photo_reason": "no_camera",
        }  # fmt: skip
        if dice.random() < 0.005 or len(rows) < 2:
            row["birth_date"] = f"{row['birth_date'][:8]}{int(row['birth_date'][8:]) % 28 + 1:02d}"
        rows.append(row)
    return rows


def _planted(
    rows: Sequence[dict[str, Any]], dice: random.Random
) -> list[tuple[str, str, dict[str, Any]]]:
    """People recorded twice, with the NIK of their first record: the second has the same, or one
    with a slipped digit and another spelling of the name.
    """
    planted = []
    chosen = dice.sample(range(len(rows)), min(60, len(rows) // 4))
    for place, n in enumerate(chosen):
        row = dict(rows[n])
        if place % 2:
            at = 13
            row["nik"] = f"{row['nik'][:at]}{(int(row['nik'][at]) + 1) % 10}{row['nik'][at + 1 :]}"
            row["name"] = row["name"].replace("MUHAMAD", "MOH").replace("SAPUTRA", "SYAPUTRA")
        row["address"] = "KP RAWA BARU"
        planted.append(("slipped" if place % 2 else "same", rows[n]["nik"], row))
    return planted


def _rows_in(path: Path) -> int:
    return sum(1 for _ in _table(path))


def _nik_sum_in(path: Path) -> str:
    return str(sum(int(row["nik"]) for row in _table(path)))


def _table(path: Path) -> Iterator[dict[str, str]]:
    book = load_workbook(path, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    head: list[str] = []
    for row in rows:
        if not head:
            if "number" in row and "nik" in row:
                head = [str(name) for name in row]
        elif row[head.index("number")]:
            yield dict(zip(head, map(str, row), strict=False))
    book.close()


def _write_reply(batch: Path, reply: Path, dice: random.Random) -> tuple[int, int, int]:
    """The insurer's answer: one in twenty refused, one of nobody, one row that names no number."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("jawaban")
    sheet.append(("Nomor", "NIK", "Nama", "Tanggal Lahir", "Status", "Nomor KPJ", "Alasan"))
    accepted = refused = 0
    for n, row in enumerate(_table(batch)):
        if n % 20 == 19:
            sheet.append((row["number"], row["nik"], row["name"], row["birth_date"], "DITOLAK", "",
                          dice.choice(REFUSALS)))  # fmt: skip
            refused += 1
        else:
            kpj = f"{26_000_000_001 + n:011d}"
            sheet.append((row["number"], row["nik"], "", "", "Diterima", kpj, ""))
            accepted += 1
    sheet.append(
        ("", "3216060101700000", "ORANG LAIN", "1970-01-01", "Diterima", "26999999999", "")
    )
    book.save(reply)
    return accepted, refused, 1


def run(people: int, laptops: int) -> dict[str, Any]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        job = Fortnight(Path(folder), people, laptops, server.new_database())
        with job.day("set up"):
            job.set_up()
        with OfficeProcess(job.office, job.folder / "server.log") as serving:
            job.url = serving.url
            _days(job)
        log = (job.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        job.expect("no bug in the server's log", '"event": "bug"' in log, False)
        with job.day("the month that was paid"):
            job.look_ahead()
    facts = {name: value for name, value in job.facts.items() if name not in OWN_NOTES}
    asked = to_ask(laptops)
    return {
        "commit": commit(), "people": people, "laptops": laptops, **facts, "agree": job.agree,
        "seconds_of": job.seconds, "seconds": round(time.monotonic() - began, 1),
        "not_asked": sorted(asked - job.agree.keys()),
        "as_expected": all(job.agree.values()) and asked == job.agree.keys(),
    }  # fmt: skip


def _days(job: Fortnight) -> None:
    with job.day("laptops enrolled"):
        job.enrol()
    with job.day("registered"):
        job.register()
    with job.day("visits closed and sent"):
        job.close_visits()
        job.sync()
    with job.day("cases decided"):
        job.decide(job.sign_in("koordinator"), job.sign_in("kedua"))
    with job.day("approved"):
        job.approve()
    with job.day("sent back, corrected, sent"):
        job.send_back()
        job.sync()
        job.correct()
        job.sync()
        job.correct_at_the_desk(job.sign_in("koordinator"))
        job.sync()
        job.see_desk_corrections()
        job.office.ask("approve", "--clean")
    with job.day("handed over"):
        job.hand_over()
    with job.day("reply taken"):
        job.take_reply()
    with job.day("cards on the laptops"):
        job.sync()
        job.cards()
    with job.day("ended and paid"):
        job.end_some()
        job.sync()
    with job.day("totals"):
        job.settle(job.sign_in("koordinator"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=75_903)
    parser.add_argument("--laptops", type=int, default=5)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    try:
        report = run(options.people, options.laptops)
    except DemoStepFailed as failed:
        print(failed.parameters, file=sys.stderr)
        return 1
    text = json.dumps(report, indent=1)
    print(text)
    if options.save:
        options.save.write_text(text + "\n", encoding="utf-8")
    return 0 if report["as_expected"] else 1


if __name__ == "__main__":
    sys.exit(main())

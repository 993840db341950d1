"""A small world of real laptops and one real office, in which everything goes wrong at random.

Every laptop is an encrypted file on a disk, the office is its database and its routes; between them
are the real engine, bundles and drives. What a world knows besides is what people were told.
"""

import random
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import FileUnwritable, KnownError, OfficeNotProven
from enumerator_app.services.keeping_time import KeepingTime
from enumerator_app.services.stick import Stick
from enumerator_app.storage.leaving import KEEP_DAYS
from enumerator_app.storage.opening import open_home, restore_home
from enumerator_app.storage.store import Store
from sync.client.carrying import Cut as CutOfEntries
from sync.client.carrying import take_answer, write_bundle
from sync.client.progress import SyncResult
from sync.protocol.bundle import BundleForeign, BundleForLostKey, BundleUnreadable
from sync.server import erasing
from sync.server.backing_up import back_up, restore
from sync.server.bundles import How, import_bundle, import_folder
from sync.server.copies import forget_copy
from sync.server.deciding import Verdict, decide
from sync.server.devices import add_device, revoke_device
from sync.server.erasing import erase
from sync.server.home import Home
from sync.server.office import Office, open_office
from sync.server.tables import SUBJECT_ROWS
from sync.server.trust import refresh_trust
from tests.faults.near_wire import Cut, near_synced, near_transport
from tests.server.offices import PASSPHRASE as OFFICE_PASSPHRASE
from tests.server.offices import serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person

if TYPE_CHECKING:
    from collections.abc import Callable

VILLAGE = "3216132001"
COPIES_KEPT = 2
LEFT_THE_STATE = ("duplicate", "withdrawn", "ended", "erased")


@dataclass(frozen=True)
class Told:
    """One save that somebody was told of."""

    entry: str
    subject: UUID
    phone: str
    machine: int
    number: str


@dataclass(frozen=True)
class Kept:
    """A copy of the office, by its command; often the whole disk was put aside on the same day."""

    id: str
    copy: Path
    image: Path | None


@dataclass
class Machine:
    """One computer with a copy of a laptop's folder. Copies share the device and its code."""

    name: int
    home: Path
    device: str
    store: Store | None = None
    is_there: bool = True
    images: list[Path] = field(default_factory=list)
    copies: list[Path] = field(default_factory=list)


class World:
    def __init__(self, folder: Path, office: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.folder = folder
        shutil.copytree(office, folder / "office")
        self.office: Office = open_office(Home(folder / "office"), None)
        self.machines: list[Machine] = []
        self.told: dict[str, Told] = {}
        self.erased: set[str] = set()
        self.revoked: set[str] = set()
        self.seen: dict[str, str] = {}  # subject -> a decision that some laptop has shown
        self.unseen: set[str] = set()  # of these: shown on a computer that is gone or went back
        self.gone: set[str] = set()  # entries that were on a computer that is gone
        self.bundles: list[Path] = []
        self.answers: list[tuple[str, Path]] = []
        self.kept: list[Kept] = []
        self.stats: Counter[str] = Counter()
        self._made = 0
        with serving(self.office) as (host, port):
            for _ in range(3):
                self._enrol(f"http://{host}:{port}")

    # --- laptops

    def _enrol(self, url: str) -> None:
        name = len(self.machines)
        home = self.folder / f"laptop{name}"
        laptop = enrol_laptop(
            home,
            server_url=url,
            code=add_device(self.office, f"Laptop {name}").code,
            operator_name=OPERATOR,
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
        machine = Machine(name, home, str(laptop.store.device), laptop.store)
        drive = self.folder / f"drive{name}"
        drive.mkdir()
        Stick(laptop.store).use(drive)
        laptop.store.set_setting(KEEP_DAYS, "0")  # content may leave as soon as it is safe
        self.machines.append(machine)

    def living(self) -> list[Machine]:
        return [machine for machine in self.machines if machine.is_there]

    def opened(self, machine: Machine) -> Store:
        if machine.store is None:
            machine.store = open_home(machine.home, operator_name=None, passphrase=PASSPHRASE)
        return machine.store

    def shut(self, machine: Machine) -> None:
        if machine.store is not None:
            machine.store.close()
            machine.store = None

    def new(self, stem: str) -> Path:
        self._made += 1
        return self.folder / f"{stem}{self._made}"

    # --- what people do at the table

    def register(self, machine: Machine) -> None:
        self._made += 1
        who = person(self._made, village_code=VILLAGE, photo=None, phone=f"0812{self._made:08d}")
        store = self.opened(machine)
        saved = store.register(who)
        if self.dice.random() < 0.7:
            store.mark_printed([saved.subject])
        self._tell(machine, saved.entry_hash, saved.subject, who.phone, str(saved.number))

    def correct(self, machine: Machine) -> None:
        store = self.opened(machine)
        found = list(store.search("", limit=50))
        if not found:
            return
        worker = self.dice.choice(found)
        if worker.state in LEFT_THE_STATE:
            return
        self._made += 1
        phone = f"0813{self._made:08d}"
        if store.is_wiped(worker.subject):
            store.want_back(worker.subject)
            self.stats["wanted_back"] += 1
            return
        known = store.registration(worker.subject)
        change = known.model_copy(update={"phone": phone})
        with suppress(KnownError):
            saved = store.correct(worker.subject, change)
            self._tell(machine, saved.entry_hash, worker.subject, phone, str(worker.number))

    def _tell(self, machine: Machine, entry: str, subject: UUID, phone: str, number: str) -> None:
        self.told[entry] = Told(entry, subject, phone, machine.name, number)
        self.stats["saves"] += 1
        if self.dice.random() < 0.5:
            with suppress(FileUnwritable):
                Stick(self.opened(machine)).catch_up()

    # --- the line

    def sync(self, machine: Machine, chance: float = 0.12) -> SyncResult | None:
        store = self.opened(machine)
        transport = near_transport(self.office, store, self.dice, chance)
        try:
            result = near_synced(transport, store)
            if result.heads_agree:
                self.stats["wiped"] += KeepingTime(store).after_sync(transport)
        except Cut:
            self.stats["cuts"] += 1
            return None
        finally:
            self.stats["syncs"] += 1
            self._look(store)
        return result

    def _look(self, store: Store) -> None:
        """Remember what the screen says was decided: the office may not forget it."""
        for worker in store.search("", limit=200):
            if worker.state == "verified":
                self.seen[str(worker.subject)] = worker.state

    # --- drives and bundles

    def export(self, machine: Machine) -> None:
        path = self.new("bundle")
        store = self.opened(machine)
        cut = CutOfEntries(everything=self.dice.random() < 0.3)
        with suppress(OfficeNotProven):
            write_bundle(store, path, cut)
            self.bundles.append(path)
            self.stats["bundles"] += 1

    def import_one(self, at: int | None = None) -> None:
        if not self.bundles:
            return
        at = self.dice.randrange(len(self.bundles)) if at is None else at
        path, answer = self.bundles[at], self.new("answer")
        with suppress(BundleForeign, BundleUnreadable):
            taken = import_bundle(self.office, path, How(answer))
            self.answers.append((taken.sender.id, answer))
        if self.dice.random() < 0.6:
            self.bundles.pop(at)

    def take_one(self, machine: Machine) -> None:
        own = [path for device, path in self.answers if device == machine.device]
        if own:
            # A laptop that was set back has no key for what came after its copy.
            with suppress(OfficeNotProven, BundleForLostKey):
                take_answer(self.opened(machine), self.dice.choice(own))
                self.stats["answers"] += 1

    def drive(self, machine: Machine) -> None:
        folder = Path(Stick(self.opened(machine)).folder or self.folder / "nowhere")
        with suppress(BundleForeign, BundleUnreadable):
            import_folder(self.office, folder)
            self.stats["drives"] += 1

    # --- the office

    def decide(self) -> None:
        with self.office.database.reading() as connection:
            table = SUBJECT_ROWS.c
            rows = connection.execute(
                SUBJECT_ROWS.select().where(table.state == "registered").order_by(table.id)
            ).all()
        if not rows:
            return
        row = self.dice.choice(rows)
        if self.dice.random() < 0.7:
            verdict = Verdict(row.id, "verified")
        else:
            verdict = Verdict(row.id, "returned", reason="lihat KTP", field="phone")
        decide(self.office, [verdict], officer="Petugas", actor="officer")
        self.stats["decisions"] += 1

    def erase(self) -> None:
        with self.office.database.reading() as connection:
            rows = connection.execute(
                SUBJECT_ROWS.select().where(SUBJECT_ROWS.c.state != "erased")
            ).all()
        if rows:
            subject = self.dice.choice(rows).id
            self.erased.add(subject)
            erase(self.office, subject, ground="diminta")
            self.stats["erasures"] += 1

    def revoke(self, machine: Machine) -> None:
        if len(self.revoked) < 1:
            self.revoked.add(machine.device)
            revoke_device(self.office, machine.device)
            self.stats["revoked"] += 1

    def back_up_office(self) -> None:
        """Copy the office by its command, and often its whole disk; throw the oldest away."""
        path, image = self.new("office-copy"), None
        copy = back_up(self.office, path)
        if self.dice.random() < 0.5:
            image = self.new("office-image")
            self._close_office()
            shutil.copytree(self.folder / "office", image)
            self._open_office()
        self.kept.append(Kept(copy.id, path, image))
        while len(self.kept) > COPIES_KEPT:
            forget_copy(self.office.home, self.kept.pop(0).id, self.office.clock())

    def restore_office(self) -> None:
        """By the command, which tells; or the whole disk of an earlier day, which does not."""
        if not self.kept:
            return
        back = self.dice.choice(self.kept)
        home = Home(self.folder / "office")
        self._close_office()
        if back.image is None or self.dice.random() < 0.5:
            restore(home, None, back.copy, OFFICE_PASSPHRASE)
        else:
            self._put_disk_back(home, back.image)
        self._open_office()
        refresh_trust(self.office)
        self.stats["office_restores"] += 1

    def _put_disk_back(self, home: Home, image: Path) -> None:
        """Who was erased, and which copies there are, lies outside of what is put back."""
        erasures = home.erasures_file.read_bytes() if home.erasures_file.exists() else b""
        aside = self.new("copies")
        shutil.copytree(home.copies, aside)
        shutil.rmtree(home.path)
        shutil.copytree(image, home.path)
        shutil.rmtree(home.copies, ignore_errors=True)
        shutil.copytree(aside, home.copies)
        if erasures:
            home.erasures_file.write_bytes(erasures)

    def _close_office(self) -> None:
        self.office.keep_head_outside()
        self.office.close()

    def _open_office(self) -> None:
        self.office = erasing.open_cleaned(Home(self.folder / "office"), None)

    # --- what happens to computers

    def image(self, machine: Machine) -> None:
        self.shut(machine)
        path = self.new("image")
        shutil.copytree(machine.home, path)
        machine.images = [*machine.images, path][-3:]

    def copy(self, machine: Machine) -> None:
        path = self.new("copy")
        self.opened(machine).backup(path)
        machine.copies = [*machine.copies, path][-3:]

    def set_back(self, machine: Machine) -> None:
        """By the command, or by a disk image that nobody tells of."""
        if machine.copies and self.dice.random() < 0.5:
            self._lost(machine)
            self.shut(machine)
            restore_home(
                self.dice.choice(machine.copies), machine.home,
                operator_name=None, passphrase=PASSPHRASE,
            ).close()  # fmt: skip
            shutil.rmtree(machine.home / "replaced", ignore_errors=True)
        elif machine.images:
            self._lost(machine)
            self.shut(machine)
            shutil.rmtree(machine.home)
            shutil.copytree(self.dice.choice(machine.images), machine.home)
        else:
            return
        self.stats["laptop_restores"] += 1

    def clone(self, machine: Machine) -> None:
        if len(self.living()) > 5:
            return
        self.shut(machine)
        name = len(self.machines)
        home = self.folder / f"laptop{name}"
        shutil.copytree(machine.home, home)
        self.machines.append(Machine(name, home, machine.device))
        self.stats["clones"] += 1

    def lose(self, machine: Machine) -> None:
        if len(self.living()) > 2:
            self._lost(machine)
            self.shut(machine)
            shutil.rmtree(machine.home)
            machine.is_there = False
            self.stats["lost_laptops"] += 1

    def _lost(self, machine: Machine) -> None:
        store = self.opened(machine)
        self.gone |= {told for told in self.told if store.holds(told)}
        self.unseen |= self.decisions_kept(store) & self.seen.keys()

    def decisions_kept(self, store: Store) -> set[str]:
        """Return of whom this laptop keeps the office's signed word that they are verified."""
        return {
            str(item.subject)
            for item in store.notices_kept(0, 10_000)
            if item.kind == "decision" and '"decision":"verified"' in (item.bytes or "")
        }

    # --- one step, and rest

    def step(self) -> None:
        machine = self.dice.choice(self.living())
        chances: tuple[tuple[float, Callable[[], Any]], ...] = (
            (0.22, lambda: self.register(machine)),
            (0.15, lambda: self.correct(machine)),
            (0.06, self.decide),
            (0.14, lambda: self.sync(machine)),
            (0.10, lambda: self.sync(machine, 0.0)),  # a good line for once
            (0.05, lambda: self.export(machine)),
            (0.05, self.import_one),
            (0.04, lambda: self.take_one(machine)),
            (0.02, lambda: self.drive(machine)),
            (0.02, lambda: self.image(machine)),
            (0.02, lambda: self.copy(machine)),
            (0.02, lambda: self.set_back(machine)),
            (0.01, lambda: self.clone(machine)),
            (0.006, lambda: self.lose(machine)),
            (0.03, self.back_up_office),
            (0.02, self.restore_office),
            (0.01, self.erase),
            (0.002, lambda: self.revoke(machine)),
        )
        at = self.dice.random()
        self.stats["steps"] += 1
        for chance, work in chances:
            if at < chance:
                work()
                return
            at -= chance

    def settle(self) -> None:
        """Everything that still lies somewhere arrives: bundles, drives, then the line."""
        for _ in range(2):
            for at in range(len(self.bundles) - 1, -1, -1):
                self.import_one(at)
            for number in range(3):
                with suppress(BundleForeign, BundleUnreadable):
                    import_folder(self.office, self.folder / f"drive{number}")
            self._sync_all()
        self._sync_all()

    def _sync_all(self) -> None:
        for machine in self.living():
            self.sync(machine, 0.0)

    def close(self) -> None:
        for machine in self.machines:
            self.shut(machine)
        self.office.close()

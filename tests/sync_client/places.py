"""One real office and one real laptop, each of which can be put back to an earlier day."""

import shutil
from contextlib import closing

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.storage.opening import open_home, restore_home
from sync.server.backing_up import back_up, restore
from sync.server.cases import list_cases
from sync.server.devices import add_device
from sync.server.erasing import open_cleaned
from sync.server.home import Home
from sync.server.reading_contents import stream, with_contents
from tests.faults.near_wire import near_synced, near_transport
from tests.server.offices import PASSPHRASE as OFFICE_PASSPHRASE
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person

VILLAGE = "3216132001"


def opened(home):
    return open_home(home, operator_name=None, passphrase=PASSPHRASE)


def enrolled(office, home, code=None):
    """Return the store of a laptop that traded a code of this office, by a line, on a socket."""
    code = code or add_device(office, home.name).code
    with serving(office) as (host, port):
        return enrol_laptop(
            home, server_url=f"http://{host}:{port}", code=code, operator_name=OPERATOR,
            passphrase=PASSPHRASE, cost=CHEAP,
        ).store  # fmt: skip


def worker(n, **changed):
    return person(n, village_code=VILLAGE, photo=None, **changed)


class Place:
    """One office and one laptop, each of which can be put back to an earlier day."""

    def __init__(self, folder, office, store=None):
        self.folder, self.office, self.store = folder, office, store

    @classmethod
    def founded(cls, folder):
        with closing(new_office(folder / "office", None)) as office:
            enrolled(office, folder / "laptop").close()
        return cls.at(folder)

    @classmethod
    def like(cls, other, folder):
        shutil.copytree(other, folder)
        return cls.at(folder)

    @classmethod
    def at(cls, folder):
        return cls(folder, open_cleaned(Home(folder / "office"), None), opened(folder / "laptop"))

    def close(self):
        self.store.close()
        self.office.close()

    def sync(self, store=None):
        store = store or self.store
        return near_synced(near_transport(self.office, store), store)

    def register(self, *numbers, **options):
        return [self.store.register(worker(n), **options) for n in numbers]

    def back_up_laptop(self):
        self.store.backup(self.folder / "laptop-copy")

    def back_up_office(self):
        back_up(self.office, self.folder / "office-copy")

    def put_laptop_back(self):
        """By its command; what it was is set aside, and can be opened as a home of its own."""
        self.store.close()
        self.store = restore_home(
            self.folder / "laptop-copy", self.folder / "laptop",
            operator_name=None, passphrase=PASSPHRASE,
        )  # fmt: skip

    def set_aside(self):
        (aside,) = (self.folder / "laptop").glob("set-aside-*")
        return closing(opened(aside))

    def put_office_back(self):
        self.office.close()
        home = Home(self.folder / "office")
        restore(home, None, self.folder / "office-copy", OFFICE_PASSPHRASE)
        self.office = open_cleaned(home, None)

    def at_office(self):
        """What the office says of each person, by number."""
        with self.office.database.reading() as connection:
            found = stream(connection, with_contents())
            return {row.number: (body["name"], body["phone"], row.state) for row, body in found}

    def on_laptop(self):
        return {
            worker.number: (content.name, content.phone, worker.state)
            for worker in self.store.search("", limit=100)
            for content in [self.store.registration(worker.subject)]
        }

    def open_cases(self):
        forks = {"rollback", "copied_device"}
        return [case["kind"] for case in list_cases(self.office) if case["kind"] not in forks]

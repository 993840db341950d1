"""Two laptops send the same NIK at the same moment: the case must not slip between two looks."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.server.cases import list_cases
from sync.server.ingest import run
from sync.server.office import Office
from tests.server.laptops import Laptop, nik

pytestmark = pytest.mark.postgres
ROUNDS = 6


def race(office: Office, laptops: list[Laptop], monkeypatch) -> int:
    """Let both transactions look before either commits; return how many cases were found."""
    looked = threading.Barrier(2)
    read = run.read_surroundings

    def read_then_meet(*arguments, **named):
        found = read(*arguments, **named)
        try:
            looked.wait(0.5)  # without the lock both meet here; with it the other one waits outside
        except threading.BrokenBarrierError:
            looked.reset()
        return found

    monkeypatch.setattr(run, "read_surroundings", read_then_meet)
    for n in range(ROUNDS):
        threads = []
        for laptop in laptops:
            entry = laptop.register(nik=nik(100 + n))
            threads.append(threading.Thread(target=laptop.push, args=([entry],)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return len(list_cases(office, "same_nik"))


@pytest.fixture
def two_laptops(postgres_office: Office, laptop_on: Callable[[Office], Laptop]) -> list[Laptop]:
    laptops = [laptop_on(postgres_office) for _ in range(2)]
    for laptop in laptops:
        laptop.push(laptop.journal)
    return laptops


def test_the_same_nik_in_two_batches_at_once_is_always_a_case(
    postgres_office: Office, two_laptops: list[Laptop], monkeypatch
):
    assert race(postgres_office, two_laptops, monkeypatch) == ROUNDS


def test_without_the_lock_the_case_is_missed(
    postgres_office: Office, two_laptops: list[Laptop], monkeypatch
):
    unlocked = replace(postgres_office.ingest, lock_identities=False)
    postgres_office.__dict__["ingest"] = unlocked
    assert race(postgres_office, two_laptops, monkeypatch) < ROUNDS


def test_batches_of_many_laptops_at_once_neither_wait_in_a_circle_nor_lose_a_case(
    postgres_office: Office, laptop_on: Callable[[Office], Laptop]
):
    laptops = [laptop_on(postgres_office) for _ in range(4)]
    faults: list[BaseException] = []

    def work(laptop: Laptop, order: int) -> None:
        try:
            for start in range(0, 40, 10):
                block = range(start, start + 10)
                for n in block if order % 2 else reversed(block):
                    laptop.register(nik=nik(n))
            laptop.push(laptop.journal)
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=work, args=(one, n)) for n, one in enumerate(laptops)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(list_cases(postgres_office, "same_nik")) == 40 * 6  # each pair of four laptops

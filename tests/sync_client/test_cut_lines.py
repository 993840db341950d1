"""Whatever is cut, wherever: everything arrives once and both ends agree in the end."""

import contextlib
import hashlib
import random

import pytest

from enumerator_app.domain.errors import ServerUnreachable
from tests.sync_client.office_fixtures import bad_line, synced


@pytest.mark.parametrize("seed", range(6))
def test_after_any_cuts_everything_has_arrived_once_and_heads_agree(seed):
    chance = random.Random(seed)
    with bad_line(chance=0.7, most_bytes=chance.choice([1_500, 4_000, 12_000]), seed=seed) as line:
        saved = []
        for round_ in range(4):
            for n in range(chance.randint(1, 40)):
                photo = chance.randbytes(chance.randint(1_000, 20_000)) if n % 9 == 0 else None
                saved.append(line.store.register(f"Pekerja {round_} {n}", photo=photo))
            with contextlib.suppress(ServerUnreachable):
                synced(line.store)
        assert line.proxy.cuts > 0
        line.proxy.chance = 0.0
        result = synced(line.store)
    assert result.heads_agree
    assert result.pending == 0
    assert sorted(line.office.state.effects) == sorted(line.office.state.entries)
    assert set(saved) <= set(line.office.state.entries)
    assert set(line.store.stage.values()) == {"received"}
    photos = line.office.state.photos
    assert set(photos) == set(line.store.photos)
    assert all(hashlib.sha256(raw).hexdigest() == name for name, raw in photos.items())


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cut_at_every_byte_of_a_small_sync_loses_nothing(direction):
    """One office and one laptop; each sync is cut a little later than the one before."""
    with bad_line() as line:
        for cut_after in range(1, 900, 13):
            saved = line.store.register(f"Pekerja {cut_after}")
            allowed = [cut_after, None] if direction == "up" else [None, cut_after]
            queue = allowed * 2
            line.proxy._allowance = lambda queue=queue: queue.pop(0) if queue else None
            with contextlib.suppress(ServerUnreachable):
                synced(line.store)
            result = synced(line.store)
            assert result.heads_agree
            assert saved in line.office.state.entries
        assert sorted(line.office.state.effects) == sorted(line.office.state.entries)

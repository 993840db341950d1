"""What a passphrase costs in tests: next to nothing, where the product spends half a second.

An eighth of the suite's processor went to Argon2id. What the product itself asks for is held by
`tests/test_secrets_cost.py`, which starts it without this module.
"""

from functools import partial

from argon2 import PasswordHasher

import enumerator_app.bootstrap.laptops
import enumerator_app.services.upkeep
import sync.server.commands.office
from enumerator_app.storage.passphrases import KdfCost
from sync.server import sealing
from sync.server.people import passwords

CHEAP_LAPTOP = KdfCost(memory_kib=8, time=1, lanes=1)
CHEAP_OFFICE = sealing.KdfCost(memory_kib=8, passes=1, lanes=1)


def make_secrets_cheap() -> None:
    """Let every key and password that this process and its forks make cost next to nothing."""
    for module in (enumerator_app.bootstrap.laptops, enumerator_app.services.upkeep):
        module.calibrated_cost = lambda: CHEAP_LAPTOP
    sync.server.commands.office.KdfCost = partial(sealing.KdfCost, 8, 1, 1)
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

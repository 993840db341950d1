"""What the product spends on a passphrase; the rest of the suite spends next to nothing."""

import json
import subprocess
import sys

FLOOR_KIB = 64 * 1024  # docs/design.md: Argon2id with 64 MiB or more
PASSPHRASE = "kerbau putih di tepi sawah"


def said_by(code: str, *arguments: object) -> str:
    line = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def test_a_password_of_the_office_costs_three_passes_over_64_mib():
    code = "from sync.server.people import passwords; print(passwords.password_hash('%s'))"
    assert said_by(code % PASSPHRASE).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_the_offices_sealed_keys_cost_at_least_the_floor(tmp_path):
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    home = tmp_path / "office"
    line = [sys.executable, "-W", "error", "-m", "sync.server", "init", "--regency", "32.16",
            "--admin", "Ibu Sari", "--home", home, "--passphrase-file", passphrase]  # fmt: skip
    subprocess.run(line, check=True, capture_output=True)
    kdf = json.loads((home / "sealed_keys.json").read_text())["kdf"]
    assert kdf["memory_kib"] >= FLOOR_KIB
    assert kdf["passes"] >= 2


def test_a_laptops_passphrase_costs_at_least_the_floor():
    code = (
        "from enumerator_app.bootstrap.laptops import calibrated_cost as new;"
        " from enumerator_app.services.upkeep import calibrated_cost as added;"
        " cost = new(); print(cost.memory_kib, cost.time, new is added)"
    )
    memory_kib, passes, is_same = said_by(code).split()
    memory_kib, passes = int(memory_kib), int(passes)
    assert is_same == "True"
    assert memory_kib >= FLOOR_KIB
    assert passes >= 2

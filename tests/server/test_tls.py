"""Any address but this machine speaks TLS under the office's own authority."""

import hashlib
import ssl
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sync.client.backoff import Timing
from sync.client.enrol import NewDevice, enrol
from sync.protocol.signing import new_private_key
from tests.server.test_command_line import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.ask("init", "--regency", "32.16", "--admin", "Ratna")
    return made


def test_a_laptop_enrols_over_tls_with_the_authority_that_its_code_names(program: Program):
    process, url = program.start("--host", "0.0.0.0")  # noqa: S104 - the point of the test
    try:
        port = url.rsplit(":", 1)[1]
        code = program.ask("device", "add", "Laptop")["code"]
        pem = (program.home / "tls" / "authority.pem").read_bytes()
        der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        assert code.split(".")[1] == hashlib.sha256(der).hexdigest()[:32]
        device = NewDevice(uuid4(), new_private_key(), "Nining", uuid4())
        timing = Timing(sleep=lambda _: None)
        done = enrol(f"https://127.0.0.1:{port}", code, device, timing=timing)
        assert done.ca_certificate == pem.decode()
        assert done.answer.device_code == "A01"
        context = ssl.create_default_context(cadata=pem.decode())
        with urllib.request.urlopen(f"https://127.0.0.1:{port}/health", context=context) as answer:
            assert b'"ok":true' in answer.read()
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()

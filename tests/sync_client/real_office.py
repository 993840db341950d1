"""The district server as a process of its own, and real laptops enrolled there."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enumerator_app.bootstrap.laptops import enrol_laptop
from sync.client.backoff import Timing
from sync.client.engine import sync
from sync.client.http import HttpTransport
from sync.client.progress import SyncResult
from sync.client.wire import Timeouts
from sync.protocol.device import DeviceIdentity
from tests import processes
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE

AT_ONCE = Timing(sleep=lambda _: None)


@dataclass
class RealOffice:
    """One office home; it can be stopped and started again on the same port."""

    home: Path
    options: tuple[str, ...] = ()
    url: str = ""
    process: Any = None
    laptops: list = field(default_factory=list)

    def ask(self, *arguments: object) -> dict[str, Any]:
        line = self._line(*map(str, arguments))
        done = processes.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    def start(self, port: int = 0, *, host: str = "127.0.0.1") -> None:
        log = (self.home.parent / "serve.log").open("ab")
        with log:
            line = self._line("serve", "--host", host, "--port", str(port))
            self.process = processes.Popen(line, stdout=processes.PIPE, stderr=log)
        first = self.process.stdout.readline()
        assert first, (self.home.parent / "serve.log").read_text()[-2000:]
        self.url = json.loads(first)["url"]

    def stop(self) -> int:
        """Stop serving; return the port it was on."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process.stdout.close()
            self.process = None
        return int(self.url.rsplit(":", 1)[1])

    def close(self) -> None:
        self.stop()

    def _line(self, *arguments: str) -> list[str]:
        secret = self.home.parent / "passphrase.txt"
        secret.write_text("padi kuning sawah hujan pagi\n", encoding="utf-8")
        base = [sys.executable, "-m", "sync.server", "--home", str(self.home), *self.options]
        return [*base, *arguments, "--passphrase-file", str(secret), "--json"]


def founded(folder: Path, *options: str) -> RealOffice:
    """Return a new office, not serving yet."""
    office = RealOffice(folder / "office", options)
    office.ask("init", "--regency", "32.16", "--admin", "Kantor Uji")
    return office


def enrolled_laptop(
    office: RealOffice, home: Path, *, url: str | None = None, code: str | None = None
):
    """Return the store of a new laptop of the office."""
    laptop = enrol_laptop(
        home,
        server_url=url or office.url,
        code=code or office.ask("device", "add", home.name)["code"],
        operator_name=OPERATOR,
        passphrase=PASSPHRASE,
        cost=CHEAP,
    )
    return laptop.store


def really_synced(store, *, read_s: float = 20.0, **settings) -> SyncResult:
    """Run one sync; `url` and `root_key` replace what the laptop knows of its office."""
    identity = store.identity()
    known = {"url": "server_url", "root_key": "root_key"}
    other = {known[name]: settings.pop(name) for name in known if name in settings}
    fields = {name: getattr(identity, name) for name in type(identity).__slots__}
    transport = HttpTransport(DeviceIdentity(**fields | other), store, Timeouts(read_s=read_s))
    settings = {"report": lambda _: None, "cancelled": lambda: False, "timing": AT_ONCE} | settings
    try:
        return sync(store, transport, **settings)
    finally:
        transport.close()

"""The whole job once, on sample data: an office, a laptop, its people, and everyone's answers.

Only the public commands of both programs and the window itself act here; each line that is told
comes from the answer of the other side.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from enumerator_app.demo.letters import set_letterhead, write_letters
from enumerator_app.demo.programs import OfficeProcess, Program, program
from enumerator_app.demo.reply import write_reply
from enumerator_app.services.sample_data import write_sample_data
from enumerator_app.texts import text

Tell = Callable[[str], None]
Wait = Callable[[], object]
OPERATOR: Final = "Nining Suryani"
_SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one run lies."""

    folder: Path

    @property
    def office(self) -> Path:
        return self.folder / "office"

    @property
    def laptop(self) -> Path:
        return self.folder / "laptop"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def passphrase(self) -> Path:
        return self.folder / "passphrase.txt"

    def prepare(self) -> None:
        self.results.mkdir(parents=True, exist_ok=True)
        self.passphrase.write_text(f"contoh {secrets.token_hex(8)}\n", encoding="utf-8")
        self.passphrase.chmod(0o600)


@dataclass(slots=True)
class Story:
    """One run of the demo; `facts` gathers what the two sides answered."""

    places: Places
    workers: int
    tell: Tell
    wait: Wait | None = None
    """Waits while somebody looks at the office's pages; without it the server stops at the end."""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> Program:
        passphrase = ("--passphrase-file", self.places.passphrase)
        return program("district-server", "--home", self.places.office, *passphrase)

    @property
    def laptop(self) -> Program:
        passphrase = ("--passphrase-file", self.places.passphrase)
        return program("enumerator", "--home", self.places.laptop, *passphrase)

    def say(self, key: str, **values: Any) -> None:
        self.tell(text(f"demo.{key}", **values))


def play(story: Story, window: Callable[[Story], None]) -> dict[str, Any]:
    """Do the whole job and return its facts; `window` does the part that people do on screen."""
    story.places.prepare()
    story.office.ask("init", "--regency", "32.16", "--admin", "Admin Contoh", "--sample")
    set_letterhead(story.office, story.places.folder)
    with OfficeProcess(story.office, story.places.results / "server.log") as serving:
        _enrol(story, serving.url)
        _register(story)
        _print_slips(story)
        _sync(story, "first_sync")
        _office_returns(story)
        window(story)
        _print_slips(story)
        _office_decides(story)
        _insurer_answers(story)
        _sync(story, "last_sync")
        _print_cards(story)
        _write_letters(story)
        _compare(story)
        _open_pages(story, serving.url)
    return story.facts


def _enrol(story: Story, url: str) -> None:
    code = story.office.ask("device", "add", "Laptop contoh")["code"]
    answer = story.laptop.ask("enrol", "--server", url, "--code", code, "--operator", OPERATOR)
    story.facts |= {"url": url, "device": answer["device_code"]}
    story.say("enrolled", url=url, device=answer["device_code"])


def _register(story: Story) -> None:
    sample = write_sample_data(story.places.folder / "sample", workers=story.workers, seed=_SEED)
    answer = story.laptop.ask("register", sample, accept=(0, 3))
    story.facts["register"] = answer
    story.say("registered", **answer)


def _print_slips(story: Story) -> None:
    pdf = story.places.results / "bukti-pendataan.pdf"
    if "slips" in story.facts:
        pdf = story.places.results / "bukti-pendataan-2.pdf"
    story.laptop.ask("cards", "--new", "--output", pdf)
    found = _verified(story, pdf)
    known = story.facts.get("slips", {"genuine": 0, "codes": 0, "numbers": []})
    story.facts["slips"] = {key: known[key] + found[key] for key in known}
    story.say("slips", **found)


def _verified(story: Story, pdf: Path, *options: object) -> dict[str, Any]:
    answer = story.laptop.ask("verify-card", pdf, *options)
    cards = answer["cards"]
    return {
        "genuine": sum(card["word"] == "genuine" for card in cards),
        "codes": len(cards),
        "numbers": [card["number"] for card in cards],
        "path": str(pdf),
    }


def _sync(story: Story, name: str) -> None:
    answer = story.laptop.ask("sync")
    story.facts[name] = answer
    agree = "agree" if answer["heads_agree"] else "disagree"
    story.say("synced", agree=text(f"demo.{agree}"), **_counts(answer))


def _counts(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("pushed", "photos", "pulled", "pending")}


def _office_returns(story: Story) -> None:
    """The office sends one record back, in its own words."""
    number = story.facts["slips"]["numbers"][0]
    reason = text("demo.return_reason")
    story.office.ask("return", number, "--field", "birth_place", "--reason", reason)
    story.say("returned", number=number, reason=reason)


def _office_decides(story: Story) -> None:
    cases = story.office.ask("cases")["cases"]
    approved = story.office.ask("approve", "--all")
    story.facts |= {"cases": len(cases), "approved": approved["approved"]}
    story.say("decided", cases=len(cases), approved=approved["approved"])


def _insurer_answers(story: Story) -> None:
    batch = story.places.results / "untuk-bpjs.xlsx"
    reply = story.places.results / "jawaban-bpjs.xlsx"
    exported = story.office.ask("insurer", "export", batch)
    write_reply(batch, reply)
    answer = story.office.ask("insurer", "import", reply)
    story.facts |= {"exported": exported, "insurer": answer}
    story.say("insurer", **{key: answer[key] for key in ("accepted", "refused", "unmatched")})


def _print_cards(story: Story) -> None:
    pdf = story.places.results / "kartu.pdf"
    story.laptop.ask("cards", "--all", "--output", pdf)
    office_key = story.places.office / "office_key.json"
    story.facts["cards"] = _verified(story, pdf, "--office-key", office_key)
    story.say("cards", **story.facts["cards"])


def _write_letters(story: Story) -> None:
    written = write_letters(story.office, story.places.results, story.facts["exported"])
    story.facts["letters"] = written
    story.say("letters", **written)


def _compare(story: Story) -> None:
    table = story.places.results / "pendataan.csv"
    story.office.ask("registrations", "export", table)
    proof = story.office.ask("verify")
    here, there = story.laptop.ask("status"), story.office.ask("status")
    story.facts |= {"laptop": here, "office": there, "verify": proof, "table": str(table)}
    story.say("compared", here=here["registrations"], there=there["registrations"])


def _open_pages(story: Story, url: str) -> None:
    """Tell how to look at the sample office's pages: now, or with a server of one's own."""
    login = "koordinator.contoh"
    story.office.ask(
        "account", "add", login, "--name", "Koordinator Contoh", "--role", "coordinator",
        "--finish", story.places.passphrase,
    )  # fmt: skip
    path = story.office.ask("account", "link", login)["path"]
    story.facts["pages"] = path
    if story.wait is None:
        story.say("pages", home=story.places.office, path=path)
        return
    story.say("pages_now", address=f"{url}{path}")
    story.wait()

"""The pages under docs/ say what the program does: values, commands, links and pictures."""

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.commands.line import _parser as enumerator_parser
from enumerator_app.domain import journal
from enumerator_app.domain.registration import FIELDS
from sync.protocol import digest, messages, rekey, signing
from sync.server.commands.line import _parser as server_parser

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md"]


def _protocol() -> str:
    return (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    """The test values at the end of the protocol page."""
    section = _protocol().partition("## 12. Test values")[2]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


# By the page alone: only hashing and Ed25519, as another client would write it.


def test_the_hashes_of_the_page_follow_from_its_formulas(values: dict[str, Any]) -> None:
    header, body = values["header"].encode(), values["body"].encode()
    salt = bytes.fromhex(values["salt"])
    assert _sha256(b"TP1-entry\n" + header) == values["entry_hash"]
    assert _sha256(b"TP1-body\n" + salt + body) == values["body_hash"]
    assert json.loads(header)["body_hash"] == values["body_hash"]
    assert json.loads(header)["body_size"] == len(body)
    line = b"\t".join((header, values["salt"].encode(), body)) + b"\n"
    assert _sha256(line) == values["batch_id"]


def test_the_signatures_of_the_page_follow_from_its_table(values: dict[str, Any]) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(values["private_key"]))
    assert key.public_key().public_bytes_raw().hex() == values["public_key"]
    assert _sha256(bytes.fromhex(values["public_key"]))[:16] == values["kid"]
    device = json.loads(values["header"])["device"]
    tip = "\n".join((values["office"], device, values["entry_hash"]))
    asked, answer = values["request"], values["answer"]
    request = "\n".join(
        (
            asked["method"],
            asked["target"],
            _sha256(asked["body"].encode()),
            str(asked["counter"]),
            asked["nonce"],
        )
    )
    told = f"{asked['nonce']}\n{answer['status']}\n{_sha256(answer['body'].encode())}"
    assert key.sign(f"TP1-tip\n{tip}".encode()).hex() == values["tip_signature"]
    following = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(values["next_private_key"]))
    public = following.public_key().public_bytes_raw().hex()
    said = "\n".join(("TP1-rekey", values["office"], device, public)).encode()
    assert values["rekey"] == {
        "public_key": public, "sig": key.sign(said).hex(), "proof": following.sign(said).hex(),
    }  # fmt: skip
    assert key.sign(f"TP1-request\n{request}".encode()).hex() == values["request_signature"]
    assert key.sign(f"TP1-answer\n{told}".encode()).hex() == values["answer_signature"]


def test_the_feed_and_the_digest_of_the_page_follow_from_its_formulas(
    values: dict[str, Any],
) -> None:
    notice, state = values["notice"], values["state"]
    told = hashlib.sha256(bytes.fromhex(notice["salt"]) + notice["bytes"].encode()).digest()
    assert told.hex() == values["notice_digest"]
    assert _sha256(told) == values["notice_hash"]
    subject = UUID(state["subject"]).bytes
    sums = ["0" * 32] * 256
    sums[subject[15]] = hashlib.sha256(subject + bytes.fromhex(state["revision"])).hexdigest()[:32]
    assert _sha256("".join(sums).encode()) == values["state_digest"]


# By the program.


def test_the_program_writes_the_values_of_the_page(values: dict[str, Any]) -> None:
    entry = journal.Entry(
        values["header"].encode(), bytes.fromhex(values["salt"]), values["body"].encode()
    )
    assert entry.hash == values["entry_hash"]
    assert journal.body_matches(entry, entry.fields)
    assert _sha256(journal.to_line(entry)) == values["batch_id"]
    key = signing.private_key(bytes.fromhex(values["private_key"]))
    tip = signing.tip_message(values["office"], entry.fields["device"], entry.hash)
    assert signing.sign(key, signing.TIP, tip) == values["tip_signature"]
    following = signing.private_key(bytes.fromhex(values["next_private_key"]))
    device = UUID(entry.fields["device"])
    said = rekey.rekey_statement(values["office"], device, key, following)
    assert said == values["rekey"]
    sums = digest.bucket_sums([(UUID(values["state"]["subject"]), values["state"]["revision"])])
    assert digest.digest_of(sums) == values["state_digest"]


MESSAGES = (
    messages.EnrolRequest,
    messages.EnrolAnswer,
    messages.Hello,
    messages.HelloAnswer,
    messages.BatchHeader,
    messages.Receipt,
    messages.OtherOutcome,
    messages.FeedItem,
    messages.FeedPage,
    messages.ReofferRequest,
    messages.ReofferAnswer,
    messages.DigestRequest,
    messages.DigestAnswer,
    messages.Problem,
)


@pytest.mark.parametrize("message", MESSAGES)
def test_the_protocol_page_names_every_key_of(message: type[messages.Message]) -> None:
    page = _protocol()
    assert [key for key in message.model_fields if not re.search(rf"[\"`]{key}[\"`]", page)] == []


def test_the_protocol_page_names_every_kind_outcome_and_prefix() -> None:
    page = _protocol()
    kinds = [
        *journal.EntryKind.__args__,  # type: ignore[attr-defined]
        *messages.Outcome.__args__,  # type: ignore[attr-defined]
        *messages.NoticeKind.__args__,  # type: ignore[attr-defined]
    ]
    prefixes = [v for v in vars(signing).values() if isinstance(v, bytes)]
    assert len(prefixes) == 11
    words = [f"`{kind}`" for kind in kinds] + [f"`{p.decode()[:-1]}\\n`" for p in prefixes]
    assert [word for word in words if word not in page] == []


def _server_source() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("sync/server/**/*.py"))


def test_the_protocol_page_names_every_problem_and_every_path_of_the_office() -> None:
    page, source = _protocol(), _server_source()
    codes = set(re.findall(r'Refused\(\s*\d+, "([a-z_]+)"', source))
    paths = {path.partition("{")[0] for path in re.findall(r'"(/v1/[a-z]+/?)', source)}
    assert len(codes) > 15
    assert len(paths) > 10
    assert {code for code in codes if f"`{code}`" not in page} == set()
    assert {path for path in paths if path not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if ":" in path:
            continue
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{target} is not there"
        if anchor and other.suffix == ".md":
            assert anchor in _anchors(other.read_text(encoding="utf-8")), f"no place {target}"


def _anchors(text: str) -> set[str]:
    """The places a link can point to: headings as pages show them, and explicit ones."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def test_the_commands_page_names_every_field_of_a_registration() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page and name != "paradata"] == []


def _subparsers(parser: argparse.ArgumentParser, called: str = "") -> Iterator[tuple[str, str]]:
    """Each command with each of its own words: (command, option or choice)."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield f"{called} {name}".strip(), name
                yield from _subparsers(below, f"{called} {name}".strip())
        else:
            yield from ((called, word) for word in action.option_strings if word.startswith("--"))


PARSERS = {"enumerator": enumerator_parser, "district-server": server_parser}


@pytest.mark.parametrize("program", PARSERS)
def test_the_commands_page_names_every_command_and_option_of(program: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[\w-]+", page))
    asked = {pair for pair in _subparsers(PARSERS[program]()) if pair[1] != "--help"}
    assert len(asked) > 10
    assert {pair for pair in asked if pair[1] not in words} == set()


def test_the_commands_page_names_no_command_that_is_not_there() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    there = {called for parser in PARSERS.values() for called, _ in _subparsers(parser())}
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    begins = re.compile(r"`([a-z][a-z -]*?)(?= [^a-z]|`)")
    named = [name for heading in headings for name in begins.findall(heading)]
    said = {" ".join(word for word in name.split() if not word.startswith("-")) for name in named}
    assert len(said) > 15
    assert said - there == set()

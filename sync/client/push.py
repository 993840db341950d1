"""Entries go up in signed batches; their receipts are kept before the next one leaves."""

import hashlib
from collections.abc import Iterator, Sequence

from enumerator_app.domain.journal import entry_hash, from_line
from sync.client.ports import DeviceIdentity
from sync.client.run import SyncRun, new_nonce
from sync.protocol.messages import BatchHeader, Receipt
from sync.protocol.signing import TIP, sign, tip_message


def send_entries(run: SyncRun) -> None:
    """Send everything after `run.known` on the chain, and what is saved meanwhile."""
    total, bytes_total = run.store.pending_after(run.known)
    done = bytes_done = 0
    while True:
        lines = run.during(lambda: _send_next(run), on_fault=lambda _: run.batch_size.shrink())
        if not lines:
            return
        done += len(lines)
        bytes_done += sum(map(len, lines))
        run.tell("entries", done, max(done, total), bytes_done, max(bytes_done, bytes_total))


def send_bodies(run: SyncRun, missing: Sequence[str]) -> None:
    """Send entries whose content the office lacks once more, as far as it is here."""
    if not missing:
        return
    for lines in contiguous_runs(run.store.lines_of(missing)):
        run.during(lambda lines=lines: send_batch(run, lines))  # type: ignore[misc]


def _send_next(run: SyncRun) -> list[bytes]:
    """Cut, send and settle one batch; a batch that failed is cut anew, smaller."""
    size = run.batch_size
    lines = run.store.lines_after(run.known, max_bytes=size.max_bytes, max_entries=size.max_entries)
    if lines:
        began, sent = run.clock(), run.transport.traffic.bytes_up
        run.known = send_batch(run, lines)
        sent = run.transport.traffic.bytes_up - sent
        size.learn(raw=sum(map(len, lines)), sent=sent, seconds=run.clock() - began)
    return lines


def send_batch(run: SyncRun, lines: Sequence[bytes]) -> str:
    """Send one contiguous run of lines, keep its receipt, and return its last entry's hash."""
    entries = [hash_of_line(line) for line in lines]
    header = batch_header(run.identity, lines, entries[-1], run.server_epoch)
    receipt: Receipt = run.transport.push(header, lines)
    run.store.settle(entries, receipt)
    run.tally.add(receipt)
    run.check_epoch(receipt.server_epoch)
    return entries[-1]


def batch_header(
    identity: DeviceIdentity, lines: Sequence[bytes], tip: str, server_epoch: str | None
) -> BatchHeader:
    """Return the first line of a batch; the signature over its last entry covers all lines."""
    signature = sign(identity.signing_key, TIP, tip_message(identity.office, identity.device, tip))
    return BatchHeader(
        office=identity.office,
        device=str(identity.device),
        batch_id=hashlib.sha256(b"".join(lines)).hexdigest(),
        count=len(lines),
        tip=tip,
        sig=signature,
        server_epoch=server_epoch,
        nonce=new_nonce(),
    )


def hash_of_line(line: bytes) -> str:
    return entry_hash(line.split(b"\t", 1)[0])


def contiguous_runs(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines cut where one is not the child of the one before it."""
    run: list[bytes] = []
    previous: str | None = None
    for line in lines:
        if run and from_line(line).fields["prev"] != previous:
            yield run
            run = []
        run.append(line)
        previous = hash_of_line(line)
    if run:
        yield run

"""How long a sync is patient, and how much it sends at once."""

import pytest

from enumerator_app.domain.errors import OfficeCannotStore, ServerUnreachable
from sync.client.backoff import MAX_FAULTS_IN_A_ROW, Patience, Stopped, Timing
from sync.client.sizes import SMALLEST_BYTES, TARGET_BYTES, BatchSize, ChunkSize
from sync.client.transport import Interrupted
from sync.protocol.messages import MAX_BATCH_BYTES, MAX_BATCH_ENTRIES


@pytest.fixture
def slept():
    return []


@pytest.fixture
def patience(slept):
    timing = Timing(clock=lambda: sum(slept), sleep=slept.append, chance=lambda: 1.0)
    return Patience(lambda: False, timing)


def failing(times, answer="answer", **fault):
    faults = iter([Interrupted(**fault)] * times)

    def request():
        for found in faults:
            raise found
        return answer

    return request


def test_a_passing_fault_is_waited_out_longer_each_time(patience, slept):
    waits = []
    assert patience.during(failing(5), on_fault=lambda _: waits.append(sum(slept))) == "answer"
    steps = [b - a for a, b in zip([0, *waits], waits, strict=False)]
    assert steps == pytest.approx([0.25, 0.5, 1.0, 2.0, 4.0])


def test_after_six_faults_in_a_row_it_gives_up(patience):
    with pytest.raises(ServerUnreachable):
        patience.during(failing(MAX_FAULTS_IN_A_ROW))


def test_an_answer_in_between_restores_patience(patience):
    for _ in range(4):
        assert patience.during(failing(MAX_FAULTS_IN_A_ROW - 1)) == "answer"


def test_an_office_that_never_answered_is_given_up_at_once(patience, slept):
    with pytest.raises(ServerUnreachable):
        patience.during(failing(1, reached=False))
    assert slept == []


def test_an_office_that_was_there_a_moment_ago_is_waited_for(patience):
    patience.during(failing(0))
    assert patience.during(failing(3, reached=False)) == "answer"


def test_what_the_office_asks_to_wait_is_waited_within_reason(patience, slept):
    patience.during(failing(1, wait_s=7.0))
    assert sum(slept) == pytest.approx(7.0)
    slept.clear()
    patience.during(failing(1, wait_s=86_400.0))
    assert sum(slept) == pytest.approx(20.0)


def test_the_verdict_of_a_fault_is_what_is_said_in_the_end(patience):
    with pytest.raises(OfficeCannotStore):
        patience.during(failing(10, verdict=OfficeCannotStore()))


def test_chance_only_shortens_a_wait_by_half_at_most(slept):
    patience = Patience(lambda: False, Timing(sleep=slept.append, chance=lambda: 0.0))
    patience.during(failing(1))
    assert sum(slept) == pytest.approx(0.125)


def test_stopping_is_noticed_while_waiting(slept):
    asked = iter([False, False, False, False, True])
    patience = Patience(lambda: next(asked), Timing(sleep=slept.append))
    with pytest.raises(Stopped):
        patience.during(failing(1, wait_s=15.0))
    assert len(slept) == 2


def test_a_fault_halves_a_batch_down_to_a_floor_and_quick_answers_double_it_again():
    size = BatchSize()
    whole = size.max_bytes
    size.shrink()
    assert size.max_bytes == whole // 2
    assert size.max_entries == MAX_BATCH_ENTRIES // 2
    for _ in range(20):
        size.shrink()
    assert size.target == SMALLEST_BYTES
    assert size.max_entries >= 1
    for _ in range(20):
        size.learn(raw=100_000, sent=20_000, seconds=0.1)
    assert size.max_bytes < MAX_BATCH_BYTES
    assert size.max_entries == MAX_BATCH_ENTRIES


def test_a_slow_answer_does_not_grow_the_next_batch():
    size = BatchSize()
    size.learn(raw=2_000_000, sent=500_000, seconds=9.0)
    assert size.target == TARGET_BYTES


def test_a_batch_is_cut_by_how_well_the_last_one_was_packed():
    size = BatchSize()
    size.learn(raw=1_000_000, sent=500_000, seconds=9.0)
    assert size.max_bytes == 2 * TARGET_BYTES


def test_photo_chunks_shrink_and_grow_within_their_bounds():
    size = ChunkSize()
    for _ in range(20):
        size.shrink()
    assert size.bytes == SMALLEST_BYTES
    for _ in range(20):
        size.learn(seconds=0.1)
    assert size.bytes == 256 * 1024

"""A slow line with cuts: records before photos, hardly a byte twice; from zero it is far more."""

from tests.faults.slow_line import send


def test_over_a_bad_line_records_come_first_and_nothing_is_sent_twice():
    need = send(12, seed=4, times=1000.0, is_cut=False)
    seen = send(12, seed=4, times=100.0, is_cut=True)
    assert seen["cuts"] > 0
    assert seen["all_there"]
    assert seen["records_there_at_first_photo"] == seen["photos_there"] == 12
    # With so few photos one cut one is much: the campaign holds 1.1 with 2,000.
    assert seen["bytes_up"] <= need["bytes_up"] + seen["cuts"] * 62_000


def test_starting_from_zero_after_each_cut_is_noticed():
    need = send(12, seed=4, times=1000.0, is_cut=False)["bytes_up"]
    seen = send(12, seed=4, times=100.0, is_cut=True, from_zero=True, most=2 * need)
    assert seen["bytes_up"] > 1.1 * need

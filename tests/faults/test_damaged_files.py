"""Damaged files in small: an error in words or right data; without seals, wrong data in silence."""

from tests.faults.damaged_files import run_controls, some_files


def test_no_harm_is_read_as_if_it_were_right():
    found = some_files(120, seed=20261128)
    assert found.silent_wrong_reads == 0
    assert found.wrong_after_rescue == 0
    assert found.refused > 10
    assert found.told_that_it_went_back > 10


def test_without_the_protections_wrong_data_is_read_in_silence():
    report = run_controls(200, seed=1)
    assert report["silent_wrong_reads_without_seals"] > 0
    assert report["log_lost_in_silence_without_second_place"]

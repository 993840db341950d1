"""The long look at papers in small, and its control."""

from tests.faults.check_papers import PLANTED, planted, run
from tests.paper_check import contrast
from tests.paper_office import make_office


def test_papers_of_invented_people_have_no_fault_on_any_sheet_in_either_language() -> None:
    report = run(people=16, seed=20_261_122)
    assert report["first_problems"] == ""
    assert (report["faces"], report["sheets"], report["planted_missed"]) == (128, 16, 0)


def test_every_planted_fault_is_found() -> None:
    answers = planted(make_office())
    assert answers.keys() == PLANTED.keys()
    assert [name for name, problems in answers.items() if not problems] == []


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == 21
    assert round(contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48  # W3C's example of a miss

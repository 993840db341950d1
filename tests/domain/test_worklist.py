"""Lines of a list of expected people, as documents of every age hold them."""

from datetime import date

import pytest

from enumerator_app.domain.worklist import ListedPerson, person_of

SEVEN = ["UDPTDPXY", "SITI", "************0042", "1974-03-12", "Kp. Rawa", "Sri Mukti", "Dinas"]


@pytest.mark.parametrize(
    ("behind", "birth_place"),
    [([], ""), (["GARUT"], "GARUT"), (["GARUT", "of a later version"], "GARUT")],
)
def test_a_line_is_read_with_and_without_a_place_of_birth(behind: list[str], birth_place: str):
    read = person_of("3216132001", [*SEVEN, *behind])
    assert read == ListedPerson(
        code="UDPTDPXY", village_code="3216132001", name="SITI", nik="************0042",
        birth_date=date(1974, 3, 12), address="Kp. Rawa", group="Sri Mukti", source="Dinas",
        birth_place=birth_place,
    )  # fmt: skip

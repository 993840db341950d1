"""Invented people who are registered by key presses; none of them exists."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed, by the control it is typed into, in the order of the form."""

    values: dict[str, str]
    heir: dict[str, str] = field(default_factory=dict)


VILLAGE: Final = "karangharja"

PEOPLE: Final = (
    # A woman with one name, born on 1 July by the register, first recorded in another regency.
    Typed(
        {
            "nik": "3215104107749301",
            "nik_again": "3215109301",
            "name": "Rukmini",
            "sex": "P",
            "birth_place": "Karawang",
            "birth_date": "01071974",
            "mother_name": "Ruminah",
            "address": "Kp. Pulo Asem",
            "rt_rw": "3/1",
            "phone": "-",
            "works_now": "B",
            "works_since": "2001",
        },
        {"relation": "A", "name": "Adi", "born": "2008"},
    ),
    Typed(
        {
            "nik": "3216120303709302",
            "nik_again": "3216129302",
            "name": "Abd. Muis bin Sarkim",
            "sex": "L",
            "birth_place": "Bekasi",
            "birth_date": "03031970",
            "mother_name": "Saemah",
            "address": "Kp. Pulo Asem",
            "rt_rw": "3/2",
            "phone": "081200009302",
            "works_now": "B",
            "works_since": "1995",
        },
        {"relation": "I", "name": "Siti Aisah", "born": "1974"},
    ),
)

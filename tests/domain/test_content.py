"""The content digest: the same words are the same content, whenever they are read."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from enumerator_app.domain.content import content_digest
from enumerator_app.domain.registration import Heir, Registration

SITI = {
    "nik": "3216015203740001",
    "name": "SITI MAEMUNAH",
    "village_code": "3216012001",
    "consent_method": "group",
    "programmes": ("JKK", "JKM"),
}


def digest(when=datetime(2026, 11, 22, 2, tzinfo=UTC), **changes):
    record = {"registered_at": when, "consent_at": when} | SITI | changes
    return content_digest(Registration.model_validate(record))


def child(year=2014):
    return Heir(id=uuid4(), name="UJANG", relation="child", birth_year=year)


def test_a_row_read_again_later_has_the_same_digest():
    later = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    assert digest() == digest(later)
    assert digest(heirs=(child(),)) == digest(later, heirs=(child(),))
    assert digest() == digest(visit_id=uuid4(), group_id=uuid4(), paradata={"identity": 3})
    assert digest() == digest(number="3216-A07-00042-K7QC")
    assert len(digest()) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "SITI MAEMUNA"},
        {"nik": ""},
        {"village_code": "3216012002"},
        {"programmes": ("JKK",)},
        {"heirs": (child(),)},
        {"photo": "ab" * 32},
        {"consent_at": datetime(2026, 11, 20, tzinfo=UTC)},
        {"land_area": 3},
    ],
)
def test_any_other_content_has_another_digest(changes):
    assert digest(**changes) != digest()


def test_a_stated_consent_instant_counts():
    one, other = (datetime(2026, 11, day, tzinfo=UTC) for day in (20, 21))
    assert digest(consent_at=one) != digest(consent_at=other)
    assert digest(heirs=(child(2014),)) != digest(heirs=(child(2015),))

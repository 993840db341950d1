"""A laptop belongs to an office only once the office could open its file, too."""

from dataclasses import replace

import pyrage
import pytest

from tests.storage.laptops import ENROLMENT, new_laptop, reopened


def test_a_laptop_whose_key_cannot_be_sealed_to_its_office_is_not_enrolled(tmp_path):
    laptop = new_laptop(tmp_path, enrolled=False)

    with pytest.raises(pyrage.RecipientError):
        laptop.set_identity(replace(ENROLMENT, recovery_recipient="no recipient"))

    assert not laptop.is_enrolled
    laptop.close()
    again = reopened(tmp_path)
    assert not again.is_enrolled  # so that the same code may be used once more
    again.set_identity(ENROLMENT)
    assert again.is_enrolled
    again.close()

"""Invented workers with drawn portraits, for the demo, practice and tests."""

from enumerator_app.services.sample_data.writing import KINDS, sample_rows, write_sample_data

__all__ = ["KINDS", "sample_rows", "write_sample_data"]

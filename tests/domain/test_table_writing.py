"""A workbook's cells are written quickly, and are those that the library would write."""

from datetime import UTC, datetime

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from enumerator_app.domain import table_writing
from enumerator_app.domain.table_writing import About, write_table

ABOUT = About("uji", datetime(2027, 1, 1, tzinfo=UTC))
ODD = (
    "",
    " ",
    "a ",
    " a",
    "a  b",
    "<b>&\"'",
    "_x0041_",
    "=1+1",
    "é",
    "\t",
    "\x01",
    "a\nb",
    "@",
    "~",
)
CELLS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(min_codepoint=1, max_codepoint=0x2FF), max_size=8),
    st.text("SITI 0123-_<&>.'\"", max_size=12),
)


@settings(max_examples=60)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
def test_each_byte_is_the_librarys_own(tmp_path_factory, rows):
    folder, own = tmp_path_factory.mktemp("tables"), table_writing._Sheet
    write_table(folder / "quick.xlsx", ["a", "b", "c"], rows, ABOUT)
    try:
        table_writing._Sheet = Worksheet
        write_table(folder / "slow.xlsx", ["a", "b", "c"], rows, ABOUT)
    finally:
        table_writing._Sheet = own
    assert (folder / "quick.xlsx").read_bytes() == (folder / "slow.xlsx").read_bytes()


def test_a_cell_reads_back_as_it_was_written(tmp_path):
    rows = [["SITI AMINAH", "3216-A07-00129-M4TX", one] for one in ODD if one.isprintable()]
    write_table(tmp_path / "table.xlsx", ["a", "b", "c"], rows)
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").active
    found = [[cell or "" for cell in row] for row in sheet.iter_rows(2, values_only=True)]
    assert [row[:2] for row in found] == [row[:2] for row in rows]
    assert [row[2] for row in found if "_x" not in row[2]] == [
        row[2] for row in rows if "_x" not in row[2]
    ]

"""The engine behind every paper that is no card: read back with another library."""

import io
import subprocess
import sys
from dataclasses import replace

import pypdfium2
import pytest

from enumerator_app.cards.fonts import font
from enumerator_app.cards.output import PaperNotWritten
from enumerator_app.cards.papers import (
    Column,
    Facts,
    Letterhead,
    Paper,
    Paragraph,
    Row,
    Signature,
    Signatures,
    Table,
    Together,
    lay_out,
    write_paper,
)

LETTERHEAD = Letterhead(
    government="Pemerintah Kabupaten Bekasi",
    office="Dinas Ketenagakerjaan",
    address="Komplek Perkantoran, Cikarang Pusat",
    phone="021-0000000",
    city="Cikarang Pusat",
    posko_phone="0812-0000-0000",
)
PAPER = Paper(title="Tanda Terima", letterhead=LETTERHEAD, number="Nomor: 1/2026", language="id")
COLUMNS = (
    Column("No", 10, "right"),
    Column("Nama", 60),
    Column("Nomor", 34, keep_whole=True),
    Column("Rupiah", 30, "right"),
)


def rows(count):
    for n in range(1, count + 1):
        yield (str(n), f"Nama Ke {n}", f"3216-A07-{n:05d}-K7QC", str(n * 1_680_000))


def written(paper, blocks):
    sink = io.BytesIO()
    done = write_paper(paper, blocks, sink)
    return done, sink.getvalue()


def texts(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_each_page_says_which_of_how_many_it_is():
    done, pdf = written(PAPER, [Table(COLUMNS, rows(90))])
    pages = texts(pdf)
    assert done.pages == len(pages) == 3
    assert done.rows == 90
    for number, said in enumerate(pages, start=1):
        assert f"Halaman {number} dari 3" in " ".join(said.split())


def test_the_head_of_a_table_stands_on_each_page_and_every_row_on_one():
    _, pdf = written(PAPER, [Table(COLUMNS, rows(90))])
    pages = texts(pdf)
    assert all("Rupiah" in said for said in pages)
    for n in range(1, 91):
        lines = [line for said in pages for line in said.splitlines() if f"Nama Ke {n} " in line]
        assert len(lines) == 1
        assert f"3216-A07-{n:05d}-K7QC" in lines[0]
        assert str(n * 1_680_000) in lines[0]


def test_numbers_end_at_one_edge():
    page = next(lay_out(PAPER, [Table(COLUMNS, rows(9))]))
    ends = {
        round(x + words.x + words.width, 3)
        for x, _, items in page.placed
        for words in items
        if getattr(words, "text", "").isdecimal() and words.text.endswith("0000")
    }
    assert len(ends) == 1


def test_signatures_stay_with_their_last_sentence():
    last = Together(
        Paragraph("Demikian dibuat dengan sebenarnya."),
        Signatures((Signature("Kepala Desa"), Signature("Petugas", "Nama", "NIP. 1"))),
    )
    for count in range(30, 75, 3):
        _, pdf = written(PAPER, [Table(COLUMNS, rows(count)), last])
        page = next(said for said in texts(pdf) if "Demikian" in said)
        assert "Kepala Desa" in page
        assert "NIP. 1" in page


def test_a_paper_that_workers_see_says_on_each_page_that_it_is_free():
    for language, words in (("id", "Gratis. Jangan beri uang"), ("en", "Free of charge")):
        paper = replace(PAPER, for_workers=True, language=language)
        _, pdf = written(paper, [Table(COLUMNS, rows(60))])
        for said in texts(pdf):
            assert words in said
            assert "0812-0000-0000" in said
    _, pdf = written(PAPER, [Paragraph("Untuk kantor.")])
    assert "Gratis" not in texts(pdf)[0]


def test_a_long_word_is_broken_and_all_of_its_letters_are_there():
    name = "W" * 60
    _, pdf = written(PAPER, [Table(COLUMNS, [("1", name, "x" * 90, "9" * 40)]), Paragraph(name)])
    said = texts(pdf)[0]
    assert said.count("W") == 120
    assert said.count("x") == 90
    assert said.count("9") == 40


def test_a_row_of_a_whole_book_still_fits_on_one_page():
    _, pdf = written(PAPER, [Table(COLUMNS, [("1", "kata " * 900, "", "")])])
    pages = texts(pdf)
    assert sum(said.count("kata") for said in pages) == 900
    assert [said.count("kata") for said in pages if "kata" in said] == [900]


def test_an_empty_table_says_so():
    _, pdf = written(PAPER, [Table(COLUMNS, [], empty="Belum ada kartu.")])
    assert "Belum ada kartu." in texts(pdf)[0]


def test_equal_papers_are_equal_bytes_and_carry_nothing_but_title_and_office():
    blocks = [Facts((("Nama", "Siti Maemunah"),)), Table(COLUMNS, list(rows(50)))]
    (_, one), (_, other) = (written(PAPER, blocks) for _ in range(2))
    assert one == other
    with pypdfium2.PdfDocument(one) as document:
        said = document.get_metadata_dict()
    assert said["Title"] == "Tanda Terima"
    assert said["Author"] == "Pemerintah Kabupaten Bekasi"
    assert "Siti" not in str(said)
    assert b"/Lang (id-ID)" in one


def test_every_font_is_inside_the_file(tmp_path):
    path = tmp_path / "paper.pdf"
    write_paper(PAPER, [Table(COLUMNS, [Row(("1", "ā ƀ Siti", "a", "1"))])], path)
    listed = subprocess.run(
        ["pdffonts", path], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert listed
    assert all(line.split()[-5] == "yes" for line in listed)


def test_a_cancelled_paper_leaves_nothing_behind(tmp_path):
    path = tmp_path / "paper.pdf"
    asked = iter([False, True])
    done = write_paper(PAPER, [Table(COLUMNS, rows(500))], path, cancelled=lambda: next(asked))
    assert done.pages == 0
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_named(tmp_path):
    with pytest.raises(PaperNotWritten):
        write_paper(PAPER, [], tmp_path / "nowhere" / "paper.pdf")


_MEASURED = """
import io, resource, sys
from enumerator_app.cards.papers import Column, Letterhead, Paper, Table, write_paper
class Nowhere(io.RawIOBase):
    def writable(self): return True
    def write(self, given): return len(given)
paper = Paper(title="Lampiran", letterhead=Letterhead(government="X"), language="id")
rows = ((str(n), f"Nama Ke {n}", str(n * 1000)) for n in range(int(sys.argv[1])))
columns = (Column("No", 10, "right"), Column("Nama", 60), Column("Rp", 20, "right"))
write_paper(paper, [Table(columns, rows)], Nowhere())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_stays_flat_for_long_tables():
    few, many = (
        int(
            subprocess.run(
                [sys.executable, "-c", _MEASURED, str(count)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for count in (200, 12_000)
    )
    assert many - few < 6_000  # KiB


def test_a_letter_that_no_font_has_is_replaced_in_sight():
    name = "Ḥusẖ李 Siti"
    known = font("bold").face.charToGlyph
    blocks = [
        Paragraph(name),
        Facts((("Nama", name),)),
        Table(COLUMNS, [("1", name, name, name)]),
        Signatures((Signature(name, name),)),
    ]
    page = next(lay_out(PAPER, blocks))
    shown = [item.text for _, _, items in page.placed for item in items if hasattr(item, "text")]
    assert all(ord(letter) in known for said in shown for letter in said)
    assert sum("? Siti" in said for said in shown) >= 5


def test_a_line_break_breaks_the_line_in_every_block_of_a_paper():
    two = "Mengetahui,\nKepala Desa"
    for block in (
        Signatures((Signature(two, two, two),)),
        Facts([("Saksi", two)]),
        Paragraph(two),
        Table((Column("Nama", 60), Column("Lain", 60)), [Row((two, "x"))]),
    ):
        _, pdf = written(PAPER, [block])
        (page,) = texts(pdf)
        assert "?" not in page
        assert "Mengetahui, Kepala" not in page
        assert [line for line in page.splitlines() if line.rstrip().endswith("Kepala Desa")]

"""Papers that are no cards: letters, lists, forms, sheets. One engine, one way to use it.

A paper is what stands around its text (`Paper`) and an iterable of blocks, from the top down:

    written = write_paper(
        Paper(title="Tanda Terima Kartu", letterhead=letterhead, number="Nomor: 400.3/12/2026"),
        [
            Paragraph("Telah diterima kartu pekerja tani untuk desa di bawah ini."),
            Facts((("Desa", "Karangharja"), ("Kecamatan", "Pebayuran"))),
            Table(
                (Column("No", 10, align="right"), Column("Nama", 70), Column("Rp", 30, "right")),
                rows,  # any iterable of sequences of texts or of `Row`; it is read once
                empty="Belum ada kartu.",
            ),
            Together(
                Paragraph("Demikian tanda terima ini dibuat dengan sebenarnya."),
                Signatures(
                    (Signature("Yang menerima"), Signature("Kepala Dinas", "Nama", "NIP. 1")),
                    place_and_date=letterhead.date_line(today),
                ),
            ),
        ],
        output,  # a Path, which appears only when it is whole, or an open binary file
    )

`written` holds the numbers of pages and of table rows. What the engine sees to:

- Fonts are embedded, text can be searched, equal input gives equal bytes, the language is tagged.
  The title goes into the file's properties: it names no person.
- A letter that no font has goes back to the letter under its mark, or to a question mark in sight.
- A head of a table stands on each page, a row is never split, and nothing is ever cut: text wraps,
  a word wider than its column is broken with a hyphen, a column with `keep_whole` shrinks instead.
- Signatures, and whatever is inside `Together`, stay on one page.
- Each page says "Halaman 1 dari 3", and with `for_workers=True` that it is free and whom to tell.
- Pages are written one by one: 75,903 rows need no more memory than a hundred.

Widths are millimetres; sizes are points. `Column.width` are shares: they are scaled to the page.
Blocks are `Heading`, `Paragraph`, `Points`, `Facts`, `Table`, `Signatures`, `Together`, `Gap`,
`NewPage` and `Drawing` (your own items in a box of a height that you name). A block of your own is
any object with `pieces(setting) -> Iterator[Piece]`. `lay_out` gives the pages as items in
millimetres without a PDF: for tests and previews. `day_in_full` writes dates, `grouped` numbers.
"""

from enumerator_app.cards.papers.blocks import (
    Block,
    Drawing,
    Facts,
    Gap,
    Heading,
    NewPage,
    Paragraph,
    Points,
    Together,
)
from enumerator_app.cards.papers.flow import Page, Paper, lay_out
from enumerator_app.cards.papers.formats import FORMATS, FormatName
from enumerator_app.cards.papers.letterhead import Letterhead
from enumerator_app.cards.papers.piece import Piece, Setting
from enumerator_app.cards.papers.signatures import Signature, Signatures
from enumerator_app.cards.papers.tables import Column, Row, Table
from enumerator_app.cards.papers.words import day_in_full, grouped
from enumerator_app.cards.papers.writing import Written, write_paper

__all__ = [
    "FORMATS",
    "Block",
    "Column",
    "Drawing",
    "Facts",
    "FormatName",
    "Gap",
    "Heading",
    "Letterhead",
    "NewPage",
    "Page",
    "Paper",
    "Paragraph",
    "Piece",
    "Points",
    "Row",
    "Setting",
    "Signature",
    "Signatures",
    "Table",
    "Together",
    "Written",
    "day_in_full",
    "grouped",
    "lay_out",
    "write_paper",
]

"""Invitations from the list that the office sent: office, socket, laptop, paper and back again."""

from datetime import date

import pypdfium2
import pytest

from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.domain.errors import NobodyExpected
from enumerator_app.services.paper_orders import PaperOrder, make_paper
from enumerator_app.services.papers import Papers
from tests.ui.test_listed import KARANGHARJA, World

DAY = date(2027, 1, 4)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def letters(papers: Papers, folder, village="Karangharja"):
    path = folder / "undangan.pdf"
    order = PaperOrder(
        "invitation", village=village, day=DAY, place="Balai desa", time="08.00 - 12.00"
    )
    return make_paper(papers, order, path), path


def test_each_letter_carries_the_code_that_opens_the_line_on_this_laptop(world, tmp_path):
    world.listing()
    laptop = world.laptop()
    laptop.sync(lambda _: None, lambda: False)
    made, path = letters(laptop.papers, tmp_path)
    codes = read_codes_from_pdf(path)
    names = {laptop.store.listed_by_code(code).person.name for code in codes}
    assert (made.pages, made.rows, len(names)) == (2, 3, 3)
    with pypdfium2.PdfDocument(path) as document:
        said = " ".join(" ".join(p.get_textpage().get_text_range().split()) for p in document)
    for name in names:
        assert name in said
    assert "Senin, 4 Januari 2027" in said
    assert "08.00 - 12.00" in said
    assert "Kp. Rawa, Desa Karangharja" in said
    assert KARANGHARJA not in said
    assert "3216135203740003" not in said  # nobody's NIK
    for code in codes:
        laptop.store.say_of_listed(code, "moved", version=1)
    with pytest.raises(NobodyExpected):
        letters(laptop.papers, tmp_path)
    laptop.close()


def test_a_village_without_a_list_gets_no_letters(world, tmp_path):
    laptop = world.laptop()
    with pytest.raises(NobodyExpected):
        letters(laptop.papers, tmp_path, village="Sukamahi")
    assert not (tmp_path / "undangan.pdf").exists()
    laptop.close()

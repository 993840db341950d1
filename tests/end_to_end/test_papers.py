"""Papers by public commands alone: slips, forms, sheets, and what they answer to programs."""

import pypdfium2

from enumerator_app.cards.reading import read_codes_from_pdf
from tests.end_to_end.test_spine import enrolled, run, woman  # noqa: F401 - a fixture by import


def said_in(path):
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(" ".join(p.get_textpage().get_text_range().split()) for p in document)


def test_the_papers_of_a_visit_come_from_one_command_each(enrolled):  # noqa: F811 - as above
    laptop, folder = enrolled.laptop, enrolled.folder
    visit = laptop.ask(
        "visit", "open", "--village", "Karangharja", "--place", "Balai Desa",
        "--group", "Poktan Sri Mukti;Odih;Buruh tani", "--tickets", 12,
    )["visit"]  # fmt: skip
    row = woman(name="Karsih Papers", nik="3216135203749901", visit_id=visit, ticket="001")
    laptop.ask("register", enrolled.forms(row))
    number = laptop.ask("search", "Karsih Papers")["workers"][0]["number"]
    slips = folder / "slips.pdf"
    made = laptop.ask("tickets", "--count", 12, "--visit", visit[:8], "--output", slips)
    assert made == {"pages": 2, "rows": 12, "path": str(slips)}
    assert len(read_codes_from_pdf(slips)) == 12
    expected = {
        "form": ("Poktan Sri Mukti", ["--count", 2], 2),
        "consent": ("012", [], 12),
        "attendance": ("Balai Desa", ["--count", 3], None),
        "minutes": ("Didata, dengan NIK 1", [], None),
        "handover": (number, [], None),
        "recap": (number, [], None),
        "family": (number, ["--number", number], 1),
    }
    for kind, (said, options, rows) in expected.items():
        path = folder / f"{kind}.pdf"
        made = laptop.ask("paper", kind, "--output", path, *options)
        assert made["path"] == str(path)
        assert made["pages"] >= 1
        assert rows in (None, made["rows"])
        assert said in said_in(path), kind


def test_what_cannot_be_made_ends_with_2_and_leaves_no_file(enrolled):  # noqa: F811 - as above
    path = enrolled.folder / "nothing.pdf"
    for command in (
        ("tickets", "--count", 0, "--output", path),
        ("tickets", "--count", 5000, "--output", path),
        ("tickets", "--count", 2000, "--start", 2, "--output", path),
        ("tickets", "--count", 1, "--village", "Atlantis", "--output", path),
        ("paper", "minutes", "--visit", "ffff", "--output", path),
        ("paper", "family", "--number", "3216-A07-99999-XXXX", "--output", path),
        ("paper", "recap", "--date", "kemarin", "--output", path),
    ):
        assert run(enrolled.laptop, *command).returncode == 2, command
    assert not path.exists()

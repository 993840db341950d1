"""What is on paper in each village: slips, cards, and minutes that the village head signed."""

from typing import Any, Final

from fastapi import Request, Response

from sync.server.figures.villages import PAGE, VillagePapers, village_papers
from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor
from sync.server.web.downloads import Table, send_table, table_links
from sync.server.web.field_parts import asked_of, district_choices, pages_of, tabs
from sync.server.web.site import Site
from sync.server.web.words import Words

_COUNTS: Final = ("people", "printed", "accepted", "visits", "signed")


def add_village_papers(site: Site) -> None:
    """Hang the papers of the villages onto the site."""

    @site.get("/lists/papers", right=Right.field)
    def papers(request: Request, visitor: Visitor) -> Response:
        district, number = asked_of(request)
        return _papers_page(site, visitor, district, number)

    @site.get("/lists/papers.{kind}", right=Right.field)
    def download(request: Request, visitor: Visitor) -> Response:
        district, _ = asked_of(request)
        found = village_papers(site.office, visitor.districts, district)
        return send_table(
            site, request, visitor, _papers_table(found.rows, Words(visitor.language))
        )


def _papers_page(site: Site, visitor: Visitor, district: str, number: int) -> Response:
    words = Words(visitor.language)
    first = (number - 1) * PAGE
    found = village_papers(site.office, visitor.districts, district, first=first, most=PAGE)
    asked = f"district={district}" if district else ""
    key = "papers_facts" if found.unsigned else "papers_facts_all"
    return site.render(
        visitor,
        "village_papers.html",
        active="lists",
        tabs=tabs("papers", words),
        facts=words(key, n=words.n(found.unsigned)) if found.villages else words("papers_none"),
        districts=district_choices(visitor, words),
        district=district,
        rows=[_papers_row(one, words) for one in found.rows],
        pages=pages_of("/lists/papers", asked, number, found.villages, len(found.rows), words),
        downloads=table_links("/lists/papers", asked),
        may_write=visitor.may(Right.letters),
    )


def _papers_row(one: VillagePapers, words: Words) -> dict[str, Any]:
    return {
        "code": one.village.code,
        "village": one.village.name,
        "district": one.village.district_name,
        **{name: words.n(getattr(one, name)) for name in _COUNTS},
        "unsigned": words.n(one.unsigned) if one.unsigned else "",
    }


def _papers_table(found: list[VillagePapers], words: Words) -> Table:
    header = [words("column_code"), words("village"), words("district")]
    header += [words(f"papers_column_{name}") for name in _COUNTS]
    rows = (
        [one.village.code, one.village.name, one.village.district_name]
        + [str(getattr(one, name)) for name in _COUNTS]
        for one in found
    )
    return Table("kertas-per-desa", header, rows)

"""The page of the papers: as a browser gets it, from a real server."""

import csv
import hashlib
import http.client
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
import pytest
import structlog

from sync.server.deciding import approve
from sync.server.devices import add_device
from sync.server.insurer import export_to_insurer
from sync.server.people.accounts import choose_language
from sync.server.web.letter_forms import FORMS
from tests.server.laptops import Laptop, nik
from tests.server.offices import new_office, serving
from tests.server.people import signed_in

ROOT = Path(__file__).resolve().parents[2]
VILLAGE = "Setia Asih"
CODE = "3216012001"  # of Setia Mulya, where the invented people live


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    structlog.reset_defaults()  # another test's command line may have left its closed log here
    folder = tmp_path_factory.mktemp("letters")
    office = new_office(folder / "office", None)
    with serving(office) as place:
        laptop = Laptop(place)
        laptop.enrol(add_device(office, "Balai desa").code)
        laptop.start_epoch()
        for n in range(4):
            laptop.register(nik=nik(n + 1), name=f"SITI {chr(65 + n)}", village_code=CODE)
        laptop.push(laptop.journal)
        approve(office, officer="Ratna")
        office.batch = export_to_insurer(office, folder / "list.xlsx", officer="Ratna").id
        office.place = place
        office.clerk = signed_in(office, "coordinator")
        yield office
    office.close()


def ask(office, target, *, form=None, headers=None, clerk=None, language="id"):
    """Return status, headers and body, as the browser of somebody signed in would get them."""
    line = http.client.HTTPConnection(*office.place, timeout=60)
    clerk = clerk or office.clerk
    here = "http://{}:{}".format(*office.place)
    choose_language(office, clerk.account, language)
    sent = {"Cookie": f"session={clerk.token}", "Origin": here, **(headers or {})}
    try:
        if form is None:
            line.request("GET", target, headers=sent)
        else:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            line.request("POST", target, urlencode({"csrf": clerk.csrf, **form}), sent)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        line.close()


class Elements(HTMLParser):
    """Every element with its attributes, and every text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.words = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, words):
        self.words.append(words)

    def of(self, *tags):
        return [attributes for tag, attributes in self.found if tag in tags]


def page_of(office, target="/letters", **how):
    status, headers, body = ask(office, target, **how)
    return status, headers, Elements(body.decode())


@pytest.mark.parametrize("target", ["/letters", "/letters?lang=en"])
def test_the_page_needs_nothing_but_its_own_files(served, target):
    status, headers, page = page_of(served, target)
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert page.of("style", "iframe") == []
    assert [one["src"] for one in page.of("script")] == ["/static/keys.js"]
    assert not [
        one for _, one in page.found if "style" in one or any(k.startswith("on") for k in one)
    ]
    for one in page.of("link"):
        assert one["href"].startswith("/static/")
        assert ask(served, one["href"])[0] == 200


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_field_has_a_label_and_every_button_a_name_of_its_own(served, language):
    _, _, page = page_of(served, f"/letters?lang={language}")
    assert page.of("html")[0]["lang"] == language
    fields = [one for one in page.of("input", "select") if one.get("type") != "hidden"]
    named = {label["for"] for label in page.of("label")}
    assert {field["id"] for field in fields} == named
    assert len(fields) == len(named)
    names = [one["aria-label"] for one in page.of("button") if "aria-label" in one]
    assert len(set(names)) == len(names) == len(FORMS)
    assert not any("{" in words or "web." in words for words in page.words)


def test_both_languages_say_the_same_number_of_things(served):
    indonesian, english = (page_of(served, f"/letters?lang={one}")[2] for one in ("id", "en"))
    assert [tag for tag, _ in indonesian.found] == [tag for tag, _ in english.found]
    assert "Unduh PDF" in indonesian.words
    assert "Unduh PDF" not in english.words


def number_of(office):
    _, _, body = ask(office, "/letters/card-receipt", form={"village": CODE, "papers": "all"})
    return re.search(r"3216-A01-\d{5}-[0-9A-Z]{4}", text_of(body))[0]


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("kind", FORMS)
def test_each_button_downloads_its_paper(served, kind):
    form = {
        "village": CODE, "papers": "all", "batch": served.batch, "number": number_of(served),
        "letter_number": "400/7/2026", "day": "2026-11-28", "visit": "", "case": "death",
    }  # fmt: skip
    if kind == "decree":
        form["village"] = ""
    form = {name: form[name] for name in (*FORMS[kind].fields, *FORMS[kind].more) if name in form}

    status, headers, body = ask(served, f"/letters/{kind}", form=form)

    assert status == 200
    assert headers["cache-control"] == "no-store"
    if kind == "decree":
        packed = zipfile.ZipFile(io.BytesIO(body))
        pdf, table = packed.read("decree.pdf"), packed.read("decree.csv").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(table, newline="")))[1:]
        lines = "".join("\t".join(row) + "\n" for row in rows)
        assert len(rows) == 4
        assert hashlib.sha256(lines.encode()).hexdigest() in text_of(pdf)
    else:
        assert headers["content-disposition"] == f'attachment; filename="{kind}.pdf"'
        assert body.startswith(b"%PDF-")
        assert len(text_of(body)) > 100
    assert not list(served.home.path.glob("paper-*"))


def test_a_paper_speaks_the_language_of_the_page(served):
    form = {"village": CODE}
    english = text_of(ask(served, "/letters/village-notice", form=form, language="en")[2])
    indonesian = text_of(ask(served, "/letters/village-notice", form=form)[2])
    assert "Free of charge" in english
    assert "Gratis" in indonesian


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("verification", {}, "Pilih dulu kunjungan atau desanya"),
        ("village-notice", {"village": "Atlantis"}, "Desa Atlantis tidak dikenal"),
        ("card-receipt", {"village": VILLAGE}, "Belum ada orang untuk kertas ini"),
        ("claim-file", {"number": "<b>x"}, "&lt;b&gt;x"),
        ("daily-recap", {"first": "besok"}, "Surat belum dibuat"),
        ("self-pay", {"number": "A" * 5000}, "A" * 200),
    ],
)
def test_what_is_wrong_is_said_at_the_form_and_what_was_typed_stays(served, kind, form, said):
    status, _, body = ask(served, f"/letters/{kind}", form=form)
    page = body.decode()
    assert status == 422
    assert said in page
    assert page.count('role="alert"') == 1
    assert "<b>x" not in page
    typed = next(iter(form.values()), "")
    if typed and "<" not in typed:
        assert f'value="{typed[:200]}"' in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8016"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "192.168.1.5:8016"},
    ],
)
def test_a_page_of_another_site_gets_no_paper(served, headers):
    """A name that leads to this machine by trickery, or a form on a foreign page."""
    status, _, body = ask(
        served, "/letters/village-notice", form={"village": CODE}, headers=headers
    )
    assert status == 403
    assert b"SITI" not in body
    assert not body.startswith(b"%PDF")


def test_who_is_not_signed_in_is_sent_to_the_door(served):
    for form in (None, {"village": CODE}):
        status, headers, body = ask(
            served, "/letters/village-notice" if form else "/letters", form=form,
            headers={"Cookie": ""},
        )  # fmt: skip
        assert status == 303
        assert headers["location"].startswith("/sign-in")
        assert body == b""


def test_somebody_with_other_kecamatan_gets_no_paper_of_these_people(served):
    number = number_of(served)
    near = signed_in(served, "service_desk", login="dekat", districts=["Tarumajaya"])
    far = signed_in(served, "service_desk", login="jauh", districts=["Setu", "Babelan"])
    for form, kind in (({"village": CODE}, "village-notice"), ({"number": number}, "self-pay")):
        assert ask(served, f"/letters/{kind}", form=form, clerk=near)[0] == 200
        status, _, body = ask(served, f"/letters/{kind}", form=form, clerk=far)
        assert status == 422
        assert b"SITI" not in body
    for clerk in (near, far):
        assert ask(served, "/letters/decree", form={}, clerk=clerk)[0] == 404
        _, _, page = page_of(served, clerk=clerk)
        assert not [form for form in page.of("form") if form.get("id") == "decree"]
    villages = {one["value"] for one in page_of(served, clerk=far)[2].of("option")}
    assert "Setia Mulya" not in villages
    assert "Lubangbuaya" in villages  # of Setu


def test_nothing_that_was_typed_stands_in_an_address(served):
    _, _, page = page_of(served)
    forms = [form for form in page.of("form") if form["method"] != "dialog"]  # the list of keys
    assert {form["method"] for form in forms} == {"post"}
    assert ask(served, "/letters/claim-file")[0] == 405
    assert ask(served, "/letters/unknown", form={})[0] == 404


def test_a_flood_of_words_is_not_read(served):
    status, _, _ = ask(served, "/letters/village-notice", form={"village": "x" * 100_000})
    assert status == 413


def colours():
    css = (ROOT / "resources" / "web" / "style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))


def light(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "ground", 7), ("ink-2", "ground", 7), ("ink-3", "ground", 4.5),
        ("ink-3", "ground-2", 4.5), ("green-2", "ground", 7), ("green-2", "green-tint", 4.5),
        ("ground", "green", 7), ("ground", "q4", 4.5), ("ink", "q3", 4.5),
        ("ink", "amber-tint", 7), ("ink", "red-tint", 7), ("line-ctl", "ground", 3),
        ("green", "ground", 3), ("amber-line", "amber-tint", 3), ("red", "red-tint", 3),
        ("focus", "ground", 3),
    ],
)  # fmt: skip
def test_colours_that_meet_can_be_told_apart(ink, ground, least):
    lights = sorted(light(colours()[name]) for name in (ink, ground))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least

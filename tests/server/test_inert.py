"""Everything that somebody can write is shown as words, on every page and in every file."""

import re
from dataclasses import dataclass, field

import pytest
from xlsxwriter.worksheet import Worksheet

from enumerator_app.domain import table_writing
from sync.server.application import create_application
from sync.server.web import site as site_module
from sync.server.web.frame import templates
from tests.browsing import seen_by
from tests.server.hearing import heard
from tests.server.inert import words_of, wrong
from tests.server.offices import new_office
from tests.server.people import signed_in
from tests.server.planted import MARK, PAYLOADS, parts_of, plant, written
from tests.server.walking import Field, Sheet, Walk, filled

DAY = Field("signed_on", "date", "2026-11-22")
# Between them they see each page; what else a role may see is for `test_rights`.
ROLES = ("coordinator", "service_desk", "administrator")
ENDS = {"/own/leave"}  # ends the session, shows nothing of its own
# What a route may ask for that no page leads to while this office stands as it does.
TYPED = ("village", "number", "subject", "id", "reason", "code", "field", "search", "name",
         "answer", "seen", "row", "reply", "case", "on", "month", "table", "filter")  # fmt: skip
# Every kind of words that was planted, and that somebody reads somewhere.
FIELDS = {"name", "place", "group", "operator", "label", "officer", "account", "heir", "address",
          "birth_place", "occupation", "workplace", "mother_name", "refusal", "stranger",
          "stranger_name", "planned", "branch", "case", "signer_name", "office"}  # fmt: skip


@dataclass
class Walked:
    planted: object
    app: object
    walks: dict
    answers: list = field(default_factory=list)
    log: list = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inert")
    office = new_office(folder / "office", None)
    for role in ROLES:
        signed_in(office, role)
    with heard() as log:
        planted = plant(office, folder)
        app = create_application(office)
        found = Walked(planted, app, {}, log=log)
        for role in ROLES:
            walk = Walk(app, signed_in(office, role, app=app))
            found.walks[role] = walk
            found.answers += walk_all(walk, parts_of(planted))
    yield found
    office.close()


def walk_all(walk, parts):
    """Open all, send all, and open all that was not led to; return what was answered."""
    role = walk.browser.account
    sent = send_forms(walk.from_here("/"), parts)
    walk.most = 12
    pages = [filled(path, parts) for path in declared(walk, "GET")]
    walk.from_here(*pages, "/zero.xlsx", "/people.xlsx", "/updates?month=2026-12")
    return sent + [(role, address, one) for address, one in walk.answers.items()]


def declared(walk, wanted):
    rights = walk.app.state.site.needs.rights
    return [path for method, path in rights if method == wanted and path not in ENDS]


def send_forms(walk, parts):
    """Send every form: with what hurts in each field that is typed, and as it stands."""
    role, sent = walk.browser.account, []
    for path in declared(walk, "POST"):
        if path not in walk.forms:
            fields = [Field(name, "text") for name in TYPED]
            fields += [Field("scan", "file")] if path.endswith("/minutes") else []
            sheet = Sheet("POST", filled(path, parts), fields=[*fields, DAY])
            walk.forms[walk.route("POST", sheet.action)] = [sheet]
    for route, some in list(walk.forms.items()):
        if route not in ENDS | {"/sign-out"}:
            for form, payload in ((some[0], PAYLOADS[1]), (some[-1], PAYLOADS[3]), (some[0], None)):
                typed = {one.name: written(payload, "typed") for one in form.fields
                         if one.is_typed and payload}  # fmt: skip
                files = {one.name: file_for(one.name) for one in form.fields if one.kind == "file"}
                answer = walk.post(form, files or None, **typed)
                sent.append((role, form.action, answer))
                walk.read(form.action, answer)
    return sent


def file_for(name):
    if name == "scan":
        return ("ba.pdf", b"%PDF-1.4 signed", "application/pdf")
    rows = "".join(f'x;"{written(p, "row")[:200]}"\n'.replace('""', '"') for p in PAYLOADS)
    return ("daftar.csv", f"number;status;Nama;Desa\n{rows}".encode(), "text/csv")


def test_every_page_and_every_file_is_inert(walked):
    bad = {}
    for role, address, answer in walked.answers:
        assert answer.status_code < 500, (role, address)
        if found := wrong(answer):
            bad.setdefault(address, found[:4])
    assert bad == {}
    assert len(walked.answers) > 300


def test_no_page_is_forgotten(walked):
    met = {one for walk in walked.walks.values() for one in walk.met}
    missed = set(walked.app.state.site.needs.rights) - met
    assert {path for _, path in missed} == ENDS


def test_what_was_planted_was_read_as_it_was_written(walked):
    words = [words_of(answer) for _, _, answer in walked.answers]
    seen = {name for one in words for name in re.findall(rf"{MARK}-(\w+)", one.lower())}
    assert seen >= FIELDS, FIELDS - seen
    shown = " ".join(words)
    for payload in PAYLOADS[:10]:
        assert written(payload, "name") in shown, payload
    kinds = {
        answer.headers.get("content-type", "").partition(";")[0] for _, _, answer in walked.answers
    }
    assert {"application/pdf", "text/csv", "text/html"} <= kinds
    papers = [words_of(answer) for _, _, answer in walked.answers
              if answer.headers.get("content-type") == "application/pdf"]  # fmt: skip
    assert any("<script>alert('zq-" in text for text in papers)


def test_without_escaping_it_would_be_seen(walked, monkeypatch):
    bare = templates().overlay(autoescape=False, cache_size=0)
    monkeypatch.setattr(site_module, "templates", lambda: bare)
    browser = walked.walks["coordinator"].browser
    assert any(one.startswith("element zqx") for one in wrong(browser.get("/people")))


def test_without_the_guard_of_formulas_it_would_be_seen(walked, monkeypatch):
    browser = walked.walks["coordinator"].browser
    assert wrong(browser.get("/people.csv")) == wrong(browser.get("/people.xlsx")) == []
    monkeypatch.setattr(table_writing, "inert", lambda value: value)
    plain = Worksheet.write_string

    def guessing(sheet, row, column, value, *form):
        write = sheet.write_formula if value.startswith("=") else plain.__get__(sheet)
        return write(row, column, value, *form)

    monkeypatch.setattr(Worksheet, "write_string", guessing)
    assert len(wrong(browser.get("/people.csv"))) >= 6
    assert wrong(browser.get("/people.xlsx"))


def test_a_browser_runs_nothing_of_it(walked):
    walk, dialogs = walked.walks["coordinator"], []
    one_each = {}
    for address, answer in walk.answers.items():
        if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
            one_each.setdefault(walk.route("GET", address), address)
    with seen_by(walked.planted.office, "coordinator") as seen, seen.page(1366) as page:
        page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
        for address in one_each.values():
            seen.go(page, address)
            assert page.locator("zqx, [zqa], [onerror]").count() == 0, address
    assert len(one_each) > 15
    assert (seen.said, dialogs) == ([], [])


def named(planted, said):
    """The words and numbers of somebody that stand in a text."""
    words = (f"{MARK}-", *planted.niks)
    return [word for word in words if word in said]


def test_nobody_stands_in_the_log_in_addresses_or_in_the_names_of_files(walked):
    assert len(walked.log) > 300
    assert named(walked.planted, repr(walked.log)) == []
    assert named(walked.planted, repr([*walked.log, {"event": walked.planted.niks[3]}])) != []
    places = [address for _, address, _ in walked.answers]
    for _, _, answer in walked.answers:
        places += [answer.headers.get(name, "") for name in ("location", "content-disposition")]
    assert named(walked.planted, repr(places)) == []


def test_nobody_lies_about_in_plain_files(walked):
    """Only the database, the lists that went out and their register hold people: they must stay."""
    home = walked.planted.office.home
    files = [one for one in home.path.rglob("*") if one.is_file()]
    assert named(walked.planted, repr([one.name for one in files])) == []
    holders = {
        one.relative_to(home.path).parts[0]
        for one in files
        if named(walked.planted, one.read_bytes().decode("latin-1"))
    }
    assert {one for one in holders if not one.startswith("office.db")} <= {
        home.exports.name,
        "batches",
    }
    assert any(one.startswith("office.db") for one in holders)
    assert [
        one.name for one in home.path.iterdir() if one.name.startswith(("table-", "list-"))
    ] == []

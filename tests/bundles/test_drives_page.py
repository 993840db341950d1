"""The office's page of flash drives: what they hold is counted, taken in and answered."""

import asyncio
import contextlib
import errno
import json
import re
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import Request

from enumerator_app.domain.errors import FileUnwritable
from enumerator_app.texts import text
from sync.client.carrying import Cut, take_answer, write_bundle
from sync.server import bundles, drives
from sync.server.application import create_application
from sync.server.bundles import How, import_files
from sync.server.daily import daily_work
from sync.server.devices import revoke_device
from sync.server.drives import forget_old
from sync.server.errors import OfficeDiskRefuses
from sync.server.long_work.running import standing_of
from sync.server.standing import standing
from sync.server.web import drives as drives_web
from sync.server.web.forms import FormWrong, Limits, read_form
from tests.server.people import HERE, signed_in, words_of
from tests.server.test_workers import until
from tests.storage.laptops import person, portrait
from tests.sync_client.real_office import enrolled_laptop

VILLAGE = "3216132001"
MIB = 1024 * 1024


@pytest.fixture
def app(office):
    return create_application(office.office)


@pytest.fixture
def two(office, tmp_path):
    """Two laptops with what each carries: A01 two people and a photo, A02 one person."""
    with contextlib.ExitStack() as open_ones:
        found = []
        for n, people in enumerate((2, 1)):
            store = enrolled_laptop(office, tmp_path / f"laptop{n}")
            open_ones.enter_context(contextlib.closing(store))
            for i in range(people):
                photo = portrait(i, 20_000) if i else None
                store.register(person(10 * n + i, village_code=VILLAGE, photo=None), photo=photo)
            path = tmp_path / f"kirim-{n}.tpb"
            write_bundle(store, path, Cut())
            found.append((store, path))
        yield found


def bring(browser, *files):
    """Choose these (name, content) on the page and send them."""
    return browser.client.post(
        "/drives/look", data={"csrf": browser.csrf}, headers={"Origin": HERE},
        files=[("files", file) for file in files], follow_redirects=False,
    )  # fmt: skip


def test_a_drive_is_counted_then_taken_in_and_answered(office, app, two, tmp_path, monkeypatch):
    (first, one), (second, other) = two
    browser = signed_in(office.office, "coordinator", app=app)
    before = standing(office.office)
    whole = other.read_bytes()
    answer = bring(
        browser, ("KINGSTON/kirim.tpb", one.read_bytes()), ("kirim.tpb", whole),
        ("<b>rusak.tpb", whole[: len(whole) // 3]), ("surat.pdf", b"%PDF"),
    )  # fmt: skip
    address = answer.headers["location"]
    page = browser.get(address)
    said = words_of(page)
    assert "3 berkas" in said  # what is no file of a laptop is left out
    assert re.findall(r"/devices/(A\d\d)", page.text) == ["A01", "A02"]
    assert re.findall(r'<td class="n">(\d+)</td>', page.text) == [*"30001", *"20000"]
    assert "1 berkas tidak bisa diterima" in said
    assert "<b>rusak.tpb Rusak atau terpotong." in said
    assert "Belum ada yang diubah" in said
    assert standing(office.office) == before
    assert not browser.get(f"{address}/answers/A01").headers.get("content-disposition")

    with monkeypatch.context() as patched:
        patched.setattr(drives, "import_files", cut_after_import)
        assert browser.post(f"{address}/take-in").status_code == 422
    assert standing(office.office)["registrations"] == 3
    said = words_of(browser.get(address))
    assert "Penerimaan sudah dimulai, tetapi belum selesai" in said
    assert "Belum ada yang diubah" not in said
    assert "Penerimaan belum selesai" in words_of(browser.get("/drives"))

    assert browser.post(f"{address}/take-in").headers["location"] == address
    assert standing(office.office)["registrations"] == 3
    page = browser.get(address)
    assert re.findall(r'<td class="n">(\d+)</td>', page.text) == [*"30001", *"20000"]
    for store, code in ((first, "A01"), (second, "A02")):
        sent = browser.get(f"{address}/answers/{code}")
        assert f"kantor-{code}.tpa" in sent.headers["content-disposition"]
        path = tmp_path / f"{code}.tpa"
        path.write_bytes(sent.content)
        assert take_answer(store, path).heads_agree
    assert browser.get(f"{address}/answers/A03").status_code == 404
    browser.post(f"{address}/take-in")
    assert standing(office.office)["registrations"] == 3
    assert re.findall(r'<td class="n">(\d+)</td>', browser.get(address).text) == [
        *"30001",
        *"20000",
    ]
    assert "Flashdisk laptop diterima" in words_of(
        signed_in(office.office, "auditor", app=app).get("/audit")
    )
    assert_it_is_whose_it_is(office.office, app, address)
    browser.post(f"{address}/leave")
    assert browser.get(address).status_code == 404
    assert len(list((office.office.home.path / "drives").iterdir())) == 2  # of two others
    office.office.clock = lambda: datetime.now(UTC) + timedelta(hours=25)
    bring(signed_in(office.office, "coordinator", app=app), ("x.tpb", b"x"))
    assert len(list((office.office.home.path / "drives").iterdir())) == 1


def test_what_the_office_s_disk_refuses_is_said_on_the_drive_s_page(office, app, two):
    """With what was taken in, and the button that adds the rest; it led to a page of its own."""
    (_, one), (_, other) = two
    browser = signed_in(office.office, "coordinator", app=app)
    files = [("a.tpb", one.read_bytes()), ("b.tpb", other.read_bytes())]
    address = bring(browser, *files).headers["location"]
    (place,) = (office.office.home.path / "drives").iterdir()

    with pytest.MonkeyPatch.context() as full:
        full.setattr(office.office.photos, "write", no_room)
        page = browser.post(f"{address}/take-in")
    assert page.status_code == 422
    said = words_of(page)
    assert "Diska kantor penuh atau menolak ditulisi." in said
    assert "Minta administrator mengosongkan ruang" in said
    assert f'action="{address}/take-in"' in page.text
    (place / "kantor-A01.tpa").mkdir()
    page = browser.post(f"{address}/take-in")
    said = words_of(page)
    assert (page.status_code, "jawaban untuk laptopnya tidak bisa ditulis" in said) == (422, True)
    assert "di tempat lain" not in said
    (place / "kantor-A01.tpa").rmdir()
    assert browser.post(f"{address}/take-in").status_code == 303
    assert standing(office.office)["registrations"] == 3


def no_room(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_at_each_step_and_again_goes_on(office, app, two, monkeypatch):
    (_, one), _ = two
    browser = signed_in(office.office, "coordinator", app=app)
    kept = office.office.home.path / "drives"
    full = text("web.error_office_disk", "id", new=0, known=0, left=1)
    with monkeypatch.context() as disk:
        disk.setattr(drives, "write_privately", no_room)
        answer = bring(browser, ("kirim.tpb", one.read_bytes()))
    assert (answer.status_code, full in words_of(answer)) == (422, True)
    assert not [*kept.glob("*")]

    address = bring(browser, ("kirim.tpb", one.read_bytes())).headers["location"]
    with monkeypatch.context() as disk:
        disk.setattr(drives, "write_privately", no_room)
        answer = browser.post(f"{address}/take-in")
    assert (answer.status_code, full in words_of(answer)) == (422, True)
    assert standing(office.office)["registrations"] == 0
    with monkeypatch.context() as disk:
        disk.setattr(office.office.photos, "write", no_room)
        answer = browser.post(f"{address}/take-in")
    said = text("web.error_office_disk", "id", new=3, known=0, left=1)
    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert "Penerimaan belum selesai" in words_of(browser.get("/drives"))
    assert browser.post(f"{address}/take-in").headers["location"] == address
    assert re.findall(r'<td class="n">(\d+)</td>', browser.get(address).text) == [*"30001"]


def ended():
    """Wait until the thread that does long work has ended."""
    for thread in threading.enumerate():
        if thread.name == "long work":
            thread.join(60)
            assert not thread.is_alive()


def test_a_large_drive_is_taken_in_beside_the_page_which_says_how_far(
    office, app, two, monkeypatch
):
    monkeypatch.setattr(drives_web, "_MOST_BYTES_AT_ONCE", 0)
    (_, one), (_, other) = two
    browser = signed_in(office.office, "coordinator", app=app)
    address = bring(browser, ("1.tpb", one.read_bytes()), ("2.tpb", other.read_bytes())).headers[
        "location"
    ]
    reached, go_on = threading.Event(), threading.Event()
    taken = bundles._Taking._take_photo

    def stands_midway(*given):
        reached.set()
        assert go_on.wait(60)
        taken(*given)

    with monkeypatch.context() as slow:
        slow.setattr(bundles._Taking, "_take_photo", stands_midway)
        shown = browser.post(f"{address}/take-in").headers["location"]
        assert shown.startswith(f"{address}?work=")
        assert reached.wait(60)
        until(lambda: standing_of(office.office, shown.rpartition("=")[2]).done)
        page = browser.get(shown)
        assert page.headers["refresh"] == "3"
        assert re.search(r"Menerima isi flashdisk: \d+ dari \d+ kB \(", words_of(page))
        assert "/take-in" not in page.text
        again = browser.post(f"{address}/take-in").headers["location"]
        assert again == shown  # one piece runs at a time: this one
        go_on.set()
        ended()
    page = browser.get(shown)
    assert "refresh" not in page.headers
    assert "Sudah diterima kantor" in words_of(page)
    assert standing(office.office)["registrations"] == 3

    address = bring(browser, ("3.tpb", one.read_bytes())).headers["location"]
    with monkeypatch.context() as disk:
        disk.setattr(drives, "import_files", refused_by_disk)
        shown = browser.post(f"{address}/take-in").headers["location"]
        ended()
    page = words_of(browser.get(shown))
    assert "Isi flashdisk belum semuanya diterima." in page
    assert text("web.error_office_disk", "id", new=1, known=2, left=3) in page


def refused_by_disk(*_):
    raise OfficeDiskRefuses(new=1, known=2, left=3)


def cut_after_import(office, files, how):
    """All is in, and nobody hears of it."""
    import_files(office, files, how)
    raise FileUnwritable(name="drive.json")


def assert_it_is_whose_it_is(office, app, address):
    """Nobody else has it, in no role."""
    asked = {
        "coordinator.2": 404, "administrator": 404, "verifier": 403, "service.desk": 403,
        "auditor": 403, "coordinator.desa": 403,
    }  # fmt: skip
    for login, status in asked.items():
        role = "service_desk" if login == "service.desk" else login.partition(".")[0]
        areas = ("Pebayuran",) if login.endswith("desa") else ()
        browser = signed_in(office, role, login=login, districts=areas, app=app)
        assert browser.get(address).status_code == status, login
        assert browser.get("/drives").status_code == (200 if status == 404 else 403), login
        assert browser.post(f"{address}/take-in").status_code == status, login
        assert bring(browser, ("x.tpb", b"x")).status_code == (303 if status == 404 else 403)
        assert ("/drives" in browser.get("/devices").text) == (status == 404), login


def test_what_a_stopped_laptop_brings_is_said_before_it_is_taken_in(office, two):
    """Looked at, taken in, and looked at once more: the same notes."""
    (_, one), (_, other) = two
    revoke_device(office.office, "A02")
    told = [
        import_files(office.office, {"1": one, "2": other}, How(dry_run=dry_run)).laptops
        for dry_run in (True, False, True)
    ]
    assert [[list(one.notes()) for one in laptops] for laptops in told] == [
        [[], [("without_effect", 2)]]
    ] * 3
    assert [(second.new, second.known) for _, second in told] == [(2, 0), (2, 0), (0, 2)]


def test_what_would_wait_is_not_said_to_be_kept_before_it_is_taken_in(office, app, two, tmp_path):
    (store, _), _ = two
    path = tmp_path / "kirim-lagi.tpb"
    tip = store.position().head
    store.register(person(5, village_code=VILLAGE, photo=None))
    write_bundle(store, path, Cut(since=tip))
    browser = signed_in(office.office, "coordinator", app=app)
    address = bring(browser, ("kirim-lagi.tpb", path.read_bytes())).headers["location"]
    said = words_of(browser.get(address))
    assert "1 catatan akan menunggu" in said
    assert "Yang ini disimpan" not in said
    browser.post(f"{address}/take-in")
    assert "1 catatan menunggu" in words_of(browser.get(address))


def test_what_is_no_file_of_a_laptop_is_named_and_nothing_is_kept(office, app):
    browser = signed_in(office.office, "coordinator", app=app)
    for files, said in (
        ((), "Pilih dulu berkasnya."),
        ((("kantor-A01.tpa", b"x"),), "Yang dipilih bukan berkas dari laptop."),
    ):
        answer = bring(browser, *files)
        assert answer.status_code == 422
        assert said in words_of(answer)
    many = bring(browser, *((f"{n}.tpb", b"x") for n in range(2001)))
    assert many.status_code == 413
    assert "Paling banyak 2.000 berkas sekali kirim" in words_of(many)
    assert "Paling banyak 2.000 sekali kirim" in words_of(browser.get("/drives"))
    assert not list((office.office.home.path / "drives").glob("*"))
    page = browser.get(bring(browser, ("lain.tpb", b"x")).headers["location"])
    assert "Tidak ada berkas yang bisa diterima." in words_of(page)
    assert "take-in" not in page.text
    for wrong in ("dari 0 laptop", "Yang lain tetap dihitung", "Jangan diterima"):
        assert wrong not in words_of(page)
    assert "Tidak ada yang bisa diterima" in words_of(browser.get("/drives"))
    kept = [path.name for path in office.office.home.path.iterdir()]
    assert not [name for name in kept if name.startswith("paper-")]


def test_what_another_version_kept_of_a_drive_stops_no_page(office, app):
    """It is left out, and goes a day after its folder was last changed."""
    browser = signed_in(office.office, "coordinator", app=app)
    bring(browser, ("lain.tpb", b"x"))
    (place,) = (office.office.home.path / "drives").iterdir()
    whole = json.loads((place / "drive.json").read_bytes())
    wrong = ({}, [], whole | {"at": "kemarin"}, whole | {"found": {"laptops": [{}], "unread": []}})
    for n, fields in enumerate(wrong):
        (place.parent / f"lain{n}").mkdir()
        (place.parent / f"lain{n}" / "drive.json").write_text(json.dumps(fields))
    page = browser.get("/drives")
    assert page.status_code == 200
    assert page.text.count('href="/drives/') == 1
    office.office.clock = lambda: datetime.now(UTC) + timedelta(hours=23)
    forget_old(office.office)
    assert len(list(place.parent.iterdir())) == 5
    office.office.clock = lambda: datetime.now(UTC) + timedelta(hours=25)
    with daily_work(office.office):
        pass  # its first round ends before the block does
    assert not list(place.parent.iterdir())


def test_a_large_file_never_stands_in_memory(tmp_path):
    limits = Limits(80 * MIB, to_disk=True)
    tracemalloc.start()
    try:
        form = asyncio.run(read_form(sent(64), limits, tmp_path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [(one.name, one.path.stat().st_size) for one in form.brought] == [("a.tpb", 64 * MIB)]
    assert form.values == {"csrf": "x"}
    assert peak < 8 * MIB
    with pytest.raises(FormWrong, match="413"):
        asyncio.run(read_form(sent(64), Limits(32 * MIB, to_disk=True), tmp_path))


def sent(mib):
    """A form with one file of so many MiB, in pieces as a server gets them."""
    head = b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx\r\n'
    head += b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.tpb"\r\n\r\n'
    pieces = iter([head, *[bytes(MIB)] * mib, b"\r\n--b--\r\n"])

    async def receive():
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)

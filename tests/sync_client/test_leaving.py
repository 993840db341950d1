"""Content leaves a laptop in two steps, and only what every copy of the office holds."""

import contextlib
import shutil
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

import pytest
from PIL import Image
from sqlalchemy import select

from enumerator_app.bootstrap.laptops import enrol_laptop
from enumerator_app.domain.errors import ContentAtOffice
from enumerator_app.services.laptop import Laptop
from enumerator_app.services.photos import prepare_photo
from enumerator_app.storage.leaving import CONFIRM_AFTER, KEEP_DAYS
from sync.server.backing_up import back_up, restore
from sync.server.copies import copies, forget_copy, in_every_copy
from sync.server.deciding import Verdict, decide
from sync.server.devices import add_device
from sync.server.erasing import open_cleaned
from sync.server.home import Home
from sync.server.office import open_office
from sync.server.tables import ENTRY_ROWS
from tests.server.offices import PASSPHRASE as OFFICE_PASSPHRASE
from tests.server.offices import new_office, serving
from tests.storage.laptops import CHEAP, OPERATOR, PASSPHRASE, person

VILLAGE = "3216132001"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "office"
    new_office(folder, None).close()
    return folder


class Place:
    """One office, served on one port for its laptop, that can be put back to a copy; its days."""

    def __init__(self, folder, stack):
        self.folder, self.stack = folder, stack
        self.days = 0.0
        self.office = open_office(Home(folder / "office"), None)
        self._count(self.office)

    def _count(self, office):
        clock = office.clock
        office.clock = lambda: clock() + timedelta(days=self.days)
        office.__dict__.pop("ingest", None)

    def put_back(self, copy):
        self.office.keep_head_outside()
        self.office.close()
        restore(Home(self.folder / "office"), None, copy, OFFICE_PASSPHRASE)
        self.office = open_cleaned(Home(self.folder / "office"), None)
        self._count(self.office)


@pytest.fixture
def place(tmp_path, template):
    shutil.copytree(template, tmp_path / "office")
    with contextlib.ExitStack() as stack:
        place = Place(tmp_path, stack)
        stack.callback(lambda: place.office.close())  # noqa: PLW0108 - it may be another one by then
        yield place


@pytest.fixture
def laptop(place, tmp_path):
    with serving(place.office) as (host, port):
        opened = enrol_laptop(
            tmp_path / "laptop",
            server_url=f"http://{host}:{port}",
            code=add_device(place.office, "Laptop uji").code,
            operator_name=OPERATOR,
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
    opened.store.set_setting(KEEP_DAYS, "0")
    with contextlib.closing(opened):
        yield opened


def met(place, laptop: Laptop):
    """The laptop meets its office once, wherever that is served today."""
    with serving(place.office) as (host, port):
        at = f"http://{host}:{port}"
        change = "UPDATE identity SET server_url = ?"
        laptop.store._file.write(lambda connection: connection.execute(change, (at,)))
        return laptop.sync(lambda _: None, lambda: False)


def face(n):
    drawn, jpeg = Image.new("RGB", (600, 800), (n * 40 % 255, 120, 90)), BytesIO()
    drawn.save(jpeg, "JPEG")
    return prepare_photo(jpeg.getvalue())


def saved(laptop, n=1, *, photo=True):
    picture = face(n) if photo else None
    done = laptop.store.register(person(n, village_code=VILLAGE, photo=None), photo=picture)
    laptop.store.mark_printed([done.subject])
    return done


def after_the_wait(place):
    place.days += CONFIRM_AFTER / timedelta(days=1) + 1


def announced(place, laptop):
    """What was not held yet is asked about a day later."""
    place.days += 1.1
    met(place, laptop)


def left(laptop, place):
    """Meet with the wait between, as often as both steps can need; return how many left."""
    for _ in range(3):
        met(place, laptop)
        after_the_wait(place)
    met(place, laptop)
    return laptop.keeping.standing().wiped


def content_at(place, entry):
    with place.office.database.reading() as connection:
        query = select(ENTRY_ROWS.c.body).where(ENTRY_ROWS.c.hash == entry)
        return connection.execute(query).scalar()


def test_content_leaves_in_two_steps_and_what_lists_and_papers_need_stays(place, laptop, tmp_path):
    done = saved(laptop)
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    before = laptop.registration(done.subject)
    announced(place, laptop)
    assert (laptop.keeping.standing().announced, laptop.keeping.standing().wiped) == (1, 0)
    assert laptop.registration(done.subject) == before, "announced is not gone"
    place.days += CONFIRM_AFTER / timedelta(days=1) - 0.5
    met(place, laptop)
    assert laptop.keeping.standing().wiped == 0
    place.days += 1
    met(place, laptop)
    met(place, laptop)
    assert laptop.keeping.standing().wiped == 1
    after = laptop.registration(done.subject)
    assert (after.name, after.nik, after.birth_date, after.mother_name, after.programmes) == (
        before.name, before.nik, before.birth_date, before.mother_name, before.programmes
    )  # fmt: skip
    assert (after.address, after.phone, after.kk_number, after.heirs) == ("", "", "", ())
    worker = laptop.find(done.number)
    assert worker.custody == "backed_up"
    assert laptop.store.photo(worker.photo) is None
    assert laptop.photo(worker.photo) == laptop.thumbnail(worker.photo)
    assert laptop.doctor() == []
    assert [w.number for w in laptop.search(before.nik[-6:])] == [done.number]
    out = tmp_path / "cards.pdf"
    laptop.print_cards(output=out, subjects=[done.subject], sheet="a4-10", reprint_reason="lost")
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("with_copy", [False, True])
def test_nothing_leaves_without_a_copy_or_with_one_that_lacks_it(
    place, laptop, tmp_path, with_copy
):
    if with_copy:
        back_up(place.office, tmp_path / "copy")
    saved(laptop)
    assert left(laptop, place) == 0


def lost_for_good(place, laptop, tmp_path):
    """Whether a person is nowhere after the office went back to its oldest copy."""
    back_up(place.office, tmp_path / "old")
    done = saved(laptop, photo=False)
    met(place, laptop)
    back_up(place.office, tmp_path / "new")
    left(laptop, place)
    place.put_back(tmp_path / "old")
    for _ in range(3):
        met(place, laptop)
    return content_at(place, done.entry_hash) is None


def test_the_office_goes_back_to_its_oldest_copy_and_nobody_is_lost(place, laptop, tmp_path):
    assert not lost_for_good(place, laptop, tmp_path)


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param(lambda _home, _kept, things: list(things), id="at receipt"),
        pytest.param(None, id="by the newest copy"),
    ],
)
def test_control_content_that_leaves_earlier_is_lost(place, laptop, tmp_path, instead):
    newest = instead or (lambda home, kept, things: in_every_copy(home, kept[-1:], things))
    with patch("sync.server.copies.in_every_copy", newest):
        assert lost_for_good(place, laptop, tmp_path)


def test_a_restored_office_begins_both_steps_anew(place, laptop, tmp_path):
    saved(laptop)
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    announced(place, laptop)
    assert laptop.keeping.standing().announced == 1
    place.put_back(tmp_path / "copy")
    after_the_wait(place)
    met(place, laptop)
    met(place, laptop)
    assert laptop.keeping.standing().wiped == 0, "what was announced to another life counts no more"
    after_the_wait(place)
    met(place, laptop)
    met(place, laptop)
    assert laptop.keeping.standing().wiped == 1


def gone(place, laptop, tmp_path):
    done = saved(laptop)
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    assert left(laptop, place) == 1
    return done


def test_a_record_that_left_is_asked_for_and_comes_back(place, laptop, tmp_path):
    done = gone(place, laptop, tmp_path)
    with pytest.raises(ContentAtOffice):
        laptop.draft_of(done.subject)
    with pytest.raises(ContentAtOffice):
        laptop.store.correct(done.subject, person(2, village_code=VILLAGE, photo=None))
    assert laptop.keeping.standing().wanted == 1
    met(place, laptop)
    expected = person(1, village_code=VILLAGE, photo=None)
    back = laptop.registration(done.subject)
    assert (back.address, back.phone, back.kk_number) == (
        expected.address, expected.phone, expected.kk_number
    )  # fmt: skip
    change = back.model_copy(update={"phone": "081200001111"})
    laptop.store.correct(done.subject, change)
    assert met(place, laptop).heads_agree
    assert laptop.registration(done.subject).phone == "081200001111"


def test_a_record_that_left_comes_back_even_if_there_is_nothing_else_to_do(place, laptop, tmp_path):
    done = gone(place, laptop, tmp_path)
    with pytest.raises(ContentAtOffice):
        laptop.draft_of(done.subject)
    met(place, laptop)
    assert laptop.registration(done.subject).phone


def test_a_record_that_the_office_sends_back_brings_its_content(place, laptop, tmp_path):
    done = gone(place, laptop, tmp_path)
    verdict = Verdict(str(done.subject), "returned", reason="lihat KTP", field="phone")
    decide(place.office, [verdict], officer="Ratna", actor="officer")
    met(place, laptop)
    assert [task.number for task in laptop.tasks()] == [done.number]
    assert laptop.draft_of(done.subject).values["address"]


def test_what_is_not_printed_yet_stays(place, laptop, tmp_path):
    laptop.store.register(person(3, village_code=VILLAGE, photo=None))
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    assert left(laptop, place) == 0


def test_a_correction_between_the_steps_keeps_the_record_here(place, laptop, tmp_path):
    done = saved(laptop)
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    announced(place, laptop)
    change = laptop.registration(done.subject).model_copy(update={"phone": "081299998888"})
    laptop.store.correct(done.subject, change)
    after_the_wait(place)
    met(place, laptop)
    met(place, laptop)
    assert laptop.keeping.standing().wiped == 0
    assert laptop.registration(done.subject).phone == "081299998888"
    kept = copies(place.office.home)[0]
    back_up(place.office, tmp_path / "copy2")
    forget_copy(place.office.home, kept.id, place.office.clock())
    assert left(laptop, place) == 1


def test_off_is_off(place, laptop, tmp_path):
    saved(laptop)
    met(place, laptop)
    back_up(place.office, tmp_path / "copy")
    laptop.keeping.set_days(0)
    assert left(laptop, place) == 0
    laptop.keeping.set_days(3)
    assert laptop.keeping.standing().keep_days == 7, "a week is the least"

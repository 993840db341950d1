"""The letterhead reaches every laptop as a signed document, once for each change."""

from collections.abc import Callable
from pathlib import Path

from enumerator_app.domain.canonical import canonical_bytes, from_canonical
from enumerator_app.domain.letterhead import Letterhead
from sync.protocol.documents import opened_certified
from sync.server.backing_up import back_up, restore
from sync.server.letterhead import NAME, read_letterhead, set_letterhead
from sync.server.office import Office, open_office
from tests.server.laptops import Laptop, fields_of
from tests.server.offices import PASSPHRASE, serving

OURS = Letterhead(government="Pemerintah Kabupaten Bekasi", posko_phone="0812-1111-2222")


def announced(laptop: Laptop) -> list[str]:
    return [fields_of(item)["name"] for item in laptop.pull() if item["kind"] == "document"]


def test_a_change_is_announced_once_and_the_same_again_is_no_change(office: Office, laptop: Laptop):
    laptop.pull()

    versions = [set_letterhead(office, OURS, None) for _ in range(3)]

    assert versions == [1, 1, 1]
    assert announced(laptop) == [NAME]
    assert set_letterhead(office, OURS.model_copy(update={"city": "Cikarang"}), None) == 2
    assert announced(laptop) == [NAME]
    assert read_letterhead(office)[0].city == "Cikarang"


def test_a_laptop_that_comes_later_is_told_of_it(office: Office, new_laptop: Callable[[], Laptop]):
    set_letterhead(office, OURS, b"picture")

    laptop = new_laptop()

    assert announced(laptop) == [NAME]
    raw = laptop.ask("GET", f"/v1/documents/{NAME}").body
    fields = opened_certified(raw, office.public.root_key, NAME)
    assert fields is not None
    assert fields["settings"]["posko_phone"] == "0812-1111-2222"


def test_after_a_restore_a_laptop_has_what_the_office_has_now(
    office: Office, laptop: Laptop, tmp_path: Path
):
    """The copy knows an older letterhead: the office sets it anew, and laptops fetch that one."""
    set_letterhead(office, OURS, None)
    back_up(office, tmp_path / "copy")
    set_letterhead(office, OURS.model_copy(update={"city": "Cikarang"}), None)
    laptop.pull()
    place = office.database.place
    url = None if isinstance(place, Path) else place
    office.database.close()
    restore(office.home, url, tmp_path / "copy", PASSPHRASE)

    again = open_office(office.home, url)
    try:
        assert read_letterhead(again)[0].city == ""
        assert set_letterhead(again, OURS.model_copy(update={"city": "Cibitung"}), None) == 2
        with serving(again) as laptop.place:
            laptop.feed_n, laptop.feed_hash = 0, None  # its feed begins anew with the epoch
            assert announced(laptop)[-1] == NAME
            raw = laptop.ask("GET", f"/v1/documents/{NAME}").body
        fields = opened_certified(raw, again.public.root_key, NAME)
        assert fields is not None
        assert fields["settings"]["city"] == "Cibitung"
    finally:
        again.close()


def test_nobody_else_can_write_one(office: Office, laptop: Laptop):
    set_letterhead(office, OURS, None)
    raw = laptop.ask("GET", f"/v1/documents/{NAME}").body
    root = office.public.root_key
    document = from_canonical(raw)

    forged = document["document"].replace("0812-1111-2222", "0899-9999-9999")
    assert forged != document["document"]
    assert opened_certified(canonical_bytes({**document, "document": forged}), root, NAME) is None
    assert opened_certified(raw, "00" * 32, NAME) is None
    assert opened_certified(raw, root, "trust_list") is None
    assert opened_certified(laptop.ask("GET", "/v1/documents/trust_list").body, root, NAME) is None
    assert opened_certified(b"{}", root, NAME) is None
    assert opened_certified(b"no json", root, NAME) is None

"""Heirs: their ids, and who the law lets come first."""

from uuid import UUID, uuid4, uuid5

from enumerator_app.domain.heirs import first_class, heir_id, identified, legal_classes
from enumerator_app.domain.reference import load_heir_order
from enumerator_app.domain.registration import RELATIONS, Heir
from enumerator_app.texts import catalogue

SUBJECT = UUID("01932f6e-0000-7000-8000-00000000000b")
ORDER = load_heir_order()


def heir(name, relation, year=None):
    return Heir(id=uuid4(), name=name, relation=relation, birth_year=year)


def test_the_same_person_typed_twice_has_one_id():
    one = heir_id(SUBJECT, "child", "MUHAMMAD YUSUF", "2014")
    assert one == heir_id(SUBJECT, "child", "Moh. Yusup", "2014")
    assert one == uuid5(SUBJECT, "child\nMUHAMAD YUSUP\n2014")


def test_another_birth_relation_or_worker_is_another_id():
    ids = {
        heir_id(SUBJECT, "child", "UJANG", "2014"),
        heir_id(SUBJECT, "child", "UJANG", "2015"),
        heir_id(SUBJECT, "sibling", "UJANG", "2014"),
        heir_id(uuid4(), "child", "UJANG", "2014"),
    }
    assert len(ids) == 4


def test_known_heirs_keep_their_ids_through_a_corrected_name_or_birth():
    known = (heir("UJANG", "child", 2014), heir("SITI", "child", 2016), heir("KARTA", "spouse"))
    typed = (heir("SITI NUR", "child", 2016), heir("UJANG", "child", 2015), heir("KARTA", "spouse"))
    found = identified(typed, SUBJECT, known)
    assert [h.id for h in found] == [known[1].id, known[0].id, known[2].id]
    assert [h.name for h in found] == ["SITI NUR", "UJANG", "KARTA"]


def test_an_equal_heir_is_known_before_a_similar_one():
    known = (heir("UJANG", "child", 2014), heir("ASEP", "child", 2014))
    typed = (heir("BUDI", "child", 2014), heir("UJANG", "child", 2014))
    found = identified(typed, SUBJECT, known)
    assert found[1].id == known[0].id
    assert found[0].id == known[1].id


def test_new_heirs_never_share_an_id():
    found = identified([heir("UJANG", "child", 2014)] * 3, SUBJECT)
    assert len({h.id for h in found}) == 3
    assert found == identified([heir("UJANG", "child", 2014)] * 3, SUBJECT)


def test_the_law_knows_every_relation_once():
    listed = [relation for row in ORDER["classes"] for relation in row["relations"]]
    assert sorted(listed) == sorted(RELATIONS)


def test_spouse_and_children_come_before_parents_and_those_before_siblings():
    family = (heir("A", "sibling"), heir("B", "parent"), heir("C", "child"), heir("D", "spouse"))
    classes = legal_classes(family, ORDER)
    assert [[h.name for h in row] for row in classes] == [["C", "D"], ["B"], ["A"], [], []]
    assert first_class(family, ORDER) == 1
    assert first_class(family[:2], ORDER) == 2
    assert first_class(family[:1], ORDER) == 3
    assert first_class((), ORDER) is None


def test_every_relation_and_every_class_has_words():
    classes = {f"heirs.class_{number}" for number, _ in enumerate(ORDER["classes"], start=1)}
    relations = {f"heirs.relation_{relation}" for relation in RELATIONS}
    assert {key for key in catalogue() if key.startswith("heirs.")} == classes | relations

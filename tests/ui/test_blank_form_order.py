"""The form on paper asks in the order of the form on the screen, with the letters of its keys."""

import pytest

from enumerator_app.cards.items import Words
from enumerator_app.cards.papers import Letterhead
from enumerator_app.cards.papers.field.blank_form import BlankFormContent, same_on_all
from enumerator_app.domain.reference import load_consent_texts
from enumerator_app.texts import set_language, text
from enumerator_app.ui.kit import SegmentsField
from enumerator_app.ui.registration.form_fields import make_fields, make_group_fields

TYPED_AGAIN = "nik_again"  # "typed" on the screen, written on paper: its words differ
BY_POLICY = "kk_number"  # where an office asks for it, it is asked when the paper is typed
WITNESS = ("consent_witness", "witness_role")  # on paper beside the hand that signs


@pytest.fixture(params=["id", "en"])
def language(request, qapp):
    set_language(request.param)
    yield request.param
    set_language("id")


def words_on_paper(language):
    consent = load_consent_texts()[-1]
    content = BlankFormContent(
        letterhead=Letterhead(government="Pemerintah Kabupaten Bekasi"),
        numbers=(),
        consent_version=consent.version,
        consent_paragraphs=consent.paragraphs[language],
    )
    found = [item for item in same_on_all(content, language) if isinstance(item, Words)]
    return [words.text for words in sorted(found, key=lambda words: (round(words.box.y), words.x))]


def test_labels_stand_in_the_order_of_the_screen(language):
    shown = words_on_paper(language)
    group = [name for name in make_group_fields() if name != "consent_method"]
    person = [name for name in make_fields() if name not in (TYPED_AGAIN, BY_POLICY, *WITNESS)]
    wanted = [*group, *person, "heir_name", "consent_method", *WITNESS]
    places = [shown.index(text(f"form.label.{name}")) for name in wanted]
    assert places == sorted(places)


def test_every_answer_of_the_screen_has_a_box_with_its_letter(language):
    shown = words_on_paper(language)
    for name, control in {**make_fields(), **make_group_fields()}.items():
        if not isinstance(control, SegmentsField):
            continue
        for option in control.segments.options:
            at = [n for n, said in enumerate(shown) if said == option.words]
            assert any(shown[n - 1] == option.letter for n in at), (name, option)

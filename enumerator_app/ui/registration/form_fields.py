"""The controls of the form: made once for a page, filled from the state."""

from collections.abc import Callable
from typing import Final

from enumerator_app.texts import text
from enumerator_app.ui.income_keys import income_hint, income_typing
from enumerator_app.ui.kit import (
    Aside,
    Field,
    Option,
    Role,
    SegmentsField,
    typing_formats,
)
from enumerator_app.ui.kit.typing_formats import TypingFormat

Control = Field | SegmentsField

LONGEST_NAME: Final = 120
OTHER_RELATION: Final = "other"
OTHER_RELATIONS: Final = (
    "parent", "sibling", "grandchild", "grandparent", "parent_in_law", "testament",
)  # fmt: skip
WITNESS_ROLES: Final = ("mandor", "ketua kelompok", "RT", "keluarga")
"""As they stand in the record and on papers."""
PHONE_OWNERS: Final = ("self", "family", "neighbour", "village")


def make_fields() -> dict[str, Control]:
    """Return the controls of one person, by place, in the order of the form."""
    none = text("form.none")
    return {
        "nik": _field("nik", typing_formats.NIK, role=Role.SECTION, aside=none, most=24),
        "nik_again": _field("nik_again", role=Role.SECTION, most=10),
        "document_seen": _choice("document_seen", ("KK", "suket", "none")),
        "name": _field("name", typing_formats.CAPITALS, most=LONGEST_NAME),
        "sex": _choice("sex", ("L", "P"), yes_key=text("form.spoken.key")),
        "birth_place": _field("birth_place", typing_formats.CAPITALS, most=60),
        "birth_date": _field("birth_date", typing_formats.DATE, hint=True, most=20),
        "mother_name": _field("mother_name", typing_formats.CAPITALS, most=LONGEST_NAME),
        "kk_number": _field("kk_number", typing_formats.NIK, aside=text("form.kk_later"), most=24),
        "address": _field("address", hint=True, most=120),
        "rt_rw": _field("rt_rw", typing_formats.RT_RW, hint=True, most=12),
        "phone": _field("phone", typing_formats.PHONE, aside=none, most=24),
        "works_now": _choice("works_now", ("working", "ill", "stopped")),
        "works_since": _field("works_since", hint=True, most=4),
        "consent_witness": _field("consent_witness", typing_formats.CAPITALS, most=LONGEST_NAME),
        "witness_role": _choice("witness_role", WITNESS_ROLES),
    }


def make_group_fields() -> dict[str, Control]:
    """Return the controls of the values that a group shares."""
    return {
        "occupation": _field("occupation", hint=True, most=60),
        "workplace": _field("workplace", hint=True, most=80),
        "monthly_income": _field("monthly_income", income_typing(), hint=income_hint(), most=16),
        "consent_method": _choice("consent_method", ("group", "signature", "thumbprint", "verbal")),
    }


def make_heir_fields(number: int) -> tuple[SegmentsField, Field, Field]:
    """Return relation, name and birth of heir `number` (from 0)."""
    tail = "" if number == 0 else "_more"
    relation = SegmentsField(
        text(f"form.label.heir{tail}", n=number + 1),
        [_option("relation", value) for value in ("spouse", "child", OTHER_RELATION)],
        tight=True,
    )
    name = _field("heir_name", typing_formats.CAPITALS, hint=True, most=LONGEST_NAME)
    born = _field("heir_born", hint=True, most=20)
    for part, control in (
        ("relation", relation.segments),
        ("name", name.line),
        ("born", born.line),
    ):
        control.setObjectName(f"form.heir.{number}.{part}")
    return relation, name, born


def _field(
    name: str,
    typing: TypingFormat = typing_formats.PLAIN,
    *,
    role: Role = Role.BODY,
    hint: bool | str = False,
    aside: str = "",
    most: int = 0,
) -> Field:
    field = Field(
        text(f"form.label.{name}"),
        typing=typing,
        role=role,
        placeholder=hint if isinstance(hint, str) else text(f"form.example.{name}") if hint else "",
        aside=Aside(aside, "-") if aside else None,
        max_length=most,
    )
    field.line.setObjectName(f"form.{name}")
    return field


def _choice(name: str, values: tuple[str, ...], *, yes_key: str = "") -> SegmentsField:
    options = [_option(name, value) for value in values]
    label = text(f"form.label.{name}")
    field = SegmentsField(label, options, tight=len(values) > 3, yes_key=yes_key)
    field.segments.setObjectName(f"form.{name}")
    return field


def _option(name: str, value: str) -> Option:
    words, letter = text(f"form.option.{name}.{value.replace(' ', '_')}").split("|")
    return Option(value, words, letter)


def on_edit(control: Control, tell: Callable[[str], object]) -> None:
    """Report what a person typed or chose."""
    if isinstance(control, Field):
        control.edited.connect(tell)
    else:
        control.chosen.connect(tell)


def show_value(control: Control, value: str) -> None:
    """Show a value of the state; what is already there stays untouched, with its cursor."""
    if isinstance(control, SegmentsField):
        if (control.value() or "") != value:
            control.set_value(value or None)
    elif control.text() != value:
        control.set_text(value)

"""A damaged file: carried into a new one as far as it can be read, or set aside to begin anew."""

import argparse
from dataclasses import asdict
from typing import Any

from enumerator_app.bootstrap.laptops import begin_anew, rescued_laptop
from enumerator_app.bootstrap.rescue_words import rescue_words
from enumerator_app.commands.running import Answer, passphrase_of
from enumerator_app.texts import text


def rescue(options: argparse.Namespace) -> Answer:
    if options.begin_anew:
        return _begin_anew(options)
    laptop, rescued = rescued_laptop(
        options.home, passphrase_of(options), operator_name=options.operator
    )
    with laptop:
        aside = laptop.store.set_aside
    fields: dict[str, Any] = {**asdict(rescued), "set_aside": str(aside) if aside else None}
    return Answer(fields, tuple(rescue_words(rescued, aside)))


def _begin_anew(options: argparse.Namespace) -> Answer:
    aside = begin_anew(options.home)
    if aside is None:
        return Answer({"set_aside": None}, (text("rescue.nothing_there"),))
    lines = (text("rescue.begun_anew", folder=aside.name), text("rescue.enrol_again"))
    return Answer({"set_aside": str(aside)}, lines)

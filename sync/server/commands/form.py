"""What the form asks by the office's decision: showing and setting it."""

import argparse

from enumerator_app.domain.form_policy import FormPolicy
from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.deciding_form import set_form_policy
from sync.server.form_policy import form_policy


def show(options: argparse.Namespace) -> Answer:
    with opened(options) as office:
        policy = form_policy(office.database)
    return Answer(policy.model_dump(), (text(f"server.said_kk_{policy.kk_number}"),))


def put(options: argparse.Namespace) -> Answer:
    policy = FormPolicy(kk_number=options.kk_number)
    with opened(options) as office:
        version = set_form_policy(office, policy)
    said = text(f"server.said_kk_{policy.kk_number}")
    fields = {"version": version, **policy.model_dump()}
    return Answer(fields, (said, text("server.said_form_policy")))

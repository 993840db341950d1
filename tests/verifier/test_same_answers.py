"""Both verifiers, the program's and the page's, give the same word and reason for any code."""

import json
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.cards.seal import STALE_AFTER_DAYS, open_seal
from tests.verifier.browser import Browser
from tests.verifier.corpus import (
    REPRINTED,
    ROOT,
    STRANGER,
    TODAY,
    mutations,
    table,
    trust_list,
    trust_of,
    variations,
)

# RFC 8032, section 7.1: secret key, message, signature.
RFC_8032 = (
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
     ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
     ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82",
     ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")),
)  # fmt: skip
PLAIN = "(...all) => Promise.resolve(Ed25519.plainVerify(...all))"


def by_page(judge: Browser, codes: list[str], today: date, verify: str = "Ed25519.verify"):
    found = judge.run(
        f"(async () => {{ const said = []; for (const code of {json.dumps(codes)}) {{"
        f"const v = await Seal.judge(code, LIST, '{today}', {verify});"
        "const c = v.claims || {number: null, name: null, expiresOn: null};"
        "said.push([v.word, v.reason, v.age, c.number, c.name, c.expiresOn]); }"
        "return said; })()"
    )
    return [tuple(one) for one in found]


def by_program(codes: list[str], today: date):
    for code in codes:
        verdict = open_seal(code, trust_list(), today)
        shown = verdict.claims
        yield (
            verdict.word,
            verdict.reason.rsplit(".", 1)[-1],
            verdict.list_age_days,
            shown and shown.number,
            shown and shown.short_name,
            shown and shown.expires_on.isoformat(),
        )


@pytest.mark.parametrize("days", [0, STALE_AFTER_DAYS, STALE_AFTER_DAYS + 1, 400, -900])
def test_each_code_of_the_table_gets_its_answer_from_both(judge: Browser, days: int):
    today = TODAY + timedelta(days=days)
    codes = [case.code for case in table()]
    found = by_page(judge, codes, today)
    assert found == list(by_program(codes, today))
    if days == 0:
        said = [(case.name, case.word, case.reason) for case in table()]
        assert [(c.name, *f[:2]) for c, f in zip(table(), found, strict=True)] == said


def test_two_thousand_broken_codes_get_the_same_refusal_from_both(judge: Browser):
    codes = list(mutations(2_000))
    found = by_page(judge, codes, TODAY)
    assert found == list(by_program(codes, TODAY))
    assert not {word for word, *_ in found} & {"genuine", "stale_list"}
    assert len({reason for _, reason, *_ in found}) >= 4


def test_right_and_wrong_seals_of_every_kind_get_the_same_answer_from_both(judge: Browser):
    codes = list(variations(600))
    for days in (0, 40):
        found = by_page(judge, codes, TODAY + timedelta(days=days))
        assert found == list(by_program(codes, TODAY + timedelta(days=days)))
    assert len({reason for _, reason, *_ in found}) >= 10


def test_an_older_browser_without_ed25519_says_the_same(judge: Browser):
    codes = [*(case.code for case in table()), *mutations(60, seed=2)]
    assert by_page(judge, codes, TODAY, PLAIN) == list(by_program(codes, TODAY))


@pytest.mark.parametrize(("secret", "message", "signature"), RFC_8032)
def test_both_ways_to_verify_agree_with_rfc_8032(judge: Browser, secret, message, signature):
    public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key()
    key = public.public_bytes_raw().hex()
    wrong = f"{int(signature[:2], 16) ^ 1:02x}{signature[2:]}"
    beyond = signature[:64] + "ff" * 32  # S above the order of the group
    for verify in ("Ed25519.verify", PLAIN):
        asked = (
            f"(async () => {{ const b = (hex) => Uint8Array.from(hex.match(/../g) || [], (p) => "
            f"parseInt(p, 16)); const v = {verify}; const at = [];"
            f"for (const s of {json.dumps([signature, wrong, beyond])})"
            f" at.push(await v(b('{key}'), b('{message}'), b(s))); return at; }})()"
        )
        assert judge.run(asked) == [True, False, False]


def test_sha_512_agrees_with_fips_180_4(judge: Browser):
    hashed = judge.run(
        "Array.from(Ed25519.sha512(new TextEncoder().encode('abc')), (b) => "
        "b.toString(16).padStart(2, '0')).join('')"
    )
    assert hashed == (
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    )


def test_a_list_that_the_root_does_not_lead_to_is_not_believed(judge: Browser):
    good = trust_of(trust_list())
    foreign = trust_of(trust_list(), STRANGER)
    altered = good.document["list"].replace(REPRINTED, REPRINTED[:-1] + "0")
    assert altered != good.document["list"]
    other_certificate = {**good.document["certificate"], "office": "somebody else"}
    for document, is_good in (
        (good.document, True),
        (foreign.document, True),  # the invented root certified that key, too
        ({**foreign.document, "certificate": good.document["certificate"]}, False),
        ({**good.document, "list": altered}, False),
        ({**good.document, "certificate": other_certificate}, False),
        ({**good.document, "list": good.document["list"][:-1]}, False),
    ):
        content = json.dumps({"root_key": good.root_key, **document})
        assert judge.run(f"Seal.openList({content}).then((list) => list !== null)") is is_good
    assert ROOT is not STRANGER

"""Every attack on a permit that its executor has to see without asking anybody."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import InvalidInputError, NotPermittedError
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.witness_policy import WitnessPolicy, log_keys_policy, parse_policy
from gatekeeper.permits import dsse
from gatekeeper.permits.bundle import Bundle, parse_bundle
from gatekeeper.permits.permit import ActionBinding, Permit
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from gatekeeper.permits.verification import Flaw, PermitRefusedError, verify_permit
from gatekeeper.proposals.report import Action
from tests.support.exported_logs import LOG, OTHER_WITNESS, WITNESS, a_key
from tests.support.permits import (
    BINDING,
    KEY,
    NOW,
    PERMIT,
    REFERENCE,
    a_permit_key,
    bundle_for,
    issued_leaf,
    logged,
    permits,
)

BUNDLE = bundle_for()
VALUE = BUNDLE.value
POLICY = parse_policy(f"log {LOG.verifier.vkey}\nwitness one {WITNESS.verifier.vkey}\nquorum one\n")
OTHER = a_permit_key("another")
OTHER_LOG = a_key("example.org/log-of-a-thief")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def verified(
    bundle: Bundle = BUNDLE,
    keys=(KEY.public,),
    policy: WitnessPolicy = POLICY,
    subject: str = BINDING.digest,
    audience: str = "deployer-1",
    now=NOW,
) -> Permit:
    return verify_permit(bundle, keys, policy, subject, audience, now)


def flaw(**given: object) -> Flaw | None:
    """Why it is refused; None when it is not."""
    try:
        verified(**given)
    except PermitRefusedError as refused:
        return Flaw(refused.code)
    return None


def resigned(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> Bundle:
    """What whoever holds the key can make: other content, signed and in the log."""
    envelope = dsse.sign(payload_type, payload, KEY)
    entry = issued_leaf(envelope, PERMIT, 9)
    return Bundle(envelope, entry, logged(entry, 9))


def with_leaf(edit: Callable[[dict], object]) -> Bundle:
    """The bundle with another leaf, which is in the log."""
    entry = canonical_json(edit(json.loads(BUNDLE.entry)))
    return replace(BUNDLE, entry=entry, proof=logged(entry, 9))


def test_a_good_permit_is_returned() -> None:
    assert verified() == PERMIT
    assert verified(parse_bundle(BUNDLE.encoded)) == PERMIT
    assert verified(keys=[OTHER.public, KEY.public]) == PERMIT


@given(permits())
def test_any_permit_is_good_for_what_it_says(permit: Permit) -> None:
    bundle = bundle_for(permit)
    policy = log_keys_policy([LOG.verifier.vkey])
    subject, now = permit.binding.digest, permit.not_before
    assert verified(bundle, policy=policy, subject=subject, audience=permit.audience, now=now) == permit


def test_a_refusal_is_a_denial_that_says_what_to_do() -> None:
    with pytest.raises(NotPermittedError) as caught:
        verified(audience="deployer-2")
    assert (caught.value.code, caught.value.detail) == (
        "audience",
        "The permit is for another executor. Ask for one for this audience.",
    )


@pytest.mark.parametrize("flaw", list(Flaw))
def test_every_flaw_has_a_sentence_that_goes_on_with_what_to_do(flaw: Flaw) -> None:
    why, _, what_to_do = PermitRefusedError(flaw).detail.partition(". ")
    assert why
    assert what_to_do.endswith(".")


def test_every_byte_of_payload_and_signature_counts() -> None:
    envelope = BUNDLE.envelope
    for at in range(len(envelope.payload)):
        payload = bytearray(envelope.payload)
        payload[at] ^= 1
        assert flaw(bundle=replace(BUNDLE, envelope=replace(envelope, payload=bytes(payload)))) == "signature"
    for at in range(len(envelope.signature)):
        for bit in range(8):
            signature = bytearray(envelope.signature)
            signature[at] ^= 1 << bit
            edited = replace(envelope, signature=bytes(signature))
            assert flaw(bundle=replace(BUNDLE, envelope=edited)) == "signature"


def test_every_character_of_the_encoded_envelope_counts() -> None:
    signature = VALUE["dsse"]["signatures"][0]
    for name, text in (("payload", VALUE["dsse"]["payload"]), ("sig", signature["sig"])):
        for at, character in enumerate(text):
            other = "A" if character != "A" else "B"
            edited = text[:at] + other + text[at + 1 :]
            envelope = VALUE["dsse"] | (
                {"payload": edited} if name == "payload" else {"signatures": [signature | {"sig": edited}]}
            )
            with pytest.raises((InvalidInputError, PermitRefusedError)):
                verified(parse_bundle(json.dumps(VALUE | {"dsse": envelope}).encode()))


def test_an_edited_permit_is_not_what_was_signed() -> None:
    for permit in (
        replace(PERMIT, audience="thief"),
        replace(PERMIT, expires_at=PERMIT.expires_at + 600 * SECOND),
        replace(PERMIT, binding=replace(BINDING, action=replace(BINDING.action, target="service/payments"))),
    ):
        edited = replace(BUNDLE, envelope=replace(BUNDLE.envelope, payload=statement(permit)))
        subject = permit.binding.digest
        assert flaw(bundle=edited, subject=subject, audience=permit.audience) == "signature"


def test_a_key_that_is_not_the_gates_signs_no_permit() -> None:
    assert flaw(bundle=bundle_for(key=OTHER)) == "signature"
    renamed = replace(bundle_for(key=OTHER).envelope, keyid=KEY.kid)
    assert flaw(bundle=replace(BUNDLE, envelope=renamed)) == "signature"
    assert flaw(keys=[]) == "signature"


def test_a_signature_counts_for_its_payload_type_only() -> None:
    other_type = "application/vnd.other+json"
    assert flaw(bundle=resigned(statement(PERMIT), other_type)) == "payload_type"
    swapped = replace(resigned(statement(PERMIT), other_type).envelope, payload_type=PAYLOAD_TYPE)
    assert flaw(bundle=replace(BUNDLE, envelope=swapped)) == "signature"


@pytest.mark.parametrize(
    ("binding", "what"),
    [
        (replace(BINDING, proposal=replace(REFERENCE, revision=5)), "the next revision"),
        (replace(BINDING, proposal=replace(REFERENCE, digest="sha256:" + "e" * 64)), "an edited report"),
        (replace(BINDING, action=replace(BINDING.action, target="service/payments")), "another target"),
        (replace(BINDING, action=replace(BINDING.action, type="delete")), "another deed"),
        (replace(BINDING, action=Action("deploy", "service/ledger", "sha256:" + "e" * 64)), "other bytes"),
        (ActionBinding(REFERENCE, None), "no action"),
    ],
)
def test_a_permit_fits_one_revision_and_one_action(binding: ActionBinding, what: str) -> None:
    assert flaw(subject=binding.digest) == "subject", what


@pytest.mark.parametrize("audience", ["deployer-2", "deployer-1 ", "Deployer-1", "", "deployer"])
def test_a_permit_fits_one_executor(audience: str) -> None:
    assert flaw(audience=audience) == "audience"


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        (-31, "not_yet_valid"),
        (-30.000001, "not_yet_valid"),
        (-30, None),
        (0, None),
        (299, None),
        (299.999999, None),
        (300, "expired"),
        (300.000001, "expired"),
        (301, "expired"),
    ],
)
def test_a_permit_begins_with_patience_and_ends_without(seconds: float, refused: str | None) -> None:
    assert flaw(now=NOW + timedelta(seconds=seconds)) == refused


def test_a_clock_that_was_set_back_does_not_bring_a_permit_back() -> None:
    """Witnesses saw it later than the clock says it is now."""
    late = replace(PERMIT, not_before=NOW - HOUR, expires_at=NOW - HOUR + 900 * SECOND)
    bundle = bundle_for(late)
    assert flaw(bundle=bundle) == "expired"
    assert flaw(bundle=bundle, now=NOW - HOUR) == "clock_behind"
    assert flaw(bundle=bundle, now=NOW - HOUR + 899 * SECOND) == "clock_behind"
    assert [flaw(now=NOW - 30 * SECOND), flaw(now=NOW - 31 * SECOND)] == [None, "not_yet_valid"]


@pytest.mark.parametrize(
    ("seconds", "refused"), [(-30, None), (-30.5, "clock_behind"), (-31, "clock_behind")]
)
def test_half_a_minute_behind_the_witnesses_is_forgiven(seconds: float, refused: str | None) -> None:
    bundle = bundle_for(replace(PERMIT, not_before=NOW - 60 * SECOND))
    assert flaw(bundle=bundle, now=NOW + timedelta(seconds=seconds)) == refused


def test_what_a_key_signed_before_it_was_retired_holds_and_nothing_after() -> None:
    for retired_at, refused in ((NOW + SECOND, None), (NOW, "key_retired"), (NOW - SECOND, "key_retired")):
        keys = [replace(KEY.public, retired_at=retired_at), OTHER.public]
        assert flaw(keys=keys) == refused
        assert flaw(keys=keys, now=NOW + 299 * SECOND) == refused


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        statement(PERMIT) + b"\n",
        statement(PERMIT).replace(b'"audience":', b'"audience":"thief","audience":'),
        statement(PERMIT).replace(b'"maxUses":1', b'"maxUses":2'),
        statement(PERMIT).replace(b"00:05:00Z", b"00:15:01Z"),
        statement(PERMIT).replace(b"/permit/v1", b"/consumption/v1"),
        statement(PERMIT).replace(BINDING.digest.encode(), b"e" * 64),
    ],
)
def test_signed_bytes_that_are_no_permit_are_refused(payload: bytes) -> None:
    assert flaw(bundle=resigned(payload)) == "not_a_permit"


def test_a_second_signature_and_a_name_given_twice_are_refused() -> None:
    signatures = VALUE["dsse"]["signatures"] + bundle_for(key=OTHER).envelope.value["signatures"]
    for twice in (signatures, list(reversed(signatures)), signatures[:1] * 2, []):
        with pytest.raises(InvalidInputError):
            parse_bundle(json.dumps(VALUE | {"dsse": VALUE["dsse"] | {"signatures": twice}}).encode())
    forged = base64.b64encode(statement(replace(PERMIT, audience="thief"))).decode()
    raw = BUNDLE.encoded.replace(b'"payload":', b'"payload":"%b","payload":' % forged.encode(), 1)
    with pytest.raises(InvalidInputError):
        parse_bundle(raw)


def test_a_permit_without_its_proof_is_none() -> None:
    for name in ("tlogProof", "entry", "dsse"):
        with pytest.raises(InvalidInputError):
            parse_bundle(json.dumps({each: VALUE[each] for each in VALUE if each != name}).encode())


def test_a_stolen_key_alone_makes_no_permit() -> None:
    """Signed by the gate's key, but in a log of the thief's own, or in none."""
    envelope = dsse.sign(PAYLOAD_TYPE, statement(replace(PERMIT, verdict_leaf=1)), KEY)
    entry = issued_leaf(envelope, PERMIT, 9)
    assert flaw(bundle=Bundle(envelope, entry, logged(entry, 9, OTHER_LOG))) == "not_witnessed"
    assert flaw(bundle=Bundle(envelope, entry, BUNDLE.proof)) == "not_in_log"
    assert flaw(bundle=replace(BUNDLE, envelope=envelope)) == "not_in_log"


def test_the_proof_is_of_this_logs_and_witnessed() -> None:
    entry = BUNDLE.entry
    other_log = replace(OTHER_LOG.verifier, name=LOG.name)
    assert flaw(bundle=replace(BUNDLE, proof=logged(entry, 9, LOG))) == "not_witnessed"
    assert flaw(bundle=replace(BUNDLE, proof=logged(entry, 9, LOG, OTHER_WITNESS))) == "not_witnessed"
    assert flaw(bundle=replace(BUNDLE, proof=logged(entry, 9, WITNESS))) == "not_witnessed"
    assert flaw(policy=log_keys_policy([other_log.vkey])) == "not_witnessed"
    assert flaw(policy=log_keys_policy([LOG.verifier.vkey])) is None


def test_every_byte_of_leaf_and_proof_counts() -> None:
    for at in range(len(BUNDLE.entry)):
        entry = bytearray(BUNDLE.entry)
        entry[at] ^= 1
        assert flaw(bundle=replace(BUNDLE, entry=bytes(entry))) == "not_in_log"
    for number, value in enumerate(BUNDLE.proof.hashes):
        hashes = list(BUNDLE.proof.hashes)
        hashes[number] = bytes([value[0] ^ 1]) + value[1:]
        assert flaw(bundle=replace(BUNDLE, proof=replace(BUNDLE.proof, hashes=tuple(hashes)))) == "not_in_log"
    assert flaw(bundle=replace(BUNDLE, proof=replace(BUNDLE.proof, index=8))) == "not_in_log"


def test_the_leaf_says_that_exactly_this_permit_was_issued() -> None:
    assert flaw(bundle=with_leaf(lambda leaf: leaf)) is None
    for name in ("type", "index", "proposal", "facts"):
        assert flaw(bundle=with_leaf(lambda leaf, name=name: leaf | {name: None})) == "not_in_log"
    for kind in EventType:
        refused = None if kind is EventType.PERMIT_ISSUED else "not_in_log"
        assert flaw(bundle=with_leaf(lambda leaf, kind=kind: leaf | {"type": kind.value})) == refused
    for name in ("permit", "statement", "key"):
        for facts in ({name: None}, {name: "sha256:" + "e" * 64}):
            forged = with_leaf(lambda leaf, facts=facts: leaf | {"facts": leaf["facts"] | facts})
            assert flaw(bundle=forged) == "not_in_log"
    assert flaw(bundle=with_leaf(lambda leaf: [leaf])) == "not_in_log"


def test_a_leaf_that_reads_two_ways_is_none() -> None:
    entry = BUNDLE.entry.replace(b'"type":', b'"type":"permit.revoked","type":')
    assert flaw(bundle=replace(BUNDLE, entry=entry, proof=logged(entry, 9))) == "not_in_log"


def test_the_leaf_of_another_permit_does_not_vouch() -> None:
    other = bundle_for(replace(PERMIT, audience="deployer-2"))
    assert flaw(bundle=replace(BUNDLE, entry=other.entry, proof=other.proof)) == "not_in_log"
    elsewhere = Event(EventType.PERMIT_ISSUED, NOW, "prn_1", replace(REFERENCE, revision=5), {}).body(9)
    assert flaw(bundle=replace(BUNDLE, entry=elsewhere, proof=logged(elsewhere, 9))) == "not_in_log"

"""The verifier of twenty lines: what it lets through, and every attack that it has to refuse without Gatekeeper."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from gatekeeper.permits import dsse
from gatekeeper.permits.permit import ActionBinding, Permit
from gatekeeper.permits.signing_keys import PermitKey, jwks
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from tests.support.exported_logs import SECONDS
from tests.support.permits import BINDING, KEY, NOW, PERMIT, REFERENCE, a_permit_key, bundle_for
from tests.support.workspace import REPOSITORY, require_service

SCRIPT = REPOSITORY / "gatekeeper" / "permits" / "verify-permit.sh"
OTHER = a_permit_key("another")
VALUE = bundle_for().value
SECOND = timedelta(seconds=1)
GOOD = (0, f"GOOD: {PERMIT.id}")


@dataclass(frozen=True)
class Stranger:
    """Somebody with a shell, jq and OpenSSL."""

    directory: Path

    def verify(
        self,
        bundle: object = VALUE,
        *,
        binding: bytes = BINDING.canonical,
        audience: str = PERMIT.audience,
        keys: tuple[PermitKey, ...] = (OTHER.public, KEY.public),
        seconds: int = SECONDS,
    ) -> tuple[int, str]:
        """Exit code and what was said. A bundle that is not bytes is sent as JSON, laid out like an answer."""
        raw = bundle if isinstance(bundle, bytes) else json.dumps(bundle, indent=2).encode()
        files = {"bundle": raw, "binding": binding, "keys": json.dumps(jwks(list(keys))).encode()}
        for name, content in files.items():
            (self.directory / name).write_bytes(content)
        done = subprocess.run(
            ["sh", SCRIPT, "bundle", "binding", audience, "keys", str(seconds)],
            cwd=self.directory,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout.strip()


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    for name in ("openssl", "jq"):
        require_service(name, shutil.which(name) is not None)
    return Stranger(tmp_path)


def refused(why: str) -> tuple[int, str]:
    return 1, f"REFUSED: {why}"


def signed(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> dict[str, object]:
    return VALUE | {"dsse": dsse.sign(payload_type, payload, KEY).value}


def enveloped(**changes: object) -> dict[str, object]:
    return VALUE | {"dsse": VALUE["dsse"] | changes}


def with_signature(**changes: object) -> dict[str, object]:
    return enveloped(signatures=[VALUE["dsse"]["signatures"][0] | changes])


def of(permit: Permit) -> dict[str, object]:
    return bundle_for(permit).value


def test_it_has_twenty_lines_or_so() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line and not line.startswith("#")]) <= 21


@pytest.mark.parametrize("script", ["verify-permit.sh", "verify-permit-log.sh"])
def test_what_is_missing_is_said_as_usage(script: str) -> None:
    done = subprocess.run(["sh", SCRIPT.with_name(script), "bundle"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"usage: sh {script} BUNDLE ")


def test_a_good_permit_passes(stranger: Stranger) -> None:
    assert stranger.verify() == GOOD
    assert stranger.verify(bundle_for().encoded) == GOOD
    foreign = replace(PERMIT, audience="Zürich \"1\" $(id) 'x' \\", binding=ActionBinding(REFERENCE, None))
    answer = stranger.verify(of(foreign), binding=foreign.binding.canonical, audience=foreign.audience)
    assert answer == GOOD


def test_changed_bytes_of_the_signature_are_seen(stranger: Stranger) -> None:
    signature = bundle_for().envelope.signature
    for at in range(0, len(signature), 7):
        edited = bytearray(signature)
        edited[at] ^= 1
        assert stranger.verify(with_signature(sig=base64.b64encode(edited).decode())) == refused("signature")


def test_changed_bytes_of_the_payload_are_seen(stranger: Stranger) -> None:
    payload = bundle_for().envelope.payload
    for at in range(0, len(payload), 97):
        edited = bytearray(payload)
        edited[at] ^= 1
        assert stranger.verify(enveloped(payload=base64.b64encode(edited).decode())) == refused("signature")


def test_the_binding_is_made_as_the_document_says(stranger: Stranger) -> None:
    text = (REPOSITORY / "docs" / "permits.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"(?ms)^```sh\n(jq .*?)^```$", text)
    for old, new in (("fsar_...", REFERENCE.id), ("digest sha256:...", f"digest {REFERENCE.digest}")):
        assert old in command
        command = command.replace(old, new)
    (stranger.directory / "params.json").write_text("{}")
    subprocess.run(["sh", "-c", command], cwd=stranger.directory, check=True)
    params = f"sha256:{hashlib.sha256(b'{}').hexdigest()}"
    binding = replace(BINDING, action=replace(BINDING.action, params_digest=params))
    assert (stranger.directory / "binding.json").read_bytes() == binding.canonical


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text + "\n",
        lambda text: text.rstrip("="),
        lambda text: text[:-3] + ("B" if text[-3] != "B" else "C") + text[-2:],
        lambda text: "",
        lambda text: None,
        lambda text: {},
    ],
)
def test_there_is_one_spelling_of_a_signature(stranger: Stranger, spell: Callable[[str], object]) -> None:
    text = VALUE["dsse"]["signatures"][0]["sig"]
    assert text.endswith("==")
    code, said = stranger.verify(with_signature(sig=spell(text)))
    assert (code, said) in (refused("envelope"), refused("signature"))


def test_an_edited_permit_is_refused(stranger: Stranger) -> None:
    thiefs = base64.b64encode(statement(replace(PERMIT, audience="thief"))).decode()
    assert stranger.verify(enveloped(payload=thiefs), audience="thief") == refused("signature")


def test_a_permit_fits_one_binding_and_one_executor(stranger: Stranger) -> None:
    action = BINDING.action
    for binding in (
        replace(BINDING, proposal=replace(REFERENCE, revision=5)),
        replace(BINDING, action=replace(action, target="service/payments")),
        replace(BINDING, action=replace(action, params_digest="sha256:" + "e" * 64)),
    ):
        assert stranger.verify(binding=binding.canonical) == refused("subject")
    assert stranger.verify(binding=BINDING.canonical + b"\n") == refused("subject")
    for audience in ("deployer-2", "", 'deployer-1" or true or "', "deployer-1\n"):
        assert stranger.verify(audience=audience) == refused("audience")


@pytest.mark.parametrize(
    ("seconds", "answer"),
    [
        (-31, refused("not yet valid")),
        (-30, GOOD),
        (299, GOOD),
        (300, refused("expired")),
        (301, refused("expired")),
        (3600, refused("expired")),
    ],
)
def test_a_permit_begins_with_patience_and_ends_without(
    stranger: Stranger, seconds: int, answer: tuple[int, str]
) -> None:
    assert stranger.verify(seconds=SECONDS + seconds) == answer


def test_without_a_time_it_asks_the_clock(stranger: Stranger) -> None:
    stranger.verify()
    words = ["sh", SCRIPT, "bundle", "binding", PERMIT.audience, "keys"]
    done = subprocess.run(words, cwd=stranger.directory, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "REFUSED: expired\n")


def test_keys_that_do_not_count_are_refused(stranger: Stranger) -> None:
    assert stranger.verify(keys=(OTHER.public,)) == refused("unknown key")
    assert stranger.verify(with_signature(keyid=OTHER.kid)) == refused("signature")
    assert stranger.verify(bundle_for(key=OTHER).value, keys=(KEY.public,)) == refused("unknown key")
    for retired_at, answer in ((NOW + SECOND, GOOD), (NOW, refused("key retired"))):
        assert stranger.verify(keys=(replace(KEY.public, retired_at=retired_at),)) == answer


def test_a_payload_type_cannot_be_swapped(stranger: Stranger) -> None:
    other = signed(statement(PERMIT), "application/vnd.other+json")
    assert stranger.verify(other) == refused("envelope")
    swapped = other | {"dsse": other["dsse"] | {"payloadType": PAYLOAD_TYPE}}
    assert stranger.verify(swapped) == refused("signature")


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        statement(PERMIT) + statement(PERMIT),
        b"\xff",
        statement(PERMIT).replace(b'"audience":', b'"audience":"thief","audience":'),
        statement(PERMIT).replace(b'"predicate":{', b'"predicate":{"audience":"thief"},"predicate":{'),
        statement(PERMIT).replace(b'"maxUses":1', b'"maxUses":2'),
        statement(PERMIT).replace(b"00:05:00Z", b"00:15:01Z"),
        statement(PERMIT).replace(b"00:05:00Z", b"00:05:00.5Z"),
        statement(PERMIT).replace(b"/permit/v1", b"/consumption/v1"),
    ],
)
def test_signed_bytes_that_are_no_permit_are_refused(stranger: Stranger, payload: bytes) -> None:
    assert stranger.verify(signed(payload)) == refused("permit")


def test_a_signed_list_of_subjects_is_refused(stranger: Stranger) -> None:
    value = json.loads(statement(PERMIT))
    for subject in (value["subject"] * 2, []):
        assert stranger.verify(signed(json.dumps(value | {"subject": subject}).encode())) == refused(
            "subject"
        )


def test_other_envelopes_are_refused(stranger: Stranger) -> None:
    own = VALUE["dsse"]["signatures"]
    others = bundle_for(key=OTHER).envelope.value["signatures"]
    for signatures in ([], own * 2, own + others, others + own):
        assert stranger.verify(enveloped(signatures=signatures)) == refused("envelope")
    assert stranger.verify(signed(b"")) == refused("envelope")
    raw = bundle_for().encoded
    for twice in (
        raw.replace(b'"payload":', b'"payload":"e30=","payload":'),
        raw.replace(b'"dsse":{', b'"dsse":{"payload":"e30="},"dsse":{'),
        raw.replace(b'"sig":', b'"sig":"AA==","sig":'),
        raw + raw,
        b"",
        b"{}",
        b"null",
        b"not json",
    ):
        assert stranger.verify(twice) == refused("envelope")

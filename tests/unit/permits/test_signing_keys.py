"""Keys: named by thumbprint, kept for their owner only, published as JWK, and read back strictly."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError, UnavailableError
from gatekeeper.permits.signing_keys import (
    PermitKey,
    checked_public_key,
    create_key,
    jwks,
    key_path,
    keys_of,
    new_key,
    read_key,
    thumbprint,
)
from tests.support.permits import KEY, NOW, a_permit_key

RETIRED = replace(a_permit_key("old").public, retired_at=NOW)
SEEDS = st.binary(min_size=32, max_size=32)


def test_a_thumbprint_is_that_of_the_published_example() -> None:
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")  # RFC 8037, A.3
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_file_is_its_owners_alone_and_read_back(tmp_path: Path) -> None:
    create_key(tmp_path / "permits", KEY)
    path = key_path(tmp_path / "permits", KEY.kid)
    assert (path.name, path.stat().st_mode & 0o777) == (f"{KEY.kid}.key", 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----\n")
    key = read_key(path.parent, KEY.kid)
    assert key.public == KEY.public
    assert key.public.holds(b"message", key.sign(b"message"))


def test_a_key_that_cannot_be_put_in_its_place_leaves_no_draft(tmp_path: Path) -> None:
    key_path(tmp_path, KEY.kid).mkdir()
    with pytest.raises(UnavailableError) as caught:
        create_key(tmp_path, KEY)
    assert caught.value.code == "key_unwritable"
    assert [each.name for each in tmp_path.iterdir()] == [f"{KEY.kid}.key"]


def test_a_lost_key_is_brought_back_or_replaced_at_once(tmp_path: Path) -> None:
    remedy = r"Bring it back, or make another one with: gatekeeper permit rotate-key --at-once$"
    with pytest.raises(UnavailableError, match=remedy):
        read_key(tmp_path, KEY.kid)
    key_path(tmp_path, KEY.kid).touch(mode=0o600)
    with pytest.raises(UnavailableError, match=remedy):
        read_key(tmp_path, KEY.kid)


def test_a_private_key_never_shows() -> None:
    assert "PRIVATE" not in repr(KEY)
    assert repr(KEY) == "SigningKey()"


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "no_permit_key"),
        (KEY.pem, 0o640, "key_open"),
        (a_permit_key("another").pem, 0o600, "no_permit_key"),
        (b"", 0o600, "no_permit_key"),
        (KEY.pem[:60], 0o600, "no_permit_key"),
    ],
)
def test_a_key_that_is_not_in_order_signs_nothing(
    tmp_path: Path, content: bytes | None, mode: int, code: str
) -> None:
    path = tmp_path / f"{KEY.kid}.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(UnavailableError) as caught:
        read_key(tmp_path, KEY.kid)
    assert caught.value.code == code
    assert "PRIVATE" not in caught.value.detail


def test_keys_are_published_with_when_they_were_retired() -> None:
    old, new = jwks([RETIRED, KEY.public])["keys"]
    assert new == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64.urlsafe_b64encode(KEY.public.public).decode().rstrip("="),
        "kid": KEY.kid,
        "use": "sig",
        "alg": "EdDSA",
    }
    assert (old["kid"], old["retired_at"]) == (RETIRED.kid, "2026-03-01T00:00:00Z")


@given(st.lists(st.tuples(SEEDS, st.none() | st.integers(0, 10**9)), min_size=1, max_size=4))
def test_published_keys_are_read_back(made: list[tuple[bytes, int | None]]) -> None:
    keys = [
        replace(new_key(seed).public, retired_at=None if age is None else NOW - timedelta(seconds=age))
        for seed, age in made
    ]
    assert keys_of(json.loads(json.dumps(jwks(keys)))) == keys


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "RSA"},
        {"crv": "X25519"},
        {"x": ""},
        {"x": KEY.public.jwk["x"] + "A"},
        {"x": 1},
        {"kid": RETIRED.kid},
        {"kid": None},
        {"retired_at": "never"},
        {"retired_at": 0},
    ],
)
def test_a_key_in_disorder_is_named(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        keys_of({"keys": [RETIRED.jwk, KEY.public.jwk | changes]})
    assert (caught.value.code, [fault.pointer for fault in caught.value.errors]) == ("not_keys", ["/keys/1"])


@pytest.mark.parametrize("value", [None, [], {}, {"keys": []}, {"keys": {}}])
def test_what_has_no_keys_is_refused(value: object) -> None:
    with pytest.raises(InvalidInputError):
        keys_of(value)


def test_an_executors_key_is_read_in_one_spelling() -> None:
    text = base64.b64encode(KEY.public.public).decode()
    assert checked_public_key(text) == KEY.public
    for other in (
        "",
        text[:-1],
        text + "\n",
        text.replace(text[0], "é"),
        base64.b64encode(b"x" * 33).decode(),
    ):
        with pytest.raises(InvalidInputError) as caught:
            checked_public_key(other)
        assert caught.value.errors == (
            FieldError("/executor_key", "must be the base64 of an Ed25519 public key: 32 bytes"),
        )


def test_a_signature_of_another_length_does_not_hold() -> None:
    assert not KEY.public.holds(b"message", b"")
    assert not PermitKey(b"\xff" * 32).holds(b"message", KEY.sign(b"message"))

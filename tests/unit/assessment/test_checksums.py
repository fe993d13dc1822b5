"""The checks that issuers build into tokens, against published values."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.secrets.checksums import (
    base36_crc32,
    base62_crc32,
    decoded_object,
    ends_in_crc32,
    is_bech32,
    is_routable,
    little_endian_crc32,
    names_aws_account,
)

CHECK = b"123456789"  # its CRC-32 is published with the polynomial: cbf43926


def test_crc32_is_written_in_the_digits_of_each_issuer() -> None:
    written = (base62_crc32(CHECK), base36_crc32(CHECK), little_endian_crc32(CHECK))
    assert written == (b"3jZRME", b"1kl8mjq", b"2639f4cb")


def test_a_token_holds_only_with_its_own_check() -> None:
    body = b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"
    assert [ends_in_crc32(b"ghp_" + body + end) for end in (b"0mLq17", b"0mLq18")] == [True, False]


def test_a_routable_token_holds_only_with_its_own_check() -> None:
    text = b"glpat-abc.01.10"
    assert [is_routable(text + end) for end in (base36_crc32(text), b"0000000")] == [True, False]


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (b"A12UEL5L", True),
        (b"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", True),
        (b"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x", False),
        (b"no separator", False),
        (b"1qqqqqqq", False),
        (b"", False),
    ],
)
def test_bech32_strings_of_its_definition(text: bytes, valid: bool) -> None:
    assert is_bech32(text) is valid


@pytest.mark.parametrize(
    ("body", "plausible"),
    [(b"QNZGKIQY56JQ7WML", True), (b"77ZZ7XKPW5MVB2RD", False), (b"IOSFODNN7EXAMPLE", True)],
)
def test_an_aws_key_names_an_account_of_twelve_digits(body: bytes, plausible: bool) -> None:
    assert names_aws_account(b"AKIA" + body) is plausible


@pytest.mark.parametrize("text", [b"", b"!!!", b"eyJ", b"W10", b"bnVsbA", b"//79", b"W" * 20_000])
def test_what_is_no_object_decodes_to_an_empty_one(text: bytes) -> None:
    assert decoded_object(text) == {}


def test_an_object_decodes_with_either_alphabet_and_without_padding() -> None:
    assert decoded_object(b"eyJhIjoiPz8_In0") == decoded_object(b"eyJhIjoiPz8/In0=") == {"a": "???"}

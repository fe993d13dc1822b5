"""Tokens: one shape, only a digest kept, and no other text is taken for one."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.identity.token import Token

ENTROPY = bytes(range(40))


def test_a_minted_token_reads_back_as_itself():
    token = Token.mint(ENTROPY)
    assert token.text == "gk_0001020304050607_CAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJic"
    assert Token.parse(token.text) == token


def test_only_the_digest_of_the_secret_is_for_keeping():
    token = Token.mint(ENTROPY)
    assert token.secret_digest == hashlib.sha256(token.secret.encode()).hexdigest()
    assert token.matches(token.secret_digest)
    assert not token.matches(Token.mint(ENTROPY[::-1]).secret_digest)


@given(st.text(max_size=80))
def test_no_arbitrary_text_is_a_token(text):
    assert Token.parse(text) is None


@pytest.mark.parametrize("change", [" {}", "{} ", "{}\n", "{}=", "GK{}"])
def test_a_token_with_anything_around_it_is_refused(change):
    assert Token.parse(change.format(Token.mint(ENTROPY).text)) is None


def test_too_little_entropy_is_a_programming_error():
    with pytest.raises(ValueError, match="40 random bytes"):
        Token.mint(ENTROPY[:39])

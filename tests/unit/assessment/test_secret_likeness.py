"""What can be a secret, by its looks alone."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.code.call_arguments import argument_end, used_names
from gatekeeper.assessment.secrets.likeness import (
    entropy_bits,
    is_placeholder,
    is_placeholder_password,
    is_public,
    is_words,
    looks_random,
    looks_thought_up,
)


@pytest.mark.parametrize(
    "value",
    [
        b"your_api_key",
        b"changeme123",
        b"${TOKEN}",
        b"{{ .Values.key }}",
        b"<token>",
        b"xxxxxxxxxxxx",
        b"$TOKEN",
        b"secrets.KEY",
    ],
)
def test_placeholders(value: bytes) -> None:
    assert (is_placeholder(value), is_placeholder_password(value)) == (True, True)


@pytest.mark.parametrize(
    "value",
    [
        b"$2b$10$N9qo8uLOickgx2ZMRZoMye",
        b"$argon2id$v=19$m=65536",
        b"sha512-q5rTn2",
        b"3f7a1c52-9be4-4d08-a6f1-5c72e80b9d34",
        b"https://shop.example/keys",
        b"ssh-ed25519 AAAAC3",
        b"./keys/server.pem",
    ],
)
def test_values_that_anybody_may_see(value: bytes) -> None:
    assert is_public(value)


@pytest.mark.parametrize(
    ("value", "random", "words"),
    [
        (b"9f3KxQ7LmZ2VtB8nRw4YcD6s", True, False),
        (b"session.token.key.v2", False, True),
        (b"deploymentConfigVersion2", False, True),
        (b"7c2e9a41f6b83d05", True, False),
        (b"aaaaaaaaaaa1", False, True),
        (b"tR7#pV", False, False),
        (b"onlylowercase", False, True),
    ],
)
def test_generated_values_are_told_from_names(value: bytes, random: bool, words: bool) -> None:
    assert (looks_random(value), is_words(value)) == (random, words)


@pytest.mark.parametrize(
    ("value", "thought_up"),
    [
        (b"Summer2024!", True),
        (b"admin123", True),
        (b"required", False),
        (b"bcrypt12", False),
        (b"user.name2", False),
    ],
)
def test_what_people_think_up(value: bytes, thought_up: bool) -> None:
    assert looks_thought_up(value) is thought_up


def test_entropy_is_in_bits_per_character() -> None:
    assert [entropy_bits(value) for value in (b"aaaa", b"abab", b"abcd")] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (b"'password', password", {b"password"}),
        (b"`token ${user.token}`", {b"user.token"}),
        (b'f"{api_key} is set"', {b"api_key"}),
        (b"{ token: '[REDACTED]', id }", {b"id"}),
        (b"mask(token), token.length, !!secret", set()),
        (b"req.headers['authorization']", {b"req.headers.authorization"}),
        (b"'a token' + \"{secret}\"", set()),
    ],
)
def test_names_whose_values_a_call_uses(arguments: bytes, names: set[bytes]) -> None:
    assert set(used_names(arguments)) - {b"token.length"} == names


def test_arguments_end_at_their_bracket_or_line() -> None:
    assert [argument_end(text, 0, 12) for text in (b"f(a, b) + 1); x", b"a, b)", b"a\nb", b"a" * 20)] == [
        11,
        4,
        1,
        12,
    ]

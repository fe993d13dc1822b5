"""Cursors: what was encoded is read back, and every other text is wrong input that names the field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.storage.cursor import decode_cursor, encode_cursor, identifier_of, moment_of

IDENTIFIERS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=365 * 200)).map(lambda passed: BEGINNING + passed)


def place(values: Any) -> tuple[datetime, str, int]:
    at, identifier, number = values
    return moment_of(at), identifier_of(identifier), number


@given(MOMENTS, IDENTIFIERS, st.integers(0, 75))
def test_what_was_encoded_is_read_back(at: datetime, identifier: str, number: int) -> None:
    assert decode_cursor(encode_cursor((at, identifier, number)), place) == (at, identifier, number)


def refused(cursor: str) -> bool:
    try:
        decode_cursor(cursor, place)
    except InvalidInputError as error:
        assert error.errors == (FieldError("/cursor", "is not one this list gave"),)
        return True
    return False


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("2026-03-01T00:00:00Z", "a"),
        ("2026-03-01T00:00:00Z", "a\0", 1),
        ("2026-03-01T00:00:00Z", 1, 1),
        ("yesterday", "a", 1),
        (1, "a", 1),
        ("0001-01-01T00:00:00+23:00", "a", 1),
    ],
)
def test_what_is_not_of_the_list_is_refused(values: tuple[object, ...]) -> None:
    assert refused(encode_cursor(values))


@given(st.text())
def test_any_other_text_is_refused_in_one_way(cursor: str) -> None:
    assert refused(cursor)

"""Reading bodies and parameters strictly."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.api.authentication import bearer_token
from gatekeeper.api.fields import DIGEST, REASON, ChoiceField, NumberField
from gatekeeper.api.parameters import check_names, idempotency_key, identifier, integer
from gatekeeper.api.problems import IncompleteBodyError, LengthRequiredError
from gatekeeper.api.request_body import SMALL_BODY_BYTES, media_type, read_body, read_object, refuse_body
from gatekeeper.errors import (
    FieldError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    TooLargeError,
    UnsupportedFormError,
)

VOTE = (ChoiceField("vote", ("approve", "reject")), REASON, DIGEST)
GOOD_DIGEST = "sha256:" + "0" * 64


def a_request(
    body: bytes = b"", *, query: str = "", announced: int | None = None, chunked: bool = False, **headers: str
) -> Request:
    environ: dict[str, object] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": query,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": headers.pop("content_type", "application/json"),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    if chunked:
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    else:
        environ["CONTENT_LENGTH"] = str(len(body) if announced is None else announced)
    return Request(environ)


def faults(raised: pytest.ExceptionInfo[InvalidInputError]) -> list[tuple[str, str]]:
    return [(error.pointer, error.detail) for error in raised.value.errors]


def test_a_body_exactly_at_the_limit_is_read() -> None:
    assert read_body(a_request(b"x" * 100), "application/json", 100) == b"x" * 100


def test_a_body_announced_over_the_limit_is_not_read() -> None:
    request = a_request(b"x" * 101)
    with pytest.raises(TooLargeError):
        read_body(request, "application/json", 100)
    assert request.environ["wsgi.input"].tell() == 0


def test_a_chunked_body_is_read_up_to_the_limit_and_no_further() -> None:
    request = a_request(b"x" * 1_000_000, chunked=True)
    with pytest.raises(TooLargeError):
        read_body(request, "application/json", 100)
    assert request.environ["wsgi.input"].tell() == 101


def test_a_body_that_ends_early_is_refused_whole() -> None:
    with pytest.raises(IncompleteBodyError):
        read_body(a_request(b"# FSAR", announced=60), "text/markdown", 100)


def test_chunked_markdown_is_refused_because_half_of_it_looks_whole() -> None:
    with pytest.raises(LengthRequiredError):
        read_body(a_request(b"# FSAR", chunked=True), "text/markdown", 100)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json; charset="utf-8"; profile=x'],
)
def test_a_media_type_may_have_parameters(content_type: str) -> None:
    assert media_type(a_request(content_type=content_type), ["application/json"]) == "application/json"


@pytest.mark.parametrize(
    ("content_type", "headers"),
    [
        ("", {}),
        ("text/plain", {}),
        ("application/json5", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/json; charset=utf-16", {}),
        (";;;=,/", {}),
        ("application/json", {"content_encoding": "gzip"}),
    ],
)
def test_another_media_type_charset_or_encoding_is_refused(
    content_type: str, headers: dict[str, str]
) -> None:
    request = a_request(content_type=content_type, **headers)
    with pytest.raises(UnsupportedFormError) as raised:
        media_type(request, ["application/json"])
    assert raised.value.fields == {"accept": "application/json"}


def test_a_small_body_is_its_fields() -> None:
    body = b'{"vote": "approve", "reason": "fine", "digest": "%s"}' % GOOD_DIGEST.encode()
    assert read_object(a_request(body), VOTE) == {"vote": "approve", "reason": "fine", "digest": GOOD_DIGEST}


def test_every_fault_of_a_small_body_is_named_at_once() -> None:
    body = b'{"vote": "aprove", "raeson": "fine", "digest": "sha256:F", "a/b~c": 1}'
    with pytest.raises(InvalidInputError) as raised:
        read_object(a_request(body), VOTE)
    assert faults(raised) == [
        ("/raeson", 'is unknown; did you mean "reason"?'),
        ("/a~1b~0c", "is unknown"),
        ("/vote", 'must be one of approve, reject; did you mean "approve"?'),
        ("/reason", "is missing"),
        ("/digest", "must be sha256: and 64 lower-case hexadecimal digits"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        (b"", "", "is not JSON: "),
        (b"[]", "", "must be a JSON object"),
        (b"null", "", "must be a JSON object"),
        (b'{"reason": NaN}', "", "is not JSON: "),
        (b'{"reason": "\xff"}', "", "is not JSON: "),
        (b'{"reason": "\\ud800"}', "", "is not JSON: "),
        (b'{"reason": 1}', "/reason", "must be text"),
        (b'{"reason": null}', "/reason", "must be text"),
        (b'{"reason": ["a"]}', "/reason", "must be text"),
        (b'{"reason": "a", "reason": "b"}', "/reason", "is given more than once"),
        (b'{"reason": ' + b"[" * 1000 + b"]" * 1000 + b', "reason": "a"}', "", "is nested too deeply"),
        (b'{"reason": ' + b"[" * 5000 + b"]" * 5000 + b"}", "", "is not JSON: "),
    ],
)
def test_what_is_no_such_object_is_refused_at_its_place(body: bytes, pointer: str, detail: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_object(a_request(body), (REASON,))
    ((found_pointer, found_detail),) = faults(raised)
    assert (found_pointer, found_detail[: len(detail)]) == (pointer, detail)


@pytest.mark.parametrize("number", ["true", "0", "86401", "1.5", '"60"', "1e400", "-1", "null"])
def test_a_number_field_takes_whole_numbers_in_its_range_only(number: str) -> None:
    with pytest.raises(InvalidInputError):
        read_object(
            a_request(b'{"ttl_seconds": %s}' % number.encode()), (NumberField("ttl_seconds", 1, 86_400),)
        )


def test_a_small_body_has_a_small_limit() -> None:
    body = b'{"reason": "%s"}' % (b"x" * SMALL_BODY_BYTES)
    with pytest.raises(TooLargeError):
        read_object(a_request(body), (REASON,))


@given(st.binary(max_size=64))
def test_no_bytes_break_the_reader_of_small_bodies(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_object(a_request(body), VOTE)


def test_a_call_without_a_body_takes_none_or_an_empty_object() -> None:
    refuse_body(a_request(b""))
    refuse_body(a_request(b"{}"))
    with pytest.raises(InvalidInputError) as raised:
        refuse_body(a_request(b'{"reason": "because"}'))
    assert faults(raised) == [("/reason", "is unknown")]


def test_an_unknown_or_repeated_parameter_is_named_with_its_nearest() -> None:
    request = a_request(query="stat=passed&limit=1&limit=2&state=a&state=b&a%2Fb=1")
    with pytest.raises(InvalidInputError) as raised:
        check_names(request, ("state", "limit"), ("state",))
    assert faults(raised) == [
        ("/stat", 'is not a parameter here; did you mean "state"?'),
        ("/limit", "is given more than once"),
        ("/a~1b", "is not a parameter here"),
    ]


@pytest.mark.parametrize("text", ["0", "201", "-1", "1.0", "", "1e2", "٣", "99999999999999999999", " 1"])
def test_a_number_in_the_query_is_plain_digits_in_range(text: str) -> None:
    request = Request.from_values(query_string={"limit": text})
    with pytest.raises(InvalidInputError) as raised:
        integer(request, "limit", 1, 200)
    assert faults(raised) == [("/limit", "must be a whole number from 1 to 200")]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "\x7f", "caf\xe9"])
def test_an_idempotency_key_is_visible_ascii_of_bounded_length(key: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        idempotency_key(a_request(idempotency_key=key))
    assert raised.value.errors[0] == FieldError(
        "/Idempotency-Key", "must be 1 to 255 visible ASCII characters"
    )


def test_an_idempotency_key_may_be_quoted_or_as_long_as_the_limit() -> None:
    assert idempotency_key(a_request(idempotency_key='"8e03978e"')) == '"8e03978e"'
    assert idempotency_key(a_request(idempotency_key="x" * 255)) == "x" * 255
    assert idempotency_key(a_request()) is None


@pytest.mark.parametrize("text", ["", "a b", "a\0b", "x" * 65, "ä", "../etc", "\ud800"])
def test_an_identifier_that_could_never_be_ours_is_not_found(text: str) -> None:
    with pytest.raises(NotFoundError):
        identifier(text)


@pytest.mark.parametrize("header", ["bearer gk_x", "Bearer gk_x", "BEARER   gk_x "])
def test_the_bearer_scheme_is_read_in_any_case(header: str) -> None:
    assert bearer_token(a_request(authorization=header)) == "gk_x"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic Z2s6eA==", "gk_x", "Token gk_x"])
def test_another_scheme_or_an_empty_token_is_no_credential(header: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        bearer_token(a_request(authorization=header))

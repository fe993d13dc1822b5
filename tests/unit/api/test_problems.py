"""Errors of the house as RFC 9457 problem documents."""

from __future__ import annotations

from http import HTTPStatus

import orjson
import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound

from gatekeeper.api.problems import (
    INTERNAL,
    PROBLEM_TYPES,
    IncompleteBodyError,
    LengthRequiredError,
    NotAcceptableError,
    problem_of,
    problem_of_http,
)
from gatekeeper.errors import (
    ConflictError,
    FieldError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    TamperError,
    TooLargeError,
    UnavailableError,
    UnsupportedFormError,
)

STATUSES = {
    InvalidInputError: 422,
    TooLargeError: 413,
    UnsupportedFormError: 415,
    NotAuthenticatedError: 401,
    NotPermittedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    UnavailableError: 503,
    TamperError: 500,
    GatekeeperError: 500,
    NotAcceptableError: 406,
    LengthRequiredError: 411,
    IncompleteBodyError: 400,
}


def every_family(root: type[GatekeeperError]) -> set[type[GatekeeperError]]:
    return {root}.union(*(every_family(family) for family in root.__subclasses__()))


@pytest.mark.parametrize(
    ("family", "status"), STATUSES.items(), ids=lambda value: getattr(value, "code", None)
)
def test_each_family_has_its_status(family: type[GatekeeperError], status: int) -> None:
    assert problem_of(family("Something.")).status == status


def test_no_family_is_left_to_the_root_by_accident() -> None:
    mapped = {kind.family for kind in PROBLEM_TYPES}
    families = {
        family for family in every_family(GatekeeperError) if family.__module__ == "gatekeeper.errors"
    }
    assert families - mapped == set()


def test_special_families_stand_before_the_families_they_belong_to() -> None:
    for position, kind in enumerate(PROBLEM_TYPES):
        earlier = [other.family for other in PROBLEM_TYPES[:position]]
        assert not any(issubclass(kind.family, family) for family in earlier)


def test_a_problem_document_names_every_faulty_field() -> None:
    error = InvalidInputError(
        "The report is not valid.",
        errors=[FieldError("/severity", "is missing"), FieldError("/x~1y", "is unknown")],
    )
    assert problem_of(error).to_json() == {
        "type": "/openapi.json#/x-problem-types/invalid_input",
        "title": "The input is not valid",
        "status": 422,
        "detail": "The report is not valid.",
        "code": "invalid_input",
        "errors": [
            {"pointer": "/severity", "detail": "is missing"},
            {"pointer": "/x~1y", "detail": "is unknown"},
        ],
    }


def test_the_code_of_the_error_wins_over_the_code_of_its_family() -> None:
    problem = problem_of(ConflictError("Frozen already.", code="already_frozen"))
    assert (problem.code, problem.type) == ("already_frozen", "/openapi.json#/x-problem-types/conflict")


def test_fields_of_an_error_become_members_but_never_replace_the_standard_ones() -> None:
    error = NotPermittedError("No.", role="reviewer", status="tricked", title="tricked")
    document = problem_of(error).to_json()
    assert (document["role"], document["status"], document["title"]) == ("reviewer", 403, "Not permitted")


@pytest.mark.parametrize("family", [UnavailableError, TamperError])
def test_what_went_wrong_inside_tells_nothing_about_the_inside(family: type[GatekeeperError]) -> None:
    assert "path" not in problem_of(family("No.", path="/var/lib")).to_json()


def test_a_bare_error_is_answered_without_its_detail() -> None:
    assert problem_of(GatekeeperError("the schema is at 0001")) is INTERNAL
    assert b"0001" not in orjson.dumps(INTERNAL.to_json())


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (NotAuthenticatedError("No token."), {"WWW-Authenticate": 'Bearer realm="gatekeeper"'}),
        (
            NotAuthenticatedError("Unknown.", code="token_unknown"),
            {"WWW-Authenticate": 'Bearer realm="gatekeeper", error="invalid_token"'},
        ),
        (UnavailableError("Later."), {"Retry-After": "5"}),
        (UnsupportedFormError("No.", accept="application/json"), {"Accept": "application/json"}),
        (ConflictError("No."), {}),
    ],
)
def test_a_refusal_says_in_its_headers_what_the_client_can_do(
    error: GatekeeperError, headers: dict[str, str]
) -> None:
    assert problem_of(error).headers == headers


def test_a_wrong_method_is_told_the_right_ones() -> None:
    problem = problem_of_http(MethodNotAllowed(valid_methods=["POST", "GET"]))
    assert (problem.status, problem.code, problem.headers) == (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        {"Allow": "GET, POST"},
    )


def test_an_unknown_address_is_a_problem_document_too() -> None:
    response = problem_of_http(NotFound()).response()
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["code"] == "not_found"

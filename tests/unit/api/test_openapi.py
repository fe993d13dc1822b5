"""The OpenAPI document: valid, complete, and about exactly the routes there are."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gatekeeper.api import ROUTES
from gatekeeper.api.openapi import openapi_document
from gatekeeper.api.problems import PROBLEM_TYPES
from gatekeeper.proposals.forms import parse_report
from gatekeeper.proposals.schema import report_schema

DOCUMENT: Any = openapi_document()
OPERATIONS = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_route_is_documented_and_nothing_else_is() -> None:
    routes = {
        (route.method.lower(), re.sub(r"<(?:path:)?(\w+)>", r"{\1}", route.path), route.name)
        for route in ROUTES
    }
    documented = {(method, path, operation["operationId"]) for method, path, operation in OPERATIONS}
    assert documented == routes


def test_every_query_parameter_a_route_knows_is_documented() -> None:
    documented = {
        operation["operationId"]: {
            parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"
        }
        for _, _, operation in OPERATIONS
    }
    assert {name for name, _ in documented.items()} == {route.name for route in ROUTES}
    assert documented == {route.name: set(route.query) for route in ROUTES}


def test_every_path_parameter_is_documented() -> None:
    for _, path, operation in OPERATIONS:
        declared = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
        assert {parameter["name"] for parameter in declared} == set(re.findall(r"{(\w+)}", path))
        assert all(parameter["required"] for parameter in declared)


def test_only_public_routes_need_no_token() -> None:
    open_to_all = {
        operation["operationId"] for _, _, operation in OPERATIONS if operation.get("security") == []
    }
    public = {route.name for route in ROUTES if route.public}
    assert open_to_all == public - {"get_policy_bundle"}  # which has a credential of its own


def test_every_refusal_is_a_problem_document() -> None:
    for method, path, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if status >= "400" and (path, status) != ("/readyz", "503"):
                assert list(answer["content"]) == ["application/problem+json"], (method, path, status)


def test_every_type_of_problem_leads_to_its_description() -> None:
    for kind in PROBLEM_TYPES:
        address, _, pointer = kind.uri.partition("#")
        described: Any = DOCUMENT
        for step in pointer.strip("/").split("/"):
            described = described[step]
        assert (address, described["status"]) == ("/openapi.json", kind.status.value)


@pytest.mark.parametrize("form", ["application/json", "text/markdown"])
def test_the_example_of_a_report_is_a_report(form: str) -> None:
    (example,) = (
        operation["requestBody"]["content"][form]["example"]
        for _, _, operation in OPERATIONS
        if operation["operationId"] == "submit_proposal"
    )
    raw = orjson.dumps(example) if form == "application/json" else example.encode()
    assert parse_report(raw, form, limit_bytes=10_000).severity == 4


def test_every_example_of_a_body_fits_its_schema() -> None:
    for _, _, operation in OPERATIONS:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in content and "$ref" in content["schema"]:
                whole = {**content["schema"], "components": DOCUMENT["components"]}
                jsonschema_rs.validate(whole, content["example"])


def test_the_embedded_report_schema_means_the_same_as_the_original() -> None:
    embedded = {"$ref": "#/components/schemas/Report", "components": DOCUMENT["components"]}
    example = DOCUMENT["paths"]["/v1/proposals"]["post"]["requestBody"]["content"]["application/json"][
        "example"
    ]
    damaged = [{**example, "severity": 76}, {**example, "risks": [""]}, {**example, "x": 1}, {}]
    for value in (example, *damaged):
        assert jsonschema_rs.is_valid(embedded, value) == jsonschema_rs.is_valid(report_schema(), value)
    assert b'"#/$defs' not in orjson.dumps(embedded)


def test_no_schema_is_left_over() -> None:
    text = orjson.dumps(DOCUMENT).decode()
    unused = [name for name in DOCUMENT["components"]["schemas"] if f'schemas/{name}"' not in text]
    assert unused == []


def test_a_body_is_asked_for_where_there_is_no_call_without_one() -> None:
    paths = openapi_document()["paths"]
    optional = [
        path
        for path, operations in paths.items()
        for each in operations.values()
        if each.get("requestBody", {"required": True})["required"] is False
    ]
    assert optional == ["/v1/permits/{permit_id}/consume"]

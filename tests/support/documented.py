"""An HTTP client for tests that holds every answer against the OpenAPI document.

An answer with an undocumented status, media type or member fails the test that got it, whatever it was about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import jsonschema_rs
import orjson

from gatekeeper.api.openapi import openapi_document

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is parsed JSON, a list of objects for NDJSON, text otherwise."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def body(self) -> Any:
        if self.media_type.endswith("json") and self.media_type != "application/x-ndjson":
            return orjson.loads(self.raw)
        if self.media_type == "application/x-ndjson":
            return [orjson.loads(line) for line in self.raw.splitlines()]
        return self.raw.decode(errors="replace")

    @property
    def faults(self) -> dict[str, str]:
        """The faulty fields of a problem document by pointer."""
        return {error["pointer"]: error["detail"] for error in self.body["errors"]}


class Transport(Protocol):
    """Sends one request: the test client in this process, or a connection to a running server."""

    def __call__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer: ...


@dataclass(frozen=True)
class Automation:
    """Somebody with a token (or none) who calls the gate over HTTP."""

    transport: Transport
    token: str | None
    standing_headers: Mapping[str, str] = field(default_factory=dict)

    def call(
        self, method: str, target: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request, JSON unless `body` is bytes, and hold the answer against the document."""
        sent = dict(self.standing_headers)
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, bytes):
            body = orjson.dumps(body)
        if body is not None:
            sent["Content-Type"] = "application/json"
        answer = self.transport(method, target, sent | dict(headers or {}), body)
        check_documented(method, target, answer)
        return answer

    def get(self, target: str, **headers: str) -> Answer:
        return self.call(
            "GET", target, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )

    def post(self, target: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.call("POST", target, body, named)

    def bulk(self, body: bytes) -> Answer:
        return self.post("/v1/proposals/bulk", body, Content_Type="application/x-ndjson")


def check_documented(method: str, target: str, answer: Answer) -> None:
    """Fail unless the answer is one that the document promises for this call."""
    if answer.status >= 400 and answer.media_type == PROBLEM:
        validator("Problem").validate(answer.body)
        assert answer.body["status"] == answer.status
    operation = documented_operation(method, target)
    if operation is None:
        assert answer.status in (404, 405), f"{method} {target} is not documented but answers {answer.status}"
        return
    documented = operation["responses"].get(str(answer.status))
    assert documented is not None, (
        f"{method} {target}: {answer.status} is not documented: {answer.raw[:500]!r}"
    )
    for name in documented.get("headers", {}):
        assert name.lower() in answer.headers, f"{method} {target}: {answer.status} without {name}"
    content = documented.get("content")
    if content is None:
        assert answer.raw == b""
        return
    assert answer.media_type in content, f"{method} {target}: {answer.media_type} is not documented"
    schema = content[answer.media_type]["schema"].get("$ref", "").rpartition("/")[2]
    for value in answer.body if answer.media_type == "application/x-ndjson" else [answer.body]:
        if schema:
            validator(schema).validate(value)


def documented_operation(method: str, target: str) -> Any:
    """The operation of the document that a request is for, or None."""
    path = target.partition("?")[0]
    for pattern, operations in _documented_paths():
        if pattern.fullmatch(path):
            return operations.get(method.lower())
    return None


@cache
def _documented_paths() -> list[tuple[re.Pattern[str], Any]]:
    paths: Any = openapi_document()["paths"]
    ordered = sorted(paths, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{\w+\\}", _part, re.escape(path))), paths[path]) for path in ordered]


def _part(name: re.Match[str]) -> str:
    """A tile's name is the one part of a path that has slashes."""
    return ".+" if name[0] == r"\{tile\}" else "[^/]+"


@cache
def validator(schema: str) -> Any:
    """A compiled validator of one component schema."""
    components = openapi_document()["components"]
    whole = {"$ref": f"#/components/schemas/{schema}", "components": components}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

"""What every operation of the OpenAPI document is made of: parameters, answers, and the problems it may answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from gatekeeper.api.json_answer import JSON
from gatekeeper.api.openapi_schemas import TEXT, Schema, ref
from gatekeeper.api.problems import MEDIA_TYPE as PROBLEM
from gatekeeper.api.problems import PROBLEM_TYPES

Operation = dict[str, object]

ANY = (401, 500, 503)
"""The problems of every call that needs a token; then those of calls that read, and of calls that have a body."""
READ = (*ANY, 406, 422)
BODY = (*READ, 400, 413, 415)
_REMEDIES = {kind.status: kind for kind in reversed(PROBLEM_TYPES)}
_PROBLEM_HEADERS: dict[int, Mapping[str, object]] = {
    401: {"WWW-Authenticate": {"schema": TEXT, "description": "`Bearer`."}},
    415: {"Accept": {"schema": TEXT, "description": "The media types this takes."}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
}


def parameter(where: str, name: str, schema: Schema, description: str, **more: object) -> Schema:
    """One parameter; `where` is path, query or header."""
    return {
        "in": where,
        "name": name,
        "required": where == "path",
        "schema": schema,
        "description": description,
    } | more


def content_of(schema: str, media_type: str = JSON) -> Schema:
    """Content of a component schema."""
    return {media_type: {"schema": ref(schema)}}


def answer_of(description: str, content: Schema | None = None, headers: Schema | None = None) -> Schema:
    """One answer of an operation."""
    answer: dict[str, object] = {"description": description}
    if content:
        answer["content"] = content
    if headers:
        answer["headers"] = headers
    return answer


def operation_of(
    name: str,
    summary: str,
    answers: Mapping[int, Schema],
    problems: Sequence[int],
    *,
    tag: str,
    parameters: Sequence[Schema] = (),
    body: Schema | None = None,
    body_required: bool = True,
    security: Sequence[Schema] | None = None,
) -> Operation:
    """One operation with its answers by status, and the statuses of the problems it may answer with."""
    operation: Operation = {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "responses": {str(status): answer for status, answer in answers.items()} | _problems(problems),
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if body:
        operation["requestBody"] = {"required": body_required, "content": body}
    if security is not None:
        operation["security"] = list(security)
    return operation


def json_body(schema: str, example: Mapping[str, object]) -> Schema:
    """A JSON body of a component schema, with an example of it."""
    return {JSON: {"schema": ref(schema), "example": example}}


def _problems(statuses: Sequence[int]) -> dict[str, Schema]:
    answers = {}
    for status in sorted(set(statuses)):
        kind = _REMEDIES.get(HTTPStatus(status))
        title = f"{kind.family.title}. {kind.remedy}" if kind else HTTPStatus(status).phrase
        answers[str(status)] = answer_of(title, content_of("Problem", PROBLEM), _PROBLEM_HEADERS.get(status))
    return answers

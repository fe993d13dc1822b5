"""Answers with a JSON body, and cheap revalidation of reads. Knows nothing of what the JSON means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson
from flask import Request, Response

JSON = "application/json"


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that is kept by nobody on the way."""
    answer = Response(orjson.dumps(value), status, dict(headers or {}), mimetype=JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def revalidated(request: Request, body: bytes, media_type: str, *, etag: str | None = None) -> Response:
    """A read with an ETag (of the body unless given); 304 without the body when the client has it already."""
    answer = Response(body, 200, mimetype=media_type)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(etag or hashlib.sha256(body).hexdigest()[:32])
    if request.if_none_match:
        answer.make_conditional(request)
    return answer

"""Routes as values, and the frame every call runs in: authenticate, negotiate, answer, or give a problem document.

Owns the order of checks (address and method, credential, Accept, query, then the route's own). A route says nothing
about authorisation: services decide that, for every edge alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from gatekeeper.api.authentication import authenticated
from gatekeeper.api.json_answer import JSON
from gatekeeper.api.metrics import GateMetrics
from gatekeeper.api.parameters import check_names
from gatekeeper.api.problems import INTERNAL, NotAcceptableError, Problem, problem_of, problem_of_http
from gatekeeper.clock import utc_now
from gatekeeper.errors import GatekeeperError, NotAuthenticatedError
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger.progress import published_sizes

if TYPE_CHECKING:
    from gatekeeper.app import Gatekeeper

_PREFIXES = ("/v1/", "/policy/", "/log/", "/.well-known/gatekeeper/")
_ADDRESSES = frozenset({"/v1", "/policy", "/log", "/healthz", "/readyz", "/metrics", "/openapi.json"})
_DRAINED_BYTES = 64 * 1024 * 1024
_DRAIN_CHUNK_BYTES = 65_536
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a route. `caller` is None on public routes."""

    gatekeeper: Gatekeeper
    metrics: GateMetrics
    request: Request
    now: datetime
    caller: Principal | None

    @property
    def principal(self) -> Principal:
        """Who calls; a route that asks on a public path gets a refusal, not somebody."""
        if self.caller is None:
            raise NotAuthenticatedError("This needs a principal.")
        return self.caller

    def path(self, name: str) -> str:
        """A part of the path by name."""
        return str((self.request.view_args or {})[name])


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `path` is a Flask rule; `query` the parameters it knows; `produces` its media types."""

    method: str
    path: str
    answer: Callable[[Call], Response]
    query: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    produces: tuple[str, ...] = (JSON,)
    public: bool = False

    @property
    def name(self) -> str:
        """The operation's name, in the OpenAPI document too."""
        return self.answer.__name__


def mount(app: Flask, blueprint: Blueprint, routes: Sequence[Route], gatekeeper: Gatekeeper) -> None:
    """Put the routes into the application and make every answer below them ours, refusals included."""
    metrics = GateMetrics(
        gatekeeper.dossiers,
        gatekeeper.closures,
        gatekeeper.executions,
        partial(published_sizes, gatekeeper.database),
    )
    for route in routes:
        blueprint.add_url_rule(
            route.path,
            route.name,
            _framed(route, gatekeeper, metrics),
            methods=[route.method],
        )
    app.before_request(lambda: _refuse_unrouted(metrics))
    app.after_request(_finish)
    app.register_blueprint(blueprint)


def is_api_path(path: str) -> bool:
    """Whether an address belongs to this interface and not to the pages."""
    return path.startswith(_PREFIXES) or path in _ADDRESSES


def _framed(route: Route, gatekeeper: Gatekeeper, metrics: GateMetrics) -> Callable[..., Response]:
    def view(**_path: str) -> Response:
        began = time.perf_counter()
        request.max_content_length = None  # every route has its own limit
        try:
            answer = _answer(route, gatekeeper, metrics)
        except Exception as error:
            problem = _problem(error, route.name)
            metrics.count_error(problem.code)
            answer = problem.response()
        metrics.observe(route.name, answer.status_code, time.perf_counter() - began)
        return answer

    return view


def _answer(route: Route, gatekeeper: Gatekeeper, metrics: GateMetrics) -> Response:
    caller = None
    if not route.public:
        caller = authenticated(request, gatekeeper.identity)
        check_accept(request, route.produces)
        check_names(request, route.query, route.repeatable)
    return route.answer(Call(gatekeeper, metrics, request, utc_now(), caller))


def check_accept(request: Request, produced: Sequence[str]) -> None:
    """Raise NotAcceptableError when the client accepts none of `produced`; no header accepts everything."""
    accept = request.headers.get("Accept", "*/*")
    if accept in ("", "*/*", JSON):
        return
    if not request.accept_mimetypes.best_match(produced):
        raise NotAcceptableError(f"This resource has only {', '.join(produced)}.")


def _problem(error: Exception, operation: str) -> Problem:
    if isinstance(error, GatekeeperError):
        problem = problem_of(error)
    elif isinstance(error, HTTPException):
        problem = problem_of_http(error)
    else:
        problem = INTERNAL
    if problem.status >= 500:
        _log.error(
            "api.failed",
            operation=operation,
            code=problem.code,
            error_type=type(error).__name__,
            place=_place(error),
        )
    return problem


def _place(error: BaseException) -> str:
    """Where an error arose: code only, for its message may hold what must not be logged."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step else "unknown"


def _refuse_unrouted(metrics: GateMetrics) -> Response | None:
    """The answer to an address or method below our paths that no route has."""
    refused = request.routing_exception
    if refused is None or not is_api_path(request.path):
        return None
    problem = problem_of_http(NotFound() if isinstance(refused, RequestRedirect) else refused)
    metrics.count_error(problem.code)
    return problem.response()


def _finish(answer: Response) -> Response:
    if is_api_path(request.path):
        answer.headers["X-Content-Type-Options"] = "nosniff"
        if answer.status_code >= 400:
            _drain()
    return answer


def _drain() -> None:
    """Read and drop what the client still sends, within reason, so that it gets to read its refusal.

    A client that waits for `100 Continue` has sent nothing, and reading would only invite it to.
    """
    announced = request.content_length
    if announced == 0 or (announced is None and "Transfer-Encoding" not in request.headers):
        return
    if announced is not None and "Expect" in request.headers:
        return
    request.max_content_length = None
    left = _DRAINED_BYTES
    try:
        while left > 0 and (dropped := request.stream.read(_DRAIN_CHUNK_BYTES)):
            left -= len(dropped)
    except (HTTPException, OSError):
        return

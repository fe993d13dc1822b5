"""For those who run the gate: is it alive, is it fit to decide, what does it measure, which policy does it run."""

from __future__ import annotations

from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from gatekeeper.api.authentication import may_fetch_policy
from gatekeeper.api.json_answer import json_answer, revalidated
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import rfc3339


def get_healthz(_call: Call) -> Response:
    """The process answers. Asks nothing of database or engine, so that a dead one restarts nobody."""
    return json_answer({"status": "alive"})


def get_readyz(call: Call) -> Response:
    """200 only when every check has just succeeded, with what each of them found. One process proves once at a time."""
    report = call.gatekeeper.served_readiness()
    checks = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in report.checks]
    return json_answer({"ready": report.ready, "checks": checks}, 200 if report.ready else 503)


def get_metrics(call: Call) -> Response:
    """The Prometheus text exposition."""
    answer = Response(call.metrics.exposition(), 200, content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def get_notices(call: Call) -> Response:
    """What everyone has to know now: a freeze, broken glass, an owed review, an execution whose end is unknown."""
    notices = [
        {
            "code": notice.code,
            "text": notice.text,
            "since": rfc3339(notice.since),
            "proposal_id": notice.proposal_id,
        }
        for notice in call.gatekeeper.notices.current(call.now)
    ]
    return json_answer({"items": notices})


def get_policy_bundle(call: Call) -> Response:
    """The policy as an OPA bundle; its ETag is the policy revision."""
    gatekeeper = call.gatekeeper
    may_fetch_policy(call.request, gatekeeper.identity, gatekeeper.settings.bundle_token)
    return revalidated(
        call.request, gatekeeper.bundle.archive(), "application/gzip", etag=gatekeeper.bundle.revision
    )


ROUTES = (
    Route("GET", "/healthz", get_healthz, public=True),
    Route("GET", "/readyz", get_readyz, public=True),
    Route("GET", "/metrics", get_metrics, public=True),
    Route("GET", "/v1/notices", get_notices),
    Route("GET", "/policy/bundle.tar.gz", get_policy_bundle, public=True),
)

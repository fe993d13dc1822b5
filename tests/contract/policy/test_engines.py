"""One contract for both engines: every case gets its answer, and both give it byte for byte."""

import pytest

from gatekeeper.canonical import canonical_json
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.cases import CaseResult, PolicyCase, load_cases, run_case
from gatekeeper.policy.embedded import EmbeddedEngine
from gatekeeper.policy.engine import PolicyEngine, Question
from gatekeeper.policy.opa_client import OpaEngine
from gatekeeper.policy.readiness import probe_rules
from tests.support.opa import OpaServer
from tests.support.workspace import REPOSITORY

POLICIES = REPOSITORY / "policies"
BUNDLE = PolicyBundle.load(POLICIES)
CASES = load_cases(POLICIES)
EMBEDDED = EmbeddedEngine(BUNDLE)


@pytest.fixture(params=["embedded", "opa"])
def engine(request: pytest.FixtureRequest) -> PolicyEngine:
    if request.param == "embedded":
        return EMBEDDED
    server: OpaServer = request.getfixturevalue("opa_server")
    return OpaEngine(server.url, 5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.question.name.lower()}: {case.name}")
def test_every_case_gets_its_answer(engine: PolicyEngine, case: PolicyCase):
    assert run_case(engine, BUNDLE.revision, case) == CaseResult(case, case.expected)


def test_both_engines_answer_alike_to_the_byte(opa_server: OpaServer):
    opa = OpaEngine(opa_server.url, 5)
    differing = [
        case.name
        for case in CASES
        if canonical_json(EMBEDDED.ask(case.question, case.policy_input))
        != canonical_json(opa.ask(case.question, case.policy_input))
    ]
    assert differing == []


def test_every_rule_blocks_its_own_bad_example(engine: PolicyEngine):
    probes = probe_rules(engine, BUNDLE)
    assert [(probe.rule, probe.blocked) for probe in probes] == [
        (rule, True) for rule in sorted(BUNDLE.probes)
    ]


def test_each_engine_tells_its_version(opa_server):
    opa = OpaEngine(opa_server.url, 5)
    assert opa.version == "unknown"
    opa.ask(Question.GATE, {})
    assert opa.version.startswith("opa ")
    assert EMBEDDED.version.startswith("regopy ")

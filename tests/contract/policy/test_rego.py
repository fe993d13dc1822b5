"""The policies' own tests and checks, by the real `opa`."""

import subprocess

from tests.support.opa import opa_binary
from tests.support.workspace import REPOSITORY

SOURCES = ["policies/gate", "policies/approval", "policies/break_glass"]
THRESHOLDS = "gatekeeper.thresholds:policies/data/thresholds.json"


def opa(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([opa_binary(), *words], cwd=REPOSITORY, capture_output=True, text=True)


def test_the_rego_tests_pass():
    run = opa("test", *SOURCES, THRESHOLDS)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("PASS: ")


def test_the_policies_are_strictly_sound_and_formatted():
    assert (opa("check", "--strict", "policies").stdout, opa("fmt", "--list", "policies").stdout) == ("", "")


def test_every_rule_has_a_test_beside_it():
    rules = REPOSITORY.glob("policies/**/*.rego")
    names = {path.relative_to(REPOSITORY).as_posix() for path in rules}
    sources = {name for name in names if not name.endswith("_test.rego")} - {
        "policies/gate/gate.rego",
        "policies/gate/facts/facts.rego",
    }
    assert {name.replace(".rego", "_test.rego") for name in sources} <= names

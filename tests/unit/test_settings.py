"""Settings: strict, all faults at once, secrets hidden and readable from files."""

from pathlib import Path

import pytest

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.settings import REPOSITORY, Settings


def test_the_defaults_are_the_strict_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({}) == Settings(
        data_dir=tmp_path / "var",
        database_url=f"sqlite:///{tmp_path}/var/gatekeeper.db",
        policies_dir=REPOSITORY / "policies",
        bind_host="127.0.0.1",
        bind_port=8080,
        workers=2,
        warms_up=True,
        public_url="http://127.0.0.1:8080",
        opa_url=None,
        opa_token=None,
        opa_timeout_seconds=1.5,
        bundle_token=None,
        secret_key=None,
        max_report_bytes=1_048_576,
        session_seconds=28_800,
        log_level="info",
        log_origin=None,
        signer_socket=None,
        publishes=True,
        witness_policy_file=None,
        execution_deadline_seconds=3_600,
    )


def test_every_fault_is_named_at_once():
    faulty = {
        "GATEKEEPER_BIND": "localhost",
        "GATEKEEPER_WORKERS": "many",
        "GATEKEEPER_WARM_UP": "a little",
        "GATEKEEPER_OPA_URL": "ftp://opa",
        "GATEKEEPER_OPA_TIMEOUT_SECONDS": "nan",
        "GATEKEEPER_SECRET_KEY": "short",
        "GATEKEEPER_DATABASE_URL": "mysql://db",
        "GATEKEEPER_LOG_LEVEL": "loud",
        "GATEKEEPER_BUNDLE_TOKEN_FILE": "/nowhere/token",
        "GATEKEEPER_LOG_ORIGIN": "my log",
        "GATEKEEPER_EXECUTION_DEADLINE_SECONDS": "0",
    }
    with pytest.raises(InvalidInputError) as refused:
        Settings.from_env(faulty)
    assert {fault.pointer for fault in refused.value.errors} == set(faulty)


@pytest.mark.parametrize("socket", ["/run/signer.socket", "none"])
def test_a_signer_elsewhere_needs_the_policy_that_names_its_key(socket: str):
    with pytest.raises(InvalidInputError) as refused:
        Settings.from_env({"GATEKEEPER_SIGNER_SOCKET": socket})
    assert [fault.pointer for fault in refused.value.errors] == ["GATEKEEPER_WITNESS_POLICY_FILE"]


@pytest.mark.parametrize(
    ("socket", "expected"),
    [("/run/signer.socket", (Path("/run/signer.socket"), True)), ("none", (None, False))],
)
def test_a_signer_elsewhere_or_none(socket: str, expected: tuple[Path | None, bool]):
    settings = Settings.from_env(
        {"GATEKEEPER_SIGNER_SOCKET": socket, "GATEKEEPER_WITNESS_POLICY_FILE": "/etc/gatekeeper/policy"}
    )
    assert (settings.signer_socket, settings.publishes) == expected
    assert settings.witness_policy_file == Path("/etc/gatekeeper/policy")


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n")
    settings = Settings.from_env({"GATEKEEPER_SECRET_KEY_FILE": str(file)})
    assert settings.secret_key == "k" * 40


def test_secrets_are_hidden_when_printed():
    settings = Settings.from_env(
        {
            "GATEKEEPER_DATABASE_URL": "postgresql://gate:hunter2@db/gate",
            "GATEKEEPER_SECRET_KEY": "s" * 40,
            "GATEKEEPER_BUNDLE_TOKEN": "b" * 40,
            "GATEKEEPER_OPA_TOKEN": "opa-token",
        }
    )
    shown = repr(settings)
    assert not any(secret in shown for secret in ("hunter2", "s" * 40, "b" * 40, "opa-token"))


def test_a_range_names_its_limits():
    with pytest.raises(InvalidInputError) as refused:
        Settings.from_env({"GATEKEEPER_WORKERS": "0"})
    assert refused.value.errors == (FieldError("GATEKEEPER_WORKERS", "must be a whole number from 1 to 64"),)

"""A gate is fit only with the key that signs its permits: there, its owner's alone, and the one that is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.cli.running import run
from gatekeeper.permits.signing_keys import key_path, new_key
from gatekeeper.readiness import Check
from tests.support.house import NOW

SEED = b"k" * 32
KID = new_key(SEED).kid


def of_the_key(house: Gatekeeper) -> tuple[Check, bool]:
    """The one check, and whether the whole gate is ready."""
    report = house.readiness()
    (check,) = (each for each in report.checks if each.name == "permit key")
    return check, report.ready


def test_before_the_first_start_there_is_no_key_yet(house: Gatekeeper) -> None:
    assert of_the_key(house) == (Check("permit key", True, "not made yet; serve makes the first"), True)


def test_the_key_that_signs_is_named(house: Gatekeeper) -> None:
    house.permit_keys.make_first(SEED, NOW)
    assert of_the_key(house) == (Check("permit key", True, f"{KID} signs"), True)


def test_doctor_says_what_to_do_about_the_key(
    house: Gatekeeper, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GATEKEEPER_DATABASE_URL", database_url)
    monkeypatch.setenv("GATEKEEPER_DATA_DIR", str(house.settings.data_dir))
    house.permit_keys.make_first(SEED, NOW)
    path = key_path(house.settings.data_dir / "permits", KID)
    path.chmod(0o640)
    assert run(["doctor"]) == 4
    told = f"  FAILED  permit key: The key {path} is open to others. Close it with: chmod 600 {path}\n"
    assert (
        f"{told}          Without it no permit is signed. Replace a key that is lost: "
        in capsys.readouterr().out
    )
    path.chmod(0o600)
    assert run(["doctor"]) == 0
    assert f"  ok      permit key: {KID} signs\n" in capsys.readouterr().out


def overwritten(path: Path) -> None:
    path.write_bytes(new_key(b"o" * 32).pem)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Path.unlink, "The key that signs permits, {path}, cannot be read. {remedy}"),
        (lambda path: path.chmod(0o640), "The key {path} is open to others. Close it with: chmod 600 {path}"),
        (overwritten, "{path} holds another key than its name says. {remedy}"),
    ],
)
def test_a_key_that_cannot_sign_makes_the_gate_unfit(
    house: Gatekeeper, change: Callable[[Path], None], told: str
) -> None:
    house.permit_keys.make_first(SEED, NOW)
    path = key_path(house.settings.data_dir / "permits", KID)
    change(path)
    remedy = "Bring it back, or make another one with: gatekeeper permit rotate-key --at-once"
    assert of_the_key(house) == (Check("permit key", False, told.format(path=path, remedy=remedy)), False)
